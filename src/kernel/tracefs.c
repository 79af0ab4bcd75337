// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/tracefs.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>

#include "base/cleanup.h"
#include "kernel/features.h"

/* Where it is mounted: by systemd, and inside of debugfs before 4.1. */
static const char *const MOUNTS[] = { "/sys/kernel/tracing",
				      "/sys/kernel/debug/tracing" };

static int detached_open(const char *type)
{
	AUTO_FD int context = fsopen(type, FSOPEN_CLOEXEC);
	int mount;

	if (context < 0)
		return -errno;
	if (fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		return -errno;
	mount = fsmount(context, FSMOUNT_CLOEXEC,
			MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV |
				MOUNT_ATTR_NOEXEC);
	return mount < 0 ? -errno : mount;
}

static int file_open(int directory, const char *path)
{
	int fd = openat(directory, path, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

static int mounted_open(const char *path)
{
	int fd = -ENOENT;

	for (size_t i = 0; i < sizeof(MOUNTS) / sizeof(*MOUNTS) && fd == -ENOENT; i++) {
		AUTO_FD int directory = open(MOUNTS[i], O_PATH | O_DIRECTORY | O_CLOEXEC);

		if (directory >= 0)
			fd = file_open(directory, path);
	}
	return fd;
}

/*
 * With lockdown=confidentiality tracefs has no files that would keep it alive, and
 * 6.12 oopses when it goes with the last mount (tracefs_destroy_inode): so it is left
 * alone. Reads of kernel memory are forbidden together with it.
 */
int tracefs_open(const char *path)
{
	if (!features_reads())
		return -EPERM;

	AUTO_FD int mount = detached_open("tracefs");

	return mount < 0 ? mounted_open(path) : file_open(mount, path);
}

int securityfs_open(const char *path)
{
	AUTO_FD int directory = open("/sys/kernel/security",
				     O_PATH | O_DIRECTORY | O_CLOEXEC);
	int fd = directory < 0 ? -errno : file_open(directory, path);

	if (fd != -ENOENT)
		return fd;
	AUTO_FD int mount = detached_open("securityfs");

	return mount < 0 ? mount : file_open(mount, path);
}
