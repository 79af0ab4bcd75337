/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * assembled.h - tests of the assembler: a stream of events, and its paths
 *
 * A test file has a struct fixture whose first member is a struct stream, a setup()
 * that calls assembled_new(), and puts its tests into TEST().
 */
#ifndef BPFPATH_TESTS_ASSEMBLED_H
#define BPFPATH_TESTS_ASSEMBLED_H

#include <stddef.h>

#include "stream.h"
#include "test.h"

/* Where packet @n lies. */
#define SKB(n) (0xffff888000000000ull + (n)*0x100)

/* The fixture of this test, and its stream. */
#define FIXTURE                                                                          \
	struct fixture *fixture = *state;                                                \
	struct stream *stream = &fixture->stream

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, assembled_teardown)

/* A fixture of @size bytes, all 0 but the stream; its paths go to @fn with it. */
void *assembled_new(size_t size, assembler_fn fn);

int assembled_teardown(void **state);

/* Packet @packet begins, at its own address. */
void assembled_begin(struct stream *stream, uint64_t packet);

#endif
