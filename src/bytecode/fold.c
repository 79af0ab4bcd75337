// SPDX-License-Identifier: GPL-2.0-only
#include "bytecode/fold.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "bytecode/compact.h"
#include "bytecode/constants.h"
#include "bytecode/unused.h"

int fold(struct bpf_insn *insns, size_t count, const struct fold_data *data,
	 uint32_t *places, size_t *left)
{
	AUTO_FREE bool *wanted = calloc(count ?: 1, sizeof(*wanted));
	int err = wanted ? constants_fold(insns, count, data, wanted) : -ENOMEM;

	if (!err)
		err = unused_find(insns, count, wanted);
	if (!err)
		*left = compact(insns, count, wanted, places);
	return err;
}
