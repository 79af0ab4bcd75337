// SPDX-License-Identifier: GPL-2.0-only
/*
 * calls.c - calls that never return, in the kernel side's table of calls
 *
 * A task that dies leaves its calls without a return, and the kernel may miss one.
 * Mostly the next call in the same place of a stack takes over; others would fill
 * the table in the course of weeks.
 */
#include <assert.h>
#include <sys/mman.h>
#include <unistd.h>
#include <bpf/libbpf.h>

#include "base/clock.h"
#include "bpf/bpfpath.skel.h"
#include "bpf/call.h"
#include "hook/internal.h"

#define CALLS_AGE 10000000000ULL /* ns; a function that takes longer is given up */

static bool call_is_old(const struct call *call, uint64_t now)
{
	return __atomic_load_n(&call->key.frame, __ATOMIC_RELAXED) &&
	       call->time + CALLS_AGE < now;
}

/*
 * As call_forget() does in call.bpf.h. If it were to return right now after all, its
 * place would be given back twice, and be nobody's for the rest of the session.
 */
static void call_give_up(struct call *call, unsigned int *open)
{
	__atomic_store_n(&call->key.frame, 0, __ATOMIC_RELAXED);
	__atomic_fetch_sub(&call->users, 1, __ATOMIC_RELEASE);
	__atomic_fetch_sub(open, 1, __ATOMIC_RELAXED);
}

static void calls_give_up(struct call *calls, size_t count, unsigned int *open,
			  uint64_t now)
{
	for (size_t i = 0; i < count; i++)
		if (call_is_old(&calls[i], now))
			call_give_up(&calls[i], open);
}

/* False: that part of the table cannot be had. */
static bool calls_sweep_part(struct bpfpath_bpf *skeleton, uint64_t now, size_t first,
			     size_t count)
{
	const size_t size = count * sizeof(struct call);
	struct call *calls = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED,
				  bpf_map__fd(skeleton->maps.calls),
				  (off_t)(first * sizeof(struct call)));

	if (calls == MAP_FAILED)
		return false;
	calls_give_up(calls, count, &skeleton->bss->busy.calls_open, now);
	munmap(calls, size);
	return true;
}

/*
 * In parts of whole pages, as what is mapped counts as this process's memory: so many
 * calls of a multiple of 8 bytes are.
 */
void calls_sweep(struct session *session)
{
	struct bpfpath_bpf *skeleton = session->skeleton;
	const size_t count = (size_t)sysconf(_SC_PAGESIZE) / 8;
	uint64_t now;

	static_assert(sizeof(struct call) % 8 == 0, "a part is a number of pages");
	if (!skeleton->bss->busy.calls_open)
		return;
	now = clock_now();
	for (size_t first = 0; first < CALLS_MAX; first += count)
		if (!calls_sweep_part(skeleton, now, first, count))
			return;
}
