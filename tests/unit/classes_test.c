// SPDX-License-Identifier: GPL-2.0-only
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "render/classes.h"
#include "test.h"

#define STEPS 32

/* A path whose steps are the letters of a word, 1 us apart. */
struct word_path {
	struct path path;
	struct step steps[STEPS];
	char names[STEPS][2];
};

static const struct path *word_path(struct word_path *word, const char *letters)
{
	static uint64_t id;

	*word = (struct word_path){ .path = { .id = ++id,
					      .flow.proto = "udp",
					      .flow.ports = true,
					      .end = PATH_CONSUMED,
					      .complete = true } };
	for (size_t i = 0; letters[i]; i++) {
		word->names[i][0] = letters[i];
		word->steps[i] = (struct step){ .func = word->names[i],
						.stage = "ip",
						.time = 1000 * (i + 1) };
		word->path.count++;
	}
	word->path.steps = word->steps;
	return &word->path;
}

/* ---- folding */

static void expect_fold(const char *letters, const char *folded)
{
	struct fold fold = { 0 };
	struct word_path word;
	uint64_t time = 0, repeats = 0;

	assert_int_equal(fold_path(&fold, word_path(&word, letters)), 0);
	assert_int_equal(fold.count, strlen(folded));
	for (size_t i = 0; i < fold.count; i++) {
		assert_int_equal(fold.steps[i].step->func[0], folded[i]);
		time += fold.steps[i].time;
		repeats += fold.steps[i].repeats;
	}
	/* Nothing is lost by it. */
	assert_int_equal(time, path_duration(&word.path));
	assert_int_equal(repeats, strlen(letters));
	fold_free(&fold);
}

static void loops_are_folded(void **state)
{
	expect_fold("", "");
	expect_fold("a", "a");
	expect_fold("abc", "abc");
	expect_fold("aaaa", "a");
	expect_fold("abcbcbcd", "abcd");
	expect_fold("aabaabc", "abc"); /* a loop in a loop */
	expect_fold("abcdefghabcdefghi", "abcdefghi");
	expect_fold("abcdefghiabcdefghi",
		    "abcdefghiabcdefghi"); /* longer than FOLD_LOOP */
	expect_fold("abab-abab", "ab-ab"); /* not at once */
}

static void a_loop_elsewhere_is_none(void **state)
{
	struct fold fold = { 0 };
	struct word_path word;

	word_path(&word, "aab");
	word.steps[1].ifindex = 7;
	assert_int_equal(fold_path(&fold, &word.path), 0);
	assert_int_equal(fold.count, 3);
	fold_free(&fold);
}

static void a_tracepoint_in_its_function_is_no_loop(void **state)
{
	struct fold fold = { 0 };
	struct word_path word;

	word_path(&word, "aab");
	word.steps[1].kind = EVENT_TRACEPOINT;
	assert_int_equal(fold_path(&fold, &word.path), 0);
	assert_int_equal(fold.count, 3);
	fold_free(&fold);
}

/* ---- classes */

static void add(struct classes *classes, const char *letters)
{
	struct word_path word;

	assert_int_equal(classes_add(classes, word_path(&word, letters)), 0);
}

static void open_classes(struct classes *classes, const char *by)
{
	unsigned int bits = 0;

	if (by)
		assert_true(classes_by_read(by, &bits));
	assert_int_equal(classes_open(classes, bits), 0);
}

static void same_steps_are_one_class(void **state)
{
	struct classes classes;

	open_classes(&classes, NULL);
	add(&classes, "abx");
	add(&classes, "abc");
	add(&classes, "abbbc");
	add(&classes, "abc");
	assert_int_equal(classes_finish(&classes, false), 0);
	assert_int_equal(classes.paths, 4);
	assert_int_equal(classes.count, 2);
	assert_int_equal(classes.order[0]->time.count, 3);
	assert_int_equal(classes.order[0]->time.max, 4000);
	assert_int_equal(classes.order[0]->steps[1].repeats, 3);
	assert_ptr_equal(class_costliest(classes.order[0]), &classes.order[0]->steps[1]);
	assert_string_equal(classes.order[1]->steps[2].step.func, "x");
	assert_int_equal(classes_finish(&classes, true), 0);
	assert_string_equal(classes.order[0]->steps[2].step.func, "x");
	classes_close(&classes);
}

/* Two paths that differ in everything but their steps. */
static size_t classes_by(const char *by)
{
	struct classes classes;
	struct word_path word;
	size_t count;

	open_classes(&classes, by);
	add(&classes, "abc");
	word_path(&word, "abc");
	word.path.end = PATH_DROPPED;
	word.path.flow.sport = 4711;
	word.steps[1].ifindex = 7;
	assert_int_equal(classes_add(&classes, &word.path), 0);
	count = classes.count;
	assert_true(count == 2 || classes.list[0].ends_differ);
	classes_close(&classes);
	return count;
}

static void classes_are_split_on_request(void **state)
{
	assert_int_equal(classes_by(NULL), 1);
	assert_int_equal(classes_by("flow"), 2);
	assert_int_equal(classes_by("end"), 2);
	assert_int_equal(classes_by("dev"), 2);
	assert_int_equal(classes_by("dev,flow,end"), 2);
}

static void knows_what_splits(void **state)
{
	static const char *const bad[] = {
		"", "flo", "flows", ",", "flow,", ",end", "a,b"
	};
	unsigned int by = 42;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(classes_by_read(bad[i], &by));
	assert_int_equal(by, 42);
	assert_true(classes_by_read("dev,end", &by));
	assert_int_equal(by, CLASSES_BY_DEV | CLASSES_BY_END);
}

static void a_path_without_steps_is_a_class(void **state)
{
	struct classes classes;

	open_classes(&classes, NULL);
	add(&classes, "");
	add(&classes, "");
	assert_int_equal(classes_finish(&classes, false), 0);
	assert_int_equal(classes.count, 1);
	assert_null(class_costliest(classes.order[0]));
	classes_close(&classes);
}

/* Each path is a class of its own: those without room are counted. */
static void memory_has_an_end(void **state)
{
	const size_t paths = 100000;
	struct classes classes;
	struct word_path word;
	size_t before = 0;

	open_classes(&classes, "flow");
	for (size_t i = 0; i < paths; i++) {
		word_path(&word, "abcdefghijklmnopqrstuvwxyz");
		word.path.flow.sport = (uint16_t)i;
		word.path.flow.dport = (uint16_t)(i >> 16);
		assert_int_equal(classes_add(&classes, &word.path), 0);
		if (i == paths / 2)
			before = mallinfo2().uordblks;
	}
	assert_true(classes.count <= CLASSES_MAX);
	assert_true(classes.steps <= CLASSES_STEPS_MAX);
	assert_int_equal(classes.left_out + classes.count, paths);
	assert_int_equal(classes.paths, paths);
	assert_true(mallinfo2().uordblks <= before);
	classes_close(&classes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loops_are_folded),
		cmocka_unit_test(a_loop_elsewhere_is_none),
		cmocka_unit_test(a_tracepoint_in_its_function_is_no_loop),
		cmocka_unit_test(same_steps_are_one_class),
		cmocka_unit_test(classes_are_split_on_request),
		cmocka_unit_test(knows_what_splits),
		cmocka_unit_test(a_path_without_steps_is_a_class),
		cmocka_unit_test(memory_has_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
