// SPDX-License-Identifier: GPL-2.0-only
/* ageing.c - the session's side of bpf/ageing.bpf.h */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "bpf/bpfpath.skel.h"
#include "hook/internal.h"

#define AGEING_ROUNDS 8 /* looks at the table in the time that a packet has */

static void ageing_look(const struct session *session, uint64_t skb, uint64_t since)
{
	__u64 arguments[] = { skb, since };
	LIBBPF_OPTS(bpf_test_run_opts, options, .ctx_in = arguments,
		    .ctx_size_in = sizeof(arguments));

	bpf_prog_test_run_opts(bpf_program__fd(session->skeleton->progs.packet_age),
			       &options);
}

/* The next key is asked for before the program may delete this one. */
static void ageing_round(const struct session *session, uint64_t since)
{
	int fd = bpf_map__fd(session->skeleton->maps.followed_table);
	__u64 skb, next;
	bool more = !bpf_map_get_next_key(fd, NULL, &skb);

	for (uint32_t i = 0; more && i < session->table_size; i++, skb = next) {
		more = !bpf_map_get_next_key(fd, &skb, &next);
		ageing_look(session, skb, since);
	}
}

void session_age(struct session *session, uint64_t now)
{
	uint64_t patience = session->options.patience;

	if (session->detached || !patience || now < patience ||
	    now - session->aged < patience / AGEING_ROUNDS)
		return;
	session->aged = now;
	ageing_round(session, now - patience);
}
