/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * url.h - tcp4://HOST:PORT, tcp6://HOST:PORT, tcp://HOST:PORT
 *
 * HOST is a name, an IPv4 address, or an IPv6 address in brackets, which may
 * have a zone (RFC 6874, with a plain "%"). Only characters that are safe to
 * show can be in it.
 */
#ifndef BPFPATH_TTL_URL_H
#define BPFPATH_TTL_URL_H

#include <netdb.h>

struct ttl_url {
	const char *text; /* as it was given */
	int family;	  /* AF_INET, AF_INET6, or AF_UNSPEC for tcp:// */
	char host[NI_MAXHOST];
	char port[6]; /* a number */
};

/*
 * @text has to outlive @url. NULL, or what is wrong, in words that say what to
 * do; then @url is untouched.
 */
const char *ttl_url_parse(const char *text, struct ttl_url *url);

#endif
