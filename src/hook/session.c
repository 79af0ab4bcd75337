// SPDX-License-Identifier: GPL-2.0-only
#include "hook/session.h"

#include <assert.h>
#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "bpf/bpfpath.skel.h"
#include "bpf/event.h"
#include "bpf/follow.h"
#include "filter/filter.h"
#include "hook/backend.h"
#include "hook/gates.h"
#include "hook/internal.h"
#include "hook/object.h"
#include "hook/percpu.h"
#include "hook/plan.h"
#include "hook/probes.h"
#include "hook/slot.h"
#include "kernel/functions.h"
#include "kernel/kernel.h"
#include "kernel/netns.h"
#include "kernel/symbols.h"

#define SESSION_ROUND  16384 /* events that are read at once */
#define SESSION_BUFFER (8 << 20)
#define SESSION_SHARES 32

static_assert(sizeof(struct event_snapshot) <= 4096, "no longer than a page, see ring.h");

/* Makes an sk_buff of an XDP frame (since 5.12); before, veth does so itself. */
#define FRAME_BUILDER "__xdp_build_skb_from_frame"

static void session_configure(struct session *session)
{
	const struct session_options *options = &session->options;
	const struct symbols *symbols = options->symbols;
	struct bpfpath_bpf__rodata *config = session->skeleton->rodata;

	config->config_reads = options->backend->reads;
	config->config_direct = options->backend->reads && options->kernel->casts;
	config->config_leaves = options->backend->reads && options->kernel->leaves;
	config->config_functions = options->backend->functions;
	config->config_conversation = options->conversation;
	config->config_frames = options->backend->functions &&
				symbols_named(symbols, FRAME_BUILDER, NULL);
	config->config_graph = options->graph;
	config->config_look = filter_snap_len(options->filter) ?: 1;
	config->config_snap = config->config_look > EVENT_SNAP_LEN ? config->config_look
								   : EVENT_SNAP_LEN;
	if (options->conversation)
		config->config_look = config->config_snap;
	config->config_netns = options->only_netns;
	if (options->dev) {
		config->config_dev_set = true;
		snprintf((char *)config->config_dev, sizeof(config->config_dev), "%s",
			 options->dev);
	}
	config->config_vmemmap_base = symbols_variable(symbols, "vmemmap_base");
	config->config_page_offset_base = symbols_variable(symbols, "page_offset_base");
}

/* The table of packets that are followed, and the places for what is known of them. */
static void session_size_table(struct session *session, uint32_t packets)
{
	uint32_t slots = FOLLOW_TRIES, bits = 4;

	while (slots < FOLLOW_SLOTS(packets)) {
		slots *= 2;
		bits++;
	}
	bpf_map__set_max_entries(session->skeleton->maps.followed_table, packets);
	bpf_map__set_max_entries(session->skeleton->maps.follow_slots, slots);
	session->skeleton->rodata->config_follow_shift = 64 - bits;
	session->table_size = packets;
}

/*
 * Half of the room for events is the ring buffer, where all may write; the CPUs share the
 * other half, but each has a 64th of the whole. More of it than lanes may have is left
 * to the ring buffer.
 */
static void session_size_buffer(struct session *session, uint32_t bytes)
{
	struct bpfpath_bpf__rodata *config = session->skeleton->rodata;
	const size_t cpus = lanes_cpus();
	const size_t share = bytes / 2 / (cpus < SESSION_SHARES ? cpus : SESSION_SHARES);
	const uint32_t ring = share > LANES_MOST ? bytes : bytes / 2;
	const uint32_t events = lanes_events(share > LANES_MOST ? LANES_MOST : share);

	bpf_map__set_max_entries(session->skeleton->maps.ring, ring);
	bpf_map__set_max_entries(session->skeleton->maps.lanes, (uint32_t)cpus);
	bpf_map__set_value_size(session->skeleton->maps.lanes,
				(uint32_t)lanes_stride(events));
	config->config_ring_wake = ring / 4;
	config->config_lane_mask = events - 1;
	config->config_lane_wake = events / 4;
	config->config_refuse = (ring + lanes_stride(events)) / 2;
}

