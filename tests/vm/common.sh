# shellcheck shell=bash
# Sourced by the programs of the VM lab.

# Kernels and images that are kept from run to run.
vm_cache()
{
	echo "${BPFPATH_VM_CACHE:-${XDG_CACHE_HOME:-${HOME:-/var/tmp}/.cache}/bpfpath/vm}"
}

# QEMU as the lab needs it. There is no use of KVM: emulation works everywhere
# and the same. With cmpxchg16b, QEMU 7.2 corrupts flags and the guest dies at
# random, hence -cx16. With $vm_icount set, guest time is the number of executed
# instructions: 1 ns is 1 instruction. It lives for $vm_limit seconds at most.
vm_qemu() # KERNEL INITRD [QEMU-OPTION...]
{
	local kernel=$1 initrd=$2 speed
	shift 2
	if [ -n "${vm_icount:-}" ]; then
		speed="-accel tcg,thread=single -smp 1 -icount shift=0,sleep=off"
	else
		# Two processors in one thread: with a thread for each QEMU 7.2 may still run
		# what the kernel has rewritten by then. A flood of packets while a tracepoint
		# is switched on and off, by nobody but tracefs, ends in a panic at an int3
		# within seconds; in one thread it does not in five minutes.
		speed="-accel tcg,thread=single -smp 2"
	fi
	# shellcheck disable=SC2086 # lists of options
	exec ${vm_limit:+timeout -k 5 $vm_limit} qemu-system-x86_64 $speed -cpu max,-cx16 \
		-m "${BPFPATH_VM_MEMORY:-2000}" \
		-nodefaults -no-user-config -display none -nic none -no-reboot \
		-kernel "$kernel" -initrd "$initrd" \
		-append "console=ttyS0 panic=-1 quiet mitigations=off random.trust_cpu=on no_timer_check ${vm_append:-} ${BPFPATH_VM_APPEND:-}" \
		"$@"
}
