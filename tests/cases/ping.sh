#!/bin/bash
# bpfpath ping: where its echoes and the replies went, and of an echo without an answer
# where it was last seen, how it ended, and whether there was a reply.
. "$(dirname "$0")/lib.sh"

topology_bridge box
here=$net4.1 there=$net4.11
host=$(ns host) box=$(ns box)

# Sets $status; standard output is in $case_dir/lines.
ping_of_ours() # OPTION... HOST
{
	status=0
	"$BPFPATH" ping "$@" >"$case_dir/lines" 2>"$case_dir/err" </dev/null || status=$?
}

assert_line() # EXTENDED-REGULAR-EXPRESSION
{
	grep -qE "$1" "$case_dir/lines" || { cat "$case_dir/lines"; fail "no line: $1"; }
}

assert_no_line() # EXTENDED-REGULAR-EXPRESSION
{
	! grep -E "$1" "$case_dir/lines" || fail "a line that is not to be: $1"
}

# Namespace, device, direction and what it is, of each hop whose packet matches.
crossings() # EXTENDED-REGULAR-EXPRESSION
{
	sed -nE "s/^#[0-9]+ +[0-9.]+ us +\[[0-9]+ bpfpath-$$-([a-z]+)\] +([^ ]+) +(in|out) +($1).*/\1 \2 \3 \4/p" \
		"$case_dir/lines"
}

assert_crossings() # REGULAR-EXPRESSION EXPECTED
{
	diff -u - <(crossings "$1") <<<"$2" || { cat "$case_dir/lines"; fail "crossings of $1"; }
}

there_and_back='host br0 out REQUEST
host v-box out REQUEST
box eth0 in REQUEST
box eth0 out REPLY
host v-box in REPLY
host br0 in REPLY'

# Answered. The first echo waits for the neighbour, who is asked, and answers.
for address in "$there" "${net6}11"; do
	ip -n "$host" neigh flush dev br0
	ping_of_ours -n "$host" -c 2 -i 0.2 -W 5 "$address"
	assert_status 0
	for echo in 1 2; do
		diff -u - <(crossings "icmp6? echo [a-z]+ .* seq $echo " | sed -E 's/ seq.*//
			s/icmp6? echo request.*/REQUEST/; s/icmp6? echo reply.*/REPLY/') \
			<<<"$there_and_back" ||
			{ cat "$case_dir/lines"; fail "the way of echo $echo to $address"; }
	done
	assert_line "^echo 1 to $address: answered after [0-9.]+ ms$"
	assert_line "^echo 2 to $address: answered"
	assert_line '^2 sent, 2 answered$'
	assert_no_line 'not seen|no answer'
done
diff -u - <(crossings 'icmp6 neighbour solicitation' | head -n 3) <<END || fail "solicitation"
host br0 out icmp6 neighbour solicitation
host v-box out icmp6 neighbour solicitation
box eth0 in icmp6 neighbour solicitation
END
ip -n "$host" neigh flush dev br0
ping_of_ours -n "$host" -W 5 "$there"
assert_crossings 'arp who-has|arp reply' 'host br0 out arp who-has
host v-box out arp who-has
box eth0 in arp who-has
box eth0 out arp reply
host v-box in arp reply
host br0 in arp reply'

# Another ping to the same address at the same time is not shown.
in_ns host ping -q -c 10 -i 0.2 "$there" >/dev/null &
other=$!
ping_of_ours -n "$host" -c 3 -i 0.2 -W 5 "$there"
assert_status 0
[ "$(grep -oE ' id [0-9]+ ' "$case_dir/lines" | sort -u | wc -l)" = 1 ] ||
	fail "ids of several pings"
[ "$(grep -c 'echo request' "$case_dir/lines")" = 9 ] || fail "not 9 crossings of requests"
wait "$other"

# From a device; its own address, where nothing leaves the namespace.
ping_of_ours -n "$host" -I br0 -W 5 "$there"
assert_status 0
ping_of_ours -n "$box" 127.0.0.1
assert_status 0
assert_crossings 'icmp echo (request|reply)' 'box lo out icmp echo request
box lo in icmp echo request
box lo out icmp echo reply
box lo in icmp echo reply'

# Objects, one for each path and each echo.
ping_of_ours -n "$host" -f json -W 5 "$there"
assert_status 0
jq -e -s 'map(select(.echo)) | length == 1 and .[0].answered and .[0].time > 0' \
	"$case_dir/lines" >/dev/null || fail "not one object of an answered echo"
jq -e -s '(map(select(.echo))[0] | [.request.path, .reply.path]) as $ids
	| [.[] | select(.id as $id | $ids | index($id)) | .packet.icmp.type] == [8, 0]' \
	"$case_dir/lines" >/dev/null || fail "an echo does not name its paths"

# With functions, where they can be probed.
if kernel_has_functions && kernel_has_multi; then
	ping_of_ours -n "$host" -p stages -W 5 "$there"
	assert_status 0
	assert_line ' __ip_local_out '
	assert_line ' icmp_rcv '
	assert_line '^echo 1 to .* answered after'
fi

# Nobody has the address: neighbours are asked, nobody answers.
ping_of_ours -n "$host" -W 4 "$net4.77"
assert_status 1
assert_line '^1 sent, 0 answered$'
assert_line "^echo 1 to $net4.77: (no answer|$here said \"host unreachable\")$"
solicitations=$(grep -c ' br0 .* out .*arp who-has' "$case_dir/lines") || fail "nobody was asked"
assert_crossings 'arp who-has' "$(for _ in $(seq "$solicitations"); do
	printf 'host br0 out arp who-has\nhost v-box out arp who-has\nbox eth0 in arp who-has\n'
done)"

