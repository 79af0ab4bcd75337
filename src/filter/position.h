/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * position.h - where in a filter expression an error is
 *
 * libpcap says "syntax error", or names a word, but never where.
 */
#ifndef BPFPATH_POSITION_H
#define BPFPATH_POSITION_H

/*
 * The offset in @text of the first token that no expression can have there;
 * strlen(@text) when it ends too early; -1 when it is not known. @text is one
 * that classic_is_syntax_error() is true for.
 */
int position_of_syntax_error(const char *text);

/* The offset in @text of what @message is about, -1 when it does not tell. */
int position_of_message(const char *text, const char *message);

#endif
