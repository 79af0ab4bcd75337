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

static uint32_t offset_in_module(struct btf *vmlinux, size_t which)
{
	struct btf *btf = btf__load_module_btf(members[which].module, vmlinux);
	uint32_t id, offset = 0;

	if (!btf)
		return 0;
	id = struct_find(btf, btf__type_cnt(vmlinux), members[which].type);
	if (id)
		offset = member_offset(btf, id, members[which].member);
	btf__free(btf);
	return offset;
}

void rules_find(const struct types *types, uint32_t offsets[RULES_OFFSETS])
{
	for (size_t i = 0; i < RULES_OFFSETS; i++) {
		uint32_t id = types_find(types, members[i].type, BTF_KIND_STRUCT, 0);

		offsets[i] = id ? member_offset(types_btf(types), id, members[i].member)
				: offset_in_module(types_btf(types), i);
	}
}
