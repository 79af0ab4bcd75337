// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/container.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

#define ID_LENGTH    64 /* sha256, in hexadecimal */
#define SHORT_LENGTH 12 /* as "docker ps" and "crictl ps" show it */
#define LXC_PREFIX   "lxc.payload."

/* A run of exactly 64 hexadecimal digits in @part; NULL: there is none. */
static const char *id_find(const char *part)
{
	while (*part) {
		size_t length = strspn(part, "0123456789abcdef");

		if (length == ID_LENGTH)
			return part;
		part += length ?: 1;
	}
	return NULL;
}

/*
 * "docker-ID.scope", "cri-containerd-ID.scope", "crio-ID", "libpod-ID.scope",
 * or the ID alone; conmon is podman's watchman outside of the container.
 */
static bool part_read(const char *part, char *name, size_t size)
{
	const char *id;

	if (!strncmp(part, LXC_PREFIX, strlen(LXC_PREFIX))) {
		snprintf(name, size, "%s", part + strlen(LXC_PREFIX));
		return true;
	}
	id = strstr(part, "conmon") ? NULL : id_find(part);
	if (!id)
		return false;
	snprintf(name, size, "%.*s", SHORT_LENGTH, id);
	return true;
}

/* A line is "0::/path", cgroups(7). The last part that names one is innermost. */
static bool line_read(char *line, char *name, size_t size)
{
	char *path = strchr(line, '/'), *part;
	bool found = false;

	if (!path)
		return false;
	for (part = strtok(path, "/\n"); part; part = strtok(NULL, "/\n"))
		found |= part_read(part, name, size);
	return found;
}

int container_read(FILE *cgroup, char *name, size_t size)
{
	AUTO_FREE char *line = NULL;
	size_t room = 0;

	while (getline(&line, &room, cgroup) > 0)
		if (line_read(line, name, size))
			return 0;
	return -ENOENT;
}
