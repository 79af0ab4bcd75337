// SPDX-License-Identifier: GPL-2.0-only
#include "ping/echo.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/errqueue.h>
#include <linux/icmp.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"

#define HEADER	    8 /* bytes, of IPv4 and IPv6 alike */
#define BUFFER_SIZE 2048

/* The places of what is read, in the header. */
enum { HEADER_TYPE = 0, HEADER_CHECKSUM = 2, HEADER_ID = 4, HEADER_SEQ = 6 };

struct run {
	const struct echo_socket *socket;
	const struct echo_plan *plan;
	struct echo *echoes;
	uint32_t sent; /* or failed to be */
	uint32_t done; /* of these, those that nothing more is expected of */
	uint64_t next; /* when to send the next one */
};

static bool is_ipv6(const struct echo_socket *socket)
{
	return socket->target.ss_family == AF_INET6;
}

/* ---- the socket */

static int open_any(int family, bool *raw)
{
	int protocol = family == AF_INET6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
	int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);

	*raw = fd < 0;
	if (fd < 0)
		fd = socket(family, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
	return fd;
}

/* A raw socket gets all ICMP packets: only replies are wanted. */
static int raw_filter(int fd, int family)
{
	const struct icmp_filter replies = { ~(1u << ICMP_ECHOREPLY) };
	struct icmp6_filter replies6;

	if (family == AF_INET)
		return setsockopt(fd, SOL_RAW, ICMP_FILTER, &replies, sizeof(replies));
	ICMP6_FILTER_SETBLOCKALL(&replies6);
	ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &replies6);
	return setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &replies6, sizeof(replies6));
}

/* ICMP errors are wanted, with who sent them. */
static int want_errors(int fd, int family)
{
	const int yes = 1;

	if (family == AF_INET)
		return setsockopt(fd, SOL_IP, IP_RECVERR, &yes, sizeof(yes));
	return setsockopt(fd, SOL_IPV6, IPV6_RECVERR, &yes, sizeof(yes));
}

int echo_open(const struct sockaddr_storage *target, socklen_t length, const char *dev,
	      struct echo_socket *out)
{
	struct echo_socket opened = { .target = *target, .target_length = length };
	AUTO_FD int fd = open_any(target->ss_family, &opened.raw);

	if (fd < 0) {
		log_error("cannot open a socket for echoes: %s%s", strerror(errno),
			  errno == EPERM ? "; it needs CAP_NET_RAW, or "
					   "net.ipv4.ping_group_range"
					 : "");
		return -errno;
	}
	if (dev && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, dev, strlen(dev) + 1)) {
		log_error("cannot use device '%s': %s", dev, strerror(errno));
		return -errno;
	}
	if ((opened.raw && raw_filter(fd, target->ss_family)) ||
	    want_errors(fd, target->ss_family) ||
	    getrandom(&opened.id, sizeof(opened.id), 0) < 0) {
		log_error("cannot set up a socket for echoes: %s", strerror(errno));
		return -errno;
	}
	opened.fd = TAKE_FD(fd);
	*out = opened;
	return 0;
}

