/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * socket.bpf.h - gates between a socket and IP, where a header is still missing
 *
 * The filter gets a header of what is known: version, protocol, addresses, ports.
 * Only filters that ask for no more come here (filter/decidable.h). Where the packet
 * may become another one than that, with options in its header, a gate leaves it to
 * the next: whoever begins here would have begun there.
 */
#ifndef BPFPATH_SOCKET_BPF_H
#define BPFPATH_SOCKET_BPF_H

#include "bpf/gate.bpf.h"

#define SOCKET_TCP	    6
#define SOCKET_UDP	    17
#define SOCKET_IPV4_LEN	    20
#define SOCKET_IPV6_LEN	    40
#define SOCKET_PORTS_LEN    4
#define SOCKET_IPV4_DEFAULT 0x45 /* version 4, no options */
#define SOCKET_PAYLOAD_MAX  65535

/* ::ffff:0:0/96, addresses of IPv4 (RFC 4291) */
static __always_inline bool socket_is_mapped(const __u8 *address)
{
	const __u32 *words = (const __u32 *)address;

	return !words[0] && !words[1] && words[2] == bpf_htonl(0xffff);
}

/* The first @len bytes are known; those of them that are not written yet are 0. */
static __always_inline void socket_header(struct packet *packet, __u32 len, __u8 version)
{
	packet->layer = EVENT_LAYER_SOCKET;
	packet->captured = len + SOCKET_PORTS_LEN;
	__builtin_memset(packet->data, 0, SOCKET_IPV6_LEN + SOCKET_PORTS_LEN);
	packet->data[0] = version;
}

static __always_inline bool socket_fill_ipv4(struct packet *packet,
					     struct inet_sock *inet)
{
	__be32 *saddr = (__be32 *)(packet->data + 12);

	if (READ(struct inet_sock, inet, inet_opt))
		return false;
	socket_header(packet, SOCKET_IPV4_LEN, SOCKET_IPV4_DEFAULT);
	packet->data[9] = SOCKET_TCP;
	*saddr = READ(struct inet_sock, inet, inet_saddr);
	*(__be32 *)(packet->data + 16) = READ(struct inet_sock, inet,
					      sk.__sk_common.skc_daddr);
	*(__be16 *)(packet->data + 20) = READ(struct inet_sock, inet, inet_sport);
	*(__be16 *)(packet->data + 22) = READ(struct inet_sock, inet,
					      sk.__sk_common.skc_dport);
	return *saddr;
}

/*
 * False also for a packet of more than 64 KiB, which gets an extension header with its
 * length (ip6_xmit).
 */
static __always_inline bool socket_fill_ipv6(struct packet *packet,
					     struct inet_sock *inet,
					     const struct in6_addr *daddr)
{
	struct ipv6_pinfo *pinfo = READ(struct inet_sock, inet, pinet6);

	if (!pinfo || READ(struct ipv6_pinfo, pinfo, opt) ||
	    packet->len > SOCKET_PAYLOAD_MAX)
		return false;
	socket_header(packet, SOCKET_IPV6_LEN, 0x60);
	packet->data[6] = SOCKET_TCP;
	BPF_CORE_READ_INTO((struct in6_addr *)(packet->data + 8), pinfo, saddr);
	__builtin_memcpy(packet->data + 24, daddr, sizeof(*daddr));
	*(__be16 *)(packet->data + 40) = READ(struct inet_sock, inet, inet_sport);
	*(__be16 *)(packet->data + 42) = READ(struct inet_sock, inet,
					      sk.__sk_common.skc_dport);
	return true;
}

/*
 * A TCP socket that is connected or connecting: no other sends segments this way,
 * as request and timewait sockets have functions of their own.
 */
