// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/counting.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "cmd/child.h"
#include "cmd/command.h"
#include "cmd/machine.h"
#include "cmd/output.h"
#include "cmd/signals.h"
#include "count/group.h"
#include "count/meter.h"
#include "count/tally.h"
#include "hook/backend.h"
#include "kernel/kernel.h"
#include "kernel/netns.h"
#include "path/naming.h"
#include "render/writer.h"

#define COUNTING_RESCAN CLOCK_SECOND /* how often devices are looked at */

struct counting {
	const struct counting_options *options;
	struct machine machine;
	struct meter *meter;
	struct child child;
	struct naming naming;
	struct writer writer;
	FILE *out;
	int signals;
	uint64_t begin, next, deadline; /* ns; 0: never */
	uint64_t scanned;
	uint64_t shown; /* intervals */
	struct count_value total;
	uint64_t missed;
	bool stop;
};

/* ---- an interval */

static int counting_group(void *context, const union count_key *key,
			  const struct count_value *value)
{
	return tally_add(context, key, value);
}

/* A device that goes before its interval is over is still called what it was. */
static void counting_remember(struct counting *counting)
{
	const struct netns_table *table = counting->machine.netns;

	for (size_t i = 0; i < netns_table_count(table); i++) {
		const struct netns *netns = netns_table_get(table, i);

		for (size_t j = 0; j < netns->device_count; j++)
			naming_set_device(&counting->naming, netns->inode,
					  netns->devices[j].ifindex,
					  netns->devices[j].name);
	}
}

static int counting_rescan(struct counting *counting, uint64_t now)
{
	int err;

	if (counting->options->by == COUNT_BY_DEV)
		counting_remember(counting);
	counting->scanned = now;
	err = meter_rescan(counting->meter);
	counting->machine.names->version++;
	return err;
}

/* Devices that came since the last look have no name yet. */
static int counting_name(struct counting *counting, struct tally *tally)
{
	enum count_by by = counting->options->by;
	int err = tally_name(tally, by, &counting->naming);

	if (err <= 0)
		return err;
	err = counting_rescan(counting, clock_now());
	if (!err)
		err = tally_name(tally, by, &counting->naming);
	return err < 0 ? err : 0;
}

static int counting_take(struct counting *counting, struct tally *tally)
{
	uint64_t now;
	int err = meter_read(counting->meter, counting_group, tally, &tally->other,
			     &tally->missed);

	if (err)
		return err;
	now = clock_now();
	clock_gettime(CLOCK_REALTIME, &tally->end);
	tally->length = now - counting->begin;
	counting->begin = now;
	return counting_name(counting, tally);
}

/* Whoever reads the output may be gone: that is no failure. */
static int counting_print(struct counting *counting, const struct tally *tally)
{
	const char *output = counting->options->common.output;
	tally_print *print = counting->options->json ? tally_print_json
						     : tally_print_text;
	int err = print(counting->out, tally, counting->options->by, &counting->naming,
			&counting->writer);

	err = err ? output_failed(output, err) : output_flush(counting->out, output);
	if (err)
		counting->stop = true;
	return err != -EPIPE ? err : 0;
}

static int counting_interval(struct counting *counting)
{
	struct tally tally = { 0 };
	struct count_value total;
	int err = counting_take(counting, &tally);

	if (err) {
		log_error("cannot read what was counted: %s", strerror(-err));
	} else {
		total = tally_total(&tally);
		counting->total.packets += total.packets;
		counting->total.bytes += total.bytes;
		counting->missed += tally.missed;
		counting->shown++;
		tally_sort(&tally);
		err = counting_print(counting, &tally);
	}
	tally_clear(&tally);
	return err;
}

/* ---- until the end */

static bool counting_enough(const struct counting *counting)
{
	return counting->options->intervals &&
	       counting->shown >= counting->options->intervals;
}

/* When there is something to do next, in ms from @now. */
static int counting_patience(const struct counting *counting, uint64_t now)
{
	uint64_t until = counting->scanned + COUNTING_RESCAN;

	if (counting->next && counting->next < until)
		until = counting->next;
	if (counting->deadline && counting->deadline < until)
		until = counting->deadline;
	return until > now ? (int)((until - now + 999999) / 1000000) : 0;
}

static void counting_wait(struct counting *counting)
{
	struct pollfd fds[] = {
		{ .fd = counting->signals, .events = POLLIN },
		{ .fd = counting->child.fd, .events = POLLIN },
		{ .fd = fileno(counting->out) },
	};

	if (poll(fds, 3, counting_patience(counting, clock_now())) <= 0)
		return;
	if (fds[1].revents)
		child_collect(&counting->child);
	if (fds[0].revents || fds[1].revents || fds[2].revents)
		counting->stop = true;
}

