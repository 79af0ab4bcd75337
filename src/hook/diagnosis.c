// SPDX-License-Identifier: GPL-2.0-only
#include "hook/diagnosis.h"

#include <bpf/btf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "bpf/tracepoints.h"
#include "hook/backend.h"
#include "hook/plan.h"
#include "hook/probes.h"
#include "kernel/capability.h"
#include "kernel/features.h"
#include "kernel/functions.h"
#include "kernel/kernel.h"
#include "kernel/modules.h"
#include "kernel/symbols.h"
#include "kernel/tracefs.h"

/* What is looked at; what is not there is NULL. */
struct patient {
	struct diagnosis *diagnosis;
	struct kernel *kernel;
	struct kernel_lacks lacks;
	struct symbols *symbols;
	int symbols_error; /* negative errno */
	struct functions *functions;
	int functions_error;
};

void diagnosis_add(struct diagnosis *diagnosis, const struct finding *finding)
{
	if (diagnosis->count == DIAGNOSIS_FINDINGS)
		return;
	diagnosis->findings[diagnosis->count++] = *finding;
	if (finding->level > diagnosis->level)
		diagnosis->level = finding->level;
}

static void PRINTF_LIKE(6, 7)
	find(const struct patient *patient, enum finding_group group, const char *name,
	     enum finding_level level, const char *advice, const char *format, ...)
{
	struct finding finding = { .group = group, .level = level, .name = name };
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(finding.text, sizeof(finding.text), format, arguments);
	va_end(arguments);
	if (advice)
		snprintf(finding.advice, sizeof(finding.advice), "%s", advice);
	diagnosis_add(patient->diagnosis, &finding);
}

/* The first line of a file, without its end; false: it cannot be read. */
static bool line_read(int fd, char *line, size_t size)
{
	AUTO_FD int file = fd;
	ssize_t length = file < 0 ? -1 : read(file, line, size - 1);

	if (length < 0)
		return false;
	line[length] = '\0';
	line[strcspn(line, "\n")] = '\0';
	return true;
}

/* ---- the kernel */

static void find_release(const struct patient *patient)
{
	struct utsname name;
	bool known;

	if (uname(&name))
		return;
	known = !strcmp(name.machine, "x86_64");
	snprintf(patient->diagnosis->release, sizeof(patient->diagnosis->release), "%s",
		 name.release);
	find(patient, FINDING_KERNEL, "release", known ? FINDING_GOOD : FINDING_NOTE,
	     known ? NULL : "bpfpath was tested on x86-64 only", "%s, %s", name.release,
	     name.machine);
}

static void find_btf(const struct patient *patient)
{
	if (patient->kernel->btf)
		find(patient, FINDING_KERNEL, "btf", FINDING_GOOD, NULL,
		     "%u types of the kernel", btf__type_cnt(patient->kernel->btf) - 1);
	else
		find(patient, FINDING_KERNEL, "btf", FINDING_BAD,
		     "use a kernel with CONFIG_DEBUG_INFO_BTF",
		     "/sys/kernel/btf/vmlinux is missing");
}

static bool modules_any(void)
{
	AUTO_FILE FILE *file = fopen("/proc/modules", "re");

	return file && fgetc(file) != EOF;
}

static void find_module_btf(const struct patient *patient)
{
	size_t count = modules_count();

	if (count)
		find(patient, FINDING_KERNEL, "module-btf", FINDING_GOOD, NULL,
		     "types of %zu modules", count);
	else if (!modules_any())
		find(patient, FINDING_KERNEL, "module-btf", FINDING_NOTE, NULL,
		     "no modules are loaded");
	else
		find(patient, FINDING_KERNEL, "module-btf", FINDING_LOST,
		     "use Linux 5.11 with CONFIG_DEBUG_INFO_BTF_MODULES",
		     "functions of modules are not known");
}

/* "none [integrity] confidentiality": the one in brackets. */
static void find_lockdown(const struct patient *patient)
{
	char line[128], *word;

	if (!line_read(securityfs_open("lockdown"), line, sizeof(line)) ||
	    !(word = strchr(line, '['))) {
		find(patient, FINDING_KERNEL, "lockdown", FINDING_NOTE, NULL,
		     "not known: the kernel has none, or it may not be read");
		return;
	}
	*strchrnul(word, ']') = '\0';
	word++;
	if (!strcmp(word, "confidentiality"))
		find(patient, FINDING_KERNEL, "lockdown", FINDING_LOST,
		     "boot without lockdown=confidentiality to see functions",
		     "%s: neither functions nor the kernel's memory can be seen", word);
	else
		find(patient, FINDING_KERNEL, "lockdown", FINDING_GOOD, NULL, "%s", word);
}