static void session_size(struct session *session)
{
	const struct session_options *options = &session->options;

	session_size_table(session, options->follow ?: FOLLOW_TABLE_SIZE);
	session_size_buffer(session, options->buffer ?: SESSION_BUFFER);
	if (!options->conversation)
		bpf_map__set_max_entries(session->skeleton->maps.conversations, 1);
}

/* Only what the backend asks for is loaded. */
static void session_autoload_none(struct session *session)
{
	struct bpf_program *program;

	bpf_object__for_each_program(program, session->skeleton->obj)
		bpf_program__set_autoload(program, false);
	bpf_program__set_autoload(session->skeleton->progs.memory_freed, true);
	bpf_program__set_autoload(session->skeleton->progs.packet_age, true);
}

static int session_open_object(struct session *session, struct object_types *types)
{
	LIBBPF_OPTS(bpf_object_open_opts, options,
		    .btf_custom_path = object_types_path(types));

	session->skeleton = bpfpath_bpf__open_opts(&options);
	if (!session->skeleton) {
		log_error("cannot open the BPF object: %s", strerror(errno));
		return -errno;
	}
	return object_types_fill(types, session->options.kernel, session->skeleton->obj);
}

static int session_loading(void *context, struct bpf_program *program,
			   struct bpf_prog_load_opts *options)
{
	struct session *session = context;
	const struct backend *backend = session->options.backend;

	return backend->loading ? backend->loading(session, program, options) : 0;
}

static int session_open_intake(struct session *session)
{
	const struct bpf_map *shared = session->skeleton->maps.ring;
	const struct bpf_map *own = session->skeleton->maps.lanes;
	const uint64_t events = session->skeleton->rodata->config_lane_mask + 1;
	struct intake *intake = &session->intake;
	int err = ring_open(&intake->ring, bpf_map__fd(shared),
			    bpf_map__max_entries(shared));

	if (!err)
		err = lanes_open(&intake->lanes, bpf_map__fd(own),
				 bpf_map__max_entries(own), (uint32_t)events);
	return err ? err : intake_open(intake);
}

static int session_load(struct session *session)
{
	AUTO(object_types_close) struct object_types types = object_types_open();
	int err = slot_register();

	if (!err)
		err = session_open_object(session, &types);
	if (err)
		return err;
	session_autoload_none(session);
	session_configure(session);
	session_size(session);
	err = session->options.backend->prepare(session);
	if (err)
		return err;
	if (session->options.backend->functions)
		probes_report(session->options.probes);
	slot_set(session->options.filter, session->skeleton->maps.rodata, session_loading,
		 session);
	kernel_forget_types(session->options.kernel);
	err = bpfpath_bpf__load(session->skeleton);
	if (err)
		return object_refused(err);
	return session_open_intake(session);
}

/* Nothing begins before everything is attached: it would be paths with holes. */
static int session_attach(struct session *session)
{
	int err;

	session->skeleton->bss->stopped = 1;
	err = session->options.backend->attach(session);
	if (!err)
		err = missing_programs(session);
	if (!err)
		session->skeleton->bss->stopped = 0;
	return err;
}

int session_open(const struct session_options *options, struct session **out)
{
	struct session *session = calloc(1, sizeof(*session));
	int err;

	if (!session)
		return -ENOMEM;
	session->options = *options;
	session->stats = -1;
	session->takes = plan_in_registers;
	err = session_load(session);
	if (!err && options->measure)
		err = work_measure(session);
	if (!err)
		err = session_attach(session);
	if (err) {
		session_close(session);
		return err;
	}
	malloc_trim(0); /* what the start took */
	*out = session;
	return 0;
}

