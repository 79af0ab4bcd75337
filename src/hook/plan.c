// SPDX-License-Identifier: GPL-2.0-only
#include "hook/plan.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "bpf/function.h"
#include "hook/internal.h"
#include "hook/probes.h"
#include "kernel/functions.h"

struct plan {
	struct functions *functions; /* owns the names */
	struct plan_list lists[PLAN_KINDS];
};

#define PLAN_POSITIONS 5 /* arguments that are in registers everywhere */

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

/* Ways of an sk_buff's memory into a cache from which it is used again unseen. */
static const char *const plan_frees[] = {
	"napi_skb_cache_put",
	"napi_skb_free_stolen_head",
};

static int plan_add(struct plan_list *list, const struct function *function,
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
	addresses[list->count] = function->address;
	cookies[list->count] = cookie;
	names[list->count++] = function->name;
	return 0;
}

static bool plan_is_gate(const struct function *function, uint64_t *cookie)
{
	for (size_t i = 0; i < sizeof(plan_gates) / sizeof(plan_gates[0]); i++) {
		if (strcmp(plan_gates[i].name, function->name) || function->argument > 3)
			continue;
		*cookie = plan_gates[i].cookie | function->argument;
		return true;
	}
	return false;
}

static bool plan_is_free(const struct function *function)
{
	for (size_t i = 0; i < sizeof(plan_frees) / sizeof(plan_frees[0]); i++) {
		if (!strcmp(plan_frees[i], function->name))
			return true;
	}
	return false;
}

static int plan_choose(struct plan *plan, struct probes *probes,
		       const struct function *function)
{
	bool wanted = probes_has(probes, function->name);
	uint64_t cookie = 0;

	if (function->packet != FUNCTION_SKB || function->argument > PLAN_POSITIONS)
		return 0;
	if (plan_is_free(function))
		return plan_add(&plan->lists[PLAN_FREE], function, 0);
	if (plan_is_gate(function, &cookie))
		return plan_add(&plan->lists[PLAN_GATE], function, cookie);
	if (!wanted)
		return 0;
	return plan_add(&plan->lists[PLAN_STEP_1 + function->argument - 1], function, 0);
}

int plan_make(const struct session *session, struct plan **out)
{
	struct probes *probes = session->options.probes;
	struct plan *plan = calloc(1, sizeof(*plan));
	const struct function *functions;
	size_t count;
	int err;

	if (!plan)
		return -ENOMEM;
	err = functions_load(session->options.symbols, &plan->functions);
	if (err) {
		log_error("cannot find the functions that can be probed: %s",
			  strerror(-err));
		plan_free(plan);
		return err;
	}
	functions = functions_all(plan->functions, &count);
	for (size_t i = 0; !err && i < count; i++)
		err = plan_choose(plan, probes, &functions[i]);
	if (err) {
		plan_free(plan);
		return err;
	}
	if (probes_unknown(probes))
		log_debug("%zu of the %zu functions in the list cannot be probed in this "
			  "kernel",
			  probes_unknown(probes), probes_count(probes));
	*out = plan;
	return 0;
}

void plan_free(struct plan *plan)
{
	if (!plan)
		return;
	for (enum plan_kind kind = 0; kind < PLAN_KINDS; kind++) {
		free(plan->lists[kind].addresses);
		free(plan->lists[kind].cookies);
		free(plan->lists[kind].names);
	}
	functions_free(plan->functions);
	free(plan);
}

const struct plan_list *plan_list(const struct plan *plan, enum plan_kind kind)
{
	return &plan->lists[kind];
}
