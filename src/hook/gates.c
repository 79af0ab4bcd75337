// SPDX-License-Identifier: GPL-2.0-only
/*
 * A link goes with the process, and with its device; it keeps neither alive
 * (kernel/bpf/tcx.c, dev_tcx_uninstall).
 */
#include "hook/gates.h"

#include <errno.h>
#include <net/if_arp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "base/log.h"
#include "bpf/tcx.h"
#include "hook/session.h"
#include "hook/work.h"
#include "kernel/netns.h"

/* Of linux/bpf.h since 6.6; also with the headers of libbpf 1.1. */
#define ATTACH_TCX_INGRESS 46
#define ATTACH_TCX_EGRESS  47
#define ATTACH_BEFORE	   (1U << 3) /* BPF_F_BEFORE: in front of all others */

/* The programs for one kind of device in one namespace. */
struct gates_copy {
	uint64_t config;
	int ingress, egress;
};

struct gates_link {
	uint64_t config; /* of its copy */
	uint32_t netns, ifindex;
	int ingress, egress;
};

struct gates {
	struct gates_options options;
	struct gates_copy *copies;
	size_t copy_count;
	struct gates_link *links;
	size_t link_count;
	size_t refused;
	struct session_work past; /* of copies that are gone */
};

/* Load @program again, with another constant. */
static int gates_load(const struct bpf_program *program, uint64_t config)
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

static const struct gates_copy *gates_copy_find(struct gates *gates, uint64_t config)
{
	struct gates_copy copy = { .config = config }, *copies;

	for (size_t i = 0; i < gates->copy_count; i++) {
		if (gates->copies[i].config == config)
			return &gates->copies[i];
	}
	copies = realloc(gates->copies, (gates->copy_count + 1) * sizeof(*copies));
	if (!copies)
		return NULL;
	gates->copies = copies;
	copy.ingress = gates_load(gates->options.ingress, config);
	copy.egress = gates_load(gates->options.egress, config);
	copies[gates->copy_count++] = copy;
	return &copies[gates->copy_count - 1];
}

static bool gates_has_ethernet(const struct netns_device *device)
{
	return device->type == ARPHRD_ETHER || device->type == ARPHRD_LOOPBACK;
}

static uint64_t gates_config(const struct gates *gates, const struct netns_device *device)
{
	const struct gates_options *options = &gates->options;
	uint64_t config = device->netns;

	if (!gates_has_ethernet(device))
		config |= TCX_CONFIG_IP;
	if ((!options->only_netns || options->only_netns == device->netns) &&
	    (!options->dev || !strcmp(options->dev, device->name)))
		config |= TCX_CONFIG_BEGIN;
	return config;
}

static int gates_link_new(struct gates *gates, const struct gates_link *link)
{
	struct gates_link *links = realloc(gates->links,
					   (gates->link_count + 1) * sizeof(*links));

	if (!links)
		return -ENOMEM;
	links[gates->link_count++] = *link;
	gates->links = links;
	return 0;
}

/* Inside of the device's namespace. A device that is gone already is no error. */
static int gates_attach_device(const struct netns *netns, struct netns_device *device,
			       void *context)
{
	LIBBPF_OPTS(bpf_link_create_opts, options, .flags = ATTACH_BEFORE);
	struct gates *gates = context;
	const struct gates_copy *copy = gates_copy_find(gates,
							gates_config(gates, device));
	struct gates_link link = { .netns = device->netns, .ifindex = device->ifindex };

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
			gates->refused++;
		}
		if (link.ingress >= 0)
			close(link.ingress);
		if (link.egress >= 0)
			close(link.egress);
		return 0;
	}
	return gates_link_new(gates, &link);
}

static void gates_link_close(struct gates_link *link)
{
	close(link->ingress);
	close(link->egress);
}

static void gates_copy_close(struct gates_copy *copy)
{
	if (copy->ingress >= 0)
		close(copy->ingress);
	if (copy->egress >= 0)
		close(copy->egress);
}

static bool gates_copy_used(const struct gates *gates, const struct gates_copy *copy)
{
	for (size_t i = 0; i < gates->link_count; i++) {
		if (gates->links[i].config == copy->config)
			return true;
	}
	return false;
}

static void gates_work_copy(const struct gates_copy *copy, struct session_work *work)
{
	work_add(work, copy->ingress);
	work_add(work, copy->egress);
}

void gates_work(const struct gates *gates, struct session_work *work)
{
	work->time += gates->past.time;
	work->runs += gates->past.runs;
	work->skipped += gates->past.skipped;
	for (size_t i = 0; i < gates->copy_count; i++)
		gates_work_copy(&gates->copies[i], work);
}

static void gates_sweep_copies(struct gates *gates)
{
	size_t kept = 0;

	for (size_t i = 0; i < gates->copy_count; i++) {
		if (gates_copy_used(gates, &gates->copies[i])) {
			gates->copies[kept++] = gates->copies[i];
			continue;
		}
		gates_work_copy(&gates->copies[i], &gates->past);
		gates_copy_close(&gates->copies[i]);
	}
	gates->copy_count = kept;
}

/* Links of devices that are gone hold nothing but a file descriptor: close it. */
static void gates_sweep_links(struct gates *gates)
{
	size_t kept = 0;

	for (size_t i = 0; i < gates->link_count; i++) {
		struct gates_link *link = &gates->links[i];

		if (netns_table_device(gates->options.netns, link->netns, link->ifindex))
			gates->links[kept++] = *link;
		else
			gates_link_close(link);
	}
	gates->link_count = kept;
}

int gates_scan(struct gates *gates)
{
	int err = netns_table_scan(gates->options.netns, gates_attach_device, gates);

	gates_sweep_links(gates);
	gates_sweep_copies(gates);
	return err;
}

/* The devices that the table knows already are new here. */
int gates_open(const struct gates_options *options, struct gates **out)
{
	struct gates *gates = calloc(1, sizeof(*gates));
	int err;

	if (!gates)
		return -ENOMEM;
	gates->options = *options;
	netns_table_forget(options->netns);
	err = gates_scan(gates);
	if (err) {
		gates_close(gates);
		return err;
	}
	*out = gates;
	return 0;
}

void gates_close(struct gates *gates)
{
	if (!gates)
		return;
	for (size_t i = 0; i < gates->link_count; i++)
		gates_link_close(&gates->links[i]);
	for (size_t i = 0; i < gates->copy_count; i++)
		gates_copy_close(&gates->copies[i]);
	free(gates->links);
	free(gates->copies);
	free(gates);
}

size_t gates_devices(const struct gates *gates)
{
	return gates ? gates->link_count : 0;
}

size_t gates_refused(const struct gates *gates)
{
	return gates ? gates->refused : 0;
}
