/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * event.h - the one contract between the kernel side and the user side
 *
 * An event is one step of one followed packet, written by a BPF program into
 * a buffer and read by the session. It has a fixed head; a snapshot of
 * the packet's headers and its device follows only where EVENT_SNAPSHOT says
 * so: with the first step of a packet, and whenever its device or its headers
 * changed.
 *
 * Fields that a probe cannot know are 0 and stay 0: a confined kernel allows
 * no kernel reads, so that a raw tracepoint there knows the packet's address
 * and nothing else (the assembler fills in what the gates saw).
 */
#ifndef BPFPATH_EVENT_H
#define BPFPATH_EVENT_H

#include <linux/types.h>

#define EVENT_COMM_LEN 16  /* TASK_COMM_LEN, linux/sched.h */
#define EVENT_DEV_LEN  16  /* IFNAMSIZ, linux/if.h */
#define EVENT_SNAP_LEN 128 /* bytes of the packet in a snapshot, at most */

enum event_kind {
	/* steps of a packet */
	EVENT_FUNCTION,	  /* a function was entered; .where is its address */
	EVENT_TRACEPOINT, /* a tracepoint fired; .id is an enum tracepoint_id */
	EVENT_GATE,	  /* a tcx program saw it; .id is an enum event_gate */
	EVENT_FREE,	  /* memory freed with no word; .where is the call site */
	EVENT_COPY,	  /* a copy of packet .value begins; struct event_copy */
	EVENT_MERGE,	  /* it may go into packet .value (0: not followed) */
	EVENT_QUEUE,	  /* a fragment and the queue .value, see bpf/copy.bpf.h */
	EVENT_STEP_KINDS,

	/*
	 * The call that an EVENT_FUNCTION with EVENT_CALL told of has ended, and
	 * returned .value, all 64 bits of the register. Packet, function and frame
	 * are those of its entry; place, packet memory and process are left out.
	 */
	EVENT_RETURN = EVENT_STEP_KINDS,

	/*
	 * A gate found another packet at the address: this one was freed unseen,
	 * and receive-side steps since its last gate are not its own. Ends the
	 * path (EVENT_LAST).
	 */
	EVENT_REUSED,

	/* More of the packet's last step at the function .where. */
	EVENT_CHAIN, /* the rules that it goes through; struct event_chain */
	EVENT_ROUTE, /* where it is sent; struct event_route */
	EVENT_AGAIN, /* TCP sends it once more; struct event_again */

	EVENT_DEVICES, /* not of a packet: devices or namespaces changed */
};

/* .id of an EVENT_GATE */
enum event_gate {
	EVENT_GATE_INGRESS,
	EVENT_GATE_EGRESS,
};

/* .id of an EVENT_CHAIN: the hook of netfilter whose name the chain has */
enum event_hook {
	EVENT_HOOK_NONE, /* none: it has a name of its own */
	EVENT_HOOK_PREROUTING,
	EVENT_HOOK_INPUT,
	EVENT_HOOK_FORWARD,
	EVENT_HOOK_OUTPUT,
	EVENT_HOOK_POSTROUTING,
	EVENT_HOOKS
};

enum event_flag {
	EVENT_FIRST = 1 << 0,	 /* this step is where following began */
	EVENT_LAST = 1 << 1,	 /* the address was forgotten with this step */
	EVENT_SNAPSHOT = 1 << 2, /* a struct event_snapshot */
	EVENT_NODEV = 1 << 3,	 /* the packet is known to have no device yet */
	EVENT_LATE = 1 << 4,	 /* it may have passed a gate before: the table was
				    full a moment ago */
	EVENT_CALL = 1 << 5,	 /* an EVENT_RETURN of this frame will follow */
	EVENT_FRAME = 1 << 6,	 /* it is an XDP frame, or is one from here on: none but
				    functions tell how it ends */
	EVENT_BLIND = 1 << 7,	 /* a tracepoint, at a moment at which the kernel runs no
				    kprobe: functions around it were not seen */
};

/*
 * .frame: the low bits of an address on the stack. Of a function that of the
 * place that holds its return address, which no other call on this stack has as
 * long as this one lasts; of a tracepoint one below its caller's. Addresses are
 * aligned: the lowest bit says which stack it is, that of the task, or another
 * one of the CPU (interrupts).
 */
#define EVENT_FRAME_TASK 1u

/* .value of an EVENT_FREE: what was freed was an XDP frame, and no sk_buff. */
#define EVENT_FREE_FRAME 1

