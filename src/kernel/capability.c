// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/capability.h"

#include <linux/capability.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof(*(array)))

static const struct {
	int number;
	const char *name;
} NEEDED[] = {
	{ CAP_BPF, "CAP_BPF" },		    /* maps, programs */
	{ CAP_PERFMON, "CAP_PERFMON" },	    /* tracing programs, kernel reads */
	{ CAP_NET_ADMIN, "CAP_NET_ADMIN" }, /* tcx programs */
};

bool capability_has(int number)
{
	struct __user_cap_header_struct header = { .version =
							   _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {};

	if (syscall(SYS_capget, &header, data))
		return false;
	return data[CAP_TO_INDEX(number)].effective & CAP_TO_MASK(number);
}

bool capability_missing(char *text, size_t size)
{
	size_t used = 0;

	if (capability_has(CAP_SYS_ADMIN))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(NEEDED); i++)
		if (!capability_has(NEEDED[i].number) && used < size)
			used += snprintf(text + used, size - used, "%s%s",
					 used ? ", " : "", NEEDED[i].name);
	return used > 0;
}

bool capability_is_initial(void)
{
	AUTO_FILE FILE *file = fopen("/proc/self/uid_map", "re");
	unsigned int inside, outside, count;

	if (!file)
		return true; /* no CONFIG_USER_NS */
	/* user_namespaces(7): the initial one maps everybody to himself. */
	return fscanf(file, "%u %u %u", &inside, &outside, &count) == 3 && !inside &&
	       !outside && count == UINT32_MAX;
}
