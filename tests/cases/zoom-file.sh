#!/bin/bash
# -p FILE: what it names is probed, whatever else is in it; what is wrong with it
# is said, with its line.
. "$(dirname "$0")/lib.sh"

topology_pair
ping_once a "$net4.2"
ping=(ip netns exec "$(ns a)" ping -q -c 1 -W 5 "$net4.2")
filter="icmp and host $net4.2"
zoom=$case_dir/zoom

refused() # LINE: one line on standard error that names it
{
	trace -p "$zoom" "$filter" -- touch "$case_dir/ran"
	assert_status 2
	if [ "$(wc -l <"$case_dir/err")" != 1 ] || ! grep -qF "$zoom:$1: " "$case_dir/err"; then
		fail "not one line with $zoom:$1"
	fi
	if grep -q $'[\001-\010\013-\037]' "$case_dir/err"; then
		fail "control characters"
	fi
}

printf 'ip_rcv\n# fine\n\nip-rcv\n' >"$zoom"
refused 4
printf 'ip_rcv 1 note\nip_rcv(skb)\n' >"$zoom"
refused 2
printf '\033[31mred\n' >"$zoom"
refused 1
head -c 4096 "$BPFPATH" >"$zoom"
refused 1
trace -p "$case_dir" "$filter" -- touch "$case_dir/ran"
assert_status 2
[ ! -e "$case_dir/ran" ] || fail "the command was run all the same"

# No function at all, on every kernel, is no error.
: >"$zoom"
trace_some -p "$zoom" "$filter" -- "${ping[@]}"
assert_only "$net4.1" "$net4.2"

require functions

# Duplicates, notes, what no kernel has: what is there is probed.
printf '# list\nip_rcv 1\nip_rcv\n\tip_rcv_core\tnote\nno_such_function\nschedule 2\n' >"$zoom"
trace_some -p "$zoom" "$filter" -- "${ping[@]}"
grep -qE '2 of 4 functions in the list cannot be probed' "$case_dir/err" ||
	fail "it is not said that two of four cannot be probed"
pick_flow "$net4.1" "$net4.2" '.packet.icmp.type == 8'
assert_order ip_rcv ip_rcv_core
assert_path '[.steps[] | select(.func == "ip_rcv")] | length == 1'
assert_path '[.steps[] | select(.kind == "function" and .stage == "socket")] == []'

trace_some -v -p "$zoom" "$filter" -- "${ping[@]}"
for name in no_such_function schedule; do
	grep -qE "'$name' cannot be probed" "$case_dir/err" || fail "$name is not named"
done
if grep -q "'ip_rcv" "$case_dir/err"; then
	fail "ip_rcv is named, which can be probed"
fi

# The form with a flag, thousands of lines, most of which mean nothing here.
{
	seq -f 'no_such_function_%.0f 0' 5000
	echo ip_rcv 1
	seq -f 'no_such_function_%.0f 0' 5000
} >"$zoom"
trace_some -p "$zoom" "$filter" -- "${ping[@]}"
grep -q '5000 of 5001 functions' "$case_dir/err" || fail "not 5000 of 5001"
pick_flow "$net4.1" "$net4.2" '.packet.icmp.type == 8'
assert_order ip_rcv
