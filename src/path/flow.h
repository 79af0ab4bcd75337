/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * flow.h - what a packet is, read from a snapshot of its headers
 */
#ifndef BPFPATH_FLOW_H
#define BPFPATH_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/*
 * The innermost header whose kind is known decides .proto, also when that
 * header itself was cut off: "tcp" without ports is a later fragment, or a
 * short snapshot.
 */
struct flow {
	const char *proto; /* static: "tcp" "udp" "icmp" "icmp6" "arp" "ipv4" "ipv6"
			      "ethernet" "unknown" ...; never NULL after decoding */
	int family;	   /* AF_INET, AF_INET6; 0: no addresses */
	uint8_t src[16], dst[16];
	bool tuple; /* seen at its socket: nothing but what is up to .dport is known */
	bool ports; /* .sport and .dport are there */
	uint16_t sport, dport;
	uint8_t ip_proto, ttl; /* IPv6: the last header, the hop limit */
	uint32_t ip_len;       /* of the whole IP packet; 0: not written yet, or jumbo */
	uint16_t transport; /* where what follows the IP headers is, in what was decoded;
			       0: it was cut off */
	bool fragment;	    /* not the first fragment: no transport header */
	bool fragmented;    /* one of several fragments, which have: */
	uint32_t fragment_id;
	bool vlan;
	uint16_t vlan_id; /* of the outermost tag */
	bool ethernet;
	uint8_t mac_src[6], mac_dst[6];
	uint16_t ethertype;
	bool icmp; /* .icmp_* are there */
	uint8_t icmp_type, icmp_code;
	uint16_t icmp_quoted; /* of an error: where the IP header of the packet is that it
				 is about, in what was decoded; 0: it is no error */
	bool icmp_echo; /* an echo request or reply: .icmp_id, .icmp_seq are there */
	uint16_t icmp_id, icmp_seq;
	bool tcp; /* .tcp_* are there */
	uint8_t tcp_flags;
	uint32_t tcp_seq, tcp_ack;
	uint16_t tcp_data;  /* where it begins, from the IP header on; 0: not known */
	uint16_t arp_op;    /* 0: no ARP */
	uint8_t arp_mac[6]; /* what the sender says its address is */
	uint32_t len;	    /* skb->len where the snapshot was taken */
};

/*
 * Read the headers in @data, which begins with an Ethernet header when
 * @ethernet, otherwise with an IP header. Never fails: what is cut off, or
 * not understood, is left out. IPv4 options, IPv6 extension headers, fragments,
 * 802.1Q and 802.1ad are followed (RFC 791, 8200, 792, 4443, 826).
 */
void flow_decode(struct flow *flow, const uint8_t *data, size_t captured, bool ethernet);

/*
 * The packet that the ICMP error @flow is about, of whose beginning it has some bytes:
 * @data is what @flow was decoded from. False: it is no error.
 */
bool flow_decode_quoted(struct flow *quoted, const struct flow *flow, const uint8_t *data,
			size_t captured);

/*
 * What flow_decode() calls packets of this EtherType, 0x0800 and 0x86dd: and IP protocol.
 * Never NULL.
 */
const char *flow_proto(uint16_t ethertype, uint8_t ip_proto);

/* False: the bytes were no headers that flow_decode() knows. */
bool flow_is_decoded(const struct flow *flow);

/* Are they of the same sort: protocol, type and code of ICMP, operation of ARP? */
bool flow_same_kind(const struct flow *a, const struct flow *b);

/* Are protocol, addresses and ports the same? */
bool flow_same_tuple(const struct flow *a, const struct flow *b);

/* "10.0.0.1", "2001:db8::1"; "" without addresses. @size >= INET6_ADDRSTRLEN. */
void flow_address(const struct flow *flow, const uint8_t address[16], char *text,
		  size_t size);

/* "02:00:00:00:00:01" into @text; returns @text. */
#define FLOW_MAC_SIZE 18
const char *flow_mac(const uint8_t mac[6], char text[FLOW_MAC_SIZE]);

/* "SYN,ACK" into @text, "none" without any; returns @text. @size >= 40. */
const char *flow_tcp_flags(const struct flow *flow, char *text, size_t size);

/* "echo request", of .ip_proto, .icmp_type and .icmp_code; NULL: it has no name here. */
const char *flow_icmp_name(const struct flow *flow);

/*
 * One line for people: "icmp echo request 10.9.0.1 -> 10.9.0.2 id 7 seq 1 len 84",
 * "tcp 10.0.0.1:4711 -> 10.0.0.2:80 [SYN] seq 12 len 60",
 * "arp who-has 10.0.0.2 tell 10.0.0.1 len 42". Cut to @size; never empty.
 */
void flow_print(const struct flow *flow, char *text, size_t size);

#endif
