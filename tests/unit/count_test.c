// SPDX-License-Identifier: GPL-2.0-only
/* What was counted: groups by name, merged, sorted, as a table and as JSON. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "count/group.h"
#include "count/tally.h"
#include "path/naming.h"
#include "render/writer.h"
#include "test.h"

static const char *name_symbol(struct names *names, uint64_t address, uint64_t *offset)
{
	*offset = address & 0xff;
	return address < 0x1000 ? NULL : "ip_rcv_core";
}

static const char *name_reason(struct names *names, uint32_t reason)
{
	return reason == 3 ? "NO_SOCKET" : NULL;
}

static const char *name_netns(struct names *names, uint32_t inode)
{
	return inode == 7 ? "blue\033[2J" : NULL;
}

static const char *name_device(struct names *names, uint32_t netns, uint32_t ifindex)
{
	return ifindex == 2 ? "eth0" : NULL;
}

static const struct names_ops names_ops = { name_symbol, name_reason, name_netns,
					    name_device };
static struct names names = { .ops = &names_ops };
static struct naming naming = { .names = &names };

static struct count_flow flow4(uint8_t proto, uint16_t sport, uint16_t dport)
{
	struct count_flow flow = { .ethertype = COUNT_IPV4,
				   .ip_proto = proto,
				   .flags = COUNT_FLOW_ADDRESSES };

	inet_pton(AF_INET, "10.0.0.1", flow.src);
	inet_pton(AF_INET, "10.0.0.2", flow.dst);
	if (sport) {
		flow.flags |= COUNT_FLOW_PORTS;
		flow.sport = sport;
		flow.dport = dport;
	}
	return flow;
}

static void text_check(enum count_by by, const union count_key *key, const char *want,
		       bool known)
{
	char text[GROUP_SIZE];

	assert_int_equal(group_text(by, key, &naming, text, sizeof(text)), known);
	assert_string_equal(text, want);
}

static void json_check(enum count_by by, const union count_key *key, const char *want)
{
	struct writer writer = { 0 };
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	writer_open(&writer, NULL, '{');
	group_json(by, key, &naming, &writer);
	writer_close(&writer, '}');
	assert_int_equal(writer_end(&writer, out), 0);
	fclose(out);
	text[strcspn(text, "\n")] = '\0';
	assert_string_equal(text, want);
	free(text);
	writer_free(&writer);
}

static void test_proto(void **state)
{
	static const struct {
		uint16_t ethertype;
		uint8_t proto;
		const char *text, *json;
	} cases[] = {
		{ COUNT_IPV4, 6, "tcp", "{\"proto\":\"tcp\"}" },
		{ COUNT_IPV4, 58, "icmp6", "{\"proto\":\"icmp6\"}" },
		{ COUNT_IPV4, 99, "ip proto 99", "{\"proto\":\"ip\",\"ip_proto\":99}" },
		{ COUNT_IPV6, 99, "ip proto 99", "{\"proto\":\"ip\",\"ip_proto\":99}" },
		{ COUNT_ARP, 0, "arp", "{\"proto\":\"arp\"}" },
		{ 0x88cc, 0, "lldp", "{\"proto\":\"lldp\"}" },
		{ 0x0026, 0, "llc", "{\"proto\":\"llc\"}" },
		{ 0x1234, 0, "ethernet type 0x1234",
		  "{\"proto\":\"ethernet\",\"ethertype\":4660}" },
		{ 0, 0, "unknown", "{\"proto\":\"unknown\"}" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const union count_key key = { .flow = { .ethertype = cases[i].ethertype,
							.ip_proto = cases[i].proto } };

		text_check(COUNT_BY_PROTO, &key, cases[i].text, true);
		json_check(COUNT_BY_PROTO, &key, cases[i].json);
	}
}

static void test_flow(void **state)
{
	union count_key key = { .flow = flow4(17, 53, 4711) };

	text_check(COUNT_BY_FLOW, &key, "udp 10.0.0.1:53 -> 10.0.0.2:4711", true);
	json_check(COUNT_BY_FLOW, &key,
		   "{\"proto\":\"udp\",\"src\":\"10.0.0.1\",\"dst\":\"10.0.0.2\","
		   "\"sport\":53,\"dport\":4711}");
	key.flow = flow4(17, 0, 0);
	text_check(COUNT_BY_FLOW, &key, "udp 10.0.0.1 -> 10.0.0.2", true);
	key.flow.ethertype = COUNT_ARP;
	key.flow.ip_proto = 0;
	text_check(COUNT_BY_FLOW, &key, "arp 10.0.0.1 -> 10.0.0.2", true);
	key.flow = (struct count_flow){ .ethertype = 0x88cc };
	text_check(COUNT_BY_FLOW, &key, "lldp", true);
	json_check(COUNT_BY_FLOW, &key, "{\"proto\":\"lldp\",\"src\":null,\"dst\":null}");
}

static void test_address(void **state)
{
	union count_key key = { .address.ethertype = COUNT_IPV6 };

	inet_pton(AF_INET6, "2001:db8::1", key.address.bytes);
	text_check(COUNT_BY_SRC, &key, "2001:db8::1", true);
	json_check(COUNT_BY_DST, &key, "{\"dst\":\"2001:db8::1\"}");
	memset(&key, 0, sizeof(key));
	text_check(COUNT_BY_SRC, &key, "no address", true);
	json_check(COUNT_BY_SRC, &key, "{\"src\":null}");
}

static void test_place(void **state)
{
	union count_key key = { .place = { 7, 2, COUNT_OUT } };

	text_check(COUNT_BY_DEV, &key, "[7 blue\\x1b[2J] eth0 out", true);
	text_check(COUNT_BY_NETNS, &key, "[7 blue\\x1b[2J]", true);
	json_check(COUNT_BY_DEV, &key,
		   "{\"netns\":{\"inode\":7,\"name\":\"blue\\u001b[2J\"},"
		   "\"dev\":{\"index\":2,\"name\":\"eth0\"},\"direction\":\"out\"}");
	key.place = (struct count_place){ 8, 3, COUNT_IN };
	text_check(COUNT_BY_DEV, &key, "[8] device 3 in", false);
	json_check(
		COUNT_BY_DEV, &key,
		"{\"netns\":{\"inode\":8},\"dev\":{\"index\":3},\"direction\":\"in\"}");
	/* It is gone, and was called so before. */
	naming_set_device(&naming, 8, 3, "veth3");
	text_check(COUNT_BY_DEV, &key, "[8] veth3 in", true);
}

