// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/modules.h"

#include <dirent.h>
#include <string.h>

#include "base/cleanup.h"

static uint64_t name_hash(const char *name)
{
	uint64_t hash = 0xcbf29ce484222325ull; /* FNV-1a */

	while (*name)
		hash = (hash ^ (unsigned char)*name++) * 0x100000001b3ull;
	return hash;
}

static void cleanup_directory(DIR **directory)
{
	if (*directory)
		closedir(*directory);
}

uint64_t modules_state(void)
{
	AUTO(cleanup_directory) DIR *directory = opendir("/sys/kernel/btf");
	struct dirent *entry;
	uint64_t state = 0;

	while (directory && (entry = readdir(directory)))
		if (entry->d_name[0] != '.')
			state += name_hash(entry->d_name) ^ entry->d_ino;
	return state;
}

size_t modules_count(void)
{
	AUTO(cleanup_directory) DIR *directory = opendir("/sys/kernel/btf");
	struct dirent *entry;
	size_t count = 0;

	while (directory && (entry = readdir(directory)))
		count += entry->d_name[0] != '.' && strcmp(entry->d_name, "vmlinux");
	return count;
}
