// SPDX-License-Identifier: GPL-2.0-only
/* The names that a recording has are those that the assembler asks for. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assembled.h"
#include "base/container.h"
#include "bpf/tracepoints.h"
#include "file/notes.h"
#include "path/names.h"

#define TEXT 64

/* Functions of all sorts: that make copies, free, merge, and return drop reasons. */
static const char *const functions[] = {
	"ip_rcv",
	"nf_hook_slow",
	"fib_validate_source",
	"ip_route_input_slow",
	"__skb_clone",
	"skb_clone",
	"veth_convert_skb_to_xdp_buff",
	"veth_poll",
	"skb_try_coalesce",
	"kfree_skb_partial",
	"inet_frag_reasm_prepare",
	"unix_stream_connect",
	"xdp_return_frame",
	"nft_do_chain",
	"ip_output",
	"tcp_v4_rcv",
};
#define FUNCTIONS (sizeof(functions) / sizeof(functions[0]))
#define ADDRESS	  0xffffffff81000000ull

/*
 * A system in which all has a name but what is 0; who asks for one that was not noted is
 * told so by .missing.
 */
struct fixture {
	struct names system, checked;
	struct notes notes;
	size_t noted;
	char last[TEXT]; /* what was noted last */
	char device[TEXT];
	size_t asked, missing;
};

static const char *system_symbol(struct names *names, uint64_t address, uint64_t *offset)
{
	if (address < ADDRESS || address >= ADDRESS + FUNCTIONS * 16)
		return NULL;
	*offset = address % 16;
	return functions[(address - ADDRESS) / 16];
}

static const char *system_number(uint32_t number)
{
	static char texts[4096][8];

	if (!number)
		return NULL;
	snprintf(texts[number % 4096], sizeof(texts[0]), "%u", number % 4096);
	return texts[number % 4096];
}

static const char *system_drop_reason(struct names *names, uint32_t reason)
{
	return system_number(reason);
}

static const char *system_netns(struct names *names, uint32_t inode)
{
	return system_number(inode);
}

static const char *system_device(struct names *names, uint32_t netns, uint32_t ifindex)
{
	const struct fixture *fixture = CONTAINER_OF(names, struct fixture, system);

	return fixture->device[0] ? fixture->device : system_number(ifindex);
}

/* What a reader of the file would be answered must be what the system answers now. */
static const char *check(struct names *names, enum store_kind kind, uint64_t key,
			 const char *answer)
{
	struct fixture *fixture = CONTAINER_OF(names, struct fixture, checked);
	const struct store_entry *entry = store_find(&fixture->notes.answered, kind, key);
	const char *text = entry ? entry->text : NULL;

	fixture->asked += answer != NULL;
	if (text != answer && (!text || !answer || strcmp(text, answer) != 0))
		fixture->missing++;
	return answer;
}

static const char *checked_symbol(struct names *names, uint64_t address, uint64_t *offset)
{
	return check(names, STORE_SYMBOL, address, system_symbol(names, address, offset));
}

static const char *checked_drop_reason(struct names *names, uint32_t reason)
{
	return check(names, STORE_DROP_REASON, reason, system_number(reason));
}

static const char *checked_netns(struct names *names, uint32_t inode)
{
	return check(names, STORE_NETNS, inode, system_number(inode));
}

static const char *checked_device(struct names *names, uint32_t netns, uint32_t ifindex)
{
	return check(names, STORE_DEVICE, store_device_key(netns, ifindex),
		     system_number(ifindex));
}

static void note(enum store_kind kind, const struct store_entry *entry, void *context)
{
	struct fixture *fixture = context;

	fixture->noted++;
	snprintf(fixture->last, sizeof(fixture->last), "%d %s", kind,
		 entry->text ?: "(none)");
}

