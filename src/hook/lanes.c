// SPDX-License-Identifier: GPL-2.0-only
#include "hook/lanes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define LANES_EVENTS 16 /* at least */

/* "0-3,8-11": the last number is the highest. */
size_t lanes_cpus(void)
{
	FILE *file = fopen("/sys/devices/system/cpu/online", "re");
	unsigned long last = 0;
	char separator[2];

	if (!file)
		return (size_t)sysconf(_SC_NPROCESSORS_CONF);
	do {
		if (fscanf(file, "%lu", &last) != 1)
			break;
	} while (fscanf(file, "%1[-,]", separator) == 1);
	fclose(file);
	return last + 1;
}

uint32_t lanes_events(size_t bytes)
{
	uint32_t events = LANES_EVENTS;

	while (lanes_stride(2 * events) <= bytes)
		events *= 2;
	return events;
}

size_t lanes_stride(uint32_t events)
{
	return sizeof(struct lane) + events * sizeof(struct event);
}

static size_t lanes_mapped(const struct lanes *lanes)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return (lanes->count * lanes->stride + page - 1) & ~(page - 1);
}

int lanes_open(struct lanes *lanes, int fd, size_t count, uint32_t events)
{
	struct lanes opened = { .stride = lanes_stride(events),
				.count = count,
				.mask = events - 1 };
	void *map = mmap(NULL, lanes_mapped(&opened), PROT_READ | PROT_WRITE, MAP_SHARED,
			 fd, 0);

	if (map == MAP_FAILED)
		return -errno;
	opened.first = map;
	for (size_t cpu = 0; cpu < count; cpu++)
		lanes_at(&opened, cpu)->cpu = (uint32_t)cpu;
	*lanes = opened;
	return 0;
}

void lanes_close(struct lanes *lanes)
{
	if (lanes->first)
		munmap(lanes->first, lanes_mapped(lanes));
	*lanes = (struct lanes){ 0 };
}

/* Who is counted among the others is written next. */
static uint64_t lane_steps(const struct lane *lane)
{
	uint64_t others = __atomic_load_n(&lane->others, __ATOMIC_ACQUIRE);

	return __atomic_load_n(&lane->written, __ATOMIC_RELAXED) - others;
}

uint64_t lanes_steps(const struct lanes *lanes)
{
	uint64_t sum = 0;

	for (size_t cpu = 0; cpu < lanes->count; cpu++)
		sum += lane_steps(lanes_at(lanes, cpu));
	return sum;
}
