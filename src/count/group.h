/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * group.h - what packets were counted by, for people and as JSON
 */
#ifndef BPFPATH_GROUP_H
#define BPFPATH_GROUP_H

#include <stdbool.h>
#include <stddef.h>

#include "bpf/count.h"

struct naming;
struct writer;

#define GROUP_SIZE 640 /* enough for each text */

/* "proto", "src", ...: what --by says. */
extern const char *const group_names[COUNT_BY_SIZE];

/*
 * "icmp", "10.0.0.1", "[4026531840 host] lo in", "dropped in ip_rcv_core: OTHERHOST,
 * ...", safe to show. False: a number stands for a device or namespace whose
 * name is not known.
 */
bool group_text(enum count_by by, const union count_key *key, struct naming *naming,
		char *text, size_t size);

/* The same as fields of the object that is open. */
void group_json(enum count_by by, const union count_key *key, struct naming *naming,
		struct writer *writer);

#endif
