// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "cmd/progress.h"
#include "test.h"

static char *text;
static size_t size;

static void shows_each_percent_once(void **state)
{
	struct progress progress;
	FILE *out = open_memstream(&text, &size);
	unsigned int lines = 0;

	assert_non_null(out);
	progress_begin(&progress, out, "file", 1000000);
	for (uint64_t done = 0; done <= 1000000; done += 10)
		progress_at(&progress, done);
	for (const char *at = text; (at = strchr(at, '%')); at++)
		lines++;
	assert_in_range(lines, 95, 101);
	assert_non_null(strstr(text, "\r\033[Kfile: 50 %"));
	progress_end(&progress);
	assert_string_equal(text + size - 4, "\r\033[K");
	fclose(out);
	free(text);
}

static void says_nothing_where_nobody_waits(void **state)
{
	struct progress progress;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	progress_begin(&progress, NULL, "file", 100);
	progress_at(&progress, 50);
	progress_end(&progress);
	/* A pipe has no size. */
	progress_begin(&progress, out, "file", 0);
	progress_at(&progress, 50);
	progress_end(&progress);
	fflush(out);
	assert_int_equal(size, 0);
	fclose(out);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shows_each_percent_once),
		cmocka_unit_test(says_nothing_where_nobody_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
