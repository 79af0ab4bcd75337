/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * queue.h - where a packet waits, which is no work of anybody's
 *
 * Data, not code: share/queues.conf, built in, says which functions lead into a queue
 * and out of it.
 */
#ifndef BPFPATH_QUEUE_H
#define BPFPATH_QUEUE_H

#include <stddef.h>
#include <stdint.h>

struct path;

enum queue {
	QUEUE_NONE,
	QUEUE_BACKLOG,	 /* of a processor */
	QUEUE_QDISC,	 /* of a device */
	QUEUE_SOCKET,	 /* until a process reads */
	QUEUE_NEIGHBOUR, /* until its address is known */
	QUEUES
};

/* Which queues a function leads into, and out of. */
struct queue_ways {
	uint8_t in, out; /* enum queue */
};

/* A compiler's suffix (".isra.0") does not count. */
struct queue_ways queue_ways(const char *function);

/* In which one the packet was between the step before @i and @i. */
enum queue path_waited(const struct path *path, size_t i);

/* "backlog", "neighbour", ... */
const char *queue_name(enum queue queue);

/* "in the backlog", "for the neighbour's address", ... */
const char *queue_words(enum queue queue);

/*
 * Read the built-in data, which queue_ways() does by itself: for the tests. 0, or
 * -EINVAL and in *@line (from 1) the first line that is wrong: not of the form, or a
 * name that was there before.
 */
int queue_load(unsigned int *line);

#endif
