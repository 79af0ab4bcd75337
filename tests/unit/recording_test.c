// SPDX-License-Identifier: GPL-2.0-only
/* A recording: what is in the file, and what comes out of a file that is wrong. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file/block.h"
#include "file/format.h"
#include "file/records.h"
#include "path/kinds.h"
#include "path/tracepoint_names.h"
#include "recorded.h"
#include "render/render.h"
#include "test.h"

#define CLOCK 1700000000000000000ull
#define PATHS 3
#define IP                                                                               \
	"\x45\0\0\x54\0\0\x40\0\x40\x01\0\0"                                             \
	"\x0a\x09\0\x01"                                                                 \
	"\x0a\x09\0\x02"                                                                 \
	"\x08\0\0\0\0\x07\0\x01"
#define ETHERNET                                                                         \
	"\x02\0\0\0\0\x02"                                                               \
	"\x02\0\0\0\0\x01"                                                               \
	"\x08\0"

static const struct stream_bytes ip = { "", IP, sizeof(IP) - 1, EVENT_LAYER_IP };
static const struct stream_bytes ethernet = { "eth0", ETHERNET IP,
					      sizeof(ETHERNET IP) - 1,
					      EVENT_LAYER_ETHERNET };

/* The bytes of a file. */
struct image {
	uint8_t *data;
	size_t size;
};

struct fixture {
	char dir[32], path[64], output[64];
};

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	strcpy(fixture->dir, "/tmp/bpfpath-unit-XXXXXX");
	assert_non_null(mkdtemp(fixture->dir));
	snprintf(fixture->path, sizeof(fixture->path), "%s/file", fixture->dir);
	snprintf(fixture->output, sizeof(fixture->output), "%s/output", fixture->dir);
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;
	char name[80];

	unlink(fixture->path);
	unlink(fixture->output);
	for (int i = 1; i < 20; i++) {
		snprintf(name, sizeof(name), "%s.%d", fixture->path, i);
		unlink(name);
	}
	assert_int_equal(rmdir(fixture->dir), 0);
	free(fixture);
	return 0;
}

static struct image image_read(const char *path)
{
	FILE *in = fopen(path, "re");
	struct image image = { NULL, 0 };
	struct stat stat;

	assert_non_null(in);
	assert_int_equal(fstat(fileno(in), &stat), 0);
	image.size = (size_t)stat.st_size;
	image.data = malloc(image.size + 1);
	assert_non_null(image.data);
	assert_int_equal(fread(image.data, 1, image.size, in), image.size);
	image.data[image.size] = '\0';
	fclose(in);
	return image;
}

/* Without a device, then on eth0 of red, then dropped, on eth0 of blue. */
static void play_packet(struct stream *stream, uint64_t packet)
{
	stream_packet(stream, packet, 0xffff888000000000 + packet % 64 * 256);
	stream_process(stream, 1, 1234, "ping");
	stream->event.len = 84;
	stream_place(stream, STREAM_RED, 0);
	stream_function_snapshot(stream, "ip_output", EVENT_FIRST | EVENT_NODEV, &ip);
	stream_function(stream, "nf_hook_slow", EVENT_NODEV);
	stream_place(stream, STREAM_RED, 2);
	stream_function_snapshot(stream, "dev_hard_start_xmit", 0, &ethernet);
	stream_place(stream, STREAM_BLUE, 2);
	stream_function_snapshot(stream, "ip_rcv", 0, &ethernet);
	stream_drop(stream, "ip_rcv_core", STREAM_OTHERHOST);
}

static void play_packets(struct stream *stream)
{
	for (uint64_t packet = 1; packet <= PATHS; packet++)
		play_packet(stream, packet);
}

static struct image record(const struct fixture *fixture, const struct recorder_run *run)
{
	const struct recorder_options options = { .path = fixture->path, .run = *run };
	struct recorded recorded;

	assert_int_equal(recorded_open(&recorded, &options), 0);
	play_packets(&recorded.stream);
	assert_int_equal(recorded.viewer.shown, PATHS);
	assert_int_equal(recorded_close(&recorded), 0);
	return image_read(fixture->path);
}

static const struct recorder_run run = { .clock = CLOCK, .release = "6.18" };

/* What recorded_play() returned; the paths are in fixture->output. */
static int play(const struct fixture *fixture, const uint8_t *data, size_t size,
		struct recording **recording)
{
	FILE *in = size ? fmemopen((void *)data, size, "r") : fopen("/dev/null", "re");
	int ret;

	assert_non_null(in);
	ret = recorded_play(in, &(struct view){ .format = render_find("json") },
			    fixture->output, recording);
	fclose(in);
	return ret;
}

static void expect_problem(const struct fixture *fixture, const struct image *image,
			   int err, const char *problem)
{
	struct recording *recording;

	assert_int_equal(play(fixture, image->data, image->size, &recording), err);
	if (!strstr(recording_problem(recording), problem))
		fail_msg("'%s' without '%s'", recording_problem(recording), problem);
	recording_free(recording);
}

/* ---- blocks */

static uint32_t u32_at(const uint8_t *at)
{
	uint32_t number;

	memcpy(&number, at, sizeof(number));
	return number;
}

static uint16_t u16_at(const uint8_t *at)
{
	uint16_t number;

	memcpy(&number, at, sizeof(number));
	return number;
}

/* The options of a block, which fill it up to @end; that of @code, NULL without. */
static const uint8_t *option_find(const uint8_t *at, const uint8_t *end, uint16_t code,
				  size_t *size)
{
	const uint8_t *found = NULL;

	while (at < end) {
		uint16_t length = u16_at(at + 2);
		size_t whole = 4 + ((length + 3u) & ~3u);

		assert_true(at + whole <= end);
		for (size_t i = 4 + length; i < whole; i++)
			assert_int_equal(at[i], 0);
		if (!u16_at(at)) {
			assert_int_equal(length, 0);
			assert_ptr_equal(at + 4, end);
		} else if (u16_at(at) == code) {
			found = at + 4;
			*size = length;
		}
		at += whole;
	}
	assert_ptr_equal(at, end);
	return found;
}

