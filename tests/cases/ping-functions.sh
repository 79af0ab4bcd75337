#!/bin/bash
# The same ping function by function, on kernels that allow it: that of ping(8), and that
# of bpfpath ping, which shows no other.
. "$(dirname "$0")/lib.sh"
require functions

topology_bridge box
here=$net4.1 there=$net4.11
ping_once host "$there"

# The functions of the request and of the reply, in order; nothing foreign.
assert_there_and_back()
{
	assert_only "$here" "$there"
	assert_time

	pick_flow "$here" "$there" '.packet.icmp.type == 8'
	assert_order __ip_local_out __dev_queue_xmit 'netif_rx|__netif_rx|netif_rx_internal' \
		ip_rcv ip_local_deliver icmp_rcv
	if kernel_has_module_btf; then
		assert_order __ip_local_out __dev_queue_xmit br_dev_xmit \
			'br_forward|__br_forward' ip_rcv
	fi
	assert_namespaces host box
	assert_end 'consumed|delivered'

	pick_flow "$there" "$here" '.packet.icmp.type == 0'
	assert_order __ip_local_out __dev_queue_xmit ip_rcv ip_local_deliver icmp_rcv
	if kernel_has_module_btf; then
		assert_order __ip_local_out __dev_queue_xmit br_handle_frame_finish ip_rcv
	fi
	assert_namespaces box host
	assert_end 'consumed|delivered'
}

trace_some -p "$zoom_all" "icmp and host $there" -- ip netns exec "$(ns host)" ping -c 1 -W 5 "$there"
assert_there_and_back

# Another ping takes the same way at the same time.
run_background ping -n "$(ns host)" -p "$zoom_all" -f json -c 1000 -i 0.5 -W 300 "$there"
run_until 2 '"packet"'
in_ns host ping -q -c 5 -i 0.2 "$there" >/dev/null
run_until $(($(grep -c '"packet"' "$case_dir/lines") + 2)) '"packet"'
run_interrupt
assert_status 0
jq -c 'select(.echo)' "$case_dir/lines" >"$case_dir/echoes"
jq -c 'select(.packet)' "$case_dir/lines" >"$case_dir/out"
assert_there_and_back
# Requests and replies of one ping, each echo with its own, and nothing else.
assert_json 'roots | map(select(.packet.icmp) | .packet.icmp.id) | unique | length == 1'
assert_json 'INDEX(.id) as $by | $echoes | map(select(.reply))
	| length >= 2 and all(.[];
		($by[.request.path | tostring].packet.icmp | [.type, .seq]) == [8, .echo] and
		($by[.reply.path | tostring].packet.icmp | [.type, .seq]) == [0, .echo])' \
	--slurpfile echoes "$case_dir/echoes"
