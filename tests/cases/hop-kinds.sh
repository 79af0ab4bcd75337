#!/bin/bash
# What the lines of hops say of packets of all kinds: TCP with its flags, ARP and neighbour
# discovery before the ping that they are for, VLAN tags, IPv6 with extension headers and in
# fragments, protocols that nobody knows.
. "$(dirname "$0")/lib.sh"
require socat xxd

topology_pair
mac_a=02:bf:00:00:00:01 mac_b=02:bf:00:00:00:02
ip -n "$(ns a)" link set va address $mac_a
ip -n "$(ns b)" link set vb address $mac_b

hops() # FILTER COMMAND...
{
	local filter=$1
	shift
	run_lines hops -p hops "$filter" -- ip netns exec "$(ns a)" "$@"
	assert_status 0
}

# What stands behind namespace, device and direction, without what changes each time.
assert_hops() # EXPECTED
{
	diff -u - <(crossings '.*' | sed -E 's/ id [0-9]+//; s/ seq [0-9]+//; s/ len [0-9]+.*//
		s/:[0-9]{4,5}( |$)/:PORT\1/g') <<<"$1" ||
		fail_lines "other hops"
}

# TCP: a connection that is refused.
hops "tcp port 9 and host $net4.2" sh -c "socat - TCP4:$net4.2:9 2>/dev/null || :"
assert_hops "a va out tcp $net4.1:PORT -> $net4.2:9 [SYN]
b vb in tcp $net4.1:PORT -> $net4.2:9 [SYN]
b vb out tcp $net4.2:9 -> $net4.1:PORT [RST,ACK]
a va in tcp $net4.2:9 -> $net4.1:PORT [RST,ACK]"

# What a ping causes comes first: nobody knows the other's address.
for name in a b; do
	ip -n "$(ns $name)" neigh flush all
done
hops "arp or icmp" ping -q -c 1 -W 5 "$net4.2"
assert_hops "a va out arp who-has $net4.2 tell $net4.1
b vb in arp who-has $net4.2 tell $net4.1
b vb out arp reply $net4.2 is-at $mac_b
a va in arp reply $net4.2 is-at $mac_b
a va out icmp echo request $net4.1 -> $net4.2
b vb in icmp echo request $net4.1 -> $net4.2
b vb out icmp echo reply $net4.2 -> $net4.1
a va in icmp echo reply $net4.2 -> $net4.1"
hops "icmp6 and src ${net6}1 and not ip6[40] = 143" ping -q -c 1 -W 5 "${net6}2"
sed -i '/ echo reply /d' "$case_dir/lines"
group=ff02::1:ff00:2
assert_hops "a va out icmp6 neighbour solicitation ${net6}1 -> $group
b vb in icmp6 neighbour solicitation ${net6}1 -> $group
a va out icmp6 echo request ${net6}1 -> ${net6}2
b vb in icmp6 echo request ${net6}1 -> ${net6}2"

# Frames made by hand, from va.
send() # FILTER HEX...
{
	local filter=$1
	shift
	printf '%s' "$@" | xxd -r -p >"$case_dir/frame"
	hops "$filter" sh -c "socat -u OPEN:$case_dir/frame INTERFACE:va"
}
macs=${mac_b//:/}${mac_a//:/}
zeros=$(printf '0%.0s' {1..60})
hex4() # ADDRESS
{
	# shellcheck disable=SC2046,SC2183 # four numbers
	printf '%02x%02x%02x%02x' $(tr . ' ' <<<"$1")
}
pair4=$(hex4 "$net4.1")$(hex4 "$net4.2")
pair6=fd0000bf$(printf %04x $(($$ % 65536)))00000000000000000001
pair6=$pair6${pair6%1}2
udp=1234000900080000

send "ether proto 0x88b5" "$macs" 88b5 "$zeros"
assert_hops "a va out ethernet $mac_a -> $mac_b type 0x88b5
b vb in ethernet $mac_a -> $mac_b type 0x88b5"
send "ip proto 253" "$macs" 0800 4500001c0000000040fd0000 "$pair4" "$zeros"
assert_hops "a va out ipv4 $net4.1 -> $net4.2 proto 253
b vb in ipv4 $net4.1 -> $net4.2 proto 253"
send "vlan 5 and udp" "$macs" 8100 0005 0800 4500001c0000000040110000 "$pair4" $udp "$zeros"
assert_hops "a va out udp $net4.1:PORT -> $net4.2:9 vlan 5
b vb in udp $net4.1:PORT -> $net4.2:9 vlan 5"
# hop-by-hop options, destination options, then UDP
send "ip6 and src ${net6}1 and ip6[6] = 0" "$macs" 86dd 6000000000180040 "$pair6" \
	3c00010400000000 1100010400000000 $udp
assert_hops "a va out udp [${net6}1]:PORT -> [${net6}2]:9
b vb in udp [${net6}1]:PORT -> [${net6}2]:9"

# Fragments: the first one has the ICMPv6 header behind that of the fragment.
hops "ip6 and src ${net6}1 and ip6[6] = 44" ping -q -c 1 -W 5 -s 2000 "${net6}2"
assert_hops "a va out icmp6 echo request ${net6}1 -> ${net6}2
b vb in icmp6 echo request ${net6}1 -> ${net6}2
a va out icmp6 ${net6}1 -> ${net6}2 fragment
b vb in icmp6 ${net6}1 -> ${net6}2 fragment"
