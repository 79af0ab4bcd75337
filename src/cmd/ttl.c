// SPDX-License-Identifier: GPL-2.0-only
/* bpfpath ttl: how many routers away is the other end of a TCP connection */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "cmd/command.h"
#include "cmd/options.h"
#include "cmd/standard.h"
#include "cmd/ttl_print.h"
#include "cmd/value.h"
#include "render/escape.h"
#include "ttl/measure.h"
#include "ttl/resolve.h"
#include "ttl/target.h"
#include "ttl/url.h"

/* clang-format off */
static const char ttl_help[] =
	"  -t, --time SECONDS   how long names and peers may take to answer (5)\n"
	"      --min N          each distance has to be N at least\n"
	"      --max N          ... and at most\n"
	"  -f, --format NAME    text (the default) or json\n"
	"      --ttl-ebpf       the lines of the tool ttl-ebpf\n"
	"  -v, --verbose        the verifier's words when the kernel refuses the filter\n"
	"      --help           print this, and end\n"
	"\n"
	"URL is tcp4://HOST:PORT, tcp6://HOST:PORT or tcp://HOST:PORT (of both families); each\n"
	"address of a name is a line. A connection is made to each of them and shut down, with\n"
	"no byte sent; the TTL of what comes back tells the distance: 0 is the same host or\n"
	"network, 1 is one router away. It is ambiguous when the TTL may have begun at another\n"
	"value than the common ones, 32, 64, 128 and 255. No check passes an ambiguous one.\n"
	"\n"
	"Exit status: 0 all were measured and passed, 1 some were not, or did not, 2 bad\n"
	"option or URL.\n";
/* clang-format on */

struct ttl {
	double seconds;
	unsigned int min, max; /* 0 and TTL_MAX: no check */
	bool json, original, help;

	struct ttl_url *urls;
	size_t url_count;
	struct target *targets;
	size_t target_count;
};

#define TTL_MAX 255

enum {
	OPTION_HELP = 256,
	OPTION_MIN,
	OPTION_MAX,
	OPTION_ORIGINAL,
};

static const struct option ttl_options[] = {
	{ "time", required_argument, NULL, 't' },
	{ "min", required_argument, NULL, OPTION_MIN },
	{ "max", required_argument, NULL, OPTION_MAX },
	{ "format", required_argument, NULL, 'f' },
	{ "ttl-ebpf", no_argument, NULL, OPTION_ORIGINAL },
	{ "verbose", no_argument, NULL, 'v' },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ NULL, 0, NULL, 0 },
};

static int ttl_bound(const char *name, const char *text, unsigned int *bound)
{
	size_t length = strspn(text, "0123456789");
	unsigned long value = strtoul(text, NULL, 10);

	if (!length || text[length] || value > TTL_MAX) {
		log_error("%s '%s': use a number of routers, 0 to %d", name, text,
			  TTL_MAX);
		return -EINVAL;
	}
	*bound = value;
	return 0;
}

static int ttl_option(struct ttl *ttl, int option, char **argv)
{
	switch (option) {
	case 't':
		return value_seconds("-t", optarg, &ttl->seconds);
	case OPTION_MIN:
		return ttl_bound("--min", optarg, &ttl->min);
	case OPTION_MAX:
		return ttl_bound("--max", optarg, &ttl->max);
	case 'f':
		ttl->original = false;
		return value_json(optarg, &ttl->json);
	case OPTION_ORIGINAL:
		ttl->original = true;
		return 0;
	case OPTION_HELP:
		ttl->help = true;
		return 0;
	}
	return options_other(option, argv, "bpfpath ttl");
}

static void ttl_bad_url(const char *text, const char *wrong)
{
	char shown[ESCAPE_SIZE(256)];

	escape_terminal(shown, sizeof(shown), text);
	log_error("URL '%s': %s", shown, wrong);
}

