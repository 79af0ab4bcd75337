// SPDX-License-Identifier: GPL-2.0-only
#include "render/text_changes.h"

#include <stdbool.h>
#include <string.h>

#include "path/path.h"

static bool is_address(const struct change *change)
{
	return change->field == CHANGE_SRC || change->field == CHANGE_DST;
}

/* Was the port altered together with the address? Each port is behind its address. */
static bool has_port(const struct changes *changes, size_t i)
{
	return is_address(&changes->list[i]) && i + 1 < changes->count &&
	       changes->list[i + 1].field == changes->list[i].field + 1;
}

/* "[2001:db8::1]:80" */
static void print_endpoint(FILE *out, const char *address, const char *port)
{
	fprintf(out, strchr(address, ':') ? "[%s]:%s" : "%s:%s", address, port);
}

static void print_change(FILE *out, const struct change *change)
{
	bool mac = change->field == CHANGE_MAC_SRC || change->field == CHANGE_MAC_DST;

	/* An Ethernet header that was written first. */
	if (mac && !change->before[0])
		fprintf(out, "%s %s", change_name(change->field), change->after);
	else
		fprintf(out, "%s %s -> %s", change_name(change->field),
			change->before[0] ? change->before : "none",
			change->after[0] ? change->after : "none");
}

static int change_line(const struct change *change)
{
	return change->field < CHANGE_TTL ? 0 : change->field < CHANGE_MAC_SRC ? 1 : 2;
}

/* The end of the line before, unless there is none, or it goes on. */
static void print_separator(FILE *out, int line, int *last, int indent)
{
	if (line == *last || (indent == TEXT_CHANGES_LINE && *last >= 0))
		fprintf(out, ", ");
	else
		fprintf(out, "%s%*s~ ", *last < 0 ? "" : "\n", indent > 0 ? indent : 0,
			"");
	*last = line;
}

/* "into a tunnel: udp 10.1.0.1:57234 -> 10.1.0.2:4789 len 134" in place of each field */
static void print_tunnel(FILE *out, const struct step *step)
{
	bool entered = step->changes->tunnel == CHANGE_TUNNEL_ENTERED;
	char line[512];

	flow_print(step->flow, line, sizeof(line));
	fprintf(out, "%s a tunnel: %s", entered ? "into" : "out of", line);
}

static void print_altered(FILE *out, const struct changes *changes, size_t i)
{
	const struct change *change = &changes->list[i];

	if (!has_port(changes, i)) {
		print_change(out, change);
		return;
	}
	fprintf(out, "%s ", change_name(change->field));
	print_endpoint(out, change->before, change[1].before);
	fprintf(out, " -> ");
	print_endpoint(out, change->after, change[1].after);
}

void text_changes(FILE *out, const struct step *step, int indent)
{
	const struct changes *changes = step->changes;
	bool tunnel = changes->tunnel != CHANGE_TUNNEL_NONE;
	int last = -1;

	if (tunnel) {
		print_separator(out, 0, &last, indent);
		print_tunnel(out, step);
	}
	for (size_t i = 0; i < changes->count; i++) {
		int line = change_line(&changes->list[i]);

		if (tunnel && line == 0)
			continue;
		print_separator(out, line, &last, indent);
		print_altered(out, changes, i);
		i += has_port(changes, i);
	}
}
