// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/ttl_print.h"
#include "test.h"
#include "ttl/target.h"
#include "ttl/url.h"

static struct ttl_url url;
static struct target target;

static void target_begin(const char *text, const char *address)
{
	struct sockaddr_in *in = (void *)&target.address;
	struct sockaddr_in6 *in6 = (void *)&target.address;

	free(target.packets);
	target = (struct target){ .url = &url };
	assert_null(ttl_url_parse(text, &url));
	if (!address)
		return;
	if (inet_pton(AF_INET, address, &in->sin_addr)) {
		in->sin_family = AF_INET;
		target.address_length = sizeof(*in);
	} else {
		assert_true(inet_pton(AF_INET6, address, &in6->sin6_addr));
		in6->sin6_family = AF_INET6;
		target.address_length = sizeof(*in6);
	}
}

static void packets_add(uint8_t flags, uint8_t ttl, uint64_t count)
{
	const struct target_packets packets = { count, ttl, flags };

	assert_int_equal(target_add(&target, &packets), 0);
}

static void print_check(ttl_print *print, const char *want)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(print(out, &target), 0);
	fclose(out);
	assert_string_equal(text, want);
	free(text);
}

static void test_connected(void **state)
{
	target_begin("tcp4://host:443", "192.0.2.7");
	packets_add(TH_ACK, 58, 2);
	packets_add(TH_SYN | TH_ACK, 58, 1);
	target_decide(&target, DISTANCE_UNBOUNDED);
	print_check(ttl_print_text,
		    "tcp4://host:443 192.0.2.7: ttl 58, initial 64, distance 6\n");
	print_check(ttl_print_original,
		    "[+] TTL distance to tcp4://host:443 192.0.2.7 is 6\n");
	print_check(ttl_print_json,
		    "{\"url\":\"tcp4://host:443\",\"host\":\"host\",\"port\":443,"
		    "\"address\":\"192.0.2.7\",\"outcome\":\"connected\",\"ttl\":58,"
		    "\"initial\":64,\"distance\":6,\"ambiguous\":false,\"packets\":["
		    "{\"flags\":\"SYN,ACK\",\"ttl\":58,\"count\":1},"
		    "{\"flags\":\"ACK\",\"ttl\":58,\"count\":2}]}\n");
}

static void test_refused(void **state)
{
	target_begin("tcp6://[2001:db8::1]:1", "2001:db8::1");
	target.outcome = TARGET_REFUSED;
	packets_add(TH_RST | TH_ACK, 61, 1);
	target_decide(&target, DISTANCE_UNBOUNDED);
	print_check(ttl_print_text, "tcp6://[2001:db8::1]:1 [2001:db8::1]: ttl 61, "
				    "initial 64, distance 3, refused\n");
	print_check(ttl_print_original,
		    "[+] TTL distance to tcp6://[2001:db8::1]:1 [2001:db8::1] is 3\n");
}

static void test_disagree(void **state)
{
	target_begin("tcp://host:1", "192.0.2.7");
	packets_add(TH_ACK, 60, 1);
	packets_add(TH_SYN | TH_ACK, 63, 1);
	target_decide(&target, DISTANCE_UNBOUNDED);
	print_check(ttl_print_text,
		    "tcp://host:1 192.0.2.7: ttl 63, initial 64, distance 1 "
		    "(ambiguous: packets disagree) "
		    "(packets: SYN,ACK ttl 63; ACK ttl 60)\n");
}

static void test_unknown(void **state)
{
	target_begin("tcp://host:1", NULL);
	target.outcome = TARGET_UNRESOLVED;
	strcpy(target.why, "no such name");
	target_decide(&target, DISTANCE_UNBOUNDED);
	print_check(ttl_print_text, "tcp://host:1: unknown: no such name\n");
	print_check(ttl_print_original, "");
	print_check(
		ttl_print_json,
		"{\"url\":\"tcp://host:1\",\"host\":\"host\",\"port\":1,"
		"\"outcome\":\"unresolved\",\"why\":\"no such name\",\"packets\":[]}\n");
}

static int target_end(void **state)
{
	free(target.packets);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_connected),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_disagree),
		cmocka_unit_test(test_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, target_end);
}
