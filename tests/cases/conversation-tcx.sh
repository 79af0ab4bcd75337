#!/bin/bash
# --conversation as on a kernel where nothing may be read.
. "$(dirname "$0")/lib.sh"
kernel_at_least 6.6 || skip "there is no tcx before Linux 6.6"

topology_pair
ping_once a "$net4.2"
trace_some -b tcx --conversation "icmp[icmptype] == icmp-echo and src host $net4.1" -- \
	ip netns exec "$(ns a)" ping -q -c 2 -i 0.3 -W 5 "$net4.2"
assert_json 'roots | length == 4 and (map(.packet.icmp.id) | unique | length == 1)'
