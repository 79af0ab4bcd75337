/* SPDX-License-Identifier: GPL-2.0-only */
/* formats.h - the ops of every format, for the table in render.c */
#ifndef BPFPATH_FORMATS_H
#define BPFPATH_FORMATS_H

#include "render/render.h"

extern const struct render_ops render_text_ops;
extern const struct render_ops render_tree_ops;
extern const struct render_ops render_folded_ops;
extern const struct render_ops render_flame_ops;
extern const struct render_ops render_perfetto_ops;
extern const struct render_ops render_dot_ops;
extern const struct render_ops render_svg_ops;
extern const struct render_ops render_html_ops;
extern const struct render_ops render_json_ops;
extern const struct render_ops render_hops_ops;
extern const struct render_ops render_tracepkt_ops;
extern const struct render_ops render_classes_ops;
extern const struct render_ops render_classes_json_ops;
extern const struct render_ops render_hist_ops;
extern const struct render_ops render_hist_json_ops;

#endif
