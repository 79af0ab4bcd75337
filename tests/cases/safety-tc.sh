#!/bin/bash
# Other people's qdiscs and filters: untouched while bpfpath runs and after,
# and packets still come to them.
. "$(dirname "$0")/lib.sh"

topology_pair
ping_once a "$net4.2"

rules()
{
	in_ns b tc qdisc show dev vb
	in_ns b tc filter show dev vb ingress
	in_ns b tc filter show dev vb egress
}

# What the kernel has: one that counts, or at least one that matches.
filter_add() # ingress|egress
{
	local add=(tc filter add dev vb "$1" protocol ip pref 7)
	in_ns b "${add[@]}" matchall action pass 2>/dev/null ||
		in_ns b "${add[@]}" bpf bytecode '1,6 0 0 4294967295,' flowid 1:1 2>/dev/null ||
		skip "kernel $(uname -r) has neither matchall nor bpf filters"
}

packets_of_filter() # ingress|egress: 0 for those that do not count
{
	in_ns b tc -s filter show dev vb "$1" |
		sed -nE 's/.*Sent [0-9]+ bytes ([0-9]+) pkt.*/\1/p; $a 0' | head -n 1
}

in_ns b tc qdisc add dev vb root handle 1: tbf rate 100mbit burst 100k latency 50ms 2>/dev/null ||
	skip "kernel $(uname -r) has no tbf"
in_ns b tc qdisc add dev vb clsact || skip "kernel $(uname -r) has no clsact"
filter_add ingress
filter_add egress
rules >"$case_dir/before"

ping_once a "$net4.2"
each=$(packets_of_filter ingress) # 1 where filters count, otherwise 0
trace_background "icmp and host $net4.2"
rules | diff "$case_dir/before" - || fail "tc looks different while bpfpath runs"
in_ns a ping -q -c 3 -i 0.2 -W 5 "$net4.2" >/dev/null || fail "the traffic was harmed"
command_end
status=0
wait "$bpfpath" || status=$?
assert_status 0
rules | diff "$case_dir/before" - || fail "tc looks different after bpfpath"
for side in ingress egress; do
	[ "$(packets_of_filter $side)" = $((4 * each)) ] ||
		fail "the $side filter saw $(packets_of_filter $side) packets, not $((4 * each))"
done

# A filter that drops (direct action, TC_ACT_SHOT) still has its say, and the
# path tells of it.
in_ns b tc filter add dev vb ingress protocol ip pref 3 bpf da bytecode '1,6 0 0 2,' ||
	exit 0 # no such filters here
trace_some "icmp and host $net4.2" -- \
	sh -c "! ip netns exec $(ns a) ping -q -c 1 -W 1 $net4.2"
assert_json 'length == 1'
pick_flow "$net4.1" "$net4.2"
assert_dropped TC_INGRESS
