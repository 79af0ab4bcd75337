// SPDX-License-Identifier: GPL-2.0-only
/*
 * text.c - for people: a block per packet
 *
 *	#1 icmp echo request 10.9.0.1 -> 10.9.0.2 id 7 seq 1 len 84
 *	         us        +us  function       stage   cpu  process
 *	  [red] eth0
 *	      0.000             tc egress      tc        0  ping/1234
 *	      2.104     +2.104  net_dev_queue  xmit      0  ping/1234
 *	  delivered to ping_rcv in blue after 23 steps, 61.200 us, ...
 */
#include "render/render.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "render/escape.h"
#include "render/formats.h"
#include "render/phrases.h"
#include "render/row.h"
#include "render/text_changes.h"
#include "render/words.h"

#define NAME_SIZE      320 /* of a name as it is shown, with what it returned */
#define FUNCTION_WIDTH 44  /* longer names push their line to the right */
#define TIME_WIDTH     9   /* at least, so that most blocks look alike */
#define TIME_FRACTION  4   /* ".200" */

enum style {
	STYLE_PLAIN,
	STYLE_BOLD,
	STYLE_DIM,
	STYLE_GOOD,
	STYLE_BAD,
	STYLE_DOUBT,
	STYLES
};

/* ECMA-48, select graphic rendition */
static const char *const style_codes[] = {
	[STYLE_PLAIN] = "",	   [STYLE_BOLD] = "\033[1m", [STYLE_DIM] = "\033[2m",
	[STYLE_GOOD] = "\033[32m", [STYLE_BAD] = "\033[31m", [STYLE_DOUBT] = "\033[33m",
};
static_assert(sizeof(style_codes) / sizeof(style_codes[0]) == STYLES, "a code per style");

/* "dropped in ip_rcv_core ..." */
static const struct {
	const char *word, *before;
	enum style style;
} ends[] = {
	[PATH_OPEN] = { "still open", ", last seen in", STYLE_DOUBT },
	[PATH_DELIVERED] = { "delivered", " to", STYLE_GOOD },
	[PATH_TRANSMITTED] = { "transmitted", " by", STYLE_GOOD },
	[PATH_DROPPED] = { "dropped", " in", STYLE_BAD },
	[PATH_CONSUMED] = { "consumed", " by", STYLE_PLAIN },
	[PATH_LOST] = { "lost from sight", ", last seen in", STYLE_DOUBT },
	[PATH_MERGED] = { "merged", " in", STYLE_PLAIN },
};
static_assert(sizeof(ends) / sizeof(ends[0]) == PATH_ENDS, "words per end");

struct text {
	struct render render;
	bool colour;
	struct phrases names; /* of functions, as they are shown */
};

/* What the columns of a path have to hold. */
struct widths {
	int time, inside, function, stage; /* .inside: 0 where there is none */
};

static void style_begin(const struct text *text, enum style style)
{
	if (text->colour)
		fputs(style_codes[style], text->render.out);
}

static void style_end(const struct text *text, enum style style)
{
	if (text->colour && style != STYLE_PLAIN)
		fputs("\033[0m", text->render.out);
}

static int width_grow(int width, int length)
{
	if (length > FUNCTION_WIDTH)
		return FUNCTION_WIDTH;
	return length > width ? length : width;
}

static void row_style(struct row *row, const struct text *text, enum style style)
{
	if (text->colour)
		row_text(row, style_codes[style]);
}

static void row_style_end(struct row *row, const struct text *text, enum style style)
{
	if (text->colour && style != STYLE_PLAIN)
		row_text(row, "\033[0m");
}

/* Returns its length; @size is more than any that is kept. */
static size_t name_text(struct text *text, char *out, size_t size, const char *name)
{
	const struct phrase *known = phrases_find(&text->names, (uintptr_t)name);
	size_t length;

	if (known) {
		memcpy(out, known->text, known->length);
		return known->length;
	}
	length = escape_terminal(out, size, name);
	phrases_keep(&text->names, (uintptr_t)name, out, length);
	return length;
}

/* "nf_hook_slow = DROP", deeper in to the right. Returns its length; there is no NUL. */
static int function_text(struct text *text, char *out, size_t size,
			 const struct step *step)
{
	const struct result *result = &step->result;
	int used = 2 * (step->depth < 32 ? step->depth : 32);

	memset(out, ' ', (size_t)used);
	used += (int)name_text(text, out + used, size - (size_t)used, step->func);
	if (!step->returned)
		return used;
	if (result->word)
		used += snprintf(out + used, size - (size_t)used, " = %s", result->word);
	else if (result->numeric)
		used += snprintf(out + used, size - (size_t)used, " = %" PRId64,
				 result->number);
	return used < (int)size ? used : (int)size - 1;
}

