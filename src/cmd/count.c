// SPDX-License-Identifier: GPL-2.0-only
/* bpfpath count: how many packets, by protocol, address, device, ... */
#include <errno.h>
#include <getopt.h>
#include <string.h>

#include "base/log.h"
#include "cmd/command.h"
#include "cmd/counting.h"
#include "cmd/value.h"
#include "count/group.h"

#define GROUPS_MAX     (1 << 20)
#define INTERVAL_MIN   0.01 /* seconds */
#define INTERVAL_USUAL 1

enum {
	OPTION_HELP = 256,
	OPTION_BY,
	OPTION_GROUPS,
};

static const struct option count_options[] = {
	{ "by", required_argument, NULL, OPTION_BY },
	{ "interval", required_argument, NULL, 'I' },
	{ "count", required_argument, NULL, 'c' },
	{ "time", required_argument, NULL, 't' },
	{ "interface", required_argument, NULL, 'i' },
	{ "netns", required_argument, NULL, 'n' },
	{ "groups", required_argument, NULL, OPTION_GROUPS },
	{ "backend", required_argument, NULL, 'b' },
	{ "format", required_argument, NULL, 'f' },
	{ "output", required_argument, NULL, 'o' },
	{ "quiet", no_argument, NULL, 'q' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ NULL, 0, NULL, 0 },
};

struct count {
	struct counting_options counting;
	bool interval; /* -I was given */
	bool help;
};

static int count_by(const char *text, enum count_by *by)
{
	for (int i = 0; i < COUNT_BY_SIZE; i++) {
		if (!strcmp(text, group_names[i])) {
			*by = i;
			return 0;
		}
	}
	log_error("--by '%s': use one of proto, src, dst, flow, netns, dev, end", text);
	return -EINVAL;
}

static int count_interval(struct count *count, const char *text)
{
	int err = value_seconds("-I", text, &count->counting.interval);

	if (!err && count->counting.interval < INTERVAL_MIN) {
		log_error("-I '%s': use %g seconds or more", text, INTERVAL_MIN);
		err = -EINVAL;
	}
	count->interval = true;
	return err;
}

/* No functions are probed, whatever could be. */
static int count_backend(struct options *options, const char *name)
{
	if (strcmp(name, "auto") && strcmp(name, "tracepoint") && strcmp(name, "tcx")) {
		log_error("-b '%s': no functions are probed to count, use one of auto, "
			  "tracepoint, tcx",
			  name);
		return -EINVAL;
	}
	options->backend = name;
	return 0;
}

static int count_option(struct count *count, int option, char **argv)
{
	struct options *common = &count->counting.common;

	switch (option) {
	case OPTION_BY:
		return count_by(optarg, &count->counting.by);
	case 'I':
		return count_interval(count, optarg);
	case 'c':
		return value_limited("-c", optarg, "intervals", UINT32_MAX,
				     &count->counting.intervals);
	case 't':
		return value_seconds("-t", optarg, &common->seconds);
	case 'i':
		common->dev = optarg;
		return 0;
	case 'n':
		common->netns = optarg;
		return 0;
	case OPTION_GROUPS:
		return value_limited("--groups", optarg, "groups", GROUPS_MAX,
				     &count->counting.groups);
	case 'b':
		return count_backend(common, optarg);
	case 'f':
		return value_json(optarg, &count->counting.json);
	case 'o':
		common->output = optarg;
		return 0;
	case OPTION_HELP:
		count->help = true;
		return 0;
	}
	return options_other(option, argv, "bpfpath count");
}

static int count_parse(struct count *count, int argc, char **argv)
{
	struct options *common = &count->counting.common;
	int option, err = 0;

	argc = options_split(common, argc, argv);
	if (argc < 0)
		return argc;
	opterr = 0;
	while (!err && (option = getopt_long(argc, argv, ":I:c:t:i:n:b:f:o:qv",
					     count_options, NULL)) >= 0)
		err = count_option(count, option, argv);
	if (err || count->help)
		return err;
	if (!count->interval && !common->command)
		count->counting.interval = INTERVAL_USUAL;
	return options_filter(common, argc - optind, argv + optind);
}

static int count_run(int argc, char **argv)
{
	struct count count = { .counting.by = COUNT_BY_PROTO };
	int status;

	options_default(&count.counting.common);
	count.counting.common.zoom = "hops";
	if (count_parse(&count, argc, argv)) {
		status = COMMAND_USAGE;
	} else if (count.help) {
		status = command_help(&command_count);
	} else {
		status = counting_run(&count.counting);
	}
	options_free(&count.counting.common);
	return status;
}

/* clang-format off */
static const char count_help[] =
	"      --by WHAT        proto (the default), src, dst, flow, netns, dev, or end\n"
	"  -I, --interval SECONDS\n"
	"                       of each table (1; with a COMMAND until it has ended)\n"
	"  -c, --count N        stop after N intervals\n"
	"  -t, --time SECONDS   stop after that long\n"
	"  -i, --interface DEV  only on devices of this name\n"
	"  -n, --netns NETNS    ... and in this namespace: a name, a pid, an inode, or host\n"
	"      --groups N       room for N groups in an interval (16384); packets of others\n"
	"                       are counted together\n"
	"  -b, --backend NAME   auto (the default), tracepoint, or tcx\n"
	"  -f, --format NAME    text (the default) or json\n"
	"  -o, --output FILE    write the tables there instead of to standard output\n"
	OPTIONS_HELP_COMMON
	"\n"
	OPTIONS_HELP_FILTER
	"A packet is counted each time that it comes in or goes out of a device, as 'bpfpath hops'\n"
	"shows it: a ping of localhost is four. By 'end' it is counted once, when it is freed:\n"
	"dropped, and why, or consumed. Packets are not followed, which makes this cheap.\n"
	"\n"
	"Exit status: 0 at least one packet, 1 failure, 2 bad option or filter, 3 nothing\n"
	"matched.\n";
/* clang-format on */

const struct command command_count = {
	.name = "count",
	.arguments = "[OPTION...] [FILTER] [-- COMMAND...]",
	.summary = "count matching packets at each device, or how they end",
	.help = count_help,
	.run = count_run,
};
