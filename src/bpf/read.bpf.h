/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * read.bpf.h - a field of one of the kernel's structs
 *
 * Since 6.2 (a35b9af4ec2c) a program may look at memory as if it were a struct of
 * the kernel: that is a load, which gives 0 where there is no memory. Before that
 * it is a call, some twenty times dearer.
 */
#ifndef BPFPATH_READ_BPF_H
#define BPFPATH_READ_BPF_H

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "bpf/config.bpf.h"

/* Always the same for the same arguments: one call for all fields of a struct. */
extern void *bpf_rdonly_cast(const void *address, __u32 type) __ksym __weak
	__attribute__((const));

#define READ_CAST(type, address)                                                         \
	((type *)bpf_rdonly_cast((const void *)(address), bpf_core_type_id_kernel(type)))

#define READ_DIRECT(type, address, field) (READ_CAST(type, address)->field)

/*
 * Bytes at @address, eight at a time: as if it were a struct of the kernel that is
 * numbers of that size and nothing else, these being 24.
 */
#define READ_WORDS(address) ((const __u64 *)READ_CAST(struct rtnl_link_stats64, address))

/* @field of the @type at @address; 0 where it cannot be read. */
#define READ(type, address, field)                                                       \
	({                                                                               \
		__typeof__(((type *)0)->field) value = 0;                                \
                                                                                         \
		if (config_direct)                                                       \
			value = READ_DIRECT(type, address, field);                       \
		else                                                                     \
			bpf_core_read(&value, sizeof(value),                             \
				      &((type *)(address))->field);                      \
		value;                                                                   \
	})

/*
 * A pointer that was looked at, as a number: the verifier allows no arithmetic with it
 * but to subtract another pointer, here that which is 0. Only with config_direct.
 */
#define READ_NUMBER(pointer)                                                             \
	({                                                                               \
		__u64 number = (__u64)(pointer);                                         \
		__u64 null = (__u64)READ_CAST(struct sk_buff, 0);                        \
                                                                                         \
		asm volatile("%0 -= %1" : "+r"(number) : "r"(null));                     \
		number;                                                                  \
	})

/*
 * May @pointer be an address of the kernel's? Fields that share their memory with
 * something else may hold anything, and to look there would cost an exception.
 */
#if defined(__TARGET_ARCH_x86) || defined(__TARGET_ARCH_arm64)
#define READ_IS_ADDRESS(pointer) ((__s64)(pointer) < 0)
#else
#define READ_IS_ADDRESS(pointer) true
#endif

#endif
