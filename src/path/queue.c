// SPDX-License-Identifier: GPL-2.0-only
#include "path/queue.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/conf.h"
#include "path/path.h"

/* share/queues.conf, each line a string literal; cut into words when it is read */
static const char conf[] =
#include "path/queues.inc"
	;

#define FUNCTIONS 64

static struct {
	const char *name;
	struct queue_ways ways;
} functions[FUNCTIONS];
static size_t function_count;
static bool loaded;

static const struct {
	const char *name, *words;
} queues[] = {
	[QUEUE_NONE] = { "", "" },
	[QUEUE_BACKLOG] = { "backlog", "in the backlog" },
	[QUEUE_QDISC] = { "qdisc", "in the qdisc" },
	[QUEUE_SOCKET] = { "socket", "in the socket's queue" },
	[QUEUE_NEIGHBOUR] = { "neighbour", "for the neighbour's address" },
};
static_assert(sizeof(queues) / sizeof(queues[0]) == QUEUES, "words per queue");

const char *queue_name(enum queue queue)
{
	return queues[queue].name;
}

const char *queue_words(enum queue queue)
{
	return queues[queue].words;
}

/* The next field of a line; "" when there is no more. */
static const char *field_next(char **line)
{
	return conf_field(line) ?: "";
}

/* QUEUES when there is no such queue. */
static uint8_t queue_named(const char *name)
{
	uint8_t queue = QUEUE_NONE + 1;

	while (queue < QUEUES && strcmp(queues[queue].name, name))
		queue++;
	return queue;
}

/* function_count: there is none. */
static size_t function_find(const char *name, size_t length)
{
	size_t i = 0;

	while (i < function_count &&
	       (strncmp(functions[i].name, name, length) || functions[i].name[length]))
		i++;
	return i;
}

static int line_parse(char *line)
{
	const char *name = field_next(&line);
	uint8_t queue = queue_named(field_next(&line));
	const char *way = field_next(&line);
	bool both = !strcmp(way, "both");

	if (line || queue == QUEUES || function_count == FUNCTIONS ||
	    function_find(name, strlen(name)) < function_count ||
	    (!both && strcmp(way, "in") && strcmp(way, "out")))
		return -EINVAL;
	functions[function_count].name = name;
	functions[function_count].ways = (struct queue_ways){
		.in = both || !strcmp(way, "in") ? queue : QUEUE_NONE,
		.out = both || !strcmp(way, "out") ? queue : QUEUE_NONE,
	};
	function_count++;
	return 0;
}

int queue_load(unsigned int *line)
{
	static char text[sizeof(conf)];

	function_count = 0;
	loaded = true;
	return conf_read(memcpy(text, conf, sizeof(conf)), line_parse, line);
}

struct queue_ways queue_ways(const char *function)
{
	struct queue_ways none = { QUEUE_NONE, QUEUE_NONE };
	unsigned int line;
	size_t i;

	if (!loaded)
		queue_load(&line); /* cannot fail: the tests have read it */
	i = function_find(function, strcspn(function, "."));
	return i < function_count ? functions[i].ways : none;
}

enum queue path_waited(const struct path *path, size_t i)
{
	const struct step *step = &path->steps[i];
	enum queue out = step->queue.out;

	if (!i || !out)
		return QUEUE_NONE;
	if (step[-1].queue.in == out)
		return out;
	if (out == QUEUE_SOCKET && step->role == STAGE_ROLE_DELIVER &&
	    step[-1].role == STAGE_ROLE_DELIVER)
		return out;
	return QUEUE_NONE;
}
