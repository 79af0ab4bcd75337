#!/bin/bash
# Fragments on their way through a router whose connection tracking puts them together,
# so that they are made anew behind it: they join, branch off again, and join once more.
. "$(dirname "$0")/lib.sh"
require functions
require socat nft

ns_add a router b
veth_add a va router ra
veth_add b vb router rb
addr_add a va 1
addr_add router ra 2
far=${net4%.*}.$((${net4##*.} ^ 1)) # the other network
far6=fd00:be:${net6#fd00:bf:}
ip -n "$(ns b)" addr add "$far.1/24" dev vb
ip -n "$(ns b)" addr add "${far6}1/64" dev vb nodad
ip -n "$(ns router)" addr add "$far.2/24" dev rb
ip -n "$(ns router)" addr add "${far6}2/64" dev rb nodad
ip -n "$(ns a)" route add default via "$net4.2"
ip -n "$(ns a)" route add default via "${net6}2"
ip -n "$(ns b)" route add default via "$far.2"
ip -n "$(ns b)" route add default via "${far6}2"
in_ns router sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
in_ns router nft 'add table inet t
	add chain inet t c { type filter hook forward priority 0; }
	add rule inet t c ct state invalid drop' 2>"$case_dir/nft" ||
	skip "there is no connection tracking here: $(head -n 1 "$case_dir/nft")"
head -c 4000 /dev/zero >"$case_dir/data"

# From a to b, who listens.
check() # FROM TO SOCAT-ADDRESS FORWARD-FUNCTION FRAGMENT-FUNCTION
{
	ping_once a "$2"
	trace_some "udp dst port 7777" -- \
		ip netns exec "$(ns a)" socat -b 4000 -u "OPEN:$case_dir/data" "$3"
	assert_lineage
	assert_time
	assert_only "$1" "$2"

	# Three fragments on each side: what is left of the packet, and two branches.
	assert_json 'roots | length == 1 and .[0].id == 1'
	assert_json '[.[] | select(.relation == "fragment")] | length == 4'
	assert_json '[.[] | select(.relation == "fragment" and .parent == 1)] | length == 2'

	# All is in one packet in the router, and in one packet in the end, which is delivered.
	assert_json '[.[] | select(.members)] | length == 2'
	pick '.members and .branches'
	assert_order inet_frag_reasm_prepare "$4" "$5"
	pick '.end.kind == "delivered"'
	assert_path '.members and .end.comm == "socat" and namespaces[-1] == $b' --arg b "$(ns b)"
	assert_json 'INDEX(.id) as $by | [.[] | whole($by) | .id] | unique | length == 1'
	assert_json '[.[].end.kind] | unique == ["delivered", "merged"]'
}

udp_sink b 7777
check "$net4.1" "$far.1" "UDP4:$far.1:7777" ip_forward ip_do_fragment
check "${net6}1" "${far6}1" "UDP6:[${far6}1]:7777" ip6_forward ip6_fragment
