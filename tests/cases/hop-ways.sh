#!/bin/bash
# The devices that a packet crosses, on other ways than through a bridge: forwarded from
# namespace to namespace, by macvlan, VLAN and vxlan, by a device that was moved to
# another namespace, and of ten pings at once each its own; none missing, none twice.
. "$(dirname "$0")/lib.sh"

hops() # OPTION... FILTER -- COMMAND...
{
	run_lines hops ${zoom:+-p $zoom} "$@"
	assert_status 0
}

# Of request and reply, in order.
assert_way() # EXPECTED
{
	diff -u - <(crossings 'icmp6? echo [a-z]+' | sed -E 's/icmp6? echo //') <<<"$1" ||
		fail_lines "another way"
}

# There the first namespace is "a" and the address is $net4.N.
ping_from_a() # FILTER N [FAMILY]
{
	ping_once a "$2"
	hops "$1" -- ip netns exec "$(ns a)" ping -c 1 -W 5 "$2"
}

# Three namespaces and more, with forwarding: a - r1 - r2 - b.
ns_add a r1 r2 b
veth_add a a1 r1 r1a
veth_add r1 r1b r2 r2a
veth_add r2 r2b b b1
address() # NS DEV NETWORK HOST
{
	ip -n "$(ns "$1")" addr add "$net4.$(($3 * 16 + $4))/28" dev "$2"
	ip -n "$(ns "$1")" addr add "${net6%::}:$3::$4/64" dev "$2" nodad
}
for place in 'a a1 1 1' 'r1 r1a 1 2' 'r1 r1b 2 1' 'r2 r2a 2 2' 'r2 r2b 3 1' 'b b1 3 2'; do
	# shellcheck disable=SC2086 # words
	address $place
done
for router in r1 r2; do
	in_ns $router sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward
		echo 1 >/proc/sys/net/ipv6/conf/all/forwarding'
done
route() # NS NETWORK ROUTER-NETWORK ROUTER-HOST
{
	ip -n "$(ns "$1")" route add "$net4.$(($2 * 16))/28" via "$net4.$(($3 * 16 + $4))"
	ip -n "$(ns "$1")" route add "${net6%::}:$2::/64" via "${net6%::}:$3::$4"
}
route a 2 1 2
route a 3 1 2
route r1 3 2 2
route r2 1 2 1
route b 1 3 1
route b 2 3 1
forwarded='a a1 out request
r1 r1a in request
r1 r1b out request
r2 r2a in request
r2 r2b out request
b b1 in request
b b1 out reply
r2 r2b in reply
r2 r2a out reply
r1 r1b in reply
r1 r1a out reply
a a1 in reply'
far=$net4.50
ping_from_a "icmp and host $far" "$far"
assert_way "$forwarded"
ping_from_a "icmp6 and host ${net6%::}:3::2 and (ip6[40] = 128 or ip6[40] = 129)" "${net6%::}:3::2"
assert_way "$forwarded"

# Where functions can be probed, what was decided on the way.
if kernel_has_functions && kernel_has_multi; then
	[ "$(grep -c 'route:forward' "$case_dir/lines")" = 4 ] || fail "not forwarded four times"
	[ "$(grep -c 'route:local' "$case_dir/lines")" -ge 2 ] || fail "not routed to this machine"
	if in_ns r1 nft 'add table inet t; add chain inet t f { type filter hook forward priority 0; }
		add rule inet t f icmp type echo-reply drop' 2>/dev/null; then
		hops "icmp and host $far" -- sh -c \
			"ip netns exec $(ns a) ping -c 1 -W 1 $far || :"
		assert_line " r1a +in +icmp echo request .*  route:forward t.f:ACCEPT via $net4.34 dev r1b$"
		assert_line ' r1b +in +icmp echo reply .*  route:forward t.f:DROP$'
		in_ns r1 nft 'flush ruleset'
	fi
fi

# Ten at once, from both ends: each its own way.
hops "icmp and host $far" -- sh -c "for i in 1 2 3 4 5 6 7 8 9 10; do
	ip netns exec $(ns a) ping -c 1 -W 5 $far & done; wait"
[ "$(grep -cE ' (in|out) +icmp' "$case_dir/lines")" = 120 ] ||
	fail "$(grep -cE ' (in|out) +icmp' "$case_dir/lines") crossings, not 120"
grep -oE ' id [0-9]+ ' "$case_dir/lines" | sort -u >"$case_dir/ids"
[ "$(wc -l <"$case_dir/ids")" = 10 ] || fail "not ten pings"
cp "$case_dir/lines" "$case_dir/all"
while read -r one; do
	grep " $one " "$case_dir/all" >"$case_dir/lines"
	assert_way "$forwarded"
