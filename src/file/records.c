// SPDX-License-Identifier: GPL-2.0-only
#include "file/records.h"

#include <string.h>

#include "file/block.h"

#define RECORDS_LEVEL 1 /* of zstd: the fastest of the plain ones */

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
	size_t most = ZSTD_compressBound(records->used), size;
	void *room = bytes_room(blocks, most);

	if (!room)
		return;
	size = ZSTD_compressCCtx(zstd, room, most, records->data, records->used,
				 RECORDS_LEVEL);
	/* There is room enough: what can fail is memory. */
	if (ZSTD_isError(size))
		blocks->failed = true;
	else
		blocks->used += size;
}

void records_end(struct bytes *records, struct bytes *blocks, ZSTD_CCtx *zstd)
{
	const struct format_head head = {
		.magic = FORMAT_MAGIC,
		.version = FORMAT_VERSION,
		.flags = zstd ? FORMAT_ZSTD : 0,
		.size = (uint32_t)records->used,
	};
	struct block block;

	if (!records->used)
		return;
	block = block_begin(blocks, BLOCK_CUSTOM);
	block_add_u32(&block, FORMAT_PEN);
	block_add(&block, &head, sizeof(head));
	if (zstd)
		block_add_frame(&block, records, zstd);
	else
		block_add(&block, records->data, records->used);
	block_end(&block);
	records->used = 0;
}