static void expect_option(const uint8_t *at, const uint8_t *end, uint16_t code,
			  const char *text)
{
	size_t size;
	const uint8_t *value = option_find(at, end, code, &size);

	assert_non_null(value);
	assert_int_equal(size, strlen(text));
	assert_memory_equal(value, text, size);
}

/* The next block of @type from *@at on, and behind it; NULL at the end. */
static const uint8_t *block_find(const struct image *image, size_t *at, uint32_t type,
				 const uint8_t **end)
{
	while (*at < image->size) {
		const uint8_t *block = image->data + *at;
		uint32_t length = u32_at(block + 4);

		assert_int_equal(length % 4, 0);
		assert_true(length >= BLOCK_LEAST && *at + length <= image->size);
		assert_int_equal(u32_at(block + length - 4), length);
		*at += length;
		*end = block + length - 4;
		if (u32_at(block) == type)
			return block + 8;
	}
	assert_int_equal(*at, image->size);
	return NULL;
}

static void begins_with_a_section(void **state)
{
	struct image image = record(*state, &run);
	const uint8_t *end, *body;
	size_t at = 0;

	body = block_find(&image, &at, BLOCK_SECTION, &end);
	assert_ptr_equal(body, image.data + 8);
	assert_int_equal(u32_at(body), 0x1a2b3c4d);
	assert_int_equal(u16_at(body + 4), 1);
	assert_int_equal(u16_at(body + 6), 0);
	assert_int_equal(u32_at(body + 8) & u32_at(body + 12), 0xffffffff);
	expect_option(body + 16, end, OPTION_SECTION_OS, "Linux 6.18");
	expect_option(body + 16, end, OPTION_SECTION_APPLICATION,
		      "bpfpath " BPFPATH_VERSION);
	assert_null(block_find(&image, &at, BLOCK_SECTION, &end));
	free(image.data);
}

/* One for each device of each namespace, and one for those that have none. */
static void has_an_interface_for_each_device(void **state)
{
	static const char *const descriptions[] = {
		"packets that have no device yet",
		"network namespace red, inode 1, device 2",
		"network namespace blue, inode 2, device 2",
	};
	struct image image = record(*state, &run);
	const uint8_t *end, *body;
	size_t at = 0, count = 0;

	while ((body = block_find(&image, &at, BLOCK_INTERFACE, &end))) {
		assert_true(count < 3);
		assert_int_equal(u16_at(body), 1);
		assert_int_equal(u16_at(body + 2), 0);
		assert_int_equal(u32_at(body + 4), 14 + EVENT_SNAP_LEN);
		expect_option(body + 8, end, OPTION_INTERFACE_NAME,
			      count ? "eth0" : "none");
		expect_option(body + 8, end, OPTION_INTERFACE_DESCRIPTION,
			      descriptions[count]);
		expect_option(body + 8, end, OPTION_INTERFACE_RESOLUTION, "\x09");
		count++;
	}
	assert_int_equal(count, 3);
	free(image.data);
}

/* One for each step with headers; the device, time, bytes and words are right. */
static void has_a_packet_for_each_hop(void **state)
{
	static const char *const comments[] = {
		"#1: ip_output, nf_hook_slow on cpu 1 in ping/1234; no Ethernet header "
		"here, zeros stand in its place",
		"#1: dev_hard_start_xmit on cpu 1 in ping/1234",
		"#1: ip_rcv, kfree_skb on cpu 1 in ping/1234; dropped in ip_rcv_core: "
		"OTHERHOST (",
	};
	static const uint64_t times[] = { 0, 2000, 3000 }, one = 1;
	static const char zeros[] = "\0\0\0\0\0\0\0\0\0\0\0\0\x08\0" IP;
	struct image image = record(*state, &run);
	const uint8_t *end, *body, *value;
	size_t at = 0, count = 0, size;

	while ((body = block_find(&image, &at, BLOCK_PACKET, &end))) {
		uint64_t time = (uint64_t)u32_at(body + 4) << 32 | u32_at(body + 8);

		if (count++ >= 3)
			continue;
		assert_int_equal(u32_at(body), count - 1);
		assert_int_equal(time, CLOCK + STREAM_START + times[count - 1]);
		assert_int_equal(u32_at(body + 12), sizeof(ETHERNET IP) - 1);
		assert_int_equal(u32_at(body + 16), 98);
		assert_memory_equal(body + 20, count == 1 ? zeros : ETHERNET IP,
				    sizeof(ETHERNET IP) - 1);
		body += 20 + ((sizeof(ETHERNET IP) - 1 + 3) & ~3u);
		value = option_find(body, end, OPTION_COMMENT, &size);
		assert_non_null(value);
		assert_true(size >= strlen(comments[count - 1]));
		assert_memory_equal(value, comments[count - 1],
				    strlen(comments[count - 1]));
		value = option_find(body, end, OPTION_PACKET_ID, &size);
		assert_int_equal(size, sizeof(one));
		assert_memory_equal(value, &one, sizeof(one));
	}
	assert_int_equal(count, 3 * PATHS);
	free(image.data);
}

