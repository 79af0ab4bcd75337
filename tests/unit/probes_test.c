// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hook/probes.h"
#include "test.h"

static char path[] = "/tmp/bpfpath-probes-XXXXXX";

static void text_write(const char *text, size_t length)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, length, file), length);
	fclose(file);
}

static struct probes *text_load(const char *text)
{
	struct probes *probes = NULL;

	text_write(text, strlen(text));
	assert_int_equal(probes_load(path, &probes), 0);
	return probes;
}

/* What probes_load() says to the user when it refuses @zoom. */
static void refusal(const char *zoom, char *said, size_t size)
{
	struct probes *probes = NULL;
	int pipe_fds[2], saved = dup(STDERR_FILENO);
	ssize_t length;

	assert_int_equal(pipe(pipe_fds), 0);
	fflush(stderr);
	dup2(pipe_fds[1], STDERR_FILENO);
	assert_int_equal(probes_load(zoom, &probes), -EINVAL);
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(saved);
	close(pipe_fds[1]);
	length = read(pipe_fds[0], said, size - 1);
	assert_true(length > 0);
	said[length] = '\0';
	close(pipe_fds[0]);
	assert_null(probes);
}

static void test_words(void **state)
{
	struct probes *probes = NULL;

	assert_int_equal(probes_load("hops", &probes), 0);
	assert_false(probes_any(probes));
	assert_false(probes_has(probes, "ip_rcv"));
	probes_free(probes);
	assert_int_equal(probes_load("all", &probes), 0);
	assert_true(probes_any(probes));
	assert_true(probes_has(probes, "anything"));
	assert_int_equal(probes_count(probes), 0);
	probes_free(probes);
	assert_int_equal(probes_load("stages", &probes), 0);
	assert_true(probes_has(probes, "ip_rcv"));
	assert_in_range(probes_count(probes), 100, 1000);
	probes_free(probes);
}

/* Comments, blanks, notes, the form "name flag", no newline at the end. */
static void test_lines(void **state)
{
	struct probes *probes = text_load("# a list\n\n  \t\nip_rcv\n\ttcp_v4_rcv\t1\r\n"
					  "consume_skb a note # here\nb# c\nudp.isra.0\n"
					  "__last_1");

	assert_int_equal(probes_count(probes), 6);
	assert_string_equal(probes_name(probes, 0), "__last_1");
	assert_true(probes_has(probes, "tcp_v4_rcv"));
	assert_true(probes_has(probes, "b"));
	assert_true(probes_has(probes, "udp.isra.0"));
	assert_false(probes_has(probes, "udp"));
	assert_false(probes_has(probes, "a"));
	assert_false(probes_has(probes, "ip_rc"));
	assert_false(probes_has(probes, "ip_rcv_"));
	assert_false(probes_used(probes, 0));
	assert_true(probes_used(probes, 1) && !strcmp(probes_name(probes, 1), "b"));
	probes_free(probes);
}

/* A copy by the compiler is found by the name of the function, and its own. */
static void test_copies(void **state)
{
	struct probes *probes = text_load("core\ncore_a\ncopy.part.0\n");

	assert_true(probes_has(probes, "core.constprop.0"));
	assert_true(probes_has(probes, "core.isra.0.constprop.1"));
	assert_true(probes_has(probes, "copy.part.0"));
	assert_false(probes_has(probes, "copy.part.1"));
	assert_false(probes_has(probes, "core.cold"));
	assert_false(probes_has(probes, "cor.isra.0"));
	assert_true(probes_used(probes, 1) && !probes_used(probes, 2));
	probes_free(probes);
}

static void test_many(void **state)
{
	struct probes *probes = NULL;
	FILE *file = fopen(path, "w");
	char name[32];

	for (int i = 0; i < 20000; i++)
		fprintf(file, "function_%d\n", i / 2);
	fclose(file);
	assert_int_equal(probes_load(path, &probes), 0);
	assert_int_equal(probes_count(probes), 10000);
	for (int i = 0; i < 10000; i++) {
		snprintf(name, sizeof(name), "function_%d", i);
		assert_true(probes_has(probes, name));
	}
	probes_free(probes);
	probes = text_load("");
	assert_int_equal(probes_count(probes), 0);
	assert_false(probes_any(probes));
	probes_free(probes);
}

static void bad_check(const char *text, size_t length, const char *place,
		      const char *word)
{
	char said[1024], want[256];

	text_write(text, length);
	refusal(path, said, sizeof(said));
	snprintf(want, sizeof(want), "%s:%s: ", path, place);
	assert_non_null(strstr(said, want));
	assert_non_null(strstr(said, word));
	for (const char *c = said; *c; c++)
		assert_true(*c == '\n' || (unsigned char)*c >= ' ');
	assert_int_equal(strchr(said, '\n') - said, strlen(said) - 1);
}

static void test_bad(void **state)
{
	static const char binary[] = "ok\n\x7f"
				     "ELF\x1b[31m\x9b\n";
	char long_line[5000], said[1024];

	bad_check("ip_rcv\n# x\nip-rcv\n", 18, "3", "'ip-rcv'");
	bad_check("1st\n", 4, "1", "'1st'");
	bad_check("ip_rcv()\n", 9, "1", "'ip_rcv()'");
	bad_check(binary, sizeof(binary) - 1, "2", "ELF");
	memset(long_line, '-', sizeof(long_line));
	bad_check(long_line, sizeof(long_line), "1", "---'\n");
	refusal("/", said, sizeof(said));
	assert_non_null(strstr(said, "'/'"));
	refusal("/no/such/file", said, sizeof(said));
	assert_non_null(strstr(said, "'/no/such/file'"));
}

static int file_make(void **state)
{
	int fd = mkstemp(path);

	return fd < 0 ? -1 : close(fd);
}

static int file_remove(void **state)
{
	return unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),  cmocka_unit_test(test_lines),
		cmocka_unit_test(test_copies), cmocka_unit_test(test_many),
		cmocka_unit_test(test_bad),
	};

	return cmocka_run_group_tests(tests, file_make, file_remove);
}
