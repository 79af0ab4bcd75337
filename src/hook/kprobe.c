// SPDX-License-Identifier: GPL-2.0-only
/*
 * kprobe: a perf event for each function. Works wherever kprobes do, but each
 * event is attached and detached by itself, which takes the kernel its time.
 *
 * The events are of the dynamic PMU "kprobe" (4.17, e12f03d7031a): they have no
 * name in tracefs and go with their last open file, however this process ends.
 */
#include <errno.h>
#include <linux/perf_event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "bpf/bpfpath.skel.h"
#include "hook/backend.h"
#include "hook/function_table.h"
#include "hook/internal.h"
#include "hook/plan.h"
#include "kernel/functions.h"
#include "kernel/kernel.h"
#include "kernel/symbols.h"

#define KPROBE_PMU "/sys/bus/event_source/devices/kprobe/"

/*
 * Threads that close events. The kernel does most of a close with one lock held
 * (event_mutex), so that more of them gain nothing.
 */
#define KPROBE_THREADS 8

#define KPROBE_PATIENCE 500 /* functions, from which on it is said that it takes long */

struct kprobe {
	struct plan *plan;
	int pmu;
	size_t total;		       /* functions to be attached at first */
	size_t events, closed;	       /* while they are detached */
	struct fd_list anchors, steps; /* events; see plan_is_anchor() */
};

#define KPROBE_RETURN 1 /* in perf_event_attr.config, by format/retprobe */

/* The type of a perf event that is a kprobe; negative: there is none. */
static int kprobe_pmu(void)
{
	AUTO_FILE FILE *file = fopen(KPROBE_PMU "type", "re");
	int type;

	return file && fscanf(file, "%d", &type) == 1 ? type : -ENOENT;
}

static bool kprobe_usable(const struct kernel *kernel, const char **why)
{
	*why = !kernel->reads ? "the kernel is locked down: no function can be probed"
	       : kprobe_pmu() < 0
		       ? "the kernel has no kprobes as perf events (CONFIG_KPROBE_EVENTS)"
		       : NULL;
	return !*why;
}

static struct bpf_program *kprobe_program(const struct session *session,
					  enum plan_group group)
{
	const struct bpfpath_bpf *skeleton = session->skeleton;
	struct bpf_program *const programs[PLAN_GROUPS] = {
		[PLAN_ANCHORS] = skeleton->progs.kprobe_gate,
		[PLAN_STEPS] = skeleton->progs.kprobe_step,
		[PLAN_CALL_ANCHORS] = skeleton->progs.kprobe_call_gate,
		[PLAN_CALL_STEPS] = skeleton->progs.kprobe_call,
	};

	return programs[group];
}

/* All of them, also for modules to come. */
static void kprobe_choose(const struct session *session)
{
	for (enum plan_group group = 0; group < PLAN_GROUPS; group++)
		bpf_program__set_autoload(kprobe_program(session, group), true);
	bpf_program__set_autoload(session->skeleton->progs.kprobe_return, true);
}

/* Looked at by tracepoints, only if all of them are there. */
static void kprobe_configure(const struct session *session)
{
	const struct symbols *symbols = session->options.symbols;
	struct bpfpath_bpf__rodata *config = session->skeleton->rodata;

	config->config_prog_active = symbols_variable(symbols, "bpf_prog_active");
	config->config_current_kprobe = symbols_variable(symbols, "current_kprobe");
	if (config->config_prog_active && config->config_current_kprobe)
		config->config_cpu_offsets = symbols_variable(symbols,
							      "__per_cpu_offset");
}

static int kprobe_prepare(struct session *session)
{
	struct kprobe *kprobe = calloc(1, sizeof(*kprobe));
	int err;

	if (!kprobe)
		return -ENOMEM;
	session->kprobe = kprobe;
	kprobe->pmu = kprobe_pmu();
	kprobe_configure(session);
	err = tracepoints_prepare(session);
	if (!err)
		err = plan_make(session, session->takes, &kprobe->plan);
	if (!err)
		kprobe_choose(session);
	return err;
}

