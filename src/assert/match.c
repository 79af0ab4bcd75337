// SPDX-License-Identifier: GPL-2.0-only
#include "assert/match.h"

#include <fnmatch.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "assert/expect.h"
#include "base/log.h"
#include "path/path.h"
#include "path/tracepoint_names.h"

static const struct match match_good = { .good = true };

static PRINTF_LIKE(2, 3) struct match match_bad(size_t step, const char *format, ...)
{
	struct match match = { .step = step };
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(match.why, sizeof(match.why), format, arguments);
	va_end(arguments);
	return match;
}

static struct match match_doubt(size_t step, const char *why)
{
	struct match match = match_bad(step, "it is not known: %s", why);

	match.doubt = true;
	return match;
}

/* What was not found may be in a hole. */
static struct match match_missing(const struct path *path, struct match match)
{
	if (!path->complete) {
		size_t used = strlen(match.why);

		snprintf(match.why + used, sizeof(match.why) - used,
			 "; but the path may have a hole");
		match.doubt = true;
	}
	return match;
}

static size_t path_last(const struct path *path)
{
	return path->count ? path->count - 1 : 0;
}

/* Every name of every step comes here, and most patterns are plain names. */
static bool text_matches(const char *pattern, const char *text)
{
	if (!strpbrk(pattern, "*?[\\"))
		return !strcmp(pattern, text);
	return !fnmatch(pattern, text, 0);
}

/* ---- names and what was returned */

/* A compiler's suffix (".isra.0") does not count. */
static bool function_matches(const char *pattern, const char *function)
{
	char base[128];

	if (text_matches(pattern, function))
		return true;
	if (!strchr(function, '.'))
		return false;
	snprintf(base, sizeof(base), "%.*s", (int)strcspn(function, "."), function);
	return text_matches(pattern, base);
}

static bool step_is_named(const struct step *step, const struct expect_name *name)
{
	return function_matches(name->pattern, step->func) ||
	       text_matches(name->pattern, step->stage);
}

static bool step_returned(const struct step *step, const char *result)
{
	char number[24];

	if (!step->returned)
		return false;
	if (step->result.word && text_matches(result, step->result.word))
		return true;
	snprintf(number, sizeof(number), "%" PRId64, step->result.number);
	return step->result.numeric && text_matches(result, number);
}

static bool step_matches(const struct step *step, const struct expect_name *name)
{
	return step_is_named(step, name) &&
	       (!name->result || step_returned(step, name->result));
}

/* The first from @from on; path.count: none. */
static size_t step_find(const struct path *path, const struct expect_name *name,
			size_t from)
{
	while (from < path->count && !step_matches(&path->steps[from], name))
		from++;
	return from;
}

/* The last one of that name, whatever it returned; path.count: none. */
static size_t step_find_named(const struct path *path, const struct expect_name *name)
{
	for (size_t i = path->count; i-- > 0;) {
		if (step_is_named(&path->steps[i], name))
			return i;
	}
	return path->count;
}

static struct match match_reaches(const struct expect *expect, const struct path *path)
{
	const struct expect_name *name = &expect->names[0];
	size_t other;

	if (step_find(path, name, 0) < path->count)
		return match_good;
	other = step_find_named(path, name);
	if (other == path->count)
		return match_missing(path,
				     match_bad(path_last(path), "it was not there"));
	return match_missing(path, match_bad(other,
					     path->steps[other].returned
						     ? "it was there, with another result"
						     : "it was there, but what was "
						       "returned was not seen"));
}

/* ---- what never was */

static bool name_is_tracepoint(const char *pattern)
{
	for (size_t i = 0; i < TRACEPOINT_SIZE; i++) {
		if (tracepoint_names[i] && text_matches(pattern, tracepoint_names[i]))
			return true;
	}
	return false;
}

static bool path_has_functions(const struct path *path)
{
	for (size_t i = 0; i < path->count; i++) {
		if (path->steps[i].kind == EVENT_FUNCTION)
			return true;
	}
	return false;
}

/* Is there a step of that name of which nobody knows what it returned? */
static bool result_is_unknown(const struct path *path, const struct expect_name *name,
			      size_t *at)
{
	for (*at = 0; name->result && *at < path->count; ++*at) {
		if (step_is_named(&path->steps[*at], name) && !path->steps[*at].returned)
			return true;
	}
	return false;
}