static __always_inline bool socket_fill_tcp(struct packet *packet, struct inet_sock *inet)
{
	struct in6_addr daddr;

	if (READ(struct inet_sock, inet, sk.sk_protocol) != SOCKET_TCP)
		return false;
	if (READ(struct inet_sock, inet, sk.__sk_common.skc_family) == AF_INET)
		return socket_fill_ipv4(packet, inet);
	if (!bpf_core_field_exists(inet->pinet6))
		return false;
	BPF_CORE_READ_INTO(&daddr, inet, sk.__sk_common.skc_v6_daddr);
	if (socket_is_mapped(daddr.bytes))
		return socket_fill_ipv4(packet, inet);
	return socket_fill_ipv6(packet, inet, &daddr);
}

/*
 * The IP header is there already. The ports are where udp_send_skb and
 * udp_v6_send_skb take them from themselves.
 */
static __always_inline bool socket_fill_udp(struct packet *packet, const struct skb *skb,
					    __u64 sk, __u64 flow)
{
	__u64 start = packet_start(skb, PACKET_AT_IP, EVENT_LAYER_IP);

	packet->layer = EVENT_LAYER_IP;
	packet->len = skb->from->len;
	if (bpf_probe_read_kernel(packet->data, SOCKET_IPV6_LEN, (void *)start))
		return false;
	if (packet->data[0] == SOCKET_IPV4_DEFAULT && packet->data[9] == SOCKET_UDP) {
		packet->captured = SOCKET_IPV4_LEN + SOCKET_PORTS_LEN;
		*(__be16 *)(packet->data + 2) = bpf_htons(packet->len);
		*(__be16 *)(packet->data + 20) = READ(struct inet_sock, sk, inet_sport);
		*(__be16 *)(packet->data + 22) = READ(struct flowi4, flow,
						      uli.ports.dport);
		return true;
	}
	if (packet->data[0] >> 4 != 6 || packet->data[6] != SOCKET_UDP)
		return false;
	packet->captured = SOCKET_IPV6_LEN + SOCKET_PORTS_LEN;
	*(__be16 *)(packet->data + 40) = READ(struct flowi6, flow, uli.ports.sport);
	*(__be16 *)(packet->data + 42) = READ(struct flowi6, flow, uli.ports.dport);
	return true;
}

/* The packet is as it will be; test it. */
static __always_inline void socket_look(struct step *step, const struct skb *skb,
					struct sock *sk, struct packet *packet)
{
	struct followed init = {}, *followed = NULL;

	if (config_conversation)
		conversation_read(packet, skb_sock_netns(sk));
	if (conversation_match(packet)) {
		step_read(step, skb);
		init.early = 1;
		init.netns = skb_sock_netns(sk);
		followed = gate_follow(&init, skb, step);
	}
	if (followed)
		gate_emit(followed, skb, step, packet);
	else if (packet->layer == EVENT_LAYER_IP ||
		 packet->data[0] == SOCKET_IPV4_DEFAULT)
		gate_note_write_socket(step->skb, (__u64)sk);
}

/* Not inlined, like gate_test(), for the stack. */
static __noinline void socket_test_tcp(struct step *step, __u64 sk)
{
	struct packet *packet = nest_enter();
	struct skb skb;

	if (!packet)
		return;
	if (gate_read(&skb, step->skb, packet)) {
		packet->len = skb.from->len;
		if (socket_fill_tcp(packet, (struct inet_sock *)sk))
			socket_look(step, &skb, (struct sock *)sk, packet);
	}
	nest_leave(packet);
}

static __noinline void socket_test_udp(struct step *step, __u64 flow)
{
	struct packet *packet = nest_enter();
	struct skb skb;
	__u64 sk;

	if (!packet)
		return;
	if (gate_read(&skb, step->skb, packet)) {
		sk = config_direct ? READ_NUMBER(skb.from->sk) : (__u64)skb.from->sk;
		if (socket_fill_udp(packet, &skb, sk, flow))
			socket_look(step, &skb, (struct sock *)sk, packet);
	}
	nest_leave(packet);
}

#endif
