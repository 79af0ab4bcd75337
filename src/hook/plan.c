// SPDX-License-Identifier: GPL-2.0-only
#include "hook/plan.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "bpf/bpfpath.skel.h"
#include "bpf/function.h"
#include "filter/filter.h"
#include "hook/internal.h"
#include "hook/probes.h"
#include "kernel/functions.h"
#include "kernel/kernel.h"
#include "kernel/modules.h"
#include "kernel/rules.h"
#include "path/result.h"
#include "path/stage.h"

struct plan {
	struct functions *functions;   /* owns those of the lists */
	uint64_t modules;	       /* modules_state() before they were read */
	uint32_t rules[RULES_OFFSETS]; /* bpf/rules.h */
	struct plan_list lists[PLAN_GROUPS];
};

/* Functions at which a packet of this machine is seen first, from the outside in. */
static const struct {
	const char *name;
	uint16_t flags;
} plan_gates[] = {
	{ "ip_local_out", FUNCTION_IP | FUNCTION_OUTPUT },
	{ "__ip_local_out", FUNCTION_IP | FUNCTION_AGAIN },
	{ "ip6_local_out", FUNCTION_IP | FUNCTION_OUTPUT },
	{ "__ip6_local_out", FUNCTION_IP | FUNCTION_AGAIN },
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
	enum function_role role;
} plan_sockets[] = {
	{ "__ip_queue_xmit", 2, FUNCTION_TCP },
	{ "inet6_csk_xmit", 2, FUNCTION_TCP },
	{ "udp_send_skb", 1, FUNCTION_UDP },
	{ "udp_v6_send_skb", 1, FUNCTION_UDP },
};

/* Ways of an sk_buff's memory into a cache from which it is used again unseen. */
static const char *const plan_frees[] = {
	"napi_skb_cache_put",	"napi_skb_free_stolen_head", "__napi_kfree_skb",
	"kfree_skb_napi_cache", "skb_attempt_defer_free",    "kfree_skbmem",
	"kfree_skb_partial",	"__kfree_skb_defer",	     "_kfree_skb_defer",
};

/*
 * Functions where a packet comes of another, goes into another one, has another one made,
 * goes on as an XDP frame, or is sent once more.
 */
static const struct {
	const char *name;
	enum function_role role;
	uint8_t argument;	     /* the first that is a packet */
	enum function_packet packet; /* what that is */
} plan_lineage[] = {
	{ "__copy_skb_header", FUNCTION_COPY, 1, FUNCTION_SKB },
	{ "ip_copy_metadata", FUNCTION_COPY, 1, FUNCTION_SKB },
	{ "ip6_copy_metadata", FUNCTION_COPY, 1, FUNCTION_SKB },
	{ "skb_split", FUNCTION_SPLIT, 1, FUNCTION_SKB },
	{ "skb_morph", FUNCTION_MORPH, 1, FUNCTION_SKB },
	{ "skb_gro_receive", FUNCTION_MERGE, 1, FUNCTION_SKB },
	{ "skb_gro_receive_list", FUNCTION_MERGE, 1, FUNCTION_SKB },
	{ "skb_try_coalesce", FUNCTION_MERGE, 1, FUNCTION_SKB },
	{ "inet_frag_queue_insert", FUNCTION_QUEUE, 2, FUNCTION_SKB },
	{ "inet_frag_reasm_prepare", FUNCTION_QUEUE, 2, FUNCTION_SKB },
	{ "arp_solicit", FUNCTION_CAUSE, 2, FUNCTION_SKB },
	{ "arp_process", FUNCTION_CAUSE, 3, FUNCTION_SKB },
	{ "arp_xmit", FUNCTION_MADE, 1, FUNCTION_SKB },
	{ "ndisc_solicit", FUNCTION_CAUSE, 2, FUNCTION_SKB },
	{ "ndisc_rcv", FUNCTION_CAUSE, 1, FUNCTION_SKB },
	{ "ndisc_send_skb", FUNCTION_MADE, 1, FUNCTION_SKB },
	{ "__tcp_retransmit_skb", FUNCTION_RESEND, 2, FUNCTION_SKB },
	{ "veth_xdp_rcv_skb", FUNCTION_FRAME_ENTER, 2, FUNCTION_SKB },
	{ "veth_xdp_get", FUNCTION_FRAME_LEAVE, 1, FUNCTION_XDP_BUFF },
	{ "veth_xdp_rcv_one", FUNCTION_FRAME_RECEIVE, 2, FUNCTION_XDP_FRAME },
	{ "__xdp_build_skb_from_frame", FUNCTION_FRAME_BUILD, 2, FUNCTION_SKB },
	{ "xdp_return_frame", FUNCTION_FRAME_RETURN, 1, FUNCTION_XDP_FRAME },
	{ "xdp_return_frame_rx_napi", FUNCTION_FRAME_RETURN, 1, FUNCTION_XDP_FRAME },
	{ "xdp_return_frame_bulk", FUNCTION_FRAME_RETURN, 1, FUNCTION_XDP_FRAME },
	{ "xdp_return_buff", FUNCTION_BUFF_RETURN, 1, FUNCTION_XDP_BUFF },
};

