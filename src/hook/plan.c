// SPDX-License-Identifier: GPL-2.0-only
#include "hook/plan.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "bpf/function.h"
#include "filter/filter.h"
#include "hook/internal.h"
#include "hook/probes.h"
#include "kernel/functions.h"
#include "kernel/kernel.h"
#include "kernel/modules.h"
#include "path/result.h"
#include "path/stage.h"

#define PLAN_GATE_POSITIONS 3 /* that a gate's program knows: bpf/function.h */

struct plan {
	struct functions *functions; /* owns the names */
	uint64_t modules;	     /* modules_state() before they were read */
	struct plan_list lists[PLAN_KINDS];
};

/* Functions at which a packet of this machine is seen first, from the outside in. */
static const struct {
	const char *name;
	uint64_t cookie;
} plan_gates[] = {
	{ "ip_local_out", FUNCTION_COOKIE_IP | FUNCTION_COOKIE_OUTPUT },
	{ "__ip_local_out", FUNCTION_COOKIE_IP | FUNCTION_COOKIE_AGAIN },
	{ "ip6_local_out", FUNCTION_COOKIE_IP | FUNCTION_COOKIE_OUTPUT },
	{ "__ip6_local_out", FUNCTION_COOKIE_IP | FUNCTION_COOKIE_AGAIN },
	{ "__dev_queue_xmit", 0 },
};

/*
 * Functions between a socket and the IP header, with the position of the packet; the
 * socket, or what is known of the destination, is at the other of the first two.
 * __tcp_transmit_skb would be one, too, but what it is given stays in the socket's
 * queue until it is acknowledged, and a copy goes down.
 */
static const struct {
	const char *name;
	int argument;
	enum plan_kind kind;
} plan_sockets[] = {
	{ "__ip_queue_xmit", 2, PLAN_TCP },
	{ "inet6_csk_xmit", 2, PLAN_TCP },
	{ "udp_send_skb", 1, PLAN_UDP },
	{ "udp_v6_send_skb", 1, PLAN_UDP },
};

/* Ways of an sk_buff's memory into a cache from which it is used again unseen. */
static const char *const plan_frees[] = {
	"napi_skb_cache_put",	"napi_skb_free_stolen_head", "__napi_kfree_skb",
	"kfree_skb_napi_cache", "skb_attempt_defer_free",    "kfree_skbmem",
	"kfree_skb_partial",	"__kfree_skb_defer",	     "_kfree_skb_defer",
};

/* Functions where a packet comes of another, or goes into another one. */
static const struct {
	const char *name;
	enum plan_kind kind;
	uint8_t argument; /* the first that is a packet */
} plan_lineage[] = {
	{ "__copy_skb_header", PLAN_COPY, 1 },
	{ "ip_copy_metadata", PLAN_COPY, 1 },
	{ "ip6_copy_metadata", PLAN_COPY, 1 },
	{ "skb_split", PLAN_SPLIT, 1 },
	{ "skb_morph", PLAN_MORPH, 1 },
	{ "skb_gro_receive", PLAN_MERGE, 1 },
	{ "skb_gro_receive_list", PLAN_MERGE, 1 },
	{ "skb_try_coalesce", PLAN_MERGE, 1 },
	{ "inet_frag_queue_insert", PLAN_QUEUE, 2 },
	{ "inet_frag_reasm_prepare", PLAN_QUEUE, 2 },
};

static int plan_add(struct plan_list *list, unsigned long address, const char *name,
		    uint64_t cookie)
{
	size_t size = list->count + 1;
	unsigned long *addresses = reallocarray(list->addresses, size,
						sizeof(*addresses));
	uint64_t *cookies;
	const char **names;

	if (!addresses)
		return -ENOMEM;
	list->addresses = addresses;
	cookies = reallocarray(list->cookies, size, sizeof(*cookies));
	if (!cookies)
		return -ENOMEM;
	list->cookies = cookies;
	names = reallocarray(list->names, size, sizeof(*names));
	if (!names)
		return -ENOMEM;
	list->names = names;
	addresses[list->count] = address;
	cookies[list->count] = cookie;
	names[list->count++] = name;
	return 0;
}

