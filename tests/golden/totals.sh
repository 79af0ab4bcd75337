#!/bin/bash
# totals.sh PROGRAM SCENE...: the weights of the folded stacks together are the number of
# steps, and with the word "time" what the paths took.
set -eu

program=$1
shift
type -P jq >/dev/null || { echo "SKIP there is no jq here"; exit 77; }

total() # SCENE WORD...: all weights
{
	"$program" "$1" folded "${@:2}" | awk '{ total += $NF } END { print total + 0 }'
}

for scene; do
	steps=$("$program" "$scene" json | jq -s 'map(.steps | length) | add')
	time=$("$program" "$scene" json | jq -s 'map(.steps[-1].t) | add')
	[ "$(total "$scene")" = "$steps" ] ||
		{ echo "$scene: $(total "$scene"), but there are $steps steps"; exit 1; }
	[ "$(total "$scene" time)" = "$time" ] ||
		{ echo "$scene: $(total "$scene" time) ns, but the paths took $time"; exit 1; }
	echo "$scene: $steps steps, $time ns"
done
