// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/netns_places.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"

static const struct {
	const char *path;
	bool names; /* its files are named by people */
} DIRECTORIES[] = {
	{ "/run/netns", true },
	{ "/var/run/netns", true }, /* where /var/run is no link to /run */
	{ "/run/docker/netns", false },
};

static void cleanup_directory(DIR **directory)
{
	if (*directory)
		closedir(*directory);
}

/* All namespaces are in one file system, nsfs: what is elsewhere is stale. */
static int device_find(dev_t *device)
{
	struct stat stat;

	if (fstatat(AT_FDCWD, "/proc/self/ns/net", &stat, 0))
		return -errno;
	*device = stat.st_dev;
	return 0;
}

int netns_places_inode(const char *path, uint32_t *inode)
{
	struct stat stat;
	dev_t device = 0;
	int err = device_find(&device);

	if (err)
		return err;
	if (fstatat(AT_FDCWD, path, &stat, 0))
		return -errno;
	if (stat.st_dev != device)
		return -EINVAL;
	*inode = stat.st_ino;
	return 0;
}

/* kthreadd is process 2, of the machine's own pid namespace alone. */
static bool kthreadd_is_here(void)
{
	AUTO_FILE FILE *file = fopen("/proc/2/comm", "re");
	char comm[17] = "";

	return file && fgets(comm, sizeof(comm), file) && !strcmp(comm, "kthreadd\n");
}

int netns_places_host(uint32_t *inode)
{
	int err = netns_places_inode("/proc/1/ns/net", inode);

	if (err && kthreadd_is_here())
		err = netns_places_inode("/proc/2/ns/net", inode);
	return err;
}

/* Where @inode is, or belongs. */
static size_t place_index(const struct netns_places *places, uint32_t inode)
{
	size_t low = 0, high = places->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (places->list[middle].inode < inode)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int places_grow(struct netns_places *places)
{
	size_t room = places->room ? 2 * places->room : 16;
	struct netns_place *more = reallocarray(places->list, room, sizeof(*more));

	if (!more)
		return -ENOMEM;
	places->list = more;
	places->room = room;
	return 0;
}

/* The place of @inode, a new and empty one when there is none. */
static struct netns_place *place_get(struct netns_places *places, uint32_t inode)
{
	size_t index = place_index(places, inode);
	struct netns_place *place;

	if (index < places->count && places->list[index].inode == inode)
		return &places->list[index];
	if (places->count == places->room && places_grow(places))
		return NULL;
	place = &places->list[index];
	memmove(place + 1, place, (places->count++ - index) * sizeof(*place));
	*place = (struct netns_place){ .inode = inode };
	return place;
}

static int file_add(struct netns_places *places, uint32_t inode, size_t directory,
		    const char *name)
{
	struct netns_place *place = place_get(places, inode);

	if (!place)
		return -ENOMEM;
	if (!place->path[0])
		snprintf(place->path, sizeof(place->path), "%s/%s",
			 DIRECTORIES[directory].path, name);
	if (!place->name[0] && DIRECTORIES[directory].names)
		snprintf(place->name, sizeof(place->name), "%.63s", name);
	return 0;
}

static int directory_find(struct netns_places *places, dev_t device, size_t index)
{
	AUTO(cleanup_directory) DIR *directory = opendir(DIRECTORIES[index].path);
	struct dirent *entry;
	struct stat stat;
	int err = 0;

	while (directory && !err && (entry = readdir(directory)))
		if (!fstatat(dirfd(directory), entry->d_name, &stat, 0) &&
		    stat.st_dev == device)
			err = file_add(places, stat.st_ino, index, entry->d_name);
	return err;
}

static int process_add(struct netns_places *places, uint32_t inode, pid_t pid)
{
	struct netns_place *place = place_get(places, inode);

	if (!place)
		return -ENOMEM;
	if (place->pid && place->pid < pid)
		return 0;
	/* A file stays when a process ends; of processes the lowest is oldest. */
	if (!place->path[0] || !strncmp(place->path, "/proc/", strlen("/proc/")))
		snprintf(place->path, sizeof(place->path), "/proc/%d/ns/net", (int)pid);
	place->pid = pid;
	return 0;
}

static int processes_find(struct netns_places *places)
{
	AUTO(cleanup_directory) DIR *directory = opendir("/proc");
	struct dirent *entry;
	char path[288];
	struct stat stat;
	int err = 0;

	if (!directory)
		return -errno;
	while (!err && (entry = readdir(directory))) {
		pid_t pid = atoi(entry->d_name);

		snprintf(path, sizeof(path), "%s/ns/net", entry->d_name);
		if (pid > 0 && !fstatat(dirfd(directory), path, &stat, 0))
			err = process_add(places, stat.st_ino, pid);
	}
	return err;
}

int netns_places_find(struct netns_places *places)
{
	dev_t device = 0;
	int err = device_find(&device);

	places->count = 0;
	for (size_t i = 0; i < sizeof(DIRECTORIES) / sizeof(*DIRECTORIES) && !err; i++)
		err = directory_find(places, device, i);
	return err ?: processes_find(places);
}

void netns_places_clear(struct netns_places *places)
{
	free(places->list);
	*places = (struct netns_places){};
}
