// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/drop_reasons.h"

#include <bpf/btf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/strings.h"
#include "kernel/types.h"

/* The upper half of a reason is the subsystem, 0 the core (net/dropreason.h). */
#define SUBSYSTEM_SHIFT 16

struct reason {
	uint32_t value;
	const char *name;
};

struct drop_reasons {
	struct strings *strings;
	struct reason *list; /* by value */
	size_t count;
};

/* Who has reasons of his own; net/openvswitch/drop.h, net/mac80211/drop.h. */
static const struct {
	const char *type, *module;
} SUBSYSTEMS[] = {
	{ "ovs_drop_reason", "openvswitch" },
	{ "mac80211_drop_reason", "mac80211" },
};

static bool text_ends(const char *text, const char *end)
{
	size_t length = strlen(text), end_length = strlen(end);

	return length >= end_length && !strcmp(text + length - end_length, end);
}

/* Counts and masks are in the enum too, and no reasons. */
static bool name_is_reason(const char *name)
{
	return name[0] != '_' && !text_ends(name, "_MAX") && !text_ends(name, "_MASK");
}

static const char *name_shorten(const char *name)
{
	static const char *const PREFIXES[] = { "SKB_DROP_REASON_", "SKB_" };

	for (size_t i = 0; i < sizeof(PREFIXES) / sizeof(*PREFIXES); i++)
		if (!strncmp(name, PREFIXES[i], strlen(PREFIXES[i])))
			return name + strlen(PREFIXES[i]);
	return name;
}

static int reason_add(struct drop_reasons *reasons, const char *name, uint32_t value)
{
	struct reason *more = reallocarray(reasons->list, reasons->count + 1,
					   sizeof(*more));

	if (!more)
		return -ENOMEM;
	reasons->list = more;
	name = strings_intern(reasons->strings, name_shorten(name));
	if (!name)
		return -ENOMEM;
	more[reasons->count++] = (struct reason){ value, name };
	return 0;
}

/*
 * A subsystem's enum begins with values that are no drops at all (RX_CONTINUE
 * of mac80211): only those of its upper half count.
 */
static int enum_read(struct drop_reasons *reasons, const struct btf *btf, int id,
		     bool subsystem)
{
	const struct btf_type *type = btf__type_by_id(btf, id);
	const struct btf_enum *value = btf_enum(type);
	int err = 0;

	for (int i = 0; i < btf_vlen(type) && !err; i++, value++) {
		const char *text = btf__name_by_offset(btf, value->name_off);
		uint32_t number = value->val;

		if (subsystem == !!(number >> SUBSYSTEM_SHIFT) && name_is_reason(text))
			err = reason_add(reasons, text, number);
	}
	return err;
}

static int module_read(struct drop_reasons *reasons, struct btf *vmlinux,
		       const char *module, const char *type)
{
	struct btf *btf = btf__load_module_btf(module, vmlinux);
	int err = 0, id;

	if (!btf)
		return 0;
	id = btf__find_by_name_kind(btf, type, BTF_KIND_ENUM);
	if (id > 0)
		err = enum_read(reasons, btf, id, true);
	btf__free(btf);
	return err;
}

static int subsystem_read(struct drop_reasons *reasons, const struct types *types,
			  const char *type, const char *module)
{
	uint32_t id = types_find(types, type, BTF_KIND_ENUM, 0);
	struct btf *vmlinux = types_btf(types);
	size_t before = reasons->count;
	int err = id ? enum_read(reasons, vmlinux, id, true) : 0;

	if (!err && reasons->count == before)
		err = module_read(reasons, vmlinux, module, type);
	return err;
}

static int enums_read(struct drop_reasons *reasons, const struct types *types)
{
	uint32_t id = types_find(types, "skb_drop_reason", BTF_KIND_ENUM, 0);
	int err = id ? enum_read(reasons, types_btf(types), id, false) : 0;

	for (size_t i = 0; i < sizeof(SUBSYSTEMS) / sizeof(*SUBSYSTEMS) && !err; i++)
		err = subsystem_read(reasons, types, SUBSYSTEMS[i].type,
				     SUBSYSTEMS[i].module);
	return err;
}

static int reason_compare(const void *left, const void *right)
{
	const struct reason *a = left, *b = right;

	return a->value < b->value ? -1 : a->value > b->value;
}

struct drop_reasons *drop_reasons_read(const struct types *types)
{
	struct drop_reasons *reasons = calloc(1, sizeof(*reasons));

	if (!reasons)
		return NULL;
	reasons->strings = strings_new();
	if (!reasons->strings || enums_read(reasons, types)) {
		drop_reasons_free(reasons);
		return NULL;
	}
	if (reasons->count)
		qsort(reasons->list, reasons->count, sizeof(*reasons->list),
		      reason_compare);
	return reasons;
}

void drop_reasons_free(struct drop_reasons *reasons)
{
	if (!reasons)
		return;
	strings_free(reasons->strings);
	free(reasons->list);
	free(reasons);
}

const char *drop_reasons_name(const struct drop_reasons *reasons, uint32_t reason)
{
	const struct reason wanted = { .value = reason }, *found;

	if (!reasons->count)
		return NULL;
	found = bsearch(&wanted, reasons->list, reasons->count, sizeof(wanted),
			reason_compare);
	return found ? found->name : NULL;
}
