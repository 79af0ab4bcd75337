#!/bin/bash
# bpfpath assert: what holds, what fails and where, nothing that matches, bad
# expectations, JUnit, and the same of a recording.
. "$(dirname "$0")/lib.sh"

topology_pair
ping_once a "$net4.2"
filter="icmp and host $net4.2"
ping=(ip netns exec "$(ns a)" ping -q -c 3 -i 0.2 -W 5 "$net4.2")
file=$case_dir/file

# Sets $status; the report is in $case_dir/lines.
check() # ARGUMENT...
{
	run_lines assert "$@"
}

live() # ARGUMENT...
{
	check ${zoom:+-p $zoom} "$@"
}

# ---- what holds, of all packets and of one of them
hold=(-e 'order net_dev_queue net_dev_start_xmit netif_rx netif_receive_skb'
	-e 'reaches netif_r*' -e "crosses $(ns a)/va" -e "crosses $(ns b)/vb" -e 'crosses v?'
	-e 'never napi_gro_*' -e 'count == 6' -e 'p100 < 60s' -e 'p1 > 0ns'
	-e 'any: order net_dev_queue consume_skb' -e "$(dropped NO_SOCKET) consumed delivered")
live "${hold[@]}" "$filter" -- "${ping[@]}"
[ "$status" = 0 ] || fail_lines "exit status $status, not 0"
[ "$(grep -c '^holds  ' "$case_dir/lines")" = 11 ] || fail_lines "not 11 that hold"
[ "$(wc -l <"$case_dir/lines")" = 11 ] || fail_lines "more lines than expectations"
# What the command prints is no part of the report.
grep -q 'packets transmitted' "$case_dir/err" || fail "ping is not on standard error"

# ---- what fails: at which step of which packet
live -e "crosses $(ns a)/va" -e 'order netif_receive_skb net_dev_queue' -e 'never netif_rx' \
	"$filter" -- "${ping[@]}"
assert_status 1
assert_line "^holds    crosses $(ns a)/va: 6 packets\$"
assert_line '^FAILS    order netif_receive_skb net_dev_queue: not so with 6 of 6 packets$'
assert_line '^    #1 icmp echo request .*: no net_dev_queue came behind netif_receive_skb$'
assert_line "^      > +[0-9]+ +[0-9.]+ us  \\[$(ns b)\\] vb  netif_receive_skb\$"
assert_line "^      > +[0-9]+ +[0-9.]+ us  \\[$(ns b)\\] vb  netif_rx\$"
assert_line '^    and 3 more$'

# What cannot be seen proves nothing.
live -p hops -e 'never nf_hook_slow=DROP' "$filter" -- "${ping[@]}"
assert_status 1
assert_line 'it is not known: no function was probed$'

# ---- nothing matches
live -e 'never kfree_skb' "$filter and icmp[0] == 99" -- "${ping[@]}"
assert_status 3
assert_line '^nothing  never kfree_skb: no packet$'
live -e 'count == 0' "$filter and icmp[0] == 99" -- "${ping[@]}"
assert_status 0

# ---- bad input: named, with its position, before anything is traced
bad() # EXPECTED-WORDS ARGUMENT...
{
	local words=$1
	shift
	check "$@" -- touch "$case_dir/ran"
	assert_status 2
	grep -qF -- "$words" "$case_dir/err" || fail "no word of: $words"
	[ ! -e "$case_dir/ran" ] || fail "COMMAND was run in spite of: $*"
}
bad "expectation 'reaches': a function, tracepoint or stage is missing, at position 8" -e reaches
bad "'gone' is no end" -e 'end gone'
bad "'p99 < 1': a unit is missing" -e 'count > 1' -e 'p99 < 1'
bad 'nothing is expected: use -e' icmp
bad 'at position 6' -e 'end delivered' 'icmp badword'
bad '-- COMMAND: with -r nothing is traced' -r "$file" -e 'end delivered'
bad 'cannot write' --junit "$case_dir/nosuch/file" -e 'end delivered' icmp

# ---- a recording, read by anybody; its paths are those that were shown
"$BPFPATH" record -o "$file" ${zoom:+-p $zoom} "$filter" -- "${ping[@]}" \
	</dev/null >/dev/null 2>"$case_dir/err"
check -r "$file" "${hold[@]}"
assert_status 0
[ "$(grep -c '^holds  ' "$case_dir/lines")" = 11 ] || fail_lines "not 11 that hold"
check -r "$file" -e 'count == 0' -e 'count > 6' -e 'p50 < 1ns'
assert_status 1
assert_line '^FAILS    count == 0: 6 packets$'
assert_line '^FAILS    count > 6: 6 packets$'
assert_line '^FAILS    p50 < 1ns: .*, of 6 packets$'
assert_line '#[0-9]+ icmp .*: the slowest packet; most time went by before this step$'
check -r "$file" -f json -o "$case_dir/out" -e 'count == 3' 'icmp[0] == 8'
assert_status 0
assert_json '(roots | length == 3) and all(.[]; .packet.icmp.type == 8)'
check -r "$file" -e 'count == 3' tcp
assert_status 3
check -r "$case_dir/nosuch" -e 'count == 3'
assert_status 2
"$BPFPATH" assert -r - -e 'count == 6' <"$file" >"$case_dir/lines" 2>"$case_dir/err" ||
	fail "not from standard input"

# ---- JUnit, as a parser of XML reads it
command -v python3 >/dev/null || { echo "no python3: JUnit was not looked at"; exit 0; }
junit() # EXPECTED: name and outcome of each case
{
	diff -u - <(python3 -c '
import sys, xml.etree.ElementTree as tree
suite = tree.parse(sys.argv[1]).getroot().find("testsuite")
print(*(suite.get(name) for name in ("tests", "failures", "errors")))
for case in suite.findall("testcase"):
    print(case.get("name"), *(child.tag for child in case), sep=": ")
' "$case_dir/junit") <<<"$1" || fail "JUnit is another"
}
check -r "$file" --junit "$case_dir/junit" -e 'count == 6' -e 'never netif_rx' -e 'reaches <&">'
assert_status 1
junit '3 2 0
count == 6
never netif_rx: failure
reaches <&">: failure'
check -r "$file" --junit "$case_dir/junit" -e 'never netif_rx' tcp
assert_status 3
junit '1 0 1
never netif_rx: error'
check -r "$case_dir/nosuch" --junit "$case_dir/junit" -e 'never netif_rx'
assert_status 2
junit '1 0 1
never netif_rx: error'
