#!/bin/bash
# The path of a packet that is sent here begins at its socket, where its IP header
# does not exist yet, if the filter asks for addresses, ports and protocols only.
. "$(dirname "$0")/lib.sh"
require functions
require socat

udp=4711 tcp=4713 other_udp=4712 other_tcp=4714
topology_pair
ping_once a "$net4.2"
ping_once a "${net6}2"
for port in $udp $other_udp; do
	ip netns exec "$(ns b)" socat -u "UDP6-RECV:$port,ipv6-v6only=0" - >/dev/null &
	case_pids+=("$!")
	port_wait b udp6 "$port"
done
for port in $tcp $other_tcp; do
	ip netns exec "$(ns b)" socat -u "TCP6-LISTEN:$port,ipv6-v6only=0,reuseaddr,fork" - >/dev/null &
	case_pids+=("$!")
	port_wait b tcp6 "$port"
done

in_a() # bpfpath's options and filter: the commands on standard input run in a
{
	cat >"$case_dir/load"
	trace "$@" -- ip netns exec "$(ns a)" bash "$case_dir/load"
	assert_time
}

begins='.steps[0] | select(.netns.name == $a) | .func'

assert_begins() # SELECT FUNCTION
{
	assert_json '[.[] | select('"$1"') | '"$begins"'] | length > 0 and unique == [$func]' \
		--arg a "$(ns a)" --arg func "$2"
}

