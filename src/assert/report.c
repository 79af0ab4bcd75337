// SPDX-License-Identifier: GPL-2.0-only
#include "assert/report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "assert/judge.h"
#include "base/cleanup.h"
#include "render/escape.h"
#include "render/markup.h"

/* @text may be of any length, and hold anything. */
static void print_safe(FILE *out, const char *text)
{
	size_t size = ESCAPE_SIZE(strlen(text)) + 1;
	AUTO_FREE char *safe = malloc(size);

	if (!safe)
		return;
	escape_terminal(safe, size, text);
	fputs(safe, out);
}

/* ---- words of both forms */

#define WORDS 128

static const char *packets_word(uint64_t count)
{
	return count == 1 ? "" : "s";
}

/* What all packets together came to; "" of the other expectations. */
static void words_total(char words[WORDS], const struct judge *judge,
			const struct verdict *verdict)
{
	char time[MARKUP_TIME];

	if (verdict->expect->kind == EXPECT_COUNT)
		snprintf(words, WORDS, "%" PRIu64 " packet%s", verdict->value,
			 packets_word(verdict->value));
	else if (verdict->value == UINT64_MAX)
		snprintf(words, WORDS, "not known, as paths may have holes");
	else
		snprintf(words, WORDS, "%s, of %" PRIu64 " packet%s",
			 markup_time(time, verdict->value), judge_packets(judge),
			 packets_word(judge_packets(judge)));
}

/* "1 of 3 packets", "412 packets" */
static void words_verdict(char words[WORDS], const struct judge *judge,
			  const struct verdict *verdict)
{
	uint64_t packets = judge_packets(judge);

	if (expect_is_total(verdict->expect))
		words_total(words, judge, verdict);
	else if (verdict->expect->any)
		snprintf(words, WORDS, "so with %" PRIu64 " of %" PRIu64 " packet%s",
			 verdict->good, packets, packets_word(packets));
	else if (verdict->holds)
		snprintf(words, WORDS, "%" PRIu64 " packet%s", packets,
			 packets_word(packets));
	else
		snprintf(words, WORDS, "not so with %" PRIu64 " of %" PRIu64 " packet%s",
			 verdict->bad, packets, packets_word(packets));
}

/* No packet, so that nothing can be said? */
static bool verdict_is_empty(const struct judge *judge, const struct verdict *verdict)
{
	return !judge_packets(judge) && verdict->expect->kind != EXPECT_COUNT;
}

/* ---- text */

static const char *verdict_word(const struct judge *judge, const struct verdict *verdict)
{
	if (verdict_is_empty(judge, verdict))
		return "nothing";
	return verdict->holds ? "holds" : "FAILS";
}

static void text_failure(FILE *out, const struct failure *failure)
{
	for (size_t i = 0; i < failure->excerpt.count; i++) {
		fputs(i ? "      " : "    ", out);
		print_safe(out, failure->excerpt.lines[i]);
		if (!i) {
			fputs(": ", out);
			print_safe(out, failure->why);
		}
		fputc('\n', out);
	}
}

static void text_verdict(FILE *out, const struct judge *judge,
			 const struct verdict *verdict)
{
	char words[WORDS] = "no packet";

	if (!verdict_is_empty(judge, verdict))
		words_verdict(words, judge, verdict);
	fprintf(out, "%-7s  ", verdict_word(judge, verdict));
	print_safe(out, verdict->expect->text);
	fprintf(out, ": %s\n", words);
	for (size_t i = 0; !verdict->holds && i < verdict->shown; i++)
		text_failure(out, &verdict->failures[i]);
	if (!verdict->holds && verdict->bad > verdict->shown)
		fprintf(out, "    and %" PRIu64 " more\n", verdict->bad - verdict->shown);
}

void report_text(FILE *out, const struct judge *judge)
{
	const struct verdict *verdicts = judge_verdicts(judge);

	for (size_t i = 0; i < judge_count(judge); i++)
		text_verdict(out, judge, &verdicts[i]);
}

/* ---- JUnit */

static void junit_begin(FILE *out, size_t tests, size_t failures, size_t errors)
{
	fprintf(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<testsuites>\n"
		"<testsuite name=\"bpfpath assert\" tests=\"%zu\" failures=\"%zu\" "
		"errors=\"%zu\" skipped=\"0\">\n",
		tests, failures, errors);
}

static void junit_end(FILE *out)
{
	fputs("</testsuite>\n</testsuites>\n", out);
}

static void junit_case(FILE *out, const struct verdict *verdict)
{
	fputs("<testcase classname=\"bpfpath.assert\" name=\"", out);
	markup_text(out, verdict->expect->text);
	fputs("\"", out);
}

static void junit_error(FILE *out, const struct verdict *verdict, const char *problem)
{
	junit_case(out, verdict);
	fputs("><error message=\"", out);
	markup_text(out, problem);
	fputs("\"/></testcase>\n", out);
}

static void junit_failure(FILE *out, const struct failure *failure)
{
	for (size_t i = 0; i < failure->excerpt.count; i++) {
		markup_text(out, failure->excerpt.lines[i]);
		if (!i) {
			fputs(": ", out);
			markup_text(out, failure->why);
		}
		fputc('\n', out);
	}
}

static void junit_verdict(FILE *out, const struct judge *judge,
			  const struct verdict *verdict)
{
	char words[WORDS];

	if (verdict_is_empty(judge, verdict)) {
		junit_error(out, verdict, "no packet");
		return;
	}
	junit_case(out, verdict);
	if (verdict->holds) {
		fputs("/>\n", out);
		return;
	}
	words_verdict(words, judge, verdict);
	fprintf(out, "><failure message=\"%s\">", words);
	for (size_t i = 0; i < verdict->shown; i++)
		junit_failure(out, &verdict->failures[i]);
	fputs("</failure></testcase>\n", out);
}

void report_junit(FILE *out, const struct judge *judge)
{
	const struct verdict *verdicts = judge_verdicts(judge);
	size_t count = judge_count(judge), failures = 0, errors = 0;

	for (size_t i = 0; i < count; i++) {
		if (verdict_is_empty(judge, &verdicts[i]))
			errors++;
		else
			failures += !verdicts[i].holds;
	}
	junit_begin(out, count, failures, errors);
	for (size_t i = 0; i < count; i++)
		junit_verdict(out, judge, &verdicts[i]);
	junit_end(out);
}

void report_junit_error(FILE *out, const struct judge *judge, const char *problem)
{
	const struct verdict *verdicts = judge_verdicts(judge);
	size_t count = judge_count(judge);

	junit_begin(out, count, 0, count);
	for (size_t i = 0; i < count; i++)
		junit_error(out, &verdicts[i], problem);
	junit_end(out);
}
