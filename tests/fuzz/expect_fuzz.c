// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any text as an expectation of bpfpath assert: it is refused with words and a position
 * in it, or all that was found in it is there.
 *
 *	CC=clang meson setup build-fuzz -Dfuzz=true -Db_lundef=false
 *	ninja -C build-fuzz tests/fuzz/expect_fuzz
 *	build-fuzz/tests/fuzz/expect_fuzz -max_total_time=10 -max_len=400
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "assert/expect.h"
#include "path/path.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool expect_is_whole(const struct expect *expect)
{
	for (size_t i = 0; i < expect->name_count; i++) {
		const struct expect_name *name = &expect->names[i];

		if (!*name->pattern || (name->result && !*name->result))
			return false;
	}
	switch (expect->kind) {
	case EXPECT_REACHES:
	case EXPECT_NEVER:
		return expect->name_count == 1;
	case EXPECT_ORDER:
		return expect->name_count >= 2;
	case EXPECT_END:
		return expect->ends && expect->ends < 1U << PATH_ENDS;
	case EXPECT_CROSSES:
		return expect->netns || expect->dev;
	case EXPECT_PERCENTILE:
		return expect->percentile > 0 && expect->percentile <= 100;
	default:
		return true;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size);
	struct expect_error error = { 0 };
	struct expect expect;

	if (!text)
		return 0;
	if (expect_parse(text, &expect, &error)) {
		if (error.position > strlen(text) || !error.message[0])
			abort();
	} else {
		if (!expect_is_whole(&expect))
			abort();
		expect_free(&expect);
	}
	free(text);
	return 0;
}
