// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/diagnosis_print.h"
#include "hook/diagnosis.h"
#include "test.h"

static const struct finding release = {
	.group = FINDING_KERNEL,
	.name = "release",
	.text = "6.1.0\x1b, x86_64",
};
static const struct finding multi = {
	.group = FINDING_BACKEND,
	.level = FINDING_LOST,
	.name = "multi",
	.text = "no \"multi\"",
	.advice = "use another kernel",
};
static const struct finding tcx = {
	.group = FINDING_BACKEND,
	.level = FINDING_NOTE,
	.name = "tcx",
	.text = "no tcx",
};
static const struct finding bpf = {
	.group = FINDING_USER,
	.level = FINDING_BAD,
	.name = "bpf",
	.text = "forbidden",
	.advice = "ask",
};

static void check(diagnosis_print *print, const struct diagnosis *diagnosis,
		  const char *want)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	print(out, diagnosis);
	fclose(out);
	assert_string_equal(text, want);
	free(text);
}

static void test_good(void **state)
{
	struct diagnosis diagnosis = { .release = "6.1.0", .backend = "multi" };

	diagnosis_add(&diagnosis, &release);
	diagnosis_add(&diagnosis, &tcx);
	assert_int_equal(diagnosis.level, FINDING_NOTE);
	check(diagnosis_print_text, &diagnosis,
	      "kernel\n"
	      "  ok    release  6.1.0\\x1b, x86_64\n"
	      "backend\n"
	      "  note  tcx      no tcx\n"
	      "bpfpath traces here with backend multi, nothing is lost\n");
}

static void test_lost(void **state)
{
	struct diagnosis diagnosis = { .release = "6.1.0", .backend = "kprobe" };

	diagnosis_add(&diagnosis, &release);
	diagnosis_add(&diagnosis, &multi);
	diagnosis_add(&diagnosis, &tcx);
	assert_int_equal(diagnosis.level, FINDING_LOST);
	check(diagnosis_print_text, &diagnosis,
	      "kernel\n"
	      "  ok    release  6.1.0\\x1b, x86_64\n"
	      "backend\n"
	      "  lost  multi    no \"multi\"\n"
	      "                 -> use another kernel\n"
	      "  note  tcx      no tcx\n"
	      "bpfpath traces here with backend kprobe, but shows less than it could: "
	      "see "
	      "the lines 'lost'\n");
	check(diagnosis_print_json, &diagnosis,
	      "{\"release\":\"6.1.0\",\"level\":\"lost\",\"backend\":\"kprobe\","
	      "\"findings\":[{\"group\":\"kernel\",\"name\":\"release\",\"level\":\"ok\","
	      "\"text\":\"6.1.0\\u001b, x86_64\"},"
	      "{\"group\":\"backend\",\"name\":\"multi\",\"level\":\"lost\","
	      "\"text\":\"no \\\"multi\\\"\",\"advice\":\"use another kernel\"},"
	      "{\"group\":\"backend\",\"name\":\"tcx\",\"level\":\"note\","
	      "\"text\":\"no tcx\"}]}\n");
}

static void test_bad(void **state)
{
	struct diagnosis diagnosis = { .release = "6.1.0" };

	diagnosis_add(&diagnosis, &bpf);
	diagnosis_add(&diagnosis, &multi);
	assert_int_equal(diagnosis.level, FINDING_BAD);
	check(diagnosis_print_text, &diagnosis,
	      "user\n"
	      "  bad   bpf    forbidden\n"
	      "               -> ask\n"
	      "backend\n"
	      "  lost  multi  no \"multi\"\n"
	      "               -> use another kernel\n"
	      "bpfpath cannot trace here: see the lines 'bad'\n");
}

/* More than there is room for. */
static void test_many(void **state)
{
	struct diagnosis diagnosis = { .release = "6.1.0" };

	for (int i = 0; i < DIAGNOSIS_FINDINGS + 3; i++)
		diagnosis_add(&diagnosis, &tcx);
	assert_int_equal(diagnosis.count, DIAGNOSIS_FINDINGS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_lost),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
