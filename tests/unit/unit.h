/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * unit.h - what cmocka wants before it, in the order that it wants it
 */
#ifndef BPFPATH_UNIT_H
#define BPFPATH_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#endif
