// SPDX-License-Identifier: GPL-2.0-only
/*
 * classes_text.c - paths with the same steps, counted and timed, for people
 *
 *	3 paths in 2 classes
 *
 *	class 1: 2 paths, 66.7 %, delivered in icmp_rcv
 *	like #1 icmp echo request 10.9.0.1 -> 10.9.0.2 id 7 seq 1 len 84
 *	       p50         p90         p99         max us
 *	     5.000       5.250       5.250       5.250     from the first step to the last
 *	     1.000       1.000       1.000       1.000     ip_rcv  ip
 *	...
 */
#include "render/render.h"

#include <errno.h>
#include <inttypes.h>

#include "render/classes_view.h"
#include "render/escape.h"
#include "render/formats.h"
#include "render/place.h"
#include "render/words.h"

#define NAME_SIZE 256 /* of a function as it is shown */

static void print_us(FILE *out, uint64_t ns)
{
	fprintf(out, "%8" PRIu64 ".%03u", ns / 1000, (unsigned int)(ns % 1000));
}

static void print_times(FILE *out, const struct sketch *time)
{
	for (size_t i = 0; i < CLASSES_QUANTILES; i++)
		print_us(out, sketch_quantile(time, classes_quantiles[i]));
	print_us(out, time->max);
}

static double percent(uint64_t part, uint64_t whole)
{
	return whole ? 100.0 * (double)part / (double)whole : 0;
}

static void print_place(FILE *out, const struct step *step)
{
	char netns[WORDS_SIZE], device[WORDS_SIZE];

	words_netns(netns, sizeof(netns), step);
	words_device(device, sizeof(device), step);
	fprintf(out, "%s %s\n", netns, device);
}

/* Behind the last step nothing is measured. */
static void print_step(FILE *out, const struct class *class,
		       const struct class_step *step)
{
	char func[NAME_SIZE];

	if (step == &class->steps[class->count - 1] && !step->time.sum)
		fprintf(out, "%12s%12s%12s%12s", "", "", "", "");
	else
		print_times(out, &step->time);
	escape_terminal(func, sizeof(func), step->step.func);
	fprintf(out, "   %-36s  %s", func, step->step.stage);
	if (step->repeats > 1)
		fprintf(out, ", up to %" PRIu32 " times", step->repeats);
	if (step == class_costliest(class))
		fprintf(out, ", %.1f %% of the time",
			percent(step->time.sum, class->time.sum));
	fputc('\n', out);
}

static void print_steps(FILE *out, const struct classes *classes,
			const struct class *class)
{
	const struct class_step *before = NULL;

	for (size_t i = 0; i < class->count; before = &class->steps[i++]) {
		const struct class_step *step = &class->steps[i];

		if (classes->by & CLASSES_BY_DEV &&
		    (!before || place_changed(&step->step, &before->step)))
			print_place(out, &step->step);
		print_step(out, class, step);
	}
}

static void print_class(FILE *out, const struct classes *classes, size_t i)
{
	const struct class *class = classes->order[i];
	char example[512];

	fprintf(out, "\nclass %zu: %" PRIu64 " path%s, %.1f %%, %s%s\n", i + 1,
		class->time.count, class->time.count == 1 ? "" : "s",
		percent(class->time.count, classes->paths), class->outcome,
		class->ends_differ ? "; others ended in another way, see --by end" : "");
	flow_print(&class->flow, example, sizeof(example));
	fprintf(out, "like #%" PRIu64 " %s\n", class->example, example);
	if (class->incomplete)
		fprintf(out, "%" PRIu64 " of them may have a hole\n", class->incomplete);
	fprintf(out, "%12s%12s%12s%12s us\n", "p50", "p90", "p99", "max");
	print_times(out, &class->time);
	fputs("   from the first step to the last\n", out);
	print_steps(out, classes, class);
}

static int classes_text_finish(struct render *render)
{
	const struct classes *classes = classes_view_finish(render);
	FILE *out = render->out;

	if (!classes)
		return -ENOMEM;
	fprintf(out, "%" PRIu64 " path%s in %zu class%s\n", classes->paths,
		classes->paths == 1 ? "" : "s", classes->count,
		classes->count == 1 ? "" : "es");
	if (classes->left_out)
		fprintf(out,
			"%" PRIu64 " of them in none: there is room for %d classes with "
			"%d steps in all\n",
			classes->left_out, CLASSES_MAX, CLASSES_STEPS_MAX);
	for (size_t i = 0; i < classes->count; i++)
		print_class(out, classes, i);
	return 0;
}

static struct render *classes_text_new(FILE *out, const struct render_options *options)
{
	return classes_view_new(out, options, &render_classes_ops);
}

const struct render_ops render_classes_ops = {
	.name = "classes",
	.help = "paths with the same steps, counted and timed",
	.takes = RENDER_CLASSES,
	.at_end = true,
	.path = classes_view_path,
	.finish = classes_text_finish,
	.free = classes_view_free,
	.new = classes_text_new,
};
