#!/bin/bash
# perfetto.sh PROGRAM SCENE...: the trace events are ones that a viewer takes: in the order
# of time each end is that of the slice that began last in its thread, stages lie within a
# packet and packets apart, each point of a flow within a slice, and the path of each
# packet is whole.
set -eu

program=$1
shift
type -P jq >/dev/null || { echo "SKIP there is no jq here"; exit 77; }

for scene; do
	"$program" "$scene" perfetto | jq -e --arg scene "$scene" '
	.traceEvents as $events
	| [$events[] | select(.ph == "B" or .ph == "E")]
	| (group_by([.pid, .tid]) | map(sort_by(.ts) | reduce .[] as $event ({ open: [], slices: [], good: true };
		if $event.ph == "B"
		then .good = (.good and if $event.args.packet then .open == [] else (.open | length == 1) end)
			| .open += [$event]
		else .good = (.good and .open[-1].name == $event.name)
			| .slices += [.open[-1] + { to: $event.ts }]
			| .open |= .[:-1] end))) as $threads
	| [$threads[].slices[]] as $slices
	| all($threads[]; .good and .open == [])
	and all($events[] | select(.ph == "s" or .ph == "t" or .ph == "f"); . as $point
		| any($slices[]; .pid == $point.pid and .tid == $point.tid
			and .ts <= $point.ts and $point.ts < .to))
	and ([$events[] | select(.cat == "path")] | group_by(.id)
		| all(.[]; map(.ph) | (.[0] == "s" and .[-1] == "f"
			and all(.[1:-1][]; . == "t"))))
	and ([$slices[].args.packet // empty] | unique | length > 0)' >/dev/null ||
		{ echo "$scene: the events do not go together"; exit 1; }
	echo "$scene: good"
done
