// SPDX-License-Identifier: GPL-2.0-only
#include "top/sample.h"

#include <stdlib.h>

struct sample *sample_new(struct samples *samples, const struct path *path)
{
	struct sample *sample;

	if (samples->steps + path->count > SAMPLES_STEPS)
		return NULL;
	sample = calloc(1, sizeof(*sample));
	if (!sample)
		return NULL;
	if (path_copy(&sample->path, path)) {
		free(sample);
		return NULL;
	}
	sample->samples = samples;
	sample->users = 1;
	samples->steps += path->count;
	return sample;
}

struct sample *sample_use(struct sample *sample)
{
	if (sample)
		sample->users++;
	return sample;
}

void sample_drop(struct sample *sample)
{
	if (!sample || --sample->users)
		return;
	sample->samples->steps -= sample->path.count;
	path_free(&sample->path);
	free(sample);
}

void sample_set(struct sample **to, struct sample *sample)
{
	struct sample *before = *to;

	*to = sample_use(sample);
	sample_drop(before);
}