/* What a socket knows is no packet yet; its steps are told with the first one. */
static void what_a_socket_knows_is_no_packet(void **state)
{
	static const char comment[] = "#1: udp_send_skb, ip_output on cpu 0 in ping/66";
	const struct stream_bytes known = { "", IP, sizeof(IP) - 1, EVENT_LAYER_SOCKET };
	struct fixture *fixture = *state;
	const struct recorder_options options = { .path = fixture->path, .run = run };
	struct recorded recorded;
	struct image image;
	const uint8_t *end, *body;
	size_t at = 0;

	assert_int_equal(recorded_open(&recorded, &options), 0);
	stream_packet(&recorded.stream, 1, 0xffff888000001000);
	stream_process(&recorded.stream, 0, 66, "ping");
	stream_function_snapshot(&recorded.stream, "udp_send_skb", EVENT_FIRST, &known);
	stream_function_snapshot(&recorded.stream, "ip_output", 0, &ip);
	assert_int_equal(recorded_close(&recorded), 0);
	image = image_read(fixture->path);
	body = block_find(&image, &at, BLOCK_PACKET, &end);
	assert_non_null(body);
	assert_non_null(memmem(body, (size_t)(end - body), comment, strlen(comment)));
	assert_null(block_find(&image, &at, BLOCK_PACKET, &end));
	free(image.data);
}

/* Whatever a process or a device is called: plain text, in comments and names. */
static void names_are_harmless(void **state)
{
	struct fixture *fixture = *state;
	const struct recorder_options options = { .path = fixture->path, .run = run };
	const struct stream_bytes bytes = { "\033[2J\xff", IP, sizeof(IP) - 1,
					    EVENT_LAYER_IP };
	struct recorded recorded;
	struct image image;
	const uint8_t *end, *body, *value;
	size_t at = 0, size;

	assert_int_equal(recorded_open(&recorded, &options), 0);
	stream_packet(&recorded.stream, 1, 0xffff888000001000);
	stream_process(&recorded.stream, 0, 66, "\033]0;\007\xff\n");
	stream_place(&recorded.stream, STREAM_RED, 2);
	stream_function_snapshot(&recorded.stream, "evil\033[1m", EVENT_FIRST, &bytes);
	assert_int_equal(recorded_close(&recorded), 0);
	image = image_read(fixture->path);
	block_find(&image, &at, BLOCK_INTERFACE, &end);
	body = block_find(&image, &at, BLOCK_INTERFACE, &end);
	expect_option(body + 8, end, OPTION_INTERFACE_NAME, "\\x1b[2J\\xff");
	body = block_find(&image, &at, BLOCK_PACKET, &end);
	assert_non_null(body);
	value = option_find(body + 20 + ((u32_at(body + 12) + 3) & ~3u), end,
			    OPTION_COMMENT, &size);
	assert_non_null(value);
	for (size_t i = 0; i < size; i++)
		assert_in_range(value[i], ' ', '~');
	free(image.data);
}

/* ---- files that are cut or wrong */

/* Whole paths in the output: those that were seen to end. */
static size_t count_whole(const struct fixture *fixture)
{
	struct image output = image_read(fixture->output);
	size_t count = 0;

	for (char *at = (char *)output.data; (at = strstr(at, "\"dropped\"")); at++)
		count++;
	free(output.data);
	return count;
}

/* All zero before the first record. */
struct walk {
	size_t block;
	const uint8_t *at, *end;
	const uint8_t *run; /* the end of the record of events that .at is in */
};

/* The next record of the file; NULL: there is no more. */
static const uint8_t *walk_next(const struct image *image, struct walk *walk)
{
	const uint8_t *record;

	while (walk->at == walk->end) {
		walk->at = block_find(image, &walk->block, BLOCK_CUSTOM, &walk->end);
		if (!walk->at)
			return NULL;
		walk->at += 4 + sizeof(struct format_head);
	}
	record = walk->at;
	walk->at += sizeof(struct format_record) + ((u16_at(record + 2) + 3u) & ~3u);
	return record;
}

/* An event, as it lies in a record: */
struct packed {
	const uint8_t *at, *more;
	size_t size, more_size;
};

/* The next one of the file; .at NULL: there is no more. It becomes @event. */
static struct packed walk_event(const struct image *image, struct walk *walk,
				struct event *event)
{
	struct packed packed = { .at = walk->at };
	const uint8_t *record;
	uint32_t bits;

	while (!walk->run) {
		record = walk_next(image, walk);
		if (!record)
			return (struct packed){ .at = NULL };
		if (u16_at(record) != FORMAT_EVENTS)
			continue;
		walk->run = walk->at;
		walk->at = packed.at = record + sizeof(struct format_record);
	}
	bits = u32_at(walk->at);
	walk->at = delta_unpack(event, bits & ~FORMAT_MORE, walk->at + sizeof(bits));
	packed.size = (size_t)(walk->at - packed.at);
	if (bits & FORMAT_MORE) {
		packed.more_size = u32_at(walk->at);
		packed.more = walk->at + sizeof(uint32_t);
		walk->at = packed.more + ((packed.more_size + 3) & ~3ul);
	}
	if (walk->at == walk->run)
		walk->run = NULL;
	return packed;
}

/* Behind the last byte of the last event of each path. */
static void find_ends(const struct image *image, size_t ends[PATHS])
{
	struct event event = { 0 };
	size_t found = 0;
	struct walk walk = { 0 };

	while (walk_event(image, &walk, &event).at) {
		if (event.flags == EVENT_LAST && event.packet == found + 1)
			ends[found++] = (size_t)(walk.at - image->data);
	}
	assert_int_equal(found, PATHS);
}

/* How long the first @count lines are. */
static size_t lines_size(const struct image *image, size_t count)
{
	const uint8_t *at = image->data;

	for (; count; count--) {
		at = memchr(at, '\n', image->size - (size_t)(at - image->data));
		assert_non_null(at);
		at++;
	}
	return (size_t)(at - image->data);
}

/* The output begins with the first @count paths of @all. */
static void expect_prefix(const struct fixture *fixture, const struct image *all,
			  size_t count)
{
	struct image output = image_read(fixture->output);
	size_t size = lines_size(all, count);

	assert_true(output.size >= size);
	assert_memory_equal(output.data, all->data, size);
	free(output.data);
}

