// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/netns.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "kernel/container.h"
#include "kernel/devices.h"
#include "kernel/netns_places.h"

struct entry {
	struct netns netns;
	pid_t named_by; /* process that the name was made of, 0: none */
};

struct netns_table {
	struct entry *entries; /* by inode */
	size_t count;
	struct netns_places places; /* kept for its memory */
	int home;		    /* our own namespace, open */
	uint32_t home_inode;
	bool warned; /* that other namespaces cannot be entered */
};

struct scan {
	netns_fn fn;
	void *context;
	int stop; /* what @fn said, or -ENOMEM; 0: go on */
};

struct netns_table *netns_table_new(void)
{
	struct netns_table *table = calloc(1, sizeof(*table));

	if (table)
		table->home = -1;
	return table;
}

static void entries_free(struct entry *entries, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(entries[i].netns.devices);
	free(entries);
}

void netns_table_free(struct netns_table *table)
{
	if (!table)
		return;
	entries_free(table->entries, table->count);
	netns_places_clear(&table->places);
	if (table->home >= 0)
		close(table->home);
	free(table);
}

/* To hold our own open costs nobody anything: we are in it anyhow. */
static int home_open(struct netns_table *table)
{
	AUTO_FD int fd = -1;
	struct stat stat;

	if (table->home >= 0)
		return 0;
	fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &stat))
		return -errno;
	table->home = TAKE_FD(fd);
	table->home_inode = stat.st_ino;
	return 0;
}

/* What follows would happen to somebody else's devices: better nothing does. */
static void home_return(const struct netns_table *table)
{
	if (!setns(table->home, CLONE_NEWNET))
		return;
	log_error("cannot return to our own network namespace: %s; giving up",
		  strerror(errno));
	exit(EXIT_FAILURE);
}

/*
 * Go into the namespace, which is not our own. Its file may by now be gone, or
 * lead to another one: a pid was used again.
 */
static int place_enter(const struct netns_place *place)
{
	AUTO_FD int fd = open(place->path, O_RDONLY | O_CLOEXEC);
	struct stat stat;

	if (fd < 0 || fstat(fd, &stat))
		return -errno;
	if (stat.st_ino != place->inode)
		return -ESTALE;
	return setns(fd, CLONE_NEWNET) ? -errno : 0;
}

static void comm_read(pid_t pid, char *name, size_t size)
{
	AUTO_FILE FILE *file = NULL;
	char path[64], comm[17] = "";

	snprintf(path, sizeof(path), "/proc/%d/comm", (int)pid);
	file = fopen(path, "re");
	if (!file || !fgets(comm, sizeof(comm), file))
		return;
	comm[strcspn(comm, "\n")] = '\0';
	/* A process calls itself what it likes; this is a name to type. */
	for (char *c = comm; *c; c++)
		if (!isgraph((unsigned char)*c))
			*c = '?';
	snprintf(name, size, "%s:%d", comm, (int)pid);
}

static void process_name(pid_t pid, char *name, size_t size)
{
	AUTO_FILE FILE *file = NULL;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/cgroup", (int)pid);
	file = fopen(path, "re");
	if (!file || container_read(file, name, size))
		comm_read(pid, name, size);
}

static void entry_name(struct entry *entry, const struct netns_place *place,
		       uint32_t host)
{
	struct netns *netns = &entry->netns;

	if (place->name[0] || netns->inode == host) {
		snprintf(netns->name, sizeof(netns->name), "%s",
			 place->name[0] ? place->name : "host");
		entry->named_by = 0;
		return;
	}
	if (entry->named_by && entry->named_by == place->pid)
		return;
	netns->name[0] = '\0';
	entry->named_by = place->pid;
	if (place->pid)
		process_name(place->pid, netns->name, sizeof(netns->name));
}

static struct netns_device *device_find(const struct netns *netns, uint32_t ifindex)
{
	size_t low = 0, high = netns->device_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (netns->devices[middle].ifindex < ifindex)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < netns->device_count && netns->devices[low].ifindex == ifindex)
		return &netns->devices[low];
	return NULL;
}

static void device_fill(struct netns_device *device, const struct device *found,
			uint32_t netns)
{
	device->netns = netns;
	device->ifindex = found->ifindex;
	device->type = found->type;
	device->xdp = found->xdp;
	memcpy(device->name, found->name, sizeof(device->name));
}

/*
 * Put what was @found into @netns, calling the function for what is new there.
 * When it says stop, the new ones that it has not taken are left out.
 */
static int devices_merge(struct netns *netns, const struct device *found, size_t count,
			 struct scan *scan)
{
	struct netns old = *netns;

	netns->devices = calloc(count ?: 1, sizeof(*netns->devices));
	if (!netns->devices) {
		netns->devices = old.devices;
		return -ENOMEM;
	}
	netns->device_count = 0;
	for (size_t i = 0; i < count; i++) {
		struct netns_device *device = &netns->devices[netns->device_count];
		const struct netns_device *before = device_find(&old, found[i].ifindex);

		device_fill(device, &found[i], netns->inode);
		device->seen = before && before->seen;
		if (!before && scan->stop)
			continue;
		netns->device_count++;
		if (!before && scan->fn)
			scan->stop = scan->fn(netns, device, scan->context);
		netns->device_count -= !before && scan->stop;
	}
	free(old.devices);
	return 0;
}

