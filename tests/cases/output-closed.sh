#!/bin/bash
# The reader of the output goes away: bpfpath ends soon, and does not crash.
. "$(dirname "$0")/lib.sh"

topology_pair
ping_once a "$net4.2"
status=0
{
	"$BPFPATH" -f json ${zoom:+-p $zoom} "icmp and host $net4.2" -- \
		ip netns exec "$(ns a)" ping -q -c 150 -i 0.2 -W 5 "$net4.2" \
		</dev/null 2>"$case_dir/err" || echo $? >"$case_dir/status"
	date +%s >"$case_dir/end"
} | {
	head -n 1 >"$case_dir/out"
	date +%s >"$case_dir/first"
} || :
[ -s "$case_dir/out" ] || fail "no path at all"
[ ! -e "$case_dir/status" ] || status=$(cat "$case_dir/status")
assert_status 0 1 141
seconds=$(($(cat "$case_dir/end") - $(cat "$case_dir/first")))
[ "$seconds" -le 10 ] || fail "it took $seconds s to end"
