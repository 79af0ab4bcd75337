#!/bin/sh
# diff.sh BPFPATH STATUS EXPECTED ARGUMENT...
#
# What 'bpfpath diff' says of recordings that are in the folder diff, of the same ping on
# kernels of Debian in virtual machines and on a 6.18 without kprobes: EXPECTED, byte for byte, with this exit status. To accept a
# change, see golden.sh.
set -eu

program=$(readlink -f "$1") wanted=$2 expected=$3
shift 3
actual=$(mktemp)
trap 'rm -f "$actual"' EXIT

status=0
(cd "$(dirname "$0")/diff" && COLUMNS=80 "$program" diff -q "$@") >"$actual" || status=$?
[ -z "${GOLDEN_UPDATE-}" ] || cat "$actual" >"$expected"
diff -u "$expected" "$actual"
if [ "$status" != "$wanted" ]; then
	echo "the exit status is $status, not $wanted"
	exit 1
fi
