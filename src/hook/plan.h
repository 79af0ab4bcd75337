/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * plan.h - which functions are probed, and what is to be done there
 *
 * Every backend that probes functions attaches the same plan, each in its way.
 */
#ifndef BPFPATH_PLAN_H
#define BPFPATH_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bpf/function.h"
#include "bpf/rules.h"

struct function;
struct plan;
struct session;
struct session_options;

/*
 * Functions that are attached together, to the same program. Of what is attached, the
 * anchors are needed so that packets begin, and end when their memory goes.
 */
enum plan_group {
	PLAN_ANCHORS,
	PLAN_STEPS,
	PLAN_CALL_ANCHORS, /* the same, and the return is told of */
	PLAN_CALL_STEPS,
	PLAN_GROUPS
};

/* Arrays of .count, in the order of addresses; owned by the plan. */
struct plan_list {
	unsigned long *addresses;
	uint16_t *words; /* bpf/function.h */
	const struct function **functions;
	size_t count;
};

/* Which functions a backend probes: two that work together share them. */
typedef bool plan_takes(const struct function *function);

/* Those whose packet is in a register: what probes reach. */
bool plan_in_registers(const struct function *function);

/*
 * Find the functions of the session's zoom in the running kernel, of those which @takes
 * is true of. 0, or a negative errno after one line to the user.
 */
int plan_make(const struct session *session, plan_takes *takes, struct plan **out);
void plan_free(struct plan *plan);

/* Modules came or went since it was made. */
bool plan_is_old(const struct plan *plan);

/* Is what is attached needed as long as anything is? */
bool plan_is_anchor(enum plan_group group);

/* Is the return of these functions told of? */
bool plan_is_call(enum plan_group group);

/*
 * What is in a list of @plan and not in the same one of @old, in arrays of its own,
 * but with the plan's functions. 0 or -ENOMEM.
 */
int plan_list_new(const struct plan *plan, const struct plan *old, enum plan_group group,
		  struct plan_list *out);
void plan_list_clear(struct plan_list *list);

/* How a backend attaches a list. 0, or a negative errno after one line to the user. */
typedef int plan_attach(struct session *session, enum plan_group group,
			const struct plan_list *list);

/*
 * What a backend that probes functions does with each look at the devices (late.c):
 * if modules came or went, *@plan is made anew, and what is new in it is attached.
 */
int late_rescan(struct session *session, struct plan **plan, plan_attach *attach);

/*
 * What @function is, whatever the filter and the zoom: its word. All but steps are what
 * they are with every zoom.
 */
uint16_t plan_word(const struct function *function);

/*
 * FUNCTION_TCP or FUNCTION_UDP: at @function a packet can be told by its socket, so that
 * it may be a gate in place of a step, if the filter can be decided there.
 * FUNCTION_NONE: it cannot.
 */
enum function_role plan_socket_role(const struct function *function);

/* What @function can tell beside the packet, with what is known by kernel/rules.h. */
enum function_detail plan_detail(const uint32_t rules[RULES_OFFSETS],
				 const struct function *function);

const struct plan_list *plan_list(const struct plan *plan, enum plan_group group);

/*
 * The names of functions that are steps of a path with every zoom that probes any, if
 * the kernel has them: those where packets begin, or are copied or merged. Ended by
 * NULL, to be freed; NULL without memory.
 */
const char **plan_anchors(const struct session_options *options);

#endif
