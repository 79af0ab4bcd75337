// SPDX-License-Identifier: GPL-2.0-only
#include "top/views.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "render/words.h"
#include "top/model.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static double percent(uint64_t part, uint64_t whole)
{
	return whole ? 100.0 * (double)part / (double)whole : 0;
}

/* What is shown of a path in one line. */
static void row_packet(struct sheet *sheet, struct sheet_row *row, size_t i)
{
	char text[WORDS_SIZE] = "";

	if (row->sample)
		flow_print(&row->sample->path.flow, text, sizeof(text));
	sheet_text(sheet, row, i, text);
}

static enum grid_style end_style(enum path_end end)
{
	static const enum grid_style styles[PATH_ENDS] = {
		[PATH_DROPPED] = GRID_BAD,
		[PATH_LOST] = GRID_DOUBT,
		[PATH_OPEN] = GRID_DOUBT,
	};

	return styles[end];
}

/* "dropped in ip_rcv_core: OTHERHOST" */
static void end_words(char *text, size_t size, enum path_end end, const char *where,
		      const char *reason)
{
	snprintf(text, size, "%s%s%s%s%s", path_end_name(end), where ? " in " : "",
		 where ?: "", reason ? ": " : "", reason ?: "");
}

/* ---- classes */

enum {
	CLASS_PATHS,
	CLASS_SHARE,
	CLASS_RATE,
	CLASS_P50,
	CLASS_P99,
	CLASS_MAX,
	CLASS_STEPS,
	CLASS_END,
	CLASS_COSTLIEST,
	CLASS_PACKET,
};

static const struct sheet_column class_columns[] = {
	[CLASS_PATHS] = { "paths", SHEET_COUNT, 0 },
	[CLASS_SHARE] = { "%", SHEET_SHARE, 5 },
	[CLASS_RATE] = { "/s", SHEET_RATE, 2 },
	[CLASS_P50] = { "p50", SHEET_TIME, 4 },
	[CLASS_P99] = { "p99", SHEET_TIME, 3 },
	[CLASS_MAX] = { "max", SHEET_TIME, 7 },
	[CLASS_STEPS] = { "steps", SHEET_COUNT, 9 },
	[CLASS_END] = { "end", SHEET_TEXT, 0 },
	[CLASS_COSTLIEST] = { "most time in", SHEET_TEXT, 6 },
	[CLASS_PACKET] = { "a packet of it", SHEET_TEXT, 8 },
};
static_assert(COUNT(class_columns) <= SHEET_COLUMNS, "a cell per column");

static void class_costliest_text(struct sheet *sheet, struct sheet_row *row,
				 const struct class *class)
{
	const struct class_step *step = class_costliest(class);
	char text[WORDS_SIZE] = "";

	if (step)
		snprintf(text, sizeof(text), "%.0f %% %s",
			 percent(step->time.sum, class->time.sum), step->step.func);
	sheet_text(sheet, row, CLASS_COSTLIEST, text);
}

static void class_texts(struct sheet *sheet, struct sheet_row *row,
			const struct class *class)
{
	char end[WORDS_SIZE], note[2 * WORDS_SIZE];

	end_words(end, sizeof(end), class->end, class->where, class->reason);
	sheet_text(sheet, row, CLASS_END, end);
	row_packet(sheet, row, CLASS_PACKET);
	class_costliest_text(sheet, row, class);
	snprintf(note, sizeof(note), "%s%s", class->outcome,
		 class->incomplete ? "; some may have a hole" : "");
	row->note = strdup(note); /* is escaped */
}

static void class_row(struct sheet *sheet, const struct model *model, size_t i)
{
	const struct class *class = &model->classes.list[i];
	const struct model_class *of_class = &model->of_classes[i];
	struct sheet_row *row = sheet_add(sheet, i + 1, of_class->sample);

	if (!row)
		return;
	row->style = end_style(class->end);
	row->cells[CLASS_PATHS].number = (double)class->time.count;
	row->cells[CLASS_SHARE].number = percent(class->time.count, model->paths);
	row->cells[CLASS_RATE].number = of_class->pace.rate;
	row->cells[CLASS_P50].number = (double)sketch_quantile(&class->time, 500);
	row->cells[CLASS_P99].number = (double)sketch_quantile(&class->time, 990);
	row->cells[CLASS_MAX].number = (double)class->time.max;
	row->cells[CLASS_STEPS].number = (double)class->count;
	class_texts(sheet, row, class);
}