/* By address: a name may stand for several functions. */
static int kprobe_event(const struct kprobe *kprobe, unsigned long address,
			uint64_t config)
{
	struct perf_event_attr attr = {
		.size = sizeof(attr),
		.type = kprobe->pmu,
		.config = config,
		.kprobe_addr = address,
	};
	/* A kprobe is on all CPUs, but the event wants one. */
	int fd = syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

/*
 * A link, since 5.15 (b89fbfbb854c), can be asked what its event has missed. It keeps the
 * event, and goes like it. Before, the program is set to the event itself.
 */
static int kprobe_open(const struct kprobe *kprobe, unsigned long address,
		       uint64_t config, const struct bpf_program *program)
{
	int event = kprobe_event(kprobe, address, config), link, err;

	if (event < 0)
		return event;
	link = bpf_link_create(bpf_program__fd(program), event, BPF_PERF_EVENT, NULL);
	if (link < 0 && !ioctl(event, PERF_EVENT_IOC_SET_BPF, bpf_program__fd(program)))
		return event;
	err = -errno;
	close(event);
	return link < 0 ? err : link;
}

static int kprobe_add(struct session *session, enum plan_group group,
		      const struct plan_list *list, size_t i, uint64_t config)
{
	struct kprobe *kprobe = session->kprobe;
	const struct bpf_program *program =
		config & KPROBE_RETURN ? session->skeleton->progs.kprobe_return
				       : kprobe_program(session, group);
	int fd = kprobe_open(kprobe, list->addresses[i], config, program), err;

	if (fd < 0)
		return fd;
	err = fd_list_add(plan_is_anchor(group) ? &kprobe->anchors : &kprobe->steps, fd);
	return err ? err
		   : missing_add(&session->missing, MISSING_EVENT, fd, MISSED_FUNCTION,
				 list->functions[i]->name);
}

/* The return comes first: a call is not waited for that would not be seen to end. */
static void kprobe_attach_one(struct session *session, enum plan_group group,
			      const struct plan_list *list, size_t i)
{
	int err = 0;

	if (plan_is_call(group))
		err = kprobe_add(session, group, list, i, KPROBE_RETURN);
	if (!err)
		err = kprobe_add(session, group, list, i, 0);
	session_attached(session, list->functions[i], err);
}

/* Signals are read between events, of which there are none yet. */
static int kprobe_interrupted(void)
{
	sigset_t pending;

	if (sigpending(&pending) ||
	    (!sigismember(&pending, SIGINT) && !sigismember(&pending, SIGTERM) &&
	     !sigismember(&pending, SIGHUP)))
		return 0;
	return -EINTR;
}

static void kprobe_tell(const struct session *session, size_t done)
{
	const struct session_options *options = &session->options;

	if (options->attaching)
		options->attaching(options->context, done, session->kprobe->total);
}

static int kprobe_attach_list(struct session *session, enum plan_group group,
			      const struct plan_list *list)
{
	int err = function_table_fill(session, list);

	for (size_t i = 0; !err && i < list->count; i++) {
		kprobe_tell(session, session->functions + session->refused);
		err = kprobe_interrupted();
		if (!err)
			kprobe_attach_one(session, group, list, i);
	}
	return err;
}

static int kprobe_attach(struct session *session)
{
	struct kprobe *kprobe = session->kprobe;
	int err = 0;

	for (enum plan_group group = 0; group < PLAN_GROUPS; group++)
		kprobe->total += plan_list(kprobe->plan, group)->count;
	if (kprobe->total > KPROBE_PATIENCE)
		log_info("attaching %zu kprobes one by one, which takes a while, as does "
			 "the end",
			 kprobe->total);
	for (enum plan_group group = 0; !err && group < PLAN_GROUPS; group++)
		err = kprobe_attach_list(session, group, plan_list(kprobe->plan, group));
	kprobe_tell(session, kprobe->total);
	if (err == -EINTR)
		log_error("interrupted while attaching");
	return err ? err : tracepoints_attach(session);
}

/* A signal that comes meanwhile is read soon enough. */
static int kprobe_attach_late(struct session *session, enum plan_group group,
			      const struct plan_list *list)
{
	int err = function_table_fill(session, list);

	for (size_t i = 0; !err && i < list->count; i++)
		kprobe_attach_one(session, group, list, i);
	return err;
}

static int kprobe_rescan(struct session *session)
{
	return late_rescan(session, &session->kprobe->plan, kprobe_attach_late);
}

static int kprobe_narrow(struct session *session)
{
	missing_leave(&session->missing, &session->kprobe->steps);
	fd_list_close_parallel(&session->kprobe->steps, KPROBE_THREADS, NULL, NULL);
	return 0;
}

static const struct plan *kprobe_plan(const struct session *session)
{
	return session->kprobe ? session->kprobe->plan : NULL;
}

/* @closed of the events of one list; the others wait, or are closed. */
static void kprobe_closed(void *context, size_t closed)
{
	const struct session *session = context;
	const struct session_options *options = &session->options;
	const struct kprobe *kprobe = session->kprobe;

	if (options->detaching)
		options->detaching(options->context, kprobe->closed + closed,
				   kprobe->events);
}

static void kprobe_close_list(struct session *session, struct fd_list *list)
{
	size_t count = list->count;

	fd_list_close_parallel(list, KPROBE_THREADS, kprobe_closed, session);
	session->kprobe->closed += count;
}

static void kprobe_detach(struct session *session)
{
	struct kprobe *kprobe = session->kprobe;

	if (!kprobe)
		return;
	kprobe->events = kprobe->steps.count + kprobe->anchors.count;
	kprobe_close_list(session, &kprobe->steps);
	kprobe_close_list(session, &kprobe->anchors);
	if (session->options.detaching)
		session->options.detaching(session->options.context, kprobe->events,
					   kprobe->events);
	plan_free(kprobe->plan);
	free(kprobe);
	session->kprobe = NULL;
}

const struct backend backend_kprobe = {
	.name = "kprobe",
	.help = "a kprobe on each function, and raw tracepoints",
	.reads = true,
	.functions = true,
	.exclusive = true,
	.needs = "Linux 5.8 with CONFIG_KPROBE_EVENTS and CONFIG_DYNAMIC_FTRACE",
	.lacks = "attaching and detaching take seconds, with -p all minutes",
	.usable = kprobe_usable,
	.reaches = plan_in_registers,
	.prepare = kprobe_prepare,
	.attach = kprobe_attach,
	.rescan = kprobe_rescan,
	.narrow = kprobe_narrow,
	.plan = kprobe_plan,
	.detach = kprobe_detach,
};
