// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/view.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/duration.h"
#include "base/log.h"
#include "cmd/options.h"
#include "cmd/value.h"
#include "render/classes.h"
#include "render/text_columns.h"

/* An analysis has a format for each of these. */
static int view_analysis(struct view *view, const char *name)
{
	char full[64];
	bool json;

	if (value_json(name, &json))
		return -EINVAL;
	snprintf(full, sizeof(full), "%s%s", view->analysis, json ? "-json" : "");
	view->format = render_find(full);
	return 0;
}

static int view_format(struct view *view, const char *name)
{
	char names[256] = "";

	if (view->analysis)
		return view_analysis(view, name);
	view->recording = !strcmp(name, "pcapng");
	view->format = render_find(name);
	if (view->format || view->recording)
		return 0;
	for (size_t i = 0; render_formats[i]; i++)
		snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s, ",
			 render_formats[i]->name);
	log_error("unknown format '%s': use one of %spcapng", name, names);
	return -EINVAL;
}

static int view_columns(struct view *view, const char *names)
{
	view->options.columns = names;
	if (columns_read(NULL, names))
		return 0;
	log_error("--columns '%s': use some of %s, each once, with commas between", names,
		  columns_names());
	return -EINVAL;
}

static int view_weight(struct view *view, const char *what)
{
	view->options.by_time = !strcmp(what, "time");
	if (view->options.by_time || !strcmp(what, "count"))
		return 0;
	log_error("--weight '%s': use count or time", what);
	return -EINVAL;
}

static int view_nodes(struct view *view, const char *what)
{
	view->options.by_function = !strcmp(what, "function");
	if (view->options.by_function || !strcmp(what, "stage"))
		return 0;
	log_error("--nodes '%s': use stage or function", what);
	return -EINVAL;
}

int view_by(const char *names, unsigned int *by)
{
	if (classes_by_read(names, by))
		return 0;
	log_error("--by '%s': use some of flow, end, dev, with commas between", names);
	return -EINVAL;
}

/* "1ms" */
static int view_slow(struct view *view, const char *text)
{
	char *end;
	double number = strtod(text, &end), ns = number * duration_unit(end);

	if (end != text && ns >= 1 && ns < 1e18) {
		view->slow = (uint64_t)ns;
		return 0;
	}
	log_error("--slow '%s': use a time like 20us, 1ms, 2s", text);
	return -EINVAL;
}

int view_option(struct view *view, int option, const char *value)
{
	switch (option) {
	case VIEW_FORMAT:
		return view_format(view, value);
	case VIEW_SHORT:
		view->options.brief = true;
		return 0;
	case VIEW_LIVE:
		view->options.live = true;
		return 0;
	case VIEW_WEIGHT:
		return view_weight(view, value);
	case VIEW_NODES:
		return view_nodes(view, value);
	case VIEW_COLUMNS:
		return view_columns(view, value);
	case VIEW_BY:
		return view_by(value, &view->options.by);
	case VIEW_RARE:
		view->options.rare = true;
		return 0;
	case VIEW_FROM:
		view->options.from = value;
		return 0;
	case VIEW_TO:
		view->options.to = value;
		return 0;
	case VIEW_SLOW:
		return view_slow(view, value);
	}
	return 1;
}

int view_check_terminal(void)
{
	if (!isatty(STDOUT_FILENO))
		return 0;
	log_error(
		"standard output is a terminal: a recording is not for one, use -o FILE");
	return -EINVAL;
}

int view_check(const struct view *view)
{
	const struct render_ops nothing = {
		.name = view->recording ? "pcapng" : "of nothing",
	};

	if (view->slow && view->options.live) {
		log_error(
			"--slow: with --live it is not known yet how long a path takes");
		return -EINVAL;
	}
	return render_takes(view->format ?: &nothing, &view->options) ? 0 : -EINVAL;
}
