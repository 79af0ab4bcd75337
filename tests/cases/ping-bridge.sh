#!/bin/bash
# A ping through a bridge into a namespace: the request is one path that ends
# there, the reply is another one back.
. "$(dirname "$0")/lib.sh"

topology_bridge box
here=$net4.1 there=$net4.11
ping_once host "$there"

assert_packets -e 'count == 2' -e 'end delivered consumed' -e "crosses $(ns host)/br0" \
	-e "crosses $(ns host)/v-box" -e "crosses $(ns box)/eth0" \
	-e 'order net_dev_queue net_dev_start_xmit netif_rx netif_receive_skb' \
	"icmp and host $there" -- ip netns exec "$(ns host)" ping -c 1 -W 5 "$there"
assert_only "$here" "$there"
assert_time
assert_json 'map(select(.packet.icmp.type == 8)) | length == 1'
assert_json 'all(.[]; sound and .lost == 0)'

pick_flow "$here" "$there" '.packet.icmp.type == 8'
assert_path '.packet.proto == "icmp" and .packet.icmp.seq == 1'
assert_order net_dev_queue net_dev_start_xmit net_dev_queue net_dev_start_xmit \
	netif_rx netif_receive_skb consume_skb
assert_namespaces host box
assert_path '[hops[] | sub(".*:"; "")] == ["br0", "v-box", "eth0"]'
assert_path '.steps[0].comm == "ping"'

pick_flow "$there" "$here" '.packet.icmp.type == 0'
assert_order netif_receive_skb netif_receive_skb
assert_namespaces box host
assert_path '[hops[] | sub(".*:"; "")] == ["eth0", "v-box", "br0"]'
