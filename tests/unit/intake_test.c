// SPDX-License-Identifier: GPL-2.0-only
/* Lanes and a ring buffer as the kernel writes them, in memory. */
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>

#include "hook/intake.h"
#include "test.h"

#define CPUS	4
#define EVENTS	16 /* of a lane */
#define RING	4096
#define ALL	SIZE_MAX
#define FOREVER UINT64_MAX

struct kernel {
	uint64_t consumer, producer;
	uint8_t *data;
	uint8_t *lanes;
	struct intake intake;
};

/* What was read: times, in their order. */
struct reader {
	uint64_t times[256];
	size_t count, refuse; /* the one that is refused, from 1; 0: none */
};

static void kernel_open(struct kernel *kernel)
{
	const size_t stride = lanes_stride(EVENTS);

	*kernel = (struct kernel){ .data = calloc(2, RING),
				   .lanes = calloc(CPUS, stride) };
	kernel->intake.ring = (struct ring){ &kernel->consumer, &kernel->producer,
					     kernel->data, RING - 1 };
	kernel->intake.lanes = (struct lanes){ kernel->lanes, stride, CPUS, EVENTS - 1 };
	assert_int_equal(intake_open(&kernel->intake), 0);
}

static void kernel_close(struct kernel *kernel)
{
	free(kernel->intake.filled);
	free(kernel->lanes);
	free(kernel->data);
}

static void lane_write(struct kernel *kernel, size_t cpu, uint64_t time)
{
	struct lane *lane = lanes_at(&kernel->intake.lanes, cpu);

	assert_true(lane->written - lane->read < EVENTS);
	lane->events[lane->written & (EVENTS - 1)].time = time;
	lane->written++;
}

/* Where its head is. */
static uint32_t *ring_write(struct kernel *kernel, uint64_t time, uint32_t flags)
{
	uint32_t *head = (uint32_t *)(kernel->data + kernel->producer);
	struct event *event = (struct event *)(head + 2);

	kernel->producer += BPF_RINGBUF_HDR_SZ + sizeof(*event);
	assert_true(kernel->producer < RING);
	event->time = time;
	*head = sizeof(*event) | flags;
	return head;
}

static int reader_event(void *context, const void *data, size_t size)
{
	struct reader *reader = context;

	assert_int_equal(size, sizeof(struct event));
	assert_true(reader->count < 256);
	reader->times[reader->count++] = ((const struct event *)data)->time;
	return reader->count == reader->refuse;
}

static bool reader_read(struct reader *reader, struct kernel *kernel, uint64_t until,
			size_t most)
{
	return intake_read(&kernel->intake, until, most, reader_event, reader);
}

/* All times from 1 to @last, in order. */
static void reader_has(const struct reader *reader, uint64_t last)
{
	assert_int_equal(reader->count, last);
	for (uint64_t time = 1; time <= last; time++)
		assert_int_equal(reader->times[time - 1], time);
}

static void test_order(void **state)
{
	static const uint64_t times[CPUS + 1][6] = { { 2, 3, 9, 10, 17 },
						     { 1, 8, 11 },
						     [CPUS - 1] = { 4, 5, 6, 7, 16 },
						     [CPUS] = { 12, 13, 14, 15 } };
	struct reader reader = { 0 };
	struct kernel kernel;

	kernel_open(&kernel);
	for (size_t from = 0; from <= CPUS; from++) {
		for (size_t i = 0; times[from][i]; i++) {
			if (from < CPUS)
				lane_write(&kernel, from, times[from][i]);
			else
				ring_write(&kernel, times[from][i], 0);
		}
	}
	assert_false(reader_read(&reader, &kernel, FOREVER, ALL));
	reader_has(&reader, 17);
	assert_int_equal(kernel.consumer, kernel.producer);
	assert_false(reader_read(&reader, &kernel, FOREVER, ALL));
	reader_has(&reader, 17);
	kernel_close(&kernel);
}

