// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "test.h"
#include "ttl/url.h"

static void url_good(const char *text, int family, const char *host, const char *port)
{
	struct ttl_url url;

	assert_null(ttl_url_parse(text, &url));
	assert_ptr_equal(url.text, text);
	assert_int_equal(url.family, family);
	assert_string_equal(url.host, host);
	assert_string_equal(url.port, port);
}

/* @word is in what is said about it. */
static void url_bad(const char *text, const char *word)
{
	struct ttl_url url, before;
	const char *wrong;

	memset(&url, 0xaa, sizeof(url));
	before = url;
	wrong = ttl_url_parse(text, &url);
	assert_non_null(wrong);
	if (!strstr(wrong, word))
		fail_msg("'%s': %s", text, wrong);
	assert_memory_equal(&url, &before, sizeof(url));
}

static void test_good(void **state)
{
	url_good("tcp4://example.org:80", AF_INET, "example.org", "80");
	url_good("tcp6://example.org:65535", AF_INET6, "example.org", "65535");
	url_good("tcp://a_b-c:1", AF_UNSPEC, "a_b-c", "1");
	url_good("tcp4://192.0.2.7:00080", AF_INET, "192.0.2.7", "80");
	url_good("tcp6://[2001:db8::1]:443", AF_INET6, "2001:db8::1", "443");
	url_good("tcp://[::ffff:192.0.2.7]:443", AF_UNSPEC, "::ffff:192.0.2.7", "443");
	url_good("tcp://[fe80::1%eth0.5]:443", AF_UNSPEC, "fe80::1%eth0.5", "443");
}

static void test_scheme(void **state)
{
	url_bad("", "tcp4://HOST:PORT");
	url_bad("example.org:80", "tcp4://HOST:PORT");
	url_bad("http://example.org:80", "tcp4://HOST:PORT");
	url_bad("tcp5://example.org:80", "tcp4://HOST:PORT");
	url_bad("TCP4:/example.org:80", "tcp4://HOST:PORT");
	url_bad("tcp4:", "tcp4://HOST:PORT");
}

static void test_host(void **state)
{
	url_bad("tcp://:80", "tcp4://HOST:PORT");
	url_bad("tcp://user@example.org:80", "tcp4://HOST:PORT");
	url_bad("tcp://ex\x1b[2Jample:80", "tcp4://HOST:PORT");
	url_bad("tcp://ex\xc3\xa4mple:80", "tcp4://HOST:PORT");
	url_bad("tcp://2001:db8::1:80", "brackets");
	url_bad("tcp6://::1:80", "brackets");
	url_bad("tcp6://[::1:80", "brackets");
	url_bad("tcp6://[]:80", "brackets");
	url_bad("tcp6://[example.org]:80", "brackets");
	url_bad("tcp4://[::1]:80", "tcp6://");
}

static void test_port(void **state)
{
	url_bad("tcp://example.org", "no port");
	url_bad("tcp://[::1]", "no port");
	url_bad("tcp://[::1]80", "no port");
	url_bad("tcp://example.org:", "1 to 65535");
	url_bad("tcp://example.org:0", "1 to 65535");
	url_bad("tcp://example.org:65536", "1 to 65535");
	url_bad("tcp://example.org:4294967376", "1 to 65535");
	url_bad("tcp://example.org:+80", "1 to 65535");
	url_bad("tcp://example.org:https", "1 to 65535");
	url_bad("tcp://example.org:80/", "1 to 65535");
}

static void test_long(void **state)
{
	char text[2 * NI_MAXHOST], host[2 * NI_MAXHOST] = "";

	memset(host, 'a', NI_MAXHOST);
	snprintf(text, sizeof(text), "tcp://%s:80", host);
	url_bad(text, "too long");
	snprintf(text, sizeof(text), "tcp://[:%s]:80", host);
	url_bad(text, "too long");
	host[NI_MAXHOST - 1] = '\0';
	snprintf(text, sizeof(text), "tcp://%s:80", host);
	url_good(text, AF_UNSPEC, host, "80");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good), cmocka_unit_test(test_scheme),
		cmocka_unit_test(test_host), cmocka_unit_test(test_port),
		cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
