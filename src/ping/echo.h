/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * echo.h - echo requests (RFC 792, RFC 4443), and what becomes of them
 *
 * They are sent and received in a process of their own, so that they go out in time
 * whatever tracing takes; what it learns is in memory that both share.
 */
#ifndef BPFPATH_ECHO_H
#define BPFPATH_ECHO_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#define ECHO_TAG  8	/* bytes, right behind the header of the request */
#define ECHO_MAX  65535 /* numbers that a header can have, from 1 on */
#define ECHO_SIZE 56	/* bytes behind the header, as of ping(8) */

struct echo_socket {
	int fd;
	bool raw;    /* needs a checksum, and gets what is for others, too */
	uint16_t id; /* of a raw one; otherwise the kernel chooses */
	struct sockaddr_storage target;
	socklen_t target_length;
};

struct echo_plan {
	uint32_t count;	       /* 1 to ECHO_MAX */
	uint64_t interval;     /* ns from one to the next */
	uint64_t patience;     /* ns to wait for each answer */
	uint8_t tag[ECHO_TAG]; /* no other packet has it */
};

/* One request, number N at index N - 1. */
struct echo {
	uint64_t sent;	   /* ns, CLOCK_MONOTONIC; 0: not yet */
	uint64_t answered; /* likewise */
	int error;	   /* errno of sending it; 0: it was sent */
	/* An ICMP error that came back for it; refused_by.ss_family is 0: none. */
	struct sockaddr_storage refused_by;
	uint8_t refused_type, refused_code;
};

/*
 * Open a socket for echoes to @target, in the namespace of the process, that uses
 * the device @ifindex called @dev only (NULL: any). 0, or a negative errno after one
 * line to the user.
 */
int echo_open(const struct sockaddr_storage *target, socklen_t length, const char *dev,
	      struct echo_socket *out);

/* Room for @count echoes that is shared with processes forked later; NULL: none. */
struct echo *echo_share(uint32_t count);
void echo_unshare(struct echo *echoes, uint32_t count);

/* Send what is planned, and wait for the answers, the last one's patience at most. */
void echo_run(const struct echo_socket *socket, const struct echo_plan *plan,
	      struct echo *echoes);

#endif