static struct widths path_widths(struct text *text, const struct path *path)
{
	struct widths widths = {
		.time = TIME_WIDTH,
		.function = (int)strlen("function"),
		.stage = (int)strlen("stage"),
	};
	char name[NAME_SIZE];
	int length = snprintf(NULL, 0, "%" PRIu64, path_duration(path) / 1000) +
		     TIME_FRACTION;

	if (length > widths.time)
		widths.time = length;
	if (path->nested)
		widths.inside = widths.time + 2;
	for (size_t i = 0; i < path->count; i++) {
		const struct step *step = &path->steps[i];

		length = function_text(text, name, sizeof(name), step);
		widths.function = width_grow(widths.function, length);
		widths.stage = width_grow(widths.stage, (int)strlen(step->stage));
	}
	return widths;
}

/* ---- places */

static bool place_is_known(const struct step *step)
{
	return step->netns || step->ifindex;
}

static bool place_changed(const struct step *step, const struct step *before)
{
	return step->netns != before->netns || step->ifindex != before->ifindex ||
	       strcmp(step->dev, before->dev) != 0;
}

/* "blue", "netns 4026531840" */
static void print_netns(FILE *out, const struct step *step)
{
	char name[NAME_SIZE];

	if (step->netns_name) {
		escape_terminal(name, sizeof(name), step->netns_name);
		fprintf(out, "%s", name);
	} else {
		fprintf(out, "netns %" PRIu32, step->netns);
	}
}

static void print_device(FILE *out, const struct step *step)
{
	char name[WORDS_SIZE];

	words_device(name, sizeof(name), step);
	fprintf(out, "%s", name);
}

/* "  [blue] eth0" */
static void print_place(const struct text *text, const struct step *step)
{
	FILE *out = text->render.out;

	fprintf(out, "  ");
	style_begin(text, STYLE_BOLD);
	if (place_is_known(step)) {
		fprintf(out, "[");
		print_netns(out, step);
		fprintf(out, "] ");
		print_device(out, step);
	} else {
		fprintf(out, "[unknown place]");
	}
	style_end(text, STYLE_BOLD);
	fprintf(out, "\n");
}

/* ---- lineage */

static void print_parent(const struct text *text, const struct lineage *lineage)
{
	char parent[WORDS_SIZE];

	if (!lineage->maker)
		return;
	words_parent(parent, sizeof(parent), lineage);
	fprintf(text->render.out, "  %s\n", parent);
}

/*
 * "  -> #3 #4": the branches that began after the step and before the next one,
 * of those from @branch on. Returns the first that is left.
 */
static size_t print_branches(FILE *out, const struct path *path, size_t i, size_t branch)
{
	const struct relatives *branches = &path->lineage.branches;
	const char *before = "  ->";

	for (; branch < branches->count; branch++, before = "") {
		if (i + 1 < path->count &&
		    branches->list[branch].time >= path->steps[i + 1].time)
			break;
		fprintf(out, "%s #%" PRIu64, before, branches->list[branch].id);
	}
	return branch;
}

static void print_members(FILE *out, const struct relatives *members)
{
	if (!members->count)
		return;
	fprintf(out, "  merged into this one:");
	for (size_t i = 0; i < members->count; i++)
		fprintf(out, " #%" PRIu64, members->list[i].id);
	fprintf(out, "\n");
}

/* ---- steps */

static void print_heading(const struct text *text, const struct path *path,
			  const struct widths *widths)
{
	FILE *out = text->render.out;
	char line[512];

	flow_print(&path->flow, line, sizeof(line));
	style_begin(text, STYLE_BOLD);
	fprintf(out, "#%" PRIu64 " %s", path->id, line);
	style_end(text, STYLE_BOLD);
	fprintf(out, "\n");
	print_parent(text, &path->lineage);
	style_begin(text, STYLE_DIM);
	fprintf(out, "  %*s %*s", widths->time, "us", widths->time + 1, "+us");
	fprintf(out, "%*s", widths->inside, path->nested ? "inside" : "");
	fprintf(out, "  %-*s  %-*s  cpu  process", widths->function, "function",
		widths->stage, "stage");
	style_end(text, STYLE_DIM);
	fprintf(out, "\n");
}

