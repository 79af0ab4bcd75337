#!/bin/bash
# Wireshark's reader finds the hops of a recorded ping in order: packet, device,
# namespace, direction, words, and the end with the last one.
. "$(dirname "$0")/lib.sh"

require tshark
topology_bridge box
there=$net4.11
ping_once host "$there"
status=0
"$BPFPATH" record -o "$case_dir/file" -p hops "icmp and host $there" -- \
	ip netns exec "$(ns host)" ping -q -c 1 -W 5 "$there" \
	</dev/null >"$case_dir/out" 2>"$case_dir/err" || status=$?
assert_status 0
fields=(-e frame.packet_id -e frame.interface_name -e frame.interface_description
	-e frame.packet_flags_direction -e icmp.type -e frame.comment)
tshark -r "$case_dir/file" -Y frame.interface_id -T fields -E separator='|' "${fields[@]}" \
	>"$case_dir/packets" 2>"$case_dir/err" || fail "tshark failed"

hop() # LINE PATTERN
{
	sed -n "$1p" "$case_dir/packets" | grep -qE "^$2" ||
		fail "packet $1 is not $2: $(cat "$case_dir/packets")"
}

host="network namespace $(ns host), inode [0-9]+, device [0-9]+"
box="network namespace $(ns box), inode [0-9]+, device [0-9]+"
hop 1 "1\|br0\|$host\|0x0*2\|8\|#1: net_dev_queue.* in ping/"
hop 2 "1\|v-box\|$host\|0x0*2\|8\|#1: net_dev_queue"
hop 3 "1\|eth0\|$box\|0x0*1\|8\|#1: netif_rx.*; consumed by icmp_rcv"
hop 4 "2\|eth0\|$box\|0x0*2\|0\|#2: net_dev_queue"
hop 5 "2\|v-box\|$host\|0x0*1\|0\|#2: netif_rx"
hop 6 "2\|br0\|$host\|0x0*1\|0\|#2: netif_r"
# In the socket its Ethernet header is gone, which some kernels tell as a change.
hop '$' '2\|br0\|.*; delivered to ping/'
[ "$(wc -l <"$case_dir/packets")" -le 7 ] || fail "foreign packets: $(cat "$case_dir/packets")"
