/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * config.bpf.h - what the session decides before the programs are loaded
 *
 * Constants, so that the verifier removes what they switch off: on a confined
 * kernel the helpers that it forbids are gone before it looks for them.
 */
#ifndef BPFPATH_CONFIG_BPF_H
#define BPFPATH_CONFIG_BPF_H

#include <stdbool.h>

#include "bpf/event.h"
#include "bpf/follow.h"
#include "bpf/packet.h"

/* Kernel memory may be read; raw tracepoints and functions can be gates. */
const volatile bool config_reads;

/*
 * ... and, only then, looked at as a struct: read.bpf.h; where also, only then, what
 * points to no struct is a pointer: skb.bpf.h.
 */
const volatile bool config_direct;
const volatile bool config_leaves;

/* Functions are probed, those among them that free packets with no tracepoint. */
const volatile bool config_functions;

/* The programs of calls run at their return, too (kprobe.session). */
const volatile bool config_session;

/* Packets of the same conversation as one that matches are followed, too. */
const volatile bool config_conversation;

/* XDP frames are followed: what makes an sk_buff of one can be probed (5.12). */
const volatile bool config_frames;

/* Steps say where on the stack they are. */
const volatile bool config_graph;

/* How many bits of 64 do not tell which place a packet that is followed has. */
const volatile __u32 config_follow_shift = 64 - FOLLOW_BITS;

/* How many bytes of a packet the filter looks at, at least 1, */
const volatile __u32 config_look = PACKET_SNAP_MAX;

/* ... and at least what a snapshot wants. */
const volatile __u32 config_snap = PACKET_SNAP_MAX;

/* One less than there are places for events in a lane, and how many wake the reader. */
const volatile __u64 config_lane_mask;
const volatile __u64 config_lane_wake;

/* So many bytes in the ring buffer wake its reader. */
const volatile __u64 config_ring_wake;

/* ... and so many there and in the CPU's lane let no other packet begin. */
const volatile __u64 config_refuse;

/* Only packets on this device may begin to be followed; "": all. */
const volatile char config_dev[EVENT_DEV_LEN];
const volatile bool config_dev_set;

/* The same for a namespace, by inode; 0: all. */
const volatile __u32 config_netns;

/* A tc program may ask who runs; elsewhere every program may. */
const volatile bool config_tc_task;

/* Arguments that only later kernels give: consume_skb and kfree_skb. */
const volatile bool config_consume_location;
const volatile bool config_drop_reason;

/* Addresses of the variables that place struct pages (x86-64); 0: none. */
const volatile __u64 config_vmemmap_base;
const volatile __u64 config_page_offset_base;

/*
 * Addresses of variables that say whether kprobes run: where each CPU has its own, and
 * which those are. 0: it is not looked at.
 */
const volatile __u64 config_cpu_offsets;
const volatile __u64 config_prog_active;
const volatile __u64 config_current_kprobe;

/* The notifier whose call means that devices changed; 0: not known. */
const volatile __u64 config_device_notifier;

#endif
