// SPDX-License-Identifier: GPL-2.0-only
/*
 * busy FUNCTION ADDRESS PORT: send a UDP packet, whose device or queue holds it back, and
 * call getppid(), at which a program runs until the packet goes on: FUNCTION is the
 * kernel's name of that system call. Fails if it did not go on meanwhile.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <bpf/libbpf.h>

#include "busy.skel.h"

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static struct busy_bpf *busy_attach(const char *function)
{
	struct busy_bpf *skeleton = busy_bpf__open_and_load();

	if (!skeleton)
		die("load");
	skeleton->bss->wanted = (__u32)getpid();
	if (!bpf_program__attach(skeleton->progs.packet_sent) ||
	    !bpf_program__attach_kprobe(skeleton->progs.stay_busy, false, function))
		die(function);
	return skeleton;
}

/* The queue's timer fires on the CPU where the packet was put into it. */
static void busy_stay_on_cpu(void)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(sched_getcpu(), &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		die("sched_setaffinity");
}

static int busy_socket(const char *address, const char *port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(atoi(port)) };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (fd < 0 || inet_pton(AF_INET, address, &to.sin_addr) != 1 ||
	    connect(fd, (struct sockaddr *)&to, sizeof(to)))
		die(address);
	return fd;
}

int main(int argc, char **argv)
{
	struct busy_bpf *skeleton;
	int fd;

	if (argc != 4) {
		fprintf(stderr, "usage: busy FUNCTION ADDRESS PORT\n");
		return 2;
	}
	skeleton = busy_attach(argv[1]);
	fd = busy_socket(argv[2], argv[3]);
	busy_stay_on_cpu();
	if (write(fd, "x", 1) != 1)
		die("write");
	syscall(SYS_getppid);
	return skeleton->bss->sent ? 0 : 1;
}