/* Functions that know more than the packet, with its position: bpf/detail.bpf.h. */
static const struct {
	const char *name;
	uint8_t argument; /* 0: it differs */
	enum function_detail detail;
} plan_details[] = {
	{ "ip_output", 3, FUNCTION_DETAIL_ROUTE },
	{ "ip_mc_output", 3, FUNCTION_DETAIL_ROUTE },
	{ "ip6_output", 3, FUNCTION_DETAIL_ROUTE },
	{ "nft_do_chain", 1, FUNCTION_DETAIL_CHAIN },
	{ "ipt_do_table", 0, FUNCTION_DETAIL_TABLE },
	{ "ip6t_do_table", 0, FUNCTION_DETAIL_TABLE },
};

static int plan_add(struct plan_list *list, const struct function *function,
		    uint16_t word)
{
	size_t size = list->count + 1;
	unsigned long *addresses = reallocarray(list->addresses, size,
						sizeof(*addresses));
	uint16_t *words;
	const struct function **functions;

	if (!addresses)
		return -ENOMEM;
	list->addresses = addresses;
	words = reallocarray(list->words, size, sizeof(*words));
	if (!words)
		return -ENOMEM;
	list->words = words;
	functions = reallocarray(list->functions, size, sizeof(*functions));
	if (!functions)
		return -ENOMEM;
	list->functions = functions;
	addresses[list->count] = function->address;
	words[list->count] = word;
	functions[list->count++] = function;
	return 0;
}

/* Never a copy by the compiler: a gate reads a packet where it expects one. */
static bool plan_is_gate(const struct function *function, uint16_t *flags)
{
	if (function->assumed || function->packet != FUNCTION_SKB ||
	    function->argument > FUNCTION_ARGUMENT_MAX)
		return false;
	for (size_t i = 0; i < sizeof(plan_gates) / sizeof(plan_gates[0]); i++) {
		if (strcmp(plan_gates[i].name, function->name))
			continue;
		*flags = plan_gates[i].flags;
		return true;
	}
	return false;
}

static bool function_is(const struct function *function, const char *name)
{
	size_t length = function_base_length(function->name);

	return strlen(name) == length && !memcmp(name, function->name, length);
}

/* A copy counts: it frees whatever followed packet comes first in it. */
static bool plan_is_free(const struct function *function)
{
	if (function->packet != FUNCTION_SKB || function->argument != 1)
		return false;
	for (size_t i = 0; i < sizeof(plan_frees) / sizeof(plan_frees[0]); i++) {
		if (function_is(function, plan_frees[i]))
			return true;
	}
	return false;
}

/*
 * Never a copy by the compiler: both arguments are believed. But of a function that sends
 * once more none is, and it may be called by its second half (.part.0, on 6.1).
 */
static bool plan_believes(const struct function *function, enum function_role role)
{
	return role == FUNCTION_RESEND ||
	       (!function->assumed &&
		!function->name[function_base_length(function->name)]);
}