/* ---- the user */

static void find_capabilities(const struct patient *patient)
{
	if (*patient->lacks.capabilities)
		find(patient, FINDING_USER, "capabilities", FINDING_BAD,
		     "run as root, or with these and CAP_SYS_ADMIN", "%s missing",
		     patient->lacks.capabilities);
	else if (!capability_has(CAP_SYS_ADMIN))
		find(patient, FINDING_USER, "capabilities", FINDING_LOST,
		     "run as root, or with CAP_SYS_ADMIN",
		     "CAP_SYS_ADMIN missing: other namespaces are not looked into, and "
		     "--cost and --max-overhead are refused");
	else
		find(patient, FINDING_USER, "capabilities", FINDING_GOOD, NULL,
		     "all that are needed");
}

static void find_bpf(const struct patient *patient)
{
	const struct kernel_lacks *lacks = &patient->lacks;
	const char *advice = "look for a security policy (seccomp, LSM) that forbids it";

	if (*lacks->capabilities) {
		find(patient, FINDING_USER, "bpf", FINDING_NOTE, NULL,
		     "not tried without the capabilities");
		return;
	}
	if (lacks->bpf == -ENOSYS)
		advice = "use a kernel with CONFIG_BPF_SYSCALL";
	else if (lacks->contained)
		advice = "run outside of the container: this is the root of a user "
			 "namespace";
	if (lacks->bpf)
		find(patient, FINDING_USER, "bpf", FINDING_BAD, advice,
		     "no program can be loaded: %s", strerror(-lacks->bpf));
	else
		find(patient, FINDING_USER, "bpf", FINDING_GOOD, NULL,
		     "programs can be loaded");
}

static void find_symbols(const struct patient *patient)
{
	char restrict_line[16] = "";
	const char *advice = "run as root, or with CAP_SYSLOG";

	if (!patient->symbols_error) {
		find(patient, FINDING_USER, "symbols", FINDING_GOOD, NULL,
		     "/proc/kallsyms shows addresses");
		return;
	}
	line_read(open("/proc/sys/kernel/kptr_restrict", O_RDONLY | O_CLOEXEC),
		  restrict_line, sizeof(restrict_line));
	if (!strcmp(restrict_line, "2"))
		advice = "sysctl kernel.kptr_restrict=1";
	find(patient, FINDING_USER, "symbols", FINDING_BAD, advice,
	     "/proc/kallsyms shows no addresses: %s, kernel.kptr_restrict is %s",
	     strerror(-patient->symbols_error),
	     *restrict_line ? restrict_line : "not known");
}

/* Only who lacks CAP_PERFMON is held up by it, who cannot trace anyway. */
static void find_perf(const struct patient *patient)
{
	char line[16];
	bool free = capability_has(CAP_PERFMON) || capability_has(CAP_SYS_ADMIN);

	if (line_read(open("/proc/sys/kernel/perf_event_paranoid", O_RDONLY | O_CLOEXEC),
		      line, sizeof(line)))
		find(patient, FINDING_USER, "perf", free ? FINDING_GOOD : FINDING_NOTE,
		     NULL, "kernel.perf_event_paranoid is %s, %s", line,
		     free ? "which does not matter with CAP_PERFMON"
			  : "and CAP_PERFMON is missing");
}

static void find_tracefs(const struct patient *patient)
{
	int fd = tracefs_open("available_filter_functions");
	const char *advice = !capability_has(CAP_SYS_ADMIN)
				     ? "run as root, or with CAP_SYS_ADMIN"
			     : fd == -EPERM ? "boot without lockdown to see functions"
					    : "use a kernel with CONFIG_DYNAMIC_FTRACE";

	if (fd >= 0) {
		close(fd);
		find(patient, FINDING_USER, "tracefs", FINDING_GOOD, NULL,
		     "the functions that can be probed are listed");
		return;
	}
	if (*patient->lacks.capabilities)
		find(patient, FINDING_USER, "tracefs", FINDING_NOTE, NULL,
		     "available_filter_functions: %s", strerror(-fd));
	else
		find(patient, FINDING_USER, "tracefs", FINDING_LOST, advice,
		     "no functions: available_filter_functions: %s", strerror(-fd));
}

/* ---- backends, best first */

static const struct backend *backend_best(const struct patient *patient)
{
	const char *why;

	for (size_t i = 0; !patient->lacks.bpf && !patient->lacks.btf && backends[i]; i++)
		if (backends[i]->usable(patient->kernel, &why))
			return backends[i];
	return NULL;
}

