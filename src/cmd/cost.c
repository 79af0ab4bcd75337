// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/cost.h"

#include <stdio.h>
#include <sys/resource.h>

#include "base/log.h"

#define COST_SECOND 1000000000ULL /* ns */

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

void cost_start(struct cost *cost, struct session *session, bool measured, uint64_t now)
{
	*cost = (struct cost){ .session = session, .measured = measured, .began = now };
	session_work(session, &cost->before);
	cost_forget(cost, now);
	cost->cpu = cost->looked.cpu;
}

void cost_forget(struct cost *cost, uint64_t now)
{
	struct session_work work;

	session_work(cost->session, &work);
	cost->looked.now = now;
	cost->looked.time = work.time;
	cost->looked.cpu = cost_cpu();
}

bool cost_second(struct cost *cost, uint64_t now, double *percent)
{
	uint64_t before = cost->looked.time + cost->looked.cpu, wall;

	wall = now - cost->looked.now;
	if (!cost->measured || cost->ended || wall < COST_SECOND)
		return false;
	cost_forget(cost, now);
	*percent = cost_share(cost->looked.time + cost->looked.cpu - before, wall);
	return true;
}

void cost_stop(struct cost *cost, uint64_t now)
{
	const struct session_work *before = &cost->before;
	struct session_work *work = &cost->work;

	if (cost->ended)
		return;
	session_work(cost->session, work);
	work->time -= before->time;
	work->runs -= before->runs;
	work->packets -= before->packets;
	work->packet_time -= before->packet_time;
	cost->cpu = cost_cpu() - cost->cpu;
	cost->ended = now;
}

/* "0.42 % of one CPU in BPF programs (512 runs of 83 ns, ...), " */
static void cost_describe(const struct cost *cost, char *text, size_t size)
{
	const struct session_work *work = &cost->work;
	int used = snprintf(text, size, "%.2f %% of one CPU in BPF programs (%llu runs",
			    cost_share(work->time, cost->ended - cost->began),
			    (unsigned long long)work->runs);

	if (work->runs)
		used += snprintf(text + used, size - used, " of %llu ns",
				 (unsigned long long)(work->time / work->runs));
	if (work->packets)
		used += snprintf(text + used, size - used,
				 ", %llu ns for each packet on a device",
				 (unsigned long long)(work->packet_time / work->packets));
	snprintf(text + used, size - used, "), ");
}

void cost_report(const struct cost *cost)
{
	char programs[256] = "";

	if (!cost->ended)
		return;
	if (cost->measured)
		cost_describe(cost, programs, sizeof(programs));
	log_info("own cost: %s%.2f %% of one CPU in bpfpath itself%s", programs,
		 cost_share(cost->cpu, cost->ended - cost->began),
		 cost->measured ? "" : "; --cost measures the BPF programs, too");
}
