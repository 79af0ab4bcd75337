// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/standard.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

/* The lowest number that is free is taken, so that they are looked at in order. */
void standard_open(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) < 0)
			open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
	}
}

int standard_finish(void)
{
	int err;

	errno = 0;
	if (!fflush(stdout) && !ferror(stdout))
		return 0;
	err = errno ?: EIO;
	if (err != EPIPE)
		log_error("cannot write 'standard output': %s", strerror(err));
	return -err;
}
