#!/bin/bash
# A short list of functions by kprobes, also on kernels that have better: each
# has its own name, and names that there are not do no harm.
. "$(dirname "$0")/lib.sh"
require functions

topology_pair
ping_once a "$net4.2"
cat >"$case_dir/list" <<END
# one that there is not, and one twice
bpfpath_nosuchfunction
ip_rcv
ip_rcv
ip_local_deliver
icmp_rcv
END
trace_some -v -b kprobe -p "$case_dir/list" "icmp and host $net4.2" -- \
	ip netns exec "$(ns a)" ping -q -c 1 -W 5 "$net4.2"
grep -q 'with backend kprobe: [1-9]' "$case_dir/err" || fail "not traced with kprobes"
assert_only "$net4.1" "$net4.2"
assert_time

pick_flow "$net4.1" "$net4.2" '.packet.icmp.type == 8'
assert_order __ip_local_out __dev_queue_xmit net_dev_queue netif_receive_skb \
	ip_rcv ip_local_deliver icmp_rcv
assert_path '[.steps[] | select(.kind == "function") | .func]
	- ["ip_local_out", "__ip_local_out", "__dev_queue_xmit", "ip_rcv", "ip_local_deliver",
	"icmp_rcv"] == []'
assert_path '[.steps[] | select(.func == "ip_rcv")] | length == 1'
assert_namespaces a b
assert_end 'consumed|delivered'
