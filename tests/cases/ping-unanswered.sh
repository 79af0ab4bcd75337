#!/bin/bash
# bpfpath ping without an answer: where the request was last seen, how it ended, whether
# there was a reply or an error; interrupted, what was seen until then.
. "$(dirname "$0")/lib.sh"

topology_bridge box
here=$net4.1 there=$net4.11
host=$(ns host) box=$(ns box)

# Nobody has the address: neighbours are asked, nobody answers.
run_lines ping -n "$host" -W 4 "$net4.77"
assert_status 1
assert_line '^1 sent, 0 answered$'
assert_line "^echo 1 to $net4.77: (no answer|$here said \"host unreachable\")$"
assert_line '^a neighbour was asked for, and nobody answered: '
solicitations=$(grep -c ' br0 .* out .*arp who-has' "$case_dir/lines") || fail "nobody was asked"
assert_crossings 'arp who-has' "$(for _ in $(seq "$solicitations"); do
	printf 'host br0 out arp who-has\nhost v-box out arp who-has\nbox eth0 in arp who-has\n'
done)"

run_lines ping -n "$host" -W 1 -f json "$net4.78"
assert_status 1
jq -se 'map(select(.echo)) | length == 1 and all(.[];
	.answered == false and .neighbour_answered == false)' "$case_dir/lines" >/dev/null ||
	fail_lines "the silent neighbour is not told"

# What the kernel refuses to send.
run_lines ping -n "$host" "$net4.255"
assert_status 1
assert_line "^echo 1 to $net4.255: could not be sent: a broadcast address, or a route forbids it$"

# No route at all, and none on the way.
run_lines ping -n "$box" 192.0.2.1
assert_status 1
assert_line '^echo 1 to 192.0.2.1: could not be sent: Network is unreachable$'
assert_line '^  the request was not seen$'
ip -n "$box" route add 192.0.2.0/24 via "$here"
in_ns host sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
run_lines ping -n "$box" -W 5 192.0.2.1
assert_status 1
assert_line "^echo 1 to 192.0.2.1: $here said \"network unreachable\"$"
assert_line "^  the request was last seen in \[[0-9]+ $host\] br0, dropped in "
assert_line '^  a reply was not seen$'
assert_line "^  an ICMP error was last seen in \[[0-9]+ $box\] eth0, "

# Dropped where it arrives; and the reply, where it leaves.
ip -n "$box" route del 192.0.2.0/24
drop() # CHAIN TYPE
{
	in_ns box nft "flush ruleset; add table ip t;
		add chain ip t c { type filter hook $1 priority 0; };
		add rule ip t c icmp type $2 drop" 2>"$case_dir/nft"
}
if drop input echo-request; then
	run_lines ping -n "$host" "$there"
	assert_status 1
	assert_line "^echo 1 to $there: no answer$"
	assert_line "^  the request was last seen in \[[0-9]+ $box\] eth0, dropped in "
	assert_line '^  a reply was not seen$'
	! grep -q 'neighbour was asked' "$case_dir/lines" || fail_lines "it has answered"
	drop output echo-reply
	run_lines ping -n "$host" "$there"
	assert_status 1
	assert_line "^  the request was last seen in \[[0-9]+ $box\] eth0, (consumed|delivered) "
	in_ns box nft 'flush ruleset'
	in_ns host nft "add table ip t; add chain ip t c { type filter hook prerouting priority 0; };
		add rule ip t c icmp type echo-reply drop"
	run_lines ping -n "$host" "$there"
	assert_status 1
	# On the port with br_netfilter, which calls the hook there.
	assert_line "^  a reply was last seen in \[[0-9]+ $host\] (br0|v-box), dropped in "
	in_ns host nft 'flush ruleset; add table ip6 t
		add chain ip6 t c { type filter hook input priority 0; }
		add rule ip6 t c icmpv6 type echo-reply drop'
	run_lines ping -n "$host" "${net6}11"
	assert_status 1
	assert_line "^echo 1 to ${net6}11: no answer$"
	assert_line "^  the request was last seen in \[[0-9]+ $box\] eth0, (consumed|delivered|dropped in icmpv6_rcv)"
	assert_line "^  a reply was last seen in \[[0-9]+ $host\] br0, dropped in "
	in_ns host nft 'flush ruleset'
else
	echo "nftables does not work here: $(head -n 1 "$case_dir/nft")"
fi

# Nobody answers, silently.
in_ns box sh -c 'echo 1 >/proc/sys/net/ipv4/icmp_echo_ignore_all'
run_lines ping -n "$host" "$there"
assert_status 1
assert_line "^echo 1 to $there: no answer$"
assert_line "^  the request was last seen in \[[0-9]+ $box\] eth0, (consumed|dropped) "
assert_line '^  a reply was not seen$'

# Interrupted: what was seen until then is told.
run_background ping -n "$host" -c 1000 -i 0.3 -W 300 "$there"
run_until 6 'echo request'
run_interrupt
assert_status 1
assert_line '^[0-9]+ sent, 0 answered$'
assert_line '^echo 2 to '
in_ns box sh -c 'echo 0 >/proc/sys/net/ipv4/icmp_echo_ignore_all'

# Who has answered vanishes, and its device with it: the bridge sends requests everywhere.
# The address of its own is that of a port, which would have neighbours forgotten with it.
ip -n "$host" link set br0 address 02:bf:00:00:00:01
ns_add other
veth_add host v-other other eth0
ip -n "$host" link set v-other master br0
run_background ping -n "$host" -c 1000 -i 0.3 -W 300 "$there"
run_until 1 ' eth0 +out +icmp echo reply'
ip -n "$box" link del eth0
run_until 1 "$(ns other)\] +eth0 +in +icmp echo request"
run_interrupt
assert_status 0
assert_line "^echo 1 to $there: answered after "
assert_line "^echo [0-9]+ to $there: no answer$"
assert_line "^  the request was last seen in \[[0-9]+ $(ns other)\] eth0, "
assert_line '^  a reply was not seen$'
