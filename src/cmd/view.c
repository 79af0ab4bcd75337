// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/view.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "render/text_columns.h"

static int view_format(struct view *view, const char *name)
{
	char names[256] = "";

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
	}
	return 1;
}

int view_check(const struct view *view)
{
	static const struct render_ops nothing = { .name = "of nothing" };

	return render_takes(view->format ?: &nothing, &view->options) ? 0 : -EINVAL;
}
