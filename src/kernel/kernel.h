/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kernel.h - what the running kernel is and what it allows
 */
#ifndef BPFPATH_KERNEL_H
#define BPFPATH_KERNEL_H

#include <stdbool.h>

struct btf;
struct drop_reasons;
struct types;

struct kernel {
	char release[65];    /* uname -r */
	bool reads;	     /* BPF programs may read kernel memory. An open kernel
				also lets functions be probed: see functions_load() */
	bool casts;	     /* ... and look at it as at a struct (>= 6.2) */
	bool leaves;	     /* ... where what points to bytes is a pointer (6.18) */
	bool cookies;	     /* raw tracepoints may tell which they are (>= 6.10) */
	bool kprobe_multi;   /* kprobe.multi links can be made (CONFIG_FPROBE) */
	bool kprobe_session; /* ... that see returns (>= 6.10) */
	bool tcx;	     /* tcx links can be made (>= 6.6) */
	bool tc_task;	     /* tc programs may ask which task runs */
	struct btf *btf;     /* of vmlinux; owned. NULL: forgotten */
	struct types *types; /* of .btf, likewise */
	struct drop_reasons *drop_reasons; /* for kernel_drop_reason() */
};

/* What stands in the way of tracing anything. */
struct kernel_lacks {
	char capabilities[128]; /* that this process lacks, "CAP_BPF, CAP_PERFMON" */
	bool contained;		/* it is in a user namespace of its own */
	int bpf;  /* why no program can be loaded: negative errno; 0: it can */
	bool btf; /* vmlinux has none */
};

/*
 * Find out without a word. What cannot be found out for what @lacks says is false, or
 * NULL. 0 or -ENOMEM.
 */
int kernel_inspect(struct kernel **out, struct kernel_lacks *lacks);

/*
 * Find out, by trying with the smallest possible program, never by the version
 * number. 0; or a negative errno after one line to the user that says what is
 * missing and what to do: not root (CAP_BPF and CAP_NET_ADMIN and CAP_PERFMON,
 * or CAP_SYS_ADMIN), no BPF, no BTF.
 */
int kernel_probe(struct kernel **out);
void kernel_free(struct kernel *kernel);

/*
 * The types of the kernel take megabytes, and are of use when probes are chosen and
 * programs loaded: forget them, and read them again. 0, or a negative errno.
 */
void kernel_forget_types(struct kernel *kernel);
int kernel_recall_types(struct kernel *kernel);

/*
 * The position (from 0) of the struct sk_buff * among the arguments of the raw
 * tracepoint @name, and in *@arguments how many there are (may be NULL).
 * -ENOENT when the kernel has no such tracepoint, -EINVAL when it has no skb.
 * From the type btf_trace_NAME in BTF.
 */
int kernel_tracepoint_skb(const struct kernel *kernel, const char *name, int *arguments);

/* Drop reason by name without SKB_DROP_REASON_, NULL when unknown; drop_reasons.h. */
const char *kernel_drop_reason(const struct kernel *kernel, unsigned int reason);

#endif
