/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * tcx_config.bpf.h - what a copy of a tcx program knows of where it runs
 *
 * One copy of a program is loaded per namespace and kind of device, with the
 * constant of tcx_config() replaced: a program cannot ask which namespace it
 * runs in before bpf_get_netns_cookie was opened to it (6.15).
 */
#ifndef BPFPATH_TCX_CONFIG_BPF_H
#define BPFPATH_TCX_CONFIG_BPF_H

#include <linux/types.h>
#include <bpf/bpf_helpers.h>

#include "bpf/event.h"
#include "bpf/tcx.h"

#define TCX_PASS_ON (-1) /* TCX_NEXT, linux/bpf.h since 6.6 */

static __always_inline __u64 tcx_config(void)
{
	__u64 config;

	asm volatile("%0 = %1 ll" : "=r"(config) : "i"(TCX_CONFIG_MARK));
	return config;
}

/* What packets begin with there: enum event_layer */
static __always_inline __u8 tcx_layer(__u64 config)
{
	return config & TCX_CONFIG_IP ? EVENT_LAYER_IP : EVENT_LAYER_ETHERNET;
}

#endif
