#!/bin/bash
# A packet that an nftables rule drops says so.
. "$(dirname "$0")/lib.sh"
require nft

topology_pair
ping_once a "$net4.2"
in_ns b nft 'add table ip t; add chain ip t in { type filter hook input priority 0; }
	add rule ip t in icmp type echo-request drop' 2>"$case_dir/nft" ||
	skip "nftables does not work here: $(head -n 1 "$case_dir/nft")"

assert_packets -e 'count == 1' -e "$(dropped NETFILTER_DROP)" \
	-e 'order net_dev_queue net_dev_start_xmit netif_rx netif_receive_skb kfree_skb' \
	"icmp and host $net4.2" -- sh -c "ip netns exec $(ns a) ping -c 1 -W 1 $net4.2 || :"
pick_flow "$net4.1" "$net4.2"
assert_namespaces a b
assert_path '.end.where | test("^(nf_hook_slow|nft_do_chain)")'
