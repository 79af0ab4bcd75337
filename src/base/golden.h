/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* golden.h - spreads numbers that lie close together (Knuth, multiplicative hashing) */
#ifndef BPFPATH_GOLDEN_H
#define BPFPATH_GOLDEN_H

#define GOLDEN 0x9e3779b97f4a7c15ULL /* 2^64 by the golden ratio, odd */

#endif
