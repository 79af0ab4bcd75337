#!/bin/bash
# The memory of a packet is used again at once, for packets that nobody asked
# for and for messages of Unix and netlink sockets, which look like IP packets: none of
# their steps may be in a path.
#
#	BPFPATH_PACKETS	  how many go through the memory; of a million or more one in
#			  1,000 is wanted, otherwise one in 100. In a virtual machine
#			  BPFPATH_VM_APPEND=bpfpath.packets=1000000 says so, and only the
#			  backend is tried that is taken by itself
. "$(dirname "$0")/lib.sh"
require tcpdump
[ -x "$BPFPATH_TOOLS/mixudp" ] || fail "tests/tools/mixudp is not built"

appended=$(sed -nE 's/.*bpfpath\.packets=([0-9]+).*/\1/p' /proc/cmdline)
rounds=${BPFPATH_PACKETS:-${appended:-$([ -n "${BPFPATH_VM:-}" ] && echo 3000 || echo 30000)}}
one_in=$((rounds >= 1000000 ? 1000 : 100))
wanted=$((rounds / one_in))
ns_add a

# Every packet that was seen in a path has the tag of one that is wanted, and no tag is
# that of more than one path: the packets of a path follow each other. What functions see
# at the socket has no bytes yet, once in each path.
assert_tags() # BACKEND
{
	local bare=0
	[ "$1" != auto ] || ! kernel_has_functions || [ -n "$zoom" ] || bare=$wanted
	tcpdump -Z root -r "$case_dir/file" -nn -A 2>/dev/null >"$case_dir/text"
	grep -oE '[0-9]{4}-[0-9]{8} ' "$case_dir/text" >"$case_dir/tags"
	[ "$(grep -c '^[0-9:.]* IP ' "$case_dir/text")" = $(($(wc -l <"$case_dir/tags") + bare)) ] ||
		fail "packets without a tag"
	seq 0 "$one_in" $((rounds - 1)) | xargs printf '7777-%08d \n' |
		diff - <(uniq "$case_dir/tags" | sort) >"$case_dir/differ" ||
		fail "foreign tags, or tags in two paths: $(head -n 4 "$case_dir/differ")"
}

check() # BACKEND
{
	"$BPFPATH" record -o "$case_dir/file" -b "$1" ${zoom:+-p $zoom} "udp dst port 7777" -- \
		ip netns exec "$(ns a)" "$BPFPATH_TOOLS/mixudp" "$rounds" "$one_in" \
		</dev/null 2>"$case_dir/err" || fail "exit status $?"
	"$BPFPATH" report -f json "$case_dir/file" >"$case_dir/out"
	assert_json 'length == $want' --argjson want "$wanted"
	assert_tags "$1"
	assert_only 127.0.0.1
	assert_json 'all(.[]; .packet.dport == 7777)'
	# Once through the device, and nowhere else.
	for step in net_dev_start_xmit netif_rx netif_receive_skb; do
		assert_json 'all(.[]; [.steps[] | select(.func == $step)] | length == 1)' \
			--arg step "$step"
	done
	assert_json 'all(.[]; [.steps[].func] | any(test("unix|netlink")) | not)'
	assert_json 'all(.[]; .end.where // "" | test("unix|netlink") | not)'
	# The messages are shorter, or take 76 bytes. (A confined kernel tells no length.)
	assert_json 'all(.[].steps[]; .len == null or (.len >= 64 and .len != 76))'
	# They are copied with this function, and no UDP packet that is in one piece. (Where
	# nothing can be read, an address is an address.)
	[ "$1" = tcx ] ||
		assert_json 'all(.[].steps[]; .func != "skb_copy_datagram_iovec")'
	# Without function probes some packets are freed unseen: never as dropped.
	assert_json 'all(.[]; .end.kind == "delivered" or .end.kind == "consumed" or
		.end.kind == "lost" or .end.kind == "open")'
	# The last one that each CPU has freed is not used again yet.
	assert_json '[.[] | select(.end.kind == "open")] | length <= $cpus' \
		--argjson cpus "$(nproc)"
	echo "$1: $rounds packets, $(jq -s -c 'group_by(.end.kind) |
		map({(.[0].end.kind): length}) | add' "$case_dir/out")"
}

check auto
[ -z "$appended" ] || exit 0
if kernel_at_least 6.6; then
	check tcx
fi
if kernel_has_functions; then
	check tracepoint
fi
