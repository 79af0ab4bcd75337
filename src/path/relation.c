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
};
static_assert(sizeof(relation_names) / sizeof(relation_names[0]) == RELATIONS,
	      "a name per relation");

static const struct {
	const char *function;
	enum relation relation;
} makers[] = {
	{ "__copy_skb_header", RELATION_COPY },
	{ "skb_copy_header", RELATION_COPY },
	{ "skb_copy", RELATION_COPY },
	{ "skb_copy_expand", RELATION_COPY },
	{ "__pskb_copy_fclone", RELATION_COPY },
	{ "__skb_clone", RELATION_CLONE },
	{ "skb_clone", RELATION_CLONE },
	{ "skb_morph", RELATION_CLONE },
	{ "skb_segment", RELATION_SEGMENT },
	{ "skb_segment_list", RELATION_SEGMENT },
	{ "ip_copy_metadata", RELATION_FRAGMENT },
	{ "ip_fraglist_prepare", RELATION_FRAGMENT },
	{ "ip_frag_next", RELATION_FRAGMENT },
	{ "ip_do_fragment", RELATION_FRAGMENT },
	{ "ip6_copy_metadata", RELATION_FRAGMENT },
	{ "ip6_fraglist_prepare", RELATION_FRAGMENT },
	{ "ip6_frag_next", RELATION_FRAGMENT },
	{ "ip6_fragment", RELATION_FRAGMENT },
	{ "skb_split", RELATION_SPLIT },
	{ "tcp_fragment", RELATION_SPLIT },
	{ "tso_fragment", RELATION_SPLIT },
	{ "__tcp_transmit_skb", RELATION_TRANSMISSION },
	{ "__tcp_retransmit_skb", RELATION_TRANSMISSION },
	{ "arp_xmit", RELATION_CONSEQUENCE },
	{ "arp_send_dst", RELATION_CONSEQUENCE },
	{ "ndisc_send_skb", RELATION_CONSEQUENCE },
	{ "ndisc_send_ns", RELATION_CONSEQUENCE },
	{ "ndisc_send_na", RELATION_CONSEQUENCE },
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

static enum relation relation_of(const char *function)
{
	for (size_t i = 0; i < sizeof(makers) / sizeof(makers[0]); i++) {
		if (relation_is(function, makers[i].function))
			return makers[i].relation;
	}
	return RELATION_NONE;
}

struct making relation_read(const char *const *functions, size_t count)
{
	struct making making = { .relation = RELATION_COPY };

	for (size_t i = 0; i < count; i++) {
		enum relation relation = relation_of(functions[i]);

		if (!relation) {
			making.caller = functions[i];
			break;
		}
		making.relation = relation;
		making.maker = i;
	}
	return making;
}
