// SPDX-License-Identifier: GPL-2.0-only
#include "file/packets.h"

#include <arpa/inet.h>
#include <assert.h>
#include <inttypes.h>
#include <net/ethernet.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/container.h"
#include "file/block.h"
#include "file/store.h"
#include "path/path.h"
#include "render/escape.h"

#define LINKTYPE_ETHERNET 1 /* https://www.tcpdump.org/linktypes.html */
#define RESOLUTION	  9 /* of time stamps: 10^-9 s */

#define PACKETS_SNAP  (ETH_HLEN + EVENT_SNAP_LEN)
#define PACKETS_NAMES 24  /* steps that a comment names */
#define PACKETS_TEXT  256 /* of a name in a comment */

/* epb_flags: in the lowest two bits */
#define FLAG_INBOUND  1
#define FLAG_OUTBOUND 2

struct interface {
	struct table_node node; /* by namespace and index */
	uint32_t number;
	char dev[EVENT_DEV_LEN];
};

/*
 * The steps that one packet of the file stands for: from the one whose headers these
 * are to the one before the next with headers. What was before the first headers is
 * told with them.
 */
struct span {
	const struct path *path;
	size_t from, first, end;
	bool last;
};

static const char *const end_words[] = {
	[PATH_OPEN] = "still open, last seen in",
	[PATH_DELIVERED] = "delivered to",
	[PATH_TRANSMITTED] = "transmitted by",
	[PATH_DROPPED] = "dropped in",
	[PATH_CONSUMED] = "consumed by",
	[PATH_LOST] = "lost from sight, last seen in",
	[PATH_MERGED] = "merged into another in",
};
static_assert(sizeof(end_words) / sizeof(end_words[0]) == PATH_ENDS, "words per end");

/* ---- interfaces */

static void interface_write(struct packets *packets, const char *name,
			    const char *description)
{
	const uint8_t resolution = RESOLUTION;
	struct block block = block_begin(packets->out, BLOCK_INTERFACE);

	block_add_u16(&block, LINKTYPE_ETHERNET);
	block_add_u16(&block, 0);
	block_add_u32(&block, PACKETS_SNAP);
	block_option_text(&block, OPTION_INTERFACE_NAME, name);
	block_option_text(&block, OPTION_INTERFACE_DESCRIPTION, description);
	block_option(&block, OPTION_INTERFACE_RESOLUTION, &resolution,
		     sizeof(resolution));
	block_option(&block, OPTION_END, "", 0);
	block_end(&block);
	packets->count++;
}

/* "eth0" of "network namespace blue, inode 4026532281, device 2" */
static void interface_add(struct packets *packets, const struct step *step)
{
	char name[PACKETS_TEXT], netns[PACKETS_TEXT] = "", description[2 * PACKETS_TEXT];

	if (step->dev[0])
		escape_terminal(name, sizeof(name), step->dev);
	else
		snprintf(name, sizeof(name), "device %" PRIu32, step->ifindex);
	if (step->netns_name)
		escape_terminal(netns, sizeof(netns), step->netns_name);
	snprintf(description, sizeof(description),
		 "network namespace %s%sinode %" PRIu32 ", device %" PRIu32, netns,
		 netns[0] ? ", " : "", step->netns, step->ifindex);
	interface_write(packets, name, description);
}

/* Its number in this section. A device that has got another name is another one. */
static uint32_t interface_number(struct packets *packets, const struct step *step)
{
	uint64_t key = store_device_key(step->netns, step->ifindex);
	struct table_node *node = table_find(&packets->interfaces, key);
	struct interface *interface = node ? CONTAINER_OF(node, struct interface, node)
					   : NULL;

	if (!step->ifindex)
		return 0;
	if (interface && !memcmp(interface->dev, step->dev, sizeof(step->dev)))
		return interface->number;
	if (!interface) {
		interface = malloc(sizeof(*interface));
		if (!interface) {
			packets->out->failed = true;
			return 0;
		}
		table_add(&packets->interfaces, &interface->node, key);
	}
	memcpy(interface->dev, step->dev, sizeof(interface->dev));
	interface->number = packets->count;
	interface_add(packets, step);
	return interface->number;
}

