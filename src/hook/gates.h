/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gates.h - tcx programs on every device of every namespace
 *
 * They stand in front of whatever else is attached there, and let every packet pass on.
 */
#ifndef BPFPATH_GATES_H
#define BPFPATH_GATES_H

#include <stddef.h>
#include <stdint.h>

struct bpf_program;
struct gates;
struct netns_table;
struct session_work;

/* What is pointed to must outlive the gates. */
struct gates_options {
	/* Loaded: of each there is a copy for each namespace and kind of device, see
	   bpf/tcx.h. */
	const struct bpf_program *ingress, *egress;
	struct netns_table *netns;
	const char *dev; /* TCX_CONFIG_BEGIN only on devices of this name; NULL: all */
	uint32_t only_netns; /* ... and in this namespace, by inode; 0: all */
};

/* 0 or a negative errno. */
int gates_open(const struct gates_options *options, struct gates **out);

/* NULL is fine; also for the two below that count. */
void gates_close(struct gates *gates);

/* Devices may have changed: scan the table, attach to new ones. 0 or a negative errno. */
int gates_scan(struct gates *gates);

/* On how many devices they are, and how many could not be attached to. */
size_t gates_devices(const struct gates *gates);
size_t gates_refused(const struct gates *gates);

/* Add what the copies did. */
void gates_work(const struct gates *gates, struct session_work *work);

#endif