/* What is later than the moment stays, whatever lies before it elsewhere. */
static void test_until(void **state)
{
	struct reader reader = { 0 };
	struct kernel kernel;

	kernel_open(&kernel);
	lane_write(&kernel, 0, 1);
	lane_write(&kernel, 0, 4);
	lane_write(&kernel, 1, 2);
	ring_write(&kernel, 3, 0);
	ring_write(&kernel, 6, 0);
	assert_false(reader_read(&reader, &kernel, 3, ALL));
	reader_has(&reader, 3);
	lane_write(&kernel, 1, 5);
	assert_false(reader_read(&reader, &kernel, 5, ALL));
	reader_has(&reader, 5);
	assert_false(reader_read(&reader, &kernel, FOREVER, ALL));
	reader_has(&reader, 6);
	kernel_close(&kernel);
}

/* Nobody knows the time of a record that is being written: all wait for it. */
static void test_busy(void **state)
{
	struct reader reader = { 0 };
	struct kernel kernel;
	uint32_t *head;

	kernel_open(&kernel);
	ring_write(&kernel, 1, 0);
	ring_write(&kernel, 9, BPF_RINGBUF_DISCARD_BIT);
	head = ring_write(&kernel, 2, BPF_RINGBUF_BUSY_BIT);
	lane_write(&kernel, 2, 3);
	assert_true(reader_read(&reader, &kernel, FOREVER, ALL));
	reader_has(&reader, 1);
	*head &= ~BPF_RINGBUF_BUSY_BIT;
	assert_false(reader_read(&reader, &kernel, FOREVER, ALL));
	reader_has(&reader, 3);
	kernel_close(&kernel);
}

static void test_limits(void **state)
{
	struct reader reader = { .refuse = 2 };
	struct kernel kernel;

	kernel_open(&kernel);
	for (uint64_t time = 1; time <= 9; time += 3) {
		lane_write(&kernel, 0, time);
		lane_write(&kernel, 0, time + 1);
		ring_write(&kernel, time + 2, 0);
	}
	assert_false(reader_read(&reader, &kernel, FOREVER, ALL));
	reader_has(&reader, 2);
	assert_true(reader_read(&reader, &kernel, FOREVER, 3));
	reader_has(&reader, 5);
	assert_true(reader_read(&reader, &kernel, FOREVER, 4));
	reader_has(&reader, 9);
	kernel_close(&kernel);
}

/* Many times around: what was read is room again, and not before. */
static void test_around(void **state)
{
	struct kernel kernel;
	uint64_t time = 0;

	kernel_open(&kernel);
	for (size_t round = 0; round < 100; round++) {
		struct reader reader = { 0 };
		const uint64_t first = time + 1;

		for (size_t i = 0; i < EVENTS; i++)
			lane_write(&kernel, 1, ++time);
		assert_true(reader_read(&reader, &kernel, FOREVER, 5));
		for (size_t i = 0; i < 5; i++)
			lane_write(&kernel, 1, ++time);
		assert_false(reader_read(&reader, &kernel, FOREVER, ALL));
		assert_int_equal(reader.count, EVENTS + 5);
		for (size_t i = 0; i < reader.count; i++)
			assert_int_equal(reader.times[i], first + i);
	}
	kernel_close(&kernel);
}

static void test_sizes(void **state)
{
	assert_int_equal(lanes_stride(16), 128 + 16 * sizeof(struct event));
	assert_int_equal(lanes_events(0), 16);
	assert_int_equal(lanes_events(lanes_stride(32) - 1), 16);
	assert_int_equal(lanes_events(lanes_stride(32)), 32);
	assert_int_equal(lanes_events(2 << 20), 16384);
	assert_true(lanes_cpus() >= 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),  cmocka_unit_test(test_until),
		cmocka_unit_test(test_busy),   cmocka_unit_test(test_limits),
		cmocka_unit_test(test_around), cmocka_unit_test(test_sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
