// SPDX-License-Identifier: GPL-2.0-only
#include "hook/probes.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "render/escape.h"

struct probe_name {
	char *name;
	bool used;
};

struct probes {
	bool all;
	bool reported;
	bool own;		  /* a file of the user */
	struct probe_name *names; /* sorted, each once */
	size_t count;
};

/* share/probes/stages.conf, built in */
static const char probes_stages[] =
#include "hook/probes.inc"
	;

bool probes_any(const struct probes *probes)
{
	return probes->all || probes->count;
}

static int probes_add(struct probes *probes, const char *name, size_t length)
{
	struct probe_name *names = realloc(probes->names,
					   (probes->count + 1) * sizeof(*names));

	if (!names)
		return -ENOMEM;
	probes->names = names;
	names[probes->count] = (struct probe_name){ .name = strndup(name, length) };
	if (!names[probes->count].name)
		return -ENOMEM;
	probes->count++;
	return 0;
}

/* C identifiers, and the dots of compiler suffixes. */
static size_t probes_name_length(const char *line)
{
	size_t length = 0;

	if (isdigit((unsigned char)*line))
		return 0;
	while (isalnum((unsigned char)line[length]) || line[length] == '_' ||
	       line[length] == '.')
		length++;
	return length;
}

/* The file may be anything: no more than some of it, and nothing that is no text. */
static void probes_bad_line(const char *line, const char *file, int number)
{
	char word[41], text[ESCAPE_SIZE(sizeof(word))];

	snprintf(word, sizeof(word), "%.*s", (int)strcspn(line, " \t\r\n"), line);
	escape_terminal(text, sizeof(text), word);
	log_error("%s:%d: not a function name: '%s'", file, number, text);
}

static int probes_parse_line(struct probes *probes, const char *line, const char *file,
			     int number)
{
	size_t length;

	line += strspn(line, " \t\r\n");
	if (!*line || *line == '#')
		return 0;
	length = probes_name_length(line);
	if (!length || !strchr(" \t\r\n#", line[length])) {
		probes_bad_line(line, file, number);
		return -EINVAL;
	}
	return probes_add(probes, line, length);
}

static int probes_parse(struct probes *probes, FILE *in, const char *file)
{
	AUTO_FREE char *line = NULL;
	size_t size = 0;
	int err = 0;

	for (int number = 1; !err && getline(&line, &size, in) >= 0; number++)
		err = probes_parse_line(probes, line, file, number);
	if (!err && ferror(in)) {
		log_error("cannot read '%s': %s", file, strerror(errno));
		err = -EINVAL;
	}
	return err;
}

static int probes_compare(const void *a, const void *b)
{
	const struct probe_name *left = a, *right = b;

	return strcmp(left->name, right->name);
}

static void probes_unique(struct probes *probes)
{
	size_t kept = 0;

	if (probes->count)
		qsort(probes->names, probes->count, sizeof(*probes->names),
		      probes_compare);
	for (size_t i = 0; i < probes->count; i++) {
		if (kept && !probes_compare(&probes->names[kept - 1], &probes->names[i]))
			free(probes->names[i].name);
		else
			probes->names[kept++] = probes->names[i];
	}
	probes->count = kept;
}

static FILE *probes_open(const char *zoom)
{
	if (!strcmp(zoom, "stages"))
		return fmemopen((void *)probes_stages, strlen(probes_stages), "r");
	return fopen(zoom, "re");
}

static int probes_read(struct probes *probes, const char *zoom)
{
	AUTO_FILE FILE *in = probes_open(zoom);

	if (!in) {
		log_error("zoom '%s': %s: use hops, stages, all, or a file of function "
			  "names",
			  zoom, strerror(errno));
		return -EINVAL;
	}
	probes->own = strcmp(zoom, "stages");
	return probes_parse(probes, in, zoom);
}

int probes_load(const char *zoom, struct probes **out)
{
	struct probes *probes = calloc(1, sizeof(*probes));
	int err = 0;

	if (!probes)
		return -ENOMEM;
	if (!strcmp(zoom, "all"))
		probes->all = true;
	else if (strcmp(zoom, "hops"))
		err = probes_read(probes, zoom);
	if (err) {
		probes_free(probes);
		return err;
	}
	probes_unique(probes);
	*out = probes;
	return 0;
}

void probes_free(struct probes *probes)
{
	if (!probes)
		return;
	for (size_t i = 0; i < probes->count; i++)
		free(probes->names[i].name);
	free(probes->names);
	free(probes);
}

/* A key of bsearch(3): a name that may go on. */
struct probe_key {
	const char *name;
	size_t length;
};

static int probes_compare_key(const void *a, const void *b)
{
	const struct probe_key *key = a;
	const struct probe_name *have = b;
	int order = strncmp(key->name, have->name, key->length);

	return order ? order : -(have->name[key->length] != '\0');
}

static bool probes_find(const struct probes *probes, const char *name, size_t length)
{
	const struct probe_key key = { name, length };
	struct probe_name *found = bsearch(&key, probes->names, probes->count,
					   sizeof(*found), probes_compare_key);

	if (found)
		found->used = true;
	return found != NULL;
}

bool probes_has(const struct probes *probes, const char *function)
{
	size_t length = strlen(function), base = function_base_length(function);

	if (probes->all)
		return true;
	if (!probes->count)
		return false;
	return probes_find(probes, function, length) ||
	       (base < length && probes_find(probes, function, base));
}

size_t probes_count(const struct probes *probes)
{
	return probes->count;
}

const char *probes_name(const struct probes *probes, size_t index)
{
	return probes->names[index].name;
}

bool probes_used(const struct probes *probes, size_t index)
{
	return probes->names[index].used;
}

/*
 * No kernel has all of our own list, which is as it should be; of the user's own
 * list somebody wanted to see each name.
 */
void probes_report(struct probes *probes)
{
	size_t unknown = 0;

	if (probes->reported)
		return;
	probes->reported = true;

	for (size_t i = 0; i < probes->count; i++) {
		if (probes->names[i].used)
			continue;
		unknown++;
		log_debug("function '%s' cannot be probed: 'bpfpath list --unavailable' "
			  "says why",
			  probes->names[i].name);
	}
	if (!unknown)
		return;
	if (probes->own)
		log_info("%zu of %zu functions in the list cannot be probed: --verbose "
			 "names them",
			 unknown, probes->count);
	else
		log_debug("%zu of %zu functions in the list cannot be probed", unknown,
			  probes->count);
}
