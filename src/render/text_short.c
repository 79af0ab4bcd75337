// SPDX-License-Identifier: GPL-2.0-only
/*
 * text_short.c - one line per packet
 *
 *	#1 icmp echo request ...: [red] eth0 [host] v-red v-blue [blue] eth0: delivered
 *...
 */
#include "render/text.h"

/* Each device once it is another one, behind the namespace that it is in. */
static void print_route(FILE *out, const struct path *path)
{
	const struct step *last = NULL;

	for (size_t i = 0; i < path->count; i++) {
		const struct step *step = &path->steps[i];

		if (!step->ifindex || (last && !place_changed(step, last)))
			continue;
		fprintf(out, " ");
		if (last && last->netns == step->netns)
			text_device(out, step);
		else
			text_place(out, step);
		last = step;
	}
	if (last)
		fprintf(out, ":");
}

int text_short(struct render *render, const struct path *path)
{
	const struct text *text = (const struct text *)render;
	FILE *out = render->out;

	text_packet(text, path);
	text_origin(out, ", ", path);
	fprintf(out, ":");
	print_route(out, path);
	fprintf(out, " ");
	text_outcome(text, path);
	if (!path->complete) {
		fprintf(out, "; ");
		text_doubts(text, path);
	}
	fprintf(out, "\n");
	return 0;
}
