// SPDX-License-Identifier: GPL-2.0-only
/* What compiles, what is refused with which words, and where in the text. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bpf/packet.h"
#include "filter/filter.h"
#include "test.h"

static unsigned int snap_of(const char *text)
{
	struct filter_error error = {};
	struct filter *filter = NULL;
	unsigned int snap;

	if (filter_compile(text, &filter, &error))
		fail_msg("\"%s\": %s", text, error.message);
	snap = filter_snap_len(filter);
	filter_free(filter);
	return snap;
}

static void check_refused(const char *text, const char *message, int position)
{
	struct filter *filter = (void *)0x1;
	struct filter_error error = {};

	assert_int_equal(filter_compile(text, &filter, &error), -EINVAL);
	assert_ptr_equal(filter, (void *)0x1); /* untouched on failure */
	assert_string_equal(error.message, message);
	assert_int_equal(error.position, position);
}

static void test_snap_len(void **state)
{
	assert_int_equal(snap_of(""), 0);
	assert_int_equal(snap_of(" \t\n"), 0);
	assert_int_equal(snap_of("less 100"), 0);
	assert_int_equal(snap_of("arp"), 14);
	assert_int_equal(snap_of("ether[4095] = 1"), PACKET_SNAP_MAX);
	assert_int_equal(snap_of("ether[4092:4] = 1"), PACKET_SNAP_MAX);
	assert_int_equal(snap_of("ip6 host ::1"), 54);
	/* Ethernet, the longest IP header, the port */
	assert_int_equal(snap_of("ip and tcp dst port 80"), 14 + 60 + 4);
	/* and the longest TCP header */
	assert_int_equal(snap_of("tcp[(tcp[12] & 0xf0) >> 2:4] = 0x47455420"),
			 14 + 60 + 60 + 4);
	/* no bound is known */
	assert_int_equal(snap_of("udp[udp[4:2] - 1] = 0"), PACKET_SNAP_MAX);
}

static void test_newlines(void **state)
{
	assert_int_equal(snap_of("ip\nand\r\n\ttcp\n"), snap_of("ip and tcp"));
}

static void test_syntax_error(void **state)
{
	static const struct {
		const char *text, *at;
		int position;
	} cases[] = {
		{ "tcp prot 80", "prot", 4 },
		{ "foo", "foo", 0 },
		{ "tcp)", ")", 3 },
		{ "@tcp", "@", 0 },
		{ "tcp = 80", "=", 4 },
		{ "tcp[0] = foo", "foo", 9 },
		{ "ip and and tcp", "and", 7 },
		{ "(tcp port 80) or or udp", "or", 17 },
		{ "host 10.0.0.1 port 80", "port", 14 },
		{ "tcp[0:2) = 1", ")", 7 },
		{ "ip and ((tcp[12] & 0xf0) >> 2) = 20 tcp", "tcp", 36 },
		{ "host 2001:db8::1 and )", ")", 21 },
		{ "port http and )", ")", 14 },
		{ "ether host 00:11:22:33:44:55 or ]", "]", 32 },
		{ "  tcp\n  prot 80", "prot", 8 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char message[64];

		snprintf(message, sizeof(message), "syntax error at \"%s\"", cases[i].at);
		check_refused(cases[i].text, message, cases[i].position);
	}
}

static void test_ends_too_early(void **state)
{
	static const char *const texts[] = {
		"not",
		"ip and",
		"(tcp",
		"tcp[0",
		"tcp[0]",
		"len >",
		"host",
		"src",
		"tcp dst",
		"tcp[0:",
		"(tcp[",
		"ip proto",
		"less",
		"portrange",
		"((ip)",
		"src or",
		"tcp[(tcp[12] & 0xf0) >> 2",
		"tcp[tcp[",
		"net 10.0.0.0 mask",
		"-",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		check_refused(texts[i], "syntax error: the filter ends too early",
			      strlen(texts[i]));
}

static void test_names(void **state)
{
	check_refused("tcp port nosuch", "unknown port \"nosuch\"", 9);
	check_refused("ip proto nosuch", "unknown ip proto \"nosuch\"", 9);
	check_refused("tcp port 70000", "illegal port number 70000 > 65535", 9);
	check_refused("port 7 or port 70000", "illegal port number 70000 > 65535", 15);
	check_refused("net 10.0.0.1/8", "non-network bits set in \"10.0.0.1/8\"", 4);
	check_refused("port 32 and net 1.2.3.4/40", "mask length must be <= 32", -1);
	check_refused("vlan 5000", "VLAN tag 5000 greater than maximum 4095", 5);
	check_refused("ip and tcp[0] = 99999999999",
		      "number 99999999999 overflows 32 bits", 16);
}

static void test_meaningless(void **state)
{
	check_refused("tcp and udp", "no packet can match this filter", -1);
	check_refused("tcp[0] = 1 / 0", "division by zero", -1);
	check_refused("tcp[0] << 40 = 1", "shift by more than 31 bits", -1);
}

static void test_unsupported(void **state)
{
	check_refused("ip6 protochain 6",
		      "protochain is not supported: it is a loop, write out the headers, "
		      "as in \"ip6[6] = 0 and ip6[40] = 6\"",
		      -1);
	check_refused("inbound",
		      "not supported: what is not in the packet\'s bytes "
		      "(inbound, outbound, ifindex, offsets below 0)",
		      -1);
	check_refused(
		"ether[4096] = 1",
		"byte 4096 is too far into the packet, a filter sees the first 4096", -1);
	check_refused(
		"ether[4093:4] = 1",
		"byte 4093 is too far into the packet, a filter sees the first 4096", -1);
}

/* Bytes that would do something to a terminal do not reach it. */
static void test_control_bytes(void **state)
{
	struct filter_error error = {};
	struct filter *filter;

	assert_int_equal(filter_compile("tcp \033[31m\n\xff", &filter, &error), -EINVAL);
	for (const char *c = error.message; *c; c++)
		assert_in_range(*c, 0x20, 0x7e);
	assert_int_equal(error.position, 4);
}

/* @parts times @format, each with another number, joined by "or". */
static char *repeat(const char *format, int parts)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	for (int i = 0; i < parts; i++) {
		fprintf(out, format, i);
		fputs(i < parts - 1 ? " or " : "", out);
	}
	fclose(out);
	return text;
}

static void test_long(void **state)
{
	char *fits = repeat("tcp[4:4] = %d", 200);
	char *endless = repeat("ip host 10.0.0.%d", 250);
	char deep[4001] = {};

	assert_int_equal(snap_of(fits), 14 + 60 + 8);
	check_refused(endless, "the filter is too long: its text is more than 4096 bytes",
		      -1);
	memset(deep, '(', sizeof(deep) - 1);
	check_refused(deep, "syntax error: the filter ends too early", 4000);
	free(fits);
	free(endless);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_snap_len),
		cmocka_unit_test(test_newlines),
		cmocka_unit_test(test_syntax_error),
		cmocka_unit_test(test_ends_too_early),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_meaningless),
		cmocka_unit_test(test_unsupported),
		cmocka_unit_test(test_control_bytes),
		cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
