#!/bin/bash
# What takes long says how far it is, on a terminal only and gone when it is done: reading
# a recording, attaching and detaching kprobes one by one.
. "$(dirname "$0")/lib.sh"

topology_pair
ping_once a "$net4.2"
terminal=$case_dir/terminal file=$case_dir/file

# Standard error is a terminal, standard output is none; sets $status.
on_terminal() # ARGUMENT...: of bpfpath
{
	{
		echo '#!/bin/sh'
		printf '%q ' "$BPFPATH" "$@"
		echo ">$case_dir/out; echo \$? >$case_dir/status"
	} >"$case_dir/script"
	chmod +x "$case_dir/script"
	socat -u "EXEC:$case_dir/script,pty,stderr" - </dev/null >"$terminal"
	status=$(cat "$case_dir/status")
}

# Numbers that grow, of which the last is not the last thing in its line.
assert_progress() # WHAT
{
	local erase=$'\r\033[K'
	grep -qF "$erase$1: " "$terminal" || fail_terminal "nothing of: $1"
	grep -oE "$1: [0-9]+ %" "$terminal" | grep -oE '[0-9]+ ' >"$case_dir/numbers"
	sort -n "$case_dir/numbers" | cmp - "$case_dir/numbers" || fail_terminal "it goes back"
	[ "$(tail -n 1 "$case_dir/numbers")" -le 100 ] || fail_terminal "more than all"
	grep -qF "%$erase" "$terminal" || fail_terminal "not cleared"
}

fail_terminal() # WHAT
{
	od -c "$terminal" | tail -n 40
	fail "$1"
}

"$BPFPATH" record -o "$file" ${zoom:+-p $zoom} "icmp and host $net4.2" -- \
	ip netns exec "$(ns a)" ping -q -c 3 -i 0.2 -W 5 "$net4.2" \
	</dev/null >"$case_dir/out" 2>"$case_dir/err" || fail "not recorded"
on_terminal report "$file"
assert_status 0
assert_progress "$file"
"$BPFPATH" report "$file" >"$case_dir/quiet" 2>"$case_dir/err"
cmp "$case_dir/out" "$case_dir/quiet" || fail "what is shown is another"
! grep -q '%' "$case_dir/err" || fail "there is no terminal"
on_terminal report -q "$file"
! grep -q '%' "$terminal" || fail_terminal "it was to be quiet"

! kernel_has_functions || {
	on_terminal -b kprobe "icmp and host $net4.2" -- true
	assert_status 3
	assert_progress attaching
	assert_progress detaching
	trace -b kprobe "icmp and host $net4.2" -- true
	! grep -qE '(at|de)taching: ' "$case_dir/err" || fail "there is no terminal"
}
