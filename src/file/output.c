// SPDX-License-Identifier: GPL-2.0-only
#include "file/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "file/block.h"

int output_create(struct output *output)
{
	const char *path = output->path;
	struct stat stat;

	if (!strcmp(path, "-"))
		output->fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	else
		output->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (output->fd < 0 || fstat(output->fd, &stat))
		return -errno;
	output->regular = S_ISREG(stat.st_mode) && strcmp(path, "-") != 0;
	output->written = 0;
	return 0;
}

/* Is what the name leads to still the file that we write, as we left it? */
static bool output_is_ours(const struct output *output)
{
	struct stat named, open;

	if (!output->regular)
		return true;
	return !stat(output->path, &named) && !fstat(output->fd, &open) &&
	       named.st_dev == open.st_dev && named.st_ino == open.st_ino &&
	       (uint64_t)open.st_size == output->written;
}

/* 0 or a negative errno; how many bytes were written in *@done. */
static int write_all(int fd, const struct bytes *bytes, size_t *done)
{
	*done = 0;
	while (*done < bytes->used) {
		ssize_t count = write(fd, bytes->data + *done, bytes->used - *done);

		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			return count ? -errno : -EIO;
		*done += (size_t)count;
	}
	return 0;
}

/* How many of the first @done bytes are whole blocks. */
static size_t blocks_whole(const struct bytes *blocks, size_t done)
{
	size_t at = 0;
	uint32_t length;

	while (done - at >= BLOCK_LEAST) {
		memcpy(&length, blocks->data + at + sizeof(uint32_t), sizeof(length));
		if (length > done - at)
			break;
		at += length;
	}
	return at;
}

int output_write(struct output *output, const struct bytes *blocks)
{
	size_t done;
	int err;

	if (!output_is_ours(output))
		return -ESTALE;
	err = write_all(output->fd, blocks, &done);
	output->written += blocks_whole(blocks, done);
	if (err && output->regular && ftruncate(output->fd, (off_t)output->written))
		log_debug("cannot cut '%s': %s", output->path, strerror(errno));
	return err;
}

/* FILE becomes FILE.1, FILE.1 becomes FILE.2, and so on. */
static int output_move(const struct output *output, unsigned int keep)
{
	const char *path = output->path;
	char from[PATH_MAX], to[PATH_MAX];

	for (unsigned int i = keep; i > 0; i--) {
		snprintf(to, sizeof(to), "%s.%u", path, i);
		snprintf(from, sizeof(from), "%s.%u", path, i - 1);
		if (rename(i > 1 ? from : path, to) && errno != ENOENT)
			return -errno;
	}
	return 0;
}

int output_rotate(struct output *output, unsigned int keep)
{
	int err = output_move(output, keep);

	if (err)
		return err;
	close(TAKE_FD(output->fd));
	return output_create(output);
}

void output_close(struct output *output)
{
	cleanup_fd(&output->fd);
}
