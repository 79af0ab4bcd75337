// SPDX-License-Identifier: GPL-2.0-only
#include "render/place.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "path/path.h"

const char *place_netns(char name[PLACE_NAME], const struct step *step)
{
	if (step->netns_name)
		snprintf(name, PLACE_NAME, "%s", step->netns_name);
	else if (step->netns)
		snprintf(name, PLACE_NAME, "netns %" PRIu32, step->netns);
	else
		snprintf(name, PLACE_NAME, "unknown namespace");
	return name;
}

const char *place_device(char name[PLACE_NAME], const struct step *step)
{
	if (step->dev[0])
		snprintf(name, PLACE_NAME, "%s", step->dev);
	else if (step->ifindex)
		snprintf(name, PLACE_NAME, "device %" PRIu32, step->ifindex);
	else
		snprintf(name, PLACE_NAME, "no device");
	return name;
}

bool place_changed(const struct step *step, const struct step *before)
{
	return step->netns != before->netns || step->ifindex != before->ifindex ||
	       strcmp(step->dev, before->dev) != 0;
}
