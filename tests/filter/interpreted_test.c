// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every expression on every packet: the generated eBPF, interpreted, against
 * libpcap's bpf_filter(). Needs no privilege. Unlike a test run in the kernel
 * this one also takes packets shorter than an Ethernet header, and packets of
 * which only a part was captured.
 *
 * What runs is what would be loaded, the filter in its slot and what is constant worked
 * out.
 *
 * libpcap is given as much as a filter may see, the eBPF only as much as it
 * says that it needs: so the bound is tested, too.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/bpf.h>

#include "bpf/packet.h"
#include "bytecode/fold.h"
#include "compare.h"
#include "ebpf_run.h"
#include "expressions.h"
#include "filter/filter.h"
#include "packets.h"
#include "reference.h"

#define SLOT_SIZE (FILTER_SLOT_INSNS + 3)

/* An Ethernet header in front of IP; what is there does not matter. */
#define LINK_LEN 14

struct slot {
	struct bpf_insn insns[SLOT_SIZE];
	size_t count;
};

static void slot_make(struct slot *slot, __s32 marker)
{
	struct bpf_insn *insns = slot->insns;

	for (size_t i = 0; i < SLOT_SIZE; i++)
		insns[i] = (struct bpf_insn){ .code = BPF_JMP | BPF_JA };
	insns[0] = (struct bpf_insn){ .code = BPF_ALU64 | BPF_MOV | BPF_K,
				      .imm = marker };
	insns[SLOT_SIZE - 2] = insns[0];
	insns[SLOT_SIZE - 2].imm = FILTER_SLOT_END;
	insns[SLOT_SIZE - 1].code = BPF_JMP | BPF_EXIT;
	slot->count = SLOT_SIZE;
}

/* All that the filter left free goes. */
static void slot_fold(struct slot *slot)
{
	uint32_t places[SLOT_SIZE + 1];

	if (fold(slot->insns, slot->count, NULL, places, &slot->count) ||
	    slot->count >= SLOT_SIZE)
		abort();
}

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static void run_one(struct compare *compare, const char *text, enum event_layer layer,
		    const struct reference *reference, const struct slot *slot,
		    uint32_t snap, const uint8_t *data, uint32_t captured, uint32_t len)
{
	int expected = reference_match(reference, data, captured, len);
	int verdict = !!ebpf_run(slot->insns, slot->count, data, least(captured, snap),
				 len);

	compare_verdict(compare, text, layer, data, captured, len, expected, verdict);
}

static void run_packets(struct compare *compare, const char *text, enum event_layer layer,
			const struct slot *slot, uint32_t snap,
			const struct test_packets *packets)
{
	struct reference *reference = reference_new(text, layer);
	uint32_t skip = layer == EVENT_LAYER_IP ? LINK_LEN : 0;

	for (size_t i = 0; i < packets->count; i++) {
		const struct test_packet *p = &packets->list[i];
		uint32_t len = p->len > skip ? p->len - skip : 0;

		run_one(compare, text, layer, reference, slot, snap, p->data + skip, len,
			len);
		run_one(compare, text, layer, reference, slot, snap, p->data + skip,
			len * (i % 8) / 8, len);
	}
	reference_free(reference);
}

static int run_expression(struct compare *compare, const char *text,
			  const struct test_packets *packets)
{
	static const __s32 markers[] = {
		[EVENT_LAYER_ETHERNET] = FILTER_SLOT_BEGIN_ETHERNET,
		[EVENT_LAYER_IP] = FILTER_SLOT_BEGIN_IP,
	};
	struct filter_error error;
	struct filter *filter;
	struct slot slot;

	if (filter_compile(text, &filter, &error)) {
		printf("cannot compile \"%s\": %s\n", text, error.message);
		return 1;
	}
	for (int layer = EVENT_LAYER_ETHERNET; layer <= EVENT_LAYER_IP; layer++) {
		slot_make(&slot, markers[layer]);
		if (filter_place(filter, slot.insns, SLOT_SIZE) != 1)
			abort();
		slot_fold(&slot);
		run_packets(compare, text, layer, &slot, filter_snap_len(filter),
			    packets);
	}
	filter_free(filter);
	return 0;
}

int main(int argc, char **argv)
{
	struct test_expressions expressions;
	struct test_packets packets;
	struct compare compare = {};
	int failed = 0;

	if (argc != 2) {
		fprintf(stderr, "usage: %s EXPRESSIONS\n", argv[0]);
		return 2;
	}
	expressions_read(argv[1], &expressions);
	packets_make(&packets);

	for (size_t i = 0; i < expressions.count; i++)
		failed |= run_expression(&compare, expressions.list[i], &packets);

	printf("%zu expressions, %zu packets: ", expressions.count, packets.count);
	failed |= compare_finish(&compare);
	packets_free(&packets);
	expressions_free(&expressions);
	return failed;
}
