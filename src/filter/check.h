/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * check.h - is a classic program one that can be turned into eBPF
 *
 * Past this check every instruction is known, every jump goes forward and
 * inside the program, and every constant offset is one that a filter can see.
 */
#ifndef BPFPATH_CHECK_H
#define BPFPATH_CHECK_H

struct classic;
struct filter_error;

/* 0, or -EINVAL with the reason in *@error. */
int check_classic(const struct classic *classic, struct filter_error *error);

#endif
