#!/bin/bash
# tcpdump is running at both ends: of what is sent it gets a clone, which is a branch with
# an end of its own; of what is received it looks at the packet itself, which goes on.
. "$(dirname "$0")/lib.sh"
require functions
require socat tcpdump

topology_pair
ping_once a "$net4.2"
in_ns b socat -u UDP4-RECV:7777 OPEN:/dev/null &
case_pids+=($!)
port_wait b udp 7777
for end in a b; do
	: >"$case_dir/$end.err"
	ip netns exec "$(ns $end)" tcpdump -Z root --immediate-mode -U -n -i "v$end" -w "$case_dir/$end.pcap" \
		"udp port 7777" 2>"$case_dir/$end.err" &
	case_pids+=($!)
	lines_come "$case_dir/$end.err" 1 'listening on'
done

trace_some "udp dst port 7777" -- \
	ip netns exec "$(ns a)" bash -c "echo tag >/dev/udp/$net4.2/7777"
assert_json 'length == 2'
assert_lineage
assert_time
assert_only "$net4.1" "$net4.2"

pick '.parent == null'
assert_path '.branches == [2]'
assert_namespaces a b
assert_order __ip_local_out __dev_queue_xmit net_dev_start_xmit netif_receive_skb \
	tpacket_rcv ip_local_deliver __udp_enqueue_schedule_skb
assert_path '.end.kind == "delivered" and .steps[-1].comm == "socat"'

pick '.parent == 1'
assert_path '.relation == "clone" and (.maker | test("^(__)?skb_clone$"))
	and .caller == "dev_queue_xmit_nit"'
assert_namespaces a
assert_path 'all(.steps[]; .func | test("veth|netif_r|ip_rcv") | not)'
assert_end 'consumed|delivered'
assert_path '.end.where | test("^(tpacket_rcv|packet_rcv)")'

# Both have it indeed.
for pid in "${case_pids[@]:1}"; do
	kill "$pid"
	wait "$pid" || :
done
for end in a b; do
	tcpdump -Z root -nr "$case_dir/$end.pcap" >"$case_dir/$end.text" 2>/dev/null
	[ "$(grep -c 'UDP, length 4' "$case_dir/$end.text")" = 1 ] || fail "tcpdump in $end has no packet"
done
