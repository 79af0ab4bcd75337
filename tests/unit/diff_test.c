// SPDX-License-Identifier: GPL-2.0-only
#include <linux/icmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diff/diff.h"
#include "path/tracepoint_names.h"
#include "test.h"

#define STEPS 64
#define GOOD  DIFF_GOOD
#define BAD   DIFF_BAD

/*
 * A path by words, one for each step: "function=RESULT@device%cpu~field", of which all
 * but the function may be missing; device and processor stay until there is another.
 */
struct story {
	struct path path;
	struct step steps[STEPS];
	char text[2048];
};

static enum change_field field_named(const char *name)
{
	enum change_field field = 0;

	while (strcmp(change_name(field), name))
		field++;
	return field;
}

static struct changes *change_new(const char *name)
{
	struct changes *changes = calloc(1, sizeof(*changes) + sizeof(struct change));

	assert_non_null(changes);
	changes->count = 1;
	changes->list[0].field = field_named(name);
	return changes;
}

/* What stands behind @mark, which ends there; NULL: nothing. */
static char *word_part(char *word, char mark)
{
	char *part = strchr(word, mark);

	if (!part)
		return NULL;
	*part = '\0';
	return part + 1;
}

static void story_step(struct story *story, char *word)
{
	size_t i = story->path.count++;
	struct step *step = &story->steps[i], *before = i ? step - 1 : NULL;
	char *field = word_part(word, '~'), *cpu = word_part(word, '%');
	char *device = word_part(word, '@'), *result = word_part(word, '=');

	*step = (struct step){
		.func = word,
		.stage = stage_lookup(word).name,
		.role = stage_lookup(word).role,
		.kind = EVENT_FUNCTION,
		.time = 1000 * (i + 1),
		.netns = 1,
		.cpu = cpu	? (uint16_t)atoi(cpu)
		       : before ? before->cpu
				: 0,
		.changes = field ? change_new(field) : NULL,
		.returned = result != NULL,
		.result.word = result,
	};
	snprintf(step->dev, sizeof(step->dev), "%s",
		 device	  ? device
		 : before ? before->dev
			  : "eth0");
}

static void story_begin(struct story *story, const char *words, enum path_end end)
{
	static uint64_t id;
	char *word, *rest;

	*story = (struct story){ .path = { .id = ++id,
					   .end = end,
					   .complete = true,
					   .flow.proto = "udp",
					   .flow.family = AF_INET,
					   .steps = story->steps } };
	snprintf(story->text, sizeof(story->text), "%s", words);
	for (word = strtok_r(story->text, " ", &rest); word;
	     word = strtok_r(NULL, " ", &rest))
		story_step(story, word);
}

static void story_end(struct story *story)
{
	path_truncate(&story->path, 0);
}

/* ---- two recordings */

static void begin(struct diff *diff)
{
	assert_int_equal(diff_open(diff, 0, false), 0);
}

static void add(struct diff *diff, enum diff_which which, const char *words,
		enum path_end end, const char *reason)
{
	struct story story;

	story_begin(&story, words, end);
	story.path.reason = reason;
	assert_int_equal(diff_path(diff, which, &story.path), 0);
	story_end(&story);
}

static void kernels(struct diff *diff)
{
	strcpy(diff->sides[GOOD].release, "6.1");
	strcpy(diff->sides[BAD].release, "7.2");
}

static void finish(struct diff *diff)
{
	probed_finish(&diff->sides[GOOD].probed);
	probed_finish(&diff->sides[BAD].probed);
	assert_int_equal(diff_finish(diff), 0);
}

static void probe(struct diff *diff, enum diff_which which, const char *const *names)
{
	for (; *names; names++)
		assert_int_equal(probed_add(&diff->sides[which].probed, EVENT_FUNCTION,
					    *names),
				 0);
}

/* The only pair; it is closed by the caller. */
static const struct comparison *compared(struct diff *diff, const char *good,
					 const char *bad)
{
	add(diff, GOOD, good, PATH_CONSUMED, NULL);
	add(diff, BAD, bad, PATH_CONSUMED, NULL);
	finish(diff);
	assert_int_equal(diff->pairs.count, 1);
	return &diff->pairs.list[0].comparison;
}

