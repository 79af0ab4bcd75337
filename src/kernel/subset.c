// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/subset.h"

#include <bpf/btf.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "kernel/types.h"

#define FLAVOUR "___" /* what follows is no part of the name: libbpf_internal.h */

struct subset {
	const struct btf *from;
	struct btf *to;
	uint32_t *copies; /* by type: its id in @to; 0: it was not copied */
	bool *named;	  /* by type: the object has a name for it */
	uint32_t last;	  /* of the named types */
};

/* Valid until another type is added. */
static struct btf_type *copy_at(const struct subset *subset, uint32_t id)
{
	return (struct btf_type *)btf__type_by_id(subset->to, id);
}

static int type_copy(struct subset *subset, uint32_t id);

static int members_copy(struct subset *subset, const struct btf_type *type, uint32_t copy)
{
	for (int i = 0; i < btf_vlen(type); i++) {
		int member = type_copy(subset, btf_members(type)[i].type);

		if (member < 0)
			return member;
		btf_members(copy_at(subset, copy))[i].type = member;
	}
	return 0;
}

static int array_copy(struct subset *subset, const struct btf_type *type, uint32_t copy)
{
	int element = type_copy(subset, btf_array(type)->type);
	int index = type_copy(subset, btf_array(type)->index_type);

	if (element < 0 || index < 0)
		return element < 0 ? element : index;
	btf_array(copy_at(subset, copy))->type = element;
	btf_array(copy_at(subset, copy))->index_type = index;
	return 0;
}

static int reference_copy(struct subset *subset, const struct btf_type *type,
			  uint32_t copy)
{
	int target = type_copy(subset, type->type);

	if (target < 0)
		return target;
	copy_at(subset, copy)->type = target;
	return 0;
}

/* Let @copy, which still has the numbers of the types of @type, have those of theirs. */
static int parts_copy(struct subset *subset, const struct btf_type *type, uint32_t copy)
{
	if (btf_is_composite(type))
		return members_copy(subset, type, copy);
	if (btf_is_array(type))
		return array_copy(subset, type, copy);
	if (btf_is_ptr(type))
		copy_at(subset, copy)->type = 0;
	else if (btf_is_mod(type) || btf_is_typedef(type) || btf_is_type_tag(type))
		return reference_copy(subset, type, copy);
	return 0;
}

/* The id of the copy, or a negative errno. What a type is made of is never itself. */
static int type_copy(struct subset *subset, uint32_t id)
{
	const struct btf_type *type = btf__type_by_id(subset->from, id);
	int copy, err;

	if (!id || subset->copies[id])
		return subset->copies[id];
	copy = btf__add_type(subset->to, subset->from, type);
	if (copy < 0)
		return copy;
	subset->copies[id] = copy;
	err = parts_copy(subset, type, copy);
	return err ? err : copy;
}

/* All of that name: libbpf takes each for a candidate. */
static void name_mark(struct subset *subset, const struct types *types, const char *name,
		      uint32_t kind)
{
	for (uint32_t id = 0; (id = types_find(types, name, kind, id));) {
		subset->named[id] = true;
		if (id > subset->last)
			subset->last = id;
	}
}

/* An enum of the object may have become one of 64 bits in the kernel. */
static void named_mark(struct subset *subset, const struct types *types,
		       const struct btf *object, const struct btf_type *type)
{
	const char *full = btf__name_by_offset(object, type->name_off);
	const char *flavour = full ? strstr(full, FLAVOUR) : NULL;
	char name[128];
	size_t length = flavour ? (size_t)(flavour - full) : full ? strlen(full) : 0;

	if (!length || length >= sizeof(name))
		return;
	memcpy(name, full, length);
	name[length] = '\0';
	name_mark(subset, types, name, btf_kind(type));
	if (btf_is_enum(type))
		name_mark(subset, types, name, BTF_KIND_ENUM64);
}

/* The named types come first; with @ids each in its own place, and pointers between. */
static int named_copy(struct subset *subset, bool ids)
{
	int copy = 0;

	for (uint32_t id = 1; copy >= 0 && id <= subset->last; id++) {
		if (subset->named[id]) {
			copy = btf__add_type(subset->to, subset->from,
					     btf__type_by_id(subset->from, id));
			subset->copies[id] = copy;
		} else if (ids) {
			copy = btf__add_ptr(subset->to, 0);
		}
	}
	return copy < 0 ? copy : 0;
}

static int subset_fill(struct subset *subset, const struct types *types,
		       const struct btf *object, bool ids)
{
	uint32_t end = btf__type_cnt(object);
	int err;

	for (uint32_t id = 1; id < end; id++)
		named_mark(subset, types, object, btf__type_by_id(object, id));
	err = named_copy(subset, ids);
	for (uint32_t id = 1; !err && id <= subset->last; id++)
		if (subset->named[id])
			err = parts_copy(subset, btf__type_by_id(subset->from, id),
					 subset->copies[id]);
	return err;
}

static int raw_write(const struct btf *btf, int fd)
{
	const char *data;
	uint32_t size;

	data = btf__raw_data(btf, &size);
	if (!data)
		return -ENOMEM;
	while (size) {
		ssize_t count = write(fd, data, size);

		if (count < 0)
			return -errno;
		data += count;
		size -= (uint32_t)count;
	}
	return 0;
}

int subset_write(const struct types *types, const struct btf *object, bool ids, int fd)
{
	const struct btf *from = types_btf(types);
	AUTO_FREE uint32_t *copies = calloc(btf__type_cnt(from), sizeof(*copies));
	AUTO_FREE bool *named = calloc(btf__type_cnt(from), sizeof(*named));
	struct subset subset = { from, btf__new_empty(), copies, named, 0 };
	int err = -ENOMEM;

	if (copies && named && subset.to)
		err = subset_fill(&subset, types, object, ids);
	if (!err)
		err = raw_write(subset.to, fd);
	btf__free(subset.to);
	return err;
}
