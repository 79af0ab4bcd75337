// SPDX-License-Identifier: GPL-2.0-only
#include "file/input.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "file/block.h"
#include "file/format.h"

#define INPUT_SKIP    4096
#define INPUT_WINDOW  24  /* log2 of the bytes that a frame may look back: BLOCK_MOST */
#define SECTION_LEAST 28u /* bytes of a section header */
#define CUSTOM_HEAD   (sizeof(uint32_t) + sizeof(struct format_head))

int input_fail(struct input *input, int err, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(input->problem, sizeof(input->problem), format, arguments);
	va_end(arguments);
	input->stopped = true;
	return err;
}

int input_damaged(struct input *input, const char *what)
{
	return input_fail(input, -EBADMSG, "is damaged at byte %" PRIu64 ": %s",
			  input->offset, what);
}

int input_foreign(struct input *input)
{
	return input_fail(input, -EBADMSG, "is no recording of bpfpath");
}

/* ---- bytes */

/* How many bytes there were of @size, or a negative errno. */
static ssize_t read_some(struct input *input, void *data, size_t size)
{
	size_t count = fread(data, 1, size, input->in);

	input->offset += count;
	if (count < size && ferror(input->in))
		return input_fail(input, -EIO, "cannot be read: %s", strerror(errno));
	return (ssize_t)count;
}

/* 1 when all of it was there; 0 at the end of the file, or a negative errno. */
static int read_all(struct input *input, void *data, size_t size)
{
	ssize_t count = read_some(input, data, size);

	if (count < 0)
		return (int)count;
	if ((size_t)count == size)
		return 1;
	input->cut |= count > 0;
	input->stopped = true;
	return 0;
}

static int read_over(struct input *input, size_t size)
{
	uint8_t nothing[INPUT_SKIP];
	int ret = 1;

	while (size && ret > 0) {
		size_t some = size < sizeof(nothing) ? size : sizeof(nothing);

		ret = read_all(input, nothing, some);
		size -= some;
	}
	input->cut |= !ret;
	return ret;
}

/* ---- blocks */

static int block_check_end(struct input *input, uint32_t length)
{
	uint32_t again;
	int ret = read_all(input, &again, sizeof(again));

	if (ret <= 0) {
		input->cut |= !ret;
		return ret;
	}
	if (again != length)
		return input_damaged(input, "the length of a block is not the "
					    "same at both of its ends");
	return 1;
}

static int block_room(struct input *input, uint8_t **data, size_t *capacity, size_t size)
{
	uint8_t *more;

	if (size <= *capacity)
		return 0;
	more = realloc(*data, size);
	if (!more)
		return input_fail(input, -ENOMEM, "needs more memory than there is");
	*data = more;
	*capacity = size;
	return 0;
}

/* Is the block cut off? Then what there is of it is the last. */
static int block_is_read(struct input *input, bool whole)
{
	if (whole)
		return 1;
	input->cut = input->stopped = true;
	return input->size ? 1 : 0;
}

/* The records of a block whose head was read; those before a cut count, too. */
static int block_read_plain(struct input *input, uint32_t body, uint32_t size)
{
	ssize_t count;
	int ret = block_room(input, &input->data, &input->capacity, body);

	if (ret)
		return ret;
	count = read_some(input, input->data, body);
	if (count < 0)
		return (int)count;
	input->size = (size_t)count < size ? (size_t)count : size;
	return block_is_read(input, (size_t)count == body);
}

/* Room for both, and who does it. */
static int frame_prepare(struct input *input, uint32_t body, uint32_t size)
{
	int ret = block_room(input, &input->frame, &input->frame_capacity, body);

	if (!ret)
		ret = block_room(input, &input->data, &input->capacity, size);
	if (ret)
		return ret;
	if (!input->zstd)
		input->zstd = ZSTD_createDCtx();
	if (!input->zstd)
		return input_fail(input, -ENOMEM, "needs more memory than there is");
	ZSTD_DCtx_reset(input->zstd, ZSTD_reset_session_only);
	/* What a frame may ask for is memory, too. */
	ZSTD_DCtx_setParameter(input->zstd, ZSTD_d_windowLogMax, INPUT_WINDOW);
	return 0;
}

