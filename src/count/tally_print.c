// SPDX-License-Identifier: GPL-2.0-only
/*
 * An interval as a table, or as a line of JSON:
 *
 *	    packets         bytes   packets/s       Mbit/s  proto, 1.000 s until 08:00:01
 *	        400         39200       400.0        0.314  icmp
 *	        400         39200       400.0        0.314  total
 */
#include "count/tally.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>

#include "base/clock.h"
#include "count/group.h"
#include "render/writer.h"

#define MEGABIT 125000.0 /* bytes */

static double rate(uint64_t number, const struct tally *tally)
{
	return tally->length ? (double)number * CLOCK_SECOND / (double)tally->length : 0;
}

static void print_head(FILE *out, const struct tally *tally, enum count_by by)
{
	char clock[16];
	struct tm time;

	localtime_r(&tally->end.tv_sec, &time);
	strftime(clock, sizeof(clock), "%H:%M:%S", &time);
	fprintf(out, "%12s %15s %13s %12s  %s, %.3f s until %s\n", "packets", "bytes",
		"packets/s", "Mbit/s", group_names[by],
		(double)tally->length / CLOCK_SECOND, clock);
}

static void print_row(FILE *out, const struct tally *tally,
		      const struct count_value *value, const char *text)
{
	fprintf(out, "%12llu %15llu %13.1f %12.3f  %s\n", value->packets, value->bytes,
		rate(value->packets, tally), rate(value->bytes, tally) / MEGABIT, text);
}

int tally_print_text(FILE *out, const struct tally *tally, enum count_by by,
		     struct naming *naming, struct writer *writer)
{
	struct count_value total = tally_total(tally);

	print_head(out, tally, by);
	for (size_t i = 0; i < tally->count; i++)
		print_row(out, tally, &tally->rows[i].value, tally->rows[i].text);
	if (tally->other.packets)
		print_row(out, tally, &tally->other, "other, of groups without room");
	print_row(out, tally, &total, "total");
	if (tally->missed)
		fprintf(out, "%12" PRIu64 " packets not counted\n", tally->missed);
	fprintf(out, "\n");
	return ferror(out) ? -EIO : 0;
}

static void write_value(struct writer *writer, const struct count_value *value)
{
	writer_number(writer, "packets", value->packets);
	writer_number(writer, "bytes", value->bytes);
}

static void write_rate(struct writer *writer, const char *key, double number)
{
	char text[32];
	int length = snprintf(text, sizeof(text), "%.3f", number);

	WRITER_KEY(writer, key);
	writer_raw(writer, text, (size_t)length);
}

static void write_time(struct writer *writer, const struct timespec *at)
{
	char second[32], text[48];
	struct tm time;

	gmtime_r(&at->tv_sec, &time);
	strftime(second, sizeof(second), "%Y-%m-%dT%H:%M:%S", &time);
	snprintf(text, sizeof(text), "%s.%03ldZ", second, at->tv_nsec / 1000000);
	writer_text(writer, "time", text);
}

static void write_values(struct writer *writer, const struct tally *tally,
			 const struct count_value *value)
{
	write_value(writer, value);
	write_rate(writer, "packets_per_second", rate(value->packets, tally));
	write_rate(writer, "bytes_per_second", rate(value->bytes, tally));
}

int tally_print_json(FILE *out, const struct tally *tally, enum count_by by,
		     struct naming *naming, struct writer *writer)
{
	struct count_value total = tally_total(tally);

	writer_open(writer, NULL, '{');
	write_time(writer, &tally->end);
	writer_number(writer, "ns", tally->length);
	writer_text(writer, "by", group_names[by]);
	write_values(writer, tally, &total);
	writer_open(writer, "groups", '[');
	for (size_t i = 0; i < tally->count; i++) {
		writer_open(writer, NULL, '{');
		group_json(by, &tally->rows[i].key, naming, writer);
		write_values(writer, tally, &tally->rows[i].value);
		writer_close(writer, '}');
	}
	writer_close(writer, ']');
	writer_open(writer, "other", '{');
	write_value(writer, &tally->other);
	writer_close(writer, '}');
	writer_number(writer, "missed", tally->missed);
	writer_close(writer, '}');
	return writer_end(writer, out);
}
