// SPDX-License-Identifier: GPL-2.0-only
/* What 'bpfpath top' counts, what its keys do, and that any screen will do. */
#include <locale.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"
#include "top/control.h"
#include "top/grid.h"
#include "top/layout.h"
#include "top/model.h"

/* ---- paths */

struct way {
	const char *func, *dev, *reason;
	enum path_end end;
	uint16_t port;
	uint64_t ns; /* from the first step to the last */
};

static void count_way(struct model *model, const struct way *way)
{
	static uint64_t id;
	struct step steps[] = {
		{ .func = "netif_receive_skb", .stage = "receive", .netns = 1 },
		{ .func = way->func, .stage = "ip", .netns = 1 },
	};
	struct path path = {
		.id = ++id,
		.steps = steps,
		.count = 2,
		.flow = { .proto = "udp", .ports = true, .dport = way->port },
		.end = way->end,
		.end_step = 1,
		.reason = way->reason,
		.complete = true,
	};

	for (size_t i = 0; i < 2; i++) {
		snprintf(steps[i].dev, sizeof(steps[i].dev), "%s", way->dev);
		steps[i].ifindex = 7;
		steps[i].time = id * 1000000 + i * way->ns;
	}
	path.where = way->func;
	model_path(model, &path);
}

/* Three are consumed and two dropped, for the same reason in two places. */
static void count_some(struct model *model)
{
	const struct way consumed = { "udp_rcv", "eth0", NULL, PATH_CONSUMED, 1, 1000 };
	const struct way here = { "ip_rcv", "eth0", "OTHERHOST", PATH_DROPPED, 2, 9000 };
	const struct way there = { "ip_rcv", "eth1", "OTHERHOST", PATH_DROPPED, 2, 1 };

	for (size_t i = 0; i < 3; i++)
		count_way(model, &consumed);
	count_way(model, &here);
	count_way(model, &there);
}

struct fixture {
	struct model model;
	struct control control;
	struct grid grid;
};

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	const struct control_options options = {
		.model = &fixture->model,
		.what = "udp",
		.live = true,
	};

	assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
	assert_int_equal(model_open(&fixture->model, CLASSES_BY_END), 0);
	control_open(&fixture->control, &options);
	control_resize(&fixture->control, 120, 20);
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	control_close(&fixture->control);
	model_close(&fixture->model);
	assert_int_equal(fixture->model.samples.steps, 0);
	grid_free(&fixture->grid);
	free(fixture);
	return 0;
}

#define FIXTURE                                                                          \
	struct fixture *fixture = *state;                                                \
	struct model *model = &fixture->model;                                           \
	struct control *control = &fixture->control

/* The screen as text; to be freed. */
static char *screen(struct fixture *fixture)
{
	struct control *control = &fixture->control;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(grid_resize(&fixture->grid, control->width, control->height), 0);
	layout_draw(control, &fixture->grid);
	grid_print(&fixture->grid, out);
	fclose(out);
	return text;
}

static void expect_screen(struct fixture *fixture, const char *words, bool there)
{
	char *text = screen(fixture);

	if (!strstr(text, words) == there)
		fail_msg("'%s' is %sthere:\n%s", words, there ? "not " : "", text);
	free(text);
}

static void press(struct control *control, const char *letters)
{
	while (*letters)
		control_key(control, (uint32_t)*letters++);
}

/* ---- the model */

static void counts_by_place(void **state)
{
	FIXTURE;
	const struct ledger_row *drop;

	count_some(model);
	assert_int_equal(model->paths, 5);
	assert_int_equal(model->packets, 5);
	assert_int_equal(model->ends[PATH_DROPPED], 2);
	assert_int_equal(model->classes.count, 2); /* by end: places do not count */
	assert_int_equal(model->drops.count, 2);
	drop = &model->drops.rows[1];
	assert_string_equal(drop->names[DROP_REASON], "OTHERHOST");
	assert_string_equal(drop->names[DROP_WHERE], "ip_rcv");
	assert_string_equal(drop->names[DROP_DEVICE], "eth1");
	assert_int_equal(drop->counts[0], 1);
	assert_non_null(drop->sample);
	assert_non_null(drop->note);
	assert_int_equal(model->devices.count, 2);
	control_refresh(control, 0);
	expect_screen(fixture, "2 dropped", true);
}