# No route at all, and none on the way.
ping_of_ours -n "$box" 192.0.2.1
assert_status 1
assert_line '^echo 1 to 192.0.2.1: could not be sent: Network is unreachable$'
assert_line '^  the request was not seen$'
ip -n "$box" route add 192.0.2.0/24 via "$here"
in_ns host sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
ping_of_ours -n "$box" -W 5 192.0.2.1
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
	ping_of_ours -n "$host" "$there"
	assert_status 1
	assert_line "^echo 1 to $there: no answer$"
	assert_line "^  the request was last seen in \[[0-9]+ $box\] eth0, dropped in "
	assert_line '^  a reply was not seen$'
	drop output echo-reply
	ping_of_ours -n "$host" "$there"
	assert_status 1
	assert_line "^  the request was last seen in \[[0-9]+ $box\] eth0, (consumed|delivered) "
	in_ns box nft 'flush ruleset'
	in_ns host nft "add table ip t; add chain ip t c { type filter hook prerouting priority 0; };
		add rule ip t c icmp type echo-reply drop"
	ping_of_ours -n "$host" "$there"
	assert_status 1
	# On the port with br_netfilter, which calls the hook there.
	assert_line "^  a reply was last seen in \[[0-9]+ $host\] (br0|v-box), dropped in "
	in_ns host nft 'flush ruleset'
else
	echo "nftables does not work here: $(head -n 1 "$case_dir/nft")"
fi

# Nobody answers, silently.
in_ns box sh -c 'echo 1 >/proc/sys/net/ipv4/icmp_echo_ignore_all'
ping_of_ours -n "$host" "$there"
assert_status 1
assert_line "^echo 1 to $there: no answer$"
assert_line "^  the request was last seen in \[[0-9]+ $box\] eth0, (consumed|dropped) "
assert_line '^  a reply was not seen$'

# Interrupted: what was seen until then is told.
env --default-signal=INT "$BPFPATH" ping -n "$host" -c 100 -i 0.3 -W 60 "$there" \
	>"$case_dir/lines" 2>"$case_dir/err" </dev/null &
ping=$!
case_pids+=("$ping")
waited=0
until [ "$(grep -c 'echo request' "$case_dir/lines")" -ge 6 ]; do
	[ "$waited" -lt 600 ] || fail "no echo was shown"
	waited=$((waited + 1))
	sleep 0.1
done
kill -INT "$ping"
status=0
wait "$ping" || status=$?
assert_status 1
assert_line '^[0-9]+ sent, 0 answered$'
assert_line '^echo 2 to '
in_ns box sh -c 'echo 0 >/proc/sys/net/ipv4/icmp_echo_ignore_all'

# Errors.
errors() # EXPECTED-MESSAGE OPTION...
{
	local message=$1
	shift
	ping_of_ours "$@"
	assert_status 2
	grep -qE "$message" "$case_dir/err" || fail "standard error does not say: $message"
	[ ! -s "$case_dir/lines" ] || fail "something was printed"
}
errors "cannot resolve 'nobody.invalid'" nobody.invalid
errors 'no target: use bpfpath ping HOST'
errors 'more than one target' 127.0.0.1 127.0.0.2
errors "no device 'nothing0'" -n "$host" -I nothing0 "$there"
errors 'no network namespace is called' -n bpfpath-nowhere "$there"
errors 'use a number' -c 0 "$there"
errors 'use a number from 1 to 65535' -c 70000 "$there"
errors "unknown format 'tracepkt'" -f tracepkt "$there"
if type -P setpriv >/dev/null; then
	status=0
	setpriv --reuid 65534 --clear-groups --inh-caps=-all --bounding-set=-all \
		"$BPFPATH" ping 127.0.0.1 >"$case_dir/lines" 2>"$case_dir/err" </dev/null || status=$?
	assert_status 2
	[ ! -s "$case_dir/lines" ] || fail "something was printed without permission"
	grep -q '^bpfpath: ' "$case_dir/err" || fail "not said what is missing"
fi

# Nobody reads any more.
status=0
"$BPFPATH" ping -n "$host" -c 20 -i 0.1 "$there" 2>"$case_dir/err" </dev/null | head -n 1 >/dev/null ||
	status=${PIPESTATUS[0]}
[ "$status" -le 1 ] || fail "exit status $status when nobody reads"
