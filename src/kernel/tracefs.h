/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tracefs.h - files of tracefs and securityfs, whether or not they are mounted
 */
#ifndef BPFPATH_TRACEFS_H
#define BPFPATH_TRACEFS_H

/*
 * Open @path ("available_filter_functions") for reading, through a mount of
 * its own that no path leads to and that ends with the file (fsmount(2), since
 * 5.2), else where tracefs is usually mounted. A file descriptor, or a negative
 * errno: -EPERM when lockdown forbids the file (since 5.4, LOCKDOWN_TRACEFS), or when
 * this process may not load BPF programs.
 */
int tracefs_open(const char *path);

/* The same of securityfs ("lockdown"), where it is mounted first. */
int securityfs_open(const char *path);

#endif
