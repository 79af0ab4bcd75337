// SPDX-License-Identifier: GPL-2.0-only
/* The command table, and what comes before a command. */
#include <stdio.h>
#include <string.h>

#include "cmd/command.h"
#include "cmd/standard.h"

static const struct command *const commands[] = {
	&command_trace,	  &command_hops,     &command_top,    &command_count,
	&command_classes, &command_hist,     &command_record, &command_report,
	&command_diff,	  &command_assert,   &command_list,   &command_ping,
	&command_ttl,	  &command_sessions, &command_stop,   &command_doctor,
};

#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))

int command_help(const struct command *command)
{
	printf("usage: bpfpath %s %s\n\n%s\n\n%s", command->name, command->arguments,
	       command->summary, command->help);
	return standard_finish() ? COMMAND_FAILURE : COMMAND_OK;
}

static int main_help(void)
{
	printf("bpfpath shows what the Linux kernel did with a packet: the path of real\n"
	       "packets through the kernel, step by step, to their delivery or drop.\n\n"
	       "usage: bpfpath [COMMAND] [OPTION...] [ARGUMENT...]\n\n"
	       "commands (the default is 'trace'):\n");
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		printf("  %-8s %s\n", commands[i]->name, commands[i]->summary);
	printf("\noptions of 'trace':\n%s", command_trace.help);
	return standard_finish() ? COMMAND_FAILURE : COMMAND_OK;
}

int main(int argc, char **argv)
{
	standard_open();
	if (argc > 1 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")))
		return main_help();
	if (argc > 1 && (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V"))) {
		printf("bpfpath %s\n", BPFPATH_VERSION);
		return standard_finish() ? COMMAND_FAILURE : COMMAND_OK;
	}
	for (size_t i = 0; argc > 1 && i < COMMAND_COUNT; i++) {
		if (!strcmp(argv[1], commands[i]->name))
			return commands[i]->run(argc - 1, argv + 1);
	}
	return command_trace.run(argc, argv);
}
