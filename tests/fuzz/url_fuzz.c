// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any text as a URL of bpfpath ttl: it is refused with words, or what was found
 * in it says the same again, and is safe to show.
 *
 *	CC=clang meson setup build-fuzz -Dfuzz=true -Db_lundef=false
 *	ninja -C build-fuzz tests/fuzz/url_fuzz
 *	build-fuzz/tests/fuzz/url_fuzz -max_total_time=10 -max_len=1200
 */
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "ttl/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void same_again(const struct ttl_url *url)
{
	const char *scheme = url->family == AF_INET    ? "tcp4"
			     : url->family == AF_INET6 ? "tcp6"
						       : "tcp";
	char text[NI_MAXHOST + 32];
	struct ttl_url again;

	for (const char *at = url->host; *at; at++)
		if (!isgraph((unsigned char)*at))
			abort();
	snprintf(text, sizeof(text),
		 strchr(url->host, ':') ? "%s://[%s]:%s" : "%s://%s:%s", scheme,
		 url->host, url->port);
	if (ttl_url_parse(text, &again) || again.family != url->family ||
	    strcmp(again.host, url->host) || strcmp(again.port, url->port))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size);
	struct ttl_url url;
	const char *wrong = text ? ttl_url_parse(text, &url) : "";

	if (wrong && text && !*wrong)
		abort();
	if (!wrong)
		same_again(&url);
	free(text);
	return 0;
}