static void row_times(struct row *row, const struct text *text, const struct path *path,
		      size_t i, const struct widths *widths)
{
	const struct step *step = &path->steps[i];

	row_style(row, text, STYLE_DIM);
	row_pad(row, 2);
	row_time(row, step->time - path->steps[0].time, "", widths->time);
	row_pad(row, 1);
	if (i > 0)
		row_time(row, step->time - step[-1].time, "+", widths->time + 1);
	else
		row_pad(row, widths->time + 1);
	row_style_end(row, text, STYLE_DIM);
}

/* How long the function took, with all that it called. */
static void row_inside(struct row *row, const struct step *step,
		       const struct widths *widths)
{
	if (!widths->inside)
		return;
	row_pad(row, 1);
	if (step->returned)
		row_time(row, step->returned - step->time, "", widths->inside - 1);
	else
		row_pad(row, widths->inside - 1);
}

/* "ping/1234"; the idle task of a CPU has no number worth showing. */
static void row_process(struct row *row, const struct step *step)
{
	char name[ESCAPE_SIZE(EVENT_COMM_LEN)];
	size_t length = escape_terminal(name, sizeof(name), step->comm);

	row_put(row, name, length);
	if (step->pid) {
		row_put(row, "/", 1);
		row_number(row, step->pid, 0);
	} else if (!length) {
		row_put(row, "-", 1);
	}
}

static void print_process(FILE *out, const struct step *step)
{
	struct row row;

	row.used = 0;
	row_process(&row, step);
	row_write(&row, out);
}

static void print_step(struct text *text, const struct path *path, size_t i,
		       const struct widths *widths)
{
	const struct step *step = &path->steps[i];
	char name[NAME_SIZE];
	int length = function_text(text, name, sizeof(name), step);
	struct row row;

	row.used = 0;
	row_times(&row, text, path, i, widths);
	row_inside(&row, step, widths);
	row_pad(&row, 2);
	row_left(&row, name, (size_t)length, widths->function);
	row_pad(&row, 2);
	row_left(&row, step->stage, strlen(step->stage), widths->stage);
	row_pad(&row, 2);
	row_number(&row, step->cpu, 3);
	row_pad(&row, 2);
	row_process(&row, step);
	row_write(&row, text->render.out);
}

/* Between two steps, as the first of them did it. */
static void print_changes(const struct text *text, const struct step *step,
			  const struct widths *widths)
{
	FILE *out = text->render.out;

	style_begin(text, STYLE_BOLD);
	text_changes(out, step, 2 * widths->time + 6 + widths->inside);
	style_end(text, STYLE_BOLD);
	fprintf(out, "\n");
}

static void print_steps(struct text *text, const struct path *path,
			const struct widths *widths)
{
	size_t branch = 0;

	for (size_t i = 0; i < path->count; i++) {
		const struct step *step = &path->steps[i];

		if (step->changes)
			print_changes(text, step, widths);
		if (i == 0 || place_changed(step, step - 1))
			print_place(text, step);
		print_step(text, path, i, widths);
		branch = print_branches(text->render.out, path, i, branch);
		fputc('\n', text->render.out);
	}
}

/* ---- the end */

static void print_duration(FILE *out, uint64_t ns)
{
	static const struct {
		uint64_t ns;
		const char *name;
	} units[] = { { 1000000000, "s" }, { 1000000, "ms" }, { 1000, "us" } };
	size_t i = 0;

	while (i < 2 && ns < units[i].ns)
		i++;
	fprintf(out, "%" PRIu64 ".%03u %s", ns / units[i].ns,
		(unsigned int)(ns % units[i].ns * 1000 / units[i].ns), units[i].name);
}

static void print_count(FILE *out, uint64_t count, const char *one, const char *many)
{
	fprintf(out, "%" PRIu64 " %s", count, count == 1 ? one : many);
}

static const char *end_word_before(const struct path *path)
{
	if (path->end == PATH_CONSUMED && path->where_last)
		return " after";
	return ends[path->end].before;
}

