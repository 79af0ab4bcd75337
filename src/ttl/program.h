/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * program.h - the socket filter that counts TTLs, instruction by instruction
 */
#ifndef BPFPATH_TTL_PROGRAM_H
#define BPFPATH_TTL_PROGRAM_H

#include <stdint.h>

/*
 * Its map is a hash of 64-bit counts by this key, without padding: all of it is
 * compared. The key of all zero, which has to be there, counts the packets that
 * had no room.
 */
struct program_key {
	uint64_t cookie; /* of the socket */
	uint8_t ttl, tcp_flags, zero[6];
};

#define PROGRAM_LOG_SIZE 16384

/*
 * Load it for @map, a file descriptor. A file descriptor, or a negative errno with
 * the verifier's words in @log, which has PROGRAM_LOG_SIZE bytes.
 */
int program_load(int map, char *log);

#endif
