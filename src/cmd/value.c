// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/value.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

#define BUFFER_MIN (16 << 10) /* bytes: some steps, on pages of any size but 64 KiB */
#define BUFFER_MAX (1 << 30)
#define ROTATE_MIN (1 << 20) /* bytes */

/* A number from 1, and what stands behind it in @end; false: @text has none. */
static bool value_whole(const char *text, uint64_t *number, const char **end)
{
	char *rest;

	errno = 0;
	*number = strtoull(text, &rest, 10);
	*end = rest;
	return !errno && rest != text && !strchr(text, '-') && *number;
}

int value_count(const char *text, uint64_t *count)
{
	const char *end;

	if (value_whole(text, count, &end) && !*end)
		return 0;
	log_error("-c '%s': use a number of packets, 1 or more", text);
	return -EINVAL;
}

int value_limited(const char *option, const char *text, const char *things, uint32_t most,
		  uint32_t *out)
{
	uint64_t number;
	const char *end;

	if (value_whole(text, &number, &end) && !*end && number <= most) {
		*out = (uint32_t)number;
		return 0;
	}
	log_error("%s '%s': use a number of %s from 1 to %" PRIu32, option, text, things,
		  most);
	return -EINVAL;
}

/* "64K": bytes. False: @text is no size. */
static bool value_bytes(const char *text, uint64_t *bytes)
{
	static const char units[] = "KMG";
	const char *end, *unit;

	if (!value_whole(text, bytes, &end) || *bytes > UINT32_MAX)
		return false;
	if (!*end)
		return true;
	unit = strchr(units, *end);
	if (!unit || end[1])
		return false;
	*bytes <<= 10 * (unit - units + 1);
	return true;
}

/* What the kernel wants is a power of two of whole pages. */
int value_buffer(const char *text, uint32_t *bytes)
{
	uint64_t number, size = BUFFER_MIN;

	if (!value_bytes(text, &number) || number < BUFFER_MIN || number > BUFFER_MAX) {
		log_error("--buffer '%s': use a size from 16K to 1G", text);
		return -EINVAL;
	}
	while (size < number)
		size *= 2;
	*bytes = (uint32_t)size;
	return 0;
}

int value_rotate(const char *text, uint64_t *bytes)
{
	if (value_bytes(text, bytes) && *bytes >= ROTATE_MIN)
		return 0;
	log_error("--rotate '%s': use a size like 64M, 1M or more", text);
	return -EINVAL;
}

/* A number greater than 0; false: @text is none. */
static bool value_positive(const char *text, double *number)
{
	char *end;

	*number = strtod(text, &end);
	return end != text && !*end && isfinite(*number) && *number > 0 && *number <= 1e9;
}

int value_seconds(const char *option, const char *text, double *seconds)
{
	if (value_positive(text, seconds))
		return 0;
	log_error("%s '%s': use a number of seconds, greater than 0", option, text);
	return -EINVAL;
}

int value_overhead(const char *text, double *percent)
{
	if (value_positive(text, percent))
		return 0;
	log_error("--max-overhead '%s': use a percentage of one CPU, greater than 0",
		  text);
	return -EINVAL;
}

int value_json(const char *text, bool *json)
{
	bool is_json = !strcmp(text, "json");

	if (!is_json && strcmp(text, "text") != 0) {
		log_error("unknown format '%s': use one of text, json", text);
		return -EINVAL;
	}
	*json = is_json;
	return 0;
}
