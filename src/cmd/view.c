// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/view.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "cmd/options.h"
#include "render/classes.h"
#include "render/text_columns.h"

/* An analysis has a format for each of these. */
static int view_analysis(struct view *view, const char *name)
{
	char full[64];
	bool json;

	if (options_json(name, &json))
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
	view->format = render_find(name);
	if (view->format)
		return 0;
	for (size_t i = 0; render_formats[i]; i++)
		snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s%s",
			 i ? ", " : "", render_formats[i]->name);
	log_error("unknown format '%s': use one of %s", name, names);
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

static int view_by(struct view *view, const char *names)
{
	if (classes_by_read(names, &view->options.by))
		return 0;
	log_error("--by '%s': use some of flow, end, dev, with commas between", names);
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
		return view_by(view, value);
	case VIEW_RARE:
		view->options.rare = true;
		return 0;
	}
	return 1;
}

int view_check(const struct view *view)
{
	static const struct render_ops nothing = { .name = "of nothing" };

	return render_takes(view->format ?: &nothing, &view->options) ? 0 : -EINVAL;
}
