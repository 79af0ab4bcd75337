/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * block.h - the blocks of a pcapng file, draft-ietf-opsawg-pcapng
 *
 * Type and length, a body that is a multiple of four bytes long, the length again;
 * in the byte order of the machine, which the first block of the file tells.
 */
#ifndef BPFPATH_BLOCK_H
#define BPFPATH_BLOCK_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

#define BLOCK_SECTION	0x0a0d0d0au /* Section Header Block */
#define BLOCK_INTERFACE 1u	    /* Interface Description Block */
#define BLOCK_PACKET	6u	    /* Enhanced Packet Block */
#define BLOCK_CUSTOM	0x00000badu /* Custom Block that may be copied */

#define BLOCK_MAGIC	    0x1a2b3c4du /* in a section header: its byte order */
#define BLOCK_MAGIC_FOREIGN 0x4d3c2b1au
#define BLOCK_LEAST	    12u			/* bytes: a block without a body */
#define BLOCK_MOST	    (16u * 1024 * 1024) /* what libpcap and Wireshark read */

/* Options, by the block that they belong to. */
enum block_option {
	OPTION_END = 0,
	OPTION_COMMENT = 1, /* of every block */
	OPTION_SECTION_OS = 3,
	OPTION_SECTION_APPLICATION = 4,
	OPTION_INTERFACE_NAME = 2,
	OPTION_INTERFACE_DESCRIPTION = 3,
	OPTION_INTERFACE_RESOLUTION = 9,
	OPTION_PACKET_FLAGS = 2,
	OPTION_PACKET_ID = 5,
};

/* Blocks are made one behind the other in @bytes. */
struct block {
	struct bytes *bytes;
	size_t begin;
};

struct block block_begin(struct bytes *bytes, uint32_t type);
void block_add(const struct block *block, const void *data, size_t size);
void block_add_u16(const struct block *block, uint16_t number);
void block_add_u32(const struct block *block, uint32_t number);
void block_add_u64(const struct block *block, uint64_t number);

/* Zeros up to the next multiple of four. */
void block_pad(const struct block *block);

/* Options come last; @size is cut to what an option can hold. */
void block_option(const struct block *block, enum block_option option, const void *value,
		  size_t size);
void block_option_text(const struct block *block, enum block_option option,
		       const char *text);

void block_end(const struct block *block);

#endif
