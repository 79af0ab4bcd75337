// SPDX-License-Identifier: GPL-2.0-only
#include "diff/pairs.h"

#include <assert.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "diff/route.h"
#include "render/classes.h"

static const char *const kind_names[] = {
	[PAIR_SAME] = "same",
	[PAIR_PARTED] = "parted",
	[PAIR_LEFT] = "good",
	[PAIR_RIGHT] = "bad",
};
static_assert(sizeof(kind_names) / sizeof(kind_names[0]) == PAIR_KINDS,
	      "a name per kind");

const char *pair_kind_name(enum pair_kind kind)
{
	return kind_names[kind];
}

/* How alike two routes are, of a thousand; what is not the same has less. */
enum { LIKENESS_NONE, LIKENESS_SOME, LIKENESS_SAME = 1000 };

/* Of every two routes; and which are in a pair already. */
struct pairing {
	struct pairs *out;
	const struct compare_options *options;
	const struct routes *left, *right;
	uint16_t *likeness; /* a line for each on the left */
	bool *left_done, *right_done;
};

/* ---- how alike */

static bool ports_same(const struct flow *a, const struct flow *b)
{
	return a->ports && b->ports && (a->sport == b->sport || a->dport == b->dport);
}

/* Does one come back where the other one went? */
static bool flow_reversed(const struct flow *a, const struct flow *b)
{
	bool addresses = a->family && !memcmp(a->src, b->dst, 16) &&
			 !memcmp(a->dst, b->src, 16) && memcmp(a->src, a->dst, 16);
	bool ports = a->ports && b->ports &&
		     (a->sport == b->dport || a->dport == b->sport);

	return addresses || (ports && !ports_same(a, b));
}

/* A packet of the same sort, on the same errand? */
static bool flow_comparable(const struct flow *a, const struct flow *b)
{
	return flow_same_kind(a, b) && !flow_reversed(a, b);
}

/* Of two packets of TCP: do both begin a connection, end it, or neither? */
static bool flags_same(const struct flow *a, const struct flow *b)
{
	const unsigned int telling = TH_SYN | TH_FIN | TH_RST;

	return a->tcp && b->tcp && !((a->tcp_flags ^ b->tcp_flags) & telling);
}

/* The same end of a connection, and the same part of its life, count for steps. */
static uint16_t likeness_of(const struct comparison *comparison, const struct route *left,
			    const struct route *right)
{
	const struct flow *a = &left->class->flow, *b = &right->class->flow;
	size_t likeness, share;

	if (comparison->same)
		return LIKENESS_SAME;
	if (left->class->aside != right->class->aside)
		return LIKENESS_NONE;
	likeness = comparison->matched + ports_same(a, b) + flags_same(a, b);
	share = 2 * likeness * (LIKENESS_SAME - 1) / (left->count + right->count + 4);
	return share ? (uint16_t)share : LIKENESS_SOME;
}

static uint16_t *pairing_at(const struct pairing *pairing, size_t i, size_t j)
{
	return &pairing->likeness[i * pairing->right->count + j];
}

static int pairing_measure(const struct pairing *pairing, size_t i, size_t j)
{
	const struct route *left = &pairing->left->list[i];
	const struct route *right = &pairing->right->list[j];
	struct comparison comparison;
	int err;

	if (!flow_comparable(&left->class->flow, &right->class->flow))
		return 0;
	err = compare(pairing->options, left, right, &comparison);
	if (!err)
		*pairing_at(pairing, i, j) = likeness_of(&comparison, left, right);
	comparison_clear(&comparison);
	return err;
}

static int pairing_measure_all(const struct pairing *pairing)
{
	int err = 0;

	for (size_t i = 0; !err && i < pairing->left->count; i++) {
		for (size_t j = 0; !err && j < pairing->right->count; j++)
			err = pairing_measure(pairing, i, j);
	}
	return err;
}

/* ---- who goes with whom */

static int pairing_add(struct pairing *pairing, enum pair_kind kind,
		       const struct route *left, const struct route *right)
{
	struct pairs *out = pairing->out;
	struct pair *pair = &out->list[out->count++];

	*pair = (struct pair){ .kind = kind, .left = left, .right = right };
	out->counts[kind]++;
	return left && right ? compare(pairing->options, left, right, &pair->comparison)
			     : 0;
}

