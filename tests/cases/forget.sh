#!/bin/bash
# A packet that waits in a queue for longer than --forget is given up: its path ends
# lost from sight, while the one before it went its way.
. "$(dirname "$0")/lib.sh"

topology_pair
ping_once a "$net4.2"
# The first of them takes most of what may be sent in the next minutes, and no other
# traffic takes it before.
in_ns a sh -c 'echo 1 >/proc/sys/net/ipv6/conf/va/disable_ipv6' 2>/dev/null || :
ip netns exec "$(ns a)" tc qdisc add dev va root tbf rate 80bit burst 2400 limit 100000 ||
	skip "kernel $(uname -r) has no tbf"
# shellcheck disable=SC2016
send='for port in 7001 7002; do head -c 1400 /dev/zero >"/dev/udp/$1/$port"; done; sleep 4'
trace_some --forget 2 "udp and dst host $net4.2" -- \
	ip netns exec "$(ns a)" bash -c "$send" - "$net4.2"

assert_json 'length == 2 and all(.[]; sound and .lost == 0)'
pick '.packet.dport == 7001'
assert_dropped NO_SOCKET
pick '.packet.dport == 7002'
assert_order net_dev_queue qdisc_enqueue
assert_path 'all(.steps[]; .func != "net_dev_start_xmit")'
assert_end lost
