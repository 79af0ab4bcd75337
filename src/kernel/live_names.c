// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/live_names.h"

#include <stdlib.h>

#include "base/strings.h"
#include "kernel/kernel.h"
#include "kernel/netns.h"
#include "kernel/symbols.h"

struct live_names {
	struct names names;
	const struct kernel *kernel;
	const struct symbols *symbols;
	const struct netns_table *netns;
	struct strings *strings; /* what the table may forget */
};

static const char *live_symbol(struct names *names, uint64_t address, uint64_t *offset)
{
	const struct live_names *live = (struct live_names *)names;
	const struct symbol *symbol;

	symbol = live->symbols ? symbols_at(live->symbols, address) : NULL;
	if (!symbol)
		return NULL;
	*offset = address - symbol->address;
	return symbol->name;
}

static const char *live_drop_reason(struct names *names, uint32_t reason)
{
	return kernel_drop_reason(((struct live_names *)names)->kernel, reason);
}

static const char *live_netns(struct names *names, uint32_t inode)
{
	struct live_names *live = (struct live_names *)names;
	const struct netns *netns = netns_table_find(live->netns, inode);

	return netns && netns->name[0] ? strings_intern(live->strings, netns->name)
				       : NULL;
}

static const char *live_device(struct names *names, uint32_t netns, uint32_t ifindex)
{
	struct live_names *live = (struct live_names *)names;
	const char *name = netns_table_device(live->netns, netns, ifindex);

	return name ? strings_intern(live->strings, name) : NULL;
}

static const struct names_ops LIVE_OPS = {
	.symbol = live_symbol,
	.drop_reason = live_drop_reason,
	.netns = live_netns,
	.device = live_device,
};

struct names *live_names_new(const struct kernel *kernel, const struct symbols *symbols,
			     struct netns_table *netns)
{
	struct live_names *live = calloc(1, sizeof(*live));

	if (!live)
		return NULL;
	live->strings = strings_new();
	if (!live->strings) {
		free(live);
		return NULL;
	}
	live->names.ops = &LIVE_OPS;
	live->kernel = kernel;
	live->symbols = symbols;
	live->netns = netns;
	return &live->names;
}

void live_names_free(struct names *names)
{
	struct live_names *live = (struct live_names *)names;

	if (!live)
		return;
	strings_free(live->strings);
	free(live);
}
