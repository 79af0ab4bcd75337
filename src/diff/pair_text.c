// SPDX-License-Identifier: GPL-2.0-only
#include "diff/pair_text.h"

#include <inttypes.h>
#include <string.h>

#include "diff/diff.h"
#include "diff/packet.h"
#include "diff/beside.h"
#include "render/escape.h"
#include "render/place.h"
#include "render/words.h"

#define CELL 512

struct printer {
	struct beside beside;
	const struct pair *pair;
	const struct route_step *left, *right; /* that were printed last */
};

static const struct route_step *step_at(const struct route *route, uint32_t i)
{
	return i == ALIGN_NONE ? NULL : &route->steps[i];
}

/* ---- where they part */

static void put_result(char *text, size_t size, const struct step *step)
{
	if (!step->returned)
		snprintf(text, size, "not seen");
	else if (step->result.word)
		escape_terminal(text, size, step->result.word);
	else if (step->result.numeric)
		snprintf(text, size, "%" PRId64, step->result.number);
	else
		snprintf(text, size, "something");
}

static void put_device(char *text, size_t size, const struct step *step)
{
	words_device(text, size, step);
}

static void put_netns(char *text, size_t size, const struct step *step)
{
	words_netns(text, size, step);
}

/* "src, ttl", or "nothing" */
static void put_changes(char *text, size_t size, const struct step *step)
{
	const struct changes *changes = step->changes;
	size_t used = 0;

	snprintf(text, size, "nothing");
	if (changes && changes->tunnel)
		used = (size_t)snprintf(text, size, "tunnel");
	for (size_t i = 0; changes && i < changes->count && used < size; i++)
		used += (size_t)snprintf(text + used, size - used, "%s%s",
					 used ? ", " : "",
					 change_name(changes->list[i].field));
}

/* What is said of each aspect of two steps that belong together. */
static const struct {
	enum compare_aspect aspect;
	const char *words;
	void (*put)(char *text, size_t size, const struct step *step);
} aspects[] = {
	{ COMPARE_NETNS, "namespace", put_netns },
	{ COMPARE_DEVICE, "device", put_device },
	{ COMPARE_RESULT, "returned", put_result },
	{ COMPARE_CHANGE, "altered", put_changes },
};

/* ": device m0 | parent, returned ACCEPT | DROP" */
static void print_aspects(FILE *out, unsigned int differs, const struct step *left,
			  const struct step *right)
{
	const char *before = ": ";

	for (size_t i = 0; i < sizeof(aspects) / sizeof(aspects[0]); i++) {
		char of_left[CELL], of_right[CELL];

		if (!(differs & 1U << aspects[i].aspect))
			continue;
		aspects[i].put(of_left, sizeof(of_left), left);
		aspects[i].put(of_right, sizeof(of_right), right);
		fprintf(out, "%s%s %s | %s", before, aspects[i].words, of_left, of_right);
		before = ", ";
	}
}

static const char *step_name(char name[CELL], const struct route_step *step)
{
	escape_terminal(name, CELL, step->name);
	return name;
}

static void print_parting_row(FILE *out, const struct pair *pair,
			      const struct compare_row *row)
{
	const struct route_step *left = step_at(pair->left, row->at.left);
	const struct route_step *right = step_at(pair->right, row->at.right);
	char name[CELL], other[CELL];

	if (left && right && left->name == right->name)
		fprintf(out, "  they part at %s", step_name(name, left));
	else if (left && right)
		fprintf(out, "  they part at %s | %s", step_name(name, left),
			step_name(other, right));
	else
		fprintf(out, "  they part before %s, which is only in %s",
			step_name(name, left ?: right), left ? "GOOD" : "BAD");
	if (left && right)
		print_aspects(out, row->differs, &left->step, &right->step);
	fputc('\n', out);
}

/* Headers as they are where paths part: of the last step before, if it is behind all. */
static const struct flow *flow_at(const struct pair *pair, bool right)
{
	const struct route *route = right ? pair->right : pair->left;
	const struct comparison *comparison = &pair->comparison;
	const struct flow *flow = &route->class->flow;

	for (size_t i = 0; i <= comparison->part && i < comparison->count; i++) {
		const struct align_row *at = &comparison->rows[i].at;
		const struct route_step *step = step_at(route,
							right ? at->right : at->left);

		if (step)
			flow = step->flow;
	}
	return flow;
}

