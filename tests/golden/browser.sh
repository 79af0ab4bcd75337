#!/bin/bash
# browser.sh PROGRAM: what a browser makes of the page, and of names that would like to be
# markup: no errors, the search finds, the drawing of a path shows its end. A picture of it
# is left in browser.png.
set -eu

program=$1
browser=$(type -P chromium chromium-browser google-chrome | head -n 1)
[ -n "$browser" ] || { echo "SKIP there is no chromium here"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

browse() # FILE#STATE OPTION...: the page as it is in the end is in $work/dom
{
	HOME=$work timeout 60 "$browser" --headless --no-sandbox --disable-gpu --no-first-run \
		--user-data-dir="$work/profile" --enable-logging=stderr --hide-scrollbars \
		--window-size=1400,900 "${@:2}" "file://$work/$1" >"$work/dom" 2>"$work/log" ||
		{ tail -n 20 "$work/log"; echo "$1: the browser failed"; exit 1; }
	! grep 'CONSOLE' "$work/log" || { echo "$1: the browser complains"; exit 1; }
}

expect() # TEXT: it is in the page
{
	# What is behind "packets" is the data, and the program.
	sed '/<script type="application\/json" id="packets">/,$d' "$work/dom" | grep -qF -- "$1" ||
		{ echo "the page has no: $1"; exit 1; }
}

"$program" drop html >"$work/drop.html"
browse 'drop.html#find=otherhost&packet=1' --dump-dom
expect '1 of 3 packets'
expect 'data-end="dropped"'
expect '>dropped in ip_rcv_core: OTHERHOST</text>'
browse 'drop.html#packet=1' --screenshot="$PWD/browser.png"

"$program" escape html >"$work/escape.html"
browse 'escape.html#packet=1' --dump-dom
expect '&lt;img src=x onerror=alert(1)&gt;'
expect '&lt;/script&gt;&lt;i&gt;&amp;"'
expect '\u001b]0;pwned\u0007'
