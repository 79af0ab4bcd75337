// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every expression on every packet, in the kernel: what the gates run, loaded
 * as they are, against libpcap's bpf_filter(). That the programs load shows,
 * for each expression, that the verifier takes the generated code.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bpf/packet.h"
#include "compare.h"
#include "expressions.h"
#include "filter/filter.h"
#include "kernel.h"
#include "packets.h"
#include "reference.h"

#define EXIT_SKIP 77 /* as meson understands it */

/* An Ethernet header: a test run takes no less, and cuts it off for raw IP. */
#define LINK_LEN 14
#define MACS_LEN 12

/*
 * A test run refuses packets that end inside their Ethernet, IPv4 or IPv6
 * header (the latter two: seen on Linux 6.18); those are for
 * interpreted_test.c.
 */
#define REFUSED_LEN (14 + 40)

/* Priority 1, VLAN 100 */
#define PUSHED_TCI (0x2000 | 100)

struct test {
	struct compare compare;
	struct test_packets packets;
	unsigned long refused; /* packets that the kernel does not run */
	unsigned int loads;
};

static void run_one(struct test *test, const char *text, enum event_layer layer,
		    const struct filter_test_bpf *programs,
		    const struct reference *reference, const struct test_packet *in,
		    const uint8_t *seen, uint32_t len)
{
	int verdict = kernel_run(programs, layer, in->data, in->len);

	if (verdict < 0 && in->len < REFUSED_LEN) {
		test->refused++;
		return;
	}
	compare_verdict(&test->compare, text, layer, seen, len, len,
			reference_match(reference, seen, len, len), verdict);
}

static void run_ethernet(struct test *test, const char *text,
			 const struct filter_test_bpf *programs)
{
	struct reference *reference = reference_new(text, EVENT_LAYER_ETHERNET);

	for (size_t i = 0; i < test->packets.count; i++) {
		const struct test_packet *p = &test->packets.list[i];

		run_one(test, text, EVENT_LAYER_ETHERNET, programs, reference, p, p->data,
			p->len);
	}
	reference_free(reference);
}

static void run_ip(struct test *test, const char *text,
		   const struct filter_test_bpf *programs)
{
	struct reference *reference = reference_new(text, EVENT_LAYER_IP);

	for (size_t i = 0; i < test->packets.count; i++) {
		const struct test_packet *p = &test->packets.list[i];

		if (p->len > LINK_LEN)
			run_one(test, text, EVENT_LAYER_IP, programs, reference, p,
				p->data + LINK_LEN, p->len - LINK_LEN);
	}
	reference_free(reference);
}

/* The tag is in no byte of the packet, and libpcap is given it in its place. */
static void run_tagged(struct test *test, const char *text,
		       const struct filter_test_bpf *programs)
{
	static const uint8_t tag[] = { 0x81, 0x00, PUSHED_TCI >> 8, PUSHED_TCI & 0xff };
	struct reference *reference = reference_new(text, EVENT_LAYER_ETHERNET);
	uint8_t wire[PACKETS_MAX_LEN + sizeof(tag)];

	for (size_t i = 0; i < test->packets.count; i++) {
		const struct test_packet *p = &test->packets.list[i];

		if (p->len < LINK_LEN)
			continue;
		memcpy(wire, p->data, MACS_LEN);
		memcpy(wire + MACS_LEN, tag, sizeof(tag));
		memcpy(wire + MACS_LEN + sizeof(tag), p->data + MACS_LEN,
		       p->len - MACS_LEN);
		run_one(test, text, EVENT_LAYER_ETHERNET, programs, reference, p, wire,
			p->len + sizeof(tag));
	}
	reference_free(reference);
}

static struct filter_test_bpf *load(struct test *test, const char *text,
				    const struct filter *filter, uint16_t push_tci)
{
	struct filter_test_bpf *programs = kernel_load(filter, push_tci);

	if (!programs)
		printf("the kernel refuses \"%s\"\n", text);
	else
		test->loads++;
	return programs;
}

static int run_expression(struct test *test, const char *text)
{
	struct filter_test_bpf *programs;
	struct filter_error error;
	struct filter *filter;
	int failed = 0;

	if (filter_compile(text, &filter, &error)) {
		printf("cannot compile \"%s\": %s\n", text, error.message);
		return 1;
	}

	programs = load(test, text, filter, 0);
	failed |= !programs;
	if (programs) {
		run_ethernet(test, text, programs);
		run_ip(test, text, programs);
	}
	kernel_unload(programs);

	programs = load(test, text, filter, PUSHED_TCI);
	failed |= !programs;
	if (programs)
		run_tagged(test, text, programs);
	kernel_unload(programs);

	filter_free(filter);
	return failed;
}

int main(int argc, char **argv)
{
	const char *obstacle = kernel_obstacle();
	struct test_expressions expressions;
	struct test test = {};
	int failed = 0;

	if (argc != 2) {
		fprintf(stderr, "usage: %s EXPRESSIONS\n", argv[0]);
		return 2;
	}
	if (obstacle) {
		printf("SKIP: %s\n", obstacle);
		return EXIT_SKIP;
	}
	expressions_read(argv[1], &expressions);
	packets_make(&test.packets);

	for (size_t i = 0; i < expressions.count; i++)
		failed |= run_expression(&test, expressions.list[i]);

	printf("%zu expressions, %zu packets, %u loads, %lu runs refused by the kernel: ",
	       expressions.count, test.packets.count, test.loads, test.refused);
	failed |= compare_finish(&test.compare);
	packets_free(&test.packets);
	expressions_free(&expressions);
	return failed;
}
