#!/bin/bash
# Packets are counted at each device, exactly: 100 pings of an own address are 400, at
# tracepoints and by tcx programs; or by how they end. All intervals together are the total.
. "$(dirname "$0")/lib.sh"

topology_pair
ping_once a "$net4.2"
a=$net4.1 b=$net4.2
pings=(ip netns exec "$(ns a)" ping -q -W 5)
udp="udp and dst host $b and dst port 9"
send=(ip netns exec "$(ns a)" bash -c)

# ---- 100 pings of an own address: request and reply, each out of lo and into it

count "icmp and host $a" -- "${pings[@]}" -c 100 -i 0.002 "$a"
assert_count 400
assert_groups '"\(.proto) \(.packets) \(.bytes)"' "icmp 400 39200"

# ---- intervals add up

count -I 0.1 "icmp and host $a" -- "${pings[@]}" -c 50 -i 0.02 "$a"
assert_status 0
assert_count_sums
assert_json 'length > 1 and (map(.packets) | add) == 200'
count -I 0.05 -c 3 "icmp and host $a" -- sleep 60
assert_json 'length == 3'

# ---- as on a confined kernel: by tcx programs, to the same numbers

if kernel_at_least 6.6; then
	count -b tcx --by dev "icmp and host $a" -- "${pings[@]}" -c 100 -i 0.002 "$a"
	assert_count 400
	assert_groups '"\(.netns.name) \(.dev.name) \(.direction) \(.packets) \(.bytes)"' \
		"$(ns a) lo in 200 19600" "$(ns a) lo out 200 19600"
	count -b tcx --by flow "$udp" -- "${send[@]}" "$(udp_to "$b" 9)"
	assert_count 2
	assert_groups '"\(.proto) \(.src) \(.dst) \(.dport)"' "udp $a $b 9"
fi

# ---- how they end: each datagram once, and nothing else

if grep -q '\[confidentiality\]' /sys/kernel/security/lockdown 2>/dev/null; then
	count --by end icmp
	assert_status 2
	exit
fi
count --by end "$udp" -- "${send[@]}" "$(udp_to "$b" 9 9 9 9 9)"
assert_count 5
assert_groups '"\(.end) \(.packets) \(.bytes)"' "dropped 5 230"
! kernel_at_least 5.17 || assert_groups .reason NO_SOCKET
assert_json '.[0].groups[0].where | test("^_*udp")'
