// SPDX-License-Identifier: GPL-2.0-only
/*
 * The words of the functions that are probed, in the programs' table: bpf/function.h.
 * Functions of modules that have gone leave theirs behind, where nothing reads it.
 */
#include "hook/function_table.h"

#include <errno.h>

#include "base/log.h"
#include "bpf/bpfpath.skel.h"
#include "bpf/function.h"
#include "hook/internal.h"
#include "hook/plan.h"

bool function_table_add(__u64 *table, uint64_t address, uint16_t word)
{
	for (__u32 try = 0; try < FUNCTION_TRIES; try++) {
		__u64 *entry = &table[function_slot(address, try)];

		if (*entry && !function_entry_is(*entry, address))
			continue;
		*entry = function_entry(address, word);
		return true;
	}
	return false;
}

int function_table_fill(struct session *session, const struct plan_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		if (function_table_add(session->skeleton->bss->functions,
				       list->addresses[i], list->words[i]))
			continue;
		log_error("too many functions to probe at once: use a smaller zoom (-p)");
		return -ENOSPC;
	}
	return 0;
}
