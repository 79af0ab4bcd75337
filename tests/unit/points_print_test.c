// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/points_print.h"
#include "hook/backend.h"
#include "hook/points.h"
#include "kernel/functions.h"
#include "test.h"

/* The bits of the first backend in the table, and of the first two. */
#define FIRST 1
#define BOTH  3

static const struct point points[] = {
	{
		.name = "__core.constprop.0",
		.stage = "receive",
		.zoom = POINT_STAGES,
		.argument = 1,
		.packet = FUNCTION_SKB_REF,
		.assumed = true,
		.backends = FIRST,
	},
	{
		.name = "consume_skb",
		.stage = "skb",
		.kind = POINT_TRACEPOINT,
		.role = POINT_FREE,
		.argument = 1,
		.backends = BOTH,
	},
	{
		.name = "far\x1b",
		.module = "mo\"dule",
		.stage = "other",
		.why = "out of reach",
		.zoom = POINT_ALL,
		.argument = 6,
		.packet = FUNCTION_SKB_LIST,
	},
	{
		.name = "gone",
		.stage = "other",
		.role = POINT_GATE,
		.why = "not here",
		.zoom = POINT_ALL,
	},
};

static char *print(points_print *print, size_t count, bool header)
{
	const struct point *list[sizeof(points) / sizeof(points[0])];
	static char *text;
	static size_t size;
	FILE *out = open_memstream(&text, &size);

	for (size_t i = 0; i < count; i++)
		list[i] = &points[i];
	print(out, list, count, header);
	fclose(out);
	return text;
}

/* @format has %1$s where the first backend's name is, %2$s for the second. */
static void text_check(points_print *how, size_t count, bool header, const char *format)
{
	char want[4096], *text = print(how, count, header);

	snprintf(want, sizeof(want), format, backends[0]->name, backends[1]->name);
	assert_string_equal(text, want);
	free(text);
}

static void test_text(void **state)
{
	text_check(
		points_print_text, 1, false,
		"__core.constprop.0  function  receive  ref:1  stages  %1$s  assumed\n");
	text_check(points_print_text, 0, false, "");
	text_check(points_print_text, 0, true,
		   "NAME  KIND  STAGE  PACKET  ZOOM  BACKENDS  NOTE\n");
}

/* Each column begins at the same place in every line, and no cell is empty. */
static void test_columns(void **state)
{
	char *text = print(points_print_text, 4, true), *line, *save;
	size_t column = strstr(text, "PACKET") - text;
	int lines = 0;

	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		char words[6][64];

		lines++;
		assert_int_equal(sscanf(line, "%63s %63s %63s %63s %63s %63s", words[0],
					words[1], words[2], words[3], words[4], words[5]),
				 6);
		assert_true(line[column - 1] == ' ' && line[column] != ' ');
		assert_true(line[strlen(line) - 1] != ' ');
		assert_null(strchr(line, '\x1b'));
	}
	assert_int_equal(lines, 5);
	free(text);
}

static void test_notes(void **state)
{
	char *text = print(points_print_text, 4, false);

	assert_non_null(strstr(text, "far\\x1b "));
	assert_non_null(strstr(text, "list:6  all     -"));
	assert_non_null(strstr(text, " [mo\"dule] out of reach\n"));
	assert_non_null(strstr(text, " gate not here\n"));
	assert_non_null(strstr(text, " free\n"));
	free(text);
}

static void test_json(void **state)
{
	text_check(
		points_print_json, 4, true,
		"{\"name\":\"__core.constprop.0\",\"kind\":\"function\",\"stage\":"
		"\"receive\","
		"\"role\":\"step\",\"zoom\":\"stages\",\"argument\":{\"position\":1,"
		"\"type\":\"ref\",\"assumed\":true},\"backends\":[\"%1$s\"],"
		"\"available\":true}\n"
		"{\"name\":\"consume_skb\",\"kind\":\"tracepoint\",\"stage\":\"skb\","
		"\"role\":\"free\",\"zoom\":\"hops\",\"argument\":{\"position\":1,"
		"\"type\":\"skb\",\"assumed\":false},\"backends\":[\"%1$s\",\"%2$s\"],"
		"\"available\":true}\n"
		"{\"name\":\"far\\u001b\",\"kind\":\"function\",\"module\":"
		"\"mo\\\"dule\","
		"\"stage\":\"other\",\"role\":\"step\",\"zoom\":\"all\",\"argument\":{"
		"\"position\":6,\"type\":\"list\",\"assumed\":false},\"backends\":[],"
		"\"available\":false,\"why\":\"out of reach\"}\n"
		"{\"name\":\"gone\",\"kind\":\"function\",\"stage\":\"other\","
		"\"role\":\"gate\",\"zoom\":\"all\",\"backends\":[],\"available\":false,"
		"\"why\":\"not here\"}\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_notes),
		cmocka_unit_test(test_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
