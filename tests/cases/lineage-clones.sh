#!/bin/bash
# One packet, sent to a host that no port of a bridge is known to lead to, while a
# packet socket listens: the socket and each port but the last get a clone, and each
# of the four comes to an end of its own.
. "$(dirname "$0")/lib.sh"
require functions
[ -x "$BPFPATH_TOOLS/sniff" ] || fail "tests/tools/sniff is not built"

# Functions of modules, where they can be known.
of_modules()
{
	! kernel_has_module_btf || echo "$@"
}

topology_bridge from one two three
ip -n "$(ns from)" neigh add "$net4.99" lladdr 02:00:00:00:00:99 dev eth0
trace_some "udp dst port 7777" -- ip netns exec "$(ns from)" \
	"$BPFPATH_TOOLS/sniff" eth0 bash -c "echo >/dev/udp/$net4.99/7777"

assert_json 'length == 4'
assert_lineage
# Where skb_clone ends in a jump it is not among the callers.
assert_json 'map(select(.parent)) | all(.[]; .relation == "clone" and
	(.maker | test("^(__)?skb_clone$")))'
assert_json 'all(.[]; own == [$from, $to] and .packet.dport == 7777)' \
	--arg from "$net4.11" --arg to "$net4.99"

pick '.parent == null'
assert_path '.id == 1 and (.branches | length == 3)'
# shellcheck disable=SC2046 # lists of names
assert_order __ip_local_out __dev_queue_xmit $(of_modules br_flood) ip_rcv
assert_dropped OTHERHOST

pick '.caller == "dev_queue_xmit_nit"'
assert_path '.parent == 1'
# shellcheck disable=SC2046
assert_order '(__)?skb_clone' $(of_modules packet_rcv) skb_copy_datagram_iovec
assert_path 'all(.steps[]; .func | test("^(br_|ip_)") | not)'
assert_namespaces from
assert_path '.end.kind == "delivered" and .end.comm == "sniff"'

# Once to each of the three, along the same way.
assert_json '[.[] | select(.end.kind == "dropped") | namespaces[-1]] | sort == ($ARGS.positional | sort)' \
	--args "$(ns one)" "$(ns two)" "$(ns three)"
for name in $(jq -s '.[] | select(.end.kind == "dropped" and .parent) | .id' "$case_dir/out"); do
	pick '.id == $id' --argjson id "$name"
	assert_path '.caller | test("^(maybe_deliver|deliver_clone)")'
	# shellcheck disable=SC2046
	assert_order '(__)?skb_clone' $(of_modules __br_forward br_dev_queue_push_xmit) \
		netif_rx ip_rcv
	assert_path '[hops[] | sub(".*:"; "")] | length == 3 and .[0] == "v-from" and .[2] == "eth0"'
	assert_dropped OTHERHOST
done
