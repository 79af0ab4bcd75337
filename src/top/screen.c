// SPDX-License-Identifier: GPL-2.0-only
#include "top/screen.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "top/control_key.h"
#include "top/grid.h"

/* Takes words like "columns" and "lines" for itself, so that it comes last. */
#include <term.h>

#define ESCAPE_DELAY 25 /* ms: a key that begins with Escape has come by then */

struct screen {
	FILE *in; /* keys come from there */
	SCREEN *curses;
	int epoll, signals;
	sigset_t mask; /* before */
	bool colours;
};

/* ---- whatever ends the process */

/* What a handler of signals needs, and may use. */
static struct {
	struct termios modes;
	char leave[256]; /* escape sequences */
	size_t length;
} rescue;

/* Not those that the screen gets as keys, and not SIGKILL. */
static const int rescue_signals[] = {
	SIGQUIT, SIGILL,  SIGTRAP, SIGABRT, SIGBUS,  SIGFPE,  SIGSEGV,	 SIGSYS,
	SIGUSR1, SIGUSR2, SIGALRM, SIGXCPU, SIGXFSZ, SIGPROF, SIGVTALRM,
};

static void rescue_run(int number)
{
	ssize_t written = write(STDOUT_FILENO, rescue.leave, rescue.length);

	(void)written;
	tcsetattr(STDOUT_FILENO, TCSANOW, &rescue.modes);
	signal(number, SIG_DFL);
	raise(number);
}

static int rescue_put(int character)
{
	if (rescue.length < sizeof(rescue.leave))
		rescue.leave[rescue.length++] = (char)character;
	return character;
}

/* With the words of this terminal: out of the screen, plain, with a cursor. */
static void rescue_open(void)
{
	const char *const words[] = { exit_attribute_mode, cursor_normal, exit_ca_mode,
				      keypad_local };

	rescue.length = 0;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (words[i])
			tputs(words[i], 1, rescue_put);
	}
	for (size_t i = 0; i < sizeof(rescue_signals) / sizeof(rescue_signals[0]); i++)
		signal(rescue_signals[i], rescue_run);
}

static void rescue_close(void)
{
	for (size_t i = 0; i < sizeof(rescue_signals) / sizeof(rescue_signals[0]); i++)
		signal(rescue_signals[i], SIG_DFL);
}

/* ---- begin and end */

int screen_check(void)
{
	const char *name = getenv("TERM") ?: "";
	int known = 0;

	if (!isatty(STDOUT_FILENO)) {
		log_error("standard output is not a terminal: see 'bpfpath classes' or "
			  "'bpfpath trace' for text");
		return -EINVAL;
	}
	if (setupterm(NULL, STDOUT_FILENO, &known) != OK || known != 1) {
		log_error("unknown terminal '%s': set TERM to what it is, as TERM=vt100",
			  name);
		return -EINVAL;
	}
	known = cursor_address && clear_screen;
	del_curterm(cur_term);
	if (known)
		return 0;
	log_error("the terminal '%s' cannot move its cursor: set TERM to what it is",
		  name);
	return -EINVAL;
}

/* Standard input may be a filter, or a recording. */
static int screen_open_input(struct screen *screen)
{
	screen->in = isatty(STDIN_FILENO)
			     ? fdopen(fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0), "r")
			     : fopen("/dev/tty", "re");
	if (screen->in)
		return 0;
	log_error("there is no terminal to read keys from: %s", strerror(errno));
	return -errno;
}

static void screen_colours(struct screen *screen)
{
	static const short colours[GRID_STYLES] = {
		[GRID_GOOD] = COLOR_GREEN,
		[GRID_BAD] = COLOR_RED,
		[GRID_DOUBT] = COLOR_YELLOW,
	};

	if (getenv("NO_COLOR") || !has_colors() || start_color() == ERR ||
	    use_default_colors() == ERR)
		return;
	for (short i = 1; i < GRID_STYLES; i++)
		init_pair(i, colours[i] ? colours[i] : -1, -1);
	screen->colours = true;
}

static int screen_open_curses(struct screen *screen)
{
	struct sigaction stop;

	/* ncurses would stop within a handler, which screen_stop() does better. */
	sigaction(SIGTSTP, NULL, &stop);
	screen->curses = newterm(NULL, stdout, screen->in);
	sigaction(SIGTSTP, &stop, NULL);
	if (!screen->curses) {
		log_error("cannot use the terminal as a screen");
		return -EINVAL;
	}
	rescue_open();
	set_term(screen->curses);
	set_escdelay(ESCAPE_DELAY);
	cbreak();
	noecho();
	nonl();
	intrflush(stdscr, FALSE);
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	curs_set(0);
	screen_colours(screen);
	return 0;
}

