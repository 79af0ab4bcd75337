// SPDX-License-Identifier: GPL-2.0-only
/* Which packets belong to echoes: by their tag, and by the address that is asked for. */
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

#include "filter/filter.h"
#include "path/headers.h"
#include "ping/filter.h"

#define ETHERNET(type) "\x02\0\0\0\0\x02\x02\0\0\0\0\x01" type
#define IP(protocol)                                                                     \
	"\x45\0\0\x54\0\0\x40\0\x40" protocol "\0\0"                                     \
	"\x0a\x09\0\x01"                                                                 \
	"\x0a\x09\0\x02"
#define ECHO(tag)                                                                        \
	"\x08\0\0\0\0\x07\0\x01"                                                         \
	"TAGTAG" tag "\0\0\0\0"
#define UNREACHABLE "\x03\x01\0\0\0\0\0\0"
#define ARP(operation, sender, target)                                                   \
	"\0\x01\x08\0\x06\x04\0" operation "\x02\0\0\0\0\x01\x0a\x09\0" sender           \
	"\0\0\0\0\0\0\x0a\x09\0" target
#define ADDRESS6(last) "\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0" last
#define IP6(length)    "\x60\0\0\0\0" length "\x3a\x40" ADDRESS6("\x01") ADDRESS6("\x02")
#define ECHO6(tag)                                                                       \
	"\x80\0\0\0\0\x07\0\x01"                                                         \
	"TAGTAG" tag "\0\0\0\0"
#define SOLICITATION(last) "\x87\0\0\0\0\0\0\0" ADDRESS6(last)

/* Exactly as long as the packet: what is outside of it cannot be read. */
#define PACKET(bytes, at)                                                                \
	{                                                                                \
		.captured = sizeof(bytes) - 1, .layer = (at), .data = bytes              \
	}

static const uint8_t tag[] = "TAGTAG11";
static const uint8_t targets[][16] = { "\x0a\x09\0\x02", "\x0a\x09\0\x01",
				       "\x0a\x09\0\x09" };
static const uint8_t targets6[][16] = { ADDRESS6("\x02"), ADDRESS6("\x01"),
					ADDRESS6("\x09") };

static const struct {
	int family;
	bool matches;
	struct headers headers;
} expected[] = {
	{ AF_INET, true, PACKET(IP("\x01") ECHO("11"), EVENT_LAYER_IP) },
	{ AF_INET, true,
	  PACKET(ETHERNET("\x08\0") IP("\x01") ECHO("11"), EVENT_LAYER_ETHERNET) },
	{ AF_INET, false, PACKET(IP("\x01") ECHO("12"), EVENT_LAYER_IP) },
	{ AF_INET, false, PACKET(IP("\x11") ECHO("11"), EVENT_LAYER_IP) },
	{ AF_INET, true,
	  PACKET(IP("\x01") UNREACHABLE IP("\x01") ECHO("11"), EVENT_LAYER_IP) },
	{ AF_INET, false,
	  PACKET(IP("\x01") UNREACHABLE IP("\x01") ECHO("12"), EVENT_LAYER_IP) },
	{ AF_INET, true,
	  PACKET(ETHERNET("\x08\x06") ARP("\x01", "\x01", "\x09"),
		 EVENT_LAYER_ETHERNET) },
	{ AF_INET, true,
	  PACKET(ETHERNET("\x08\x06") ARP("\x02", "\x09", "\x01"),
		 EVENT_LAYER_ETHERNET) },
	/* our address asks for another one, and is told */
	{ AF_INET, false,
	  PACKET(ETHERNET("\x08\x06") ARP("\x01", "\x01", "\x08"),
		 EVENT_LAYER_ETHERNET) },
	{ AF_INET, false,
	  PACKET(ETHERNET("\x08\x06") ARP("\x02", "\x08", "\x01"),
		 EVENT_LAYER_ETHERNET) },
	{ AF_INET6, true, PACKET(IP6("\x14") ECHO6("11"), EVENT_LAYER_IP) },
	{ AF_INET6, false, PACKET(IP6("\x14") ECHO6("12"), EVENT_LAYER_IP) },
	{ AF_INET6, true,
	  PACKET(IP6("\x44") "\x01\0\0\0\0\0\0\0" IP6("\x14") ECHO6("11"),
		 EVENT_LAYER_IP) },
	{ AF_INET6, true, PACKET(IP6("\x18") SOLICITATION("\x09"), EVENT_LAYER_IP) },
	{ AF_INET6, false, PACKET(IP6("\x18") SOLICITATION("\x08"), EVENT_LAYER_IP) },
};

static struct filter *compile(int family)
{
	struct filter_error error;
	struct filter *filter;
	char *text = ping_filter(family, tag, family == AF_INET6 ? targets6 : targets, 3);

	assert_non_null(text);
	assert_int_equal(filter_compile(text, &filter, &error), 0);
	free(text);
	return filter;
}

static void knows_its_own(void **state)
{
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		struct filter *filter = compile(expected[i].family);
		const struct headers *headers = &expected[i].headers;
		bool matches = filter_match(filter, headers, headers->captured) ==
			       FILTER_MATCH;

		filter_free(filter);
		if (matches != expected[i].matches)
			fail_msg("packet %zu: %d", i, matches);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
