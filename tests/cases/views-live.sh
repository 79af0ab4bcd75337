#!/bin/bash
# Each view: what is shown live is what the report of the same run shows, byte for byte.
# With tracepoints alone, as there are many runs; views.sh has functions, and the golden
# tests have what a view can be told.
. "$(dirname "$0")/lib.sh"

require jq
topology_bridge box
there=$net4.11
ping_once host "$there"
traffic="ip netns exec $(ns host) ping -q -c 2 -i 0.01 -W 5 $there >/dev/null
	ip netns exec $(ns host) bash -c 'echo x >/dev/udp/$there/99'"

view() # FORMAT
{
	local at=$case_dir/$1
	"$BPFPATH" record -o "$at.file" -p hops -f "$1" "icmp or udp" -- sh -c "$traffic" \
		</dev/null >"$at.out" 2>"$at.err" || { cat "$at.err"; fail "no view $1"; }
	[ -s "$at.out" ] || fail "nothing is shown by $1"
	"$BPFPATH" report -q -f "$1" "$at.file" >"$at.report" 2>"$at.err" ||
		{ cat "$at.err"; fail "no report $1"; }
	cmp "$at.out" "$at.report" || fail "the report $1 differs"
}

# Several at a time: each sees the packets of the others, too, which is as good.
views=()
formats=0
for format in $("$BPFPATH" report -f nosuch x 2>&1 | sed 's/.*use one of //; s/, / /g'); do
	formats=$((formats + 1))
	[ "$format" != pcapng ] || continue
	(trap - EXIT; view "$format") &
	views+=($!)
done
case_pids+=("${views[@]}")
failed=
for pid in "${views[@]}"; do
	wait "$pid" || failed=1
done
[ -z "$failed" ] || fail "see above"
[ "$formats" -ge 16 ] || fail "only $formats formats"
