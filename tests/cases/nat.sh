#!/bin/bash
# Through a router that rewrites addresses: one path each way, and the step behind the
# rewriting says what was altered.
. "$(dirname "$0")/lib.sh"
require nft

ns_add a router b
veth_add a va router ra
veth_add b vb router rb
addr_add a va 1
addr_add router ra 2
router=${net4%.*}.$((${net4##*.} ^ 1)) # the other network
ip -n "$(ns b)" addr add "$router.1/24" dev vb
ip -n "$(ns router)" addr add "$router.2/24" dev rb
ip -n "$(ns a)" route add default via "$net4.2"
in_ns router sysctl -qw net.ipv4.ip_forward=1
in_ns router nft 'add table ip n
	add chain ip n out { type nat hook postrouting priority 100; }
	add chain ip n in { type nat hook prerouting priority -100; }
	add rule ip n in iifname ra udp dport 8000 dnat to '"$router.1"':9000
	add rule ip n in iifname ra udp dport 8001 dnat to '"$router.1"':9001
	add rule ip n out oifname rb udp dport 9002 snat to '"$router.2"':6002
	add rule ip n out oifname rb masquerade
	add chain ip n marks { type filter hook forward priority 0; }
	add rule ip n marks iifname ra meta mark set 7' 2>"$case_dir/nft" ||
	skip "NAT does not work here: $(head -n 1 "$case_dir/nft")"
ping_once a "$router.1"

# How often, and to what, a field was altered on the picked path.
assert_changes() # FIELD JSON
{
	assert_path "[.steps[].changes // {} | .$1 | select(. != null)] == $2"
}

trace_some "icmp and icmp[icmptype] == icmp-echo" -- \
	ip netns exec "$(ns a)" ping -c 1 -W 5 "$router.1"
assert_json 'roots | length == 1'
pick_flow "$net4.1" "$router.1"
assert_namespaces a router b
assert_changes src "[[\"$net4.1\", \"$router.2\"]]"
assert_changes dst '[]'
assert_changes ttl '[[64, 63]]'
assert_changes mark '[[0, 7], [7, 0]]'
assert_end 'consumed|delivered'
# It is on the way out of the router that the packet has its new address.
assert_path '[.steps[] | select(.changes.src)] | all(.dev.name == "rb" or .netns == null)'

trace_some "icmp and icmp[icmptype] == icmp-echoreply" -- \
	ip netns exec "$(ns a)" ping -c 1 -W 5 "$router.1"
assert_json 'roots | length == 1'
pick_flow "$router.1" "$router.2"
assert_namespaces b router a
assert_changes dst "[[\"$router.2\", \"$net4.1\"]]"
assert_changes src '[]'
assert_changes ttl '[[64, 63]]'

# Each request and its reply are one conversation, though the reply comes to another address.
trace_some "icmp" -- ip netns exec "$(ns a)" sh -c '
	ping -c 1 -W 5 "$1"
	ping -c 1 -W 5 "$1"' - "$router.1"
assert_json 'roots | length == 4'
assert_json 'roots | group_by(.conversation) | length == 2 and all(.[]; map(own) ==
	[[$a, $b], [$b, $nat]])' --arg a "$net4.1" --arg b "$router.1" --arg nat "$router.2"
assert_json 'INDEX(.id) as $by | all(.[]; .conversation == $by[.root | tostring].conversation)'

# Address and port of the receiver; nobody listens there.
trace_some "udp dst port 8000" -- \
	ip netns exec "$(ns a)" bash -c "echo tag > /dev/udp/$net4.2/8000"
assert_json 'roots | length == 1'
pick_flow "$net4.1" "$net4.2"
assert_namespaces a router b
assert_changes dst "[[\"$net4.2\", \"$router.1\"]]"
assert_changes dport '[[8000, 9000]]'
assert_dropped NO_SOCKET

# There and back again: what was altered on the way there is put right on the way back, at
# the same router, and both are one conversation.
there_and_back() # ADDRESS PORT SERVER-PORT
{
	in_ns b socat "UDP4-LISTEN:$3,fork" EXEC:cat &
	case_pids+=("$!")
	port_wait b udp "$3"
	trace_some --conversation "udp dst port $2 and src $net4.1" -- \
		ip netns exec "$(ns a)" sh -c "echo question |
			socat -t 2 - UDP4:$1:$2,sourceport=5000"
	assert_json 'roots | length == 2 and (map(.conversation) | unique | length) == 1'
	assert_json 'all(.[]; sound and .lost == 0 and .end.kind != "dropped")'
	pick '.parent == null and .id == 1'
	assert_namespaces a router b
}
back()
{
	pick '.parent == null and .id != 1'
	assert_namespaces b router a
}
there_and_back "$net4.2" 8001 9001 # the address of the receiver, and of the sender
assert_changes dst "[[\"$net4.2\", \"$router.1\"]]"
assert_changes dport '[[8001, 9001]]'
assert_changes src "[[\"$net4.1\", \"$router.2\"]]"
back
assert_changes src "[[\"$router.1\", \"$net4.2\"]]"
assert_changes sport '[[9001, 8001]]'
assert_changes dst "[[\"$router.2\", \"$net4.1\"]]"
there_and_back "$router.1" 9002 9002 # address and port of the sender
assert_changes src "[[\"$net4.1\", \"$router.2\"]]"
assert_changes sport '[[5000, 6002]]'
assert_changes dst '[]'
back
assert_changes dst "[[\"$router.2\", \"$net4.1\"]]"
assert_changes dport '[[6002, 5000]]'
assert_changes src '[]'

# Nothing is altered on the way to the router itself.
trace_some "icmp and icmp[icmptype] == icmp-echo" -- \
	ip netns exec "$(ns a)" ping -c 1 -W 5 "$net4.2"
pick_flow "$net4.1" "$net4.2"
for field in src dst ttl mark vlan proto; do
	assert_changes "$field" '[]'
done
