/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * compare.h - counts and shows where two verdicts differ
 */
#ifndef BPFPATH_TEST_COMPARE_H
#define BPFPATH_TEST_COMPARE_H

#include <stdbool.h>
#include <stdint.h>

#include "bpf/event.h"

struct compare {
	unsigned long verdicts, matches, differences;
};

/* One packet that @text was run on: what libpcap says, and what we say. */
void compare_verdict(struct compare *compare, const char *text, enum event_layer layer,
		     const uint8_t *data, uint32_t captured, uint32_t len, int reference,
		     int verdict);

/* Print the figures; 0 when there was no difference, and anything to compare. */
int compare_finish(const struct compare *compare);

#endif
