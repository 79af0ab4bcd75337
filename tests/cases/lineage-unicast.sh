#!/bin/bash
# A bridge sends multicast to each member as if it were for that one alone: skb_copy(), on
# newer kernels pskb_copy(), makes a packet with headers of its own for each, which is a
# branch with an end of its own.
. "$(dirname "$0")/lib.sh"
require functions
require bridge

topology_bridge from one two
# A querier floods until it could have been answered, ten seconds if it is not told before.
ip -n "$(ns host)" link set br0 type bridge mcast_query_response_interval 1 2>/dev/null ||
	skip "kernel $(uname -r) has no multicast snooping"
ip -n "$(ns host)" link set br0 type bridge mcast_snooping 1
ip -n "$(ns host)" link set br0 type bridge mcast_querier 1
sleep 1
for name in one two; do
	ip netns exec "$(ns host)" bridge link set dev "v-$name" mcast_to_unicast on
	ip netns exec "$(ns host)" bridge mdb add dev br0 port "v-$name" grp 239.1.2.3 permanent
done
ip -n "$(ns from)" route add 239.1.2.3 dev eth0

trace_some "udp dst port 7777" -- \
	ip netns exec "$(ns from)" bash -c "echo tag >/dev/udp/239.1.2.3/7777"
assert_json 'length == 3'
assert_lineage
assert_time
assert_json 'all(.[]; own == [$from, "239.1.2.3"] and .packet.dport == 7777)' --arg from "$net4.11"

pick '.parent == null'
assert_path '.branches == [2, 3]'
assert_namespaces from host
assert_end dropped
for name in one two; do
	pick '.parent == 1 and namespaces[-1] == $to' --arg to "$(ns "$name")"
	assert_path '.relation == "copy" and (.maker | test("^(skb_copy|__pskb_copy_fclone)$"))
		and (.caller | test("^(maybe_deliver_addr|br_multicast_flood)"))'
	assert_path 'hops == $ARGS.positional' --args "$(ns host):v-from" "$(ns host):v-$name" \
		"$(ns "$name"):eth0"
	# shellcheck disable=SC2046 # a list of names
	assert_order $(! kernel_has_module_btf || echo __br_forward br_dev_queue_push_xmit) \
		netif_rx ip_rcv
	assert_end dropped
	# Nothing is another packet's.
	assert_path '[.steps[].changes // {} | keys[]] - ["checksum", "mark"] == []'
done
