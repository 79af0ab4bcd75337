#!/bin/bash
# A TCP connection to a port where nobody listens: the SYN is dropped in b for
# want of a socket, a reset comes back to a.
. "$(dirname "$0")/lib.sh"

topology_pair
ping_once a "$net4.2"
assert_packets -e "any: $(dropped NO_SOCKET)" -e "crosses $(ns a)/va" -e "crosses $(ns b)/vb" \
	-e 'order net_dev_queue net_dev_start_xmit netif_rx netif_receive_skb' \
	"tcp and host $net4.2" -- \
	ip netns exec "$(ns a)" bash -c "! : 2>/dev/null >/dev/tcp/$net4.2/4711"
assert_only "$net4.1" "$net4.2"
assert_time
assert_json 'all(.[]; .packet.sport == 4711 or .packet.dport == 4711)'
assert_json 'roots | length == 2'

pick_flow "$net4.1" "$net4.2" '.packet.dport == 4711'
assert_order net_dev_queue net_dev_start_xmit netif_rx netif_receive_skb kfree_skb
assert_namespaces a b
assert_dropped NO_SOCKET

pick_flow "$net4.2" "$net4.1" '.packet.sport == 4711'
assert_namespaces b a
assert_path '.end.kind != "open"'
