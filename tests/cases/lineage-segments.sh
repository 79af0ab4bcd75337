#!/bin/bash
# TCP over a device that cannot segment, at the sender and on the way, in a router: each
# large packet becomes segments, which hold what it held, in order. On the other side GRO
# and TCP merge them again.
. "$(dirname "$0")/lib.sh"
require functions
require socat

# 52 bytes of headers without Ethernet, 66 with it; 1448 of data in each segment but the last.
assert_segments() # NS DEV
{
	assert_each true '.packet.dport == 5001'
	assert_transfer 60000 5001
	assert_lineage
	assert_json 'map(select(.relation == "segment")) | length > 10'
	assert_json '. as $all | [.[] | select(.branches and .parent == null)] | length > 1 and all(.[];
		. as $large | [$all[] | select(.parent == $large.id)] |
		(map(.packet.len - 66) | add) == $large.packet.len - headers($large) and
		length == (($large.packet.len - headers($large)) / 1448 | ceil))'
	assert_json '. as $all | [.[] | select(.branches and .parent == null)] | all(.[];
		. as $large | [$all[] | select(.parent == $large.id) | .packet.tcp.seq]
		| sort == [range($large.packet.tcp.seq; $large.packet.tcp.seq + 1448 * length; 1448)])'
	assert_each '.branches' '.end.kind == "consumed" and
		(.end.where | test("^(validate_xmit_skb|__skb_gso_segment)$"))'
	assert_each '.branches' 'hops[-1] == $place' --arg place "$(ns "$1"):$2"
	assert_each '.relation == "segment"' '(.maker | startswith("skb_segment")) and hops[0] == $place' \
		--arg place "$(ns "$1"):$2"

	# Every segment is delivered or part of one that is, some by GRO, some by TCP; or it
	# is one that came twice.
	assert_each '.relation == "segment"' '.end.kind | test("^(merged|delivered|dropped)$")'
	assert_json 'INDEX(.id) as $by | all(.[] | select(.relation == "segment");
		whole($by).end.kind | test("^(delivered|dropped)$"))'
	assert_json '[.[] | select(.end.kind == "merged") | .end.where] | unique
		- ["skb_gro_receive", "skb_try_coalesce"] == []'
}
jq_library+='
def headers($path): if $path.packet.mac then 66 else 52 end;
'

merged_by() # FUNCTION
{
	assert_json '[.[] | select(.end.kind == "merged" and .end.where == $by)] | length > 0' \
		--arg by "$1"
}

# ---- at the sender; what it sends at once comes at once, so that GRO has it together
topology_pair
ping_once a "$net4.2"
in_ns a "$BPFPATH_TOOLS/offload" va tso off
in_ns b "$BPFPATH_TOOLS/offload" vb gro on || skip "kernel $(uname -r) has no GRO for veth devices"
transfer_make 60000 5001 -b 60000
trace_some --buffer 64M "tcp dst port 5001" -- sh "$case_dir/transfer"
assert_segments a va
merged_by skb_gro_receive
assert_only "$net4.1" "$net4.2"

# ---- on the way; without GRO it is TCP that merges, where nobody has read what was before
ns_add c r
veth_add c vc r rc
veth_add r rb b vr
far=${net4%.*}.$((${net4##*.} ^ 1)) # the other network
addr_add c vc 3
ip -n "$(ns r)" addr add "$net4.4/24" dev rc
ip -n "$(ns r)" addr add "$far.4/24" dev rb
ip -n "$(ns b)" addr add "$far.2/24" dev vr
ip -n "$(ns c)" route add default via "$net4.4"
ip -n "$(ns b)" route add "$net4.3" via "$far.4"
in_ns r sysctl -qw net.ipv4.ip_forward=1
in_ns r "$BPFPATH_TOOLS/offload" rb tso off
ping_once c "$far.2"
sed -i "s/$(ns a) socat/$(ns c) socat/; s/TCP:$net4.2:/TCP:$far.2:/" "$case_dir/transfer"
rm -f "$case_dir/received"
trace_some --buffer 64M "tcp dst port 5001" -- sh "$case_dir/transfer"
assert_segments r rb
merged_by skb_try_coalesce
assert_only "$net4.3" "$far.2"
assert_each '.branches' 'hops[0] == $from' --arg from "$(ns c):vc"
