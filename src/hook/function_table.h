/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * function_table.h - what the programs are to do at each function: its word, by address
 *
 * The table lies in the programs' memory: bpf/function.h.
 */
#ifndef BPFPATH_FUNCTION_TABLE_H
#define BPFPATH_FUNCTION_TABLE_H

#include <linux/types.h>
#include <stdbool.h>
#include <stdint.h>

struct plan_list;
struct session;

/* @table has FUNCTION_TABLE_SIZE entries. False: there is no place for @address. */
bool function_table_add(__u64 *table, uint64_t address, uint16_t word);

/*
 * What the programs are to do at these functions, before they are attached. 0, or
 * -ENOSPC after one line to the user.
 */
int function_table_fill(struct session *session, const struct plan_list *list);

#endif
