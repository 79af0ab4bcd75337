/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * strings.h - strings that are kept together and freed together
 *
 * Nothing is ever taken out: a string stays where it is until strings_free().
 */
#ifndef BPFPATH_STRINGS_H
#define BPFPATH_STRINGS_H

#include <stddef.h>

struct strings;

/* NULL without memory. */
struct strings *strings_new(void);
void strings_free(struct strings *strings);

/* A copy of @length bytes of @text and a NUL; NULL without memory. */
const char *strings_add(struct strings *strings, const char *text, size_t length);

/* The one copy of @text, the same pointer for equal texts; NULL without memory. */
const char *strings_intern(struct strings *strings, const char *text);

#endif
