// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any text, any packet: compile the text, and where it compiles, the generated
 * eBPF and libpcap's bpf_filter() have to decide alike. A text that does not
 * compile has to be refused with a message and a position inside the text.
 *
 *	CC=clang meson setup build-fuzz -Dfuzz=true -Db_lundef=false
 *	ninja -C build-fuzz tests/fuzz/filter_fuzz
 *	mkdir corpus && split -l 1 tests/filter/expressions.txt corpus/
 *	build-fuzz/tests/fuzz/filter_fuzz -max_total_time=10 -timeout=20 corpus
 *
 * Input: the text up to the first NUL, then the packet. Names that are looked
 * up (hosts, networks) never leave the process: the functions of libpcap's
 * that would ask are replaced below.
 */
#include <netdb.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <linux/bpf.h>

#include "../filter/ebpf_run.h"
#include "../filter/reference.h"
#include "bpf/packet.h"
#include "filter/filter.h"

#define SLOT_SIZE     (FILTER_SLOT_INSNS + 3)
#define FUZZ_TEXT_MAX 400 /* longer ones only make libpcap slow */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* glibc's, called by libpcap; a definition here comes first. */
int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
		struct addrinfo **result)
{
	return EAI_NONAME;
}

struct netent *getnetbyname(const char *name)
{
	return NULL;
}

static void slot_make(struct bpf_insn *insns, __s32 marker)
{
	for (size_t i = 0; i < SLOT_SIZE; i++)
		insns[i] = (struct bpf_insn){ .code = BPF_JMP | BPF_JA };
	insns[0] = (struct bpf_insn){ .code = BPF_ALU64 | BPF_MOV | BPF_K,
				      .imm = marker };
	insns[SLOT_SIZE - 2] = insns[0];
	insns[SLOT_SIZE - 2].imm = FILTER_SLOT_END;
	insns[SLOT_SIZE - 1].code = BPF_JMP | BPF_EXIT;
}

static void compare(const struct filter *filter, const char *text, enum event_layer layer,
		    const uint8_t *packet, uint32_t len)
{
	static struct bpf_insn slot[SLOT_SIZE];
	struct reference *reference = reference_new(text, layer);
	uint32_t snap = filter_snap_len(filter);
	bool expected, verdict;

	slot_make(slot, layer == EVENT_LAYER_IP ? FILTER_SLOT_BEGIN_IP
						: FILTER_SLOT_BEGIN_ETHERNET);
	if (filter_place(filter, slot, SLOT_SIZE) != 1)
		abort();
	expected = reference_match(reference, packet, len, len);
	verdict = ebpf_run(slot, SLOT_SIZE, packet, len < snap ? len : snap, len);
	if (expected != verdict)
		abort();
	reference_free(reference);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct filter_error error = { .position = -2 };
	struct filter *filter;
	char text[FUZZ_TEXT_MAX + 1] = {};
	uint8_t packet[PACKET_SNAP_MAX];
	size_t text_len = strnlen((const char *)data, size), len;

	if (text_len > FUZZ_TEXT_MAX)
		return 0;
	memcpy(text, data, text_len);
	len = size > text_len ? size - text_len - 1 : 0;
	if (len > sizeof(packet))
		len = sizeof(packet);
	memcpy(packet, data + size - len, len);

	if (filter_compile(text, &filter, &error)) {
		if (!*error.message || error.position < -1 ||
		    error.position > (int)text_len)
			abort();
		return 0;
	}
	/* where the text says what the reference only guesses at */
	if (!strpbrk(text, "["))
		compare(filter, text, EVENT_LAYER_IP, packet, len);
	compare(filter, text, EVENT_LAYER_ETHERNET, packet, len);
	filter_free(filter);
	return 0;
}
