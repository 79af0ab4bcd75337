/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * witness.h - what the paths of echoes say of each of them
 */
#ifndef BPFPATH_WITNESS_H
#define BPFPATH_WITNESS_H

#include <stdbool.h>
#include <stdint.h>

struct path;

enum witness_kind {
	WITNESS_REQUEST,
	WITNESS_REPLY,
	WITNESS_ERROR, /* an ICMP error that quotes the request */
	WITNESS_KINDS
};

/* A packet of an echo; of its copies the one that crossed a device last. */
struct sighting {
	uint64_t path; /* id; 0: it was not seen */
	uint64_t time; /* ns: of the last crossing, 0 before any */
	char *place;   /* "[4026531840 host] eth0": where it was then; NULL: no memory */
	char *end;     /* what became of it, as words_end() has it; likewise */
};

struct witness {
	uint8_t tag[8];
	uint32_t count; /* echoes, from number 1 on */
	/* A neighbour on the way: ARP, or neighbour discovery (RFC 826, RFC 4861). */
	bool asked;
	bool answered;
	struct sighting (*sightings)[WITNESS_KINDS];
};

/* 0 or -ENOMEM. */
int witness_open(struct witness *witness, uint32_t count, const uint8_t tag[8]);
void witness_close(struct witness *witness);

/* A path that has ended: of an echo, or of what asks for neighbours on its way. */
void witness_path(struct witness *witness, const struct path *path);

#endif
