// SPDX-License-Identifier: GPL-2.0-only
/*
 * One link for many functions. The kernel takes all of them or none: when it refuses, the
 * list is halved until those are found that it will not have.
 */
#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "hook/internal.h"
#include "hook/plan.h"
#include "kernel/functions.h"

static int range_attach_part(struct session *session, enum plan_group group,
			     const struct plan_list *list, size_t first, size_t count,
			     range_link *link)
{
	int err = link(session, group, list, first, count);

	if (!err) {
		session->functions += count;
		return 0;
	}
	if (err == -ENOMEM)
		return err;
	if (count == 1) {
		log_debug("function '%s' cannot be probed: %s",
			  list->functions[first]->name, strerror(-err));
		session->refused++;
		return 0;
	}
	err = range_attach_part(session, group, list, first, count / 2, link);
	return err
		       ?: range_attach_part(session, group, list, first + count / 2,
					    count - count / 2, link);
}

int range_attach(struct session *session, enum plan_group group,
		 const struct plan_list *list, range_link *link)
{
	return list->count ? range_attach_part(session, group, list, 0, list->count, link)
			   : 0;
}
