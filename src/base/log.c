// SPDX-License-Identifier: GPL-2.0-only
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>

#define LOG_LINE 1024 /* of a line that goes to a sink */

static bool quiet, verbose;
static void (*log_sink)(void *context, const char *line);
static void *log_sink_context;

static void log_to_sink(const char *kind, const char *format, va_list arguments)
{
	char line[LOG_LINE];
	int length = snprintf(line, sizeof(line), "bpfpath: %s", kind);

	vsnprintf(line + length, sizeof(line) - (size_t)length, format, arguments);
	log_sink(log_sink_context, line);
}

static void log_line(const char *kind, const char *format, va_list arguments)
{
	if (log_sink) {
		log_to_sink(kind, format, arguments);
		return;
	}
	flockfile(stderr);
	fprintf(stderr, "bpfpath: %s", kind);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	funlockfile(stderr);
}

#define LOG_WRITE(kind, format)                                                          \
	do {                                                                             \
		va_list arguments;                                                       \
		va_start(arguments, format);                                             \
		log_line(kind, format, arguments);                                       \
		va_end(arguments);                                                       \
	} while (0)

void log_error(const char *format, ...)
{
	LOG_WRITE("", format);
}

void log_warn(const char *format, ...)
{
	LOG_WRITE("warning: ", format);
}

void log_info(const char *format, ...)
{
	if (!quiet)
		LOG_WRITE("", format);
}

void log_debug(const char *format, ...)
{
	if (verbose)
		LOG_WRITE("", format);
}

void log_set_sink(void (*sink)(void *context, const char *line), void *context)
{
	log_sink = sink;
	log_sink_context = context;
}

void log_set_quiet(bool on)
{
	quiet = on;
}

void log_set_verbose(bool on)
{
	verbose = on;
}

bool log_quiet(void)
{
	return quiet;
}

bool log_verbose(void)
{
	return verbose;
}
