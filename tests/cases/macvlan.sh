#!/bin/bash
# A host with a macvlan device, whose neighbour has learned a wrong MAC address:
# the packet arrives at the parent device and dies at IP receive. With the right
# address it reaches ICMP. The recordings of both part where the parent does not hand it on.
. "$(dirname "$0")/lib.sh"
require device macvlan

ns_add host peer
veth_add host parent peer eth0
ip -n "$(ns host)" link add m0 link parent type macvlan mode bridge
ip -n "$(ns host)" link set m0 up
addr_add host m0 1
addr_add peer eth0 2
mac=$(in_ns host cat /sys/class/net/m0/address)

neighbour() # MAC
{
	ip -n "$(ns peer)" neigh replace "$net4.1" lladdr "$1" dev eth0 nud permanent
}

record_request() # FILE
{
	"$BPFPATH" record -o "$1" ${zoom:+-p $zoom} "icmp[icmptype] == icmp-echo and host $net4.1" \
		-- sh -c "ip netns exec $(ns peer) ping -c 1 -W 1 $net4.1 || :" \
		</dev/null >"$case_dir/out" 2>"$case_dir/err" || fail "not recorded"
}

neighbour "$mac"
ping_once peer "$net4.1"
record_request "$case_dir/good"
trace_some "icmp and host $net4.1" -- ip netns exec "$(ns peer)" ping -c 1 -W 5 "$net4.1"
assert_only "$net4.1" "$net4.2"
pick_flow "$net4.2" "$net4.1" '.packet.icmp.type == 8'
assert_order net_dev_start_xmit netif_rx netif_receive_skb consume_skb
assert_path '[hops[] | sub(".*:"; "")] == ["eth0", "parent", "m0"]'
assert_end 'consumed|delivered'
if kernel_has_functions && kernel_has_module_btf; then
	trace_some -p "$zoom_all" "icmp and host $net4.1" -- \
		ip netns exec "$(ns peer)" ping -c 1 -W 5 "$net4.1"
	pick_flow "$net4.2" "$net4.1" '.packet.icmp.type == 8'
	assert_order macvlan_forward_source ip_rcv ip_local_deliver icmp_rcv
fi

neighbour 02:00:00:00:be:ef
assert_packets -e 'order net_dev_start_xmit netif_rx netif_receive_skb kfree_skb' \
	-e "$(dropped OTHERHOST)" "icmp and host $net4.1" -- \
	sh -c "ip netns exec $(ns peer) ping -c 1 -W 1 $net4.1 || :"
assert_only "$net4.1" "$net4.2"
assert_json 'all(.[]; .packet.icmp.type == 8)'
pick_flow "$net4.2" "$net4.1"
assert_path '[hops[] | sub(".*:"; "")] == ["eth0", "parent"]'
assert_path '.end.where | test("^ip_rcv(_core)?")'

# One glance: where they part, and the address.
record_request "$case_dir/bad"
run_lines diff -q "$case_dir/good" "$case_dir/bad"
assert_status 1
assert_line "^  the packet there, .*: mac_dst $mac \\| 02:00:00:00:be:ef"
if [ -z "$zoom" ] && kernel_has_functions && kernel_has_module_btf; then
	assert_line '^  they part at macvlan_handle_frame: returned ANOTHER \| PASS$'
	assert_line '^    \[[^ ]*\] m0 +\| +\[[^ ]*\] parent$'
else
	assert_line '^  they part at the end$'
fi
assert_line '^> .*\|'
run_lines diff -q -f json "$case_dir/good#1" "$case_dir/bad#1"
assert_status 1
jq -e '.pairs | length == 1 and (.[0] | .kind == "parted" and .end == ["end"]
	and .bad.end.kind == "dropped" and .good.end.kind != "dropped"
	and ([.rows[].good.dev.name] | index("m0")) and ([.rows[].bad.dev.name] | index("m0") | not)
	and .part > 0 and all(.rows[:.part][]; .differs == []))' "$case_dir/lines" >/dev/null ||
	fail_lines "the packets part elsewhere"
