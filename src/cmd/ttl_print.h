/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ttl_print.h - the distance of a target as a line
 */
#ifndef BPFPATH_TTL_PRINT_H
#define BPFPATH_TTL_PRINT_H

#include <stdio.h>

struct target;

/* Returns 0, or a negative errno but for @out, whose error is left to ferror(3). */
typedef int ttl_print(FILE *out, const struct target *target);

/* URL ADDRESS: ttl 58, initial 64, distance 6; or URL ADDRESS: unknown: why */
ttl_print ttl_print_text;

/* One object; man/bpfpath-json.5.scd tells its shape. */
ttl_print ttl_print_json;

/* As the tool ttl-ebpf does; what is unknown goes to standard error. */
ttl_print ttl_print_original;

/* "[2001:db8::1]" into @text, or without brackets "192.0.2.7"; returns @text. */
#define TTL_ADDRESS_SIZE 64
const char *ttl_print_address(const struct target *target, char text[TTL_ADDRESS_SIZE]);

#endif
