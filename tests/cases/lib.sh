# shellcheck shell=bash
# Sourced by every case: a topology of its own, a traced command, assertions on
# the paths that were seen.
#
# What a case makes bears its process id, so that two runs on one machine do
# not meet: namespaces bpfpath-PID-NAME, addresses in 10.x.y.0/24 made of it.
# Devices live only inside these namespaces. All of it is gone at the end.
set -eu -o pipefail

: "${BPFPATH:=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/build/src/bpfpath}"
# Programs of tests/tools, built beside it.
: "${BPFPATH_TOOLS:=$(dirname "$BPFPATH")/../tests/tools}"
export PATH="$PATH:/usr/sbin:/sbin" LC_ALL=C

case_dir=$(mktemp -d)
case_namespaces=()
case_pids=()
# Prefix of all addresses: 10.128.0 to 10.255.255, and fd00:bf:PID::.
net4=10.$((128 + $$ / 256 % 128)).$(($$ % 256))
net6=fd00:bf:$(printf '%x' $(($$ % 65536)))::

# Servers leave children behind, which nobody else can find any more.
case_end_namespace() # NAME
{
	local waited=0
	while [ "$waited" -lt 50 ] && [ -n "$(ip netns pids "$1" 2>/dev/null)" ]; do
		ip netns pids "$1" | xargs -r kill 2>/dev/null || :
		waited=$((waited + 1))
		sleep 0.1
	done
	ip netns del "$1" 2>/dev/null || :
}

case_end()
{
	local pid name
	for pid in ${case_pids[@]+"${case_pids[@]}"}; do
		kill "$pid" 2>/dev/null || :
		wait "$pid" 2>/dev/null || :
	done
	for name in ${case_namespaces[@]+"${case_namespaces[@]}"}; do
		case_end_namespace "$name"
	done
	rm -rf "$case_dir"
}
trap case_end EXIT
trap 'exit 1' INT TERM

# ---- what a case needs

skip()
{
	echo "SKIP $*"
	exit 77
}

fail()
{
	if [ -s "$case_dir/err" ]; then
		echo "--- standard error of bpfpath:"
		cat "$case_dir/err"
	fi
	if [ -s "$case_dir/out" ]; then
		echo "--- paths:"
		path_summary <"$case_dir/out" || head -c 2000 "$case_dir/out"
	fi
	echo "FAILED: $*" # last: only the end of a long output is shown
	exit 1
}

kernel_at_least() # 5.17
{
	printf '%s\n' "$1" "$(uname -r)" | sort -V -C
}

# Function probes, by kprobe.multi (which comes with kprobes) or by kprobes, and
# no lockdown that forbids them.
kernel_has_functions()
{
	! grep -q '\[confidentiality\]' /sys/kernel/security/lockdown 2>/dev/null &&
		[ -e /sys/bus/event_source/devices/kprobe/type ]
}

# Trampolines, which need ftrace to call them, and programs that ask for arguments.
kernel_has_fentry()
{
	kernel_at_least 5.17 && grep -q ' register_ftrace_direct\(_multi\)\?$' /proc/kallsyms
}

kernel_has_multi()
{
	grep -q ' register_fprobe$' /proc/kallsyms
}

# Functions of modules are known: the kernel has BTF of them (5.11).
kernel_has_module_btf()
{
	[ -e /sys/kernel/btf/veth ]
}

# A struct page can be turned into an address: memory may be read, and the
# kernel says where its pages are (CONFIG_KALLSYMS_ALL).
kernel_reads_pages()
{
	! grep -q '\[confidentiality\]' /sys/kernel/security/lockdown 2>/dev/null &&
		grep -q ' vmemmap_base$' /proc/kallsyms
}

