#!/bin/bash
# --max-overhead: a budget that cannot be held. It is said what was measured and what
# is given up, and no path that lost its probes halfway claims to be complete.
. "$(dirname "$0")/lib.sh"
! kernel_has_functions || require functions

topology_pair
ping_once a "$net4.2"

# Traffic all the time.
ip netns exec "$(ns a)" ping -q -i 0.01 "$net4.2" >/dev/null &
case_pids+=("$!")

# Until there are no probes left; the command is not stopped with them.
trace_some --max-overhead 0.0001 "icmp and host $net4.2" -- sh -c '
	until grep -q "tracing ends" "$1/err"; do
		sleep 0.1
	done
	: >"$1/done"' - "$case_dir"
[ -e "$case_dir/done" ] || fail "the command was stopped"
said() # REGEX COUNT
{
	[ "$(grep -cE -- "$1" "$case_dir/err")" = "$2" ] || fail "said not $2 times: $1"
}
said 'own cost was [0-9]+\.[0-9]+ % of one CPU, --max-overhead is 0.0001: tracing ends' 1
said '^bpfpath: own cost: [0-9.]+ % of one CPU in BPF programs \([1-9][0-9]* runs of [0-9]+ ns, [0-9]+ ns for each' 1

assert_only "$net4.1" "$net4.2"
assert_time
# What is there of a complete path is all that there was to see at its time.
assert_each '.complete and .parent == null' '(.end.kind | test("^(consumed|delivered|dropped|lost)$"))
	and any(.steps[]; .func == "net_dev_queue")
	and any(.steps[]; .func == "netif_receive_skb")'
if kernel_has_functions; then
	said '--max-overhead is 0.0001: functions are no longer probed' 1
	assert_each '.complete and .parent == null' '[.steps[].func
		| select(. == "ip_rcv" or . == "ip_local_deliver" or . == "icmp_rcv")]
		| length == 0 or length == 3'
	assert_json 'any(.[]; .complete and any(.steps[]; .func == "ip_rcv"))'
	assert_json 'any(.[]; .complete and all(.steps[]; .func != "ip_rcv"))'
else
	said 'functions' 0
fi

# Without a command it ends by itself.
trace_some --max-overhead 0.0001 "icmp and host $net4.2"
said 'tracing ends' 1
assert_only "$net4.1" "$net4.2"

# Nothing is measured that nobody asked for.
trace_some -c 1 "icmp and host $net4.2"
said '^bpfpath: own cost: [0-9.]+ % of one CPU in bpfpath itself; --cost' 1

# A budget that is large enough changes nothing.
trace_some --max-overhead 100000 -c 5 "icmp and host $net4.2"
said '--max-overhead' 0
assert_json '(roots | length == 5) and all(.[]; sound)'
