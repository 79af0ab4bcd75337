// SPDX-License-Identifier: GPL-2.0-only
/*
 * kprobe.multi: one link for all functions with the packet at one position.
 * Needs CONFIG_FPROBE and Linux 5.18.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "base/log.h"
#include "bpf/bpfpath.skel.h"
#include "bpf/function.h"
#include "hook/backend.h"
#include "hook/internal.h"
#include "hook/probes.h"
#include "kernel/functions.h"
#include "kernel/kernel.h"
#include "kernel/symbols.h"

#define ATTACH_KPROBE_MULTI 42 /* BPF_TRACE_KPROBE_MULTI, linux/bpf.h since 5.18 */

/* Where a list of functions goes: one for each program. */
enum multi_kind {
	MULTI_STEP_1,
	MULTI_STEP_2,
	MULTI_STEP_3,
	MULTI_STEP_4,
	MULTI_STEP_5,
	MULTI_GATE,
	MULTI_FREE,
	MULTI_KINDS
};

struct multi_list {
	unsigned long *addresses;
	uint64_t *cookies;
	size_t count;
};

struct multi {
	struct functions *functions;
	struct multi_list lists[MULTI_KINDS];
	struct fd_list links;
};

/* Functions at which a packet of this machine is seen first, from the outside in. */
static const struct {
	const char *name;
	uint64_t cookie;
} multi_gates[] = {
	{ "ip_local_out", FUNCTION_COOKIE_IP },
	{ "__ip_local_out", FUNCTION_COOKIE_IP },
	{ "ip6_local_out", FUNCTION_COOKIE_IP },
	{ "__ip6_local_out", FUNCTION_COOKIE_IP },
	{ "__dev_queue_xmit", 0 },
};

/* Ways of an sk_buff's memory into a cache from which it is used again unseen. */
static const char *const multi_frees[] = {
	"napi_skb_cache_put",
	"napi_skb_free_stolen_head",
};

static bool multi_usable(const struct kernel *kernel, const char **why)
{
	*why = !kernel->reads ? "the kernel is locked down: no function can be probed"
	       : !kernel->kprobe_multi ? "the kernel has no kprobe.multi (CONFIG_FPROBE)"
				       : NULL;
	return !*why;
}

static struct bpf_program *multi_program(const struct session *session,
					 enum multi_kind kind)
{
	struct bpfpath_bpf *skeleton = session->skeleton;
	struct bpf_program *const programs[] = {
		[MULTI_STEP_1] = skeleton->progs.function_1,
		[MULTI_STEP_2] = skeleton->progs.function_2,
		[MULTI_STEP_3] = skeleton->progs.function_3,
		[MULTI_STEP_4] = skeleton->progs.function_4,
		[MULTI_STEP_5] = skeleton->progs.function_5,
		[MULTI_GATE] = skeleton->progs.function_gate,
		[MULTI_FREE] = skeleton->progs.function_free,
	};

	_Static_assert(sizeof(programs) / sizeof(programs[0]) == MULTI_KINDS,
		       "a program for each kind");
	return programs[kind];
}

static int multi_list_add(struct multi_list *list, uint64_t address, uint64_t cookie)
{
	size_t size = list->count + 1;
	unsigned long *addresses = realloc(list->addresses, size * sizeof(*addresses));
	uint64_t *cookies;

	if (!addresses)
		return -ENOMEM;
	list->addresses = addresses;
	cookies = realloc(list->cookies, size * sizeof(*cookies));
	if (!cookies)
		return -ENOMEM;
	list->cookies = cookies;
	addresses[list->count] = address;
	cookies[list->count++] = cookie;
	return 0;
}

static bool multi_is_gate(const struct function *function, uint64_t *cookie)
{
	for (size_t i = 0; i < sizeof(multi_gates) / sizeof(multi_gates[0]); i++) {
		if (strcmp(multi_gates[i].name, function->name) || function->argument > 3)
			continue;
		*cookie = multi_gates[i].cookie | function->argument;
		return true;
	}
	return false;
}

static bool multi_is_free(const struct function *function)
{
	for (size_t i = 0; i < sizeof(multi_frees) / sizeof(multi_frees[0]); i++) {
		if (!strcmp(multi_frees[i], function->name))
			return true;
	}
	return false;
}

