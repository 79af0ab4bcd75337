// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the programs cost, by the kernel's own count (BPF_ENABLE_STATS: 5.8,
 * d46edd671a14), and how often they were skipped. Skipped runs are counted since 5.12
 * (9ed9e9ba2337), those of raw tracepoints, which nothing skipped before, since 6.1
 * (05b24ff9b2cf), and those of kprobes since 6.7 (dd8657894c11, f915fcb38553).
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "base/log.h"
#include "bpf/bpfpath.skel.h"
#include "hook/backend.h"
#include "hook/internal.h"

int work_measure(struct session *session)
{
	session->stats = bpf_enable_stats(BPF_STATS_RUN_TIME);
	if (session->stats >= 0)
		return 0;
	log_error("BPF programs cannot be measured: %s%s", strerror(errno),
		  errno == EPERM ? "; it needs CAP_SYS_ADMIN" : "");
	return -errno;
}

void work_add(struct session_work *work, int program)
{
	struct bpf_prog_info info = { 0 };
	__u32 size = sizeof(info);

	if (program < 0 || bpf_obj_get_info_by_fd(program, &info, &size))
		return;
	work->time += info.run_time_ns;
	work->runs += info.run_cnt;
	work->skipped += info.recursion_misses;
}

static struct session_work work_of(const struct bpf_program *program)
{
	struct session_work work = { 0 };

	work_add(&work, bpf_program__fd(program));
	return work;
}

/* Every packet that a device receives or sends comes by one of two tracepoints once. */
static void work_add_packets(struct session_work *work,
			     const struct bpfpath_bpf *skeleton)
{
	work->packets = work_of(skeleton->progs.tracepoint_net_dev_queue).runs +
			work_of(skeleton->progs.tracepoint_netif_receive_skb).runs;
	work->packet_time = work->time - work_of(skeleton->progs.memory_freed).time;
}

void session_work(const struct session *session, struct session_work *work)
{
	const struct backend *backend = session->options.backend;
	struct bpf_program *program;

	*work = (struct session_work){ 0 };
	bpf_object__for_each_program(program, session->skeleton->obj)
		work_add(work, bpf_program__fd(program));
	if (backend->work)
		backend->work(session, work);
	work_add_packets(work, session->skeleton);
}