/* Every path whose events are all there, as it is in the whole, and a word of the rest.
 */
static void what_is_before_a_cut_is_there(void **state)
{
	struct fixture *fixture = *state;
	struct image image = record(fixture, &run), all;
	struct recording *recording;
	size_t ends[PATHS], whole;

	find_ends(&image, ends);
	assert_int_equal(play(fixture, image.data, image.size, &recording), 0);
	recording_free(recording);
	all = image_read(fixture->output);
	for (size_t size = 0; size < image.size; size++) {
		int ret = play(fixture, image.data, size, &recording);

		for (whole = 0; whole < PATHS && ends[whole] <= size; whole++)
			;
		if (!ret) {
			assert_int_equal(count_whole(fixture), whole);
			expect_prefix(fixture, &all, whole);
			assert_true(recording_cut(recording));
			assert_string_equal(recording_problem(recording), "");
		} else {
			assert_int_equal(ret, -EBADMSG);
			assert_int_equal(whole, 0);
			assert_string_not_equal(recording_problem(recording), "");
		}
		recording_free(recording);
	}
	assert_int_equal(play(fixture, image.data, image.size, &recording), 0);
	assert_int_equal(count_whole(fixture), PATHS);
	assert_false(recording_cut(recording));
	recording_free(recording);
	free(image.data);
	free(all.data);
}

/* Where @what is in the image. */
static uint8_t *find(const struct image *image, const void *what, size_t size)
{
	uint8_t *at = memmem(image->data, image->size, what, size);

	assert_non_null(at);
	return at;
}

/* ---- compressed */

/* A block for each path, as each has a flush of its own; @ends are those of the blocks.
 */
static struct image record_compressed(const struct fixture *fixture, size_t ends[PATHS])
{
	const struct recorder_options options = {
		.path = fixture->path,
		.compress = true,
		.run = run,
	};
	struct recorded recorded;
	struct image image;

	assert_int_equal(recorded_open(&recorded, &options), 0);
	viewer_tick(&recorded.viewer, STREAM_START);
	for (uint64_t packet = 1; packet <= PATHS; packet++) {
		play_packet(&recorded.stream, packet);
		viewer_tick(&recorded.viewer, STREAM_START + packet * 10000000000);
		image = image_read(fixture->path);
		ends[packet - 1] = image.size;
		free(image.data);
	}
	assert_int_equal(recorded_close(&recorded), 0);
	return image_read(fixture->path);
}

static void whole_blocks_before_a_cut_are_there(void **state)
{
	struct fixture *fixture = *state;
	struct recording *recording;
	size_t ends[PATHS], whole, shown;
	struct image image = record_compressed(fixture, ends);

	for (size_t i = 1; i < PATHS; i++)
		assert_true(ends[i] > ends[i - 1]);
	for (size_t size = 0; size < image.size; size++) {
		int ret = play(fixture, image.data, size, &recording);

		for (whole = 0; whole < PATHS && ends[whole] <= size; whole++)
			;
		if (!ret) {
			shown = count_whole(fixture);
			assert_true(shown == whole || shown == whole + 1);
			assert_true(recording_cut(recording));
		} else {
			assert_int_equal(ret, -EBADMSG);
			assert_int_equal(whole, 0);
		}
		recording_free(recording);
	}
	assert_int_equal(play(fixture, image.data, image.size, &recording), 0);
	assert_int_equal(count_whole(fixture), PATHS);
	assert_false(recording_cut(recording));
	recording_free(recording);
	free(image.data);
}

static void compressed_is_the_same(void **state)
{
	struct fixture *fixture = *state;
	struct recording *recording;
	size_t ends[PATHS];
	struct image plain = record(fixture, &run), compressed, expected, output;

	assert_int_equal(play(fixture, plain.data, plain.size, &recording), 0);
	recording_free(recording);
	expected = image_read(fixture->output);
	compressed = record_compressed(fixture, ends);
	assert_int_equal(play(fixture, compressed.data, compressed.size, &recording), 0);
	recording_free(recording);
	output = image_read(fixture->output);
	assert_int_equal(output.size, expected.size);
	assert_memory_equal(output.data, expected.data, expected.size);
	free(plain.data);
	free(compressed.data);
	free(expected.data);
	free(output.data);
}

static void a_damaged_frame_is_said(void **state)
{
	struct fixture *fixture = *state;
	size_t ends[PATHS];
	struct image image = record_compressed(fixture, ends);
	const uint32_t pen = FORMAT_PEN, magic = 0xfd2fb528; /* RFC 8878 */
	uint8_t *head = find(&image, &pen, sizeof(pen)) + sizeof(pen);
	uint8_t *frame = find(&image, &magic, sizeof(magic));

	frame[0]++;
	expect_problem(fixture, &image, -EBADMSG, "cannot be decompressed");
	frame[0]--;
	head[12]++; /* more than there is in the frame */
	expect_problem(fixture, &image, -EBADMSG, "cannot be decompressed");
	head[12]--;
	head[15] = 0x7f; /* 2 GiB */
	expect_problem(fixture, &image, -EBADMSG, "the head of a block is wrong");
	head[15] = 0;
	head[10] = 2;
	expect_problem(fixture, &image, -EPROTO, "with more to it");
	for (size_t i = 0; i < 8 * image.size; i += 11) {
		struct recording *recording;

		image.data[i / 8] ^= (uint8_t)(1 << i % 8);
		play(fixture, image.data, image.size, &recording);
		recording_free(recording);
		image.data[i / 8] ^= (uint8_t)(1 << i % 8);
	}
	free(image.data);
}

