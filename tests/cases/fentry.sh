#!/bin/bash
# Functions by fentry: the same steps and returns as with other backends, and those whose
# packet comes behind five arguments; what it cannot tell apart is probed in another way.
. "$(dirname "$0")/lib.sh"
require functions
kernel_has_fentry || skip "kernel $(uname -r) has no BPF trampolines for this"

topology_pair
ping_once a "$net4.2"
cat >"$case_dir/list" <<END
bpfpath_nosuchfunction
__udp4_lib_lookup
__udp4_lib_rcv
ip_rcv
ip_rcv
ip_local_deliver
ip_route_input_noref
__netif_receive_skb_core
udp_queue_rcv_one_skb
END
# shellcheck disable=SC2016 # for that shell
trace_some -v -b fentry -p "$case_dir/list" "udp dst port 7001 and host $net4.2" -- \
	ip netns exec "$(ns a)" bash -c 'echo 1 >"/dev/udp/$1/7001"' - "$net4.2"
grep -q 'with backend fentry: [1-9]' "$case_dir/err" || fail "not traced with fentry"
assert_json 'length == 1'
assert_only "$net4.1" "$net4.2"
assert_time

pick_flow "$net4.1" "$net4.2" '.packet.dport == 7001'
assert_order __ip_local_out __dev_queue_xmit net_dev_queue netif_receive_skb \
	ip_rcv ip_route_input_noref ip_local_deliver
# A copy by the compiler; on Debian's 6.1 it cannot be probed at all.
if kernel_has_multi; then
	assert_order __ip_local_out __netif_receive_skb_core ip_rcv
fi
for name in ip_rcv ip_local_deliver; do
	assert_path "[.steps[] | select(.func == \"$name\")] | length == 1"
done
assert_path '[.steps[] | select(.kind == "function") | name]
	- ["udp_send_skb", "ip_local_out", "__ip_local_out", "__dev_queue_xmit",
	"__netif_receive_skb_core", "ip_rcv", "ip_route_input_noref", "ip_local_deliver",
	"__udp4_lib_lookup", "__udp4_lib_rcv"] == []'
assert_path '[.steps[] | select(.func == "ip_route_input_noref") | [.ret, .result]] == [[0, "OK"]]'
assert_namespaces a b
assert_dropped NO_SOCKET

# Nine arguments: since 6.6 on x86-64.
if grep -q ' __udp4_lib_lookup$' /proc/kallsyms && kernel_at_least 6.6; then
	assert_order ip_local_deliver __udp4_lib_lookup
	"$BPFPATH" list __udp4_lib_lookup >"$case_dir/listed"
	grep -q 'skb:[6-9] .* fentry$' "$case_dir/listed" ||
		fail "list says: $(cat "$case_dir/listed")"
fi