static void expect_same(const char *good, const char *bad)
{
	struct diff diff;

	begin(&diff);
	assert_true(compared(&diff, good, bad)->same);
	assert_true(diff_same(&diff));
	diff_close(&diff);
}

/* They part at the step called @name, by @aspects. */
static void expect_part(const char *good, const char *bad, const char *name,
			unsigned int aspects)
{
	const struct comparison *comparison;
	const struct compare_row *row;
	const struct pair *pair;
	struct diff diff;

	begin(&diff);
	comparison = compared(&diff, good, bad);
	assert_false(diff_same(&diff));
	assert_true(comparison->part < comparison->count);
	pair = &diff.pairs.list[0];
	row = &comparison->rows[comparison->part];
	assert_string_equal(row->at.left != ALIGN_NONE
				    ? pair->left->steps[row->at.left].name
				    : pair->right->steps[row->at.right].name,
			    name);
	assert_int_equal(row->differs, aspects);
	diff_close(&diff);
}

#define IS(aspect) (1U << COMPARE_##aspect)

/* ---- what is a difference */

static void steps_part_where_they_differ(void **state)
{
	expect_part("ip_rcv ip_rcv_core icmp_rcv", "ip_rcv ip_rcv_core tcp_v4_rcv",
		    "icmp_rcv", IS(FUNCTION));
	expect_part("ip_rcv ip_rcv_core nf_hook_slow icmp_rcv",
		    "ip_rcv ip_rcv_core icmp_rcv", "nf_hook_slow", IS(FUNCTION));
	expect_part("ip_rcv nf_hook_slow=ACCEPT icmp_rcv",
		    "ip_rcv nf_hook_slow=DROP icmp_rcv", "nf_hook_slow", IS(RESULT));
	expect_part("ip_rcv ip_forward ip_output~src ip_finish_output",
		    "ip_rcv ip_forward ip_output ip_finish_output", "ip_output",
		    IS(CHANGE));
	expect_part("netif_rx@parent ip_rcv@m0 ip_rcv_core",
		    "netif_rx@parent ip_rcv ip_rcv_core", "ip_rcv", IS(DEVICE));
	/* The same addresses take the same device. */
	expect_part("ip_rcv@lan ip_output@wan", "ip_rcv@lan ip_output@dmz", "ip_output",
		    IS(DEVICE));
}

static void what_means_nothing_is_no_difference(void **state)
{
	expect_same("ip_rcv ip_rcv_core icmp_rcv", "ip_rcv ip_rcv_core icmp_rcv");
	expect_same("ip_rcv%0 icmp_rcv%1", "ip_rcv%3 icmp_rcv%3");
	expect_same("ip_rcv.constprop.0 icmp_rcv", "ip_rcv icmp_rcv.isra.0");
	expect_same("ip_rcv ip_rcv ip_rcv icmp_rcv", "ip_rcv icmp_rcv");
	/* as the moment has it */
	expect_same("__dev_queue_xmit qdisc_enqueue qdisc_dequeue dev_hard_start_xmit",
		    "__dev_queue_xmit dev_hard_start_xmit");
	expect_same("ip_finish_output2 neigh_resolve_output __dev_queue_xmit",
		    "ip_finish_output2 neigh_connected_output __dev_queue_xmit");
	/* what frees is told by the end */
	expect_same("ip_rcv icmp_rcv consume_skb", "ip_rcv icmp_rcv");
	/* a return that was not seen */
	expect_same("ip_rcv nf_hook_slow=ACCEPT icmp_rcv",
		    "ip_rcv nf_hook_slow icmp_rcv");
	/* an alteration that is seen by the next step */
	expect_same("ip_forward nf_hook_slow~ttl ip_output",
		    "ip_forward nf_hook_slow ip_output~ttl");
}

static void the_order_of_two_processors_is_none(void **state)
{
	expect_same("sock_queue_rcv_skb%0 sock_rfree_%1 sk_filter%0 icmp_rcv",
		    "sock_queue_rcv_skb%0 sk_filter%0 sock_rfree_%1 icmp_rcv");
	expect_part("ip_rcv sk_filter ip_defrag icmp_rcv",
		    "ip_rcv ip_defrag sk_filter icmp_rcv", "sk_filter", IS(FUNCTION));
}

