#!/bin/bash
# A namespace and devices that appear when tracing is under way are picked up.
. "$(dirname "$0")/lib.sh"

ns_add a
case_namespaces+=("$(ns late)")
cat >"$case_dir/late" <<END
set -e
ip netns add $(ns late)
ip -n $(ns a) link add va type veth peer name vl netns $(ns late)
ip -n $(ns a) link set va up
ip -n $(ns late) link set vl up
ip -n $(ns a) addr add $net4.1/24 dev va
ip -n $(ns late) addr add $net4.2/24 dev vl
sleep 1
ip netns exec $(ns a) ping -q -c 1 -W 5 $net4.2
END
trace_some "icmp and host $net4.2" -- sh "$case_dir/late"
assert_only "$net4.1" "$net4.2"
pick_flow "$net4.1" "$net4.2"
assert_order net_dev_queue net_dev_start_xmit netif_rx netif_receive_skb consume_skb
assert_namespaces a late
assert_path '[hops[] | sub(".*:"; "")] == ["va", "vl"]'
pick_flow "$net4.2" "$net4.1"
assert_namespaces late a
