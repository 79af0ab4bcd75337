// SPDX-License-Identifier: GPL-2.0-only
#include <stdint.h>
#include <string.h>

#include "render/escape.h"
#include "test.h"

static const struct {
	const char *text, *terminal, *utf8;
} examples[] = {
	{ "", "", "" },
	{ "ping", "ping", "ping" },
	{ "caf\xc3\xa9", "caf\xc3\xa9", "caf\xc3\xa9" },
	{ "\033[31m", "\\x1b[31m", "\033[31m" },
	{ "a\nb\x7f", "a\\x0ab\\x7f", "a\nb\x7f" },
	{ "\\x1b", "\\\\x1b", "\\x1b" },
	{ "\xc2\x9b", "\\xc2\\x9b", "\xc2\x9b" }, /* CSI, as C1 */
	{ "\xc2\xa0", "\xc2\xa0", "\xc2\xa0" },
	{ "\x9b", "\\x9b", "\xc2\x9b" },
	{ "\xff", "\\xff", "\xc3\xbf" },
	{ "\xe2\x80\xae", "\\xe2\\x80\\xae", "\xe2\x80\xae" }, /* U+202E */
	{ "\xe2\x81\xa6", "\\xe2\\x81\\xa6", "\xe2\x81\xa6" }, /* U+2066 */
	{ "\xe2\x82\xac", "\xe2\x82\xac", "\xe2\x82\xac" },
	{ "\xf0\x9f\x90\xa7", "\xf0\x9f\x90\xa7", "\xf0\x9f\x90\xa7" },
	/* cut off, too long, a surrogate, beyond U+10FFFF */
	{ "\xe2\x82", "\\xe2\\x82", "\xc3\xa2\xc2\x82" },
	{ "\xc0\xaf", "\\xc0\\xaf", "\xc3\x80\xc2\xaf" },
	{ "\xe0\x80\xaf", "\\xe0\\x80\\xaf", "\xc3\xa0\xc2\x80\xc2\xaf" },
	{ "\xed\xa0\x80", "\\xed\\xa0\\x80", "\xc3\xad\xc2\xa0\xc2\x80" },
	{ "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80",
	  "\xc3\xb4\xc2\x90\xc2\x80\xc2\x80" },
	{ "\xf8\x88\x80\x80", "\\xf8\\x88\\x80\\x80",
	  "\xc3\xb8\xc2\x88\xc2\x80\xc2\x80" },
};

#define EXAMPLES (sizeof(examples) / sizeof(examples[0]))

static void shows_what_is_safe(void **state)
{
	char out[64];

	for (size_t i = 0; i < EXAMPLES; i++) {
		size_t length = escape_terminal(out, sizeof(out), examples[i].text);

		assert_string_equal(out, examples[i].terminal);
		assert_int_equal(length, strlen(out));
	}
}

static void makes_utf8_of_everything(void **state)
{
	char out[64], again[64];

	for (size_t i = 0; i < EXAMPLES; i++) {
		size_t length = escape_utf8(out, sizeof(out), examples[i].text);

		assert_string_equal(out, examples[i].utf8);
		assert_int_equal(length, strlen(out));
		escape_utf8(again, sizeof(again), out);
		assert_string_equal(again, out);
	}
}

static void markup_means_nothing(void **state)
{
	static const char text[] = "</title><script>&\"'\\\033caf\xc3\xa9\xef\xbf\xbf";
	char out[ESCAPE_MARKUP_SIZE(sizeof(text))];

	size_t length = escape_markup(out, sizeof(out), text);

	assert_int_equal(length, strlen(out));
	assert_string_equal(out, "&lt;/title&gt;&lt;script&gt;&amp;&quot;&#39;\\\\\\x1b"
				 "caf\xc3\xa9\\xef\\xbf\\xbf");
	for (size_t size = 1; size < sizeof(out); size++) {
		escape_markup(out, size, "<&<&<&");
		assert_true(!out[0] || out[strlen(out) - 1] == ';');
	}
}

static void no_byte_gets_through(void **state)
{
	for (int byte = 1; byte < 256; byte++) {
		const char text[] = { (char)byte, 0 };
		char out[8];

		escape_terminal(out, sizeof(out), text);
		for (size_t i = 0; out[i]; i++)
			assert_in_range((unsigned char)out[i], 0x20, 0x7e);
	}
}

static void cuts_between_characters(void **state)
{
	char out[8];

	assert_int_equal(escape_terminal(out, 1, "ping"), 0);
	assert_string_equal(out, "");
	assert_int_equal(escape_terminal(out, 4, "ping"), 3);
	assert_string_equal(out, "pin");
	assert_int_equal(escape_terminal(out, 6, "ab\033c"), 2);
	assert_string_equal(out, "ab");
	assert_int_equal(escape_utf8(out, 4,
				     "ab\xff"
				     "c"),
			 2);
	assert_string_equal(out, "ab");
	assert_int_equal(escape_terminal(out, 0, "ping"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shows_what_is_safe),
		cmocka_unit_test(makes_utf8_of_everything),
		cmocka_unit_test(markup_means_nothing),
		cmocka_unit_test(no_byte_gets_through),
		cmocka_unit_test(cuts_between_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