/* .checksum: skb->ip_summed (include/linux/skbuff.h) plus one. */
enum event_checksum {
	EVENT_CHECKSUM_UNKNOWN, /* this probe could not read the sk_buff, or its mark */
	EVENT_CHECKSUM_NONE,
	EVENT_CHECKSUM_UNNECESSARY,
	EVENT_CHECKSUM_COMPLETE,
	EVENT_CHECKSUM_PARTIAL,
};

/* Where the bytes of a snapshot begin. */
enum event_layer {
	EVENT_LAYER_ETHERNET, /* at the Ethernet header */
	EVENT_LAYER_IP,	      /* at the IPv4 or IPv6 header */
	/*
	 * As EVENT_LAYER_IP, but there is no IP header yet: of this one only
	 * version, protocol, addresses and ports are the packet's, the rest is 0.
	 */
	EVENT_LAYER_SOCKET,
};

struct event {
	__u64 time;   /* ns, CLOCK_MONOTONIC, read in the probe */
	__u64 packet; /* id of the packet: never 0, never used twice */
	__u64 skb;    /* address of the sk_buff */
	__u64 where;  /* function, call site; kfree_skb: who freed it */
	__u64 value;  /* kfree_skb: the drop reason; EVENT_FREE: above; EVENT_RETURN;
			 otherwise 0 */
	__u32 pid;    /* process (tgid) on the CPU at that time */
	__u32 tid;
	__u32 netns;   /* inode of the network namespace of the device */
	__u32 ifindex; /* of the device within it */
	__u32 len;     /* skb->len as that place in the kernel counts it */
	__u32 mark;    /* skb->mark */
	__u32 frame;   /* where on which stack, see above; 0: not known */
	__u16 cpu;
	__u8 kind;     /* enum event_kind */
	__u8 id;       /* see enum event_kind */
	__u8 flags;    /* enum event_flag */
	__u8 checksum; /* enum event_checksum */
	__u16 lost;    /* events of this packet lost since its last that arrived */
	__u32 reserved;
	char comm[EVENT_COMM_LEN]; /* of .tid; may hold any byte */
};

/* What an event with EVENT_SNAPSHOT is. */
struct event_snapshot {
	struct event event;
	char dev[EVENT_DEV_LEN]; /* name of the device, "" where not known */
	__u16 captured;		 /* bytes in data[] that are the packet's */
	__u8 layer;		 /* enum event_layer */
	__u8 pad[5];
	__u8 data[EVENT_SNAP_LEN];
};

#define EVENT_CALLERS 8

/* What an EVENT_COPY is: it never has a snapshot. */
struct event_copy {
	struct event event;
	__u64 callers[EVENT_CALLERS]; /* within functions, innermost first; 0: end */
};

#define EVENT_NAME_LEN 64 /* of a table or chain; what is longer (256) is cut */

/* What an EVENT_CHAIN is. */
struct event_chain {
	struct event event;
	char table[EVENT_NAME_LEN]; /* "": could not be read */
	char chain[EVENT_NAME_LEN]; /* only with EVENT_HOOK_NONE */
};

/* What an EVENT_ROUTE is. */
struct event_route {
	struct event event;
	char dev[EVENT_DEV_LEN]; /* that it is to leave by, in the namespace of .event */
	__u8 gateway[16];
	__u16 family; /* of .gateway, AF_INET or AF_INET6; 0: there is none */
	__u8 pad[6];
};

#define EVENT_AGAIN_CALLERS 16

/* What an EVENT_AGAIN is. */
struct event_again {
	struct event event;
	__u64 callers[EVENT_AGAIN_CALLERS]; /* as of an event_copy */
};

/*
 * Losses and work, one counter each; index of the "account" map. Steps that went through
 * lanes are counted there.
 */
enum account {
	ACCOUNT_PACKETS,    /* packets that began to be followed */
	ACCOUNT_STEPS,	    /* steps of them, and events that were lost */
	ACCOUNT_RING_FULL,  /* events lost: the ring buffer was full */
	ACCOUNT_REFUSED,    /* matching packets not followed: it was too full */
	ACCOUNT_TABLE_FULL, /* times that a packet could not be followed: the table
			       was full. One packet counts at each of its gates */
	ACCOUNT_NESTED,	    /* packets not tested: gates nested too deep */
	ACCOUNT_RETURNS, /* returns not told of: too many calls at once, or RING_FULL */
	ACCOUNT_BLIND,	 /* steps with EVENT_BLIND */
	ACCOUNT_SIZE
};

#endif
