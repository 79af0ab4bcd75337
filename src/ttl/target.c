// SPDX-License-Identifier: GPL-2.0-only
#include "ttl/target.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stdlib.h>

void targets_free(struct target *targets, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(targets[i].packets);
	free(targets);
}

int target_add(struct target *target, const struct target_packets *packets)
{
	struct target_packets *more = reallocarray(
		target->packets, target->packet_kinds + 1, sizeof(*target->packets));

	if (!more)
		return -ENOMEM;
	target->packets = more;
	target->packets[target->packet_kinds++] = *packets;
	return 0;
}

static int packets_compare(const void *left, const void *right)
{
	const struct target_packets *a = left, *b = right;
	int a_later = !(a->tcp_flags & TH_SYN), b_later = !(b->tcp_flags & TH_SYN);

	if (a_later != b_later)
		return a_later - b_later;
	if (a->ttl != b->ttl)
		return a->ttl - b->ttl;
	return a->tcp_flags - b->tcp_flags;
}

void target_decide(struct target *target, struct distance_bounds bounds)
{
	uint8_t ttls[UINT8_MAX + 1];
	size_t count = 0;

	if (!target->packet_kinds)
		return;
	qsort(target->packets, target->packet_kinds, sizeof(*target->packets),
	      packets_compare);
	for (size_t i = 0; i < target->packet_kinds && count < sizeof(ttls); i++)
		ttls[count++] = target->packets[i].ttl;
	target->distance = distance_decide(ttls, count, bounds);
}

void target_address(const struct target *target, char *text, size_t size)
{
	if (getnameinfo((const struct sockaddr *)&target->address, target->address_length,
			text, size, NULL, 0, NI_NUMERICHOST))
		text[0] = '\0';
}
