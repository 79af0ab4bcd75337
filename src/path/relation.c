// SPDX-License-Identifier: GPL-2.0-only
#include "path/relation.h"

#include <assert.h>
#include <string.h>

static const char *const relation_names[] = {
	[RELATION_NONE] = NULL,
	[RELATION_CLONE] = "clone",
	[RELATION_COPY] = "copy",
	[RELATION_SEGMENT] = "segment",
	[RELATION_FRAGMENT] = "fragment",
	[RELATION_SPLIT] = "split",
	[RELATION_TRANSMISSION] = "transmission",
	[RELATION_CONSEQUENCE] = "consequence",
	[RELATION_CONTENT] = "content",
	[RELATION_RETRANSMISSION] = "retransmission",
};
static_assert(sizeof(relation_names) / sizeof(relation_names[0]) == RELATIONS,
	      "a name per relation");

/*
 * XDP wants a packet in one piece, with room in front and with nobody else's hands on it.
 * Those that move one copy what is not like that, and free it; the second one is inlined
 * into the third, and in 5.10 both into the last.
 */
static const struct maker {
	const char *function;
	enum relation relation;
	bool moves; /* the packet goes on as the copy */
} makers[] = {
	{ "__copy_skb_header", RELATION_COPY, false },
	{ "skb_copy_header", RELATION_COPY, false },
	{ "skb_copy", RELATION_COPY, false },
	{ "skb_copy_expand", RELATION_COPY, false },
	{ "skb_pp_cow_data", RELATION_COPY, true },
	{ "veth_convert_skb_to_xdp_buff", RELATION_COPY, true },
	{ "veth_xdp_rcv_skb", RELATION_COPY, true },
	{ "veth_poll", RELATION_COPY, true },
	{ "__pskb_copy_fclone", RELATION_COPY, false },
	{ "__skb_clone", RELATION_CLONE, false },
	{ "skb_clone", RELATION_CLONE, false },
	{ "skb_morph", RELATION_CLONE, false },
	{ "skb_segment", RELATION_SEGMENT, false },
	{ "skb_segment_list", RELATION_SEGMENT, false },
	{ "ip_copy_metadata", RELATION_FRAGMENT, false },
	{ "ip_fraglist_prepare", RELATION_FRAGMENT, false },
	{ "ip_frag_next", RELATION_FRAGMENT, false },
	{ "ip_do_fragment", RELATION_FRAGMENT, false },
	{ "ip6_copy_metadata", RELATION_FRAGMENT, false },
	{ "ip6_fraglist_prepare", RELATION_FRAGMENT, false },
	{ "ip6_frag_next", RELATION_FRAGMENT, false },
	{ "ip6_fragment", RELATION_FRAGMENT, false },
	{ "skb_split", RELATION_SPLIT, false },
	{ "tcp_fragment", RELATION_SPLIT, false },
	{ "tso_fragment", RELATION_SPLIT, false },
	{ "__tcp_transmit_skb", RELATION_TRANSMISSION, false },
	{ "__tcp_retransmit_skb", RELATION_TRANSMISSION, false },
	{ "arp_xmit", RELATION_CONSEQUENCE, false },
	{ "arp_send_dst", RELATION_CONSEQUENCE, false },
	{ "ndisc_send_skb", RELATION_CONSEQUENCE, false },
	{ "ndisc_send_ns", RELATION_CONSEQUENCE, false },
	{ "ndisc_send_na", RELATION_CONSEQUENCE, false },
};

const char *relation_name(enum relation relation)
{
	return relation_names[relation];
}

bool relation_is(const char *function, const char *name)
{
	size_t length = strlen(name);

	return !strncmp(function, name, length) &&
	       (!function[length] || function[length] == '.');
}

/* NULL: it makes nothing. */
static const struct maker *maker_find(const char *function)
{
	for (size_t i = 0; i < sizeof(makers) / sizeof(makers[0]); i++) {
		if (relation_is(function, makers[i].function))
			return &makers[i];
	}
	return NULL;
}

struct making relation_read(const char *const *functions, size_t count)
{
	struct making making = { .relation = RELATION_COPY,
				 .function = count ? functions[0] : NULL };

	for (size_t i = 0; i < count; i++) {
		const struct maker *maker = maker_find(functions[i]);

		if (!maker) {
			making.caller = functions[i];
			break;
		}
		making.relation = maker->relation;
		making.maker = i;
		making.function = functions[i];
		making.moves = maker->moves;
	}
	return making;
}
