#include <stdlib.h>
#include "base/container.h"
#include "kernel/live_names.h"
#include "kernel/kernel.h"
#include "kernel/netns.h"
#include "kernel/symbols.h"
struct live { struct names names; const struct kernel *k; const struct symbols *s; struct netns_table *n; };
static const char *sym(struct names *n, uint64_t a, uint64_t *o){ struct live*l=(void*)n; const struct symbol*s=symbols_at(l->s,a); if(!s) return NULL; *o=a-s->address; return s->name;}
static const char *reason(struct names *n, uint32_t r){ struct live*l=(void*)n; return kernel_drop_reason(l->k,r);}
static const char *ns(struct names*n,uint32_t i){struct live*l=(void*)n; const struct netns*x=netns_table_find(l->n,i); return x&&x->name[0]?x->name:NULL;}
static const char *dev(struct names*n,uint32_t i,uint32_t x){struct live*l=(void*)n; return netns_table_device(l->n,i,x);}
static const struct names_ops ops={sym,reason,ns,dev};
struct names *live_names_new(const struct kernel *kernel, const struct symbols *symbols, struct netns_table *netns){struct live*l=calloc(1,sizeof*l); l->names.ops=&ops;l->k=kernel;l->s=symbols;l->n=netns;return &l->names;}
void live_names_free(struct names *names){free(names);}
