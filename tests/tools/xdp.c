// SPDX-License-Identifier: GPL-2.0-only
/*
 * xdp DEVICE native|generic PORT pass|drop|tx|DEVICE: attach an XDP program to the
 * first device that does this with UDP packets to the port; the last is where they are
 * redirected to. It stays until the device goes, or xdp DEVICE native|generic off.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "xdp.skel.h"

static void die(const char *what, int error)
{
	fprintf(stderr, "%s: %s\n", what, strerror(error));
	exit(1);
}

static unsigned int device(const char *name)
{
	unsigned int index = if_nametoindex(name);

	if (!index)
		die(name, errno);
	return index;
}

static void choose(struct xdp_bpf *program, const char *word)
{
	static const char *const words[] = {
		[XDP_DROP] = "drop", [XDP_PASS] = "pass", [XDP_TX] = "tx"
	};

	program->rodata->action = XDP_REDIRECT;
	for (unsigned int i = XDP_DROP; i <= XDP_TX; i++) {
		if (!strcmp(word, words[i]))
			program->rodata->action = i;
	}
	if (program->rodata->action == XDP_REDIRECT)
		program->rodata->target = device(word);
}

static int attach(const char *name, unsigned int mode, const char *port, const char *word)
{
	struct xdp_bpf *program = xdp_bpf__open();
	int err;

	if (!program)
		die("xdp program", errno);
	program->rodata->port = (unsigned short)atoi(port);
	choose(program, word);
	err = xdp_bpf__load(program);
	if (err)
		die("xdp program", -err);
	err = bpf_xdp_attach((int)device(name), bpf_program__fd(program->progs.xdp_fate),
			     mode, NULL);
	xdp_bpf__destroy(program);
	return err;
}

int main(int argc, char **argv)
{
	unsigned int mode;
	int err;

	if (argc != 4 && argc != 5) {
		fprintf(stderr,
			"usage: xdp DEVICE native|generic PORT pass|drop|tx|DEVICE\n"
			"       xdp DEVICE native|generic off\n");
		return 2;
	}
	mode = strcmp(argv[2], "generic") ? XDP_FLAGS_DRV_MODE : XDP_FLAGS_SKB_MODE;
	if (argc == 4)
		err = bpf_xdp_detach((int)device(argv[1]), mode, NULL);
	else
		err = attach(argv[1], mode, argv[3], argv[4]);
	if (err)
		die(argv[1], -err);
	return 0;
}
