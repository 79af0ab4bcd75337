// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/btf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/drop_reasons.h"
#include "kernel/types.h"
#include "path/path.h"
#include "path/reason.h"
#include "test.h"

/* Linux 6.18: these may not lack a line, a later kernel's may. */
static const char known[] =
#include "reasons-6.18.inc"
	;

/* The built-in data, whatever a test has read. */
static int load_builtin(void **state)
{
	unsigned int line = 0;

	if (reason_load(NULL, &line))
		fail_msg("share/reasons.conf:%u", line);
	return 0;
}

static void every_line_is_right(void **state)
{
	load_builtin(state);
	assert_non_null(reason_explain("OTHERHOST", ""));
}

/* The line that is wrong; 0: none. */
static unsigned int first_wrong(const char *text)
{
	static char copy[1024];
	unsigned int line = 0;

	assert_true(strlen(text) < sizeof(copy));
	strcpy(copy, text);
	if (!reason_load(copy, &line))
		return 0;
	assert_int_not_equal(line, 0);
	return line;
}

static void refuses_what_is_not_of_the_form(void **state)
{
	static const char *const lines[] = {
		"A",	   "A\t",	"A text",   "\ttext",	"@\ttext",    "A@\ttext",
		"a\ttext", "A b\ttext", "A@b.c\tt", "A@b@c\tt", "A\tt\tmore", "A\tt.",
	};

	assert_int_equal(first_wrong("# comment\n\nA\ttext\nA@f\ttext\n@f\ttext\n"), 0);
	assert_int_equal(first_wrong("A_1\ttext\n@_f1X\ttext"), 0);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		char text[64];

		snprintf(text, sizeof(text), "# comment\n%s\nB\ttext\n", lines[i]);
		if (first_wrong(text) != 2)
			fail_msg("not refused: %s", lines[i]);
	}
}

static void refuses_the_same_key_again(void **state)
{
	assert_int_equal(first_wrong("A\tone\nB\ttwo\nA\tthree\n"), 3);
	assert_int_equal(first_wrong("A@f\tone\nA@f\ttwo\n"), 2);
	assert_int_equal(first_wrong("@f\tone\n@f\ttwo\n"), 2);
	assert_int_equal(first_wrong("A@f\tone\n@f\ttwo\nA@g\tthree\nA@ff\tfour\n"), 0);
}

static void refuses_what_is_too_long(void **state)
{
	char text[REASON_TEXT_MAX + 8] = "A\t";

	memset(text + 2, 'x', REASON_TEXT_MAX);
	assert_int_equal(first_wrong(text), 0);
	text[2 + REASON_TEXT_MAX] = 'x';
	assert_int_equal(first_wrong(text), 1);
}

static void expect(const char *reason, const char *function, const char *text)
{
	const char *found = reason_explain(reason, function);

	if (!found != !text || (text && strcmp(found, text)))
		fail_msg("%s in %s: %s, not %s", reason ? reason : "(none)", function,
			 found ? found : "(none)", text ? text : "(none)");
}

static void finds_the_most_specific(void **state)
{
	assert_int_equal(first_wrong("A\treason\nA@f\tboth\n@f\tplace\n@h\tlikely\n"
				     "NOT_SPECIFIED\tunknown\nNOT_SPECIFIED@f\tcertain\n"
				     "B@f\tonly there\n"),
			 0);
	expect("A", "f", "both");
	expect("A", "g", "reason");
	expect("A", "h", "reason");
	expect("A", "", "reason");
	expect(NULL, "f", "place");
	expect(NULL, "g", NULL);
	expect(NULL, "", NULL);
	expect("NOT_SPECIFIED", "f", "certain");
	expect("NOT_SPECIFIED", "h", "likely");
	expect("NOT_SPECIFIED", "g", "unknown");
	expect("NOT_SPECIFIED", "", "unknown");
	expect("B", "f", "only there");
	expect("B", "g", NULL);
	expect("B", "h", NULL);
	expect("", "", NULL);
}

static void ignores_a_compilers_suffix(void **state)
{
	assert_int_equal(first_wrong("A\treason\nA@func\tboth\n@func\tplace\n"), 0);
	expect("A", "func.constprop.0", "both");
	expect(NULL, "func.isra.0", "place");
	expect(NULL, "func.part.0.isra.0", "place");
	expect(NULL, "fun", NULL);
	expect(NULL, "func2", NULL);
	expect(NULL, "func2.isra.0", NULL);
	expect("A", ".isra.0", "reason");
}

static void explains_dropped_paths_only(void **state)
{
	struct path path = { .end = PATH_DROPPED, .where = "tcp_v4_rcv" };

	load_builtin(state);
	path.reason_value = 9;
	assert_null(path_explanation(&path));
	path.reason = "OTHERHOST";
	assert_ptr_equal(path_explanation(&path), reason_explain("OTHERHOST", ""));
	path.end = PATH_CONSUMED;
	assert_null(path_explanation(&path));
	path = (struct path){ .end = PATH_DROPPED, .where = "tcp_v4_rcv" };
	assert_non_null(path_explanation(&path));
	assert_ptr_equal(path_explanation(&path), reason_explain(NULL, "tcp_v4_rcv"));
}

static void knows_every_reason_of_6_18(void **state)
{
	char names[sizeof(known)], *rest = names, *name;
	size_t missing = 0, count = 0;

	load_builtin(state);
	strcpy(names, known);
	while ((name = strsep(&rest, "\n"))) {
		if (!*name)
			continue;
		count++;
		if (!reason_explain(name, "")) {
			print_message("share/reasons.conf has no line for %s\n", name);
			missing++;
		}
	}
	assert_true(count > 100);
	assert_int_equal(missing, 0);
}

static bool is_reason(const char *name)
{
	return name && strcmp(name, "CONSUMED") && strcmp(name, "NOT_DROPPED_YET");
}

/* A newer kernel's reasons are told, not refused: the build must not break by it. */
static void tells_what_the_running_kernel_has_more(void **state)
{
	struct btf *btf = btf__load_vmlinux_btf();
	struct drop_reasons *reasons;
	struct types *types;
	size_t count = 0;

	if (!btf) {
		print_message("skipped: no BTF of the running kernel\n");
		skip();
	}
	load_builtin(state);
	types = types_new(btf);
	reasons = drop_reasons_read(types);
	assert_non_null(reasons);
	for (uint32_t value = 0; value <= UINT16_MAX; value++) {
		const char *name = drop_reasons_name(reasons, value);

		if (!is_reason(name))
			continue;
		count++;
		if (!reason_explain(name, ""))
			print_message("share/reasons.conf has no line for %s\n", name);
	}
	print_message("%zu reasons in the running kernel\n", count);
	drop_reasons_free(reasons);
	types_free(types);
	btf__free(btf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_line_is_right),
		cmocka_unit_test(refuses_what_is_not_of_the_form),
		cmocka_unit_test(refuses_the_same_key_again),
		cmocka_unit_test(refuses_what_is_too_long),
		cmocka_unit_test(finds_the_most_specific),
		cmocka_unit_test(ignores_a_compilers_suffix),
		cmocka_unit_test(explains_dropped_paths_only),
		cmocka_unit_test(knows_every_reason_of_6_18),
		cmocka_unit_test(tells_what_the_running_kernel_has_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
