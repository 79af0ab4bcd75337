/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * plan.h - which functions are probed, and by which program
 *
 * Every backend that probes functions attaches the same plan, each in its way.
 */
#ifndef BPFPATH_PLAN_H
#define BPFPATH_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct function;
struct plan;
struct session;

/* One list for each program; in the order in which they are to be attached. */
enum plan_kind {
	PLAN_FREE, /* the packet's memory goes: first, so that nothing is kept too long */
	PLAN_COPY, /* (new, old): a copy is made */
	PLAN_SPLIT,  /* (old, new): the second half becomes a packet of its own */
	PLAN_MORPH,  /* (packet, from): it takes over another one's content */
	PLAN_MERGE,  /* (into, from): the data may be moved */
	PLAN_QUEUE,  /* (queue, packet): a fragment */
	PLAN_STEP_1, /* steps, by the position of the packet among the arguments */
	PLAN_STEP_2,
	PLAN_STEP_3,
	PLAN_STEP_4,
	PLAN_STEP_5,
	PLAN_REF_1, /* the same with the position of a reference to a packet */
	PLAN_REF_2,
	PLAN_REF_3,
	PLAN_REF_4,
	PLAN_REF_5,
	PLAN_LIST_1, /* and with that of a list of packets */
	PLAN_LIST_2,
	PLAN_LIST_3,
	PLAN_LIST_4,
	PLAN_LIST_5,
	PLAN_CALL_1, /* steps whose return is told of, too */
	PLAN_CALL_2,
	PLAN_CALL_3,
	PLAN_CALL_4,
	PLAN_CALL_5,
	PLAN_CALL_REF_1,
	PLAN_CALL_REF_2,
	PLAN_CALL_REF_3,
	PLAN_CALL_REF_4,
	PLAN_CALL_REF_5,
	PLAN_GATE, /* packets begin: last */
	PLAN_CALL_GATE,
	PLAN_TCP, /* packets begin at their socket */
	PLAN_UDP,
	PLAN_KINDS
};

#define PLAN_POSITIONS 5 /* arguments that are in registers everywhere */

/* Arrays of .count, in the order of addresses; owned by the plan. */
struct plan_list {
	unsigned long *addresses;
	uint64_t *cookies; /* bpf/function.h */
	const char **names;
	size_t count;
};

/*
 * Find the functions of the session's zoom in the running kernel. 0, or a
 * negative errno after one line to the user.
 */
int plan_make(const struct session *session, struct plan **out);
void plan_free(struct plan *plan);

/* Modules came or went since it was made. */
bool plan_is_old(const struct plan *plan);

/* Without these no packet begins, or none ends when its memory goes. */
bool plan_is_anchor(enum plan_kind kind);

/*
 * What is in a list of @plan and not in the same one of @old, in arrays of its own,
 * but with the plan's names. 0 or -ENOMEM.
 */
int plan_list_new(const struct plan *plan, const struct plan *old, enum plan_kind kind,
		  struct plan_list *out);
void plan_list_clear(struct plan_list *list);

/* How a backend attaches a list. 0, or a negative errno after one line to the user. */
typedef int plan_attach(struct session *session, enum plan_kind kind,
			const struct plan_list *list);

/*
 * What a backend that probes functions does with each look at the devices (late.c):
 * if modules came or went, *@plan is made anew, and what is new in it is attached.
 */
int late_rescan(struct session *session, struct plan **plan, plan_attach *attach);

/*
 * Which program @function is for; *@cookie is set for a gate. PLAN_KINDS: for
 * none, as its packet comes behind PLAN_POSITIONS arguments. All but steps are what
 * they are with every zoom.
 */
enum plan_kind plan_kind_of(const struct function *function, uint64_t *cookie);

/*
 * The same with the return; @kind itself, if there is nothing to return to (a
 * packet that is freed), or if not one packet but a list of them is in the call.
 */
enum plan_kind plan_kind_call(enum plan_kind kind);

/* Is the return of these functions told of? */
bool plan_kind_is_call(enum plan_kind kind);

/*
 * PLAN_TCP or PLAN_UDP: at @function a packet can be told by its socket, so that it
 * may be a gate in place of a step, if the filter can be decided there. PLAN_KINDS:
 * it cannot.
 */
enum plan_kind plan_socket_kind(const struct function *function);

const struct plan_list *plan_list(const struct plan *plan, enum plan_kind kind);

#endif
