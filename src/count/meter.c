// SPDX-License-Identifier: GPL-2.0-only
#include "count/meter.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "bpf/count.skel.h"
#include "bpf/count_points.h"
#include "bpf/event.h"
#include "count/internal.h"
#include "filter/filter.h"
#include "hook/fd_list.h"
#include "hook/gates.h"
#include "hook/object.h"
#include "hook/percpu.h"
#include "hook/session.h"
#include "hook/slot.h"
#include "hook/work.h"
#include "kernel/kernel.h"
#include "kernel/netns.h"
#include "kernel/symbols.h"

/* Two maps take turns: in one is counted, the other is read and empty after that. */
struct meter {
	struct meter_options options;
	struct count_bpf *skeleton;
	struct taps *taps;   /* not with tcx */
	struct gates *gates; /* only with tcx */
	struct fd_list links;
	int groups[2];
	unsigned int current;
	struct count_value other; /* what meter_read() has told of so far */
	uint64_t missed;
};

struct point {
	const char *name;
	struct bpf_program *program;
	int argument; /* where the packet is */
	bool end;
};

#define POINTS_MAX   16
#define METER_GROUPS 16384 /* in an interval, if nothing else is asked for */

static size_t meter_points(const struct meter_options *options,
			   const struct count_bpf *skeleton,
			   struct point points[POINTS_MAX])
{
	const struct point all[] = {
#define X(name, argument, direction)                                                     \
	{ #name, skeleton->progs.count_##name, argument, false },
		COUNT_CROSSINGS(X)
#undef X
			{ "consume_skb", skeleton->progs.count_consume_skb, 0, true },
		{ "kfree_skb", skeleton->progs.count_kfree_skb, 0, true },
	};
	size_t count = 0;

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (all[i].end == (options->by == COUNT_BY_END) &&
		    kernel_tracepoint_skb(options->kernel, all[i].name, NULL) ==
			    all[i].argument)
			points[count++] = all[i];
	}
	return count;
}

/* ---- loading */

static bool by_bytes(enum count_by by)
{
	return by == COUNT_BY_PROTO || by == COUNT_BY_SRC || by == COUNT_BY_DST ||
	       by == COUNT_BY_FLOW;
}

static void meter_configure(const struct meter_options *options,
			    struct count_bpf__rodata *config)
{
	unsigned int look = options->filter_any ? 0 : filter_snap_len(options->filter);
	int arguments = 0;

	if (by_bytes(options->by) && look < EVENT_SNAP_LEN)
		look = EVENT_SNAP_LEN;
	config->config_look = look ?: 1;
	config->config_count_by = options->by;
	config->config_count_bytes = !options->filter_any || by_bytes(options->by);
	config->config_count_place = options->only_netns || options->by == COUNT_BY_DEV ||
				     options->by == COUNT_BY_NETNS;
	config->config_reads = options->kernel->reads;
	config->config_direct = options->kernel->casts;
	config->config_leaves = options->kernel->leaves;
	config->config_netns = options->only_netns;
	config->config_dev_set = options->dev;
	snprintf((char *)config->config_dev, sizeof(config->config_dev), "%s",
		 options->dev ?: "");
	if (kernel_tracepoint_skb(options->kernel, "kfree_skb", &arguments) >= 0)
		config->config_drop_reason = arguments > 2;
	config->config_vmemmap_base = symbols_variable(options->symbols, "vmemmap_base");
	config->config_page_offset_base = symbols_variable(options->symbols,
							   "page_offset_base");
}

static int meter_skeleton_open(const struct meter_options *options,
			       const struct object_types *types, struct count_bpf **out)
{
	LIBBPF_OPTS(bpf_object_open_opts, open,
		    .btf_custom_path = object_types_path(types));
	struct bpf_program *program;

	*out = count_bpf__open_opts(&open);
	if (!*out)
		return -errno;
	bpf_object__for_each_program(program, (*out)->obj)
		bpf_program__set_autoload(program, false);
	meter_configure(options, (*out)->rodata);
	return object_types_fill(types, options->kernel, (*out)->obj);
}