static void find_backend(const struct patient *patient, const struct backend *backend,
			 const struct backend *best, bool better)
{
	enum finding_level level = better ? FINDING_LOST : FINDING_NOTE;
	char advice[256] = "";
	const char *why;

	if (!best && (patient->lacks.bpf || patient->lacks.btf)) {
		find(patient, FINDING_BACKEND, backend->name, FINDING_NOTE, NULL,
		     "not tried: see above");
		return;
	}
	if (!backend->usable(patient->kernel, &why)) {
		snprintf(advice, sizeof(advice), "use %s", backend->needs);
		find(patient, FINDING_BACKEND, backend->name, best ? level : FINDING_BAD,
		     level == FINDING_NOTE ? NULL : advice, "%s", why);
		return;
	}
	if (backend == best && backend->lacks)
		find(patient, FINDING_BACKEND, backend->name, FINDING_LOST,
		     "see what the others need", "chosen: %s; but %s", backend->help,
		     backend->lacks);
	else
		find(patient, FINDING_BACKEND, backend->name, FINDING_GOOD, NULL, "%s%s",
		     backend == best ? "chosen: " : "", backend->help);
}

static void find_backends(const struct patient *patient)
{
	const struct backend *best = backend_best(patient);
	bool better = true;

	for (size_t i = 0; backends[i]; i++) {
		if (backends[i] == best)
			better = false;
		find_backend(patient, backends[i], best, better);
	}
	patient->diagnosis->backend = best ? best->name : NULL;
}

/* ---- features */

static void find_feature(const struct patient *patient, const char *name, bool there,
			 const char *yes, const char *no)
{
	if (patient->lacks.bpf)
		find(patient, FINDING_FEATURE, name, FINDING_NOTE, NULL,
		     "not tried: see above");
	else
		find(patient, FINDING_FEATURE, name, there ? FINDING_GOOD : FINDING_NOTE,
		     NULL, "%s", there ? yes : no);
}

static void find_programs(const struct patient *patient)
{
	const struct kernel *kernel = patient->kernel;
	bool try = !patient->lacks.bpf && kernel->btf;
	int function = try ? btf__find_by_name_kind(kernel->btf, "ip_rcv", BTF_KIND_FUNC)
			   : -1;

	find_feature(patient, "reads", kernel->reads, "programs may read the kernel",
		     "programs may not read the kernel");
	find_feature(patient, "kprobe.multi", kernel->kprobe_multi,
		     "one link for many functions",
		     "no link for many functions (Linux 5.18, CONFIG_FPROBE)");
	find_feature(patient, "kprobe.session", try && features_kprobe_session(),
		     "such a link sees returns, too",
		     "such a link cannot see returns, too (Linux 6.10)");
	find_feature(patient, "fentry", function >= 0 && features_fentry(function),
		     "programs for a trampoline in a function can be loaded",
		     "programs for a trampoline in a function cannot be loaded");
	find_feature(patient, "tcx", kernel->tcx, "links on devices",
		     "no links on devices (Linux 6.6)");
}

/* ... without which tracing shows less. */
static void find_needed(const struct patient *patient, const char *name, bool there,
			const char *yes, const char *no, const char *advice)
{
	find(patient, FINDING_FEATURE, name, there ? FINDING_GOOD : FINDING_LOST,
	     there ? NULL : advice, "%s", there ? yes : no);
}

static void find_drop_reasons(const struct patient *patient)
{
	const struct kernel *kernel = patient->kernel;
	int arguments = 0;

	if (!kernel->btf)
		return;
	find_needed(patient, "drop-reasons",
		    kernel_tracepoint_skb(kernel, "kfree_skb", &arguments) >= 0 &&
			    arguments > 2,
		    "the kernel says why it drops a packet",
		    "the kernel does not say why it drops a packet, only where",
		    "use Linux 5.17");
}

/* With -b tcx the kernel itself copies the bytes. */
static void find_pages(const struct patient *patient)
{
	if (!patient->symbols || !patient->kernel->reads)
		return;
	find_needed(patient, "pages", symbols_variable(patient->symbols, "vmemmap_base"),
		    "headers in page fragments can be read",
		    "packets whose headers lie in page fragments are not recognised",
		    patient->kernel->tcx
			    ? "use a kernel with CONFIG_KALLSYMS_ALL, or -b tcx"
			    : "use a kernel with CONFIG_KALLSYMS_ALL");
}

/* ---- probes */