require() # root | functions | tcx | device TYPE | TOOL...
{
	case $1 in
	root) [ "$(id -u)" = 0 ] || skip "needs root" ;;
	functions)
		kernel_has_functions ||
			skip "kernel $(uname -r) allows no function probes"
		zoom_most
		;;
	device)
		ns_add probe
		ip -n "$(ns probe)" link add p0 type veth peer name p1 2>/dev/null ||
			skip "kernel $(uname -r) has no veth devices"
		ip -n "$(ns probe)" link add x0 link p0 type "$2" 2>/dev/null ||
			skip "kernel $(uname -r) has no $2 devices"
		ip netns del "$(ns probe)"
		;;
	*)
		local tool
		for tool; do
			type -P "$tool" >/dev/null || skip "there is no $tool here"
		done
		;;
	esac
}

# ---- topology

ns() # NAME: the full name of a namespace of this case
{
	echo "bpfpath-$$-$1"
}

ns_add() # NAME...
{
	local name
	for name; do
		case_namespaces+=("$(ns "$name")")
		ip netns add "$(ns "$name")"
		in_ns "$name" sh -c 'cd /proc/sys/net/ipv6/conf/default 2>/dev/null &&
			echo 0 >accept_dad && echo 0 >accept_ra' || :
		# As distributions have it: ping opens a ping socket, to which the
		# reply itself goes. A raw socket gets a copy, and the reply is
		# dropped for want of a socket.
		in_ns "$name" sh -c 'echo 0 2147483647 >/proc/sys/net/ipv4/ping_group_range'
		ip -n "$(ns "$name")" link set lo up
	done
}

in_ns() # NAME COMMAND...
{
	local name=$1
	shift
	ip netns exec "$(ns "$name")" "$@"
}

# Who has answered is not asked again after some seconds, in the middle of a case.
neighbours_trust() # NS DEV
{
	in_ns "$1" sh -c 'for family in 4 6; do
		file=/proc/sys/net/ipv$family/neigh/$0/delay_first_probe_time
		[ ! -e "$file" ] || echo 3600 >"$file"
	done' "$2"
}

# Device $1:$2 wired to $3:$4, both up.
veth_add() # NS DEV NS DEV
{
	ip -n "$(ns "$1")" link add "$2" type veth peer name "$4" netns "$(ns "$3")"
	ip -n "$(ns "$1")" link set "$2" up
	ip -n "$(ns "$3")" link set "$4" up
	neighbours_trust "$1" "$2"
	neighbours_trust "$3" "$4"
}

addr_add() # NS DEV HOST-NUMBER: $net4.N/24 and ${net6}N/64
{
	ip -n "$(ns "$1")" addr add "$net4.$3/24" dev "$2"
	ip -n "$(ns "$1")" addr add "$net6$3/64" dev "$2" nodad 2>/dev/null || :
}

# Two namespaces a (.1, device va) and b (.2, device vb) on one wire.
topology_pair()
{
	ns_add a b
	veth_add a va b vb
	addr_add a va 1
	addr_add b vb 2
}

# A bridge br0 (.1) in namespace host; each name is a namespace with eth0 (.11,
# .12, ...), the other end of which is the bridge port "v-NAME".
topology_bridge() # NAME...
{
	local name number=11
	ns_add host "$@"
	ip -n "$(ns host)" link add br0 type bridge forward_delay 0 mcast_snooping 0
	ip -n "$(ns host)" link set br0 up
	addr_add host br0 1
	for name; do
		veth_add host "v-$name" "$name" eth0
		ip -n "$(ns host)" link set "v-$name" master br0
		addr_add "$name" eth0 "$number"
		number=$((number + 1))
	done
}

# Somebody listens on a port: $! is to be, and has failed when it is gone.
port_wait() # NS tcp|udp|tcp6|udp6 PORT
{
	local pid=$!
	until in_ns "$1" grep -qE ":$(printf '%04X' "$3") 0+:0000 " "/proc/net/$2"; do
		kill -0 "$pid" || fail "nobody listens on $2 port $3"
		sleep 0.1
	done
}

# Somebody reads what comes, by IPv4 and by IPv6, and forgets it.
udp_sink() # NS PORT
{
	in_ns "$1" socat -u "UDP4-RECV:$2" OPEN:/dev/null &
	case_pids+=($!)
	port_wait "$1" udp "$2"
	in_ns "$1" socat -u "UDP6-RECV:$2,ipv6only=1" OPEN:/dev/null &
	case_pids+=($!)
	port_wait "$1" udp6 "$2"
}

