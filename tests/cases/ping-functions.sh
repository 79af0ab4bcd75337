#!/bin/bash
# The same ping function by function, on kernels that allow it.
. "$(dirname "$0")/lib.sh"
require functions

topology_bridge box
here=$net4.1 there=$net4.11
ping_once host "$there"

trace_some -p "$zoom_all" "icmp and host $there" -- ip netns exec "$(ns host)" ping -c 1 -W 5 "$there"
assert_only "$here" "$there"
assert_time

pick_flow "$here" "$there" '.packet.icmp.type == 8'
assert_order __ip_local_out __dev_queue_xmit 'netif_rx|__netif_rx|netif_rx_internal' \
	ip_rcv ip_local_deliver icmp_rcv
if kernel_has_module_btf; then
	assert_order __ip_local_out __dev_queue_xmit br_dev_xmit 'br_forward|__br_forward' \
		ip_rcv
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
