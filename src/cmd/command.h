/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * command.h - the subcommands: one file each, ending in its entry
 */
#ifndef BPFPATH_COMMAND_H
#define BPFPATH_COMMAND_H

/* Exit statuses, of every command. */
enum command_status {
	COMMAND_OK,	 /* at least one path shown */
	COMMAND_FAILURE, /* something went wrong, and was said */
	COMMAND_USAGE,	 /* bad option or filter */
	COMMAND_NOTHING, /* nothing matched */
};

struct command {
	const char *name;
	const char *arguments;		   /* for the usage line */
	const char *summary;		   /* one line, for the list of commands */
	const char *help;		   /* the options, as --help prints them */
	int (*run)(int argc, char **argv); /* returns an enum command_status */
};

extern const struct command command_assert, command_classes, command_count, command_diff,
	command_doctor, command_hist, command_hops, command_list, command_ping,
	command_record, command_report, command_sessions, command_stop, command_top,
	command_trace, command_ttl;

/* Print @command's usage and options to standard output; an enum command_status. */
int command_help(const struct command *command);

#endif
