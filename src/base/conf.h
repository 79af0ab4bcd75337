/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * conf.h - the built-in data of share/: lines of fields with tabs between
 *
 * Empty lines and those that begin with '#' are for people.
 */
#ifndef BPFPATH_CONF_H
#define BPFPATH_CONF_H

/* The next field of a line, which is cut out of it; NULL when there is no more. */
char *conf_field(char **line);

/*
 * Hand each line to @parse, which may keep pointers into @text. 0, or the first that it
 * returns that is not 0, and in *@number (from 1) the line.
 */
int conf_read(char *text, int (*parse)(char *line), unsigned int *number);

#endif
