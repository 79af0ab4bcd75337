// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/detached.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"

#define LOG_SUFFIX ".log"
#define NAME_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"

static int ready_fd = -1; /* of the pipe to the process that waits */

/* ---- where it is written down */

static int directory_path(char path[PATH_MAX])
{
	const char *runtime = geteuid() ? getenv("XDG_RUNTIME_DIR") : "/run";

	if (!runtime || !*runtime)
		return -ENOENT;
	snprintf(path, PATH_MAX, "%s/bpfpath", runtime);
	return 0;
}

static int state_path(char path[PATH_MAX], const char *name, const char *suffix)
{
	char directory[PATH_MAX];
	int err = directory_path(directory);

	if (!err &&
	    snprintf(path, PATH_MAX, "%s/%s%s", directory, name, suffix) >= PATH_MAX)
		return -ENAMETOOLONG;
	return err;
}

int detached_check(const char *name)
{
	size_t length = strlen(name);

	if (length && length < DETACHED_NAME && strspn(name, NAME_CHARS) == length)
		return 0;
	log_error(
		"'%s' is no name of a session: use up to %d letters, digits, '-' and '_'",
		name, DETACHED_NAME - 1);
	return -EINVAL;
}

/*
 * When a process began; 0: there is none, or nothing of it but an exit status. Its
 * name may hold any byte, proc(5).
 */
static uint64_t process_start(pid_t pid)
{
	char path[64], text[1024], state = 0;
	uint64_t start = 0;
	size_t length;
	AUTO_FILE FILE *file = NULL;
	char *at;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "re");
	if (!file)
		return 0;
	length = fread(text, 1, sizeof(text) - 1, file);
	text[length] = '\0';
	at = strrchr(text, ')');
	if (at)
		sscanf(at + 1,
		       " %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d "
		       "%*d %*d %*d %*d %" SCNu64,
		       &state, &start);
	return start && state != 'Z' ? start : 0;
}

static int state_write(const char *name, const char *file)
{
	char path[PATH_MAX], absolute[PATH_MAX];
	AUTO_FILE FILE *out = NULL;

	if (state_path(path, name, ""))
		return -ENOENT;
	out = fopen(path, "we");
	if (!out)
		return -errno;
	fprintf(out, "%d %" PRIu64 " %s\n", getpid(), process_start(getpid()),
		realpath(file, absolute) ? absolute : file);
	return fflush(out) ? -errno : 0;
}

int detached_read(const char *name, struct detached *out)
{
	char path[PATH_MAX];
	AUTO_FILE FILE *in = NULL;
	int fields, err = state_path(path, name, "");

	*out = (struct detached){ 0 };
	snprintf(out->name, sizeof(out->name), "%s", name);
	if (err)
		return err;
	in = fopen(path, "re");
	if (!in)
		return -errno;
	fields = fscanf(in, "%d %" SCNu64 " %4095[^\n]", &out->pid, &out->start,
			out->file);
	if (fields != 3 || out->pid <= 0)
		return -EBADMSG;
	out->running = process_start(out->pid) == out->start;
	return 0;
}

/* ---- becoming one */

/* What was there under this name has ended, or the name is taken. */
static int name_claim(const char *name)
{
	char directory[PATH_MAX];
	struct detached before;

	if (directory_path(directory)) {
		log_error("no place to keep sessions: set XDG_RUNTIME_DIR");
		return -ENOENT;
	}
	if (mkdir(directory, 0700) && errno != EEXIST) {
		log_error("cannot make '%s': %s", directory, strerror(errno));
		return -errno;
	}
	if (detached_read(name, &before) || !before.running)
		return 0;
	log_error("session '%s' is running already: 'bpfpath stop %s' ends it", name,
		  name);
	return -EEXIST;
}

/* The first process: until the other one is ready or has failed. */
static void parent_wait(pid_t pid, int fd)
{
	int status = 0;
	char byte;

	if (read(fd, &byte, 1) == 1)
		_exit(EXIT_SUCCESS);
	waitpid(pid, &status, 0);
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE);
}

int detached_start(const char *name)
{
	int pipe_fds[2], err = name_claim(name);
	pid_t pid;

	if (err)
		return err;
	if (pipe2(pipe_fds, O_CLOEXEC))
		return -errno;
	pid = fork();
	if (pid < 0)
		return -errno;
	if (pid) {
		close(pipe_fds[1]);
		parent_wait(pid, pipe_fds[0]);
	}
	close(pipe_fds[0]);
	ready_fd = pipe_fds[1];
	setsid();
	return 0;
}

int detached_ready(const char *name, const char *file)
{
	AUTO_FD int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
	char path[PATH_MAX] = "";
	AUTO_FD int log = -1;
	int err = state_write(name, file);

	if (err) {
		log_error("cannot write down session '%s': %s", name, strerror(-err));
		return err;
	}
	if (!state_path(path, name, LOG_SUFFIX))
		log = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC,
			   0600);
	log_info("recording as session '%s', process %d: 'bpfpath stop %s' ends it", name,
		 getpid(), name);
	dup2(nothing, STDIN_FILENO);
	dup2(nothing, STDOUT_FILENO);
	dup2(log >= 0 ? log : nothing, STDERR_FILENO);
	if (write(ready_fd, "", 1) < 0)
		log_warn("nobody waited for the session to begin");
	close(TAKE_FD(ready_fd));
	return 0;
}

/* ---- looking at them */

static int entry_is_session(const struct dirent *entry)
{
	return strspn(entry->d_name, NAME_CHARS) == strlen(entry->d_name);
}

int detached_each(void (*fn)(const struct detached *session, void *context),
		  void *context)
{
	struct dirent **entries;
	char directory[PATH_MAX];
	struct detached session;
	int count;

	if (directory_path(directory))
		return 0;
	count = scandir(directory, &entries, entry_is_session, alphasort);
	if (count < 0)
		return errno == ENOENT ? 0 : -errno;
	for (int i = 0; i < count; i++) {
		if (!detached_read(entries[i]->d_name, &session))
			fn(&session, context);
		free(entries[i]);
	}
	free(entries);
	return 0;
}

/* A pidfd cannot come to mean another process: what it means is looked at behind it. */
int detached_stop(const struct detached *session)
{
	AUTO_FD int process = pidfd_open(session->pid, 0);
	struct pollfd poll_fd = { .fd = process, .events = POLLIN };

	if (process < 0)
		return errno == ESRCH ? 0 : -errno;
	if (process_start(session->pid) != session->start)
		return 0;
	if (pidfd_send_signal(process, SIGTERM, NULL, 0))
		return errno == ESRCH ? 0 : -errno;
	while (poll(&poll_fd, 1, -1) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	return 0;
}

static FILE *log_open(const struct detached *session)
{
	char path[PATH_MAX];

	return state_path(path, session->name, LOG_SUFFIX) ? NULL : fopen(path, "re");
}

void detached_words(const struct detached *session, char *line, size_t size)
{
	AUTO_FILE FILE *log = log_open(session);

	if (!log || !fgets(line, (int)size, log))
		*line = '\0';
	line[strcspn(line, "\n")] = '\0';
}

void detached_forget(const struct detached *session)
{
	AUTO_FILE FILE *log = log_open(session);
	char text[1024], path[PATH_MAX];

	while (log && fgets(text, sizeof(text), log))
		fputs(text, stderr);
	if (!state_path(path, session->name, LOG_SUFFIX))
		unlink(path);
	if (!state_path(path, session->name, ""))
		unlink(path);
}