static int ttl_urls(struct ttl *ttl, char **words, size_t count)
{
	if (!count) {
		log_error("no URL: use bpfpath ttl tcp://HOST:PORT");
		return -EINVAL;
	}
	ttl->urls = calloc(count, sizeof(*ttl->urls));
	if (!ttl->urls) {
		log_error("out of memory");
		return -ENOMEM;
	}
	for (; ttl->url_count < count; ttl->url_count++) {
		const char *text = words[ttl->url_count];
		const char *wrong = ttl_url_parse(text, &ttl->urls[ttl->url_count]);

		if (wrong) {
			ttl_bad_url(text, wrong);
			return -EINVAL;
		}
	}
	return 0;
}

static int ttl_parse(struct ttl *ttl, int argc, char **argv)
{
	int option, err = 0;

	opterr = 0;
	while (!err &&
	       (option = getopt_long(argc, argv, ":t:f:v", ttl_options, NULL)) >= 0)
		err = ttl_option(ttl, option, argv);
	if (!err && ttl->min > ttl->max) {
		log_error("--min %u is more than --max %u", ttl->min, ttl->max);
		err = -EINVAL;
	}
	if (err || ttl->help)
		return err;
	return ttl_urls(ttl, argv + optind, argc - optind);
}

/* What a check says against @distance; NULL: nothing. */
static const char *ttl_objection(const struct ttl *ttl, const struct distance *distance)
{
	if (!ttl->min && ttl->max == TTL_MAX)
		return NULL;
	if (distance->doubt)
		return "is ambiguous, which passes no check";
	if (distance->routers < ttl->min)
		return "is less than --min";
	return distance->routers > ttl->max ? "is more than --max" : NULL;
}

/* Was it measured, and is it what the user asked for? */
static bool ttl_passes(const struct ttl *ttl, const struct target *target)
{
	const char *objection = ttl_objection(ttl, &target->distance);
	char address[TTL_ADDRESS_SIZE];

	if (!target->packet_kinds)
		return false;
	if (objection)
		log_error("%s %s: distance %u %s", target->url->text,
			  ttl_print_address(target, address), target->distance.routers,
			  objection);
	return !objection;
}

static int ttl_show(const struct ttl *ttl)
{
	ttl_print *print = ttl->original ? ttl_print_original
			   : ttl->json	 ? ttl_print_json
					 : ttl_print_text;
	int err = 0, status = COMMAND_OK;

	for (size_t i = 0; !err && i < ttl->target_count; i++) {
		err = print(stdout, &ttl->targets[i]);
		if (!ttl_passes(ttl, &ttl->targets[i]))
			status = COMMAND_FAILURE;
	}
	if (err)
		log_error("cannot show the distances: %s", strerror(-err));
	return err || standard_finish() ? COMMAND_FAILURE : status;
}

static int ttl_measure(struct ttl *ttl)
{
	int err = resolve_urls(ttl->urls, ttl->url_count, ttl->seconds, &ttl->targets,
			       &ttl->target_count);

	if (err) {
		log_error("cannot resolve names: %s", strerror(-err));
		return COMMAND_FAILURE;
	}
	if (measure_targets(ttl->targets, ttl->target_count, ttl->seconds))
		return COMMAND_FAILURE;
	signal(SIGPIPE, SIG_IGN);
	return ttl_show(ttl);
}

static int ttl_run(int argc, char **argv)
{
	struct ttl ttl = { .seconds = 5, .max = TTL_MAX };
	int status, err = ttl_parse(&ttl, argc, argv);

	if (err) {
		status = err == -EINVAL ? COMMAND_USAGE : COMMAND_FAILURE;
	} else if (ttl.help) {
		status = command_help(&command_ttl);
	} else {
		status = ttl_measure(&ttl);
	}
	targets_free(ttl.targets, ttl.target_count);
	free(ttl.urls);
	return status;
}

const struct command command_ttl = {
	.name = "ttl",
	.arguments = "[OPTION...] URL...",
	.summary = "tell how many routers away the other end of a connection is",
	.help = ttl_help,
	.run = ttl_run,
};
