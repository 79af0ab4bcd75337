/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * operand.h - paths of a recording in one word: FILE, FILE#NUMBER, FILE:FILTER
 *
 * The longest beginning of the word that is a file's name is the file, so that a name may
 * hold anything. "-" is standard input.
 */
#ifndef BPFPATH_OPERAND_H
#define BPFPATH_OPERAND_H

#include <stdint.h>

struct operand {
	const char *text;   /* as it was given */
	char *file;	    /* owned */
	const char *filter; /* part of .text; NULL: every path */
	uint64_t packet;    /* its number; 0: all */
};

/* 0; -EINVAL after one line to the user; or -ENOMEM. operand_free() is for all. */
int operand_read(struct operand *operand, const char *text);
void operand_free(struct operand *operand);

#endif
