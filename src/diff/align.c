// SPDX-License-Identifier: GPL-2.0-only
#include "diff/align.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

/* What comes first from here on. */
enum move { MOVE_PAIR, MOVE_LEFT, MOVE_RIGHT };

/* What is looked at of both: from, and how many. */
struct window {
	const struct align_scale *scale;
	size_t left, right, lefts, rights;
};

static void row_add(struct alignment *alignment, size_t left, size_t right)
{
	alignment->rows[alignment->count++] = (struct align_row){ (uint32_t)left,
								  (uint32_t)right };
}

static unsigned int window_score(const struct window *window, size_t i, size_t j)
{
	return window->scale->score(window->scale->context, window->left + i,
				    window->right + j);
}

/*
 * @best[j]: the sum from (i, j) on; on entry that from (i + 1, j) on. @moves: where to go
 * from there.
 */
static void window_line(const struct window *window, size_t i, uint32_t *best,
			uint8_t *moves)
{
	uint32_t diagonal = best[window->rights]; /* from (i + 1, j + 1) on */

	for (size_t j = window->rights; j-- > 0;) {
		unsigned int score = window_score(window, i, j);
		uint32_t below = best[j], most = below;
		enum move move = MOVE_LEFT;

		if (best[j + 1] > most) {
			most = best[j + 1];
			move = MOVE_RIGHT;
		}
		if (score && diagonal + score >= most) {
			most = diagonal + score;
			move = MOVE_PAIR;
		}
		best[j] = most;
		moves[j] = (uint8_t)move;
		diagonal = below;
	}
}

static void window_walk(const struct window *window, const uint8_t *moves,
			struct alignment *out)
{
	size_t i = 0, j = 0;

	while (i < window->lefts && j < window->rights) {
		enum move move = moves[i * window->rights + j];

		row_add(out, move == MOVE_RIGHT ? ALIGN_NONE : window->left + i,
			move == MOVE_LEFT ? ALIGN_NONE : window->right + j);
		i += move != MOVE_RIGHT;
		j += move != MOVE_LEFT;
	}
	for (; i < window->lefts; i++)
		row_add(out, window->left + i, ALIGN_NONE);
	for (; j < window->rights; j++)
		row_add(out, ALIGN_NONE, window->right + j);
}

static int window_align(const struct window *window, struct alignment *out)
{
	AUTO_FREE uint8_t *moves = malloc(window->lefts * window->rights + 1);
	AUTO_FREE uint32_t *best = calloc(window->rights + 1, sizeof(*best));

	if (!moves || !best)
		return -ENOMEM;
	for (size_t i = window->lefts; i-- > 0;)
		window_line(window, i, best, moves + i * window->rights);
	window_walk(window, moves, out);
	return 0;
}

static size_t at_most(size_t count, size_t most)
{
	return count < most ? count : most;
}

/* Of what is between the same beginning and the same end. */
static int middle_align(const struct window *middle, struct alignment *out)
{
	struct window window = *middle;
	int err;

	if (window.lefts && window.rights > ALIGN_CELLS / window.lefts) {
		window.lefts = at_most(window.lefts, ALIGN_MOST);
		window.rights = at_most(window.rights, ALIGN_MOST);
		out->cut = true;
	}
	err = window_align(&window, out);
	if (err)
		return err;
	for (size_t i = window.lefts; i < middle->lefts; i++)
		row_add(out, middle->left + i, ALIGN_NONE);
	for (size_t j = window.rights; j < middle->rights; j++)
		row_add(out, ALIGN_NONE, middle->right + j);
	return 0;
}

/* How many pairs with the best score both end with. */
static size_t window_tail(const struct window *window)
{
	size_t most = at_most(window->lefts, window->rights), tail = 0;

	while (tail < most &&
	       window_score(window, window->lefts - tail - 1,
			    window->rights - tail - 1) == window->scale->most)
		tail++;
	return tail;
}

int align(const struct align_scale *scale, size_t left, size_t right,
	  struct alignment *out)
{
	struct window window = { scale, 0, 0, left, right };
	struct alignment done = { 0 };
	size_t tail;

	done.rows = calloc(left + right + 1, sizeof(*done.rows));
	if (!done.rows)
		return -ENOMEM;
	while (window.lefts && window.rights &&
	       window_score(&window, 0, 0) == scale->most) {
		row_add(&done, window.left++, window.right++);
		window.lefts--;
		window.rights--;
	}
	tail = window_tail(&window);
	window.lefts -= tail;
	window.rights -= tail;
	if (middle_align(&window, &done)) {
		alignment_clear(&done);
		return -ENOMEM;
	}
	for (; tail; tail--)
		row_add(&done, left - tail, right - tail);
	*out = done;
	return 0;
}

void alignment_clear(struct alignment *alignment)
{
	free(alignment->rows);
	*alignment = (struct alignment){ 0 };
}
