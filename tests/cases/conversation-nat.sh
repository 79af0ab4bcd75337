#!/bin/bash
# --conversation through a tunnel, which is none, and across NAT.
. "$(dirname "$0")/lib.sh"

topology_pair
ping_once a "$net4.2"

# What else is in the tunnel is another conversation.
if ip -n "$(ns a)" link add x type vxlan id 1 remote "$net4.2" dstport 4789 dev va 2>/dev/null; then
	ip -n "$(ns b)" link add x type vxlan id 1 remote "$net4.1" dstport 4789 dev vb
	for end in a b; do
		ip -n "$(ns $end)" link set x up
	done
	ip -n "$(ns a)" addr add 198.51.100.1/24 dev x
	ip -n "$(ns b)" addr add 198.51.100.2/24 dev x
	in_ns a ping -q -c 1 -W 5 198.51.100.2 >/dev/null || fail "no ping through the tunnel"
	cat >"$case_dir/ask" <<-END
		ip netns exec $(ns a) bash -c 'echo x >/dev/udp/198.51.100.2/4711'
		ip netns exec $(ns a) bash -c 'echo x >/dev/udp/198.51.100.2/4712'
	END
	trace_some --conversation "udp and dst port 4711" -- sh "$case_dir/ask"
	assert_json 'roots | sort_by(.id) | map(.packet.proto) == ["udp", "icmp"]'
fi

# The answer to what NAT has changed, from where it arrives.
ns_add c
veth_add b vc c ve
ip -n "$(ns b)" addr add 192.0.2.1/24 dev vc
ip -n "$(ns c)" addr add 192.0.2.2/24 dev ve
ip -n "$(ns a)" route add 192.0.2.0/24 via "$net4.2"
in_ns b sysctl -qw net.ipv4.ip_forward=1
in_ns b nft 'add table ip t; add chain ip t post { type nat hook postrouting priority 100; }
	add rule ip t post oif vc masquerade' 2>"$case_dir/nft" ||
	skip "nftables does not work here: $(head -n 1 "$case_dir/nft")"
in_ns a ping -q -c 1 -W 5 192.0.2.2 >/dev/null || fail "no ping across NAT"
trace_some --conversation "icmp and src host $net4.1 and dst host 192.0.2.2" -- \
	ip netns exec "$(ns a)" ping -q -c 1 -W 5 192.0.2.2
assert_json 'roots | length == 2'
pick '.packet.icmp.type == 0'
assert_path '.packet.src == "192.0.2.2" and .packet.dst == "192.0.2.1"'
assert_path '[.steps[].changes.dst // empty] == [["192.0.2.1", $dst]]' --arg dst "$net4.1"
assert_namespaces c b a
