// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/features.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel/types.h"

/* Younger than the headers of Debian 12; UAPI, so the number stays. */
#define ATTACH_TCX_INGRESS   ((enum bpf_attach_type)46)
#define TRACE_KPROBE_SESSION ((enum bpf_attach_type)56)
#define TRACE_FENTRY_MULTI   ((enum bpf_attach_type)59)

#define GET_ATTACH_COOKIE 174 /* BPF_FUNC_get_attach_cookie, linux/bpf.h since 5.15 */
#define GET_FUNC_ARG	  183 /* BPF_FUNC_get_func_arg, linux/bpf.h since 5.17 */
#define KFUNC_CALL	  2   /* BPF_PSEUDO_KFUNC_CALL, linux/bpf.h since 5.13 */

#define NOWHERE 1 /* an address that no process has */

#define MOVE_VALUE(to, value)                                                            \
	{                                                                                \
		.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = (to), .imm = (value)     \
	}
#define MOVE_REGISTER(to, from)                                                          \
	{                                                                                \
		.code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = (to), .src_reg = (from)  \
	}
#define ADD_VALUE(to, value)                                                             \
	{                                                                                \
		.code = BPF_ALU64 | BPF_ADD | BPF_K, .dst_reg = (to), .imm = (value)     \
	}
#define CALL(function)                                                                   \
	{                                                                                \
		.code = BPF_JMP | BPF_CALL, .imm = (function)                            \
	}
#define EXIT()                                                                           \
	{                                                                                \
		.code = BPF_JMP | BPF_EXIT                                               \
	}

static const struct bpf_insn NOTHING[] = {
	MOVE_VALUE(BPF_REG_0, 0),
	EXIT(),
};

/* bpf_probe_read_kernel(stack, 8, NULL) */
static const struct bpf_insn READ[] = {
	MOVE_REGISTER(BPF_REG_1, BPF_REG_10),
	ADD_VALUE(BPF_REG_1, -8),
	MOVE_VALUE(BPF_REG_2, 8),
	MOVE_VALUE(BPF_REG_3, 0),
	CALL(BPF_FUNC_probe_read_kernel),
	MOVE_VALUE(BPF_REG_0, 0),
	EXIT(),
};

/* bpf_get_func_arg(context, 0, stack) */
static const struct bpf_insn ARGUMENT[] = {
	{ .code = BPF_ST | BPF_MEM | BPF_DW, .dst_reg = BPF_REG_10, .off = -8 },
	MOVE_VALUE(BPF_REG_2, 0),
	MOVE_REGISTER(BPF_REG_3, BPF_REG_10),
	ADD_VALUE(BPF_REG_3, -8),
	CALL(GET_FUNC_ARG),
	MOVE_VALUE(BPF_REG_0, 0),
	EXIT(),
};

/* bpf_get_attach_cookie(context) */
static const struct bpf_insn COOKIE[] = {
	CALL(GET_ATTACH_COOKIE),
	MOVE_VALUE(BPF_REG_0, 0),
	EXIT(),
};

/* bpf_get_current_pid_tgid(), bpf_get_current_comm(stack, 8) */
static const struct bpf_insn TASK[] = {
	CALL(BPF_FUNC_get_current_pid_tgid),
	MOVE_REGISTER(BPF_REG_1, BPF_REG_10),
	ADD_VALUE(BPF_REG_1, -8),
	MOVE_VALUE(BPF_REG_2, 8),
	CALL(BPF_FUNC_get_current_comm),
	MOVE_VALUE(BPF_REG_0, 0),
	EXIT(),
};

#define PROGRAM_LOAD(type, program, attach)                                              \
	program_load(type, program, sizeof(program) / sizeof(*(program)), attach)

static int program_load(enum bpf_prog_type type, const struct bpf_insn *program,
			size_t length, enum bpf_attach_type attach)
{
	LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = attach);

	return bpf_prog_load(type, "bpfpath_try", "GPL", program, length, &options);
}

static int try_close(int fd)
{
	if (fd >= 0)
		close(fd);
	return fd < 0 ? fd : 0;
}

int features_bpf(void)
{
	return try_close(PROGRAM_LOAD(BPF_PROG_TYPE_RAW_TRACEPOINT, NOTHING, 0));
}

bool features_reads(void)
{
	return !try_close(PROGRAM_LOAD(BPF_PROG_TYPE_RAW_TRACEPOINT, READ, 0));
}

#define CAST(function, type)                                                             \
	MOVE_VALUE(BPF_REG_1, 0), MOVE_VALUE(BPF_REG_2, type),                           \
	{                                                                                \
		.code = BPF_JMP | BPF_CALL, .src_reg = KFUNC_CALL, .imm = (function)     \
	}
#define LOAD(to, from, offset)                                                           \
	{                                                                                \
		.code = BPF_LDX | BPF_MEM | BPF_DW, .dst_reg = (to), .src_reg = (from),  \
		.off = (offset)                                                          \
	}

/* bpf_rdonly_cast() to a struct sk_buff, as ids of BTF */
struct cast {
	const struct btf *btf;
	int function, type; /* 0 or less: there is none */
};

