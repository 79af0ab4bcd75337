#!/bin/bash
# 4000 bytes over UDP with an MTU of 1500: two more fragments come of the packet,
# and on the other side all of them become one again, by the one that comes last.
. "$(dirname "$0")/lib.sh"
require functions
require socat

topology_pair
ping_once a "$net4.2"
ping_once a "${net6}2"
head -c 4000 /dev/zero >"$case_dir/data"

check() # FILTER ADDRESS
{
	trace_some "$1" -- ip netns exec "$(ns a)" socat -b 4000 -u "OPEN:$case_dir/data" "$2"
	assert_lineage
	assert_json 'map(select(.relation == "fragment")) | length == 2 and all(.[]; .parent == 1)'
	assert_json 'map(select(.parent == null)) | length == 1 and .[0].id == 1'
	assert_each true '.packet.proto == "udp"'

	# The last one is the packet that is delivered, and everything else is in it.
	pick '.members'
	assert_path '.relation == "fragment"'
	assert_order 'ip_do_fragment|ip6_fragment' net_dev_start_xmit inet_frag_queue_insert \
		inet_frag_reasm_prepare __udp_enqueue_schedule_skb skb_copy_datagram_iovec
	assert_path '.end.kind == "delivered" and .end.comm == "socat"'
	assert_json '. as $all | .[] | select(.members) | .id as $id
		| (.members | sort) == ([$all[].id] - [$id] | sort)'
	assert_json 'map(select(.end.kind == "merged")) | length == 3'

	# It was cloned for the memory of the first one, as the kernel does that.
	assert_json 'map(select(.relation == "clone")) | length == 1
		and .[0].caller == "inet_frag_reasm_prepare" and .[0].parent == .[0].end.into'
}

udp_sink b 7777
check "udp dst port 7777" "UDP4:$net4.2:7777"
check "udp dst port 7777" "UDP6:[${net6}2]:7777"
