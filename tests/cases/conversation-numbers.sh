#!/bin/bash
# Which packets have the number of one conversation: both directions, an error and what it is
# about, the fragments of a packet; not what looks the same in namespaces that none of them
# was seen to cross. Of localhost request and reply are two packets, and one conversation.
. "$(dirname "$0")/lib.sh"
require socat

topology_pair
ping_once a "$net4.2"

# The numbers are given as packets end, and one that a process has read may stay in memory
# for long (skb_attempt_defer_free): which is the first of two is no fact.
conversations='roots | sort_by(.id) | group_by(.conversation) | sort_by(.[0].id)'

numbers() # OPTION... FILTER -- COMMAND...
{
	trace_some "$@"
	assert_json 'all(.[]; sound and .conversation != null)'
	assert_json 'INDEX(.id) as $by | all(.[]; .conversation == $by[.root | tostring].conversation)'
}

# Nobody listens there.
numbers "udp and dst port 4711 or icmp[icmptype] == icmp-unreach" -- \
	ip netns exec "$(ns a)" bash -c "echo x >/dev/udp/$net4.2/4711
		echo y >/dev/udp/$net4.2/4712" || :
assert_json "$conversations | map(map(.packet.proto))"' == [["udp", "icmp"], ["icmp"]]'

# Two packets that need two fragments each.
numbers "icmp[icmptype] == icmp-echo and src host $net4.1 or
	ip[6:2] & 0x1fff != 0 and src host $net4.1" -- \
	ip netns exec "$(ns a)" ping -q -c 2 -i 0.3 -s 2000 -W 5 "$net4.2"
assert_json '(map(.conversation) | unique) == [1]
	and (map(select(.packet.fragment)) | length >= 2)
	and (map(.packet.icmp.seq // empty) | unique) == [1, 2]'

lo=(ip netns exec "$(ns a)" ping -q -c 1 -W 5 127.0.0.1)
numbers "icmp and host 127.0.0.1" -- "${lo[@]}"
assert_json 'roots | sort_by(.id) | length == 2 and map(.packet.icmp.type) == [8, 0] and
	(map(.conversation) | unique) == [1] and all(.[]; hops == [$lo])' --arg lo "$(ns a):lo"
assert_each true '.end.kind | test("^(consumed|delivered)$")'

# The same addresses and ports once more, elsewhere.
ns_add c d
veth_add c vc d vd
addr_add c vc 1
addr_add d vd 2
ping_once c "$net4.2"
for name in b d; do
	in_ns $name socat UDP4-LISTEN:7009,fork EXEC:cat &
	case_pids+=("$!")
	port_wait $name udp 7009
done
cat >"$case_dir/ask" <<END
for name in a c; do
	echo question | ip netns exec bpfpath-$$-\$name socat -t 2 - UDP4:$net4.2:7009,sourceport=5009
done
END
numbers "udp and port 7009" -- sh "$case_dir/ask"
assert_json "$conversations"' | map(map([.packet.dport, namespaces[-1]])) ==
	[[[7009, $b], [5009, $a]], [[7009, $d], [5009, $c]]]' \
	--arg a "$(ns a)" --arg b "$(ns b)" --arg c "$(ns c)" --arg d "$(ns d)"
