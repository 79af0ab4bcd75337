// SPDX-License-Identifier: GPL-2.0-only
/* gro DEVICE: switch generic receive offload on, as 'ethtool -K DEVICE gro on' does */
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

int main(int argc, char **argv)
{
	struct ethtool_value value = { .cmd = ETHTOOL_SGRO, .data = 1 };
	struct ifreq request = { .ifr_data = (char *)&value };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (argc != 2 || strlen(argv[1]) >= sizeof(request.ifr_name)) {
		fprintf(stderr, "usage: gro DEVICE\n");
		return 2;
	}
	strcpy(request.ifr_name, argv[1]);
	if (ioctl(fd, SIOCETHTOOL, &request)) {
		perror(argv[1]);
		return 1;
	}
	value.cmd = ETHTOOL_GGRO;
	return ioctl(fd, SIOCETHTOOL, &request) || !value.data;
}
