#!/bin/bash
# 1 MB over TCP arrives bit for bit while every packet of it is followed, and
# no foreign packet is among the paths.
. "$(dirname "$0")/lib.sh"
require socat

topology_pair
ping_once a "$net4.2"
head -c 1000000 /dev/urandom >"$case_dir/sent"
ip netns exec "$(ns b)" socat -u TCP-LISTEN:5001 "OPEN:$case_dir/received,creat" &
server=$!
case_pids+=("$server")
sleep 1

trace_some "tcp and port 5001 and host $net4.2" -- \
	ip netns exec "$(ns a)" socat -u "OPEN:$case_dir/sent" "TCP:$net4.2:5001"
wait "$server"
cmp "$case_dir/sent" "$case_dir/received" || fail "what arrived is not what was sent"

assert_only "$net4.1" "$net4.2"
assert_time
assert_json 'all(.[]; .packet.sport == 5001 or .packet.dport == 5001)'
assert_json 'map(.packet.sport, .packet.dport) | unique | length == 2'
# The handshake: SYN, SYN and ACK, ACK.
assert_json '[.[0:3][] | .packet.dport == 5001] == [true, false, true]'
pick '.packet.dport == 5001'
assert_order net_dev_queue net_dev_start_xmit netif_rx netif_receive_skb
assert_namespaces a b
# All data goes to the other side, and none is dropped but what came twice, as it
# does on slow machines. What closes the connection may be thrown away with it.
assert_each '.packet.len > 100 and .complete' '.end.kind == "delivered" or
	.end.kind == "merged" or .end.kind == "consumed" or (.end.where | startswith("tcp_data_queue"))'
assert_each '.packet.dport == 5001 and .complete' 'namespaces == [$a, $b]' \
	--arg a "$(ns a)" --arg b "$(ns b)"
# Everything that was sent is in the packets that were followed.
assert_json '[.[] | select(.packet.dport == 5001) | .packet.len] | add > 1000000'
