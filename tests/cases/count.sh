#!/bin/bash
# Packets are counted at each device, exactly, by each key: 100 pings of an own address
# are 400; what does not match is not; all intervals and groups together are the total.
. "$(dirname "$0")/lib.sh"

topology_pair
ping_once a "$net4.2"
a=$net4.1 b=$net4.2
pings=(ip netns exec "$(ns a)" ping -q -W 5)

# Lines of JSON, of each interval one, in $case_dir/out.
count() # [OPTION...] FILTER -- COMMAND...
{
	status=0
	"$BPFPATH" count -q -f json "$@" </dev/null >"$case_dir/out" 2>"$case_dir/err" ||
		status=$?
	[ ! -s "$case_dir/err" ] || ! grep ' not counted' "$case_dir/err" ||
		fail "packets were not counted"
}

# All is one interval, and has so many packets.
assert_packets_are() # NUMBER
{
	assert_status 0
	assert_json 'length == 1 and .[0].packets == $n and .[0].missed == 0' --argjson n "$1"
	assert_sums
}

# Groups, others and all intervals add up.
assert_sums()
{
	assert_json 'all(.[]; .packets == ([.groups[].packets, .other.packets] | add)
		and .bytes == ([.groups[].bytes, .other.bytes] | add)
		and ([.groups[].packets] | . == (sort | reverse)))'
}

# These groups and no others: what jq makes of each, sorted.
assert_groups() # EXPRESSION LINE...
{
	local expression=$1
	shift
	diff -u <(printf '%s\n' "$@" | sort) \
		<(jq -r ".groups[] | $expression" "$case_dir/out" | sort) ||
		fail "other groups by $expression"
}

# Datagrams to a port where nobody listens.
udp_to() # PORT...
{
	printf 'echo tag >/dev/udp/%s/%d;' $(printf "$b %s " "$@")
}

# ---- 100 pings of an own address: request and reply, each out of lo and into it

count "icmp and host $a" -- "${pings[@]}" -c 100 -i 0.002 "$a"
assert_packets_are 400
assert_groups '"\(.proto) \(.packets) \(.bytes)"' "icmp 400 39200"
count --by dev "icmp and host $a" -- "${pings[@]}" -c 100 -i 0.002 "$a"
assert_packets_are 400
assert_groups '"\(.netns.name) \(.dev.name) \(.direction) \(.packets)"' \
	"$(ns a) lo in 200" "$(ns a) lo out 200"

# ---- by each key; others ping meanwhile, and nothing of them is seen

ip netns exec "$(ns b)" ping -q -i 0.01 127.0.0.1 >/dev/null &
other=$!
case_pids+=("$other")
by() # KEY: five pings from a to b, four devices each
{
	count --by "$1" "icmp and host $b" -- "${pings[@]}" -c 5 -i 0.01 "$b"
	assert_packets_are 20
}
by proto
assert_groups '"\(.proto) \(.packets) \(.bytes)"' "icmp 20 1960"
by src
assert_groups '"\(.src) \(.packets)"' "$a 10" "$b 10"
by dst
assert_groups '"\(.dst) \(.packets)"' "$a 10" "$b 10"
by flow
assert_groups '"\(.proto) \(.src) \(.dst) \(.sport) \(.packets)"' \
	"icmp $a $b null 10" "icmp $b $a null 10"
by netns
assert_groups '"\(.netns.name) \(.packets)"' "$(ns a) 10" "$(ns b) 10"
by dev
assert_groups '"\(.netns.name) \(.dev.name) \(.direction) \(.packets)"' \
	"$(ns a) va out 5" "$(ns b) vb in 5" "$(ns b) vb out 5" "$(ns a) va in 5"
# Without a filter, for one device, no byte of a packet is read; the length is the same.
count --by dev -i vb -n "$(ns b)" '' -- "${pings[@]}" -c 5 -i 0.01 "$b"
assert_json '.[0].groups | map(select(.packets >= 5 and .bytes >= 490)) | length == 2'
assert_json 'all(.[0].groups[]; .dev.name == "vb")'
kill "$other"

udp="udp and dst host $b and dst port 9"
send=(ip netns exec "$(ns a)" bash -c)
count --by flow "$udp" -- "${send[@]}" "$(udp_to 9)"
assert_packets_are 2
assert_groups '"\(.proto) \(.src) \(.sport > 0) \(.dst) \(.dport)"' "udp $a true $b 9"
count --by src "ip6 and host ${net6}2 and icmp6[icmp6type] == icmp6-echo" -- \
	"${pings[@]}" -c 5 -i 0.01 "${net6}2"
assert_packets_are 10
count --by flow 'arp and ether proto 0x0806' -- sh -c "ip -n $(ns a) neigh flush dev va
	ip netns exec $(ns a) ping -q -c 1 $b"
assert_json 'any(.[0].groups[]; .proto == "arp" and .src == $a and .dst == $b)' --arg a "$a" --arg b "$b"

# ---- how they end: each datagram once, and nothing else

count --by end "$udp" -- "${send[@]}" "$(udp_to 9 9 9 9 9)"
assert_packets_are 5
assert_groups '"\(.end) \(.packets) \(.bytes)"' "dropped 5 230"
! kernel_at_least 5.17 || assert_groups .reason NO_SOCKET
assert_json '.[0].groups[0].where | test("^_*udp")'

# ---- intervals add up, also where a signal ends the last one

count -I 0.1 "icmp and host $a" -- "${pings[@]}" -c 50 -i 0.02 "$a"
assert_status 0
assert_sums
assert_json 'length > 3 and (map(.packets) | add) == 200'
count -I 0.05 -c 3 "icmp and host $a" -- sleep 60
assert_json 'length == 3'
for signal in INT TERM; do
	background count -q -f json --by proto "icmp and host $a"
	"${pings[@]}" -c 10 -i 0.01 "$a" >/dev/null
	kill -s "$signal" "$bpfpath"
	status=0
	wait "$bpfpath" || status=$?
	assert_packets_are 40
done

# ---- too many groups, and none

ports=(7001 7002 7003 7004 7005 7006 7007 7008 7009 7010)
count --groups 4 --by flow "udp and dst host $b and dst portrange 7001-7010" -- \
	"${send[@]}" "$(udp_to "${ports[@]}")"
assert_packets_are 20
assert_json '.[0] | .other.packets == 20 - ([.groups[].packets] | add)
	and (.groups | length == 4) and .other.packets == 12'
"$BPFPATH" count --groups 4 --by flow "udp and dst host $b and dst portrange 7001-7010" -- \
	"${send[@]}" "$(udp_to "${ports[@]}")" </dev/null >"$case_dir/lines" 2>"$case_dir/err"
assert_line '^ +12 +[0-9]+ +[0-9.]+ +[0-9.]+  other, of groups without room$'
assert_line '^ +20 +[0-9]+ +[0-9.]+ +[0-9.]+  total$'
grep -qx 'bpfpath: 20 packets, [0-9]* bytes' "$case_dir/err" || fail "no total"

count "icmp and host $net4.77" -- "${pings[@]}" -c 2 -i 0.01 "$b"
assert_status 3
assert_json '. as $all | $all | length == 1 and .[0].packets == 0 and .[0].groups == []'

# ---- a device goes, and is still called what it was

count --by dev "icmp and host $b" -- sh -c "${pings[*]} -c 5 -i 0.01 $b
	ip -n $(ns a) link del va; sleep 2.5"
assert_packets_are 20
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
