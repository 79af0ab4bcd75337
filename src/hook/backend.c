// SPDX-License-Identifier: GPL-2.0-only
#include "hook/backend.h"

#include <errno.h>
#include <string.h>

#include "base/log.h"

const struct backend *const backends[] = {
	&backend_multi,	     &backend_kprobe, &backend_fentry,
	&backend_tracepoint, &backend_tcx,    NULL,
};

static int backend_auto(const struct kernel *kernel, bool functions,
			const struct backend **out)
{
	const char *why = NULL;

	for (size_t i = 0; backends[i]; i++) {
		if (backends[i]->functions && !functions)
			continue;
		if (backends[i]->usable(kernel, &why)) {
			*out = backends[i];
			return 0;
		}
	}
	log_error("nothing to trace with: the kernel is locked down, and %s", why);
	return -EOPNOTSUPP;
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
