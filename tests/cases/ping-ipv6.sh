#!/bin/bash
# An IPv6 ping between two namespaces.
. "$(dirname "$0")/lib.sh"

topology_pair
in_ns a ping -q -c 1 -W 5 "${net6}2" >/dev/null 2>&1 || skip "no IPv6 on this kernel"

trace_some "icmp6 and host ${net6}2" -- ip netns exec "$(ns a)" ping -c 1 -W 5 "${net6}2"
assert_time
pick '.packet.icmp.type == 128'
assert_path '.packet.src == $src and .packet.dst == $dst' \
	--arg src "${net6}1" --arg dst "${net6}2"
assert_order net_dev_queue net_dev_start_xmit netif_rx netif_receive_skb
assert_namespaces a b
# Before 6.3 icmpv6_rcv frees as a drop what it has answered (kernel commit
# ac03694bc009).
if kernel_at_least 6.3; then
	assert_end 'consumed|delivered'
else
	assert_path '.end.where == "icmpv6_rcv"'
fi
pick '.packet.icmp.type == 129'
assert_order net_dev_queue net_dev_start_xmit netif_rx netif_receive_skb
assert_namespaces b a
assert_end 'consumed|delivered'
