// SPDX-License-Identifier: GPL-2.0-only
/*
 * verdict DEVICE native|generic VERDICT COMMAND...: run a command while an XDP program is
 * on the device, which has this verdict (a number) on UDP over IPv4. Ends as the command
 * does; the program goes with it.
 */
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <linux/if_link.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "verdict.skel.h"

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static struct verdict_bpf *verdict_load(const char *verdict)
{
	struct verdict_bpf *skeleton = verdict_bpf__open();

	if (!skeleton)
		die("open");
	skeleton->rodata->verdict = (__u32)strtoul(verdict, NULL, 10);
	if (verdict_bpf__load(skeleton))
		die("load");
	return skeleton;
}

static void verdict_attach(const struct verdict_bpf *skeleton, const char *device,
			   const char *mode)
{
	LIBBPF_OPTS(bpf_link_create_opts, options,
		    .flags = strcmp(mode, "native") ? XDP_FLAGS_SKB_MODE
						    : XDP_FLAGS_DRV_MODE);
	int program = bpf_program__fd(skeleton->progs.give_verdict);

	if (bpf_link_create(program, (int)if_nametoindex(device), BPF_XDP, &options) < 0)
		die(device);
}

int main(int argc, char **argv)
{
	int status;
	pid_t pid;

	if (argc < 5) {
		fprintf(stderr,
			"usage: verdict DEVICE native|generic VERDICT COMMAND...\n");
		return 2;
	}
	verdict_attach(verdict_load(argv[3]), argv[1], argv[2]);
	pid = fork();
	if (pid == 0) {
		execvp(argv[4], argv + 4);
		die(argv[4]);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		die("command");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
