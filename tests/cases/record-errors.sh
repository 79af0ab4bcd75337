#!/bin/bash
# The file of a recording is full, replaced, or nobody reads it: one clear line, tracing
# ends, and what was written is a recording.
. "$(dirname "$0")/lib.sh"

topology_pair
ping_once a "$net4.2"
file=$case_dir/file
filter="icmp and host $net4.2"
ping=(ip netns exec "$(ns a)" ping -q -c 1000 -i 0.02 -W 5 "$net4.2")

expect() # STATUS PATTERN: of what was run, and its words
{
	assert_status "$1"
	[ "$(grep -cE -- "$2" "$case_dir/err")" = 1 ] || fail "it does not say once: '$2'"
}

record() # ARGUMENT...
{
	status=0
	"$BPFPATH" record ${zoom:+-p $zoom} "$@" </dev/null >"$case_dir/out" 2>"$case_dir/err" ||
		status=$?
}

report_some() # FILE: it has paths
{
	"$BPFPATH" report -qf json "$1" >"$case_dir/out" 2>"$case_dir/report.err" ||
		fail "report: $(cat "$case_dir/report.err")"
	assert_only "$net4.1" "$net4.2"
	assert_json 'length > 10'
}

# What is refused before anything is attached; the command is not run.
mark=(-- touch "$case_dir/ran")
record icmp "${mark[@]}"
expect 2 'use -o FILE'
record -o /nosuchdir/file icmp "${mark[@]}"
expect 1 "cannot write '/nosuchdir/file'"
record -o /dev/full icmp "${mark[@]}"
expect 1 "cannot write '/dev/full': No space left"
record -o - -f json icmp "${mark[@]}"
expect 2 'nothing else'
record -o "$file" --rotate 5 icmp "${mark[@]}"
expect 2 "--rotate '5'"
record -o "$file" --keep many icmp "${mark[@]}"
expect 2 "--keep 'many'"
[ ! -e "$case_dir/ran" ] || fail "the command was run all the same"

# A disk that is soon full; the mount is that process's own.
status=0
mkdir "$case_dir/disk"
unshare --mount sh -c 'disk=$1; shift; mount -t tmpfs -o size=300k none "$disk" || exit
	"$@"; status=$?; cp "$disk/file" "$disk.file"; exit $status' - "$case_dir/disk" \
	"$BPFPATH" record ${zoom:+-p $zoom} -o "$case_dir/disk/file" "$filter" -- "${ping[@]}" \
	</dev/null >"$case_dir/out" 2>"$case_dir/err" || status=$?
expect 1 'No space left on device'
report_some "$case_dir/disk.file"

# Somebody puts another file in its place.
"$BPFPATH" record ${zoom:+-p $zoom} -o "$file" "$filter" -- "${ping[@]}" \
	</dev/null >"$case_dir/out" 2>"$case_dir/err" &
bpfpath=$!
case_pids+=("$bpfpath")
until [ "$(stat -c %s "$file" 2>/dev/null || echo 0)" -gt 20000 ]; do
	kill -0 "$bpfpath" 2>/dev/null || fail "it ended too early"
	sleep 0.1
done
mv "$file" "$file.moved"
echo other >"$file"
status=0
wait "$bpfpath" || status=$?
expect 1 'was replaced, removed or cut'
[ "$(cat "$file")" = other ] || fail "it wrote to another's file"
report_some "$file.moved"

# Nobody reads.
status=0
{
	"$BPFPATH" record ${zoom:+-p $zoom} -o - "$filter" -- "${ping[@]}" \
		</dev/null 2>"$case_dir/err" || echo $? >"$case_dir/status"
} | head -c 100 >/dev/null
[ ! -e "$case_dir/status" ] || status=$(cat "$case_dir/status")
expect 1 "cannot write '-': Broken pipe"