/*
 * Never a copy by the compiler: a gate reads a packet where it expects one.
 */
static bool plan_is_gate(const struct function *function, uint64_t *cookie)
{
	if (function->assumed || function->packet != FUNCTION_SKB ||
	    function->argument > PLAN_GATE_POSITIONS)
		return false;
	for (size_t i = 0; i < sizeof(plan_gates) / sizeof(plan_gates[0]); i++) {
		if (strcmp(plan_gates[i].name, function->name))
			continue;
		*cookie = plan_gates[i].cookie | function->argument;
		return true;
	}
	return false;
}

/* A copy counts: it frees whatever followed packet comes first in it. */
static bool plan_is_free(const struct function *function)
{
	size_t length = function_base_length(function->name);

	if (function->packet != FUNCTION_SKB || function->argument != 1)
		return false;
	for (size_t i = 0; i < sizeof(plan_frees) / sizeof(plan_frees[0]); i++) {
		if (strlen(plan_frees[i]) == length &&
		    !memcmp(plan_frees[i], function->name, length))
			return true;
	}
	return false;
}

/* Never a copy by the compiler: both arguments are believed. PLAN_KINDS: none. */
static enum plan_kind plan_lineage_kind(const struct function *function)
{
	if (function->assumed || function->packet != FUNCTION_SKB)
		return PLAN_KINDS;
	for (size_t i = 0; i < sizeof(plan_lineage) / sizeof(plan_lineage[0]); i++) {
		if (function->argument == plan_lineage[i].argument &&
		    !strcmp(plan_lineage[i].name, function->name))
			return plan_lineage[i].kind;
	}
	return PLAN_KINDS;
}

static const enum plan_kind plan_first[] = {
	[FUNCTION_SKB] = PLAN_STEP_1,
	[FUNCTION_SKB_REF] = PLAN_REF_1,
	[FUNCTION_SKB_LIST] = PLAN_LIST_1,
};

static_assert(sizeof(plan_first) / sizeof(plan_first[0]) == FUNCTION_PACKETS,
	      "programs for each kind of packet");
static_assert(PLAN_REF_1 - PLAN_STEP_1 == PLAN_POSITIONS &&
		      PLAN_LIST_1 - PLAN_REF_1 == PLAN_POSITIONS &&
		      PLAN_CALL_1 - PLAN_LIST_1 == PLAN_POSITIONS &&
		      PLAN_CALL_REF_1 - PLAN_CALL_1 == PLAN_POSITIONS &&
		      PLAN_GATE - PLAN_CALL_REF_1 == PLAN_POSITIONS,
	      "a program for each position");

enum plan_kind plan_kind_of(const struct function *function, uint64_t *cookie)
{
	enum plan_kind lineage = plan_lineage_kind(function);

	*cookie = 0;
	if (lineage != PLAN_KINDS)
		return lineage;
	if (plan_is_free(function))
		return PLAN_FREE;
	if (plan_is_gate(function, cookie))
		return PLAN_GATE;
	if (function->argument > PLAN_POSITIONS)
		return PLAN_KINDS;
	return plan_first[function->packet] + function->argument - 1;
}

enum plan_kind plan_kind_call(enum plan_kind kind)
{
	if (kind >= PLAN_STEP_1 && kind < PLAN_REF_1)
		return kind - PLAN_STEP_1 + PLAN_CALL_1;
	if (kind >= PLAN_REF_1 && kind < PLAN_LIST_1)
		return kind - PLAN_REF_1 + PLAN_CALL_REF_1;
	return kind == PLAN_GATE ? PLAN_CALL_GATE : kind;
}

bool plan_kind_is_call(enum plan_kind kind)
{
	return (kind >= PLAN_CALL_1 && kind < PLAN_GATE) || kind == PLAN_CALL_GATE;
}

/*
 * A function that frees packets would not know any more who called it, which is
 * what tracepoints tell of it.
 */
static bool plan_sees_return(const struct session_options *options, const char *name)
{
	return result_known(name) ||
	       (options->graph && stage_lookup(name).role != STAGE_ROLE_FREE);
}

