/* SPDX-License-Identifier: GPL-2.0-only */
/* ends.h - what became of two packets: is it the same? */
#ifndef BPFPATH_ENDS_H
#define BPFPATH_ENDS_H

struct class;
struct compare_options;

/*
 * Bits, 1 << enum compare_aspect. What a recording could not tell is no difference: a
 * delivery whose function it did not probe, or whose end came after its own; a reason
 * that its kernel does not have.
 */
unsigned int ends_compare(const struct compare_options *options, const struct class *left,
			  const struct class *right);

#endif