static int setup(void **state)
{
	static const struct names_ops system = { system_symbol, system_drop_reason,
						 system_netns, system_device };
	static const struct names_ops checked = { checked_symbol, checked_drop_reason,
						  checked_netns, checked_device };
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	fixture->system.ops = &system;
	fixture->checked.ops = &checked;
	assert_int_equal(notes_open(&fixture->notes, &fixture->system, note, fixture), 0);
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	notes_close(&fixture->notes);
	free(fixture);
	return 0;
}

/* ---- any events */

union any {
	struct event event;
	struct event_snapshot snapshot;
	struct event_copy copy;
	struct event_chain chain;
	struct event_route route;
	struct event_again again;
};

static uint64_t any_function(void)
{
	return ADDRESS + (uint64_t)rand() % (FUNCTIONS * 16);
}

/* How long it is; few packets at few addresses, so that they meet. */
static size_t any_event(union any *any, uint64_t time)
{
	struct event *event = &any->event;

	memset(any, 0, sizeof(*any));
	event->time = time;
	event->packet = 1 + (uint64_t)rand() % 16;
	event->skb = (uint64_t)rand() % 16;
	event->kind = (uint8_t)(rand() % EVENT_DEVICES);
	event->id = (uint8_t)(rand() % 2);
	event->flags = (uint8_t)(rand() % 64) & (uint8_t)rand();
	event->where = rand() % 8 ? any_function() : 0;
	event->value = (uint64_t)(rand() % 200 - 100);
	event->netns = (uint32_t)(rand() % 4);
	event->ifindex = (uint32_t)(rand() % 8);
	event->frame = (uint32_t)(rand() % 4);
	if (event->kind == EVENT_COPY || event->kind >= EVENT_STEP_KINDS)
		event->flags &= (uint8_t)~EVENT_SNAPSHOT;
	if (event->kind == EVENT_COPY) {
		for (int i = rand() % (EVENT_CALLERS + 1); i-- > 0;)
			any->copy.callers[i] = any_function();
		return sizeof(any->copy);
	}
	if (event->kind == EVENT_AGAIN) {
		for (int i = rand() % (EVENT_AGAIN_CALLERS + 1); i-- > 0;)
			any->again.callers[i] = any_function();
		return sizeof(any->again);
	}
	if (event->kind == EVENT_CHAIN || event->kind == EVENT_ROUTE)
		return sizeof(*any);
	if (!(event->flags & EVENT_SNAPSHOT))
		return sizeof(*event);
	if (event->ifindex % 2)
		snprintf(any->snapshot.dev, sizeof(any->snapshot.dev), "dev%d",
			 rand() % 3);
	return sizeof(any->snapshot);
}

static void path_ignored(const struct path *path, void *context)
{
}

/* As the recorder does it. */
static void notes_take(struct fixture *fixture, const struct event *event, size_t size)
{
	if (!notes_know(&fixture->notes, event))
		notes_event(&fixture->notes, event, size);
}

/* Whatever comes: what the assembler asks for was noted with an event up to then. */
static void the_assembler_asks_for_what_was_noted(void **state)
{
	struct fixture *fixture = *state;
	struct assembler *assembler = assembler_new(&fixture->checked, path_ignored,
						    NULL);
	uint64_t time = STREAM_START;
	union any any;

	assert_non_null(assembler);
	srand(1);
	for (size_t i = 0; i < 300000; i++) {
		size_t size = any_event(&any, time += 1000);

		fixture->system.version += i % 5000 == 0;
		notes_take(fixture, &any.event, size);
		assembler_add(assembler, &any, size);
		if (i % 1000 == 0)
			assembler_tick(assembler, time += 50000000);
		assert_int_equal(fixture->missing, 0);
	}
	assembler_finish(assembler);
	assembler_free(assembler);
	assert_int_equal(fixture->missing, 0);
	assert_true(fixture->asked > 300000);
}

/* ---- each of them */

static void add(struct fixture *fixture, const struct event *event)
{
	notes_take(fixture, event, sizeof(*event));
}

