#!/bin/bash
# TCP whose every seventh packet is lost sends again what it keeps, cloned into the
# same memory as before: each transmission is a packet with an end of its own.
. "$(dirname "$0")/lib.sh"
require functions
require socat
require nft

topology_pair
ping_once a "$net4.2"
in_ns b nft 'add table ip t; add chain ip t in { type filter hook input priority 0; }
	add rule ip t in tcp dport 5001 numgen inc mod 7 3 drop' 2>"$case_dir/nft" ||
	skip "nftables does not work here: $(head -n 1 "$case_dir/nft")"
transfer_make 300000 5001

trace_some --buffer 64M "tcp and dst port 5001" -- sh "$case_dir/transfer"
cmp "$case_dir/sent" "$case_dir/received" || fail "what arrived is not what was sent"
assert_only "$net4.1" "$net4.2"
assert_each true '.packet.dport == 5001'

# Something was lost, and sent again.
assert_json '[.[] | select(.end.kind == "dropped" and (.end.where | test("^(nf_hook_slow|nft_do_chain)")))]
	| length > 2'
assert_json '[.[] | select(.packet.len > 100) | .packet.tcp.seq] | length > (unique | length)'

# No path goes on from the receiver's TCP into the sender's IP.
assert_each true '[.steps[] | select(.func == "__ip_local_out")] | length <= 1'
assert_each true '[.steps[] | select(.func == "tcp_v4_rcv")] | length <= 1'
assert_each '[.steps[].func] | index("tcp_v4_rcv")' '[.steps[].func]
	| .[index("tcp_v4_rcv"):] | any(test("ip_queue_xmit|ip_local_out|veth_xmit")) | not'