int meter_load(const struct meter_options *options, meter_prepare *prepare, void *context,
	       struct count_bpf **out)
{
	AUTO(object_types_close) struct object_types types = object_types_open();
	struct count_bpf *skeleton = NULL;
	int err = slot_register();

	if (!err)
		err = meter_skeleton_open(options, &types, &skeleton);
	if (!err)
		err = prepare(skeleton, context);
	if (!err) {
		slot_set(options->filter, skeleton->maps.rodata, NULL, NULL);
		err = count_bpf__load(skeleton);
	}
	if (err) {
		count_bpf__destroy(skeleton);
		return err;
	}
	*out = skeleton;
	return 0;
}

/* What the programs are told of the maps of groups holds for both of them. */
static int meter_prepare_points(struct count_bpf *skeleton, void *context)
{
	const struct meter_options *options = context;
	struct bpf_map *inner = bpf_map__inner_map(skeleton->maps.current_groups);
	struct point points[POINTS_MAX];
	size_t count = meter_points(options, skeleton, points);

	bpf_program__set_autoload(skeleton->progs.count_tcx_ingress, options->tcx);
	bpf_program__set_autoload(skeleton->progs.count_tcx_egress, options->tcx);
	for (size_t i = 0; !options->tcx && i < count; i++)
		bpf_program__set_autoload(points[i].program, true);
	return bpf_map__set_key_size(inner, count_key_size(options->by));
}

/* ---- the maps of groups */

static int meter_groups(struct meter *meter)
{
	size_t key = count_key_size(meter->options.by);
	uint32_t room = meter->options.groups ?: METER_GROUPS;
	int err;

	for (int i = 0; i < 2; i++) {
		meter->groups[i] = bpf_map_create(BPF_MAP_TYPE_PERCPU_HASH,
						  "bpfpath_groups", key,
						  sizeof(struct count_value), room, NULL);
		if (meter->groups[i] >= 0)
			continue;
		err = -errno;
		log_error("cannot make room for %u groups: %s; use fewer with --groups",
			  room, strerror(-err));
		return err;
	}
	return 0;
}

/* No program uses the map that was there before when this returns. */
static int meter_swap(struct meter *meter)
{
	int fd = bpf_map__fd(meter->skeleton->maps.current_groups);
	const __u32 first = 0;

	if (bpf_map_update_elem(fd, &first, &meter->groups[!meter->current], BPF_ANY))
		return -errno;
	meter->current = !meter->current;
	return 0;
}

static int group_read(int fd, const union count_key *key, meter_fn *fn, void *context)
{
	struct count_value value;
	int err = percpu_sum(fd, key, &value.packets, COUNT_VALUES);

	if (err)
		return err;
	err = fn(context, key, &value);
	bpf_map_delete_elem(fd, key);
	return err;
}

/* The next key is asked for before this one is deleted. */
static int groups_read(int fd, meter_fn *fn, void *context)
{
	union count_key key = { 0 }, next = { 0 };
	bool more = !bpf_map_get_next_key(fd, NULL, &key);
	int err = 0;

	for (; !err && more; key = next) {
		more = !bpf_map_get_next_key(fd, &key, &next);
		err = group_read(fd, &key, fn, context);
	}
	return err;
}

/* ---- what could not be counted */

/* Since the beginning. */
static uint64_t meter_missed(const struct meter *meter)
{
	const __u32 nested = ACCOUNT_NESTED;
	struct session_work work = { 0 };
	struct bpf_program *program;
	__u64 missed;

	percpu_sum(bpf_map__fd(meter->skeleton->maps.account), &nested, &missed, 1);
	bpf_object__for_each_program(program, meter->skeleton->obj)
		work_add(&work, bpf_program__fd(program));
	if (meter->gates)
		gates_work(meter->gates, &work);
	return missed + work.skipped;
}

