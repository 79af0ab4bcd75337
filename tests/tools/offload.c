// SPDX-License-Identifier: GPL-2.0-only
/* offload DEVICE gro|tso on|off: what 'ethtool -K' does, which is not everywhere */
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

int main(int argc, char **argv)
{
	struct ethtool_value value;
	struct ifreq request = { .ifr_data = (char *)&value };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (argc != 4 || strlen(argv[1]) >= sizeof(request.ifr_name)) {
		fprintf(stderr, "usage: offload DEVICE gro|tso on|off\n");
		return 2;
	}
	strcpy(request.ifr_name, argv[1]);
	value.cmd = strcmp(argv[2], "gro") ? ETHTOOL_STSO : ETHTOOL_SGRO;
	value.data = !strcmp(argv[3], "on");
	if (ioctl(fd, SIOCETHTOOL, &request)) {
		perror(argv[1]);
		return 1;
	}
	return 0;
}