/* We are in it: look at its devices. When that fails they stay as they were. */
static void netns_look(struct netns *netns, struct scan *scan)
{
	AUTO_FREE struct device *found = NULL;
	size_t count = 0;
	int err = devices_list(&found, &count);

	if (!err)
		err = devices_merge(netns, found, count, scan);
	if (err == -ENOMEM)
		scan->stop = err;
	else if (err)
		log_debug("devices of namespace %u: %s", netns->inode, strerror(-err));
}

static void table_warn(struct netns_table *table, int err)
{
	if (table->warned)
		return;
	table->warned = true;
	log_warn("other network namespaces are left out: %s; entering them needs "
		 "CAP_SYS_ADMIN",
		 strerror(-err));
}

/*
 * False when the namespace is gone, or was none of the network. Where we may
 * not go, it is there and without devices.
 */
static bool place_visit(struct netns_table *table, const struct netns_place *place,
			struct netns *netns, struct scan *scan)
{
	int err;

	if (place->inode == table->home_inode) {
		netns_look(netns, scan);
		return true;
	}
	err = place_enter(place);
	if (err == -EPERM || err == -EACCES) {
		table_warn(table, err);
		return true;
	}
	if (err)
		return false;
	netns_look(netns, scan);
	home_return(table);
	return true;
}

static struct entry *entry_find(const struct netns_table *table, uint32_t inode)
{
	size_t low = 0, high = table->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (table->entries[middle].netns.inode < inode)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < table->count && table->entries[low].netns.inode == inode)
		return &table->entries[low];
	return NULL;
}

/* Move what is known of @inode out of the table; a fresh one when nothing is. */
static struct entry entry_take(struct netns_table *table, uint32_t inode)
{
	struct entry *old = entry_find(table, inode), entry = { .netns.inode = inode };

	if (old) {
		entry = *old;
		old->netns.devices = NULL;
		old->netns.device_count = 0;
	}
	return entry;
}

/*
 * Fill @entries, in the order of the places, which is by inode. Once the
 * function has said stop, what is left is taken over as it was.
 */
static size_t places_visit(struct netns_table *table, struct entry *entries,
			   struct scan *scan)
{
	const struct netns_places *places = &table->places;
	uint32_t host = 0;
	size_t count = 0;

	netns_places_host(&host);
	for (size_t i = 0; i < places->count; i++) {
		struct entry entry = entry_take(table, places->list[i].inode);

		entry_name(&entry, &places->list[i], host);
		if (scan->stop ||
		    place_visit(table, &places->list[i], &entry.netns, scan))
			entries[count++] = entry;
		else
			free(entry.netns.devices);
	}
	return count;
}

int netns_table_scan(struct netns_table *table, netns_fn fn, void *context)
{
	struct scan scan = { .fn = fn, .context = context };
	struct entry *entries;
	size_t count;
	int err = home_open(table);

	if (!err)
		err = netns_places_find(&table->places);
	if (err)
		return err;
	entries = calloc(table->places.count ?: 1, sizeof(*entries));
	if (!entries)
		return -ENOMEM;
	count = places_visit(table, entries, &scan);
	entries_free(table->entries, table->count);
	table->entries = entries;
	table->count = count;
	return scan.stop;
}

static const struct netns_place *place_find(const struct netns_table *table,
					    uint32_t inode)
{
	for (size_t i = 0; i < table->places.count; i++) {
		if (table->places.list[i].inode == inode)
			return &table->places.list[i];
	}
	return NULL;
}

int netns_table_visit(struct netns_table *table, uint32_t inode, int (*fn)(void *context),
		      void *context)
{
	const struct netns_place *place = place_find(table, inode);
	int err;

	if (inode == table->home_inode)
		return fn(context);
	err = place ? place_enter(place) : -ENOENT;
	if (err)
		return err;
	err = fn(context);
	home_return(table);
	return err;
}

size_t netns_table_count(const struct netns_table *table)
{
	return table->count;
}

const struct netns *netns_table_get(const struct netns_table *table, size_t index)
{
	return index < table->count ? &table->entries[index].netns : NULL;
}

const struct netns *netns_table_find(const struct netns_table *table, uint32_t inode)
{
	const struct entry *entry = entry_find(table, inode);

	return entry ? &entry->netns : NULL;
}

const char *netns_table_device(const struct netns_table *table, uint32_t inode,
			       uint32_t ifindex)
{
	const struct netns *netns = netns_table_find(table, inode);
	const struct netns_device *device = netns ? device_find(netns, ifindex) : NULL;

	return device ? device->name : NULL;
}

void netns_table_forget(struct netns_table *table)
{
	entries_free(table->entries, table->count);
	table->entries = NULL;
	table->count = 0;
}

bool netns_table_has_device(const struct netns_table *table, uint32_t inode,
			    const char *name)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct netns *netns = &table->entries[i].netns;

		for (size_t j = 0; j < netns->device_count; j++) {
			if ((!inode || inode == netns->inode) &&
			    !strcmp(netns->devices[j].name, name))
				return true;
		}
	}
	return false;
}
