#!/bin/bash
# --conversation, where somebody else has the same addresses and ports in other namespaces
# at the same time: theirs is another conversation.
. "$(dirname "$0")/lib.sh"

topology_pair
ns_add c d
veth_add c vc d vd
addr_add c vc 1
addr_add d vd 2
for end in b d; do
	in_ns $end socat UDP4-LISTEN:7007,fork EXEC:cat &
	case_pids+=("$!")
	port_wait $end udp 7007
done
ping_once a "$net4.2"
ping_once c "$net4.2"

# Only what has this type of service matches: requests from a, and nothing else.
cat >"$case_dir/ask" <<END
ask() # NS OPTIONS
{
	echo question | ip netns exec "\$1" socat -t 1 - "UDP4:$net4.2:7007,sourceport=5001\$2"
	echo to nobody | ip netns exec "\$1" socat -u - "UDP4:$net4.2:4711,sourceport=5002\$2"
}
ask $(ns a) ,tos=16
ask $(ns c)
ask $(ns a) ,tos=16
END
assert_ours()
{
	assert_json 'roots | map(.packet.sport) | sort ==
		[null, null, 5001, 5001, 5002, 5002, 7007, 7007]'
	assert_json 'roots | map(select(.packet.proto == "icmp")) | length == 2'
	assert_json 'all(.[].steps[].netns.name // empty; . == $a or . == $b)' \
		--arg a "$(ns a)" --arg b "$(ns b)"
}
for backend in '' tcx; do
	[ -z "$backend" ] || kernel_at_least 6.6 || continue
	trace_some --conversation "udp and ip[1] == 16" -- sh "$case_dir/ask"
	assert_ours
done
