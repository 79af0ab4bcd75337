#!/bin/bash
# Where a packet waits is told from where it is worked on: in a device's queue, in a
# processor's, in a socket's until a process reads, until the neighbour has answered.
. "$(dirname "$0")/lib.sh"
require tc
if kernel_has_functions; then
	zoom_most
fi

topology_pair
ping_once a "$net4.2"

# What the packet has waited for, in order.
assert_waited() # QUEUE...
{
	assert_path '[.steps[].waited // empty | .queue] == $ARGS.positional' --args "$@"
	assert_path '.steps as $steps | all(range(1; $steps | length); $steps[.].waited == null or
		$steps[.].waited.time == $steps[.].t - $steps[. - 1].t)'
}

ping_traced()
{
	trace_some "icmp[icmptype] == icmp-echo and dst $net4.2" -- \
		ip netns exec "$(ns a)" ping -c 1 -W 5 "$net4.2"
	pick '.parent == null'
}

# ---- nothing but the backlog
ping_traced
assert_waited backlog

# ---- a qdisc that no packet passes by, even if it is empty
in_ns a tc qdisc add dev va root tbf rate 8kbit burst 200 limit 100000 2>"$case_dir/tc" ||
	skip "kernel $(uname -r) has no tbf: $(head -n 1 "$case_dir/tc")"
trace_some "icmp[icmptype] == icmp-echo and dst $net4.2" -- \
	ip netns exec "$(ns a)" ping -c 2 -i 0.01 -s 120 -W 5 "$net4.2"
assert_json 'roots | length == 2'
for seq in 1 2; do
	pick '.parent == null and .packet.icmp.seq == $seq' --argjson seq "$seq"
	assert_waited qdisc backlog
done
in_ns a tc qdisc del dev va root

kernel_has_functions || exit 0

# ---- a neighbour that is not known yet
in_ns b ip neigh flush dev vb # first: it would ask, and be known by that
in_ns a ip neigh flush dev va
ping_traced
assert_waited neighbour backlog

# ---- a socket that is read when all is there
trace_some "udp dst port 7777" -- ip netns exec "$(ns b)" "$BPFPATH_TOOLS/holdudp" 3
assert_json 'roots | length == 3'
for number in 1 2 3; do
	pick '.id == $number' --argjson number "$number"
	assert_waited backlog socket
done