done <"$case_dir/ids"

# A device of r2 goes over to another namespace, and its address with it.
ns_add moved
ip -n "$(ns r2)" link set r2a netns "$(ns moved)"
ip -n "$(ns moved)" link set r2a up
ip -n "$(ns moved)" addr add "$net4.34/28" dev r2a
ip -n "$(ns moved)" route add "$net4.16/28" via "$net4.33"
ping_from_a "icmp and host $net4.34" "$net4.34"
assert_way 'a a1 out request
r1 r1a in request
r1 r1b out request
moved r2a in request
moved r2a out reply
r1 r1b in reply
r1 r1a out reply
a a1 in reply'

# The same while it is traced: the first ping finds it in b, the second in moved.
ip -n "$(ns moved)" route del "$net4.16/28"
cat >"$case_dir/move" <<END
ip netns exec $(ns a) ping -q -c 1 -W 5 $net4.18
ip -n $(ns r1) link set r1a netns $(ns moved)
ip -n $(ns moved) link set r1a up
ip -n $(ns moved) addr add $net4.18/28 dev r1a
ip netns exec $(ns a) ping -q -c 1 -W 5 $net4.18
END
hops "icmp and host $net4.18" -- sh "$case_dir/move"
assert_way 'a a1 out request
r1 r1a in request
r1 r1a out reply
a a1 in reply
a a1 out request
moved r1a in request
moved r1a out reply
a a1 in reply'

# Devices on top of another one: the namespaces c and d on one wire.
ns_add c d
veth_add c c0 d d0
on_top() # TYPE [OPTION...]: device c1 and d1 on top of c0 and d0
{
	local type=$1
	shift
	ip -n "$(ns c)" link add link c0 name c1 type "$type" "$@" 2>/dev/null || return 1
	ip -n "$(ns d)" link add link d0 name d1 type "$type" "$@"
	stacked_up
}
stacked_up()
{
	ip -n "$(ns c)" addr add "$net4.241/28" dev c1
	ip -n "$(ns d)" addr add "$net4.242/28" dev d1
	# Else the lower device says that it has the address, too, and may be heard last.
	in_ns c sysctl -qw net.ipv4.conf.all.arp_ignore=1
	in_ns d sysctl -qw net.ipv4.conf.all.arp_ignore=1
	ip -n "$(ns c)" link set c1 up
	ip -n "$(ns d)" link set d1 up
	ping_once c "$net4.242"
}
stacked='c c1 out request
c c0 out request
d d0 in request
d d1 in request
d d1 out reply
d d0 out reply
c c0 in reply'
stacked_try() # FILTER
{
	hops "$1" -- ip netns exec "$(ns c)" ping -c 1 -W 5 "$net4.242"
	# Tracepoints alone see the upper device where a packet ends, and of one that goes
	# into a socket's queue some kernels forget the device before.
	if grep -q 'with backend tracepoint' "$case_dir/err"; then
		sed -i '/ c1  *in /d' "$case_dir/lines"
		assert_way "$stacked"
	else
		assert_way "$stacked
c c1 in reply"
	fi
	ip -n "$(ns c)" link del c1
	ip -n "$(ns d)" link del d1
}
if on_top macvlan mode bridge; then
	stacked_try "icmp and host $net4.242"
else
	echo "kernel $(uname -r) has no macvlan devices"
fi
if on_top vlan id 5; then
	stacked_try "icmp and host $net4.242"
	grep -E ' c0 +out .* vlan 5 ' "$case_dir/lines" >/dev/null || fail "no VLAN tag"
else
	echo "kernel $(uname -r) has no VLAN devices"
fi
ip -n "$(ns c)" addr add "$net4.225/28" dev c0
ip -n "$(ns d)" addr add "$net4.226/28" dev d0
if ip -n "$(ns c)" link add c1 type vxlan id 7 dstport 4789 remote "$net4.226" 2>/dev/null; then
	ip -n "$(ns d)" link add d1 type vxlan id 7 dstport 4789 remote "$net4.225"
	stacked_up
	hops "icmp and host $net4.242" -- ip netns exec "$(ns c)" ping -c 1 -W 5 "$net4.242"
	# In the tunnel it is the packet around it that is shown.
	sed -E -i 's/ udp [^ ]+ -> [^ ]+:4789 / icmp echo tunnelled /' "$case_dir/lines"
	assert_way 'c c1 out request
c c0 out tunnelled
d d0 in tunnelled
d d1 in request
d d1 out reply
d d0 out tunnelled
c c0 in tunnelled
c c1 in reply'
else
	echo "kernel $(uname -r) has no vxlan devices"
fi
