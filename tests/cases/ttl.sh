#!/bin/bash
# bpfpath ttl on a chain client - r1 - r2 - server, in both families: distances of
# ports that are open, refused, silent and out of reach, odd and rewritten TTLs,
# names with several addresses, many targets, and who may do it.
. "$(dirname "$0")/lib.sh"
require socat

net6=${net6%::}
server4=$net4.10 server6=$net6:3::2
chmod 755 "$case_dir"
cp "$BPFPATH" "$case_dir/bpfpath" # where anybody can reach it

link() # NS DEV NS DEV NUMBER: a wire with $net4.4N+1 and +2 and $net6:N+1::1 and ::2
{
	veth_add "$1" "$2" "$3" "$4"
	ip -n "$(ns "$1")" addr add "$net4.$((4 * $5 + 1))/30" dev "$2"
	ip -n "$(ns "$3")" addr add "$net4.$((4 * $5 + 2))/30" dev "$4"
	ip -n "$(ns "$1")" addr add "$net6:$(($5 + 1))::1/64" dev "$2" nodad
	ip -n "$(ns "$3")" addr add "$net6:$(($5 + 1))::2/64" dev "$4" nodad
}

route() # NS ROUTE...
{
	local name=$1
	shift
	ip -n "$(ns "$name")" route add "$@"
}

chain_add()
{
	local name
	ns_add client r1 r2 server
	link client c0 r1 left 0
	link r1 right r2 left 1
	link r2 right server s0 2
	for name in r1 r2; do
		in_ns $name sysctl -q net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
	done
	route client default via "$net4.2"
	route client default via "$net6:1::2"
	route r1 "$net4.8/30" via "$net4.6"
	route r1 "$net6:3::/64" via "$net6:2::2"
	route r2 "$net4.0/30" via "$net4.5"
	route r2 "$net6:1::/64" via "$net6:2::1"
	route server default via "$net4.9"
	route server default via "$net6:3::1"
	# 64 addresses of the server, 62 of nobody, one that r1 calls unreachable.
	route r1 "$net4.128/26" via "$net4.6"
	route r2 "$net4.128/26" via "$net4.10"
	in_ns server ip route add local "$net4.128/26" dev lo
	route r1 blackhole "$net4.192/26"
	route r1 unreachable "$net4.254/32"
}

# What it is sent goes to a file, which has to stay empty.
listen() # NS PORT
{
	local waited=0
	in_ns "$1" socat -u "TCP6-LISTEN:$2,fork,reuseaddr,ipv6only=0,backlog=256" \
		"OPEN:$case_dir/received,creat,append" &
	case_pids+=($!)
	until in_ns "$1" grep -qi ":$(printf %04x "$2") 0*:0000 0A " /proc/net/tcp6; do
		[ "$waited" -lt 100 ] || fail "no listener on port $2"
		waited=$((waited + 1))
		sleep 0.1
	done
}

ttl() # NS ARGUMENT...
{
	local name=$1
	shift
	status=0
	in_ns "$name" "$BPFPATH" ttl "$@" </dev/null >"$case_dir/lines" 2>"$case_dir/err" || status=$?
}

ttl_json() # NS ARGUMENT...
{
	local name=$1
	shift
	ttl "$name" -f json "$@"
	mv "$case_dir/lines" "$case_dir/out"
}

assert_lines() # LINE...: of standard output, all of them
{
	printf '%s\n' "$@" | diff - "$case_dir/lines" || fail "not the lines that were expected"
}

