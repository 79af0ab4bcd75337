// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sections of our programs are ours, so that libbpf asks us just before it
 * loads each of them: then the filter is written into its slots.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <bpf/libbpf.h>

#include "filter/filter.h"
#include "hook/internal.h"

/* BPF_TRACE_KPROBE_MULTI of linux/bpf.h, which is younger than 5.10's. */
#define ATTACH_KPROBE_MULTI 42

static const struct filter *slot_filter;

void slot_set_filter(const struct filter *filter)
{
	slot_filter = filter;
}

static int slot_fill(struct bpf_program *program, struct bpf_prog_load_opts *options,
		     long cookie)
{
	struct bpf_insn *insns = (struct bpf_insn *)bpf_program__insns(program);
	int filled = filter_place(slot_filter, insns, bpf_program__insn_cnt(program));

	return filled < 0 ? filled : 0;
}

int slot_register(void)
{
	static const struct {
		const char *section;
		enum bpf_prog_type type;
		int attach;
	} kinds[] = {
		{ "bpfpath_tc+", BPF_PROG_TYPE_SCHED_CLS, 0 },
		{ "bpfpath_raw_tp+", BPF_PROG_TYPE_RAW_TRACEPOINT, 0 },
		{ "bpfpath_multi+", BPF_PROG_TYPE_KPROBE, ATTACH_KPROBE_MULTI },
	};
	static bool registered;
	LIBBPF_OPTS(libbpf_prog_handler_opts, options, .prog_prepare_load_fn = slot_fill);

	for (size_t i = 0; !registered && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		int id = libbpf_register_prog_handler(kinds[i].section, kinds[i].type,
						      kinds[i].attach, &options);
		if (id < 0)
			return id;
	}
	registered = true;
	return 0;
}
