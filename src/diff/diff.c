// SPDX-License-Identifier: GPL-2.0-only
#include "diff/diff.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "base/log.h"
#include "base/strings.h"
#include "file/recording.h"

static const char *const side_names[DIFF_SIDES] = { "GOOD", "BAD" };

const char *diff_side_name(enum diff_which which)
{
	return side_names[which];
}

int diff_open(struct diff *diff, unsigned int by, bool roles)
{
	*diff = (struct diff){ .names = strings_new(), .options.roles = roles };
	if (!diff->names)
		return -ENOMEM;
	for (enum diff_which i = 0; i < DIFF_SIDES; i++) {
		if (classes_open(&diff->sides[i].classes, by | CLASSES_BY_END |
								  CLASSES_BY_DECISION |
								  CLASSES_BY_KIND))
			return -ENOMEM;
	}
	return 0;
}

void diff_close(struct diff *diff)
{
	pairs_clear(&diff->pairs);
	for (enum diff_which i = 0; i < DIFF_SIDES; i++) {
		routes_clear(&diff->sides[i].routes);
		probed_clear(&diff->sides[i].probed);
		classes_close(&diff->sides[i].classes);
	}
	strings_free(diff->names);
	*diff = (struct diff){ 0 };
}

int diff_path(struct diff *diff, enum diff_which which, const struct path *path)
{
	return classes_add(&diff->sides[which].classes, path);
}

int diff_recording(struct diff *diff, enum diff_which which,
		   const struct recording *recording)
{
	const struct recording_run *run = recording_run(recording);
	struct diff_side *side = &diff->sides[which];
	size_t count;
	const struct recording_probe *probes = recording_probes(recording, &count);
	int err = 0;

	snprintf(side->release, sizeof(side->release), "%s", run->release);
	snprintf(side->backend, sizeof(side->backend), "%s", run->backend);
	side->cut = recording_cut(recording);
	for (size_t i = 0; !err && i < count; i++)
		err = probed_add(&side->probed, probes[i].kind, probes[i].name);
	probed_finish(&side->probed);
	return err;
}

/* ---- what has to be known of it */

static PRINTF_LIKE(2, 3) void diff_note(struct diff *diff, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(diff->notes[diff->note_count++], DIFF_NOTE, format, arguments);
	va_end(arguments);
}

static void note_side(struct diff *diff, enum diff_which which)
{
	const struct diff_side *side = &diff->sides[which];
	const char *name = side_names[which], *other = side_names[!which];

	if (side->routes.hidden)
		diff_note(diff,
			  "%s: %zu of %zu steps are left out, as %s could not have seen "
			  "them",
			  name, side->routes.hidden, side->routes.steps, other);
	if (side->routes.copies)
		diff_note(diff,
			  "%s: copies are left out (%" PRIu64 "), as %s follows none "
			  "without function probes",
			  name, side->routes.copies, other);
	if (side->classes.left_out)
		diff_note(diff,
			  "%s: %" PRIu64 " of %" PRIu64 " paths are left out, as there "
			  "is room for %d classes with %d steps in all",
			  name, side->classes.left_out, side->classes.paths, CLASSES_MAX,
			  CLASSES_STEPS_MAX);
}

static bool side_is_vague(const struct diff_side *side)
{
	return side->classes.paths && !probed_count(&side->probed);
}

static void note_probes(struct diff *diff)
{
	bool good = side_is_vague(&diff->sides[DIFF_GOOD]);
	bool bad = side_is_vague(&diff->sides[DIFF_BAD]);

	if (good || bad)
		diff_note(diff,
			  "%s what was probed: steps that could not be seen count as "
			  "missing",
			  !bad	  ? "GOOD does not tell"
			  : !good ? "BAD does not tell"
				  : "neither tells");
}

static void diff_notes(struct diff *diff)
{
	const struct diff_side *good = &diff->sides[DIFF_GOOD];
	const struct diff_side *bad = &diff->sides[DIFF_BAD];

	if (diff->options.kernels)
		diff_note(diff,
			  "the kernels are %s and %s: functions of the same stage may "
			  "differ",
			  good->release, bad->release);
	note_probes(diff);
	note_side(diff, DIFF_GOOD);
	note_side(diff, DIFF_BAD);
}

/* ---- the end */

int diff_finish(struct diff *diff)
{
	struct diff_side *good = &diff->sides[DIFF_GOOD], *bad = &diff->sides[DIFF_BAD];
	int err = 0;

	diff->options.left = &good->probed;
	diff->options.right = &bad->probed;
	diff->options.kernels = strcmp(good->release, bad->release) != 0;
	for (enum diff_which i = 0; !err && i < DIFF_SIDES; i++) {
		struct diff_side *side = &diff->sides[i];

		err = classes_finish(&side->classes, false);
		if (!err)
			err = routes_make(&side->routes, &side->classes,
					  &diff->sides[!i].probed, diff->names);
	}
	if (!err)
		err = pairs_make(&diff->pairs, &diff->options, &good->routes,
				 &bad->routes);
	if (!err)
		diff_notes(diff);
	return err;
}

bool diff_same(const struct diff *diff)
{
	return pairs_same(&diff->pairs) && !diff->sides[DIFF_GOOD].classes.left_out &&
	       !diff->sides[DIFF_BAD].classes.left_out;
}
