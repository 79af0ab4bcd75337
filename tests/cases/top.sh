#!/bin/bash
# bpfpath top on a terminal, which tmux makes: what it shows of real packets, its keys, and
# that the terminal is as it was before, however it ends.
. "$(dirname "$0")/lib.sh"

require tmux
topology_pair
ping_once a "$net4.2"
udp="udp and dst host $net4.2"
file=$case_dir/file

# Each terminal has a server of its own: one that is killed takes its time.
terminal_number=0
tmux()
{
	TERM=xterm command tmux -L "bpfpath-$$-$terminal_number" -f /dev/null -u "$@"
}

# A terminal in which bpfpath runs as in a shell: stopped, up to three times, it goes on
# when there is a file "continue". bash does not restore modes here, but leaves a loop when
# a program is stopped in it.
terminal() # WIDTH HEIGHT ARGUMENT...: of bpfpath
{
	local size=(-x "$1" -y "$2")
	shift 2
	tmux kill-server 2>/dev/null || :
	terminal_number=$((terminal_number + 1))
	rm -f "$case_dir"/{before,stopped,continue,status,after,err}
	# shellcheck disable=SC2016 # for the shell in the terminal
	printf '%s\n' 'set -m' 'ulimit -c 0' "cd $case_dir" 'stty -g >before' 'status=0' \
		"${terminal_env:-} $(printf '%q ' "$BPFPATH" "$@") 2>err || status=\$?" \
		'go_on()' '{' \
		'	[ $status = 148 ] || [ $status = 147 ] || return' \
		'	stty -g >stopped.new; mv stopped.new stopped' \
		'	until [ -e continue ]; do sleep 0.1; done' \
		'	status=0; fg >/dev/null || status=$?' \
		'}' 'go_on; go_on; go_on' \
		'echo $status >status' 'stty -g >after.new' 'mv after.new after' \
		'exec sleep 1000' >"$case_dir/terminal"
	tmux new-session -d "${size[@]}" "bash $case_dir/terminal"
	case_pids+=("$(tmux display-message -p '#{pid}')")
}

keys() # KEY...
{
	tmux send-keys "$@"
}

# It is said where it is waited for: until then there is nothing to see.
waiting_for() # COMMAND...
{
	local waited=0
	until "$@"; do
		[ "$waited" -lt 600 ] || {
			tmux capture-pane -p || :
			cat "$case_dir/err" 2>/dev/null || :
			fail "it did not come: $*"
		}
		waited=$((waited + 1))
		sleep 0.1
	done
}

seen() # EXTENDED-REGULAR-EXPRESSION
{
	tmux capture-pane -p | grep -qE "$1"
}

see() # EXTENDED-REGULAR-EXPRESSION
{
	waiting_for seen "$1"
}

assert_screen() # EXTENDED-REGULAR-EXPRESSION: is there now
{
	seen "$1" || { tmux capture-pane -p; fail "not on the screen: $1"; }
}

assert_not_on_screen() # EXTENDED-REGULAR-EXPRESSION
{
	! seen "$1" || { tmux capture-pane -p; fail "on the screen: $1"; }
}

# The modes are those from before, it is no longer another screen, and has a cursor.
assert_restored() # FILE
{
	cmp "$case_dir/before" "$case_dir/$1" ||
		fail "$(stty -a -F "$(tmux display-message -p '#{pane_tty}')")"
	waiting_for eval '[ "$(tmux display-message -p "#{alternate_on} #{cursor_flag}")" = "0 1" ]'
}

assert_ended() # STATUS
{
	waiting_for test -e "$case_dir/after"
	assert_restored after
	[ "$(cat "$case_dir/status")" = "$1" ] ||
		fail "exit status $(cat "$case_dir/status"), not $1"
}

# The process in the terminal; its parent is the shell there.
bpfpath_pid()
{
	ps -o pid= --ppid "$(tmux display-message -p '#{pane_pid}')" | tr -d ' '
}

send_udp() # COUNT
{
	in_ns a bash -c "for ((i = 0; i < $1; i++)); do echo x >/dev/udp/$net4.2/4711 || :; done" 2>/dev/null
}

start_top() # ARGUMENT...
{
	terminal 110 24 top ${zoom:+-p $zoom} "$@"
	see 'tracing 0:'
}

reason=NO_SOCKET
kernel_at_least 5.17 || reason='no reason'

# ---- what it shows

start_top "$udp"
assert_screen 'no packet has come to its end yet'
assert_screen "bpfpath top: $udp"
send_udp 20
see '^20 packets  20 dropped$'
keys 2
see "^> +20 +100\.0 +[0-9.]+ +$reason +[a-z_0-9]+ +vb +bpfpath-$$-b "
assert_screen '1 row, by drops'
keys 4
see "^> +20 +0 +20 +[0-9.]+ +vb +bpfpath-$$-b"
assert_screen "^  +0 +20 +0 +[0-9.]+ +va +bpfpath-$$-a"
keys 5
see '^  +0 +paths in no class'
keys 1
see '^> .* dropped in '
keys 3
see '^[> ] +20 .* receive '

# Frozen: no more, in no view; and then all that came meanwhile.
keys f
see FROZEN
send_udp 5
keys 2
see '^> +20 +100\.0'
assert_screen '^20 packets'
keys f
see '^> +25 +100\.0'
assert_not_on_screen FROZEN

# A path as text, with its steps.
keys Enter
see "^#[0-9]+ udp $net4\\.1:[0-9]+ -> $net4\\.2:4711"
assert_screen 'netif_rx'
assert_screen "dropped in .*, after [0-9]+ steps"
keys q
see '\[2 drops\]'

