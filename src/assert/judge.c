// SPDX-License-Identifier: GPL-2.0-only
#include "assert/judge.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "assert/match.h"
#include "base/table.h"
#include "path/path.h"

/* What is known of one packet and one expectation. */
struct state {
	bool seen, good;
	bool own; /* .failure is of the packet itself, not of what came of it */
	struct failure failure;
};

/* A packet, some of whose paths are still to come. */
struct packet {
	struct table_node node; /* by origin; first member */
	struct state states[];
};

struct judge {
	struct verdict *verdicts;
	size_t count;
	uint64_t packets;
	struct table open;
	bool wants_times;
	uint64_t *times; /* of each packet, ns; UINT64_MAX: not known */
	size_t timed, room;
	bool no_memory;
};

struct judge *judge_new(const struct expect *expects, size_t count)
{
	struct judge *judge = calloc(1, sizeof(*judge));

	if (!judge)
		return NULL;
	judge->verdicts = calloc(count + 1, sizeof(*judge->verdicts));
	if (!judge->verdicts) {
		free(judge);
		return NULL;
	}
	judge->count = count;
	for (size_t i = 0; i < count; i++) {
		judge->verdicts[i].expect = &expects[i];
		judge->wants_times |= expects[i].kind == EXPECT_PERCENTILE;
	}
	return judge;
}

static void failure_clear(struct failure *failure)
{
	free(failure->why);
	excerpt_free(&failure->excerpt);
	*failure = (struct failure){ 0 };
}

static void packet_free(const struct judge *judge, struct packet *packet)
{
	for (size_t i = 0; i < judge->count; i++)
		failure_clear(&packet->states[i].failure);
	free(packet);
}

void judge_free(struct judge *judge)
{
	struct table_node *node;
	size_t bucket = 0;

	if (!judge)
		return;
	while ((node = table_take(&judge->open, &bucket)))
		packet_free(judge, (struct packet *)node);
	for (size_t i = 0; i < judge->count; i++) {
		for (size_t j = 0; j < judge->verdicts[i].shown; j++)
			failure_clear(&judge->verdicts[i].failures[j]);
	}
	free(judge->verdicts);
	free(judge->times);
	free(judge);
}

/* ---- one path */

static bool path_is_itself(const struct path *path)
{
	return relation_is_packet(path->lineage.relation);
}

/* Does the end of @path tell what became of the packet? */
static bool path_is_packet(const struct path *path)
{
	return path->lineage.relation != RELATION_CLONE &&
	       path->lineage.relation != RELATION_COPY &&
	       path->lineage.relation != RELATION_CONTENT &&
	       path->lineage.relation != RELATION_CONSEQUENCE;
}

static int failure_fill(struct failure *failure, const struct path *path,
			const struct match *match)
{
	failure_clear(failure);
	failure->doubt = match->doubt;
	failure->why = strdup(match->why);
	if (!failure->why)
		return -ENOMEM;
	return excerpt_take(&failure->excerpt, path, match->step);
}

/* What is certain goes before doubts, and the packet before what came of it. */
static bool failure_is_better(const struct state *state, const struct path *path,
			      const struct match *match)
{
	const struct failure *failure = &state->failure;

	if (!failure->why)
		return true;
	if (failure->doubt != match->doubt)
		return failure->doubt;
	return path_is_itself(path) && !state->own;
}

static int state_path(struct state *state, const struct verdict *verdict,
		      const struct path *path)
{
	bool never = verdict->expect->kind == EXPECT_NEVER;
	struct match match;

	if (verdict->expect->kind == EXPECT_END && !path_is_packet(path))
		return 0;
	match = match_path(verdict->expect, path);
	if (!state->seen)
		state->good = match.good;
	else
		state->good = never ? state->good && match.good
				    : state->good || match.good;
	state->seen = true;
	if (match.good || verdict->shown == JUDGE_FAILURES ||
	    !failure_is_better(state, path, &match))
		return 0;
	state->own = path_is_itself(path);
	return failure_fill(&state->failure, path, &match);
}

/* ---- times */

static int times_add(struct judge *judge, uint64_t time)
{
	size_t room = judge->room ? 2 * judge->room : 256;
	uint64_t *times = judge->times;

	if (judge->timed == judge->room) {
		times = realloc(times, room * sizeof(*times));
		if (!times)
			return -ENOMEM;
		judge->times = times;
		judge->room = room;
	}
	times[judge->timed++] = time;
	return 0;
}

/* The step before which the most time went by. */
static size_t slowest_step(const struct path *path)
{
	uint64_t most = 0;
	size_t slowest = 0;

	for (size_t i = 1; i < path->count; i++) {
		uint64_t took = path->steps[i].time - path->steps[i - 1].time;

		if (took > most) {
			most = took;
			slowest = i;
		}
	}
	return slowest;
}