# That a header is being made on the way down is no change of the packet.
assert_made()
{
	assert_json '[.[].steps | select(.[0].func | test("send_skb|queue_xmit|csk_xmit"))
		| .[:(map((.dev.name // "") != "" or .changes.dport != null) | index(true))][]
		| .changes // {} | keys[]] - ["mark", "checksum"] == []'
}

# ---- UDP: connected and not, each packet once, and none of the neighbour's
in_a "port $udp" <<END
exec 3<>/dev/udp/$net4.2/$udp 4<>/dev/udp/$net4.2/$other_udp
exec 5<>/dev/udp/${net6}2/$udp 6<>/dev/udp/${net6}2/$other_udp
for i in {1..20}; do
	for fd in 3 4 5 6; do echo \$i >&\$fd; done
done
for port in $udp $other_udp; do
	echo 21 | socat -u - UDP4-SENDTO:$net4.2:\$port
	echo 21 | socat -u - UDP6-SENDTO:[${net6}2]:\$port
	echo 21 | socat -u - UDP6-SENDTO:[::ffff:$net4.2]:\$port
done
END
assert_status 0
assert_only "$net4.1" "$net4.2" "${net6}1" "${net6}2"
assert_json 'all(.[]; sound and .packet.proto == "udp" and .packet.dport == $port)' \
	--argjson port $udp
assert_json 'map(select(.packet.src == $v4)) | length == 22' --arg v4 "$net4.1"
assert_json 'map(select(.packet.src == $v6)) | length == 21' --arg v6 "${net6}1"
assert_begins '.packet.dst | contains(".")' udp_send_skb
assert_begins '.packet.dst | contains(":")' udp_v6_send_skb
assert_json 'all(.[]; [.steps[] | select(name | test("^udp(_v6)?_send_skb$"))] | length == 1)'
assert_json 'all(.[]; .steps[0].dev.name == null and .packet.ttl == 64 and .packet.len >= 30)'
assert_json 'all(.[]; namespaces == [$a, $b])' --arg a "$(ns a)" --arg b "$(ns b)"
pick_flow "$net4.1" "$net4.2"
assert_order udp_send_skb __ip_local_out ip_output __dev_queue_xmit \
	net_dev_queue netif_receive_skb ip_local_deliver
pick_flow "${net6}1" "${net6}2"
assert_order udp_v6_send_skb __ip6_local_out ip6_output __dev_queue_xmit \
	net_dev_queue netif_receive_skb ip6_input
assert_made

# ---- TCP: what a connected socket sends, and the rest of the headers later
in_a "tcp port $tcp" <<END
for port in $tcp $other_tcp; do
	echo data | socat -u - TCP4:$net4.2:\$port
	echo data | socat -u - TCP6:[${net6}2]:\$port
	echo data | socat -u - TCP6:[::ffff:$net4.2]:\$port
done
END
assert_status 0
assert_only "$net4.1" "$net4.2" "${net6}1" "${net6}2"
assert_json 'all(.[]; .packet.sport == $port or .packet.dport == $port)' --argjson port $tcp
# Others may be of a connection that is closed already, which has no socket any more.
own='(.packet.tcp.flags | test("SYN|PSH|FIN"))'
assert_begins '.packet.src == "'"$net4.1"'" and '"$own" __ip_queue_xmit
assert_begins '.packet.src == "'"${net6}1"'" and '"$own" inet6_csk_xmit
for first in __ip_queue_xmit inet6_csk_xmit; do
	assert_json '[.[] | select(.steps[0].func == $func)] | length > 0 and all(.[];
		sound and .packet.ttl == 64 and .packet.tcp.seq > 0 and
		([.steps[] | select(.func == $func)] | length == 1) and
		([.steps[] | select(.func == "net_dev_start_xmit")] | length == 1))' \
		--arg func "$first"
done
# One path for each SYN, of which there are three.
assert_json '[.[] | select(.packet.dport == $port and .packet.tcp.flags == "SYN")
	| [.packet.sport, .packet.tcp.seq]] | length >= 3 and (unique | length == 3)' \
	--argjson port $tcp
pick_flow "$net4.1" "$net4.2" "$own"
assert_order __ip_queue_xmit __ip_local_out ip_output __dev_queue_xmit net_dev_queue \
	netif_receive_skb tcp_v4_rcv
pick_flow "${net6}1" "${net6}2" "$own"
assert_order inet6_csk_xmit ip6_output __dev_queue_xmit net_dev_queue \
	netif_receive_skb tcp_v6_rcv
assert_made

# ---- a filter that needs the headers themselves: IP output, as with any packet
in_a "udp port $udp and ip[8] > 1" <<<"echo >/dev/udp/$net4.2/$udp"
assert_json 'length == 1'
pick true
assert_path '.steps[0].func | test("^(__)?ip_local_out$")'
in_a "tcp dst port $tcp and tcp[tcpflags] & tcp-syn != 0" <<<"echo >/dev/tcp/$net4.2/$tcp"
assert_json 'length >= 1'
pick true
assert_path '.steps[0].func | test("^(__)?ip_local_out$")'
# Likewise for packets on one device: at the socket there is none.
in_a -i va "udp port $udp" <<<"echo >/dev/udp/$net4.2/$udp"
assert_json 'length == 1 and .[0].steps[0].func == "__dev_queue_xmit"'
# A zoom without functions has no gates at sockets.
in_a -p hops "udp port $udp" <<<"echo >/dev/udp/$net4.2/$udp"
assert_json 'length == 1 and .[0].steps[0].func == "net_dev_queue"'

# ---- options in the header: it is left to the next gate, which can read them
in_a "port $udp or port $tcp" <<END
echo | socat -u - UDP4-SENDTO:$net4.2:$udp,ipoptions=x01010101
echo | socat -u - TCP4:$net4.2:$tcp,ipoptions=x01010101
END
assert_json '[.[] | select(.packet.src == $a) | .packet.proto] | unique == ["tcp", "udp"]' \
	--arg a "$net4.1"
assert_json 'all(.[] | select(.packet.src == $a); .steps[0].func
	| test("^(__)?ip_local_out$"))' --arg a "$net4.1"
# With an extension header (IPV6_DSTOPTS) it is no UDP for libpcap, nor for us.
options=setsockopt=41:59:x0000010400000000
in_a "udp port $udp" <<<"echo | socat -u - UDP6-SENDTO:[${net6}2]:$udp,$options"
assert_status 3

# ---- changed on the way: it is shown as its sender made it
type -P nft >/dev/null || skip "there is no nft here: the rest was not run"
in_ns a nft -f - <<END || skip "kernel $(uname -r) has no NAT: the rest was not run"
table ip bpfpath {
	chain out {
		type nat hook output priority -100
		udp dport 4721 dnat to :$udp
		tcp dport 4723 dnat to :$tcp
	}
}
END
in_a "dst port 4721 or dst port 4723" <<END
echo >/dev/udp/$net4.2/4721
echo >/dev/tcp/$net4.2/4723
END
assert_json 'map(select(.packet.proto == "udp")) | length == 1'
assert_json 'all(.[]; .packet.dport == 4721 or .packet.dport == 4723)'
assert_begins '.packet.proto == "udp"' udp_send_skb
assert_begins '.packet.proto == "tcp" and '"$own" __ip_queue_xmit
assert_json 'all(.[] | select(.packet.proto == "udp" or '"$own"');
	.packet.ttl == 64 and any(.steps[]; .changes.dport == [4721, $udp] or
		.changes.dport == [4723, $tcp]))' \
	--argjson udp $udp --argjson tcp $tcp
assert_made
