/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * error.h - what is wrong with a filter, in words that fit a terminal line
 */
#ifndef BPFPATH_FILTER_ERROR_H
#define BPFPATH_FILTER_ERROR_H

#include "base/log.h"
#include "filter/filter.h"

/*
 * Fill in *@error, position not known; always -EINVAL. Names from the text may
 * be part of the message: bytes that are not printable ASCII become '?', and
 * quotes become double quotes.
 */
int error_set(struct filter_error *error, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
