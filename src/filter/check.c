// SPDX-License-Identifier: GPL-2.0-only
#include <stdbool.h>

#include "bpf/packet.h"
#include "filter/check.h"
#include "filter/classic.h"
#include "filter/error.h"

/*
 * libpcap asks the kernel for what is not in the packet (its direction, its
 * device) by loads at "negative" offsets; the filter has only the bytes.
 */
#define CHECK_KERNEL_FIELDS ((__u32)SKF_AD_OFF)

static bool check_load_known(__u16 code)
{
	switch (code) {
	case BPF_LD | BPF_ABS | BPF_W:
	case BPF_LD | BPF_ABS | BPF_H:
	case BPF_LD | BPF_ABS | BPF_B:
	case BPF_LD | BPF_IND | BPF_W:
	case BPF_LD | BPF_IND | BPF_H:
	case BPF_LD | BPF_IND | BPF_B:
	case BPF_LD | BPF_IMM:
	case BPF_LD | BPF_MEM:
	case BPF_LD | BPF_LEN:
	case BPF_LDX | BPF_MSH | BPF_B:
	case BPF_LDX | BPF_IMM:
	case BPF_LDX | BPF_MEM:
	case BPF_LDX | BPF_LEN:
		return true;
	default:
		return false;
	}
}

static bool check_jump_known(__u16 code)
{
	switch (BPF_OP(code)) {
	case BPF_JEQ:
	case BPF_JGT:
	case BPF_JGE:
	case BPF_JSET:
		return true;
	default:
		return code == (BPF_JMP | BPF_JA);
	}
}

/*
 * Division by the constant 0 and shifts by 32 and more, which the verifier
 * refuses, libpcap refuses too.
 */
static bool check_alu_known(const struct sock_filter *insn)
{
	bool constant = BPF_SRC(insn->code) == BPF_K;

	switch (BPF_OP(insn->code)) {
	case BPF_DIV:
	case BPF_MOD:
		return !constant || insn->k;
	case BPF_LSH:
	case BPF_RSH:
		return !constant || insn->k < 32;
	default:
		return BPF_OP(insn->code) <= BPF_XOR;
	}
}

static bool check_known(const struct sock_filter *insn)
{
	__u16 code = insn->code;

	switch (BPF_CLASS(code)) {
	case BPF_LD:
	case BPF_LDX:
		return check_load_known(code) &&
		       (BPF_MODE(code) != BPF_MEM || insn->k < BPF_MEMWORDS);
	case BPF_ST:
	case BPF_STX:
		return (code == BPF_ST || code == BPF_STX) && insn->k < BPF_MEMWORDS;
	case BPF_ALU:
		return check_alu_known(insn);
	case BPF_JMP:
		return check_jump_known(code);
	case BPF_RET:
		return code == (BPF_RET | BPF_K) || code == (BPF_RET | BPF_A);
	default:
		return code == (BPF_MISC | BPF_TAX) || code == (BPF_MISC | BPF_TXA);
	}
}

static bool check_reads_packet(__u16 code)
{
	if (BPF_CLASS(code) != BPF_LD && BPF_CLASS(code) != BPF_LDX)
		return false;
	return BPF_MODE(code) == BPF_ABS || BPF_MODE(code) == BPF_IND ||
	       BPF_MODE(code) == BPF_MSH;
}

/* All ways on from @insn lead to one of the @left instructions behind it. */
static bool check_forward(const struct sock_filter *insn, unsigned int left)
{
	if (BPF_CLASS(insn->code) == BPF_RET)
		return true;
	if (BPF_CLASS(insn->code) != BPF_JMP)
		return left > 0;
	if (BPF_OP(insn->code) == BPF_JA)
		return insn->k < left;
	return insn->jt < left && insn->jf < left;
}

static int check_offset(const struct sock_filter *insn, struct filter_error *error)
{
	if (insn->k >= CHECK_KERNEL_FIELDS)
		return error_set(error,
				 "not supported: what is not in the packet's bytes "
				 "(inbound, outbound, ifindex, offsets below 0)");
	if (insn->k + classic_field_size(insn->code) > PACKET_SNAP_MAX)
		return error_set(error,
				 "byte %u is too far into the packet, "
				 "a filter sees the first %u",
				 insn->k, PACKET_SNAP_MAX);
	return 0;
}

static int check_insn(const struct sock_filter *insn, unsigned int left,
		      struct filter_error *error)
{
	if (!check_known(insn))
		return error_set(error,
				 "libpcap made an instruction that is not known: 0x%x",
				 insn->code);
	if (!check_forward(insn, left))
		return error_set(error,
				 "protochain is not supported: it is a loop, write out "
				 "the headers, as in \"ip6[6] = 0 and ip6[40] = 6\"");
	if (check_reads_packet(insn->code))
		return check_offset(insn, error);
	return 0;
}

int check_classic(const struct classic *classic, struct filter_error *error)
{
	for (unsigned int i = 0; i < classic->count; i++) {
		int ret = check_insn(&classic->insns[i], classic->count - i - 1, error);

		if (ret)
			return ret;
	}
	return 0;
}
