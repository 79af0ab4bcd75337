/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fold.h - what is constant in a program is worked out before it is loaded
 *
 * Our programs ask for much that is known by then: what the session has decided, which
 * is read-only data; what the kernel's structs have; how long the filter is. The verifier
 * knows these answers, too, and takes out what they switch off, but it leaves each load
 * in, and for each branch that it removes it moves the rest of the program.
 */
#ifndef BPFPATH_FOLD_H
#define BPFPATH_FOLD_H

#include <stddef.h>
#include <stdint.h>

struct bpf_insn;

struct fold_data {
	/* memory that a program reads and nobody writes: a map with this file */
	int fd;
	const void *bytes;
	size_t size;
	/* a constant of 64 bits that others will stand for later; 0: there is none */
	uint64_t open;
};

/*
 * Replace in @insns, @count of them, what reads @data, decide the branches that are known
 * by it, and take out what is never reached or of no use; in place. @data may be NULL.
 * @places, of @count + 1, receives the new position of each instruction (of one that is
 * gone: that of the next which is not); a function is gone if it and what follows it
 * have the same.
 *
 * 0 with the number of what is left in *@left, or -ENOMEM; or -EINVAL, nothing changed,
 * if a jump leads out of the program or code of a later kind (RFC 9669, cpu v4) is met.
 */
int fold(struct bpf_insn *insns, size_t count, const struct fold_data *data,
	 uint32_t *places, size_t *left);

#endif
