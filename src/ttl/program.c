// SPDX-License-Identifier: GPL-2.0-only
#include "ttl/program.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <stddef.h>

/* Where things are in the headers: RFC 791, RFC 8200, RFC 9293. */
#define IPV4_TTL      8
#define IPV6_HOPLIMIT 7
#define TCP_FLAGS     13
#define TCP_FLAG_MASK 0x17 /* ACK, RST, SYN, FIN */

/* Where things are on the stack. */
#define STACK_KEY   (-16)
#define STACK_TTL   (STACK_KEY + (int)offsetof(struct program_key, ttl))
#define STACK_FLAGS (STACK_KEY + (int)offsetof(struct program_key, tcp_flags))
#define STACK_VALUE (-24)

#define INSN(code, dst, src, off, imm) ((struct bpf_insn){ code, dst, src, off, imm })
#define MOV_REG(dst, src)	       INSN(BPF_ALU64 | BPF_MOV | BPF_X, dst, src, 0, 0)
#define MOV_IMM(dst, imm)	       INSN(BPF_ALU64 | BPF_MOV | BPF_K, dst, 0, 0, imm)
#define ALU_IMM(op, dst, imm)	       INSN(BPF_ALU64 | (op) | BPF_K, dst, 0, 0, imm)
#define LD_ABS(off)		       INSN(BPF_LD | BPF_ABS | BPF_B, 0, 0, 0, off)
#define LD_IND(src, off)	       INSN(BPF_LD | BPF_IND | BPF_B, 0, src, 0, off)
#define STX(size, off, src)	       INSN(BPF_STX | BPF_MEM | (size), BPF_REG_10, src, off, 0)
#define ST_ZERO(off)		       INSN(BPF_ST | BPF_MEM | BPF_DW, BPF_REG_10, 0, off, 0)
#define ATOMIC_ADD(dst, src)	       INSN(BPF_STX | BPF_ATOMIC | BPF_DW, dst, src, 0, BPF_ADD)
#define JUMP(op, dst, imm, to)	       INSN(BPF_JMP | (op) | BPF_K, dst, 0, to, imm)
#define CALL(function)		       INSN(BPF_JMP | BPF_CALL, 0, 0, 0, function)
#define EXIT			       INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)
#define LD_MAP(dst, fd)                                                                  \
	INSN(BPF_LD | BPF_IMM | BPF_DW, dst, BPF_PSEUDO_MAP_FD, 0, fd),                  \
		INSN(0, 0, 0, 0, 0)
#define STACK_ADDRESS(dst, off) MOV_REG(dst, BPF_REG_10), ALU_IMM(BPF_ADD, dst, off)
#define LOOKUP(fd)                                                                       \
	LD_MAP(BPF_REG_1, fd), STACK_ADDRESS(BPF_REG_2, STACK_KEY),                      \
		CALL(BPF_FUNC_map_lookup_elem)

/*
 * The packet begins with its TCP header here; the IP header is reached with
 * SKF_NET_OFF. A load from outside of the packet would end the program with 0,
 * which drops it: but tcp_v4_rcv() and tcp_v6_rcv() have both headers in linear
 * memory before they run the filter.
 */
int program_load(int map, char *log)
{
	const struct bpf_insn insns[] = {
		MOV_REG(BPF_REG_6, BPF_REG_1), /* the loads want the skb there */
		ST_ZERO(STACK_TTL),
		LD_ABS(SKF_NET_OFF), /* version and header length, or class */
		ALU_IMM(BPF_RSH, BPF_REG_0, 4),
		MOV_IMM(BPF_REG_7, IPV4_TTL),
		JUMP(BPF_JEQ, BPF_REG_0, 4, 1),
		MOV_IMM(BPF_REG_7, IPV6_HOPLIMIT),
		LD_IND(BPF_REG_7, SKF_NET_OFF),
		STX(BPF_B, STACK_TTL, BPF_REG_0),
		LD_ABS(TCP_FLAGS),
		ALU_IMM(BPF_AND, BPF_REG_0, TCP_FLAG_MASK),
		STX(BPF_B, STACK_FLAGS, BPF_REG_0),
		MOV_REG(BPF_REG_1, BPF_REG_6),
		CALL(BPF_FUNC_get_socket_cookie),
		STX(BPF_DW, STACK_KEY, BPF_REG_0),
		/* Make the entry unless it is there: two processors may be here. */
		ST_ZERO(STACK_VALUE),
		LD_MAP(BPF_REG_1, map),
		STACK_ADDRESS(BPF_REG_2, STACK_KEY),
		STACK_ADDRESS(BPF_REG_3, STACK_VALUE),
		MOV_IMM(BPF_REG_4, BPF_NOEXIST),
		CALL(BPF_FUNC_map_update_elem),
		LOOKUP(map),
		JUMP(BPF_JNE, BPF_REG_0, 0, 8),
		/* No room: count that. */
		ST_ZERO(STACK_KEY),
		ST_ZERO(STACK_TTL),
		LOOKUP(map),
		JUMP(BPF_JEQ, BPF_REG_0, 0, 2),
		MOV_IMM(BPF_REG_1, 1),
		ATOMIC_ADD(BPF_REG_0, BPF_REG_1),
		MOV_IMM(BPF_REG_0, -1), /* accept, whatever its length */
		EXIT,
	};
	LIBBPF_OPTS(bpf_prog_load_opts, options, .log_buf = log,
		    .log_size = PROGRAM_LOG_SIZE);
	int fd = bpf_prog_load(BPF_PROG_TYPE_SOCKET_FILTER, "bpfpath_ttl", "GPL", insns,
			       sizeof(insns) / sizeof(insns[0]), &options);

	return fd < 0 ? -errno : fd;
}
