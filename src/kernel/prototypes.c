// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/prototypes.h"

#include <bpf/btf.h>
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/strings.h"
#include "kernel/functions.h"

#define BTF_DIRECTORY "/sys/kernel/btf"
#define REGISTER_SIZE 8

struct prototypes {
	struct strings *strings;
	struct prototype *list;
	size_t count, room;
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
static bool type_is_skb(const struct btf *btf, const struct btf_type *type)
{
	return type && (btf_is_struct(type) || btf_is_fwd(type)) &&
	       !strcmp(btf__name_by_offset(btf, type->name_off), "sk_buff");
}

/* How many pointers lead from the parameter's type to an sk_buff, 0: none. */
static int packet_depth(const struct btf *btf, uint32_t id)
{
	const struct btf_type *type = type_strip(btf, id);

	for (int depth = 1; depth <= 2 && type && btf_is_ptr(type); depth++) {
		type = type_strip(btf, type->type);
		if (type_is_skb(btf, type))
			return depth;
	}
	return 0;
}

static bool type_is_wide(const struct btf *btf, uint32_t id)
{
	return btf__resolve_size(btf, id) > REGISTER_SIZE;
}

/* The first parameter that is a packet at @depth, from 1; 0 when there is none. */
static int packet_position(const struct btf *btf, const struct btf_type *function,
			   int depth)
{
	const struct btf_param *params = btf_params(function);
	int count = btf_vlen(function);

	for (int i = 0; i < count; i++) {
		if (packet_depth(btf, params[i].type) == depth)
			return i + 1;
		if (type_is_wide(btf, params[i].type))
			return 0;
	}
	return 0;
}

static bool prototype_fill(const struct btf *btf, const struct btf_type *function,
			   struct prototype *prototype)
{
	int position = packet_position(btf, function, 1);

	prototype->packet = FUNCTION_SKB;
	if (!position) {
		position = packet_position(btf, function, 2);
		prototype->packet = FUNCTION_SKB_REF;
	}
	prototype->argument = position;
	return position > 0 && position <= UINT8_MAX;
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

static int btf_walk(struct prototypes *prototypes, const struct btf *btf, uint32_t first,
		    const char *module)
{
	struct prototype prototype = { .module = module };
	uint32_t end = btf__type_cnt(btf);

	for (uint32_t id = first; id < end; id++) {
		const struct btf_type *type = btf__type_by_id(btf, id), *function;
		int err;

		if (!btf_is_func(type))
			continue;
		function = btf__type_by_id(btf, type->type);
		prototype.name = btf__name_by_offset(btf, type->name_off);
		if (!function || !btf_is_func_proto(function) || !prototype.name ||
		    name_is_stub(prototype.name) ||
		    !prototype_fill(btf, function, &prototype))
			continue;
		err = prototype_add(prototypes, &prototype);
		if (err)
			return err;
	}
	return 0;
}

static int prototype_compare(const void *left, const void *right)
{
	const struct prototype *a = left, *b = right;

	return strcmp(a->name, b->name) ?: strcmp(a->module ?: "", b->module ?: "");
}

static bool prototype_agrees(const struct prototype *a, const struct prototype *b)
{
	return a->argument == b->argument && a->packet == b->packet;
}

/*
 * pahole before 1.25 has every static function that shares its name in BTF, or
 * any one of them; one address cannot be told from the other, so functions that
 * do not agree with their namesakes go.
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
		if (agree)
			list[kept++] = list[i];
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
	if (err) {
		prototypes_free(prototypes);
		return err;
	}
	prototypes_sort(prototypes);
	*out = prototypes;
	return 0;
}

int prototypes_load(struct prototypes **out)
{
	struct btf *vmlinux = btf__load_vmlinux_btf();
	int err;

	if (!vmlinux)
		return errno == ENOMEM ? -ENOMEM : -ENOENT;
	err = prototypes_collect(vmlinux, true, out);
	btf__free(vmlinux);
	return err;
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
	free(prototypes);
}

const struct prototype *prototypes_all(const struct prototypes *prototypes, size_t *count)
{
	*count = prototypes->count;
	return prototypes->list;
}

const struct prototype *prototypes_find(const struct prototypes *prototypes,
					const char *name, const char *module)
{
	const struct prototype wanted = { .name = name, .module = module };

	if (!prototypes->count)
		return NULL;
	return bsearch(&wanted, prototypes->list, prototypes->count, sizeof(wanted),
		       prototype_compare);
}