static int screen_watch(struct screen *screen, int fd)
{
	struct epoll_event event = { .events = EPOLLIN };

	return epoll_ctl(screen->epoll, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

static int screen_open_signals(struct screen *screen)
{
	sigset_t set;
	int err;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGWINCH);
	sigaddset(&set, SIGTSTP);
	sigaddset(&set, SIGCONT);
	if (sigprocmask(SIG_BLOCK, &set, &screen->mask))
		return -errno;
	screen->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	screen->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (screen->signals < 0 || screen->epoll < 0)
		return -errno;
	err = screen_watch(screen, screen->signals);
	return err ? err : screen_watch(screen, fileno(screen->in));
}

int screen_open(struct screen **out)
{
	struct screen *screen = calloc(1, sizeof(*screen));
	int err;

	if (!screen)
		return -ENOMEM;
	screen->epoll = screen->signals = -1;
	setlocale(LC_CTYPE, "");
	if (tcgetattr(STDOUT_FILENO, &rescue.modes)) {
		err = -errno;
		log_error("cannot use the terminal as a screen: %s", strerror(errno));
		free(screen);
		return err;
	}
	err = screen_open_input(screen);
	if (!err)
		err = screen_open_signals(screen);
	if (!err)
		err = screen_open_curses(screen);
	if (err)
		screen_close(screen);
	else
		*out = screen;
	return err;
}

void screen_close(struct screen *screen)
{
	if (!screen)
		return;
	if (screen->curses) {
		endwin();
		rescue_close();
		delscreen(screen->curses);
	}
	cleanup_fd(&screen->epoll);
	if (screen->signals >= 0) {
		close(screen->signals);
		sigprocmask(SIG_SETMASK, &screen->mask, NULL);
	}
	if (screen->in)
		fclose(screen->in);
	free(screen);
}

int screen_fd(const struct screen *screen)
{
	return screen->epoll;
}

/* ---- signals */

/* As any program does it, with the terminal as it was in between. */
static void screen_stop(const struct screen *screen)
{
	sigset_t stop;

	endwin();
	sigemptyset(&stop);
	sigaddset(&stop, SIGTSTP);
	raise(SIGTSTP);
	sigprocmask(SIG_UNBLOCK, &stop, NULL);
	/* here it stands still, until SIGCONT */
	sigprocmask(SIG_BLOCK, &stop, NULL);
}

static uint32_t screen_anew(void)
{
	struct winsize size;

	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col && size.ws_row)
		resizeterm(size.ws_row, size.ws_col);
	reset_prog_mode();
	clearok(curscr, TRUE);
	return SCREEN_CHANGED;
}

static uint32_t screen_signal(const struct screen *screen)
{
	struct signalfd_siginfo info;

	if (read(screen->signals, &info, sizeof(info)) != sizeof(info))
		return SCREEN_NOTHING;
	switch (info.ssi_signo) {
	case SIGTSTP:
		screen_stop(screen);
		return screen_anew();
	case SIGWINCH:
	case SIGCONT:
		return screen_anew();
	}
	return SCREEN_OVER;
}

/* ---- keys */

static uint32_t key_translate(wint_t code)
{
	static const struct {
		wint_t code;
		uint32_t key;
	} keys[] = {
		{ KEY_UP, CONTROL_UP },
		{ KEY_DOWN, CONTROL_DOWN },
		{ KEY_LEFT, CONTROL_LEFT },
		{ KEY_RIGHT, CONTROL_RIGHT },
		{ KEY_PPAGE, CONTROL_PAGE_UP },
		{ KEY_NPAGE, CONTROL_PAGE_DOWN },
		{ KEY_HOME, CONTROL_HOME },
		{ KEY_END, CONTROL_END },
		{ KEY_ENTER, CONTROL_ENTER },
		{ KEY_BTAB, CONTROL_BACKTAB },
		{ KEY_BACKSPACE, CONTROL_BACKSPACE },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (keys[i].code == code)
			return keys[i].key;
	}
	return SCREEN_CHANGED;
}

static bool screen_is_gone(const struct screen *screen)
{
	struct pollfd in = { .fd = fileno(screen->in) };

	return poll(&in, 1, 0) > 0 && in.revents & (POLLHUP | POLLERR | POLLNVAL);
}

uint32_t screen_key(struct screen *screen)
{
	uint32_t signal = screen_signal(screen);
	wint_t code;

	if (signal)
		return signal;
	switch (get_wch(&code)) {
	case KEY_CODE_YES:
		return key_translate(code);
	case OK:
		return code == 'L' - '@' ? screen_anew() : code;
	}
	return screen_is_gone(screen) ? SCREEN_OVER : SCREEN_NOTHING;
}

/* ---- what is to be seen */

void screen_size(const struct screen *screen, int *width, int *height)
{
	getmaxyx(stdscr, *height, *width);
}

static attr_t style_attributes(uint8_t style)
{
	static const attr_t attributes[GRID_STYLES] = {
		[GRID_BOLD] = A_BOLD,
		[GRID_DIM] = A_DIM,
		[GRID_BAD] = A_BOLD,
	};

	return attributes[style & ~GRID_REVERSE] |
	       (style & GRID_REVERSE ? A_REVERSE : A_NORMAL);
}

static void cell_draw(const struct screen *screen, int line, int column,
		      const struct grid_cell *cell)
{
	const wchar_t text[2] = { cell->character };
	short pair = screen->colours ? (short)(cell->style & ~GRID_REVERSE) : 0;
	cchar_t character;

	if (!cell->character)
		return;
	setcchar(&character, text, style_attributes(cell->style), pair, NULL);
	mvadd_wch(line, column, &character);
}

void screen_draw(struct screen *screen, const struct grid *grid)
{
	erase();
	for (int line = 0; line < grid->height; line++) {
		for (int column = 0; column < grid->width; column++)
			cell_draw(screen, line, column,
				  &grid->cells[line * grid->width + column]);
	}
	refresh();
}
