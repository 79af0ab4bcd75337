/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * report.h - what became of the expectations: for people, and as JUnit XML
 */
#ifndef BPFPATH_ASSERT_REPORT_H
#define BPFPATH_ASSERT_REPORT_H

#include <stdio.h>

struct judge;

/* After judge_finish(). Errors of @out are left to ferror(3), here and below. */
void report_text(FILE *out, const struct judge *judge);

/* The form that CI systems read: a test case for each expectation. */
void report_junit(FILE *out, const struct judge *judge);

/* The same of @judge, whose packets could not be looked at, because of @problem. */
void report_junit_error(FILE *out, const struct judge *judge, const char *problem);

#endif
