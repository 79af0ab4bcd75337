// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>

#include "compare.h"

#define COMPARE_SHOWN_MAX 20

void compare_verdict(struct compare *compare, const char *text, enum event_layer layer,
		     const uint8_t *data, uint32_t captured, uint32_t len, int reference,
		     int verdict)
{
	compare->verdicts++;
	compare->matches += reference == 1;
	if (reference == verdict || compare->differences++ >= COMPARE_SHOWN_MAX)
		return;

	printf("DIFFERENCE: %s\n  %s, %u of %u bytes: libpcap %d, eBPF %d\n ", text,
	       layer == EVENT_LAYER_ETHERNET ? "ethernet" : "raw ip", captured, len,
	       reference, verdict);
	for (uint32_t i = 0; i < captured; i++)
		printf(" %02x", data[i]);
	printf("\n");
}

int compare_finish(const struct compare *compare)
{
	printf("%lu verdicts, %lu matches, %lu differences\n", compare->verdicts,
	       compare->matches, compare->differences);
	return !compare->verdicts || compare->differences;
}
