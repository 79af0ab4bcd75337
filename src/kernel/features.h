/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * features.h - what BPF can do on the running kernel, found out by trying
 *
 * Nothing is attached to anything: each trial ends in an error that a kernel
 * with the feature and one without it tell apart.
 */
#ifndef BPFPATH_FEATURES_H
#define BPFPATH_FEATURES_H

#include <stdbool.h>

struct types;

/* Can a program be loaded at all? 0, or the errno of bpf(2), negative. */
int features_bpf(void);

/* Programs may read kernel memory (not with lockdown=confidentiality). */
bool features_reads(void);

/*
 * *@casts: programs of all types may treat memory as a struct of the kernel
 * (bpf_rdonly_cast, 6.2, a35b9af4ec2c). *@leaves: a pointer to bytes in such a struct is
 * a pointer to them, and no number (not on 6.12, on 6.18). @types: of vmlinux.
 */
void features_direct(const struct types *types, bool *casts, bool *leaves);

/*
 * Links of type kprobe.multi (5.18, 0dcac2725406; CONFIG_FPROBE). 5.18 itself,
 * long out of support, counts as without: its error says nothing.
 */
bool features_kprobe_multi(void);

/* Links of type kprobe.session (6.10, 535a3692ba72), which see a function's return. */
bool features_kprobe_session(void);

/*
 * Programs at functions by a trampoline (fentry; 5.5, fec56f5890d9) that may ask for
 * arguments by number (5.17, f92c1e183604). Loaded, with @function (its id in the BTF of
 * vmlinux), which has an argument, as what they are for; an id below 1 is none.
 */
bool features_fentry(int function);

/* Links of these for many functions (7.2; enum value BPF_LINK_TYPE_TRACING_MULTI). */
bool features_fentry_multi(void);

/* May a raw tracepoint tell its program which it is? (6.10, 68ca5d4eebb8) */
bool features_cookies(void);

/* Links of type tcx (6.6, e420bed02507; CONFIG_NET_XGRESS). */
bool features_tcx(void);

/* May a tc program ask which task runs? (the helpers are open to it since 6.10 and later)
 */
bool features_tc_task(void);

#endif
