// SPDX-License-Identifier: GPL-2.0-only
/* With fewer functions a recording is what a live run with fewer would have been. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file/zoom.h"
#include "recorded.h"
#include "render/render.h"
#include "test.h"

#define MAC_ONE "\x02\0\0\0\0\x01"
#define MAC_TWO "\x02\0\0\0\0\x02"
#define IP                                                                               \
	"\x45\0\0\x54\0\0\x40\0\x40\x01\0\0"                                             \
	"\x0a\x09\0\x01"                                                                 \
	"\x0a\x09\0\x02"                                                                 \
	"\x08\0\0\0\0\x07\0\x01"
#define BYTES(dev, layer, data)                                                          \
	{                                                                                \
		dev, data, sizeof(data) - 1, layer                                       \
	}

static const struct stream_bytes ip = BYTES("", EVENT_LAYER_IP, IP);
static const struct stream_bytes sent = BYTES("eth0", EVENT_LAYER_ETHERNET,
					      MAC_TWO MAC_ONE "\x08\0" IP),
				 altered = BYTES("eth0", EVENT_LAYER_ETHERNET,
						 MAC_ONE MAC_ONE "\x08\0" IP),
				 received = BYTES("eth1", EVENT_LAYER_ETHERNET,
						  MAC_TWO MAC_ONE "\x08\0" IP);

/* "all": as the kernel side writes it with all functions; otherwise with a few. */
struct play {
	struct stream *stream;
	bool all;
};

static void step(const struct play *play, const char *name, bool few, unsigned int flags,
		 const struct stream_bytes *bytes)
{
	if (few || play->all)
		stream_function_snapshot(play->stream, name, flags, bytes);
	else
		stream_wait(play->stream, 1000);
}

/* What is left out brings headers, which the next one that stays has to bring. */
static void play_headers(const struct play *play)
{
	const struct stream_bytes *late = play->all ? NULL : &sent;

	step(play, "__ip_local_out", true, EVENT_FIRST, &ip);
	step(play, "nf_hook_slow", false, 0, NULL);
	stream_place(play->stream, STREAM_RED, 2);
	step(play, "ip_finish_output2", false, 0, &altered);
	step(play, "neigh_resolve_output", false, 0, &sent);
	step(play, "dev_hard_start_xmit", true, 0, late);
	/* There and back again, in between: nobody has seen it. */
	step(play, "veth_in", false, 0, &altered);
	step(play, "veth_out", false, 0, &sent);
	step(play, "veth_xmit", true, 0, NULL);
	stream_place(play->stream, STREAM_BLUE, 3);
	step(play, "eth_type_trans", false, 0, &received);
	step(play, "ip_rcv", true, 0, play->all ? NULL : &received);
	/* Its own headers are newer than those that wait. */
	step(play, "nf_hook_slow", false, 0, &altered);
	step(play, "ip_local_deliver", true, 0, &received);
	stream_drop(play->stream, "ip_rcv_core", STREAM_OTHERHOST);
}

/* Losses are told by the next step; a call that is left out returns unseen. */
static void play_losses(const struct play *play)
{
	struct stream *stream = play->stream;

	step(play, "ip_local_out", true, EVENT_FIRST, &ip);
	stream->event.lost = 2;
	step(play, "nf_hook_slow", false, 0, NULL);
	stream->event.lost = play->all ? 1 : 3;
	step(play, "ip_output", true, 0, NULL);
	stream->event.lost = 0;
	if (play->all) {
		stream_call(stream, "ip_finish_output", 0x80);
		stream->event.lost = 1;
		stream_route(stream, "ip_finish_output", "eth0", NULL);
		stream->event.lost = 0;
		stream_return(stream, "ip_finish_output", 0x80, 0);
	} else {
		stream_wait(stream, 2000);
		stream->event.lost = 1;
	}
	stream_call(stream, "veth_xmit", 0x70);
	stream->event.lost = 0;
	stream_return(stream, "veth_xmit", 0x70, 0);
	/* A free without a word looks at nothing: it tells what is known. */
	if (play->all)
		stream_place(stream, STREAM_BLUE, 3);
	step(play, "eth_type_trans", false, 0, &received);
	stream_free(stream, "kfree_skb_partial");
}

/* Nor does a copy, which is where the other packet was seen last. */
static void play_copy(const struct play *play)
{
	static const char *const callers[] = { "skb_clone", "br_flood", NULL };
	struct stream *stream = play->stream;

	stream_packet(stream, 3, 0xffff888000003000);
	stream_place(stream, 0, 0);
	step(play, "ip_local_out", true, EVENT_FIRST, &ip);
	if (play->all)
		stream_place(stream, STREAM_RED, 2);
	step(play, "nf_hook_slow", false, 0, &sent);
	stream_packet(stream, 4, 0xffff888000004000);
	stream_copy(stream, 3, callers);
	stream_place(stream, STREAM_RED, 2);
	step(play, "nf_hook_slow", false, 0, &sent);
	step(play, "veth_xmit", true, 0, play->all ? NULL : &sent);
	stream_consume(stream, "veth_xmit");
	stream_packet(stream, 3, 0xffff888000003000);
	step(play, "ip_rcv", true, 0, play->all ? NULL : &sent);
	stream_consume(stream, "icmp_rcv");
}

/* A call lasts longer than the packet: without it the path is told of at once. */
static void play_end(const struct play *play)
{
	struct stream *stream = play->stream;

	stream_packet(stream, 5, 0xffff888000005000);
	step(play, "ip_local_out", true, EVENT_FIRST, &ip);
	if (play->all)
		stream_call(stream, "nf_hook_slow", 0x80);
	else
		stream_wait(stream, 1000);
	stream_drop(stream, "nft_do_chain", STREAM_NO_SOCKET);
	if (play->all)
		stream_return(stream, "nf_hook_slow", 0x80, 0);
	else
		stream_wait(stream, 1000);
}

