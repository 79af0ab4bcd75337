// SPDX-License-Identifier: GPL-2.0-only
/* Which filters a socket can decide, for TCP and for UDP. */
#include <netinet/in.h>
#include <linux/filter.h>

#include "filter/classic.h"
#include "filter/decidable.h"
#include "filter/error.h"
#include "filter/filter.h"
#include "test.h"

#define NO    DECIDABLE_NO
#define NEVER DECIDABLE_NEVER
#define YES   DECIDABLE_YES

static const char *const verdicts[] = { [NO] = "no", [NEVER] = "never", [YES] = "yes" };

static const struct {
	const char *text;
	enum decidable tcp, udp;
} examples[] = {
	/* addresses, ports, protocols, and what is made of them */
	{ "", YES, YES },
	{ "ip", YES, YES },
	{ "ip6", YES, YES },
	{ "tcp", YES, NEVER },
	{ "udp", NEVER, YES },
	{ "tcp or udp", YES, YES },
	{ "not tcp", NEVER, YES },
	{ "ip proto 17", NEVER, YES },
	{ "ip6 proto 17", NEVER, YES },
	{ "host 10.0.0.1", YES, YES },
	{ "host fd00::1", YES, YES },
	{ "src host 10.0.0.1 and not dst net 10.0.0.0/8", YES, YES },
	{ "net 10.0.0.0/9", YES, YES },
	{ "ip6 net fd00::/16", YES, YES },
	{ "ip multicast", YES, YES },
	{ "port 80", YES, YES },
	{ "src port 80 or dst port 81", YES, YES },
	{ "portrange 80-90", YES, YES },
	{ "tcp dst port 80 or udp port 53", YES, YES },
	{ "not port 22", YES, YES },
	{ "host 10.0.0.1 and (port 80 or 443) and not src net 10.1.0.0/16", YES, YES },
	/* bytes, where they are among these */
	{ "ip[9] = 17", NEVER, YES },
	{ "ip[16:4] & 0xff = 5", YES, YES },
	{ "ip[16:4] - 5 = ip[12:4]", YES, YES },
	{ "ip[0] & 0xf = 5 and tcp", YES, NEVER },
	{ "ip[0] & 0xf != 5", NEVER, NEVER },
	{ "ip[0] >> 4 = 4", YES, YES },
	{ "ip[6:2] & 0x3fff = 0", YES, YES },
	{ "ip[6:2] & 0x1fff != 0", NEVER, NEVER },
	{ "tcp[0:2] = 80", YES, NEVER },
	{ "udp[2:2] > 1023", NEVER, YES },
	{ "udp[2] & 1 = 0", NEVER, YES },
	{ "ip6[6] = 6", YES, NEVER },
	{ "ip6[40:2] = 80", YES, YES },
	/* other protocols: nothing that the gates at sockets see */
	{ "icmp", NEVER, NEVER },
	{ "icmp6", NEVER, NEVER },
	{ "icmp[0] = 8", NEVER, NEVER },
	{ "sctp port 80", NEVER, NEVER },
	{ "ip proto 47", NEVER, NEVER },
	{ "arp", NEVER, NEVER },
	/* no raw IP form */
	{ "ether host 00:01:02:03:04:05", NEVER, NEVER },
	{ "vlan and port 80", NEVER, NEVER },
	/* the rest of the headers, the payload, the length */
	{ "len > 100", NO, NO },
	{ "less 100", NO, NO },
	{ "port 80 and greater 100", NO, NO },
	{ "ip[8] = 64", NO, NO },
	{ "ip[1] & 0xfc = 0", NO, NO },
	{ "ip[2:2] > 100", NO, NO },
	{ "ip[4:2] = 7", NO, NO },
	{ "ip[6] & 0x40 != 0", NO, NO },
	{ "ip[8:2] = 0x4011", NEVER, NO },
	{ "ip6[7] > 1", NO, NO },
	{ "ip6[0] & 0xf = 0", NO, NO },
	{ "ip6[0:4] & 0xfffff = 0", NO, NO },
	{ "tcp[tcpflags] & tcp-syn != 0", NO, NEVER },
	{ "port 80 and tcp[tcpflags] & tcp-syn != 0", NO, NEVER },
	{ "udp port 53 or tcp[tcpflags] & tcp-syn != 0", NO, YES },
	{ "udp[4:2] > 8", NEVER, NO },
	{ "udp[8] = 1", NEVER, NO },
	{ "tcp[(tcp[12] & 0xf0) >> 2:4] = 0x47455420", NO, NEVER },
	{ "ip[ip[12]] = 0", NO, NO },
	{ "ip[12] / ip[8] = 0", NO, NO },
};

