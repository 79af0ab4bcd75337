/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * expressions.h - the filters of expressions.txt
 */
#ifndef BPFPATH_TEST_EXPRESSIONS_H
#define BPFPATH_TEST_EXPRESSIONS_H

#include <stddef.h>

struct test_expressions {
	char **list;
	size_t count;
};

/* Reads @path; ends the process when it cannot. */
void expressions_read(const char *path, struct test_expressions *expressions);
void expressions_free(struct test_expressions *expressions);

#endif
