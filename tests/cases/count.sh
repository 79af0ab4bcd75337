#!/bin/bash
# Packets are counted at each device, exactly, by each key: 100 pings of an own address
# are 400; what does not match is not; all intervals and groups together are the total.
. "$(dirname "$0")/lib.sh"

topology_pair
ping_once a "$net4.2"
a=$net4.1 b=$net4.2
pings=(ip netns exec "$(ns a)" ping -q -W 5)

# Datagrams to a port where nobody listens.
udp_to() # PORT...
{
	local port
	for port; do
		printf 'echo tag >/dev/udp/%s/%d;' "$b" "$port"
	done
}

# ---- 100 pings of an own address: request and reply, each out of lo and into it

count "icmp and host $a" -- "${pings[@]}" -c 100 -i 0.002 "$a"
assert_count 400
assert_groups '"\(.proto) \(.packets) \(.bytes)"' "icmp 400 39200"
count --by dev "icmp and host $a" -- "${pings[@]}" -c 100 -i 0.002 "$a"
assert_count 400
assert_groups '"\(.netns.name) \(.dev.name) \(.direction) \(.packets)"' \
	"$(ns a) lo in 200" "$(ns a) lo out 200"

# ---- by each key; others ping meanwhile, and nothing of them is seen

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

udp="udp and dst host $b and dst port 9"
send=(ip netns exec "$(ns a)" bash -c)
count --by flow "$udp" -- "${send[@]}" "$(udp_to 9)"
assert_count 2
assert_groups '"\(.proto) \(.src) \(.sport > 0) \(.dst) \(.dport)"' "udp $a true $b 9"
count --by src "ip6 and host ${net6}2 and icmp6[icmp6type] == icmp6-echo" -- \
	"${pings[@]}" -c 5 -i 0.01 "${net6}2"
assert_count 10
count --by flow 'arp and ether proto 0x0806' -- sh -c "ip -n $(ns a) neigh flush dev va
	ip netns exec $(ns a) ping -q -c 1 $b"
assert_json 'any(.[0].groups[]; .proto == "arp" and .src == $a and .dst == $b)' --arg a "$a" --arg b "$b"

# ---- how they end: each datagram once, and nothing else

count --by end "$udp" -- "${send[@]}" "$(udp_to 9 9 9 9 9)"
assert_count 5
assert_groups '"\(.end) \(.packets) \(.bytes)"' "dropped 5 230"
! kernel_at_least 5.17 || assert_groups .reason NO_SOCKET
assert_json '.[0].groups[0].where | test("^_*udp")'

# ---- intervals add up

count -I 0.1 "icmp and host $a" -- "${pings[@]}" -c 50 -i 0.02 "$a"
assert_status 0
assert_count_sums
assert_json 'length > 3 and (map(.packets) | add) == 200'
count -I 0.05 -c 3 "icmp and host $a" -- sleep 60
assert_json 'length == 3'
