// SPDX-License-Identifier: GPL-2.0-only
/*
 * One link for many functions. The kernel takes all of them or none: when it refuses, the
 * list is halved until those are found that it will not have.
 */
#include "hook/internal.h"
#include "hook/plan.h"

static void range_attach_part(struct session *session, enum plan_group group,
			      const struct plan_list *list, size_t first, size_t count,
			      range_link *link)
{
	int err = link(session, group, list, first, count);

	if (!err || count == 1) {
		for (size_t i = first; i < first + count; i++)
			session_attached(session, list->functions[i], err);
		return;
	}
	range_attach_part(session, group, list, first, count / 2, link);
	range_attach_part(session, group, list, first + count / 2, count - count / 2,
			  link);
}

void range_attach(struct session *session, enum plan_group group,
		  const struct plan_list *list, range_link *link)
{
	if (list->count)
		range_attach_part(session, group, list, 0, list->count, link);
}
