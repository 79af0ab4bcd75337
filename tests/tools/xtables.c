// SPDX-License-Identifier: GPL-2.0-only
/*
 * xtables TABLE: let the kernel make a table of iptables in this network namespace, with
 * nothing in it, by asking for it as "iptables-legacy -t TABLE -L" does.
 */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/netfilter_ipv4/ip_tables.h>

int main(int argc, char **argv)
{
	struct ipt_getinfo info = { .name = "" };
	socklen_t size = sizeof(info);
	int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);

	if (argc != 2 || strlen(argv[1]) >= sizeof(info.name)) {
		fprintf(stderr, "usage: xtables TABLE\n");
		return 2;
	}
	strcpy(info.name, argv[1]);
	if (fd < 0 || getsockopt(fd, IPPROTO_IP, IPT_SO_GET_INFO, &info, &size)) {
		perror("IPT_SO_GET_INFO");
		return 1;
	}
	return 0;
}
