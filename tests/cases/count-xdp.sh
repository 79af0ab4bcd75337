#!/bin/bash
# Packets that a native XDP program takes are counted beside it, with its verdict; those
# that it lets pass once, as an sk_buff, and so with generic XDP. It stays as it was.
. "$(dirname "$0")/lib.sh"

topology_pair
ping_once a "$net4.2"
verdict=$BPFPATH_TOOLS/verdict
on_vb=(ip netns exec "$(ns b)" "$verdict" vb)
"${on_vb[@]}" native 1 true 2>"$case_dir/err" || skip "no native XDP here: $(cat "$case_dir/err")"
udp="udp and dst host $net4.2 and dst port 9"

# Ten datagrams and two pings, while the program has this verdict.
count() # MODE VERDICT [OPTION...] FILTER
{
	local mode=$1 verdict=$2
	shift 2
	status=0
	"${on_vb[@]}" "$mode" "$verdict" "$BPFPATH" count -f json "$@" -- sh -c \
		"ip netns exec $(ns b) ip -d link show vb >$case_dir/link
		ip netns exec $(ns a) bash -c 'for i in 1 2 3 4 5 6 7 8 9 10; do
			echo tag >/dev/udp/$net4.2/9; done'
		ip netns exec $(ns a) ping -q -c 2 -i 0.05 -W 5 $net4.2" \
		</dev/null >"$case_dir/out" 2>"$case_dir/err" || status=$?
	grep -qE 'prog/xdp|xdp' "$case_dir/link" || fail "the XDP program is gone"
	grep -q '0% packet loss' "$case_dir/err" || fail "what may pass did not"
}

groups() # EXPRESSION
{
	jq -r ".groups[] | $1" "$case_dir/out" | sort
}

# XDP_ABORTED 0, XDP_DROP 1, XDP_PASS 2, XDP_TX 3
count native 1 --by dev "$udp"
if grep -q 'cannot be looked at' "$case_dir/err"; then
	[ "$(groups '"\(.dev.name) \(.direction) \(.packets)"')" = "va out 10" ] ||
		fail "not the ten that went out"
	skip "$(uname -r): $(grep -o 'cannot be looked at ([^)]*)' "$case_dir/err")"
fi
assert_status 0
diff -u <(printf '%s\n' "va out 10 460" "vb in 10 460") \
	<(groups '"\(.dev.name) \(.direction) \(.packets) \(.bytes)"') || fail "XDP_DROP by dev"
count native 1 --by flow "$udp"
assert_json '.[0] | .packets == 20 and ([.groups[].packets] == ([2] * 10 // []) or
	all(.groups[]; .proto == "udp" and .dport == 9 and .packets == 2))'
for verdict_is in 0=ABORTED 1=DROP 3=TX; do
	count native "${verdict_is%=*}" --by end "$udp"
	[ "$(groups '"\(.end) \(.verdict) \(.packets)"' | grep '^xdp')" = "xdp ${verdict_is#*=} 10" ] ||
		fail "not so: ten ends by XDP_${verdict_is#*=}"
done
# Without a filter, of one device: what passes is no end of the program's, and no second
# crossing.
count native 2 --by dev -i vb "$udp"
[ "$(groups '"\(.dev.name) \(.direction) \(.packets)"')" = "vb in 10" ] || fail "XDP_PASS"
count native 1 --by dev -i vb "icmp and host $net4.2"
diff -u <(printf '%s\n' "vb in 2" "vb out 2") \
	<(groups '"\(.dev.name) \(.direction) \(.packets)"') || fail "pings that pass"
# With generic XDP there is an sk_buff before.
count generic 1 --by dev "$udp"
diff -u <(printf '%s\n' "va out 10" "vb in 10") \
	<(groups '"\(.dev.name) \(.direction) \(.packets)"') || fail "generic XDP by dev"
