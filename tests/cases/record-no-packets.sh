#!/bin/bash
# Without packets for other tools a recording has the same paths, steps, names and ends,
# also of what is gone by then; the packets can be made of it later.
. "$(dirname "$0")/lib.sh"

require jq tcpdump tc
topology_bridge box
case_namespaces+=("$(ns late)")
here=$net4.1 there=$net4.11
with=$case_dir/with file=$case_dir/file
filter="(icmp or udp port 99) and net $net4.0/24"
ping_once host "$there"
in_ns box sysctl -qw net.ipv4.icmp_ratelimit=0 || :
ping=(ip netns exec "$(ns host)" ping -q -i 0.2 -W 5)

record() # OPTION... FILTER [-- COMMAND...]
{
	run record --no-packets -o "$file" ${zoom:+-p $zoom} "$@"
}

# What the file has, into $case_dir/out.
report() # FILE
{
	"$BPFPATH" report -qf json "$1" >"$case_dir/out" 2>"$case_dir/err" ||
		fail "no report of $1"
}

packets() # FILE: how many tcpdump finds
{
	tcpdump -Z root -nr "$1" 2>/dev/null | wc -l
}

# All but the clock, which each of two reads for itself.
paths() # FILE
{
	"$BPFPATH" report -qf json "$1" | jq -c 'del(.time) | del(.steps[] | .t, .duration, .waited.time)'
}

# ---- beside one that makes packets; a namespace comes and goes meanwhile
cat >"$case_dir/traffic" <<END
ip netns exec $(ns host) ping -q -c 2 -i 0.2 -W 5 $there
ip netns exec $(ns host) bash -c 'echo x >/dev/udp/$there/99'
ip netns add $(ns late)
ip -n $(ns host) link add v-late type veth peer name eth0 netns $(ns late)
ip -n $(ns host) link set v-late up master br0
ip -n $(ns late) link set eth0 up
ip -n $(ns late) addr add $net4.12/24 dev eth0
sleep 2
ip netns exec $(ns host) ping -q -c 2 -i 0.2 -W 5 $net4.12
ip netns del $(ns late)
END
run record -o "$with" ${zoom:+-p $zoom} "$filter" -- "$BPFPATH" record --no-packets -o "$file" \
	${zoom:+-p $zoom} "$filter" -- sh -e "$case_dir/traffic"
assert_status 0
paths "$with" >"$case_dir/with.paths"
paths "$file" >"$case_dir/without.paths"
if ! cmp "$case_dir/with.paths" "$case_dir/without.paths"; then
	diff -u <(jq . "$case_dir/with.paths") <(jq . "$case_dir/without.paths") | head -n 100
	fail "the paths are others without packets"
fi
report "$file"
assert_json 'length >= 10 and all(.[]; sound)'
assert_only "$here" "$there" "$net4.12"
pick_flow "$here" "$net4.12"
assert_namespaces host late
[ "$(packets "$file")" = 0 ] || fail "there are packets"
[ "$(packets "$with")" -ge 10 ] || fail "tcpdump does not read what is compared"
[ "$(stat -c %s "$file")" -lt "$(stat -c %s "$with")" ] || fail "it is no smaller"

# ---- the packets, made later
run report -f pcapng -o "$case_dir/made" "$file"
assert_status 0
[ "$(packets "$case_dir/made")" = "$(packets "$with")" ] ||
	fail "$(packets "$case_dir/made") packets made later, not $(packets "$with")"
paths "$case_dir/made" | cmp - "$case_dir/without.paths" || fail "the paths are others with packets made later"

# ---- what is shown besides, counted, compressed, or goes to a pipe
record -f json "icmp and host $there" -- "${ping[@]}" -c 2 "$there"
assert_status 0
assert_json 'length >= 4'
"$BPFPATH" report -qf json "$file" | cmp - "$case_dir/out" || fail "what was shown is not what is there"
[ "$(packets "$file")" = 0 ] || fail "there are packets where paths are shown, too"

record -c 3 "icmp and host $there" -- "${ping[@]}" -c 100 "$there"
assert_status 0
report "$file"
assert_json '(roots | length == 3) and all(.[]; sound)'

record --compress "icmp and host $there" -- "${ping[@]}" -c 2 "$there"
assert_status 0
report "$file"
assert_json '(roots | length == 4) and all(.[]; sound)'

"$BPFPATH" record --no-packets -o - ${zoom:+-p $zoom} "icmp and host $there" -- "${ping[@]}" -c 2 "$there" \
	</dev/null 2>"$case_dir/err" | "$BPFPATH" report -qf json - >"$case_dir/out"
assert_json '(roots | length == 4) and all(.[]; sound)'

# ---- packets that wait are waited for, when the command has ended
if in_ns host tc qdisc add dev v-box root tbf rate 8kbit burst 200 limit 100000 2>/dev/null; then
	record "udp port 99 and host $there" -- ip netns exec "$(ns host)" bash -c \
		"for i in 1 2 3 4; do printf '%0150d' \$i >/dev/udp/$there/99; done"
	assert_status 0
	in_ns host tc qdisc del dev v-box root
	report "$file"
	assert_each '.packet.proto == "udp" and .parent == null' 'sound and (namespaces[-1] | test("-box$"))'
	assert_json '[.[] | select(.packet.proto == "udp" and .parent == null)] | length == 4'
else
	echo "kernel $(uname -r) has no tbf: packets that wait were not tried"
fi
