// SPDX-License-Identifier: GPL-2.0-only
#include "hook/backend.h"

#include <errno.h>
#include <string.h>

#include "base/log.h"

const struct backend *const backends[] = {
	&backend_multi,	     &backend_kprobe, &backend_fentry,
	&backend_tracepoint, &backend_tcx,    NULL,
};

const struct backend *backend_best(const struct kernel *kernel, bool functions,
				   const char **why)
{
	const struct backend *best = NULL;

	for (size_t i = 0; backends[i]; i++) {
		const struct backend *backend = backends[i];

		if ((backend->functions && !functions) || (best && !backend->cheapest))
			continue;
		if (backend->usable(kernel, why) && (!best || backend->cheapest()))
			best = backend;
	}
	return best;
}

static int backend_auto(const struct kernel *kernel, bool functions,
			const struct backend **out)
{
	const char *why = NULL;
	const struct backend *best = backend_best(kernel, functions, &why);

	if (!best) {
		log_error("nothing to trace with: the kernel is locked down, and %s",
			  why);
		return -EOPNOTSUPP;
	}
	*out = best;
	return 0;
}

int backend_choose(const struct kernel *kernel, const char *name, bool functions,
		   const struct backend **out)
{
	const char *why = NULL;

	if (!strcmp(name, "auto"))
		return backend_auto(kernel, functions, out);
	for (size_t i = 0; backends[i]; i++) {
		if (strcmp(backends[i]->name, name))
			continue;
		if (backends[i]->usable(kernel, &why)) {
			*out = backends[i];
			return 0;
		}
		log_error("backend '%s' cannot work here: %s", name, why);
		return -EOPNOTSUPP;
	}
	log_error("unknown backend '%s': use auto, multi, kprobe, fentry, tracepoint, or "
		  "tcx",
		  name);
	return -EINVAL;
}
