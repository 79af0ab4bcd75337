// SPDX-License-Identifier: GPL-2.0-only
#include "render/text.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "render/escape.h"
#include "render/words.h"

#define NAME_SIZE 320 /* of a name as it is shown */

/* ECMA-48, select graphic rendition */
static const char *const style_codes[] = {
	[TEXT_PLAIN] = "",	  [TEXT_BOLD] = "\033[1m", [TEXT_DIM] = "\033[2m",
	[TEXT_GOOD] = "\033[32m", [TEXT_BAD] = "\033[31m", [TEXT_DOUBT] = "\033[33m",
};
static_assert(sizeof(style_codes) / sizeof(style_codes[0]) == TEXT_STYLES,
	      "a code per style");

/* "dropped in ip_rcv_core ..." */
static const struct {
	const char *word, *before;
	enum text_style style;
} ends[] = {
	[PATH_OPEN] = { "still open", ", last seen in", TEXT_DOUBT },
	[PATH_DELIVERED] = { "delivered", " to", TEXT_GOOD },
	[PATH_TRANSMITTED] = { "transmitted", " by", TEXT_GOOD },
	[PATH_DROPPED] = { "dropped", " in", TEXT_BAD },
	[PATH_CONSUMED] = { "consumed", " by", TEXT_PLAIN },
	[PATH_LOST] = { "lost from sight", ", last seen in", TEXT_DOUBT },
	[PATH_MERGED] = { "merged", " in", TEXT_PLAIN },
};
static_assert(sizeof(ends) / sizeof(ends[0]) == PATH_ENDS, "words per end");

void text_begin(const struct text *text, enum text_style style)
{
	if (text->colour)
		fputs(style_codes[style], text->render.out);
}

void text_end(const struct text *text, enum text_style style)
{
	if (text->colour && style != TEXT_PLAIN)
		fputs("\033[0m", text->render.out);
}

void text_process(FILE *out, const struct step *step)
{
	char name[ESCAPE_SIZE(EVENT_COMM_LEN)];

	escape_terminal(name, sizeof(name), step->comm);
	if (step->pid)
		fprintf(out, "%s/%" PRIu32, name, step->pid);
	else
		fprintf(out, "%s", name[0] ? name : "-");
}

/* ---- places */

static bool place_is_known(const struct step *step)
{
	return step->netns || step->ifindex;
}

void text_netns(FILE *out, const struct step *step)
{
	char name[PLACE_NAME], safe[ESCAPE_SIZE(PLACE_NAME)];

	escape_terminal(safe, sizeof(safe), place_netns(name, step));
	fputs(safe, out);
}

void text_device(FILE *out, const struct step *step)
{
	char name[WORDS_SIZE];

	words_device(name, sizeof(name), step);
	fputs(name, out);
}

void text_place(FILE *out, const struct step *step)
{
	if (place_is_known(step)) {
		fprintf(out, "[");
		text_netns(out, step);
		fprintf(out, "] ");
		text_device(out, step);
	} else {
		fprintf(out, "[unknown place]");
	}
}

/* ---- the packet */

void text_packet(const struct text *text, const struct path *path)
{
	char line[512];

	flow_print(&path->flow, line, sizeof(line));
	text_begin(text, TEXT_BOLD);
	fprintf(text->render.out, "#%" PRIu64 " %s", path->id, line);
	text_end(text, TEXT_BOLD);
	if (path->conversation)
		fprintf(text->render.out, ", conversation %" PRIu64, path->conversation);
}

