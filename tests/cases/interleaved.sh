#!/bin/bash
# Pings from several namespaces at once, ten each: every path has only the
# steps of its own packet.
. "$(dirname "$0")/lib.sh"

topology_bridge one two three
for n in 11 12 13; do
	ping_once host "$net4.$n"
done
for name in one two three; do
	ping_once "$name" "$net4.1"
done

cat >"$case_dir/pings" <<END
for name in one two three; do
	ip netns exec bpfpath-$$-\$name ping -q -c 10 -i 0.2 -W 5 $net4.1 &
done
wait
END
trace_some "icmp and host $net4.1" -- sh "$case_dir/pings"
assert_only "$net4.1" "$net4.11" "$net4.12" "$net4.13"
assert_time
assert_json 'all(.[]; sound and .lost == 0)'
assert_json 'map(select(.packet.icmp.type == 8)) | length == 30'
assert_json '[.[] | select(.packet.icmp.type == 8) | [.packet.src, .packet.icmp.seq]]
	| unique | length == 30'
assert_json 'roots | map(select(.packet.icmp.type == 0)) | length >= 30'
number=11
for name in one two three; do
	assert_json 'all(roots[] | select(.packet.src == $address); namespaces == [$own, $host])' \
		--arg address "$net4.$number" --arg own "$(ns "$name")" --arg host "$(ns host)"
	assert_json 'all(.[] | select(.packet.dst == $address); namespaces - [$own, $host] == [])' \
		--arg address "$net4.$number" --arg own "$(ns "$name")" --arg host "$(ns host)"
	number=$((number + 1))
done
