// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/rules.h"

#include <assert.h>
#include <bpf/btf.h>
#include <stddef.h>
#include <string.h>

#include "kernel/types.h"

/* A member, and the module whose struct it is where that is not built in. */
static const struct {
	const char *module, *type, *member;
} members[] = {
	[RULES_CHAIN_NAME] = { "nf_tables", "nft_chain", "name" },
	[RULES_CHAIN_TABLE] = { "nf_tables", "nft_chain", "table" },
	[RULES_TABLE_NAME] = { "nf_tables", "nft_table", "name" },
	[RULES_XT_NAME] = { "x_tables", "xt_table", "name" },
};
static_assert(sizeof(members) / sizeof(members[0]) == RULES_OFFSETS,
	      "a member for each offset");

/* In bytes; 0: there is no such member. */
static uint32_t member_offset(const struct btf *btf, uint32_t id, const char *member)
{
	const struct btf_type *type = btf__type_by_id(btf, id);

	for (int i = 0; i < btf_vlen(type); i++) {
		const char *name = btf__name_by_offset(btf,
						       btf_members(type)[i].name_off);

		if (!strcmp(name, member))
			return btf_member_bit_offset(type, i) / 8;
	}
	return 0;
}

/* The struct @name among the types of @btf from @first on; 0: there is none. */
static uint32_t struct_find(const struct btf *btf, uint32_t first, const char *name)
{
	uint32_t end = btf__type_cnt(btf);

	for (uint32_t id = first; id < end; id++) {
		const struct btf_type *type = btf__type_by_id(btf, id);

		if (btf_is_struct(type) &&
		    !strcmp(btf__name_by_offset(btf, type->name_off), name))
			return id;
	}
	return 0;
}

/* @first: where the types of the module begin, behind those of vmlinux; 0: not there. */
static uint32_t offset_in_module(const struct btf *module, uint32_t first, size_t which)
{
	uint32_t id = module ? struct_find(module, first, members[which].type) : 0;

	return id ? member_offset(module, id, members[which].member) : 0;
}

/* The types of the module @name, NULL where it is not loaded; @last is let go. */
static struct btf *module_next(struct btf *last, const char *name, struct btf *vmlinux)
{
	btf__free(last);
	return btf__load_module_btf(name, vmlinux);
}

void rules_find(const struct types *types, uint32_t offsets[RULES_OFFSETS])
{
	struct btf *vmlinux = types_btf(types), *module = NULL;
	const char *name = "";

	for (size_t i = 0; i < RULES_OFFSETS; i++) {
		uint32_t id = types_find(types, members[i].type, BTF_KIND_STRUCT, 0);

		if (id) {
			offsets[i] = member_offset(vmlinux, id, members[i].member);
			continue;
		}
		if (strcmp(name, members[i].module) != 0) {
			name = members[i].module;
			module = module_next(module, name, vmlinux);
		}
		offsets[i] = offset_in_module(module, btf__type_cnt(vmlinux), i);
	}
	btf__free(module);
}
