#!/bin/bash
# More than can be handled: what is not shown is counted, exactly, and what is shown is
# whole or says that it is not.
. "$(dirname "$0")/lib.sh"
[ -x "$BPFPATH_TOOLS/holdudp" ] || fail "tests/tools is not built"

rounds=5000
[ -z "${BPFPATH_VM:-}" ] || rounds=800
ns_add a

# A number of the closing account, 0 when it has no such line.
account() # EXTENDED-REGULAR-EXPRESSION with one group
{
	local number
	number=$(sed -nE "s/^bpfpath: (warning: )?$1.*/\2/p" "$case_dir/err")
	echo "${number:-0}"
}

account_read()
{
	packets=$(account '([0-9]+) packets?,')
	seen=$(account '[0-9]+ packets?, ([0-9]+) steps?')
	fired=$(account 'steps that fired: ([0-9]+)')
	foreign=$(account '([0-9]+) steps? left out: a packet had gone unseen')
	late=$(account '([0-9]+) steps? left out: they came')
	lost=$(account '([0-9]+) of [0-9]+ steps lost')
	refused=$(account '([0-9]+) packets not followed: the ring')
	table_full=$(account '([0-9]+) times a packet was not followed: the table')
}

# Of all steps it is known where they are.
assert_steps()
{
	assert_equal "steps seen, left out and lost" $((seen + foreign + late + lost)) "$fired"
	assert_json '[.[] | (.steps | length) + (.skipped // 0)] | add == $seen' \
		--argjson seen "$seen"
}

# What was stopped goes on, and comes to its end.
read_again()
{
	kill -CONT "$bpfpath"
	command_end
	status=0
	wait "$bpfpath" || status=$?
	assert_status 0
	account_read
}

assert_equal() # WHAT NUMBER NUMBER
{
	[ "$2" = "$3" ] || fail "$1: $2 is not $3"
}

flood() # OPTION...
{
	trace -v -n "$(ns a)" "$@" "udp dst port 8888" -- \
		ip netns exec "$(ns a)" "$BPFPATH_TOOLS/mixudp" "$rounds"
	account_read
	assert_equal "packets seen and refused" $((packets + refused + table_full)) "$rounds"
	assert_steps
	assert_json 'length == $packets' --argjson packets "$packets"
	assert_json 'all(.[]; .packet.dport == 8888)'
	assert_json 'all(.[] | select(.complete); .lost == 0 and
		([.steps[].func] | index("netif_receive_skb")))'
}

# A buffer for a few packets: most are refused, and those that are not lose nothing.
flood --buffer 16K
[ "$refused" -gt 0 ] || fail "a buffer of 16 KiB was enough"
[ "$packets" -gt 0 ] || fail "no packet at all in a buffer of 16 KiB"
assert_equal "incomplete paths" "$(jq -s '[.[] | select(.complete or .missed | not)] | length' \
	"$case_dir/out")" 0

# One for all of them.
flood --buffer 64M
assert_equal "refused" "$refused" 0
assert_equal "lost" "$lost" 0

# A table for five packets, which nobody reads until a hundred were sent.
trace -v -n "$(ns a)" --follow 5 "udp dst port 7777" -- \
	ip netns exec "$(ns a)" "$BPFPATH_TOOLS/holdudp" 100
account_read
assert_equal "followed" "$packets" 5
[ "$table_full" -ge 95 ] || fail "a full table was noticed $table_full times, not 95 or more"
assert_json 'length == 5'
assert_json 'all(.[]; sound)'

# The report of a recording says of losses what was said when it was made.
"$BPFPATH" record -o "$case_dir/file" -n "$(ns a)" --follow 5 "udp dst port 7777" -- \
	ip netns exec "$(ns a)" "$BPFPATH_TOOLS/holdudp" 100 </dev/null 2>"$case_dir/err"
"$BPFPATH" report "$case_dir/file" >/dev/null 2>"$case_dir/report.err"
grep 'warning: [0-9]* times a packet was not followed' "$case_dir/err" || fail "nothing lost"
# (What the kernel skipped is no part of a recording.)
diff <(grep warning: "$case_dir/err" | grep -v 'hits of probes') \
	<(grep warning: "$case_dir/report.err") ||
	fail "the report tells other losses"

# A reader that stands still while packets wait in a queue, and then go their way all at
# once: there is room for their beginning, and not for their steps. Each that is not shown
# is counted, and no path that lacks one says that it is whole.
ns_add p q
veth_add p vp q vq
addr_add p vp 1
addr_add q vq 2
ping_once p "$net4.2"
in_ns p sh -c 'echo 1 >/proc/sys/net/ipv6/conf/vp/disable_ipv6' 2>/dev/null || :
if ip netns exec "$(ns p)" tc qdisc add dev vp root tbf rate 80bit burst 1540 limit 100000 \
	2>/dev/null; then
	trace_background -v -p hops --buffer 16K "udp dst port 7777"
	kill -STOP "$bpfpath"
	# shellcheck disable=SC2016 # for the other shell
	in_ns p bash -c 'for i in {1..30}; do
		head -c 1000 /dev/zero >"/dev/udp/$1/7777"
	done' - "$net4.2"
	in_ns p tc qdisc change dev vp root tbf rate 100mbit burst 15400 limit 100000
	until in_ns p tc -s qdisc show dev vp | grep -q 'backlog 0b 0p'; do sleep 0.1; done
	read_again
	[ "$lost" -gt 0 ] || fail "$packets packets of $seen steps were not too much for 16 KiB"
	assert_equal "packets seen and refused" $((packets + refused)) 30
	assert_steps
	assert_json 'length == $packets' --argjson packets "$packets"
	assert_json 'any(.[]; .lost > 0) and all(.[]; .complete == (.lost == 0 and (has("missed") | not)))'
	assert_each .complete '[.steps[].func] | index("netif_receive_skb")'
else
	echo "kernel $(uname -r) has no tbf: nothing stood in a queue"
fi

# A packet that takes more steps than there is room for, through three bridges: those that
# were lost are the packet's, and the path says so.
if kernel_has_functions && kernel_has_multi; then
	topology_bridge from to
	for next in 1 2; do
		ip -n "$(ns host)" link add br$next type bridge forward_delay 0 mcast_snooping 0
		ip -n "$(ns host)" link set br$next up
		veth_add host x$next host y$next
		ip -n "$(ns host)" link set x$next master br$((next - 1))
		ip -n "$(ns host)" link set y$next master br$next
	done
	ip -n "$(ns host)" link set v-to master br2
	ping_once from "$net4.12"
	trace_background -v -p all --buffer 16K "icmp[icmptype] == icmp-echo and dst $net4.12"
	kill -STOP "$bpfpath"
	ping_once from "$net4.12"
	read_again
	[ "$lost" -gt 0 ] || fail "a packet of $seen steps was not too much for 16 KiB"
	assert_equal "followed" "$packets" 1
	assert_steps
	assert_json 'length == 1 and (.[0] | (.complete | not) and .lost == $lost and
		(.steps | length == $seen))' --argjson lost "$lost" --argjson seen "$seen"
fi

# What begins after that may have passed a gate before, and says so. Elsewhere the one
# that was read is not seen to be freed, and keeps its place.
kernel_has_functions || exit 0
trace -v -n "$(ns a)" --follow 1 "udp" -- sh -c "
	ip netns exec $(ns a) $BPFPATH_TOOLS/holdudp 3
	ip netns exec $(ns a) $BPFPATH_TOOLS/holdudp 1"
assert_json '[.[] | .complete] | .[0] and (.[-1] | not)'
