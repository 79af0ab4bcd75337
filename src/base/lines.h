/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lines.h - the lines of a file, one after the other
 *
 * For lists of the kernel with a hundred thousand of them, of which getline(3) makes
 * as many copies.
 *
 *	struct lines lines = { .file = file };
 *	while ((line = lines_next(&lines, &length)))
 *		...
 *	err = lines_end(&lines);
 */
#ifndef BPFPATH_LINES_H
#define BPFPATH_LINES_H

#include <stddef.h>
#include <stdio.h>

/* Filled in by the caller: .file, which stays the caller's. */
struct lines {
	FILE *file;
	char *buffer;
	size_t size, at, end; /* of the buffer; what of it is not handed out yet */
	int error;
};

/*
 * The next line, without its newline and with a NUL behind its *@length bytes, to be
 * changed at will; valid until the next one. The last line may lack its newline.
 * NULL: there is none, or an error that lines_end() tells.
 */
char *lines_next(struct lines *lines, size_t *length);

/* Free what reading took. 0, -ENOMEM, or -EIO: the file was not read to its end. */
int lines_end(struct lines *lines);

#endif
