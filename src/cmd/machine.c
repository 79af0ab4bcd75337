// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/machine.h"

#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <sys/resource.h>

#include "base/log.h"
#include "cmd/options.h"
#include "filter/filter.h"
#include "hook/backend.h"
#include "hook/probes.h"
#include "hook/session.h"
#include "kernel/kernel.h"
#include "kernel/live_names.h"
#include "kernel/netns.h"
#include "kernel/symbols.h"

int machine_filter(const char *text, struct filter **out)
{
	struct filter_error error;
	int err = filter_compile(text, out, &error);

	if (err != -EINVAL)
		return err;
	if (error.position >= 0)
		log_error("filter '%s': %s at position %d, near '%.20s'", text,
			  error.message, error.position + 1, text + error.position);
	else
		log_error("filter '%s': %s", text, error.message);
	return err;
}

/* Each device takes two open files. */
static void machine_raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

int machine_symbols(struct symbols **out)
{
	int err = symbols_load(out);

	if (err)
		log_error("cannot read the kernel's symbols: %s%s", strerror(-err),
			  err == -EPERM ? "; set kernel.kptr_restrict to 0 or 1" : "");
	return err;
}

static int machine_check_device(const struct machine *machine,
				const struct options *options)
{
	if (!options->dev)
		return 0;
	if (strlen(options->dev) < IFNAMSIZ &&
	    netns_table_has_device(machine->netns, machine->only_netns, options->dev))
		return 0;
	log_error("no device '%s' in %s: see 'ip link'", options->dev,
		  options->netns ? "that namespace" : "any namespace");
	return -EINVAL;
}

static int machine_netns(struct machine *machine, const struct options *options)
{
	int err;

	machine->netns = netns_table_new();
	if (!machine->netns)
		return -ENOMEM;
	err = netns_table_scan(machine->netns, NULL, NULL);
	if (err) {
		log_error("cannot look at the network namespaces: %s", strerror(-err));
		return err;
	}
	if (options->netns &&
	    netns_resolve(machine->netns, options->netns, &machine->only_netns))
		return -EINVAL;
	return machine_check_device(machine, options);
}

static int machine_check_graph(const struct machine *machine,
			       const struct options *options)
{
	if (!options->graph || machine->backend->functions)
		return 0;
	log_error("--graph needs a backend that probes functions, not '%s'; and with -p "
		  "hops there are none",
		  machine->backend->name);
	return -EINVAL;
}

int machine_open(struct machine *machine, const struct options *options)
{
	int err = machine_filter(options->filter, &machine->filter);

	machine->zoom = options->zoom ?: "stages";
	if (!err)
		err = probes_load(machine->zoom, &machine->probes);
	if (!err)
		err = kernel_probe(&machine->kernel);
	if (!err)
		err = backend_choose(machine->kernel, options->backend,
				     probes_any(machine->probes), &machine->backend);
	if (!err)
		err = machine_check_graph(machine, options);
	if (!err)
		err = machine_symbols(&machine->symbols);
	if (!err)
		err = machine_netns(machine, options);
	if (err)
		return err;
	machine_raise_limit();
	machine->names = live_names_new(machine->kernel, machine->symbols,
					machine->netns);
	return machine->names ? 0 : -ENOMEM;
}

void machine_close(struct machine *machine)
{
	live_names_free(machine->names);
	netns_table_free(machine->netns);
	symbols_free(machine->symbols);
	kernel_free(machine->kernel);
	probes_free(machine->probes);
	filter_free(machine->filter);
}

void machine_report(const struct machine *machine, const struct session *session)
{
	struct session_probes probes;

	session_probes(session, &probes);
	if (probes.functions)
		log_info("tracing on %s with backend %s: %zu functions, %zu tracepoints",
			 machine->kernel->release, machine->backend->name,
			 probes.functions, probes.tracepoints);
	else if (probes.devices)
		log_info("tracing on %s with backend %s: %zu devices, %zu tracepoints",
			 machine->kernel->release, machine->backend->name, probes.devices,
			 probes.tracepoints);
	else
		log_info("tracing on %s with backend %s: %zu tracepoints",
			 machine->kernel->release, machine->backend->name,
			 probes.tracepoints);
	if (probes.refused)
		log_info("not attached: %zu; --verbose says which and why",
			 probes.refused);
}
