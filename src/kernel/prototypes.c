// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/prototypes.h"

#include <assert.h>
#include <bpf/btf.h>
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/chains.h"
#include "base/cleanup.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/strings.h"
#include "kernel/arguments.h"
#include "kernel/functions.h"

#define BTF_DIRECTORY "/sys/kernel/btf"
#define REGISTER_SIZE 8

struct prototypes {
	struct strings *strings;
	struct prototype *list;
	struct chains by_name;
	size_t count, room;
};

/* One pass over the types of vmlinux, or of a module behind those of vmlinux. */
struct walk {
	const struct btf *btf;
	const char *module;
	uint8_t *takes; /* by type, as functions share few: see type_takes() */
};

/*
 * What the macros of tracepoints expand to (include/trace/perf.h, bpf_probe.h,
 * trace_events.h, linux/tracepoint.h). They take what the tracepoint takes,
 * and only run when somebody uses it.
 */
static const char *const STUBS[] = {
	"__traceiter_",
	"__probestub_",
	"__bpf_trace_",
	"perf_trace_",
	"trace_event_raw_event_",
	"do_perf_trace_",
	"do_trace_event_raw_event_",
};

static bool name_is_stub(const char *name)
{
	for (size_t i = 0; i < sizeof(STUBS) / sizeof(*STUBS); i++)
		if (!strncmp(name, STUBS[i], strlen(STUBS[i])))
			return true;
	return false;
}

/* The type behind names and qualifiers, NULL for void. */
static const struct btf_type *type_strip(const struct btf *btf, uint32_t id)
{
	const struct btf_type *type = btf__type_by_id(btf, id);

	while (type &&
	       (btf_is_mod(type) || btf_is_typedef(type) || btf_is_type_tag(type)))
		type = btf__type_by_id(btf, type->type);
	return type && !btf_is_void(type) ? type : NULL;
}

/*
 * By name, not by id: where deduplication failed, a module has a struct
 * sk_buff of its own, or only a declaration.
 */
static bool type_is_struct(const struct btf *btf, const struct btf_type *type,
			   const char *name)
{
	return type && (btf_is_struct(type) || btf_is_fwd(type)) &&
	       !strcmp(btf__name_by_offset(btf, type->name_off), name);
}

/* How a function can take packets: the first one that it has counts. */
enum way { WAY_SKB, WAY_REF, WAY_FRAME, WAY_BUFF, WAY_LIST, WAY_HOLDER, WAYS };

static const struct {
	uint8_t packet;		 /* enum function_packet */
	enum argument_kind kind; /* that arguments.conf has to tell of the function */
} ways[] = {
	[WAY_SKB] = { FUNCTION_SKB, ARGUMENT_BY_TYPE },
	[WAY_REF] = { FUNCTION_SKB_REF, ARGUMENT_BY_TYPE },
	[WAY_FRAME] = { FUNCTION_XDP_FRAME, ARGUMENT_BY_TYPE },
	[WAY_BUFF] = { FUNCTION_XDP_BUFF, ARGUMENT_BY_TYPE },
	[WAY_LIST] = { FUNCTION_SKB_LIST, ARGUMENT_LIST },
	[WAY_HOLDER] = { FUNCTION_SKB_REF, ARGUMENT_HOLDER },
};

static_assert(sizeof(ways) / sizeof(ways[0]) == WAYS, "a kind of packet for each way");

/* What @type, which is a pointer, leads to. */
static const struct btf_type *type_target(const struct btf *btf,
					  const struct btf_type *type)
{
	return type && btf_is_ptr(type) ? type_strip(btf, type->type) : NULL;
}

static bool type_begins_with_skb(const struct btf *btf, const struct btf_type *type)
{
	const struct btf_type *first;

	if (!type || !btf_is_struct(type) || !btf_vlen(type))
		return false;
	first = type_strip(btf, btf_members(type)[0].type);
	return type_is_struct(btf, type_target(btf, first), "sk_buff");
}

/* Which of these ways a parameter of this type is; WAYS: none. */
static enum way type_look(const struct btf *btf, uint32_t id)
{
	const struct btf_type *target = type_target(btf, type_strip(btf, id));

	if (type_is_struct(btf, target, "sk_buff"))
		return WAY_SKB;
	if (type_is_struct(btf, type_target(btf, target), "sk_buff"))
		return WAY_REF;
	if (type_is_struct(btf, target, "xdp_frame"))
		return WAY_FRAME;
	if (type_is_struct(btf, target, "xdp_buff"))
		return WAY_BUFF;
	if (type_is_struct(btf, target, "list_head"))
		return WAY_LIST;
	return type_begins_with_skb(btf, target) ? WAY_HOLDER : WAYS;
}

