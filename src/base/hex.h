/* SPDX-License-Identifier: GPL-2.0-only */
/* hex.h - numbers as the kernel's lists have them: lower case, no prefix */
#ifndef BPFPATH_HEX_H
#define BPFPATH_HEX_H

#include <stdint.h>

/* The value of a digit, and 1; 0 for what is none. */
extern const uint8_t hex_digits[256];

/* Up to the first character that is no digit, which is returned. */
static inline const char *hex_parse(const char *text, uint64_t *value)
{
	uint64_t sum = 0;
	uint8_t digit;

	for (; (digit = hex_digits[(uint8_t)*text]); text++)
		sum = sum << 4 | (digit - 1);
	*value = sum;
	return text;
}

#endif
