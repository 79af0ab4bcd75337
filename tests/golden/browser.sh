#!/bin/bash
# browser.sh GOLDEN READER: what a browser makes of the page: of 50,000 steps, of names that
# would like to be markup, by keys alone, in light and dark. Pictures of it are left in
# browser-*.png.
set -eu

golden=$1 reader=$2
browser=$(type -P chromium chromium-browser google-chrome | head -n 1)
[ -n "$browser" ] || { echo "SKIP there is no chromium here"; exit 77; }
# Another python3 may come first in the path.
python=$(type -P /usr/bin/python3 python3 | head -n 1)
[ -n "$python" ] || { echo "SKIP there is no python3 here"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for scene in drop escape nat lineage graph; do
	"$golden" "$scene" html >"$work/$scene.html"
done
"$reader" html 500 >"$work/many.html"
timeout 200 "$python" "$(dirname "$0")/browser.py" "$browser" "$work" "$PWD"
