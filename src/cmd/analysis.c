// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/analysis.h"

#include <stddef.h>

#include "cmd/command.h"
#include "cmd/player.h"
#include "cmd/tracer.h"

static int analysis_play(const struct options *options)
{
	const struct player_options player = player_options(options);

	return player_run(&player);
}

int analysis_run(const struct command *command, enum options_kind kind, int argc,
		 char **argv)
{
	struct options options;
	int status;

	if (options_parse(&options, kind, argc, argv)) {
		status = COMMAND_USAGE;
	} else if (options.help) {
		status = command_help(command);
	} else if (options.read) {
		status = analysis_play(&options);
	} else {
		status = tracer_run(&options, NULL);
	}
	options_free(&options);
	return status;
}
