#!/bin/bash
# Through a tunnel and out of it in another namespace: one path, with a filter on the
# packet inside as with one on the packet around it.
. "$(dirname "$0")/lib.sh"

inner=${net4%.*}.$((${net4##*.} ^ 1)) # the network inside
tried=0
missing=

# Device "tun" of @TYPE between a (.1) and b (.2) inside; false: the kernel has none.
tunnel_add() # TYPE [OPTION...]
{
	local type=$1
	shift
	ip -n "$(ns a)" link add tun type "$type" "$@" remote "$net4.2" 2>/dev/null ||
		return 1
	ip -n "$(ns b)" link add tun type "$type" "$@" remote "$net4.1"
	ip -n "$(ns a)" addr add "$inner.1/24" dev tun
	ip -n "$(ns b)" addr add "$inner.2/24" dev tun
	ip -n "$(ns a)" link set tun up
	ip -n "$(ns b)" link set tun up
	neighbours_trust a tun
	neighbours_trust b tun
	ping_once a "$inner.2"
}

tunnel_del()
{
	ip -n "$(ns a)" link del tun
	ip -n "$(ns b)" link del tun
}

assert_one_way()
{
	assert_json 'roots | length == 1'
	assert_namespaces a b
	assert_path '[.steps[].changes.tunnel // empty] == $ARGS.positional' --args "$@"
	assert_end 'consumed|delivered'
}

tunnel_try() # TYPE OUTER-FILTER [OPTION...]
{
	local type=$1 outer=$2
	shift 2
	if ! tunnel_add "$type" "$@"; then
		missing="$missing $type"
		return
	fi
	tried=$((tried + 1))
	trace_some "icmp[icmptype] == icmp-echo and dst $inner.2" -- \
		ip netns exec "$(ns a)" ping -c 1 -W 5 "$inner.2"
	pick_flow "$inner.1" "$inner.2"
	assert_one_way entered left
	assert_path 'hops == $ARGS.positional' --args "$(ns a):tun" "$(ns a):va" "$(ns b):vb" \
		"$(ns b):tun"
	assert_path '[.steps[].changes // {} | .src | select(. != null)] ==
		[[$in, $out], [$out, $in]]' --arg in "$inner.1" --arg out "$net4.1"
	assert_path '[.steps[].changes.length // empty] | length == 2 and .[0][0] == 84 and
		.[0][1] > 84 and .[1] == (.[0] | reverse)'

	trace_some "$outer and src $net4.1" -- ip netns exec "$(ns a)" ping -c 1 -W 5 "$inner.2"
	pick_flow "$net4.1" "$net4.2"
	assert_one_way left
	tunnel_del
}

topology_pair
ping_once a "$net4.2"
tunnel_try vxlan 'udp port 4789' id 7 dstport 4789
tunnel_try geneve 'udp port 6081' id 7
tunnel_try gre 'ip proto 47'
tunnel_try ipip 'ip proto 4'
[ "$tried" -gt 0 ] || skip "kernel $(uname -r) has no tunnels"
[ -z "$missing" ] || skip "kernel $(uname -r) has no$missing: with the others it is so"
