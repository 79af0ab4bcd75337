/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * counting.h - packets are counted, and each interval is shown when it is over
 */
#ifndef BPFPATH_COUNTING_H
#define BPFPATH_COUNTING_H

#include <stdbool.h>
#include <stdint.h>

#include "bpf/count.h"
#include "cmd/options.h"

struct counting_options {
	struct options common; /* filter, namespace, device, command, ... */
	enum count_by by;
	double interval;    /* seconds; 0: until the end */
	uint32_t intervals; /* so many; 0: until the end */
	uint32_t groups;    /* in an interval; 0: as it is */
	bool json;
};

/* An enum command_status. */
int counting_run(const struct counting_options *options);

#endif
