/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libbpf_log.h - libbpf's words are for developers
 *
 * What a failure means is said by us, in one line; what libbpf has to say of it
 * is shown with --verbose only.
 */
#ifndef BPFPATH_LIBBPF_LOG_H
#define BPFPATH_LIBBPF_LOG_H

/* Call before anything else of libbpf; again is harmless. */
void libbpf_log_set(void);

#endif
