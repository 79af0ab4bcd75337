// SPDX-License-Identifier: GPL-2.0-only
#include "path/change.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "path/path.h"

#define IP_HEADER 20 /* bytes, at least (RFC 791) */

/* What a field held, as bytes: quickly compared, and seldom shown. */
struct value {
	uint8_t size; /* 0: nothing */
	uint8_t bytes[16];
};

/* What is known of a packet at one step. */
struct view {
	bool headers, ethernet; /* there was a snapshot, and with an Ethernet header */
	struct value values[CHANGE_FIELDS];
};

enum form {
	FORM_NUMBER, /* uint32_t */
	FORM_ADDRESS,
	FORM_MAC,
	FORM_WORD,
};

static const struct {
	const char *name;
	enum form form;
	bool appears; /* that it is there at last is a change, too */
} fields[] = {
	[CHANGE_PROTO] = { "proto", FORM_WORD, false },
	[CHANGE_SRC] = { "src", FORM_ADDRESS, false },
	[CHANGE_SPORT] = { "sport", FORM_NUMBER, false },
	[CHANGE_DST] = { "dst", FORM_ADDRESS, false },
	[CHANGE_DPORT] = { "dport", FORM_NUMBER, false },
	[CHANGE_TTL] = { "ttl", FORM_NUMBER, false },
	[CHANGE_LENGTH] = { "length", FORM_NUMBER, false },
	[CHANGE_VLAN] = { "vlan", FORM_NUMBER, true },
	[CHANGE_MARK] = { "mark", FORM_NUMBER, false },
	[CHANGE_CHECKSUM] = { "checksum", FORM_WORD, false },
	[CHANGE_MAC_SRC] = { "mac_src", FORM_MAC, true },
	[CHANGE_MAC_DST] = { "mac_dst", FORM_MAC, true },
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
	return fields[field].form == FORM_NUMBER;
}

static void view_bytes(struct view *view, enum change_field field, const void *bytes,
		       size_t size)
{
	struct value *value = &view->values[field];

	value->size = size < sizeof(value->bytes) ? (uint8_t)size : sizeof(value->bytes);
	memcpy(value->bytes, bytes, value->size);
}

static void view_number(struct view *view, enum change_field field, uint32_t number)
{
	view_bytes(view, field, &number, sizeof(number));
}

static void view_word(struct view *view, enum change_field field, const char *word)
{
	view_bytes(view, field, word, strlen(word));
}

static void view_ip(struct view *view, const struct flow *flow)
{
	const size_t size = flow->family == AF_INET ? 4 : 16;

	view_bytes(view, CHANGE_SRC, flow->src, size);
	view_bytes(view, CHANGE_DST, flow->dst, size);
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
	view_word(view, CHANGE_PROTO, flow->proto);
	if (flow->family)
		view_ip(view, flow);
	view->ethernet = flow->ethernet;
	if (!flow->ethernet)
		return;
	view_bytes(view, CHANGE_MAC_SRC, flow->mac_src, sizeof(flow->mac_src));
	view_bytes(view, CHANGE_MAC_DST, flow->mac_dst, sizeof(flow->mac_dst));
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
		view_word(view, CHANGE_CHECKSUM, checksums[step->checksum]);
}

/* A tag can be missed where there is an Ethernet header, and only there. */
static bool view_has(const struct view *view, enum change_field field)
{
	return view->values[field].size || (field == CHANGE_VLAN && view->ethernet);
}

static bool field_changed(const struct view *known, const struct view *view,
			  enum change_field field)
{
	bool comparable = known->values[field].size ||
			  (fields[field].appears && known->headers);

	return comparable && view_has(view, field) &&
	       memcmp(&known->values[field], &view->values[field],
		      sizeof(known->values[field])) != 0;
}

static uint32_t value_number(const struct value *value)
{
	uint32_t number = 0;

	memcpy(&number, value->bytes, sizeof(number));
	return number;
}

static void value_text(const struct value *value, enum form form,
		       char text[INET6_ADDRSTRLEN])
{
	const int family = value->size == 4 ? AF_INET : AF_INET6;
	size_t length = 0;

	if (!value->size) {
		text[0] = '\0';
	} else if (form == FORM_ADDRESS) {
		inet_ntop(family, value->bytes, text, INET6_ADDRSTRLEN);
	} else if (form == FORM_MAC) {
		flow_mac(value->bytes, text);
	} else {
		length = value->size;
		if (form == FORM_NUMBER)
			length = number_write(text, value_number(value));
		else
			memcpy(text, value->bytes, length);
		text[length] = '\0';
	}
}

/*
 * The fields are those of the outermost IP header: with one more around it the packet
 * is longer by that at least, and of another protocol, or from and to others.
 */
static enum change_tunnel tunnel_between(const struct view *known,
					 const struct view *view)
{
	long before = value_number(&known->values[CHANGE_LENGTH]);
	long after = value_number(&view->values[CHANGE_LENGTH]);

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
		value_text(&known->values[field], fields[field].form, change->before);
		value_text(&view->values[field], fields[field].form, change->after);
		changes->count++;
	}
	return changes;
}

static void view_learn(struct view *known, const struct view *view)
{
	for (enum change_field field = 0; field < CHANGE_FIELDS; field++) {
		if (view_has(view, field))
			known->values[field] = view->values[field];
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
		struct step *step = &path->steps[i];

		if (!step->changes && step_is_like(step, known.marked))
			continue;
		if (step_find_changes(&known, step))
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
