/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * function.h - the cookie of a function that is a gate
 */
#ifndef BPFPATH_FUNCTION_H
#define BPFPATH_FUNCTION_H

#define FUNCTION_COOKIE_ARGUMENT(cookie) ((__u8)((cookie)&0xff)) /* from 1, to 3 */
#define FUNCTION_COOKIE_IP		 (1ULL << 8)  /* the packet begins with IP */
#define FUNCTION_COOKIE_OUTPUT		 (1ULL << 9)  /* calls the next one at once */
#define FUNCTION_COOKIE_AGAIN		 (1ULL << 10) /* ... which is this one */

#endif
