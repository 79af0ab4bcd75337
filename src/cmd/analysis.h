/* SPDX-License-Identifier: GPL-2.0-only */
/* analysis.h - commands that say something of all paths together, live or of a file */
#ifndef BPFPATH_ANALYSIS_H
#define BPFPATH_ANALYSIS_H

#include "cmd/options.h"

struct command;

/* An enum command_status; what is shown is the format of @kind. */
int analysis_run(const struct command *command, enum options_kind kind, int argc,
		 char **argv);

#endif
