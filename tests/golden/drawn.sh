#!/bin/bash
# drawn.sh PROGRAM SCENE...: Graphviz takes each graph, and an XML parser each SVG, whatever
# the names are that are in it.
set -eu

program=$1
shift
type -P dot >/dev/null || { echo "SKIP there is no dot here (package graphviz)"; exit 77; }
type -P python3 >/dev/null || { echo "SKIP there is no python3 here"; exit 77; }

xml() # SCENE FORMAT
{
	"$program" "$1" "$2" |
		python3 -c 'import sys, xml.dom.minidom as m; m.parse(sys.stdin.buffer)' ||
		{ echo "$1 $2: no XML"; exit 1; }
}

for scene; do
	"$program" "$scene" dot | dot -Tsvg >/dev/null ||
		{ echo "$scene: dot does not take it"; exit 1; }
	xml "$scene" svg
	xml "$scene" flame
	echo "$scene: good"
done
