// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "bpf/event.h"
#include "bpf/packet.h"
#include "filter/bound.h"
#include "filter/check.h"
#include "filter/classic.h"
#include "filter/decidable.h"
#include "filter/dump.h"
#include "filter/error.h"
#include "filter/extended.h"
#include "filter/filter.h"
#include "filter/position.h"
#include "filter/slot.h"
#include "filter/token.h"
#include "path/headers.h"

/*
 * libpcap's time grows with the square of the text: seconds for a hundred
 * ports, minutes for a thousand, which would not fit into a slot.
 */
#define FILTER_TEXT_MAX 4096

#define FILTER_LAYERS 2

static const struct {
	const char *name;
	__s32 marker;
} filter_layers[] = {
	[EVENT_LAYER_ETHERNET] = { "ethernet", FILTER_SLOT_BEGIN_ETHERNET },
	[EVENT_LAYER_IP] = { "raw ip", FILTER_SLOT_BEGIN_IP },
};

_Static_assert(sizeof(filter_layers) / sizeof(*filter_layers) == FILTER_LAYERS,
	       "a slot for each layer");

/* A filter for packets that begin with one layer. */
struct filter_variant {
	struct classic classic;
	struct classic negated;
	struct extended extended;
	unsigned int bytes; /* that it can look at */
};

struct filter {
	struct filter_variant variants[FILTER_LAYERS]; /* by enum event_layer */
	enum decidable tcp, udp;		       /* from what a socket knows */
};

static void filter_cleanup(struct filter **filter)
{
	filter_free(*filter);
}

/*
 * Does the text read bytes from the link layer, as in "ether[0]"? libpcap would
 * give the first byte of the IP header for that where there is no link layer.
 */
static bool filter_indexes_link(const char *text)
{
	static const char *const links[] = { "ether", "link", "ppp",  "slip",
					     "fddi",  "tr",   "wlan", "radio" };
	bool link = false;
	struct token token;

	for (token = token_next(text); token.len;
	     token = token_next(token.text + token.len)) {
		if (link && token_is(&token, "["))
			return true;
		link = false;
		for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++)
			link |= token_is(&token, links[i]);
	}
	return false;
}

/* Say more than libpcap does of an error in @text. */
static int filter_explain(const char *text, struct filter_error *error)
{
	struct token token;
	int position;

	if (!classic_is_syntax_error(text)) {
		error->position = position_of_message(text, error->message);
		return -EINVAL;
	}

	position = position_of_syntax_error(text);
	if (position < 0) {
		error_set(error, "syntax error");
	} else if (!text[position]) {
		error_set(error, "syntax error: the filter ends too early");
	} else {
		token = token_next(text + position);
		error_set(error, "syntax error at \"%.*s\"", (int)token.len, token.text);
	}
	error->position = position;
	return -EINVAL;
}

/*
 * The raw IP form; the program "reject" where @text has none. What is wrong
 * with the text itself, the Ethernet form has told.
 */
static int filter_classic_ip(const char *text, struct classic *out)
{
	struct filter_error ignored;
	int ret;

	if (filter_indexes_link(text))
		return classic_reject(out);

	ret = classic_compile(text, EVENT_LAYER_IP, out, &ignored);
	return ret == -EINVAL ? classic_reject(out) : ret;
}

/* Both classic programs, of which at least one accepts something. */
static int filter_classic(const char *text, struct filter *filter,
			  struct filter_error *error)
{
	struct classic *ethernet = &filter->variants[EVENT_LAYER_ETHERNET].classic;
	struct classic *ip = &filter->variants[EVENT_LAYER_IP].classic;
	int invalid, ret;

	invalid = classic_compile(text, EVENT_LAYER_ETHERNET, ethernet, error);
	if (invalid == -EINVAL)
		ret = classic_reject(ethernet);
	else
		ret = invalid;
	if (ret)
		return ret;

	ret = filter_classic_ip(text, ip);
	if (ret)
		return ret;

	if (!classic_rejects(ethernet) || !classic_rejects(ip))
		return 0;
	if (invalid)
		return filter_explain(text, error);
	return error_set(error, "no packet can match this filter");
}

static int filter_extend(struct filter_variant *variant, struct filter_error *error)
{
	int ret = check_classic(&variant->classic, error);

	if (ret)
		return ret;

	ret = bound_compute(&variant->classic, &variant->bytes);
	if (ret)
		return ret;

	ret = classic_negate(&variant->classic, &variant->negated);
	if (ret)
		return ret;

	ret = extended_generate(&variant->classic, &variant->extended);
	if (ret == -E2BIG)
		return error_set(
			error, "the filter is too long: it is more than %d instructions",
			FILTER_SLOT_INSNS);
	return ret;
}

