#!/bin/bash
# Functions that take a reference to a packet, and those that take a list: each
# packet on it that is followed gets its step, and no other.
. "$(dirname "$0")/lib.sh"
require functions

topology_pair
ping_once a "$net4.2"

steps() # REGEX: how many functions of that name in the path that was picked
{
	jq "$jq_library"' [.steps[] | select(.kind == "function" and (name | test($want)))] | length' \
		--arg want "^($1)\$" <"$case_dir/path"
}

# By reference.
printf '%s\n' __netif_receive_skb_core ip_rcv >"$case_dir/list"
trace_some -p "$case_dir/list" "icmp and host $net4.2" -- ip netns exec "$(ns a)" ping -q -c 1 -W 5 "$net4.2"
pick_flow "$net4.1" "$net4.2" '.packet.icmp.type == 8'
assert_order __netif_receive_skb_core ip_rcv
[ "$(steps __netif_receive_skb_core)" = 1 ] || fail "not once in __netif_receive_skb_core"

# A veth device with GRO hands lists to the stack, of packets from a peer that does
# not leave segmentation to it (veth_skb_is_eligible_for_gro). netem lets packets go together,
# so that they are on one list; only those to one port are followed.
in_ns a "$BPFPATH_TOOLS/offload" va tso off
in_ns b "$BPFPATH_TOOLS/offload" vb gro on || skip "kernel $(uname -r) has no GRO for veth devices"
ip netns exec "$(ns a)" tc qdisc add dev va root netem slot 500ms 2>/dev/null ||
	skip "kernel $(uname -r) has no netem"

# shellcheck disable=SC2016
burst='for port in 7001 7002 7003 7002 7004 7002; do echo "$port" >"/dev/udp/$1/$port"; done'
trace_some "udp dst port 7002 and dst host $net4.2" -- \
	ip netns exec "$(ns a)" bash -c "$burst" - "$net4.2"
assert_json 'length == 3 and all(.[]; .packet.dport == 7002)'
assert_only "$net4.1" "$net4.2"
for number in 0 1 2; do
	jq -c -s ".[$number]" "$case_dir/out" >"$case_dir/path"
	assert_order netif_receive_skb_list_internal netif_receive_skb ip_list_rcv \
		ip_local_deliver kfree_skb
	for name in netif_receive_skb_list_internal ip_list_rcv ip_local_deliver; do
		[ "$(steps "$name")" = 1 ] || fail "not once in $name: $(steps "$name")"
	done
	assert_end dropped NO_SOCKET
done

# They were on one list indeed: the second is in its function before the first is
# through with IP.
assert_json '[.[] | .time + (.steps[] | select(.func == "ip_list_rcv") | .t)] as $lists
	| [.[] | .time + (.steps[] | select(.func == "ip_local_deliver") | .t)] as $ends
	| ($lists | max) < ($ends | min)'
