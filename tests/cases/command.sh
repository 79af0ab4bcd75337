#!/bin/bash
# The command that is traced: missing, failing, with arguments of its own.
. "$(dirname "$0")/lib.sh"

topology_pair
ping_once a "$net4.2"

trace icmp -- "$case_dir/nosuchcommand"
assert_status 1
grep -q nosuchcommand "$case_dir/err" || fail "the message does not name the command"

trace "icmp and host $net4.2" -- false
assert_status 3

trace_some "icmp and host $net4.2" -- \
	sh -c "ip netns exec $(ns a) ping -q -c 1 -W 5 $net4.2; exit 5"

trace_some "icmp and host $net4.2" -- \
	ip netns exec "$(ns a)" ping -q -c 1 -W 5 -s 100 "$net4.2"
# 100 bytes of data, 8 of ICMP, 20 of IP, maybe 14 of Ethernet
assert_json 'all(.[]; .packet.len == 128 or .packet.len == 142)'
