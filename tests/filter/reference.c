// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>
#include <pcap/pcap.h>

#include "reference.h"

struct reference {
	bool compiled;
	struct bpf_program program;
};

struct reference *reference_new(const char *text, enum event_layer layer)
{
	struct reference *reference = calloc(1, sizeof(*reference));
	pcap_t *pcap = pcap_open_dead(layer == EVENT_LAYER_IP ? DLT_RAW : DLT_EN10MB,
				      65535);
	/* "ether[0]" is no byte of the IP header, which libpcap would read */
	bool link = strstr(text, "ether[") || strstr(text, "link[");

	if (!reference || !pcap)
		abort();

	if (layer == EVENT_LAYER_ETHERNET || !link)
		reference->compiled = !pcap_compile(pcap, &reference->program, text, 1,
						    PCAP_NETMASK_UNKNOWN);
	pcap_close(pcap);
	return reference;
}

void reference_free(struct reference *reference)
{
	if (reference && reference->compiled)
		pcap_freecode(&reference->program);
	free(reference);
}

bool reference_match(const struct reference *reference, const uint8_t *data,
		     uint32_t captured, uint32_t len)
{
	return reference->compiled &&
	       bpf_filter(reference->program.bf_insns, data, len, captured);
}
