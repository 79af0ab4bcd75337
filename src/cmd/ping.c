// SPDX-License-Identifier: GPL-2.0-only
/* bpfpath ping: echoes of its own, and where they went */
#include <errno.h>
#include <getopt.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "cmd/command.h"
#include "cmd/options.h"
#include "cmd/ping_print.h"
#include "cmd/standard.h"
#include "cmd/tracer.h"
#include "cmd/value.h"
#include "kernel/netns.h"
#include "ping/echo.h"
#include "ping/filter.h"
#include "ping/target.h"
#include "ping/witness.h"
#include "render/render.h"

/* Exit statuses, those of ping(8). */
enum ping_status { PING_ANSWERED, PING_UNANSWERED, PING_ERROR };

struct ping {
	struct options options; /* of the trace */
	const char *name, *dev, *netns, *format;
	int family;
	uint64_t count;
	double interval, patience; /* s */
	bool help;

	struct ping_target target;
	struct echo_socket socket;
	struct echo_plan plan;
	struct echo *echoes;
	struct witness witness;
};

enum { OPTION_HELP = 256 };

static const struct option ping_options[] = {
	{ "ipv4", no_argument, NULL, '4' },
	{ "ipv6", no_argument, NULL, '6' },
	{ "count", required_argument, NULL, 'c' },
	{ "interval", required_argument, NULL, 'i' },
	{ "wait", required_argument, NULL, 'W' },
	{ "interface", required_argument, NULL, 'I' },
	{ "netns", required_argument, NULL, 'n' },
	{ "probe", required_argument, NULL, 'p' },
	{ "backend", required_argument, NULL, 'b' },
	{ "format", required_argument, NULL, 'f' },
	{ "quiet", no_argument, NULL, 'q' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ NULL, 0, NULL, 0 },
};

/* ---- the command line */

static int ping_count(struct ping *ping, const char *text)
{
	int err = value_count(text, &ping->count);

	if (!err && ping->count > ECHO_MAX) {
		log_error("-c '%s': use a number from 1 to %d", text, ECHO_MAX);
		err = -EINVAL;
	}
	return err;
}

/* Lines of other formats would be in the way of those that tell of the echoes. */
static int ping_format(struct ping *ping, const char *name)
{
	if (strcmp(name, "hops") && strcmp(name, "text") && strcmp(name, "json")) {
		log_error("unknown format '%s': use one of hops, text, json", name);
		return -EINVAL;
	}
	ping->format = name;
	return 0;
}

static int ping_option(struct ping *ping, int option, char **argv)
{
	switch (option) {
	case '4':
		ping->family = AF_INET;
		return 0;
	case '6':
		ping->family = AF_INET6;
		return 0;
	case 'c':
		return ping_count(ping, optarg);
	case 'i':
		return value_seconds("-i", optarg, &ping->interval);
	case 'W':
		return value_seconds("-W", optarg, &ping->patience);
	case 'I':
		ping->dev = optarg;
		return 0;
	case 'n':
		ping->netns = optarg;
		return 0;
	case 'p':
		ping->options.zoom = optarg;
		return 0;
	case 'b':
		ping->options.backend = optarg;
		return 0;
	case 'f':
		return ping_format(ping, optarg);
	case OPTION_HELP:
		ping->help = true;
		return 0;
	}
	return options_other(option, argv, "bpfpath ping");
}

/* Who asks for functions wants to see them. */
static void ping_format_default(struct ping *ping)
{
	bool functions = strcmp(ping->options.zoom, "hops") != 0;

	if (!ping->format)
		ping->format = functions ? "text" : "hops";
	ping->options.view.format = render_find(ping->format);
}

static int ping_parse(struct ping *ping, int argc, char **argv)
{
	int option, err = 0;

	opterr = 0;
	while (!err && (option = getopt_long(argc, argv, ":46c:i:W:I:n:p:b:f:qv",
					     ping_options, NULL)) >= 0)
		err = ping_option(ping, option, argv);
	if (err || ping->help)
		return err;
	ping_format_default(ping);
	if (argc - optind != 1) {
		log_error("%s: use bpfpath ping HOST",
			  argc == optind ? "no target" : "more than one target");
		return -EINVAL;
	}
	ping->name = argv[optind];
	return 0;
}

/* ---- what is needed to send */

/* Inside of the namespace that echoes are sent from. */
static int ping_prepare_there(void *context)
{
	struct ping *ping = context;
	uint32_t ifindex = ping->dev ? if_nametoindex(ping->dev) : 0;
	int err;

	if (ping->dev && !ifindex) {
		log_error("no device '%s' in %s: see 'ip link'", ping->dev,
			  ping->netns ? "that namespace" : "this namespace");
		return -ENODEV;
	}
	err = ping_target_find(ping->name, ping->family, ifindex, &ping->target);
	if (err)
		return err;
	return echo_open(&ping->target.address, ping->target.length, ping->dev,
			 &ping->socket);
}

static int ping_prepare_netns(struct ping *ping, struct netns_table *table)
{
	uint32_t inode;
	int err = netns_table_scan(table, NULL, NULL);

	if (err) {
		log_error("cannot look at the network namespaces: %s", strerror(-err));
		return err;
	}
	err = netns_resolve(table, ping->netns, &inode);
	return err ? err : netns_table_visit(table, inode, ping_prepare_there, ping);
}

