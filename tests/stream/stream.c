// SPDX-License-Identifier: GPL-2.0-only
#include "stream.h"

#include <arpa/inet.h>
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "cmd/viewer.h"

#define FUNCTIONS 256
#define BASE	  0xffffffff81000000ull

/* Addresses are given out as names are asked for. */
static char functions[FUNCTIONS][64];
static size_t function_count;

uint64_t stream_address(const char *name)
{
	size_t i = 0;

	while (i < function_count && strcmp(functions[i], name))
		i++;
	assert(i < FUNCTIONS);
	if (i == function_count)
		snprintf(functions[function_count++], sizeof(functions[0]), "%s", name);
	return BASE + i * 0x1000 + 0x2a;
}

static const char *stream_symbol(struct names *names, uint64_t address, uint64_t *offset)
{
	size_t i = (address - BASE) / 0x1000;

	if (address < BASE || i >= function_count)
		return NULL;
	*offset = address & 0xfff;
	return functions[i];
}

static const char *stream_drop_reason(struct names *names, uint32_t reason)
{
	if (reason == STREAM_NO_SOCKET)
		return "NO_SOCKET";
	return reason == STREAM_OTHERHOST ? "OTHERHOST" : NULL;
}

static const char *stream_netns(struct names *names, uint32_t inode)
{
	static const char *const known[] = { NULL, "red", "blue", "host" };

	return inode < sizeof(known) / sizeof(known[0]) ? known[inode] : NULL;
}

static const char *stream_device(struct names *names, uint32_t netns, uint32_t ifindex)
{
	return ifindex == 7 ? "known7" : NULL;
}

struct names *stream_names(void)
{
	static const struct names_ops ops = {
		.symbol = stream_symbol,
		.drop_reason = stream_drop_reason,
		.netns = stream_netns,
		.device = stream_device,
	};
	static struct names names = { .ops = &ops };

	return &names;
}

static int stream_send(struct stream *stream, const void *event, size_t size)
{
	if (!stream->viewer)
		return assembler_add(stream->assembler, event, size);
	viewer_event(stream->viewer, event, size);
	return stream->viewer->error;
}

static int stream_add(struct stream *stream, enum event_kind kind, uint8_t id,
		      uint64_t where, unsigned int flags,
		      const struct stream_bytes *bytes)
{
	struct event_snapshot snapshot = { 0 };
	struct event *event = &stream->event;

	event->time = event->time ? event->time + 1000 : STREAM_START;
	event->kind = (uint8_t)kind;
	event->id = id;
	event->where = where;
	event->flags = (uint8_t)(flags | (bytes ? EVENT_SNAPSHOT : 0));
	if (!bytes)
		return stream_send(stream, event, sizeof(*event));
	snapshot.event = *event;
	memcpy(snapshot.dev, bytes->dev, strlen(bytes->dev));
	memcpy(snapshot.data, bytes->data, bytes->size);
	snapshot.captured = bytes->size;
	snapshot.layer = bytes->layer;
	return stream_send(stream, &snapshot, sizeof(snapshot));
}

int stream_function_snapshot(struct stream *stream, const char *name, unsigned int flags,
			     const struct stream_bytes *bytes)
{
	return stream_add(stream, EVENT_FUNCTION, 0, stream_address(name), flags, bytes);
}

int stream_gate_snapshot(struct stream *stream, enum event_gate gate, unsigned int flags,
			 const struct stream_bytes *bytes)
{
	return stream_add(stream, EVENT_GATE, (uint8_t)gate, 0, flags, bytes);
}

int stream_function(struct stream *stream, const char *name, unsigned int flags)
{
	return stream_function_snapshot(stream, name, flags, NULL);
}

int stream_call(struct stream *stream, const char *name, uint32_t frame)
{
	uint32_t before = stream->event.frame;
	int error;

	stream->event.frame = frame;
	error = stream_function(stream, name, EVENT_CALL);
	stream->event.frame = before;
	return error;
}

int stream_return(struct stream *stream, const char *name, uint32_t frame, uint64_t value)
{
	struct event before = stream->event;
	int error;

	stream->event.skb = 0;
	stream->event.frame = frame;
	stream->event.value = value;
	error = stream_add(stream, EVENT_RETURN, 0, stream_address(name), 0, NULL);
	before.time = stream->event.time;
	stream->event = before;
	return error;
}

int stream_gate(struct stream *stream, enum event_gate gate, unsigned int flags)
{
	return stream_gate_snapshot(stream, gate, flags, NULL);
}

