// SPDX-License-Identifier: GPL-2.0-only
/* Some packets of a recording as another one: those that are wanted, and all of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/extract.h"
#include "filter/filter.h"
#include "recorded.h"
#include "render/render.h"
#include "test.h"

#define IP(protocol, last)                                                               \
	"\x45\0\0\x28\0\0\x40\0\x40" protocol "\0\0\x0a\x09\0\x01\x0a\x09\0" last        \
	"\0\1\0\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define BYTES(data)                                                                      \
	{                                                                                \
		"", data, sizeof(data) - 1, EVENT_LAYER_IP                               \
	}

static const struct stream_bytes icmp = BYTES(IP("\x01", "\x02")),
				 udp = BYTES(IP("\x11", "\x02")),
				 tcp = BYTES(IP("\x06", "\x03"));

struct fixture {
	char dir[32], file[48], extract[48], output[48];
	FILE *in;
};

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	strcpy(fixture->dir, "/tmp/bpfpath-unit-XXXXXX");
	assert_non_null(mkdtemp(fixture->dir));
	snprintf(fixture->file, sizeof(fixture->file), "%s/file", fixture->dir);
	snprintf(fixture->extract, sizeof(fixture->extract), "%s/extract", fixture->dir);
	snprintf(fixture->output, sizeof(fixture->output), "%s/output", fixture->dir);
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	if (fixture->in)
		fclose(fixture->in);
	unlink(fixture->file);
	unlink(fixture->extract);
	unlink(fixture->output);
	assert_int_equal(rmdir(fixture->dir), 0);
	free(fixture);
	return 0;
}

/*
 * An echo; a datagram with a copy, whose steps go on while others begin; a segment of
 * which events were lost.
 */
static void play(struct stream *stream)
{
	static const char *const callers[] = { "skb_clone", "br_flood", NULL };

	stream_place(stream, STREAM_RED, 7);
	stream_packet(stream, 11, 0xffff888000001000);
	stream_function_snapshot(stream, "ip_output", EVENT_FIRST, &icmp);
	stream_packet(stream, 12, 0xffff888000002000);
	stream_function_snapshot(stream, "udp_rcv", EVENT_FIRST, &udp);
	stream_packet(stream, 13, 0xffff888000003000);
	stream_copy(stream, 12, callers);
	stream_packet(stream, 14, 0xffff888000004000);
	stream_function_snapshot(stream, "tcp_v4_rcv", EVENT_FIRST, &tcp);
	stream->event.lost = 3;
	stream_function(stream, "tcp_ack", 0);
	stream->event.lost = 0;
	stream_packet(stream, 11, 0xffff888000001000);
	stream_consume(stream, "icmp_rcv");
	stream_packet(stream, 13, 0xffff888000003000);
	stream_drop(stream, "br_handle_frame", STREAM_NO_SOCKET);
	stream_packet(stream, 14, 0xffff888000004000);
	stream_consume(stream, "tcp_ack");
	stream_packet(stream, 12, 0xffff888000002000);
	stream_function(stream, "udp_queue_rcv_skb", 0);
}

static void record(struct fixture *fixture)
{
	static const char *const probes[] = { "ip_output", "udp_rcv", NULL },
				 *const anchors[] = { "skb_clone", NULL };
	const struct recorder_options options = {
		.path = fixture->file,
		.run = {
			.clock = 17,
			.count = 4,
			.release = "6.18",
			.command = "bpfpath record",
			.filter = "ip",
			.backend = "multi",
			.zoom = "list",
			.probes = probes,
			.anchors = anchors,
		},
	};
	struct recorded recorded;

	assert_int_equal(recorded_open(&recorded, &options), 0);
	play(&recorded.stream);
	viewer_lost(&recorded.viewer, 3);
	recorded.account[ACCOUNT_RING_FULL] = 3;
	assert_int_equal(recorded_close(&recorded), 0);
	fixture->in = fopen(fixture->file, "re");
	assert_non_null(fixture->in);
}

/* The recording of what matches @text, which is played to fixture->output. */
static struct recording *extract(struct fixture *fixture, const char *text)
{
	struct recording *recording;
	struct filter *filter = NULL;
	struct filter_error error;
	FILE *in;

	record(fixture);
	assert_int_equal(filter_compile(text, &filter, &error), 0);
	assert_int_equal(recorded_extract(fixture->in, filter, fixture->extract), 0);
	filter_free(filter);
	in = fopen(fixture->extract, "re");
	assert_non_null(in);
	assert_int_equal(recorded_play(in,
				       &(struct view){ .format = render_find("json") },
				       fixture->output, &recording),
			 0);
	fclose(in);
	return recording;
}

