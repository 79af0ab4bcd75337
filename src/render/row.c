// SPDX-License-Identifier: GPL-2.0-only
#include "render/row.h"

#include "base/number.h"

void row_left(struct row *row, const char *text, size_t length, int width)
{
	row_put(row, text, length);
	row_pad(row, width - (int)length);
}

void row_number(struct row *row, uint64_t number, int width)
{
	char digits[NUMBER_SIZE];
	size_t length = number_write(digits, number);

	row_pad(row, width - (int)length);
	row_put(row, digits, length);
}

void row_time(struct row *row, uint64_t ns, const char *sign, int width)
{
	unsigned int rest = (unsigned int)(ns % 1000);
	char text[NUMBER_SIZE + 4], *at = text + number_write(text, ns / 1000);

	*at++ = '.';
	*at++ = (char)('0' + rest / 100);
	*at++ = (char)('0' + rest / 10 % 10);
	*at++ = (char)('0' + rest % 10);
	row_pad(row, width - (int)strlen(sign) - (int)(at - text));
	row_text(row, sign);
	row_put(row, text, (size_t)(at - text));
}

void row_write(struct row *row, FILE *out)
{
	fwrite(row->text, 1, row->used, out);
	row->used = 0;
}
