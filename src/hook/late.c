// SPDX-License-Identifier: GPL-2.0-only
/*
 * Modules that are loaded while functions are probed: their functions are, too.
 */
#include <errno.h>

#include "base/log.h"
#include "hook/internal.h"
#include "hook/plan.h"
#include "kernel/kernel.h"
#include "kernel/netns.h"
#include "kernel/symbols.h"

static int late_attach(struct session *session, const struct plan *plan,
		       const struct plan *old, plan_attach *attach)
{
	int err = 0;

	for (enum plan_group group = 0; !err && group < PLAN_GROUPS; group++) {
		struct plan_list list = { 0 };

		err = plan_list_new(plan, old, group, &list);
		if (!err)
			err = attach(session, group, &list);
		plan_list_clear(&list);
	}
	return err;
}

/* How many functions went with their modules; their probes are dead already. */
static size_t late_gone(const struct plan *plan, const struct plan *old)
{
	size_t gone = 0;

	for (enum plan_group group = 0; group < PLAN_GROUPS; group++) {
		struct plan_list list = { 0 };

		if (!plan_list_new(old, plan, group, &list))
			gone += list.count;
		plan_list_clear(&list);
	}
	return gone;
}

static void late_report(struct session *session, size_t before, size_t gone)
{
	if (session->functions > before)
		log_info("a module was loaded: %zu more functions",
			 session->functions - before);
	if (gone)
		log_info("a module was unloaded: %zu functions less", gone);
	session->functions -= gone < session->functions ? gone : session->functions;
}

static int late_modules(struct session *session, struct plan **plan, plan_attach *attach)
{
	size_t before = session->functions;
	struct plan *new = NULL;
	int err = symbols_update(session->options.symbols);

	if (!err)
		err = kernel_recall_types(session->options.kernel);
	if (!err)
		err = plan_make(session, session->takes, &new);
	kernel_forget_types(session->options.kernel);
	if (err)
		return err;
	err = late_attach(session, new, *plan, attach);
	late_report(session, before, late_gone(new, *plan));
	plan_free(*plan);
	*plan = new;
	return err;
}

int late_rescan(struct session *session, struct plan **plan, plan_attach *attach)
{
	int err = netns_table_scan(session->options.netns, NULL, NULL);

	if (err || session->narrowed || !plan_is_old(*plan))
		return err;
	return late_modules(session, plan, attach);
}
