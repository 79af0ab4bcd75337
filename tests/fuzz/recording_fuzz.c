// SPDX-License-Identifier: GPL-2.0-only
/*
 * recording_fuzz.c - any bytes as a recording, through every format
 *
 *	build-fuzz/tests/fuzz/recording_fuzz -close_fd_mask=2 tests/fuzz/recording
 *
 * The corpus is short recordings: what golden writes, and what was found.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "recorded.h"
#include "render/render.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	for (size_t i = 0; render_formats[i]; i++) {
		struct recording *recording;
		FILE *in = fmemopen((void *)data, size, "r");

		if (!in)
			return 0; /* fmemopen(3) wants at least one byte */
		recorded_play(in, &(struct view){ .format = render_formats[i] },
			      "/dev/null", &recording);
		recording_free(recording);
		fclose(in);
	}
	return 0;
}