static void classes_fill(struct sheet *sheet, const struct model *model)
{
	uint64_t left_out = model->classes.left_out;
	struct sheet_row *row;

	for (size_t i = 0; i < model->classes.count; i++)
		class_row(sheet, model, i);
	row = left_out ? sheet_add(sheet, SHEET_OTHERS, NULL) : NULL;
	if (!row)
		return;
	row->cells[CLASS_PATHS].number = (double)left_out;
	row->cells[CLASS_SHARE].number = percent(left_out, model->paths);
	sheet_text(sheet, row, CLASS_END, "others: there is no room for more classes");
}

/* ---- drops by place */

enum {
	DROPS_COUNT,
	DROPS_SHARE,
	DROPS_RATE,
	DROPS_REASON,
	DROPS_WHERE,
	DROPS_DEVICE,
	DROPS_NETNS,
	DROPS_PACKET
};

static const struct sheet_column drop_columns[] = {
	[DROPS_COUNT] = { "drops", SHEET_COUNT, 0 },
	[DROPS_SHARE] = { "%", SHEET_SHARE, 6 },
	[DROPS_RATE] = { "/s", SHEET_RATE, 3 },
	[DROPS_REASON] = { "reason", SHEET_TEXT, 0 },
	[DROPS_WHERE] = { "in", SHEET_TEXT, 1 },
	[DROPS_DEVICE] = { "device", SHEET_TEXT, 2 },
	[DROPS_NETNS] = { "namespace", SHEET_TEXT, 4 },
	[DROPS_PACKET] = { "a packet of it", SHEET_TEXT, 5 },
};
static_assert(COUNT(drop_columns) <= SHEET_COLUMNS, "a cell per column");

static void drop_row(struct sheet *sheet, const struct model *model, uint64_t id,
		     const struct ledger_row *drop)
{
	struct sheet_row *row = sheet_add(sheet, id, drop->sample);

	if (!row)
		return;
	row->style = GRID_BAD;
	row->cells[DROPS_COUNT].number = (double)drop->counts[0];
	row->cells[DROPS_SHARE].number = percent(drop->counts[0],
						 model->ends[PATH_DROPPED]);
	row->cells[DROPS_RATE].number = drop->pace.rate;
	sheet_text(sheet, row, DROPS_REASON, drop->names[DROP_REASON] ?: "others");
	sheet_text(sheet, row, DROPS_WHERE, drop->names[DROP_WHERE] ?: "");
	sheet_text(sheet, row, DROPS_DEVICE, drop->names[DROP_DEVICE] ?: "");
	sheet_text(sheet, row, DROPS_NETNS, drop->names[DROP_NETNS] ?: "");
	row_packet(sheet, row, DROPS_PACKET);
	if (drop->note)
		sheet_note(sheet, row, drop->note);
}

static void drops_fill(struct sheet *sheet, const struct model *model)
{
	for (size_t i = 0; i < model->drops.count; i++)
		drop_row(sheet, model, i + 1, &model->drops.rows[i]);
	if (ledger_sum(&model->drops.other))
		drop_row(sheet, model, SHEET_OTHERS, &model->drops.other);
}

/* ---- slowest stages */

enum {
	STAGE_PATHS,
	STAGE_SHARE,
	STAGE_P50,
	STAGE_P90,
	STAGE_P99,
	STAGE_MAX,
	STAGE_NAME,
	STAGE_PACKET
};

static const struct sheet_column stage_columns[] = {
	[STAGE_PATHS] = { "paths", SHEET_COUNT, 4 },
	[STAGE_SHARE] = { "time%", SHEET_SHARE, 1 },
	[STAGE_P50] = { "p50", SHEET_TIME, 3 },
	[STAGE_P90] = { "p90", SHEET_TIME, 6 },
	[STAGE_P99] = { "p99", SHEET_TIME, 0 },
	[STAGE_MAX] = { "max", SHEET_TIME, 2 },
	[STAGE_NAME] = { "stage", SHEET_TEXT, 0 },
	[STAGE_PACKET] = { "the slowest there", SHEET_TEXT, 5 },
};

