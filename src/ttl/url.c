// SPDX-License-Identifier: GPL-2.0-only
#include "ttl/url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define ALPHANUMERIC "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

static const struct {
	const char *prefix;
	int family;
} schemes[] = {
	{ "tcp4://", AF_INET },
	{ "tcp6://", AF_INET6 },
	{ "tcp://", AF_UNSPEC },
};

/* Behind the scheme, which says the family; NULL: there is none that is known. */
static const char *url_scheme(const char *text, int *family)
{
	for (size_t i = 0; i < COUNT(schemes); i++) {
		size_t length = strlen(schemes[i].prefix);

		if (!strncmp(text, schemes[i].prefix, length)) {
			*family = schemes[i].family;
			return text + length;
		}
	}
	return NULL;
}

/* An address in brackets: its text and length, and what is behind the bracket. */
static const char *url_bracket(const char *text, struct ttl_url *url, const char **rest)
{
	size_t length = strspn(text + 1, ALPHANUMERIC ":.%-_");

	if (text[1 + length] != ']' || !memchr(text + 1, ':', length))
		return "write an IPv6 address in brackets, as in tcp6://[::1]:80";
	if (url->family == AF_INET)
		return "an IPv6 address needs tcp6:// or tcp://";
	if (length >= sizeof(url->host))
		return "its host is too long";
	memcpy(url->host, text + 1, length);
	*rest = text + length + 2;
	return NULL;
}

static const char *url_name(const char *text, struct ttl_url *url, const char **rest)
{
	size_t length = strspn(text, ALPHANUMERIC ".-_");

	if (strchr(text, ':') != strrchr(text, ':'))
		return "write an IPv6 address in brackets, as in tcp6://[::1]:80";
	if (!length || (text[length] && text[length] != ':'))
		return "use tcp4://HOST:PORT, tcp6://HOST:PORT or tcp://HOST:PORT";
	if (length >= sizeof(url->host))
		return "its host is too long";
	memcpy(url->host, text, length);
	*rest = text + length;
	return NULL;
}

static const char *url_port(const char *text, struct ttl_url *url)
{
	size_t length = strspn(text, "0123456789");
	unsigned long port = strtoul(text, NULL, 10);

	if (!length || length >= sizeof(url->port) || text[length] || !port ||
	    port > 65535)
		return "its port has to be a number from 1 to 65535";
	snprintf(url->port, sizeof(url->port), "%lu", port);
	return NULL;
}

const char *ttl_url_parse(const char *text, struct ttl_url *url)
{
	struct ttl_url parsed = { .text = text };
	const char *rest = url_scheme(text, &parsed.family), *wrong;

	if (!rest)
		return "use tcp4://HOST:PORT, tcp6://HOST:PORT or tcp://HOST:PORT";
	wrong = *rest == '[' ? url_bracket(rest, &parsed, &rest)
			     : url_name(rest, &parsed, &rest);
	if (wrong)
		return wrong;
	if (*rest != ':')
		return "it has no port, as in tcp4://HOST:443";
	wrong = url_port(rest + 1, &parsed);
	if (wrong)
		return wrong;
	*url = parsed;
	return NULL;
}
