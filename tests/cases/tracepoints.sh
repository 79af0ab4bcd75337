#!/bin/bash
# Every tracepoint says which it is, and has its packet where it is looked for: also where
# functions are probed, and tracepoints of a kind share a program.
. "$(dirname "$0")/lib.sh"
require socat
! grep -q '\[confidentiality\]' /sys/kernel/security/lockdown 2>/dev/null ||
	skip "where nothing may be read tracepoints are no gates"

topology_pair
ping_once a "$net4.2"
udp_sink b 7001
ip netns exec "$(ns a)" tc qdisc add dev va root tbf rate 100mbit burst 10000 limit 100000 ||
	skip "kernel $(uname -r) has no tbf"
cat >"$case_dir/list" <<-END
	ip_rcv
	tcp_v4_rcv
	udp_queue_rcv_one_skb
END
# To somebody, to nobody by UDP, and to nobody by TCP.
cat >"$case_dir/send" <<-END
	printf one >/dev/udp/$net4.2/7001
	printf two >/dev/udp/$net4.2/7002
	sleep 0.5
	true 2>&1 >/dev/tcp/$net4.2/7003
	sleep 0.5
END

# What was seen at tracepoints of a packet to this port, one name a line; without what is
# only looked at where no function tells as much.
seen() # PORT
{
	pick_flow "$net4.1" "$net4.2" ".packet.dport == $1 and .parent == null"
	jq -r '.steps[] | select(.kind == "tracepoint" and .func != "sk_data_ready") | .func' <"$case_dir/path"
}

# Of each port, with these options.
see() # NAME OPTION...
{
	local name=$1 port
	shift
	backend='' zoom='' trace_some -v "$@" "host $net4.2 and (udp or tcp)" -- \
		ip netns exec "$(ns a)" bash "$case_dir/send"
	! grep -E "tracepoint '.*' cannot be attached" "$case_dir/err" ||
		fail "a tracepoint is left out"
	for port in 7001 7002 7003; do
		seen $port >"$case_dir/seen-$name-$port"
	done
	assert_order_of "$name" 7001 net_dev_queue qdisc_enqueue qdisc_dequeue \
		net_dev_start_xmit netif_rx netif_receive_skb
	assert_order_of "$name" 7002 net_dev_queue qdisc_enqueue qdisc_dequeue \
		net_dev_start_xmit netif_rx netif_receive_skb icmp_send kfree_skb
	# Before 6.10 that needs a socket (net/ipv4/tcp_ipv4.c, tcp_v4_send_reset).
	kernel_at_least 6.10 || return 0
	assert_order_of "$name" 7003 net_dev_queue qdisc_enqueue qdisc_dequeue \
		net_dev_start_xmit netif_rx netif_receive_skb tcp_send_reset
}

# Those that this kernel has, each once and in this order, others between them.
assert_order_of() # NAME PORT TRACEPOINT...
{
	local name=$1 port=$2 tracepoint line last=0
	shift 2
	for tracepoint; do
		"$BPFPATH" list "$tracepoint" 2>/dev/null | grep -q tracepoint || continue
		line=$(grep -nx "$tracepoint" "$case_dir/seen-$name-$port" | cut -d : -f 1) || :
		[[ $line =~ ^[0-9]+$ && $line -gt $last ]] || {
			cat "$case_dir/seen-$name-$port"
			fail "$name, port $port: $tracepoint is not seen once, after line $last"
		}
		last=$line
	done
}

see alone -b tracepoint
kernel_has_functions || exit 0
see functions -p "$case_dir/list"
for port in 7001 7002 7003; do
	diff "$case_dir/seen-alone-$port" "$case_dir/seen-functions-$port" ||
		fail "port $port: tracepoints beside functions see something else"
done