/* Names in the output, in this order, and how many paths. */
static void expect(const struct fixture *fixture, size_t paths, const char *const *words)
{
	char *text = NULL;
	size_t size = 0, lines = 0;
	FILE *in = fopen(fixture->output, "re");
	const char *at;

	assert_non_null(in);
	if (getdelim(&text, &size, '\0', in) < 0)
		text[0] = '\0';
	fclose(in);
	for (at = text; (at = strchr(at, '\n')); at++)
		lines++;
	assert_int_equal(lines, paths);
	at = text;
	for (; *words; words++) {
		at = strstr(at, *words);
		if (!at)
			fail_msg("no %s in %s", *words, text);
	}
	free(text);
}

static void has_what_is_wanted(void **state)
{
	static const char *const words[] = { "{\"id\":1,",	  "10.9.0.2",
					     "\"ip_output\"",	  "\"consume_skb\"",
					     "\"complete\":true", NULL };
	struct recording *recording = extract(*state, "icmp");

	expect(*state, 1, words);
	recording_free(recording);
}

/* What comes of a packet goes with it, and what others have lost is no loss here. */
static void has_families(void **state)
{
	static const char *const words[] = { "{\"id\":1,",
					     "\"branches\":[2]",
					     "\"udp_queue_rcv_skb\"",
					     "\"complete\":true,\"lost\":0",
					     "\"parent\":1",
					     "\"NO_SOCKET\"",
					     NULL };
	struct recording *recording = extract(*state, "udp");

	expect(*state, 2, words);
	recording_free(recording);
}

static void tells_what_was_traced(void **state)
{
	static const char *const nothing[] = { NULL };
	struct recording *recording = extract(*state, "port 99");
	const struct recording_run *run = recording_run(recording);

	expect(*state, 0, nothing);
	assert_true(run->finished);
	assert_int_equal(run->clock, 17);
	assert_int_equal(run->count, 0);
	assert_string_equal(run->release, "6.18");
	assert_string_equal(run->command, "bpfpath record");
	assert_string_equal(run->filter, "ip");
	assert_string_equal(run->backend, "multi");
	assert_string_equal(run->zoom, "list");
	assert_int_equal(run->probes.count, 2);
	assert_string_equal(run->probes.list[1], "udp_rcv");
	assert_null(run->probes.list[2]);
	assert_int_equal(run->anchors.count, 1);
	assert_string_equal(run->anchors.list[0], "skb_clone");
	assert_int_equal(run->account[ACCOUNT_RING_FULL], 3);
	recording_free(recording);
}

/* What comes through a pipe cannot be read twice. */
static void keeps_what_comes_through_a_pipe(void **state)
{
	static const char text[] = "some bytes";
	char read[sizeof(text)];
	int fds[2];
	FILE *in, *copy;

	assert_int_equal(pipe(fds), 0);
	assert_int_equal(write(fds[1], text, sizeof(text)), sizeof(text));
	close(fds[1]);
	in = fdopen(fds[0], "r");
	copy = extract_input(in);
	assert_non_null(copy);
	assert_ptr_not_equal(copy, in);
	for (int i = 0; i < 2; i++) {
		rewind(copy);
		assert_int_equal(fread(read, 1, sizeof(read), copy), sizeof(text));
		assert_memory_equal(read, text, sizeof(text));
	}
	fclose(copy);
	fclose(in);
}

static void does_not_overwrite_what_it_reads(void **state)
{
	struct fixture *fixture = *state;
	off_t size;

	record(fixture);
	fseeko(fixture->in, 0, SEEK_END);
	size = ftello(fixture->in);
	rewind(fixture->in);
	assert_int_not_equal(recorded_extract(fixture->in, NULL, fixture->file), 0);
	fseeko(fixture->in, 0, SEEK_END);
	assert_int_equal(ftello(fixture->in), size);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(has_what_is_wanted, setup, teardown),
		cmocka_unit_test_setup_teardown(has_families, setup, teardown),
		cmocka_unit_test_setup_teardown(tells_what_was_traced, setup, teardown),
		cmocka_unit_test_setup_teardown(keeps_what_comes_through_a_pipe, setup,
						teardown),
		cmocka_unit_test_setup_teardown(does_not_overwrite_what_it_reads, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
