/* SPDX-License-Identifier: GPL-2.0-only */
/* pair_text.h - two routes side by side, from a little before they part */
#ifndef BPFPATH_PAIR_TEXT_H
#define BPFPATH_PAIR_TEXT_H

#include <stdio.h>

struct diff_view;
struct pair;

/* Of a pair that has both. */
void pair_text(FILE *out, const struct pair *pair, const struct diff_view *view);

#endif
