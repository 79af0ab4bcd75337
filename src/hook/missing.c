// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is skipped, and who counts it. A program: when it, or with kprobes any program, is
 * in the middle of a run on this CPU. Trampolines since 5.12 (9ed9e9ba2337), raw
 * tracepoints, which nothing skipped before, since 6.1 (05b24ff9b2cf), kprobes and
 * kprobe.multi since 6.7 (f915fcb38553, dd8657894c11). Before that: what kprobes do not
 * come to at all, as their CPU is in the middle of another kprobe, or of ftrace, since
 * 6.7 by link (3acf8ace6823, e2b2cd592adb). Older kernels skip kprobes and do not say so.
 */
#include "hook/missing.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "base/clock.h"
#include "base/strings.h"
#include "bpf/bpfpath.skel.h"
#include "hook/gates.h"
#include "hook/internal.h"

struct missing_probe {
	enum missing_how how;
	enum missed_kind kind;
	const char *name;
	int fd;		/* -1: closed */
	uint64_t count; /* when it was asked last */
	uint64_t told;	/* of these */
};

/* What struct bpf_link_info of a kprobe.multi link begins with. */
struct multi_info {
	__u32 type, id, program, pad;
	__u64 addresses;
	__u32 count, flags;
	__u64 missed;
};

/* ... of a perf event that is a kprobe. */
struct event_info {
	__u32 type, id, program, pad;
	__u32 event, pad_event;
	__u64 name;
	__u32 name_len, offset;
	__u64 address;
	__u64 missed;
};

/* What the kernel tells of a file: of a program, or of a link by what it is. */
union missing_info {
	struct bpf_prog_info program;
	struct multi_info multi;
	struct event_info event;
};

/* Of that the number at @offset, if the kernel knows of one; its information has @size.
 */
static uint64_t count_at(int fd, __u32 size, size_t offset)
{
	union missing_info info = { 0 };
	__u64 count;

	if (bpf_obj_get_info_by_fd(fd, &info, &size))
		return 0;
	memcpy(&count, (const char *)&info + offset, sizeof(count));
	return count;
}

#define COUNT_OF(fd, type, member) count_at(fd, sizeof(type), offsetof(type, member))

static uint64_t count_gates(const struct session *session)
{
	struct session_work work = { 0 };

	if (session->gates)
		gates_work(session->gates, &work);
	return work.skipped;
}

static uint64_t probe_count(const struct session *session,
			    const struct missing_probe *probe)
{
	switch (probe->how) {
	case MISSING_PROGRAM:
		return COUNT_OF(probe->fd, struct bpf_prog_info, recursion_misses);
	case MISSING_MULTI:
		return COUNT_OF(probe->fd, struct multi_info, missed);
	case MISSING_EVENT:
		return COUNT_OF(probe->fd, struct event_info, missed);
	case MISSING_GATES:
		return count_gates(session);
	}
	return 0;
}

/* No counter goes back; what could not be asked for once is told the next time. */
static void probe_ask(const struct session *session, struct missing_probe *probe)
{
	uint64_t count;

	if (probe->fd < 0 && probe->how != MISSING_GATES)
		return;
	count = probe_count(session, probe);
	if (count > probe->count)
		probe->count = count;
}

/* ---- who is asked */

int missing_add(struct missing *missing, enum missing_how how, int fd,
		enum missed_kind kind, const char *name)
{
	struct missing_probe *list;

	if (!missing->strings)
		missing->strings = strings_new();
	name = missing->strings ? strings_intern(missing->strings, name) : NULL;
	if (!name)
		return -ENOMEM;
	list = reallocarray(missing->list, missing->count + 1, sizeof(*list));
	if (!list)
		return -ENOMEM;
	missing->list = list;
	list[missing->count++] = (struct missing_probe){
		.how = how,
		.kind = kind,
		.name = name,
		.fd = fd,
	};
	return 0;
}