/* The same, looked at once: 0 in the table is what is not known yet. */
static enum way type_takes(const struct walk *walk, uint32_t id)
{
	if (!walk->takes[id])
		walk->takes[id] = type_look(walk->btf, id) + 1;
	return walk->takes[id] - 1;
}

static bool type_is_wide(const struct btf *btf, uint32_t id)
{
	return btf__resolve_size(btf, id) > REGISTER_SIZE;
}

/* Does one of the first @count parameters take more than one register? */
static bool params_are_wide(const struct btf *btf, const struct btf_param *params,
			    int count)
{
	for (int i = 0; i < count; i++)
		if (type_is_wide(btf, params[i].type))
			return true;
	return false;
}

/*
 * The first parameter that takes packets in the first of the ways that there is, from
 * 1, and in *@way which; 0 when there is none.
 */
static int packet_position(const struct walk *walk, const struct btf_type *function,
			   enum way *way)
{
	const struct btf_param *params = btf_params(function);
	int count = btf_vlen(function), position = 0;

	*way = WAYS;
	for (int i = 0; i < count; i++) {
		enum way takes = type_takes(walk, params[i].type);

		if (takes < *way) {
			*way = takes;
			position = i + 1;
		}
	}
	return position;
}

/* Does @prototype, whose packet was found by its type, have none at entry? */
static bool packet_is_out(const struct prototype *prototype)
{
	return prototype->packet == FUNCTION_SKB_REF &&
	       arguments_kind(prototype->name) == ARGUMENT_OUT;
}

/* False: it takes no packet. */
static bool prototype_fill(const struct walk *walk, const struct btf_type *type,
			   struct prototype *prototype)
{
	const struct btf_type *function = btf__type_by_id(walk->btf, type->type);
	enum way way;
	int position;
	bool wide;

	if (!function || !btf_is_func_proto(function))
		return false;
	position = packet_position(walk, function, &way);
	if (!position || position > UINT8_MAX)
		return false;
	prototype->packet = ways[way].packet;
	prototype->name = btf__name_by_offset(walk->btf, type->name_off);
	if (!prototype->name || name_is_stub(prototype->name))
		return false;
	/* Most lists hold something else, as do structs that come with a packet. */
	if (ways[way].kind && arguments_kind(prototype->name) != ways[way].kind)
		return false;
	wide = params_are_wide(walk->btf, btf_params(function), position - 1);
	prototype->problem = wide			? PROTOTYPE_WIDE
			     : packet_is_out(prototype) ? PROTOTYPE_OUT
							: PROTOTYPE_FINE;
	prototype->argument = prototype->problem ? 0 : position;
	prototype->arity = btf_vlen(function);
	return true;
}

static int prototype_add(struct prototypes *prototypes, const struct prototype *prototype)
{
	const char *name;

	if (prototypes->count == prototypes->room) {
		size_t room = prototypes->room ? 2 * prototypes->room : 2048;
		struct prototype *more = reallocarray(prototypes->list, room,
						      sizeof(*more));

		if (!more)
			return -ENOMEM;
		prototypes->list = more;
		prototypes->room = room;
	}
	name = strings_add(prototypes->strings, prototype->name, strlen(prototype->name));
	if (!name)
		return -ENOMEM;
	prototypes->list[prototypes->count] = *prototype;
	prototypes->list[prototypes->count++].name = name;
	return 0;
}

static int walk_types(struct prototypes *prototypes, const struct walk *walk,
		      uint32_t first)
{
	struct prototype prototype = { .module = walk->module };
	uint32_t end = btf__type_cnt(walk->btf);
	int err = 0;

	for (uint32_t id = first; !err && id < end; id++) {
		const struct btf_type *type = btf__type_by_id(walk->btf, id);

		prototype.type = id;
		if (btf_is_func(type) && prototype_fill(walk, type, &prototype))
			err = prototype_add(prototypes, &prototype);
	}
	return err;
}

static int btf_walk(struct prototypes *prototypes, const struct btf *btf, uint32_t first,
		    const char *module)
{
	AUTO_FREE uint8_t *takes = calloc(btf__type_cnt(btf), sizeof(*takes));
	const struct walk walk = { btf, module, takes };

	return takes ? walk_types(prototypes, &walk, first) : -ENOMEM;
}

static int prototype_compare(const void *left, const void *right)
{
	const struct prototype *a = left, *b = right;

	return strcmp(a->name, b->name) ?: strcmp(a->module ?: "", b->module ?: "");
}

