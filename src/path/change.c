// SPDX-License-Identifier: GPL-2.0-only
#include "path/change.h"

#include <errno.h>
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "path/path.h"

#define IP_HEADER 20 /* bytes, at least (RFC 791) */

/* What is known of a packet at one step; the texts are "" where there is nothing. */
struct view {
	bool headers, ethernet; /* there was a snapshot, and with an Ethernet header */
	char texts[CHANGE_FIELDS][INET6_ADDRSTRLEN];
};

static const struct {
	const char *name;
	bool number;
	bool appears; /* that it is there at last is a change, too */
} fields[] = {
	[CHANGE_PROTO] = { "proto", false, false },
	[CHANGE_SRC] = { "src", false, false },
	[CHANGE_SPORT] = { "sport", true, false },
	[CHANGE_DST] = { "dst", false, false },
	[CHANGE_DPORT] = { "dport", true, false },
	[CHANGE_TTL] = { "ttl", true, false },
	[CHANGE_LENGTH] = { "length", true, false },
	[CHANGE_VLAN] = { "vlan", true, true },
	[CHANGE_MARK] = { "mark", true, false },
	[CHANGE_CHECKSUM] = { "checksum", false, false },
	[CHANGE_MAC_SRC] = { "mac_src", false, true },
	[CHANGE_MAC_DST] = { "mac_dst", false, true },
};
static_assert(sizeof(fields) / sizeof(fields[0]) == CHANGE_FIELDS, "a name per field");

const char *change_name(enum change_field field)
{
	return fields[field].name;
}

unsigned int changes_mask(const struct changes *changes)
{
	unsigned int mask = 0;

	if (changes && changes->tunnel)
		mask = 1U << CHANGE_FIELDS << changes->tunnel;
	for (size_t i = 0; changes && i < changes->count; i++)
		mask |= 1U << changes->list[i].field;
	return mask;
}

bool change_is_number(enum change_field field)
{
	return fields[field].number;
}

static void view_number(struct view *view, enum change_field field, uint32_t number)
{
	view->texts[field][number_write(view->texts[field], number)] = '\0';
}

static void view_text(struct view *view, enum change_field field, const char *text)
{
	size_t length = strnlen(text, sizeof(view->texts[field]) - 1);

	memcpy(view->texts[field], text, length);
	view->texts[field][length] = '\0';
}

static void view_ip(struct view *view, const struct flow *flow)
{
	flow_address(flow, flow->src, view->texts[CHANGE_SRC], INET6_ADDRSTRLEN);
	flow_address(flow, flow->dst, view->texts[CHANGE_DST], INET6_ADDRSTRLEN);
	if (flow->ports) {
		view_number(view, CHANGE_SPORT, flow->sport);
		view_number(view, CHANGE_DPORT, flow->dport);
	}
	if (flow->arp_op)
		return;
	if (!flow->tuple)
		view_number(view, CHANGE_TTL, flow->ttl);
	if (flow->ip_len)
		view_number(view, CHANGE_LENGTH, flow->ip_len);
}

static void view_headers(struct view *view, const struct flow *flow)
{
	view->headers = true;
	view_text(view, CHANGE_PROTO, flow->proto);
	if (flow->family)
		view_ip(view, flow);
	view->ethernet = flow->ethernet;
	if (!flow->ethernet)
		return;
	flow_mac(flow->mac_src, view->texts[CHANGE_MAC_SRC]);
	flow_mac(flow->mac_dst, view->texts[CHANGE_MAC_DST]);
	if (flow->vlan)
		view_number(view, CHANGE_VLAN, flow->vlan_id);
}

/* Most steps of a confined kernel know the packet's address and nothing else. */
static bool step_knows_mark(const struct step *step)
{
	return step->checksum != EVENT_CHECKSUM_UNKNOWN || step->kind == EVENT_GATE;
}

static void view_step(struct view *view, const struct step *step)
{
	static const char *const checksums[] = {
		[EVENT_CHECKSUM_UNKNOWN] = "",
		[EVENT_CHECKSUM_NONE] = "none",
		[EVENT_CHECKSUM_UNNECESSARY] = "unnecessary",
		[EVENT_CHECKSUM_COMPLETE] = "complete",
		[EVENT_CHECKSUM_PARTIAL] = "partial",
	};

	memset(view, 0, sizeof(*view));
	if (step->flow)
		view_headers(view, step->flow);
	if (!step_knows_mark(step))
		return;
	view_number(view, CHANGE_MARK, step->mark);
	if (step->checksum < sizeof(checksums) / sizeof(checksums[0]))
		view_text(view, CHANGE_CHECKSUM, checksums[step->checksum]);
}

