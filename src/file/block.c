// SPDX-License-Identifier: GPL-2.0-only
#include "file/block.h"

#include <string.h>

struct block block_begin(struct bytes *bytes, uint32_t type)
{
	struct block block = { bytes, bytes->used };

	block_add_u32(&block, type);
	block_add_u32(&block, 0); /* the length, which block_end() knows */
	return block;
}

void block_add(const struct block *block, const void *data, size_t size)
{
	bytes_add(block->bytes, data, size);
}

void block_add_u16(const struct block *block, uint16_t number)
{
	bytes_add(block->bytes, &number, sizeof(number));
}

void block_add_u32(const struct block *block, uint32_t number)
{
	bytes_add(block->bytes, &number, sizeof(number));
}

void block_add_u64(const struct block *block, uint64_t number)
{
	bytes_add(block->bytes, &number, sizeof(number));
}

void block_pad(const struct block *block)
{
	bytes_zero(block->bytes, -(block->bytes->used - block->begin) & 3);
}

void block_option(const struct block *block, enum block_option option, const void *value,
		  size_t size)
{
	uint16_t length = size < UINT16_MAX ? (uint16_t)size : UINT16_MAX;

	block_add_u16(block, (uint16_t)option);
	block_add_u16(block, length);
	block_add(block, value, length);
	block_pad(block);
}

void block_option_text(const struct block *block, enum block_option option,
		       const char *text)
{
	block_option(block, option, text, strlen(text));
}

void block_end(const struct block *block)
{
	uint32_t length;

	block_pad(block);
	length = (uint32_t)(block->bytes->used - block->begin) + sizeof(length);
	block_add_u32(block, length);
	if (!block->bytes->failed)
		memcpy(block->bytes->data + block->begin + sizeof(uint32_t), &length,
		       sizeof(length));
}
