#!/bin/bash
# Completion of what a user has typed: words, then what must be offered.
# shellcheck source=completions/bpfpath
set -eu
cd "$(dirname "$0")/../.."
. completions/bpfpath

bad=0

# WORDS: what was typed, the last one completed; OFFER...: what is to be there, or,
# with "!" before it, is not to be.
offers()
{
	local offer
	read -r -a COMP_WORDS <<<"$1"
	[[ $1 != *' ' ]] || COMP_WORDS+=("")
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
	shift
	_bpfpath
	for offer; do
		if printf '%s\n' ${COMPREPLY[@]+"${COMPREPLY[@]}"} | grep -qxF -- "${offer#!}"; then
			[[ $offer == !* ]] || continue
		else
			[[ $offer != !* ]] || continue
		fi
		echo "${COMP_WORDS[*]}: $offer, but there is: ${COMPREPLY[*]-}"
		bad=1
	done
}

offers 'bpfpath ' assert diff list trace hops record report sessions stop doctor ping ttl
offers 'bpfpath ' assert list trace hops record report sessions stop doctor ping top ttl
offers 'bpfpath l' list !trace
offers 'bpfpath --' --count --probe --version !--unavailable
offers 'bpfpath list --' --unavailable --format !--count
offers 'bpfpath --g' --graph
offers 'bpfpath list --' !--graph
offers 'bpfpath list --u' --unavailable !--format
offers 'bpfpath record --' --rotate --keep --detach --output !--dump-filter !--slow
offers 'bpfpath record -f ' text html !pcapng
offers 'bpfpath report --' --count --probe --slow !--rotate !--time
offers 'bpfpath report -f ' text pcapng
offers 'bpfpath report -p ' hops all
offers 'bpfpath report R' README.md
offers 'bpfpath assert --' --expect --read --junit --count !--dump-filter
offers 'bpfpath assert -r R' README.md
offers 'bpfpath assert -e c' crosses count !never
offers 'bpfpath diff --' --by --context --roles --output !--count
offers 'bpfpath diff -f ' text json !hops
offers 'bpfpath diff --by ' flow end dev
offers 'bpfpath diff R' README.md
offers 'bpfpath diff README.md R' README.md
offers 'bpfpath stop --' --help !--count
offers 'bpfpath ttl --' --min --ttl-ebpf --time !--count !--probe
offers 'bpfpath ttl -f ' text json !hops
offers 'bpfpath hops --' --tracepkt --count !--dump-filter
offers 'bpfpath count --' --by --interval --groups --count !--probe !--follow
offers 'bpfpath count --by ' proto flow end !time
offers 'bpfpath count -b t' tracepoint tcx !auto
offers 'bpfpath count -f ' text json !hops
offers 'bpfpath count -I 1 -' --by
offers 'bpfpath classes --' --by --rare --read --probe !--tracepkt !--live
offers 'bpfpath hist --' --from --to --slow --read !--by
offers 'bpfpath classes -f ' text json !hops
offers 'bpfpath classes --by ' flow end dev
offers 'bpfpath classes -r R' README.md
offers 'bpfpath top --' --by --rare --slow --read --probe !--format !--output !--from
offers 'bpfpath top -r R' README.md
offers 'bpfpath ping --' --interface --wait !--time !--output
offers 'bpfpath ping -f ' text json hops !tracepkt
offers 'bpfpath ping -I l' lo
offers 'bpfpath ping -i 1 -' --wait
offers 'bpfpath doctor --' --format !--probe !--count
offers 'bpfpath --weight t' time !count
offers 'bpfpath --nodes f' function !stage
offers 'bpfpath --columns ' time process
offers 'bpfpath list --' !--short
offers 'bpfpath -f ' text json hops pcapng tracepkt html dot svg perfetto folded flame tree
offers 'bpfpath trace -f j' json !text
offers 'bpfpath -p s' stages share !all
offers 'bpfpath list -p ' hops all share
offers 'bpfpath -b t' tcx tracepoint !auto
offers 'bpfpath -i l' lo
offers 'bpfpath -n h' host
offers 'bpfpath -c 1 ' !list
offers 'bpfpath -o R' README.md
offers 'bpfpath icmp -- ech' echo
offers 'bpfpath icmp -- cat RE' README.md !--count

# Every option of a command is offered, by its long name.
for command in trace hops top count record report diff assert list doctor ping ttl; do
	for option in $("$1" "$command" --help | grep -oE '^  (-[a-z],|   ) --[a-z-]+' | grep -oE -- '--[a-z-]+'); do
		offers "bpfpath $command $option" "$option"
	done
done
exit $bad
