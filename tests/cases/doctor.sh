#!/bin/bash
# bpfpath doctor says what is known of this kernel by other ways, to everybody, and
# attaches nothing.
. "$(dirname "$0")/lib.sh"

topology_pair # so that its modules are loaded

doctor() # [COMMAND...]: runs bpfpath doctor -f json by it
{
	status=0
	"$@" "${program:-$BPFPATH}" doctor -f json </dev/null >"$case_dir/out" 2>"$case_dir/err" ||
		status=$?
	[ ! -s "$case_dir/err" ] || fail "words on standard error"
	assert_json 'length == 1'
}

finds() # GROUP NAME LEVEL [TEXT]: each a regular expression
{
	assert_json 'any(.[0].findings[]; .group == $group and .name == $name
		and (.level | test("^(" + $level + ")$")) and (.text | test($text)))' \
		--arg group "$1" --arg name "$2" --arg level "$3" --arg text "${4:-}"
}

# Every bad line says what to do, and the worst is the verdict.
sane()
{
	assert_json '.[0].findings | all(.level == "ok" or .level == "note" or (.advice // "") != "")'
	assert_json '["ok", "note", "lost", "bad"] as $levels | .[0] | .level == $levels[
		[.findings[].level as $one | $levels | index($one)] | max]'
}

doctor env
sane
case $(jq -r .level "$case_dir/out") in
ok | note) assert_status 0 ;;
lost) assert_status 1 ;;
*) fail "nothing can be traced, but other cases do" ;;
esac
finds kernel release ok
assert_json '.[0].release == $release' --arg release "$(uname -r)"
finds kernel btf ok
finds user capabilities ok
finds user bpf ok
finds user symbols ok
finds probes hops 'ok|note' '^[1-9][0-9]* of [1-9][0-9]* tracepoints'
lockdown=$(sed -n 's/.*\[\(.*\)\].*/\1/p' /sys/kernel/security/lockdown 2>/dev/null || :)
[ -z "$lockdown" ] || finds kernel lockdown 'ok|lost' "^$lockdown"

# What tracing itself chooses.
backend=$(jq -r .backend "$case_dir/out")
cp "$case_dir/out" "$case_dir/doctor"
trace icmp -- true
grep -q "with backend $backend: " "$case_dir/err" || {
	# For -p hops the tracepoints alone are cheaper.
	[ "$zoom" = hops ] && grep -q "with backend tracepoint: " "$case_dir/err"
} || fail "doctor says backend $backend"
cp "$case_dir/doctor" "$case_dir/out"

if kernel_has_functions; then
	finds backend kprobe 'ok|lost' '^(chosen: )?a kprobe on each function'
	finds probes stages ok '^[1-9][0-9]* functions'
	finds probes all ok '^[1-9][0-9]{2,} functions$'
	finds user tracefs ok
else
	finds backend kprobe lost
	finds probes stages lost
fi
# Lockdown forbids it what it needs, but not the link itself.
if kernel_has_multi; then
	finds feature kprobe.multi ok
else
	finds feature kprobe.multi note
fi
if kernel_has_functions && kernel_has_multi; then
	finds backend multi ok '^chosen: '
else
	finds backend multi lost
fi
if [ "$lockdown" = confidentiality ]; then
	finds backend tcx lost '^chosen: '
elif kernel_at_least 6.6; then
	finds backend tcx ok
else
	finds backend tcx note 'Linux 6.6'
fi
if kernel_at_least 5.17; then
	finds feature drop-reasons ok
else
	finds feature drop-reasons lost
fi
if [ -e /sys/kernel/btf/veth ]; then
	finds kernel module-btf ok
elif grep -q . /proc/modules 2>/dev/null; then
	finds kernel module-btf lost
fi
if [ "$lockdown" = confidentiality ]; then
	finds feature reads note
	finds backend tracepoint lost 'locked down'
fi

# The same for people.
status=0
"$BPFPATH" doctor </dev/null >"$case_dir/text" || status=$?
[ "$(tail -n 1 "$case_dir/text" | grep -c "^bpfpath traces here with backend $backend, ")" = 1 ] ||
	fail "no verdict: $(tail -n 1 "$case_dir/text")"
grep -qF "$(uname -r)," "$case_dir/text" || fail "no release in the text"

# An ordinary user learns what he lacks.
chmod 755 "$case_dir"
cp "$BPFPATH" "$case_dir/bpfpath"
program=$case_dir/bpfpath
doctor setpriv --reuid 65534 --regid 65534 --clear-groups
sane
assert_status 3
assert_json '.[0] | has("backend") | not'
finds user capabilities bad '^CAP_BPF, CAP_PERFMON, CAP_NET_ADMIN missing$'
finds kernel btf ok
finds probes hops 'ok|note' '^[1-9]'
# Root with less, and with too little.
doctor setpriv --bounding-set -all,+bpf,+perfmon,+net_admin,+syslog --inh-caps -all
sane
assert_status 1
finds user capabilities lost '^CAP_SYS_ADMIN missing'
finds user symbols ok
doctor setpriv --bounding-set -all,+bpf,+net_admin --inh-caps -all
assert_status 3
finds user capabilities bad '^CAP_PERFMON missing$'
# The root of a user namespace has all capabilities, and none that counts.
if unshare -U -r true 2>/dev/null; then
	doctor unshare -U -r
	assert_status 3
	finds user bpf bad
	assert_json 'any(.[0].findings[]; .name == "bpf" and (.advice | test("container")))'
fi
# A kernel without BTF, as this process sees it.
doctor unshare --mount sh -c 'mount --bind /dev/null /sys/kernel/btf/vmlinux && exec "$@"' -
assert_status 3
finds kernel btf bad vmlinux
# Hidden addresses.
doctor unshare --mount sh -c 'sed "s/^[0-9a-f]*/0000000000000000/" /proc/kallsyms >"$0" &&
	mount --bind "$0" /proc/kallsyms && exec "$@"' "$case_dir/kallsyms"
assert_status 3
finds user symbols bad 'no addresses'
