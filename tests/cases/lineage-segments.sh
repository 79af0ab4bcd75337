#!/bin/bash
# TCP over a device that cannot segment: each large packet becomes segments, which
# hold what it held. On the other side GRO and TCP merge them again.
. "$(dirname "$0")/lib.sh"
require functions
require socat

topology_pair
ping_once a "$net4.2"
in_ns a "$BPFPATH_TOOLS/offload" va tso off
in_ns b "$BPFPATH_TOOLS/offload" vb gro on || skip "kernel $(uname -r) has no GRO for veth devices"
head -c 60000 /dev/urandom >"$case_dir/sent"
in_ns b socat -u TCP-LISTEN:5001 "OPEN:$case_dir/received,creat" &
server=$!
case_pids+=("$server")
sleep 1

trace_some "tcp dst port 5001" -- ip netns exec "$(ns a)" \
	socat -b 60000 -u "OPEN:$case_dir/sent" "TCP:$net4.2:5001"
wait "$server"
cmp "$case_dir/sent" "$case_dir/received" || fail "what arrived is not what was sent"
assert_lineage
assert_only "$net4.1" "$net4.2"

# 52 bytes of headers without Ethernet, 66 with it.
assert_json 'map(select(.relation == "segment")) | length > 10'
assert_json '. as $all | [.[] | select(.branches and .parent == null)] | length > 5 and all(.[];
	. as $large | .packet.len - 52 == ([$all[] | select(.parent == $large.id)
		| .packet.len - 66] | add))'
assert_json '. as $all | [.[] | select(.branches and .parent == null)] | all(.[];
	. as $large | [$all[] | select(.parent == $large.id) | .packet.tcp.seq]
	| sort | .[0] == $large.packet.tcp.seq and length == (unique | length))'
assert_each '.branches' '.end.kind == "consumed" and (.end.where | test("^(validate_xmit_skb|__skb_gso_segment)$"))'
assert_each '.relation == "segment"' '.maker | startswith("skb_segment")'

# Every segment is delivered or part of one that is; some by GRO, some by TCP.
assert_each '.relation == "segment"' '.end.kind == "merged" or .end.kind == "delivered"'
assert_json 'INDEX(.id) as $by | def last: if .end.into then $by[.end.into | tostring] | last else . end;
	all(.[] | select(.relation == "segment"); last | .end.kind == "delivered")'
# How many by which depends on what came together.
assert_json '[.[] | select(.end.kind == "merged") | .end.where] | length > 0
	and unique - ["skb_gro_receive", "skb_try_coalesce"] == []'
