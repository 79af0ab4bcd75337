// SPDX-License-Identifier: GPL-2.0-only
/*
 * The backend of a confined kernel, where no memory can be read: two tcx
 * programs on every device are the gates, in front of whatever else is attached
 * there, and let every packet pass on; raw tracepoints know the address.
 *
 * A link goes with the process, and with its device; it keeps neither alive
 * (kernel/bpf/tcx.c, dev_tcx_uninstall).
 */
#include <errno.h>
#include <net/if_arp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "base/log.h"
#include "bpf/bpfpath.skel.h"
#include "bpf/tcx.h"
#include "hook/backend.h"
#include "hook/internal.h"
#include "kernel/kernel.h"
#include "kernel/netns.h"

/* Of linux/bpf.h since 6.6; also with the headers of libbpf 1.1. */
#define ATTACH_TCX_INGRESS 46
#define ATTACH_TCX_EGRESS  47
#define ATTACH_BEFORE	   (1U << 3) /* BPF_F_BEFORE: in front of all others */

/* The programs for one kind of device in one namespace. */
struct tcx_copy {
	uint64_t config;
	int ingress, egress;
};

struct tcx_link {
	uint64_t config; /* of its copy */
	uint32_t netns, ifindex;
	int ingress, egress;
};

struct tcx {
	struct tcx_copy *copies;
	size_t copy_count;
	struct tcx_link *links;
	size_t link_count;
	struct session_work past; /* of copies that are gone */
};

static bool tcx_usable(const struct kernel *kernel, const char **why)
{
	*why = kernel->tcx ? NULL : "the kernel has no tcx (Linux 6.6)";
	return !*why;
}

static int tcx_prepare(struct session *session)
{
	session->tcx = calloc(1, sizeof(*session->tcx));
	if (!session->tcx)
		return -ENOMEM;
	bpf_program__set_autoload(session->skeleton->progs.tcx_ingress, true);
	bpf_program__set_autoload(session->skeleton->progs.tcx_egress, true);
	session->skeleton->rodata->config_tc_task = session->options.kernel->tc_task;
	return tracepoints_prepare(session);
}

/* Load @program again, with another constant. */
static int tcx_load(const struct bpf_program *program, uint64_t config)
{
	size_t count = bpf_program__insn_cnt(program);
	struct bpf_insn *insns = malloc(count * sizeof(*insns));
	int fd;

	if (!insns)
		return -ENOMEM;
	memcpy(insns, bpf_program__insns(program), count * sizeof(*insns));
	for (size_t i = 0; i + 1 < count; i++) {
		uint64_t value = (uint32_t)insns[i].imm | (uint64_t)insns[i + 1].imm
								  << 32;

		if (insns[i].code == (BPF_LD | BPF_IMM | BPF_DW) && !insns[i].src_reg &&
		    value == TCX_CONFIG_MARK) {
			insns[i].imm = (uint32_t)config;
			insns[i + 1].imm = config >> 32;
		}
	}
	fd = bpf_prog_load(BPF_PROG_TYPE_SCHED_CLS, bpf_program__name(program),
			   "Dual BSD/GPL", insns, count, NULL);
	free(insns);
	return fd;
}

static const struct tcx_copy *tcx_copy_find(struct session *session, uint64_t config)
{
	struct tcx *tcx = session->tcx;
	struct tcx_copy copy = { .config = config }, *copies;

	for (size_t i = 0; i < tcx->copy_count; i++) {
		if (tcx->copies[i].config == config)
			return &tcx->copies[i];
	}
	copies = realloc(tcx->copies, (tcx->copy_count + 1) * sizeof(*copies));
	if (!copies)
		return NULL;
	tcx->copies = copies;
	copy.ingress = tcx_load(session->skeleton->progs.tcx_ingress, config);
	copy.egress = tcx_load(session->skeleton->progs.tcx_egress, config);
	copies[tcx->copy_count++] = copy;
	return &copies[tcx->copy_count - 1];
}

static bool tcx_has_ethernet(const struct netns_device *device)
{
	return device->type == ARPHRD_ETHER || device->type == ARPHRD_LOOPBACK;
}

static uint64_t tcx_config(const struct session *session,
			   const struct netns_device *device)
{
	const struct session_options *options = &session->options;
	uint64_t config = device->netns;

	if (!tcx_has_ethernet(device))
		config |= TCX_CONFIG_IP;
	if ((!options->only_netns || options->only_netns == device->netns) &&
	    (!options->dev || !strcmp(options->dev, device->name)))
		config |= TCX_CONFIG_BEGIN;
	return config;
}

static int tcx_link_new(struct session *session, const struct tcx_link *link)
{
	struct tcx *tcx = session->tcx;
	struct tcx_link *links = realloc(tcx->links,
					 (tcx->link_count + 1) * sizeof(*links));

	if (!links)
		return -ENOMEM;
	links[tcx->link_count++] = *link;
	tcx->links = links;
	return 0;
}