/* Under the sanitizers this says more. */
static void flipped_bits_do_no_harm(void **state)
{
	struct fixture *fixture = *state;
	struct image image = record(fixture, &run);

	for (size_t i = 0; i < 8 * image.size; i += 11) {
		struct recording *recording;

		image.data[i / 8] ^= (uint8_t)(1 << i % 8);
		play(fixture, image.data, image.size, &recording);
		recording_free(recording);
		image.data[i / 8] ^= (uint8_t)(1 << i % 8);
	}
	free(image.data);
}

/* The first event: which words differ. */
static uint8_t *find_packed(const struct image *image)
{
	struct event event = { 0 };
	struct walk walk = { 0 };
	const uint8_t *at = walk_event(image, &walk, &event).at;

	assert_non_null(at);
	return image->data + (at - image->data);
}

static void what_is_wrong_is_said(void **state)
{
	static uint8_t other[64] = "no pcapng file, but long enough for one";
	const uint32_t pen = FORMAT_PEN, layout = 0x000c0001; /* type 1, 12 bytes */
	struct fixture *fixture = *state;
	struct image image = record(fixture, &run), wrong = { other, 0 };
	uint8_t *packed;

	expect_problem(fixture, &wrong, -EBADMSG, "is empty");
	wrong.size = sizeof(other);
	expect_problem(fixture, &wrong, -EBADMSG, "no recording");
	memcpy(image.data + 8, "\x1a\x2b\x3c\x4d", 4);
	expect_problem(fixture, &image, -EPROTO, "byte order");
	memcpy(image.data + 8, "\x4d\x3c\x2b\x1a", 4);
	find(&image, &pen, sizeof(pen))[12]++;
	expect_problem(fixture, &image, -EPROTO, "newer bpfpath");
	find(&image, &pen, sizeof(pen))[12]--;
	find(&image, &layout, sizeof(layout))[4]++;
	expect_problem(fixture, &image, -EPROTO, "layout 4");
	find(&image, &layout, sizeof(layout))[4]--;
	packed = find_packed(&image);
	packed[3] ^= 0x40; /* a word that no event has */
	expect_problem(fixture, &image, -EBADMSG, "an event is cut off");
	packed[3] ^= 0x40;
	find(&image, &pen, sizeof(pen))[0]++;
	expect_problem(fixture, &image, -EBADMSG, "no recording");
	find(&image, FORMAT_MAGIC, sizeof(FORMAT_MAGIC))[-4]--;
	image.data[image.size - 1]++;
	expect_problem(fixture, &image, -EBADMSG, "is damaged at byte");
	free(image.data);
}

/* A block with what is in the image, as a bpfpath of @layout would have written it. */
static void older_records(struct bytes *records, const struct image *image,
			  uint32_t layout)
{
	struct event event = { 0 };
	struct walk walk = { 0 };
	struct packed packed;
	const uint8_t *record;

	records_begin(records);
	while ((record = walk_next(image, &walk))) {
		if (u16_at(record) != FORMAT_EVENTS)
			bytes_add(records, record, (size_t)(walk.at - record));
	}
	memcpy(memmem(records->data, records->used, "\1\0\14\0", 4) + 4, &layout,
	       sizeof(layout));
	walk = (struct walk){ 0 };
	while ((packed = walk_event(image, &walk, &event)).at) {
		if (layout == 1 || packed.more_size)
			records_add(records, FORMAT_EVENT, &event, sizeof(event),
				    packed.more_size ? packed.more : (const void *)"",
				    packed.more_size);
		else
			records_add(records, FORMAT_NEXT, packed.at, packed.size, "", 0);
	}
}

/* All that is no event comes first here, which is no difference to who reads it. */
static struct image older(const struct image *image, uint32_t layout)
{
	struct bytes records = { .used = 0 }, blocks = { .used = 0 };

	bytes_add(&blocks, image->data, u32_at(image->data + 4));
	older_records(&records, image, layout);
	records_end(&records, &blocks, NULL);
	assert_false(records.failed || blocks.failed);
	bytes_free(&records);
	return (struct image){ blocks.data, blocks.used };
}

static void older_layouts_are_read(void **state)
{
	struct fixture *fixture = *state;
	struct image image = record(fixture, &run), expected, output, old;
	struct recording *recording;

	assert_int_equal(play(fixture, image.data, image.size, &recording), 0);
	recording_free(recording);
	expected = image_read(fixture->output);
	for (uint32_t layout = FORMAT_LAYOUT_FIRST; layout < FORMAT_LAYOUT_NUMBER;
	     layout++) {
		old = older(&image, layout);
		assert_int_equal(play(fixture, old.data, old.size, &recording), 0);
		recording_free(recording);
		output = image_read(fixture->output);
		assert_int_equal(output.size, expected.size);
		assert_memory_equal(output.data, expected.data, expected.size);
		free(old.data);
		free(output.data);
	}
	free(image.data);
	free(expected.data);
}

/* Tracepoints are known by their names, whatever their numbers are. */
static void unknown_kinds_are_counted(void **state)
{
	struct fixture *fixture = *state;
	struct image image = record(fixture, &run);
	struct recording *recording;

	memcpy(find(&image, "ip_output", 9), "ip_outpuT", 9);
	find(&image, "function", 8)[0] = 'F';
	assert_int_equal(play(fixture, image.data, image.size, &recording), 0);
	assert_int_equal(recording_unknown(recording), 4 * PATHS);
	assert_int_equal(count_whole(fixture), PATHS);
	recording_free(recording);
	free(image.data);
}

static void every_number_has_a_name(void **state)
{
	for (size_t i = 0; i < KINDS; i++)
		assert_non_null(kind_names[i]);
	for (size_t i = 0; i < ACCOUNT_SIZE; i++)
		assert_non_null(kind_accounts[i]);
	for (size_t i = 0; i < TRACEPOINT_SIZE; i++)
		assert_non_null(tracepoint_names[i]);
}

/* ---- without packets for other tools */

