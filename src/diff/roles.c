// SPDX-License-Identifier: GPL-2.0-only
#include "diff/roles.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "diff/route.h"

void roles_clear(struct roles *roles)
{
	free(roles->list);
	roles->list = NULL;
	roles->count = 0;
}

/* ---- places of one path */

static bool place_known(enum roles_what what, const struct step *step)
{
	return step->netns && (what == ROLES_NETNS || step->ifindex || step->dev[0]);
}

static bool place_same(enum roles_what what, const struct step *a, const struct step *b)
{
	return a->netns == b->netns &&
	       (what == ROLES_NETNS ||
		(a->ifindex == b->ifindex && !strcmp(a->dev, b->dev)));
}

/* NULL: it has none. */
static const char *place_name(enum roles_what what, const struct step *step)
{
	if (what == ROLES_NETNS)
		return step->netns_name;
	return step->dev[0] ? step->dev : NULL;
}

static bool place_named(enum roles_what what, const struct step *step, const char *name)
{
	const char *own = place_name(what, step);

	return own && name && !strcmp(own, name);
}

/* Is a place of that name in the route? Of devices those of @there's namespace count. */
static bool route_has(const struct route *route, enum roles_what what, const char *name,
		      const struct step *there)
{
	for (size_t i = 0; i < route->count; i++) {
		const struct step *step = &route->steps[i].step;

		if (place_named(what, step, name) &&
		    (what == ROLES_NETNS || step->netns == there->netns))
			return true;
	}
	return false;
}

/* ---- of two */

static int role_add(struct roles *roles, const struct role *role)
{
	struct role *list = reallocarray(roles->list, roles->count + 1, sizeof(*list));

	if (!list)
		return -ENOMEM;
	list[roles->count++] = *role;
	roles->list = list;
	return 0;
}

/* Neither has a counterpart yet. */
static void role_decide(const struct roles *roles, struct role *role)
{
	const char *left = place_name(role->what, role->left);
	const char *right = place_name(role->what, role->right);

	if (left && right && !strcmp(left, right))
		return;
	role->wrong = (roles->strict && role->what == ROLES_DEVICE) ||
		      route_has(roles->right, role->what, left, role->right) ||
		      route_has(roles->left, role->what, right, role->left);
	role->renamed = !role->wrong;
}

/* 1: they differ, and this was not known yet; 0; or -ENOMEM. */
static int roles_find(struct roles *roles, enum roles_what what, const struct step *left,
		      const struct step *right)
{
	struct role role = { .what = what, .left = left, .right = right };
	bool taken = false;

	if (!place_known(what, left) || !place_known(what, right))
		return 0;
	for (size_t i = 0; i < roles->count; i++) {
		const struct role *known = &roles->list[i];
		bool is_left = place_same(what, known->left, left);
		bool is_right = place_same(what, known->right, right);

		if (known->what != what)
			continue;
		if (is_left && is_right)
			return 0;
		taken |= (is_left || is_right) && !known->wrong;
	}
	if (taken)
		role.wrong = true;
	else
		role_decide(roles, &role);
	return role_add(roles, &role) ? -ENOMEM : role.wrong;
}

int roles_compare(struct roles *roles, const struct step *left, const struct step *right,
		  bool *netns, bool *device)
{
	int other = roles_find(roles, ROLES_NETNS, left, right), another;

	if (other < 0)
		return other;
	another = roles_find(roles, ROLES_DEVICE, left, right);
	if (another < 0)
		return another;
	*netns = other;
	*device = another;
	return 0;
}
