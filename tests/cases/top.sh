#!/bin/bash
# bpfpath top on a terminal: what it shows of real packets, and its keys.
. "$(dirname "$0")/lib.sh"

require tmux
topology_pair
ping_once a "$net4.2"
udp="udp and dst host $net4.2"

send_udp() # COUNT
{
	in_ns a bash -c "for ((i = 0; i < $1; i++)); do echo x >/dev/udp/$net4.2/4711 || :; done" 2>/dev/null
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
keys End # with function probes there are more lines than the terminal has
see "dropped in .*, after [0-9]+ steps"
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

# ---- its end, and that of a command: what that printed, and the last picture

keys q
assert_ended 0
grep -q '^bpfpath: 28 packets,' "$case_dir/err" || fail "no account"
terminal 110 24 top ${zoom:+-p $zoom} "$udp" -- sh -c "echo words of a command; echo an error >&2
	ip netns exec $(ns a) bash -c 'echo x >/dev/udp/$net4.2/4711'; cat; exit 7"
assert_ended 0
grep -qx 'words of a command' "$case_dir/err" || fail "its words are lost"
grep -qx 'an error' "$case_dir/err" || fail "its errors are lost"
grep -q 'the command ended with status 7' "$case_dir/err" || fail "its status is lost"
see '^1 packet  1 dropped$'
assert_screen '^bpfpath top: .* ended$'
assert_not_on_screen 'q quit'
