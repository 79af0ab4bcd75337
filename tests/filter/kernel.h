/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kernel.h - a filter in a loaded BPF program, run on single packets
 */
#ifndef BPFPATH_TEST_KERNEL_H
#define BPFPATH_TEST_KERNEL_H

#include <stdint.h>

#include "bpf/event.h"

struct filter;
struct filter_test_bpf;

/* Why programs cannot be loaded here; NULL when they can. */
const char *kernel_obstacle(void);

/*
 * Load the test programs with @filter in their slots. @push_tci: a VLAN tag
 * that is put beside each packet first, 0 for none. NULL when the kernel
 * refuses them; the verifier's words go to standard error.
 */
struct filter_test_bpf *kernel_load(const struct filter *filter, uint16_t push_tci);
void kernel_unload(struct filter_test_bpf *programs);

/* The verdict, 0 or 1; 2 when the packet could not be read, -errno. */
int kernel_run(const struct filter_test_bpf *programs, enum event_layer layer,
	       const uint8_t *data, uint32_t len);

#endif
