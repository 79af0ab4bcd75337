// SPDX-License-Identifier: GPL-2.0-only
#include "path/decision.h"

#include <errno.h>
#include <string.h>

#include "base/conf.h"
#include "path/path.h"

/* share/decisions.conf, each line a string literal; cut into words when it is read */
static const char conf[] =
#include "path/decisions.inc"
	;

#define FUNCTIONS    64
#define HOOK_UNKNOWN "hook"

struct function {
	const char *name, *hook, *decision; /* NULL: none */
};

static struct function functions[FUNCTIONS];
static size_t function_count;
static bool loaded;

/* The next field of a line, NULL for "-"; @missing: there is no more. */
static const char *field_next(char **line, bool *missing)
{
	char *field = conf_field(line);

	*missing = !field;
	return field && !strcmp(field, "-") ? NULL : field;
}

/* There are few, and they are asked for few steps. */
static const struct function *function_find(const char *name)
{
	for (size_t i = 0; i < function_count; i++) {
		if (!strcmp(functions[i].name, name))
			return &functions[i];
	}
	return NULL;
}

static int line_parse(char *line)
{
	struct function *function = &functions[function_count];
	bool missing;

	if (function_count == FUNCTIONS)
		return -EINVAL;
	function->name = field_next(&line, &missing);
	if (!function->name || function_find(function->name))
		return -EINVAL;
	function->hook = field_next(&line, &missing);
	function->decision = field_next(&line, &missing);
	if (missing || line || (!function->hook && !function->decision))
		return -EINVAL;
	function_count++;
	return 0;
}

int decision_load(unsigned int *line)
{
	static char text[sizeof(conf)];

	function_count = 0;
	loaded = true;
	return conf_read(memcpy(text, conf, sizeof(conf)), line_parse, line);
}

/* Between a function and the hook that it calls the packet stays in these stages. */
static bool step_keeps_hook(const struct step *step)
{
	static const char *const stages[] = { "ip",    "netfilter", "routing",
					      "ipsec", "security",  "skb" };

	for (size_t i = 0; i < sizeof(stages) / sizeof(stages[0]); i++) {
		if (!strcmp(step->stage, stages[i]))
			return true;
	}
	return false;
}

static const char *step_verdict(const struct step *step)
{
	return step->returned ? step->result.word : NULL;
}

static bool step_is_chain(const struct step *step)
{
	return step->detail && step->detail->kind == DETAIL_CHAIN;
}

/* Does the last chain within the hook at step @i say what the hook says? */
static bool chain_says(const struct path *path, size_t i)
{
	const struct step *hook = &path->steps[i], *last = NULL;
	const char *verdict = step_verdict(hook), *own;

	for (i++; i < path->count && path->steps[i].time <= hook->returned; i++) {
		if (step_is_chain(&path->steps[i]))
			last = &path->steps[i];
	}
	own = last ? step_verdict(last) : NULL;
	return verdict && own && !strcmp(verdict, own);
}

/* True: there is something to tell of the hook at step @i. */
static bool hook_read(const struct path *path, size_t i, struct decision *decision)
{
	decision->hook = decision->pending ? decision->pending : HOOK_UNKNOWN;
	decision->verdict = step_verdict(&path->steps[i]);
	decision->pending = NULL;
	return !chain_says(path, i);
}

/* Of a function that says what being called means: NULL for what it does not say. */
static bool function_read(const struct step *step, struct decision *decision)
{
	const struct function *function = step->kind == EVENT_FUNCTION
						  ? function_find(step->func)
						  : NULL;

	if (!function && !step_keeps_hook(step))
		decision->pending = NULL;
	decision->verdict = step_is_chain(step) ? step_verdict(step) : NULL;
	if (!function)
		return step->detail;
	decision->pending = function->hook;
	decision->verdict = function->decision;
	return step->detail || function->decision;
}

/* True: something was decided at step @i. */
static bool step_read(const struct path *path, size_t i, struct decision *decision)
{
	const struct step *step = &path->steps[i];
	unsigned int line;

	if (!loaded)
		decision_load(&line); /* cannot fail: the tests have read it */
	decision->detail = step->detail;
	decision->hook = NULL;
	return !strcmp(step->func, "nf_hook_slow") ? hook_read(path, i, decision)
						   : function_read(step, decision);
}

bool decision_next(const struct path *path, size_t end, struct decision *decision)
{
	while (decision->next < end) {
		if (step_read(path, decision->next++, decision))
			return true;
	}
	return false;
}
