#!/bin/bash
# A bridge floods a packet to three ports, where no function is probed that tells of copies:
# those that reach a gate of their own are joined to the packet by what is in them, and are
# said to be no more than that. What a sender sends twice is two packets.
. "$(dirname "$0")/lib.sh"
require socat xxd

topology_bridge from one two three

# The same frame each time, to a host that no port leads to.
end6=fd0000bf$(printf %04x $(($$ % 65536)))0000000000000000
printf '%s' 020000000099 020000000011 86dd 60000000000c1140 "${end6}0011" "${end6}0099" \
	138d1e61000c0000 74616721 | xxd -r -p >"$case_dir/frame"
send="ip netns exec $(ns from) socat -u OPEN:$case_dir/frame INTERFACE:eth0"
check() # BACKEND
{
	trace_some -p hops -b "$1" "udp dst port 7777" -- sh -c "$send; $send"
	assert_json 'length == 6 and all(.[]; sound and .packet.dport == 7777)'
	assert_json 'all(.[]; own == [$from, $to])' --arg from "${net6}11" --arg to "${net6}99"
	assert_json 'roots | length == 2'
	assert_json 'INDEX(.id) as $by | all(.[] | select(.parent); .relation == "content" and
		.maker == null and .caller == null and $by[.parent | tostring].parent == null)'

	# Once to each of the three, whoever of them got the packet itself.
	for root in $(jq -s "$jq_library roots[].id" "$case_dir/out"); do
		pick '.id == $id' --argjson id "$root"
		assert_path '(.branches | length == 2) and (hops | .[0] == $eth0)' \
			--arg eth0 "$(ns from):eth0"
		assert_json '[.[] | select(.root == $id) | namespaces[-1]] | sort ==
			($ARGS.positional | sort)' --argjson id "$root" \
			--args "$(ns one)" "$(ns two)" "$(ns three)"
	done
	assert_each '.parent' '[hops[] | sub(".*:"; "")] | length == 2 and .[1] == "eth0"'
	assert_each true '.end.kind == "dropped"'
	assert_json 'INDEX(.id) as $by | all(.[]; .conversation == 1)'
}

check tracepoint
if kernel_at_least 6.6; then
	check tcx
fi
# They are told as that, and no function is named.
"$BPFPATH" -b tracepoint -p hops "udp dst port 7777" -- sh -c "$send" \
	</dev/null >"$case_dir/lines" 2>"$case_dir/err"
[ "$(grep -c '^ *copy of #1, by content$' "$case_dir/lines")" = 2 ] || fail_lines "not two copies"
