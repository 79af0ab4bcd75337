// SPDX-License-Identifier: GPL-2.0-only
#include "top/tail.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/log.h"

void tail_add(struct tail *tail, const void *data, size_t size)
{
	size_t over;

	bytes_add(&tail->bytes, data, size);
	if (tail->bytes.used <= 2 * TAIL_SIZE)
		return;
	over = tail->bytes.used - TAIL_SIZE;
	bytes_drop(&tail->bytes, over);
	tail->lost += over;
}

void tail_print(struct tail *tail)
{
	if (tail->lost)
		log_info("%" PRIu64 " bytes that were printed before are left out",
			 tail->lost);
	fwrite(tail->bytes.data, 1, tail->bytes.used, stderr);
	fflush(stderr);
	bytes_free(&tail->bytes);
	tail->lost = 0;
}
