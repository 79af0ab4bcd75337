/* SPDX-License-Identifier: GPL-2.0-only */
/* classes_json.h - what of a class is the same in every JSON that has classes */
#ifndef BPFPATH_CLASSES_JSON_H
#define BPFPATH_CLASSES_JSON_H

struct class;
struct writer;

/* "kind", "reason" and "where" of an object that is open. */
void classes_json_end(struct writer *writer, const struct class *class);

/* "example", an object of its own. */
void classes_json_example(struct writer *writer, const struct class *class);

#endif
