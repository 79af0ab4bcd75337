/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * function.h - the cookie of a function that is a gate
 */
#ifndef BPFPATH_FUNCTION_H
#define BPFPATH_FUNCTION_H

#define FUNCTION_COOKIE_ARGUMENT(cookie) ((__u8)((cookie)&0xff)) /* from 1, to 3 */
#define FUNCTION_COOKIE_IP		 (1ULL << 8) /* the packet begins with IP */

#endif