/*
 * Backends take their time to detach. What probes see meanwhile would be paths
 * with holes: nothing begins, and with nothing followed no probe looks further.
 */
void session_stop(struct session *session)
{
	struct bpfpath_bpf *skeleton = session->skeleton;

	if (!skeleton || !session->intake.ring.data)
		return;
	skeleton->bss->stopped = 1;
	skeleton->bss->busy.following = 0;
}

void session_detach(struct session *session)
{
	if (session->detached)
		return;
	session->detached = true;
	session_stop(session);
	missing_clear(&session->missing);
	session->options.backend->detach(session);
	fd_list_close(&session->tracepoints);
	cleanup_fd(&session->stats);
}

void session_close(struct session *session)
{
	if (!session)
		return;
	session_detach(session);
	intake_close(&session->intake);
	bpfpath_bpf__destroy(session->skeleton);
	free(session);
}

int session_fd(const struct session *session)
{
	return bpf_map__fd(session->skeleton->maps.ring);
}

bool session_read(struct session *session)
{
	/* what is not attached any more has written all that it was to */
	const uint64_t until = session->detached ? UINT64_MAX : clock_now();

	return intake_read(&session->intake, until, SESSION_ROUND, session->options.event,
			   session->options.context);
}

bool session_follows(const struct session *session)
{
	return session->skeleton->bss->busy.following;
}

int session_rescan(struct session *session)
{
	const struct backend *backend = session->options.backend;

	if (session->detached)
		return 0;
	calls_sweep(session);
	if (backend->rescan)
		return backend->rescan(session);
	return netns_table_scan(session->options.netns, NULL, NULL);
}

int session_narrow(struct session *session)
{
	const struct backend *backend = session->options.backend;

	if (!backend->narrow || session->narrowed)
		return -EOPNOTSUPP;
	session->narrowed = true;
	return backend->narrow(session);
}

static uint64_t session_count(const struct session *session, __u32 what)
{
	__u64 total;

	percpu_sum(bpf_map__fd(session->skeleton->maps.account), &what, &total, 1);
	return total;
}

void session_account(const struct session *session, uint64_t account[ACCOUNT_SIZE])
{
	for (__u32 what = 0; what < ACCOUNT_SIZE; what++)
		account[what] = session_count(session, what);
	account[ACCOUNT_STEPS] += lanes_steps(&session->intake.lanes);
}

uint64_t session_lost(const struct session *session)
{
	return session_count(session, ACCOUNT_RING_FULL);
}

void session_attached(struct session *session, const struct function *function, int err)
{
	if (!err) {
		session->functions++;
		return;
	}
	log_debug("function '%s' cannot be probed: %s", function->name, strerror(-err));
	session->refused++;
}

static void session_each_function(const struct plan *plan,
				  void (*fn)(void *context, enum event_kind kind,
					     const char *name),
				  void *context)
{
	for (enum plan_group group = 0; group < PLAN_GROUPS; group++) {
		const struct plan_list *list = plan_list(plan, group);

		for (size_t i = 0; i < list->count; i++)
			fn(context, EVENT_FUNCTION, list->functions[i]->name);
	}
}

void session_each_probe(const struct session *session,
			void (*fn)(void *context, enum event_kind kind, const char *name),
			void *context)
{
	for (size_t i = 0; backends[i]; i++) {
		const struct plan *plan = backends[i]->plan ? backends[i]->plan(session)
							    : NULL;

		if (plan)
			session_each_function(plan, fn, context);
	}
	if (session->gates)
		fn(context, EVENT_GATE, "");
	tracepoints_each(session, fn, context);
}

void session_probes(const struct session *session, struct session_probes *probes)
{
	*probes = (struct session_probes){
		.tracepoints = session->tracepoints.count,
		.functions = session->functions,
		.devices = gates_devices(session->gates),
		.refused = session->refused + gates_refused(session->gates),
	};
}
