// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/btf.h>
#include <errno.h>
#include <string.h>

#include "kernel/arguments.h"
#include "kernel/functions.h"
#include "kernel/prototypes.h"
#include "test.h"

/* BTF made by hand: the ids of the types that functions need. */
struct kit {
	struct btf *btf;
	int number, wide, skb, skb_ref, list, holder, frame, buff, other;
};

static void kit_open(struct kit *kit)
{
	struct btf *btf = btf__new_empty();
	int skb, constant, typedefed, holder;

	assert_non_null(btf);
	kit->btf = btf;
	kit->number = btf__add_int(btf, "int", 4, BTF_INT_SIGNED);
	kit->wide = btf__add_struct(btf, "sockptr", 16);
	kit->other = btf__add_ptr(btf, btf__add_fwd(btf, "sk_buff_head", BTF_FWD_STRUCT));
	skb = btf__add_struct(btf, "sk_buff", 232);
	constant = btf__add_const(btf, skb);
	typedefed = btf__add_typedef(btf, "packet_t", btf__add_volatile(btf, constant));
	kit->skb = btf__add_ptr(btf, typedefed);
	kit->skb_ref = btf__add_ptr(btf, btf__add_ptr(btf, skb));
	kit->frame = btf__add_ptr(btf, btf__add_struct(btf, "xdp_frame", 40));
	kit->buff = btf__add_ptr(btf, btf__add_struct(btf, "xdp_buff", 56));
	kit->list = btf__add_ptr(btf, btf__add_struct(btf, "list_head", 16));
	holder = btf__add_struct(btf, "nft_pktinfo", 16);
	assert_int_equal(btf__add_field(btf, "skb", kit->skb, 0, 0), 0);
	assert_int_equal(btf__add_field(btf, "state", kit->other, 64, 0), 0);
	kit->holder = btf__add_ptr(btf, holder);
}

static void function_add(struct kit *kit, const char *name, const int *types, int count)
{
	int function = btf__add_func_proto(kit->btf, kit->number);

	for (int i = 0; i < count; i++)
		assert_int_equal(btf__add_func_param(kit->btf, "p", types[i]), 0);
	assert_true(btf__add_func(kit->btf, name, BTF_FUNC_STATIC, function) > 0);
}

#define FUNCTION_ADD(kit, name, ...)                                                     \
	do {                                                                             \
		const int types[] = { __VA_ARGS__ };                                     \
		function_add(kit, name, types, sizeof(types) / sizeof(*types));          \
	} while (0)

static const struct prototype *find(const struct prototypes *prototypes, const char *name,
				    const char *module)
{
	return prototypes_find(prototypes, name, strlen(name), module);
}

static void find_check(const struct prototypes *prototypes, const char *name,
		       int argument, int packet)
{
	const struct prototype *found = find(prototypes, name, NULL);

	assert_non_null(found);
	assert_string_equal(found->name, name);
	assert_null(found->module);
	assert_int_equal(found->argument, argument);
	assert_int_equal(found->packet, packet);
	assert_int_equal(found->problem, PROTOTYPE_FINE);
}

static void problem_check(const struct prototypes *prototypes, const char *name,
			  enum prototype_problem problem)
{
	const struct prototype *found = find(prototypes, name, NULL);

	assert_non_null(found);
	assert_int_equal(found->problem, problem);
	assert_int_equal(found->argument, 0);
}

