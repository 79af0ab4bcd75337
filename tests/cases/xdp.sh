#!/bin/bash
# Native XDP on a veth device takes the packet out of its sk_buff: one path across that,
# and an end where the program drops it or nobody takes it.
. "$(dirname "$0")/lib.sh"
require functions
topology_xdp

assert_where() # REGEX
{
	assert_path '.end.where | test("^(" + $where + ")")' --arg where "$1"
}

# A small packet comes with little room in front: it is copied, and goes on as that.
copied='skb_pp_cow_data|veth_xdp_rcv_skb|veth_poll'

xdp b vb native 7777 pass || skip "kernel $(uname -r) has no XDP for veth devices"

# ---- native: as if it were not there
one_path
assert_order net_dev_start_xmit "$copied" consume_skb napi_gro_receive_entry ip_local_deliver kfree_skb
assert_namespaces a b
assert_dropped NO_SOCKET

# ---- native: dropped
xdp b vb native 7777 drop
one_path
assert_namespaces a b
assert_end dropped
assert_where 'veth_xdp_rcv_skb|veth_poll'
assert_path 'any(.steps[]; .func == "netif_receive_skb") | not'

# Before 5.12 veth makes the sk_buff itself, in functions that have no BTF and are inlined:
# what is known ends with the first sk_buff, and the second one is another packet.
kernel_has_module_btf || {
	xdp a va native 7777 pass
	xdp b vb native 7777 tx
	trace_packet
	assert_json 'length == 2 and all(.[]; sound and .parent == null)'
	pick '.id == 1'
	assert_namespaces a b
	assert_end transmitted # by veth_poll()
	pick '.id == 2'
	assert_namespaces a
	assert_dropped OTHERHOST
	echo "XDP frames are not followed on $(uname -r): the rest was not run"
	exit 0
}

# ---- native: sent back, to a device that takes no frames, and to one that does
xdp b vb native 7777 tx
one_path
assert_namespaces a b
assert_order consume_skb veth_xdp_tx
assert_end dropped
assert_where veth_xdp_flush_bq

xdp a va native 7777 pass
one_path
assert_namespaces a b a
assert_order consume_skb veth_xdp_tx veth_xdp_rcv_one __xdp_build_skb_from_frame \
	napi_gro_receive_entry kfree_skb
assert_path '[hops[] | sub(".*:"; "")] == ["va", "vb", "va"]'
assert_dropped OTHERHOST

# ---- native: elsewhere, likewise
xdp b vb native 7777 vc
one_path
assert_namespaces a b
assert_order consume_skb xdp_do_redirect
assert_end dropped
# Since 6.3 it is known before that such a device takes none (b9d460c92455).
assert_where 'bq_xmit_all|__dev_flush|veth_xdp_rcv_skb'

in_ns c "$BPFPATH_TOOLS/offload" vd gro on
one_path
assert_namespaces a b c
assert_order "$copied" consume_skb xdp_do_redirect veth_xdp_rcv_one \
	__xdp_build_skb_from_frame napi_gro_receive_entry ip_local_deliver kfree_skb
assert_path '[hops[] | sub(".*:"; "")] == ["va", "vb", "vd"]'
# A frame does not say that its checksum was left to the device (XDP has no metadata for it).
assert_path 'any(.steps[]; .changes.checksum == ["partial", "none"])'
assert_dropped UDP_CSUM

xdp c vd native 7777 drop
one_path
assert_namespaces a b c
assert_order xdp_do_redirect veth_xdp_rcv_one
assert_end dropped
assert_where veth_xdp_rcv_one
xdp c vd native 7777 pass

# ---- the frames of others, in the same memory
trace_some "udp dst port 7777 and greater 60" -- ip netns exec "$(ns a)" bash -c '
	for i in {1..10}; do
		for j in {1..50}; do
			echo "short" >"$1"
		done
		echo "long enough for the filter" >"$1"
	done' - "/dev/udp/$net4.2/7777"
# None of theirs is in a path, whatever was skipped.
assert_each true 'all(.packet.len, .steps[].len; IN(14, 34, 48) | not)'
assert_each true '[.steps[] | select(.func | test("xdp_do_redirect|veth_xdp_rcv_one|
	__xdp_build_skb_from_frame|net_dev_start_xmit|^netif_receive_skb$"; "x")) | .func]
	| length == (unique | length)'
# An end that was skipped leaves a hole.
assert_each '.end.kind == "open"' '.complete | not'
skipped || assert_json 'length == 10'
skipped || assert_each true 'namespaces == $ARGS.positional and .parent == null and sound
	and any(.steps[]; .func == "__xdp_build_skb_from_frame") and .end.kind == "dropped"' \
	--args "$(ns a)" "$(ns b)" "$(ns c)"