assert_error() # [LINE]: of standard error, the only one; none without
{
	{ [ $# = 0 ] || echo "bpfpath: $1"; } | diff - "$case_dir/err" || fail "not what standard error should say"
}

chain_add
listen server 80
listen r1 80
listen client 80

# Open and refused ports, each router on the way, and this very host.
ttl client "tcp4://$server4:80" "tcp6://[$server6]:80" "tcp://$server4:81" "tcp://[$server6]:81" \
	"tcp4://$net4.6:81" "tcp4://$net4.2:80" "tcp4://127.0.0.1:80" "tcp6://[::1]:81" \
	"tcp6://[::ffff:$server4]:80" "tcp6://[::ffff:127.0.0.1]:81" "tcp4://$net4.1:80"
assert_lines "tcp4://$server4:80 $server4: ttl 62, initial 64, distance 2" \
	"tcp6://[$server6]:80 [$server6]: ttl 62, initial 64, distance 2" \
	"tcp://$server4:81 $server4: ttl 62, initial 64, distance 2, refused" \
	"tcp://[$server6]:81 [$server6]: ttl 62, initial 64, distance 2, refused" \
	"tcp4://$net4.6:81 $net4.6: ttl 63, initial 64, distance 1, refused" \
	"tcp4://$net4.2:80 $net4.2: ttl 64, initial 64, distance 0" \
	"tcp4://127.0.0.1:80 127.0.0.1: ttl 64, initial 64, distance 0" \
	"tcp6://[::1]:81 [::1]: ttl 64, initial 64, distance 0, refused" \
	"tcp6://[::ffff:$server4]:80 [::ffff:$server4]: ttl 62, initial 64, distance 2" \
	"tcp6://[::ffff:127.0.0.1]:81 [::ffff:127.0.0.1]: ttl 64, initial 64, distance 0, refused" \
	"tcp4://$net4.1:80 $net4.1: ttl 64, initial 64, distance 0"
assert_error
assert_status 0

# The lines of ttl-ebpf.
ttl client --ttl-ebpf "tcp4://$server4:80" "tcp6://[$server6]:81" "tcp4://$net4.200:80" -t 1
assert_lines "[+] TTL distance to tcp4://$server4:80 $server4 is 2" \
	"[+] TTL distance to tcp6://[$server6]:81 [$server6] is 2"
assert_error "tcp4://$net4.200:80 $net4.200: unknown: no answer in 1 s"
assert_status 1

# Every packet is counted: the handshake, and what ends the connection.
ttl_json client "tcp4://$server4:80" "tcp4://$server4:81"
assert_status 0
assert_json '.[0].outcome == "connected" and .[0].ambiguous == false'
assert_json '.[0].packets | .[0] == { flags: "SYN,ACK", ttl: 62, count: 1 } and
	any(.[]; .flags | startswith("FIN")) and all(.[]; .ttl == 62 and .count >= 1)'
assert_json '.[1].outcome == "refused" and .[1].distance == 2 and
	.[1].packets == [{ flags: "RST,ACK", ttl: 62, count: 1 }]'
assert_json '.[1] | .url == $url and .host == $host and .port == 81 and .address == $host' \
	--arg url "tcp4://$server4:81" --arg host "$server4"

# Nothing measured: why, and never a number.
ttl client -t 1 "tcp4://$net4.200:80" "tcp4://$net4.254:80" "tcp4://$server4:80"
assert_lines "tcp4://$net4.200:80 $net4.200: unknown: no answer in 1 s" \
	"tcp4://$net4.254:80 $net4.254: unknown: No route to host" \
	"tcp4://$server4:80 $server4: ttl 62, initial 64, distance 2"
assert_error
assert_status 1
ttl r2 "tcp4://192.0.2.1:80"
assert_lines "tcp4://192.0.2.1:80 192.0.2.1: unknown: Network is unreachable"
assert_status 1
ttl client "tcp6://[fe80::7]:80"
assert_lines "tcp6://[fe80::7]:80 [fe80::7]: unknown: it may be on any link: use [fe80::1%DEV]"
assert_status 1
ttl_json client -t 1 "tcp4://$net4.200:80"
assert_json '.[0] | .outcome == "timeout" and .packets == [] and
	(has("ttl") or has("distance") | not)'

# Checks.
ttl client --min 2 "tcp4://$server4:80"
assert_status 0
ttl client --max 1 "tcp4://$server4:80" "tcp4://$net4.2:80"
assert_status 1
assert_error "tcp4://$server4:80 $server4: distance 2 is more than --max"
ttl client --min 1 "tcp4://$server4:80" "tcp4://$net4.2:80"
assert_status 1
assert_error "tcp4://$net4.2:80 $net4.2: distance 0 is less than --min"

# Initial values that nobody expects: too far from a common one, or on one by chance.
in_ns server sysctl -q net.ipv4.ip_default_ttl=200
ttl client "tcp4://$server4:80"
assert_lines "tcp4://$server4:80 $server4: ttl 198, initial 255, distance 57 (ambiguous: no common initial value is near)"
assert_status 0
ttl client --max 60 "tcp4://$server4:80"
assert_error "tcp4://$server4:80 $server4: distance 57 is ambiguous, which passes no check"
assert_status 1
in_ns server sysctl -q net.ipv4.ip_default_ttl=130
ttl client "tcp4://$server4:80"
assert_lines "tcp4://$server4:80 $server4: ttl 128, initial 128, distance 0 (ambiguous: the route has a gateway, so it is not 0)"
in_ns server sysctl -q net.ipv4.ip_default_ttl=32
ttl client "tcp4://$server4:80"
assert_lines "tcp4://$server4:80 $server4: ttl 30, initial 32, distance 2 (ambiguous: the next initial value is near, too)"
in_ns server sysctl -q net.ipv4.ip_default_ttl=64
in_ns server sysctl -q net.ipv6.conf.all.hop_limit=130 net.ipv6.conf.s0.hop_limit=130
ttl client "tcp6://[$server6]:80"
assert_lines "tcp6://[$server6]:80 [$server6]: ttl 128, initial 128, distance 0 (ambiguous: the route has a gateway, so it is not 0)"
in_ns client sysctl -q net.ipv4.ip_default_ttl=60
ttl client "tcp4://127.0.0.1:80"
assert_lines "tcp4://127.0.0.1:80 127.0.0.1: ttl 60, initial 64, distance 4 (ambiguous: the address is this machine's own, so it is not more than 0)"
in_ns client sysctl -q net.ipv4.ip_default_ttl=64

# Something between rewrites the TTL of the SYN+ACK: what comes later decides, or
# the packets are shown to disagree.
if type -P nft >/dev/null && in_ns r1 nft 'add table ip t
	add chain ip t out { type filter hook postrouting priority 0; }
	add rule ip t out oifname left tcp flags & (syn | ack) == syn | ack ip ttl set 64' \
	2>"$case_dir/nft"; then
	ttl client --min 2 "tcp4://$server4:80"
	sed 's/ (packets.*//' "$case_dir/lines" >"$case_dir/first"
	grep -qF '(packets: SYN,ACK ttl 64; ' "$case_dir/lines" || fail "packets are not shown"
	mv "$case_dir/first" "$case_dir/lines"
	assert_lines "tcp4://$server4:80 $server4: ttl 62, initial 64, distance 2"
	assert_status 0
	in_ns r1 nft 'flush chain ip t out
		add rule ip t out oifname left tcp flags & (syn | ack) == syn | ack ip ttl set 60'
	ttl_json client "tcp4://$server4:80"
	assert_json '.[0] | .distance == 2 and .ambiguous and .doubt == "packets disagree" and
		(.packets | map(.ttl) | unique == [60, 62])'
	in_ns r1 nft 'delete table ip t'
else
	echo "no rewritten TTLs: $(head -n 1 "$case_dir/nft" 2>/dev/null || echo there is no nft)"
fi

# Many at once, in the order that they were asked for; silent ones do not add up.
urls=() lines=()
for number in {128..177}; do
	urls+=("tcp4://$net4.$number:80")
	lines+=("tcp4://$net4.$number:80 $net4.$number: ttl 62, initial 64, distance 2")
done
ttl client "${urls[@]}"
assert_lines "${lines[@]}"
assert_status 0
urls=() lines=()
for number in {193..242}; do
	urls+=("tcp4://$net4.$number:80")
	lines+=("tcp4://$net4.$number:80 $net4.$number: unknown: no answer in 2 s")
done
status=0
timeout 50 ip netns exec "$(ns client)" "$BPFPATH" ttl -t 2 "${urls[@]}" >"$case_dir/lines" 2>"$case_dir/err" ||
	status=$?
assert_lines "${lines[@]}"
assert_status 1

# Names, in a mount namespace with an /etc of its own: one with several addresses,
# one that nobody knows, one that a server does not answer for.
mkdir "$case_dir/etc"
printf '%s several.test\n' "$server4" "$net4.130" "$server6" >"$case_dir/etc/hosts"
echo "hosts: files dns" >"$case_dir/etc/nsswitch.conf"
with_etc() # URL...
{
	status=0
	# shellcheck disable=SC2016 # for the inner shell
	in_ns client env RESOLV_MULTI=on unshare -m sh -c 'mount --bind "$0" /etc && exec "$@"' \
		"$case_dir/etc" "$BPFPATH" ttl -t 1 "$@" >"$case_dir/lines" 2>"$case_dir/err" || status=$?
}
echo "nameserver 127.0.0.1" >"$case_dir/etc/resolv.conf"
in_ns server sysctl -q net.ipv6.conf.all.hop_limit=64 net.ipv6.conf.s0.hop_limit=64
with_etc tcp://several.test:80
sort -o "$case_dir/lines" "$case_dir/lines"
printf '%s\n' "tcp://several.test:80 $server4: ttl 62, initial 64, distance 2" \
	"tcp://several.test:80 $net4.130: ttl 62, initial 64, distance 2" \
	"tcp://several.test:80 [$server6]: ttl 62, initial 64, distance 2" | sort >"$case_dir/want"
diff "$case_dir/want" "$case_dir/lines" || fail "not each address of the name"
assert_status 0
with_etc tcp6://several.test:81
assert_lines "tcp6://several.test:81 [$server6]: ttl 62, initial 64, distance 2, refused"
with_etc tcp://nosuch.test:80 "tcp4://$server4:80"
grep -qE '^tcp://nosuch.test:80: unknown: cannot resolve: .' "$case_dir/lines" || fail "no word on the name"
grep -qx "tcp4://$server4:80 $server4: ttl 62, initial 64, distance 2" "$case_dir/lines" ||
	fail "a name without address stops the others"
assert_status 1
echo "nameserver $net4.200" >"$case_dir/etc/resolv.conf"
with_etc tcp://slow.test:80 "tcp4://$server4:80"
assert_lines "tcp://slow.test:80: unknown: the name has no address after 1 s" \
	"tcp4://$server4:80 $server4: ttl 62, initial 64, distance 2"
assert_status 1

# What a user can get wrong: one line, and nothing is connected.
for url in x http://a:80 tcp://a tcp://a: tcp://a:0 tcp://a:65536 tcp://a:80/x tcp://:80 tcp6://::1:80 \
	'tcp://[::1]' 'tcp://[::1' 'tcp4://[::1]:80' $'tcp://a\033[2J:80' ''; do
	ttl client "tcp4://$server4:80" "$url"
	assert_status 2
	[ ! -s "$case_dir/lines" ] || fail "output in spite of '$url'"
	[ "$(wc -l <"$case_dir/err")" = 1 ] || fail "not one line about '$url'"
	! grep -q $'\033' "$case_dir/err" || fail "an escape sequence on standard error"
done
for options in '' '--min' '--min x' '--max 256' '--min 2 --max 1' '-t 0' '-f nosuch' '-Z' '--nosuch'; do
	# shellcheck disable=SC2086 # options and their values
	ttl client ${options:+$options "tcp4://$server4:80"}
	assert_status 2
	[ "$(wc -l <"$case_dir/err")" = 1 ] || fail "not one line about '$options'"
done

# Output that cannot be written.
status=0
in_ns client "$BPFPATH" ttl "tcp4://$server4:80" >/dev/full 2>"$case_dir/err" || status=$?
assert_status 1
assert_error "cannot write 'standard output': No space left on device"
status=0
in_ns client "$BPFPATH" ttl "tcp4://$server4:80" >&- 2>"$case_dir/err" || status=$?
assert_status 1
assert_error "cannot write 'standard output': Bad file descriptor"

# Who may: CAP_BPF alone, or anybody where the kernel allows it.
nobody=(ip netns exec "$(ns client)" setpriv --reuid 65534 --regid 65534 --clear-groups)
as_nobody() # [SETPRIV-OPTION...]
{
	status=0
	"${nobody[@]}" "$@" "$case_dir/bpfpath" ttl "tcp4://$server4:80" >"$case_dir/lines" 2>"$case_dir/err" ||
		status=$?
}
as_nobody --inh-caps +bpf --ambient-caps +bpf
assert_lines "tcp4://$server4:80 $server4: ttl 62, initial 64, distance 2"
assert_status 0
setting=/proc/sys/kernel/unprivileged_bpf_disabled
# Only in a machine of its own may a test change it; 1 is for good.
if [ -n "${BPFPATH_VM:-}" ] && [ "$(cat $setting)" != 1 ]; then
	echo 0 >$setting
	as_nobody
	assert_lines "tcp4://$server4:80 $server4: ttl 62, initial 64, distance 2"
	assert_status 0
	echo 2 >$setting
fi
if [ "$(cat $setting)" = 2 ]; then
	as_nobody
	assert_status 1
	[ ! -s "$case_dir/lines" ] || fail "output without permission"
	assert_error "may not load a socket filter: it needs CAP_BPF, or kernel.unprivileged_bpf_disabled=0 (it is 2)"
fi

# Nobody was sent a single byte.
[ -e "$case_dir/received" ] || fail "no connection came to a listener"
[ ! -s "$case_dir/received" ] || fail "payload was sent: $(head -c 100 "$case_dir/received")"
