#!/bin/bash
# A VLAN tag that the kernel keeps beside the packet (veth takes tags in hardware,
# as good cards do) counts as being in it.
. "$(dirname "$0")/lib.sh"
ns_add probe
ip -n "$(ns probe)" link add p0 type veth peer name p1
ip -n "$(ns probe)" link add p0.5 link p0 type vlan id 5 2>/dev/null ||
	skip "kernel $(uname -r) has no VLAN devices"
ip netns del "$(ns probe)"

ns_add a b
veth_add a va b vb
for end in a b; do
	ip -n "$(ns $end)" link add "v$end.5" link "v$end" type vlan id 5
	ip -n "$(ns $end)" link set "v$end.5" up
done
addr_add a va.5 1
addr_add b vb.5 2
ping_once a "$net4.2"
ping=(ip netns exec "$(ns a)" ping -c 1 -W 5 "$net4.2")

# On the lower device the tag is there, and the number counts.
assert_packets -e 'count == 1' -e 'end consumed delivered' -e "crosses $(ns a)/va" \
	-e "crosses $(ns b)/vb.5" -i va "vlan 5 and icmp[icmptype] == icmp-echo" -- "${ping[@]}"
assert_json 'all(.[]; .packet.vlan == 5)'
assert_only "$net4.1" "$net4.2"
pick_flow "$net4.1" "$net4.2"
assert_namespaces a b

trace -i va "vlan 6 and icmp" -- "${ping[@]}"
assert_status 3
# As with tcpdump: without "vlan" a filter looks at untagged packets only.
trace -i va "icmp" -- "${ping[@]}"
assert_status 3