static enum decidable decide(const char *text, __u8 protocol)
{
	struct filter_error error = {};
	enum decidable verdict = 99;
	struct classic classic;

	if (classic_compile(text, EVENT_LAYER_IP, &classic, &error))
		assert_int_equal(classic_reject(&classic), 0);
	assert_int_equal(decidable_compute(&classic, protocol, &verdict), 0);
	classic_free(&classic);
	return verdict;
}

static void test_expressions(void **state)
{
	for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
		enum decidable tcp = decide(examples[i].text, IPPROTO_TCP);
		enum decidable udp = decide(examples[i].text, IPPROTO_UDP);

		if (tcp != examples[i].tcp || udp != examples[i].udp)
			fail_msg("\"%s\": TCP %s, UDP %s", examples[i].text,
				 verdicts[tcp], verdicts[udp]);
	}
}

static void test_filter(void **state)
{
	struct filter_error error;
	struct filter *filter;

	assert_int_equal(filter_compile("udp port 53 or icmp", &filter, &error), 0);
	assert_false(filter_knows_socket(filter, IPPROTO_TCP));
	assert_true(filter_knows_socket(filter, IPPROTO_UDP));
	filter_free(filter);
	/* has an Ethernet form only, which is not for packets at a socket */
	assert_int_equal(filter_compile("ether[0] & 1 = 0 or tcp", &filter, &error), 0);
	assert_false(filter_knows_socket(filter, IPPROTO_TCP));
	filter_free(filter);
}

#define DECIDE(...)                                                                      \
	({                                                                               \
		struct sock_filter insns[] = { __VA_ARGS__ };                            \
		decide_insns(insns, sizeof(insns) / sizeof(*insns));                     \
	})

static enum decidable decide_insns(struct sock_filter *insns, unsigned int count)
{
	struct classic classic = { insns, count };
	enum decidable verdict;

	assert_int_equal(decidable_compute(&classic, IPPROTO_TCP, &verdict), 0);
	return verdict;
}

#define RETURN(k)	BPF_STMT(BPF_RET | BPF_K, k)
#define RETURN_A	BPF_STMT(BPF_RET | BPF_A, 0)
#define LOAD_BYTE_AT(k) BPF_STMT(BPF_LD | BPF_B | BPF_ABS, k)
#define ALU_K(op, k)	BPF_STMT(BPF_ALU | (op) | BPF_K, k)
#define ALU_X(op)	BPF_STMT(BPF_ALU | (op) | BPF_X, 0)
#define TO_X		BPF_STMT(BPF_MISC | BPF_TAX, 0)
#define FROM_X		BPF_STMT(BPF_MISC | BPF_TXA, 0)
#define IF(op, k, t, f) BPF_JUMP(BPF_JMP | (op) | BPF_K, k, t, f)

#define TTL	LOAD_BYTE_AT(8)	 /* unknown in an IPv4 header */
#define ADDRESS LOAD_BYTE_AT(12) /* known in both headers */
#define ONLY_IPV4                                                                        \
	LOAD_BYTE_AT(0), ALU_K(BPF_AND, 0xf0), IF(BPF_JEQ, 0x60, 0, 1), RETURN(0)

