// SPDX-License-Identifier: GPL-2.0-only
/*
 * calls.c - calls that never return, in the kernel side's table of calls
 *
 * A task that dies leaves its calls without a return, and the kernel may miss one.
 * Mostly the next call in the same place of a stack takes over; others would fill
 * the table in the course of weeks.
 */
#include <time.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "bpf/bpfpath.skel.h"
#include "bpf/call.h"
#include "hook/internal.h"

#define CALLS_AGE 10000000000ULL /* ns; a function that takes longer is given up */

static bool call_is_old(int map, const struct call_key *key, uint64_t now)
{
	struct call call;

	return !bpf_map_lookup_elem(map, key, &call) && call.time + CALLS_AGE < now;
}

void calls_sweep(struct session *session)
{
	struct bpfpath_bpf *skeleton = session->skeleton;
	int map = bpf_map__fd(skeleton->maps.calls);
	struct call_key key, next;
	struct timespec clock;
	uint64_t now;
	bool more;

	if (!skeleton->bss->calls_open)
		return;
	clock_gettime(CLOCK_MONOTONIC, &clock);
	now = clock.tv_sec * 1000000000ULL + clock.tv_nsec;
	more = !bpf_map_get_next_key(map, NULL, &next);
	for (size_t i = 0; more && i < CALLS_MAX; i++) {
		key = next;
		more = !bpf_map_get_next_key(map, &key, &next);
		if (call_is_old(map, &key, now) && !bpf_map_delete_elem(map, &key))
			__atomic_fetch_sub(&skeleton->bss->calls_open, 1,
					   __ATOMIC_RELAXED);
	}
}
