#!/bin/bash
# A module that is loaded while functions are probed: its own are, too.
. "$(dirname "$0")/lib.sh"
require functions
kernel_has_multi || skip "only kprobe.multi looks for functions again (-b kprobe does not yet)"

topology_pair
ping_once a "$net4.2"
if grep -q '^macvlan ' /proc/modules || ! modprobe -n -q macvlan 2>/dev/null; then
	skip "there is no module macvlan that is not loaded yet"
fi

trace_background "icmp and host $net4.9"
ip -n "$(ns a)" link add m0 link va type macvlan mode bridge
ip -n "$(ns a)" link set m0 up
ip -n "$(ns a)" addr add "$net4.9/32" dev m0
waited=0
until grep -q 'a module was loaded: [0-9]* more function' "$case_dir/err"; do
	[ "$waited" -lt 300 ] || fail "the module was not noticed"
	waited=$((waited + 1))
	sleep 0.1
done
in_ns b ping -q -c 1 -W 5 "$net4.9" >/dev/null || fail "no ping to the new device"
# While it is probed the kernel may hold the module; afterwards nothing does.
ip -n "$(ns a)" link del m0
modprobe -r macvlan 2>"$case_dir/rmmod" || echo "# still traced: $(cat "$case_dir/rmmod")"
in_ns a ping -q -c 1 -W 5 "$net4.2" >/dev/null || fail "no ping after rmmod"
command_end
wait "$bpfpath" || fail "bpfpath failed"
if grep -q '^macvlan ' /proc/modules; then
	modprobe -r macvlan || fail "the module is in use after the end"
fi

pick_flow "$net4.2" "$net4.9" '.packet.icmp.type == 8'
assert_order macvlan_handle_frame ip_rcv icmp_rcv
