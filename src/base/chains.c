// SPDX-License-Identifier: GPL-2.0-only
#include "base/chains.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int chains_init(struct chains *chains, size_t count)
{
	size_t places = 16;

	if (count >= CHAINS_END)
		return -ENOMEM;
	while (places < count)
		places *= 2;
	chains->mask = places - 1;
	chains->first = malloc(places * sizeof(*chains->first));
	chains->next = malloc((count + 1) * sizeof(*chains->next));
	if (!chains->first || !chains->next) {
		chains_free(chains);
		return -ENOMEM;
	}
	memset(chains->first, 0xff, places * sizeof(*chains->first)); /* CHAINS_END */
	return 0;
}

void chains_free(struct chains *chains)
{
	free(chains->first);
	free(chains->next);
	*chains = (struct chains){ 0 };
}