static struct image record_bare(const struct fixture *fixture,
				const struct recorder_options *options)
{
	struct recorded recorded;

	assert_int_equal(recorded_open_bare(&recorded, options), 0);
	assert_null(recorded.viewer.assembler);
	play_packets(&recorded.stream);
	assert_int_equal(recorded_close(&recorded), 0);
	return image_read(fixture->path);
}

/* Record for record: that paths were made leaves no trace but the packets. */
static void without_packets_the_records_are_the_same(void **state)
{
	struct fixture *fixture = *state;
	const struct recorder_options options = { .path = fixture->path, .run = run };
	struct image image = record(fixture, &run);
	struct image bare = record_bare(fixture, &options);
	struct walk walk = { 0 }, bare_walk = { 0 };
	const uint8_t *record, *bare_record, *end;
	size_t at = 0;

	while ((record = walk_next(&image, &walk))) {
		bare_record = walk_next(&bare, &bare_walk);
		assert_non_null(bare_record);
		assert_int_equal(u16_at(record + 2), u16_at(bare_record + 2));
		assert_memory_equal(record, bare_record, 4 + u16_at(record + 2));
	}
	assert_null(walk_next(&bare, &bare_walk));
	assert_null(block_find(&bare, &at, BLOCK_PACKET, &end));
	free(image.data);
	free(bare.data);
}

/* Made of it later, the packets are those that would have been there. */
static void packets_can_be_made_later(void **state)
{
	struct fixture *fixture = *state;
	const struct recorder_options options = { .path = fixture->path, .run = run };
	struct image image = record(fixture, &run), made;
	struct image bare = record_bare(fixture, &options);
	const uint8_t *packet, *made_packet, *end, *made_end;
	FILE *in = fmemopen(bare.data, bare.size, "r");
	size_t at = 0, made_at = 0, count = 0;

	assert_non_null(in);
	assert_int_equal(recorded_extract(in, NULL, fixture->output), 0);
	fclose(in);
	made = image_read(fixture->output);
	while ((packet = block_find(&image, &at, BLOCK_PACKET, &end))) {
		made_packet = block_find(&made, &made_at, BLOCK_PACKET, &made_end);
		assert_non_null(made_packet);
		assert_int_equal(end - packet, made_end - made_packet);
		assert_memory_equal(packet, made_packet, (size_t)(end - packet));
		count++;
	}
	assert_int_equal(count, 3 * PATHS);
	assert_null(block_find(&made, &made_at, BLOCK_PACKET, &made_end));
	free(image.data);
	free(bare.data);
	free(made.data);
}

/* As many packets as are wanted, and what is told of them; no more events. */
static void without_packets_a_count_is_kept(void **state)
{
	struct fixture *fixture = *state;
	const struct recorder_options options = { .path = fixture->path, .run = run };
	struct recording *recording;
	struct recorded recorded;
	struct image image;

	assert_int_equal(recorded_open_bare(&recorded, &options), 0);
	recorded.viewer.chosen.limit = 2;
	play_packets(&recorded.stream);
	assert_true(viewer_is_full(&recorded.viewer));
	assert_int_equal(recorded.viewer.steps, 2 * 5);
	assert_int_equal(recorded_close(&recorded), 0);
	image = image_read(fixture->path);
	assert_int_equal(play(fixture, image.data, image.size, &recording), 0);
	recording_free(recording);
	assert_int_equal(count_whole(fixture), 2);
	free(image.data);
}

/* ---- what is recorded beside events */

static void ticks_and_losses_make_the_same_paths(void **state)
{
	struct fixture *fixture = *state;
	const struct recorder_options options = { .path = fixture->path, .run = run };
	struct recorded recorded;
	struct recording *recording;
	struct image image;

	assert_int_equal(recorded_open(&recorded, &options), 0);
	stream_packet(&recorded.stream, 1, 0xffff888000001000);
	stream_function_snapshot(&recorded.stream, "tcp_rcv", EVENT_FIRST, &ip);
	play_packet(&recorded.stream, 2);
	viewer_lost(&recorded.viewer, 7);
	assert_int_equal(recorded.viewer.shown, 0);
	for (uint64_t ms = 100; ms < 1000; ms += 50)
		viewer_tick(&recorded.viewer, STREAM_START + ms * 1000000);
	assert_int_equal(recorded.viewer.shown, 1); /* the first was waited for in vain */
	play_packet(&recorded.stream, 3);
	assert_int_equal(recorded_close(&recorded), 0);
	image = image_read(fixture->path);
	assert_int_equal(play(fixture, image.data, image.size, &recording), 0);
	recording_free(recording);
	free(image.data);
	image = image_read(fixture->output);
	assert_memory_equal(image.data, "{\"id\":2,", 8);
	assert_non_null(strstr((char *)image.data, "{\"id\":1,"));
	assert_non_null(strstr((char *)image.data, "\"lost\":7"));
	free(image.data);
}

static void tells_when_probes_were_taken_away(void **state)
{
	struct fixture *fixture = *state;
	const struct recorder_options options = { .path = fixture->path, .run = run };
	struct recorded recorded;
	struct recording_piece piece = { 0 };
	struct recording *recording;
	FILE *in;

	assert_int_equal(recorded_open(&recorded, &options), 0);
	play_packet(&recorded.stream, 1);
	viewer_narrowed(&recorded.viewer, 5, 7);
	assert_int_equal(recorded_close(&recorded), 0);
	in = fopen(fixture->path, "re");
	assert_non_null(in);
	assert_int_equal(recording_open(in, &recording), 0);
	while (piece.what != RECORDING_NARROWED)
		assert_int_equal(recording_next(recording, &piece), 1);
	assert_int_equal(piece.number, 5);
	assert_int_equal(piece.to, 7);
	assert_int_equal(recording_next(recording, &piece), 0);
	recording_free(recording);
	fclose(in);
}