static bool cast_loads(const struct cast *cast)
{
	const struct bpf_insn program[] = {
		CAST(cast->function, cast->type),
		MOVE_VALUE(BPF_REG_0, 0),
		EXIT(),
	};

	return cast->function > 0 && cast->type > 0 &&
	       !try_close(PROGRAM_LOAD(BPF_PROG_TYPE_RAW_TRACEPOINT, program, 0)) &&
	       !try_close(PROGRAM_LOAD(BPF_PROG_TYPE_KPROBE, program, 0));
}

/* Where is sk_buff.head? -1: unknown. */
static int cast_head_offset(const struct cast *cast)
{
	const struct btf_type *skb = btf__type_by_id(cast->btf, (uint32_t)cast->type);
	const struct btf_member *members = btf_members(skb);

	for (int i = 0; i < btf_vlen(skb); i++)
		if (!strcmp(btf__name_by_offset(cast->btf, members[i].name_off), "head"))
			return (int)btf_member_bit_offset(skb, (uint32_t)i) / 8;
	return -1;
}

/* ((struct sk_buff *)NULL)->head plus itself, which is right for numbers only */
static bool cast_adds_leaves(const struct cast *cast)
{
	int offset = cast_head_offset(cast);
	const struct bpf_insn program[] = {
		CAST(cast->function, cast->type),
		LOAD(BPF_REG_1, BPF_REG_0, offset),
		LOAD(BPF_REG_2, BPF_REG_0, offset),
		{ .code = BPF_ALU64 | BPF_ADD | BPF_X,
		  .dst_reg = BPF_REG_1,
		  .src_reg = BPF_REG_2 },
		MOVE_VALUE(BPF_REG_0, 0),
		EXIT(),
	};

	return offset >= 0 &&
	       !try_close(PROGRAM_LOAD(BPF_PROG_TYPE_RAW_TRACEPOINT, program, 0));
}

void features_direct(const struct types *types, bool *casts, bool *leaves)
{
	const struct btf *btf = types_btf(types);
	const struct cast cast = {
		.btf = btf,
		.function = btf__find_by_name_kind(btf, "bpf_rdonly_cast", BTF_KIND_FUNC),
		.type = (int)types_find(types, "sk_buff", BTF_KIND_STRUCT, 0),
	};

	*casts = cast_loads(&cast);
	*leaves = *casts && !cast_adds_leaves(&cast);
}

/*
 * With addresses that cannot be read: -EFAULT (kernel/trace/bpf_trace.c,
 * bpf_kprobe_multi_link_attach), where a name would be looked for among all symbols.
 * -EOPNOTSUPP without CONFIG_FPROBE; -EINVAL before 5.18, and for a type of link that the
 * kernel does not know.
 */
static bool features_multi(enum bpf_attach_type type)
{
	union bpf_attr attr = {
		.link_create.attach_type = type,
		.link_create.kprobe_multi.addrs = NOWHERE,
		.link_create.kprobe_multi.cnt = 1,
	};
	int program = PROGRAM_LOAD(BPF_PROG_TYPE_KPROBE, NOTHING, type), err = 0;

	if (program < 0)
		return false;
	attr.link_create.prog_fd = program;
	/* libbpf 1.1 does not know all these types. */
	if (syscall(SYS_bpf, BPF_LINK_CREATE, &attr, sizeof(attr)) < 0)
		err = errno;
	close(program);
	return err == EFAULT;
}

bool features_kprobe_multi(void)
{
	return features_multi(BPF_TRACE_KPROBE_MULTI);
}

bool features_kprobe_session(void)
{
	return features_multi(TRACE_KPROBE_SESSION);
}

bool features_fentry(int function)
{
	LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = BPF_TRACE_FENTRY,
		    .attach_btf_id = (uint32_t)function);

	return function > 0 &&
	       !try_close(bpf_prog_load(BPF_PROG_TYPE_TRACING, "bpfpath_try", "GPL",
					ARGUMENT, sizeof(ARGUMENT) / sizeof(*ARGUMENT),
					&options));
}

bool features_fentry_multi(void)
{
	return !try_close(
		PROGRAM_LOAD(BPF_PROG_TYPE_TRACING, ARGUMENT, TRACE_FENTRY_MULTI));
}

bool features_cookies(void)
{
	return !try_close(PROGRAM_LOAD(BPF_PROG_TYPE_RAW_TRACEPOINT, COOKIE, 0));
}

bool features_tc_task(void)
{
	return !try_close(PROGRAM_LOAD(BPF_PROG_TYPE_SCHED_CLS, TASK, 0));
}

/*
 * On a device that there is not: -ENODEV (kernel/bpf/tcx.c, tcx_link_attach);
 * -EINVAL from a kernel that does not know the attach type.
 */
bool features_tcx(void)
{
	int program = PROGRAM_LOAD(BPF_PROG_TYPE_SCHED_CLS, NOTHING, 0), err;

	if (program < 0)
		return false;
	err = try_close(bpf_link_create(program, INT_MAX, ATTACH_TCX_INGRESS, NULL));
	close(program);
	return err == -ENODEV;
}
