# shellcheck shell=bash
# Sourced by ./demo and ./check: from a bare Debian system to a built bpfpath.
# Does nothing where nothing is missing.

export PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
setup_top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

setup_die()
{
	echo "$(basename "$0"): $*" >&2
	exit 1
}

# Names of Debian packages, the same in Debian 12 and 13.
setup_group() # GROUP
{
	case $1 in
	build)
		echo gcc libc6-dev clang bpftool meson ninja-build pkg-config \
			libbpf-dev libpcap-dev libelf-dev libmnl-dev libjson-c-dev libncurses-dev \
			libzstd-dev libcmocka-dev scdoc
		;;
	demo) echo iproute2 iputils-ping ;;
	test)
		echo jq iproute2 iputils-ping nftables tcpdump tshark socat procps kmod \
			util-linux diffutils wireguard-tools graphviz python3 python3-jsonschema chromium tmux
		;;
	vm) echo qemu-system-x86 busybox-static cpio xz-utils zstd kmod ;;
	esac
}

# Go on as root: through sudo where there is one.
setup_root() # ARGUMENT...: those of the script
{
	[ "$(id -u)" != 0 ] || return 0
	type -P sudo >/dev/null ||
		setup_die "needs root: run it as root (there is no sudo here)"
	exec sudo -- "$0" "$@"
}

setup_log()
{
	setup_log_file=${setup_log_file:-$(mktemp)}
	"$@" >"$setup_log_file" 2>&1 </dev/null && return 0
	echo "--- $*" >&2
	tail -n 60 "$setup_log_file" >&2
	return 1
}

setup_end() # to be called at exit
{
	rm -f "${setup_log_file:-}"
}

setup_missing() # PACKAGE...
{
	local package
	for package; do
		[ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
			echo "$package"
	done
}

setup_apt() # apt-get's arguments
{
	DEBIAN_FRONTEND=noninteractive setup_log apt-get -q -y \
		-o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@"
}

# Install what is missing of these groups.
setup_packages() # GROUP...
{
	local group missing
	type -P dpkg-query >/dev/null || setup_die "works on Debian only: there is no dpkg-query"
	# shellcheck disable=SC2046 # lists of names
	missing=$(setup_missing $(for group; do setup_group "$group"; done) | sort -u)
	[ -n "$missing" ] || return 0
	# shellcheck disable=SC2086 # a list of names
	echo "# installing" $missing >&2
	setup_apt update || setup_die "apt-get update failed"
	# shellcheck disable=SC2086 # a list of names
	setup_apt install --no-install-recommends $missing ||
		setup_die "apt-get install failed"
}

# Under sudo, what is built belongs to the user who called it.
setup_as_user() # COMMAND...
{
	if [ "$(id -u)" = 0 ] && [ "${SUDO_UID:-0}" != 0 ]; then
		setpriv --reuid "$SUDO_UID" --regid "$SUDO_GID" --clear-groups "$@"
	else
		"$@"
	fi
}

# Configure, if that was not done, and build what changed.
setup_build() # DIRECTORY [MESON-OPTION...]
{
	local dir=$setup_top/$1
	shift
	if [ ! -f "$dir/build.ninja" ]; then
		echo "# building in $(basename "$dir")" >&2
		setup_log setup_as_user meson setup "$@" "$dir" "$setup_top" || return 1
	fi
	setup_log setup_as_user ninja -C "$dir"
}
