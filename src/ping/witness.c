// SPDX-License-Identifier: GPL-2.0-only
#include "ping/witness.h"

#include <errno.h>
#include <net/if_arp.h>
#include <netinet/icmp6.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "path/hop.h"
#include "path/path.h"
#include "render/words.h"

int witness_open(struct witness *witness, uint32_t count, const uint8_t tag[8])
{
	witness->sightings = calloc(count, sizeof(*witness->sightings));
	if (!witness->sightings)
		return -ENOMEM;
	witness->count = count;
	memcpy(witness->tag, tag, sizeof(witness->tag));
	return 0;
}

static void sighting_clear(struct sighting *sighting)
{
	free(sighting->place);
	free(sighting->end);
	*sighting = (struct sighting){ 0 };
}

void witness_close(struct witness *witness)
{
	for (uint32_t i = 0; i < witness->count; i++) {
		for (size_t kind = 0; kind < WITNESS_KINDS; kind++)
			sighting_clear(&witness->sightings[i][kind]);
	}
	free(witness->sightings);
	*witness = (struct witness){ 0 };
}

static enum witness_kind flow_kind(const struct flow *flow)
{
	if (!flow->icmp_echo)
		return WITNESS_ERROR;
	return flow->icmp_type == 8 || flow->icmp_type == 128 ? WITNESS_REQUEST
							      : WITNESS_REPLY;
}

/* The number stands right before the tag; 0: there is no tag. */
static uint32_t number_quoted(const struct witness *witness, const struct path *path)
{
	for (size_t i = 0; i < path->headers_count; i++) {
		const struct headers *headers = &path->headers[i];
		const uint8_t *tag = memmem(headers->data, headers->captured,
					    witness->tag, sizeof(witness->tag));

		if (tag && tag - headers->data >= 2)
			return (uint32_t)tag[-2] << 8 | tag[-1];
	}
	return 0;
}

/* Only echoes with the tag are followed: their own number will do. */
static uint32_t path_number(const struct witness *witness, const struct path *path)
{
	const struct flow *flow = &path->flow;

	if (!flow->icmp)
		return 0;
	return flow->icmp_echo ? flow->icmp_seq : number_quoted(witness, path);
}

static char *place_text(const struct step *step)
{
	char netns[WORDS_SIZE], device[WORDS_SIZE];
	char *text;

	words_netns(netns, sizeof(netns), step);
	words_device(device, sizeof(device), step);
	return asprintf(&text, "%s %s", netns, device) < 0 ? NULL : text;
}

static void sighting_fill(struct sighting *sighting, const struct path *path,
			  const struct hop *last)
{
	char end[WORDS_SIZE];

	sighting_clear(sighting);
	words_end(end, sizeof(end), path);
	sighting->path = path->id;
	sighting->time = last->step ? last->step->time : 0;
	sighting->place = place_text(last->step ? last->step
						: &path->steps[path->count - 1]);
	sighting->end = strdup(end);
}

static void witness_neighbour(struct witness *witness, const struct flow *flow)
{
	bool v6 = flow->icmp && flow->family == AF_INET6;

	witness->asked |= flow->arp_op == ARPOP_REQUEST ||
			  (v6 && flow->icmp_type == ND_NEIGHBOR_SOLICIT);
	witness->answered |= flow->arp_op == ARPOP_REPLY ||
			     (v6 && flow->icmp_type == ND_NEIGHBOR_ADVERT);
}

void witness_path(struct witness *witness, const struct path *path)
{
	uint32_t number = path_number(witness, path);
	struct hop last = { 0 };
	struct sighting *sighting;

	witness_neighbour(witness, &path->flow);
	if (!number || number > witness->count || !path->count)
		return;
	while (hop_next(path, &last))
		;
	sighting = &witness->sightings[number - 1][flow_kind(&path->flow)];
	if (!sighting->path || (last.step && last.step->time > sighting->time))
		sighting_fill(sighting, path, &last);
}