static void rates_are_of_the_last_second(void **state)
{
	FIXTURE;

	count_some(model);
	model_read(model, 2);
	assert_float_equal(model->pace.rate, 2.5, 0.001);
	assert_float_equal(model->drops.rows[0].pace.rate, 0.5, 0.001);
	model_read(model, 1);
	assert_float_equal(model->pace.rate, 0, 0.001);
	assert_float_equal(model->of_classes[0].pace.rate, 0, 0.001);
	assert_int_equal(control->quit, false);
}

/* The path of a stage is its slowest. */
static void keeps_the_slowest(void **state)
{
	FIXTURE;

	count_some(model);
	assert_int_equal(model->stages.count, 1);
	assert_int_equal(path_duration(&model->slowest[0]->path), 9000);
	assert_int_equal(control->view, VIEWS_CLASSES);
}

static void losses_are_counted_from_zero(void **state)
{
	FIXTURE;
	uint64_t account[ACCOUNT_SIZE] = { [ACCOUNT_PACKETS] = 100, [ACCOUNT_STEPS] = 9 };

	model_account(model, account);
	assert_int_equal(model_lost(model), 0);
	account[ACCOUNT_REFUSED] = 3;
	account[ACCOUNT_RING_FULL] = 4;
	model_account(model, account);
	assert_int_equal(model_lost(model), 7);
	control_refresh(control, 0);
	expect_screen(fixture, "7 LOST", true);
	press(control, "z");
	assert_int_equal(model_lost(model), 0);
	account[ACCOUNT_REFUSED] = 5;
	model_account(model, account);
	assert_int_equal(model_counter(model, ACCOUNT_REFUSED), 2);
}

/* Each path is another class, drop and device: memory comes to an end, counts do not. */
static void memory_has_an_end(void **state)
{
	FIXTURE;
	const size_t paths = 60000;
	char func[16], dev[16];
	struct way way = { func, dev, "NO_SOCKET", PATH_DROPPED, 0, 1000 };
	size_t before = 0;

	for (size_t i = 0; i < paths; i++) {
		snprintf(func, sizeof(func), "f%zu", i);
		snprintf(dev, sizeof(dev), "d%zu", i);
		count_way(model, &way);
		if (i == paths / 2)
			before = mallinfo2().uordblks;
	}
	assert_int_equal(model->drops.count, LEDGER_ROWS);
	assert_int_equal(ledger_sum(&model->drops.other), paths - LEDGER_ROWS);
	assert_int_equal(model->classes.left_out, paths - CLASSES_MAX);
	assert_true(model->samples.steps <= SAMPLES_STEPS);
	assert_true(mallinfo2().uordblks <= before + 65536);
	control_refresh(control, 0);
	press(control, "2");
	expect_screen(fixture, "513 rows", true);
	control_key(control, CONTROL_END);
	assert_int_equal(control_selected(control)->id, SHEET_OTHERS);
	expect_screen(fixture, "others", true);
}

/* No path that is too long is copied, and that is said. */
static void long_paths_are_not_kept(void **state)
{
	FIXTURE;
	struct path path = { .id = 1, .end = PATH_CONSUMED, .flow.proto = "udp" };
	struct step step = { .func = "f", .stage = "ip" };

	path.count = SAMPLES_STEPS + 1;
	path.steps = calloc(path.count, sizeof(*path.steps));
	assert_non_null(path.steps);
	for (size_t i = 0; i < path.count; i++)
		path.steps[i] = step;
	model_path(model, &path);
	assert_int_equal(model->samples.steps, 0);
	control_refresh(control, 0);
	control_key(control, CONTROL_ENTER);
	expect_screen(fixture, "no packet of it was kept", true);
	free(path.steps);
}

/* ---- keys */

