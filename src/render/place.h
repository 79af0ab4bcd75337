/* SPDX-License-Identifier: GPL-2.0-only */
/* place.h - what the place of a step is called; as it came, not escaped */
#ifndef BPFPATH_PLACE_H
#define BPFPATH_PLACE_H

#include <stdbool.h>

struct step;

#define PLACE_NAME 256

/* "blue", "netns 4026531840", "unknown namespace"; returns @name. */
const char *place_netns(char name[PLACE_NAME], const struct step *step);

/* "eth0", "device 2", "no device"; returns @name. */
const char *place_device(char name[PLACE_NAME], const struct step *step);

/* Is the step elsewhere than the one before? */
bool place_changed(const struct step *step, const struct step *before);

#endif
