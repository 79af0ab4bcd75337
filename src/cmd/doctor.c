// SPDX-License-Identifier: GPL-2.0-only
/* bpfpath doctor: can packets be traced here, what is lost, and what to do about it */
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "cmd/command.h"
#include "cmd/diagnosis_print.h"
#include "cmd/options.h"
#include "cmd/standard.h"
#include "cmd/value.h"
#include "hook/diagnosis.h"

/* clang-format off */
static const char doctor_help[] =
	"  -f, --format NAME    text (the default) or json\n"
	"  -v, --verbose        say more about what is done\n"
	"      --help           print this, and end\n"
	"\n"
	"It attaches nothing, and works for every user. Each line begins with ok; note:\n"
	"something is not there, or not known, and nothing is lost by it; lost: tracing\n"
	"shows less; or bad: nothing can be traced. The line behind says what to do.\n"
	"\n"
	"Exit status: 0 nothing is lost, 1 something is lost, 2 bad option, 3 nothing can\n"
	"be traced.\n";
/* clang-format on */

/* What a script reads. */
static const int doctor_status[] = {
	[FINDING_GOOD] = COMMAND_OK,
	[FINDING_NOTE] = COMMAND_OK,
	[FINDING_LOST] = COMMAND_FAILURE,
	[FINDING_BAD] = COMMAND_NOTHING,
};

enum { OPTION_HELP = 256 };

static const struct option doctor_options[] = {
	{ "format", required_argument, NULL, 'f' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ NULL, 0, NULL, 0 },
};

struct doctor {
	bool json, help;
};

static int doctor_option(struct doctor *doctor, int option, char **argv)
{
	switch (option) {
	case 'f':
		return value_json(optarg, &doctor->json);
	case OPTION_HELP:
		doctor->help = true;
		return 0;
	}
	return options_other(option, argv, "bpfpath doctor");
}

static int doctor_parse(struct doctor *doctor, int argc, char **argv)
{
	int option, err = 0;

	opterr = 0;
	while (!err &&
	       (option = getopt_long(argc, argv, ":f:v", doctor_options, NULL)) >= 0)
		err = doctor_option(doctor, option, argv);
	if (!err && optind < argc) {
		log_error("'%s': 'bpfpath doctor' takes options only", argv[optind]);
		return -EINVAL;
	}
	return err;
}

static int doctor_examine(const struct doctor *doctor)
{
	diagnosis_print *print = doctor->json ? diagnosis_print_json
					      : diagnosis_print_text;
	struct diagnosis *diagnosis;
	int status, err = diagnosis_make(&diagnosis);

	if (err) {
		log_error("cannot look at this machine: %s", strerror(-err));
		return COMMAND_FAILURE;
	}
	print(stdout, diagnosis);
	status = doctor_status[diagnosis->level];
	diagnosis_free(diagnosis);
	return standard_finish() ? COMMAND_FAILURE : status;
}

static int doctor_run(int argc, char **argv)
{
	struct doctor doctor = { 0 };

	if (doctor_parse(&doctor, argc, argv))
		return COMMAND_USAGE;
	if (!doctor.help)
		return doctor_examine(&doctor);
	return command_help(&command_doctor);
}

const struct command command_doctor = {
	.name = "doctor",
	.arguments = "[OPTION...]",
	.summary = "say what can be traced here, what is lost, and what to do about it",
	.help = doctor_help,
	.run = doctor_run,
};
