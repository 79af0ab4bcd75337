// SPDX-License-Identifier: GPL-2.0-only
/*
 * udpveth FROM TO ADDRESS PORT COUNT PARKED RECEIVER: the load of the benchmark
 *
 * Sends COUNT UDP packets of 64 bytes, one after the other, from a socket in
 * the namespace FROM to one in the namespace TO, which has ADDRESS; each is
 * received before the next is sent. RECEIVER is "waits", a process that each packet
 * wakes, or "same", this one, which finds the packet in the queue. Before that PARKED
 * packets go to the port behind PORT, where they stay unread until the end. Prints two
 * times in nanoseconds, which in a machine with icount are instructions: what all COUNT
 * took, and what they would have if each batch was the middle one of 20, so that
 * nothing else that ran is in it.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define UDPVETH_BYTES	(64 - 20 - 8) /* with the headers of IP and UDP: 64 */
#define UDPVETH_WARM	64	      /* packets before time is taken */
#define UDPVETH_BATCHES 20
#define UDPVETH_QUEUE	(256 << 20) /* bytes that a socket holds */
#define UDPVETH_LOOKS	1024	    /* until a receiver is asked whether it still runs */

/* Both ends; .received is shared with the receiver, if that is another process. */
struct udpveth {
	struct sockaddr_in address;
	int from, to;
	unsigned long sent;
	volatile unsigned long *received;
	pid_t receiver; /* 0: this process */
};

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

static void udpveth_receive(const struct udpveth *load)
{
	char data[UDPVETH_BYTES];

	if (recv(load->to, data, sizeof(data), 0) != sizeof(data))
		udpveth_die("receive");
	++*load->received;
}

/* The receiver is ready to run, so that on one processor it is next. */
static void udpveth_await(const struct udpveth *load)
{
	for (unsigned long looks = 1; *load->received < load->sent; looks++) {
		sched_yield();
		if (looks % UDPVETH_LOOKS == 0 && waitpid(load->receiver, NULL, WNOHANG))
			udpveth_die("the receiver has ended");
	}
}

static void udpveth_exchange(struct udpveth *load, unsigned long count)
{
	while (count--) {
		udpveth_send(load->from, &load->address);
		load->sent++;
		if (load->receiver)
			udpveth_await(load);
		else
			udpveth_receive(load);
	}
}

static void udpveth_start(struct udpveth *load, bool waits)
{
	load->received = mmap(NULL, sizeof(*load->received), PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (load->received == MAP_FAILED)
		udpveth_die("mmap");
	if (!waits)
		return;
	load->receiver = fork();
	if (load->receiver < 0)
		udpveth_die("fork");
	if (load->receiver)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (true)
		udpveth_receive(load);
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

static void udpveth_measure(struct udpveth *load, unsigned long count)
{
	unsigned long long took[UDPVETH_BATCHES], begin, total = 0;
	unsigned long batch = count / UDPVETH_BATCHES;

	for (size_t i = 0; i < UDPVETH_BATCHES; i++) {
		begin = udpveth_now();
		udpveth_exchange(load, batch);
		took[i] = udpveth_now() - begin;
		total += took[i];
	}
	qsort(took, UDPVETH_BATCHES, sizeof(took[0]), udpveth_compare);
	printf("%llu %llu\n", total, took[UDPVETH_BATCHES / 2] * UDPVETH_BATCHES);
}

int main(int argc, char **argv)
{
	struct udpveth load = { .address.sin_family = AF_INET };
	struct sockaddr_in parking;
	unsigned long parked;
	bool waits = argc == 8 && !strcmp(argv[7], "waits");

	if (argc != 8 || inet_pton(AF_INET, argv[3], &load.address.sin_addr) != 1 ||
	    (!waits && strcmp(argv[7], "same") != 0)) {
		fprintf(stderr, "usage: udpveth FROM TO ADDRESS PORT COUNT PARKED "
				"waits|same\n");
		return 2;
	}
	load.address.sin_port = htons(atoi(argv[4]));
	parking = load.address;
	parking.sin_port = htons(atoi(argv[4]) + 1);
	parked = strtoul(argv[6], NULL, 10);

	udpveth_listen(argv[2], &parking); /* open until the end */
	load.to = udpveth_listen(argv[2], &load.address);
	load.from = udpveth_socket(argv[1]);
	while (parked--)
		udpveth_send(load.from, &parking);
	udpveth_start(&load, waits);
	udpveth_exchange(&load, UDPVETH_WARM);
	sleep(2); /* who reads along comes to rest */
	udpveth_measure(&load, strtoul(argv[5], NULL, 10));
	return 0;
}
