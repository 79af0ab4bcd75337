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

static double cost_share(uint64_t time, uint64_t wall)
{
	return wall ? 100.0 * time / wall : 0;
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

/* What was measured since cost_open() is added up. Percent of one CPU. */
static double cost_close(struct cost *cost, uint64_t now)
{
	const struct session_work *before = &cost->before;
	uint64_t wall = now - cost->opened;
	struct session_work work;

	session_work(cost->session, &work);
	cost->work.skipped = work.skipped;
	if (!cost->opened)
		return 0;
	session_measure(cost->session, false);
	cost->work.time += work.time - before->time;
	cost->work.runs += work.runs - before->runs;
	cost->work.packets += work.packets - before->packets;
	cost->work.packet_time += work.packet_time - before->packet_time;
	cost->measured += wall;
	cost->opened = 0;
	return cost_share(work.time - before->time, wall);
}

int cost_start(struct cost *cost, struct session *session, uint64_t now)
{
	*cost = (struct cost){ .session = session, .began = now };
	cost_forget(cost, now);
	cost->cpu = cost->cpu_looked;
	cost_open(cost, now);
	return cost->error;
}

void cost_forget(struct cost *cost, uint64_t now)
{
	cost->looked = now;
	cost->cpu_looked = cost_cpu();
}

bool cost_tick(struct cost *cost, uint64_t now, double *percent)
{
	uint64_t looked = cost->looked, cpu = cost->cpu_looked;

	if (cost->error || cost->ended)
		return false;
	if (!cost->opened && now >= cost->next)
		cost_open(cost, now);
	if (!cost->opened || now - cost->opened < COST_WINDOW)
		return false;
	*percent = cost_close(cost, now);
	cost_forget(cost, now);
	*percent += cost_share(cost->cpu_looked - cpu, now - looked);
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
