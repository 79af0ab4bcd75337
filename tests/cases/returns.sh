#!/bin/bash
# What functions return is shown on their step: the verdict of a hook at which a
# packet is dropped, what the route lookup said, and of the right call each time.
. "$(dirname "$0")/lib.sh"
require functions nft

topology_pair
ping_once a "$net4.2"
in_ns b nft 'add table ip t; add chain ip t in { type filter hook input priority 0; }
	add chain ip t pre { type filter hook prerouting priority 0; }
	add rule ip t in icmp type echo-request drop' 2>"$case_dir/nft" ||
	skip "nftables does not work here: $(head -n 1 "$case_dir/nft")"

returns() # OPTION...
{
	trace_some "$@" "icmp and host $net4.2" -- \
		sh -c "ip netns exec $(ns a) ping -q -c 3 -i 0.3 -W 1 $net4.2 || :"
	! grep 'was not seen what a function returned' "$case_dir/err" || fail "returns lost"
	assert_only "$net4.1" "$net4.2"
	assert_json 'length == 3 and all(.[]; sound)'
	# Prerouting lets pass what input drops.
	assert_each true '[.steps[] | select(.func == "nf_hook_slow" and .netns.name == $b)
		| [.ret, .result]] == [[1, "ACCEPT"], [-1, "DROP"]]' --arg b "$(ns b)"
	assert_each true 'any(.steps[]; name == "ip_route_input_noref" and .ret == 0 and
		.result == "OK")'
	assert_each true 'any(.steps[]; name == "__dev_queue_xmit" and
		.result == "NET_XMIT_SUCCESS")'
	assert_each true 'all(.steps[]; .kind == "function" or has("ret") == false)'
	assert_each true 'all(.steps[]; has("depth") == false and has("duration") == false)'
	pick true
	assert_dropped NETFILTER_DROP
}

returns -p stages
kernel_has_multi || exit 0
# The other way, on a kernel that has both.
cat >"$case_dir/list" <<END
nf_hook_slow
ip_route_input_noref
END
returns -b kprobe -p "$case_dir/list"
