// SPDX-License-Identifier: GPL-2.0-only
/*
 * floor ZOOM [multi|fentry]: what no tracer can go below
 *
 * Attaches a BPF program that does nothing to the functions that bpfpath probes
 * with this zoom, by kprobe.multi or by fentry, prints their number, and waits to
 * be ended.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/bpf.h>

#include "filter/filter.h"
#include "hook/internal.h"
#include "hook/plan.h"
#include "hook/probes.h"
#include "kernel/kernel.h"
#include "kernel/symbols.h"

#define ATTACH_KPROBE_MULTI 42 /* BPF_TRACE_KPROBE_MULTI, linux/bpf.h since 5.18 */

static const struct bpf_insn floor_nothing[] = {
	{ .code = BPF_ALU64 | BPF_MOV | BPF_K },
	{ .code = BPF_JMP | BPF_EXIT },
};
#define FLOOR_INSNS (sizeof(floor_nothing) / sizeof(floor_nothing[0]))

static int floor_program(void)
{
	LIBBPF_OPTS(bpf_prog_load_opts, options,
		    .expected_attach_type = ATTACH_KPROBE_MULTI);

	return bpf_prog_load(BPF_PROG_TYPE_KPROBE, "floor", "GPL", floor_nothing,
			     FLOOR_INSNS, &options);
}

/* Functions that were attached; those that the kernel refuses are left out. */
static size_t floor_attach(int program, const struct plan_list *list, size_t first,
			   size_t count)
{
	LIBBPF_OPTS(bpf_link_create_opts, options,
		    .kprobe_multi.addrs = list->addresses + first,
		    .kprobe_multi.cnt = count);

	if (!count)
		return 0;
	if (bpf_link_create(program, 0, ATTACH_KPROBE_MULTI, &options) >= 0)
		return count;
	if (count == 1)
		return 0;
	return floor_attach(program, list, first, count / 2) +
	       floor_attach(program, list, first + count / 2, count - count / 2);
}

/* One program and one trampoline for each; functions of modules are left out. */
static size_t floor_attach_fentry(const struct plan_list *list)
{
	size_t attached = 0;

	for (size_t i = 0; i < list->count; i++) {
		LIBBPF_OPTS(bpf_prog_load_opts, options,
			    .expected_attach_type = BPF_TRACE_FENTRY);
		int id = (int)list->functions[i]->type;
		int program;

		if (id < 0)
			continue;
		options.attach_btf_id = id;
		program = bpf_prog_load(BPF_PROG_TYPE_TRACING, "floor", "GPL",
					floor_nothing, FLOOR_INSNS, &options);
		if (program >= 0 && bpf_raw_tracepoint_open(NULL, program) >= 0)
			attached++;
	}
	return attached;
}

static int floor_plan(const char *zoom, struct plan **plan)
{
	static struct session session;
	struct symbols *symbols;
	struct kernel *kernel;
	struct filter_error error;
	struct filter *filter;
	int err = probes_load(zoom, &session.options.probes);

	if (!err)
		err = symbols_load(&symbols);
	if (!err)
		err = kernel_probe(&kernel);
	if (!err)
		err = filter_compile("", &filter, &error);
	if (err)
		return err;
	session.options.kernel = kernel;
	session.options.symbols = symbols;
	session.options.filter = filter;
	return plan_make(&session, plan_in_registers, plan);
}

int main(int argc, char **argv)
{
	const char *backend = argc == 3 ? argv[2] : "multi";
	bool fentry = !strcmp(backend, "fentry");
	size_t attached = 0;
	struct plan *plan;
	int program;

	if (argc < 2 || argc > 3 || (!fentry && strcmp(backend, "multi") != 0)) {
		fprintf(stderr, "usage: floor ZOOM [multi|fentry]\n");
		return 2;
	}
	if (floor_plan(argv[1], &plan))
		return 1;
	program = floor_program();
	if (program < 0) {
		fprintf(stderr, "floor: cannot load a program: %s\n", strerror(errno));
		return 1;
	}
	for (enum plan_group group = 0; group < PLAN_GROUPS; group++) {
		const struct plan_list *list = plan_list(plan, group);

		attached += fentry ? floor_attach_fentry(list)
				   : floor_attach(program, list, 0, list->count);
	}
	printf("%zu\n", attached);
	fflush(stdout);
	pause();
	return 0;
}
