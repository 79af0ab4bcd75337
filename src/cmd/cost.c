// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/cost.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "base/log.h"

#define COST_WINDOW 50000000ULL	  /* ns that are measured ... */
#define COST_SECOND 1000000000ULL /* ... of so many */

/* Of all threads. */
static uint64_t cost_cpu(void)
{
	struct rusage usage;

	if (getrusage(RUSAGE_SELF, &usage))
		return 0;
	return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000000ULL +
	       (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000ULL;
}

static void cost_open(struct cost *cost, uint64_t now)
{
	session_work(cost->session, &cost->before);
	cost->error = session_measure(cost->session, true);
	if (cost->error)
		return;
	cost->opened = now;
	cost->next = now + COST_SECOND;
}

/* What was measured since cost_open() is added up. */
static void cost_add(struct cost *cost, uint64_t now)
{
	struct session_work work;

	session_work(cost->session, &work);
	cost->work.skipped = work.skipped;
	if (!cost->opened)
		return;
	cost->work.time += work.time - cost->before.time;
	cost->work.runs += work.runs - cost->before.runs;
	cost->work.packets += work.packets - cost->before.packets;
	cost->work.packet_time += work.packet_time - cost->before.packet_time;
	cost->measured += now - cost->opened;
	cost->before = work;
	cost->opened = now;
}

static void cost_close(struct cost *cost, uint64_t now)
{
	cost_add(cost, now);
	session_measure(cost->session, false);
	cost->opened = 0;
}

int cost_start(struct cost *cost, struct session *session, bool always, uint64_t now)
{
	*cost = (struct cost){
		.session = session,
		.always = always,
		.began = now,
		.cpu = cost_cpu(),
	};
	cost->cpu_second = cost->cpu;
	cost_open(cost, now);
	return always ? cost->error : 0;
}

void cost_tick(struct cost *cost, uint64_t now)
{
	if (cost->always || cost->error || cost->ended)
		return;
	if (cost->opened && now - cost->opened >= COST_WINDOW)
		cost_close(cost, now);
	else if (!cost->opened && now >= cost->next)
		cost_open(cost, now);
}

void cost_restart(struct cost *cost, uint64_t now)
{
	cost_add(cost, now);
	cost->cpu_second = cost_cpu();
}

bool cost_second(struct cost *cost, uint64_t now, double *percent)
{
	uint64_t time = cost->work.time, cpu = cost->cpu_second,
		 wall = now - cost->opened;

	if (!cost->always || cost->ended || wall < COST_SECOND)
		return false;
	cost_restart(cost, now);
	*percent = 100.0 * (cost->work.time - time + cost->cpu_second - cpu) / wall;
	return true;
}

void cost_stop(struct cost *cost, uint64_t now)
{
	if (!cost->session || cost->ended)
		return;
	cost_close(cost, now);
	cost->cpu = cost_cpu() - cost->cpu;
	cost->ended = now;
}

static double cost_share(uint64_t time, uint64_t wall)
{
	return wall ? 100.0 * time / wall : 0;
}

/* "0.42 % of one CPU in BPF programs (512 runs of 83 ns, ...)" */
static void cost_describe(const struct cost *cost, char *text, size_t size)
{
	const struct session_work *work = &cost->work;
	uint64_t wall = cost->ended - cost->began;
	int used;

	if (cost->error) {
		snprintf(text, size, "BPF programs not measured (%s)",
			 strerror(-cost->error));
		return;
	}
	used = snprintf(text, size, "%.2f %% of one CPU in BPF programs (%llu runs",
			cost_share(work->time, cost->measured),
			(unsigned long long)work->runs);
	if (work->runs)
		used += snprintf(text + used, size - used, " of %llu ns",
				 (unsigned long long)(work->time / work->runs));
	if (work->packets)
		used += snprintf(text + used, size - used,
				 ", %llu ns for each packet on a device",
				 (unsigned long long)(work->packet_time / work->packets));
	snprintf(text + used, size - used, ", measured in %.1f of %.1f s)",
		 cost->measured / 1e9, wall / 1e9);
}

void cost_report(const struct cost *cost)
{
	char programs[256];

	if (!cost->ended)
		return;
	cost_describe(cost, programs, sizeof(programs));
	log_info("own cost: %s, %.2f %% of one CPU in bpfpath itself", programs,
		 cost_share(cost->cpu, cost->ended - cost->began));
	if (cost->work.skipped)
		log_warn(
			"%llu hits of probes were skipped, each in the middle of another "
			"one: paths may lack steps",
			(unsigned long long)cost->work.skipped);
}