static void find_tracepoints(const struct patient *patient)
{
	static const struct {
		const char *name;
		int argument;
	} all[] = {
#define X(name, argument, role) { #name, argument },
		TRACEPOINTS(X)
#undef X
	};
	char lack[192] = "";
	size_t found = 0, used = 0;

	if (!patient->kernel->btf)
		return;
	for (size_t i = 0; i < TRACEPOINT_PACKETS; i++) {
		if (kernel_tracepoint_skb(patient->kernel, all[i].name, NULL) ==
		    all[i].argument)
			found++;
		else if (used < sizeof(lack))
			used += snprintf(lack + used, sizeof(lack) - used, "%s%s",
					 used ? ", " : "; not here: ", all[i].name);
	}
	find(patient, FINDING_PROBES, "hops", *lack ? FINDING_NOTE : FINDING_GOOD, NULL,
	     "%zu of %d tracepoints%s", found, TRACEPOINT_PACKETS, lack);
}

static size_t functions_count(const struct functions *functions,
			      const struct probes *probes)
{
	size_t count, found = 0;
	const struct function *all = functions_all(functions, &count);

	for (size_t i = 0; i < count; i++)
		found += plan_in_registers(&all[i]) && probes_has(probes, all[i].name);
	return found;
}

static int find_zoom(const struct patient *patient, const char *zoom)
{
	struct probes *probes;
	size_t used = 0, found;
	int err = probes_load(zoom, &probes);

	if (err)
		return err;
	found = functions_count(patient->functions, probes);
	for (size_t i = 0; i < probes_count(probes); i++)
		used += probes_used(probes, i);
	if (probes_count(probes))
		find(patient, FINDING_PROBES, zoom, FINDING_GOOD, NULL,
		     "%zu functions, by %zu of %zu names; 'bpfpath list -u -p %s' says "
		     "more",
		     found, used, probes_count(probes), zoom);
	else
		find(patient, FINDING_PROBES, zoom, FINDING_GOOD, NULL, "%zu functions",
		     found);
	probes_free(probes);
	return 0;
}

/* Functions that are listed are still none where no backend can probe them. */
static bool functions_usable(const struct patient *patient)
{
	const char *why;

	for (size_t i = 0; backends[i] && patient->functions; i++)
		if (backends[i]->functions && backends[i]->usable(patient->kernel, &why))
			return true;
	return false;
}

static int find_functions(const struct patient *patient)
{
	int err;

	if (functions_usable(patient)) {
		err = find_zoom(patient, "stages");
		return err ? err : find_zoom(patient, "all");
	}
	if (patient->diagnosis->backend)
		find(patient, FINDING_PROBES, "stages", FINDING_LOST,
		     "see what the backends need", "no functions can be probed");
	else
		find(patient, FINDING_PROBES, "stages", FINDING_NOTE, NULL,
		     "not known: see above");
	return 0;
}

/* ---- all of it */

static int patient_load(struct patient *patient)
{
	int err = kernel_inspect(&patient->kernel, &patient->lacks);

	if (err)
		return err;
	patient->symbols_error = symbols_load(&patient->symbols);
	if (patient->symbols_error == -ENOMEM)
		return -ENOMEM;
	if (patient->symbols && !patient->lacks.bpf && !patient->lacks.btf)
		patient->functions_error = functions_load(
			patient->kernel->btf, patient->symbols, &patient->functions);
	return patient->functions_error == -ENOMEM ? -ENOMEM : 0;
}

static int patient_look(struct patient *patient)
{
	find_release(patient);
	find_btf(patient);
	find_module_btf(patient);
	find_lockdown(patient);
	find_capabilities(patient);
	find_bpf(patient);
	find_symbols(patient);
	find_perf(patient);
	find_tracefs(patient);
	find_backends(patient);
	find_programs(patient);
	find_drop_reasons(patient);
	find_pages(patient);
	find_tracepoints(patient);
	return find_functions(patient);
}

int diagnosis_make(struct diagnosis **out)
{
	struct patient patient = { .diagnosis = calloc(1, sizeof(*patient.diagnosis)) };
	int err = patient.diagnosis ? patient_load(&patient) : -ENOMEM;

	if (!err)
		err = patient_look(&patient);
	functions_free(patient.functions);
	symbols_free(patient.symbols);
	kernel_free(patient.kernel);
	if (err)
		diagnosis_free(patient.diagnosis);
	else
		*out = patient.diagnosis;
	return err;
}

void diagnosis_free(struct diagnosis *diagnosis)
{
	free(diagnosis);
}