static void print_packet(FILE *out, const struct pair *pair)
{
	struct packet_field fields[PACKET_FIELDS];
	size_t count = packet_compare(flow_at(pair, false), flow_at(pair, true), fields);

	for (size_t i = 0; i < count; i++)
		fprintf(out, "%s%s %s | %s",
			i ? ", " : "  the packet there, which need not mean anything: ",
			fields[i].name, fields[i].left, fields[i].right);
	if (count)
		fputc('\n', out);
}

static void print_renamed(FILE *out, const struct comparison *comparison)
{
	const char *before = "  taken for the same: ";

	for (size_t i = 0; i < comparison->roles.count; i++) {
		const struct role *role = &comparison->roles.list[i];
		char left[CELL], right[CELL];

		if (!role->renamed)
			continue;
		(role->what == ROLES_NETNS ? put_netns : put_device)(left, CELL,
								     role->left);
		(role->what == ROLES_NETNS ? put_netns : put_device)(right, CELL,
								     role->right);
		fprintf(out, "%s%s = %s", before, left, right);
		before = ", ";
	}
	if (before[0] == ',')
		fputc('\n', out);
}

/* Otherwise only their ends differ. */
static bool part_at_step(const struct comparison *comparison)
{
	return comparison->part < comparison->count &&
	       comparison->rows[comparison->part].differs;
}

static void print_parting(FILE *out, const struct pair *pair)
{
	const struct comparison *comparison = &pair->comparison;

	if (part_at_step(comparison))
		print_parting_row(out, pair, &comparison->rows[comparison->part]);
	else
		fputs("  they part at the end\n", out);
	print_packet(out, pair);
	print_renamed(out, comparison);
	if (comparison->cut)
		fprintf(out, "  they are too long: %u steps of each are aligned\n",
			ALIGN_MOST);
}

/* ---- side by side */

static void print_line(const struct printer *printer, const char *left, const char *right,
		       char gutter, bool strong)
{
	const struct beside_line line = { left, right, gutter, strong };

	beside_print(&printer->beside, &line);
}

/* "  20 ip_rcv_core = NULL" */
static const char *step_cell(char cell[CELL], const struct route *route,
			     const struct route_step *step)
{
	char name[CELL / 2], result[64];

	escape_terminal(name, sizeof(name), step->name);
	put_result(result, sizeof(result), &step->step);
	snprintf(cell, CELL, "%4zu %s%s%s", (size_t)(step - route->steps) + 1, name,
		 step->step.result.word || step->step.result.numeric ? " = " : "",
		 step->step.result.word || step->step.result.numeric ? result : "");
	return cell;
}

/* NULL: it is where the step before was, which is told again if @again. */
static const char *place_cell(char cell[CELL], const struct route_step *step,
			      const struct route_step *before, bool again)
{
	char name[PLACE_NAME], netns[CELL / 2 - 8], device[CELL / 2 - 8];

	if (!step || (!again && before && !place_changed(&step->step, &before->step)))
		return NULL;
	escape_terminal(netns, sizeof(netns), place_netns(name, &step->step));
	escape_terminal(device, sizeof(device), place_device(name, &step->step));
	snprintf(cell, CELL, "  [%s] %s", netns, device);
	return cell;
}

/* "~ mac_dst 02:00:00:00:00:01"; NULL: the field was not altered. */
static const char *change_cell(char cell[CELL], const struct route_step *step,
			       enum change_field field)
{
	const struct changes *changes = step ? step->step.changes : NULL;

	for (size_t i = 0; changes && i < changes->count; i++) {
		const struct change *change = &changes->list[i];

		if (change->field != field)
			continue;
		snprintf(cell, CELL, "     ~ %s %s", change_name(field),
			 change->after[0] ? change->after : "none");
		return cell;
	}
	return NULL;
}

static const char *tunnel_cell(char cell[CELL], const struct route_step *step)
{
	const struct changes *changes = step ? step->step.changes : NULL;

	if (!changes || !changes->tunnel)
		return NULL;
	snprintf(cell, CELL, "     ~ %s a tunnel",
		 changes->tunnel == CHANGE_TUNNEL_ENTERED ? "into" : "out of");
	return cell;
}

static void print_changes(const struct printer *printer, const struct route_step *left,
			  const struct route_step *right, bool differs)
{
	char of_left[CELL], of_right[CELL];
	const char *a = tunnel_cell(of_left, left), *b = tunnel_cell(of_right, right);

	if (a || b)
		print_line(printer, a, b, differs && !a != !b ? '|' : ' ', false);
	for (enum change_field field = 0; field < CHANGE_FIELDS; field++) {
		a = change_cell(of_left, left, field);
		b = change_cell(of_right, right, field);
		if (a || b)
			print_line(printer, a, b, differs && !a != !b ? '|' : ' ', false);
	}
}