static void interfaces_forget(struct packets *packets)
{
	struct table_node *node;
	size_t bucket = 0;

	while ((node = table_take(&packets->interfaces, &bucket)))
		free(CONTAINER_OF(node, struct interface, node));
	packets->count = 0;
}

/* ---- comments */

/* A name of a function stays where it is as long as those who know it. */
static void comment_function(struct packets *packets, const char *name)
{
	const uint64_t key = (uintptr_t)name;
	const struct phrase *phrase = phrases_find(&packets->functions, key);
	char text[PACKETS_TEXT];
	size_t length;

	if (phrase) {
		bytes_add(&packets->comment, phrase->text, phrase->length);
		return;
	}
	length = escape_terminal(text, sizeof(text), name);
	bytes_add(&packets->comment, text, length);
	phrases_keep(&packets->functions, key, text, length);
}

/* At one address they are one, and otherwise most differ where they begin. */
static bool names_alike(const char *a, const char *b)
{
	return a == b || (a[0] == b[0] && !strcmp(a, b));
}

static size_t steps_alike(const struct span *span, size_t first)
{
	const struct step *steps = span->path->steps;
	size_t end = first + 1;

	while (end < span->end && names_alike(steps[end].func, steps[first].func))
		end++;
	return end - first;
}

/* "nf_hook_slow x2, ip_output, ..." */
static void comment_steps(struct packets *packets, const struct span *span)
{
	struct bytes *comment = &packets->comment;
	size_t i = span->from, named = 0, same;

	for (; i < span->end && named++ < PACKETS_NAMES; i += same) {
		same = steps_alike(span, i);
		if (i > span->from)
			bytes_text(comment, ", ");
		comment_function(packets, span->path->steps[i].func);
		if (same == 1)
			continue;
		bytes_text(comment, " x");
		bytes_number(comment, same);
	}
	if (i == span->end)
		return;
	bytes_text(comment, ", and ");
	bytes_number(comment, span->end - i);
	bytes_text(comment, " more");
}

/* @otherwise: what is said where there is nothing. */
static void comment_escaped(struct bytes *comment, const char *text,
			    const char *otherwise)
{
	char escaped[PACKETS_TEXT];
	size_t length = escape_terminal(escaped, sizeof(escaped), text);

	if (length)
		bytes_add(comment, escaped, length);
	else
		bytes_text(comment, otherwise);
}

static void comment_process(struct bytes *comment, const struct step *step)
{
	comment_escaped(comment, step->comm, step->pid ? "" : "an unknown process");
	if (!step->pid)
		return;
	bytes_text(comment, "/");
	bytes_number(comment, step->pid);
}

/* "; dropped in ip_rcv_core", "; delivered to ping_rcv, read by ping/1234" */
static void comment_where(struct bytes *comment, const struct path *path)
{
	const struct step *reader = path_reader(path);

	bytes_text(comment, "; ");
	bytes_text(comment, path_is_with_socket(path) ? "still open, given to a socket in"
						      : end_words[path->end]);
	bytes_text(comment, " ");
	if (path->end == PATH_DELIVERED && reader == &path->steps[path->end_step]) {
		comment_process(comment, reader);
		return;
	}
	comment_escaped(comment, path_where(path), "an unknown place");
	if (path->end == PATH_DELIVERED && reader) {
		bytes_text(comment, ", read by ");
		comment_process(comment, reader);
	}
}

static void comment_end(struct bytes *comment, const struct path *path)
{
	const char *explanation = path_explanation(path);

	comment_where(comment, path);
	if (path->reason) {
		bytes_text(comment, ": ");
		comment_escaped(comment, path->reason, "");
	} else if (path->reason_value) {
		bytes_text(comment, ": reason ");
		bytes_number(comment, path->reason_value);
	}
	if (explanation) {
		bytes_text(comment, " (");
		bytes_text(comment, explanation);
		bytes_text(comment, ")");
	}
	if (!path->complete)
		bytes_text(comment, "; the path may have a hole");
}

