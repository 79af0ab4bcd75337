// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/session_recorder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "cmd/machine.h"
#include "cmd/options.h"
#include "hook/backend.h"
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

int session_recorder_open(struct session_recorder *session, const struct options *options,
			  const struct machine *machine)
{
	struct recorder_options recorder = {
		.path = options->recording,
		.rotate = options->rotate,
		.keep = options->keep,
		.compress = options->compress,
		.run = {
			.clock = clock_read(CLOCK_REALTIME) - clock_read(CLOCK_MONOTONIC),
			.count = options->count,
			.nested = options->graph,
			.release = machine->kernel->release,
			.command = options->line,
			.filter = options->filter,
			.backend = machine->backend->name,
		},
	};
	int err;

	session->probes = probe_names(machine->probes);
	recorder.run.probes = session->probes;
	err = session->probes ? recorder_new(&recorder, &session->recorder) : -ENOMEM;
	if (err)
		log_error("cannot write '%s': %s", options->recording, strerror(-err));
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
}
