// SPDX-License-Identifier: GPL-2.0-only
/*
 * diff_text.c - where paths part, for people
 *
 *	parted: 1 path | 1 path
 *	  GOOD  #1 icmp echo request 10.9.0.2 -> 10.9.0.1 id 7 seq 1 len 84
 *	        consumed in icmp_rcv
 *	  BAD   #1 icmp echo request 10.9.0.2 -> 10.9.0.1 id 9 seq 1 len 84
 *	        dropped in ip_rcv_core: OTHERHOST
 *	  they part at ip_rcv: device m0 | parent
 *	  ...
 */
#include <inttypes.h>

#include "diff/diff.h"
#include "diff/pair_text.h"
#include "render/escape.h"
#include "render/words.h"

#define DETAILS 20 /* pairs of which everything is shown */

static void print_safe(FILE *out, const char *text)
{
	char safe[WORDS_SIZE];

	escape_terminal(safe, sizeof(safe), text);
	fputs(safe, out);
}

static void print_count(FILE *out, uint64_t count, const char *one, const char *many)
{
	fprintf(out, "%" PRIu64 " %s", count, count == 1 ? one : many);
}

/* ---- what is compared */

static void print_side(FILE *out, const struct diff *diff, enum diff_which which)
{
	const struct diff_side *side = &diff->sides[which];

	fprintf(out, "%-4s  ", diff_side_name(which));
	print_safe(out, side->operand);
	fputs(": ", out);
	print_count(out, side->classes.paths, "path", "paths");
	fputs(" in ", out);
	print_count(out, side->routes.count, "class", "classes");
	if (side->release[0]) {
		fputs(", Linux ", out);
		print_safe(out, side->release);
		fputs(", ", out);
		print_safe(out, side->backend);
	}
	fputs(side->cut ? ", cut off\n" : "\n", out);
}

static void print_head(FILE *out, const struct diff *diff)
{
	print_side(out, diff, DIFF_GOOD);
	print_side(out, diff, DIFF_BAD);
	for (size_t i = 0; i < diff->note_count; i++) {
		fputs("note: ", out);
		print_safe(out, diff->notes[i]);
		fputc('\n', out);
	}
}

/* ---- the pairs */

static void print_example(FILE *out, const char *name, const struct route *route)
{
	char packet[WORDS_SIZE];

	flow_print(&route->class->flow, packet, sizeof(packet));
	fprintf(out, "  %-4s  #%" PRIu64 " %s\n        %s\n", name, route->class->example,
		packet, route->class->outcome);
	if (route->class->incomplete)
		fputs("        which may have a hole\n", out);
}

/* "same: 3 paths | 4 paths, icmp echo ...: delivered in ping_rcv" */
static void print_same(FILE *out, const struct pair *pair)
{
	char packet[WORDS_SIZE];

	flow_print(&pair->left->class->flow, packet, sizeof(packet));
	fputs("same: ", out);
	print_count(out, pair->left->paths, "path", "paths");
	fputs(" | ", out);
	print_count(out, pair->right->paths, "path", "paths");
	fprintf(out, ", as %s: %s\n", packet, pair->left->class->outcome);
}

/* "ignored: 1 path of GOOD to ask for a neighbour, as arp reply ...: consumed" */
static void print_ignored(FILE *out, const struct pair *pair)
{
	bool left = pair->kind == PAIR_LEFT;
	const struct route *route = left ? pair->left : pair->right;
	char packet[WORDS_SIZE];

	flow_print(&route->class->flow, packet, sizeof(packet));
	fputs("ignored: ", out);
	print_count(out, route->paths, "path", "paths");
	fprintf(out, " of %s to ask for a neighbour, as %s: %s\n",
		diff_side_name(left ? DIFF_GOOD : DIFF_BAD), packet,
		route->class->outcome);
}

static void print_title(FILE *out, const struct pair *pair)
{
	switch (pair->kind) {
	case PAIR_LEFT:
		fputs("only in GOOD: ", out);
		print_count(out, pair->left->paths, "path", "paths");
		break;
	case PAIR_RIGHT:
		fputs("only in BAD: ", out);
		print_count(out, pair->right->paths, "path", "paths");
		break;
	default:
		fputs("parted: ", out);
		print_count(out, pair->left->paths, "path", "paths");
		fputs(" | ", out);
		print_count(out, pair->right->paths, "path", "paths");
		break;
	}
	if (pair->kind != PAIR_PARTED)
		fputs(pair->left && pair->right
			      ? ", beside what is most alike on the other side"
			      : ", and no packet of its kind on the other side",
		      out);
	fputc('\n', out);
}

static void print_pair(FILE *out, const struct pair *pair, const struct diff_view *view)
{
	fputc('\n', out);
	print_title(out, pair);
	if (pair->left)
		print_example(out, "GOOD", pair->left);
	if (pair->right)
		print_example(out, "BAD", pair->right);
	if (pair->left && pair->right)
		pair_text(out, pair, view);
}

static void print_pairs(FILE *out, const struct diff *diff, const struct diff_view *view)
{
	const struct pairs *pairs = &diff->pairs;
	size_t differ = 0;

	for (size_t i = 0; i < pairs->count; i++) {
		if (pairs->list[i].kind == PAIR_SAME)
			print_same(out, &pairs->list[i]);
		else if (pair_is_ignored(&pairs->list[i]))
			print_ignored(out, &pairs->list[i]);
	}
	for (size_t i = pairs->counts[PAIR_SAME]; i < pairs->count; i++) {
		if (!pair_is_ignored(&pairs->list[i]) && differ++ < DETAILS)
			print_pair(out, &pairs->list[i], view);
	}
	if (differ > DETAILS)
		fprintf(out, "\nand %zu more, see -f json\n", differ - DETAILS);
}

void diff_text(FILE *out, const struct diff *diff, const struct diff_view *view)
{
	print_head(out, diff);
	print_pairs(out, diff, view);
	if (diff_same(diff))
		fputs(diff->pairs.count ? "no difference\n"
					: "no paths on either side: no difference\n",
		      out);
}