int stream_tracepoint(struct stream *stream, enum tracepoint_id id, unsigned int flags)
{
	return stream_add(stream, EVENT_TRACEPOINT, (uint8_t)id, 0, flags, NULL);
}

int stream_consume(struct stream *stream, const char *caller)
{
	return stream_add(stream, EVENT_TRACEPOINT, TRACEPOINT_consume_skb,
			  stream_address(caller), EVENT_LAST, NULL);
}

int stream_drop(struct stream *stream, const char *caller, uint32_t reason)
{
	int error;

	stream->event.value = reason;
	error = stream_add(stream, EVENT_TRACEPOINT, TRACEPOINT_kfree_skb,
			   stream_address(caller), EVENT_LAST, NULL);
	stream->event.value = 0;
	return error;
}

int stream_free(struct stream *stream, const char *caller)
{
	return stream_add(stream, EVENT_FREE, 0, stream_address(caller), EVENT_LAST,
			  NULL);
}

int stream_free_frame(struct stream *stream, const char *caller)
{
	int error;

	stream->event.value = EVENT_FREE_FRAME;
	error = stream_free(stream, caller);
	stream->event.value = 0;
	return error;
}

int stream_copy(struct stream *stream, uint64_t parent, const char *const *callers)
{
	struct event_copy copy = { 0 };
	struct event *event = &stream->event;

	event->time = event->time ? event->time + 1000 : STREAM_START;
	event->kind = EVENT_COPY;
	event->where = stream_address("__copy_skb_header");
	event->flags = EVENT_FIRST;
	event->value = parent;
	copy.event = *event;
	event->value = 0;
	for (size_t i = 0; callers[i]; i++)
		copy.callers[i] = stream_address(callers[i]);
	return stream_send(stream, &copy, sizeof(copy));
}

int stream_again(struct stream *stream, const char *const *callers)
{
	struct event_again event = { .event = stream->event };

	event.event.kind = EVENT_AGAIN;
	event.event.flags = 0;
	for (size_t i = 0; callers[i]; i++)
		event.callers[i] = stream_address(callers[i]);
	return stream_send(stream, &event, sizeof(event));
}

int stream_link(struct stream *stream, enum event_kind kind, const char *name,
		uint64_t value)
{
	int error;

	stream->event.value = value;
	error = stream_add(stream, kind, 0, stream_address(name), 0, NULL);
	stream->event.value = 0;
	return error;
}

int stream_chain(struct stream *stream, const char *name, const char *table,
		 const char *chain, enum event_hook hook)
{
	struct event_chain event = { .event = stream->event };

	event.event.kind = EVENT_CHAIN;
	event.event.flags = 0;
	event.event.id = (uint8_t)hook;
	event.event.where = stream_address(name);
	snprintf(event.table, sizeof(event.table), "%s", table);
	snprintf(event.chain, sizeof(event.chain), "%s", chain ? chain : "");
	return stream_send(stream, &event, sizeof(event));
}

int stream_route(struct stream *stream, const char *name, const char *dev,
		 const char *gateway)
{
	struct event_route event = { .event = stream->event };

	event.event.kind = EVENT_ROUTE;
	event.event.flags = 0;
	event.event.where = stream_address(name);
	snprintf(event.dev, sizeof(event.dev), "%s", dev);
	if (gateway) {
		event.family = strchr(gateway, ':') ? AF_INET6 : AF_INET;
		inet_pton(event.family, gateway, event.gateway);
	}
	return stream_send(stream, &event, sizeof(event));
}

int stream_reused(struct stream *stream)
{
	return stream_add(stream, EVENT_REUSED, 0, 0, EVENT_LAST, NULL);
}

void stream_packet(struct stream *stream, uint64_t packet, uint64_t skb)
{
	stream->event.packet = packet;
	stream->event.skb = skb;
}

void stream_process(struct stream *stream, uint16_t cpu, uint32_t pid, const char *comm)
{
	stream->event.cpu = cpu;
	stream->event.pid = stream->event.tid = pid;
	memset(stream->event.comm, 0, sizeof(stream->event.comm));
	memcpy(stream->event.comm, comm, strnlen(comm, sizeof(stream->event.comm)));
}

void stream_place(struct stream *stream, uint32_t netns, uint32_t ifindex)
{
	stream->event.netns = netns;
	stream->event.ifindex = ifindex;
}

void stream_wait(struct stream *stream, uint64_t ns)
{
	stream->event.time += ns;
}