static int ping_prepare_socket(struct ping *ping)
{
	struct netns_table *table;
	int err;

	if (!ping->netns)
		return ping_prepare_there(ping);
	table = netns_table_new();
	err = table ? ping_prepare_netns(ping, table) : -ENOMEM;
	netns_table_free(table);
	return err;
}

static int ping_prepare(struct ping *ping)
{
	struct echo_plan *plan = &ping->plan;
	int err = ping_prepare_socket(ping);

	if (err)
		return err;
	plan->count = (uint32_t)ping->count;
	plan->interval = clock_seconds(ping->interval);
	plan->patience = clock_seconds(ping->patience);
	if (getrandom(plan->tag, sizeof(plan->tag), 0) != sizeof(plan->tag))
		return -EIO;
	ping->echoes = echo_share(plan->count);
	ping->options.filter = ping_filter(ping->target.address.ss_family, plan->tag,
					   ping->target.neighbours,
					   ping->target.neighbour_count);
	if (!ping->echoes || !ping->options.filter)
		return -ENOMEM;
	return witness_open(&ping->witness, plan->count, plan->tag);
}

/* ---- while tracing */

/* In a process of its own. What the trace is attached by must not be held open. */
static int ping_send(void *context)
{
	struct ping *ping = context;
	int fd = STDERR_FILENO + 1;

	if (ping->socket.fd != fd && dup2(ping->socket.fd, fd) < 0)
		return PING_ERROR;
	ping->socket.fd = fd;
	closefrom(fd + 1);
	echo_run(&ping->socket, &ping->plan, ping->echoes);
	return 0;
}

static void ping_path(void *context, const struct path *path)
{
	struct ping *ping = context;

	witness_path(&ping->witness, path);
}

static int ping_show(const struct ping *ping)
{
	const struct ping_result result = { ping->target.text, ping->echoes,
					    ping->plan.count, &ping->witness };
	ping_print *print = strcmp(ping->format, "json") ? ping_print_text
							 : ping_print_json;
	int err = print(stdout, &result);

	if (err)
		log_error("cannot show the echoes: %s", strerror(-err));
	else
		err = standard_finish();
	if (err && err != -EPIPE)
		return PING_ERROR;
	return ping_result_answered(&result) ? PING_ANSWERED : PING_UNANSWERED;
}

static int ping_trace(struct ping *ping)
{
	const struct tracer_guest guest = { .run = ping_send,
					    .path = ping_path,
					    .context = ping };
	int err = ping_prepare(ping), status;

	if (err == -ENOMEM)
		log_error("out of memory");
	if (err)
		return PING_ERROR;
	status = tracer_run(&ping->options, &guest);
	if (status != COMMAND_OK && status != COMMAND_NOTHING)
		return PING_ERROR;
	return ping_show(ping);
}

static int ping_run(int argc, char **argv)
{
	struct ping ping = { .count = 1, .interval = 1, .patience = 1, .socket.fd = -1 };
	int status;

	options_default(&ping.options);
	ping.options.zoom = "hops";
	if (ping_parse(&ping, argc, argv)) {
		status = PING_ERROR;
	} else if (ping.help) {
		status = command_help(&command_ping) ? PING_ERROR : PING_ANSWERED;
	} else {
		status = ping_trace(&ping);
	}
	if (ping.socket.fd >= 0)
		close(ping.socket.fd);
	echo_unshare(ping.echoes, ping.plan.count);
	witness_close(&ping.witness);
	options_free(&ping.options);
	return status;
}

/* clang-format off */
static const char ping_help[] =
	"  -c, --count N        send N echoes (1)\n"
	"  -i, --interval SECONDS\n"
	"                       from one to the next (1)\n"
	"  -W, --wait SECONDS   for each answer (1)\n"
	"  -I, --interface DEV  send through this device only\n"
	"  -n, --netns NETNS    send from this namespace: a name, a pid, an inode, or host\n"
	"  -4, --ipv4           to an IPv4 address of HOST\n"
	"  -6, --ipv6           ... or to an IPv6 address\n"
	"  -p, --probe ZOOM     how much to probe: hops (the default), stages, all, or a file\n"
	"                       of function names\n"
	"  -b, --backend NAME   auto (the default), multi, kprobe, tracepoint, or tcx\n"
	"  -f, --format NAME    hops, text, or json; text if functions are probed\n"
	OPTIONS_HELP_COMMON
	"\n"
	"ICMP or ICMPv6 echoes are sent to HOST, and shown is where they, the replies, and ARP or\n"
	"neighbour discovery for their sake go in all namespaces of this machine. Each has a tag\n"
	"of its own, so that no other ping is taken for it. Of an echo without an answer it is\n"
	"said where it was last seen, how it ended, and whether there was a reply.\n"
	"\n"
	"Exit status: 0 at least one was answered, 1 none, 2 failure, or bad option.\n";
/* clang-format on */

const struct command command_ping = {
	.name = "ping",
	.arguments = "[OPTION...] HOST",
	.summary = "send echoes, and show where they and the replies went",
	.help = ping_help,
	.run = ping_run,
};
