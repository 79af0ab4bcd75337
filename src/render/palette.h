/* SPDX-License-Identifier: GPL-2.0-only */
/* palette.h - a colour for each stage, the same in every drawing; dark text is legible on
 * it */
#ifndef BPFPATH_PALETTE_H
#define BPFPATH_PALETTE_H

#include <stddef.h>

/* "#rrggbb"; that of "other" for what is no stage. */
const char *palette_stage(const char *stage);

/* The same, but NULL for what is no stage. */
const char *palette_find(const char *stage);

/* The name of stage @i from 0 on; NULL: there are no more. */
const char *palette_name(size_t i);

/* Where the packet was: namespaces, devices; and the end of a bad way. */
#define PALETTE_NETNS  "#b8c4d6"
#define PALETTE_DEVICE "#9fd0dc"
#define PALETTE_GOOD   "#7bc96f"
#define PALETTE_END    "#e3e7ec"
#define PALETTE_DROP   "#d62839"

#endif
