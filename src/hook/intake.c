// SPDX-License-Identifier: GPL-2.0-only
#include "hook/intake.h"

#include <errno.h>
#include <stdlib.h>

#define INTAKE_NEVER UINT64_MAX

/* A lane in which something lies. */
struct intake_lane {
	uint64_t time; /* of the first event in it */
	uint64_t at, end;
	struct lane *lane;
};

/* What is next of all, and when something else is. */
struct intake_next {
	struct intake_lane *lane; /* NULL: it is in the ring buffer: */
	const void *record;
	size_t size;
	uint64_t time, other;
};

/* One round of reading. */
struct intake_round {
	struct intake *intake;
	size_t filled; /* lanes; others have nothing that is early enough */
	uint64_t until;
	size_t left; /* to be given out */
	bool busy;   /* the ring buffer's next is still being written */
	bool stop;   /* one was refused */
	intake_record *record;
	void *context;
};

int intake_open(struct intake *intake)
{
	intake->filled = calloc(intake->lanes.count, sizeof(*intake->filled));
	return intake->filled ? 0 : -ENOMEM;
}

void intake_close(struct intake *intake)
{
	ring_close(&intake->ring);
	lanes_close(&intake->lanes);
	free(intake->filled);
	*intake = (struct intake){ 0 };
}

static const struct event *lane_event(const struct intake *intake,
				      const struct intake_lane *lane)
{
	return &lane->lane->events[lane->at & intake->lanes.mask];
}

/* Written is what has a number; the number comes last. */
static void round_collect(struct intake_round *round)
{
	struct intake *intake = round->intake;

	for (size_t cpu = 0; cpu < intake->lanes.count; cpu++) {
		struct intake_lane *to = &intake->filled[round->filled];
		struct lane *lane = lanes_at(&intake->lanes, cpu);

		to->lane = lane;
		to->at = lane->read;
		to->end = __atomic_load_n(&lane->written, __ATOMIC_ACQUIRE);
		if (to->at == to->end)
			continue;
		to->time = lane_event(intake, to)->time;
		if (to->time <= round->until)
			round->filled++;
	}
}

/* While the first record is being written nobody knows its time. */
static void round_look_ring(struct intake_round *round, struct intake_next *next)
{
	switch (ring_front(&round->intake->ring, &next->record, &next->size)) {
	case RING_RECORD:
		next->time = *(const uint64_t *)next->record; /* of a struct event */
		break;
	case RING_BUSY:
		round->busy = true;
		break;
	case RING_EMPTY:
		break;
	}
}

static struct intake_next round_next(struct intake_round *round)
{
	struct intake_next next = { .time = INTAKE_NEVER, .other = INTAKE_NEVER };

	round_look_ring(round, &next);
	for (size_t i = 0; i < round->filled; i++) {
		struct intake_lane *lane = &round->intake->filled[i];

		if (lane->time < next.time) {
			next.other = next.time;
			next.time = lane->time;
			next.lane = lane;
		} else if (lane->time < next.other) {
			next.other = lane->time;
		}
	}
	return next;
}

static void round_give(struct intake_round *round, const void *data, size_t size)
{
	round->stop = round->record(round->context, data, size);
	round->left--;
}

static void round_give_ring(struct intake_round *round, const struct intake_next *next)
{
	round_give(round, next->record, next->size);
	ring_drop(&round->intake->ring);
}

/* It has nothing any more that is early enough: the last one takes its place. */
static void round_leave(struct intake_round *round, struct intake_lane *lane)
{
	*lane = round->intake->filled[--round->filled];
}

/* All that comes before whatever else there is. */
static void round_give_lane(struct intake_round *round, const struct intake_next *next)
{
	struct intake_lane *lane = next->lane;
	uint64_t until = next->other < round->until ? next->other : round->until;

	while (!round->stop && round->left && lane->time <= until) {
		round_give(round, lane_event(round->intake, lane), sizeof(struct event));
		__atomic_store_n(&lane->lane->read, ++lane->at, __ATOMIC_RELEASE);
		if (lane->at == lane->end) {
			round_leave(round, lane);
			return;
		}
		lane->time = lane_event(round->intake, lane)->time;
	}
	if (lane->time > round->until)
		round_leave(round, lane);
}

bool intake_read(struct intake *intake, uint64_t until, size_t most,
		 intake_record *record, void *context)
{
	struct intake_round round = {
		.intake = intake,
		.until = until,
		.left = most,
		.record = record,
		.context = context,
	};
	struct intake_next next;

	__atomic_thread_fence(__ATOMIC_SEQ_CST); /* @until was before */
	round_collect(&round);
	while (!round.stop && round.left) {
		next = round_next(&round);
		if (round.busy)
			return true;
		if (next.time > until || next.time == INTAKE_NEVER)
			return false;
		if (next.lane)
			round_give_lane(&round, &next);
		else
			round_give_ring(&round, &next);
	}
	return !round.stop;
}
