// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/operand.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

static bool file_exists(const char *name)
{
	return !strcmp(name, "-") || !access(name, F_OK);
}

/* Where the name of the file ends, of which .file is a copy of the whole; 0: there is
 * none. */
static size_t operand_split(struct operand *operand)
{
	size_t length = strlen(operand->file);

	for (; length; length--) {
		char *end = &operand->file[length];

		if (operand->text[length] && !strchr("#:", operand->text[length]))
			continue;
		*end = '\0';
		if (file_exists(operand->file))
			return length;
	}
	return 0;
}

/* Behind "#". */
static int operand_packet(struct operand *operand, const char *text)
{
	char *end;

	errno = 0;
	operand->packet = strtoull(text, &end, 10);
	if (*text >= '1' && *text <= '9' && !*end && !errno)
		return 0;
	log_error("'%s': behind '#' comes the number of a packet, not '%s'",
		  operand->text, text);
	return -EINVAL;
}

int operand_read(struct operand *operand, const char *text)
{
	size_t length;

	*operand = (struct operand){ .text = text, .file = strdup(text) };
	if (!operand->file)
		return -ENOMEM;
	length = operand_split(operand);
	if (!length) {
		log_error("cannot read '%s': there is no such file", text);
		return -EINVAL;
	}
	if (text[length] == '#')
		return operand_packet(operand, text + length + 1);
	if (text[length] == ':')
		operand->filter = text + length + 1;
	return 0;
}

void operand_free(struct operand *operand)
{
	free(operand->file);
	operand->file = NULL;
}
