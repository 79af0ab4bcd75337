// SPDX-License-Identifier: GPL-2.0-only
/* bpfpath assert: do the packets do what is expected of them? For tests, deployments */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "assert/judge.h"
#include "assert/report.h"
#include "base/log.h"
#include "cmd/command.h"
#include "cmd/options.h"
#include "cmd/output.h"
#include "cmd/player.h"
#include "cmd/standard.h"
#include "cmd/tracer.h"

/* Exit statuses, as of diff(1) and the like, and 3 as everywhere. */
enum assert_status { ASSERT_HOLDS, ASSERT_FAILS, ASSERT_ERROR, ASSERT_NOTHING };

struct assert {
	struct options options;
	struct expect *expects;
	size_t count;
	struct judge *judge;
	FILE *junit;
};

/* ---- before */

static int assert_expect(struct assert *assert, const char *text)
{
	struct expect_error error;
	int err = expect_parse(text, &assert->expects[assert->count], &error);

	if (err == -EINVAL)
		log_error("expectation '%s': %s, at position %zu", text, error.message,
			  error.position + 1);
	if (!err)
		assert->count++;
	return err;
}

static int assert_expects(struct assert *assert)
{
	const struct options *options = &assert->options;
	int err = 0;

	assert->expects = calloc(options->expect_count, sizeof(*assert->expects));
	if (!assert->expects)
		return -ENOMEM;
	for (size_t i = 0; !err && i < options->expect_count; i++)
		err = assert_expect(assert, options->expects[i]);
	return err;
}

/* Better known before all the packets than after them. */
static int assert_open(struct assert *assert)
{
	const char *junit = assert->options.junit;
	int err = assert_expects(assert);

	if (!err)
		assert->judge = judge_new(assert->expects, assert->count);
	if (err || !assert->judge)
		return err ?: -ENOMEM;
	return junit ? output_open(junit, &assert->junit) : 0;
}

static void assert_close(struct assert *assert)
{
	if (assert->junit)
		fclose(assert->junit);
	judge_free(assert->judge);
	for (size_t i = 0; i < assert->count; i++)
		expect_free(&assert->expects[i]);
	free(assert->expects);
	options_free(&assert->options);
}

/* ---- the packets */

static void assert_path(void *context, const struct path *path)
{
	struct assert *assert = context;

	judge_path(assert->judge, path);
}

static int assert_play(struct assert *assert)
{
	struct player_options player = player_options(&assert->options);

	player.path = assert_path;
	player.context = assert;
	return player_run(&player);
}

static int assert_trace(struct assert *assert)
{
	const struct tracer_guest guest = {
		.path = assert_path,
		.prints = true,
		.context = assert,
	};

	return tracer_run(&assert->options, &guest);
}

/* ---- after */

static int assert_report(struct assert *assert)
{
	int err;

	report_text(stdout, assert->judge);
	err = standard_finish();
	if (!assert->junit)
		return err;
	report_junit(assert->junit, assert->judge);
	return output_flush(assert->junit, assert->options.junit) ?: err;
}

static int assert_error(struct assert *assert, const char *problem)
{
	if (assert->junit)
		report_junit_error(assert->junit, assert->judge, problem);
	return ASSERT_ERROR;
}

static int assert_judge(struct assert *assert)
{
	static const enum assert_status statuses[] = {
		[JUDGEMENT_HOLDS] = ASSERT_HOLDS,
		[JUDGEMENT_FAILS] = ASSERT_FAILS,
		[JUDGEMENT_NOTHING] = ASSERT_NOTHING,
	};
	int status = assert->options.read ? assert_play(assert) : assert_trace(assert);
	enum judgement judgement;

	if (status != COMMAND_OK && status != COMMAND_NOTHING)
		return assert_error(assert, "the packets could not be looked at");
	if (judge_finish(assert->judge, &judgement)) {
		log_error("out of memory");
		return assert_error(assert, "out of memory");
	}
	return assert_report(assert) ? ASSERT_ERROR : (int)statuses[judgement];
}

static int assert_run(int argc, char **argv)
{
	struct assert assert = { 0 };
	int status;

	if (options_parse(&assert.options, OPTIONS_ASSERT, argc, argv)) {
		status = ASSERT_ERROR;
	} else if (assert.options.help) {
		status = command_help(&command_assert) ? ASSERT_ERROR : ASSERT_HOLDS;
	} else {
		status = assert_open(&assert) ? ASSERT_ERROR : assert_judge(&assert);
	}
	assert_close(&assert);
	return status;
}

/* clang-format off */
static const char assert_help[] =
	"  -e, --expect EXPECT  what is expected of each packet; more than one may be given\n"
	"  -r, --read FILE      look at the packets of a recording, and trace nothing\n"
	"      --junit FILE     write what became of it as JUnit XML, too\n"
	OPTIONS_HELP_TRACE
	VIEW_HELP_FORMATS "\n"
	VIEW_HELP_MORE
	VIEW_HELP_SLOW
	"                       (without -f no paths are shown)\n"
	"  -o, --output FILE    write the paths there instead of to standard output\n"
	OPTIONS_HELP_COMMON
	"\n"
	"EXPECT is one of these, for which it is enough that one packet does it if 'any:' stands\n"
	"before it:\n"
	"  reaches NAME         it meets a function, tracepoint or stage\n"
	"  never NAME           it meets none of that name\n"
	"  order NAME NAME...   it meets them in that order\n"
	"  end KIND...          it ends in one of these ways: delivered, transmitted, dropped,\n"
	"                       consumed, merged, lost, open; dropped=REASON\n"
	"  crosses NETNS/DEV    it is there at some step; DEV alone: in any namespace\n"
	"  changes FIELD        it is altered: src, dst, sport, dport, ttl, mark, ...\n"
	"  pN < TIME            of all packets, a percentile of the time they took, as p99 < 1ms\n"
	"  count >= N           of all packets, how many there are\n"
	"NAME is a pattern of glob(7); NAME=RESULT is a function that has returned RESULT.\n"
	"Comparisons are <, <=, >, >=, ==, !=. A path that may have a hole proves no 'never'.\n"
	"\n"
	OPTIONS_HELP_FILTER
	"Without FILTER all packets of a recording are looked at. COMMAND is run once everything\n"
	"is attached; what it prints goes to standard error.\n"
	"\n"
	"Exit status: 0 all is as expected, 1 something is not, 2 failure, or bad option, filter or\n"
	"expectation, 3 no packet matched (but for an expected 'count == 0').\n";
/* clang-format on */

const struct command command_assert = {
	.name = "assert",
	.arguments = "[OPTION...] -e EXPECT... [FILTER] [-- COMMAND...]",
	.summary = "check that packets do what is expected of them",
	.help = assert_help,
	.run = assert_run,
};
