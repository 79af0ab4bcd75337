// SPDX-License-Identifier: GPL-2.0-only
/* A ring buffer as the kernel writes it: in memory, its first page repeated. */
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hook/ring.h"
#include "test.h"

#define SIZE 8192

struct kernel {
	uint64_t consumer, producer;
	uint8_t *data;
	struct ring ring;
};

struct reader {
	size_t count;
	uint64_t last;
};

static void kernel_open(struct kernel *kernel)
{
	*kernel = (struct kernel){ .data = calloc(2, SIZE) };
	kernel->ring = (struct ring){ &kernel->consumer, &kernel->producer, kernel->data,
				      SIZE - 1 };
}

/* Both places of a byte, where it has two. */
static void kernel_put(struct kernel *kernel, uint64_t at, const void *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		size_t place = (at + i) & (SIZE - 1);

		kernel->data[place] = ((const uint8_t *)bytes)[i];
		kernel->data[place + SIZE] = kernel->data[place];
	}
}

/* @size bytes that begin with @number. */
static uint64_t kernel_write(struct kernel *kernel, uint64_t number, uint32_t size,
			     uint32_t flags)
{
	const uint64_t at = kernel->producer;
	const uint32_t head = size | flags;
	uint8_t bytes[4096] = { 0 };

	memcpy(bytes, &number, sizeof(number));
	kernel_put(kernel, at, &head, sizeof(head));
	kernel_put(kernel, at + BPF_RINGBUF_HDR_SZ, bytes, size);
	kernel->producer += (size + BPF_RINGBUF_HDR_SZ + 7) & ~7u;
	assert_true(kernel->producer - kernel->consumer <= SIZE);
	return at;
}

static void reader_record(struct reader *reader, const void *data, size_t size)
{
	uint64_t number;

	assert_true(size >= sizeof(number));
	memcpy(&number, data, sizeof(number));
	assert_true(number > reader->last);
	assert_int_equal(size, number % 200 + 8);
	reader->last = number;
	reader->count++;
}

/* All that is there. */
static enum ring_front reader_read(struct reader *reader, struct kernel *kernel)
{
	enum ring_front front;
	const void *record;
	size_t size;

	while ((front = ring_front(&kernel->ring, &record, &size)) == RING_RECORD) {
		reader_record(reader, record, size);
		ring_drop(&kernel->ring);
	}
	return front;
}

static void kernel_write_number(struct kernel *kernel, uint64_t number, uint32_t flags)
{
	kernel_write(kernel, number, number % 200 + 8, flags);
}

/* Records of all lengths, many times around. */
static void test_around(void **state)
{
	struct kernel kernel;
	struct reader reader = { 0 };

	kernel_open(&kernel);
	for (uint64_t number = 1; number <= 5000; number++) {
		kernel_write_number(&kernel, number, 0);
		if (number % 7 == 0)
			assert_int_equal(reader_read(&reader, &kernel), RING_EMPTY);
	}
	reader_read(&reader, &kernel);
	assert_int_equal(reader.count, 5000);
	assert_int_equal(kernel.consumer, kernel.producer);
	assert_int_equal(reader_read(&reader, &kernel), RING_EMPTY);
	assert_int_equal(reader.count, 5000);
	free(kernel.data);
}

/* What is still being written is waited for, what was thrown away is passed over. */
static void test_unfinished(void **state)
{
	struct kernel kernel;
	struct reader reader = { 0 };
	uint64_t busy;
	uint32_t head = 3 + 8;

	kernel_open(&kernel);
	kernel_write_number(&kernel, 1, 0);
	kernel_write_number(&kernel, 2, BPF_RINGBUF_DISCARD_BIT);
	busy = kernel_write(&kernel, 3, 3 + 8, BPF_RINGBUF_BUSY_BIT);
	kernel_write_number(&kernel, 4, 0);
	assert_int_equal(reader_read(&reader, &kernel), RING_BUSY);
	assert_int_equal(reader.last, 1);
	assert_int_equal(kernel.consumer, busy);
	kernel_put(&kernel, busy, &head, sizeof(head));
	assert_int_equal(reader_read(&reader, &kernel), RING_EMPTY);
	assert_int_equal(reader.last, 4);
	assert_int_equal(reader.count, 3);
	free(kernel.data);
}

/* What was looked at lies there until it is dropped: the kernel has no room yet. */
static void test_stays(void **state)
{
	struct kernel kernel;
	const void *first, *again;
	size_t size;

	kernel_open(&kernel);
	kernel_write_number(&kernel, 1, 0);
	kernel_write_number(&kernel, 2, 0);
	assert_int_equal(ring_front(&kernel.ring, &first, &size), RING_RECORD);
	assert_int_equal(ring_front(&kernel.ring, &again, &size), RING_RECORD);
	assert_ptr_equal(first, again);
	assert_int_equal(kernel.consumer, 0);
	ring_drop(&kernel.ring);
	assert_int_equal(ring_front(&kernel.ring, &again, &size), RING_RECORD);
	assert_ptr_not_equal(first, again);
	free(kernel.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_around),
		cmocka_unit_test(test_unfinished),
		cmocka_unit_test(test_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