/* An unknown value does no harm until something depends on it. */
static void test_registers(void **state)
{
	assert_int_equal(DECIDE(RETURN(1)), YES);
	assert_int_equal(DECIDE(RETURN(0)), NEVER);
	assert_int_equal(DECIDE(ADDRESS, RETURN_A), YES);
	assert_int_equal(DECIDE(ONLY_IPV4, TTL, RETURN(1)), YES);
	assert_int_equal(DECIDE(ONLY_IPV4, TTL, RETURN_A), NO);
	assert_int_equal(DECIDE(ONLY_IPV4, TTL, ALU_K(BPF_AND, 0), RETURN_A), NEVER);
	assert_int_equal(DECIDE(ONLY_IPV4, TTL, ALU_K(BPF_OR, 0xff), IF(BPF_JEQ, 0, 0, 0),
				RETURN(1)),
			 YES);
	assert_int_equal(DECIDE(ONLY_IPV4, TTL, TO_X, ADDRESS, RETURN_A), YES);
	assert_int_equal(DECIDE(ONLY_IPV4, TTL, TO_X, ADDRESS, FROM_X, RETURN_A), NO);
	assert_int_equal(DECIDE(ONLY_IPV4, TTL, TO_X, ADDRESS, ALU_X(BPF_ADD), RETURN_A),
			 NO);
	assert_int_equal(DECIDE(ONLY_IPV4, TTL, BPF_STMT(BPF_ST, 3), ADDRESS,
				BPF_STMT(BPF_LD | BPF_MEM, 3), RETURN_A),
			 NO);
	assert_int_equal(DECIDE(BPF_STMT(BPF_LD | BPF_MEM, 3), RETURN_A), NEVER);
}

/* What a jump depends on must be known, and so what ways that join bring along. */
static void test_jumps(void **state)
{
	assert_int_equal(
		DECIDE(ONLY_IPV4, TTL, IF(BPF_JEQ, 5, 0, 1), RETURN(1), RETURN(0)), NO);
	assert_int_equal(DECIDE(ONLY_IPV4, TTL, IF(BPF_JEQ, 500, 0, 1), RETURN(1),
				RETURN(0)),
			 NEVER);
	assert_int_equal(DECIDE(ONLY_IPV4, TTL, IF(BPF_JSET, 0x100, 0, 1), RETURN(1),
				RETURN(0)),
			 NEVER);
	assert_int_equal(DECIDE(ONLY_IPV4, ADDRESS, IF(BPF_JEQ, 5, 1, 0), TTL, RETURN_A),
			 NO);
	assert_int_equal(DECIDE(ADDRESS, IF(BPF_JEQ, 5, 0, 1), RETURN(0), RETURN_A), YES);
	/* X is 0 or 12, which is no constant: from where is read is not known */
	assert_int_equal(DECIDE(ADDRESS, IF(BPF_JEQ, 5, 1, 0),
				BPF_STMT(BPF_LDX | BPF_IMM, 12),
				BPF_STMT(BPF_LD | BPF_B | BPF_IND, 0), RETURN_A),
			 NO);
}

/* A load that ends behind the header may end the program, and so may a division. */
static void test_rejects(void **state)
{
	assert_int_equal(DECIDE(ONLY_IPV4, LOAD_BYTE_AT(23), RETURN_A), YES);
	assert_int_equal(DECIDE(ONLY_IPV4, LOAD_BYTE_AT(24), RETURN(1)), NO);
	assert_int_equal(
		DECIDE(ONLY_IPV4, BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 21), RETURN(1)), NO);
	assert_int_equal(DECIDE(ONLY_IPV4, TTL, TO_X, ADDRESS, ALU_X(BPF_DIV), RETURN(1)),
			 NO);
	assert_int_equal(DECIDE(BPF_STMT(BPF_LDX | BPF_IMM, 0xffffffff),
				BPF_STMT(BPF_LD | BPF_B | BPF_IND, 5), RETURN(1)),
			 NO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_expressions), cmocka_unit_test(test_filter),
		cmocka_unit_test(test_registers),   cmocka_unit_test(test_jumps),
		cmocka_unit_test(test_rejects),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
