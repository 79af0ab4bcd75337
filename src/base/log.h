/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * log.h - words to the user, on standard error, each line "bpfpath: ..."
 *
 * Messages are lowercase, without a full stop, name the subject in quotes,
 * and say what to do. An error is reported once, where its cause is known.
 */
#ifndef BPFPATH_LOG_H
#define BPFPATH_LOG_H

#include <stdbool.h>

#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))

void log_error(const char *format, ...) PRINTF_LIKE(1, 2);
void log_warn(const char *format, ...) PRINTF_LIKE(1, 2);  /* "warning: " before it */
void log_info(const char *format, ...) PRINTF_LIKE(1, 2);  /* nothing when quiet */
void log_debug(const char *format, ...) PRINTF_LIKE(1, 2); /* only when verbose */

/*
 * What would go to standard error goes to @sink, without its newline; NULL: it goes there
 * again. For while standard error is a screen.
 */
void log_set_sink(void (*sink)(void *context, const char *line), void *context);

void log_set_quiet(bool quiet);
void log_set_verbose(bool verbose);
bool log_quiet(void);
bool log_verbose(void);

#endif
