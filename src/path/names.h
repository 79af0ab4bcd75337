/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * names.h - what numbers in events are called
 *
 * The path code never asks the running system for a name: it asks this, which
 * is answered live by src/kernel and, from a recording, by src/file.
 * Every string returned is owned by the implementation and lives as long as it.
 */
#ifndef BPFPATH_NAMES_H
#define BPFPATH_NAMES_H

#include <stdint.h>

struct names;

struct names_ops {
	/*
	 * The function that @address lies in, NULL when unknown; the distance
	 * from its start goes to *@offset.
	 */
	const char *(*symbol)(struct names *names, uint64_t address, uint64_t *offset);
	/* Drop reason without its prefix ("OTHERHOST"), NULL when unknown. */
	const char *(*drop_reason)(struct names *names, uint32_t reason);
	/* Namespace by inode ("blue", "host"), NULL when it has no name. */
	const char *(*netns)(struct names *names, uint32_t inode);
	/* Device by namespace and index, NULL when unknown. */
	const char *(*device)(struct names *names, uint32_t netns, uint32_t ifindex);
};

/* First member of every implementation. */
struct names {
	const struct names_ops *ops;
	uint64_t version; /* another one whenever an answer may be another */
};

#endif
