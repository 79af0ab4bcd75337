/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ring.h - the user's end of a BPF ring buffer (kernel/bpf/ringbuf.c)
 *
 * As libbpf's, but that one maps the records twice in a row, so that none is in two
 * parts, and what is mapped counts as resident: of a buffer of 8 MiB 16. Here only the
 * first page comes again, which no record is longer than.
 */
#ifndef BPFPATH_RING_H
#define BPFPATH_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ring {
	uint64_t *consumer; /* the page that we write; bytes read since the beginning */
	uint64_t *producer; /* the page that the kernel writes, and behind it: */
	const uint8_t *data;
	uint64_t mask; /* bytes of data, a power of two, less one */
};

enum ring_front {
	RING_EMPTY,
	RING_BUSY, /* the next record is still being written */
	RING_RECORD,
};

/* Map the ring buffer map @fd of @size bytes. 0, or a negative errno. */
int ring_open(struct ring *ring, int fd, size_t size);

/* All zero is fine. */
void ring_close(struct ring *ring);

/* The next record, which stays where it is until it is dropped. */
enum ring_front ring_front(struct ring *ring, const void **record, size_t *size);
void ring_drop(struct ring *ring);

#endif
