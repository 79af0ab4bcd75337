// SPDX-License-Identifier: GPL-2.0-only
/*
 * html.c - one page that needs nothing else: packets to search in, each with its way
 *
 * The paths are in it as JSON, one per line, and share/views/page.js draws them. A "<"
 * could end the script that they are in, so that none comes out as it is.
 */
#include "render/render.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "render/formats.h"
#include "render/json.h"
#include "render/palette.h"
#include "render/writer.h"

/* share/views, each line a string literal */
static const char style[] =
#include "render/page_css.inc"
	;
static const char script[] =
#include "render/page_js.inc"
	;

struct html {
	struct render render;
	struct writer writer;
	bool begun;
};

/* What has been written so far, as the inside of a script. */
static int html_put(struct html *html)
{
	struct writer *writer = &html->writer;
	FILE *out = html->render.out;
	const char *at = writer->text, *end = at + writer->used;
	bool failed = writer->failed;

	for (const char *next; !failed && at < end; at = next) {
		next = memchr(at, '<', (size_t)(end - at)) ?: end;
		fwrite(at, 1, (size_t)(next - at), out);
		if (next < end) {
			fputs("\\u003c", out);
			next++;
		}
	}
	writer->used = 0;
	writer->failed = false;
	return failed ? -ENOMEM : 0;
}

static void print_colours(struct html *html)
{
	struct writer *writer = &html->writer;

	writer_open(writer, NULL, '{');
	for (size_t i = 0; palette_name(i); i++) {
		writer_key(writer, palette_name(i), strlen(palette_name(i)));
		writer_put_text(writer, palette_stage(palette_name(i)));
	}
	writer_close(writer, '}');
}

/* Nothing is loaded from anywhere, and nothing is sent. */
static int html_begin(struct html *html)
{
	FILE *out = html->render.out;
	int error;

	html->begun = true;
	fprintf(out,
		"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
		"'none'; "
		"style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n"
		"<meta name=\"viewport\" content=\"width=device-width\">\n"
		"<title>bpfpath: ways of packets</title>\n<style>\n%s</style>\n</head>\n"
		"<body>\n"
		"<header><h1>Ways of packets</h1><span id=\"summary\"></span>"
		"<span class=\"quiet\">bpfpath %s</span></header>\n"
		"<main>\n<nav aria-label=\"packets\"><div id=\"tools\">"
		"<input id=\"find\" type=\"search\" aria-label=\"search\" placeholder=\""
		"search: address, device, function, reason, process (/)\">"
		"<div id=\"ends\"></div><span id=\"count\" class=\"quiet\"></span></div>"
		"<div id=\"list\" role=\"listbox\" aria-label=\"packets\" tabindex=\"0\">"
		"<div id=\"room\"></div></div></nav>\n"
		"<section id=\"detail\" tabindex=\"0\"></section>\n</main>\n"
		"<script type=\"application/json\" id=\"colours\">",
		style, BPFPATH_VERSION);
	print_colours(html);
	error = html_put(html);
	fputs("</script>\n<script type=\"application/json\" id=\"packets\">[", out);
	return error;
}

static int html_path(struct render *render, const struct path *path)
{
	struct html *html = (struct html *)render;
	struct writer *writer = &html->writer;
	int error = 0;
	char line[512];

	if (!html->begun)
		error = html_begin(html);
	else
		fputc(',', render->out);
	if (error)
		return error;
	flow_print(&path->flow, line, sizeof(line));
	writer_open(writer, NULL, '{');
	writer_text(writer, "line", line);
	writer_key(writer, "path", strlen("path"));
	json_write(writer, path);
	writer_close(writer, '}');
	writer_raw(writer, "\n", 1);
	return html_put(html);
}

static int html_finish(struct render *render)
{
	struct html *html = (struct html *)render;
	int error = html->begun ? 0 : html_begin(html);

	fprintf(render->out, "]</script>\n<script>\n%s</script>\n</body>\n</html>\n",
		script);
	return error;
}

static void html_free(struct render *render)
{
	writer_free(&((struct html *)render)->writer);
	free(render);
}

static struct render *html_new(FILE *out, const struct render_options *options)
{
	struct html *html = calloc(1, sizeof(*html));

	if (!html)
		return NULL;
	html->render = (struct render){ .ops = &render_html_ops, .out = out };
	return &html->render;
}

const struct render_ops render_html_ops = {
	.name = "html",
	.help = "a page to search in, with the way of each packet drawn",
	.path = html_path,
	.finish = html_finish,
	.free = html_free,
	.new = html_new,
};
