// SPDX-License-Identifier: GPL-2.0-only
/*
 * floor ZOOM multi|fentry|ring READY: what no tracer can go below
 *
 * Attaches a BPF program that does nothing to the functions that bpfpath probes
 * with this zoom, by kprobe.multi or by fentry. With "ring" it is one that writes an
 * event for each call (floor.bpf.c), by kprobe.multi, and they are read and forgotten.
 * Prints the number of functions, makes the file READY, and goes on until it is ended.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/bpf.h>

#include "filter/filter.h"
#include "floor.skel.h"
#include "hook/internal.h"
#include "hook/plan.h"
#include "hook/probes.h"
#include "hook/ring.h"
#include "kernel/kernel.h"
#include "kernel/symbols.h"

#define ATTACH_KPROBE_MULTI 42 /* BPF_TRACE_KPROBE_MULTI, linux/bpf.h since 5.18 */

static const struct bpf_insn floor_nothing[] = {
	{ .code = BPF_ALU64 | BPF_MOV | BPF_K },
	{ .code = BPF_JMP | BPF_EXIT },
};
#define FLOOR_INSNS (sizeof(floor_nothing) / sizeof(floor_nothing[0]))

#define FLOOR_PAUSE (50 * 1000u) /* us between two looks at the ring buffer */

enum floor_kind { FLOOR_MULTI, FLOOR_FENTRY, FLOOR_RING, FLOOR_KINDS };

static const char *const floor_names[] = {
	[FLOOR_MULTI] = "multi",
	[FLOOR_FENTRY] = "fentry",
	[FLOOR_RING] = "ring",
};

static int floor_load(void)
{
	LIBBPF_OPTS(bpf_prog_load_opts, options,
		    .expected_attach_type = ATTACH_KPROBE_MULTI);

	return bpf_prog_load(BPF_PROG_TYPE_KPROBE, "floor", "GPL", floor_nothing,
			     FLOOR_INSNS, &options);
}

/* The program that writes events, and the ring buffer that they are read from. */
static int floor_load_ring(struct ring *ring)
{
	struct floor_bpf *skeleton = floor_bpf__open_and_load();
	const struct bpf_map *map;
	int err;

	if (!skeleton)
		return -1;
	map = skeleton->maps.ring;
	err = ring_open(ring, bpf_map__fd(map), bpf_map__max_entries(map));
	return err ? -1 : bpf_program__fd(skeleton->progs.floor_tell);
}

static void floor_read(struct ring *ring)
{
	const void *record;
	size_t size;

	for (;;) {
		while (ring_front(ring, &record, &size) == RING_RECORD)
			ring_drop(ring);
		usleep(FLOOR_PAUSE);
	}
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

static size_t floor_attach_all(enum floor_kind kind, int program, const struct plan *plan)
{
	size_t attached = 0;

	for (enum plan_group group = 0; group < PLAN_GROUPS; group++) {
		const struct plan_list *list = plan_list(plan, group);

		attached += kind == FLOOR_FENTRY
				    ? floor_attach_fentry(list)
				    : floor_attach(program, list, 0, list->count);
	}
	return attached;
}

static enum floor_kind floor_kind(const char *name)
{
	enum floor_kind kind = 0;

	while (kind < FLOOR_KINDS && strcmp(floor_names[kind], name) != 0)
		kind++;
	return kind;
}

static int floor_ready(size_t attached, const char *file)
{
	printf("%zu\n", attached);
	fflush(stdout);
	return open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
}

int main(int argc, char **argv)
{
	enum floor_kind kind = argc == 4 ? floor_kind(argv[2]) : FLOOR_KINDS;
	struct ring ring = { 0 };
	struct plan *plan;
	int program;

	if (kind == FLOOR_KINDS) {
		fprintf(stderr, "usage: floor ZOOM multi|fentry|ring READY\n");
		return 2;
	}
	if (floor_plan(argv[1], &plan))
		return 1;
	program = kind == FLOOR_RING ? floor_load_ring(&ring) : floor_load();
	if (program < 0) {
		fprintf(stderr, "floor: cannot load a program: %s\n", strerror(errno));
		return 1;
	}
	if (floor_ready(floor_attach_all(kind, program, plan), argv[3]) < 0) {
		fprintf(stderr, "floor: cannot make '%s': %s\n", argv[3],
			strerror(errno));
		return 1;
	}
	if (kind == FLOOR_RING)
		floor_read(&ring);
	pause();
	return 0;
}
