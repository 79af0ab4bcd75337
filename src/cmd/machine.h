/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * machine.h - everything a tracing command needs to know before it attaches
 */
#ifndef BPFPATH_MACHINE_H
#define BPFPATH_MACHINE_H

#include <stdint.h>

struct backend;
struct filter;
struct kernel;
struct names;
struct netns_table;
struct options;
struct probes;
struct session;
struct symbols;

struct machine {
	struct kernel *kernel;
	struct symbols *symbols;
	struct netns_table *netns;
	struct names *names;
	struct filter *filter;
	const char *zoom;
	struct probes *probes;
	const struct backend *backend;
	uint32_t only_netns; /* the namespace of -n; 0: all */
};

/*
 * Compile the filter, probe the kernel, look at namespaces and devices. 0;
 * -EINVAL when the user asked for what there is not; or another negative
 * errno; in either case after one line to the user.
 */
int machine_open(struct machine *machine, const struct options *options);
void machine_close(struct machine *machine);

/* One line: what is traced, with what. */
void machine_report(const struct machine *machine, const struct session *session);

/* Read the kernel's symbols. 0, or a negative errno after one line to the user. */
int machine_symbols(struct symbols **out);

/* Compile @text, or say where it is wrong. 0 or -EINVAL. */
int machine_filter(const char *text, struct filter **out);

#endif
