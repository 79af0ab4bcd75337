// SPDX-License-Identifier: GPL-2.0-only
/*
 * sniff DEVICE COMMAND...: run a command while a packet socket gets a copy of
 * each packet on the device, as with tcpdump. Ends as the command does.
 */
#include <arpa/inet.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static int sniff_open(const char *device)
{
	struct sockaddr_ll address = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = (int)if_nametoindex(device),
	};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_ALL));

	if (!address.sll_ifindex)
		die(device);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)))
		die("packet socket");
	return fd;
}

static pid_t command_start(char **command, const sigset_t *signals)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (pid)
		return pid;
	sigprocmask(SIG_UNBLOCK, signals, NULL);
	execvp(command[0], command);
	die(command[0]);
	return 0;
}

int main(int argc, char **argv)
{
	struct pollfd fds[2] = { { .events = POLLIN }, { .events = POLLIN } };
	static char packet[65536];
	sigset_t signals;
	int status;
	pid_t pid;

	if (argc < 3) {
		fprintf(stderr, "usage: sniff DEVICE COMMAND...\n");
		return 2;
	}
	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	fds[0].fd = sniff_open(argv[1]);
	fds[1].fd = signalfd(-1, &signals, SFD_CLOEXEC);
	pid = command_start(argv + 2, &signals);
	while (poll(fds, 2, -1) > 0) {
		if (fds[0].revents && recv(fds[0].fd, packet, sizeof(packet), 0) < 0)
			die("packet socket");
		if (!fds[0].revents && waitpid(pid, &status, WNOHANG) == pid)
			return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
	}
	die("poll");
}
