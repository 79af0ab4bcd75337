// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/standard.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "cmd/output.h"

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
	return output_flush(stdout, NULL);
}
