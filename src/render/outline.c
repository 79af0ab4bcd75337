// SPDX-License-Identifier: GPL-2.0-only
#include "render/outline.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

struct outline_line {
	size_t at, end; /* of the text */
	size_t depth;
	bool last; /* of those that belong to the same line */
};

int outline_open(struct outline *outline)
{
	*outline = (struct outline){ .error = 0 };
	outline->out = open_memstream(&outline->text, &outline->size);
	return outline->out ? 0 : -ENOMEM;
}

void outline_close(struct outline *outline)
{
	if (outline->out)
		fclose(outline->out);
	free(outline->text);
	free(outline->lines);
	*outline = (struct outline){ .error = 0 };
}

static int outline_grow(struct outline *outline)
{
	size_t room = outline->room ? 2 * outline->room : 64;
	struct outline_line *lines;

	if (outline->count < outline->room)
		return 0;
	lines = reallocarray(outline->lines, room, sizeof(*lines));
	if (!lines)
		return -ENOMEM;
	outline->lines = lines;
	outline->room = room;
	return 0;
}

void outline_line(struct outline *outline, size_t depth)
{
	if (fflush(outline->out) || outline_grow(outline)) {
		outline->error = -ENOMEM;
		return;
	}
	if (outline->count)
		outline->lines[outline->count - 1].end = outline->size;
	outline->lines[outline->count++] = (struct outline_line){
		.at = outline->size,
		.depth = depth < OUTLINE_DEPTH ? depth : OUTLINE_DEPTH,
	};
}

/* From the end: has a line of this depth been seen since one that is less deep? */
static void outline_find_last(struct outline *outline)
{
	bool seen[OUTLINE_DEPTH + 1] = { false };

	for (size_t i = outline->count; i-- > 0;) {
		struct outline_line *line = &outline->lines[i];

		line->last = !seen[line->depth];
		seen[line->depth] = true;
		for (size_t deeper = line->depth + 1; deeper <= OUTLINE_DEPTH; deeper++)
			seen[deeper] = false;
	}
}

static void outline_draw_line(const struct outline *outline,
			      const struct outline_line *line, bool *goes_on, FILE *to)
{
	goes_on[line->depth] = !line->last;
	for (size_t depth = 1; depth < line->depth; depth++)
		fputs(goes_on[depth] ? "│  " : "   ", to);
	if (line->depth)
		fputs(line->last ? "└─ " : "├─ ", to);
	fwrite(outline->text + line->at, 1, line->end - line->at, to);
	fputc('\n', to);
}

int outline_draw(struct outline *outline, FILE *to)
{
	bool goes_on[OUTLINE_DEPTH + 1] = { false };
	int error = outline->error;

	if (fflush(outline->out))
		error = -ENOMEM;
	if (!error && outline->count) {
		outline->lines[outline->count - 1].end = outline->size;
		outline_find_last(outline);
		for (size_t i = 0; i < outline->count; i++)
			outline_draw_line(outline, &outline->lines[i], goes_on, to);
	}
	outline->count = 0;
	outline->error = 0;
	rewind(outline->out);
	return error;
}