static void stages_fill(struct sheet *sheet, const struct model *model)
{
	const struct hist *stages = &model->stages;
	uint64_t all = 0;

	for (size_t i = 0; i < stages->count; i++)
		all += stages->rows[i].time.sum;
	for (size_t i = 0; i < stages->count; i++) {
		const struct sketch *time = &stages->rows[i].time;
		struct sheet_row *row = sheet_add(sheet, i + 1, model->slowest[i]);

		if (!row)
			return;
		row->cells[STAGE_PATHS].number = (double)time->count;
		row->cells[STAGE_SHARE].number = percent(time->sum, all);
		row->cells[STAGE_P50].number = (double)sketch_quantile(time, 500);
		row->cells[STAGE_P90].number = (double)sketch_quantile(time, 900);
		row->cells[STAGE_P99].number = (double)sketch_quantile(time, 990);
		row->cells[STAGE_MAX].number = (double)time->max;
		sheet_text(sheet, row, STAGE_NAME, stages->rows[i].name);
		row_packet(sheet, row, STAGE_PACKET);
	}
}

/* ---- devices */

enum {
	DEVICES_IN,
	DEVICES_OUT,
	DEVICES_DROPS,
	DEVICES_RATE,
	DEVICES_NAME,
	DEVICES_NETNS,
	DEVICES_PACKET
};

static const struct sheet_column device_columns[] = {
	[DEVICES_IN] = { "in", SHEET_COUNT, 0 },
	[DEVICES_OUT] = { "out", SHEET_COUNT, 1 },
	[DEVICES_DROPS] = { "drops", SHEET_COUNT, 2 },
	[DEVICES_RATE] = { "/s", SHEET_RATE, 4 },
	[DEVICES_NAME] = { "device", SHEET_TEXT, 0 },
	[DEVICES_NETNS] = { "namespace", SHEET_TEXT, 3 },
	[DEVICES_PACKET] = { "a packet of it", SHEET_TEXT, 5 },
};

static void device_row(struct sheet *sheet, uint64_t id, const struct ledger_row *device)
{
	struct sheet_row *row = sheet_add(sheet, id, device->sample);

	if (!row)
		return;
	row->style = device->counts[DEVICE_DROPS] ? GRID_BAD : GRID_PLAIN;
	row->cells[DEVICES_IN].number = (double)device->counts[DEVICE_IN];
	row->cells[DEVICES_OUT].number = (double)device->counts[DEVICE_OUT];
	row->cells[DEVICES_DROPS].number = (double)device->counts[DEVICE_DROPS];
	row->cells[DEVICES_RATE].number = device->pace.rate;
	sheet_text(sheet, row, DEVICES_NAME, device->names[DEVICE_NAME] ?: "others");
	sheet_text(sheet, row, DEVICES_NETNS, device->names[DEVICE_NETNS] ?: "");
	row_packet(sheet, row, DEVICES_PACKET);
}

static void devices_fill(struct sheet *sheet, const struct model *model)
{
	for (size_t i = 0; i < model->devices.count; i++)
		device_row(sheet, i + 1, &model->devices.rows[i]);
	if (ledger_sum(&model->devices.other))
		device_row(sheet, SHEET_OTHERS, &model->devices.other);
}

/* ---- losses */

enum { LOSS_COUNT, LOSS_WHAT };

static const struct sheet_column loss_columns[] = {
	[LOSS_COUNT] = { "count", SHEET_COUNT, 0 },
	[LOSS_WHAT] = { "what was lost", SHEET_TEXT, 0 },
};

static const struct {
	const char *what, *note; /* NULL: no loss */
} account_losses[] = {
	[ACCOUNT_PACKETS] = { NULL, NULL },
	[ACCOUNT_STEPS] = { NULL, NULL },
	[ACCOUNT_RING_FULL] = { "steps lost",
				"the ring buffer was full: a larger --buffer may help" },
	[ACCOUNT_REFUSED] = { "packets not followed", "the ring buffer was too full: a "
						      "larger --buffer may help" },
	[ACCOUNT_TABLE_FULL] = { "times a packet was not followed",
				 "the table of followed packets was full: a larger "
				 "--follow may help" },
	[ACCOUNT_NESTED] = { "times a packet was not tested",
			     "interrupts were nested too deep" },
	[ACCOUNT_RETURNS] = { "times it was not seen what a function returned",
			      "too many calls at once" },
	[ACCOUNT_BLIND] = { "steps while the kernel skipped kprobes",
			    "in the middle of other programs" },
};
static_assert(COUNT(account_losses) == ACCOUNT_SIZE, "words for each counter");

