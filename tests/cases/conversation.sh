#!/bin/bash
# --conversation: what answers a packet that matches is followed, too, and errors that quote
# it; nothing else is.
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
