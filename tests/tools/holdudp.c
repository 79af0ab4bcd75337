// SPDX-License-Identifier: GPL-2.0-only
/*
 * holdudp COUNT: so many UDP packets at once over loopback to port 7777, none of
 * which is read before the last was sent. COUNT is small enough for one socket.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#define PORT 7777

static void die(const char *what)
{
	perror(what);
	exit(1);
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons(PORT),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int count = argc > 1 ? atoi(argv[1]) : 0;
	int from = socket(AF_INET, SOCK_DGRAM, 0), to = socket(AF_INET, SOCK_DGRAM, 0);
	char data[8] = "tag";

	if (from < 0 || to < 0 || bind(to, (struct sockaddr *)&address, sizeof(address)))
		die("bind");
	for (int i = 0; i < count; i++) {
		if (sendto(from, data, sizeof(data), 0, (struct sockaddr *)&address,
			   sizeof(address)) < 0)
			die("sendto");
	}
	for (int i = 0; i < count; i++) {
		if (recv(to, data, sizeof(data), 0) < 0)
			die("recv");
	}
	return 0;
}
