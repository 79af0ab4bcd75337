// SPDX-License-Identifier: GPL-2.0-only
#include "file/records.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "file/block.h"

#define RECORDS_LEVEL 1 /* of zstd: the fastest of the plain ones */

/* Type and length of the block, whose it is, and what it is; the last are their bytes. */
#define RECORDS_HEAD (3 * sizeof(uint32_t) + sizeof(struct format_head))
static_assert(offsetof(struct format_head, size) + sizeof(uint32_t) ==
		      sizeof(struct format_head),
	      "how many bytes there are is told last");

void records_add(struct bytes *records, enum format_type type, const void *head,
		 size_t head_size, const void *data, size_t size)
{
	static const char zeros[4];
	const struct format_record record = { (uint16_t)type,
					      (uint16_t)(head_size + size) };
	char *room = bytes_room(records,
				sizeof(record) + head_size + size + sizeof(zeros));
	size_t pad = -(head_size + size) & 3;

	if (!room)
		return;
	memcpy(room, &record, sizeof(record));
	memcpy(room + sizeof(record), head, head_size);
	memcpy(room + sizeof(record) + head_size, data, size);
	memcpy(room + sizeof(record) + head_size + size, zeros, pad);
	records->used += sizeof(record) + head_size + size + pad;
}

void records_number(struct bytes *records, enum format_type type, uint64_t number)
{
	records_add(records, type, &number, sizeof(number), "", 0);
}

void records_text(struct bytes *records, enum format_type type, const char *text)
{
	if (text)
		records_add(records, type, "", 0, text, strnlen(text, RECORDS_TEXT));
}

void records_numbered(struct bytes *records, enum format_type type, uint32_t number,
		      const char *text)
{
	records_add(records, type, &number, sizeof(number), text, strlen(text));
}

static void block_add_frame(const struct block *block, const struct bytes *records,
			    ZSTD_CCtx *zstd)
{
	struct bytes *blocks = block->bytes;
	size_t plain = records->used - RECORDS_HEAD;
	size_t most = ZSTD_compressBound(plain), size;
	void *room = bytes_room(blocks, most);

	if (!room)
		return;
	size = ZSTD_compressCCtx(zstd, room, most, records->data + RECORDS_HEAD, plain,
				 RECORDS_LEVEL);
	/* There is room enough: what can fail is memory. */
	if (ZSTD_isError(size))
		blocks->failed = true;
	else
		blocks->used += size;
}

/* A block with its head, of @size bytes of records. */
static struct block records_block(struct bytes *bytes, enum format_flag flags,
				  size_t size)
{
	const struct format_head head = {
		.magic = FORMAT_MAGIC,
		.version = FORMAT_VERSION,
		.flags = (uint16_t)flags,
		.size = (uint32_t)size,
	};
	struct block block = block_begin(bytes, BLOCK_CUSTOM);

	block_add_u32(&block, FORMAT_PEN);
	block_add(&block, &head, sizeof(head));
	return block;
}

void records_begin(struct bytes *records)
{
	records_block(records, 0, 0);
}

/* They become another block, which lies behind @blocks. */
static void records_compress(const struct bytes *records, struct bytes *blocks,
			     ZSTD_CCtx *zstd)
{
	struct block block = records_block(blocks, FORMAT_ZSTD,
					   records->used - RECORDS_HEAD);

	block_add_frame(&block, records, zstd);
	block_end(&block);
}

/* Where nothing is before them they change places with @blocks, and are not copied. */
static void records_move(struct bytes *records, struct bytes *blocks)
{
	uint32_t size = (uint32_t)(records->used - RECORDS_HEAD);
	struct bytes whole;

	memcpy(records->data + RECORDS_HEAD - sizeof(size), &size, sizeof(size));
	block_end(&(struct block){ records, 0 });
	if (blocks->used) {
		bytes_add(blocks, records->data, records->used);
		return;
	}
	whole = *records;
	*records = *blocks;
	*blocks = whole;
}

void records_end(struct bytes *records, struct bytes *blocks, ZSTD_CCtx *zstd)
{
	if (records->failed || records->used == RECORDS_HEAD)
		return;
	if (zstd)
		records_compress(records, blocks, zstd);
	else
		records_move(records, blocks);
	records->used = 0;
	records_begin(records);
}
