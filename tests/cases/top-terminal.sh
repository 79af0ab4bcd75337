#!/bin/bash
# bpfpath top leaves the terminal as it was, however it ends or stops; recordings; errors.
. "$(dirname "$0")/lib.sh"

require tmux
topology_pair
ping_once a "$net4.2"
udp="udp and dst host $net4.2"
file=$case_dir/file

send_udp() # COUNT
{
	in_ns a bash -c "for ((i = 0; i < $1; i++)); do echo x >/dev/udp/$net4.2/4711 || :; done" 2>/dev/null
}

# ---- however it ends, the terminal is as it was

"$BPFPATH" record -o "$file" ${zoom:+-p $zoom} "icmp and host $net4.2" -- \
	ip netns exec "$(ns a)" ping -q -c 3 -i 0.2 -W 5 "$net4.2" \
	</dev/null >"$case_dir/out" 2>"$case_dir/err" || fail "not recorded"

ends() # STATUS SIGNAL
{
	kill -s "$2" "$(bpfpath_pid)"
	assert_ended "$1"
}

ends_reading() # STATUS SIGNAL
{
	terminal 80 24 top -r "$file"
	see 'all was read$'
	ends "$@"
}

ends_reading 0 TERM
ends_reading 0 HUP
ends_reading 131 QUIT
ends_reading 138 USR1
start_top "$udp"
ends 139 SEGV
start_top "$udp"
ends 3 TERM

start_top "$udp"
keys C-c
assert_ended 3

# Stopped, twice, and it goes on with what it had.
start_top "$udp"
send_udp 2
see '^2 packets'
for _ in 1 2; do
	rm -f "$case_dir"/{stopped,continue}
	keys C-z
	waiting_for test -e "$case_dir/stopped"
	assert_restored stopped
	touch "$case_dir/continue"
	see '^2 packets'
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
