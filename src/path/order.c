// SPDX-License-Identifier: GPL-2.0-only
#include "path/order.h"

void order_init(struct order *order)
{
	TAILQ_INIT(&order->open);
	TAILQ_INIT(&order->ended);
	TAILQ_INIT(&order->waiting);
}

void order_begin(struct order *order, struct tracked *tracked)
{
	TAILQ_INSERT_TAIL(&order->open, tracked, by_id);
}

void order_end(struct order *order, struct tracked *tracked)
{
	struct tracked *before;

	TAILQ_REMOVE(&order->open, tracked, by_id);
	TAILQ_FOREACH_REVERSE(before, &order->ended, tracked_list, by_id)
	{
		if (before->path.id < tracked->path.id)
			break;
	}
	if (before)
		TAILQ_INSERT_AFTER(&order->ended, before, tracked, by_id);
	else
		TAILQ_INSERT_HEAD(&order->ended, tracked, by_id);
	TAILQ_INSERT_TAIL(&order->waiting, tracked, by_end);
}

/* Somebody's patience is at its end: all before him go first, then he. */
static bool order_is_overdue(const struct order *order, uint64_t now)
{
	const struct tracked *longest = TAILQ_FIRST(&order->waiting);

	return longest && now - longest->ended_at >= ORDER_PATIENCE;
}

struct tracked *order_next(struct order *order, uint64_t now)
{
	struct tracked *next = TAILQ_FIRST(&order->ended);
	const struct tracked *open = TAILQ_FIRST(&order->open);

	if (!next)
		return NULL;
	if (open && open->path.id < next->path.id && !order_is_overdue(order, now))
		return NULL;
	TAILQ_REMOVE(&order->ended, next, by_id);
	TAILQ_REMOVE(&order->waiting, next, by_end);
	return next;
}

struct tracked *order_oldest(const struct order *order)
{
	return TAILQ_FIRST(&order->open);
}
