/* SPDX-License-Identifier: GPL-2.0-only */
/* text_changes.h - what was altered in a packet, in words */
#ifndef BPFPATH_TEXT_CHANGES_H
#define BPFPATH_TEXT_CHANGES_H

#include <stdio.h>

struct step;

#define TEXT_CHANGES_LINE -1

/*
 * What was altered before @step, whose .changes there must be:
 * "~ src 10.0.0.1:5000 -> 203.0.113.7:61234", then, in lines of their own, what else
 * the IP header and the kernel say, and the MAC addresses; each @indent columns wide
 * from the left, without the last newline. TEXT_CHANGES_LINE: all in one line.
 */
void text_changes(FILE *out, const struct step *step, int indent);

#endif
