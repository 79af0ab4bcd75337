// SPDX-License-Identifier: GPL-2.0-only
/*
 * calls.c - calls that never return, in the kernel side's table of calls
 *
 * A task that dies leaves its calls without a return, and the kernel may miss one.
 * Mostly the next call in the same place of a stack takes over; others would fill
 * the table in the course of weeks.
 */
#include <sys/mman.h>
#include <time.h>
#include <bpf/libbpf.h>

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

static void calls_give_up(struct call *calls, unsigned int *open, uint64_t now)
{
	for (size_t i = 0; i < CALLS_MAX; i++)
		if (call_is_old(&calls[i], now))
			call_give_up(&calls[i], open);
}

void calls_sweep(struct session *session)
{
	const size_t size = CALLS_MAX * sizeof(struct call);
	struct bpfpath_bpf *skeleton = session->skeleton;
	struct timespec clock;
	struct call *calls;

	if (!skeleton->bss->calls_open)
		return;
	calls = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED,
		     bpf_map__fd(skeleton->maps.calls), 0);
	if (calls == MAP_FAILED)
		return;
	clock_gettime(CLOCK_MONOTONIC, &clock);
	calls_give_up(calls, &skeleton->bss->calls_open,
		      clock.tv_sec * 1000000000ULL + clock.tv_nsec);
	munmap(calls, size);
}
