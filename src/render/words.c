// SPDX-License-Identifier: GPL-2.0-only
#include "render/words.h"

#include <inttypes.h>
#include <stdio.h>

#include "path/again.h"
#include "path/path.h"
#include "render/escape.h"

#define NAME_SIZE 256 /* of a name as it is shown */

void words_netns(char *text, size_t size, const struct step *step)
{
	char name[NAME_SIZE] = "";

	if (step->netns_name)
		escape_terminal(name, sizeof(name), step->netns_name);
	snprintf(text, size, "[%" PRIu32 "%s%s]", step->netns, name[0] ? " " : "", name);
}

void words_device(char *text, size_t size, const struct step *step)
{
	if (step->dev[0])
		escape_terminal(text, size, step->dev);
	else if (step->ifindex)
		snprintf(text, size, "device %" PRIu32, step->ifindex);
	else
		snprintf(text, size, "no device");
}

/* "clone", "transmission 1", "retransmission 1": what TCP sends first is none. */
static void words_relation(char *text, size_t size, const struct lineage *lineage)
{
	const char *name = relation_name(lineage->relation);

	if (!lineage->number)
		snprintf(text, size, "%s", name);
	else if (lineage->relation == RELATION_RETRANSMISSION)
		snprintf(text, size, "%s %" PRIu32, name, lineage->number);
	else if (lineage->number == 1)
		snprintf(text, size, "transmission 1");
	else
		snprintf(text, size, "retransmission %" PRIu32, lineage->number - 1);
}

/* " of #1", " of #1 after 203.112 ms" */
static void words_of(char *text, size_t size, const struct lineage *lineage)
{
	int used = snprintf(text, size, " of #%" PRIu64, lineage->parent);
	uint64_t us = lineage->later / 1000;

	if (lineage->relation == RELATION_RETRANSMISSION)
		snprintf(text + used, size - (size_t)used,
			 " after %" PRIu64 ".%03" PRIu64 " ms", us / 1000, us % 1000);
}

/* " (timeout)", where it is known why somebody wants a retransmission; else "". */
static void words_reason(char *text, size_t size, const struct lineage *lineage)
{
	const char *reason = NULL;

	if (lineage->relation == RELATION_RETRANSMISSION && lineage->caller)
		reason = again_reason(lineage->caller);
	snprintf(text, size, reason ? " (%s)" : "", reason);
}

static void words_parent(char *text, size_t size, const struct lineage *lineage)
{
	char relation[32], parent[64] = "", maker[NAME_SIZE], caller[NAME_SIZE] = "";
	char reason[32];

	if (lineage->relation == RELATION_CONTENT) {
		snprintf(text, size, "copy of #%" PRIu64 ", by content", lineage->parent);
		return;
	}
	words_relation(relation, sizeof(relation), lineage);
	if (lineage->parent)
		words_of(parent, sizeof(parent), lineage);
	if (!lineage->maker) {
		snprintf(text, size, "%s%s, by sequence number", relation, parent);
		return;
	}
	words_reason(reason, sizeof(reason), lineage);
	escape_terminal(maker, sizeof(maker), lineage->maker);
	if (lineage->caller)
		escape_terminal(caller, sizeof(caller), lineage->caller);
	snprintf(text, size, "%s%s, made by %s%s%s%s", relation, parent, maker,
		 lineage->caller ? " for " : "", caller, reason);
}

bool words_origin(char *text, size_t size, const struct path *path)
{
	if (!path->lineage.relation)
		return false;
	words_parent(text, size, &path->lineage);
	return true;
}

void words_outcome(char *text, size_t size, const struct path *path)
{
	const char *explanation = path_explanation(path);
	char where[NAME_SIZE], reason[NAME_SIZE];

	escape_terminal(where, sizeof(where), path_where(path));
	escape_terminal(reason, sizeof(reason), path->reason ? path->reason : "");
	snprintf(text, size, "%s%s%s%s%s%s%s", path_end_name(path->end),
		 where[0] ? " in " : "", where, reason[0] ? ": " : "", reason,
		 explanation ? ", " : "", explanation ? explanation : "");
}

void words_end(char *text, size_t size, const struct path *path)
{
	char outcome[WORDS_SIZE];

	words_outcome(outcome, sizeof(outcome), path);
	snprintf(text, size, "%s%s", outcome,
		 path->complete ? "" : "; the path may have a hole");
}
