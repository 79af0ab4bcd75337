/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * arguments.h - what BTF does not say of a function's arguments
 *
 * From share/probes/arguments.conf, built in; its head describes the form.
 */
#ifndef BPFPATH_ARGUMENTS_H
#define BPFPATH_ARGUMENTS_H

enum argument_kind {
	ARGUMENT_BY_TYPE, /* the type says it all */
	ARGUMENT_LIST,	  /* a struct list_head * whose members are packets */
	ARGUMENT_OUT,	  /* a struct sk_buff ** that means nothing at entry */
	ARGUMENT_HOLDER,  /* a struct that begins with a struct sk_buff * */
	ARGUMENT_KINDS
};

enum argument_kind arguments_kind(const char *function);

/*
 * Look at the built-in data: for the tests. 0, or the number, from 1, of the first
 * line that is wrong.
 */
unsigned int arguments_check(void);

#endif