static void test_end(void **state)
{
	union count_key key = { .end = { 0x2000, 3, COUNT_END_DROPPED } };
	char text[GROUP_SIZE];

	group_text(COUNT_BY_END, &key, &naming, text, sizeof(text));
	assert_memory_equal(text, "dropped in ip_rcv_core: NO_SOCKET", 33);
	json_check(COUNT_BY_END, &key,
		   "{\"end\":\"dropped\",\"reason\":\"NO_SOCKET\",\"where\":\"ip_rcv_"
		   "core\"}");
	key.end = (struct count_end){ .where = 0x10, .kind = COUNT_END_DROPPED };
	text_check(COUNT_BY_END, &key, "dropped in 0x10", true);
	key.end = (struct count_end){ .kind = COUNT_END_CONSUMED };
	text_check(COUNT_BY_END, &key, "consumed", true);
	json_check(COUNT_BY_END, &key, "{\"end\":\"consumed\"}");
	key.end = (struct count_end){ .reason = 1, .kind = COUNT_END_XDP };
	text_check(COUNT_BY_END, &key, "taken by XDP: DROP", true);
	json_check(COUNT_BY_END, &key, "{\"end\":\"xdp\",\"verdict\":\"DROP\"}");
	key.end.reason = 77; /* no verdict: the driver drops it */
	text_check(COUNT_BY_END, &key, "taken by XDP: 77", true);
}

static void tally_drop(struct tally *tally, uint64_t where, uint64_t packets)
{
	const union count_key key = { .end = { where, 3, COUNT_END_DROPPED } };
	const struct count_value value = { packets, 100 * packets };

	assert_int_equal(tally_add(tally, &key, &value), 0);
}

