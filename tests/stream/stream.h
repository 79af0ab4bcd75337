/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stream.h - events for tests: what the kernel side would have written
 *
 * A stream adds events to an assembler or a viewer, in order, 1 us apart. An event is
 * given by its fields; what is left out is taken from the one before (packet, skb, place,
 * process) or made up (time).
 */
#ifndef BPFPATH_TESTS_STREAM_H
#define BPFPATH_TESTS_STREAM_H

#include <stdint.h>

#include "bpf/event.h"
#include "bpf/tracepoints.h"
#include "path/assembler.h"

#define STREAM_START   1000000000000ull	     /* ns, of the first event */
#define STREAM_UNKNOWN 0xffffffff99999990ull /* an address with no symbol */

/* Namespaces by inode: 1 "red", 2 "blue", 3 "host", 4 without a name. */
enum stream_netns { STREAM_RED = 1, STREAM_BLUE, STREAM_HOST, STREAM_NAMELESS };

/* Drop reasons: 1 is SKB_CONSUMED, which has no name; 9 is not known. */
enum stream_reason { STREAM_CONSUMED = 1, STREAM_NO_SOCKET = 3, STREAM_OTHERHOST = 4 };

struct viewer;

struct stream {
	struct assembler *assembler;
	struct viewer *viewer; /* in its place, if there is one */
	struct event event;    /* the last one */
};

/* Answers with the constants above; devices of index 7 are called "known7". */
struct names *stream_names(void);

/* Within the function @name; every name has an address. */
uint64_t stream_address(const char *name);

/* Each returns what assembler_add() did. The time goes on by 1 us before. */
int stream_function(struct stream *stream, const char *name, unsigned int flags);
int stream_tracepoint(struct stream *stream, enum tracepoint_id id, unsigned int flags);
int stream_gate(struct stream *stream, enum event_gate gate, unsigned int flags);

/* A function that is seen to return from @frame, and its return. */
int stream_call(struct stream *stream, const char *name, uint32_t frame);
int stream_return(struct stream *stream, const char *name, uint32_t frame,
		  uint64_t value);

/* The tracepoints that end a packet; @caller freed it. */
int stream_consume(struct stream *stream, const char *caller);
int stream_drop(struct stream *stream, const char *caller, uint32_t reason);
int stream_free(struct stream *stream, const char *caller);
int stream_free_frame(struct stream *stream, const char *caller); /* by XDP */

/*
 * The packet begins as a copy of @parent; @callers, innermost first and ended by NULL,
 * led to where it is made.
 */
int stream_copy(struct stream *stream, uint64_t parent, const char *const *callers);

/* The packet is sent once more; @callers as of a copy. */
int stream_again(struct stream *stream, const char *const *callers);

/* EVENT_MERGE, EVENT_QUEUE: @value is the other packet's id, or the queue. */
int stream_link(struct stream *stream, enum event_kind kind, const char *name,
		uint64_t value);

/*
 * What the function of the last step knew: the chain @chain of @table, or where that is
 * NULL the one of @hook; or a route through @dev, to @gateway, an address, or NULL.
 */
int stream_chain(struct stream *stream, const char *name, const char *table,
		 const char *chain, enum event_hook hook);
int stream_route(struct stream *stream, const char *name, const char *dev,
		 const char *gateway);

/* A gate found another packet at the address. */
int stream_reused(struct stream *stream);

/* As stream_function() and stream_gate(), with a snapshot. */
struct stream_bytes {
	const char *dev;
	const void *data;
	uint16_t size;
	uint8_t layer;
};

/* Those of a literal, which begin with IP, or with Ethernet. */
#define STREAM_IP(data)	   STREAM_BYTES(data, EVENT_LAYER_IP)
#define STREAM_FRAME(data) STREAM_BYTES(data, EVENT_LAYER_ETHERNET)
#define STREAM_BYTES(data, layer)                                                        \
	&(struct stream_bytes)                                                           \
	{                                                                                \
		"eth0", data, sizeof(data) - 1, layer                                    \
	}

int stream_function_snapshot(struct stream *stream, const char *name, unsigned int flags,
			     const struct stream_bytes *bytes);
int stream_gate_snapshot(struct stream *stream, enum event_gate gate, unsigned int flags,
			 const struct stream_bytes *bytes);

/* The next events are those of another packet, process, place. */
void stream_packet(struct stream *stream, uint64_t packet, uint64_t skb);
void stream_process(struct stream *stream, uint16_t cpu, uint32_t pid, const char *comm);
void stream_place(struct stream *stream, uint32_t netns, uint32_t ifindex);
void stream_wait(struct stream *stream, uint64_t ns);

#endif
