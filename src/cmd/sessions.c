// SPDX-License-Identifier: GPL-2.0-only
/* bpfpath sessions, bpfpath stop: recordings that go on without their terminal */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "cmd/command.h"
#include "cmd/detached.h"
#include "cmd/standard.h"
#include "render/escape.h"

#define WORDS_SIZE 512

static void session_print(const struct detached *session, void *context)
{
	char words[WORDS_SIZE], file[ESCAPE_SIZE(WORDS_SIZE)],
		said[ESCAPE_SIZE(WORDS_SIZE)];
	struct stat stat_file;
	size_t *count = context;
	uint64_t size = stat(session->file, &stat_file) ? 0 : (uint64_t)stat_file.st_size;

	(*count)++;
	escape_terminal(file, sizeof(file), session->file);
	printf("%-16s  %7d  %-7s  %12" PRIu64 "  %s", session->name, session->pid,
	       session->running ? "running" : "ended", size, file);
	if (!session->running) {
		detached_words(session, words, sizeof(words));
		escape_terminal(said, sizeof(said), words);
		printf("  %s", said);
	}
	printf("\n");
}

/* @count names are wanted behind the command. What to return, or -1 to go on. */
static int sessions_arguments(const struct command *command, int count, int argc,
			      char **argv)
{
	if (argc == 2 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")))
		return command_help(command);
	if (argc == count + 1 && (!count || argv[1][0] != '-'))
		return -1;
	log_error("use 'bpfpath %s%s%s', see 'bpfpath %s --help'", command->name,
		  count ? " " : "", command->arguments, command->name);
	return COMMAND_USAGE;
}

static int sessions_run(int argc, char **argv)
{
	int status = sessions_arguments(&command_sessions, 0, argc, argv);
	size_t count = 0;
	int err;

	if (status >= 0)
		return status;
	err = detached_each(session_print, &count);
	if (err)
		log_error("cannot show the sessions: %s", strerror(-err));
	if (err || standard_finish())
		return COMMAND_FAILURE;
	return count ? COMMAND_OK : COMMAND_NOTHING;
}

static int stop_run(int argc, char **argv)
{
	int status = sessions_arguments(&command_stop, 1, argc, argv);
	struct detached session;
	int err;

	if (status >= 0)
		return status;
	if (detached_check(argv[1]))
		return COMMAND_USAGE;
	err = detached_read(argv[1], &session);
	if (err == -ENOENT) {
		log_error("no session '%s', see 'bpfpath sessions'", argv[1]);
		return COMMAND_NOTHING;
	}
	if (!err)
		err = detached_stop(&session);
	if (err) {
		log_error("cannot stop session '%s': %s", argv[1], strerror(-err));
		return COMMAND_FAILURE;
	}
	detached_forget(&session);
	return COMMAND_OK;
}

/* clang-format off */
static const char sessions_help[] =
	"  --help  print this, and end\n"
	"\n"
	"Each line: name, process, running or ended, bytes of the file, and the file; of one\n"
	"that has ended also what it said. 'bpfpath stop NAME' ends and forgets it.\n"
	"\n"
	"Exit status: 0 there are some, 1 failure, 2 bad option, 3 there are none.\n";

static const char stop_help[] =
	"  --help  print this, and end\n"
	"\n"
	"Waits until it has ended, and prints what it said.\n"
	"\n"
	"Exit status: 0 it has ended, 1 failure, 2 bad option, 3 there is no such session.\n";
/* clang-format on */

const struct command command_sessions = {
	.name = "sessions",
	.arguments = "",
	.summary = "show the recordings that go on without a terminal",
	.help = sessions_help,
	.run = sessions_run,
};

const struct command command_stop = {
	.name = "stop",
	.arguments = "NAME",
	.summary = "end a recording that goes on without a terminal",
	.help = stop_help,
	.run = stop_run,
};