static void test_shapes(void **state)
{
	struct prototypes *prototypes = NULL;
	struct kit kit;
	size_t count;

	kit_open(&kit);
	FUNCTION_ADD(&kit, "third", kit.number, kit.other, kit.skb, kit.skb);
	FUNCTION_ADD(&kit, "by_reference", kit.number, kit.skb_ref);
	FUNCTION_ADD(&kit, "both", kit.skb_ref, kit.skb);
	FUNCTION_ADD(&kit, "no_packet", kit.number, kit.other);
	FUNCTION_ADD(&kit, "behind_wide", kit.wide, kit.skb);
	FUNCTION_ADD(&kit, "before_wide", kit.skb, kit.wide);
	FUNCTION_ADD(&kit, "__traceiter_netif_rx", kit.other, kit.skb);
	FUNCTION_ADD(&kit, "perf_trace_netif_rx", kit.other, kit.skb);
	FUNCTION_ADD(&kit, "same_twice", kit.skb);
	FUNCTION_ADD(&kit, "same_twice", kit.skb, kit.number);
	FUNCTION_ADD(&kit, "differs", kit.skb);
	FUNCTION_ADD(&kit, "differs", kit.number, kit.skb);
	FUNCTION_ADD(&kit, "ip_list_rcv", kit.list, kit.other, kit.list);
	FUNCTION_ADD(&kit, "ip_list_rcv_finish", kit.number, kit.other, kit.list);
	FUNCTION_ADD(&kit, "other_list", kit.list);
	FUNCTION_ADD(&kit, "nf_hook_slow_list", kit.list, kit.skb);
	FUNCTION_ADD(&kit, "__skb_try_recv_datagram", kit.other, kit.skb_ref);
	FUNCTION_ADD(&kit, "nft_do_chain", kit.holder, kit.other);
	FUNCTION_ADD(&kit, "other_holder", kit.holder, kit.other);
	FUNCTION_ADD(&kit, "dev_map_enqueue", kit.other, kit.frame);
	FUNCTION_ADD(&kit, "veth_xdp_tx", kit.other, kit.buff, kit.other);
	FUNCTION_ADD(&kit, "__xdp_build_skb_from_frame", kit.frame, kit.skb);
	FUNCTION_ADD(&kit, "two_problems", kit.wide, kit.skb);
	FUNCTION_ADD(&kit, "two_problems", kit.skb);
	assert_int_equal(prototypes_read(kit.btf, &prototypes), 0);

	find_check(prototypes, "third", 3, FUNCTION_SKB);
	find_check(prototypes, "by_reference", 2, FUNCTION_SKB_REF);
	find_check(prototypes, "both", 2, FUNCTION_SKB);
	find_check(prototypes, "before_wide", 1, FUNCTION_SKB);
	find_check(prototypes, "same_twice", 1, FUNCTION_SKB);
	find_check(prototypes, "ip_list_rcv", 1, FUNCTION_SKB_LIST);
	find_check(prototypes, "ip_list_rcv_finish", 3, FUNCTION_SKB_LIST);
	find_check(prototypes, "nf_hook_slow_list", 2, FUNCTION_SKB);
	find_check(prototypes, "nft_do_chain", 1, FUNCTION_SKB_REF);
	find_check(prototypes, "dev_map_enqueue", 2, FUNCTION_XDP_FRAME);
	find_check(prototypes, "veth_xdp_tx", 2, FUNCTION_XDP_BUFF);
	find_check(prototypes, "__xdp_build_skb_from_frame", 2, FUNCTION_SKB);
	problem_check(prototypes, "behind_wide", PROTOTYPE_WIDE);
	problem_check(prototypes, "differs", PROTOTYPE_SHAPES);
	problem_check(prototypes, "two_problems", PROTOTYPE_SHAPES);
	problem_check(prototypes, "__skb_try_recv_datagram", PROTOTYPE_OUT);
	assert_null(find(prototypes, "other_list", NULL));
	assert_null(find(prototypes, "other_holder", NULL));
	prototypes_all(prototypes, &count);
	assert_int_equal(count, 16);
	prototypes_free(prototypes);
	btf__free(kit.btf);
}

static void test_nothing(void **state)
{
	struct prototypes *prototypes = NULL;
	struct btf *btf = btf__new_empty();
	size_t count;

	assert_int_equal(prototypes_read(btf, &prototypes), 0);
	prototypes_all(prototypes, &count);
	assert_int_equal(count, 0);
	assert_null(find(prototypes, "ip_rcv", NULL));
	prototypes_free(prototypes);
	btf__free(btf);
}

/* Built in: what it says, every line of it. */
static void test_arguments(void **state)
{
	assert_int_equal(arguments_check(), 0);
	assert_int_equal(arguments_kind("ip_list_rcv"), ARGUMENT_LIST);
	assert_int_equal(arguments_kind("ip_list_rc"), ARGUMENT_BY_TYPE);
	assert_int_equal(arguments_kind("ip_list_rcv_"), ARGUMENT_BY_TYPE);
	assert_int_equal(arguments_kind("prepare_reply"), ARGUMENT_OUT);
	assert_int_equal(arguments_kind("nft_do_chain"), ARGUMENT_HOLDER);
	assert_int_equal(arguments_kind("#"), ARGUMENT_BY_TYPE);
	assert_int_equal(arguments_kind(""), ARGUMENT_BY_TYPE);
}

/* The machine's own: functions whose prototype is the same in every kernel. */
static void test_machine(void **state)
{
	struct btf *vmlinux = btf__load_vmlinux_btf();
	struct prototypes *prototypes = NULL;
	size_t count;

	if (!vmlinux) {
		print_message("skipped: this kernel has no BTF\n");
		skip();
	}
	assert_int_equal(prototypes_load(vmlinux, &prototypes), 0);
	find_check(prototypes, "ip_rcv", 1, FUNCTION_SKB);
	find_check(prototypes, "__ip_local_out", 3, FUNCTION_SKB);
	find_check(prototypes, "kfree_skb_partial", 1, FUNCTION_SKB);
	find_check(prototypes, "netif_receive_skb_list", 1, FUNCTION_SKB_LIST);
	assert_null(find(prototypes, "ip_rcv", "ip"));
	assert_null(find(prototypes, "__traceiter_kfree_skb", NULL));
	prototypes_all(prototypes, &count);
	print_message("%zu functions take a packet\n", count);
	assert_in_range(count, 500, 20000);
	prototypes_free(prototypes);
	btf__free(vmlinux);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_arguments),
		cmocka_unit_test(test_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
