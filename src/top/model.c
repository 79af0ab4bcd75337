// SPDX-License-Identifier: GPL-2.0-only
#include "top/model.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "path/hop.h"
#include "render/place.h"

#define SECOND 1000000000ULL /* ns; as old may a row's path be while others come */

int model_open(struct model *model, unsigned int by)
{
	*model = (struct model){
		.by = by,
		.of_classes = calloc(CLASSES_MAX, sizeof(*model->of_classes)),
	};
	if (model->of_classes && !classes_open(&model->classes, by) &&
	    !ledger_open(&model->drops) && !ledger_open(&model->devices))
		return 0;
	model_close(model);
	return -ENOMEM;
}

void model_close(struct model *model)
{
	for (size_t i = 0; model->of_classes && i < CLASSES_MAX; i++)
		sample_drop(model->of_classes[i].sample);
	for (size_t i = 0; i < HIST_ROWS; i++)
		sample_drop(model->slowest[i]);
	for (size_t i = 0; i < MODEL_LATEST; i++)
		sample_drop(model->latest[i]);
	free(model->of_classes);
	model->of_classes = NULL;
	classes_close(&model->classes);
	ledger_close(&model->drops);
	ledger_close(&model->devices);
	hist_close(&model->stages);
}

/* ---- a path, and the rows that it belongs to */

/* What is counted now: it is copied once, and only if a row wants it. */
struct counted {
	const struct path *path;
	struct samples *samples;
	struct sample *sample; /* NULL: nobody has wanted it, or it cannot be had */
	uint64_t time;	       /* ns, of its last step */
};

static struct sample *counted_sample(struct counted *counted)
{
	if (!counted->sample)
		counted->sample = sample_new(counted->samples, counted->path);
	return counted->sample;
}

/* A row keeps the first path, and from then on one of each second. */
static void counted_keep(struct counted *counted, struct sample **sample,
			 uint64_t *sampled)
{
	if (*sample && counted->time - *sampled < SECOND)
		return;
	if (!counted_sample(counted))
		return;
	sample_set(sample, counted->sample);
	*sampled = counted->time;
}

static void model_class(struct model *model, struct counted *counted)
{
	struct model_class *class;

	if (classes_add(&model->classes, counted->path))
		model->unkept++;
	if (model->classes.added == CLASSES_MAX)
		return;
	class = &model->of_classes[model->classes.added];
	counted_keep(counted, &class->sample, &class->sampled);
}

static const char *drop_reason(const struct path *path, char number[32])
{
	if (path->reason)
		return path->reason;
	if (!path->reason_value)
		return "no reason";
	snprintf(number, 32, "reason %" PRIu32, path->reason_value);
	return number;
}

static void model_drop(struct model *model, struct counted *counted)
{
	static const struct step nowhere;
	const struct path *path = counted->path;
	const struct step *step = path->count ? &path->steps[path->end_step] : &nowhere;
	char reason[32], netns[PLACE_NAME], device[PLACE_NAME];
	const char *names[LEDGER_NAMES] = {
		[DROP_REASON] = drop_reason(path, reason),
		[DROP_WHERE] = path_where(path),
		[DROP_NETNS] = place_netns(netns, step),
		[DROP_DEVICE] = place_device(device, step),
	};
	struct ledger_row *row = ledger_row(&model->drops, names);

	row->counts[0]++;
	row->note = path_explanation(path);
	counted_keep(counted, &row->sample, &row->sampled);
}

static void model_device(struct model *model, struct counted *counted,
			 const struct step *step, size_t count)
{
	char netns[PLACE_NAME], device[PLACE_NAME];
	const char *names[LEDGER_NAMES] = { "", "", "", "" };
	struct ledger_row *row;

	names[DEVICE_NETNS] = place_netns(netns, step);
	names[DEVICE_NAME] = place_device(device, step);
	row = ledger_row(&model->devices, names);
	row->counts[count]++;
	counted_keep(counted, &row->sample, &row->sampled);
}

static void model_devices(struct model *model, struct counted *counted)
{
	const struct path *path = counted->path;
	const struct step *end = path->count ? &path->steps[path->end_step] : NULL;
	struct hop hop = { 0 };

	while (hop_next(path, &hop))
		model_device(model, counted, hop.step, hop.out ? DEVICE_OUT : DEVICE_IN);
	if (path->end == PATH_DROPPED && end && end->ifindex)
		model_device(model, counted, end, DEVICE_DROPS);
}

/* Which stages the path was slower in than all before. */
static void model_stages(struct model *model, struct counted *counted)
{
	struct hist *stages = &model->stages;
	uint64_t before[HIST_ROWS];

	for (size_t i = 0; i < HIST_ROWS; i++)
		before[i] = stages->rows[i].time.max;
	if (hist_add(stages, counted->path))
		model->unkept++;
	for (size_t i = 0; i < stages->count; i++) {
		if (stages->rows[i].time.max > before[i] && counted_sample(counted))
			sample_set(&model->slowest[i], counted->sample);
	}
}

/* In a flood only some of each second: copies cost more than counting. */
static void model_latest(struct model *model, struct counted *counted)
{
	struct sample **place = &model->latest[model->latest_at];

	if (counted->time - model->latest_since >= SECOND) {
		model->latest_since = counted->time;
		model->latest_room = MODEL_LATEST;
	}
	if (!model->latest_room || !counted_sample(counted))
		return;
	sample_set(place, counted->sample);
	model->latest_room--;
	model->latest_at = (model->latest_at + 1) % MODEL_LATEST;
}

void model_path(struct model *model, const struct path *path)
{
	struct counted counted = {
		.path = path,
		.samples = &model->samples,
		.time = path->count ? path->steps[path->count - 1].time : 0,
	};

	model->paths++;
	model->packets += relation_is_packet(path->lineage.relation);
	model->ends[path->end]++;
	model->incomplete += !path->complete;
	if (!model->of_classes) {
		model->unkept++;
		return;
	}
	model_class(model, &counted);
	if (path->end == PATH_DROPPED)
		model_drop(model, &counted);
	model_devices(model, &counted);
	model_stages(model, &counted);
	model_latest(model, &counted);
	sample_drop(counted.sample);
}

/* ---- all of them */

void model_account(struct model *model, const uint64_t account[ACCOUNT_SIZE])
{
	memcpy(model->account, account, sizeof(model->account));
}

void model_read(struct model *model, double seconds)
{
	pace_read(&model->pace, model->paths, seconds);
	for (size_t i = 0; i < model->classes.count; i++)
		pace_read(&model->of_classes[i].pace, model->classes.list[i].time.count,
			  seconds);
	ledger_read(&model->drops, seconds);
	ledger_read(&model->devices, seconds);
}

int model_zero(struct model *model)
{
	struct model before = *model;
	int err;

	model_close(model);
	before.samples = model->samples; /* those that others still use */
	err = model_open(model, before.by);
	model->samples = before.samples;
	memcpy(model->account, before.account, sizeof(model->account));
	memcpy(model->account_zero, before.account, sizeof(model->account_zero));
	return err;
}

uint64_t model_counter(const struct model *model, enum account counter)
{
	return model->account[counter] - model->account_zero[counter];
}

uint64_t model_lost(const struct model *model)
{
	uint64_t lost = model->unkept;

	for (enum account i = ACCOUNT_RING_FULL; i < ACCOUNT_SIZE; i++)
		lost += model_counter(model, i);
	return lost;
}
