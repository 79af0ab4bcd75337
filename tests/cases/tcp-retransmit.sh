#!/bin/bash
# What TCP sends again is a branch of the packet in which it was sent first: as many as the
# kernel's own functions and counters say, each of the right one, numbered, with an end of
# its own; and nothing else is. What it keeps is cloned into the same memory each time.
. "$(dirname "$0")/lib.sh"
require socat nft
if kernel_has_functions; then
	zoom_most
fi

jq_library+='
def mod: (. + 4294967296) % 4294967296;
# sequence numbers: data, SYN and FIN. So few bytes are no data here, but up to three blocks
# of SACK in an acknowledgement: b repeats what is lost on the way to it, too.
def numbers: (payload | if . > 40 then . else 0 end) + (.packet.tcp.flags // "" | [scan("SYN|FIN")] | length);
def covers($seq): ($seq - .packet.tcp.seq | mod) < numbers;
def resent: .relation == "retransmission";
def sent: map(select(numbers > 0)) | sort_by(.id);
# In the middle of a probe the kernel skips others, as a path of that time says. If that is where
# it should have begun, tracepoints alone have seen it.
def skipped: has("missed") or has("blind");
def late: '"$(kernel_has_functions && echo true || echo false)"' and skipped and .steps[0].kind == "tracepoint";
'
tracing=
unknown=0 # numbers of what was sent again, see tracing_take()

tracing_end()
{
	[ -n "$tracing" ] || return 0
	echo 0 >"$tracing/instances/bpfpath-$$/events/enable" || :
	rmdir "$tracing/instances/bpfpath-$$" || :
	grep -o "p:bpfpath_$$/[a-z0-9]*" "$tracing/kprobe_events" | sed 's/^./-/' |
		while read -r probe; do
			echo "$probe" >>"$tracing/kprobe_events"
		done
	umount "$tracing" || :
}
trap 'tracing_end; case_end' EXIT

# The kernel's own probe on the function that sends again, with the number in what TCP keeps
# (struct tcp_skb_cb, which is in .cb of struct sk_buff); the function's second half may be
# another one. Its tracepoint says that it has done it. There is no probe on its return: what
# catches that hides on 5.10 who has called it.
tracing_begin()
{
	local name number=0 instance=$case_dir/tracing/instances/bpfpath-$$
	kernel_has_functions && mkdir "$case_dir/tracing" &&
		mount -t tracefs tracefs "$case_dir/tracing" || return 0
	tracing=$case_dir/tracing
	mkdir "$instance"
	while read -r name; do
		number=$((number + 1))
		echo "p:bpfpath_$$/call$number $name seq=+40(\$arg2):u32" >>"$tracing/kprobe_events"
	done < <(grep -oE ' __tcp_retransmit_skb(\.part\.[0-9]+)?$' /proc/kallsyms)
	echo 1 >"$instance/events/bpfpath_$$/enable"
	echo 1 >"$instance/events/tcp/tcp_retransmit_skb/enable"
}

# Numbers of what a sent again since the last time, as JSON. There is one connection at a time,
# and who sends has its lock; but b may send its FIN again, to a port that is none of ours. Null:
# the kernel has skipped our probe, in the middle of another one, and counts that.
tracing_take()
{
	local trace=$tracing/instances/bpfpath-$$/trace
	sed -nE 's/.* call[0-9]+: .* seq=([0-9]+)$/call \1/p; /err=-/d
		s/.* tcp_retransmit_skb: .* dport=([0-9]+) .*/sent \1/p' "$trace" |
		awk '$1 == "call" { number = $2 }
			$1 == "sent" { if ($2 > 5000 && $2 < 5005) print number; number = "null" }' |
		jq -s -c sort
	: >"$trace"
}

# So often since the beginning.
tracing_missed()
{
	awk -v name="call" 'index($1, name) == 1 { missed += $3 } END { print missed + 0 }' \
		"$tracing/kprobe_profile"
}

# What the kernel has counted since the namespace is there.
counted()
{
	in_ns a awk '/^Tcp:/ { for (i = 1; i <= NF; i++) if ($i == "RetransSegs") at = i; value = $at }
		END { print value }' /proc/net/snmp
}

# No connection of a's is under way any more, so that it sends nothing again: what is left
# waits for strays (TIME_WAIT). For who traces to run at the end of its command.
quiet=$case_dir/quiet
cat >"$quiet" <<END
while ip netns exec $(ns a) awk 'NR > 1 && \$4 != "06" { busy = 1 } END { exit !busy }' /proc/net/tcp; do
	sleep 0.1
done
END

# In b what comes to a port: so many of some are lost.
lose() # PORT RULE
{
	in_ns b nft "flush ruleset; add table ip t; add chain ip t in { type filter hook input priority 0; }
		add rule ip t in tcp dport $1 $2 drop" 2>"$case_dir/nft" ||
		skip "nftables does not work here: $(head -n 1 "$case_dir/nft")"
}

# Each is of the first packet that had its number; nothing else is said to be one. Shown are
# those of which that is not so, and what they should be of. Of one whose first was late
# nothing is known but that it is one.
assert_model()
{
	jq -c -s "$jq_library"' def told: {id, root, parent, relation, number, maker, caller, time,
			length: numbers, dport: .packet.dport, tcp: .packet.tcp, func: .steps[0].func};
		sent as $sent | range($sent | length) as $i | $sent[$i] as $path
		| [$sent[:$i][] | select(.packet.dport == $path.packet.dport and
			covers($path.packet.tcp.seq))] as $before
		| ($before | map(select(late | not)) | .[0]) as $first
		| select((if ($path | late) then ($path | resent | not) or any($before[]; .id == $path.parent)
			elif $first then ($path | resent) and $path.parent == $first.id and
				$path.root == $first.id and $path.time > $first.time
			else $path.parent == null and $path.root == $path.id and
				($path | resent) == ($before != []) end) | not)
		| [($first | select(.) | told), ($path | told)]' \
		<"$case_dir/out" >"$case_dir/broken"
	[ -s "$case_dir/broken" ] || return 0
	head -n 20 "$case_dir/broken"
	: >"$case_dir/out"
	fail "$(wc -l <"$case_dir/broken") packets are not of the one that had their numbers first"
}

