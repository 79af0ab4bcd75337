// SPDX-License-Identifier: GPL-2.0-only
#include "hook/percpu.h"

#include <errno.h>
#include <string.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "base/cleanup.h"

int percpu_sum(int fd, const void *key, __u64 *sums, size_t count)
{
	int cpus = libbpf_num_possible_cpus();
	AUTO_FREE __u64 *values = NULL;

	memset(sums, 0, count * sizeof(*sums));
	if (cpus < 1)
		return -EINVAL;
	values = calloc((size_t)cpus * count, sizeof(*values));
	if (!values)
		return -ENOMEM;
	if (bpf_map_lookup_elem(fd, key, values))
		return -errno;
	for (size_t i = 0; i < (size_t)cpus * count; i++)
		sums[i % count] += values[i];
	return 0;
}
