// SPDX-License-Identifier: GPL-2.0-only
#include "render/palette.h"

#include <string.h>

/* By what they do: green is the wire, blue the protocols, yellow the rules, red the end.
 */
static const struct {
	const char *stage, *colour;
} colours[] = {
	{ "driver", "#8fd19e" },  { "xdp", "#5fbf8f" },	      { "gro", "#b9e3a2" },
	{ "receive", "#a8d8b9" }, { "tc", "#f2d16b" },	      { "bridge", "#c9e265" },
	{ "tunnel", "#d9b8f0" },  { "ipsec", "#c39be8" },     { "netfilter", "#f7b267" },
	{ "routing", "#9db9f2" }, { "ip", "#8ecae6" },	      { "transport", "#a3b8ff" },
	{ "socket", "#c5cbff" },  { "neighbour", "#e6d3a3" }, { "qdisc", "#f4d9b0" },
	{ "xmit", "#86d6c0" },	  { "security", "#f2a6a6" },  { "skb", "#d5d9de" },
	{ "other", "#cfcfcf" },
};

#define COLOURS (sizeof(colours) / sizeof(colours[0]))

const char *palette_find(const char *stage)
{
	for (size_t i = 0; i < COLOURS; i++) {
		if (!strcmp(colours[i].stage, stage))
			return colours[i].colour;
	}
	return NULL;
}

const char *palette_stage(const char *stage)
{
	return palette_find(stage) ?: colours[COLOURS - 1].colour;
}

const char *palette_name(size_t i)
{
	return i < COLOURS ? colours[i].stage : NULL;
}
