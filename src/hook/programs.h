/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * programs.h - the programs that follow packets, made for each kind of kernel
 */
#ifndef BPFPATH_PROGRAMS_H
#define BPFPATH_PROGRAMS_H

struct bpf_object_open_opts;
struct bpfpath_bpf;
struct kernel;

/*
 * Open them, to be destroyed with bpfpath_bpf__destroy(). @kernel: which looks at memory
 * in its way (bpf/config.bpf.h); NULL: by calls, if at all. NULL with errno set.
 */
struct bpfpath_bpf *programs_open(const struct kernel *kernel,
				  const struct bpf_object_open_opts *options);

#endif