static void views_are_chosen(void **state)
{
	FIXTURE;

	press(control, "3");
	assert_int_equal(control->view, VIEWS_STAGES);
	control_key(control, CONTROL_TAB);
	assert_int_equal(control->view, VIEWS_DEVICES);
	control_key(control, CONTROL_LEFT);
	assert_int_equal(control->view, VIEWS_STAGES);
	press(control, "1");
	control_key(control, CONTROL_BACKTAB);
	assert_int_equal(control->view, VIEWS_PACKETS);
	control_key(control, CONTROL_RIGHT);
	assert_int_equal(control->view, VIEWS_CLASSES);
	press(control, "7");
	assert_int_equal(control->view, VIEWS_CLASSES);
	count_some(model);
}

static void frozen_is_frozen(void **state)
{
	FIXTURE;

	count_some(model);
	control_refresh(control, 1);
	press(control, "f");
	count_some(model);
	control_refresh(control, 2);
	for (size_t i = 0; i < VIEWS; i++) {
		expect_screen(fixture, "FROZEN", true);
		expect_screen(fixture, "5 packets", true);
		control_key(control, CONTROL_TAB);
	}
	press(control, "f");
	expect_screen(fixture, "10 packets", true);
	expect_screen(fixture, "FROZEN", false);
}

/* What is frozen can be looked at when the model has begun anew. */
static void a_path_outlives_its_row(void **state)
{
	FIXTURE;

	count_some(model);
	control_refresh(control, 1);
	press(control, "f2");
	model_zero(model);
	control_key(control, CONTROL_ENTER);
	expect_screen(fixture, "dropped in ip_rcv: OTHERHOST", true);
	press(control, "qz");
	expect_screen(fixture, "no packet was dropped", true);
	assert_int_equal(control->frozen, false);
}

static void rows_are_filtered(void **state)
{
	FIXTURE;

	count_some(model);
	control_refresh(control, 1);
	press(control, "2/ETH1");
	expect_screen(fixture, "rows with: ETH1_", true);
	expect_screen(fixture, "1 row, by drops", true);
	control_key(control, CONTROL_BACKSPACE);
	expect_screen(fixture, "2 rows, by drops", true);
	control_key(control, CONTROL_ENTER);
	expect_screen(fixture, "2 of 2 rows, with 'ETH'", true);
	press(control, "/q"); /* is a letter here */
	expect_screen(fixture, "no row has the text", true);
	control_key(control, CONTROL_ESCAPE);
	expect_screen(fixture, "2 of 2 rows, with 'ETH'", true);
	control_key(control, CONTROL_ESCAPE);
	expect_screen(fixture, "2 rows, by drops", true);
	assert_int_equal(control->quit, false);
}

static void a_filter_has_an_end(void **state)
{
	FIXTURE;

	press(control, "/");
	for (size_t i = 0; i < 100; i++)
		control_key(control, 0xe9);
	control_key(control, CONTROL_UP);
	control_key(control, 1);
	assert_int_equal(strlen(control->filter), CONTROL_FILTER - 2);
	control_key(control, CONTROL_BACKSPACE);
	assert_int_equal(strlen(control->filter), CONTROL_FILTER - 4);
	control_key(control, 'U' - '@');
	assert_string_equal(control->filter, "");
	assert_int_equal(model->paths, 0);
}

/* The selection stays with its row, wherever that goes. */
static void selection_follows(void **state)
{
	FIXTURE;
	const struct way there = { "ip_rcv", "eth1", "OTHERHOST", PATH_DROPPED, 2, 1 };
	uint64_t id;

	count_some(model);
	control_refresh(control, 1);
	press(control, "2j");
	id = control_selected(control)->id;
	assert_int_equal(control->places[VIEWS_DROPS].at, 1);
	count_way(model, &there);
	control_refresh(control, 2);
	assert_int_equal(control->places[VIEWS_DROPS].at, 0);
	assert_int_equal(control_selected(control)->id, id);
	press(control, "r");
	assert_int_equal(control->places[VIEWS_DROPS].at, 1);
	assert_int_equal(control_selected(control)->id, id);
	press(control, "g");
	assert_int_equal(control->places[VIEWS_DROPS].at, 0);
	press(control, "kkk");
	assert_int_equal(control->places[VIEWS_DROPS].at, 0);
	press(control, "Gj");
	assert_int_equal(control->places[VIEWS_DROPS].at, 1);
}

