// SPDX-License-Identifier: GPL-2.0-only
/*
 * events_fuzz.c - any bytes as events, through the assembler and every format
 *
 * The input is a run of records: a byte that says what to do, a byte for the
 * size, and that many bytes of an event; small sizes repeat the event before
 * with a few fields changed, so that paths get long and addresses meet.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "render/render.h"
#include "stream.h"

#define FORMATS 8

struct formats {
	struct render *renders[FORMATS];
};

static void show(const struct path *path, void *context)
{
	struct formats *formats = context;

	for (size_t i = 0; i < FORMATS && formats->renders[i]; i++)
		render_path(formats->renders[i], path);
}

/* The fields that decide most. */
static void event_change(struct event *event, const uint8_t *data, size_t size)
{
	if (size < 6)
		return;
	event->time += data[0] * 100u - data[1];
	event->packet = data[2] % 8u;
	event->skb = data[3] % 8u;
	event->kind = data[4] % (EVENT_DEVICES + 1);
	event->id = data[4] / (EVENT_DEVICES + 1);
	event->flags = data[5];
	event->frame = size > 6 ? data[6] % 16u : 0;
	event->where = stream_address(data[0] & 1 ? "nf_hook_slow" : "ip_rcv");
}

static void play(struct assembler *assembler, const uint8_t *data, size_t size)
{
	struct event_snapshot last = { .event = { .packet = 1 } };

	while (size >= 2) {
		uint8_t what = data[0];
		size_t length = data[1] < size - 2 ? data[1] : size - 2;

		data += 2;
		if (length >= 32)
			memcpy(&last, data,
			       length < sizeof(last) ? length : sizeof(last));
		else
			event_change(&last.event, data, length);
		if (what == 0xff)
			assembler_lost(assembler, length);
		else if (what == 0xfe)
			assembler_tick(assembler, last.event.time);
		else if (what & 1)
			assembler_add(assembler, data, length);
		else
			assembler_add(assembler, &last, sizeof(last));
		data += length;
		size -= length + 2;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct render_options options = { .colour = size & 1 };
	struct formats formats = { 0 };
	struct assembler *assembler;
	FILE *out = fopen("/dev/null", "w");

	if (!out)
		abort();
	for (size_t i = 0; i < FORMATS && render_formats[i]; i++)
		formats.renders[i] = render_formats[i]->new (out, &options);
	assembler = assembler_new(stream_names(), show, &formats);
	if (!assembler)
		abort();
	if (size & 2)
		assembler_nest(assembler);
	play(assembler, data, size);
	assembler_finish(assembler);
	assembler_free(assembler);
	for (size_t i = 0; i < FORMATS && formats.renders[i]; i++) {
		render_finish(formats.renders[i]);
		render_free(formats.renders[i]);
	}
	fclose(out);
	return 0;
}
