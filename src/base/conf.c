// SPDX-License-Identifier: GPL-2.0-only
#include "base/conf.h"

#include <string.h>

char *conf_field(char **line)
{
	char *field;

	do
		field = strsep(line, "\t");
	while (field && !*field);
	return field;
}

int conf_read(char *text, int (*parse)(char *line), unsigned int *number)
{
	int err = 0;

	for (*number = 1; text; (*number)++) {
		char *line = strsep(&text, "\n");

		if (*line && *line != '#')
			err = parse(line);
		if (err)
			return err;
	}
	return 0;
}
