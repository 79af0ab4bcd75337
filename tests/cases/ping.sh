#!/bin/bash
# bpfpath ping: where its echoes and the replies went, and who was asked for a neighbour;
# no other ping's; errors, and nobody who reads.
. "$(dirname "$0")/lib.sh"

topology_bridge box
there=$net4.11
host=$(ns host) box=$(ns box)

there_and_back='host br0 out REQUEST
host v-box out REQUEST
box eth0 in REQUEST
box eth0 out REPLY
host v-box in REPLY
host br0 in REPLY'

# Its own questions would tell its neighbour what that one is to ask for.
for address in "$net4.1" "${net6}1"; do
	ip -n "$box" neigh replace "$address" dev eth0 nud permanent \
		lladdr "$(ip -n "$host" -j link show br0 | jq -r '.[0].address')"
done

# Answered. The first echo waits for the neighbour, who is asked, and answers.
for address in "$there" "${net6}11"; do
	ip -n "$host" neigh flush dev br0
	run_lines ping -n "$host" -c 2 -i 0.2 -W 5 "$address"
	assert_status 0
	for echo in 1 2; do
		diff -u - <(crossings "icmp6? echo [a-z]+ .* seq $echo " | sed -E 's/ seq.*//
			s/icmp6? echo request.*/REQUEST/; s/icmp6? echo reply.*/REPLY/') \
			<<<"$there_and_back" ||
			fail_lines "the way of echo $echo to $address"
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
run_lines ping -n "$host" -W 5 "$there"
assert_crossings 'arp who-has|arp reply' 'host br0 out arp who-has
host v-box out arp who-has
box eth0 in arp who-has
box eth0 out arp reply
host v-box in arp reply
host br0 in arp reply'

# Another ping to the same address at the same time is not shown.
in_ns host ping -q -c 10 -i 0.2 "$there" >/dev/null &
other=$!
run_lines ping -n "$host" -c 3 -i 0.2 -W 5 "$there"
assert_status 0
[ "$(grep -oE ' id [0-9]+ ' "$case_dir/lines" | sort -u | wc -l)" = 1 ] ||
	fail "ids of several pings"
[ "$(grep -c 'echo request' "$case_dir/lines")" = 9 ] || fail "not 9 crossings of requests"
wait "$other"

# From a device; its own address, where nothing leaves the namespace.
run_lines ping -n "$host" -I br0 -W 5 "$there"
assert_status 0
run_lines ping -n "$host" -I lo "$there"
assert_status 1
assert_no_line ' (br0|v-box|eth0) +(in|out) +icmp echo '
run_lines ping -n "$box" 127.0.0.1
assert_status 0
assert_crossings 'icmp echo (request|reply)' 'box lo out icmp echo request
box lo in icmp echo request
box lo out icmp echo reply
box lo in icmp echo reply'

# Objects, one for each path and each echo.
run_lines ping -n "$host" -f json -W 5 "$there"
assert_status 0
jq -e -s 'map(select(.echo)) | length == 1 and .[0].answered and .[0].time > 0' \
	"$case_dir/lines" >/dev/null || fail "not one object of an answered echo"
jq -e -s '(map(select(.echo))[0] | [.request.path, .reply.path]) as $ids
	| [.[] | select(.id as $id | $ids | index($id)) | .packet.icmp.type] == [8, 0]' \
	"$case_dir/lines" >/dev/null || fail "an echo does not name its paths"

# With functions, where they can be probed.
if kernel_has_functions && kernel_has_multi; then
	run_lines ping -n "$host" -p stages -W 5 "$there"
	assert_status 0
	assert_line ' __ip_local_out '
	assert_line ' icmp_rcv '
	assert_line '^echo 1 to .* answered after'
fi

# By the inode of its namespace; a name that has an address of each family.
run_lines ping -n "$(stat -L -c %i "/run/netns/$host")" -W 5 "$there"
assert_status 0
mkdir "$case_dir/etc"
printf '%s both.test\n' "$there" "${net6}11" >"$case_dir/etc/hosts"
for family in "4 $there" "6 ${net6}11"; do
	status=0
	# shellcheck disable=SC2016 # for the inner shell
	unshare -m sh -c 'mount --bind "$0" /etc && exec "$@"' "$case_dir/etc" \
		"$BPFPATH" ping "-${family% *}" -n "$host" -W 5 both.test \
		>"$case_dir/lines" 2>"$case_dir/err" </dev/null || status=$?
	assert_status 0
	assert_line "^echo 1 to ${family#* }: answered"
done

# Errors.
errors() # EXPECTED-MESSAGE OPTION...
{
	local message=$1
	shift
	run_lines ping "$@"
	assert_status 2
	grep -qE "$message" "$case_dir/err" || fail "standard error does not say: $message"
	[ ! -s "$case_dir/lines" ] || fail "something was printed"
}
errors "cannot resolve 'nobody.invalid'" nobody.invalid
errors 'no target: use bpfpath ping HOST'
errors 'more than one target' 127.0.0.1 127.0.0.2
errors "'fe80::1' may be on any link: use -I DEV, or fe80::1%DEV" -n "$host" fe80::1
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
	in_ns box sh -c 'echo 1 0 >/proc/sys/net/ipv4/ping_group_range'
	status=0
	in_ns box setpriv --reuid 65534 --clear-groups --inh-caps=-all --bounding-set=-all \
		"$BPFPATH" ping 127.0.0.1 >"$case_dir/lines" 2>"$case_dir/err" </dev/null || status=$?
	assert_status 2
	grep -q 'it needs CAP_NET_RAW, or net.ipv4.ping_group_range$' "$case_dir/err" ||
		fail "not said which setting keeps it from sending"
fi

# Nobody reads any more.
status=0
"$BPFPATH" ping -n "$host" -c 20 -i 0.1 "$there" 2>"$case_dir/err" </dev/null | head -n 1 >/dev/null ||
	status=${PIPESTATUS[0]}
[ "$status" -le 1 ] || fail "exit status $status when nobody reads"