static bool prototype_agrees(const struct prototype *a, const struct prototype *b)
{
	return a->argument == b->argument && a->packet == b->packet &&
	       a->problem == b->problem;
}

/*
 * pahole before 1.25 has every static function that shares its name in BTF, or
 * any one of them; one address cannot be told from the other, so for functions
 * that do not agree with their namesakes no position is known.
 */
static void prototypes_sort(struct prototypes *prototypes)
{
	struct prototype *list = prototypes->list;
	size_t kept = 0, next;

	if (prototypes->count)
		qsort(list, prototypes->count, sizeof(*list), prototype_compare);
	for (size_t i = 0; i < prototypes->count; i = next) {
		bool agree = true;

		for (next = i + 1; next < prototypes->count; next++) {
			if (prototype_compare(&list[i], &list[next]))
				break;
			agree &= prototype_agrees(&list[i], &list[next]);
		}
		list[kept] = list[i];
		if (!agree) {
			list[kept].problem = PROTOTYPE_SHAPES;
			list[kept].argument = 0;
		}
		kept++;
	}
	prototypes->count = kept;
}

static int module_walk(struct prototypes *prototypes, struct btf *vmlinux,
		       const char *name)
{
	const char *module = strings_intern(prototypes->strings, name);
	struct btf *btf;
	int err;

	if (!module)
		return -ENOMEM;
	btf = btf__load_module_btf(module, vmlinux);
	if (!btf) {
		log_debug("BTF of module \"%s\" left out: %s", module, strerror(errno));
		return 0;
	}
	err = btf_walk(prototypes, btf, btf__type_cnt(vmlinux), module);
	btf__free(btf);
	return err;
}

static void cleanup_directory(DIR **directory)
{
	if (*directory)
		closedir(*directory);
}

static int modules_walk(struct prototypes *prototypes, struct btf *vmlinux)
{
	AUTO(cleanup_directory) DIR *directory = opendir(BTF_DIRECTORY);
	struct dirent *entry;
	int err = 0;

	/* No directory, though BTF: it was found in an image on disk. */
	while (directory && !err && (entry = readdir(directory)))
		if (entry->d_name[0] != '.' && strcmp(entry->d_name, "vmlinux"))
			err = module_walk(prototypes, vmlinux, entry->d_name);
	return err;
}

static int prototypes_index(struct prototypes *prototypes)
{
	int err = chains_init(&prototypes->by_name, prototypes->count);

	for (size_t i = 0; !err && i < prototypes->count; i++) {
		const char *name = prototypes->list[i].name;

		chains_add(&prototypes->by_name, i, hash_text(name, strlen(name)));
	}
	return err;
}

static int prototypes_collect(struct btf *vmlinux, bool modules, struct prototypes **out)
{
	struct prototypes *prototypes = calloc(1, sizeof(*prototypes));
	int err = -ENOMEM;

	if (!prototypes)
		return err;
	prototypes->strings = strings_new();
	if (prototypes->strings)
		err = btf_walk(prototypes, vmlinux, 1, NULL);
	if (!err && modules)
		err = modules_walk(prototypes, vmlinux);
	if (!err) {
		prototypes_sort(prototypes);
		err = prototypes_index(prototypes);
	}
	if (err) {
		prototypes_free(prototypes);
		return err;
	}
	*out = prototypes;
	return 0;
}

int prototypes_load(struct btf *vmlinux, struct prototypes **out)
{
	return prototypes_collect(vmlinux, true, out);
}

int prototypes_read(const struct btf *btf, struct prototypes **out)
{
	return prototypes_collect((struct btf *)btf, false, out);
}

void prototypes_free(struct prototypes *prototypes)
{
	if (!prototypes)
		return;
	strings_free(prototypes->strings);
	free(prototypes->list);
	chains_free(&prototypes->by_name);
	free(prototypes);
}

const struct prototype *prototypes_all(const struct prototypes *prototypes, size_t *count)
{
	*count = prototypes->count;
	return prototypes->list;
}

const struct prototype *prototypes_find(const struct prototypes *prototypes,
					const char *name, size_t length,
					const char *module)
{
	const struct chains *chains = &prototypes->by_name;
	uint32_t i = chains_first(chains, hash_text(name, length));

	for (; i != CHAINS_END; i = chains_next(chains, i)) {
		const struct prototype *prototype = &prototypes->list[i];

		if (!strncmp(prototype->name, name, length) && !prototype->name[length] &&
		    !strcmp(prototype->module ?: "", module ?: ""))
			return prototype;
	}
	return NULL;
}
