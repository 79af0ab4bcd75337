/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * reference.h - what libpcap itself says of a packet
 */
#ifndef BPFPATH_TEST_REFERENCE_H
#define BPFPATH_TEST_REFERENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "bpf/event.h"

struct reference;

/*
 * The program that libpcap runs for @text on packets that begin with @layer.
 * Where it has none, nothing matches. Never NULL.
 */
struct reference *reference_new(const char *text, enum event_layer layer);
void reference_free(struct reference *reference);

bool reference_match(const struct reference *reference, const uint8_t *data,
		     uint32_t captured, uint32_t len);

#endif
