// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/lines.h"
#include "test.h"

static void line_check(struct lines *lines, const char *expected)
{
	size_t length;
	char *line = lines_next(lines, &length);

	assert_non_null(line);
	assert_string_equal(line, expected);
	assert_int_equal(length, strlen(expected));
	memset(line, 'x', length); /* it is ours */
}

static void end_check(struct lines *lines)
{
	size_t length;

	assert_null(lines_next(lines, &length));
	assert_null(lines_next(lines, &length));
	assert_int_equal(lines_end(lines), 0);
	fclose(lines->file);
}

static struct lines text_open(const char *text)
{
	struct lines lines = { .file = fmemopen((void *)text, strlen(text), "r") };

	assert_non_null(lines.file);
	return lines;
}

static void test_lines(void **state)
{
	struct lines lines = text_open("one\n\ntwo three\n");

	line_check(&lines, "one");
	line_check(&lines, "");
	line_check(&lines, "two three");
	end_check(&lines);
}

static void test_last_without_newline(void **state)
{
	struct lines lines = text_open("one\ntw");

	line_check(&lines, "one");
	line_check(&lines, "tw");
	end_check(&lines);
	lines = text_open("o");
	line_check(&lines, "o");
	end_check(&lines);
}

static void test_nothing(void **state)
{
	struct lines lines = { .file = fopen("/dev/null", "r") };

	assert_non_null(lines.file);
	end_check(&lines);
}

/* Of every length around that of the buffer, so that each part of a line ends it once. */
static void test_long(void **state)
{
	static char text[200000], expected[200000];
	struct lines lines;

	memset(expected, 'a', sizeof(expected) - 1);
	for (size_t length = 65530; length < 65540; length++) {
		snprintf(text, sizeof(text), "%.*s\nnext\n", (int)length, expected);
		lines = text_open(text);
		expected[length] = '\0';
		line_check(&lines, expected);
		expected[length] = 'a';
		line_check(&lines, "next");
		end_check(&lines);
	}
	lines = text_open(expected);
	line_check(&lines, expected);
	end_check(&lines);
}

static void test_many(void **state)
{
	FILE *file = tmpfile();
	struct lines lines = { .file = file };
	char text[32];

	assert_non_null(file);
	for (int i = 0; i < 100000; i++)
		fprintf(file, "%.*d\n", i % 23 + 1, i);
	rewind(file);
	for (int i = 0; i < 100000; i++) {
		snprintf(text, sizeof(text), "%.*d", i % 23 + 1, i);
		line_check(&lines, text);
	}
	end_check(&lines);
}

/* A directory opens, and cannot be read. */
static void test_error(void **state)
{
	struct lines lines = { .file = fopen("/", "r") };
	size_t length;

	assert_non_null(lines.file);
	assert_null(lines_next(&lines, &length));
	assert_int_equal(lines_end(&lines), -EIO);
	fclose(lines.file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_last_without_newline),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
