/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * options.h - the options of the commands that trace
 */
#ifndef BPFPATH_OPTIONS_H
#define BPFPATH_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct render_ops;

/* Strings are those of argv, but for .filter. */
struct options {
	uint64_t count;	     /* stop after so many packets; 0: never */
	double seconds;	     /* stop after that long; 0: never */
	const char *dev;     /* NULL: all */
	const char *netns;   /* NULL: all */
	const char *zoom;    /* never NULL */
	const char *backend; /* never NULL */
	double max_overhead; /* percent of one CPU; 0: no limit */
	bool cost;	     /* measure the BPF programs; so with .max_overhead */
	const struct render_ops *format;
	uint32_t buffer;    /* bytes, a power of two; 0: as it is */
	uint32_t follow;    /* packets at once; 0: as it is */
	const char *output; /* NULL: standard output */
	char *filter;	    /* owned; "" matches every packet */
	char **command;	    /* NULL: none; ended by NULL */
	bool graph;
	bool dump_filter;
	bool help;
};

extern const char options_help[];

/*
 * Read the command line, and the filter from standard input when it is "-", or
 * when there is none and standard input is not a terminal. 0, or -EINVAL after
 * one line to the user.
 */
int options_parse(struct options *options, int argc, char **argv);

/* The value of -t, or one line to the user and -EINVAL. */
int options_seconds(const char *text, double *seconds);

/*
 * Say what is wrong with the option for which getopt_long(3) has just returned
 * @option, '?' or ':'; its own messages begin with argv[0] and do not say what to
 * do. Always -EINVAL.
 */
int options_bad(int option, char **argv, const char *command);

void options_free(struct options *options);

#endif
