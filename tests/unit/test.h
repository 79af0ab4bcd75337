/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test.h - cmocka, with what it wants included before it
 */
#ifndef BPFPATH_TEST_H
#define BPFPATH_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
