#!/bin/bash
# A recorded ping: the report is what was shown live, byte for byte, and anybody can
# read it; other tools find one packet for each hop, with its device and words.
. "$(dirname "$0")/lib.sh"

require tcpdump
topology_bridge box
here=$net4.1 there=$net4.11
file=$case_dir/file
ping_once host "$there"
chmod 755 "$case_dir"
cp "$BPFPATH" "$case_dir/bpfpath" # where anybody can reach it

# Sets $status; the live paths are in $case_dir/out.
record() # OPTION... FILTER -- COMMAND...
{
	status=0
	"$BPFPATH" record -o "$file" ${zoom:+-p $zoom} "$@" \
		</dev/null >"$case_dir/out" 2>"$case_dir/err" || status=$?
}

report() # ARGUMENT...: without any privilege; paths are in $case_dir/report
{
	status=0
	setpriv --reuid 65534 --regid 65534 --clear-groups "$case_dir/bpfpath" report "$@" \
		</dev/null >"$case_dir/report" 2>"$case_dir/report.err" || status=$?
}

expect() # STATUS LINES PATTERN: of the report and what it said
{
	[ "$status" = "$1" ] || fail "report: exit status $status, not $1: $(cat "$case_dir/report.err")"
	[ "$(wc -l <"$case_dir/report")" = "$2" ] ||
		fail "report: $(wc -l <"$case_dir/report") lines, not $2"
	grep -qE "$3" "$case_dir/report.err" ||
		fail "report does not say '$3': $(cat "$case_dir/report.err")"
}

ping=(ip netns exec "$(ns host)" ping -q -c 3 -i 0.2 -W 5 "$there")

# What was shown is what the report shows.
record -f text "icmp and host $there" -- "${ping[@]}"
assert_status 0
report -f text "$file"
cmp "$case_dir/out" "$case_dir/report" || fail "the report differs from the text"
record -f json "icmp and host $there" -- "${ping[@]}"
assert_status 0
report -f json "$file"
cmp "$case_dir/out" "$case_dir/report" || fail "the report differs from the JSON"
paths=$(wc -l <"$case_dir/out") # and copies, where functions are probed
expect 0 "$paths" 'recorded on .* with backend'
grep -qF "recorded on $(uname -r) " "$case_dir/report.err" || fail "it names another kernel"
assert_only "$here" "$there"
assert_time
assert_json 'map(select(.packet.icmp.type == 8)) | length == 3'
pick_flow "$here" "$there" '.packet.icmp.type == 8'
assert_namespaces host box
assert_path '[hops[] | sub(".*:"; "")] == ["br0", "v-box", "eth0"]'

# Compressed it is the same, also to other tools.
record -f json --compress "icmp and host $there" -- "${ping[@]}"
assert_status 0
report -f json "$file"
cmp "$case_dir/out" "$case_dir/report" || fail "the report of what was compressed differs"
paths=$(wc -l <"$case_dir/out")
expect 0 "$paths" 'recorded on .* with backend'
tcpdump -Z root -nr "$file" >"$case_dir/dumped" 2>/dev/null || fail "tcpdump does not read what was compressed"
[ "$(grep -c 'ICMP echo' "$case_dir/dumped")" -ge 6 ] || fail "tcpdump finds too few packets"

# Filters, counts, standard input.
report -f json "$file" 'icmp[0] == 8'
expect 0 3 "3 of $paths paths"
jq -e -s 'all(.[]; .packet.icmp.type == 8)' "$case_dir/report" >/dev/null ||
	fail "the filter let others pass"
report -f json "$file" tcp
expect 3 0 "0 of $paths paths"
report -f json "$file" 'icmp[120] == 8'
expect 3 0 "0 of $paths paths"
report -f json -c 1 "$file"
expect 0 1 '1 of 1 path'
report -f json "$file" 'icmp and and'
expect 2 0 "filter 'icmp and and'"
"$BPFPATH" report -qf json - <"$file" >"$case_dir/report"
cmp "$case_dir/out" "$case_dir/report" || fail "the report of standard input differs"

# One packet for each hop, and more with function probes; in time, not only in words.
tcpdump -Z root -nn -tt -r "$file" icmp >"$case_dir/packets" 2>"$case_dir/packets.err" ||
	fail "tcpdump: $(cat "$case_dir/packets.err")"
packets=$(grep -c "$there.*ICMP echo" "$case_dir/packets")
hops=$(jq -s "$jq_library"'[.[] | hops | length] | add' "$case_dir/out")
[ "$packets" = "$(wc -l <"$case_dir/packets")" ] || fail "foreign packets in the file"
[ "$packets" -ge "$hops" ] || fail "$packets packets in the file, but $hops hops"
awk -v now="$EPOCHSECONDS" '$1 < now - 120 || $1 > now + 1 { exit 1 }' "$case_dir/packets" ||
	fail "the packets are of another time"
# Who frees it is told by a function, or by consume_skb, but not on 5.10.
last=icmp_rcv
[ -z "$zoom" ] || last=netif_receive_skb
for text in "network namespace $(ns box), inode" "network namespace $(ns host), inode" \
	'netif_receive_skb' "consumed by $last" 'v-box'; do
	grep -qaF "$text" "$file" || fail "'$text' is nowhere in the file"
done

# A count is kept, and what is cut off is said.
record -c 1 -f json "icmp and host $there" -- "${ping[@]}"
report -f json "$file"
cmp "$case_dir/out" "$case_dir/report" || fail "the report of one path differs"
expect 0 1 '1 of 1 path,'
head -c $(($(stat -c %s "$file") - 5)) "$file" >"$case_dir/cut"
report -f json "$case_dir/cut"
expect 0 1 'has no end: it was cut off'
cmp "$case_dir/out" "$case_dir/report" || fail "the report of a cut file differs"

# Nothing is an answer; what is no recording is not.
record 'udp port 9' -- true
assert_status 3
report "$file"
expect 3 0 '0 of 0 paths'
: >"$case_dir/empty"
report "$case_dir/empty"
expect 1 0 'is empty: no recording'
report /etc/passwd
expect 1 0 'no recording'
report "$case_dir/none"
expect 1 0 'No such file'
report "$case_dir"
expect 1 0 'Is a directory'