/* That nothing was seen proves something only if it would have been seen. */
static struct match match_never(const struct expect *expect, const struct path *path)
{
	const struct expect_name *name = &expect->names[0];
	size_t at = step_find(path, name, 0), last = path_last(path);

	if (at < path->count)
		return match_bad(at, "it was there");
	if (result_is_unknown(path, name, &at))
		return match_doubt(at, "what was returned here was not seen");
	if (!path->complete)
		return match_doubt(last, "the path may have a hole");
	if (path->end == PATH_OPEN)
		return match_doubt(last, "the path had not ended");
	if (path->end == PATH_LOST)
		return match_doubt(last, "the packet was lost from sight");
	if (!path_has_functions(path) && !name_is_tracepoint(name->pattern))
		return match_doubt(last, "no function was probed");
	return match_good;
}

static struct match match_order(const struct expect *expect, const struct path *path)
{
	size_t next = 0, at;

	for (size_t i = 0; i < expect->name_count; i++) {
		const struct expect_name *name = &expect->names[i];

		at = step_find(path, name, next);
		if (at == path->count && !i)
			return match_missing(
				path, match_bad(path_last(path), "there was no %s%s%s",
						name->pattern, name->result ? "=" : "",
						name->result ?: ""));
		if (at == path->count)
			return match_missing(
				path, match_bad(next - 1, "no %s%s%s came behind %s",
						name->pattern, name->result ? "=" : "",
						name->result ?: "",
						expect->names[i - 1].pattern));
		next = at + 1;
	}
	return match_good;
}

/* ---- ends, places, changes */

/* Where it ended well, or was seen last. */
static size_t path_end_step(const struct path *path)
{
	bool well = path->end == PATH_DELIVERED || path->end == PATH_TRANSMITTED;

	return well ? path->end_step : path_last(path);
}

static struct match match_end(const struct expect *expect, const struct path *path)
{
	bool dropped = path->end == PATH_DROPPED;
	size_t step = path_end_step(path);

	if (!(expect->ends & 1U << path->end))
		return match_missing(path, match_bad(step, "its end was: %s%s%s",
						     path_end_name(path->end),
						     path->reason ? ", " : "",
						     path->reason ?: ""));
	if (!dropped || !expect->reason ||
	    (path->reason && text_matches(expect->reason, path->reason)))
		return match_good;
	if (path->reason)
		return match_bad(step, "it was dropped for another reason: %s",
				 path->reason);
	return match_doubt(step, "the kernel gave no reason that has a name");
}

static bool step_is_in(const struct step *step, const char *netns)
{
	char inode[16];

	if (!netns)
		return true;
	if (step->netns_name && text_matches(netns, step->netns_name))
		return true;
	snprintf(inode, sizeof(inode), "%" PRIu32, step->netns);
	return !strcmp(netns, inode);
}

static struct match match_crosses(const struct expect *expect, const struct path *path)
{
	for (size_t i = 0; i < path->count; i++) {
		const struct step *step = &path->steps[i];

		if ((!expect->dev || text_matches(expect->dev, step->dev)) &&
		    step_is_in(step, expect->netns))
			return match_good;
	}
	return match_missing(path, match_bad(path_last(path), "it was not there"));
}

static struct match match_changes(const struct expect *expect, const struct path *path)
{
	for (size_t i = 0; i < path->count; i++) {
		const struct changes *changes = path->steps[i].changes;

		for (size_t j = 0; changes && j < changes->count; j++) {
			if (changes->list[j].field == expect->field)
				return match_good;
		}
	}
	return match_missing(path, match_bad(path_last(path), "it stayed the same"));
}

struct match match_path(const struct expect *expect, const struct path *path)
{
	static struct match (*const kinds[EXPECT_KINDS])(const struct expect *,
							 const struct path *) = {
		[EXPECT_REACHES] = match_reaches, [EXPECT_NEVER] = match_never,
		[EXPECT_ORDER] = match_order,	  [EXPECT_END] = match_end,
		[EXPECT_CROSSES] = match_crosses, [EXPECT_CHANGES] = match_changes,
	};

	return kinds[expect->kind](expect, path);
}
