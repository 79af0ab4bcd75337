// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "kernel/container.h"
#include "test.h"

#define ID    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define INNER "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"

static const struct {
	const char *cgroup, *name;
} CASES[] = {
	{ "0::/system.slice/docker-" ID ".scope\n", "0123456789ab" },
	{ "12:cpuset:/docker/" ID "\n0::/\n", "0123456789ab" },
	{ "1:name=systemd:/\n0::/machine.slice/libpod-" ID ".scope/container\n",
	  "0123456789ab" },
	{ "0::/machine.slice/libpod-conmon-" ID ".scope\n", NULL },
	{ "0::/kubepods.slice/kubepods-burstable.slice/"
	  "kubepods-burstable-pod0af3.slice/cri-containerd-" ID ".scope\n",
	  "0123456789ab" },
	{ "0::/docker/" ID "/kubelet/kubepods/pod1/" INNER "\n", "fedcba987654" },
	{ "0::/../../docker/" ID, "0123456789ab" },
	{ "0::/lxc.payload.web/system.slice/nginx.service\n", "web" },
	{ "0::/user.slice/user-1000.slice/session-1.scope\n", NULL },
	{ "4:memory:/agent/f807c166b924921bd47e0b67a1603b6c\n", NULL },
	{ "0::/docker/" ID "0\n", NULL },
	{ "no path\n", NULL },
	{ "\n", NULL },
};

static void test_cases(void **state)
{
	for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
		FILE *file = fmemopen((void *)CASES[i].cgroup, strlen(CASES[i].cgroup),
				      "r");
		char name[64] = "before";

		assert_non_null(file);
		assert_int_equal(container_read(file, name, sizeof(name)),
				 CASES[i].name ? 0 : -ENOENT);
		assert_string_equal(name, CASES[i].name ?: "before");
		fclose(file);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
