// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "filter/filter.h"
#include "filter_test.skel.h"
#include "kernel.h"

/* What the next programs are loaded with: libbpf's callback takes no pointer. */
static const struct filter *kernel_filter;

const char *kernel_obstacle(void)
{
	const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	int fd = bpf_prog_load(BPF_PROG_TYPE_SCHED_CLS, NULL, "GPL", insns, 2, NULL);

	if (fd < 0)
		return errno == EPERM ? "no privilege to load BPF programs"
				      : "the kernel loads no BPF programs";
	close(fd);
	return NULL;
}

/*
 * All instructions of a program are there by now, those of the functions that
 * it calls included, and have not gone to the kernel yet.
 */
static int kernel_place(struct bpf_program *program, struct bpf_prog_load_opts *opts,
			long cookie)
{
	struct bpf_insn *insns = (struct bpf_insn *)bpf_program__insns(program);
	int placed = filter_place(kernel_filter, insns, bpf_program__insn_cnt(program));

	return placed < 0 ? placed : 0;
}

static int kernel_register(void)
{
	LIBBPF_OPTS(libbpf_prog_handler_opts, opts, .prog_prepare_load_fn = kernel_place);
	static int registered;

	if (registered)
		return 0;
	if (libbpf_register_prog_handler("bpfpath_tc", BPF_PROG_TYPE_SCHED_CLS, 0,
					 &opts) < 0 ||
	    libbpf_register_prog_handler("bpfpath_ip", BPF_PROG_TYPE_SOCKET_FILTER, 0,
					 &opts) < 0)
		return -1;
	registered = 1;
	return 0;
}

struct filter_test_bpf *kernel_load(const struct filter *filter, uint16_t push_tci)
{
	struct filter_test_bpf *programs;

	if (kernel_register())
		return NULL;

	programs = filter_test_bpf__open();
	if (!programs)
		return NULL;

	programs->rodata->snap = filter_snap_len(filter);
	programs->rodata->push_tci = push_tci;
	kernel_filter = filter;
	if (filter_test_bpf__load(programs)) {
		filter_test_bpf__destroy(programs);
		return NULL;
	}
	return programs;
}

void kernel_unload(struct filter_test_bpf *programs)
{
	filter_test_bpf__destroy(programs);
}

int kernel_run(const struct filter_test_bpf *programs, enum event_layer layer,
	       const uint8_t *data, uint32_t len)
{
	const struct bpf_program *program = layer == EVENT_LAYER_ETHERNET
						    ? programs->progs.test_ethernet
						    : programs->progs.test_ip;
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = data, .data_size_in = len,
		    .repeat = 1);
	int ret = bpf_prog_test_run_opts(bpf_program__fd(program), &opts);

	return ret < 0 ? ret : (int)opts.retval;
}
