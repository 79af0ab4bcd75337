// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/btf.h>

#include "kernel/drop_reasons.h"
#include "kernel/types.h"
#include "test.h"

static void test_names(void **state)
{
	struct btf *btf = btf__new_empty();
	struct drop_reasons *reasons;
	struct types *types;

	btf__add_enum(btf, "ovs_drop_reason", 4);
	btf__add_enum_value(btf, "__OVS_DROP_REASON", 0x30000);
	btf__add_enum_value(btf, "OVS_DROP_LAST_ACTION", 0x30001);
	btf__add_enum_value(btf, "OVS_DROP_MAX", 0x30002);
	btf__add_enum(btf, "mac80211_drop_reason", 4);
	btf__add_enum_value(btf, "RX_CONTINUE", 1);
	btf__add_enum(btf, "skb_drop_reason", 4);
	btf__add_enum_value(btf, "SKB_DROP_REASON_OTHERHOST", 9);
	btf__add_enum_value(btf, "SKB_CONSUMED", 1);
	btf__add_enum_value(btf, "SKB_DROP_REASON_MAX", 10);
	btf__add_enum_value(btf, "SKB_DROP_REASON_SUBSYS_MASK", (int)0xffff0000);
	types = types_new(btf);
	reasons = drop_reasons_read(types);
	assert_non_null(reasons);

	assert_string_equal(drop_reasons_name(reasons, 9), "OTHERHOST");
	assert_string_equal(drop_reasons_name(reasons, 1), "CONSUMED");
	assert_string_equal(drop_reasons_name(reasons, 0x30001), "OVS_DROP_LAST_ACTION");
	assert_null(drop_reasons_name(reasons, 10));
	assert_null(drop_reasons_name(reasons, 0x30000));
	assert_null(drop_reasons_name(reasons, 0x30002));
	assert_null(drop_reasons_name(reasons, 0xffff0000));
	drop_reasons_free(reasons);
	types_free(types);
	btf__free(btf);
}

/* 5.10 has none. */
static void test_nothing(void **state)
{
	struct btf *btf = btf__new_empty();
	struct types *types = types_new(btf);
	struct drop_reasons *reasons = drop_reasons_read(types);

	assert_non_null(reasons);
	assert_null(drop_reasons_name(reasons, 2));
	drop_reasons_free(reasons);
	types_free(types);
	btf__free(btf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
