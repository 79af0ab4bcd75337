#!/bin/bash
# All functions are attached and detached, in each way that bpfpath can end, while packets
# flow all the time: none of them is lost, and the kernel has nothing to say about it.
. "$(dirname "$0")/lib.sh"
require functions

# What the kernel says when something is wrong with it, or with its code; that it had to
# wait is the emulator's fault.
alarms()
{
	busybox dmesg | grep -E 'BUG:|Oops|WARNING:|int3' | grep -vcE 'lockup|stall' || :
}

topology_pair
ping_once a "$net4.2"
before=$(alarms)
ip netns exec "$(ns a)" ping -q -f "$net4.2" >"$case_dir/flood" 2>&1 &
flood=$!
case_pids+=("$flood")
ip netns exec "$(ns b)" ping -q -i 0.02 "$net4.1" >"$case_dir/slow" 2>&1 &
slow=$!
case_pids+=("$slow")

for signal in exit INT KILL; do
	background -f json ${backend:+-b $backend} -p "$zoom_all" "udp port 9999"
	in_ns a bash -c "echo tag >/dev/udp/$net4.2/9999"
	if [ "$signal" = exit ]; then
		command_end
	else
		kill -s "$signal" "$bpfpath"
	fi
	wait "$bpfpath" 2>/dev/null || :
	command_end
	[ "$signal" = KILL ] || assert_json 'roots | length == 1'
done

# Nobody else's packet was lost: but for the one that is under way at the end.
answered() # FILE
{
	local sent received
	read -r sent received < <(sed -nE 's/^([0-9]+) packets transmitted, ([0-9]+) .*/\1 \2/p' "$1")
	[ "$sent" -gt 100 ] || fail "ping sent no more than $sent"
	[ $((sent - received)) -le 1 ] || fail "$((sent - received)) of $sent packets were lost"
}
kill -INT "$flood" "$slow"
wait "$flood" "$slow" || :
answered "$case_dir/flood"
answered "$case_dir/slow"
[ "$(alarms)" = "$before" ] || fail "the kernel is alarmed: $(busybox dmesg | tail -n 40)"
