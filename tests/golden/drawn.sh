#!/bin/bash
# drawn.sh PROGRAM SCENE...: Graphviz takes each graph, and an XML parser each SVG, whatever
# the names are that are in it.
set -eu

program=$1
shift
type -P dot >/dev/null || { echo "SKIP there is no dot here (package graphviz)"; exit 77; }
type -P python3 >/dev/null || { echo "SKIP there is no python3 here"; exit 77; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for scene; do
	for nodes in stage function; do
		"$program" "$scene" dot ${nodes#stage} >"$work/$scene-$nodes.dot"
		"$program" "$scene" svg ${nodes#stage} >"$work/$scene-$nodes.svg"
	done
	"$program" "$scene" flame >"$work/$scene-flame.svg"
done
dot -Tplain -O "$work"/*.dot || { echo "dot does not take them all"; exit 1; }
python3 - "$work"/*.svg <<'END'
import sys, xml.dom.minidom

for name in sys.argv[1:]:
    try:
        xml.dom.minidom.parse(name)
    except Exception as error:
        sys.exit("%s: %s" % (name, error))
END