static void every_column_sorts(void **state)
{
	FIXTURE;

	count_some(model);
	control_refresh(control, 1);
	for (size_t i = 0; i < VIEWS; i++) {
		size_t first = control->places[i].sort;
		size_t presses = 0;

		press(control, (char[]){ (char)('1' + i), '\0' });
		do
			press(control, "s");
		while (++presses < 20 && control->places[i].sort != first);
		assert_int_equal(presses, views[i].column_count);
		press(control, "S");
		press(control, "s");
		assert_int_equal(control->places[i].sort, first);
	}
}

static void without_rows_nothing_happens(void **state)
{
	FIXTURE;
	static const uint32_t all[] = {
		CONTROL_UP,
		CONTROL_DOWN,
		CONTROL_PAGE_UP,
		CONTROL_PAGE_DOWN,
		CONTROL_HOME,
		CONTROL_END,
		CONTROL_ENTER,
		's',
		'S',
		'r',
		'f',
		'f',
		0,
		CONTROL_ESCAPE,
		0x10ffff,
		'z',
	};

	for (size_t view = 0; view < VIEWS; view++) {
		for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
			control_key(control, all[i]);
		control_key(control, CONTROL_TAB);
	}
	press(control, "q");
	assert_true(control->quit);
	assert_int_equal(model->paths, 0);
}

static void text_scrolls(void **state)
{
	FIXTURE;

	control_resize(control, 60, 8);
	press(control, "?");
	expect_screen(fixture, "Counted are paths", true);
	expect_screen(fixture, "line 1-7 of", true);
	control_key(control, CONTROL_DOWN);
	expect_screen(fixture, "Counted are paths", false);
	control_key(control, CONTROL_END);
	expect_screen(fixture, "is its slowest", true);
	control_key(control, CONTROL_HOME);
	control_key(control, CONTROL_RIGHT);
	expect_screen(fixture, "are paths of", true);
	expect_screen(fixture, "Counted", false);
	control_resize(control, 60, 100);
	expect_screen(fixture, "is its slowest", true);
	press(control, "q");
	assert_false(control->quit);
	expect_screen(fixture, "[classes]", true);
	assert_int_equal(model->paths, 0);
}

/* ---- any screen will do */

/* What is in the cells is what a terminal of that size can show. */
static void expect_clean(const struct grid *grid)
{
	for (int i = 0; i < grid->width * grid->height; i++) {
		wchar_t character = grid->cells[i].character;

		if (!character) {
			assert_true(i % grid->width > 0);
			assert_int_equal(wcwidth(grid->cells[i - 1].character), 2);
			continue;
		}
		assert_in_range(wcwidth(character), 1, 2);
		if (wcwidth(character) == 2)
			assert_true(i % grid->width + 1 < grid->width &&
				    !grid->cells[i + 1].character);
		assert_in_range(grid->cells[i].style & ~GRID_REVERSE, 0, GRID_STYLES - 1);
	}
}

static void draw_everything(struct fixture *fixture)
{
	struct control *control = &fixture->control;

	for (size_t i = 0; i < VIEWS; i++) {
		free(screen(fixture));
		expect_clean(&fixture->grid);
		control_key(control, CONTROL_TAB);
	}
	control_key(control, CONTROL_ENTER);
	free(screen(fixture));
	expect_clean(&fixture->grid);
	press(control, "q/e");
	free(screen(fixture));
	expect_clean(&fixture->grid);
	control_key(control, CONTROL_ESCAPE);
}

static void any_size_will_do(void **state)
{
	FIXTURE;
	const struct way wide = { "ip_rcv", "\xe6\xbc\xa2\xe5\xad\x97\033[2J",
				  NULL,	    PATH_DROPPED,
				  3,	    100 };

	count_some(model);
	count_way(model, &wide);
	control_refresh(control, 100000);
	for (int width = 0; width < 130; width += width < 40 ? 1 : 9) {
		for (int height = 0; height < 14; height++) {
			control_resize(control, width, height);
			draw_everything(fixture);
		}
	}
	control_resize(control, 100000, 100000);
	draw_everything(fixture);
	control_resize(control, -1, -1);
	draw_everything(fixture);
}

