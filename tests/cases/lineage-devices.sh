#!/bin/bash
# One packet is one path, whatever devices it goes through: forwarded by a router and by a
# bridge, through macvlan, ipvlan, VLAN and bonding devices at both ends. Every hop is in it,
# in order, and what a device alters in the packet.
. "$(dirname "$0")/lib.sh"
require functions

# A kprobe for each function takes its time.
kernel_has_multi || {
	printf '%s\n' __netif_receive_skb_core ip_rcv ip_forward br_handle_frame icmp_rcv \
		>"$case_dir/probes"
	zoom=$case_dir/probes
}
missing=

address() # NS DEV NETWORK HOST: $net4.(16 * NETWORK + HOST)
{
	ip -n "$(ns "$1")" addr add "$net4.$(($3 * 16 + $4))/28" dev "$2"
	ip -n "$(ns "$1")" link set "$2" up
}

# A device may take a moment until it sends.
until_answered() # NS ADDRESS
{
	local tries=0
	until in_ns "$1" ping -q -c 1 -W 1 "$2" >/dev/null; do
		tries=$((tries + 1))
		[ "$tries" -lt 20 ] || fail "no ping from $1 to $2 before tracing"
	done
}

# An echo request from a namespace goes that way, and nothing else is in its path.
one_way() # NS NETWORK HOST NS:DEV...
{
	local name=$1 to=$net4.$(($2 * 16 + $3)) hop way=()
	shift 3
	for hop; do
		way+=("$(ns "${hop%:*}"):${hop#*:}")
	done
	until_answered "$name" "$to"
	trace_some "icmp[icmptype] == icmp-echo and dst $to" -- \
		ip netns exec "$(ns "$name")" ping -q -c 1 -W 5 "$to"
	assert_json 'length == 1'
	pick true
	assert_path '.parent == null and sound and .lost == 0'
	assert_path 'hops == $ARGS.positional' --args "${way[@]}"
	assert_end 'consumed|delivered'
	assert_time
}

changes() # FIELD JSON
{
	assert_path "[.steps[].changes // {} | .$1 | select(. != null)] == $2"
}

mac()
{
	in_ns "$1" cat "/sys/class/net/$2/address"
}

# ---- a router between two namespaces: the header is written anew, and one hop less is left
ns_add a r b
veth_add a a0 r ra
veth_add r rb b b0
address a a0 1 1
address r ra 1 2
address r rb 2 2
address b b0 2 1
ip -n "$(ns a)" route add default via "$net4.18"
ip -n "$(ns b)" route add default via "$net4.34"
in_ns r sysctl -qw net.ipv4.ip_forward=1
one_way a 2 1 a:a0 r:ra r:rb b:b0
changes ttl '[[64, 63]]'
assert_path '[.steps[].changes.mac_src // empty][-1] == [$from, $to]' \
	--arg from "$(mac a a0)" --arg to "$(mac r rb)"
assert_path '[.steps[].changes.mac_dst // empty][-1] == [$from, $to]' \
	--arg from "$(mac r ra)" --arg to "$(mac b b0)"

# ---- a bridge in the middle: nothing is altered
ns_add s
veth_add a a1 s sa
veth_add s sb b b1
ip -n "$(ns s)" link add br0 type bridge forward_delay 0 mcast_snooping 0
ip -n "$(ns s)" link set br0 up
ip -n "$(ns s)" link set sa master br0
ip -n "$(ns s)" link set sb master br0
address a a1 3 1
address b b1 3 2
one_way a 3 2 a:a1 s:sa s:sb b:b1
changes ttl '[]'

# ---- devices on top of a wire between c and d, and under it
ns_add c d
veth_add c c0 d d0
for end in c d; do # else the lower device says that it has the address, too
	in_ns $end sysctl -qw net.ipv4.conf.all.arp_ignore=1
done
on_top() # NETWORK TYPE [OPTION...]: devices c1 and d1 on top of c0 and d0
{
	local network=$1 type=$2
	shift 2
	if ! ip -n "$(ns c)" link add link c0 name c1 type "$type" "$@" 2>/dev/null; then
		missing="$missing $type"
		return 1
	fi
	ip -n "$(ns d)" link add link d0 name d1 type "$type" "$@"
	address c c1 "$network" 1
	address d d1 "$network" 2
}
on_top_off()
{
	ip -n "$(ns c)" link del c1
	ip -n "$(ns d)" link del d1
}
stacked=(c:c1 c:c0 d:d0 d:d1)
if on_top 4 macvlan mode bridge; then
	one_way c 4 2 "${stacked[@]}"
	on_top_off
fi
if on_top 5 vlan id 5; then
	one_way c 5 2 "${stacked[@]}"
	changes vlan '[[null, 5], [5, null]]'
	on_top_off
fi
if on_top 6 ipvlan mode l2; then
	one_way c 6 2 "${stacked[@]}"
	on_top_off
fi

# ipvlan that leaves IP to the namespace of the device below, which has no address of it.
ns_add e f
if ip -n "$(ns c)" link add link c0 name e1 type ipvlan mode l3 2>/dev/null; then
	ip -n "$(ns d)" link add link d0 name f1 type ipvlan mode l3
	ip -n "$(ns c)" link set e1 netns "$(ns e)"
	ip -n "$(ns d)" link set f1 netns "$(ns f)"
	address e e1 7 1
	address f f1 7 2
	ip -n "$(ns c)" route add "$net4.114" dev c0
	ip -n "$(ns d)" route add "$net4.113" dev d0
	ip -n "$(ns c)" neigh add "$net4.114" lladdr "$(mac d d0)" dev c0
	ip -n "$(ns d)" neigh add "$net4.113" lladdr "$(mac c c0)" dev d0
	one_way e 7 2 e:e1 c:c0 d:d0 f:f1
	ip -n "$(ns e)" link del e1
	ip -n "$(ns f)" link del f1
fi

if ip -n "$(ns c)" link add bond1 type bond mode active-backup miimon 50 2>/dev/null; then
	ip -n "$(ns d)" link add bond1 type bond mode active-backup miimon 50
	for end in c d; do
		ip -n "$(ns $end)" link set "${end}0" down
		ip -n "$(ns $end)" link set "${end}0" master bond1
		ip -n "$(ns $end)" link set "${end}0" up
	done
	address c bond1 8 1
	address d bond1 8 2
	one_way c 8 2 c:bond1 c:c0 d:d0 d:bond1
else
	missing="$missing bond"
fi
[ -z "$missing" ] || skip "kernel $(uname -r) has no$missing: with the others it is so"
