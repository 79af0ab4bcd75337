#!/bin/bash
# Copies that nobody asked for by name: of multicast for each of its sockets, of tc's mirror,
# of netfilter's dup. Each is a branch that says how and where it was made, with an end of
# its own; what is only redirected stays one packet.
. "$(dirname "$0")/lib.sh"
require functions
require socat tc nft

topology_pair
ns_add c
veth_add b vc c vd
ping_once a "$net4.2"
group=239.1.2.3

send() # ADDRESS
{
	trace_some "udp dst port 7777" -- ip netns exec "$(ns a)" \
		bash -c "echo tag >/dev/udp/$1/7777"
	assert_lineage
	assert_time
	assert_json 'roots | length == 1'
	assert_json 'all(.[]; own == [$from, $to] and .packet.dport == 7777)' \
		--arg from "$net4.1" --arg to "$1"
}

# The one branch, made so.
pick_branch() # RELATION MAKER CALLER
{
	pick '.parent == 1 and .relation == $relation and (.maker | test("^(" + $maker + ")"))
		and (.caller // "" | test("^(" + $caller + ")"))' \
		--arg relation "$1" --arg maker "$2" --arg caller "$3"
}

# ---- multicast: a clone for each socket but one, and on the sender's side for its own
listen() # NS NUMBER
{
	# shellcheck disable=SC2016
	ip netns exec "$(ns "$1")" socat -u \
		"UDP4-RECV:7777,reuseaddr,ip-add-membership=$group:$2" OPEN:/dev/null &
	case_pids+=($!)
	port_wait "$1" udp 7777
}
ip -n "$(ns a)" route add "$group" dev va
listen a "$net4.1"
listen b "$net4.2"
ip netns exec "$(ns b)" socat -u \
	"UDP4-RECV:7777,reuseaddr,ip-add-membership=$group:$net4.2" OPEN:/dev/null &
case_pids+=($!)
until [ "$(in_ns b grep -c ':1E61 ' /proc/net/udp)" = 2 ]; do sleep 0.1; done

send "$group"
assert_json 'length == 3 and all(.[]; .end.kind == "delivered" and .steps[-1].comm == "socat")'
pick '.parent == null'
assert_namespaces a b
pick_branch clone '(__)?skb_clone' 'ip_mc_output|dev_loopback_xmit'
assert_namespaces a
pick_branch clone '(__)?skb_clone' '(__)?udp(4_lib)?_(mcast_deliver|rcv)'
assert_namespaces b
assert_path 'all(.steps[]; .dev.name == "vb")'
for pid in "${case_pids[@]}"; do
	kill "$pid"
	wait "$pid" || :
done
case_pids=()

# ---- tc: mirrored and redirected, on the way in and on the way out
# shellcheck disable=SC2015
in_ns b tc qdisc add dev vb clsact 2>/dev/null &&
	in_ns b tc filter add dev vb ingress protocol ip matchall \
		action mirred egress mirror dev vc 2>"$case_dir/tc" ||
	skip "kernel $(uname -r) has no tc mirred: $(head -n 1 "$case_dir/tc")"
send "$net4.2"
assert_json 'length == 2'
pick '.parent == null'
assert_namespaces a b
assert_dropped NO_SOCKET
pick_branch clone '(__)?skb_clone' 'tcf_mirred'
assert_namespaces b c
assert_path '[hops[] | sub(".*:"; "")][-1] == "vd"'
assert_dropped OTHERHOST

in_ns b tc filter del dev vb ingress
in_ns b tc filter add dev vb ingress protocol ip matchall action mirred egress redirect dev vc
send "$net4.2"
assert_json 'length == 1'
pick true
assert_namespaces a b c
assert_dropped OTHERHOST

in_ns b tc filter del dev vb ingress
in_ns a tc qdisc add dev va clsact
ns_add d
veth_add a vx d vy
in_ns a tc filter add dev va egress protocol ip matchall action mirred egress redirect dev vx
send "$net4.2"
assert_json 'length <= 2'
pick 'namespaces[-1] == $d' --arg d "$(ns d)"
assert_dropped OTHERHOST
assert_json 'all(.[] | select(.id == 1 and .branches); .end.kind == "consumed" or .end.kind == "dropped")'
in_ns a tc qdisc del dev va clsact

# ---- netfilter: a copy of the packet to another host. It keeps the place of a MAC header
# whose bytes are not copied (__pskb_copy_fclone): it has none until it is sent.
mac()
{
	in_ns "$1" cat "/sys/class/net/$2/address"
}
ip -n "$(ns b)" addr add 198.51.100.1/24 dev vc
ip -n "$(ns b)" neigh add 198.51.100.2 dev vc lladdr "$(mac c vd)"
in_ns b nft 'add table ip t
	add chain ip t in { type filter hook prerouting priority -300; }
	add rule ip t in udp dport 7777 dup to 198.51.100.2 device "vc"' 2>"$case_dir/nft" ||
	skip "netfilter cannot duplicate here: $(head -n 1 "$case_dir/nft")"
send "$net4.2"
assert_json 'length == 2'
pick '.parent == null'
assert_namespaces a b
assert_dropped NO_SOCKET
pick_branch copy '__pskb_copy_fclone|pskb_copy' 'nf_dup_ipv4'
assert_namespaces b c
assert_end dropped
assert_path '[.steps[].changes // {} | .mac_src, .mac_dst | select(. != null)] ==
	[[null, $src], [null, $dst]]' --arg src "$(mac b vc)" --arg dst "$(mac c vd)"
assert_path '[.steps[].changes // {} | keys[]] - ["mac_src", "mac_dst", "ttl", "checksum"] == []'
