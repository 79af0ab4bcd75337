/* SPDX-License-Identifier: GPL-2.0-only */
/* control_key.h - keys: characters of Unicode, and these */
#ifndef BPFPATH_CONTROL_KEY_H
#define BPFPATH_CONTROL_KEY_H

enum control_key {
	CONTROL_TAB = '\t',
	CONTROL_ENTER = '\n',
	CONTROL_ESCAPE = 27,
	CONTROL_BACKSPACE = 127,
	CONTROL_UP = 0x110000, /* behind the last character */
	CONTROL_DOWN,
	CONTROL_LEFT,
	CONTROL_RIGHT,
	CONTROL_PAGE_UP,
	CONTROL_PAGE_DOWN,
	CONTROL_HOME,
	CONTROL_END,
	CONTROL_BACKTAB,
};

#endif