static enum function_role plan_lineage_role(const struct function *function)
{
	for (size_t i = 0; i < sizeof(plan_lineage) / sizeof(plan_lineage[0]); i++) {
		if (function->argument == plan_lineage[i].argument &&
		    function->packet == plan_lineage[i].packet &&
		    function_is(function, plan_lineage[i].name) &&
		    plan_believes(function, plan_lineage[i].role))
			return plan_lineage[i].role;
	}
	return FUNCTION_NONE;
}

static enum function_role plan_step_role(const struct function *function)
{
	static const enum function_role roles[] = {
		[FUNCTION_SKB] = FUNCTION_STEP,
		[FUNCTION_SKB_REF] = FUNCTION_REF,
		[FUNCTION_SKB_LIST] = FUNCTION_LIST,
		[FUNCTION_XDP_FRAME] = FUNCTION_FRAME,
		[FUNCTION_XDP_BUFF] = FUNCTION_BUFF,
	};

	static_assert(sizeof(roles) / sizeof(roles[0]) == FUNCTION_PACKETS,
		      "a role for each way to take packets");
	return roles[function->packet];
}

bool plan_in_registers(const struct function *function)
{
	return function->argument <= FUNCTION_ARGUMENT_MAX;
}

uint16_t plan_word(const struct function *function)
{
	enum function_role role = plan_lineage_role(function);
	uint16_t flags = 0;

	if (role == FUNCTION_NONE && plan_is_free(function))
		role = FUNCTION_FREE;
	if (role == FUNCTION_NONE && plan_is_gate(function, &flags))
		role = FUNCTION_GATE;
	if (role == FUNCTION_NONE)
		role = plan_step_role(function);
	return FUNCTION_WORD(role, function->argument) | flags;
}

/*
 * A function that frees packets would not know any more who called it, which is
 * what tracepoints tell of it.
 */
static bool plan_sees_return(const struct session_options *options, const char *name)
{
	return result_decides(name) ||
	       (options->graph && stage_lookup(name).role != STAGE_ROLE_FREE);
}

static bool role_is_step(enum function_role role)
{
	return role == FUNCTION_STEP || role == FUNCTION_REF || role == FUNCTION_LIST ||
	       role == FUNCTION_FRAME || role == FUNCTION_BUFF;
}

static bool role_is_anchor(enum function_role role)
{
	return role >= FUNCTION_FREE;
}

/* Not of a list: more than one packet may be in the call. */
static bool role_can_return(enum function_role role)
{
	return role == FUNCTION_STEP || role == FUNCTION_REF || role == FUNCTION_GATE;
}

enum function_role plan_socket_role(const struct function *function)
{
	if (function->assumed || function->packet != FUNCTION_SKB)
		return FUNCTION_NONE;
	for (size_t i = 0; i < sizeof(plan_sockets) / sizeof(plan_sockets[0]); i++) {
		if (plan_sockets[i].argument == function->argument &&
		    !strcmp(plan_sockets[i].name, function->name))
			return plan_sockets[i].role;
	}
	return FUNCTION_NONE;
}

/* Is a gate of this kind of use? At a socket no packet has a device yet. */
static bool plan_wants_socket(const struct session_options *options,
			      enum function_role role)
{
	if (role == FUNCTION_NONE || options->dev)
		return false;
	return filter_knows_socket(options->filter,
				   role == FUNCTION_TCP ? IPPROTO_TCP : IPPROTO_UDP);
}

/* Is it known where to read it? */
static bool plan_can_tell(const uint32_t rules[RULES_OFFSETS],
			  enum function_detail detail)
{
	if (detail == FUNCTION_DETAIL_CHAIN)
		return rules[RULES_CHAIN_NAME] && rules[RULES_CHAIN_TABLE] &&
		       rules[RULES_TABLE_NAME];
	return detail != FUNCTION_DETAIL_TABLE || rules[RULES_XT_NAME];
}

/* Never of a copy by the compiler: other arguments are believed, too. */
enum function_detail plan_detail(const uint32_t rules[RULES_OFFSETS],
				 const struct function *function)
{
	for (size_t i = 0; i < sizeof(plan_details) / sizeof(plan_details[0]); i++) {
		uint8_t argument = plan_details[i].argument ?: function->argument;

		if (!function->assumed && function->argument == argument &&
		    !strcmp(plan_details[i].name, function->name) &&
		    plan_can_tell(rules, plan_details[i].detail))
			return plan_details[i].detail;
	}
	return FUNCTION_DETAIL_NONE;
}

