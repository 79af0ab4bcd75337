#!/bin/bash
# help.sh PROGRAM: every option that a command's --help names is taken by the command. A
# filter that is wrong keeps it from doing anything: that, and nothing else, is what it
# complains of.
set -eu

program=$1
bad=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

value() # OPTION PLACEHOLDER: something that may stand there
{
	case $1 in
	--columns) echo time ;;
	--by) echo end ;;
	--weight) echo count ;;
	--nodes) echo stage ;;
	--expect) echo 'end delivered' ;;
	--slow) echo 1ms ;;
	--probe) echo hops ;;
	--backend) echo auto ;;
	--rotate | --buffer) echo 64M ;;
	--format) echo text ;;
	*)
		case $2 in
		'') ;;
		FILE) echo /dev/null ;;
		*) echo 1 ;;
		esac
		;;
	esac
}

# Without which the option would be refused.
company() # COMMAND OPTION
{
	case $2 in
	--detach | --format) ;;
	--weight) printf "%s\n" -f folded ;;
	--nodes) printf "%s\n" -f dot ;;
	--by | --rare) [ "$1" = classes ] || printf "%s\n" -f classes ;;
	--from | --to) [ "$1" = hist ] || printf "%s\n" -f hist ;;
	*) printf "%s\n" -f text ;;
	esac
	case $1 in
	record) printf "%s\n" -o /dev/null ;;
	assert) [ "$2" = --expect ] || printf "%s\n" -e count==1 ;;
	report) echo /dev/null ;;
	esac
}

options() # COMMAND: each option with its placeholder
{
	"$program" "$1" --help |
		sed -nE 's/^  (-[a-zA-Z0-9],|   ) (--[a-z0-9-]+) ?([A-Z]+)?.*/\2 \3/p' | grep -v '^--help'
}

for command in trace hops classes hist record report assert; do
	while read -r option placeholder; do
		given=$(value "$option" "$placeholder")
		# shellcheck disable=SC2046 # words
		"$program" "$command" "$option" ${given:+"$given"} $(company "$command" "$option") \
			'icmp and and' </dev/null >/dev/null 2>"$work/err" || :
		grep -q "filter 'icmp and and'" "$work/err" ||
			{ echo "$command $option $given: $(cat "$work/err")"; bad=1; }
	done < <(options "$command")
done
for command in list doctor ping ttl count diff top; do
	while read -r option placeholder; do
		given=$(value "$option" "$placeholder")
		"$program" "$command" "$option" ${given:+"$given"} --help </dev/null >/dev/null 2>"$work/err" ||
			{ echo "$command $option $given: $(cat "$work/err")"; bad=1; }
	done < <(options "$command")
done
exit $bad
