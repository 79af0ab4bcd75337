// SPDX-License-Identifier: GPL-2.0-only
/*
 * tapfrags DEVICE COUNT: UDP packets that arrive with their IP header in a page
 * fragment, as from a driver that gives GRO nothing but pages.
 *
 * Makes a tap device with IFF_NAPI_FRAGS (drivers/net/tun.c,
 * tun_napi_alloc_frags): the first segment of a write becomes the linear part,
 * each other one a fragment. The device is up with 10.66.0.1/24 and goes with
 * the process. Each packet is from 10.66.0.2:4660 to 10.66.0.1:22136.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

#define PAYLOAD 32

struct packet {
	struct iphdr ip;
	struct udphdr udp;
	char payload[PAYLOAD];
} __attribute__((packed));

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static uint16_t checksum(const void *data, size_t size)
{
	const uint16_t *words = data;
	uint32_t sum = 0;

	for (size_t i = 0; i < size / 2; i++)
		sum += words[i];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

static void control(int fd, unsigned long request, struct ifreq *ifr, const char *what)
{
	if (ioctl(fd, request, ifr))
		die(what);
}

static void set_address(int fd, struct ifreq *ifr, unsigned long request,
			const char *text)
{
	struct sockaddr_in *address = (struct sockaddr_in *)&ifr->ifr_addr;

	memset(address, 0, sizeof(*address));
	address->sin_family = AF_INET;
	inet_pton(AF_INET, text, &address->sin_addr);
	control(fd, request, ifr, "address");
}

/* The tap's file; its MAC address goes to @mac. */
static int tap_open(const char *name, uint8_t *mac)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_NAPI |
					  IFF_NAPI_FRAGS };
	int tap = open("/dev/net/tun", O_RDWR), inet = socket(AF_INET, SOCK_DGRAM, 0);

	if (tap < 0)
		die("/dev/net/tun");
	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	control(tap, TUNSETIFF, &ifr, "TUNSETIFF");
	control(inet, SIOCGIFHWADDR, &ifr, "SIOCGIFHWADDR");
	memcpy(mac, ifr.ifr_hwaddr.sa_data, ETH_ALEN);
	set_address(inet, &ifr, SIOCSIFADDR, "10.66.0.1");
	set_address(inet, &ifr, SIOCSIFNETMASK, "255.255.255.0");
	ifr.ifr_flags = IFF_UP | IFF_RUNNING;
	control(inet, SIOCSIFFLAGS, &ifr, "SIOCSIFFLAGS");
	close(inet);
	return tap;
}

int main(int argc, char **argv)
{
	struct ether_header ethernet = { .ether_shost = { 2, 0, 0, 0, 0, 2 },
					 .ether_type = htons(ETHERTYPE_IP) };
	struct packet packet = {
		.ip = { .version = 4,
			.ihl = 5,
			.ttl = 64,
			.protocol = IPPROTO_UDP,
			.tot_len = htons(sizeof(packet)) },
		.udp = { .source = htons(4660),
			 .dest = htons(22136),
			 .len = htons(sizeof(packet) - sizeof(struct iphdr)) },
	};
	struct iovec parts[] = {
		{ &ethernet, sizeof(ethernet) },
		{ &packet, sizeof(packet) },
	};
	int tap;

	if (argc != 3)
		return 2;
	tap = tap_open(argv[1], ethernet.ether_dhost);
	inet_pton(AF_INET, "10.66.0.2", &packet.ip.saddr);
	inet_pton(AF_INET, "10.66.0.1", &packet.ip.daddr);
	for (int i = 0; i < atoi(argv[2]); i++) {
		packet.ip.id = htons(i + 1);
		packet.ip.check = 0;
		packet.ip.check = checksum(&packet.ip, sizeof(packet.ip));
		if (writev(tap, parts, 2) < 0)
			die("writev");
	}
	/* The device goes when this ends: let what is in it be received. */
	sleep(1);
	return 0;
}