# Rows with a text in them.
keys / n o s u c h
see 'rows with: nosuch_'
assert_screen 'no row has the text'
keys Escape
see '^> +25 '
keys / v b Enter
see "1 of 1 rows, with 'vb'"
keys Escape
keys s
see 'by %'
keys r
see 'by %, reversed'
keys '?'
see 'begin to count anew'
keys Escape
see '\[2 drops\]'

# Any size: no line is longer than the screen, and what matters is there.
tmux resize-window -x 10 -y 3
see '^>2?5'
assert_screen '\[drops\]'
[ "$(tmux capture-pane -p | wc -L)" -le 10 ] || fail "a line is too long"
keys Enter
see '^#[0-9]'
keys q
tmux resize-window -x 200 -y 40
see "^> +25 +100\.0 .* udp $net4\\.1:[0-9]+ -> $net4\\.2:4711"

# From zero.
keys z
see '^0 packets'
send_udp 3
see '^3 packets  3 dropped$'

# ---- however it ends, the terminal is as it was

keys q
assert_ended 0
grep -q '^bpfpath: 28 packets,' "$case_dir/err" || fail "no account"

ends() # STATUS SIGNAL
{
	start_top "$udp"
	send_udp 1
	see '^1 packet '
	kill -s "$2" "$(bpfpath_pid)"
	assert_ended "$1"
}

ends 0 TERM
ends 0 HUP
ends 131 QUIT
ends 139 SEGV
ends 134 ABRT
ends 138 USR1

start_top "$udp"
keys C-c
assert_ended 3

# Stopped, twice, and it goes on with what it had.
start_top "$udp"
send_udp 2
see '^2 packets'
for round in 1 2; do
	rm -f "$case_dir"/{stopped,continue}
	keys C-z
	waiting_for test -e "$case_dir/stopped"
	assert_restored stopped
	touch "$case_dir/continue"
	see '^2 packets' || fail "round $round"
done
send_udp 1
see '^3 packets'
# Stopped without a word, and something else has used the terminal.
rm -f "$case_dir"/{stopped,continue}
kill -s STOP "$(bpfpath_pid)"
waiting_for test -e "$case_dir/stopped"
tmux send-keys -R
assert_not_on_screen packets
touch "$case_dir/continue"
see '^3 packets'
keys q
assert_ended 0

# The end of a command, and what it printed; the last picture stays.
terminal 110 24 top ${zoom:+-p $zoom} "$udp" -- sh -c "echo words of a command; echo an error >&2
	ip netns exec $(ns a) bash -c 'echo x >/dev/udp/$net4.2/4711'; cat; exit 7"
assert_ended 0
grep -qx 'words of a command' "$case_dir/err" || fail "its words are lost"
grep -qx 'an error' "$case_dir/err" || fail "its errors are lost"
grep -q 'the command ended with status 7' "$case_dir/err" || fail "its status is lost"
see '^1 packet  1 dropped$'
assert_screen '^bpfpath top: .* ended$'
assert_not_on_screen 'q quit'
terminal 110 24 top ${zoom:+-p $zoom} "$udp" -- /nonexistent
assert_ended 1

# The terminal goes away.
start_top "$udp"
pid=$(bpfpath_pid)
tmux kill-server
waiting_for eval "! kill -0 $pid 2>/dev/null"

# ---- errors: nothing is touched, and one line says what is wrong

refused() # WORDS STATUS ARGUMENT...
{
	local words=$1 expected=$2
	shift 2
	terminal 110 24 top "$@"
	assert_ended "$expected"
	grep -qF -e "$words" "$case_dir/err" || fail "it does not say: $words"
	[ "$(wc -l <"$case_dir/err")" = 1 ] || fail "more than one line"
}

refused "-f" 2 -f json
refused "'-o'" 2 -o "$case_dir/out"
refused 'syntax error' 2 'udp and and'
refused "'nosuch'" 2 -b nosuch udp
refused "'port'" 2 --by port udp
refused "$case_dir/missing" 1 -r "$case_dir/missing"
terminal_env=TERM=nosuch refused "unknown terminal 'nosuch'" 2 udp
terminal_env=TERM= refused "unknown terminal ''" 2 udp
terminal_env=TERM=dumb refused "'dumb' cannot move" 2 udp
run_lines top udp
assert_status 2
grep -q 'standard output is not a terminal' "$case_dir/err" || fail "no word about the terminal"
[ ! -s "$case_dir/lines" ] || fail_lines "something was written"

# ---- a recording

"$BPFPATH" record -o "$file" ${zoom:+-p $zoom} "icmp and host $net4.2" -- \
	ip netns exec "$(ns a)" ping -q -c 3 -i 0.2 -W 5 "$net4.2" \
	</dev/null >"$case_dir/out" 2>"$case_dir/err" || fail "not recorded"
for terminal_env in '' NO_COLOR=1 TERM=vt100; do
	terminal 100 20 top -r "$file"
	see 'all was read$'
	assert_screen '^6 packets '
	assert_screen "bpfpath top: $file"
	keys 6
	see '^> +[0-9]+ .* icmp echo'
	keys z
	see 'nothing more will come'
	keys q
	assert_ended 0
done
terminal_env=
terminal 100 20 top -r "$file" 'icmp[0] == 8'
see '^3 packets '
keys C-c
assert_ended 0
terminal 100 20 top -r "$file" tcp
see '^0 packets'
keys q
assert_ended 3
# Keys come from the terminal, not from the recording.
terminal_env="cat $file |" terminal 100 20 top -r -
see '^6 packets .*'
keys q
assert_ended 0
