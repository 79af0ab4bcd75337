# shellcheck shell=bash
# Sourced by tests/vm/run and tests/vm/shell: what the machine boots from.
#
# The kernel unpacks several cpio archives that follow each other as one. The
# modules and the tools are packed once and kept; what changes from run to run,
# bpfpath and the cases, is a small archive of its own. They stay uncompressed:
# an emulated processor unpacks slower than the host reads.
#
# The one who sources it sets vm_dir, vm_work (a directory to work in) and
# BPFPATH, and finds the outcome of vm_image in vm_version, vm_kernel, vm_initrd.
# shellcheck disable=SC2154,SC2034

# Real tools, those that the cases ask for; busybox stands in for the rest.
vm_tools="bash sh ip tc bridge ping nft jq socat tcpdump bpftool modprobe
	awk basename cat chmod cmp comm cp cut date dd diff dirname env expr
	false find grep head id kill ln ls mkdir mkfifo mktemp mv nproc nsenter
	od ps readlink rm rmdir sed seq setpriv setsid sha256sum sleep sort stat
	stdbuf strings stty sysctl tail tee test timeout tmux touch tr true uname uniq
	unshare wc wg xargs xxd"

# Modules by folder; those that they depend on come along.
vm_modules='^kernel/net/(802|8021q|bridge|core|ipv4|ipv6|key|llc|mpls|netfilter|openvswitch|packet|psample|sched|sctp|unix|xdp|xfrm)/
^kernel/drivers/net/(bonding|ipvlan|team|vxlan|wireguard)/
^kernel/drivers/net/[^/]*\.ko
^kernel/crypto/(authenc|echainiv)\.ko'

# A folder as an archive, on standard output.
vm_pack() # ROOT
{
	chmod 755 "$1" # it becomes / and is for everybody
	(cd "$1" && find . | LC_ALL=C sort | cpio --quiet -R 0:0 -H newc -o)
}

vm_tree() # ROOT: the folders of a system, with /usr merged
{
	local dir
	mkdir -p "$1"/usr/{bin,sbin,lib,lib64}
	for dir in bin sbin lib lib64; do
		ln -s "usr/$dir" "$1/$dir"
	done
}

# Shared libraries of programs, with the loader.
vm_libraries() # PROGRAM...
{
	ldd "$@" 2>/dev/null | grep -oE '/[^ :]+ \(0x' | cut -d' ' -f1 | sort -u
}

vm_copy() # ROOT FILE...: each to where it was
{
	local root=$1 file
	shift
	for file; do
		mkdir -p "$root$(dirname "$file")"
		cp -L "$file" "$root$file"
	done
}

# What tmux needs: terminals, and a locale of UTF-8.
vm_terminals() # ROOT
{
	local name path
	for name in dumb screen tmux tmux-256color vt100 xterm; do
		for path in {/usr/lib,/usr/share}/terminfo/"${name:0:1}/$name"; do
			[ ! -e "$path" ] || vm_copy "$1" "$path"
		done
	done
	[ ! -d /usr/lib/locale/C.utf8 ] || vm_copy "$1" /usr/lib/locale/C.utf8/LC_CTYPE
}

vm_tools_pack() # OUT
{
	local root tool path programs=()
	root=$(mktemp -d)
	vm_tree "$root"
	for tool in $vm_tools; do
		path=$(type -P "$tool") || continue
		programs+=("$path")
		vm_copy "$root" "$path"
	done
	# shellcheck disable=SC2046 # a list of names
	vm_copy "$root" $(vm_libraries "${programs[@]}")
	vm_copy "$root" "$(type -P busybox)"
	vm_terminals "$root"
	mkdir -p "$root"/{dev,etc,proc,root,run,sys,tmp,var/tmp}
	echo 'root:x:0:0:root:/root:/bin/bash' >"$root/etc/passwd"
	echo 'root:x:0:' >"$root/etc/group"
	[ ! -r /etc/protocols ] || cp /etc/protocols "$root/etc/"
	vm_pack "$root" >"$1"
	rm -rf "$root"
}

# Newer packages leave out files that only tell modprobe what is built in.
vm_depmod() # ROOT RELEASE
{
	depmod -b "$1" "$2" 2>&1 | { grep -vE 'modules\.(order|builtin)' >&2 || :; }
}

