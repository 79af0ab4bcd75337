/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * classic.h - a pcap filter expression as classic BPF, by libpcap
 *
 * libpcap and linux/bpf.h both have a struct bpf_insn: libpcap's stays inside
 * classic.c, and the same instruction is a struct sock_filter everywhere else.
 */
#ifndef BPFPATH_CLASSIC_H
#define BPFPATH_CLASSIC_H

#include <stdbool.h>
#include <stdio.h>
#include <linux/filter.h>

#include "bpf/event.h"

struct filter_error;

struct classic {
	struct sock_filter *insns;
	unsigned int count;
};

/*
 * Compile @text for packets that begin with @layer. 0, -ENOMEM, or -EINVAL with
 * libpcap's own words in *@error. An expression that no packet of that layer
 * can match is no error here: it is the program "reject".
 */
int classic_compile(const char *text, enum event_layer layer, struct classic *out,
		    struct filter_error *error);

/*
 * Is @text not an expression at all? False for what is one, but means nothing
 * ("port 99999").
 */
bool classic_is_syntax_error(const char *text);

/* The program that rejects every packet; 0 or -ENOMEM. */
int classic_reject(struct classic *out);
bool classic_rejects(const struct classic *classic);
void classic_free(struct classic *classic);

/*
 * The program that accepts what @classic rejects. A load behind the end of what there is
 * ends a program with 0: what neither of the two accepts is undecided. 0 or -ENOMEM.
 */
int classic_negate(const struct classic *classic, struct classic *out);

/* How many bytes of the packet a load with this @code reads. */
static inline unsigned int classic_field_size(__u16 code)
{
	switch (BPF_SIZE(code)) {
	case BPF_B:
		return 1;
	case BPF_H:
		return 2;
	default:
		return 4;
	}
}

/* Run it with libpcap's interpreter on the first @captured bytes of @len. */
bool classic_match(const struct classic *classic, const __u8 *data, unsigned int captured,
		   unsigned int len);

void classic_print(const struct classic *classic, FILE *out);

#endif
