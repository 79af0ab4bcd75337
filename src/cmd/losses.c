// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/losses.h"

#include <assert.h>
#include <inttypes.h>
#include <stddef.h>

#include "base/log.h"

/* Behind the number. */
static const char *const losses_words[] = {
	[ACCOUNT_PACKETS] = NULL,
	[ACCOUNT_STEPS] = NULL,
	[ACCOUNT_RING_FULL] = NULL, /* told with the steps that it is a part of */
	[ACCOUNT_REFUSED] = "packets not followed: the ring buffer was too full; a "
			    "larger --buffer may help",
	[ACCOUNT_TABLE_FULL] = "times a packet was not followed: the table of followed "
			       "packets was full; a larger --follow may help",
	[ACCOUNT_NESTED] = "times a packet was not tested: interrupts were nested too "
			   "deep",
	[ACCOUNT_RETURNS] = "times it was not seen what a function returned",
};
static_assert(sizeof(losses_words) / sizeof(losses_words[0]) == ACCOUNT_SIZE,
	      "words for each counter");

void losses_say(const uint64_t account[ACCOUNT_SIZE])
{
	if (account[ACCOUNT_RING_FULL])
		log_warn("%" PRIu64 " of %" PRIu64 " steps lost: the ring buffer was "
			 "full; a larger --buffer may help",
			 account[ACCOUNT_RING_FULL], account[ACCOUNT_STEPS]);
	for (size_t i = 0; i < ACCOUNT_SIZE; i++) {
		if (losses_words[i] && account[i])
			log_warn("%" PRIu64 " %s", account[i], losses_words[i]);
	}
}