static bool plan_is_step(enum plan_kind kind)
{
	return kind >= PLAN_STEP_1 && kind <= PLAN_LIST_5;
}

enum plan_kind plan_socket_kind(const struct function *function)
{
	if (function->assumed || function->packet != FUNCTION_SKB)
		return PLAN_KINDS;
	for (size_t i = 0; i < sizeof(plan_sockets) / sizeof(plan_sockets[0]); i++) {
		if (plan_sockets[i].argument == function->argument &&
		    !strcmp(plan_sockets[i].name, function->name))
			return plan_sockets[i].kind;
	}
	return PLAN_KINDS;
}

/* Is a gate of this kind of use? At a socket no packet has a device yet. */
static bool plan_wants_socket(const struct session_options *options, enum plan_kind kind)
{
	if (kind == PLAN_KINDS || options->dev)
		return false;
	return filter_knows_socket(options->filter,
				   kind == PLAN_TCP ? IPPROTO_TCP : IPPROTO_UDP);
}

static int plan_choose(struct plan *plan, const struct session_options *options,
		       const struct function *function)
{
	uint64_t cookie;
	enum plan_kind kind = plan_kind_of(function, &cookie);
	enum plan_kind socket = plan_socket_kind(function);

	if (kind == PLAN_KINDS)
		return 0;
	if (!probes_has(options->probes, function->name) && plan_is_step(kind))
		return 0;
	if (plan_wants_socket(options, socket))
		kind = socket;
	else if (plan_sees_return(options, function->name))
		kind = plan_kind_call(kind);
	return plan_add(&plan->lists[kind], function->address, function->name, cookie);
}

int plan_make(const struct session *session, struct plan **out)
{
	const struct session_options *options = &session->options;
	struct plan *plan = calloc(1, sizeof(*plan));
	const struct function *functions;
	size_t count;
	int err;

	if (!plan)
		return -ENOMEM;
	plan->modules = modules_state();
	err = functions_load(options->kernel->btf, options->symbols, &plan->functions);
	if (err) {
		log_error("cannot find the functions that can be probed: %s",
			  strerror(-err));
		plan_free(plan);
		return err;
	}
	functions = functions_all(plan->functions, &count);
	for (size_t i = 0; !err && i < count; i++)
		err = plan_choose(plan, options, &functions[i]);
	if (err) {
		plan_free(plan);
		return err;
	}
	probes_report(options->probes);
	*out = plan;
	return 0;
}

void plan_list_clear(struct plan_list *list)
{
	free(list->addresses);
	free(list->cookies);
	free(list->names);
	*list = (struct plan_list){ 0 };
}

/* Both are in the order of addresses. */
int plan_list_new(const struct plan *plan, const struct plan *old, enum plan_kind kind,
		  struct plan_list *out)
{
	const struct plan_list *have = &old->lists[kind], *all = &plan->lists[kind];
	struct plan_list list = { 0 };
	size_t at = 0;
	int err = 0;

	for (size_t i = 0; !err && i < all->count; i++) {
		while (at < have->count && have->addresses[at] < all->addresses[i])
			at++;
		if (at == have->count || have->addresses[at] != all->addresses[i])
			err = plan_add(&list, all->addresses[i], all->names[i],
				       all->cookies[i]);
	}
	if (err) {
		plan_list_clear(&list);
		return err;
	}
	*out = list;
	return 0;
}

void plan_free(struct plan *plan)
{
	if (!plan)
		return;
	for (enum plan_kind kind = 0; kind < PLAN_KINDS; kind++)
		plan_list_clear(&plan->lists[kind]);
	functions_free(plan->functions);
	free(plan);
}

bool plan_is_old(const struct plan *plan)
{
	return plan->modules != modules_state();
}

bool plan_is_anchor(enum plan_kind kind)
{
	return kind == PLAN_FREE || kind == PLAN_GATE || kind == PLAN_CALL_GATE;
}

const struct plan_list *plan_list(const struct plan *plan, enum plan_kind kind)
{
	return &plan->lists[kind];
}
