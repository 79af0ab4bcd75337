/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * words.h - places and ends in words, for the formats and commands that have no
 * columns for them
 */
#ifndef BPFPATH_WORDS_H
#define BPFPATH_WORDS_H

#include <stdbool.h>
#include <stddef.h>

struct path;
struct step;

#define WORDS_SIZE 512 /* enough for each of these */

/* "[4026531840 host]"; without a name the number alone. */
void words_netns(char *text, size_t size, const struct step *step);

/* "eth0", "device 7", "no device" */
void words_device(char *text, size_t size, const struct step *step);

/*
 * "clone of #1, made by skb_clone for br_flood", "retransmission 2 of #1, by sequence
 * number": what else the packet is. False: nothing else.
 */
bool words_origin(char *text, size_t size, const struct path *path);

/* "dropped in ip_rcv_core: OTHERHOST, the destination MAC address is another host's" */
void words_outcome(char *text, size_t size, const struct path *path);

/* The same, and whether the path may have a hole. */
void words_end(char *text, size_t size, const struct path *path);

#endif
