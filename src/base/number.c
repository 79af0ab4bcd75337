// SPDX-License-Identifier: GPL-2.0-only
#include "base/number.h"

#include <string.h>

size_t number_write(char *to, uint64_t number)
{
	char digits[NUMBER_SIZE], *at = digits + sizeof(digits);
	size_t length;

	if (number < 10) {
		*to = (char)('0' + number);
		return 1;
	}
	do {
		*--at = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	length = (size_t)(digits + sizeof(digits) - at);
	memcpy(to, at, length);
	return length;
}