/* Since the last time. */
static int meter_losses(struct meter *meter, struct count_value *other, uint64_t *missed)
{
	uint64_t total = meter_missed(meter);
	const __u32 first = 0;
	struct count_value value;
	int err = percpu_sum(bpf_map__fd(meter->skeleton->maps.other_groups), &first,
			     &value.packets, COUNT_VALUES);

	other->packets = value.packets - meter->other.packets;
	other->bytes = value.bytes - meter->other.bytes;
	*missed = total - meter->missed;
	meter->other = value;
	meter->missed = total;
	return err;
}

int meter_read(struct meter *meter, meter_fn *fn, void *context,
	       struct count_value *other, uint64_t *missed)
{
	int fd = meter->groups[meter->current];
	int err = meter_swap(meter);

	if (!err)
		err = groups_read(fd, fn, context);
	if (!err)
		err = meter_losses(meter, other, missed);
	return err;
}

/* ---- from the beginning to the end */

static int meter_attach_devices(struct meter *meter)
{
	const struct gates_options options = {
		.ingress = meter->skeleton->progs.count_tcx_ingress,
		.egress = meter->skeleton->progs.count_tcx_egress,
		.netns = meter->options.netns,
		.dev = meter->options.dev,
		.only_netns = meter->options.only_netns,
	};

	return gates_open(&options, &meter->gates);
}

static int meter_attach_points(struct meter *meter)
{
	struct point points[POINTS_MAX];
	size_t count = meter_points(&meter->options, meter->skeleton, points);

	for (size_t i = 0; i < count; i++) {
		int fd = bpf_raw_tracepoint_open(points[i].name,
						 bpf_program__fd(points[i].program));
		int err;

		if (fd < 0) {
			err = -errno;
			log_debug("tracepoint '%s': %s", points[i].name, strerror(-err));
			return err;
		}
		err = fd_list_add(&meter->links, fd);
		if (err)
			return err;
	}
	return 0;
}

static int meter_start(struct meter *meter)
{
	int err = meter_swap(meter);

	if (!err)
		err = meter->options.tcx ? meter_attach_devices(meter)
					 : meter_attach_points(meter);
	if (!err && !meter->options.tcx)
		err = taps_new(&meter->options, meter->skeleton, &meter->taps);
	if (err) {
		log_error("cannot begin to count: %s", strerror(-err));
		return err;
	}
	meter->skeleton->bss->counting = 1;
	if (meter->taps)
		taps_scan(meter->taps);
	return 0;
}

static int meter_begin(struct meter *meter)
{
	int err = meter_load(&meter->options, meter_prepare_points, &meter->options,
			     &meter->skeleton);

	if (err)
		return object_refused(err);
	err = meter_groups(meter);
	return err ?: meter_start(meter);
}

int meter_open(const struct meter_options *options, struct meter **out)
{
	struct meter *meter = calloc(1, sizeof(*meter));
	int err;

	if (!meter)
		return -ENOMEM;
	meter->options = *options;
	meter->groups[0] = meter->groups[1] = -1;
	err = meter_begin(meter);
	if (err) {
		meter_close(meter);
		return err;
	}
	*out = meter;
	return 0;
}

void meter_stop(struct meter *meter)
{
	meter->skeleton->bss->counting = 0;
	taps_free(meter->taps);
	meter->taps = NULL;
}

void meter_close(struct meter *meter)
{
	if (!meter)
		return;
	fd_list_close(&meter->links);
	gates_close(meter->gates);
	taps_free(meter->taps);
	count_bpf__destroy(meter->skeleton);
	cleanup_fd(&meter->groups[0]);
	cleanup_fd(&meter->groups[1]);
	free(meter);
}

int meter_rescan(struct meter *meter)
{
	int err = meter->gates ? gates_scan(meter->gates)
			       : netns_table_scan(meter->options.netns, NULL, NULL);

	if (!err && meter->taps)
		taps_scan(meter->taps);
	return err;
}

size_t meter_tracepoints(const struct meter *meter)
{
	return meter->links.count;
}

size_t meter_devices(const struct meter *meter)
{
	return gates_devices(meter->gates);
}
