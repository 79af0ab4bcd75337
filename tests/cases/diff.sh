#!/bin/bash
# Two recordings: the same way twice is no difference; a dropped packet parts from one that
# is delivered; operands are files, packets, and filters.
. "$(dirname "$0")/lib.sh"

require jq
topology_pair
ping_once a "$net4.2"
ping=(ip netns exec "$(ns a)" ping -q -c 2 -i 0.2 -W 1 "$net4.2")
good=$case_dir/good bad=$case_dir/bad

record() # FILE FILTER COMMAND...
{
	local file=$1 filter=$2
	shift 2
	"$BPFPATH" record -o "$file" ${zoom:+-p $zoom} "$filter" -- "$@" \
		</dev/null >"$case_dir/out" 2>"$case_dir/err" || [ $? = 3 ] || fail "not recorded"
}

# Sets $status; the object is in $case_dir/lines.
diff_json() # OPERAND...
{
	run_lines diff -q -f json "$@"
}

assert_diff() # EXPRESSION
{
	jq -e "$1" "$case_dir/lines" >/dev/null || fail_lines "not so: $1"
}

record "$good" "icmp and host $net4.2" "${ping[@]}"
cp "$good" "$case_dir/again#1:"

# Two requests and two replies; where functions are probed, perhaps copies of the latter.
paths=$("$BPFPATH" report -q -f json "$good" | wc -l)
[ "$paths" -ge 4 ] || fail "$paths paths"

# The same file, in every way in which it can be said.
for operand in "$good" "$case_dir/again#1:" "$good:icmp" "$good:"; do
	diff_json "$good" "$operand"
	assert_status 0
done
for operand in "$case_dir/again#1:" "$good:icmp"; do
	"$BPFPATH" diff -q -f json - "$operand" <"$good" >"$case_dir/lines" ||
		fail_lines "$operand differs"
	assert_diff '.same and (.pairs | length > 0) and all(.pairs[]; .kind == "same")
		and .good.paths == '"$paths"' and .bad.paths == '"$paths"' and .good.hidden == 0'
done
run_lines diff -q "$good" "$good"
assert_status 0
assert_line '^no difference$'

# The same once more: other numbers and times, perhaps other processors.
record "$bad" "icmp and host $net4.2" "${ping[@]}"
diff_json "$good" "$bad"
assert_status 0

# With a neighbour that has to be asked for first: ARP because of it is no difference.
for name in a b; do
	in_ns $name ip neigh flush all
done
record "$bad" "icmp and host $net4.2" "${ping[@]}"
for pair in "$good $bad" "$bad $good"; do
	# shellcheck disable=SC2086 # two files
	diff_json $pair
	assert_status 0
	assert_diff 'all(.pairs[]; .kind == "same" or .ignored == "moment")'
done
if kernel_has_functions && kernel_has_multi; then
	assert_diff '[.pairs[] | select(.ignored) | .good.example.packet]
		| any(test("arp who-has")) and any(test("arp reply"))'
fi

# One packet, and what a filter leaves; a reply is not held against a request.
diff_json "$good:icmp[0] == 8" "$bad#1"
assert_status 0
assert_diff '.good.paths == 2 and .bad.paths == 1'
diff_json "$good:icmp[0] == 8" "$bad:icmp[0] == 0"
assert_status 1
assert_diff '[.pairs[].kind] | unique == ["bad", "good"]'
assert_diff 'all(.pairs[]; .rows == null)'

# Fewer probes: compared at the smaller zoom.
"$BPFPATH" record -q -p hops -o "$bad" "icmp and host $net4.2" -- "${ping[@]}" \
	</dev/null >"$case_dir/out" 2>"$case_dir/err"
diff_json "$good" "$bad"
assert_status 0
assert_diff '.bad.hidden == 0 and .good.probed >= .bad.probed and .bad.probed > 0'
assert_diff 'if .good.probed > .bad.probed then .good.hidden > 0 and .notes != [] else true end'

# The other end is gone: requests are dropped, and replies are missing.
in_ns b ip addr flush dev vb
in_ns b ip -4 addr add "$net4.3/24" dev vb
ip -n "$(ns a)" neigh replace "$net4.2" dev va nud permanent \
	lladdr "$(in_ns b cat /sys/class/net/vb/address)"
record "$bad" "icmp and host $net4.2" "${ping[@]}"
diff_json "$good" "$bad"
assert_status 1
assert_diff 'any(.pairs[]; .kind == "parted" and (.good.example.packet | test("request"))
	and (.end | index("end")) and .bad.end.kind != .good.end.kind)'
assert_diff 'any(.pairs[]; .kind == "good" and (.good.example.packet | test("reply")))'
run_lines diff -q "$good" "$bad"
assert_status 1
assert_line '^  they part '
assert_line '^only in GOOD: '

# Nothing is an answer.
diff_json "$good:tcp" "$bad:tcp"
assert_status 0
assert_diff '.same and .pairs == [] and .good.paths == 0'
diff_json "$good:tcp" "$bad"
assert_status 1

# A recording that was cut is compared as far as it goes.
head -c $(($(stat -c %s "$good") * 2 / 3)) "$good" >"$case_dir/cut"
diff_json "$good" "$case_dir/cut"
[ "$status" != 2 ] || fail "a cut recording is refused"
assert_diff '.bad.cut and (.good.cut | not)'

# Bad operands name themselves, in one line.
refused() # WORDS ARGUMENT...
{
	local words=$1
	shift
	run_lines diff -q "$@"
	assert_status 2
	[ ! -s "$case_dir/lines" ] || fail_lines "output in spite of $words"
	[ "$(wc -l <"$case_dir/err")" = 1 ] || fail "not one line"
	grep -qF -e "$words" "$case_dir/err" || fail "it does not say: $words"
}
refused "'$case_dir/missing'" "$good" "$case_dir/missing"
refused "'$case_dir/missing#1'" "$good" "$case_dir/missing#1"
refused "no packet #99" "$good" "$good#99"
refused "not 'x'" "$good" "$good#x"
refused "not ''" "$good" "$good#"
refused "not '0'" "$good" "$good#0"
refused "two recordings" "$good"
refused "two recordings" "$good" "$good" "$good"
refused "standard input" - -
refused "--by 'port'" --by port "$good" "$good"
refused "--context '-1'" --context -1 "$good" "$good"
refused "'xml'" -f xml "$good" "$good"
refused "/etc/hostname" "$good" /etc/hostname
run_lines diff -q "$good" "$good:no such filter"
assert_status 2

# Nobody reads: no complaint, and the status is that of the comparison.
status=0
"$BPFPATH" diff -q "$good" "$bad" 2>"$case_dir/err" >&- || status=$?
[ "$status" = 2 ] || fail "standard output is closed, and the status is $status"
{
	status=0
	"$BPFPATH" diff -q "$good" "$bad" 2>"$case_dir/err" || status=$?
	echo "$status" >"$case_dir/status"
} | true
grep -qx 1 "$case_dir/status" || fail "a closed pipe changes the status"
[ ! -s "$case_dir/err" ] || fail "a closed pipe is complained about"
if [ -e /dev/full ]; then
	status=0
	"$BPFPATH" diff -q "$good" "$bad" >/dev/full 2>"$case_dir/err" || status=$?
	[ "$status" = 2 ] || fail "a full device, and the status is $status"
fi
