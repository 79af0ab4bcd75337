/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * points.h - where packets can be seen in the running kernel, and where not
 */
#ifndef BPFPATH_POINTS_H
#define BPFPATH_POINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct functions;
struct kernel;
struct points;
struct probes;
struct symbols;

enum point_kind { POINT_FUNCTION, POINT_TRACEPOINT, POINT_KINDS };

/* What it is for. */
enum point_role {
	POINT_STEP,
	POINT_GATE, /* packets begin here, on kernels whose memory can be read */
	POINT_FREE, /* packets end here */
	POINT_ROLES
};

/* The smallest zoom that it belongs to. */
enum point_zoom { POINT_HOPS, POINT_STAGES, POINT_ALL, POINT_ZOOMS };

struct point {
	const char *name;
	const char *module; /* NULL: vmlinux */
	const char *stage;  /* "ip", ..., "other" */
	const char *why;    /* it cannot be probed; NULL: it can */
	uint8_t kind;	    /* enum point_kind */
	uint8_t role;	    /* enum point_role */
	uint8_t zoom;	    /* enum point_zoom */
	uint8_t argument;   /* position of the packet, from 1; 0: not known */
	uint8_t packet;	    /* enum function_packet, of a known argument */
	bool assumed;	    /* the compiler may have moved the argument */
	uint32_t backends;  /* bit N: backends[N] (backend.h) can probe it here */
};

/* What points are made of; all of it outlives them. */
struct points_source {
	const struct kernel *kernel;
	const struct symbols *symbols;
	const struct functions *functions; /* NULL: they cannot be probed here ... */
	const char *why;		   /* ... because of this */
	struct probes *stages;		   /* the default zoom */
	struct probes *zoom; /* only what is in it, and what is not there of it */
};

/* 0 or -ENOMEM. */
int points_make(const struct points_source *source, struct points **out);
void points_free(struct points *points);

/* Ordered by name, then by kind and module. */
const struct point *points_all(const struct points *points, size_t *count);

#endif
