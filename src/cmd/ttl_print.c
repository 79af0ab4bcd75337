// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/ttl_print.h"

#include <assert.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/log.h"
#include "path/flow.h"
#include "render/writer.h"
#include "ttl/target.h"
#include "ttl/url.h"

static const char *const outcome_names[] = {
	[TARGET_CONNECTED] = "connected",   [TARGET_REFUSED] = "refused",
	[TARGET_TIMEOUT] = "timeout",	    [TARGET_FAILED] = "failed",
	[TARGET_UNRESOLVED] = "unresolved",
};
static_assert(sizeof(outcome_names) / sizeof(outcome_names[0]) == TARGET_OUTCOMES,
	      "a name per outcome");

#define FLAGS_SIZE 40 /* of flow_tcp_flags() */

static const char *packets_flags(const struct target_packets *packets, char *text)
{
	const struct flow flow = { .tcp_flags = packets->tcp_flags };

	return flow_tcp_flags(&flow, text, FLAGS_SIZE);
}

const char *ttl_print_address(const struct target *target, char text[TTL_ADDRESS_SIZE])
{
	char address[TTL_ADDRESS_SIZE - 2];

	target_address(target, address, sizeof(address));
	snprintf(text, TTL_ADDRESS_SIZE,
		 target->address.ss_family == AF_INET6 ? "[%s]" : "%s", address);
	return text;
}

/* ---- text */

static void print_name(FILE *out, const struct target *target)
{
	char address[TTL_ADDRESS_SIZE];

	fprintf(out, "%s", target->url->text);
	if (target->address_length)
		fprintf(out, " %s", ttl_print_address(target, address));
}

static bool packets_differ(const struct target *target)
{
	for (size_t i = 1; i < target->packet_kinds; i++)
		if (target->packets[i].ttl != target->packets[0].ttl)
			return true;
	return false;
}

static void print_packets(FILE *out, const struct target *target)
{
	char flags[FLAGS_SIZE];

	fprintf(out, " (packets:");
	for (size_t i = 0; i < target->packet_kinds; i++)
		fprintf(out, "%s %s ttl %u", i ? ";" : "",
			packets_flags(&target->packets[i], flags),
			target->packets[i].ttl);
	fprintf(out, ")");
}

int ttl_print_text(FILE *out, const struct target *target)
{
	const struct distance *distance = &target->distance;
	const char *doubt = distance_doubt_text(distance->doubt);

	print_name(out, target);
	if (!target->packet_kinds) {
		fprintf(out, ": unknown: %s\n", target->why);
		return 0;
	}
	fprintf(out, ": ttl %u, initial %u, distance %u", distance->ttl,
		distance->initial, distance->routers);
	if (target->outcome != TARGET_CONNECTED)
		fprintf(out, ", %s", outcome_names[target->outcome]);
	if (doubt)
		fprintf(out, " (ambiguous: %s)", doubt);
	if (packets_differ(target))
		print_packets(out, target);
	fprintf(out, "\n");
	return 0;
}

/* ---- the lines of ttl-ebpf */

int ttl_print_original(FILE *out, const struct target *target)
{
	char address[TTL_ADDRESS_SIZE];

	if (!target->packet_kinds) {
		log_error("%s%s%s: unknown: %s", target->url->text,
			  target->address_length ? " " : "",
			  ttl_print_address(target, address), target->why);
		return 0;
	}
	fprintf(out, "[+] TTL distance to %s %s is %u\n", target->url->text,
		ttl_print_address(target, address), target->distance.routers);
	return 0;
}

/* ---- JSON */

static void add_distance(struct writer *writer, const struct distance *distance)
{
	const char *doubt = distance_doubt_text(distance->doubt);

	writer_number(writer, "ttl", distance->ttl);
	writer_number(writer, "initial", distance->initial);
	writer_number(writer, "distance", distance->routers);
	writer_bool(writer, "ambiguous", doubt);
	if (doubt)
		writer_text(writer, "doubt", doubt);
}

static void add_packets(struct writer *writer, const struct target *target)
{
	char flags[FLAGS_SIZE];

	writer_open(writer, "packets", '[');
	for (size_t i = 0; i < target->packet_kinds; i++) {
		const struct target_packets *packets = &target->packets[i];

		writer_open(writer, NULL, '{');
		writer_text(writer, "flags", packets_flags(packets, flags));
		writer_number(writer, "ttl", packets->ttl);
		writer_number(writer, "count", packets->count);
		writer_close(writer, '}');
	}
	writer_close(writer, ']');
}

int ttl_print_json(FILE *out, const struct target *target)
{
	struct writer writer = { 0 };
	char address[INET6_ADDRSTRLEN + IF_NAMESIZE];
	int err;

	target_address(target, address, sizeof(address));
	writer_open(&writer, NULL, '{');
	writer_text(&writer, "url", target->url->text);
	writer_text(&writer, "host", target->url->host);
	writer_number(&writer, "port", strtoul(target->url->port, NULL, 10));
	if (target->address_length)
		writer_text(&writer, "address", address);
	writer_text(&writer, "outcome", outcome_names[target->outcome]);
	if (target->why[0])
		writer_text(&writer, "why", target->why);
	if (target->packet_kinds)
		add_distance(&writer, &target->distance);
	add_packets(&writer, target);
	writer_close(&writer, '}');
	err = writer_end(&writer, out);
	writer_free(&writer);
	return err == -ENOMEM ? err : 0;
}
