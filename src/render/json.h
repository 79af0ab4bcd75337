/* SPDX-License-Identifier: GPL-2.0-only */
/* json.h - a path as JSON, for formats that have it inside of them */
#ifndef BPFPATH_JSON_H
#define BPFPATH_JSON_H

struct path;
struct writer;

/* The object that -f json prints. */
void json_write(struct writer *writer, const struct path *path);

#endif