/* Held back and put in doubt when it was recorded, and so when it is played. */
static void tells_what_was_missed(void **state)
{
	static const struct recorder_run held = { .clock = CLOCK, .held = true };
	struct fixture *fixture = *state;
	const struct recorder_options options = { .path = fixture->path, .run = held };
	struct missed_span span = { 1, UINT64_MAX - 1, { MISSED_FUNCTION, "ip_rcv", 3 } };
	const struct view as_text = { .format = render_find("text") };
	struct recorded recorded;
	struct recording *recording;
	struct image image;
	char *text;
	FILE *in;

	assert_int_equal(recorded_open(&recorded, &options), 0);
	play_packet(&recorded.stream, 1);
	viewer_missed(&recorded.viewer, &span);
	assert_int_equal(recorded_close(&recorded), 0);
	image = image_read(fixture->path);
	assert_int_equal(play(fixture, image.data, image.size, &recording), 0);
	assert_true(recording_run(recording)->held);
	recording_free(recording);
	free(image.data);
	image = image_read(fixture->output);
	text = strndup((const char *)image.data, image.size);
	assert_non_null(strstr(text, "\"complete\":false"));
	assert_non_null(strstr(text, "\"missed\":[{\"kind\":\"function\",\"probe\":"
				     "\"ip_rcv\",\"runs\":3}]"));
	free(text);
	free(image.data);

	in = fopen(fixture->path, "re");
	assert_non_null(in);
	assert_int_equal(recorded_play(in, &as_text, fixture->output, &recording), 0);
	fclose(in);
	recording_free(recording);
	image = image_read(fixture->output);
	text = strndup((const char *)image.data, image.size);
	assert_non_null(strstr(text, "may have a hole: the kernel skipped 3 runs of "
				     "probes meanwhile: 3 at function ip_rcv\n"));
	free(text);
	free(image.data);
}

static void tells_what_was_traced(void **state)
{
	static const char *const probes[] = { "ip_rcv", NULL };
	static const struct recorder_run all = {
		.clock = CLOCK,
		.count = 3,
		.release = "6.18",
		.command = "bpfpath record",
		.filter = "icmp",
		.backend = "multi",
		.probes = probes,
	};
	struct fixture *fixture = *state;
	struct image image = record(fixture, &all);
	const struct recording_run *told;
	struct recording *recording;

	assert_int_equal(play(fixture, image.data, image.size, &recording), 0);
	told = recording_run(recording);
	assert_int_equal(told->clock, CLOCK);
	assert_int_equal(told->count, 3);
	assert_string_equal(told->version, BPFPATH_VERSION);
	assert_string_equal(told->release, "6.18");
	assert_string_equal(told->command, "bpfpath record");
	assert_string_equal(told->filter, "icmp");
	assert_string_equal(told->backend, "multi");
	assert_true(told->finished);
	recording_free(recording);
	free(image.data);
}

static void tells_every_counter(void **state)
{
	struct fixture *fixture = *state;
	const struct recorder_options options = { .path = fixture->path, .run = run };
	struct recorded recorded;
	struct recording *recording;
	struct image image;

	assert_int_equal(recorded_open(&recorded, &options), 0);
	for (size_t i = 0; i < ACCOUNT_SIZE; i++)
		recorded.account[i] = 100 + i;
	assert_int_equal(recorded_close(&recorded), 0);
	image = image_read(fixture->path);
	assert_int_equal(play(fixture, image.data, image.size, &recording), 0);
	for (size_t i = 0; i < ACCOUNT_SIZE; i++)
		assert_int_equal(recording_run(recording)->account[i], 100 + i);
	recording_free(recording);
	free(image.data);
}

/* ---- the file under the recorder */

static void expect_probes(const struct recording *recording)
{
	size_t count;
	const struct recording_probe *probes = recording_probes(recording, &count);

	assert_int_equal(count, 3);
	assert_int_equal(probes[0].kind, EVENT_FUNCTION);
	assert_string_equal(probes[0].name, "ip_rcv");
	assert_int_equal(probes[1].kind, EVENT_TRACEPOINT);
	assert_string_equal(probes[1].name, "netif_rx");
	assert_int_equal(probes[2].kind, EVENT_GATE);
	assert_string_equal(probes[2].name, "");
}

static void expect_complete_files(struct fixture *fixture,
				  int (*open)(struct recorded *recorded,
					      const struct recorder_options *options))
{
	const struct recorder_options options = {
		.path = fixture->path,
		.rotate = 1024 * 1024,
		.keep = 2,
		.run = run,
	};
	struct recorded recorded;
	char names[4][80];

	assert_int_equal(open(&recorded, &options), 0);
	recorder_probed(recorded.recorder, EVENT_FUNCTION, "ip_rcv");
	recorder_probed(recorded.recorder, EVENT_TRACEPOINT, "netif_rx");
	recorder_probed(recorded.recorder, EVENT_GATE, "");
	for (uint64_t packet = 1; packet <= 6000; packet++)
		play_packet(&recorded.stream, packet);
	assert_int_equal(recorded_close(&recorded), 0);
	snprintf(names[0], sizeof(names[0]), "%s", fixture->path);
	for (int i = 1; i < 4; i++)
		snprintf(names[i], sizeof(names[i]), "%s.%d", fixture->path, i);
	assert_int_equal(access(names[3], F_OK), -1);
	for (int i = 0; i < 3; i++) {
		struct image image = image_read(names[i]), output;
		struct recording *recording;

		assert_int_equal(play(fixture, image.data, image.size, &recording), 0);
		assert_false(recording_cut(recording));
		expect_probes(recording);
		assert_true(count_whole(fixture) > 100);
		output = image_read(fixture->output);
		assert_non_null(strstr((char *)output.data, "\"name\":\"eth0\""));
		assert_non_null(strstr((char *)output.data, "\"func\":\"ip_rcv\""));
		assert_null(strstr((char *)output.data, "\"func\":\"0x"));
		free(output.data);
		recording_free(recording);
		free(image.data);
	}
}

