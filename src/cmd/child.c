// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"

#define CHILD_PATIENCE 1000 /* ms from SIGTERM to SIGKILL */

/* It must not outlive @parent, and gets no signals that are blocked. */
static void child_begin(pid_t parent)
{
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(1);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
}

/* What a command's standard files are. */
struct child_files {
	int input; /* -1: nothing can be read */
	int output, error;
};

/* Standard error last: others may be what it is now. */
static void child_redirect(const struct child_files *files)
{
	int input = files->input >= 0 ? files->input : open("/dev/null", O_RDONLY);

	if (input >= 0 && input != STDIN_FILENO)
		dup2(input, STDIN_FILENO);
	if (files->output != STDOUT_FILENO)
		dup2(files->output, STDOUT_FILENO);
	if (files->error != STDERR_FILENO)
		dup2(files->error, STDERR_FILENO);
}

static void child_exec(char **argv, const struct child_files *files, int report,
		       pid_t parent)
{
	int err;

	child_begin(parent);
	child_redirect(files);
	execvp(argv[0], argv);
	err = errno;
	if (write(report, &err, sizeof(err)) < 0)
		_exit(126);
	_exit(127);
}

static int child_watch(struct child *child, pid_t pid, const char *name)
{
	int err;

	child->pid = pid;
	child->fd = syscall(SYS_pidfd_open, pid, 0);
	if (child->fd >= 0)
		return 0;
	err = -errno;
	log_error("cannot watch '%s': %s", name, strerror(errno));
	child_stop(child);
	return err;
}

static int child_run(struct child *child, char **argv, const struct child_files *files)
{
	pid_t parent = getpid(), pid;
	int report[2], err = 0;

	if (pipe2(report, O_CLOEXEC))
		return -errno;
	pid = fork();
	if (pid == 0)
		child_exec(argv, files, report[1], parent);
	close(report[1]);
	AUTO_FD int reader = report[0];
	if (pid < 0) {
		log_error("cannot start '%s': %s", argv[0], strerror(errno));
		return -errno;
	}
	/* The pipe closes with a successful exec; otherwise errno comes. */
	if (read(reader, &err, sizeof(err)) == sizeof(err)) {
		waitpid(pid, NULL, 0);
		log_error("cannot run '%s': %s", argv[0], strerror(err));
		return -err;
	}
	return child_watch(child, pid, argv[0]);
}

int child_start(struct child *child, char **argv, int output)
{
	const struct child_files files = { STDIN_FILENO, output, STDERR_FILENO };

	return child_run(child, argv, &files);
}

int child_start_apart(struct child *child, char **argv, int output)
{
	const struct child_files files = { -1, output, output };

	return child_run(child, argv, &files);
}

static void child_end(int signal)
{
	_exit(0);
}

int child_fork(struct child *child, int (*fn)(void *context), void *context)
{
	pid_t parent = getpid(), pid = fork();

	if (pid < 0) {
		log_error("cannot start a process: %s", strerror(errno));
		return -errno;
	}
	if (pid == 0) {
		signal(SIGINT, SIG_IGN);
		signal(SIGTERM, child_end);
		child_begin(parent);
		_exit(fn(context));
	}
	return child_watch(child, pid, "a process of bpfpath");
}

void child_collect(struct child *child)
{
	int status = 0;

	if (child->pid <= 0)
		return;
	waitpid(child->pid, &status, 0);
	if (child->fd >= 0)
		close(child->fd);
	*child = (struct child){ .fd = -1 };
	if (WIFEXITED(status) && WEXITSTATUS(status))
		log_info("the command ended with status %d", WEXITSTATUS(status));
	else if (WIFSIGNALED(status))
		log_info("the command was ended by signal %d", WTERMSIG(status));
}

void child_stop(struct child *child)
{
	struct pollfd poll_fd = { .fd = child->fd, .events = POLLIN };

	if (child->pid <= 0)
		return;
	kill(child->pid, SIGTERM);
	if (child->fd < 0 || poll(&poll_fd, 1, CHILD_PATIENCE) <= 0)
		kill(child->pid, SIGKILL);
	child_collect(child);
}
