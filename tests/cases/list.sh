#!/bin/bash
# bpfpath list: what can be probed here, what cannot and why, for people, for grep
# and for jq; its exit statuses.
. "$(dirname "$0")/lib.sh"

topology_pair # so that its modules are loaded

list() # ARGUMENT...
{
	status=0
	"$BPFPATH" list "$@" </dev/null >"$case_dir/out" 2>"$case_dir/err" || status=$?
}

shows() # REGEX: a line of the output
{
	grep -qE "$1" "$case_dir/out" || { cat "$case_dir/out" "$case_dir/err"; fail "no $1"; }
}

shows_not() # REGEX
{
	! grep -E "$1" "$case_dir/out" || fail "there is a line with $1"
}

says() # REGEX: one line on standard error, and nothing else anywhere
{
	if [ "$(wc -l <"$case_dir/err")" != 1 ] || [ -s "$case_dir/out" ] ||
		! grep -qiE "$1" "$case_dir/err"; then
		cat "$case_dir/out" "$case_dir/err"
		fail "not the one line $1"
	fi
}

# Tracepoints are there on every kernel.
list -p hops
assert_status 0
shows '^kfree_skb +tracepoint +skb +skb:1 +hops +([a-z]+,)*[a-z]+ +free$'
shows '^netif_receive_skb +tracepoint +receive +skb:1 +hops +[a-z,]+ +gate$'
shows_not ' function '
[ "$(cut -d' ' -f1 "$case_dir/out")" = "$(cut -d' ' -f1 "$case_dir/out" | sort)" ] ||
	fail "not sorted"

# By name, whatever the compiler put behind it.
list 'net_dev_*' kfree_skb __netif_receive_skb_core
assert_status 0
shows '^net_dev_queue +tracepoint '
shows '^kfree_skb +tracepoint '
shows_not '^(consume_skb|netif_rx|ip_rcv) '
cp "$case_dir/out" "$case_dir/some"

# JSON says the same.
list -q -f json
assert_status 0
assert_json 'all(.[]; .available and (has("why") | not) and (.backends | type == "array"))'
assert_json 'any(.[]; .name == "kfree_skb" and .kind == "tracepoint" and .role == "free"
	and .argument == {position: 1, type: "skb", assumed: false})'
jq -r .name "$case_dir/out" >"$case_dir/names"
list
cp "$case_dir/out" "$case_dir/all"
cp "$case_dir/err" "$case_dir/all.err"
cut -d' ' -f1 "$case_dir/all" | cmp - "$case_dir/names" || fail "text and JSON differ"
sort -c "$case_dir/names" || fail "not sorted"

# Nothing matches, and what users get wrong.
list -q 'no such *'
assert_status 3
[ ! -s "$case_dir/out" ] || fail "output, but nothing matched"
list --nosuchoption
assert_status 2
says nosuchoption
list -f yaml
assert_status 2
says yaml
list -p /no/such/list
assert_status 2
says /no/such/list
list -p
assert_status 2
says "'-p'"
cp "$BPFPATH" "$case_dir/bpfpath"
chmod 755 "$case_dir"
status=0
setpriv --reuid 65534 --regid 65534 --clear-groups "$case_dir/bpfpath" list \
	</dev/null >"$case_dir/out" 2>"$case_dir/err" || status=$?
assert_status 1
says 'permission denied.*root'

# A name that no kernel has is never fatal, and it is said why.
printf 'ip_rcv\nno_such_function\nschedule\nip_rcv\n' >"$case_dir/zoom"
list -q -u -p "$case_dir/zoom" -f json
assert_status 0
assert_json 'all(.[]; (.available | not) and .why != "" and .backends == [])'
assert_json '[.[] | select(.name == "no_such_function")] | length == 1'

if ! grep -q ' function ' "$case_dir/all"; then
	grep -qE 'no functions: .*(lock|CONFIG)|cannot be probed' "$case_dir/all.err" ||
		{ cat "$case_dir/all.err"; fail "no functions, and it is not said why"; }
	exit 0
fi
assert_json 'any(.[]; .name == "no_such_function" and (.why | test("no such function")))'
assert_json 'any(.[]; .name == "schedule" and (.why | test("no packet")))'
assert_json 'all(.[]; .name != "ip_rcv")'

cp "$case_dir/some" "$case_dir/out"
# On Debian's 6.1 it is none of the functions that can be probed.
if kernel_has_multi; then
	shows '^__netif_receive_skb_core(\.[a-z0-9.]+)? +function +receive +ref:1 +all '
fi
if grep -q '^__netif_receive_skb_core\.' "$case_dir/out"; then
	shows ' assumed$'
fi

cp "$case_dir/all" "$case_dir/out"
shows '^ip_rcv +function +ip +skb:1 +stages +[a-z,]+$'
shows '^__ip_local_out +function +ip +skb:3 +stages +[a-z,]+ +gate$'
shows '^ip_list_rcv +function +ip +list:1 +stages '
shows '^veth_xmit +function +driver +skb:1 +all +[a-z,]+ +\[veth\]'
if kernel_has_fentry; then
	shows '^tcp_make_synack +function +transport +skb:6 +all +fentry$'
else
	shows_not ' [a-z]+:([6-9]|[0-9]{2,}) '
fi

# -p: only these.
list -q -p "$case_dir/zoom"
shows '^ip_rcv '
shows_not '^(ip_rcv_core|no_such_function|schedule) '

# What cannot be probed is nowhere else.
list -q -u
cut -d' ' -f1 "$case_dir/out" | sort -u | comm -12 - <(sort -u "$case_dir/names") >"$case_dir/both"
[ ! -s "$case_dir/both" ] || { cat "$case_dir/both"; fail "these can be probed, and cannot"; }
kernel_has_fentry || shows ' its packet comes behind '
