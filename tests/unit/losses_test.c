// SPDX-License-Identifier: GPL-2.0-only
/* Every loss is said, and nothing but losses. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/losses.h"
#include "path/assembler.h"
#include "path/missed.h"
#include "test.h"

/* One of them. */
struct saying {
	const uint64_t *account;
	const struct misses *misses;
	const struct assembler_apart *apart;
};

/* What is written of it, in @text of @size bytes. */
static void said_by(const struct saying *saying, char *text, size_t size)
{
	FILE *file = tmpfile();
	int error = dup(STDERR_FILENO);

	assert_non_null(file);
	fflush(stderr);
	assert_int_equal(dup2(fileno(file), STDERR_FILENO), STDERR_FILENO);
	if (saying->account)
		losses_say(saying->account);
	else if (saying->misses)
		losses_say_missed(saying->misses);
	else
		losses_say_apart(saying->apart);
	fflush(stderr);
	assert_int_equal(dup2(error, STDERR_FILENO), STDERR_FILENO);
	close(error);
	rewind(file);
	text[fread(text, 1, size - 1, file)] = '\0';
	fclose(file);
}

static void say(const uint64_t account[ACCOUNT_SIZE], char *text, size_t size)
{
	said_by(&(struct saying){ .account = account }, text, size);
}

static void said_missed(const struct misses *misses, char *text, size_t size)
{
	said_by(&(struct saying){ .misses = misses }, text, size);
}

static void silence_means_none(void **state)
{
	const uint64_t account[ACCOUNT_SIZE] = {
		[ACCOUNT_PACKETS] = 7, [ACCOUNT_STEPS] = 99
	};
	char text[512];

	say(account, text, sizeof(text));
	assert_string_equal(text, "");
}

static void each_loss_is_a_line(void **state)
{
	for (size_t i = ACCOUNT_RING_FULL; i < ACCOUNT_SIZE; i++) {
		uint64_t account[ACCOUNT_SIZE] = { [ACCOUNT_STEPS] = 99 };
		char text[512];

		account[i] = 1234;
		say(account, text, sizeof(text));
		assert_memory_equal(text, "bpfpath: warning: 1234 ", 23);
		assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
	}
}

static void what_was_missed_is_said_by_probe(void **state)
{
	static const struct missed_span spans[] = {
		{ 1, 2, { MISSED_FUNCTION, "ip_rcv", 2 } },
		{ 1, 2, { MISSED_FUNCTIONS, "kprobe.multi, steps", 30 } },
		{ 3, 4, { MISSED_FUNCTION, "ip_rcv", 3 } },
		{ 3, 4, { MISSED_TRACEPOINT, "evil\033[1m", 1 } },
	};
	struct misses misses = { 0 };
	char text[1024];

	said_missed(&misses, text, sizeof(text));
	assert_string_equal(text, "");
	for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++)
		assert_int_equal(misses_add(&misses, &spans[i]), 0);
	said_missed(&misses, text, sizeof(text));
	misses_clear(&misses);
	assert_string_equal(
		text,
		"bpfpath: warning: 36 runs of probes skipped by the kernel, in the "
		"middle of other programs: packets of that time may be missing, and "
		"paths that may lack steps say so\n"
		"bpfpath: warning:   30 at functions by kprobe.multi, steps; the kernel "
		"counts them together\n"
		"bpfpath: warning:   5 at function ip_rcv\n"
		"bpfpath: warning:   1 at tracepoint evil\\x1b[1m\n");
}

static void lost_steps_are_a_part_of_all(void **state)
{
	const uint64_t account[ACCOUNT_SIZE] = {
		[ACCOUNT_STEPS] = 99, [ACCOUNT_RING_FULL] = 11, [ACCOUNT_RETURNS] = 3
	};
	char text[512];

	say(account, text, sizeof(text));
	assert_string_equal(
		text,
		"bpfpath: warning: 11 of 99 steps lost: the ring buffer was full; a "
		"larger --buffer may help\n"
		"bpfpath: warning: 3 times it was not seen what a function returned\n");
}

static void say_apart(uint64_t foreign, uint64_t late, char *text, size_t size)
{
	const struct assembler_apart apart = { foreign, late };

	said_by(&(struct saying){ .apart = &apart }, text, size);
}

static void steps_that_are_in_no_path_are_said(void **state)
{
	char text[512];

	say_apart(0, 0, text, sizeof(text));
	assert_string_equal(text, "");
	say_apart(1, 0, text, sizeof(text));
	assert_string_equal(text,
			    "bpfpath: 1 step left out: a packet had gone unseen, and "
			    "what had its memory next was another one, or a "
			    "message\n");
	say_apart(0, 2, text, sizeof(text));
	assert_string_equal(text,
			    "bpfpath: warning: 2 steps left out: they came when the "
			    "paths of their packets had ended and been shown\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(silence_means_none),
		cmocka_unit_test(each_loss_is_a_line),
		cmocka_unit_test(what_was_missed_is_said_by_probe),
		cmocka_unit_test(lost_steps_are_a_part_of_all),
		cmocka_unit_test(steps_that_are_in_no_path_are_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
