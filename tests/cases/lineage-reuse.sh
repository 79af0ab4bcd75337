#!/bin/bash
# As address-reuse, but a packet socket gets two clones of every packet, wanted or
# not: all that comes of a wanted one belongs to it, and nothing else does.
. "$(dirname "$0")/lib.sh"
require functions

rounds=30000
[ -z "${BPFPATH_VM:-}" ] || rounds=3000
ns_add a
trace_some "udp dst port 7777" -- ip netns exec "$(ns a)" \
	"$BPFPATH_TOOLS/sniff" lo "$BPFPATH_TOOLS/mixudp" "$rounds"
assert_lineage
assert_json 'roots | length == $want' --argjson want $((rounds / 100))
# The second clone is not made while the socket's buffer is full.
assert_each '.parent == null' '(.branches | length == 1 or length == 2) and .end.kind == "delivered"'
assert_each '.parent != null' '.relation == "clone" and .end.where != null
	and ([.steps[].func] | index("packet_rcv") != null or (.[0] | test("skb_clone$")))'
assert_each true 'own == ["127.0.0.1", "127.0.0.1"] and .packet.dport == 7777'

# Another packet at the address would have other headers.
assert_each true 'all(.steps[]; .changes // {} |
	has("src") or has("dst") or has("sport") or has("dport") or has("proto") | not)'
assert_each '.parent == null' '[.steps[] | select(.func == "netif_receive_skb")] | length == 1'
assert_each true '([.steps[].func] + [.end.where // ""]) | any(test("unix|netlink")) | not'
