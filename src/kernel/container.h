/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * container.h - which container a process is in
 */
#ifndef BPFPATH_CONTAINER_H
#define BPFPATH_CONTAINER_H

#include <stddef.h>
#include <stdio.h>

/*
 * From a file like /proc/PID/cgroup: the first 12 digits of the id that docker,
 * containerd, cri-o, podman and kubernetes write into the path, of the
 * innermost container; or the name of an lxc container. -ENOENT when the
 * process is in none.
 */
int container_read(FILE *cgroup, char *name, size_t size);

#endif