/* ---- places */

/* To the host of that number. */
static void add_to(struct diff *diff, enum diff_which which, const char *words,
		   uint8_t host)
{
	struct story story;

	story_begin(&story, words, PATH_CONSUMED);
	story.path.flow.dst[3] = host;
	assert_int_equal(diff_path(diff, which, &story.path), 0);
	story_end(&story);
}

static void expect_roles(bool roles, uint8_t host, const char *good, const char *bad,
			 bool same)
{
	struct diff diff;

	assert_int_equal(diff_open(&diff, 0, roles), 0);
	add_to(&diff, GOOD, good, 1);
	add_to(&diff, BAD, bad, host);
	finish(&diff);
	assert_int_equal(diff_same(&diff), same);
	if (!same)
		assert_int_equal(diff.pairs.list[0].kind, PAIR_PARTED);
	diff_close(&diff);
}

static void another_address_may_take_another_device(void **state)
{
	const char *first = "ip_rcv@br0 veth_xmit@veth1 netif_rx@eth0";
	const char *second = "ip_rcv@br0 veth_xmit@veth2 netif_rx@eth0";

	expect_roles(false, 2, first, second, true);
	expect_roles(false, 1, first, second, false);
	expect_roles(true, 1, first, second, true);
	/* A counterpart stays one, and what both have is itself. */
	expect_roles(false, 2, "ip_rcv@a ip_output@b veth_xmit@a",
		     "ip_rcv@x ip_output@y veth_xmit@y", false);
	expect_roles(false, 2, "ip_rcv@a ip_output@b", "ip_rcv@b ip_output@a", false);
	expect_roles(true, 1, "netif_rx@parent ip_rcv@m0", "netif_rx@parent ip_rcv",
		     false);
}

/* ---- ends */

static void ends_differ(void **state)
{
	struct diff diff;

	begin(&diff);
	add(&diff, GOOD, "ip_rcv ip_rcv_core consume_skb", PATH_CONSUMED, NULL);
	add(&diff, BAD, "ip_rcv ip_rcv_core kfree_skb", PATH_DROPPED, "OTHERHOST");
	finish(&diff);
	assert_int_equal(diff.pairs.list[0].comparison.end, IS(END));
	assert_int_equal(diff.pairs.list[0].comparison.part, 2);
	assert_int_equal(diff.pairs.list[0].kind, PAIR_PARTED);
	diff_close(&diff);

	begin(&diff);
	add(&diff, GOOD, "ip_rcv kfree_skb", PATH_DROPPED, "NO_SOCKET");
	add(&diff, BAD, "ip_rcv kfree_skb", PATH_DROPPED, "OTHERHOST");
	finish(&diff);
	assert_int_equal(diff.pairs.list[0].comparison.end, IS(REASON));
	diff_close(&diff);

	/* When recording stopped it was in a socket's queue, or was not. */
	begin(&diff);
	add(&diff, GOOD, "ip_rcv ping_rcv consume_skb", PATH_DELIVERED, NULL);
	add(&diff, BAD, "ip_rcv ping_rcv", PATH_OPEN, NULL);
	finish(&diff);
	assert_true(diff_same(&diff));
	diff_close(&diff);

	begin(&diff);
	add(&diff, GOOD, "ip_rcv ping_rcv ip_rcv", PATH_DELIVERED, NULL);
	add(&diff, BAD, "ip_rcv ping_rcv ip_rcv", PATH_OPEN, NULL);
	finish(&diff);
	assert_int_equal(diff.pairs.list[0].comparison.end, IS(END));
	diff_close(&diff);
}

/* ---- two kernels, two zooms */

