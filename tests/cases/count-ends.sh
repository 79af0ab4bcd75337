#!/bin/bash
# However counting ends, what was counted is shown, exactly, and nothing stays; groups
# beyond the room for them are counted together; devices that go keep their names; what a
# user gets wrong is one clear line.
. "$(dirname "$0")/lib.sh"

topology_pair
ping_once a "$net4.2"
a=$net4.1 b=$net4.2
pings=(ip netns exec "$(ns a)" ping -q -W 5)

# ---- a signal ends it: the interval until then is shown

for signal in INT TERM; do
	background count -q -f json --by proto "icmp and host $a"
	"${pings[@]}" -c 10 -i 0.01 "$a" >/dev/null
	kill -s "$signal" "$bpfpath"
	status=0
	wait "$bpfpath" || status=$?
	assert_count 40
done

# ---- too many groups, and none

ports=(7001 7002 7003 7004 7005 7006 7007 7008 7009 7010)
count --groups 4 --by flow "udp and dst host $b and dst portrange 7001-7010" -- \
	ip netns exec "$(ns a)" bash -c "$(udp_to "$b" "${ports[@]}")"
assert_count 20
assert_json '.[0] | .other.packets == 20 - ([.groups[].packets] | add)
	and (.groups | length == 4) and .other.packets == 12'
"$BPFPATH" count --groups 4 --by flow "udp and dst host $b and dst portrange 7001-7010" -- \
	ip netns exec "$(ns a)" bash -c "$(udp_to "$b" "${ports[@]}")" </dev/null >"$case_dir/lines" 2>"$case_dir/err"
assert_line '^ +12 +[0-9]+ +[0-9.]+ +[0-9.]+  other, of groups without room$'
assert_line '^ +20 +[0-9]+ +[0-9.]+ +[0-9.]+  total$'
grep -qx 'bpfpath: 20 packets, [0-9]* bytes' "$case_dir/err" || fail "no total"

count "icmp and host $net4.77" -- "${pings[@]}" -c 2 -i 0.01 "$b"
assert_status 3
assert_json '. as $all | $all | length == 1 and .[0].packets == 0 and .[0].groups == []'

# ---- a device goes, and is still called what it was

count --by dev "icmp and host $b" -- sh -c "${pings[*]} -c 5 -i 0.01 $b
	ip -n $(ns a) link del va; sleep 2.5"
assert_count 20
assert_groups '"\(.netns.name) \(.dev.name) \(.direction) \(.packets)"' \
	"$(ns a) va out 5" "$(ns b) vb in 5" "$(ns b) vb out 5" "$(ns a) va in 5"

# ---- nobody reads, nothing stays

status=0
"$BPFPATH" count -q -f json -I 0.05 "icmp and host $a" -- sleep 60 </dev/null 2>"$case_dir/err" |
	head -n 1 >"$case_dir/out" || status=$?
assert_status 0 1 3 141
[ ! -s "$case_dir/err" ] || fail "it complains that nobody reads"
count -I 0.05 -o /dev/full "icmp and host $a" -- sleep 60
assert_status 1
grep -q "cannot write '/dev/full'" "$case_dir/err" || fail "a full disk is not said"

if type -P bpftool >/dev/null; then
	for signal in INT KILL; do
		background count -q -f json "icmp and host $a"
		objects_held "$bpfpath" >"$case_dir/held"
		grep -q '^prog ' "$case_dir/held" || fail "it holds no program while it runs"
		kill -s "$signal" "$bpfpath"
		wait "$bpfpath" 2>/dev/null || :
		assert_objects_gone "after $signal"
	done
fi

# ---- what a user can get wrong

expect() # STATUS PATTERN ARGUMENT...
{
	local want=$1 pattern=$2
	shift 2
	status=0
	"$@" </dev/null >"$case_dir/out" 2>"$case_dir/err" || status=$?
	assert_status "$want"
	[ "$(wc -l <"$case_dir/err")" = 1 ] || fail "not one line: $*"
	grep -qE -- "$pattern" "$case_dir/err" || fail "it does not say '$pattern': $*"
}
expect 2 "--by 'size': use one of proto" "$BPFPATH" count --by size icmp
expect 2 "-I '0'" "$BPFPATH" count -I 0 icmp
expect 2 "-I '0.001': use 0.01 seconds" "$BPFPATH" count -I 0.001 icmp
expect 2 "-c 'many'" "$BPFPATH" count -c many icmp
expect 2 "--groups '0'" "$BPFPATH" count --groups 0 icmp
expect 2 "-b 'multi'" "$BPFPATH" count -b multi icmp
expect 2 "unknown format 'svg'" "$BPFPATH" count -f svg icmp
expect 2 "near 'and'" "$BPFPATH" count 'icmp and and'
expect 2 'nosuchdev' "$BPFPATH" count -i nosuchdev icmp
expect 2 "unknown option '-p'" "$BPFPATH" count -p all icmp
expect 1 'permission|CAP_|root' setpriv --bounding-set -all --inh-caps -all "$BPFPATH" count icmp