# Make $case_dir/sent of so many bytes, and $case_dir/transfer, a script that sends it
# from a to b over TCP. It ends when b has read all, so that nothing is on its way then.
transfer_make() # BYTES PORT [SOCAT-OPTION...]
{
	local bytes=$1 port=$2
	shift 2
	head -c "$bytes" /dev/urandom >"$case_dir/sent"
	cat >"$case_dir/transfer" <<-END
		ip netns exec $(ns b) socat -u TCP-LISTEN:$port OPEN:$case_dir/received,creat,trunc &
		until ip netns exec $(ns b) grep -q ':$(printf '%04X' "$port") 00000000:0000 0A' /proc/net/tcp; do
			kill -0 \$! || exit
			sleep 0.1
		done
		ip netns exec $(ns a) socat $* -u OPEN:$case_dir/sent TCP:$net4.2:$port
		wait
	END
}

# So that neighbour discovery does not come between.
ping_once() # NS ADDRESS
{
	in_ns "$1" ping -q -c 1 -W 5 "$2" >"$case_dir/ping" 2>&1 ||
		{ cat "$case_dir/ping"; fail "no ping from $1 to $2 before tracing"; }
}

# ---- tracing

# A kprobe for each function takes seconds to attach and to detach in an
# emulator, for all functions minutes. Where there is no kprobe.multi, cases look
# at tracepoints alone, and those that say so at the default functions.
zoom=
zoom_all=all
if kernel_has_functions && ! kernel_has_multi; then
	zoom=hops
	# shellcheck disable=SC2034 # for cases
	zoom_all=stages
fi

# All cases with one backend, for who looks into it:
# BPFPATH_VM_APPEND=bpfpath.backend=fentry tests/vm/run 6.12 ping-bridge
backend=$(sed -nE 's/.*bpfpath\.backend=([a-z]+).*/\1/p' /proc/cmdline)

zoom_most()
{
	zoom=
}

# Run bpfpath with JSON output; sets $status. Paths are in $case_dir/out, its
# standard error in $case_dir/err.
trace() # [OPTION...] FILTER -- COMMAND...
{
	status=0
	"$BPFPATH" -f json ${backend:+-b $backend} ${zoom:+-p $zoom} "$@" \
		</dev/null >"$case_dir/out" 2>"$case_dir/err" || status=$?
}

# The same, and at least one path is expected.
trace_some()
{
	trace "$@"
	assert_status 0
	jq -e -s 'length > 0' "$case_dir/out" >/dev/null ||
		fail "exit status 0, but no path"
}

# Run bpfpath assert: all must hold. Its report is in $case_dir/lines, the paths are in
# $case_dir/out, as trace leaves them.
assert_packets() # [OPTION...] -e EXPECT... FILTER -- COMMAND...
{
	status=0
	"$BPFPATH" assert -f json -o "$case_dir/out" ${backend:+-b $backend} ${zoom:+-p $zoom} "$@" \
		</dev/null >"$case_dir/lines" 2>"$case_dir/err" || status=$?
	[ "$status" = 0 ] || { : >"$case_dir/out"; fail_lines "bpfpath assert: exit status $status"; }
}

# The end of a drop, with its reason where the kernel knows reasons (5.17).
dropped() # REASON
{
	kernel_at_least 5.17 && echo "end dropped=$1" || echo "end dropped"
}

