#!/bin/bash
# A driver hands up packets that have nothing but the Ethernet header in their
# linear part: the filter has to look for the rest in the page fragments.
. "$(dirname "$0")/lib.sh"
[ -c /dev/net/tun ] || skip "there are no tun devices here"
[ -x "$BPFPATH_TOOLS/tapfrags" ] || fail "tests/tools/tapfrags is not built"

ns_add a
in_ns a "$BPFPATH_TOOLS/tapfrags" bpfpath-tap 0 || skip "no tap device with IFF_NAPI_FRAGS"

trace_some "udp src port 4660 and dst port 22136" -- \
	ip netns exec "$(ns a)" "$BPFPATH_TOOLS/tapfrags" bpfpath-tap 3
assert_json 'length == 3'
assert_only 10.66.0.1 10.66.0.2
assert_json 'all(.[]; namespaces == [$a])' --arg a "$(ns a)"
assert_json 'all(.[]; .end.kind == "dropped")'
# Where pages can be turned into addresses, the first gate of all sees it.
if kernel_reads_pages; then
	assert_json 'all(.[]; .steps[0].func == "napi_gro_frags_entry")'
fi

# The port is behind what the linear part holds: others must not match.
trace "udp src port 4661" -- \
	ip netns exec "$(ns a)" "$BPFPATH_TOOLS/tapfrags" bpfpath-tap 3
assert_status 3
