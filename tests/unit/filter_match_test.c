// SPDX-License-Identifier: GPL-2.0-only
/* A filter on captured headers: yes, no, or too little to tell. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test.h"

#include "filter/filter.h"
#include "path/headers.h"

#define ETHERNET "\x02\0\0\0\0\x02\x02\0\0\0\0\x01\x08\0"
#define UDP                                                                              \
	"\x45\0\x02\0\0\0\x40\0\x40\x11\0\0\x0a\0\0\x01\x0a\0\0\x02\0\x35\x12\x67\x01"   \
	"\xec\0\0"
#define UDP6                                                                             \
	"\x60\0\0\0\x01\x00\x11\x40\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\xfd\0\0\0\0\0\0" \
	"\0\0\0\0\0\0\0\0\x02"

#define HEADERS(text, at)                                                                \
	{                                                                                \
		.captured = EVENT_SNAP_LEN, .layer = (at), .data = text                  \
	}

static const struct headers ip = HEADERS(UDP, EVENT_LAYER_IP);
static const struct headers ip6 = HEADERS(UDP6, EVENT_LAYER_IP);
static const struct headers ethernet = HEADERS(ETHERNET UDP, EVENT_LAYER_ETHERNET);

static enum filter_verdict match(const char *text, const struct headers *headers,
				 unsigned int len)
{
	struct filter_error error;
	struct filter *filter;
	enum filter_verdict verdict;

	assert_int_equal(filter_compile(text, &filter, &error), 0);
	verdict = filter_match(filter, headers, len);
	filter_free(filter);
	return verdict;
}

static void decides_on_both_layers(void **state)
{
	assert_int_equal(match("udp src port 53", &ip, 512), FILTER_MATCH);
	assert_int_equal(match("udp src port 53", &ethernet, 512), FILTER_MATCH);
	assert_int_equal(match("tcp", &ip, 512), FILTER_NO_MATCH);
	assert_int_equal(match("tcp", &ethernet, 512), FILTER_NO_MATCH);
	assert_int_equal(match("ether src 02:00:00:00:00:01", &ethernet, 512),
			 FILTER_MATCH);
	assert_int_equal(match("", &ip6, 0), FILTER_MATCH);
}

/* What is behind the end of the packet is decided, behind that of a snapshot not. */
static void knows_what_it_does_not_see(void **state)
{
	struct headers whole = ip;

	whole.data[2] = 0; /* of the length in the IP header */
	assert_int_equal(match("udp[300] == 1", &ip, 512), FILTER_UNDECIDED);
	assert_int_equal(match("udp[300] == 1", &whole, 0), FILTER_NO_MATCH);
	assert_int_equal(match("udp or udp[300] == 1", &ip, 512), FILTER_MATCH);
}

/* The linear part of a data packet of TCP: its headers, and nothing behind them. */
static void decides_as_soon_as_it_can(void **state)
{
	struct headers little = ethernet;

	little.captured = 14 + 28;
	assert_int_equal(match("udp port 54", &little, 512), FILTER_NO_MATCH);
	assert_int_equal(match("tcp port 53", &little, 512), FILTER_NO_MATCH);
	assert_int_equal(match("not udp port 53", &little, 512), FILTER_NO_MATCH);
	assert_int_equal(match("not udp port 54", &little, 512), FILTER_MATCH);
	assert_int_equal(match("udp[8] == 1", &little, 512), FILTER_UNDECIDED);
	assert_int_equal(match("not udp[8] == 1", &little, 512), FILTER_UNDECIDED);
	assert_int_equal(match("tcp[300] == 1", &little, 512), FILTER_NO_MATCH);
	little.captured = 14 + 9;
	assert_int_equal(match("udp", &little, 512), FILTER_UNDECIDED);
	assert_int_equal(match("ip6", &little, 512), FILTER_NO_MATCH);
}

static void lengths_are_those_of_the_whole_packet(void **state)
{
	struct headers none = { .captured = 3, .layer = EVENT_LAYER_IP };

	assert_int_equal(headers_length(&ip, 512), 512);
	assert_int_equal(headers_length(&ip, 0), 512);
	assert_int_equal(headers_length(&ethernet, 512), 526); /* counted without it */
	assert_int_equal(headers_length(&ethernet, 526), 526);
	assert_int_equal(headers_length(&ethernet, 600), 600); /* padded */
	assert_int_equal(headers_length(&ip6, 0), 40 + 256);
	assert_int_equal(headers_length(&none, 0), 3);
	assert_int_equal(match("greater 526", &ethernet, 512), FILTER_MATCH);
	assert_int_equal(match("greater 527", &ethernet, 512), FILTER_NO_MATCH);
}

/* Before there are headers, a socket knows addresses and ports. */
static void a_socket_decides_what_it_knows(void **state)
{
	static const struct headers socket = HEADERS(UDP, EVENT_LAYER_SOCKET);

	assert_int_equal(match("udp src port 53", &socket, 0), FILTER_MATCH);
	assert_int_equal(match("udp src port 54", &socket, 0), FILTER_NO_MATCH);
	assert_int_equal(match("udp[8] == 1", &socket, 0), FILTER_UNDECIDED);
}

/* As a file that is damaged may have them. */
static void impossible_headers_are_undecided(void **state)
{
	struct headers wrong = ip;

	wrong.layer = 7;
	assert_int_equal(match("udp", &wrong, 512), FILTER_UNDECIDED);
	wrong = ip;
	wrong.captured = sizeof(wrong.data) + 1;
	assert_int_equal(match("udp", &wrong, 512), FILTER_UNDECIDED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decides_on_both_layers),
		cmocka_unit_test(knows_what_it_does_not_see),
		cmocka_unit_test(decides_as_soon_as_it_can),
		cmocka_unit_test(lengths_are_those_of_the_whole_packet),
		cmocka_unit_test(a_socket_decides_what_it_knows),
		cmocka_unit_test(impossible_headers_are_undecided),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
