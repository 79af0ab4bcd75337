// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/progress.h"

#include <inttypes.h>

/* What is done sooner than this, in percent, is not worth a line that flickers. */
#define PROGRESS_STEP 1

/* ECMA-48, erase in line */
#define PROGRESS_CLEAR "\r\033[K"

void progress_begin(struct progress *progress, FILE *out, const char *what,
		    uint64_t total)
{
	*progress = (struct progress){
		.out = total ? out : NULL,
		.what = what,
		.total = total,
		.next = total / 100 * PROGRESS_STEP,
	};
}

void progress_at(struct progress *progress, uint64_t done)
{
	uint64_t percent;

	if (!progress->out || done < progress->next)
		return;
	percent = (uint64_t)(100.0 * (double)done / (double)progress->total);
	progress->next = (percent + PROGRESS_STEP) * (progress->total / 100 + 1);
	fprintf(progress->out, PROGRESS_CLEAR "%s: %" PRIu64 " %%", progress->what,
		percent > 100 ? 100 : percent);
	fflush(progress->out);
}

void progress_end(struct progress *progress)
{
	if (!progress->out)
		return;
	fputs(PROGRESS_CLEAR, progress->out);
	fflush(progress->out);
	progress->out = NULL;
}
