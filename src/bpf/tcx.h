/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * tcx.h - the constant that tells a copy of a tcx program where it runs
 */
#ifndef BPFPATH_TCX_H
#define BPFPATH_TCX_H

#define TCX_CONFIG_MARK		 0x6270667061746800
#define TCX_CONFIG_NETNS(config) ((__u32)(config))
#define TCX_CONFIG_IP		 (1ULL << 32) /* packets have no Ethernet header */
#define TCX_CONFIG_BEGIN	 (1ULL << 33) /* packets may begin to be followed */

#endif