const char *missing_functions(const char *backend, bool anchors)
{
	static const struct {
		const char *backend, *anchors, *steps;
	} names[] = {
		{ "multi", "kprobe.multi, where packets begin or end",
		  "kprobe.multi, steps" },
		{ "kprobe", "kprobe, where packets begin or end", "kprobe, steps" },
		{ "fentry", "fentry, where packets begin or end", "fentry, steps" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!strcmp(names[i].backend, backend))
			return anchors ? names[i].anchors : names[i].steps;
	}
	return backend;
}

static const char *text_behind(const char *text, const char *prefix)
{
	size_t length = strlen(prefix);

	return strncmp(text, prefix, length) ? NULL : text + length;
}

/* A program of functions: BACKEND_step, _gate, _call, _call_gate, _return */
static int missing_program_functions(struct missing *missing, int fd, const char *name)
{
	static const char *const backends[] = { "multi", "kprobe", "fentry", "fexit" };

	for (size_t i = 0; i < sizeof(backends) / sizeof(backends[0]); i++) {
		const char *backend = i == 3 ? "fentry" : backends[i];

		if (text_behind(name, backends[i]))
			return missing_add(missing, MISSING_PROGRAM, fd, MISSED_FUNCTIONS,
					   missing_functions(backend,
							     strstr(name, "gate")));
	}
	return 0;
}

static int missing_program(struct missing *missing, int fd, const char *name)
{
	const char *tracepoint = text_behind(name, "tracepoint_");

	if (!strcmp(name, "socket_ready"))
		tracepoint = "sk_data_ready";
	if (!strcmp(name, "tracepoints_receive"))
		tracepoint = "on the way in";
	if (!strcmp(name, "tracepoints_step"))
		tracepoint = "on the way";
	if (tracepoint)
		return missing_add(missing, MISSING_PROGRAM, fd, MISSED_TRACEPOINT,
				   tracepoint);
	if (!strcmp(name, "memory_freed"))
		return missing_add(missing, MISSING_PROGRAM, fd, MISSED_FREE,
				   "kmem_cache_free");
	return missing_program_functions(missing, fd, name);
}

int missing_programs(struct session *session)
{
	struct bpf_program *program;
	int err = missing_add(&session->missing, MISSING_GATES, -1, MISSED_GATE, "tcx");

	bpf_object__for_each_program(program, session->skeleton->obj)
	{
		int fd = bpf_program__fd(program);

		if (!err && fd >= 0)
			err = missing_program(&session->missing, fd,
					      bpf_program__name(program));
	}
	return err;
}

static bool list_has(const struct fd_list *fds, int fd)
{
	for (size_t i = 0; i < fds->count; i++) {
		if (fds->fds[i] == fd)
			return true;
	}
	return false;
}

void missing_leave(struct missing *missing, const struct fd_list *fds)
{
	for (size_t i = 0; i < missing->count; i++) {
		struct missing_probe *probe = &missing->list[i];

		if (probe->how == MISSING_GATES || !list_has(fds, probe->fd))
			continue;
		probe_ask(NULL, probe);
		probe->fd = -1;
	}
}

void missing_clear(struct missing *missing)
{
	free(missing->list);
	strings_free(missing->strings);
	*missing = (struct missing){ 0 };
}

/* ---- how many */

void session_missed(struct session *session, uint64_t since,
		    void (*fn)(void *context, const struct missed_span *span),
		    void *context)
{
	struct missing *missing = &session->missing;

	for (size_t i = 0; i < missing->count; i++) {
		struct missing_probe *probe = &missing->list[i];
		const uint64_t told = probe->told;

		probe_ask(session, probe);
		probe->told = probe->count;
		if (missing->looked && probe->count > told)
			fn(context, &(struct missed_span){
					    .from = since,
					    .to = clock_now(),
					    .missed = { probe->kind, probe->name,
							probe->count - told },
				    });
	}
	missing->looked = true;
}
