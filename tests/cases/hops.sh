#!/bin/bash
# A line for each device that a packet crosses: to a container behind a bridge and back
# six, to localhost and back four, in order; with and without function probes.
. "$(dirname "$0")/lib.sh"

topology_bridge box
here=$net4.1 there=$net4.11
ping_once host "$there"
host=$(ns host) box=$(ns box)

inode() # NAMESPACE
{
	stat -L -c %i "/run/netns/$1"
}

# Standard output of bpfpath, in $case_dir/lines.
hops() # OPTION... FILTER -- COMMAND...
{
	"$BPFPATH" hops "$@" >"$case_dir/lines" 2>"$case_dir/err" || fail "exit status $?"
}

assert_lines() # EXPECTED
{
	diff -u - "$case_dir/lines" <<<"$1" || fail "the lines are others"
}

# As the original had it; the number of the ping is taken from the first line.
bridge_lines() # NUMBER
{
	printf '[%12s] %16s %7s #%s %s -> %s\n' \
		"$(inode "$host")" br0 request "$1" "$here" "$there" \
		"$(inode "$host")" v-box request "$1" "$here" "$there" \
		"$(inode "$box")" eth0 request "$1" "$here" "$there" \
		"$(inode "$box")" eth0 reply "$1" "$there" "$here" \
		"$(inode "$host")" v-box reply "$1" "$there" "$here" \
		"$(inode "$host")" br0 reply "$1" "$there" "$here"
}

number()
{
	sed -nE '1s/.*#([0-9]+\.[0-9]+).*/\1/p' "$case_dir/lines"
}

for zoom in hops stages; do
	hops -p "$zoom" -f tracepkt "icmp and host $there" -- \
		ip netns exec "$host" ping -c 1 -W 5 "$there"
	assert_lines "$(bridge_lines "$(number)")"
done

hops -p hops --tracepkt -n "$box" icmp -- ip netns exec "$box" ping -c 1 -W 5 127.0.0.1
lo=$(inode "$box")
assert_lines "$(for kind in request request reply reply; do
	printf '[%12s] %16s %7s #%s 127.0.0.1 -> 127.0.0.1\n' "$lo" lo "$kind" "$(number)"
done)"

run_lines hops --tracepkt -p hops "udp dst port 9" -- \
	ip netns exec "$host" bash -c "echo tag >/dev/udp/$there/9"
assert_status 3
[ ! -s "$case_dir/lines" ] || fail_lines "what is no echo has lines"

# Ten at once, none between the lines of another.
hops -p hops -f tracepkt "icmp and host $there" -- sh -c "for i in 1 2 3 4 5 6 7 8 9 10; do
	ip netns exec $host ping -c 1 -W 5 $there & done; wait"
[ "$(wc -l <"$case_dir/lines")" = 60 ] || fail "$(wc -l <"$case_dir/lines") lines, not 60"
grep -oE '#[0-9]+' "$case_dir/lines" | sort -u >"$case_dir/pings"
while read -r one; do
	grep "$one\." "$case_dir/lines" >"$case_dir/one"
	diff -u "$case_dir/one" <(bridge_lines "$(sed -nE '1s/.*#([0-9.]+) .*/\1/p' \
		"$case_dir/one")") || fail "ping $one went another way"
done <"$case_dir/pings"

# For people: the same devices, and how it ended where that was not well.
hops -p hops "udp dst port 9" -- \
	ip netns exec "$host" bash -c "echo tag >/dev/udp/$there/9"
sed -E 's/^(#[0-9]+) +[0-9.]+ us +\[[0-9]+ [^ ]*-(host|box)\] +/\1 \2 /; s/:[0-9]+ ->/ ->/
	s/ +/ /g; s/us dropped in [^:,]*/dropped/; s/ [0-9.]+ dropped/ dropped/; s/(NO_SOCKET).*/\1/' \
	"$case_dir/lines" >"$case_dir/short"
mv "$case_dir/short" "$case_dir/lines"
udp="udp $here -> $there:9 len"
if kernel_at_least 5.17; then
	assert_lines "#1 host br0 out $udp 32
#1 host v-box out $udp 32
#1 box eth0 in $udp 32
#1 dropped: NO_SOCKET"
fi
