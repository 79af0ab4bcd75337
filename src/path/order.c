// SPDX-License-Identifier: GPL-2.0-only
#include "path/order.h"

void order_init(struct order *order)
{
	TAILQ_INIT(&order->passed);
	TAILQ_INIT(&order->queue);
	TAILQ_INIT(&order->waiting);
	TAILQ_INIT(&order->ready);
}

void order_begin(struct order *order, struct tracked *tracked)
{
	tracked->open = true;
	TAILQ_INSERT_TAIL(&order->queue, tracked, by_id);
}

void order_end(struct order *order, struct tracked *tracked)
{
	tracked->open = false;
	if (tracked->passed) {
		TAILQ_REMOVE(&order->passed, tracked, by_id);
		TAILQ_INSERT_TAIL(&order->ready, tracked, by_id);
	} else {
		TAILQ_INSERT_TAIL(&order->waiting, tracked, by_end);
	}
}

/* Somebody's patience is at its end. */
static bool order_is_overdue(const struct order *order, uint64_t now)
{
	const struct tracked *longest = TAILQ_FIRST(&order->waiting);

	return longest && now - longest->ended_at >= ORDER_PATIENCE;
}

static void order_pass(struct order *order, struct tracked *tracked)
{
	tracked->passed = true;
	TAILQ_REMOVE(&order->queue, tracked, by_id);
	TAILQ_INSERT_TAIL(&order->passed, tracked, by_id);
}

struct tracked *order_next(struct order *order, uint64_t now)
{
	struct tracked *next = TAILQ_FIRST(&order->ready);

	if (next) {
		TAILQ_REMOVE(&order->ready, next, by_id);
		return next;
	}
	while ((next = TAILQ_FIRST(&order->queue)) && next->open) {
		if (!order_is_overdue(order, now))
			return NULL;
		order_pass(order, next);
	}
	if (next && next->unsettled && !order_is_overdue(order, now))
		return NULL;
	if (next) {
		TAILQ_REMOVE(&order->queue, next, by_id);
		TAILQ_REMOVE(&order->waiting, next, by_end);
	}
	return next;
}

struct tracked *order_oldest(const struct order *order)
{
	struct tracked *oldest = TAILQ_FIRST(&order->passed);

	if (oldest)
		return oldest;
	TAILQ_FOREACH(oldest, &order->queue, by_id) {
		if (oldest->open)
			break;
	}
	return oldest;
}
