// SPDX-License-Identifier: GPL-2.0-only
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <pcap/pcap.h>

#include "base/cleanup.h"
#include "filter/classic.h"
#include "filter/error.h"

/* What an accepting program returns; no part of it is looked at. */
#define CLASSIC_SNAPLEN 262144

/* libpcap has no error codes here, only words. */
#define CLASSIC_REJECTS_ALL  "expression rejects all packets"
#define CLASSIC_SYNTAX_ERROR "syntax error"

static const int classic_linktypes[] = {
	[EVENT_LAYER_ETHERNET] = DLT_EN10MB,
	[EVENT_LAYER_IP] = DLT_RAW,
};

static void classic_close(pcap_t **pcap)
{
	if (*pcap)
		pcap_close(*pcap);
}

/*
 * struct sock_filter and libpcap's struct bpf_insn are the same instruction,
 * but not the same type: copied field by field.
 */
static int classic_copy(const struct bpf_program *program, struct classic *out)
{
	struct sock_filter *insns = calloc(program->bf_len, sizeof(*insns));

	if (!insns)
		return -ENOMEM;

	for (unsigned int i = 0; i < program->bf_len; i++) {
		const struct bpf_insn *insn = &program->bf_insns[i];

		insns[i] = (struct sock_filter){
			.code = insn->code,
			.jt = insn->jt,
			.jf = insn->jf,
			.k = insn->k,
		};
	}
	out->insns = insns;
	out->count = program->bf_len;
	return 0;
}

int classic_compile(const char *text, enum event_layer layer, struct classic *out,
		    struct filter_error *error)
{
	AUTO(classic_close) pcap_t *pcap = NULL;
	struct bpf_program program;
	int ret;

	pcap = pcap_open_dead(classic_linktypes[layer], CLASSIC_SNAPLEN);
	if (!pcap)
		return -ENOMEM;

	if (pcap_compile(pcap, &program, text, 1, PCAP_NETMASK_UNKNOWN)) {
		if (!strcmp(pcap_geterr(pcap), CLASSIC_REJECTS_ALL))
			return classic_reject(out);
		return error_set(error, "%s", pcap_geterr(pcap));
	}

	ret = classic_copy(&program, out);
	pcap_freecode(&program);
	return ret;
}

/*
 * Put behind an expression, this makes a sentence that libpcap parses and then
 * refuses for what it means: so no code is made, which takes seconds for some
 * hundred ports. It is refused before a parenthesis can be missed at its end.
 */
#define CLASSIC_MEANINGLESS "\nor net 0.0.0.0/99"

static bool classic_has_open_parenthesis(const char *text)
{
	int depth = 0;

	for (; *text; text++)
		depth += (*text == '(') - (*text == ')');
	return depth > 0;
}

bool classic_is_syntax_error(const char *text)
{
	AUTO(classic_close) pcap_t *pcap = pcap_open_dead(DLT_EN10MB, CLASSIC_SNAPLEN);
	AUTO_FREE char *sentence = malloc(strlen(text) + sizeof(CLASSIC_MEANINGLESS));
	struct bpf_program program;

	if (!pcap || !sentence)
		return false;
	if (classic_has_open_parenthesis(text))
		return true;

	stpcpy(stpcpy(sentence, text), CLASSIC_MEANINGLESS);
	if (pcap_compile(pcap, &program, sentence, 0, PCAP_NETMASK_UNKNOWN))
		return strstr(pcap_geterr(pcap), CLASSIC_SYNTAX_ERROR);
	pcap_freecode(&program);
	return false;
}

int classic_reject(struct classic *out)
{
	struct sock_filter *insn = calloc(1, sizeof(*insn));

	if (!insn)
		return -ENOMEM;

	insn->code = BPF_RET | BPF_K;
	out->insns = insn;
	out->count = 1;
	return 0;
}

bool classic_rejects(const struct classic *classic)
{
	const struct sock_filter *first = classic->insns;

	return first->code == (BPF_RET | BPF_K) && !first->k;
}

/* Of "ret A", which libpcap does not write, nothing is known beforehand. */
int classic_negate(const struct classic *classic, struct classic *out)
{
	struct sock_filter *insns = calloc(classic->count, sizeof(*insns));

	if (!insns)
		return -ENOMEM;

	for (unsigned int i = 0; i < classic->count; i++) {
		insns[i] = classic->insns[i];
		if (insns[i].code == (BPF_RET | BPF_K))
			insns[i].k = !insns[i].k;
		else if (insns[i].code == (BPF_RET | BPF_A))
			insns[i] = (struct sock_filter){ .code = BPF_RET | BPF_K };
	}
	out->insns = insns;
	out->count = classic->count;
	return 0;
}

void classic_free(struct classic *classic)
{
	free(classic->insns);
	*classic = (struct classic){};
}

/* Both instructions have the same fields in the same order. */
static_assert(sizeof(struct sock_filter) == sizeof(struct bpf_insn), "two names for it");

bool classic_match(const struct classic *classic, const __u8 *data, unsigned int captured,
		   unsigned int len)
{
	return bpf_filter((const struct bpf_insn *)(const void *)classic->insns, data,
			  len, captured) != 0;
}

void classic_print(const struct classic *classic, FILE *out)
{
	for (unsigned int i = 0; i < classic->count; i++) {
		const struct sock_filter *from = &classic->insns[i];
		struct bpf_insn insn = {
			.code = from->code,
			.jt = from->jt,
			.jf = from->jf,
			.k = from->k,
		};

		fprintf(out, "%s\n", bpf_image(&insn, i));
	}
}
