// SPDX-License-Identifier: GPL-2.0-only
#include "render/text_changes.h"

#include <stdbool.h>
#include <string.h>

#include "path/change.h"

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

static void print_separator(FILE *out, const struct changes *changes, size_t i,
			    int indent)
{
	const struct change *change = &changes->list[i];

	if (i > 0 && change_line(change) == change_line(change - 1))
		fprintf(out, ", ");
	else
		fprintf(out, "%s%*s~ ", i > 0 ? "\n" : "", indent, "");
}

void text_changes(FILE *out, const struct changes *changes, int indent)
{
	for (size_t i = 0; i < changes->count; i++) {
		const struct change *change = &changes->list[i];

		print_separator(out, changes, i, indent);
		if (!has_port(changes, i)) {
			print_change(out, change);
			continue;
		}
		fprintf(out, "%s ", change_name(change->field));
		print_endpoint(out, change->before, change[1].before);
		fprintf(out, " -> ");
		print_endpoint(out, change->after, change[1].after);
		i++;
	}
}
