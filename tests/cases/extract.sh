#!/bin/bash
# Some packets of a recording as another recording, which report, tcpdump and another
# report read; -f pcapng live; a zoom that is wider than what was recorded is said.
. "$(dirname "$0")/lib.sh"

require jq tcpdump
topology_bridge box
here=$net4.1 there=$net4.11
all=$case_dir/all some=$case_dir/some
ping_once host "$there"
traffic="ip netns exec $(ns host) ping -q -c 3 -i 0.2 -W 5 $there
	ip netns exec $(ns host) bash -c 'echo x >/dev/udp/$there/99'"

says() # STATUS PATTERN
{
	assert_status "$1"
	grep -qE -- "$2" "$case_dir/err" || fail "it does not say '$2'"
}

# Without numbers, in which a part differs from the whole.
paths() # REPORT-ARGUMENT...
{
	"$BPFPATH" report -qf json "$@" 2>"$case_dir/err" |
		jq -c 'del(.id, .root, .parent, .branches, .members, .end.into) | del(.steps[].branches?)'
}

run record -o "$all" -p hops "icmp or udp" -- sh -c "$traffic"
assert_status 0

# All of it is the same file to report, byte for byte.
"$BPFPATH" report -q -f pcapng "$all" >"$some"
for format in text json html; do
	"$BPFPATH" report -qf "$format" "$all" >"$case_dir/expected"
	"$BPFPATH" report -qf "$format" "$some" >"$case_dir/out"
	cmp "$case_dir/expected" "$case_dir/out" || fail "the copy differs as $format"
done

# Some of it are the paths that the filter shows.
run report -f pcapng -o "$some" "$all" 'icmp[0] == 8'
says 0 '3 of [0-9]+ paths'
paths "$all" 'icmp[0] == 8' >"$case_dir/expected"
[ "$(wc -l <"$case_dir/expected")" = 3 ] || fail "not three echoes"
paths "$some" >"$case_dir/out"
cmp "$case_dir/expected" "$case_dir/out" || fail "the paths of the part differ"
tcpdump -Z root -nr "$some" >"$case_dir/dumped" 2>/dev/null || fail "tcpdump does not read the part"
grep -q 'echo request' "$case_dir/dumped" || fail "no echo in the part"
! grep -qE 'reply|UDP' "$case_dir/dumped" || fail "others in the part: $(cat "$case_dir/dumped")"

# Of a part, by a pipe, and of so many packets.
"$BPFPATH" report -q -c 1 -f pcapng - <"$some" | "$BPFPATH" report -qf json - >"$case_dir/out" ||
	fail "no report of a part of a part"
assert_json 'length == 1 and all(.[]; .packet.icmp.seq == 1)'
tail -c +1 "$all" | "$BPFPATH" report -q -f pcapng - udp | "$BPFPATH" report -qf json - >"$case_dir/out" ||
	fail "no report of a part of what came by a pipe"
assert_json 'all(.[]; .packet.proto == "udp" or .parent) and length > 0'

# Nothing is a recording, too.
run report -f pcapng -o "$some" "$all" 'tcp port 99'
assert_status 3
run report "$some"
says 3 '0 of 0 paths'

# What was cut off is said; what was before it is there.
head -c $(($(stat -c %s "$all") - 5)) "$all" >"$case_dir/cut"
run report -f pcapng -o "$some" "$case_dir/cut"
says 0 'has no end: it was cut off'
paths "$all" >"$case_dir/expected"
paths "$some" >"$case_dir/out"
cmp "$case_dir/expected" "$case_dir/out" || fail "the paths before a cut differ"

# Zoomed again, as small as it is; there is no more.
run report -q -p hops "$all"
cp "$case_dir/out" "$case_dir/expected"
run report -q "$all"
cmp "$case_dir/expected" "$case_dir/out" || fail "-p hops of hops is something else"
run report -p all "$all"
says 0 '-p all: it was recorded with -p hops'
printf 'ip_rcv\nip_output\n' >"$case_dir/list"
run report -p "$case_dir/list" -v "$all"
says 0 '2 of 2 functions were not probed'
says 0 "function 'ip_output' was not probed"
run classes -r "$all" -p hops
assert_status 0

# What is refused, and what goes wrong: one line.
run report -f pcapng -o "$all" "$all"
says 1 'is the file that is read'
run report -q -f json "$all"
assert_status 0
run report -f pcapng -o /nosuchdir/file "$all"
says 1 "cannot write '/nosuchdir/file'"
run report -f pcapng -o /dev/full "$all"
says 1 "cannot write '/dev/full': No space left"
run report -p nosuchlist "$all"
says 2 "zoom 'nosuchlist'"
run report -f pcapng --short "$all"
says 2 '--short: the format pcapng'
run record -o "$some" -f pcapng icmp
says 2 '-f pcapng'
run assert -e 'end delivered' -f pcapng icmp
says 2 '-f pcapng'
run -f pcapng --slow 1ms icmp
says 2 '--slow'

# Live it is what record writes.
run -p hops -f pcapng -o "$some" 'icmp[0] != 3' -- sh -c "$traffic"
assert_status 0
[ "$(paths "$some" | wc -l)" = 6 ] || fail "not six paths live"
"$BPFPATH" -q -p hops -f pcapng 'icmp[0] != 3' -- sh -c "$traffic" </dev/null 2>"$case_dir/err" |
	"$BPFPATH" report -qf json - >"$case_dir/out" || fail "no report of what comes live"
assert_only "$here" "$there"
assert_json 'length == 6'
