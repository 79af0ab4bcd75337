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
count_beside() # MODE VERDICT [OPTION...] FILTER
{
	local mode=$1 verdict=$2
	shift 2
	status=0
	"${on_vb[@]}" "$mode" "$verdict" "$BPFPATH" count -f json "$@" -- sh -c \
		"ip netns exec $(ns b) ip link show vb >$case_dir/link
		ip netns exec $(ns a) bash -c '$(udp_to "$net4.2" 9 9 9 9 9 9 9 9 9 9)'
		ip netns exec $(ns a) ping -q -c 2 -i 0.05 -W 5 $net4.2" \
		</dev/null >"$case_dir/out" 2>"$case_dir/err" || status=$?
	grep -q xdp "$case_dir/link" || fail "the XDP program is gone"
	grep -q ' 0% packet loss' "$case_dir/err" || fail "what may pass did not"
}

by_dev='"\(.dev.name) \(.direction) \(.packets)"'

# XDP_ABORTED 0, XDP_DROP 1, XDP_PASS 2, XDP_TX 3
count_beside native 1 --by dev "$udp"
if grep -q 'cannot be looked at' "$case_dir/err"; then
	assert_groups "$by_dev" "va out 10"
	skip "$(grep -o 'cannot be looked at ([^)]*)' "$case_dir/err")"
fi
assert_count 20
assert_groups '"\(.dev.name) \(.direction) \(.packets) \(.bytes)"' \
	"va out 10 460" "vb in 10 460"
count_beside native 1 --by flow "$udp"
assert_count 20
assert_json 'all(.[0].groups[]; .proto == "udp" and .dport == 9 and .packets % 2 == 0)'
for one in 0=ABORTED 1=DROP 3=TX; do
	count_beside native "${one%=*}" --by end "$udp"
	assert_json 'any(.[0].groups[]; .end == "xdp" and .verdict == $is and .packets == 10)' \
		--arg is "${one#*=}"
done
# What it lets pass is counted as an sk_buff, once; it has no end by the program.
count_beside native 2 --by dev -i vb "$udp"
assert_groups "$by_dev" "vb in 10"
count_beside native 1 --by dev -i vb "icmp and host $net4.2"
assert_groups "$by_dev" "vb in 2" "vb out 2"
# With generic XDP there is an sk_buff before.
count_beside generic 1 --by dev "$udp"
assert_groups "$by_dev" "va out 10" "vb in 10"
