// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/ping_print.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <string.h>

#include "path/flow.h"
#include "ping/echo.h"
#include "ping/witness.h"
#include "render/writer.h"

static const char *const witness_names[] = {
	[WITNESS_REQUEST] = "request",
	[WITNESS_REPLY] = "reply",
	[WITNESS_ERROR] = "icmp_error",
};
static_assert(sizeof(witness_names) / sizeof(witness_names[0]) == WITNESS_KINDS,
	      "a name per kind");

uint32_t ping_result_sent(const struct ping_result *result)
{
	uint32_t sent = 0;

	while (sent < result->count && result->echoes[sent].sent)
		sent++;
	return sent;
}

uint32_t ping_result_answered(const struct ping_result *result)
{
	uint32_t answered = 0;

	for (uint32_t i = 0; i < result->count; i++)
		answered += result->echoes[i].answered != 0;
	return answered;
}

static void refusal_address(const struct echo *echo, char text[INET6_ADDRSTRLEN])
{
	const struct sockaddr_in *in = (const void *)&echo->refused_by;
	const struct sockaddr_in6 *in6 = (const void *)&echo->refused_by;
	bool v6 = echo->refused_by.ss_family == AF_INET6;

	inet_ntop(echo->refused_by.ss_family,
		  v6 ? (const void *)&in6->sin6_addr : &in->sin_addr, text,
		  INET6_ADDRSTRLEN);
}

static const char *refusal_name(const struct echo *echo)
{
	bool v6 = echo->refused_by.ss_family == AF_INET6;
	const struct flow flow = {
		.ip_proto = v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP,
		.icmp_type = echo->refused_type,
		.icmp_code = echo->refused_code,
	};

	return flow_icmp_name(&flow) ?: "an ICMP error";
}

/* As the kernel says it; EACCES has more than one cause (ip_route_output_key_hash). */
static const char *error_text(int error)
{
	return error == EACCES ? "a broadcast address, or a route forbids it"
			       : strerror(error);
}

/* Was a neighbour asked for on the way, who did not answer? */
static bool neighbour_is_silent(const struct ping_result *result)
{
	return result->witness->asked && !result->witness->answered;
}

/* ---- text */

static void print_sighting(FILE *out, const struct sighting *sighting, const char *what)
{
	if (!sighting->path)
		fprintf(out, "  %s was not seen\n", what);
	else
		fprintf(out, "  %s was last seen in %s, %s (#%" PRIu64 ")\n", what,
			sighting->place ?: "?", sighting->end ?: "?", sighting->path);
}

static void print_refusal(FILE *out, const struct echo *echo)
{
	char address[INET6_ADDRSTRLEN];

	refusal_address(echo, address);
	fprintf(out, ": %s said \"%s\"\n", address, refusal_name(echo));
}

static void print_unanswered(FILE *out, const struct echo *echo,
			     const struct sighting sightings[WITNESS_KINDS])
{
	if (echo->error)
		fprintf(out, ": could not be sent: %s\n", error_text(echo->error));
	else if (echo->refused_by.ss_family)
		print_refusal(out, echo);
	else
		fprintf(out, ": no answer\n");
	print_sighting(out, &sightings[WITNESS_REQUEST], "the request");
	if (!echo->error)
		print_sighting(out, &sightings[WITNESS_REPLY], "a reply");
	if (sightings[WITNESS_ERROR].path)
		print_sighting(out, &sightings[WITNESS_ERROR], "an ICMP error");
}

static void print_echo(FILE *out, const struct ping_result *result, uint32_t i)
{
	const struct echo *echo = &result->echoes[i];
	uint64_t ns = echo->answered - echo->sent;

	fprintf(out, "echo %" PRIu32 " to %s", i + 1, result->target);
	if (echo->answered)
		fprintf(out, ": answered after %" PRIu64 ".%03u ms\n", ns / 1000000,
			(unsigned int)(ns / 1000 % 1000));
	else
		print_unanswered(out, echo, result->witness->sightings[i]);
}

int ping_print_text(FILE *out, const struct ping_result *result)
{
	uint32_t sent = ping_result_sent(result);

	for (uint32_t i = 0; i < sent; i++)
		print_echo(out, result, i);
	if (neighbour_is_silent(result))
		fputs("a neighbour was asked for, and nobody answered: "
		      "it is down, or not on that link\n",
		      out);
	fprintf(out, "%" PRIu32 " sent, %" PRIu32 " answered\n", sent,
		ping_result_answered(result));
	return 0;
}

/* ---- JSON */

static void add_sighting(struct writer *writer, enum witness_kind kind,
			 const struct sighting *sighting)
{
	if (!sighting->path) {
		writer_null(writer, witness_names[kind]);
		return;
	}
	writer_open(writer, witness_names[kind], '{');
	writer_number(writer, "path", sighting->path);
	writer_text(writer, "place", sighting->place ?: "");
	writer_text(writer, "end", sighting->end ?: "");
	writer_close(writer, '}');
}

static void add_outcome(struct writer *writer, const struct echo *echo)
{
	char address[INET6_ADDRSTRLEN];

	if (echo->answered)
		writer_number(writer, "time", echo->answered - echo->sent);
	if (echo->error)
		writer_text(writer, "error", error_text(echo->error));
	if (!echo->refused_by.ss_family)
		return;
	refusal_address(echo, address);
	writer_open(writer, "refused", '{');
	writer_text(writer, "by", address);
	writer_number(writer, "type", echo->refused_type);
	writer_number(writer, "code", echo->refused_code);
	writer_close(writer, '}');
}

static void add_echo(struct writer *writer, const struct ping_result *result, uint32_t i)
{
	const struct echo *echo = &result->echoes[i];

	writer_open(writer, NULL, '{');
	writer_number(writer, "echo", i + 1);
	writer_text(writer, "target", result->target);
	writer_bool(writer, "answered", echo->answered);
	add_outcome(writer, echo);
	if (!echo->answered && neighbour_is_silent(result))
		writer_bool(writer, "neighbour_answered", false);
	for (size_t kind = 0; kind < WITNESS_KINDS; kind++)
		add_sighting(writer, kind, &result->witness->sightings[i][kind]);
	writer_close(writer, '}');
}

int ping_print_json(FILE *out, const struct ping_result *result)
{
	uint32_t sent = ping_result_sent(result);
	struct writer writer = { 0 };
	int err = 0;

	for (uint32_t i = 0; !err && i < sent; i++) {
		add_echo(&writer, result, i);
		err = writer_end(&writer, out);
	}
	writer_free(&writer);
	return err == -ENOMEM ? err : 0;
}
