#!/bin/bash
# A module that is loaded while functions are probed: its own are, too. Unloading
# it meanwhile does no harm.
. "$(dirname "$0")/lib.sh"
require functions
kernel_has_module_btf || skip "kernel $(uname -r) has no BTF of modules"

topology_pair
ping_once a "$net4.2"
if grep -q '^macvlan ' /proc/modules || ! modprobe -n -q macvlan 2>/dev/null; then
	skip "there is no module macvlan that is not loaded yet"
fi

macvlan_add()
{
	ip -n "$(ns a)" link add m0 link va type macvlan mode bridge
	ip -n "$(ns a)" link set m0 up
	ip -n "$(ns a)" addr add "$net4.9/32" dev m0
}

trace_background "icmp and host $net4.9"
macvlan_add
lines_come "$case_dir/err" 1 'a module was loaded: [0-9]* more function'
in_ns b ping -q -c 1 -W 5 "$net4.9" >/dev/null || fail "no ping to the new device"
ip -n "$(ns a)" link del m0
if kernel_has_multi && kernel_at_least 6.3; then
	! modprobe -r macvlan 2>"$case_dir/rmmod" || fail "unloaded although it is probed"
	grep -q 'in use' "$case_dir/rmmod" || fail "$(cat "$case_dir/rmmod")"
else
	modprobe -r macvlan || fail "it cannot be unloaded while it is probed"
	lines_come "$case_dir/err" 1 'a module was unloaded: [0-9]* functions less'
	macvlan_add
	lines_come "$case_dir/err" 2 'a module was loaded: [0-9]* more function'
	in_ns b ping -q -c 1 -W 5 "$net4.9" >/dev/null || fail "no ping after a reload"
	ip -n "$(ns a)" link del m0
fi
in_ns a ping -q -c 1 -W 5 "$net4.2" >/dev/null || fail "no ping in the end"
command_end
wait "$bpfpath" || fail "bpfpath failed"
modprobe -r macvlan || fail "the module is in use after the end"

for request in 0 1; do
	[ "$request" = 0 ] || ! kernel_has_multi || break
	pick "[.packet.src, .packet.dst, .packet.icmp.type] == [\"$net4.2\", \"$net4.9\", 8]
		and .packet.icmp.id != \$seen" --argjson seen "${seen:-null}"
	assert_order macvlan_handle_frame ip_rcv icmp_rcv
	seen=$(jq .packet.icmp.id "$case_dir/path")
done
