#!/bin/bash
# The reader of the output goes away: bpfpath ends soon, and does not crash. What is closed
# or full from the beginning is said, once.
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

says_once() # STATUS PATTERN
{
	assert_status "$1"
	[ "$(grep -c "cannot write 'standard output': $2" "$case_dir/err")" = 1 ] ||
		fail "it does not say once: $2: $(cat "$case_dir/err")"
}

for command in 'list netif_rx' 'list' 'doctor' 'doctor -f json' '--dump-filter icmp' '--help' \
	'--version' 'record --help' 'stop --help'; do
	status=0
	# shellcheck disable=SC2086 # words
	"$BPFPATH" $command </dev/null >/dev/full 2>"$case_dir/err" || status=$?
	says_once 1 'No space left on device'
	status=0
	# shellcheck disable=SC2086 # words
	"$BPFPATH" $command </dev/null >&- 2>"$case_dir/err" || status=$?
	says_once 1 'Bad file descriptor'
done
# What is opened first does not take the place of what is closed.
for format in text json; do
	status=0
	"$BPFPATH" -f "$format" ${zoom:+-p $zoom} "icmp and host $net4.2" -- \
		ip netns exec "$(ns a)" ping -q -c 1 -W 5 "$net4.2" </dev/null >&- 2>"$case_dir/err" || status=$?
	says_once 1 'Bad file descriptor'
done
