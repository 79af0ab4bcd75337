// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bpf/tracepoints.h"
#include "render/render.h"
#include "test.h"

/* Every format has something to say of an echo that leaves by a device. */
static struct step steps[] = {
	{ .time = 1000,
	  .func = "net_dev_queue",
	  .stage = "xmit",
	  .comm = "ping",
	  .kind = EVENT_TRACEPOINT,
	  .id = TRACEPOINT_net_dev_queue },
};

static const struct path path = {
	.id = 1,
	.flow = { .proto = "icmp", .icmp = true, .icmp_echo = true },
	.steps = steps,
	.count = 1,
	.complete = true,
};

static const struct path empty = { .id = 2,
				   .flow = { .proto = "unknown" },
				   .complete = true };

static void finds_formats_by_name(void **state)
{
	for (size_t i = 0; render_formats[i]; i++) {
		assert_ptr_equal(render_find(render_formats[i]->name), render_formats[i]);
		assert_non_null(render_formats[i]->help);
	}
	assert_non_null(render_find("text"));
	assert_non_null(render_find("json"));
	assert_null(render_find("tex"));
	assert_null(render_find(""));
	render_free(NULL);
}

/* What every format returns when it writes to @out. */
static void expect_error(FILE *out, int error)
{
	const struct render_options options = { .colour = false };

	for (size_t i = 0; render_formats[i]; i++) {
		struct render *render = render_formats[i]->new (out, &options);

		assert_non_null(render);
		clearerr(out);
		/* Some formats write at the end only. */
		assert_int_equal(render_path(render, &path) ?: render_finish(render),
				 error);
		/* Some have nothing to write of it; still, all is not well. */
		assert_true((render_path(render, &empty) ?: render_finish(render)) < 0);
		render_free(render);
	}
}

static void says_that_the_disk_is_full(void **state)
{
	FILE *out = fopen("/dev/full", "w");

	if (!out)
		skip();
	expect_error(out, -ENOSPC);
	fclose(out);
}

static void says_that_nobody_reads(void **state)
{
	int fds[2];
	FILE *out;

	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(fds), 0);
	close(fds[0]);
	out = fdopen(fds[1], "w");
	assert_non_null(out);
	expect_error(out, -EPIPE);
	fclose(out);
}

static void each_path_is_out_at_once(void **state)
{
	const struct render_options options = { .colour = false };
	static char buffer[1 << 20];
	FILE *out = fmemopen(buffer, sizeof(buffer), "w");

	assert_non_null(out);
	for (size_t i = 0; render_formats[i]; i++) {
		struct render *render = render_formats[i]->new (out, &options);
		size_t before = strlen(buffer);

		assert_int_equal(render_path(render, &path), 0);
		assert_true(render->ops->at_end || strlen(buffer) > before);
		assert_int_equal(render_finish(render), 0);
		assert_true(strlen(buffer) > before);
		render_free(render);
	}
	fclose(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_formats_by_name),
		cmocka_unit_test(says_that_the_disk_is_full),
		cmocka_unit_test(says_that_nobody_reads),
		cmocka_unit_test(each_path_is_out_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