/* What the first @count bytes of the frame give, of @size. False: it is no frame. */
static bool frame_unpack(struct input *input, size_t count, uint32_t size)
{
	ZSTD_inBuffer in = { input->frame, count, 0 };
	ZSTD_outBuffer out = { input->data, size, 0 };
	size_t left;

	do {
		left = ZSTD_decompressStream(input->zstd, &out, &in);
		if (ZSTD_isError(left))
			return false;
	} while (left && in.pos < in.size && out.pos < out.size);
	input->size = out.pos;
	return true;
}

/* The same of compressed ones. */
static int block_read_frame(struct input *input, uint32_t body, uint32_t size)
{
	bool whole, good;
	ssize_t count;
	int ret = frame_prepare(input, body, size);

	if (ret)
		return ret;
	count = read_some(input, input->frame, body);
	if (count < 0)
		return (int)count;
	whole = (size_t)count == body;
	good = frame_unpack(input, (size_t)count, size);
	if (!good || (whole && input->size < size))
		return input_damaged(input, "a block cannot be decompressed");
	return block_is_read(input, whole);
}

static int custom_check(struct input *input, const struct format_head *head,
			uint32_t body)
{
	uint16_t more = head->flags & ~FORMAT_ZSTD;
	uint32_t most = head->flags & FORMAT_ZSTD ? BLOCK_MOST : body;

	if (head->version > FORMAT_VERSION || more)
		return input_fail(input, -EPROTO,
				  "was made by a newer bpfpath: it has version %u of the "
				  "format%s, and this one reads %u",
				  head->version, more ? " with more to it" : "",
				  FORMAT_VERSION);
	if (!head->version || head->size > most)
		return input_damaged(input, "the head of a block is wrong");
	return 0;
}

/* A custom block of @body bytes: 1 with records to take out, or it was not ours. */
static int block_read_custom(struct input *input, uint32_t body)
{
	struct {
		uint32_t pen;
		struct format_head head;
	} custom;
	int ret;

	static_assert(sizeof(custom) == CUSTOM_HEAD, "no holes in it");
	if (body < sizeof(custom))
		return read_over(input, body);
	ret = read_all(input, &custom, sizeof(custom));
	if (ret <= 0) {
		input->cut |= !ret;
		return ret;
	}
	body -= sizeof(custom);
	if (custom.pen != FORMAT_PEN ||
	    memcmp(custom.head.magic, FORMAT_MAGIC, sizeof(custom.head.magic)) != 0)
		return read_over(input, body);
	ret = custom_check(input, &custom.head, body);
	if (ret)
		return ret;
	return custom.head.flags & FORMAT_ZSTD
		       ? block_read_frame(input, body, custom.head.size)
		       : block_read_plain(input, body, custom.head.size);
}

int input_block(struct input *input)
{
	uint32_t head[2], body; /* type, length */
	int ret = read_all(input, head, sizeof(head));

	input->size = 0;
	if (ret <= 0)
		return ret;
	if (head[1] < BLOCK_LEAST || head[1] > BLOCK_MOST || head[1] % 4)
		return input_damaged(input, "a block has an impossible length");
	body = head[1] - BLOCK_LEAST;
	if (head[0] == BLOCK_CUSTOM)
		ret = block_read_custom(input, body);
	else
		ret = read_over(input, body);
	if (ret <= 0 || input->stopped)
		return ret;
	return block_check_end(input, head[1]);
}

int input_section(struct input *input)
{
	uint32_t head[3]; /* type, length, magic */
	int ret = read_all(input, head, sizeof(head));

	if (!ret)
		return input->offset
			       ? input_foreign(input)
			       : input_fail(input, -EBADMSG, "is empty: no recording");
	if (ret < 0)
		return ret;
	if (head[0] != BLOCK_SECTION)
		return input_foreign(input);
	if (head[2] == BLOCK_MAGIC_FOREIGN)
		return input_fail(input, -EPROTO,
				  "was made on a machine with another byte order");
	if (head[2] != BLOCK_MAGIC || head[1] < SECTION_LEAST || head[1] > BLOCK_MOST ||
	    head[1] % 4)
		return input_foreign(input);
	ret = read_over(input, head[1] - sizeof(head) - sizeof(head[1]));
	return ret > 0 ? block_check_end(input, head[1]) : ret;
}

void input_free(struct input *input)
{
	free(input->data);
	free(input->frame);
	ZSTD_freeDCtx(input->zstd);
}