/* The most alike on the right, of those that are free or of all; SIZE_MAX: none. */
static size_t pairing_best_right(const struct pairing *pairing, size_t i, bool all)
{
	size_t best = SIZE_MAX;

	for (size_t j = 0; j < pairing->right->count; j++) {
		uint16_t likeness = *pairing_at(pairing, i, j);

		if (likeness && (all || !pairing->right_done[j]) &&
		    (best == SIZE_MAX || likeness > *pairing_at(pairing, i, best)))
			best = j;
	}
	return best;
}

static size_t pairing_best_left(const struct pairing *pairing, size_t j)
{
	size_t best = SIZE_MAX;

	for (size_t i = 0; i < pairing->left->count; i++) {
		uint16_t likeness = *pairing_at(pairing, i, j);

		if (likeness &&
		    (best == SIZE_MAX || likeness > *pairing_at(pairing, best, j)))
			best = i;
	}
	return best;
}

/* Each of them is in one such pair at least. */
static int pairing_same(struct pairing *pairing)
{
	int err = 0;

	for (size_t i = 0; !err && i < pairing->left->count; i++) {
		for (size_t j = 0; !err && j < pairing->right->count; j++) {
			if (*pairing_at(pairing, i, j) != LIKENESS_SAME ||
			    (pairing->left_done[i] && pairing->right_done[j]))
				continue;
			pairing->left_done[i] = pairing->right_done[j] = true;
			err = pairing_add(pairing, PAIR_SAME, &pairing->left->list[i],
					  &pairing->right->list[j]);
		}
	}
	return err;
}

static int pairing_parted(struct pairing *pairing)
{
	int err = 0;

	for (size_t i = 0; !err && i < pairing->left->count; i++) {
		size_t j = pairing->left_done[i] ? SIZE_MAX
						 : pairing_best_right(pairing, i, false);

		if (j == SIZE_MAX)
			continue;
		pairing->left_done[i] = pairing->right_done[j] = true;
		err = pairing_add(pairing, PAIR_PARTED, &pairing->left->list[i],
				  &pairing->right->list[j]);
	}
	return err;
}

static int pairing_left_over(struct pairing *pairing)
{
	const struct routes *left = pairing->left, *right = pairing->right;
	int err = 0;

	for (size_t i = 0; !err && i < left->count; i++) {
		size_t j = pairing_best_right(pairing, i, true);

		if (!pairing->left_done[i])
			err = pairing_add(pairing, PAIR_LEFT, &left->list[i],
					  j == SIZE_MAX ? NULL : &right->list[j]);
	}
	for (size_t j = 0; !err && j < right->count; j++) {
		size_t i = pairing_best_left(pairing, j);

		if (!pairing->right_done[j])
			err = pairing_add(pairing, PAIR_RIGHT,
					  i == SIZE_MAX ? NULL : &left->list[i],
					  &right->list[j]);
	}
	return err;
}

int pairs_make(struct pairs *pairs, const struct compare_options *options,
	       const struct routes *left, const struct routes *right)
{
	AUTO_FREE uint16_t *likeness = calloc(left->count * right->count + 1,
					      sizeof(*likeness));
	AUTO_FREE bool *left_done = calloc(left->count + 1, sizeof(bool));
	AUTO_FREE bool *right_done = calloc(right->count + 1, sizeof(bool));
	struct pairing pairing = {
		pairs, options, left, right, likeness, left_done, right_done,
	};
	int err;

	*pairs = (struct pairs){
		.list = calloc(left->count + right->count + 1, sizeof(*pairs->list)),
	};
	if (!pairs->list || !likeness || !left_done || !right_done)
		return -ENOMEM;
	err = pairing_measure_all(&pairing);
	if (!err)
		err = pairing_same(&pairing);
	if (!err)
		err = pairing_parted(&pairing);
	if (!err)
		err = pairing_left_over(&pairing);
	return err;
}

void pairs_clear(struct pairs *pairs)
{
	for (size_t i = 0; i < pairs->count; i++)
		comparison_clear(&pairs->list[i].comparison);
	free(pairs->list);
	*pairs = (struct pairs){ 0 };
}

bool pair_is_ignored(const struct pair *pair)
{
	return (pair->kind == PAIR_LEFT && pair->left->class->aside) ||
	       (pair->kind == PAIR_RIGHT && pair->right->class->aside);
}

bool pairs_same(const struct pairs *pairs)
{
	size_t i = pairs->counts[PAIR_SAME];

	while (i < pairs->count && pair_is_ignored(&pairs->list[i]))
		i++;
	return i == pairs->count;
}
