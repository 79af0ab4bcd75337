#!/bin/bash
# What the namespaces on the way are called: by the name that ip-netns(8) gave, by the
# container whose processes are in it, or by a process.
. "$(dirname "$0")/lib.sh"

cgroups=$(sed -nE 's/^[^ ]+ ([^ ]+) cgroup2 .*/\1/p' /proc/mounts | head -n 1)
[ -n "$cgroups" ] || skip "cgroup2 is not mounted here"
group=$cgroups/bpfpath-$$
container=$group/docker-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.scope
mkdir -p "$container" 2>/dev/null || skip "no cgroup can be made in $cgroups"
names_end()
{
	case_end
	rmdir "$container" "$group"
}
trap names_end EXIT

# Processes with a namespace of their own, as containers have it.
cp "$(type -P sleep)" "$case_dir/bpfpath-sleep"
process_add() # [CGROUP]: sets $process
{
	unshare -n "$case_dir/bpfpath-sleep" 1000 &
	process=$!
	case_pids+=("$process")
	until [ "$(cat "/proc/$process/comm")" = bpfpath-sleep ]; do
		sleep 0.1
	done
	[ $# = 0 ] || echo "$process" >"$1/cgroup.procs"
}

wire() # PROCESS NUMBER: a wire from a to eth0 there
{
	ip -n "$(ns a)" link add "v$2" type veth peer name eth0 netns "$1"
	ip -n "$(ns a)" link set "v$2" up
	ip -n "$(ns a)" addr add "$net4.$((2 * $2))/31" dev "v$2"
	nsenter -t "$1" -n ip link set eth0 up
	nsenter -t "$1" -n ip addr add "$net4.$((2 * $2 + 1))/31" dev eth0
}

assert_name() # PROCESS NUMBER NAME
{
	local far=$net4.$((2 * $2 + 1)) a inode
	a=$(stat -L -c %i "/run/netns/$(ns a)")
	inode=$(stat -L -c %i "/proc/$1/ns/net")
	ping_once a "$far"
	run_lines hops -p hops "icmp and host $far" -- ip netns exec "$(ns a)" ping -q -c 1 -W 5 "$far"
	assert_status 0
	sed -nE 's/.* us  (\[[^]]*\]) +([^ ]+) .*/\1 \2/p' "$case_dir/lines" >"$case_dir/places"
	diff -u - "$case_dir/places" <<-END || fail_lines "other names"
		[$a $(ns a)] v$2
		[$inode $3] eth0
		[$inode $3] eth0
		[$a $(ns a)] v$2
	END
}

ns_add a
process_add "$container"
wire "$process" 1
assert_name "$process" 1 0123456789ab
process_add
wire "$process" 2
assert_name "$process" 2 "bpfpath-sleep:$process"