static enum plan_group plan_group_of(const struct session_options *options,
				     const char *name, enum function_role role)
{
	bool anchor = role_is_anchor(role);

	if (role_can_return(role) && plan_sees_return(options, name))
		return anchor ? PLAN_CALL_ANCHORS : PLAN_CALL_STEPS;
	return anchor ? PLAN_ANCHORS : PLAN_STEPS;
}

static int plan_choose(struct plan *plan, const struct session_options *options,
		       const struct function *function)
{
	uint16_t word = plan_word(function);
	enum function_role role = FUNCTION_ROLE(word);
	enum function_role socket = plan_socket_role(function);
	enum plan_group group;

	if (!probes_has(options->probes, function->name) && role_is_step(role))
		return 0;
	if (plan_wants_socket(options, socket)) {
		role = socket;
		word = FUNCTION_WORD(socket, function->argument);
	}
	if (role_is_step(role))
		word |= FUNCTION_DETAIL_WORD(plan_detail(plan->rules, function));
	group = plan_group_of(options, function->name, role);
	return plan_add(&plan->lists[group], function, word);
}

int plan_make(const struct session *session, plan_takes *takes, struct plan **out)
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
	rules_find(options->kernel->types, plan->rules);
	if (session->skeleton) /* the benchmark has none */
		memcpy(session->skeleton->bss->rules, plan->rules, sizeof(plan->rules));
	functions = functions_all(plan->functions, &count);
	for (size_t i = 0; !err && i < count; i++)
		if (takes(&functions[i]))
			err = plan_choose(plan, options, &functions[i]);
	if (err) {
		plan_free(plan);
		return err;
	}
	*out = plan;
	return 0;
}

void plan_list_clear(struct plan_list *list)
{
	free(list->addresses);
	free(list->words);
	free(list->functions);
	*list = (struct plan_list){ 0 };
}

/* Both are in the order of addresses. */
int plan_list_new(const struct plan *plan, const struct plan *old, enum plan_group group,
		  struct plan_list *out)
{
	const struct plan_list *have = &old->lists[group], *all = &plan->lists[group];
	struct plan_list list = { 0 };
	size_t at = 0;
	int err = 0;

	for (size_t i = 0; !err && i < all->count; i++) {
		while (at < have->count && have->addresses[at] < all->addresses[i])
			at++;
		if (at == have->count || have->addresses[at] != all->addresses[i])
			err = plan_add(&list, all->functions[i], all->words[i]);
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
	for (enum plan_group group = 0; group < PLAN_GROUPS; group++)
		plan_list_clear(&plan->lists[group]);
	functions_free(plan->functions);
	free(plan);
}

bool plan_is_old(const struct plan *plan)
{
	return plan->modules != modules_state();
}

bool plan_is_anchor(enum plan_group group)
{
	return group == PLAN_ANCHORS || group == PLAN_CALL_ANCHORS;
}

bool plan_is_call(enum plan_group group)
{
	return group == PLAN_CALL_ANCHORS || group == PLAN_CALL_STEPS;
}

const struct plan_list *plan_list(const struct plan *plan, enum plan_group group)
{
	return &plan->lists[group];
}

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

const char **plan_anchors(const struct session_options *options)
{
	const char **names =
		calloc(COUNT(plan_gates) + COUNT(plan_sockets) + COUNT(plan_lineage) + 1,
		       sizeof(*names));
	size_t count = 0;

	if (!names)
		return NULL;
	for (size_t i = 0; i < COUNT(plan_gates); i++)
		names[count++] = plan_gates[i].name;
	for (size_t i = 0; i < COUNT(plan_lineage); i++)
		names[count++] = plan_lineage[i].name;
	for (size_t i = 0; i < COUNT(plan_sockets); i++) {
		if (plan_wants_socket(options, plan_sockets[i].role))
			names[count++] = plan_sockets[i].name;
	}
	return names;
}