/* What the kernel did with the packet in this span. */
static const struct bytes *packets_comment(struct packets *packets,
					   const struct span *span, bool ethernet)
{
	struct bytes *comment = &packets->comment;
	const struct step *step = &span->path->steps[span->first];

	comment->used = 0;
	bytes_text(comment, "#");
	bytes_number(comment, span->path->id);
	bytes_text(comment, ": ");
	comment_steps(packets, span);
	bytes_text(comment, " on cpu ");
	bytes_number(comment, step->cpu);
	bytes_text(comment, " in ");
	comment_process(comment, step);
	if (!ethernet)
		bytes_text(comment,
			   "; no Ethernet header here, zeros stand in its place");
	if (span->last)
		comment_end(comment, span->path);
	return comment;
}

/* ---- packets */

static void packet_data(const struct block *block, const struct headers *headers)
{
	uint8_t ethernet[ETH_HLEN] = { 0 };
	uint16_t type = ETHERTYPE_IP;

	if (headers->layer != EVENT_LAYER_ETHERNET) {
		if (headers->captured && headers->data[0] >> 4 == 6)
			type = ETHERTYPE_IPV6;
		type = htons(type);
		memcpy(ethernet + 12, &type, sizeof(type));
		block_add(block, ethernet, sizeof(ethernet));
	}
	block_add(block, headers->data, headers->captured);
	block_pad(block);
}

/* Into the namespace, or out of it; 0: the step does not tell. */
static uint32_t packet_direction(const struct step *step)
{
	if (!strcmp(step->stage, "receive") || !strcmp(step->stage, "gro"))
		return FLAG_INBOUND;
	return strcmp(step->stage, "xmit") ? 0 : FLAG_OUTBOUND;
}

static void packet_write(struct packets *packets, const struct span *span)
{
	const struct step *step = &span->path->steps[span->first];
	const struct headers *headers = &span->path->headers[step->headers - 1];
	bool ethernet = headers->layer == EVENT_LAYER_ETHERNET;
	uint32_t added = ethernet ? 0 : ETH_HLEN;
	const struct bytes *comment = packets_comment(packets, span, ethernet);
	uint32_t interface = interface_number(packets, step);
	uint64_t time = step->time + packets->clock;
	uint32_t direction = packet_direction(step);
	struct block block = block_begin(packets->out, BLOCK_PACKET);

	block_add_u32(&block, interface);
	block_add_u32(&block, (uint32_t)(time >> 32));
	block_add_u32(&block, (uint32_t)time);
	block_add_u32(&block, headers->captured + added);
	block_add_u32(&block, headers_length(headers, step->len) + added);
	packet_data(&block, headers);
	block_option(&block, OPTION_COMMENT, comment->data, comment->used);
	if (direction)
		block_option(&block, OPTION_PACKET_FLAGS, &direction, sizeof(direction));
	block_option(&block, OPTION_PACKET_ID, &span->path->id, sizeof(span->path->id));
	block_option(&block, OPTION_END, "", 0);
	block_end(&block);
}

/* ---- the interface */

void packets_begin(struct packets *packets)
{
	interfaces_forget(packets);
	interface_write(packets, "none", "packets that have no device yet");
}

/* The next step from @at on whose headers are those of a packet; else the end. */
static size_t path_next_packet(const struct path *path, size_t at)
{
	for (; at < path->count; at++) {
		uint16_t headers = path->steps[at].headers;

		if (headers && path->headers[headers - 1].layer != EVENT_LAYER_SOCKET)
			break;
	}
	return at;
}

void packets_path(struct packets *packets, const struct path *path)
{
	struct span span = { .path = path, .first = path_next_packet(path, 0) };

	while (span.first < path->count) {
		span.end = path_next_packet(path, span.first + 1);
		span.last = span.end == path->count;
		packet_write(packets, &span);
		span.from = span.first = span.end;
	}
	packets->out->failed |= packets->comment.failed;
}

void packets_free(struct packets *packets)
{
	interfaces_forget(packets);
	bytes_free(&packets->comment);
	phrases_free(&packets->functions);
}
