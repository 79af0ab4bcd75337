/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ping_print.h - what became of the echoes, behind the paths
 */
#ifndef BPFPATH_PING_PRINT_H
#define BPFPATH_PING_PRINT_H

#include <stdint.h>
#include <stdio.h>

struct echo;
struct witness;

struct ping_result {
	const char *target; /* address */
	const struct echo *echoes;
	uint32_t count; /* of them that were to be sent */
	const struct witness *witness;
};

/* How many were sent, or tried to; and of these how many were answered. */
uint32_t ping_result_sent(const struct ping_result *result);
uint32_t ping_result_answered(const struct ping_result *result);

/* Returns 0, or a negative errno but for @out, whose error is left to ferror(3). */
typedef int ping_print(FILE *out, const struct ping_result *result);

/* A line for each echo, and for one without an answer what was seen of it. */
ping_print ping_print_text;

/* An object for each echo; man/bpfpath-json.5.scd tells its shape. */
ping_print ping_print_json;

#endif
