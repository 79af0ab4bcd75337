// SPDX-License-Identifier: GPL-2.0-only
#include "assert/excerpt.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "path/path.h"
#include "render/place.h"

#define EXCERPT_AROUND 3 /* steps before, and behind */

static PRINTF_LIKE(2, 3) int line_add(struct excerpt *excerpt, const char *format, ...)
{
	char **line = &excerpt->lines[excerpt->count];
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vasprintf(line, format, arguments);
	va_end(arguments);
	if (length < 0)
		return -ENOMEM;
	excerpt->count++;
	return 0;
}

/* " = DROP", or nothing */
static const char *step_result(char text[64], const struct step *step)
{
	const struct result *result = &step->result;

	text[0] = '\0';
	if (step->returned && result->word)
		snprintf(text, 64, " = %s", result->word);
	else if (step->returned && result->numeric)
		snprintf(text, 64, " = %" PRId64, result->number);
	return text;
}

static int line_step(struct excerpt *excerpt, const struct path *path, size_t i, bool it)
{
	char netns[PLACE_NAME], device[PLACE_NAME], result[64];
	const struct step *step = &path->steps[i];
	uint64_t ns = step->time - path->steps[0].time;

	return line_add(excerpt, "%c %3zu %9" PRIu64 ".%03u us  [%s] %s  %s%s",
			it ? '>' : ' ', i + 1, ns / 1000, (unsigned int)(ns % 1000),
			place_netns(netns, step), place_device(device, step), step->func,
			step_result(result, step));
}

static int line_packet(struct excerpt *excerpt, const struct path *path)
{
	char flow[512];

	flow_print(&path->flow, flow, sizeof(flow));
	return line_add(excerpt, "#%" PRIu64 " %s", path->id, flow);
}

static int line_end(struct excerpt *excerpt, const struct path *path)
{
	return line_add(excerpt, "%s%s%s%s%s after %zu step%s%s",
			path_end_name(path->end), path->where ? ", " : "",
			path_where(path), path->reason ? ": " : "", path->reason ?: "",
			path->count, path->count == 1 ? "" : "s",
			path->complete ? "" : ", and may have a hole");
}

int excerpt_take(struct excerpt *excerpt, const struct path *path, size_t step)
{
	size_t from = step > EXCERPT_AROUND ? step - EXCERPT_AROUND : 0;
	size_t to = step + EXCERPT_AROUND + 1;
	int err;

	*excerpt = (struct excerpt){
		.lines = calloc(2 * EXCERPT_AROUND + 3, sizeof(*excerpt->lines)),
	};
	if (!excerpt->lines)
		return -ENOMEM;
	err = line_packet(excerpt, path);
	for (size_t i = from; !err && i < to && i < path->count; i++)
		err = line_step(excerpt, path, i, i == step);
	if (!err)
		err = line_end(excerpt, path);
	if (err)
		excerpt_free(excerpt);
	return err;
}

void excerpt_free(struct excerpt *excerpt)
{
	for (size_t i = 0; i < excerpt->count; i++)
		free(excerpt->lines[i]);
	free(excerpt->lines);
	*excerpt = (struct excerpt){ 0 };
}
