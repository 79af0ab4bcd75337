# shellcheck shell=bash
# Sourced by the programs of the VM lab.

# Kernels and images that are kept from run to run.
vm_cache()
{
	echo "${BPFPATH_VM_CACHE:-${XDG_CACHE_HOME:-${HOME:-/var/tmp}/.cache}/bpfpath/vm}"
}
