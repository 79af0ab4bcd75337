#!/bin/bash
# Each view: what is shown live is what the report of the same run shows, byte for byte.
# With tracepoints alone, as there are many runs; views.sh has functions, and the golden
# tests have what a view can be told.
. "$(dirname "$0")/lib.sh"

require jq
topology_bridge box
there=$net4.11
file=$case_dir/file
ping_once host "$there"
traffic="ip netns exec $(ns host) ping -q -c 2 -i 0.01 -W 5 $there >/dev/null
	ip netns exec $(ns host) bash -c 'echo x >/dev/udp/$there/99'"

view() # FORMAT [OPTION...]
{
	status=0
	"$BPFPATH" record -o "$file" -p hops -f "$@" "icmp or udp" -- sh -c "$traffic" \
		</dev/null >"$case_dir/out" 2>"$case_dir/err" || status=$?
	assert_status 0
	[ -s "$case_dir/out" ] || fail "nothing is shown by $*"
	"$BPFPATH" report -q -f "$@" "$file" >"$case_dir/report" 2>"$case_dir/err" ||
		fail "no report $*"
	cmp "$case_dir/out" "$case_dir/report" || fail "the report $* differs"
}

formats=0
for format in $("$BPFPATH" report -f nosuch x 2>&1 | sed 's/.*use one of //; s/, / /g'); do
	[ "$format" = pcapng ] || view "$format"
	formats=$((formats + 1))
done
[ "$formats" -ge 16 ] || fail "only $formats formats"
