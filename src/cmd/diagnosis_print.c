// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/diagnosis_print.h"

#include <assert.h>
#include <json-c/json.h>
#include <string.h>

#include "hook/diagnosis.h"
#include "render/escape.h"

static const char *const level_names[] = {
	[FINDING_GOOD] = "ok",
	[FINDING_NOTE] = "note",
	[FINDING_LOST] = "lost",
	[FINDING_BAD] = "bad",
};
static const char *const group_names[] = {
	[FINDING_KERNEL] = "kernel",   [FINDING_USER] = "user",
	[FINDING_BACKEND] = "backend", [FINDING_FEATURE] = "feature",
	[FINDING_PROBES] = "probes",
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static_assert(COUNT(level_names) == FINDING_LEVELS &&
		      COUNT(group_names) == FINDING_GROUPS,
	      "a name for each");

#define TEXT_SIZE ESCAPE_SIZE(sizeof(((struct finding *)NULL)->text))

static void finding_print(FILE *out, const struct finding *finding, int width)
{
	char text[TEXT_SIZE];

	escape_terminal(text, sizeof(text), finding->text);
	fprintf(out, "  %-4s  %-*s  %s\n", level_names[finding->level], width,
		finding->name, text);
	if (*finding->advice)
		fprintf(out, "        %-*s  -> %s\n", width, "", finding->advice);
}

static void verdict_print(FILE *out, const struct diagnosis *diagnosis)
{
	if (!diagnosis->backend || diagnosis->level == FINDING_BAD)
		fprintf(out, "bpfpath cannot trace here: see the lines 'bad'\n");
	else if (diagnosis->level == FINDING_LOST)
		fprintf(out,
			"bpfpath traces here with backend %s, but shows less than it "
			"could: see the lines 'lost'\n",
			diagnosis->backend);
	else
		fprintf(out, "bpfpath traces here with backend %s, nothing is lost\n",
			diagnosis->backend);
}

void diagnosis_print_text(FILE *out, const struct diagnosis *diagnosis)
{
	const struct finding *findings = diagnosis->findings;
	int width = 0;

	for (size_t i = 0; i < diagnosis->count; i++)
		if ((int)strlen(findings[i].name) > width)
			width = strlen(findings[i].name);
	for (size_t i = 0; i < diagnosis->count; i++) {
		if (!i || findings[i].group != findings[i - 1].group)
			fprintf(out, "%s\n", group_names[findings[i].group]);
		finding_print(out, &findings[i], width);
	}
	verdict_print(out, diagnosis);
}

/* ---- JSON; json-c aborts when a small object finds no memory */

static void add_text(struct json_object *object, const char *key, const char *text)
{
	char utf8[TEXT_SIZE];

	escape_utf8(utf8, sizeof(utf8), text);
	json_object_object_add(object, key, json_object_new_string(utf8));
}

static struct json_object *json_finding(const struct finding *finding)
{
	struct json_object *object = json_object_new_object();

	add_text(object, "group", group_names[finding->group]);
	add_text(object, "name", finding->name);
	add_text(object, "level", level_names[finding->level]);
	add_text(object, "text", finding->text);
	if (*finding->advice)
		add_text(object, "advice", finding->advice);
	return object;
}

void diagnosis_print_json(FILE *out, const struct diagnosis *diagnosis)
{
	struct json_object *object = json_object_new_object();
	struct json_object *array = json_object_new_array();

	add_text(object, "release", diagnosis->release);
	add_text(object, "level", level_names[diagnosis->level]);
	if (diagnosis->backend)
		add_text(object, "backend", diagnosis->backend);
	for (size_t i = 0; i < diagnosis->count; i++)
		json_object_array_add(array, json_finding(&diagnosis->findings[i]));
	json_object_object_add(object, "findings", array);
	fprintf(out, "%s\n",
		json_object_to_json_string_ext(
			object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(object);
}
