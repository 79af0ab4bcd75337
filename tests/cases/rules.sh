#!/bin/bash
# What the chains of nftables and iptables said, by their names, and the next hops that
# routing chose, on the way through a router: in hops, text and JSON.
. "$(dirname "$0")/lib.sh"
require functions
[ -x "$BPFPATH_TOOLS/xtables" ] || fail "tests/tools/xtables is not built"

# Few functions, as where there is no kprobe.multi each one takes its time.
printf '%s\n' ip_rcv ip_forward ip_local_deliver ip_output ipv6_rcv ip6_forward ip6_input \
	ip6_output nf_hook_slow nft_do_chain ipt_do_table >"$case_dir/list"

net6=${net6%::}
ns_add a r b
veth_add a a0 r r0
veth_add r r1 b b0
for place in 'a a0 1 1' 'r r0 1 2' 'r r1 2 1' 'b b0 2 2'; do
	read -r name dev network host <<<"$place"
	ip -n "$(ns "$name")" addr add "$net4.$((network * 16 + host))/28" dev "$dev"
	ip -n "$(ns "$name")" addr add "$net6:$network::$host/64" dev "$dev" nodad
done
for place in 'a 2 1 2' 'b 1 2 1'; do
	read -r name network near router <<<"$place"
	ip -n "$(ns "$name")" route add "$net4.$((network * 16))/28" via "$net4.$((near * 16 + router))"
	ip -n "$(ns "$name")" route add "$net6:$network::/64" via "$net6:$near::$router"
done
in_ns r sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward
	echo 1 >/proc/sys/net/ipv6/conf/all/forwarding'
far=$net4.34
ping_once a "$far"
ping_once a "$net6:2::2"

# The decisions at each hop of a ping from a, behind namespace, device, direction, kind;
# without the hooks that some security modules have on the way out.
decisions() # FILTER ADDRESS
{
	run_lines hops -p "$case_dir/list" "$1" -- \
		sh -c "ip netns exec $(ns a) ping -q -c 1 -W 1 $2 || :"
	assert_status 0
	sed -nE "s/ ip6?\.(OUTPUT|POSTROUTING):ACCEPT//g; s/ +$//
		s/^#[0-9]+ .*bpfpath-$$-([a-z]+)\] +([^ ]+) +(in|out) +icmp6? echo ([a-z]+) .* len [0-9]+(.*)/\1 \2 \3 \4\5/p" \
		"$case_dir/lines"
}

assert_decisions() # FILTER ADDRESS EXPECTED
{
	diff -u - <(decisions "$1" "$2") <<<"$3" || fail_lines "other decisions"
}

# Routes: through a router, and on the link.
assert_decisions "icmp and host $far" "$far" "a a0 out request  via $net4.18 dev a0
r r0 in request  route:forward direct dev r1
r r1 out request
b b0 in request  route:local
b b0 out reply  via $net4.33 dev b0
r r1 in reply  route:forward direct dev r0
r r0 out reply
a a0 in reply  route:local"
assert_decisions "icmp6 and host $net6:2::2 and (ip6[40] = 128 or ip6[40] = 129)" "$net6:2::2" \
	"a a0 out request  via $net6:1::2 dev a0
r r0 in request  route:forward direct dev r1
r r1 out request
b b0 in request  route:local
b b0 out reply  via $net6:2::1 dev b0
r r1 in reply  route:forward direct dev r0
r r0 out reply
a a0 in reply  route:local"
ip -n "$(ns a)" route replace "$net4.32/28" via inet6 "$net6:1::2" dev a0
decisions "icmp and dst host $far" "$far" >"$case_dir/decisions"
grep -qx "a a0 out request  via $net6:1::2 dev a0" "$case_dir/decisions" ||
	fail_lines "not by a router with an IPv6 address"

# Rules: on kernels whose modules have no BTF (before 5.11), the hooks alone.
in_ns r nft 'add table inet t
	add chain inet t first { type filter hook prerouting priority -10; }
	add chain inet t second { type filter hook prerouting priority 10; }
	add chain inet t f { type filter hook forward priority 0; }
	add rule inet t f icmp type echo-reply drop' 2>"$case_dir/nft" ||
	skip "nftables does not work here: $(head -n 1 "$case_dir/nft")"
if kernel_has_module_btf; then
	first='t.first:ACCEPT t.second:ACCEPT' accept=t.f:ACCEPT drop=t.f:DROP
else
	first=ip.PREROUTING:ACCEPT accept=ip.FORWARD:ACCEPT drop=ip.FORWARD:DROP
fi
assert_decisions "icmp and host $far" "$far" "a a0 out request  via $net6:1::2 dev a0
r r0 in request  $first route:forward $accept direct dev r1
r r1 out request
b b0 in request  route:local
b b0 out reply  via $net4.33 dev b0
r r1 in reply  $first route:forward $drop"
kernel_has_module_btf || exit 0

trace -p "$case_dir/list" "icmp and host $far" -- \
	sh -c "ip netns exec $(ns a) ping -q -c 1 -W 1 $far || :"
assert_status 0
pick_flow "$far" "$net4.17"
assert_path '[.steps[] | select(.chain) | [.func, .chain.table, .chain.name, .result]] ==
	[["nft_do_chain", "t", "first", "ACCEPT"], ["nft_do_chain", "t", "second", "ACCEPT"],
		["nft_do_chain", "t", "f", "DROP"]]'
assert_path '[.steps[] | select(.route) | [.func, .route.via, .route.dev]] ==
	[["ip_output", $via, "b0"]]' --arg via "$net4.33"
run_lines -p "$case_dir/list" "icmp and host $far" -- \
	sh -c "ip netns exec $(ns a) ping -q -c 1 -W 1 $far || :"
assert_line '^ .* nft_do_chain t\.first = ACCEPT '
assert_line '^ .* nft_do_chain t\.f = DROP '
assert_line "^ .* ip_output via $net4.33 dev b0 "
assert_line '^ .* ip_output direct dev r1 '

# Names that are too long are cut.
long=$(printf 'x%.0s' $(seq 70))
in_ns r nft "flush ruleset; add table ip $long
	add chain ip $long f { type filter hook forward priority 0; }"
decisions "icmp and dst host $far" "$far" >"$case_dir/decisions"
grep -qx "r r0 in request  route:forward ${long:0:63}.f:ACCEPT direct dev r1" "$case_dir/decisions" ||
	fail_lines "another name"
in_ns r nft 'flush ruleset'

# iptables, which has its chains by its hooks.
if modprobe -q iptable_filter 2>/dev/null && in_ns r "$BPFPATH_TOOLS/xtables" filter; then
	decisions "icmp and dst host $far" "$far" >"$case_dir/decisions"
	grep -qx 'r r0 in request  route:forward filter.FORWARD:ACCEPT direct dev r1' \
		"$case_dir/decisions" || fail_lines "no word of iptables"
else
	echo "kernel $(uname -r) has no iptables"
fi
