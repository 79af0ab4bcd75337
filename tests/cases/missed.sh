#!/bin/bash
# Runs of probes that the kernel skips, as it does with kprobes in the middle of another
# program: who had them does not claim to be complete, and it is said which ones.
. "$(dirname "$0")/lib.sh"
require functions
require tc
topology_pair
ping_once a "$net4.2"
in_ns a tc qdisc add dev va root netem delay 200ms 2>/dev/null ||
	skip "there is no netem here"
cat >"$case_dir/list" <<END
dev_hard_start_xmit
ip_rcv
END
call=__x64_sys_getppid
grep -q " $call\$" /proc/kallsyms || skip "there is no $call here"

# A packet that is on its way in a softirq, in the middle of another program.
busy()
{
	trace_some -p "$case_dir/list" "udp and dst port 4711" -- \
		ip netns exec "$(ns a)" "$BPFPATH_TOOLS/busy" "$call" "$net4.2" 4711
}

# What is said of it at the end.
said() # REGEX
{
	grep -qE -- "$1" "$case_dir/err" || fail "not said: $1"
}

for backend in multi kprobe; do
	[ "$backend" = kprobe ] || kernel_has_multi || continue

	# Nothing is skipped: all is as ever.
	trace_some -p "$case_dir/list" "udp and dst port 4711" -- \
		ip netns exec "$(ns a)" bash -c "echo x >/dev/udp/$net4.2/4711"
	assert_json 'length == 1 and all(.[]; .complete and (has("missed") or has("blind") | not))'
	pick '.parent == null'
	assert_order __dev_queue_xmit dev_hard_start_xmit ip_rcv
	! grep -q 'skipped' "$case_dir/err" || fail "skipped, with nothing in the way"

	busy
	pick '.parent == null'
	assert_path '[.steps[].func] | index("dev_hard_start_xmit") == null and index("net_dev_start_xmit") != null'
	assert_path '.complete | not'
	if ! kernel_at_least 6.7; then
		# Nobody counts it, but tracepoints look whether it is so.
		assert_path '.blind > 0 and (has("missed") | not)'
		said '^bpfpath: warning: [1-9][0-9]* steps at tracepoints while the kernel skipped all kprobes'
		continue
	fi
	said '^bpfpath: warning: [1-9][0-9]* runs? of probes skipped by the kernel'
	if [ "$backend" = multi ]; then
		assert_path '.missed | any(.[]; .kind == "functions" and (.probe | test("^kprobe.multi, steps$")) and .runs > 0)'
		said '^bpfpath: warning:   [1-9][0-9]* at functions by kprobe.multi, steps; the kernel counts them together$'
	else
		assert_path '.missed | any(.[]; .kind == "function" and .probe == "dev_hard_start_xmit" and .runs > 0)'
		said '^bpfpath: warning:   [1-9][0-9]* at function dev_hard_start_xmit$'
	fi
done
backend=

# The same, by the file.
told='[1-9][0-9]* (runs? of probes skipped by the kernel|steps at tracepoints while the kernel skipped)'
"$BPFPATH" record -o "$case_dir/file" -p "$case_dir/list" "udp and dst port 4711" -- \
	ip netns exec "$(ns a)" "$BPFPATH_TOOLS/busy" "$call" "$net4.2" 4711 \
	</dev/null >"$case_dir/out" 2>"$case_dir/err" || fail "not recorded"
said "^bpfpath: warning: $told"
"$BPFPATH" report -f json "$case_dir/file" >"$case_dir/out" 2>"$case_dir/err" || fail "no report"
said "^bpfpath: warning: $told"
pick '.parent == null'
assert_path '(.complete | not) and (.blind > 0 or (.missed | length > 0))'
"$BPFPATH" report "$case_dir/file" 2>/dev/null | grep -q 'may have a hole: the kernel skipped ' ||
	fail "the text does not say that it may have a hole"