# Start bpfpath in the background and wait until it is attached, which is when
# it runs its command: that one sleeps, and is ended by command_end. $bpfpath is
# the process.
background() # ARGUMENT...: up to the command
{
	local waited=0
	rm -f "$case_dir/command"
	# Without --default-signal a background process ignores SIGINT.
	env --default-signal=INT "$BPFPATH" "$@" -- \
		sh -c 'echo $$ >"$1.new"; mv "$1.new" "$1"; exec sleep 120' - "$case_dir/command" \
		</dev/null >"$case_dir/out" 2>"$case_dir/err" &
	bpfpath=$!
	case_pids+=("$bpfpath")
	until [ -e "$case_dir/command" ]; do
		kill -0 "$bpfpath" 2>/dev/null || fail "bpfpath ended before it ran its command"
		[ "$waited" -lt 600 ] || fail "bpfpath did not run its command"
		waited=$((waited + 1))
		sleep 0.1
	done
	case_pids+=("$(cat "$case_dir/command")")
}

trace_background() # OPTION... FILTER
{
	background -f json ${backend:+-b $backend} ${zoom:+-p $zoom} "$@"
}

command_end()
{
	kill "$(cat "$case_dir/command")" 2>/dev/null || :
}

# ---- assertions

assert_status() # STATUS...: $status is one of them
{
	local one
	for one; do
		[ "$status" != "$one" ] || return 0
	done
	fail "exit status $status, not $*"
}