# What was lost has arrived in another packet: a later one, unless what was lost had been sent
# again for nothing. Shown are those of which that is not so, and who had their numbers.
assert_arrived()
{
	jq -c -s "$jq_library"' def told: {id, number, relation, end: .end.kind, numbers: numbers,
			seq: .packet.tcp.seq, flags: .packet.tcp.flags};
		sent as $sent | $sent[] | select(.end.kind == "dropped") as $lost
		| [$sent[] | select(.packet.dport == $lost.packet.dport and
			(covers($lost.packet.tcp.seq) or (. as $other | $lost | covers($other.packet.tcp.seq))))]
		| select(any(.[]; .end.kind != "dropped" and (.id > $lost.id or ($lost | resent))) | not)
		| [($lost | told), (.[] | told)]' <"$case_dir/out" >"$case_dir/broken"
	[ -s "$case_dir/broken" ] || return 0
	head -n 20 "$case_dir/broken"
	: >"$case_dir/out"
	fail "$(wc -l <"$case_dir/broken") packets were lost and did not arrive in others"
}

# All of what a says that it has sent again, and who did it.
assert_told()
{
	local truth
	truth=$(tracing_take)
	unknown=$((unknown + $(jq 'map(select(. == null)) | length' <<<"$truth")))
	[ "$unknown" -le "$(tracing_missed)" ] ||
		fail "$unknown numbers are not known, but the kernel has skipped $(tracing_missed) probes"
	assert_json 'sent as $sent | [range($sent | length) as $i | $sent[$i] | select(resent or late and
			(.packet.tcp.seq as $seq | any($sent[:$i][]; covers($seq)))) | .packet.tcp.seq]
		| reduce ($truth[] | select(.)) as $number (.; index($number) as $at
			| if $at then del(.[$at]) else . + ["lacks \($number)"] end)
		| length == ($truth | map(select(. == null)) | length) and all(.[]; type == "number")' \
		--argjson truth "$truth"
	assert_json 'any(.[]; resent and .maker)'
	assert_each 'resent and .maker' '.maker | test("^(__)?tcp_retransmit_skb")'
	assert_each 'resent and .maker' \
		'.caller | test("^(tcp_retransmit_timer|tcp_send_loss_probe|tcp_xmit_retransmit_queue)")'
	assert_each 'resent and .complete' .maker
}

