#!/bin/bash
# A recording goes on without its terminal until it is stopped by its name; a process
# that has got its number meanwhile is never taken for it.
. "$(dirname "$0")/lib.sh"

topology_pair
ping_once a "$net4.2"
name=bpfpath-$$
file=$case_dir/file
state=/run/bpfpath/$name
trap '"$BPFPATH" stop "$name" 2>/dev/null || :; case_end' EXIT

says() # STATUS FILE PATTERN
{
	assert_status "$1"
	grep -qE -- "$3" "$case_dir/$2" || fail "$2 does not say '$3': $(cat "$case_dir/$2")"
}

# What is refused.
run record -o "$file" --detach '../x' icmp
says 2 err "'../x' is no name"
run record -o "$file" --detach "$name" -f text icmp
says 2 err '--detach'
run record -o /nosuchdir/file --detach "$name" icmp
says 1 err "cannot write '/nosuchdir/file'"
[ ! -e "$state" ] || fail "a session that never began is written down"
run stop "$name"
says 3 err "no session '$name'"

# It begins before the command line comes back, and is of nobody's session.
run record ${zoom:+-p $zoom} -o "$file" --detach "$name" "icmp and host $net4.2"
says 0 err "session '$name'"
pid=$(cut -d' ' -f1 "$state")
[ "$(ps -o sid= -p "$pid" | tr -d ' ')" = "$pid" ] || fail "it is of our session"
[ "$(readlink "/proc/$pid/fd/1")" = /dev/null ] || fail "it holds our output"
run sessions
says 0 out "^$name +$pid +running .*$file"
run record -o "$case_dir/other" --detach "$name" icmp
says 1 err 'is running already'
ping_once a "$net4.2"
run stop "$name"
says 0 err '2 packets'
! grep -qs '^State:.[^Z]' "/proc/$pid/status" || fail "it has not ended"
[ ! -e "$state" ] || fail "it is still written down"
run report -q -f json "$file"
assert_status 0
assert_only "$net4.1" "$net4.2"
assert_json 'length == 2 and all(.[]; sound)'

# One that ended by itself says so, and why.
run record ${zoom:+-p $zoom} -o "$file" --detach "$name" "icmp and host $net4.2"
assert_status 0
rm "$file"
waited=0
until "$BPFPATH" sessions | grep -q "^$name .* ended .* was replaced"; do
	[ "$waited" -lt 100 ] || fail "it goes on without its file"
	waited=$((waited + 1))
	sleep 0.1
done
run stop "$name"
says 0 err 'was replaced, removed or cut'

# Another process of the same number.
sleep 60 &
other=$!
case_pids+=("$other")
echo "$other 1 $file" >"$state"
run sessions
says 0 out "^$name +$other +ended"
run stop "$name"
assert_status 0
kill -0 "$other" 2>/dev/null || fail "a process was ended that is no session"
