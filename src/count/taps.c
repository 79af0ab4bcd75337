// SPDX-License-Identifier: GPL-2.0-only
/*
 * A program is attached to the end of another one by a trampoline (fexit, 5.5,
 * 5b92a28aae4d), which that one does not notice. It takes a target with BTF and a kernel
 * that lets functions be probed; where that fails, it is said once what is not counted.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "bpf/count.skel.h"
#include "count/internal.h"
#include "kernel/netns.h"

#define FUNCTION_SIZE 128

struct tap {
	uint32_t program; /* id */
	struct count_bpf *skeleton;
	int link; /* -1: it cannot be looked at */
	bool seen;
};

struct taps {
	const struct meter_options *options;
	const struct count_bpf *main;
	struct tap *list;
	size_t count;
};

/* What a copy of the object is loaded for. */
struct target {
	const struct taps *taps;
	int fd;
	char function[FUNCTION_SIZE];
};

int taps_new(const struct meter_options *options, const struct count_bpf *main,
	     struct taps **out)
{
	struct taps *taps = calloc(1, sizeof(*taps));

	if (!taps)
		return -ENOMEM;
	taps->options = options;
	taps->main = main;
	*out = taps;
	return 0;
}

static void tap_close(struct tap *tap)
{
	cleanup_fd(&tap->link);
	count_bpf__destroy(tap->skeleton);
}

void taps_free(struct taps *taps)
{
	if (!taps)
		return;
	for (size_t i = 0; i < taps->count; i++)
		tap_close(&taps->list[i]);
	free(taps->list);
	free(taps);
}

static void cleanup_btf(struct btf **btf)
{
	btf__free(*btf);
}

/* The name of the function that the program begins with; its own is cut. */
static int target_function(struct target *target)
{
	struct bpf_func_info function = { 0 };
	struct bpf_prog_info info = { .nr_func_info = 1,
				      .func_info_rec_size = sizeof(function),
				      .func_info = (uintptr_t)&function };
	AUTO(cleanup_btf) struct btf *btf = NULL;
	const struct btf_type *type;
	__u32 size = sizeof(info);

	if (bpf_obj_get_info_by_fd(target->fd, &info, &size))
		return -errno;
	btf = info.btf_id ? btf__load_from_kernel_by_id(info.btf_id) : NULL;
	type = btf ? btf__type_by_id(btf, function.type_id) : NULL;
	if (!type || !btf_is_func(type))
		return -ENODATA;
	snprintf(target->function, sizeof(target->function), "%s",
		 btf__name_by_offset(btf, type->name_off));
	return 0;
}

static int tap_prepare(struct count_bpf *skeleton, void *context)
{
	const struct target *target = context;
	const struct count_bpf *main = target->taps->main;
	const struct {
		struct bpf_map *map, *of_main;
	} shared[] = {
		{ skeleton->maps.current_groups, main->maps.current_groups },
		{ skeleton->maps.other_groups, main->maps.other_groups },
		{ skeleton->maps.nest_packets, main->maps.nest_packets },
		{ skeleton->maps.account, main->maps.account },
	};
	int err = 0;

	for (size_t i = 0; !err && i < sizeof(shared) / sizeof(shared[0]); i++)
		err = bpf_map__reuse_fd(shared[i].map, bpf_map__fd(shared[i].of_main));
	bpf_program__set_autoload(skeleton->progs.count_xdp, true);
	return err
		       ?: bpf_program__set_attach_target(skeleton->progs.count_xdp,
							 target->fd, target->function);
}

static int tap_open(struct taps *taps, struct tap *tap)
{
	AUTO_FD int fd = bpf_prog_get_fd_by_id(tap->program);
	struct target target = { .taps = taps, .fd = fd };
	int err = fd < 0 ? -errno : target_function(&target);

	if (!err)
		err = meter_load(taps->options, tap_prepare, &target, &tap->skeleton);
	if (err)
		return err;
	tap->link = bpf_raw_tracepoint_open(
		NULL, bpf_program__fd(tap->skeleton->progs.count_xdp));
	return tap->link < 0 ? -errno : 0;
}

static void tap_explain(const struct tap *tap, const char *device, int err)
{
	log_info(
		"XDP program %u on device '%s' cannot be looked at (%s): packets that it "
		"does not let pass are not counted",
		tap->program, device, err == -ENODATA ? "it has no BTF" : strerror(-err));
}

static struct tap *tap_find(const struct taps *taps, uint32_t program)
{
	for (size_t i = 0; i < taps->count; i++) {
		if (taps->list[i].program == program)
			return &taps->list[i];
	}
	return NULL;
}

static void taps_add(struct taps *taps, uint32_t program, const char *device)
{
	struct tap *list = reallocarray(taps->list, taps->count + 1, sizeof(*list));
	struct tap tap = { .program = program, .link = -1, .seen = true };
	int err;

	if (!list)
		return;
	taps->list = list;
	err = tap_open(taps, &tap);
	if (err)
		tap_explain(&tap, device, err);
	else
		log_debug("XDP program %u on device '%s' is looked at", program, device);
	list[taps->count++] = tap;
}

static void taps_scan_netns(struct taps *taps, const struct netns *netns)
{
	for (size_t i = 0; i < netns->device_count; i++) {
		const struct netns_device *device = &netns->devices[i];
		struct tap *tap = tap_find(taps, device->xdp);

		if (tap)
			tap->seen = true;
		else if (device->xdp)
			taps_add(taps, device->xdp, device->name);
	}
}

static void taps_sweep(struct taps *taps)
{
	size_t kept = 0;

	for (size_t i = 0; i < taps->count; i++) {
		if (taps->list[i].seen)
			taps->list[kept++] = taps->list[i];
		else
			tap_close(&taps->list[i]);
	}
	taps->count = kept;
}

void taps_scan(struct taps *taps)
{
	const struct netns_table *netns = taps->options->netns;

	for (size_t i = 0; i < taps->count; i++)
		taps->list[i].seen = false;
	for (size_t i = 0; i < netns_table_count(netns); i++)
		taps_scan_netns(taps, netns_table_get(netns, i));
	taps_sweep(taps);
}