/* Two call sites in one function are one group; many that differ stay many. */
static void test_tally(void **state)
{
	struct tally tally = { .other = { 5, 500 } };

	tally_drop(&tally, 0x2001, 3);
	for (uint64_t i = 1; i <= 200; i++)
		tally_drop(&tally, i, i);
	tally_drop(&tally, 0x2002, 4);
	assert_int_equal(tally_name(&tally, COUNT_BY_END, &naming), 0);
	tally_sort(&tally);
	assert_int_equal(tally.count, 201);
	assert_int_equal(tally.rows[0].value.packets, 200);
	assert_int_equal(tally.rows[200].value.packets, 1);
	assert_int_equal(tally_total(&tally).packets, 201 * 100 + 3 + 4 + 5);
	assert_int_equal(tally_total(&tally).bytes, 100 * (201 * 100 + 3 + 4 + 5));
	for (size_t i = 0; i < tally.count; i++)
		if (!strncmp(tally.rows[i].text, "dropped in ip_rcv_core", 22))
			assert_int_equal(tally.rows[i].value.packets, 7);
	tally_clear(&tally);
	assert_int_equal(tally.count, 0);
}

static void print_check(tally_print *print, const struct tally *tally, const char *want)
{
	struct writer writer = { 0 };
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(print(out, tally, COUNT_BY_PROTO, &naming, &writer), 0);
	fclose(out);
	assert_string_equal(text, want);
	free(text);
	writer_free(&writer);
}

static void test_print(void **state)
{
	const union count_key tcp = { .flow = { .ethertype = COUNT_IPV4,
						.ip_proto = 6 } };
	const union count_key arp = { .flow = { .ethertype = COUNT_ARP } };
	struct tally tally = { .other = { 1, 60 },
			       .length = 2000000000,
			       .end = { 1700000000, 250000000 } };
	const struct count_value few = { 1, 42 }, many = { 3, 250000 };

	assert_int_equal(tally_add(&tally, &arp, &few), 0);
	assert_int_equal(tally_add(&tally, &tcp, &many), 0);
	assert_int_equal(tally_name(&tally, COUNT_BY_PROTO, &naming), 0);
	tally_sort(&tally);
	print_check(
		tally_print_text, &tally,
		"     packets           bytes     packets/s       Mbit/s  proto, 2.000 s "
		"until 22:13:20\n"
		"           3          250000           1.5        1.000  tcp\n"
		"           1              42           0.5        0.000  arp\n"
		"           1              60           0.5        0.000  other, of "
		"groups "
		"without room\n"
		"           5          250102           2.5        1.000  total\n\n");
	tally.missed = 2;
	print_check(tally_print_json, &tally,
		    "{\"time\":\"2023-11-14T22:13:20.250Z\",\"ns\":2000000000,\"by\":"
		    "\"proto\","
		    "\"packets\":5,\"bytes\":250102,\"packets_per_second\":2.500,"
		    "\"bytes_per_second\":125051.000,\"groups\":["
		    "{\"proto\":\"tcp\",\"packets\":3,\"bytes\":250000,"
		    "\"packets_per_second\":1.500,\"bytes_per_second\":125000.000},"
		    "{\"proto\":\"arp\",\"packets\":1,\"bytes\":42,"
		    "\"packets_per_second\":0.500,\"bytes_per_second\":21.000}],"
		    "\"other\":{\"packets\":1,\"bytes\":60},\"missed\":2}\n");
	tally_clear(&tally);
	print_check(
		tally_print_text, &tally,
		"     packets           bytes     packets/s       Mbit/s  proto, 0.000 s "
		"until 00:00:00\n"
		"           0               0           0.0        0.000  total\n\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_proto),	cmocka_unit_test(test_flow),
		cmocka_unit_test(test_address), cmocka_unit_test(test_place),
		cmocka_unit_test(test_end),	cmocka_unit_test(test_tally),
		cmocka_unit_test(test_print),
	};
	int failed;

	setenv("TZ", "UTC", 1);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	naming_clear(&naming);
	return failed;
}
