#!/bin/bash
# 1 MB over TCP arrives bit for bit while every packet of it is followed, and
# no foreign packet is among the paths. Each byte of it is in a path with an exact end.
. "$(dirname "$0")/lib.sh"
require socat

topology_pair
ping_once a "$net4.2"
transfer_make 1000000 5001

# There is room for all steps, however slow their reader is.
trace_some --buffer 64M "tcp and port 5001 and host $net4.2" -- sh "$case_dir/transfer"

assert_only "$net4.1" "$net4.2"
assert_time
assert_json 'all(.[]; sound and .lost == 0)'
assert_json 'all(.[]; .packet.sport == 5001 or .packet.dport == 5001)'
assert_json 'map(.packet.sport, .packet.dport) | unique | length == 2'
# The handshake: SYN, SYN and ACK, ACK; each may have come twice.
assert_json '[.[].packet.tcp.flags] | .[0] == "SYN" and
	(index("SYN,ACK") as $answer | .[:$answer] | unique == ["SYN"])'
pick '.packet.dport == 5001'
assert_order net_dev_queue net_dev_start_xmit netif_rx netif_receive_skb
assert_namespaces a b
# All data goes to the other side.
assert_transfer 1000000 5001
assert_each '.packet.dport == 5001 and payload > 0' 'namespaces == [$a, $b]' \
	--arg a "$(ns a)" --arg b "$(ns b)"
