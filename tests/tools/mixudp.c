// SPDX-License-Identifier: GPL-2.0-only
/*
 * mixudp ROUNDS [ONE-IN]: many packets through the same memory, few of them wanted
 *
 * Over loopback: in one round of 100, or of as many as is said, a UDP packet goes to port
 * 7777; in each, one to 8888, and in every third a message through a Unix socket and one
 * to the kernel by netlink, whose sk_buffs come out of the same caches. Everything is
 * read at once. A UDP packet begins and ends with a tag, port and number of the round.
 * Messages begin as an IP header does: their first four bits are 4.
 */
#include <arpa/inet.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define WANTED_PORT   7777
#define OTHER_PORT    8888
#define WANTED_ONE_IN 100 /* unless told otherwise */

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static int receiver(uint16_t port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
				       .sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)))
		die("bind");
	return fd;
}

static void pass(int from, int to, uint16_t port, int round)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
				       .sin_port = htons(port) };
	char text[96] = "", data[64];

	/* No two packets end alike, a checksum's length before their end. */
	snprintf(text, sizeof(text), "%04d-%08d %-39d%08d", port, round, port, round);
	memcpy(data, text, sizeof(data));
	if (sendto(from, data, sizeof(data), 0, (struct sockaddr *)&address,
		   sizeof(address)) < 0)
		die("sendto");
	if (recv(to, data, sizeof(data), 0) < 0)
		die("recv");
}

/* What the kernel reads and throws away. */
static void tell_kernel(int netlink)
{
	struct {
		struct nlmsghdr header;
		char data[60];
	} message = { .header.nlmsg_len = sizeof(message),
		      .header.nlmsg_type = NLMSG_NOOP,
		      .header.nlmsg_flags = NLM_F_REQUEST };

	if (send(netlink, &message, sizeof(message), 0) < 0)
		die("netlink");
}

static void pass_message(int pair[2])
{
	char text[] = "Even this may be a message";

	if (write(pair[0], text, sizeof(text)) < 0 ||
	    read(pair[1], text, sizeof(text)) < 0)
		die("unix");
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 0;
	int one_in = argc > 2 ? atoi(argv[2]) : WANTED_ONE_IN;
	int sender, wanted, other, netlink, pair[2];

	sender = socket(AF_INET, SOCK_DGRAM, 0);
	wanted = receiver(WANTED_PORT);
	other = receiver(OTHER_PORT);
	netlink = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	if (sender < 0 || netlink < 0 || socketpair(AF_UNIX, SOCK_DGRAM, 0, pair))
		die("socket");
	for (int round = 0; round < rounds; round++) {
		if (round % one_in == 0)
			pass(sender, wanted, WANTED_PORT, round);
		pass(sender, other, OTHER_PORT, round);
		if (round % 3)
			continue;
		pass_message(pair);
		tell_kernel(netlink);
	}
	return 0;
}
