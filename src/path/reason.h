/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * reason.h - what it means that a packet was dropped, in words
 *
 * Data, not code: share/reasons.conf, built in, says it; its head describes the
 * form.
 */
#ifndef BPFPATH_REASON_H
#define BPFPATH_REASON_H

/* Of an explanation, in bytes, so that it fits on a line. */
#define REASON_TEXT_MAX 110

/*
 * What @reason, a name without SKB_DROP_REASON_ or NULL for none, means where
 * @function dropped the packet; "" when that is not known. The most specific
 * line counts: reason and function; the function if there is no reason (NULL or
 * NOT_SPECIFIED); the reason. A compiler's suffix (".isra.0") does not count.
 * NULL: nothing to say. The text is built in.
 */
const char *reason_explain(const char *reason, const char *function);

/*
 * Read @text, which must live on and is changed, in place of what was read; NULL:
 * the built-in data, which the first explanation does by itself. For the tests. 0,
 * or -EINVAL and in *@line (from 1) the first line that is wrong: not of the form,
 * too long, or with a key that was there before.
 */
int reason_load(char *text, unsigned int *line);

#endif
