// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/rezoom.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "cmd/extract.h"
#include "file/recording.h"
#include "file/zoom.h"
#include "hook/probes.h"

int rezoom_load(struct rezoom *rezoom, const char *name)
{
	int err = probes_load(name, &rezoom->probes);

	if (!err)
		rezoom->name = name;
	return err;
}

void rezoom_close(struct rezoom *rezoom)
{
	zoom_free(rezoom->zoom);
	probes_free(rezoom->probes);
	free(rezoom->functions);
}

/* ---- which functions */

static bool list_has(const struct name_list *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++) {
		if (!strcmp(names->list[i], name))
			return true;
	}
	return false;
}

static bool run_has(const struct recording_run *run, const char *name)
{
	return !strcmp(run->zoom, "all") || list_has(&run->probes, name) ||
	       list_has(&run->anchors, name);
}

static bool rezoom_wants(void *context, const char *function)
{
	const struct rezoom *rezoom = context;

	if (!probes_any(rezoom->probes))
		return false;
	return probes_has(rezoom->probes, function) ||
	       list_has(&rezoom->run->anchors, function);
}

int rezoom_begin(struct rezoom *rezoom, struct recording *recording)
{
	rezoom->run = recording_run(recording);
	if (!rezoom->name || !strcmp(rezoom->name, "all"))
		return 0;
	rezoom->zoom = zoom_new(recording_names(recording), rezoom_wants, rezoom);
	return rezoom->zoom ? 0 : -ENOMEM;
}

bool rezoom_piece(struct rezoom *rezoom, struct recording_piece *piece)
{
	return !rezoom->zoom || zoom_piece(rezoom->zoom, piece);
}

/* ---- what is said of it */

/* How many of the functions that are asked for were not when it was recorded. */
static size_t rezoom_missing(const struct rezoom *rezoom)
{
	size_t missing = 0;

	for (size_t i = 0; i < probes_count(rezoom->probes); i++) {
		const char *name = probes_name(rezoom->probes, i);

		if (run_has(rezoom->run, name))
			continue;
		missing++;
		log_debug("function '%s' was not probed when this was recorded", name);
	}
	return missing;
}

void rezoom_report(const struct rezoom *rezoom)
{
	const char *recorded = rezoom->run->zoom;
	size_t missing;

	/* Older files do not tell what they have. */
	if (!rezoom->name || !*recorded)
		return;
	missing = rezoom_missing(rezoom);
	if (!strcmp(rezoom->name, "all") && strcmp(recorded, "all") != 0)
		log_warn("-p all: it was recorded with -p %s, and there is no more",
			 recorded);
	else if (missing)
		log_warn("-p %s: it was recorded with -p %s, %zu of %zu functions were "
			 "not probed",
			 rezoom->name, recorded, missing, probes_count(rezoom->probes));
}

/* Those that are asked for, and were there to be seen. */
static const char **rezoom_functions(const struct rezoom *rezoom)
{
	size_t count = probes_count(rezoom->probes), kept = 0;
	const char **functions = calloc(count + 1, sizeof(*functions));

	for (size_t i = 0; functions && i < count; i++) {
		if (run_has(rezoom->run, probes_name(rezoom->probes, i)))
			functions[kept++] = probes_name(rezoom->probes, i);
	}
	return functions;
}

int rezoom_extract(struct rezoom *rezoom, struct extract_options *options)
{
	if (!rezoom->zoom)
		return 0;
	free(rezoom->functions);
	rezoom->functions = rezoom_functions(rezoom);
	if (!rezoom->functions)
		return -ENOMEM;
	options->wants = rezoom_wants;
	options->context = rezoom;
	options->zoom = rezoom->name;
	options->probes = rezoom->functions;
	if (probes_any(rezoom->probes))
		options->anchors = rezoom->run->anchors.list;
	return 0;
}
