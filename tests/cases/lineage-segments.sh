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
transfer_make 60000 5001 -b 60000

trace_some --buffer 64M "tcp dst port 5001" -- sh "$case_dir/transfer"
assert_transfer 60000 5001
assert_lineage
assert_only "$net4.1" "$net4.2"

# 52 bytes of headers without Ethernet, 66 with it.
assert_json 'map(select(.relation == "segment")) | length > 10'
assert_json '. as $all | [.[] | select(.branches and .parent == null)] | length > 1 and all(.[];
	. as $large | .packet.len - 52 == ([$all[] | select(.parent == $large.id)
		| .packet.len - 66] | add))'
assert_json '. as $all | [.[] | select(.branches and .parent == null)] | all(.[];
	. as $large | [$all[] | select(.parent == $large.id) | .packet.tcp.seq]
	| sort | .[0] == $large.packet.tcp.seq and length == (unique | length))'
assert_each '.branches' '.end.kind == "consumed" and (.end.where | test("^(validate_xmit_skb|__skb_gso_segment)$"))'
assert_each '.relation == "segment"' '.maker | startswith("skb_segment")'

# Every segment is delivered or part of one that is, some by GRO, some by TCP; or it is
# one that came twice.
assert_each '.relation == "segment"' '.end.kind | test("^(merged|delivered|dropped)$")'
assert_json 'INDEX(.id) as $by | all(.[] | select(.relation == "segment");
	whole($by).end.kind | test("^(delivered|dropped)$"))'
# How many by which depends on what came together.
assert_json '[.[] | select(.end.kind == "merged") | .end.where] | length > 0
	and unique - ["skb_gro_receive", "skb_try_coalesce"] == []'
