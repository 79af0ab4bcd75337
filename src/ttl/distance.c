// SPDX-License-Identifier: GPL-2.0-only
#include "ttl/distance.h"

#include <assert.h>
#include <stdbool.h>

/*
 * More routers than on any way in the Internet: traceroute(8) gives up after 30.
 * A TTL that is farther from an initial value did not begin with it.
 */
#define DISTANCE_PLAUSIBLE 40

static const uint8_t initials[] = { 32, 64, 128, 255 };
#define INITIALS (sizeof(initials) / sizeof(initials[0]))

static const char *const doubt_texts[] = {
	[DISTANCE_CLEAR] = NULL,
	[DISTANCE_GATEWAY] = "the route has a gateway, so it is not 0",
	[DISTANCE_LOCAL] = "the address is this machine's own, so it is not more than 0",
	[DISTANCE_UNCOMMON] = "no common initial value is near",
	[DISTANCE_SEVERAL] = "the next initial value is near, too",
	[DISTANCE_DISAGREE] = "packets disagree",
};
static_assert(sizeof(doubt_texts) / sizeof(doubt_texts[0]) == DISTANCE_DOUBTS,
	      "a text per doubt");

struct distance distance_guess(uint8_t ttl, struct distance_bounds bounds)
{
	struct distance guess = { .ttl = ttl };
	size_t i = 0;

	while (initials[i] < ttl)
		i++;
	guess.initial = initials[i];
	guess.routers = initials[i] - ttl;
	if (guess.routers < bounds.least)
		guess.doubt = DISTANCE_GATEWAY;
	else if (guess.routers > bounds.most)
		guess.doubt = DISTANCE_LOCAL;
	else if (guess.routers > DISTANCE_PLAUSIBLE)
		guess.doubt = DISTANCE_UNCOMMON;
	else if (i + 1 < INITIALS && initials[i + 1] - ttl <= DISTANCE_PLAUSIBLE &&
		 initials[i + 1] - ttl <= bounds.most)
		guess.doubt = DISTANCE_SEVERAL;
	return guess;
}

static bool is_better(const struct distance *a, const struct distance *b)
{
	if (!a->doubt != !b->doubt)
		return !a->doubt;
	return a->routers < b->routers;
}

struct distance distance_decide(const uint8_t *ttls, size_t count,
				struct distance_bounds bounds)
{
	struct distance best = distance_guess(ttls[0], bounds);

	for (size_t i = 1; i < count; i++) {
		struct distance guess = distance_guess(ttls[i], bounds);

		if (is_better(&guess, &best))
			best = guess;
	}
	if (best.doubt)
		return best;
	for (size_t i = 0; i < count; i++) {
		struct distance guess = distance_guess(ttls[i], bounds);

		if (!guess.doubt && guess.routers != best.routers)
			best.doubt = DISTANCE_DISAGREE;
	}
	return best;
}

const char *distance_doubt_text(enum distance_doubt doubt)
{
	return doubt_texts[doubt];
}
