// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/libbpf_log.h"

#include <stdarg.h>
#include <stdio.h>
#include <bpf/libbpf.h>

#include "base/log.h"

static int libbpf_log_print(enum libbpf_print_level level, const char *format,
			    va_list args)
{
	if (!log_verbose() || level == LIBBPF_DEBUG)
		return 0;
	return vfprintf(stderr, format, args);
}

void libbpf_log_set(void)
{
	libbpf_set_print(libbpf_log_print);
}
