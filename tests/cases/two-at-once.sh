#!/bin/bash
# Two at once do not disturb each other: each shows what its filter asks for.
. "$(dirname "$0")/lib.sh"

topology_bridge one two
ping_once host "$net4.11"
ping_once host "$net4.12"
cat >"$case_dir/pings" <<END
ip netns exec $(ns host) ping -q -c 1 -W 5 $net4.11
ip netns exec $(ns host) ping -q -c 1 -W 5 $net4.12
END
trace_some "icmp and host $net4.11" -- sh -c \
	"$BPFPATH -f json -o $case_dir/inner 'icmp and host $net4.12' -- sh $case_dir/pings </dev/null"
assert_only "$net4.1" "$net4.11"
pick_flow "$net4.1" "$net4.11"
assert_order net_dev_queue netif_rx netif_receive_skb consume_skb
pick_flow "$net4.11" "$net4.1"
assert_json 'all(.[]; sound)'

mv "$case_dir/inner" "$case_dir/out"
assert_only "$net4.1" "$net4.12"
pick_flow "$net4.1" "$net4.12"
assert_order net_dev_queue netif_rx netif_receive_skb consume_skb
pick_flow "$net4.12" "$net4.1"
assert_json 'all(.[]; sound)'
