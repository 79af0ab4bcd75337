#!/bin/bash
# --conversation: what answers a packet that matches is followed, too, also across NAT, and
# errors that quote it; nothing else is.
. "$(dirname "$0")/lib.sh"

topology_pair
ping_once a "$net4.2"
# Beside all of it, the other way round: never to be seen.
in_ns b ping -i 0.2 -q "$net4.1" >/dev/null 2>&1 &
case_pids+=("$!")
requests="icmp[icmptype] == icmp-echo and src host $net4.1"
ping=(ip netns exec "$(ns a)" ping -q -c 2 -i 0.3 -W 5 "$net4.2")

trace_some "$requests" -- "${ping[@]}"
assert_json 'roots | length == 2 and all(.[]; .packet.icmp.type == 8)'
trace_some --conversation "$requests" -- "${ping[@]}"
assert_json 'roots | sort_by(.id) | map(.packet.icmp.type) == [8, 0, 8, 0] and (map(.packet.icmp.id) | unique | length == 1)'

# UDP: an answer, and an error that quotes what it is about.
in_ns b socat UDP4-LISTEN:7007,fork EXEC:cat &
case_pids+=("$!")
port_wait b udp 7007
cat >"$case_dir/ask" <<END
echo question | ip netns exec $(ns a) socat -t 2 - UDP4:$net4.2:7007,sourceport=5001
ip netns exec $(ns a) bash -c 'echo x >/dev/udp/$net4.2/4711'
ip netns exec $(ns a) bash -c 'echo x >/dev/udp/$net4.2/4712'
END
trace_some --conversation "udp and dst port (4711 or 7007)" -- sh "$case_dir/ask"
assert_json 'roots | sort_by(.id) | map([.packet.proto, .packet.dport]) == [["udp", 7007], ["udp", 5001],
	["udp", 4711], ["icmp", null]]'

# TCP, of which only the first packet matches.
transfer_make 30000 7008
trace_some --conversation "tcp[tcpflags] == tcp-syn" -- sh "$case_dir/transfer"
cmp "$case_dir/sent" "$case_dir/received" || fail "what arrived is not what was sent"
assert_json 'roots | any(.[]; .packet.sport == 7008) and any(.[]; .packet.dport == 7008 and .packet.len > 1000)
	and all(.[]; .packet.sport == 7008 or .packet.dport == 7008)'

# Also as on a kernel where nothing may be read.
if kernel_at_least 6.6; then
	trace_some -b tcx --conversation "$requests" -- "${ping[@]}"
	assert_json 'roots | length == 4 and (map(.packet.icmp.id) | unique | length == 1)'
fi

# What else is in the tunnel is another conversation.
if ip -n "$(ns a)" link add x type vxlan id 1 remote "$net4.2" dstport 4789 dev va 2>/dev/null; then
	ip -n "$(ns b)" link add x type vxlan id 1 remote "$net4.1" dstport 4789 dev vb
	for end in a b; do
		ip -n "$(ns $end)" link set x up
	done
	ip -n "$(ns a)" addr add 198.51.100.1/24 dev x
	ip -n "$(ns b)" addr add 198.51.100.2/24 dev x
	in_ns a ping -q -c 1 -W 5 198.51.100.2 >/dev/null || fail "no ping through the tunnel"
	sed -i "s/$net4.2/198.51.100.2/" "$case_dir/ask"
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
