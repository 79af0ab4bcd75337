// SPDX-License-Identifier: GPL-2.0-only
/*
 * udpveth FROM TO ADDRESS PORT COUNT [PARKED]: the load of the benchmark
 *
 * Sends COUNT UDP packets of 64 bytes, one after the other, from a socket in
 * the namespace FROM to one in the namespace TO, which has ADDRESS, and
 * receives each before the next. Before that PARKED packets go to the port
 * behind PORT, where they stay unread until the end. Prints two times in
 * nanoseconds, which in a machine with icount are instructions: what all COUNT
 * took, and what they would have if each batch was the middle one of 20, so that
 * nothing else that ran is in it.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define UDPVETH_BYTES	(64 - 20 - 8) /* with the headers of IP and UDP: 64 */
#define UDPVETH_WARM	64	      /* packets before time is taken */
#define UDPVETH_BATCHES 20
#define UDPVETH_QUEUE	(256 << 20) /* bytes that a socket holds */

static void udpveth_die(const char *what)
{
	fprintf(stderr, "udpveth: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int udpveth_socket(const char *netns)
{
	int size = UDPVETH_QUEUE, fd;
	char path[256];

	snprintf(path, sizeof(path), "/run/netns/%s", netns);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		udpveth_die(path);
	close(fd);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		udpveth_die("socket");
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		udpveth_die("SO_RCVBUFFORCE");
	return fd;
}

static void udpveth_send(int fd, const struct sockaddr_in *to)
{
	static const char data[UDPVETH_BYTES];

	if (sendto(fd, data, sizeof(data), 0, (const struct sockaddr *)to, sizeof(*to)) <
	    0)
		udpveth_die("send");
}

static int udpveth_listen(const char *netns, const struct sockaddr_in *address)
{
	int fd = udpveth_socket(netns);
	struct timeval patience = { .tv_sec = 5 };

	if (bind(fd, (const struct sockaddr *)address, sizeof(*address)))
		udpveth_die("bind");
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	return fd;
}

static void udpveth_exchange(int from, int to, const struct sockaddr_in *address,
			     unsigned long count)
{
	char data[UDPVETH_BYTES];

	while (count--) {
		udpveth_send(from, address);
		if (recv(to, data, sizeof(data), 0) != sizeof(data))
			udpveth_die("receive");
	}
}

static unsigned long long udpveth_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

static int udpveth_compare(const void *a, const void *b)
{
	const unsigned long long *left = a, *right = b;

	return *left < *right ? -1 : *left > *right;
}

static void udpveth_measure(int from, int to, const struct sockaddr_in *address,
			    unsigned long count)
{
	unsigned long long took[UDPVETH_BATCHES], begin, total = 0;
	unsigned long batch = count / UDPVETH_BATCHES;

	for (size_t i = 0; i < UDPVETH_BATCHES; i++) {
		begin = udpveth_now();
		udpveth_exchange(from, to, address, batch);
		took[i] = udpveth_now() - begin;
		total += took[i];
	}
	qsort(took, UDPVETH_BATCHES, sizeof(took[0]), udpveth_compare);
	printf("%llu %llu\n", total, took[UDPVETH_BATCHES / 2] * UDPVETH_BATCHES);
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = { .sin_family = AF_INET }, parking;
	unsigned long count, parked;
	int from, to;

	if (argc < 6 || inet_pton(AF_INET, argv[3], &address.sin_addr) != 1) {
		fprintf(stderr, "usage: udpveth FROM TO ADDRESS PORT COUNT [PARKED]\n");
		return 2;
	}
	address.sin_port = htons(atoi(argv[4]));
	parking = address;
	parking.sin_port = htons(atoi(argv[4]) + 1);
	count = strtoul(argv[5], NULL, 10);
	parked = argc > 6 ? strtoul(argv[6], NULL, 10) : 0;

	udpveth_listen(argv[2], &parking); /* open until the end */
	to = udpveth_listen(argv[2], &address);
	from = udpveth_socket(argv[1]);
	while (parked--)
		udpveth_send(from, &parking);
	udpveth_exchange(from, to, &address, UDPVETH_WARM);
	sleep(2); /* who reads along comes to rest */
	udpveth_measure(from, to, &address, count);
	return 0;
}
