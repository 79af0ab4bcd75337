#!/bin/bash
# However bpfpath ends, nothing of it stays: no program, map, link, qdisc,
# filter, namespace or mount.
. "$(dirname "$0")/lib.sh"
require bpftool
# All functions that the default asks for would be the same, and take minutes.
if [ -n "$zoom" ]; then
	zoom=$case_dir/functions
	printf '%s\n' ip_rcv ip_local_deliver icmp_rcv ip_output consume_skb >"$zoom"
fi

surroundings()
{
	local name dev
	grep -E ' - (tracefs|debugfs|bpf) ' /proc/self/mountinfo | cut -d' ' -f5- || :
	for name in a b; do
		ip netns exec "$(ns $name)" tc qdisc show
		for dev in lo "v$name"; do
			ip netns exec "$(ns $name)" tc filter show dev "$dev" ingress 2>/dev/null || :
			ip netns exec "$(ns $name)" tc filter show dev "$dev" egress 2>/dev/null || :
		done
	done
	ip netns list | grep "bpfpath-$$-" | sort
}

check_end() # HOW
{
	surroundings >"$case_dir/after"
	diff "$case_dir/before" "$case_dir/after" || fail "after $1 the surroundings are not the same"
	assert_objects_gone "after $1"
}

topology_pair
ping_once a "$net4.2"
surroundings >"$case_dir/before"
for signal in exit INT TERM KILL SEGV; do
	trace_background "icmp and host $net4.2"
	in_ns a ping -q -c 2 -i 0.2 "$net4.2" >/dev/null
	objects_held "$bpfpath" >"$case_dir/held"
	grep -q '^prog ' "$case_dir/held" || fail "bpfpath holds no program while it runs"
	if [ "$signal" = exit ]; then
		command_end
	else
		kill -s "$signal" "$bpfpath"
	fi
	status=0
	wait "$bpfpath" 2>/dev/null || status=$?
	command_end
	case $signal in
	exit | INT | TERM) assert_status 0 ;;
	esac
	check_end "$signal"
done