static void is_noted_once(void **state)
{
	const struct event event = { .where = ADDRESS, .netns = 5, .ifindex = 6 };
	struct fixture *fixture = *state;

	add(fixture, &event);
	assert_int_equal(fixture->noted, 3);
	add(fixture, &event);
	fixture->system.version++; /* it is asked again, and the answers are the same */
	add(fixture, &event);
	assert_int_equal(fixture->noted, 3);
}

static void another_answer_is_noted(void **state)
{
	const struct event event = { .netns = 5, .ifindex = 6 };
	struct fixture *fixture = *state;

	add(fixture, &event);
	assert_string_equal(fixture->last, "3 6");
	strcpy(fixture->device, "renamed");
	fixture->system.version++;
	add(fixture, &event);
	assert_string_equal(fixture->last, "3 renamed");
	assert_int_equal(fixture->noted, 3);
}

/* It was so when the packet was there, whatever the system says now. */
static void a_device_is_called_as_an_event_says(void **state)
{
	const struct event_snapshot snapshot = {
		.event = { .netns = 5, .ifindex = 6, .flags = EVENT_SNAPSHOT },
		.dev = "eth0",
	};
	struct fixture *fixture = *state;

	notes_take(fixture, &snapshot.event, sizeof(snapshot));
	assert_string_equal(fixture->last, "3 eth0");
	fixture->system.version++;
	add(fixture, &(struct event){ .netns = 5, .ifindex = 6 });
	assert_string_equal(fixture->last, "3 eth0");
}

/* There is none where the packet is said to have no device yet. */
static void no_device_is_asked_for_where_there_is_none(void **state)
{
	const struct event event = { .ifindex = 6, .flags = EVENT_NODEV };
	struct fixture *fixture = *state;

	add(fixture, &event);
	assert_int_equal(fixture->noted, 0);
}

static void a_returned_reason_is_noted(void **state)
{
	struct event event = { .where = ADDRESS + 2 * 16,
			       .kind = EVENT_RETURN,
			       .value = (uint64_t)-77 };
	struct fixture *fixture = *state;

	add(fixture, &event);
	assert_string_equal(fixture->last, "1 77");
	event.value = 0;
	event.where = ADDRESS + 16; /* whose verdict is no reason */
	add(fixture, &event);
	assert_string_equal(fixture->last, "0 nf_hook_slow");
}

static void every_caller_of_a_copy_is_noted(void **state)
{
	struct fixture *fixture = *state;
	struct event_copy copy = { .event = { .where = ADDRESS, .kind = EVENT_COPY } };

	for (size_t i = 0; i < EVENT_CALLERS; i++)
		copy.callers[i] = ADDRESS + 16 * (i + 1);
	notes_take(fixture, &copy.event, sizeof(copy));
	assert_int_equal(fixture->noted, 1 + EVENT_CALLERS);
}

static void every_caller_of_a_retransmission_is_noted(void **state)
{
	struct fixture *fixture = *state;
	struct event_again again = { .event = { .where = ADDRESS, .kind = EVENT_AGAIN } };

	for (size_t i = 0; i < EVENT_AGAIN_CALLERS; i++)
		again.callers[i] = ADDRESS + 8 * (i + 1);
	notes_take(fixture, &again.event, sizeof(again));
	assert_int_equal(fixture->noted, 1 + EVENT_AGAIN_CALLERS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define NOTES_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		NOTES_TEST(the_assembler_asks_for_what_was_noted),
		NOTES_TEST(is_noted_once),
		NOTES_TEST(another_answer_is_noted),
		NOTES_TEST(a_device_is_called_as_an_event_says),
		NOTES_TEST(no_device_is_asked_for_where_there_is_none),
		NOTES_TEST(a_returned_reason_is_noted),
		NOTES_TEST(every_caller_of_a_copy_is_noted),
		NOTES_TEST(every_caller_of_a_retransmission_is_noted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
