// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/session_recorder.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "cmd/machine.h"
#include "cmd/options.h"
#include "cmd/output.h"
#include "hook/backend.h"
#include "hook/plan.h"
#include "hook/probes.h"
#include "hook/session.h"
#include "kernel/kernel.h"

static uint64_t clock_read(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* The functions of the zoom; those of "all" are the kernel's, and not listed. */
static const char **probe_names(const struct probes *probes)
{
	size_t count = probes_count(probes);
	const char **names = calloc(count + 1, sizeof(*names));

	for (size_t i = 0; names && i < count; i++)
		names[i] = probes_name(probes, i);
	return names;
}

/* Where no function is probed, the zoom is the smallest one, whatever was asked for. */
static int session_recorder_zoom(struct session_recorder *session,
				 const struct options *options,
				 const struct machine *machine, struct recorder_run *run)
{
	const struct session_options probed = { .filter = machine->filter,
						.dev = options->dev };

	run->zoom = "hops";
	if (!machine->backend->functions)
		return 0;
	session->probes = probe_names(machine->probes);
	session->anchors = plan_anchors(&probed);
	if (!session->probes || !session->anchors)
		return -ENOMEM;
	run->zoom = machine->zoom;
	run->probes = session->probes;
	run->anchors = session->anchors;
	return 0;
}

int session_recorder_open(struct session_recorder *session, const struct options *options,
			  const struct machine *machine)
{
	struct recorder_options recorder = {
		.path = options->recording,
		.rotate = options->rotate,
		.keep = options->keep,
		.compress = options->compress,
		.names = machine->names,
		.run = {
			.clock = clock_read(CLOCK_REALTIME) - clock_read(CLOCK_MONOTONIC),
			.count = options->count,
			.nested = options->graph,
			.held = true,
			.release = machine->kernel->release,
			.command = options->line,
			.filter = options->filter,
			.backend = machine->backend->name,
		},
	};
	int err = session_recorder_zoom(session, options, machine, &recorder.run);

	if (!err)
		err = recorder_new(&recorder, &session->recorder);
	if (err)
		output_failed(options->recording, err);
	return err;
}

static void session_recorder_probe(void *recorder, enum event_kind kind, const char *name)
{
	recorder_probed(recorder, kind, name);
}

void session_recorder_attached(struct session_recorder *session,
			       const struct session *attached)
{
	if (session->recorder)
		session_each_probe(attached, session_recorder_probe, session->recorder);
}

void session_recorder_close(struct session_recorder *session)
{
	recorder_free(session->recorder);
	free(session->probes);
	free(session->anchors);
}
