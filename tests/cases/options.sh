#!/bin/bash
# -c, -t, -o, -n, -i, -f text, a filter from standard input, and exit status 3.
. "$(dirname "$0")/lib.sh"

topology_pair
ping_once a "$net4.2"
ping=(ip netns exec "$(ns a)" ping -q -c 1 -W 5 "$net4.2")
filter="icmp and host $net4.2"

# -c: no more than that many
trace_some -c 2 "$filter" -- ip netns exec "$(ns a)" ping -q -c 5 -i 0.2 "$net4.2"
assert_json 'roots | length == 2'

# -t: stops by itself; nothing matched
from=$(date +%s%N)
trace -t 1 "$filter and icmp[0] == 99"
assert_status 3
[ $(($(date +%s%N) - from)) -ge 1000000000 ] || fail "-t 1 took less than a second"
[ ! -s "$case_dir/out" ] || fail "exit status 3, but there is output"

# nothing matched, with a command
trace "udp and host $net4.2" -- "${ping[@]}"
assert_status 3

# -o: to a file, nothing to standard output
trace -o "$case_dir/file" "$filter" -- "${ping[@]}"
assert_status 0
[ ! -s "$case_dir/out" ] || [ "$(grep -c '"steps"' "$case_dir/out")" = 0 ] ||
	fail "paths on standard output in spite of -o"
mv "$case_dir/file" "$case_dir/out"
assert_json 'length >= 2'

# filter from standard input, with "-" and without
for dash in - ''; do
	status=0
	# shellcheck disable=SC2086 # "" is no argument
	echo "$filter" | "$BPFPATH" -f json ${zoom:+-p $zoom} $dash -- "${ping[@]}" \
		>"$case_dir/out" 2>"$case_dir/err" || status=$?
	assert_status 0
	assert_only "$net4.1" "$net4.2"
	pick '.packet.icmp.type == 8'
done

# -n: gates in that namespace only, where the request comes in
trace_some -n "$(ns b)" "$filter and icmp[0] == 8" -- "${ping[@]}"
assert_json 'length == 1'
pick true
assert_path '.steps[0].netns.name == $name' --arg name "$(ns b)"

# -i: gates on that device only
trace_some -i vb "$filter and icmp[0] == 8" -- "${ping[@]}"
pick true
assert_path '.steps[0].dev.name == "vb"'

# text names the packet and where it went
"$BPFPATH" -f text ${zoom:+-p $zoom} "$filter" -- "${ping[@]}" \
	>"$case_dir/out" 2>"$case_dir/err" </dev/null ||
	fail "-f text failed"
for word in "$net4.1" "$net4.2" "$(ns a)" "$(ns b)" va vb netif_rx; do
	grep -qF "$word" "$case_dir/out" || { cat "$case_dir/out"; fail "no $word in the text"; }
done
if grep -q $'\033' "$case_dir/out"; then
	fail "escape sequences in the text, which does not go to a terminal"
fi
