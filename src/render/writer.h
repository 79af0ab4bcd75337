/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * writer.h - JSON as text, written in one go
 *
 * json-c makes an object of every value first, which took 36,000 instructions
 * for each step of a path, many times what it costs to see the step. A writer
 * appends to a buffer that it keeps. Strings may hold any byte: what is no UTF-8
 * is taken for Latin-1, and no control character, C1 included, comes out as it is.
 *
 * A key is a string constant, or NULL for an element of an array or the whole. A
 * writer that found no memory goes on without writing; writer_end() tells.
 */
#ifndef BPFPATH_WRITER_H
#define BPFPATH_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "render/phrases.h"

struct writer {
	char *text;
	size_t used, size;
	size_t mark, mark_end;	/* of what writer_again() repeats */
	struct phrases phrases; /* what writer_recall() knows */
	bool failed;
};

/* Room for @more bytes where there is too little; NULL: there is none. */
char *writer_grow(struct writer *writer, size_t more);

static inline char *writer_room(struct writer *writer, size_t more)
{
	if (writer->size - writer->used >= more)
		return writer->text + writer->used;
	return writer_grow(writer, more);
}

static inline void writer_raw(struct writer *writer, const char *text, size_t length)
{
	char *to = writer_room(writer, length);

	if (!to)
		return;
	memcpy(to, text, length);
	writer->used += length;
}

/*
 * Behind an opening bracket there is no comma. Always inlined: the length is known when
 * the compiler sees the constant, and what is copied are some words.
 */
static inline __attribute__((always_inline)) void
writer_key(struct writer *writer, const char *key, size_t length)
{
	char *to = writer_room(writer, length + 4), *from = to;

	if (!to)
		return;
	if (writer->used && to[-1] != '{' && to[-1] != '[')
		*to++ = ',';
	if (key) {
		*to++ = '"';
		memcpy(to, key, length);
		to += length;
		*to++ = '"';
		*to++ = ':';
	}
	writer->used += (size_t)(to - from);
}
#define WRITER_KEY(writer, key) writer_key(writer, key, (key) ? strlen((key) ?: "") : 0)

/*
 * A string constant as it is, with what commas and brackets there are: where a key comes
 * always behind the same, and often, nobody has to look what is before it.
 */
static inline __attribute__((always_inline)) void writer_constant(struct writer *writer,
								  const char *text)
{
	writer_raw(writer, text, strlen(text));
}

void writer_put_number(struct writer *writer, uint64_t number);
void writer_put_text(struct writer *writer, const char *text);

/* @bracket is one of "{[" */
static inline void writer_open(struct writer *writer, const char *key, char bracket)
{
	WRITER_KEY(writer, key);
	writer_raw(writer, &bracket, 1);
}

/* @bracket is one of "}]" */
static inline void writer_close(struct writer *writer, char bracket)
{
	writer_raw(writer, &bracket, 1);
}

static inline void writer_number(struct writer *writer, const char *key, uint64_t number)
{
	WRITER_KEY(writer, key);
	writer_put_number(writer, number);
}

static inline void writer_signed(struct writer *writer, const char *key, int64_t number)
{
	WRITER_KEY(writer, key);
	if (number < 0)
		writer_raw(writer, "-", 1);
	writer_put_number(writer, number < 0 ? -(uint64_t)number : (uint64_t)number);
}

static inline void writer_text(struct writer *writer, const char *key, const char *text)
{
	WRITER_KEY(writer, key);
	writer_put_text(writer, text);
}

static inline void writer_bool(struct writer *writer, const char *key, bool value)
{
	WRITER_KEY(writer, key);
	writer_raw(writer, value ? "true" : "false", value ? 4 : 5);
}

static inline void writer_null(struct writer *writer, const char *key)
{
	WRITER_KEY(writer, key);
	writer_raw(writer, "null", 4);
}

/* What is written between writer_mark() and writer_marked() can be repeated. */
static inline void writer_mark(struct writer *writer)
{
	writer->mark = writer->used;
}

static inline void writer_marked(struct writer *writer)
{
	writer->mark_end = writer->used;
}

void writer_again(struct writer *writer);

/*
 * What is written again and again, though not at once: writer_recall() writes what
 * lies under @key, not 0. False: nothing does. writer_keep() keeps there what was
 * written since .used was @from, if it is short.
 */
bool writer_recall(struct writer *writer, uint64_t key);
void writer_keep(struct writer *writer, uint64_t key, size_t from);

/*
 * A newline; what was written since .used was @from is not there if it lacked memory. 0
 * or -ENOMEM.
 */
int writer_line(struct writer *writer, size_t from);

/* Write everything to @out, and begin anew. 0 or -EIO. */
int writer_out(struct writer *writer, FILE *out);

/* Both, of all that was written. 0, -ENOMEM, or -EIO. */
int writer_end(struct writer *writer, FILE *out);

void writer_free(struct writer *writer);

#endif