/* Inside of the device's namespace. A device that is gone already is no error. */
static int tcx_attach_device(const struct netns *netns, struct netns_device *device,
			     void *context)
{
	LIBBPF_OPTS(bpf_link_create_opts, options, .flags = ATTACH_BEFORE);
	struct session *session = context;
	const struct tcx_copy *copy = tcx_copy_find(session, tcx_config(session, device));
	struct tcx_link link = { .netns = device->netns, .ifindex = device->ifindex };

	if (!copy)
		return -ENOMEM;
	link.config = copy->config;
	link.ingress = bpf_link_create(copy->ingress, device->ifindex, ATTACH_TCX_INGRESS,
				       &options);
	link.egress = bpf_link_create(copy->egress, device->ifindex, ATTACH_TCX_EGRESS,
				      &options);
	if (link.ingress < 0 || link.egress < 0) {
		if (errno != ENODEV) {
			log_debug("device '%s' cannot be attached to: %s", device->name,
				  strerror(errno));
			session->refused++;
		}
		if (link.ingress >= 0)
			close(link.ingress);
		if (link.egress >= 0)
			close(link.egress);
		return 0;
	}
	return tcx_link_new(session, &link);
}

static void tcx_link_close(struct tcx_link *link)
{
	close(link->ingress);
	close(link->egress);
}

static void tcx_copy_close(struct tcx_copy *copy)
{
	if (copy->ingress >= 0)
		close(copy->ingress);
	if (copy->egress >= 0)
		close(copy->egress);
}

static bool tcx_copy_used(const struct tcx *tcx, const struct tcx_copy *copy)
{
	for (size_t i = 0; i < tcx->link_count; i++) {
		if (tcx->links[i].config == copy->config)
			return true;
	}
	return false;
}

static void tcx_work_copy(const struct tcx_copy *copy, struct session_work *work)
{
	work_add(work, copy->ingress);
	work_add(work, copy->egress);
}

static void tcx_work(const struct session *session, struct session_work *work)
{
	const struct tcx *tcx = session->tcx;

	work->time += tcx->past.time;
	work->runs += tcx->past.runs;
	work->skipped += tcx->past.skipped;
	for (size_t i = 0; i < tcx->copy_count; i++)
		tcx_work_copy(&tcx->copies[i], work);
}

static void tcx_sweep_copies(struct tcx *tcx)
{
	size_t kept = 0;

	for (size_t i = 0; i < tcx->copy_count; i++) {
		if (tcx_copy_used(tcx, &tcx->copies[i])) {
			tcx->copies[kept++] = tcx->copies[i];
			continue;
		}
		tcx_work_copy(&tcx->copies[i], &tcx->past);
		tcx_copy_close(&tcx->copies[i]);
	}
	tcx->copy_count = kept;
}

/* Links of devices that are gone hold nothing but a file descriptor: close it. */
static void tcx_sweep_links(struct session *session)
{
	struct tcx *tcx = session->tcx;
	size_t kept = 0;

	for (size_t i = 0; i < tcx->link_count; i++) {
		struct tcx_link *link = &tcx->links[i];

		if (netns_table_device(session->options.netns, link->netns,
				       link->ifindex))
			tcx->links[kept++] = *link;
		else
			tcx_link_close(link);
	}
	tcx->link_count = kept;
}

static int tcx_rescan(struct session *session)
{
	int err = netns_table_scan(session->options.netns, tcx_attach_device, session);

	tcx_sweep_links(session);
	tcx_sweep_copies(session->tcx);
	return err;
}

/* The devices that the table knows already are new to this session. */
static int tcx_attach(struct session *session)
{
	int err = tracepoints_attach(session);

	if (err)
		return err;
	netns_table_forget(session->options.netns);
	return tcx_rescan(session);
}

static void tcx_detach(struct session *session)
{
	struct tcx *tcx = session->tcx;

	if (!tcx)
		return;
	for (size_t i = 0; i < tcx->link_count; i++)
		tcx_link_close(&tcx->links[i]);
	for (size_t i = 0; i < tcx->copy_count; i++)
		tcx_copy_close(&tcx->copies[i]);
	free(tcx->links);
	free(tcx->copies);
	free(tcx);
	session->tcx = NULL;
}

size_t tcx_devices(const struct session *session)
{
	return session->tcx ? session->tcx->link_count : 0;
}

const struct backend backend_tcx = {
	.name = "tcx",
	.help = "tcx programs on devices, and raw tracepoints; reads no kernel memory",
	.needs = "Linux 6.6 with CONFIG_NET_XGRESS",
	.lacks = "no functions are seen; the place of a step between two gates is "
		 "inferred",
	.usable = tcx_usable,
	.prepare = tcx_prepare,
	.attach = tcx_attach,
	.rescan = tcx_rescan,
	.work = tcx_work,
	.detach = tcx_detach,
};
