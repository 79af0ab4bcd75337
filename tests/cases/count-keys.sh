#!/bin/bash
# Packets are counted by each key: no group is missing, and none is foreign.
. "$(dirname "$0")/lib.sh"

topology_pair
ping_once a "$net4.2"
a=$net4.1 b=$net4.2
pings=(ip netns exec "$(ns a)" ping -q -W 5)
udp="udp and dst host $b and dst port 9"

# Others ping meanwhile, and nothing of them is seen.
ip netns exec "$(ns b)" ping -q -i 0.01 127.0.0.1 >/dev/null &
other=$!
case_pids+=("$other")
by() # KEY: five pings from a to b, four devices each
{
	count --by "$1" "icmp and host $b" -- "${pings[@]}" -c 5 -i 0.01 "$b"
	assert_count 20
}
by proto
assert_groups '"\(.proto) \(.packets) \(.bytes)"' "icmp 20 1960"
by src
assert_groups '"\(.src) \(.packets)"' "$a 10" "$b 10"
by dst
assert_groups '"\(.dst) \(.packets)"' "$a 10" "$b 10"
by flow
assert_groups '"\(.proto) \(.src) \(.dst) \(.sport) \(.packets)"' \
	"icmp $a $b null 10" "icmp $b $a null 10"
by netns
assert_groups '"\(.netns.name) \(.packets)"' "$(ns a) 10" "$(ns b) 10"
by dev
assert_groups '"\(.netns.name) \(.dev.name) \(.direction) \(.packets)"' \
	"$(ns a) va out 5" "$(ns b) vb in 5" "$(ns b) vb out 5" "$(ns a) va in 5"
# Without a filter, for one device, no byte of a packet is read; the length is the same.
count --by dev -i vb -n "$(ns b)" '' -- "${pings[@]}" -c 5 -i 0.01 "$b"
assert_json '.[0].groups | map(select(.packets >= 5 and .bytes >= 490)) | length == 2'
assert_json 'all(.[0].groups[]; .dev.name == "vb")'
kill "$other"

count --by flow "$udp" -- ip netns exec "$(ns a)" bash -c "$(udp_to "$b" 9)"
assert_count 2
assert_groups '"\(.proto) \(.src) \(.sport > 0) \(.dst) \(.dport)"' "udp $a true $b 9"
count --by src "ip6 and host ${net6}2 and icmp6[icmp6type] == icmp6-echo" -- \
	"${pings[@]}" -c 5 -i 0.01 "${net6}2"
assert_count 10
count --by flow 'arp and ether proto 0x0806' -- sh -c "ip -n $(ns a) neigh flush dev va
	ip netns exec $(ns a) ping -q -c 1 $b"
assert_json 'any(.[0].groups[]; .proto == "arp" and .src == $a and .dst == $b)' --arg a "$a" --arg b "$b"
