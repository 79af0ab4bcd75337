#!/bin/bash
# TCP whose every seventh packet is lost sends again what it keeps, cloned into the
# same memory as before: each transmission is a packet with an end of its own, and those
# that are not the first say so.
. "$(dirname "$0")/lib.sh"
require socat nft
if kernel_has_functions; then
	zoom_most
fi

topology_pair
# So that no segment is cut when it is sent again: each is a packet as large as the wire takes.
ip -n "$(ns a)" link set va gso_max_segs 1
ping_once a "$net4.2"
in_ns b nft 'add table ip t; add chain ip t in { type filter hook input priority 0; }
	add rule ip t in tcp dport 5001 numgen inc mod 7 3 drop' 2>"$case_dir/nft" ||
	skip "nftables does not work here: $(head -n 1 "$case_dir/nft")"
transfer_make 300000 5001

# What the kernel itself has counted since the namespace is there.
retransmitted()
{
	in_ns a awk '/^Tcp:/ { for (i = 1; i <= NF; i++) if ($i == "RetransSegs") at = i; value = $at }
		END { print value }' /proc/net/snmp
}

before=$(retransmitted)
trace_some --buffer 64M "tcp and dst port 5001" -- sh "$case_dir/transfer"
again=$(($(retransmitted) - before))
cmp "$case_dir/sent" "$case_dir/received" || fail "what arrived is not what was sent"
assert_only "$net4.1" "$net4.2"
assert_each true '.packet.dport == 5001'

# Something was lost, and sent again: as often as the kernel says.
if kernel_has_functions; then
	assert_json '[.[] | select(.end.kind == "dropped" and (.end.where | test("^(nf_hook_slow|nft_do_chain)")))]
		| length > 2'
fi
assert_json 'all(.[]; .complete)'
[ "$again" -gt 2 ] || fail "only $again segments were sent again"
assert_json '[.[] | select(.retransmission)] | length == $again' --argjson again "$again"
# The first one is one with the same number, and those behind it are counted from 1.
assert_json 'INDEX(.id) as $by | all(.[] | select(.retransmission);
	$by[.retransmission.of | tostring] as $first | $first.retransmission == null and
	.time > $first.time and .packet.tcp.seq == $first.packet.tcp.seq)'
assert_json '[.[] | select(.retransmission) | .retransmission] | group_by(.of) |
	all(.[]; map(.number) == [range(1; length + 1)])'
# What was sent once was not lost.
assert_json '[.[].retransmission.of // empty] as $again | all(.[] |
	select(.end.kind == "dropped" and payload > 0 and .retransmission == null);
	.id as $id | $again | index($id))'

# No path goes on from the receiver's TCP into the sender's IP.
assert_each true '[.steps[] | select(.func == "__ip_local_out")] | length <= 1'
assert_each true '[.steps[] | select(.func == "tcp_v4_rcv")] | length <= 1'
assert_each '[.steps[].func] | index("tcp_v4_rcv")' '[.steps[].func]
	| .[index("tcp_v4_rcv"):] | any(test("ip_queue_xmit|ip_local_out|veth_xmit")) | not'
