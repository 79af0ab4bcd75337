#!/bin/bash
# A UDP datagram to a port where nobody listens: dropped in b, and an ICMP port
# unreachable comes back.
. "$(dirname "$0")/lib.sh"

topology_pair
ping_once a "$net4.2"
assert_packets -e 'count == 2' -e "any: $(dropped NO_SOCKET)" \
	-e 'order net_dev_queue net_dev_start_xmit netif_rx netif_receive_skb' \
	-e "crosses $(ns a)/va" -e "crosses $(ns b)/vb" "(udp or icmp) and host $net4.2" -- \
	ip netns exec "$(ns a)" bash -c "echo hello >/dev/udp/$net4.2/4711"
assert_only "$net4.1" "$net4.2"
assert_time

pick_flow "$net4.1" "$net4.2" '.packet.proto == "udp"'
assert_path '.packet.dport == 4711'
assert_order net_dev_queue net_dev_start_xmit netif_rx netif_receive_skb kfree_skb
assert_namespaces a b
assert_dropped NO_SOCKET

pick_flow "$net4.2" "$net4.1" '.packet.proto == "icmp"'
assert_path '.packet.icmp.type == 3 and .packet.icmp.code == 3'
assert_namespaces b a
assert_path '.end.kind != "open"'
