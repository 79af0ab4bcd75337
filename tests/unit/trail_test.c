// SPDX-License-Identifier: GPL-2.0-only
/* What goes into a trail comes out of it, and takes little room. */
#include <string.h>

#include "path/trail.h"
#include "test.h"

#define STEPS 500

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

/* The packet goes on: in another function a little later, and sometimes elsewhere. */
static void step_go_on(struct trail_step *step, uint32_t *state)
{
	static const char functions[64];

	step->kind = EVENT_FUNCTION;
	step->headers = false;
	step->captured = 0;
	step->time += next_random(state) % 5000;
	step->func = &functions[next_random(state) % sizeof(functions)];
	if (next_random(state) % 10 == 0)
		step->cpu = (uint16_t)next_random(state);
	if (next_random(state) % 10 == 0)
		memset(step->comm, (int)next_random(state), sizeof(step->comm));
	if (next_random(state) % 10 == 0)
		step->value = (uint64_t)next_random(state) << 32 | next_random(state);
	if (next_random(state) % 10)
		return;
	step->headers = true;
	step->captured = next_random(state) % (EVENT_SNAP_LEN + 1);
	step->layer = EVENT_LAYER_IP;
}

static void fill_steps(struct trail_step steps[STEPS])
{
	struct trail_step step = { .time = 1ull << 40 };
	uint32_t state = 1;

	for (size_t i = 0; i < STEPS; i++) {
		step_go_on(&step, &state);
		steps[i] = step;
		if (i % 7 != 3)
			continue;
		steps[i].kind = EVENT_RETURN;
		steps[i].word = "DROP";
		steps[i].numeric = true;
		steps[i].headers = false;
	}
}

static void data_make(uint8_t data[EVENT_SNAP_LEN], size_t i)
{
	for (size_t at = 0; at < EVENT_SNAP_LEN; at++)
		data[at] = (uint8_t)(i + at);
}

static void trail_add_all(struct trail *trail, const struct trail_step *steps,
			  size_t count)
{
	uint8_t data[EVENT_SNAP_LEN];

	for (size_t i = 0; i < count; i++) {
		data_make(data, i);
		assert_int_equal(trail_add(trail, &steps[i], data), 0);
		if (steps[i].kind != EVENT_RETURN)
			assert_memory_equal(&trail->before, &steps[i], sizeof(steps[i]));
	}
}

static void trail_check(const struct trail *trail, const struct trail_step *steps,
			size_t count)
{
	struct trail_reader reader = { .at = 0 };
	const struct trail_step *step;
	uint8_t expected[EVENT_SNAP_LEN];
	const uint8_t *data;

	for (size_t i = 0; i < count; i++) {
		step = trail_next(trail, &reader, &data);
		assert_non_null(step);
		assert_memory_equal(step, &steps[i], sizeof(*step));
		data_make(expected, i);
		if (step->headers)
			assert_memory_equal(data, expected, step->captured);
	}
	assert_null(trail_next(trail, &reader, &data));
}

static void test_steps(void **state)
{
	struct trail_step steps[STEPS];
	struct trail trail = { .used = 0 };

	fill_steps(steps);
	trail_check(&trail, steps, 0);
	trail_add_all(&trail, steps, STEPS);
	trail_check(&trail, steps, STEPS);
	trail_free(&trail);
}

/* A return first, or last, and steps after it was emptied. */
static void test_empty(void **state)
{
	struct trail_step steps[STEPS];
	struct trail trail = { .used = 0 };

	fill_steps(steps);
	for (size_t from = 0; from < 20; from++) {
		for (size_t count = 1; count < 20; count++) {
			trail_add_all(&trail, steps + from, count);
			trail_check(&trail, steps + from, count);
			trail_empty(&trail);
			trail_check(&trail, steps, 0);
		}
	}
	trail_free(&trail);
}

/* What the memory of many waiting packets is reckoned with. */
static void test_room(void **state)
{
	struct trail trail = { .used = 0 };
	struct trail_step step = { .time = 1ull << 40, .kind = EVENT_FUNCTION };
	const char functions[60];

	for (size_t i = 0; i < sizeof(functions); i++) {
		step.time += 1000;
		step.func = &functions[i];
		assert_int_equal(trail_add(&trail, &step, NULL), 0);
	}
	assert_in_range(trail.used, 1, 60 * 13 + 40);
	trail_free(&trail);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
