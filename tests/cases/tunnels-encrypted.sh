#!/bin/bash
# Through a tunnel that encrypts, and out of it in another namespace: what is inside cannot
# be seen on the wire, but it is the same sk_buff, so that it is one path all the same.
. "$(dirname "$0")/lib.sh"
require functions

inner=${net4%.*}.$((${net4##*.} ^ 1)) # the network inside
tried=0
missing=

# Both ways in, of the packet that is picked: with a filter on the inner flow, and on the
# one around it, of which only packets with data in them matter here.
check() # INNER-HOPS OUTER-FILTER
{
	local way=$1 outer=$2
	tried=$((tried + 1))
	trace_some "icmp[icmptype] == icmp-echo and dst $inner.2" -- \
		ip netns exec "$(ns a)" ping -c 1 -W 5 "$inner.2"
	assert_json 'length == 1'
	pick_flow "$inner.1" "$inner.2"
	assert_namespaces a b
	assert_path '[.steps[].changes.tunnel // empty] == ["entered", "left"]'
	assert_path '[.steps[].changes // {} | .src | select(. != null)] ==
		[[$in, $out], [$out, $in]]' --arg in "$inner.1" --arg out "$net4.1"
	assert_path '[hops[] | sub(".*:"; "")] == ($way | split(" "))' --arg way "$way"
	assert_path 'sound'
	assert_end 'consumed|delivered'

	trace_some "$outer and src $net4.1" -- ip netns exec "$(ns a)" ping -c 1 -W 5 "$inner.2"
	assert_json '[.[] | select(any(.steps[]; .changes.tunnel == "left"))] | length == 1'
	pick 'any(.steps[]; .changes.tunnel == "left")'
	assert_namespaces a b
	assert_path '[.steps[].changes // {} | .src | select(. != null)] == [[$out, $in]]' \
		--arg in "$inner.1" --arg out "$net4.1"
	assert_path '.packet.src == $out and sound' --arg out "$net4.1"
	assert_end 'consumed|delivered'
}

topology_pair
ping_once a "$net4.2"

# ---- WireGuard
wireguard_add() # NS HOST PEER-HOST
{
	ip -n "$(ns "$1")" link add tun type wireguard 2>/dev/null || return 1
	in_ns "$1" wg set tun private-key "$case_dir/key.$2" listen-port 51820 \
		peer "$(wg pubkey <"$case_dir/key.$3")" allowed-ips "$inner.$3/32" \
		endpoint "$net4.$3:51820"
	ip -n "$(ns "$1")" addr add "$inner.$2/24" dev tun
	ip -n "$(ns "$1")" link set tun up
}
if ! type -P wg >/dev/null; then
	missing="$missing wg"
else
	umask 077
	wg genkey >"$case_dir/key.1"
	wg genkey >"$case_dir/key.2"
	if wireguard_add a 1 2; then
		wireguard_add b 2 1
		ping_once a "$inner.2"
		check 'tun va vb tun' 'udp dst port 51820'
		ip -n "$(ns a)" link del tun
		ip -n "$(ns b)" link del tun
	else
		missing="$missing WireGuard"
	fi
fi

# ---- ESP in tunnel mode
esp_add() # NS HOST PEER-HOST
{
	local from to
	ip -n "$(ns "$1")" addr add "$inner.$2/32" dev lo
	for from in "$2" "$3"; do
		to=$((3 - from))
		ip -n "$(ns "$1")" xfrm state add src "$net4.$from" dst "$net4.$to" proto esp \
			spi "0x10$from" reqid 7 mode tunnel \
			auth 'hmac(sha256)' "0x$(printf '%064d' "$from")" \
			enc 'cbc(aes)' "0x$(printf '%032d' "$from")" 2>/dev/null || return 1
		ip -n "$(ns "$1")" xfrm policy add src "$inner.$from" dst "$inner.$to" \
			dir "$([ "$from" = "$2" ] && echo out || echo in)" \
			tmpl src "$net4.$from" dst "$net4.$to" proto esp reqid 7 mode tunnel
	done
	ip -n "$(ns "$1")" route add "$inner.$3" via "$net4.$3" src "$inner.$2"
}
if esp_add a 1 2; then
	esp_add b 2 1
	ping_once a "$inner.2"
	check 'va vb' 'ip proto 50'
else
	missing="$missing ESP"
fi
[ "$tried" -gt 0 ] || skip "kernel $(uname -r) has no tunnels that encrypt"
[ -z "$missing" ] || skip "there is no$missing on $(uname -r): with the other it is so"
