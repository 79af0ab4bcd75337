// SPDX-License-Identifier: GPL-2.0-only
#include "path/copied.h"

#include <string.h>

#include "bpf/event.h"
#include "path/naming.h"

struct copied copied_from(struct naming *naming, const struct event *event,
			  const void *data, size_t size)
{
	const char *functions[EVENT_CALLERS];
	struct event_copy copy = { 0 };
	struct copied copied = { .begins = true };
	size_t count = 0;

	if (size >= sizeof(copy))
		memcpy(&copy, data, sizeof(copy));
	if (!copy.callers[0])
		copy.callers[0] = event->where;
	for (; count < EVENT_CALLERS && copy.callers[count]; count++)
		functions[count] = naming_function(naming, copy.callers[count]);
	copied.making = relation_read(functions, count);
	copied.where = copy.callers[copied.making.maker];
	return copied;
}
