// SPDX-License-Identifier: GPL-2.0-only
#include "assembled.h"

#include <stdlib.h>

void *assembled_new(size_t size, assembler_fn fn)
{
	struct stream *stream = calloc(1, size);

	assert_non_null(stream);
	stream->assembler = assembler_new(stream_names(), fn, stream);
	assert_non_null(stream->assembler);
	return stream;
}

int assembled_teardown(void **state)
{
	struct stream *stream = *state;

	assembler_free(stream->assembler);
	free(stream);
	return 0;
}

void assembled_begin(struct stream *stream, uint64_t packet)
{
	stream_packet(stream, packet, SKB(packet));
	stream_function(stream, "ip_rcv", EVENT_FIRST);
}