jq_library='
def name: (.func // "") | sub("\\.(isra|constprop|part|cold|llvm)\\..*$"; "");
# nothing is missing but what the kernel may have skipped of probes, for whatever packet
def sound: .complete or has("missed") or has("blind");
# the packets themselves, without what was made of them
def roots: map(select(.parent == null or .relation == "retransmission"));
def own: [.packet.src, .packet.dst];
def hops: reduce (.steps[] | select(.dev.name // "" | . != "")
	| "\(.netns.name // .netns.inode):\(.dev.name)") as $hop
	([]; if .[-1] == $hop then . else . + [$hop] end);
def namespaces: reduce (.steps[] | .netns.name // empty) as $name
	([]; if .[-1] == $name then . else . + [$name] end);
# What it has become part of in the end: a path, by INDEX(.id).
def whole($by): if .end.into then $by[.end.into | tostring] | whole($by) else . end;
# Bytes of data in a TCP packet that is no SYN, sent to who sends none: what is behind the
# IP and TCP headers, with the timestamps in them.
def payload: .packet | if .proto != "tcp" or (.tcp.flags | test("SYN")) then 0
	else .len - 52 - (if .mac then 14 else 0 end) end;
'

path_summary()
{
	jq -r "$jq_library"'
	"\(.id) \(.packet.proto // "?") \(.packet.src):\(.packet.sport // "") -> \(.packet.dst):\(.packet.dport // "") \(.packet.icmp // "" | tojson) end \(.end.kind) \(.end.reason // "") \(.end.where // "") complete \(.complete)",
	(.steps[] | "    \(.netns.name // .netns.inode // "?") \(.dev.name // "-") \(.stage // "-") \(.func) (\(.kind)) \(.comm // "")")'
}

# An expression on the array of all paths.
assert_json() # EXPRESSION [JQ-OPTION...]
{
	local expression=$1
	shift
	jq -e -s "$jq_library $expression" "$@" <"$case_dir/out" >/dev/null ||
		fail "not so: $expression $*"
}

# A condition on each path that an expression selects; the paths that break it
# are shown, and nothing else.
assert_each() # SELECT CONDITION [JQ-OPTION...]
{
	local select=$1 condition=$2
	shift 2
	jq -c -s "$jq_library [.[] | select($select) | select(($condition) | not)] | .[]" "$@" \
		<"$case_dir/out" >"$case_dir/broken"
	[ -s "$case_dir/broken" ] || return 0
	head -n 3 "$case_dir/broken" | path_summary
	: >"$case_dir/out"
	fail "not so of $(wc -l <"$case_dir/broken") paths where $select: $condition $*"
}

# Choose the first path for which an expression is true; the assert_ functions
# below speak of it.
pick() # EXPRESSION [JQ-OPTION...]
{
	local expression=$1
	shift
	jq -c -s "$jq_library [.[] | select($expression)][0]" "$@" \
		<"$case_dir/out" >"$case_dir/path"
	[ "$(cat "$case_dir/path")" != null ] || fail "no path for which: $expression $*"
}

pick_flow() # SRC DST [EXPRESSION]
{
	pick '.packet.src == $src and .packet.dst == $dst and ('"${3:-true}"')' \
		--arg src "$1" --arg dst "$2"
}

assert_path() # EXPRESSION [JQ-OPTION...]
{
	local expression=$1
	shift
	jq -e "$jq_library $expression" "$@" <"$case_dir/path" >/dev/null ||
		fail "not so of path $(jq .id "$case_dir/path"): $expression $*"
}

# Steps of these functions or tracepoints in this order, others between them;
# each a regular expression like 'netif_rx|__netif_rx'.
assert_order() # FUNC...
{
	local missing
	missing=$(jq -r "$jq_library"'
		reduce (.steps[] | name) as $name ($ARGS.positional;
			if length == 0 then . else .[0] as $want
			| if $name | test("^(" + $want + ")$") then .[1:] else . end end)
		| .[0] // empty' --args "$@" <"$case_dir/path")
	[ -z "$missing" ] ||
		fail "path $(jq .id "$case_dir/path") has no $missing in the order: $*"
}

# Namespaces of this case, in this order.
assert_namespaces() # NAME...
{
	local name full=()
	for name; do
		full+=("$(ns "$name")")
	done
	assert_path 'namespaces == $ARGS.positional' --args "${full[@]}"
}

# How it ended: kinds like 'consumed|delivered', and the reason, if given.
assert_end() # KIND [REASON]
{
	assert_path '.end.kind | test("^(" + $kind + ")$")' --arg kind "$1"
	[ -z "${2:-}" ] || assert_path '.end.reason == $reason' --arg reason "$2"
}

# A drop, with its reason where the kernel knows reasons (5.17).
assert_dropped() # REASON
{
	if kernel_at_least 5.17; then
		assert_end dropped "$1"
	else
		assert_end dropped
	fi
}

# Steps are in order of time.
assert_time()
{
	assert_json 'all(.[]; [.steps[].t] | . == sort)'
}

# No foreign packet: both addresses of every path are among these.
assert_only() # ADDRESS...
{
	assert_json 'all(.[]; own - $ARGS.positional == [])' --args "$@"
}

# What the paths say of each other agrees: of parents and branches, of roots, of
# those that were merged and what they are part of. A retransmission may begin when what
# it is one of was shown already.
assert_lineage()
{
	assert_json 'INDEX(.id) as $by
		| all(.[] | select(.parent); . as $path | $by[.parent | tostring]
			| .root == $path.root and ($path.relation == "retransmission"
				or (.branches | index($path.id) != null)))
		and all(.[] | select(.parent == null); .root == .id and (.relation == null
			or .relation == "retransmission"))
		and all(.[]; . as $path | all((.branches // [])[];
			$by[tostring].parent == $path.id))
		and all(.[] | select(.end.into); .id as $id
			| $by[.end.into | tostring].members | index($id) != null)
		and all(.[]; . as $path | all((.members // [])[];
			$by[tostring].end | .kind == "merged" and .into == $path.id))'
	assert_json 'all(.[]; sound and .lost == 0)'
}

# ---- XDP

# Namespaces a, b and c in a row; what is for vb, and redirected to vd, is for that, too.
topology_xdp()
{
	[ -x "$BPFPATH_TOOLS/xdp" ] || fail "tests/tools/xdp is not built"
	topology_pair
	ns_add c
	veth_add b vc c vd
	ip -n "$(ns c)" link set vd address "$(in_ns b cat /sys/class/net/vb/address)"
	addr_add c vd 2
	ping_once a "$net4.2"
	kernel_has_multi || xdp_zoom
}

# Of the default functions those that matter here: a kprobe for each takes its time.
xdp_zoom()
{
	printf '%s\n' xdp_do_redirect veth_xdp_rcv_skb veth_xdp_rcv_one veth_xdp_tx \
		do_xdp_generic generic_xdp_tx ip_local_deliver >"$case_dir/probes"
	zoom=$case_dir/probes
}

xdp() # NS DEV native|generic PORT FATE, or NS DEV native|generic off
{
	local name=$1
	shift
	in_ns "$name" "$BPFPATH_TOOLS/xdp" "$@" 2>"$case_dir/xdp" || {
		cat "$case_dir/xdp"
		return 1
	}
}

# The kernel skips functions that are met while it is busy with BPF on that CPU, and counts
# them: a path may lack its steps then, and its end.
skipped()
{
	grep -q 'hits of probes were skipped' "$case_dir/err"
}

trace_packet() # to port 7777
{
	local tries=0
	until [ "$tries" -gt 0 ] && ! skipped; do
		[ "$tries" -lt 10 ] || fail "the kernel skips functions again and again"
		tries=$((tries + 1))
		trace_some "udp dst port 7777" -- \
			ip netns exec "$(ns a)" bash -c "echo tag >/dev/udp/$net4.2/7777"
	done
}

# Every path is of this packet, and there is just one.
one_path()
{
	trace_packet
	assert_json 'length == 1'
	grep -q ': 1 packet, ' "$case_dir/err" || fail "the closing account has another number"
	assert_json 'all(.[]; sound and .lost == 0 and .parent == null and .root == 1)'
	pick_flow "$net4.1" "$net4.2"
	assert_path '.packet.dport == 7777'
	assert_time
	# The sk_buffs of a packet are others before and after, the packet is the same.
	assert_path '[.steps[].changes // {} | keys[]]
		- ["checksum", "mac_src", "mac_dst", "mark"] == []'
}

# ---- bpfpath count

# Shell commands, a datagram to each port, where nobody needs to listen.
udp_to() # ADDRESS PORT...
{
	local address=$1 port
	shift
	for port; do
		printf 'echo tag >/dev/udp/%s/%d;' "$address" "$port"
	done
}

# Sets $status; a line of JSON for each interval is in $case_dir/out.
count() # [OPTION...] FILTER -- COMMAND...
{
	status=0
	"$BPFPATH" count -q -f json "$@" </dev/null >"$case_dir/out" 2>"$case_dir/err" ||
		status=$?
}

# Groups, others and intervals add up, and the largest group comes first.
assert_count_sums()
{
	assert_json 'all(.[]; .packets == ([.groups[].packets, .other.packets] | add)
		and .bytes == ([.groups[].bytes, .other.bytes] | add)
		and ([.groups[].packets] | . == (sort | reverse)) and .missed == 0)'
}

# It was one interval, with so many packets.
assert_count() # PACKETS
{
	assert_status 0
	assert_json 'length == 1 and .[0].packets == $n' --argjson n "$1"
	assert_count_sums
}

# These groups and no others: what jq makes of each.
assert_groups() # EXPRESSION LINE...
{
	local expression=$1
	shift
	diff -u <(printf '%s\n' "$@" | sort) \
		<(jq -r ".groups[] | $expression" "$case_dir/out" | sort) ||
		fail "other groups by $expression"
}

# ---- what stays behind

# Ids of all BPF objects that a process holds, as "prog 12".
objects_held() # PID
{
	# Files come and go while it looks at namespaces.
	{ cat "/proc/$1/fdinfo/"* 2>/dev/null || :; } |
		sed -nE 's/^(prog|map|link)_id:[[:space:]]*([0-9]+)$/\1 \2/p' | sort -u
}

objects_left() # those of $case_dir/held that the kernel still has
{
	local kind
	for kind in prog map link; do
		bpftool "$kind" list 2>/dev/null | sed -nE "s/^([0-9]+):.*/$kind \\1/p"
	done | sort | comm -12 - "$case_dir/held"
}

# The kernel frees objects a little after their last user is gone.
assert_objects_gone() # WHEN; their ids are in $case_dir/held
{
	local waited=0
	while [ -n "$(objects_left)" ]; do
		[ "$waited" -lt 100 ] || fail "$1 there still is $(objects_left)"
		waited=$((waited + 1))
		sleep 0.2
	done
}

# After transfer_make: all bytes have arrived, and each is in a packet that TCP took. A slow
# machine makes TCP send again what is only late: the same bytes in a packet that TCP drops,
# and says so. Packets that were cut into segments are left to those.
assert_transfer() # BYTES PORT
{
	cmp "$case_dir/sent" "$case_dir/received" || fail "what arrived is not what was sent"
	assert_each '.packet.dport == $port and payload > 0' 'sound and .lost == 0 and
		(.end.kind | test("^(delivered|merged|consumed|dropped)$"))' --argjson port "$2"
	assert_each '.packet.dport == $port and payload > 0 and .end.kind == "dropped"' \
		'(.end.where | test("^(__)?tcp_"))' --argjson port "$2"
	assert_json 'INDEX(.id) as $by | map(select(.packet.dport == $port))
		| ([.[] | select(.packet.tcp.flags == "SYN") | .packet.tcp.seq] | unique) as $syn
		| [.[] | select(payload > 0 and whole($by).end.kind != "dropped")
			| select([(.branches // [])[] | $by[tostring].relation]
				- ["retransmission"] == [])
			| ((.packet.tcp.seq - $syn[0] + 4294967295) % 4294967296) as $from
			| [$from, $from + payload]]
		| sort | reduce .[] as $range (0;
			if $range[0] > . then -1e9 else [., $range[1]] | max end)
		| . == $bytes and ($syn | length == 1)' --argjson port "$2" --argjson bytes "$1"
}

# ---- any command

# Sets $status; standard output is in $case_dir/out.
run() # COMMAND [ARGUMENT...]
{
	status=0
	"$BPFPATH" "$@" </dev/null >"$case_dir/out" 2>"$case_dir/err" || status=$?
}

# ---- commands that print lines

# Sets $status; standard output is in $case_dir/lines.
run_lines() # COMMAND [ARGUMENT...]
{
	status=0
	"$BPFPATH" "$@" </dev/null >"$case_dir/lines" 2>"$case_dir/err" || status=$?
}

# The same in the background, until run_interrupt.
run_background() # COMMAND [ARGUMENT...]
{
	env --default-signal=INT "$BPFPATH" "$@" </dev/null >"$case_dir/lines" 2>"$case_dir/err" &
	bpfpath=$!
	case_pids+=("$bpfpath")
}

# Wait until the file has so many lines like this, up to a minute.
lines_come() # FILE COUNT EXTENDED-REGULAR-EXPRESSION
{
	local waited=0
	until [ "$(grep -cE -- "$3" "$1")" -ge "$2" ]; do
		[ "$waited" -lt 600 ] || {
			cat "$1"
			fail "no $2 lines: $3"
		}
		waited=$((waited + 1))
		sleep 0.1
	done
}

# Wait until what runs in the background has printed so many lines like this.
run_until() # COUNT EXTENDED-REGULAR-EXPRESSION
{
	lines_come "$case_dir/lines" "$@"
}

# Ctrl-C; sets $status.
run_interrupt()
{
	kill -INT "$bpfpath"
	status=0
	wait "$bpfpath" || status=$?
}

fail_lines() # WHAT
{
	cat "$case_dir/lines"
	fail "$@"
}

assert_line() # EXTENDED-REGULAR-EXPRESSION
{
	grep -qE "$1" "$case_dir/lines" || fail_lines "no line: $1"
}

assert_no_line() # EXTENDED-REGULAR-EXPRESSION
{
	! grep -E "$1" "$case_dir/lines" || fail "a line that is not to be: $1"
}

# Namespace, device, direction, and what matches, of each hop with such a packet.
crossings() # EXTENDED-REGULAR-EXPRESSION
{
	sed -nE "s/^#[0-9]+ +[0-9.]+ us +\[[0-9]+ bpfpath-$$-([a-z0-9]+)\] +([^ ]+) +(in|out) +($1).*/\1 \2 \3 \4/p" \
		"$case_dir/lines"
}

assert_crossings() # EXTENDED-REGULAR-EXPRESSION EXPECTED
{
	diff -u - <(crossings "$1") <<<"$2" || fail_lines "crossings of $1"
}

# ---- a terminal, which tmux makes

# Each terminal has a server of its own: one that is killed takes its time.
terminal_number=0
tmux()
{
	TERM=xterm command tmux -S "$case_dir/tmux-$terminal_number" -f /dev/null -u "$@"
}

# A terminal in which bpfpath runs as in a shell: stopped, up to three times, it goes on
# when there is a file "continue". bash does not restore modes here, but leaves a loop when
# a program is stopped in it.
terminal() # WIDTH HEIGHT ARGUMENT...: of bpfpath
{
	local size=(-x "$1" -y "$2")
	shift 2
	tmux kill-server 2>/dev/null || :
	terminal_number=$((terminal_number + 1))
	rm -f "$case_dir"/{before,stopped,continue,status,after,err}
	# shellcheck disable=SC2016 # for the shell in the terminal
	printf '%s\n' 'set -m' 'ulimit -c 0' "cd $case_dir" 'stty -g >before' 'status=0' \
		"${terminal_env:-} $(printf '%q ' "$BPFPATH" "$@") 2>err || status=\$?" \
		'go_on()' '{' \
		'	[ $status = 148 ] || [ $status = 147 ] || return' \
		'	stty -g >stopped.new; mv stopped.new stopped' \
		'	until [ -e continue ]; do sleep 0.1; done' \
		'	status=0; fg >/dev/null || status=$?' \
		'}' 'go_on; go_on; go_on' \
		'echo $status >status' 'stty -g >after.new' 'mv after.new after' \
		'exec sleep 1000' >"$case_dir/terminal"
	tmux new-session -d "${size[@]}" "bash $case_dir/terminal"
	case_pids+=("$(tmux display-message -p '#{pid}')")
}

keys() # KEY...
{
	tmux send-keys "$@"
}

# Up to a minute.
waiting_for() # COMMAND...
{
	local waited=0
	until "$@"; do
		[ "$waited" -lt 600 ] || {
			tmux capture-pane -p || :
			cat "$case_dir/err" 2>/dev/null || :
			fail "it did not come: $*"
		}
		waited=$((waited + 1))
		sleep 0.1
	done
}

seen() # EXTENDED-REGULAR-EXPRESSION
{
	tmux capture-pane -p | grep -qE "$1"
}

see() # EXTENDED-REGULAR-EXPRESSION
{
	waiting_for seen "$1"
}

assert_screen() # EXTENDED-REGULAR-EXPRESSION: is there now
{
	seen "$1" || { tmux capture-pane -p; fail "not on the screen: $1"; }
}

assert_not_on_screen() # EXTENDED-REGULAR-EXPRESSION
{
	! seen "$1" || { tmux capture-pane -p; fail "on the screen: $1"; }
}

# The modes are those from before, it is no longer another screen, and has a cursor.
assert_restored() # FILE
{
	cmp "$case_dir/before" "$case_dir/$1" ||
		fail "$(stty -a -F "$(tmux display-message -p '#{pane_tty}')")"
	waiting_for eval '[ "$(tmux display-message -p "#{alternate_on} #{cursor_flag}")" = "0 1" ]'
}

assert_ended() # STATUS
{
	waiting_for test -e "$case_dir/after"
	assert_restored after
	[ "$(cat "$case_dir/status")" = "$1" ] ||
		fail "exit status $(cat "$case_dir/status"), not $1"
}

# The process in the terminal; its parent is the shell there.
bpfpath_pid()
{
	ps -o pid= --ppid "$(tmux display-message -p '#{pane_pid}')" | tr -d ' '
}

# bpfpath top in such a terminal, when it has attached.
start_top() # ARGUMENT...
{
	terminal 110 24 top ${zoom:+-p $zoom} "$@"
	see 'tracing [0-9]+:'
}

[ "$(id -u)" = 0 ] || skip "needs root"
[ -x "$BPFPATH" ] || { echo "there is no $BPFPATH: build it first"; exit 1; }