/* Of those that are beyond the limit the worst one is shown. */
static int verdict_time(struct verdict *verdict, const struct path *path, uint64_t time)
{
	const struct expect *expect = verdict->expect;
	bool upper = expect->compare == EXPECT_LESS ||
		     expect->compare == EXPECT_LESS_EQUAL;
	struct match match = { .step = slowest_step(path), .doubt = time == UINT64_MAX };

	if (expect->kind != EXPECT_PERCENTILE || expect_compare(expect, time))
		return 0;
	if (verdict->shown && (upper ? time <= verdict->value : time >= verdict->value))
		return 0;
	verdict->value = time;
	verdict->shown = 1;
	strcpy(match.why,
	       match.doubt ? "how long it took is not known: the path may have a hole"
	       : upper	   ? "the slowest packet; most time went by before this step"
			   : "the fastest packet");
	return failure_fill(&verdict->failures[0], path, &match);
}

static int judge_time(struct judge *judge, const struct path *path)
{
	uint64_t time = path->complete ? path_duration(path) : UINT64_MAX;
	int err;

	if (!judge->wants_times || !path_is_itself(path))
		return 0;
	err = times_add(judge, time);
	for (size_t i = 0; !err && i < judge->count; i++)
		err = verdict_time(&judge->verdicts[i], path, time);
	return err;
}

/* ---- packets */

static void verdict_fail(struct verdict *verdict, struct failure *failure)
{
	verdict->bad++;
	if (!failure->why || verdict->shown == JUDGE_FAILURES)
		return;
	verdict->failures[verdict->shown++] = *failure;
	*failure = (struct failure){ 0 };
}

static void packet_close(struct judge *judge, struct packet *packet)
{
	for (size_t i = 0; i < judge->count; i++) {
		struct verdict *verdict = &judge->verdicts[i];
		struct state *state = &packet->states[i];

		if (expect_is_total(verdict->expect))
			continue;
		if (state->seen && state->good)
			verdict->good++;
		else
			verdict_fail(verdict, &state->failure);
	}
	packet_free(judge, packet);
}

static struct packet *packet_open(struct judge *judge, uint64_t origin)
{
	struct table_node *node = table_find(&judge->open, origin);
	struct packet *packet;

	if (node)
		return (struct packet *)node;
	packet = calloc(1, sizeof(*packet) + judge->count * sizeof(packet->states[0]));
	if (!packet)
		return NULL;
	judge->packets++;
	table_add(&judge->open, &packet->node, origin);
	return packet;
}

static int packet_path(struct judge *judge, struct packet *packet,
		       const struct path *path)
{
	int err = 0;

	for (size_t i = 0; !err && i < judge->count; i++) {
		if (!expect_is_total(judge->verdicts[i].expect))
			err = state_path(&packet->states[i], &judge->verdicts[i], path);
	}
	return err;
}

void judge_path(struct judge *judge, const struct path *path)
{
	struct packet *packet = packet_open(judge, path->lineage.origin);

	if (!packet || packet_path(judge, packet, path) || judge_time(judge, path))
		judge->no_memory = true;
	if (!packet || path->lineage.remaining)
		return;
	table_remove(&judge->open, &packet->node);
	packet_close(judge, packet);
}

/* ---- all of them */

static int time_compare(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

	return (left > right) - (left < right);
}

/* The smallest that so many percent are not above. */
static uint64_t judge_percentile(const struct judge *judge, double percentile)
{
	double rank = percentile * (double)judge->timed / 100;
	size_t below = (size_t)rank;

	if (!judge->timed)
		return UINT64_MAX;
	return judge->times[below && (double)below == rank ? below - 1 : below];
}

static void verdict_finish(const struct judge *judge, struct verdict *verdict)
{
	const struct expect *expect = verdict->expect;

	if (!expect_is_total(expect)) {
		verdict->holds = expect->any ? verdict->good > 0
					     : judge->packets && !verdict->bad;
		return;
	}
	verdict->value = expect->kind == EXPECT_COUNT
				 ? judge->packets
				 : judge_percentile(judge, expect->percentile);
	verdict->holds = expect_compare(expect, verdict->value) &&
			 verdict->value != UINT64_MAX;
}

/* Without a packet only what says how many there are can be so. */
static enum judgement judge_judgement(const struct judge *judge)
{
	enum judgement judgement = JUDGEMENT_HOLDS;

	for (size_t i = 0; i < judge->count; i++) {
		const struct verdict *verdict = &judge->verdicts[i];

		if (!judge->packets &&
		    (verdict->expect->kind != EXPECT_COUNT || !verdict->holds))
			return JUDGEMENT_NOTHING;
		if (!verdict->holds)
			judgement = JUDGEMENT_FAILS;
	}
	return judgement;
}

int judge_finish(struct judge *judge, enum judgement *judgement)
{
	struct table_node *node;
	size_t bucket = 0;

	while ((node = table_take(&judge->open, &bucket)))
		packet_close(judge, (struct packet *)node);
	if (judge->no_memory)
		return -ENOMEM;
	if (judge->timed)
		qsort(judge->times, judge->timed, sizeof(*judge->times), time_compare);
	for (size_t i = 0; i < judge->count; i++)
		verdict_finish(judge, &judge->verdicts[i]);
	*judgement = judge_judgement(judge);
	return 0;
}

const struct verdict *judge_verdicts(const struct judge *judge)
{
	return judge->verdicts;
}

size_t judge_count(const struct judge *judge)
{
	return judge->count;
}

uint64_t judge_packets(const struct judge *judge)
{
	return judge->packets;
}
