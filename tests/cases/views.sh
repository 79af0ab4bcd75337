#!/bin/bash
# Every view of a ping and a drop; what is shown live is what the report shows, byte for
# byte; what cannot be is refused, and said; a full disk is an error.
. "$(dirname "$0")/lib.sh"

require jq
topology_bridge box
there=$net4.11
file=$case_dir/file
ping_once host "$there"
in_ns box nft -f - 2>/dev/null <<'END' || skip "there is no nft here"
table inet t { chain i { type filter hook input priority 0; udp dport 53 drop; }; }
END

traffic="ip netns exec $(ns host) ping -q -c 1 $there >/dev/null
	ip netns exec $(ns host) bash -c 'echo x >/dev/udp/$there/53'"

report() # OPTION...
{
	"$BPFPATH" report -q "$@" "$file" >"$case_dir/report" 2>"$case_dir/report.err" ||
		fail "no report $*: $(cat "$case_dir/report.err")"
	[ -s "$case_dir/report" ] || fail "nothing is shown by report $*"
}

view() # OPTION...
{
	status=0
	"$BPFPATH" record -o "$file" ${zoom:+-p $zoom} "$@" "icmp or udp" -- sh -c "$traffic" \
		</dev/null >"$case_dir/out" 2>"$case_dir/err" || status=$?
	assert_status 0
	report "$@"
	cmp "$case_dir/out" "$case_dir/report" || fail "the report $* differs"
}

has() # PATTERN
{
	grep -q -e "$1" "$case_dir/report" || fail "nothing there like: $1"
}

# Each recording takes seconds: one view that comes step by step, and one that keeps what
# belongs together. The golden tests have all of them.
view -f text --live
has '^#1 '
view -f tree
for format in text json hops tracepkt folded flame perfetto dot svg html; do
	report -f "$format"
done
report -f text --short
[ "$(wc -l <"$case_dir/report")" -ge 3 ] || fail "fewer lines than packets"
report -f text --columns function,len
report -f folded --weight time
report -f dot --nodes function
! kernel_at_least 6.0 || has 'dropped: NETFILTER_DROP'

refused() # PATTERN OPTION...
{
	local pattern=$1
	shift
	status=0
	"$BPFPATH" report "$@" "$file" >"$case_dir/out" 2>"$case_dir/err" || status=$?
	assert_status 2
	grep -q -e "$pattern" "$case_dir/err" || fail "$*: $(cat "$case_dir/err")"
	[ ! -s "$case_dir/out" ] || fail "$*: something was shown"
}
refused "unknown format 'jsonn'" -f jsonn
refused '--short: the format json has no such choice' --short -f json
refused "--columns 'time,when'" --columns time,when
refused "--columns 'cpu,cpu'" --columns cpu,cpu
refused '--short: a line per packet has no steps' --short --live
refused "--weight 'size'" -f folded --weight size
refused "--nodes 'cpu'" -f svg --nodes cpu

for format in folded svg html perfetto tree; do
	status=0
	"$BPFPATH" report -f "$format" "$file" >/dev/full 2>"$case_dir/err" || status=$?
	assert_status 1
	grep -q 'No space left on device' "$case_dir/err" || fail "$format: the disk is full: $(cat "$case_dir/err")"
	status=0
	"$BPFPATH" report -q -f "$format" "$file" 'udp port 9' >"$case_dir/out" 2>"$case_dir/err" || status=$?
	assert_status 3
done
