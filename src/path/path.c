// SPDX-License-Identifier: GPL-2.0-only
#include "path/path.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "bpf/tracepoints.h"
#include "path/reason.h"

static const char *const end_names[] = {
	[PATH_OPEN] = "open",
	[PATH_DELIVERED] = "delivered",
	[PATH_TRANSMITTED] = "transmitted",
	[PATH_DROPPED] = "dropped",
	[PATH_CONSUMED] = "consumed",
	[PATH_LOST] = "lost",
	[PATH_MERGED] = "merged",
};
static_assert(sizeof(end_names) / sizeof(end_names[0]) == PATH_ENDS, "a name per end");

const char *path_end_name(enum path_end end)
{
	return end_names[end];
}

void path_truncate(struct path *path, size_t count)
{
	for (size_t i = count; i < path->count; i++)
		step_clear(&path->steps[i]);
	path->count = count;
}

/* NULL without memory, or when there is nothing to copy. */
static void *copy_of(const void *data, size_t size)
{
	void *copy = data && size ? malloc(size) : NULL;

	return copy ? memcpy(copy, data, size) : NULL;
}

static int relatives_copy(struct relatives *to, const struct relatives *from)
{
	to->list = copy_of(from->list, from->count * sizeof(*from->list));
	to->count = to->list ? from->count : 0;
	return to->count == from->count ? 0 : -ENOMEM;
}

int step_copy(struct step *to, const struct step *from)
{
	const struct changes *changes = from->changes;
	size_t size = sizeof(*changes);

	if (changes)
		size += changes->count * sizeof(changes->list[0]);
	*to = *from;
	to->flow = copy_of(from->flow, sizeof(*from->flow));
	to->changes = copy_of(changes, size);
	to->detail = copy_of(from->detail, sizeof(*from->detail));
	return !to->flow == !from->flow && !to->changes == !changes &&
			       !to->detail == !from->detail
		       ? 0
		       : -ENOMEM;
}

/* Nearly all steps have none of these. */
void step_clear(struct step *step)
{
	if (!step->flow && !step->changes && !step->detail)
		return;
	free(step->flow);
	free(step->changes);
	free(step->detail);
	step->flow = NULL;
	step->changes = NULL;
	step->detail = NULL;
}

static int steps_copy(struct path *to, const struct path *from)
{
	int error = 0;

	to->steps = calloc(from->count + 1, sizeof(*to->steps));
	if (!to->steps)
		return -ENOMEM;
	to->capacity = from->count + 1;
	for (; !error && to->count < from->count; to->count++)
		error = step_copy(&to->steps[to->count], &from->steps[to->count]);
	return error;
}

static int missed_copy(struct missed_list *to, const struct missed_list *from)
{
	const size_t size = from->count * sizeof(*from->list);

	to->list = size ? malloc(size) : NULL;
	if (size && !to->list)
		return -ENOMEM;
	if (size)
		memcpy(to->list, from->list, size);
	to->count = from->count;
	return 0;
}

int path_copy(struct path *to, const struct path *from)
{
	int error;

	*to = *from;
	to->steps = NULL;
	to->count = 0;
	to->headers = NULL;
	to->headers_count = 0;
	to->lineage.branches = to->lineage.members = (struct relatives){ 0 };
	to->missed = (struct missed_list){ 0 };
	error = steps_copy(to, from);
	if (!error)
		error = relatives_copy(&to->lineage.branches, &from->lineage.branches);
	if (!error)
		error = relatives_copy(&to->lineage.members, &from->lineage.members);
	if (!error)
		error = missed_copy(&to->missed, &from->missed);
	if (error)
		path_free(to);
	return error;
}

void path_free(struct path *path)
{
	path_truncate(path, 0);
	free(path->steps);
	free(path->headers);
	free(path->lineage.branches.list);
	free(path->lineage.members.list);
	free(path->missed.list);
	*path = (struct path){ 0 };
}

uint64_t path_duration(const struct path *path)
{
	return path->count ? path->steps[path->count - 1].time - path->steps[0].time : 0;
}

uint64_t path_between(const struct step *from, const struct step *to)
{
	return to->time > from->time ? to->time - from->time : 0;
}

static uint64_t key_netns(const struct step *step)
{
	return step->netns;
}

/* 0 for a step with no device. */
static uint64_t key_device(const struct step *step)
{
	return step->ifindex ? (uint64_t)step->netns << 32 | step->ifindex : 0;
}

static int key_compare(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

	return (left > right) - (left < right);
}

/* How many different keys the steps have that are not 0. */
static size_t count_keys(const struct path *path, uint64_t (*key)(const struct step *))
{
	AUTO_FREE uint64_t *keys = calloc(path->count + 1, sizeof(*keys));
	size_t count = 0, different = 0;

	if (!keys)
		return 0;
	/* Most steps are where the one before was: little is left to sort. */
	for (size_t i = 0; i < path->count; i++) {
		uint64_t next = key(&path->steps[i]);

		if (next && (!count || next != keys[count - 1]))
			keys[count++] = next;
	}
	qsort(keys, count, sizeof(*keys), key_compare);
	for (size_t i = 0; i < count; i++)
		different += i == 0 || keys[i] != keys[i - 1];
	return different;
}

size_t path_netns_count(const struct path *path)
{
	return count_keys(path, key_netns);
}

size_t path_device_count(const struct path *path)
{
	return count_keys(path, key_device);
}

const struct step *path_reader(const struct path *path)
{
	for (size_t i = 0; i < path->count; i++) {
		const struct step *step = &path->steps[i];

		if (step->kind == EVENT_TRACEPOINT &&
		    step->id == TRACEPOINT_skb_copy_datagram_iovec)
			return step;
	}
	return NULL;
}

bool path_is_with_socket(const struct path *path)
{
	return path->end == PATH_OPEN && path->count &&
	       path->steps[path->count - 1].role == STAGE_ROLE_DELIVER;
}

const char *path_where(const struct path *path)
{
	return path->where ? path->where : "";
}

/* With a reason that has no name here, what is likely at this place is not known. */
const char *path_explanation(const struct path *path)
{
	if (path->end != PATH_DROPPED || (!path->reason && path->reason_value))
		return NULL;
	return reason_explain(path->reason, path_where(path));
}
