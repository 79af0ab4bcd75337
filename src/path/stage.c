// SPDX-License-Identifier: GPL-2.0-only
#include "path/stage.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* share/stages.conf, each line a string literal */
static const char conf[] =
#include "path/stages.inc"
	;

static const char *const stage_names[] = {
	"other",     "driver", "xdp",	    "gro",	"receive", "tc",	"bridge",
	"tunnel",    "ipsec",  "netfilter", "routing",	"ip",	   "transport", "socket",
	"neighbour", "qdisc",  "xmit",	    "security", "skb",
};

static const char *const role_names[] = {
	[STAGE_ROLE_NONE] = "",
	[STAGE_ROLE_DELIVER] = "deliver",
	[STAGE_ROLE_TRANSMIT] = "transmit",
	[STAGE_ROLE_RECEIVE] = "receive",
	[STAGE_ROLE_FREE] = "free",
	[STAGE_ROLE_MESSAGE] = "message",
};
static_assert(sizeof(role_names) / sizeof(role_names[0]) == STAGE_ROLES,
	      "a name per role");

/* A pattern: text and length are those without "*". */
struct pattern {
	const char *text;
	size_t length;
	bool prefix;
	struct stage stage;
};

/* Open addressing; at most half full, or loading fails. */
#define SLOTS 4096

static struct pattern slots[SLOTS];
static size_t used, longest_prefix;
static bool loaded;

/* FNV-1a: grows with the name, so that all beginnings cost one pass. */
#define HASH_START 0xcbf29ce484222325ull

static uint64_t hash_next(uint64_t hash, char c)
{
	return (hash ^ (uint8_t)c) * 0x100000001b3ull;
}

static uint64_t hash_text(const char *text, size_t length)
{
	uint64_t hash = HASH_START;

	for (size_t i = 0; i < length; i++)
		hash = hash_next(hash, text[i]);
	return hash;
}

/* The slot of this pattern, or the empty one where it would be. */
static struct pattern *slot_find(uint64_t hash, const char *text, size_t length,
				 bool prefix)
{
	size_t i = (hash ^ hash >> 32) % SLOTS;

	while (slots[i].text) {
		if (slots[i].length == length && slots[i].prefix == prefix &&
		    !memcmp(slots[i].text, text, length))
			break;
		i = (i + 1) % SLOTS;
	}
	return &slots[i];
}

static bool field_is(const char *field, size_t length, const char *word)
{
	return strlen(word) == length && !memcmp(field, word, length);
}

static const char *stage_name(const char *field, size_t length)
{
	for (size_t i = 0; i < sizeof(stage_names) / sizeof(stage_names[0]); i++) {
		if (field_is(field, length, stage_names[i]))
			return stage_names[i];
	}
	return NULL;
}

/* STAGE_ROLES when there is no such role. */
static enum stage_role role_named(const char *field, size_t length)
{
	for (size_t i = 0; i < STAGE_ROLES; i++) {
		if (field_is(field, length, role_names[i]))
			return (enum stage_role)i;
	}
	return STAGE_ROLES;
}

/* The next field of a line that ends at @end; empty when there is no more. */
static const char *field_next(const char **at, const char *end, size_t *length)
{
	const char *field;

	while (*at < end && **at == '\t')
		(*at)++;
	field = *at;
	while (*at < end && **at != '\t')
		(*at)++;
	*length = (size_t)(*at - field);
	return field;
}

static int pattern_add(const char *text, size_t length, struct stage stage)
{
	bool prefix = length && text[length - 1] == '*';
	struct pattern *slot;

	if (prefix)
		length--;
	if (!length || memchr(text, '*', length) || used >= SLOTS / 2)
		return -EINVAL;
	slot = slot_find(hash_text(text, length), text, length, prefix);
	if (slot->text)
		return -EINVAL;
	*slot = (struct pattern){ text, length, prefix, stage };
	used++;
	if (prefix && length > longest_prefix)
		longest_prefix = length;
	return 0;
}

static int line_parse(const char *line, const char *end)
{
	size_t pattern_length, name_length, role_length, rest;
	const char *pattern, *name, *role;
	struct stage stage;

	if (line == end || *line == '#')
		return 0;
	pattern = field_next(&line, end, &pattern_length);
	name = field_next(&line, end, &name_length);
	role = field_next(&line, end, &role_length);
	field_next(&line, end, &rest);
	stage.name = stage_name(name, name_length);
	stage.role = role_named(role, role_length);
	if (!stage.name || stage.role == STAGE_ROLES || rest)
		return -EINVAL;
	return pattern_add(pattern, pattern_length, stage);
}

int stage_load(unsigned int *line)
{
	const char *at = conf;
	unsigned int number = 0;

	memset(slots, 0, sizeof(slots));
	used = longest_prefix = 0;
	loaded = true;
	while (*at) {
		const char *end = strchrnul(at, '\n');

		number++;
		if (line_parse(at, end)) {
			*line = number;
			return -EINVAL;
		}
		at = *end ? end + 1 : end;
	}
	return 0;
}

struct stage stage_lookup(const char *function)
{
	size_t length = strcspn(function, ".");
	struct pattern *best = NULL, *slot;
	uint64_t hash = HASH_START;
	unsigned int line;

	if (!loaded)
		stage_load(&line); /* cannot fail: the tests have read it */
	slot = slot_find(hash_text(function, length), function, length, false);
	if (slot->text)
		return slot->stage;
	for (size_t i = 0; i < length && i < longest_prefix; i++) {
		hash = hash_next(hash, function[i]);
		slot = slot_find(hash, function, i + 1, true);
		if (slot->text)
			best = slot;
	}
	return best ? best->stage : (struct stage){ stage_names[0], STAGE_ROLE_NONE };
}
