// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/types.h"

#include <bpf/btf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/chains.h"
#include "base/hash.h"

struct types {
	struct btf *btf;
	uint32_t *list; /* ids of the types that are kept */
	size_t count, room;
	struct chains by_name;
};

static bool type_is_kept(const struct btf_type *type)
{
	if (!type->name_off)
		return false;
	return btf_is_typedef(type) || btf_is_composite(type) || btf_is_any_enum(type);
}

static int type_add(struct types *types, uint32_t id)
{
	if (types->count == types->room) {
		size_t room = types->room ? 2 * types->room : 4096;
		uint32_t *more = reallocarray(types->list, room, sizeof(*more));

		if (!more)
			return -ENOMEM;
		types->list = more;
		types->room = room;
	}
	types->list[types->count++] = id;
	return 0;
}

static const char *type_name(const struct types *types, uint32_t id)
{
	return btf__name_by_offset(types->btf, btf__type_by_id(types->btf, id)->name_off);
}

static int types_fill(struct types *types)
{
	uint32_t end = btf__type_cnt(types->btf);
	int err = 0;

	for (uint32_t id = 1; !err && id < end; id++)
		if (type_is_kept(btf__type_by_id(types->btf, id)))
			err = type_add(types, id);
	if (!err)
		err = chains_init(&types->by_name, types->count);
	for (size_t i = types->count; !err && i-- > 0;) {
		const char *name = type_name(types, types->list[i]);

		chains_add(&types->by_name, i, hash_text(name, strlen(name)));
	}
	return err;
}

struct types *types_new(struct btf *btf)
{
	struct types *types = calloc(1, sizeof(*types));

	if (!types)
		return NULL;
	types->btf = btf;
	if (types_fill(types)) {
		types_free(types);
		return NULL;
	}
	return types;
}

void types_free(struct types *types)
{
	if (!types)
		return;
	free(types->list);
	chains_free(&types->by_name);
	free(types);
}

struct btf *types_btf(const struct types *types)
{
	return types->btf;
}

uint32_t types_find(const struct types *types, const char *name, uint32_t kind,
		    uint32_t after)
{
	const struct chains *chains = &types->by_name;
	uint32_t i = chains_first(chains, hash_text(name, strlen(name)));

	for (; i != CHAINS_END; i = chains_next(chains, i)) {
		uint32_t id = types->list[i];

		if (id > after && btf_kind(btf__type_by_id(types->btf, id)) == kind &&
		    !strcmp(type_name(types, id), name))
			return id;
	}
	return 0;
}
