/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * view.h - options that say how paths are shown: the same for all commands that show them
 */
#ifndef BPFPATH_VIEW_H
#define BPFPATH_VIEW_H

#include <getopt.h>
#include <stdint.h>

#include "render/render.h"

struct view {
	const struct render_ops *format; /* NULL: paths are not shown */
	bool recording;			 /* -f pcapng: they are recorded instead */
	uint64_t slow;			 /* ns: only paths that take as long */
	const char *analysis; /* -f is text or json of this format; NULL: any */
	struct render_options options;
};

enum {
	VIEW_FORMAT = 'f',
	VIEW_SHORT = 512,
	VIEW_LIVE,
	VIEW_COLUMNS,
	VIEW_WEIGHT,
	VIEW_NODES,
	VIEW_BY,
	VIEW_RARE,
	VIEW_FROM,
	VIEW_TO,
	VIEW_SLOW,
};

/* For getopt_long(3), whose result view_option() then gets. */
#define VIEW_OPTIONS_CLASSES                                                             \
	{ "by", required_argument, NULL, VIEW_BY },                                      \
	{                                                                                \
		"rare", no_argument, NULL, VIEW_RARE                                     \
	}
#define VIEW_OPTIONS_SLOW                                                                \
	{                                                                                \
		"slow", required_argument, NULL, VIEW_SLOW                               \
	}
#define VIEW_OPTIONS                                                                     \
	{ "format", required_argument, NULL, VIEW_FORMAT },                              \
		{ "short", no_argument, NULL, VIEW_SHORT },                              \
		{ "weight", required_argument, NULL, VIEW_WEIGHT },                      \
		{ "nodes", required_argument, NULL, VIEW_NODES },                        \
		{ "live", no_argument, NULL, VIEW_LIVE }, VIEW_OPTIONS_CLASSES,          \
		VIEW_OPTIONS_SLOW, { "from", required_argument, NULL, VIEW_FROM },       \
		{ "to", required_argument, NULL, VIEW_TO },                              \
	{                                                                                \
		"columns", required_argument, NULL, VIEW_COLUMNS                         \
	}

#define VIEW_HELP_SLOW                                                                   \
	"      --slow TIME      only paths that take as long: 20us, 1ms, 2s\n"

#define VIEW_HELP_HIST                                                                   \
	"      --from FUNCTION  hist: time is taken from there, not from the first "     \
	"step\n"                                                                         \
	"      --to FUNCTION    hist: until there, not until the last step\n"

#define VIEW_HELP_CLASSES                                                                \
	"      --by LIST        classes: paths also differ by flow, end, dev\n"          \
	"      --rare           classes: the rarest first\n"

#define VIEW_HELP                                                                        \
	VIEW_HELP_FORMATS                                                                \
	", or\n"                                                                         \
	"                       pcapng, which is a recording\n" VIEW_HELP_MORE           \
		VIEW_HELP_SLOW

#define VIEW_HELP_FORMATS                                                                \
	"  -f, --format NAME    how paths are shown: text, tree, json, hops, "           \
	"tracepkt,\n"                                                                    \
	"                       folded, flame, perfetto, dot, svg, html, classes,\n"     \
	"                       classes-json, hist, hist-json"

/* What a format can be told. */
#define VIEW_HELP_MORE                                                                   \
	"      --short          text: one line per packet\n"                             \
	"      --live           text: one line per step, as it comes\n"                  \
	"      --columns LIST   text: of each step time, delta, inside, netns, "         \
	"device,\n"                                                                      \
	"                       function, stage, len, mark, cpu, process\n"              \
	"      --weight WHAT    folded, flame: count (the default) or time\n"            \
	"      --nodes WHAT     dot, svg: stage (the default) or "                       \
	"function\n" VIEW_HELP_CLASSES VIEW_HELP_HIST

/* 0; -EINVAL after one line to the user; 1: @option is none of these. */
int view_option(struct view *view, int option, const char *value);

/* What --by tells classes of paths apart by: 0, or -EINVAL after one line. */
int view_by(const char *names, unsigned int *by);

/* A recording to standard output? 0, or -EINVAL after one line when that is a terminal.
 */
int view_check_terminal(void);

/* Does everything go together? 0, or -EINVAL after one line to the user. */
int view_check(const struct view *view);

#endif
