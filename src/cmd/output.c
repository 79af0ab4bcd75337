// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"

int output_open(const char *name, FILE **out)
{
	*out = name ? fopen(name, "we") : stdout;
	return *out ? 0 : output_failed(name, errno);
}

bool output_is_file(FILE *out)
{
	struct stat stat;

	return !fstat(fileno(out), &stat) && S_ISREG(stat.st_mode);
}

int output_failed(const char *name, int error)
{
	error = abs(error);
	if (error != EPIPE)
		log_error("cannot write '%s': %s", name ?: "standard output",
			  strerror(error));
	return -error;
}

int output_flush(FILE *out, const char *name)
{
	int before = errno; /* what more than the buffer holds has failed already */

	if (fflush(out))
		return output_failed(name, errno);
	return ferror(out) ? output_failed(name, before ?: EIO) : 0;
}
