// SPDX-License-Identifier: GPL-2.0-only
/*
 * usage COMMAND...: run it, with nothing from it on standard output
 *
 * Prints its processor time, of user and kernel, in ms, and its peak in KiB.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static long usage_ms(const struct timeval *time)
{
	return time->tv_sec * 1000 + time->tv_usec / 1000;
}

static int usage_exec(char **command)
{
	int nothing = open("/dev/null", O_WRONLY);

	if (nothing >= 0 && dup2(nothing, STDOUT_FILENO) >= 0)
		execvp(command[0], command);
	perror(command[0]);
	return 127;
}

int main(int argc, char **argv)
{
	struct rusage usage;
	int status;
	pid_t pid;

	if (argc < 2) {
		fprintf(stderr, "usage: usage COMMAND...\n");
		return 2;
	}
	pid = fork();
	if (!pid)
		_exit(usage_exec(argv + 1));
	if (pid < 0 || wait4(pid, &status, 0, &usage) != pid || status)
		return 1;
	printf("%ld %ld %ld\n", usage_ms(&usage.ru_utime), usage_ms(&usage.ru_stime),
	       usage.ru_maxrss);
	return 0;
}
