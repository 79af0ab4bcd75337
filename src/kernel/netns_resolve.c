// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "kernel/netns.h"
#include "kernel/netns_places.h"

/* More names in one message nobody reads. */
#define NAMES_SHOWN 12

static int name_resolve(const struct netns_table *table, const char *text,
			uint32_t *inode)
{
	for (size_t i = 0; i < netns_table_count(table); i++) {
		const struct netns *netns = netns_table_get(table, i);

		if (strcmp(netns->name, text))
			continue;
		*inode = netns->inode;
		return 0;
	}
	return strcmp(text, "host") ? -ENOENT : netns_places_host(inode);
}

/* Pids end at 2^22 (proc(5)), and inodes of namespaces begin far above. */
static int number_resolve(const struct netns_table *table, const char *text,
			  uint32_t *inode)
{
	unsigned long number;
	char path[64], *end;

	number = strtoul(text, &end, 10);
	if (!isdigit((unsigned char)text[0]) || *end || number > UINT32_MAX)
		return -ENOENT;
	if (netns_table_find(table, number)) {
		*inode = number;
		return 0;
	}
	snprintf(path, sizeof(path), "/proc/%lu/ns/net", number);
	return netns_places_inode(path, inode);
}

static void names_tell(const struct netns_table *table, const char *text)
{
	char names[NAMES_SHOWN * (sizeof(((struct netns *)NULL)->name) + 2)] = "";
	size_t used = 0, named = 0;

	for (size_t i = 0; i < netns_table_count(table); i++) {
		const char *name = netns_table_get(table, i)->name;

		if (name[0] && named++ < NAMES_SHOWN)
			used += snprintf(names + used, sizeof(names) - used, "%s%s",
					 used ? ", " : "", name);
	}
	log_error("no network namespace is called \"%s\"; there is %s%s", text, names,
		  named > NAMES_SHOWN ? ", ..." : "");
}

int netns_resolve(const struct netns_table *table, const char *text, uint32_t *inode)
{
	int err = name_resolve(table, text, inode);

	if (err)
		err = number_resolve(table, text, inode);
	if (err && strchr(text, '/'))
		err = netns_places_inode(text, inode);
	if (!err)
		return 0;
	names_tell(table, text);
	return -ENOENT;
}