static void play_several(struct stream *stream, bool all)
{
	const struct play play = { stream, all };

	stream_process(stream, 1, 1234, "ping");
	stream->event.len = 84;
	stream_packet(stream, 1, 0xffff888000001000);
	play_headers(&play);
	stream_packet(stream, 2, 0xffff888000002000);
	stream_place(stream, 0, 0);
	play_losses(&play);
	play_copy(&play);
	play_end(&play);
}

static char *read_all(const char *path)
{
	char *text = NULL;
	size_t size = 0;
	FILE *in = fopen(path, "re");

	assert_non_null(in);
	assert_true(getdelim(&text, &size, '\0', in) > 0);
	fclose(in);
	return text;
}

/* What a live run shows. */
static char *show_live(const char *path, void (*play)(struct stream *stream, bool all))
{
	const struct viewer_options options = {
		.names = stream_names(),
		.format = render_find("json"),
		.output = path,
	};
	struct viewer viewer;
	struct stream stream = { .viewer = &viewer };

	assert_int_equal(viewer_open(&viewer, &options), 0);
	play(&stream, false);
	assert_int_equal(viewer_finish(&viewer, NULL), 0);
	viewer_close(&viewer);
	return read_all(path);
}

static void show_pieces(struct recording *recording, struct zoom *zoom, const char *path)
{
	const struct viewer_options options = {
		.names = recording_names(recording),
		.format = render_find("json"),
		.output = path,
	};
	struct recording_piece piece;
	struct viewer viewer;

	assert_int_equal(viewer_open(&viewer, &options), 0);
	while (recording_next(recording, &piece) > 0) {
		if (zoom_piece(zoom, &piece))
			viewer_piece(&viewer, &piece);
	}
	assert_int_equal(viewer_finish(&viewer, NULL), 0);
	viewer_close(&viewer);
}

static bool wants(void *context, const char *function)
{
	for (const char *const *name = context; *name; name++) {
		if (!strcmp(*name, function))
			return true;
	}
	return false;
}

/* What is left of a recording of all, with these functions. */
static char *show_zoomed(const char *path, void (*play)(struct stream *stream, bool all),
			 const char *const *functions)
{
	const struct recorder_options options = { .path = path };
	struct recorded recorded;
	struct recording *recording;
	struct zoom *zoom;
	FILE *in;

	assert_int_equal(recorded_open(&recorded, &options), 0);
	play(&recorded.stream, true);
	assert_int_equal(recorded_close(&recorded), 0);
	in = fopen(path, "re");
	assert_non_null(in);
	unlink(path);
	assert_int_equal(recording_open(in, &recording), 0);
	zoom = zoom_new(recording_names(recording), wants, (void *)functions);
	assert_non_null(zoom);
	show_pieces(recording, zoom, path);
	zoom_free(zoom);
	recording_free(recording);
	fclose(in);
	return read_all(path);
}

static int setup(void **state)
{
	char path[] = "/tmp/bpfpath-unit-XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	close(fd);
	*state = strdup(path);
	return 0;
}

static int teardown(void **state)
{
	unlink(*state);
	free(*state);
	return 0;
}

static void is_what_a_live_run_would_be(void **state)
{
	static const char *const few[] = {
		"__ip_local_out", "ip_local_out",     "dev_hard_start_xmit", "veth_xmit",
		"ip_rcv",	  "ip_local_deliver", "ip_output",	     NULL
	};
	char *live = show_live(*state, play_several);
	char *zoomed = show_zoomed(*state, play_several, few);

	assert_string_equal(zoomed, live);
	/* What it is about is there at all. */
	assert_non_null(strstr(live, "\"mac_src\""));
	assert_non_null(strstr(live, "\"lost\":4"));
	assert_non_null(strstr(live, "\"reason\":\"NO_SOCKET\""));
	assert_non_null(strstr(live, "\"relation\":\"clone\""));
	assert_null(strstr(live, "nf_hook_slow"));
	free(live);
	free(zoomed);
}

/* Functions alone are left out: where it began is the first step that stays. */
static void tracepoints_are_left(void **state)
{
	static const char *const none[] = { NULL };
	char *zoomed = show_zoomed(*state, play_several, none);

	assert_null(strstr(zoomed, "ip_rcv\""));
	assert_non_null(strstr(zoomed, "\"reason\":\"OTHERHOST\""));
	assert_non_null(strstr(zoomed, "\"name\":\"eth1\""));
	assert_non_null(strstr(zoomed, "\"relation\":\"clone\""));
	assert_non_null(strstr(zoomed, "{\"id\":1,\"root\":1,\"parent\":null,"));
	free(zoomed);
}

/* More packets than anybody follows at once. */
static void play_many(struct stream *stream, bool all)
{
	for (uint64_t packet = 1; packet <= ASSEMBLER_OPEN + 99; packet++) {
		const struct play play = { stream, all };

		stream_packet(stream, packet, 0xffff888000000000 + packet * 256);
		step(&play, "ip_local_out", true, EVENT_FIRST, &ip);
		step(&play, "nf_hook_slow", false, 0, &sent);
	}
}

static void old_packets_are_forgotten(void **state)
{
	static const char *const few[] = { "ip_local_out", NULL };
	char *live = show_live(*state, play_many);
	char *zoomed = show_zoomed(*state, play_many, few);

	assert_string_equal(zoomed, live);
	free(live);
	free(zoomed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(is_what_a_live_run_would_be, setup,
						teardown),
		cmocka_unit_test_setup_teardown(tracepoints_are_left, setup, teardown),
		cmocka_unit_test_setup_teardown(old_packets_are_forgotten, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
