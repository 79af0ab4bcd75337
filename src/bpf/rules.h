/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * rules.h - where the names of netfilter's tables and chains are in the kernel's memory
 *
 * Their structs are those of modules, which may be loaded later than the programs: the
 * user side looks for them and tells the programs.
 */
#ifndef BPFPATH_RULES_BPF_H
#define BPFPATH_RULES_BPF_H

/* Offsets of members, in bytes; no struct begins with one of them, so 0: not known. */
enum rules_offset {
	RULES_CHAIN_NAME,  /* struct nft_chain: char * */
	RULES_CHAIN_TABLE, /* struct nft_chain: struct nft_table * */
	RULES_TABLE_NAME,  /* struct nft_table: char * */
	RULES_XT_NAME,	   /* struct xt_table: char [] */
	RULES_OFFSETS
};

#endif
