#!/bin/bash
# The memory of a packet is used again at once, for packets that nobody asked
# for and for messages of Unix sockets: none of their steps may be in a path.
. "$(dirname "$0")/lib.sh"
[ -x "$BPFPATH_TOOLS/mixudp" ] || fail "tests/tools/mixudp is not built"

rounds=30000
[ -z "${BPFPATH_VM:-}" ] || rounds=3000
ns_add a

check() # BACKEND
{
	trace_some -b "$1" "udp dst port 7777" -- \
		ip netns exec "$(ns a)" "$BPFPATH_TOOLS/mixudp" "$rounds"
	assert_json 'length == $want' --argjson want $((rounds / 100))
	assert_only 127.0.0.1
	assert_json 'all(.[]; .packet.dport == 7777)'
	# Once through the device, and nowhere else.
	for step in net_dev_start_xmit netif_rx netif_receive_skb; do
		assert_json 'all(.[]; [.steps[] | select(.func == $step)] | length == 1)' \
			--arg step "$step"
	done
	assert_json 'all(.[]; [.steps[].func] | any(test("unix|netlink")) | not)'
	assert_json 'all(.[]; .end.where // "" | test("unix|netlink") | not)'
	# The messages have one byte. (A confined kernel does not tell the length.)
	assert_json 'all(.[].steps[]; .len == null or .len >= 64)'
	# Without function probes some packets are freed unseen: never as dropped.
	assert_json 'all(.[]; .end.kind == "delivered" or .end.kind == "consumed" or
		.end.kind == "lost" or .end.kind == "open")'
	# The last one that each CPU has freed is not used again yet.
	assert_json '[.[] | select(.end.kind == "open")] | length <= $cpus' \
		--argjson cpus "$(nproc)"
}

check auto
if kernel_at_least 6.6; then
	check tcx
fi
if kernel_has_functions; then
	check tracepoint
fi