static int counting_tick(struct counting *counting, uint64_t now)
{
	uint64_t interval = clock_seconds(counting->options->interval);
	int err = 0;

	if (counting->deadline && now >= counting->deadline)
		counting->stop = true;
	if (counting->stop)
		return 0;
	if (counting->next && now >= counting->next) {
		counting->next += interval;
		if (counting->next <= now)
			counting->next = now + interval;
		err = counting_interval(counting);
	}
	if (!err && now >= counting->scanned + COUNTING_RESCAN)
		err = counting_rescan(counting, now);
	return err;
}

/* What is left when it ends is an interval of its own. */
static int counting_loop(struct counting *counting)
{
	int err = 0;

	while (!err && !counting->stop && !counting_enough(counting)) {
		counting_wait(counting);
		err = counting_tick(counting, clock_now());
	}
	meter_stop(counting->meter);
	if (!err && !counting_enough(counting) && !ferror(counting->out))
		err = counting_interval(counting);
	return err;
}

static void counting_account(const struct counting *counting)
{
	log_info("%llu packet%s, %llu byte%s", counting->total.packets,
		 counting->total.packets == 1 ? "" : "s", counting->total.bytes,
		 counting->total.bytes == 1 ? "" : "s");
	if (counting->missed)
		log_warn("%" PRIu64 " packets not counted: their processor was counting "
			 "another one",
			 counting->missed);
}

/* ---- the beginning */

static int counting_meter(struct counting *counting)
{
	const struct counting_options *options = counting->options;
	const struct machine *machine = &counting->machine;
	const struct meter_options meter = {
		.kernel = machine->kernel,
		.symbols = machine->symbols,
		.netns = machine->netns,
		.filter = machine->filter,
		.filter_any = !*options->common.filter,
		.tcx = !machine->backend->reads,
		.by = options->by,
		.dev = options->common.dev,
		.only_netns = machine->only_netns,
		.groups = options->groups,
	};

	return meter_open(&meter, &counting->meter);
}

static void counting_report(const struct counting *counting)
{
	const struct meter *meter = counting->meter;
	size_t devices = meter_devices(meter);

	log_info("counting on %s by %s %s %zu %s", counting->machine.kernel->release,
		 group_names[counting->options->by], devices ? "on" : "at",
		 devices ? devices : meter_tracepoints(meter),
		 devices ? "devices" : "tracepoints");
}

static int counting_start(struct counting *counting)
{
	const struct counting_options *options = counting->options;
	bool taken = counting->out == stdout;

	counting->begin = counting->scanned = clock_now();
	if (options->interval > 0)
		counting->next = counting->begin + clock_seconds(options->interval);
	if (options->common.seconds > 0)
		counting->deadline = counting->begin +
				     clock_seconds(options->common.seconds);
	counting_report(counting);
	if (!options->common.command)
		return 0;
	return child_start(&counting->child, options->common.command,
			   taken ? STDERR_FILENO : STDOUT_FILENO);
}

static int counting_open(struct counting *counting)
{
	int err = output_open(counting->options->common.output, &counting->out);

	if (err)
		return err;
	counting->signals = signals_open();
	if (counting->signals < 0) {
		log_error("cannot wait for signals: %s", strerror(-counting->signals));
		return counting->signals;
	}
	counting->naming.names = counting->machine.names;
	err = counting_meter(counting);
	return err ?: counting_start(counting);
}

static void counting_close(struct counting *counting)
{
	child_stop(&counting->child);
	meter_close(counting->meter);
	cleanup_fd(&counting->signals);
	if (counting->out && counting->out != stdout)
		fclose(counting->out);
	naming_clear(&counting->naming);
	writer_free(&counting->writer);
	machine_close(&counting->machine);
}

static int counting_count(struct counting *counting)
{
	if (counting_open(counting) || counting_loop(counting))
		return COMMAND_FAILURE;
	counting_account(counting);
	return counting->total.packets ? COMMAND_OK : COMMAND_NOTHING;
}

/* The tracepoints of an end tell of a packet nothing but its address. */
static int counting_check(const struct counting *counting)
{
	if (counting->options->by != COUNT_BY_END || counting->machine.backend->reads)
		return 0;
	log_error("--by end needs kernel memory to be read, which backend '%s' does not",
		  counting->machine.backend->name);
	return -EINVAL;
}

int counting_run(const struct counting_options *options)
{
	struct counting counting = { .options = options, .child.fd = -1, .signals = -1 };
	int err = machine_open(&counting.machine, &options->common);
	int status;

	if (!err)
		err = counting_check(&counting);
	if (err)
		status = err == -EINVAL ? COMMAND_USAGE : COMMAND_FAILURE;
	else
		status = counting_count(&counting);
	counting_close(&counting);
	return status;
}