/* " to ping_rcv in blue, read by ping/1234,", or only the reader, if that was all */
static void print_delivery(FILE *out, const struct path *path)
{
	const struct step *step = &path->steps[path->end_step];
	const struct step *reader = path_reader(path);
	char name[NAME_SIZE];

	escape_terminal(name, sizeof(name), path->where);
	fprintf(out, "%s ", end_word_before(path));
	if (step == reader)
		print_process(out, reader);
	else
		fprintf(out, "%s", name);
	if (step->netns) {
		fprintf(out, " in ");
		print_netns(out, step);
	}
	if (reader && step != reader) {
		fprintf(out, ", read by ");
		print_process(out, reader);
		fprintf(out, ",");
	}
}

static void print_reason(FILE *out, const struct path *path)
{
	char name[NAME_SIZE];

	if (path->reason) {
		escape_terminal(name, sizeof(name), path->reason);
		fprintf(out, ": %s,", name);
	} else if (path->reason_value) {
		fprintf(out, ": reason %" PRIu32 ",", path->reason_value);
	}
}

/* " by eth0", " in ip_rcv_core: OTHERHOST," */
static void print_where(FILE *out, const struct path *path)
{
	const struct step *step = path->count ? &path->steps[path->end_step] : NULL;
	char name[NAME_SIZE];

	escape_terminal(name, sizeof(name), path->where);
	if (path->end == PATH_DELIVERED && step) {
		print_delivery(out, path);
	} else if (path->end == PATH_TRANSMITTED && step && step->ifindex) {
		fprintf(out, "%s ", end_word_before(path));
		print_device(out, step);
	} else if (name[0]) {
		fprintf(out, "%s %s", end_word_before(path), name);
	}
	print_reason(out, path);
}

static void print_summary(FILE *out, const struct path *path)
{
	size_t netns = path_netns_count(path), devices = path_device_count(path);

	fprintf(out, " after ");
	print_count(out, path->count + path->skipped, "step", "steps");
	fprintf(out, ", ");
	print_duration(out, path_duration(path));
	if (netns) {
		fprintf(out, ", ");
		print_count(out, netns, "namespace", "namespaces");
	}
	if (devices) {
		fprintf(out, ", ");
		print_count(out, devices, "device", "devices");
	}
	fprintf(out, "\n");
}

static void print_doubts(const struct text *text, const struct path *path)
{
	FILE *out = text->render.out;

	if (path->complete)
		return;
	fprintf(out, "  ");
	style_begin(text, STYLE_DOUBT);
	fprintf(out, "may have a hole: ");
	if (path->skipped) {
		print_count(out, path->skipped, "step", "steps");
		fprintf(out, " too many to keep");
	} else if (path->lost) {
		print_count(out, path->lost, "event", "events");
		fprintf(out, " lost meanwhile");
	} else if (path->narrowed) {
		fprintf(out, "functions were no longer probed from some step on");
	} else {
		fprintf(out, "its beginning was not seen");
	}
	style_end(text, STYLE_DOUBT);
	fprintf(out, "\n");
}

/* "    the destination MAC address is another host's: ..." */
static void print_explanation(FILE *out, const struct path *path)
{
	const char *explanation = path_explanation(path);

	if (explanation)
		fprintf(out, "    %s\n", explanation);
}

static void print_end(const struct text *text, const struct path *path)
{
	FILE *out = text->render.out;

	print_members(out, &path->lineage.members);
	fprintf(out, "  ");
	style_begin(text, ends[path->end].style);
	fprintf(out, "%s", ends[path->end].word);
	if (path->lineage.merged_into)
		fprintf(out, " into #%" PRIu64, path->lineage.merged_into);
	else if (path->lineage.merged)
		fprintf(out, " into a packet that is not followed");
	print_where(out, path);
	style_end(text, ends[path->end].style);
	print_summary(out, path);
	print_explanation(out, path);
	print_doubts(text, path);
}

/* ---- the format */

static int text_path(struct render *render, const struct path *path)
{
	struct text *text = (struct text *)render;
	struct widths widths = path_widths(text, path);

	print_heading(text, path, &widths);
	print_steps(text, path, &widths);
	print_end(text, path);
	fprintf(render->out, "\n");
	return 0;
}

static void text_free(struct render *render)
{
	phrases_free(&((struct text *)render)->names);
	free(render);
}

static struct render *text_new(FILE *out, const struct render_options *options)
{
	struct text *text = malloc(sizeof(*text));

	if (!text)
		return NULL;
	*text = (struct text){
		.render = { &render_text_ops, out },
		.colour = options->colour,
	};
	return &text->render;
}

const struct render_ops render_text_ops = {
	.name = "text",
	.help = "a block of lines per packet, for people",
	.path = text_path,
	.free = text_free,
	.new = text_new,
};
