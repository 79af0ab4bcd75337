/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * unfold.h - what was packed becomes steps of the path
 *
 * Part of the assembler.
 */
#ifndef BPFPATH_UNFOLD_H
#define BPFPATH_UNFOLD_H

#include <stddef.h>

struct naming;
struct path;
struct trail;

/*
 * Put all steps of @trail into @path, each by its time, and all returns to the steps
 * that began the calls, and what functions knew to theirs; @trail is empty then. Where
 * the last of them is; path.count: nowhere. Without memory the rest is lost, and the path
 * says that it is not complete.
 */
size_t path_unfold(struct path *path, struct trail *trail, struct naming *naming);

#endif
