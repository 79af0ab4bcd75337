#!/bin/bash
# A recording that is shown with a smaller zoom is what a live run with that zoom shows of
# the same packets: one records everything while another one traces less.
. "$(dirname "$0")/lib.sh"

require functions jq
topology_bridge box
here=$net4.1 there=$net4.11
ping_once host "$there"
in_ns box sysctl -qw net.ipv4.icmp_ratelimit=0 || :
# Not to be decided at a socket: where a packet begins there is a question of the zoom.
filter="(icmp and host $there or udp port 99) and ip[8] > 0"
printf '%s\n' ip_rcv ip_local_deliver nf_hook_slow br_handle_frame icmp_rcv >"$case_dir/list"
cat >"$case_dir/traffic" <<END
ip netns exec $(ns host) ping -q -c 2 -i 0.2 -W 5 $there
ip netns exec $(ns host) bash -c 'echo x >/dev/udp/$there/99'
ip netns exec $(ns host) ping -q -c 1 -s 4000 -W 5 $there
END

# All but the clock, which each of them reads for itself, and the probes of each that were
# skipped.
paths()
{
	jq -c 'if has("missed") then .complete = true else . end | del(.time, .missed) | del(.steps[] | .t, .duration, .waited.time)' "$@"
}

compare() # ZOOM: of the recording and of a run beside it
{
	status=0
	"$BPFPATH" record -o "$case_dir/all" -p "$zoom_all" "$filter" -- "$BPFPATH" -p "$1" -f json \
		-o "$case_dir/live" "$filter" -- sh "$case_dir/traffic" \
		</dev/null >"$case_dir/said" 2>"$case_dir/err" || status=$?
	assert_status 0
	"$BPFPATH" report -p "$1" -f json "$case_dir/all" >"$case_dir/out" 2>"$case_dir/err" ||
		fail "no report with -p $1"
	paths "$case_dir/live" >"$case_dir/live.paths"
	paths "$case_dir/out" >"$case_dir/all.paths"
	if ! cmp "$case_dir/live.paths" "$case_dir/all.paths"; then
		diff -u <(jq . "$case_dir/live.paths") <(jq . "$case_dir/all.paths") | head -n 100
		: >"$case_dir/out"
		fail "-p $1 of $zoom_all is not what is seen live"
	fi
	assert_json 'length >= 8 and all(.[]; sound)'
}

compare "$case_dir/list"
assert_json '[.[].steps[] | select(.kind == "function") | name] | unique | contains(["ip_rcv", "icmp_rcv"])
	and all(.[]; test("^ip_finish_output|^netif_rx$|^__netif_receive") | not)'
grep -q '"mac_dst"' "$case_dir/all.paths" || fail "no change of headers, which this is about"
! grep -q 'not probed' "$case_dir/err" || fail "$(cat "$case_dir/err")"
[ "$zoom_all" = stages ] || compare stages

# Without functions only what tracepoints have seen, with relations and ends.
"$BPFPATH" report -p hops -f json "$case_dir/all" >"$case_dir/out" 2>"$case_dir/err"
assert_json 'length >= 8 and all(.[].steps[]; .kind != "function" and .kind != "return")'
assert_only "$here" "$there"

# A part of less is the same as less of a part.
"$BPFPATH" report -q -p "$case_dir/list" -f pcapng "$case_dir/all" 'icmp[0] == 8' >"$case_dir/part"
"$BPFPATH" report -q -f json "$case_dir/part" >"$case_dir/out"
"$BPFPATH" report -q -p "$case_dir/list" -f pcapng "$case_dir/part" >"$case_dir/again"
"$BPFPATH" report -q -f json "$case_dir/again" | cmp - "$case_dir/out" ||
	fail "the same zoom twice is not the same"
"$BPFPATH" report -p stages "$case_dir/part" >/dev/null 2>"$case_dir/err"
grep -q "it was recorded with -p $case_dir/list, .* functions were not probed" "$case_dir/err" ||
	fail "it is not said that less was recorded"
