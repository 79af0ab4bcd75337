#!/bin/bash
# With --graph functions are nested as they call each other, and take their time
# inside of each other; without function probes there is nothing to nest.
. "$(dirname "$0")/lib.sh"
require functions

topology_pair
ping_once a "$net4.2"
cat >"$case_dir/list" <<END
ip_finish_output2
dev_hard_start_xmit
veth_xmit
__dev_forward_skb
__netif_receive_skb_one_core
ip_rcv
ip_rcv_core
ip_route_input_noref
ip_route_input_slow
ip_local_deliver
ip_protocol_deliver_rcu
icmp_rcv
END
trace_some --graph -p "$case_dir/list" "icmp and host $net4.2" -- \
	ip netns exec "$(ns a)" ping -q -c 3 -i 0.3 -W 5 "$net4.2"
! grep 'was not seen what a function returned' "$case_dir/err" || fail "returns lost"
assert_only "$net4.1" "$net4.2"
assert_json '(roots | length == 6) and all(.[]; sound)'
assert_time

# The step in which @f is called: the last one before it that is less deep.
jq_library+='
def caller(f): .steps as $steps | ($steps | map(name) | index(f)) as $at
	| [$steps[:$at][] | select(.depth < $steps[$at].depth)] | last // {};
def step(f): first(.steps[] | select(name == f));
def over: .t + .duration;
'
assert_each '.parent == null' 'all(.steps[]; .depth >= 0)'
# The sender is in the driver ...
assert_each '.parent == null' '(caller("net_dev_start_xmit") | name) == "dev_hard_start_xmit"'
assert_each '.parent == null' 'step("__dev_queue_xmit").depth < step("dev_hard_start_xmit").depth'
# ... and the receiver on another stack, or after that.
assert_each '.parent == null' 'step("__netif_receive_skb_one_core").depth == 0'
assert_each '.parent == null' '(caller("ip_route_input_slow") | name) == "ip_route_input_noref"'
assert_each '.parent == null' '(caller("icmp_rcv") | name) == "ip_protocol_deliver_rcu"'
# Who is called has returned before its caller.
pairs=('ip_route_input_noref ip_route_input_slow')
if kernel_has_module_btf; then
	assert_each '.parent == null' '(caller("veth_xmit") | name) == "dev_hard_start_xmit"'
	assert_each '.parent == null' '(caller("netif_rx") | name) == "veth_xmit"'
	pairs+=('dev_hard_start_xmit veth_xmit')
fi
for pair in "${pairs[@]}"; do
	read -r outer inner <<<"$pair"
	assert_each '.parent == null' 'step($o) as $outer | step($i) as $inner
		| $outer.t <= $inner.t and $inner.duration > 0
		and ($inner | over) <= ($outer | over)' --arg o "$outer" --arg i "$inner"
done

if "$BPFPATH" --graph -p hops icmp -- true </dev/null >"$case_dir/out" 2>"$case_dir/err"; then
	fail "--graph without functions"
fi
grep -q -- '--graph needs a backend that probes functions' "$case_dir/err" ||
	fail "not said why"
