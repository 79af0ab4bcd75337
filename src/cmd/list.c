// SPDX-License-Identifier: GPL-2.0-only
/* bpfpath list: where packets can be seen in this kernel, and where not */
#include <errno.h>
#include <fnmatch.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "cmd/command.h"
#include "cmd/machine.h"
#include "cmd/options.h"
#include "cmd/points_print.h"
#include "cmd/standard.h"
#include "cmd/value.h"
#include "hook/points.h"
#include "hook/probes.h"
#include "kernel/functions.h"
#include "kernel/kernel.h"
#include "kernel/symbols.h"

/* clang-format off */
static const char list_help[] =
	"  -u, --unavailable    what cannot be probed in this kernel, and why\n"
	"  -p, --probe ZOOM     only what belongs to hops, stages, or a file of function\n"
	"                       names; all is the default\n"
	"  -f, --format NAME    text (the default) or json\n"
	"  -q, --quiet          no word on standard error but errors\n"
	"  -v, --verbose        say more about what is done\n"
	"      --help           print this, and end\n"
	"\n"
	"PATTERN is a name of a function or tracepoint with the wildcards of a shell; a\n"
	"function is found by its name without a compiler's suffix (.isra.0), too.\n"
	"\n"
	"Columns: name; function or tracepoint; stage; where its packet is: skb:N, ref:N (a\n"
	"reference to one), list:N (a list of them), frame:N or buff:N (its memory, in XDP) is\n"
	"the Nth argument; smallest zoom that has it; backends that can probe it in this\n"
	"kernel; and its [module], whether it is a gate or frees packets, and whether the\n"
	"position is assumed, or why it cannot be probed.\n"
	"\n"
	"Exit status: 0 something shown, 1 failure, 2 bad option, 3 nothing matched.\n";
/* clang-format on */

struct list {
	const char *zoom;
	char **patterns;
	int pattern_count;
	bool unavailable, json, help;

	struct kernel *kernel;
	struct symbols *symbols;
	struct functions *functions;
	struct probes *stages, *probes;
	struct points *points;
};

enum { OPTION_HELP = 256 };

static const struct option list_options[] = {
	{ "unavailable", no_argument, NULL, 'u' },
	{ "probe", required_argument, NULL, 'p' },
	{ "format", required_argument, NULL, 'f' },
	{ "quiet", no_argument, NULL, 'q' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ NULL, 0, NULL, 0 },
};

static int list_option(struct list *list, int option, char **argv)
{
	switch (option) {
	case 'u':
		list->unavailable = true;
		return 0;
	case 'p':
		list->zoom = optarg;
		return 0;
	case 'f':
		return value_json(optarg, &list->json);
	case OPTION_HELP:
		list->help = true;
		return 0;
	}
	return options_other(option, argv, "bpfpath list");
}

static int list_parse(struct list *list, int argc, char **argv)
{
	int option, err = 0;

	opterr = 0;
	while (!err &&
	       (option = getopt_long(argc, argv, ":up:f:qv", list_options, NULL)) >= 0)
		err = list_option(list, option, argv);
	list->patterns = argv + optind;
	list->pattern_count = argc - optind;
	return err;
}

/* Without functions the tracepoints are still there to be listed. */
static int list_functions(struct list *list, const char **why)
{
	int err;

	if (!probes_any(list->probes))
		return 0;
	err = functions_load(list->kernel->btf, list->symbols, &list->functions);

	if (err != -EPERM && err != -EOPNOTSUPP) {
		if (err)
			log_error("cannot find the functions that can be probed: %s",
				  strerror(-err));
		return err;
	}
	*why = err == -EPERM ? "the kernel is locked down: no function can be probed"
			     : "the kernel has no function tracing "
			       "(CONFIG_DYNAMIC_FTRACE)";
	log_info("no functions: %s", *why);
	return 0;
}

static int list_load(struct list *list)
{
	struct points_source source = { 0 };
	int err = probes_load(list->zoom, &list->probes);

	if (!err)
		err = probes_load("stages", &list->stages);
	if (!err)
		err = kernel_probe(&list->kernel);
	if (!err)
		err = machine_symbols(&list->symbols);
	if (!err)
		err = list_functions(list, &source.why);
	if (err)
		return err;
	source.kernel = list->kernel;
	source.symbols = list->symbols;
	source.functions = list->functions;
	source.stages = list->stages;
	source.zoom = list->probes;
	return points_make(&source, &list->points);
}

static void list_close(struct list *list)
{
	points_free(list->points);
	functions_free(list->functions);
	symbols_free(list->symbols);
	kernel_free(list->kernel);
	probes_free(list->stages);
	probes_free(list->probes);
}

static bool list_matches(const struct list *list, const char *name)
{
	AUTO_FREE char *base = strndup(name, function_base_length(name));

	for (int i = 0; i < list->pattern_count; i++)
		if (!fnmatch(list->patterns[i], name, 0) ||
		    (base && !fnmatch(list->patterns[i], base, 0)))
			return true;
	return !list->pattern_count;
}

static int list_show(const struct list *list)
{
	size_t count, shown = 0, other = 0;
	const struct point *all = points_all(list->points, &count);
	points_print *print = list->json ? points_print_json : points_print_text;
	AUTO_FREE const struct point **chosen = calloc(count + 1, sizeof(*chosen));

	if (!chosen)
		return COMMAND_FAILURE;
	for (size_t i = 0; i < count; i++) {
		if (!list_matches(list, all[i].name))
			continue;
		if (!all[i].why == list->unavailable)
			other++;
		else
			chosen[shown++] = &all[i];
	}
	print(stdout, chosen, shown, isatty(STDOUT_FILENO));
	if (standard_finish())
		return COMMAND_FAILURE;
	if (other && !list->unavailable)
		log_info("%zu more cannot be probed: --unavailable says why", other);
	return shown ? COMMAND_OK : COMMAND_NOTHING;
}

static int list_run(int argc, char **argv)
{
	struct list list = { .zoom = "all" };
	int status, err = list_parse(&list, argc, argv);

	if (err) {
		status = COMMAND_USAGE;
	} else if (list.help) {
		status = command_help(&command_list);
	} else {
		err = list_load(&list);
		status = !err		  ? list_show(&list)
			 : err == -EINVAL ? COMMAND_USAGE
					  : COMMAND_FAILURE;
	}
	list_close(&list);
	return status;
}

const struct command command_list = {
	.name = "list",
	.arguments = "[OPTION...] [PATTERN...]",
	.summary = "show where packets can be seen in this kernel",
	.help = list_help,
	.run = list_run,
};