/* One step of both, or of one; what comes before it. */
static void print_steps(struct printer *printer, const struct route_step *left,
			const struct route_step *right, unsigned int differs, char gutter,
			bool strong)
{
	bool places = differs & (1U << COMPARE_DEVICE | 1U << COMPARE_NETNS);
	char of_left[CELL], of_right[CELL];
	const char *a = place_cell(of_left, left, printer->left, places);
	const char *b = place_cell(of_right, right, printer->right, places);

	if (a || b)
		print_line(printer, a, b, places ? '|' : ' ', false);
	print_changes(printer, left, right, differs & 1U << COMPARE_CHANGE);
	print_line(printer, left ? step_cell(of_left, printer->pair->left, left) : NULL,
		   right ? step_cell(of_right, printer->pair->right, right) : NULL,
		   gutter, strong);
	printer->left = left ?: printer->left;
	printer->right = right ?: printer->right;
}

static char row_gutter(const struct compare_row *row)
{
	if (compare_is_pair(row))
		return row->differs ? '|' : row->excuse ? '~' : ' ';
	if (row->at.right == ALIGN_NONE)
		return row->differs ? '<' : '(';
	return row->differs ? '>' : ')';
}

/* The next row from @i on, before @to, that has a step on this side. */
static size_t gap_next(const struct compare_row *rows, size_t i, size_t to, bool right)
{
	while (i < to && (right ? rows[i].at.right : rows[i].at.left) == ALIGN_NONE)
		i++;
	return i;
}

/* Two rows of one side each, or one of them; NULL: nothing is there. */
static void print_beside(struct printer *printer, const struct compare_row *left,
			 const struct compare_row *right)
{
	const struct comparison *comparison = &printer->pair->comparison;
	const struct compare_row *part = &comparison->rows[comparison->part];
	bool differs = (left && left->differs) || (right && right->differs);
	char gutter = left && right ? (differs ? '|' : '~') : row_gutter(left ?: right);

	print_steps(printer, left ? step_at(printer->pair->left, left->at.left) : NULL,
		    right ? step_at(printer->pair->right, right->at.right) : NULL, 0,
		    gutter, differs && (left == part || right == part));
}

/* Rows that are all of one side only: those of one beside those of the other. */
static void print_gap(struct printer *printer, size_t from, size_t to)
{
	const struct compare_row *rows = printer->pair->comparison.rows;
	size_t i = gap_next(rows, from, to, false), j = gap_next(rows, from, to, true);

	while (i < to || j < to) {
		print_beside(printer, i < to ? &rows[i] : NULL, j < to ? &rows[j] : NULL);
		i = gap_next(rows, i + (i < to), to, false);
		j = gap_next(rows, j + (j < to), to, true);
	}
}

static void print_rows(struct printer *printer, size_t from)
{
	const struct pair *pair = printer->pair;
	const struct comparison *comparison = &pair->comparison;
	size_t i = from;

	while (i < comparison->count) {
		const struct compare_row *row = &comparison->rows[i];
		size_t gap = i;

		while (gap < comparison->count &&
		       !compare_is_pair(&comparison->rows[gap]))
			gap++;
		if (gap > i) {
			print_gap(printer, i, gap);
			i = gap;
			continue;
		}
		print_steps(printer, step_at(pair->left, row->at.left),
			    step_at(pair->right, row->at.right), row->differs,
			    row_gutter(row), i == comparison->part && row->differs);
		i++;
	}
}

/* The first row that is shown: @context before they part, and no half of a gap. */
static size_t first_row(const struct comparison *comparison, size_t context)
{
	size_t from = comparison->part;

	while (from && !compare_is_pair(&comparison->rows[from - 1]))
		from--;
	return from > context ? from - context : 0;
}

static void print_ends(const struct printer *printer)
{
	const struct pair *pair = printer->pair;
	const char *left = pair->left->class->outcome;
	const char *right = pair->right->class->outcome;
	bool differs = pair->comparison.end;

	print_line(printer, left, right,
		   differs		 ? '|'
		   : strcmp(left, right) ? '~'
					 : ' ',
		   differs && !part_at_step(&pair->comparison));
}

void pair_text(FILE *out, const struct pair *pair, const struct diff_view *view)
{
	struct printer printer = {
		.beside = { out, view->width, view->colour },
		.pair = pair,
	};
	size_t from = first_row(&pair->comparison, view->context);

	print_parting(out, pair);
	fputc('\n', out);
	if (from)
		fprintf(out, "       (%zu steps before)\n", from);
	print_rows(&printer, from);
	print_ends(&printer);
}