/* What stays on the terminal has no empty end, and no keys. */
static void a_picture_is_small(void **state)
{
	FIXTURE;

	count_some(model);
	control_refresh(control, 1);
	press(control, "2?f");
	control_picture(control);
	assert_true(control->height < 12);
	expect_screen(fixture, "bpfpath top: udp", true);
	expect_screen(fixture, "ended", true);
	expect_screen(fixture, "eth1", true);
	expect_screen(fixture, "the destination MAC address", true);
	expect_screen(fixture, "quit", false);
	control_resize(control, 10, 3);
	control_picture(control);
	assert_in_range(control->height, 2, 3);
}

/* The least that is asked for: what, and how often. */
static void ten_columns_say_something(void **state)
{
	FIXTURE;

	count_some(model);
	control_resize(control, 10, 3);
	control_refresh(control, 0);
	press(control, "2");
	expect_screen(fixture, "[drops]", true);
	expect_screen(fixture, ">1 OTHERHO", true);
	press(control, "/host");
	expect_screen(fixture, "with: host_", false);
	expect_screen(fixture, "host_", true);
}

/* ---- the grid */

static void expect_line(struct grid *grid, const char *text)
{
	char *line = NULL;
	size_t size;
	FILE *out = open_memstream(&line, &size);

	grid_print(grid, out);
	fclose(out);
	assert_string_equal(line, text);
	free(line);
}

static void wide_characters_are_not_cut_in_two(void **state)
{
	static const char han[] = "\xe6\xbc\xa2\xe5\xad\x97";
	struct grid grid = { 0 };

	assert_int_equal(grid_resize(&grid, 5, 1), 0);
	assert_int_equal(grid_columns(han), 4);
	assert_int_equal(grid_put(&grid, 0, 0, 3, han, GRID_PLAIN), 2);
	expect_line(&grid, "\xe6\xbc\xa2\n");
	assert_int_equal(grid_put(&grid, 0, 1, 9, "x", GRID_PLAIN), 1);
	expect_line(&grid, " x\n");
	assert_int_equal(grid_put(&grid, 0, 1, 9, han, GRID_PLAIN), 4);
	assert_int_equal(grid_put(&grid, 0, 2, 1, "y", GRID_PLAIN), 1);
	expect_line(&grid, "  y\xe5\xad\x97\n");
	expect_clean(&grid);
	grid_free(&grid);
}

static void what_has_no_width_is_a_question_mark(void **state)
{
	struct grid grid = { 0 };

	assert_int_equal(grid_resize(&grid, 40, 1), 0);
	grid_put(&grid, 0, 0, 40,
		 "a\033[2Jb\xff\xcc\x81\xe2\x80\x8b"
		 "c\t",
		 GRID_PLAIN);
	expect_line(&grid, "a?[2Jb???c?\n");
	assert_int_equal(grid_put(&grid, 1, 0, 9, "x", GRID_PLAIN), 0);
	assert_int_equal(grid_put(&grid, -1, 0, 9, "x", GRID_PLAIN), 0);
	assert_int_equal(grid_put(&grid, 0, 40, 9, "x", GRID_PLAIN), 0);
	assert_int_equal(grid_put(&grid, 0, 0, -3, "x", GRID_PLAIN), 0);
	grid_free(&grid);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(counts_by_place),
		TEST(rates_are_of_the_last_second),
		TEST(keeps_the_slowest),
		TEST(losses_are_counted_from_zero),
		TEST(memory_has_an_end),
		TEST(long_paths_are_not_kept),
		TEST(views_are_chosen),
		TEST(frozen_is_frozen),
		TEST(a_path_outlives_its_row),
		TEST(rows_are_filtered),
		TEST(a_filter_has_an_end),
		TEST(selection_follows),
		TEST(every_column_sorts),
		TEST(without_rows_nothing_happens),
		TEST(text_scrolls),
		TEST(any_size_will_do),
		TEST(a_picture_is_small),
		TEST(ten_columns_say_something),
		TEST(wide_characters_are_not_cut_in_two),
		TEST(what_has_no_width_is_a_question_mark),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
