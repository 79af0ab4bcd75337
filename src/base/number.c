// SPDX-License-Identifier: GPL-2.0-only
#include "base/number.h"

#include <string.h>

static const char pairs[] = "00010203040506070809101112131415161718192021222324"
			    "25262728293031323334353637383940414243444546474849"
			    "50515253545556575859606162636465666768697071727374"
			    "75767778798081828384858687888990919293949596979899";

static size_t number_digits(uint64_t number)
{
	uint64_t limit = 10;
	size_t digits = 1;

	for (; number >= limit && digits < NUMBER_SIZE - 1; limit *= 10)
		digits++;
	return digits + (number >= limit);
}

/* From the end, two digits with each division. */
size_t number_write(char *to, uint64_t number)
{
	const size_t digits = number_digits(number);
	char *at = to + digits;

	for (; number >= 10; number /= 100) {
		at -= 2;
		memcpy(at, pairs + number % 100 * 2, 2);
	}
	if (at > to)
		*to = (char)('0' + number);
	return digits;
}
