#!/bin/bash
# Everything that a user can get wrong: one clear line, exit status 1 or 2, and
# the command is not run.
. "$(dirname "$0")/lib.sh"

topology_pair
chmod 755 "$case_dir"
cp "$BPFPATH" "$case_dir/bpfpath" # where anybody can reach it
bad=0

# STATUS PATTERN: of the exit status and the line. Then the command.
expect()
{
	local want=$1 pattern=$2 lines status=0
	shift 2
	"$@" </dev/null >"$case_dir/out" 2>"$case_dir/err" || status=$?
	lines=$(wc -l <"$case_dir/err")
	if ! [[ $status =~ ^($want)$ ]] || [ "$lines" != 1 ] || [ -s "$case_dir/out" ] ||
		! grep -qiE "$pattern" "$case_dir/err"; then
		echo "$*"
		echo "    exit status $status, want $want; $lines lines, want 1 with /$pattern/:"
		sed 's/^/    /' "$case_dir/err" "$case_dir/out"
		bad=1
	fi
}

mark=(-- touch "$case_dir/ran")
nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups)
powerless=(setpriv --bounding-set -all --inh-caps -all)

expect 1 'root|capab|privilege|permission' "${nobody[@]}" "$case_dir/bpfpath" icmp "${mark[@]}"
expect 1 'root|capab|privilege|permission' "${powerless[@]}" "$case_dir/bpfpath" icmp "${mark[@]}"
expect '1|2' nosuchdev "$BPFPATH" -i nosuchdev icmp "${mark[@]}"
expect '1|2' nosuchns "$BPFPATH" -n nosuchns icmp "${mark[@]}"
expect 2 '' "$BPFPATH" --nosuchoption icmp "${mark[@]}"
expect 2 '' "$BPFPATH" -Z icmp "${mark[@]}"
expect 2 nosuchformat "$BPFPATH" -f nosuchformat icmp "${mark[@]}"
expect 2 nosuchbackend "$BPFPATH" -b nosuchbackend icmp "${mark[@]}"
expect '1|2' nosuchlist "$BPFPATH" -p ./nosuchlist icmp "${mark[@]}"
expect 2 many "$BPFPATH" -c many icmp "${mark[@]}"
expect 2 '' "$BPFPATH" -c -1 icmp "${mark[@]}"
expect 2 long "$BPFPATH" -t long icmp "${mark[@]}"
expect 2 much "$BPFPATH" --max-overhead much icmp "${mark[@]}"
expect 2 'greater than 0' "$BPFPATH" --max-overhead 0 icmp "${mark[@]}"
expect 2 'greater than 0' "$BPFPATH" --max-overhead 10% icmp "${mark[@]}"
expect 2 'needs a value' "$BPFPATH" --max-overhead
expect 2 yaml "$BPFPATH" doctor -f yaml
expect 2 nosuchoption "$BPFPATH" doctor --nosuchoption
expect 2 extra "$BPFPATH" doctor extra
expect 2 '' "$BPFPATH" 'icmp and and' "${mark[@]}"
expect 2 '' "$BPFPATH" 'host' "${mark[@]}"
expect 2 '' "$BPFPATH" 'nosuchword 1' "${mark[@]}"
expect '1|2' '' "$BPFPATH" -o /nosuchdir/out icmp "${mark[@]}"
# A kernel without BTF, as this process sees it: the mount is its own.
no_btf=(unshare --mount sh -c 'mount --bind /dev/null /sys/kernel/btf/vmlinux && exec "$@"' -)
expect 1 'BTF' "${no_btf[@]}" "$BPFPATH" icmp "${mark[@]}"
[ ! -e "$case_dir/ran" ] || fail "the command was run all the same"
[ $bad = 0 ] || fail "see above"
