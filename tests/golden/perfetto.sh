#!/bin/bash
# perfetto.sh PROGRAM SCENE...: the trace events are ones that a viewer takes: the slices
# of a thread lie within each other or apart, each point of a flow within a slice, and the
# path of each packet is whole.
set -eu

program=$1
shift
type -P jq >/dev/null || { echo "SKIP there is no jq here"; exit 77; }

for scene; do
	"$program" "$scene" perfetto | jq -e --arg scene "$scene" '
	def ns: (.ts * 1000 | round) as $from
		| { from: $from, to: ($from + ((.dur // 0) * 1000 | round)) };
	.traceEvents as $events
	| [$events[] | select(.ph == "X")] as $slices
	| ($slices | group_by([.pid, .tid]) | map(map(ns) | sort_by(.from, -.to))) as $threads
	| all($threads[]; reduce .[] as $slice ({ open: [], good: true };
		.open |= map(select(.to > $slice.from))
		| .good = (.good and all(.open[]; .to >= $slice.to))
		| .open += [$slice]) | .good)
	and all($events[] | select(.ph == "s" or .ph == "t" or .ph == "f"); . as $point
		| any($slices[]; .pid == $point.pid and .tid == $point.tid
			and .ts <= $point.ts and $point.ts < .ts + .dur))
	and ([$events[] | select(.cat == "path")] | group_by(.id)
		| all(.[]; map(.ph) | (.[0] == "s" and .[-1] == "f"
			and all(.[1:-1][]; . == "t"))))
	and ([$slices[].args.packet // empty] | unique | length > 0)' >/dev/null ||
		{ echo "$scene: the events do not go together"; exit 1; }
	echo "$scene: good"
done
