/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * symbols.h - the running kernel's text symbols (/proc/kallsyms)
 */
#ifndef BPFPATH_SYMBOLS_H
#define BPFPATH_SYMBOLS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct symbols;

struct symbol {
	uint64_t address;
	const char *name;   /* owned by the table */
	const char *module; /* NULL: vmlinux */
};

/*
 * Read all text symbols (types t, T, w, W), modules included, without those of
 * BPF programs and without the padding before functions (__pfx_*). 0; -EPERM
 * when the kernel hides addresses (kptr_restrict); or another negative errno.
 * Nothing is printed.
 */
int symbols_load(struct symbols **out);

/* The same from a file like /proc/kallsyms; -ENODATA when no symbol is in it. */
int symbols_read(FILE *file, struct symbols **out);

/*
 * Modules came or went: read their symbols again. Names that were handed out stay,
 * pointers to a struct symbol do not. 0, or a negative errno; then it is as before.
 */
int symbols_update(struct symbols *symbols);

/* The same from a file like /proc/kallsyms. */
int symbols_update_read(struct symbols *symbols, FILE *file);

void symbols_free(struct symbols *symbols);

/*
 * The symbol that @address lies in; NULL when below the first. Of several at one
 * address the first that the kernel lists, as the kernel itself does.
 */
const struct symbol *symbols_at(const struct symbols *symbols, uint64_t address);

/*
 * The first symbol called @name, by address, or the next one @after it; NULL: there is
 * no more. @after: NULL, or what was returned for the same name.
 */
const struct symbol *symbols_named(const struct symbols *symbols, const char *name,
				   const struct symbol *after);

/*
 * The address of one of the few variables that are asked for (symbols.c has
 * their names); 0 when this kernel has none of that name, or lists no data
 * (CONFIG_KALLSYMS_ALL).
 */
uint64_t symbols_variable(const struct symbols *symbols, const char *name);

#endif