static void kernels_have_names_of_their_own(void **state)
{
	struct diff diff;

	begin(&diff);
	kernels(&diff);
	assert_true(compared(&diff,
			     "ip_rcv fib_validate_source ip_local_deliver icmp_rcv",
			     "ip_rcv __fib_validate_source ip_local_deliver "
			     "ip_local_deliver_finish icmp_rcv")
			    ->same);
	diff_close(&diff);

	/* A stage that the other one was never in is a difference. */
	begin(&diff);
	kernels(&diff);
	assert_false(compared(&diff, "ip_rcv nf_hook_slow ip_local_deliver",
			      "ip_rcv ip_local_deliver")
			     ->same);
	diff_close(&diff);

	begin(&diff);
	kernels(&diff);
	add(&diff, GOOD, "ip_rcv kfree_skb", PATH_DROPPED, "NOT_SPECIFIED");
	add(&diff, BAD, "ip_rcv kfree_skb", PATH_DROPPED, "IP_NOPROTO");
	finish(&diff);
	assert_true(diff_same(&diff));
	diff_close(&diff);
}

static void what_was_not_probed_is_left_out(void **state)
{
	struct diff diff;

	begin(&diff);
	probe(&diff, GOOD,
	      (const char *const[]){ "ip_rcv", "nf_hook_slow", "icmp_rcv", NULL });
	probe(&diff, BAD, (const char *const[]){ "ip_rcv.isra.0", "icmp_rcv", NULL });
	assert_true(compared(&diff, "ip_rcv nf_hook_slow=DROP icmp_rcv~src",
			     "ip_rcv icmp_rcv~src")
			    ->same);
	assert_int_equal(diff.sides[GOOD].routes.hidden, 1);
	assert_int_equal(diff.note_count, 1);
	diff_close(&diff);

	/* What was altered before a step that is left out is not forgotten with it. */
	begin(&diff);
	probe(&diff, GOOD,
	      (const char *const[]){ "ip_rcv", "nf_hook_slow", "icmp_rcv", NULL });
	probe(&diff, BAD, (const char *const[]){ "ip_rcv", "icmp_rcv", NULL });
	assert_true(
		compared(&diff, "ip_rcv nf_hook_slow~src icmp_rcv", "ip_rcv icmp_rcv~src")
			->same);
	diff_close(&diff);

	/* What was altered before the other one began is its own affair. */
	begin(&diff);
	probe(&diff, GOOD, (const char *const[]){ "ip_output", "veth_xmit", NULL });
	probe(&diff, BAD, (const char *const[]){ "veth_xmit", NULL });
	assert_true(compared(&diff, "ip_output veth_xmit~mac_dst", "veth_xmit")->same);
	diff_close(&diff);

	/* Classes that look the same then are one. */
	begin(&diff);
	probe(&diff, BAD, (const char *const[]){ "ip_rcv", NULL });
	add(&diff, GOOD, "ip_rcv icmp_rcv", PATH_CONSUMED, NULL);
	add(&diff, GOOD, "ip_rcv tcp_v4_rcv", PATH_CONSUMED, NULL);
	add(&diff, BAD, "ip_rcv", PATH_CONSUMED, NULL);
	finish(&diff);
	assert_true(diff_same(&diff));
	assert_int_equal(diff.sides[GOOD].routes.count, 1);
	assert_int_equal(diff.sides[GOOD].routes.list[0].paths, 2);
	diff_close(&diff);
}

/* ---- sets */

static void nothing_is_an_answer(void **state)
{
	struct diff diff;

	begin(&diff);
	finish(&diff);
	assert_true(diff_same(&diff));
	diff_close(&diff);

	begin(&diff);
	add(&diff, GOOD, "ip_rcv", PATH_CONSUMED, NULL);
	finish(&diff);
	assert_false(diff_same(&diff));
	assert_int_equal(diff.pairs.list[0].kind, PAIR_LEFT);
	assert_null(diff.pairs.list[0].right);
	diff_close(&diff);
}

