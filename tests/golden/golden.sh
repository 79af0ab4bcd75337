#!/bin/sh
# golden.sh PROGRAM SCENE FORMAT EXPECTED [WORD...]
#
# What PROGRAM writes for SCENE must be EXPECTED, byte for byte. To accept a
# change:	GOLDEN_UPDATE=1 meson test -C build --suite golden
# and read the difference in git before it is committed.
set -eu

program=$1 scene=$2 format=$3 expected=$4
shift 4
actual=$(mktemp)

is_recorded() # WORD...
{
	case " $* " in
	*" recorded "* | *" copied "*) true ;;
	*) false ;;
	esac
}

trap 'rm -f "$actual"' EXIT

"$program" "$scene" "$format" "$@" >"$actual"
if [ -n "${GOLDEN_UPDATE-}" ] && ! is_recorded "$@"; then
	cat "$actual" >"$expected"
fi
if [ "$format" = json ] && command -v jq >/dev/null; then
	jq -e .id "$actual" >/dev/null
fi
diff -u "$expected" "$actual"