static void each_of_several_files_is_complete(void **state)
{
	expect_complete_files(*state, recorded_open);
	expect_complete_files(*state, recorded_open_bare);
}

/* Events of the file @name, which come after @time; returns that of the last one. */
static uint64_t count_events(const char *name, uint64_t time, size_t *count)
{
	FILE *in = fopen(name, "re");
	struct recording_piece piece;
	struct recording *recording;
	struct event event;

	assert_non_null(in);
	assert_int_equal(recording_open(in, &recording), 0);
	while (recording_next(recording, &piece) > 0) {
		if (piece.what != RECORDING_EVENT)
			continue;
		memcpy(&event, piece.event, sizeof(event));
		assert_true(event.time > time);
		time = event.time;
		++*count;
	}
	recording_free(recording);
	fclose(in);
	return time;
}

/* From the oldest to the latest file there is every event, once, and in order. */
static void nothing_is_lost_between_files(void **state)
{
	enum { FILES = 8, PACKETS = 6000 };
	struct fixture *fixture = *state;
	const struct recorder_options options = {
		.path = fixture->path,
		.rotate = 1024 * 1024,
		.keep = FILES,
		.run = run,
	};
	struct recorded recorded;
	size_t count = 0, files = 0;
	uint64_t time = 0;
	struct stat stat_file;
	char name[80];

	assert_int_equal(recorded_open(&recorded, &options), 0);
	for (uint64_t packet = 1; packet <= PACKETS; packet++)
		play_packet(&recorded.stream, packet);
	assert_int_equal(recorded_close(&recorded), 0);
	for (int i = FILES; i >= 0; i--) {
		snprintf(name, sizeof(name), i ? "%s.%d" : "%s", fixture->path, i);
		if (stat(name, &stat_file))
			continue;
		files++;
		time = count_events(name, time, &count);
		if (i)
			assert_in_range(stat_file.st_size, 1024 * 1024, 1536 * 1024);
	}
	assert_in_range(files, 4, FILES);
	assert_int_equal(count, 5 * PACKETS);
}

static void a_file_that_is_replaced_ends_it(void **state)
{
	struct fixture *fixture = *state;
	const struct recorder_options options = { .path = fixture->path, .run = run };
	struct recorded recorded;

	assert_int_equal(recorded_open(&recorded, &options), 0);
	play_packet(&recorded.stream, 1);
	assert_int_equal(unlink(fixture->path), 0);
	assert_int_equal(recorded_close(&recorded), -ESTALE);

	assert_int_equal(recorded_open(&recorded, &options), 0);
	play_packet(&recorded.stream, 1);
	assert_int_equal(truncate(fixture->path, 0), 0);
	assert_int_equal(recorded_close(&recorded), -ESTALE);
}

static void a_full_disk_is_an_error(void **state)
{
	const struct recorder_options options = { .path = "/dev/full", .run = run };
	const struct recorder_options nowhere = { .path = "/nosuchdir/file" };
	struct recorder *recorder;

	assert_int_equal(recorder_new(&options, &recorder), -ENOSPC);
	assert_int_equal(recorder_new(&nowhere, &recorder), -ENOENT);
}

/* Whatever byte it is that finds no room: what is left are whole blocks. */
static void a_disk_that_fills_up_leaves_whole_blocks(void **state)
{
	struct fixture *fixture = *state;
	struct image all = record(fixture, &run);
	const struct recorder_options options = { .path = fixture->path, .run = run };
	const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };
	size_t last = 0;

	signal(SIGXFSZ, SIG_IGN);
	for (size_t size = 0; size < all.size; size += 61) {
		const struct rlimit limit = { size, RLIM_INFINITY };
		struct recorded recorded;
		struct image image;
		const uint8_t *end;
		size_t at = 0;
		int err;

		assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
		err = recorded_open(&recorded, &options);
		if (!err) {
			for (uint64_t packet = 1; packet <= PATHS; packet++)
				play_packet(&recorded.stream, packet);
			err = recorded_close(&recorded);
		}
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &unlimited), 0);
		assert_int_equal(err, -EFBIG);
		image = image_read(fixture->path);
		assert_in_range(image.size, last, size);
		last = image.size;
		assert_memory_equal(image.data, all.data, image.size);
		assert_null(block_find(&image, &at, 0, &end)); /* all of them */
		free(image.data);
	}
	assert_true(last > 0);
	free(all.data);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(begins_with_a_section),
		TEST(has_an_interface_for_each_device),
		TEST(has_a_packet_for_each_hop),
		TEST(what_a_socket_knows_is_no_packet),
		TEST(names_are_harmless),
		TEST(what_is_before_a_cut_is_there),
		TEST(whole_blocks_before_a_cut_are_there),
		TEST(compressed_is_the_same),
		TEST(a_damaged_frame_is_said),
		TEST(flipped_bits_do_no_harm),
		TEST(what_is_wrong_is_said),
		TEST(older_layouts_are_read),
		TEST(unknown_kinds_are_counted),
		TEST(every_number_has_a_name),
		TEST(without_packets_the_records_are_the_same),
		TEST(packets_can_be_made_later),
		TEST(without_packets_a_count_is_kept),
		TEST(ticks_and_losses_make_the_same_paths),
		TEST(tells_when_probes_were_taken_away),
		TEST(tells_what_was_missed),
		TEST(tells_what_was_traced),
		TEST(tells_every_counter),
		TEST(each_of_several_files_is_complete),
		TEST(nothing_is_lost_between_files),
		TEST(a_file_that_is_replaced_ends_it),
		TEST(a_full_disk_is_an_error),
		TEST(a_disk_that_fills_up_leaves_whole_blocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