static void sets_are_paired_by_likeness(void **state)
{
	struct diff diff;

	begin(&diff);
	for (size_t i = 0; i < 3; i++)
		add(&diff, GOOD, "ip_rcv icmp_rcv", PATH_CONSUMED, NULL);
	add(&diff, GOOD, "ip_rcv ip_forward ip_output veth_xmit", PATH_CONSUMED, NULL);
	add(&diff, BAD, "ip_rcv ip_forward ip_error", PATH_CONSUMED, NULL);
	add(&diff, BAD, "ip_rcv icmp_rcv", PATH_CONSUMED, NULL);
	add(&diff, BAD, "ip_rcv ip_forward ip_output veth_xmit netif_rx", PATH_CONSUMED,
	    NULL);
	finish(&diff);
	assert_int_equal(diff.pairs.count, 3);
	assert_int_equal(diff.pairs.list[0].kind, PAIR_SAME);
	assert_int_equal(diff.pairs.list[0].left->paths, 3);
	assert_int_equal(diff.pairs.list[0].right->paths, 1);
	assert_int_equal(diff.pairs.list[1].kind, PAIR_PARTED);
	assert_int_equal(diff.pairs.list[1].right->count, 5);
	assert_int_equal(diff.pairs.list[2].kind, PAIR_RIGHT);
	assert_int_equal(diff.pairs.list[2].right->count, 3);
	assert_non_null(diff.pairs.list[2].left);
	diff_close(&diff);
}

static void add_icmp(struct diff *diff, enum diff_which which, const char *words,
		     uint8_t type)
{
	struct story story;

	story_begin(&story, words, PATH_CONSUMED);
	story.path.flow.proto = "icmp";
	story.path.flow.icmp = true;
	story.path.flow.icmp_type = type;
	assert_int_equal(diff_path(diff, which, &story.path), 0);
	story_end(&story);
}

/* They may go through the same functions, of which a small zoom has few. */
static void a_request_is_no_reply(void **state)
{
	const char *words = "ip_output ip_rcv";
	struct diff diff;

	begin(&diff);
	add_icmp(&diff, GOOD, words, ICMP_ECHO);
	add_icmp(&diff, GOOD, words, ICMP_ECHOREPLY);
	add_icmp(&diff, BAD, words, ICMP_ECHO);
	add_icmp(&diff, BAD, words, ICMP_ECHO);
	finish(&diff);
	assert_false(diff_same(&diff));
	assert_int_equal(diff.pairs.count, 2);
	assert_int_equal(diff.pairs.list[0].kind, PAIR_SAME);
	assert_int_equal(diff.pairs.list[0].left->paths, 1);
	assert_int_equal(diff.pairs.list[0].right->paths, 2);
	assert_int_equal(diff.pairs.list[1].kind, PAIR_LEFT);
	assert_int_equal(diff.pairs.list[1].left->class->flow.icmp_type, ICMP_ECHOREPLY);
	diff_close(&diff);

	/* Nor where only these steps of theirs count. */
	begin(&diff);
	probe(&diff, GOOD,
	      (const char *const[]){ "ip_output", "ip_rcv", "icmp_rcv", "ping_rcv",
				     NULL });
	probe(&diff, BAD, (const char *const[]){ "ip_output", "ip_rcv", NULL });
	add_icmp(&diff, GOOD, "ip_output ip_rcv icmp_rcv", ICMP_ECHO);
	add_icmp(&diff, GOOD, "ip_output ip_rcv ping_rcv", ICMP_ECHOREPLY);
	add_icmp(&diff, BAD, words, ICMP_ECHO);
	add_icmp(&diff, BAD, words, ICMP_ECHOREPLY);
	finish(&diff);
	assert_true(diff_same(&diff));
	assert_int_equal(diff.pairs.count, 2);
	diff_close(&diff);
}

/* Made to ask for a neighbour. */
static void add_aside(struct diff *diff, enum diff_which which, const char *words)
{
	struct story story;

	story_begin(&story, words, PATH_CONSUMED);
	story.path.lineage.aside = true;
	assert_int_equal(diff_path(diff, which, &story.path), 0);
	story_end(&story);
}

