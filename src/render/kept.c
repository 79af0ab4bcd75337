// SPDX-License-Identifier: GPL-2.0-only
#include "render/kept.h"

#include <errno.h>
#include <stdlib.h>

int kept_add(struct kept *kept, const struct path *path)
{
	size_t count = kept->count;
	struct path *paths = kept->paths;
	int error;

	/* Room doubles from one on. */
	if (!(count & (count - 1))) {
		paths = reallocarray(paths, count ? 2 * count : 1, sizeof(*paths));
		if (!paths)
			return -ENOMEM;
		kept->paths = paths;
	}
	error = path_copy(&paths[count], path);
	if (!error)
		kept->count++;
	return error;
}

void kept_clear(struct kept *kept)
{
	for (size_t i = 0; i < kept->count; i++)
		path_free(&kept->paths[i]);
	free(kept->paths);
	*kept = (struct kept){ 0 };
}