static int multi_choose(struct multi *multi, struct probes *probes,
			const struct function *function)
{
	uint64_t cookie = 0;

	if (function->packet != FUNCTION_SKB || function->argument > 5)
		return 0;
	if (multi_is_free(function))
		return multi_list_add(&multi->lists[MULTI_FREE], function->address, 0);
	if (multi_is_gate(function, &cookie)) {
		probes_has(probes, function->name);
		return multi_list_add(&multi->lists[MULTI_GATE], function->address,
				      cookie);
	}
	if (!probes_has(probes, function->name))
		return 0;
	return multi_list_add(&multi->lists[MULTI_STEP_1 + function->argument - 1],
			      function->address, 0);
}

static int multi_load(struct session *session, struct multi *multi)
{
	const struct function *functions;
	size_t count;
	int err = functions_load(session->options.symbols, &multi->functions);

	if (err) {
		log_error("cannot find the functions that can be probed: %s",
			  strerror(-err));
		return err;
	}
	functions = functions_all(multi->functions, &count);
	for (size_t i = 0; !err && i < count; i++)
		err = multi_choose(multi, session->options.probes, &functions[i]);
	return err;
}

static int multi_prepare(struct session *session)
{
	struct multi *multi = calloc(1, sizeof(*multi));
	int err;

	if (!multi)
		return -ENOMEM;
	session->multi = multi;
	err = tracepoints_prepare(session);
	if (!err)
		err = multi_load(session, multi);
	for (enum multi_kind kind = 0; !err && kind < MULTI_KINDS; kind++)
		bpf_program__set_autoload(multi_program(session, kind),
					  multi->lists[kind].count > 0);
	return err;
}

/*
 * The kernel takes all functions of a link or none: when it refuses, the list
 * is halved until those are found that it will not have.
 */
static int multi_attach_range(struct session *session, enum multi_kind kind, size_t first,
			      size_t count)
{
	struct multi_list *list = &session->multi->lists[kind];
	LIBBPF_OPTS(bpf_link_create_opts, options,
		    .kprobe_multi.addrs = list->addresses + first,
		    .kprobe_multi.cookies = (const __u64 *)list->cookies + first,
		    .kprobe_multi.cnt = count);
	int fd = bpf_link_create(bpf_program__fd(multi_program(session, kind)), 0,
				 ATTACH_KPROBE_MULTI, &options);
	int err;

	if (fd >= 0) {
		session->functions += count;
		return fd_list_add(&session->multi->links, fd);
	}
	if (count == 1) {
		log_debug("function at %#lx cannot be probed: %s", list->addresses[first],
			  strerror(errno));
		session->refused++;
		return 0;
	}
	err = multi_attach_range(session, kind, first, count / 2);
	if (!err)
		err = multi_attach_range(session, kind, first + count / 2,
					 count - count / 2);
	return err;
}

/* Steps go last, so that no packet is followed that could not be forgotten. */
static int multi_attach(struct session *session)
{
	const struct probes *probes = session->options.probes;
	struct multi *multi = session->multi;
	int err = 0;

	for (enum multi_kind kind = MULTI_KINDS; !err && kind-- > 0;) {
		if (multi->lists[kind].count)
			err = multi_attach_range(session, kind, 0,
						 multi->lists[kind].count);
	}
	if (probes_unknown(probes))
		log_debug("%zu of the %zu functions in the list are not in this kernel",
			  probes_unknown(probes), probes_count(probes));
	return err ? err : tracepoints_attach(session);
}

static void multi_detach(struct session *session)
{
	struct multi *multi = session->multi;

	if (!multi)
		return;
	fd_list_close(&multi->links);
	for (enum multi_kind kind = 0; kind < MULTI_KINDS; kind++) {
		free(multi->lists[kind].addresses);
		free(multi->lists[kind].cookies);
	}
	functions_free(multi->functions);
	free(multi);
	session->multi = NULL;
}

const struct backend backend_multi = {
	.name = "multi",
	.help = "kprobe.multi on functions, and raw tracepoints",
	.reads = true,
	.usable = multi_usable,
	.prepare = multi_prepare,
	.attach = multi_attach,
	.detach = multi_detach,
};
