// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/points_print.h"

#include <assert.h>
#include <json-c/json.h>
#include <string.h>

#include "hook/backend.h"
#include "hook/points.h"
#include "kernel/functions.h"
#include "render/escape.h"

/* The words of both forms. */
static const char *const kind_names[] = {
	[POINT_FUNCTION] = "function",
	[POINT_TRACEPOINT] = "tracepoint",
};
static const char *const role_names[] = {
	[POINT_STEP] = "step",
	[POINT_GATE] = "gate",
	[POINT_FREE] = "free",
};
static const char *const zoom_names[] = {
	[POINT_HOPS] = "hops",
	[POINT_STAGES] = "stages",
	[POINT_ALL] = "all",
};
static const char *const packet_names[] = {
	[FUNCTION_SKB] = "skb",	      [FUNCTION_SKB_REF] = "ref",
	[FUNCTION_SKB_LIST] = "list", [FUNCTION_XDP_FRAME] = "frame",
	[FUNCTION_XDP_BUFF] = "buff",
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static_assert(COUNT(kind_names) == POINT_KINDS && COUNT(role_names) == POINT_ROLES &&
		      COUNT(zoom_names) == POINT_ZOOMS &&
		      COUNT(packet_names) == FUNCTION_PACKETS,
	      "a name for each");

#define NAME_SIZE ESCAPE_SIZE(512) /* KSYM_NAME_LEN */

enum column {
	COLUMN_NAME,
	COLUMN_KIND,
	COLUMN_STAGE,
	COLUMN_ARGUMENT,
	COLUMN_ZOOM,
	COLUMN_BACKENDS,
	COLUMN_NOTE,
	COLUMNS
};

struct row {
	char cells[COLUMNS][NAME_SIZE];
};

/* Append to the words in @cell. */
static void cell_add(char *cell, const char *between, const char *text)
{
	size_t length = strlen(cell);

	snprintf(cell + length, NAME_SIZE - length, "%s%s", length ? between : "", text);
}

static void row_fill_backends(struct row *row, const struct point *point)
{
	char *cell = row->cells[COLUMN_BACKENDS];

	for (size_t i = 0; backends[i]; i++)
		if (point->backends & 1U << i)
			cell_add(cell, ",", backends[i]->name);
	if (!*cell)
		strcpy(cell, "-");
}

static void row_fill_note(struct row *row, const struct point *point)
{
	char *cell = row->cells[COLUMN_NOTE], text[NAME_SIZE], module[512];

	if (point->module) {
		snprintf(module, sizeof(module), "[%s]", point->module);
		escape_terminal(text, sizeof(text), module);
		cell_add(cell, " ", text);
	}
	if (point->role != POINT_STEP)
		cell_add(cell, " ", role_names[point->role]);
	if (point->assumed)
		cell_add(cell, " ", "assumed");
	if (point->why)
		cell_add(cell, " ", point->why);
}

static void row_fill(struct row *row, const struct point *point)
{
	memset(row, 0, sizeof(*row));
	escape_terminal(row->cells[COLUMN_NAME], NAME_SIZE, point->name);
	strcpy(row->cells[COLUMN_KIND], kind_names[point->kind]);
	strcpy(row->cells[COLUMN_STAGE], point->stage);
	strcpy(row->cells[COLUMN_ARGUMENT], "-");
	if (point->argument)
		snprintf(row->cells[COLUMN_ARGUMENT], NAME_SIZE, "%s:%d",
			 packet_names[point->packet], point->argument);
	strcpy(row->cells[COLUMN_ZOOM], zoom_names[point->zoom]);
	row_fill_backends(row, point);
	row_fill_note(row, point);
}

static void row_widen(const struct row *row, int *widths)
{
	for (size_t i = 0; i < COLUMNS; i++) {
		int width = strlen(row->cells[i]);

		if (width > widths[i])
			widths[i] = width;
	}
}

static void row_print(FILE *out, const struct row *row, const int *widths)
{
	size_t last = *row->cells[COLUMN_NOTE] ? COLUMN_NOTE : COLUMN_BACKENDS;

	for (size_t i = 0; i < last; i++)
		fprintf(out, "%-*s  ", widths[i], row->cells[i]);
	fprintf(out, "%s\n", row->cells[last]);
}

void points_print_text(FILE *out, const struct point *const *points, size_t count,
		       bool header)
{
	static const struct row names = { { "NAME", "KIND", "STAGE", "PACKET", "ZOOM",
					    "BACKENDS", "NOTE" } };
	int widths[COLUMNS] = { 0 };
	struct row row;

	if (header)
		row_widen(&names, widths);
	for (size_t i = 0; i < count; i++) {
		row_fill(&row, points[i]);
		row_widen(&row, widths);
	}
	if (header)
		row_print(out, &names, widths);
	for (size_t i = 0; i < count; i++) {
		row_fill(&row, points[i]);
		row_print(out, &row, widths);
	}
}

/* ---- JSON; json-c aborts when a small object finds no memory */

static void add_text(struct json_object *object, const char *key, const char *text)
{
	char utf8[NAME_SIZE];

	escape_utf8(utf8, sizeof(utf8), text);
	json_object_object_add(object, key, json_object_new_string(utf8));
}

static struct json_object *json_argument(const struct point *point)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "position", json_object_new_int(point->argument));
	add_text(object, "type", packet_names[point->packet]);
	json_object_object_add(object, "assumed",
			       json_object_new_boolean(point->assumed));
	return object;
}

static struct json_object *json_backends(const struct point *point)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; backends[i]; i++)
		if (point->backends & 1U << i)
			json_object_array_add(array,
					      json_object_new_string(backends[i]->name));
	return array;
}

static struct json_object *json_point(const struct point *point)
{
	struct json_object *object = json_object_new_object();

	add_text(object, "name", point->name);
	add_text(object, "kind", kind_names[point->kind]);
	if (point->module)
		add_text(object, "module", point->module);
	add_text(object, "stage", point->stage);
	add_text(object, "role", role_names[point->role]);
	add_text(object, "zoom", zoom_names[point->zoom]);
	if (point->argument)
		json_object_object_add(object, "argument", json_argument(point));
	json_object_object_add(object, "backends", json_backends(point));
	json_object_object_add(object, "available", json_object_new_boolean(!point->why));
	if (point->why)
		add_text(object, "why", point->why);
	return object;
}

void points_print_json(FILE *out, const struct point *const *points, size_t count,
		       bool header)
{
	for (size_t i = 0; i < count; i++) {
		struct json_object *object = json_point(points[i]);

		fprintf(out, "%s\n",
			json_object_to_json_string_ext(
				object,
				JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
		json_object_put(object);
	}
}
