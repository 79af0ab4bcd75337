/* SPDX-License-Identifier: GPL-2.0-only */
/* number.h - numbers as text, where printf(3) costs more than all the rest */
#ifndef BPFPATH_NUMBER_H
#define BPFPATH_NUMBER_H

#include <stddef.h>
#include <stdint.h>

#define NUMBER_SIZE 20 /* digits of the largest */

/* Write @number, without a NUL; returns how many digits it has. */
size_t number_write(char *to, uint64_t number);

#endif