assert_retransmissions()
{
	assert_only "$net4.1" "$net4.2"
	assert_json 'all(.[]; .lost == 0 and .complete == (skipped | not))'
	assert_json 'any(.[]; resent)'
	assert_model
	assert_json 'all(.[] | select(numbers == 0); resent | not)'
	assert_json 'map(select(.parent)) | all(.[]; resent) and (group_by(.parent) |
		all(.[]; sort_by(.id) | map(.number) == [range(1; length + 1)]))'
	assert_arrived
	if [ -n "$tracing" ]; then
		assert_told
	else
		assert_each 'resent' '.maker == null and .caller == null'
	fi
	# No path goes on from the receiver's TCP into the sender's IP.
	assert_each true '[.steps[] | select(.func == "__ip_local_out")] | length <= 1'
	assert_each true '[.steps[] | select(.func == "tcp_v4_rcv")] | length <= 1'
	assert_each '[.steps[].func] | index("tcp_v4_rcv")' '[.steps[].func]
		| .[index("tcp_v4_rcv"):] | any(test("ip_queue_xmit|ip_local_out|veth_xmit")) | not'
}

topology_pair
in_ns a sysctl -qw net.ipv4.tcp_congestion_control=reno
ping_once a "$net4.2"
tracing_begin

# Of a connection two SYNs are lost. Of another one a message, which is of two segments in one
# packet; its end, which is sent to probe for that; its beginning, after a timeout. That is
# sent once more, and the end when its receipt is known. No more is sent until it is answered.
message() # PORT
{
	cat <<-END
		ip netns exec $(ns b) socat TCP-LISTEN:$1 PIPE &
		until ip netns exec $(ns b) grep -q ':$(printf '%04X' "$1") 00000000:0000 0A' /proc/net/tcp; do
			kill -0 \$! || exit
			sleep 0.1
		done
		ip netns exec $(ns a) bash -c 'exec 3<>/dev/tcp/$net4.2/$1 &&
			head -c 2000 /dev/zero >&3 && head -c 2000 <&3 | wc -c'
		wait
	END
}
{
	message 5001
	message 5002
	echo ". $quiet"
} >"$case_dir/messages"
lose 5001 'tcp flags syn numgen inc mod 1000 0-1'
in_ns b nft 'add rule ip t in tcp dport 5002 ip length > 400 numgen inc mod 1000 0-2 drop'
trace_some "tcp and (dst port 5001 or dst port 5002)" -- sh "$case_dir/messages"
assert_retransmissions
assert_json '[.[] | select(resent)] | length == 6'
assert_json 'sent | group_by(.root) | map(select(any(resent)) | map(.end.kind == "dropped")) ==
	[[true, true, false], [true, true, true, false, false]]'
assert_json 'sent | group_by(.root) | map(select(any(resent)) | .[0].packet.tcp.seq as $seq
	| map([(.packet.tcp.seq - $seq | mod), numbers])) == [[[0, 1], [0, 1], [0, 1]],
		[[0, 2000], [1448, 552], [0, 1448], [0, 1448], [1448, 552]]]'
if [ -n "$tracing" ]; then
	assert_json 'sent | map(select(resent) | .caller // "" | sub("\\..*"; "")) ==
		["tcp_retransmit_timer", "tcp_retransmit_timer", "tcp_send_loss_probe",
		"tcp_retransmit_timer", "tcp_retransmit_timer", "tcp_xmit_retransmit_queue"]'
fi

# A transfer of which every fifth packet is lost, some as large as veth takes them.
transfer() # PORT
{
	transfer_make 300000 "$1"
	rm -f "$case_dir/received"
	echo ". $quiet" >>"$case_dir/transfer"
	trace_some --buffer 64M "tcp and dst port $1" -- sh "$case_dir/transfer"
	cmp "$case_dir/sent" "$case_dir/received" || fail "what arrived is not what was sent"
	assert_retransmissions
}

lose 5003 'numgen inc mod 5 3'
transfer 5003

# So that no segment is cut when it is sent again: each is a packet as large as the wire
# takes, and counts as one.
ip -n "$(ns a)" link set va gso_max_segs 1
lose 5004 'numgen inc mod 7 3'
before=$(counted)
transfer 5004
assert_json 'any(.[]; skipped) or (map(select(resent)) | length == $again)' --argjson again $(($(counted) - before))
