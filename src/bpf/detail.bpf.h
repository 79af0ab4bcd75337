/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * detail.bpf.h - what a function knows beside the packet: the rules that it goes
 * through, the route that it has
 *
 * Told of followed packets only, behind the step.
 */
#ifndef BPFPATH_DETAIL_BPF_H
#define BPFPATH_DETAIL_BPF_H

#include "bpf/function.h"
#include "bpf/rules.h"
#include "bpf/skb.bpf.h"
#include "bpf/step.bpf.h"

#define DETAIL_RTF_GATEWAY 0x0002 /* include/uapi/linux/route.h */

/* enum rules_offset; a module that is loaded later brings its own. */
__u32 rules[RULES_OFFSETS];

static __always_inline __u64 detail_pointer(__u64 address)
{
	__u64 pointer = 0;

	bpf_probe_read_kernel(&pointer, sizeof(pointer), (void *)address);
	return pointer;
}

static __always_inline void detail_name(char name[EVENT_NAME_LEN], __u64 address)
{
	__builtin_memset(name, 0, EVENT_NAME_LEN);
	bpf_probe_read_kernel_str(name, EVENT_NAME_LEN, (void *)address);
}

static __always_inline struct event_chain *detail_chain_event(struct followed *followed,
							      const struct step *step)
{
	struct event_chain *event = step_reserve(followed, step, sizeof(*event));

	if (!event)
		return NULL;
	step_fill(&event->event, followed, step);
	step_fill_task(&event->event);
	return event;
}

/* A chain that a hook of nftables begins with: struct nft_chain. */
static __noinline void detail_chain(struct followed *followed, struct step *step,
				    __u64 chain)
{
	struct event_chain *event = detail_chain_event(followed, step);
	__u64 table;

	if (!event)
		return;
	table = detail_pointer(chain + rules[RULES_CHAIN_TABLE]);
	detail_name(event->table, detail_pointer(table + rules[RULES_TABLE_NAME]));
	detail_name(event->chain, detail_pointer(chain + rules[RULES_CHAIN_NAME]));
	bpf_ringbuf_submit(event, step_wakeup(followed));
}

/* A table of iptables, struct xt_table, whose chains are called as their hooks. */
static __noinline void detail_table(struct followed *followed, struct step *step,
				    __u64 table, __u64 state)
{
	struct nf_hook_state *hook = (struct nf_hook_state *)state;
	struct event_chain *event;

	step->id = EVENT_HOOK_PREROUTING + BPF_CORE_READ_BITFIELD_PROBED(hook, hook);
	event = detail_chain_event(followed, step);
	if (!event)
		return;
	__builtin_memset(event->chain, 0, sizeof(event->chain));
	detail_name(event->table, table + rules[RULES_XT_NAME]);
	bpf_ringbuf_submit(event, step_wakeup(followed));
}

static __always_inline void detail_gateway(struct event_route *event,
					   const struct dst_entry *dst, __u16 family)
{
	struct rt6_info *route6 = (struct rt6_info *)dst;
	struct rtable *route4 = (struct rtable *)dst;

	__builtin_memset(event->gateway, 0, sizeof(event->gateway));
	event->family = 0;
	if (family == AF_INET) {
		event->family = BPF_CORE_READ(route4, rt_gw_family);
		if (event->family == AF_INET)
			*(__be32 *)event->gateway = BPF_CORE_READ(route4, rt_gw4);
		else if (event->family)
			BPF_CORE_READ_INTO((struct in6_addr *)event->gateway, route4,
					   rt_gw6);
	} else if (bpf_core_field_exists(route6->rt6i_gateway) &&
		   BPF_CORE_READ(route6, rt6i_flags) & DETAIL_RTF_GATEWAY) {
		event->family = AF_INET6;
		BPF_CORE_READ_INTO((struct in6_addr *)event->gateway, route6,
				   rt6i_gateway);
	}
}

/* The packet's own: where ip_output and ip6_output send it, and what they read. */
static __noinline void detail_route(struct followed *followed, struct step *step)
{
	struct sk_buff *skb = (struct sk_buff *)step->skb;
	struct dst_entry *dst = (void *)(BPF_CORE_READ(skb, _skb_refdst) &
					 SKB_DST_PTRMASK);
	__u16 family = dst ? BPF_CORE_READ(dst, ops, family) : 0;
	struct event_route *event;

	if (family != AF_INET && family != AF_INET6)
		return; /* none, or that of a tunnel (dst_metadata.h) */
	event = step_reserve(followed, step, sizeof(*event));
	if (!event)
		return;
	step_fill(&event->event, followed, step);
	step_fill_task(&event->event);
	event->event.ifindex = BPF_CORE_READ(dst, dev, ifindex);
	__builtin_memset(event->dev, 0, sizeof(event->dev));
	BPF_CORE_READ_STR_INTO(&event->dev, dst, dev, name);
	__builtin_memset(event->pad, 0, sizeof(event->pad));
	detail_gateway(event, dst, family);
	bpf_ringbuf_submit(event, step_wakeup(followed));
}

/*
 * More of the step @at, which was told of: of its @object, and with what @state a hook
 * was called. Not inlined, like gate_step(), for the stack.
 */
static __noinline void detail_tell(struct followed *followed, const struct step *at,
				   __u32 detail, __u64 object, __u64 state)
{
	struct step step = { .skb = at->skb, .where = at->where, .kind = EVENT_CHAIN };

	switch (detail) {
	case FUNCTION_DETAIL_ROUTE:
		step.kind = EVENT_ROUTE;
		detail_route(followed, &step);
		break;
	case FUNCTION_DETAIL_CHAIN:
		detail_chain(followed, &step, object);
		break;
	case FUNCTION_DETAIL_TABLE:
		detail_table(followed, &step, object, state);
		break;
	}
}

#endif
