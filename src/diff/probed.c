// SPDX-License-Identifier: GPL-2.0-only
#include "diff/probed.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/strings.h"
#include "path/path.h"

#define NAME_SIZE 256

/* @name without a compiler's suffix, in @base. */
static const char *name_base(char base[NAME_SIZE], const char *name)
{
	size_t length = strcspn(name, ".");

	if (length >= NAME_SIZE)
		length = NAME_SIZE - 1;
	memcpy(base, name, length);
	base[length] = '\0';
	return base;
}

/* Room is doubled whenever the number is a power of two. */
static int names_add(const char ***list, size_t *count, const char *name)
{
	size_t room = *count ? 2 * *count : 1;
	const char **names = *list;

	if (!(*count & (*count - 1)))
		names = reallocarray(names, room, sizeof(*names));
	if (!names)
		return -ENOMEM;
	*list = names;
	names[(*count)++] = name;
	return 0;
}

int probed_add(struct probed *probed, enum event_kind kind, const char *name)
{
	char base[NAME_SIZE];
	const char *kept;

	if (!probed->names)
		probed->names = strings_new();
	probed->gates |= kind == EVENT_GATE;
	if (kind != EVENT_FUNCTION && kind != EVENT_TRACEPOINT)
		return probed->names ? 0 : -ENOMEM;
	kept = probed->names ? strings_intern(probed->names, name_base(base, name))
			     : NULL;
	if (!kept)
		return -ENOMEM;
	return kind == EVENT_FUNCTION
		       ? names_add(&probed->functions, &probed->function_count, kept)
		       : names_add(&probed->tracepoints, &probed->tracepoint_count, kept);
}

void probed_clear(struct probed *probed)
{
	strings_free(probed->names);
	free(probed->functions);
	free(probed->tracepoints);
	*probed = (struct probed){ 0 };
}

static int name_compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void probed_finish(struct probed *probed)
{
	if (probed->functions)
		qsort(probed->functions, probed->function_count,
		      sizeof(*probed->functions), name_compare);
	if (probed->tracepoints)
		qsort(probed->tracepoints, probed->tracepoint_count,
		      sizeof(*probed->tracepoints), name_compare);
}

size_t probed_count(const struct probed *probed)
{
	return probed->function_count + probed->tracepoint_count;
}

static bool names_have(const char *const *names, size_t count, const char *name)
{
	char base[NAME_SIZE];
	const char *key = name_base(base, name);

	return count && bsearch(&key, names, count, sizeof(*names), name_compare);
}

bool probed_has_name(const struct probed *probed, const char *name)
{
	return !probed_count(probed) ||
	       names_have(probed->functions, probed->function_count, name) ||
	       names_have(probed->tracepoints, probed->tracepoint_count, name);
}

bool probed_has(const struct probed *probed, const struct step *step)
{
	if (!probed_count(probed))
		return true;
	switch ((enum event_kind)step->kind) {
	case EVENT_FUNCTION:
		return names_have(probed->functions, probed->function_count, step->func);
	case EVENT_TRACEPOINT:
		return names_have(probed->tracepoints, probed->tracepoint_count,
				  step->func);
	case EVENT_GATE:
		return probed->gates;
	case EVENT_FREE:
		return true;
	default: /* copies and merges are told of by functions alone */
		return probed->function_count;
	}
}
