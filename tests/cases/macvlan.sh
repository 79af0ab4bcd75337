#!/bin/bash
# A host with a macvlan device, whose neighbour has learned a wrong MAC address:
# the packet arrives at the parent device and dies at IP receive. With the right
# address it reaches ICMP.
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

neighbour "$mac"
ping_once peer "$net4.1"
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
	assert_order macvlan_forward_source ip_rcv_core ip_local_deliver icmp_rcv
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
