#!/bin/bash
# The file of a recording without packets for other tools: several, of which each stands
# for itself; ended by force, removed, not read any more, without any packet.
. "$(dirname "$0")/lib.sh"

require jq
topology_bridge box
here=$net4.1 there=$net4.11
file=$case_dir/file
ping_once host "$there"
ping=(ip netns exec "$(ns host)" ping -q -i 0.2 -W 5)

record() # OPTION... FILTER [-- COMMAND...]
{
	run record --no-packets -o "$file" ${zoom:+-p $zoom} "$@"
}

says() # STATUS PATTERN
{
	assert_status "$1"
	[ "$(grep -cE -- "$2" "$case_dir/err")" = 1 ] || fail "it does not say once: '$2'"
}

record 'udp port 9' -- true
says 3 ': 0 packets, 0 steps$'
run report "$file"
says 3 '0 of 0 paths'

# ---- several files: each stands for itself, and nothing is lost between them
# Up to a second of it is not in the file yet.
printf 'until [ -e %s ]; do ip netns exec %s ping -q -f -c 300 -W 5 %s || exit; done\n' \
	"$file.1" "$(ns host)" "$there" >"$case_dir/traffic"
record --rotate 1M --keep 50 "icmp and host $there" -- sh "$case_dir/traffic"
assert_status 0
steps=$(sed -nE 's/.*packets, ([0-9]+) steps$/\1/p' "$case_dir/err")
cp "$case_dir/err" "$case_dir/said"
for one in "$file" "$file".*; do
	run report -f json "$one"
	assert_status 0
	assert_json 'length > 0 and all(.[].steps[]; (.func | startswith("0x") | not)
		and (.netns == null or .netns.name != null))'
	# Of what was under way from one to the next, each has a part.
	assert_json 'map(select(.complete)) | length > 0 and all(.[]; own - $ARGS.positional == [])' \
		--args "$here" "$there"
	steps=$((steps - $(sed -nE 's/.* paths?, ([0-9]+) steps$/\1/p' "$case_dir/err")))
	rm "$one"
done
[ "$steps" = 0 ] || fail "$steps steps of: $(cat "$case_dir/said")"

# ---- ended by force, replaced, not read any more
background record --no-packets -o "$file" ${zoom:+-p $zoom} "icmp and host $there"
"${ping[@]}" -c 3 "$there" >/dev/null
waited=0
until "$BPFPATH" report -qf json "$file" >"$case_dir/seen" 2>/dev/null &&
	[ "$(wc -l <"$case_dir/seen")" -ge 6 ]; do
	[ "$waited" -lt 100 ] || fail "nothing is written while it runs"
	waited=$((waited + 1))
	sleep 0.1
done
kill -KILL "$bpfpath"
wait "$bpfpath" || :
command_end
run report -f json "$file"
says 0 'has no end: it was cut off'
assert_json '(roots | length == 6) and all(.[]; sound)'

"$BPFPATH" record --no-packets -o "$file" ${zoom:+-p $zoom} "icmp and host $there" -- \
	sh -c 'rm "$1"; shift; exec "$@"' - "$file" "${ping[@]}" -c 1000 "$there" \
	</dev/null >"$case_dir/out" 2>"$case_dir/err" || status=$?
says 1 'was replaced, removed or cut'

rm -f "$case_dir/status"
{
	"$BPFPATH" record --no-packets -o - ${zoom:+-p $zoom} "icmp and host $there" -- \
		"${ping[@]}" -c 1000 "$there" </dev/null 2>"$case_dir/err" || echo $? >"$case_dir/status"
} | head -c 100 >/dev/null
status=$(cat "$case_dir/status")
says 1 "cannot write '-': Broken pipe"
