#!/bin/bash
# Paths with the same steps are one class, live and of a recording; a delay of a qdisc is
# found in the step that waits for it.
. "$(dirname "$0")/lib.sh"

require jq
# With function probes a reply may be two paths: some kernels copy it for the socket.
zoom=hops
topology_pair
ping_once a "$net4.2"
filter="icmp and host $net4.2"
ping=(ip netns exec "$(ns a)" ping -q -c 5 -i 0.2 -W 5 "$net4.2")
file=$case_dir/file

# Sets $status; the object is in $case_dir/lines.
classes() # ARGUMENT...
{
	run_lines classes -f json "$@"
}

assert_classes() # EXPRESSION [JQ-OPTION...]
{
	local expression=$1
	shift
	jq -e "$expression" "$@" <"$case_dir/lines" >/dev/null ||
		fail_lines "not so: $expression"
}

# Each path is in a class, and the times of its steps make up its time.
assert_sums()
{
	assert_classes '.left_out == 0 and .paths == ([.classes[].paths] | add // 0)'
	assert_classes 'all(.classes[]; ([.steps[].time.sum] | add) == .time.sum)'
	assert_classes 'all(.classes[]; .time | .p50 <= .p90 and .p90 <= .p99 and .p99 <= .max)'
	assert_classes '[.classes[].paths] | . == (sort | reverse)'
}

# Requests and replies, five of each; all requests may go one way, or the first another, and
# where the kernel does not tell how replies are taken, these go the same.
classes ${zoom:+-p $zoom} "$filter" -- "${ping[@]}"
assert_status 0
assert_classes '.paths == 10'
assert_sums

# Text says the same.
run_lines classes ${zoom:+-p $zoom} "$filter" -- "${ping[@]}"
assert_status 0
assert_line '^10 paths in [0-9]+ class(es)?$'
assert_line '^class 1: [0-9]+ paths, [0-9.]+ %, '
assert_line "^like #[0-9]+ icmp echo (request|reply) $net4\\.[12] -> $net4\\.[12] "
assert_line '% of the time$'

# A recording: the same whenever it is read, and by -f of report.
"$BPFPATH" record -o "$file" ${zoom:+-p $zoom} "$filter" -- "${ping[@]}" \
	</dev/null >"$case_dir/out" 2>"$case_dir/err" || fail "not recorded"
classes -r "$file"
assert_status 0
assert_classes '.paths == 10'
assert_sums
cp "$case_dir/lines" "$case_dir/first"
"$BPFPATH" report -f classes-json "$file" >"$case_dir/lines" 2>"$case_dir/err" </dev/null
cmp "$case_dir/first" "$case_dir/lines" || fail "report shows other classes"
"$BPFPATH" classes -f json -r - <"$file" >"$case_dir/lines" 2>"$case_dir/err"
cmp "$case_dir/first" "$case_dir/lines" || fail "standard input has other classes"

# --rare turns the order; --by splits; a filter chooses.
classes --rare -r "$file"
assert_classes '[.classes[].paths] | . == sort'
classes --by flow -r "$file"
assert_classes '[.classes[].example.packet | split(" id ")[0]] | unique | length == 2'
assert_classes 'all(.classes[]; .paths <= 5)'
assert_sums
classes --by dev -r "$file" 'icmp[0] == 8'
assert_classes '.paths == 5 and all(.classes[]; any(.steps[]; .netns.name == $a)
	and any(.steps[]; .netns.name == $b))' --arg a "$(ns a)" --arg b "$(ns b)"
assert_sums

# A port without a socket is a class with an end of its own.
classes --by end ${zoom:+-p $zoom} "host $net4.2 and udp dst port 9" -- \
	ip netns exec "$(ns a)" bash -c "for i in 1 2 3; do echo >/dev/udp/$net4.2/9 || :; done"
assert_status 0
assert_classes '.classes[0] | .paths == 3 and .end.kind == "dropped" and (.end.differ | not)'

# Nothing is an answer.
classes -r "$file" 'tcp'
assert_status 3
assert_classes '.paths == 0 and .classes == []'

# Time in each stage adds up to that of the paths.
run_lines hist -f json -r "$file"
assert_status 0
assert_classes '.paths == 10 and ([.histograms[].sum] | add) == $sum' \
	--argjson sum "$(jq '[.classes[].time.sum] | add' "$case_dir/first")"
run_lines hist -r "$file" --slow 1000s
assert_status 3
assert_line '^0 paths$'
run_lines hist --from no_such_function -r "$file"
assert_status 0
assert_line '^from no_such_function to the last: 0 paths'

# Bad input names itself.
refused() # WORDS ARGUMENT...
{
	local words=$1
	shift
	run_lines classes "$@"
	assert_status 2
	grep -qF -e "$words" "$case_dir/err" || fail "it does not say: $words"
	[ ! -s "$case_dir/lines" ] || fail_lines "output in spite of $words"
}
refused "--by 'port'" --by port -r "$file"
refused "--slow '5'" --slow 5 -r "$file"
refused "--from" --from ip_rcv -r "$file"
refused "'folded'" -f folded -r "$file"
refused "-t: with -r" -t 1 -r "$file"
refused "-- COMMAND: with -r" -r "$file" -- true
refused "'-r' needs a value" -r
run_lines classes -r "$case_dir/missing"
assert_status 1
run_lines report -f text --rare "$file"
assert_status 2

# The time in a queue belongs to the step before it.
assert_queued() # NS
{
	assert_status 0
	assert_sums
	assert_classes '.classes[0] | .steps[.costliest] | .time.max >= $ns
		and (.stage == "qdisc" or .stage == "xmit")' --argjson ns "$1"
}

delay() # QDISC...
{
	in_ns a tc qdisc replace dev va root "$@" 2>/dev/null
}

if delay netem delay 5ms; then
	classes ${zoom:+-p $zoom} "$filter and icmp[0] == 8" -- "${ping[@]}"
	assert_queued 4900000
	assert_classes 'all(.classes[]; .time.p50 >= 5000000)'
else
	echo "PART LEFT OUT: kernel $(uname -r) has no netem, or there is no tc"
fi
# 5 packets of 1042 bytes at once; all but the first wait for 100 bytes each ms.
if delay tbf rate 800kbit burst 1100 latency 10s; then
	classes ${zoom:+-p $zoom} "$filter and icmp[0] == 8" -- \
		ip netns exec "$(ns a)" ping -q -c 5 -l 5 -s 1000 -W 5 "$net4.2"
	assert_queued 20000000
	# The same time, and no shorter path.
	classes --slow 20ms ${zoom:+-p $zoom} "$filter and icmp[0] == 8" -- \
		ip netns exec "$(ns a)" ping -q -c 5 -l 5 -s 1000 -W 5 "$net4.2"
	assert_status 0
	assert_classes '.paths < 5 and .paths >= 1'
	run_lines hist -f json --from net_dev_queue --to netif_rx -p hops \
		"$filter and icmp[0] == 8" -- \
		ip netns exec "$(ns a)" ping -q -c 5 -l 5 -s 1000 -W 5 "$net4.2"
	assert_status 0
	assert_classes '.histograms | length == 1 and (.[0] | .paths == 5
		and .max >= 20000000 and ([.buckets[].count] | add) == 5)'
else
	echo "PART LEFT OUT: kernel $(uname -r) has no tbf, or there is no tc"
fi