struct echo *echo_share(uint32_t count)
{
	void *memory = mmap(NULL, count * sizeof(struct echo), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

void echo_unshare(struct echo *echoes, uint32_t count)
{
	if (echoes)
		munmap(echoes, count * sizeof(*echoes));
}

/* ---- sending */

/* RFC 1071 */
static uint16_t checksum(const uint8_t *bytes, size_t size)
{
	uint32_t sum = 0;

	for (size_t i = 0; i + 1 < size; i += 2)
		sum += (uint32_t)bytes[i] << 8 | bytes[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static void put16(uint8_t *bytes, uint16_t value)
{
	bytes[0] = value >> 8;
	bytes[1] = value & 0xff;
}

static uint16_t get16(const uint8_t *bytes)
{
	return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

/* The kernel fills in the checksum, but for a raw socket of IPv4. */
static void request_make(const struct run *run, uint16_t seq,
			 uint8_t request[HEADER + ECHO_SIZE])
{
	memset(request, 0, HEADER + ECHO_SIZE);
	request[HEADER_TYPE] = is_ipv6(run->socket) ? ICMP6_ECHO_REQUEST : ICMP_ECHO;
	put16(request + HEADER_ID, run->socket->id);
	put16(request + HEADER_SEQ, seq);
	memcpy(request + HEADER, run->plan->tag, ECHO_TAG);
	put16(request + HEADER_CHECKSUM, checksum(request, HEADER + ECHO_SIZE));
}

/* What came back for one before must not fail this one. */
static void error_forget(int fd)
{
	socklen_t size = sizeof(int);
	int error;

	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
}

static void request_send(struct run *run)
{
	const struct echo_socket *socket = run->socket;
	struct echo *echo = &run->echoes[run->sent++];
	uint8_t request[HEADER + ECHO_SIZE];

	request_make(run, (uint16_t)run->sent, request);
	error_forget(socket->fd);
	echo->sent = clock_now();
	if (sendto(socket->fd, request, sizeof(request), 0,
		   (const struct sockaddr *)&socket->target, socket->target_length) < 0) {
		echo->error = errno;
		run->done++;
	}
	run->next = echo->sent + run->plan->interval;
}

/* ---- receiving */

/* The echo that has the number in @header; NULL: none. */
static struct echo *echo_numbered(const struct run *run, const uint8_t *header)
{
	uint16_t seq = get16(header + HEADER_SEQ);

	return seq && seq <= run->sent ? &run->echoes[seq - 1] : NULL;
}

/* The echo that @header, of @size bytes with what follows, belongs to; NULL: none. */
static struct echo *echo_of(const struct run *run, const uint8_t *header, size_t size)
{
	if (size < HEADER + ECHO_TAG || memcmp(header + HEADER, run->plan->tag, ECHO_TAG))
		return NULL;
	return echo_numbered(run, header);
}

/* With a raw socket of IPv4 the IP header comes first. */
static size_t header_start(const struct echo_socket *socket, const uint8_t *bytes)
{
	return socket->raw && !is_ipv6(socket) ? (bytes[0] & 0xf) * 4u : 0;
}

static bool is_refused(const struct echo *echo)
{
	return echo->refused_by.ss_family;
}

static void reply_take(struct run *run, const uint8_t *bytes, size_t size)
{
	size_t start = size ? header_start(run->socket, bytes) : 0;
	uint8_t reply = is_ipv6(run->socket) ? ICMP6_ECHO_REPLY : ICMP_ECHOREPLY;
	uint64_t now = clock_now();
	struct echo *echo;

	if (size < start + HEADER || bytes[start + HEADER_TYPE] != reply)
		return;
	echo = echo_of(run, bytes + start, size - start);
	if (!echo || echo->answered || now - echo->sent > run->plan->patience)
		return;
	run->done += !is_refused(echo);
	echo->answered = now;
}

/* An error quotes the request; a router may quote its header only (RFC 792). */
static struct echo *echo_quoted(const struct run *run, const uint8_t *bytes, size_t size)
{
	if (size >= HEADER + ECHO_TAG)
		return echo_of(run, bytes, size);
	if (size < HEADER ||
	    (run->socket->raw && get16(bytes + HEADER_ID) != run->socket->id))
		return NULL;
	return echo_numbered(run, bytes);
}

/* The first one counts, and after it no answer is waited for. */
static void error_note(struct run *run, struct echo *echo,
		       const struct sock_extended_err *error)
{
	const struct sockaddr *from = SO_EE_OFFENDER(error);

	if (is_refused(echo) || (error->ee_origin != SO_EE_ORIGIN_ICMP &&
				 error->ee_origin != SO_EE_ORIGIN_ICMP6))
		return;
	run->done += !echo->answered;
	echo->refused_type = error->ee_type;
	echo->refused_code = error->ee_code;
	memcpy(&echo->refused_by, from,
	       from->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
					   : sizeof(struct sockaddr_in));
}

/* One error from the socket's queue of them; false: it is empty. */
static bool error_take(struct run *run)
{
	uint8_t bytes[BUFFER_SIZE], control[512];
	struct iovec data = { bytes, sizeof(bytes) };
	struct msghdr message = { .msg_iov = &data,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	ssize_t size = recvmsg(run->socket->fd, &message, MSG_ERRQUEUE);
	struct echo *echo;

	if (size < 0)
		return false;
	echo = echo_quoted(run, bytes, (size_t)size);
	for (struct cmsghdr *item = CMSG_FIRSTHDR(&message); echo && item;
	     item = CMSG_NXTHDR(&message, item)) {
		if ((item->cmsg_level == SOL_IP && item->cmsg_type == IP_RECVERR) ||
		    (item->cmsg_level == SOL_IPV6 && item->cmsg_type == IPV6_RECVERR))
			error_note(run, echo, (const void *)CMSG_DATA(item));
	}
	return true;
}

static void receive(struct run *run)
{
	uint8_t bytes[BUFFER_SIZE];
	ssize_t size;

	while (error_take(run))
		;
	while ((size = recv(run->socket->fd, bytes, sizeof(bytes), 0)) >= 0)
		reply_take(run, bytes, (size_t)size);
}

/* ---- time */

/* When there is something to do, or to give up. */
static uint64_t deadline(const struct run *run)
{
	if (run->sent < run->plan->count)
		return run->next;
	return run->echoes[run->sent - 1].sent + run->plan->patience;
}

static void wait_until(int fd, uint64_t time)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	uint64_t now = clock_now(), left = time > now ? time - now : 0;
	struct timespec patience = { (time_t)(left / CLOCK_SECOND),
				     (long)(left % CLOCK_SECOND) };

	ppoll(&poll_fd, 1, &patience, NULL);
}

void echo_run(const struct echo_socket *socket, const struct echo_plan *plan,
	      struct echo *echoes)
{
	struct run run = { .socket = socket, .plan = plan, .echoes = echoes };

	while (run.sent < plan->count || run.done < plan->count) {
		bool due = clock_now() >= deadline(&run);

		if (due && run.sent == plan->count)
			break;
		if (due)
			request_send(&run);
		wait_until(socket->fd, deadline(&run));
		receive(&run);
	}
}
