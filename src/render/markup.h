/* SPDX-License-Identifier: GPL-2.0-only */
/* markup.h - what XML and HTML have in common */
#ifndef BPFPATH_MARKUP_H
#define BPFPATH_MARKUP_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Write @text, which may hold anything, as text or between quotes. */
void markup_text(FILE *out, const char *text);

/* The same of at most @width characters, the last one "…" when there are more. */
void markup_text_cut(FILE *out, const char *text, size_t width);

/* "1.234 us", "12.3 ms", "2.50 s" into @text, which it returns. */
#define MARKUP_TIME 32
const char *markup_time(char text[MARKUP_TIME], uint64_t ns);

#endif
