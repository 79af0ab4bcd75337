/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * options.h - the options of the commands that trace
 */
#ifndef BPFPATH_OPTIONS_H
#define BPFPATH_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "cmd/view.h"

/* Strings are those of argv, but for .filter and .line. */
struct options {
	uint64_t count;	     /* stop after so many packets; 0: never */
	double seconds;	     /* stop after that long; 0: never */
	const char *dev;     /* NULL: all */
	const char *netns;   /* NULL: all */
	const char *zoom;    /* NULL: as it is, or all that a recording has */
	const char *backend; /* never NULL */
	struct view view;
	double max_overhead;   /* percent of one CPU; 0: no limit */
	bool cost;	       /* measure the BPF programs; so with .max_overhead */
	bool conversation;     /* follow what answers a packet that matches, too */
	bool graph;	       /* see all functions return */
	uint32_t buffer;       /* bytes, a power of two; 0: as it is */
	uint32_t follow;       /* packets at once; 0: as it is */
	double forget;	       /* packets that were not seen for so many seconds */
	const char *read;      /* a recording, in place of tracing; NULL: none */
	const char *output;    /* of paths; NULL: standard output */
	const char *recording; /* NULL: none is made; "-": standard output */
	uint64_t rotate;       /* bytes of a recording; 0: no limit */
	unsigned int keep;     /* so many older recordings */
	bool compress;	       /* a recording */
	bool no_packets;       /* a recording has none for other tools */
	const char *detach;    /* name of the session; NULL: not to be one */
	const char *junit;     /* file for it; NULL: none */
	const char **expects;  /* owned; what is expected */
	size_t expect_count;
	char *filter;	/* owned; "" matches every packet */
	char **command; /* NULL: none; ended by NULL */
	char *line;	/* owned; the command line, for people */
	bool dump_filter;
	bool help;
};

/* What the commands that trace have in common; each is a string literal. */
#define OPTIONS_HELP_TRACE                                                               \
	"  -c, --count N        stop after N packets, each with its copies\n"            \
	"  -t, --time SECONDS   stop after that long\n"                                  \
	"  -i, --interface DEV  packets begin only on devices of this name\n"            \
	"  -n, --netns NETNS    ... and in this namespace: a name, a pid, an inode, or " \
	"host\n"                                                                         \
	"  -p, --probe ZOOM     how much to probe: hops, stages (the default), all, or " \
	"a file\n"                                                                       \
	"                       of function names\n"                                     \
	"  -b, --backend NAME   auto (the default), multi, kprobe, fentry,\n"            \
	"                       tracepoint, or tcx\n"                                    \
	"      --conversation   follow what answers a packet that matches, too\n"        \
	"      --graph          see all functions return: what was called inside of "    \
	"what, how\n"                                                                    \
	"                       long each took (only with backends that probe "          \
	"functions)\n"                                                                   \
	"      --buffer SIZE    of the ring buffer that steps go through, as 64K or "    \
	"32M\n"                                                                          \
	"                       (8M); it is rounded up to a power of two\n"              \
	"      --follow N       follow at most N packets at once (16384)\n"              \
	"      --forget SECONDS give up a packet that was not seen for so long (300)\n"  \
	"      --cost           measure what the BPF programs cost, too\n"               \
	"      --max-overhead PERCENT\n"                                                 \
	"                       of one CPU: above it, probe less, then end\n"
#define OPTIONS_HELP_COMMON                                                              \
	"  -q, --quiet          only paths and errors\n"                                 \
	"  -v, --verbose        say more about what is done\n"                           \
	"      --help           print this, and end\n"
#define OPTIONS_HELP_FILTER                                                              \
	"FILTER is a pcap expression, see pcap-filter(7). It is read from standard "     \
	"input when\n"                                                                   \
	"it is '-', or when there is none and standard input is not a terminal.\n"

/* Which options there are, beside those that all have. */
enum options_kind {
	OPTIONS_TRACE,	 /* -f and -o of paths */
	OPTIONS_RECORD,	 /* -o of a recording, -f also shows the paths */
	OPTIONS_HOPS,	 /* as trace, with another -f, and --tracepkt */
	OPTIONS_CLASSES, /* as trace, -f is text or json, and -r */
	OPTIONS_HIST,	 /* the same */
	OPTIONS_TOP,	 /* as trace, no -f or -o, but -r, --by, --rare, --slow */
	OPTIONS_ASSERT,	 /* as trace, also of a recording; -e, -r, --junit */
};

/* What holds without a command line: no filter, no format, no command. */
void options_default(struct options *options);

/*
 * Read the command line, and the filter from standard input when it is "-", or
 * when there is none and standard input is not a terminal. 0, or -EINVAL after
 * one line to the user.
 */
int options_parse(struct options *options, enum options_kind kind, int argc, char **argv);

/*
 * Find the words behind "--", which are .command: the number of words before them, or
 * -EINVAL after one line.
 */
int options_split(struct options *options, int argc, char **argv);

/* Make .filter of these words, or of standard input, as options_parse() does. */
int options_filter(struct options *options, int count, char **words);

/* Several words are one expression, as with tcpdump. To be freed; NULL: no memory. */
char *options_words(int count, char **words);

/*
 * What getopt_long(3) has returned and is no option of this command alone: -q and -v,
 * or '?' or ':', of which is said what is wrong. 0 or -EINVAL.
 */
int options_other(int option, char **argv, const char *command);

void options_free(struct options *options);

#endif
