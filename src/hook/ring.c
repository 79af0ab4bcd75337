// SPDX-License-Identifier: GPL-2.0-only
#include "hook/ring.h"

#include <errno.h>
#include <linux/bpf.h>
#include <sys/mman.h>
#include <unistd.h>

static size_t page_size(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

/* The kernel's page, the records, and the first page of them again. */
static size_t ring_mapped(const struct ring *ring)
{
	return ring->mask + 1 + 2 * page_size();
}

int ring_open(struct ring *ring, int fd, size_t size)
{
	const size_t page = page_size();
	void *map = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	int err;

	if (map == MAP_FAILED)
		return -errno;
	*ring = (struct ring){ .consumer = map, .mask = size - 1 };
	map = mmap(NULL, ring_mapped(ring), PROT_READ, MAP_SHARED, fd, (off_t)page);
	if (map == MAP_FAILED) {
		err = -errno;
		ring_close(ring);
		return err;
	}
	ring->producer = map;
	ring->data = (const uint8_t *)map + page;
	return 0;
}

void ring_close(struct ring *ring)
{
	if (ring->consumer)
		munmap(ring->consumer, page_size());
	if (ring->producer)
		munmap(ring->producer, ring_mapped(ring));
	*ring = (struct ring){ 0 };
}

/* With its head, which is 8 bytes, and what fills it up to a multiple of 8. */
static uint64_t record_length(uint32_t head)
{
	uint32_t size = head & ~(BPF_RINGBUF_BUSY_BIT | BPF_RINGBUF_DISCARD_BIT);

	return (size + BPF_RINGBUF_HDR_SZ + 7) & ~7ull;
}

static uint32_t ring_head(const struct ring *ring)
{
	return __atomic_load_n(
		(const uint32_t *)(ring->data + (*ring->consumer & ring->mask)),
		__ATOMIC_ACQUIRE);
}

/*
 * The kernel has to see what was read as free only when it was read, and we see a
 * record only when it was written: hence acquire and release, as in the kernel.
 */
void ring_drop(struct ring *ring)
{
	__atomic_store_n(ring->consumer, *ring->consumer + record_length(ring_head(ring)),
			 __ATOMIC_RELEASE);
}

enum ring_front ring_front(struct ring *ring, const void **record, size_t *size)
{
	while (*ring->consumer != __atomic_load_n(ring->producer, __ATOMIC_ACQUIRE)) {
		uint32_t head = ring_head(ring);

		if (head & BPF_RINGBUF_BUSY_BIT)
			return RING_BUSY;
		if (!(head & BPF_RINGBUF_DISCARD_BIT)) {
			*record = ring->data + (*ring->consumer & ring->mask) +
				  BPF_RINGBUF_HDR_SZ;
			*size = head;
			return RING_RECORD;
		}
		ring_drop(ring);
	}
	return RING_EMPTY;
}