static void loss_row(struct sheet *sheet, uint64_t count, const char *what,
		     const char *note)
{
	struct sheet_row *row = sheet_add(sheet, sheet->count + 1, NULL);

	if (!row)
		return;
	row->style = count ? GRID_DOUBT : GRID_DIM;
	row->cells[LOSS_COUNT].number = (double)count;
	sheet_text(sheet, row, LOSS_WHAT, what);
	if (count)
		sheet_note(sheet, row, note);
}

static void losses_fill(struct sheet *sheet, const struct model *model)
{
	for (enum account i = 0; i < ACCOUNT_SIZE; i++) {
		if (account_losses[i].what)
			loss_row(sheet, model_counter(model, i), account_losses[i].what,
				 account_losses[i].note);
	}
	loss_row(sheet, model->incomplete, "paths that may have a hole",
		 "the text of such a packet says why");
	loss_row(sheet, model->ends[PATH_LOST], "paths lost from sight",
		 "it was not seen how the packet ended");
	loss_row(sheet, model->classes.left_out, "paths in no class",
		 "there were too many classes: z begins anew");
	loss_row(sheet, model->unkept, "paths left out of a view",
		 "there was not enough memory");
}

/* ---- the latest packets */

enum { PACKET_ID, PACKET_TIME, PACKET_STEPS, PACKET_END, PACKET_WHAT };

static const struct sheet_column packet_columns[] = {
	[PACKET_ID] = { "number", SHEET_COUNT, 0 },
	[PACKET_TIME] = { "took", SHEET_TIME, 1 },
	[PACKET_STEPS] = { "steps", SHEET_COUNT, 3 },
	[PACKET_END] = { "end", SHEET_TEXT, 0 },
	[PACKET_WHAT] = { "packet", SHEET_TEXT, 2 },
};

static void packet_row(struct sheet *sheet, struct sample *sample)
{
	const struct path *path = &sample->path;
	struct sheet_row *row = sheet_add(sheet, path->id, sample);
	char text[WORDS_SIZE];

	if (!row)
		return;
	row->style = end_style(path->end);
	row->cells[PACKET_ID].number = (double)path->id;
	row->cells[PACKET_TIME].number = (double)path_duration(path);
	row->cells[PACKET_STEPS].number = (double)(path->count + path->skipped);
	end_words(text, sizeof(text), path->end, path->where, path->reason);
	sheet_text(sheet, row, PACKET_END, text);
	row_packet(sheet, row, PACKET_WHAT);
	words_end(text, sizeof(text), path);
	row->note = strdup(text); /* is escaped */
}

static void packets_fill(struct sheet *sheet, const struct model *model)
{
	for (size_t i = 0; i < MODEL_LATEST; i++) {
		if (model->latest[i])
			packet_row(sheet, model->latest[i]);
	}
}

/* ---- all of them */

#define COLUMNS(list) .columns = list, .column_count = COUNT(list)

const struct views_view views[VIEWS] = {
	[VIEWS_CLASSES] = { "classes", "no packet has come to its end yet",
			    COLUMNS(class_columns), CLASS_PATHS, classes_fill },
	[VIEWS_DROPS] = { "drops", "no packet was dropped", COLUMNS(drop_columns),
			  DROPS_COUNT, drops_fill },
	[VIEWS_STAGES] = { "stages", "no packet has come to its end yet",
			   COLUMNS(stage_columns), STAGE_P99, stages_fill },
	[VIEWS_DEVICES] = { "devices", "no packet was seen on a device",
			    COLUMNS(device_columns), DEVICES_IN, devices_fill },
	[VIEWS_LOSSES] = { "losses", "nothing", COLUMNS(loss_columns), LOSS_COUNT,
			   losses_fill },
	[VIEWS_PACKETS] = { "packets", "no packet has come to its end yet",
			    COLUMNS(packet_columns), PACKET_ID, packets_fill },
};

void views_fill(struct sheet *sheet, enum views_id id, const struct model *model)
{
	sheet_clear(sheet);
	sheet->columns = views[id].columns;
	sheet->column_count = views[id].column_count;
	views[id].fill(sheet, model);
}
