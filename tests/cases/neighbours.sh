#!/bin/bash
# Who is asked for a neighbour's address because of a packet, and who answers, is shown
# with it although the filter is for the packet alone; what others ask is not.
. "$(dirname "$0")/lib.sh"
require functions

# Few functions, as where there is no kprobe.multi each one takes its time.
printf '%s\n' ip_output ip6_output icmp_rcv icmpv6_rcv >"$case_dir/list"
probe=$case_dir/list

# Trampolines, which newer kernels take, do not tell.
! kernel_has_multi || backend=multi

topology_bridge box
there=$net4.11
host=$(ns host)

# Nobody knows the other's address, or would look whether it is still so.
forget()
{
	in_ns host ip neigh flush all
	in_ns box ip neigh flush all
}

# Another address, which nobody has, is asked for as well.
ask() # ADDRESS FILTER OTHER-ADDRESS
{
	forget
	run_lines hops ${backend:+-b $backend} -p "$probe" "$2" -- sh -c "ip netns exec $host ping -q -c 1 -W 1 $3 &
		ip netns exec $host ping -q -c 1 -W 5 $1; status=\$?; wait; exit \$status"
	assert_status 0
}

asked4()
{
	ask "$there" "icmp and host $there" "$net4.77"
	assert_crossings 'arp who-has|arp reply' 'host br0 out arp who-has
host v-box out arp who-has
box eth0 in arp who-has
box eth0 out arp reply
host v-box in arp reply
host br0 in arp reply'
	assert_no_line "who-has $net4.77 "
	assert_line '  consequence of #1, made by arp_(send_dst|xmit) for arp_solicit$'
	[ "$(grep -c "  arp who-has $there tell $net4.1\b" "$case_dir/lines")" = 3 ] || fail_lines "other questions"
	assert_crossings 'icmp echo request|icmp echo reply' 'host br0 out icmp echo request
host v-box out icmp echo request
box eth0 in icmp echo request
box eth0 out icmp echo reply
host v-box in icmp echo reply
host br0 in icmp echo reply'
}

asked6()
{
	ask "${net6}11" "icmp6 and host ${net6}11 and (ip6[40] = 128 or ip6[40] = 129)" "${net6}77"
	assert_crossings 'icmp6 neighbour solicitation|icmp6 neighbour advertisement' \
		'host br0 out icmp6 neighbour solicitation
host v-box out icmp6 neighbour solicitation
box eth0 in icmp6 neighbour solicitation
box eth0 out icmp6 neighbour advertisement
host v-box in icmp6 neighbour advertisement
host br0 in icmp6 neighbour advertisement'
	assert_line '  consequence of #1, made by ndisc_send_(ns|skb) for ndisc_solicit$'
	assert_no_line 'ff02::1:ff00:77'
}

asked4
asked6
# Where returns are waited for, that of who calls the one that answers, too.
if kernel_has_multi; then
	probe=stages
	asked4
	asked6
fi

# As branches of one packet, which -c counts once.
forget
trace_some -p "$case_dir/list" "icmp and src $net4.1 and dst $there" -- \
	ip netns exec "$host" ping -q -c 1 -W 5 "$there"
assert_lineage
assert_json 'map(select(.relation == "consequence")) | length == 2 and
	(map(.packet.proto) | unique) == ["arp"]'
assert_json '[.[].root] | unique | length == 1'
pick '.relation == "consequence" and (.caller | test("^arp_solicit"))'
assert_path '.parent == 1'
assert_namespaces host box