/* A tag can be missed where there is an Ethernet header, and only there. */
static bool view_has(const struct view *view, enum change_field field)
{
	return view->texts[field][0] || (field == CHANGE_VLAN && view->ethernet);
}

static bool field_changed(const struct view *known, const struct view *view,
			  enum change_field field)
{
	bool comparable = known->texts[field][0] ||
			  (fields[field].appears && known->headers);

	return comparable && view_has(view, field) &&
	       strcmp(known->texts[field], view->texts[field]) != 0;
}

/*
 * The fields are those of the outermost IP header: with one more around it the packet
 * is longer by that at least, and of another protocol, or from and to others.
 */
static enum change_tunnel tunnel_between(const struct view *known,
					 const struct view *view)
{
	long before = atol(known->texts[CHANGE_LENGTH]);
	long after = atol(view->texts[CHANGE_LENGTH]);

	if (!before || !after ||
	    (!field_changed(known, view, CHANGE_PROTO) &&
	     !field_changed(known, view, CHANGE_SRC) &&
	     !field_changed(known, view, CHANGE_DST)))
		return CHANGE_TUNNEL_NONE;
	if (after - before >= IP_HEADER)
		return CHANGE_TUNNEL_ENTERED;
	return before - after >= IP_HEADER ? CHANGE_TUNNEL_LEFT : CHANGE_TUNNEL_NONE;
}

static struct changes *changes_between(const struct view *known, const struct view *view)
{
	struct changes *changes =
		malloc(sizeof(*changes) + CHANGE_FIELDS * sizeof(changes->list[0]));

	if (!changes)
		return NULL;
	changes->count = 0;
	changes->tunnel = tunnel_between(known, view);
	for (enum change_field field = 0; field < CHANGE_FIELDS; field++) {
		struct change *change = &changes->list[changes->count];

		if (!field_changed(known, view, field))
			continue;
		change->field = field;
		memcpy(change->before, known->texts[field], sizeof(change->before));
		memcpy(change->after, view->texts[field], sizeof(change->after));
		changes->count++;
	}
	return changes;
}

static void view_learn(struct view *known, const struct view *view)
{
	for (enum change_field field = 0; field < CHANGE_FIELDS; field++) {
		if (view_has(view, field))
			memcpy(known->texts[field], view->texts[field],
			       sizeof(known->texts[field]));
	}
	known->headers |= view->headers;
}

static bool view_differs(const struct view *known, const struct view *view)
{
	for (enum change_field field = 0; field < CHANGE_FIELDS; field++) {
		if (field_changed(known, view, field))
			return true;
	}
	return false;
}

/* Nearly all steps: nothing to compare. */
static bool step_is_like(const struct step *step, const struct step *before)
{
	if (step->flow)
		return false;
	if (!step_knows_mark(step))
		return true;
	return before && step->checksum == before->checksum && step->mark == before->mark;
}

/* What is known of the steps so far. */
struct known {
	struct view view;
	const struct step *marked; /* the last one that knew its mark; NULL: none */
};

static void known_learn(struct known *known, const struct step *step,
			const struct view *view)
{
	view_learn(&known->view, view);
	if (step_knows_mark(step))
		known->marked = step;
}

/* 0 or -ENOMEM. */
static int step_find_changes(struct known *known, struct step *step)
{
	struct view view;
	int err = 0;

	free(step->changes);
	step->changes = NULL;
	if (step_is_like(step, known->marked))
		return 0;
	view_step(&view, step);
	if (view_differs(&known->view, &view)) {
		step->changes = changes_between(&known->view, &view);
		err = step->changes ? 0 : -ENOMEM;
	}
	known_learn(known, step, &view);
	return err;
}

void changes_find(struct path *path)
{
	struct known known = { .marked = NULL };

	for (size_t i = 0; i < path->count; i++) {
		if (step_find_changes(&known, &path->steps[i]))
			path->complete = false;
	}
}

static const struct step *step_marked_before(const struct path *path, size_t i)
{
	while (i-- > 0) {
		if (step_knows_mark(&path->steps[i]))
			return &path->steps[i];
	}
	return NULL;
}

void changes_find_at(struct path *path, size_t i)
{
	struct known known = { .marked = NULL };
	struct view view;

	if (step_is_like(&path->steps[i], step_marked_before(path, i)))
		return;
	for (size_t j = 0; j < i; j++) {
		if (step_is_like(&path->steps[j], known.marked))
			continue;
		view_step(&view, &path->steps[j]);
		known_learn(&known, &path->steps[j], &view);
	}
	if (step_find_changes(&known, &path->steps[i]))
		path->complete = false;
}