/* At a socket there is no Ethernet header: the raw IP form decides. */
static int filter_decide(struct filter *filter)
{
	const struct classic *classic = &filter->variants[EVENT_LAYER_IP].classic;
	int ret = decidable_compute(classic, IPPROTO_TCP, &filter->tcp);

	return ret ? ret : decidable_compute(classic, IPPROTO_UDP, &filter->udp);
}

int filter_compile(const char *text, struct filter **out, struct filter_error *error)
{
	AUTO(filter_cleanup) struct filter *filter = NULL;
	int ret;

	if (strlen(text) > FILTER_TEXT_MAX)
		return error_set(error,
				 "the filter is too long: its text is more than %d bytes",
				 FILTER_TEXT_MAX);

	filter = calloc(1, sizeof(*filter));
	if (!filter)
		return -ENOMEM;

	ret = filter_classic(text, filter, error);
	for (int i = 0; !ret && i < FILTER_LAYERS; i++)
		ret = filter_extend(&filter->variants[i], error);
	if (!ret)
		ret = filter_decide(filter);
	if (ret)
		return ret;

	*out = TAKE_PTR(filter);
	return 0;
}

void filter_free(struct filter *filter)
{
	if (!filter)
		return;

	for (int i = 0; i < FILTER_LAYERS; i++) {
		classic_free(&filter->variants[i].classic);
		classic_free(&filter->variants[i].negated);
		extended_free(&filter->variants[i].extended);
	}
	free(filter);
}

unsigned int filter_snap_len(const struct filter *filter)
{
	unsigned int bytes = 0;

	for (int i = 0; i < FILTER_LAYERS; i++) {
		if (filter->variants[i].bytes > bytes)
			bytes = filter->variants[i].bytes;
	}
	return bytes;
}

bool filter_knows_socket(const struct filter *filter, int protocol)
{
	enum decidable verdict = protocol == IPPROTO_TCP ? filter->tcp : filter->udp;

	return verdict == DECIDABLE_YES;
}

int filter_place(const struct filter *filter, struct bpf_insn *insns, size_t count)
{
	int placed = 0;

	for (int i = 0; i < FILTER_LAYERS; i++) {
		int ret = slot_fill(insns, count, filter_layers[i].marker,
				    &filter->variants[i].extended);

		if (ret < 0)
			return ret;
		placed += ret;
	}
	return placed;
}

/* Of a packet that has no headers yet only what its socket knows can be looked at. */
static enum filter_verdict filter_match_socket(const struct filter *filter,
					       const struct headers *headers)
{
	bool v6 = headers->data[0] >> 4 == 6;
	int protocol = headers->data[v6 ? offsetof(struct ip6_hdr, ip6_nxt)
					: offsetof(struct iphdr, protocol)];

	if (!filter_knows_socket(filter, protocol))
		return FILTER_UNDECIDED;
	return classic_match(&filter->variants[EVENT_LAYER_IP].classic, headers->data,
			     headers->captured, headers->captured)
		       ? FILTER_MATCH
		       : FILTER_NO_MATCH;
}

/*
 * A load behind the end of what there is rejects the packet, and makes the negation
 * reject it, too. So does one behind the end of the packet itself, which is then decided.
 */
enum filter_verdict filter_match(const struct filter *filter,
				 const struct headers *headers, unsigned int len)
{
	const struct filter_variant *variant;
	unsigned int captured = headers->captured;

	if (captured > sizeof(headers->data))
		return FILTER_UNDECIDED;
	if (headers->layer == EVENT_LAYER_SOCKET)
		return filter_match_socket(filter, headers);
	if (headers->layer >= FILTER_LAYERS)
		return FILTER_UNDECIDED;
	variant = &filter->variants[headers->layer];
	len = headers_length(headers, len);
	if (classic_match(&variant->classic, headers->data, captured, len))
		return FILTER_MATCH;
	if (captured >= len ||
	    classic_match(&variant->negated, headers->data, captured, len))
		return FILTER_NO_MATCH;
	return FILTER_UNDECIDED;
}

void filter_dump(const struct filter *filter, FILE *out)
{
	for (int i = 0; i < FILTER_LAYERS; i++) {
		const struct filter_variant *variant = &filter->variants[i];

		fprintf(out, "%s, classic: %u bytes of a packet\n", filter_layers[i].name,
			variant->bytes);
		classic_print(&variant->classic, out);
		fprintf(out,
			"%s, extended: r1 data, r2 captured, r3 length, r4 A, r5 X\n",
			filter_layers[i].name);
		dump_extended(&variant->extended, out);
	}
}
