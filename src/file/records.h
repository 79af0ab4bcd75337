/* SPDX-License-Identifier: GPL-2.0-only */
/* records.h - records of format.h, one behind the other, that become a block */
#ifndef BPFPATH_RECORDS_H
#define BPFPATH_RECORDS_H

#include <stddef.h>
#include <stdint.h>
#include <zstd.h>

#include "base/bytes.h"
#include "file/format.h"

#define RECORDS_TEXT 4096 /* bytes of a text, the rest is cut */

/* Two parts that are one: @head, then @data. */
void records_add(struct bytes *records, enum format_type type, const void *head,
		 size_t head_size, const void *data, size_t size);

void records_number(struct bytes *records, enum format_type type, uint64_t number);

/* Nothing for NULL. */
void records_text(struct bytes *records, enum format_type type, const char *text);
void records_numbered(struct bytes *records, enum format_type type, uint32_t number,
		      const char *text);

/* Of those that become a block, before the first one. */
void records_begin(struct bytes *records);

/*
 * Those that there are become a block behind @blocks, compressed unless @zstd is NULL,
 * and others begin.
 */
void records_end(struct bytes *records, struct bytes *blocks, ZSTD_CCtx *zstd);

#endif
