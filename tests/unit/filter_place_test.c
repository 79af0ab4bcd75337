// SPDX-License-Identifier: GPL-2.0-only
/* Code into slots, and code as text. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/bpf.h>

#include "bpf/packet.h"
#include "filter/classic.h"
#include "filter/extended.h"
#include "filter/filter.h"
#include "filter/slot.h"
#include "test.h"

#define SLOT_SIZE (FILTER_SLOT_INSNS + 3)
#define AROUND	  5 /* other instructions before, between and behind two slots */
#define PROGRAM	  (2 * SLOT_SIZE + 3 * AROUND)

static const struct bpf_insn other = { .code = BPF_ALU64 | BPF_MOV | BPF_K,
				       .dst_reg = 6 };

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

static struct bpf_insn *program_make(void)
{
	struct bpf_insn *insns = calloc(PROGRAM, sizeof(*insns));

	for (size_t i = 0; i < PROGRAM; i++)
		insns[i] = other;
	slot_make(&insns[AROUND], FILTER_SLOT_BEGIN_ETHERNET);
	slot_make(&insns[2 * AROUND + SLOT_SIZE], FILTER_SLOT_BEGIN_IP);
	return insns;
}

static struct filter *compile(const char *text)
{
	struct filter_error error;
	struct filter *filter;

	assert_int_equal(filter_compile(text, &filter, &error), 0);
	return filter;
}

static void test_place(void **state)
{
	struct filter *filter = compile("tcp port 80");
	struct bpf_insn *insns = program_make();

	assert_int_equal(filter_place(filter, insns, PROGRAM), 2);
	for (size_t i = 0; i < AROUND; i++) {
		assert_memory_equal(&insns[i], &other, sizeof(other));
		assert_memory_equal(&insns[AROUND + SLOT_SIZE + i], &other,
				    sizeof(other));
		assert_memory_equal(&insns[PROGRAM - 1 - i], &other, sizeof(other));
	}
	/* no marker is left: a second time there is nothing to fill */
	assert_int_equal(filter_place(filter, insns, PROGRAM), 0);
	free(insns);
	filter_free(filter);
}

/* What only looks like a slot is left alone. */
static void test_no_slot(void **state)
{
	struct filter *filter = compile("ip");
	struct bpf_insn *insns = program_make();

	assert_int_equal(filter_place(filter, insns, 0), 0);
	assert_int_equal(filter_place(filter, insns, AROUND), 0);
	assert_int_equal(filter_place(filter, insns, AROUND + SLOT_SIZE - 1), 0);
	assert_int_equal(filter_place(filter, insns, AROUND + SLOT_SIZE), 1);

	insns[2 * AROUND + 2 * SLOT_SIZE - 2].imm++;
	assert_int_equal(filter_place(filter, insns, PROGRAM), 0);
	free(insns);
	filter_free(filter);
}

static void test_slot_size(void **state)
{
	struct bpf_insn *code = calloc(SLOT_SIZE, sizeof(*code));
	struct bpf_insn *slot = calloc(SLOT_SIZE, sizeof(*slot));
	struct extended extended = { code, SLOT_SIZE };

	slot_make(slot, FILTER_SLOT_BEGIN_IP);
	code[SLOT_SIZE - 1].code = BPF_JMP | BPF_EXIT;
	assert_int_equal(slot_fill(slot, SLOT_SIZE, FILTER_SLOT_BEGIN_IP, &extended),
			 -E2BIG);

	/* the longest code that there is, and its exit where the slot's was */
	extended.count = FILTER_SLOT_INSNS;
	code[FILTER_SLOT_INSNS - 1].code = BPF_JMP | BPF_EXIT;
	assert_int_equal(slot_fill(slot, SLOT_SIZE, FILTER_SLOT_BEGIN_IP, &extended), 1);
	assert_memory_equal(&slot[SLOT_SIZE - FILTER_SLOT_INSNS], code,
			    FILTER_SLOT_INSNS * sizeof(*code));
	free(slot);
	free(code);
}

/* A thousand indexed loads are more than a slot takes. */
static void test_too_long(void **state)
{
	struct sock_filter insns[1000];
	struct classic classic = { insns, 1000 };
	struct extended extended = {};

	for (size_t i = 0; i < 999; i++)
		insns[i] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_B | BPF_IND, i);
	insns[999] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, 1);

	assert_int_equal(extended_generate(&classic, &extended), -E2BIG);
	assert_null(extended.insns);
	classic.count = 400;
	insns[399] = insns[999];
	assert_int_equal(extended_generate(&classic, &extended), 0);
	assert_true(extended.count <= FILTER_SLOT_INSNS);
	extended_free(&extended);
}

static char *dump(const char *text)
{
	struct filter *filter = compile(text);
	char *dumped;
	size_t size;
	FILE *out = open_memstream(&dumped, &size);

	filter_dump(filter, out);
	fclose(out);
	filter_free(filter);
	return dumped;
}

static void test_dump(void **state)
{
	char *text = dump("arp");

	assert_string_equal(
		text, "ethernet, classic: 14 bytes of a packet\n"
		      "(000) ldh      [12]\n"
		      "(001) jeq      #0x806           jt 2\tjf 3\n"
		      "(002) ret      #262144\n"
		      "(003) ret      #0\n"
		      "ethernet, extended: r1 data, r2 captured, r3 length, r4 A, r5 X\n"
		      "   0: w4 = 0x0\n"
		      "   1: w5 = 0x0\n"
		      "   2: if r2 < 0xe goto +7\n"
		      "   3: r4 = *(u16 *)(r1 +12)\n"
		      "   4: r4 = be16 r4\n"
		      "   5: if w4 != 0x806 goto +2\n"
		      "   6: w0 = 0x1\n"
		      "   7: exit\n"
		      "   8: w0 = 0x0\n"
		      "   9: exit\n"
		      "  10: w0 = 0x0\n"
		      "  11: exit\n"
		      "raw ip, classic: 0 bytes of a packet\n"
		      "(000) ret      #0\n"
		      "raw ip, extended: r1 data, r2 captured, r3 length, r4 A, r5 X\n"
		      "   0: w4 = 0x0\n"
		      "   1: w5 = 0x0\n"
		      "   2: w0 = 0x0\n"
		      "   3: exit\n");
	free(text);
}

/* Everything that is generated is known to the disassembler. */
static void test_dump_known(void **state)
{
	char *text = dump(
		"(ip[0] * ip[1] + ip[2] % ip[3]) ^ (ip[4] / ip[5] | ip[6] & 7) != "
		"(-ip[8] << ip[9]) - (ip[10] >> ip[11]) and len & 5 != 0 and "
		"tcp[ip[7]:4] > 6");

	assert_null(strchr(text, '?'));
	assert_null(strstr(text, ": 0x"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_place),	  cmocka_unit_test(test_no_slot),
		cmocka_unit_test(test_slot_size), cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_dump),	  cmocka_unit_test(test_dump_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
