// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sections of our programs are ours, so that libbpf asks us just before it
 * loads each of them: then the filter is written into its slots, and what is constant
 * is worked out.
 */
#include "hook/slot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <linux/bpf.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "base/cleanup.h"
#include "bpf/tcx.h"
#include "bytecode/fold.h"
#include "filter/filter.h"

/* BPF_TRACE_KPROBE_MULTI of linux/bpf.h, which is younger than 5.10's. */
#define ATTACH_KPROBE_MULTI 42

static const struct filter *slot_filter;
static const struct bpf_map *slot_data;
static slot_loading *slot_listener;
static void *slot_context;

void slot_set(const struct filter *filter, const struct bpf_map *data,
	      slot_loading *loading, void *context)
{
	slot_filter = filter;
	slot_data = data;
	slot_listener = loading;
	slot_context = context;
}

/*
 * The functions of the program have moved, and some are gone: the kernel is told, in
 * libbpf's own copy of the list. Of source lines it is told nothing, as they are not
 * needed.
 */
static void slot_move(struct bpf_prog_load_opts *options, const uint32_t *places,
		      size_t count)
{
	char *info = (char *)options->func_info;
	const size_t size = options->func_info_rec_size;
	uint32_t end = places[count];
	size_t kept = options->func_info_cnt;

	for (size_t i = options->func_info_cnt; i-- > 0;) {
		struct bpf_func_info *function = (void *)(info + i * size);
		const uint32_t place = places[function->insn_off];

		if (place == end) {
			kept--;
			memmove(function, info + (i + 1) * size, (kept - i) * size);
		} else {
			function->insn_off = end = place;
		}
	}
	options->func_info_cnt = kept;
	options->line_info = NULL;
	options->line_info_cnt = 0;
}

static int slot_fold(struct bpf_program *program, struct bpf_prog_load_opts *options)
{
	const size_t count = bpf_program__insn_cnt(program);
	AUTO_FREE struct bpf_insn *insns = malloc(count * sizeof(*insns));
	AUTO_FREE uint32_t *places = malloc((count + 1) * sizeof(*places));
	struct fold_data data = {
		.fd = slot_data ? bpf_map__fd(slot_data) : -1,
		.open = TCX_CONFIG_MARK,
	};
	size_t left;
	int err;

	if (!insns || !places)
		return -ENOMEM;
	if (slot_data)
		data.bytes = bpf_map__initial_value((struct bpf_map *)slot_data,
						    &data.size);
	memcpy(insns, bpf_program__insns(program), count * sizeof(*insns));
	err = fold(insns, count, &data, places, &left);
	if (err)
		return err;
	slot_move(options, places, count);
	return bpf_program__set_insns(program, insns, left);
}

static int slot_fill(struct bpf_program *program, struct bpf_prog_load_opts *options,
		     long cookie)
{
	struct bpf_insn *insns = (struct bpf_insn *)bpf_program__insns(program);
	int err = filter_place(slot_filter, insns, bpf_program__insn_cnt(program));

	if (err >= 0)
		err = slot_fold(program, options);
	if (!err && slot_listener)
		err = slot_listener(slot_context, program, options);
	return err;
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
		{ "bpfpath_kprobe+", BPF_PROG_TYPE_KPROBE, 0 },
		{ "bpfpath_fentry+", BPF_PROG_TYPE_TRACING, BPF_TRACE_FENTRY },
		{ "bpfpath_fexit+", BPF_PROG_TYPE_TRACING, BPF_TRACE_FEXIT },
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