void text_origin(FILE *out, const char *before, const struct path *path)
{
	char origin[WORDS_SIZE];

	if (words_origin(origin, sizeof(origin), path))
		fprintf(out, "%s%s", before, origin);
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

void text_waited(FILE *out, const char *before, const struct path *path, size_t i)
{
	fprintf(out, "%swaited ", before);
	print_duration(out, path_between(&path->steps[i - 1], &path->steps[i]));
	fprintf(out, " %s", queue_words(path_waited(path, i)));
}

void text_count(FILE *out, uint64_t count, const char *one, const char *many)
{
	fprintf(out, "%" PRIu64 " %s", count, count == 1 ? one : many);
}

static const char *end_word_before(const struct path *path)
{
	if (path->end == PATH_CONSUMED && path->where_last)
		return " after";
	if (path_is_with_socket(path))
		return ", given to a socket in";
	return ends[path->end].before;
}

/* " to ping_rcv in blue, read by ping/1234,", or only the reader, if that was all */
static void print_delivery(FILE *out, const struct path *path)
{
	const struct step *step = &path->steps[path->end_step];
	const struct step *reader = path_reader(path);
	char name[NAME_SIZE];

	escape_terminal(name, sizeof(name), path_where(path));
	fprintf(out, "%s ", end_word_before(path));
	if (step == reader)
		text_process(out, reader);
	else
		fprintf(out, "%s", name);
	if (step->netns) {
		fprintf(out, " in ");
		text_netns(out, step);
	}
	if (reader && step != reader) {
		fprintf(out, ", read by ");
		text_process(out, reader);
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

	escape_terminal(name, sizeof(name), path_where(path));
	if (path->end == PATH_DELIVERED && step) {
		print_delivery(out, path);
	} else if (path->end == PATH_TRANSMITTED && step && step->ifindex) {
		fprintf(out, "%s ", end_word_before(path));
		text_device(out, step);
	} else if (name[0]) {
		fprintf(out, "%s %s", end_word_before(path), name);
	}
	print_reason(out, path);
}

void text_outcome(const struct text *text, const struct path *path)
{
	FILE *out = text->render.out;

	text_begin(text, ends[path->end].style);
	fprintf(out, "%s", ends[path->end].word);
	if (path->lineage.merged_into)
		fprintf(out, " into #%" PRIu64, path->lineage.merged_into);
	else if (path->lineage.merged)
		fprintf(out, " into a packet that is not followed");
	print_where(out, path);
	text_end(text, ends[path->end].style);
	fprintf(out, " after ");
	text_count(out, path->count + path->skipped, "step", "steps");
	fprintf(out, ", ");
	print_duration(out, path_duration(path));
}

#define DOUBTS_NAMES 3

/* By the names of few, as they are many where each function is counted by itself. */
static void print_missed(FILE *out, const struct missed_list *missed)
{
	char name[NAME_SIZE];

	fprintf(out, "the kernel skipped ");
	text_count(out, missed_runs(missed), "run of a probe", "runs of probes");
	fprintf(out, " meanwhile");
	for (size_t i = 0; i < missed->count && i < DOUBTS_NAMES; i++) {
		escape_terminal(name, sizeof(name), missed->list[i].name);
		fprintf(out, "%s%" PRIu64 " at %s%s", i ? ", " : ": ",
			missed->list[i].runs, missed_kind_words(missed->list[i].kind),
			name);
	}
	if (missed->count > DOUBTS_NAMES)
		fprintf(out, ", ...");
}

void text_doubts(const struct text *text, const struct path *path)
{
	FILE *out = text->render.out;

	if (path->complete)
		return;
	text_begin(text, TEXT_DOUBT);
	fprintf(out, "may have a hole: ");
	if (path->skipped) {
		text_count(out, path->skipped, "step", "steps");
		fprintf(out, " too many to keep");
	} else if (path->lost) {
		text_count(out, path->lost, "event", "events");
		fprintf(out, " lost meanwhile");
	} else if (path->narrowed) {
		fprintf(out, "functions were no longer probed from some step on");
	} else if (path->blind) {
		fprintf(out, "the kernel skipped all kprobes at ");
		text_count(out, path->blind, "tracepoint", "tracepoints");
	} else if (path->missed.count) {
		print_missed(out, &path->missed);
	} else {
		fprintf(out, "its beginning was not seen");
	}
	text_end(text, TEXT_DOUBT);
}
