// SPDX-License-Identifier: GPL-2.0-only
#include "base/number.h"

#include <string.h>

static const char pairs[] = "00010203040506070809101112131415161718192021222324"
			    "25262728293031323334353637383940414243444546474849"
			    "50515253545556575859606162636465666768697071727374"
			    "75767778798081828384858687888990919293949596979899";

/* A number of that many bits has at least bits * log10(2) digits, and one more at most.
 */
static size_t number_digits(uint64_t number)
{
	static const uint64_t powers[NUMBER_SIZE] = {
		0,
		10,
		100,
		1000,
		10000,
		100000,
		1000000,
		10000000,
		100000000,
		1000000000,
		10000000000,
		100000000000,
		1000000000000,
		10000000000000,
		100000000000000,
		1000000000000000,
		10000000000000000,
		100000000000000000,
		1000000000000000000,
		10000000000000000000u,
	};
	const size_t bits = 64 - (size_t)__builtin_clzll(number | 1);
	const size_t digits = bits * 1233 >> 12;

	return digits + (number >= powers[digits]);
}

/*
 * From the end, two digits with each division, which costs less of what fits in 32 bits:
 * nearly all numbers do.
 */
static size_t number_write_long(char *to, uint64_t number)
{
	const size_t digits = number_digits(number);
	char *at = to + digits;
	uint32_t low;

	for (; number > UINT32_MAX; number /= 100) {
		at -= 2;
		memcpy(at, pairs + number % 100 * 2, 2);
	}
	for (low = (uint32_t)number; low >= 10; low /= 100) {
		at -= 2;
		memcpy(at, pairs + low % 100 * 2, 2);
	}
	if (at > to)
		*to = (char)('0' + low);
	return digits;
}

/* Half of the numbers are a length, a CPU, and the like. */
size_t number_write(char *to, uint64_t number)
{
	if (number >= 100)
		return number_write_long(to, number);
	if (number >= 10) {
		memcpy(to, pairs + number * 2, 2);
		return 2;
	}
	*to = (char)('0' + number);
	return 1;
}