static void who_knows_a_neighbour_does_not_ask(void **state)
{
	struct diff diff;

	begin(&diff);
	add(&diff, GOOD, "ip_output veth_xmit", PATH_CONSUMED, NULL);
	add_aside(&diff, GOOD, "arp_xmit veth_xmit");
	add(&diff, BAD, "ip_output veth_xmit", PATH_CONSUMED, NULL);
	finish(&diff);
	assert_true(diff_same(&diff));
	assert_int_equal(diff.pairs.count, 2);
	assert_int_equal(diff.pairs.list[1].kind, PAIR_LEFT);
	assert_true(pair_is_ignored(&diff.pairs.list[1]));
	diff_close(&diff);

	/* Where both ask it is compared. */
	begin(&diff);
	add_aside(&diff, GOOD, "arp_xmit veth_xmit");
	add_aside(&diff, BAD, "arp_xmit macvlan_start_xmit");
	finish(&diff);
	assert_false(diff_same(&diff));
	assert_int_equal(diff.pairs.list[0].kind, PAIR_PARTED);
	diff_close(&diff);

	/* What somebody sent is no counterpart, */
	begin(&diff);
	add_aside(&diff, GOOD, "arp_xmit veth_xmit");
	add(&diff, BAD, "arp_xmit macvlan_start_xmit", PATH_CONSUMED, NULL);
	finish(&diff);
	assert_false(diff_same(&diff));
	assert_true(pair_is_ignored(&diff.pairs.list[0]));
	assert_int_equal(diff.pairs.list[1].kind, PAIR_RIGHT);
	assert_false(pair_is_ignored(&diff.pairs.list[1]));
	diff_close(&diff);

	/* unless it went the same way: not each recording tells why it was sent. */
	begin(&diff);
	add_aside(&diff, GOOD, "arp_xmit veth_xmit");
	add(&diff, BAD, "arp_xmit veth_xmit", PATH_CONSUMED, NULL);
	finish(&diff);
	assert_true(diff_same(&diff));
	assert_int_equal(diff.pairs.count, 1);
	diff_close(&diff);
}

/* ---- limits */

/* @count steps, each called after its number from @first on. */
static void add_long(struct diff *diff, enum diff_which which, size_t first, size_t count)
{
	struct path path = { .id = 1, .complete = true, .flow.proto = "udp" };
	char(*names)[16] = calloc(count, sizeof(*names));

	path.steps = calloc(count, sizeof(*path.steps));
	path.count = count;
	assert_non_null(names);
	assert_non_null(path.steps);
	for (size_t i = 0; i < count; i++) {
		snprintf(names[i], sizeof(names[i]), "f%zu", first + i);
		path.steps[i] = (struct step){ .func = names[i], .stage = "other" };
	}
	assert_int_equal(diff_path(diff, which, &path), 0);
	free(path.steps);
	free(names);
}

static void long_paths_are_cut(void **state)
{
	const size_t count = ALIGN_MOST + 1000;
	struct diff diff;

	/* One step more at the beginning: nothing is left out. */
	begin(&diff);
	add_long(&diff, GOOD, 1, count);
	add_long(&diff, BAD, 0, count + 1);
	finish(&diff);
	assert_false(diff.pairs.list[0].comparison.cut);
	assert_int_equal(diff.pairs.list[0].comparison.count, count + 1);
	assert_int_equal(diff.pairs.list[0].comparison.part, 0);
	diff_close(&diff);

	begin(&diff);
	add_long(&diff, GOOD, 0, count);
	add_long(&diff, BAD, 1000000, count);
	finish(&diff);
	assert_true(diff.pairs.list[0].comparison.cut);
	diff_close(&diff);
}

static void what_has_no_room_is_said(void **state)
{
	struct diff diff;

	begin(&diff);
	add_long(&diff, GOOD, 0, CLASSES_STEPS_MAX + 1);
	finish(&diff);
	assert_int_equal(diff.sides[GOOD].classes.left_out, 1);
	assert_false(diff_same(&diff));
	diff_close(&diff);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps_part_where_they_differ),
		cmocka_unit_test(what_means_nothing_is_no_difference),
		cmocka_unit_test(the_order_of_two_processors_is_none),
		cmocka_unit_test(another_address_may_take_another_device),
		cmocka_unit_test(ends_differ),
		cmocka_unit_test(kernels_have_names_of_their_own),
		cmocka_unit_test(what_was_not_probed_is_left_out),
		cmocka_unit_test(nothing_is_an_answer),
		cmocka_unit_test(sets_are_paired_by_likeness),
		cmocka_unit_test(a_request_is_no_reply),
		cmocka_unit_test(who_knows_a_neighbour_does_not_ask),
		cmocka_unit_test(long_paths_are_cut),
		cmocka_unit_test(what_has_no_room_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
