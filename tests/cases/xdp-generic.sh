#!/bin/bash
# Generic XDP has the packet as an sk_buff, and may copy it: one path, until the program
# drops it, or behind the device that it sends it to or back from.
. "$(dirname "$0")/lib.sh"
require functions
topology_xdp

# On 5.10 it cannot be seen: inlined into __netif_receive_skb_core().
asked=(do_xdp_generic)
kernel_has_module_btf || asked=()

xdp b vb generic 7777 pass
one_path
assert_order netif_rx "${asked[@]}" ip_local_deliver kfree_skb
assert_namespaces a b
assert_dropped NO_SOCKET
xdp b vb generic 7777 drop
one_path
assert_namespaces a b
assert_end dropped
assert_path '.end.where | test("^(do_xdp_generic|netif_receive_generic_xdp|__netif_receive_skb_core)")'
xdp b vb generic 7777 vc
one_path
assert_namespaces a b c
assert_order "${asked[@]}" generic_xdp_tx ip_local_deliver kfree_skb
assert_dropped NO_SOCKET

xdp b vb generic 7777 tx
one_path
assert_namespaces a b a
assert_order netif_rx "${asked[@]}" generic_xdp_tx netif_rx kfree_skb
assert_dropped OTHERHOST