vm_modules_pack() # KERNEL-DIR OUT
{
	local dir=$1 root release list
	release=$(cat "$dir/release")
	root=$(mktemp -d)
	list=$root.list
	vm_tree "$root"
	mkdir -p "$root/usr/lib/modules"
	cp -r "$dir/modules/$release" "$root/usr/lib/modules/"
	find "$root/usr/lib/modules/$release" -name '*.ko.xz' -print0 |
		xargs -0 -r -n 64 xz -d
	find "$root/usr/lib/modules/$release" -name '*.ko.zst' -print0 |
		xargs -0 -r -n 64 zstd -q -d --rm
	vm_depmod "$root" "$release"
	(
		cd "$root/usr/lib/modules/$release" || exit
		grep -E "$vm_modules" modules.dep | tr -d : | tr ' ' '\n' | sort -u >"$list"
		find kernel -name '*.ko' | sort | comm -23 - "$list" | xargs -r rm -f
		find kernel -type d -empty -delete
	)
	vm_depmod "$root" "$release"
	rm -f "$root/lib" "$root/bin" "$root/sbin" "$root/lib64" "$list"
	vm_pack "$root" >"$2"
	rm -rf "$root"
}

# Make a file unless it is there; one process does it, others wait.
vm_once() # FILE COMMAND... (the command gets the name of a new file last)
{
	local file=$1
	shift
	exec 8>"$file.lock"
	flock 8
	if [ ! -s "$file" ]; then
		"$@" "$file.new"
		mv "$file.new" "$file"
	fi
	exec 8>&-
}

# Which modules are packed, as part of a file name.
vm_modules_key()
{
	echo "$vm_modules" | sha256sum | cut -c 1-16
}

# The state of the tools on this machine, as part of a file name.
vm_tools_key()
{
	# shellcheck disable=SC2046,SC2086 # lists of names
	{
		cat "$vm_dir/image.sh"
		stat -L -c '%n %s %Y' $(for tool in $vm_tools busybox; do type -P $tool; done)
	} | sha256sum | cut -c 1-16
}

# The benchmark's programs, and a peer where $vm_peer is one.
vm_bench_pack() # ROOT
{
	local built
	built=$(dirname "$BPFPATH")/../tests/bench
	cp -r "$top/tests/bench" "$1/bpfpath/tests/"
	mkdir -p "$1/bpfpath/build/tests/bench"
	cp "$built/udpveth" "$built/floor" "$1/bpfpath/build/tests/bench/"
	[ -z "$vm_peer" ] || cp -r "$vm_peer" "$1/bpfpath/peer"
}

# bpfpath, its data, the cases, and /init.
vm_run_pack() # OUT CASE...
{
	local out=$1 root top
	shift
	top=$(cd "$vm_dir/../.." && pwd)
	root=$(mktemp -d)
	mkdir -p "$root/bpfpath/tests" "$root/bpfpath/build/src" "$root/usr/local/share"
	if [ -x "$BPFPATH" ]; then
		cp -L "$BPFPATH" "$root/bpfpath/build/src/bpfpath"
		# shellcheck disable=SC2046 # a list of names
		vm_copy "$root" $(vm_libraries "$BPFPATH" | sed 's,^/lib,/usr/lib,')
	fi
	mkdir -p "$root/bpfpath/build/tests/tools"
	find "$(dirname "$BPFPATH")/../tests/tools" -maxdepth 1 -type f -executable \
		-exec cp {} "$root/bpfpath/build/tests/tools/" \; 2>/dev/null || :
	cp -r "$top/tests/cases" "$root/bpfpath/tests/"
	[ -z "${vm_bench:-}" ] || vm_bench_pack "$root"
	if [ -d "$top/share" ]; then
		cp -r "$top/share" "$root/bpfpath/share"
		cp -r "$top/share" "$root/usr/local/share/bpfpath"
	fi
	echo "$@" >"$root/bpfpath/cases"
	echo "${vm_label:-$vm_version}" >"$root/bpfpath/version"
	install -m 755 "$vm_dir/init" "$root/init"
	vm_pack "$root" >"$out"
	rm -rf "$root"
}

# Everything for one boot: $vm_kernel, $vm_initrd (in $vm_work).
vm_image() # VERSION CASE...
{
	local dir tools modules
	vm_version=$1
	shift
	dir=$("$vm_dir/fetch" "$vm_version")
	vm_kernel=$dir/vmlinuz
	tools=$(vm_cache)/tools-$(vm_tools_key).cpio
	vm_once "$tools" vm_tools_pack
	modules=$dir/modules-$(vm_modules_key).cpio
	vm_once "$modules" vm_modules_pack "$dir"
	vm_run_pack "$vm_work/run.cpio" "$@"
	vm_initrd=$vm_work/initrd
	cat "$tools" "$modules" "$vm_work/run.cpio" >"$vm_initrd"
	rm "$vm_work/run.cpio"
}
