// SPDX-License-Identifier: GPL-2.0-only
#include "hook/backend.h"

#include <string.h>

#include "base/log.h"
#include "hook/probes.h"

extern const struct backend backend_multi, backend_tracepoint, backend_tcx;

const struct backend *const backends[] = {
	&backend_multi,
	&backend_tracepoint,
	&backend_tcx,
	NULL,
};

static const struct backend *backend_auto(const struct kernel *kernel, const char *zoom)
{
	const char *why = NULL;

	for (size_t i = 0; backends[i]; i++) {
		if (backends[i] == &backend_multi && !probes_wanted(zoom))
			continue;
		if (backends[i]->usable(kernel, &why))
			return backends[i];
	}
	log_error("nothing to trace with: %s", why);
	return NULL;
}

const struct backend *backend_choose(const struct kernel *kernel, const char *name,
				     const char *zoom)
{
	const char *why = NULL;

	if (!strcmp(name, "auto"))
		return backend_auto(kernel, zoom);
	for (size_t i = 0; backends[i]; i++) {
		if (strcmp(backends[i]->name, name))
			continue;
		if (backends[i]->usable(kernel, &why))
			return backends[i];
		log_error("backend '%s' cannot work here: %s", name, why);
		return NULL;
	}
	log_error("unknown backend '%s': use auto, multi, tracepoint, or tcx", name);
	return NULL;
}
