"use strict";
// What the page shows of the paths that are in it. Nothing that comes from a packet, a
// process or a name is ever markup: it goes through text nodes alone.
(() => {
	const ROW = 44, ROWS_OF_A_TABLE = 2000, DOTS = 4000;
	const read = (id) => JSON.parse(document.getElementById(id).textContent);
	const get = (id) => document.getElementById(id);
	const colours = read("colours");
	const packets = read("packets");
	const byId = new Map(packets.map((packet) => [packet.path.id, packet]));
	const state = { find: "", end: "", packet: 0, scale: "even" };
	let shown = packets;

	// ---- words

	// Characters that command, or turn the direction of writing, are shown as numbers.
	const plain = (text) => String(text).replace(
		/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
		(c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"));
	const us = (ns) => (ns / 1000).toFixed(3);
	function span(ns) {
		const units = [[1e9, "s"], [1e6, "ms"], [1e3, "us"]];
		const [size, unit] = units.find(([least]) => ns >= least) || [1e3, "us"];
		return (ns / size).toPrecision(3) + " " + unit;
	}
	const number = (count, what) => count + " " + what + (count === 1 ? "" : "s");
	const netns = (step) => step.netns ? step.netns.name || "netns " + step.netns.inode : "unknown namespace";
	const device = (step) => step.dev ? step.dev.name || "device " + step.dev.index : "no device";
	const place = (step) => "[" + netns(step) + "] " + device(step);
	const process = (step) => step.pid ? step.comm + "/" + step.pid : step.comm || "-";
	const isBad = (path) => path.end.kind === "dropped" || path.end.kind === "lost";
	const isGood = (path) => path.end.kind === "delivered" || path.end.kind === "transmitted";
	const quality = (path) => isBad(path) ? "bad" : isGood(path) ? "good" : "";
	const duration = (path) => path.steps.length ? path.steps[path.steps.length - 1].t : 0;

	function outcome(path) {
		const end = path.end, before = { delivered: "to", transmitted: "by", consumed: "by", open: "after", lost: "after" };
		const where = end.comm ? end.comm + "/" + end.pid : end.where;
		return end.kind + (end.into ? " into #" + end.into : "") + (where ? " " + (before[end.kind] || "in") + " " + where : "")
			+ (end.reason ? ": " + end.reason : "");
	}

	// All that can be searched for, in lower case, made when it is first needed.
	function words(packet) {
		if (packet.words === undefined) {
			const path = packet.path, all = new Set(["#" + path.id, packet.line, outcome(path)]);
			for (const step of path.steps) {
				all.add(place(step));
				all.add(step.func);
				all.add(step.stage);
				all.add(process(step));
			}
			packet.words = Array.from(all).join("\n").toLowerCase();
		}
		return packet.words;
	}

	// ---- building blocks

	function make(name, attributes, ...inside) {
		const svg = ["svg", "g", "rect", "path", "circle", "text", "title"].includes(name);
		const element = svg ? document.createElementNS("http://www.w3.org/2000/svg", name)
			: document.createElement(name);
		for (const [key, value] of Object.entries(attributes || {}))
			element.setAttribute(key, value);
		for (const one of inside)
			element.append(one instanceof Node ? one : document.createTextNode(plain(one)));
		return element;
	}
	const spot = (stage) => make("span", { class: "spot", style: "background:" + (colours[stage] || colours.other) });
	const button = (text, action) => {
		const element = make("button", { type: "button" }, text);
		element.addEventListener("click", action);
		return element;
	};

	// ---- the list: only what can be seen is there

	function row(packet, index) {
		const path = packet.path, chosen = path.id === state.packet;
		const element = make("div", {
			class: "packet" + (chosen ? " chosen" : ""), role: "option", id: "packet-" + path.id,
			"aria-selected": chosen, style: "top:" + index * ROW + "px",
			title: plain("#" + path.id + " " + packet.line),
		}, make("div", {}, "#" + path.id + " " + packet.line),
		make("div", { class: "how" }, make("span", { class: quality(path) || "quiet" }, outcome(path)),
			make("span", { class: "quiet" }, "  " + number(path.steps.length, "step") + ", " + span(duration(path)))));
		element.addEventListener("click", () => choose(path.id));
		return element;
	}

	function drawList() {
		const list = get("list"), first = Math.max(0, Math.floor(list.scrollTop / ROW) - 5);
		const last = Math.min(shown.length, first + Math.ceil(list.clientHeight / ROW) + 10);
		get("room").style.height = shown.length * ROW + "px";
		get("room").replaceChildren(...shown.slice(first, last).map((packet, i) => row(packet, first + i)));
		get("count").textContent = shown.length + " of " + packets.length + " packets";
		list.setAttribute("aria-activedescendant", "packet-" + state.packet);
	}

	function filter() {
		const wanted = state.find.toLowerCase().split(/\s+/).filter((word) => word);
		shown = packets.filter((packet) => (!state.end || packet.path.end.kind === state.end)
			&& wanted.every((word) => words(packet).includes(word)));
		get("list").scrollTop = 0;
		drawList();
	}

	// ---- a packet

	function lanesOf(path) {
		const lanes = [];
		for (const step of path.steps) {
			if (!lanes.includes(place(step)))
				lanes.push(place(step));
		}
		return lanes;
	}

	// Where the steps are drawn, from left to right: evenly, or by time.
	function positions(path, width) {
		const count = path.steps.length, whole = duration(path) || 1;
		return path.steps.map((step, i) => state.scale === "time" ? step.t / whole * width
			: count > 1 ? i / (count - 1) * width : 0);
	}

	function drawLanes(path) {
		const lanes = lanesOf(path), left = 230, right = 30, height = 46, top = 20;
		const room = Math.max(400, get("detail").clientWidth - left - right - 40);
		const width = state.scale === "time" ? room : Math.max(room, Math.min(path.steps.length * 6, 6000));
		const x = positions(path, width), y = (step) => top + lanes.indexOf(place(step)) * height + height / 2;
		const full = left + width + right, bottom = top + lanes.length * height;
		const drawing = make("svg", {
			id: "lanes", width: full, height: bottom + 34, role: "img",
			"aria-label": "the way of packet " + path.id, "data-end": path.end.kind,
		});
		lanes.forEach((name, i) => drawing.append(
			make("rect", { class: "lane", x: 0, y: top + i * height, width: full, height: height - 4, rx: 5 }),
			make("text", { x: 8, y: top + i * height + height / 2 + 2 }, name.length > 30 ? name.slice(0, 29) + "…" : name)));
		drawing.append(make("path", {
			class: "way", d: path.steps.map((step, i) => (i ? "L" : "M") + (left + x[i]).toFixed(1) + " " + y(step)).join(""),
		}));
		// Of very many only those that differ from the one before.
		const tells = (step, i) => !i || path.steps.length < DOTS || step.stage !== path.steps[i - 1].stage
			|| place(step) !== place(path.steps[i - 1]);
		path.steps.forEach((step, i) => tells(step, i) && drawing.append(make("circle", {
			class: "dot", cx: left + x[i], cy: y(step), r: step.changes ? 7 : 5, fill: colours[step.stage] || colours.other,
		}, make("title", {}, us(step.t) + " us  " + step.func + " (" + step.stage + ")"))));
		const last = path.steps[path.steps.length - 1], end = left + x[x.length - 1];
		if (isBad(path))
			drawing.append(make("path", {
				class: "way", style: "stroke:var(--bad);stroke-width:3.5",
				d: `M${end - 8} ${y(last) - 8}l16 16m-16 0l16 -16`,
			}));
		drawing.append(
			make("text", { class: "final " + quality(path), x: left + room + right - 8, y: bottom + 18, "text-anchor": "end" }, outcome(path)),
			make("text", { class: "over", x: left, y: 13 }, "0"),
			make("text", { class: "over", x: left + width, y: 13, "text-anchor": "end" }, span(duration(path))));
		return make("div", { class: "scroll" }, drawing);
	}

	// How long functions took is there where all of them were seen to return.
	const hasDurations = (path) => path.steps.some((step) => step.duration !== undefined);

	function drawChanges(step, columns) {
		const one = ([name, change]) => name === "tunnel" ? (change === "entered" ? "into a tunnel" : "out of a tunnel")
			: name + " " + (change[0] ?? "none") + " → " + (change[1] ?? "none");
		return make("tr", { class: "change" }, make("td", { colspan: columns - 4 }),
			make("td", { colspan: 4 }, "~ " + Object.entries(step.changes).map(one).join(", ")));
	}

	const queues = { backlog: "in the backlog", qdisc: "in the qdisc", socket: "in the socket's queue", neighbour: "for the neighbour's address" };

	function drawWaited(waited, columns) {
		return make("tr", { class: "change" }, make("td", { colspan: columns - 4 }),
			make("td", { colspan: 4 }, "waited " + us(waited.time) + " us " + queues[waited.queue]));
	}

	function drawStep(path, i, durations) {
		const step = path.steps[i], returned = step.result ?? step.ret;
		return make("tr", {}, make("td", { class: "number" }, us(step.t)),
			make("td", { class: "number quiet" }, i ? "+" + us(step.t - path.steps[i - 1].t) : ""),
			...(durations ? [make("td", { class: "number" }, step.duration === undefined ? "" : us(step.duration))] : []),
			make("td", { class: "name", style: "padding-left:" + (8 + 14 * Math.min(step.depth || 0, 20)) + "px" },
				step.func + (returned === undefined ? "" : " = " + returned)),
			make("td", {}, spot(step.stage), step.stage), make("td", { class: "number" }, step.cpu),
			make("td", {}, process(step)));
	}

	function drawSteps(path, count) {
		const durations = hasDurations(path);
		const heads = [["us", 1], ["+us", 1], ...(durations ? [["inside", 1]] : []), ["function", 0], ["stage", 0], ["cpu", 1], ["process", 0]];
		const body = make("tbody"), steps = path.steps;
		for (let i = 0; i < Math.min(count, steps.length); i++) {
			if (steps[i].waited)
				body.append(drawWaited(steps[i].waited, heads.length));
			if (steps[i].changes)
				body.append(drawChanges(steps[i], heads.length));
			if (!i || place(steps[i]) !== place(steps[i - 1]))
				body.append(make("tr", { class: "place" }, make("td", { colspan: heads.length }, place(steps[i]))));
			body.append(drawStep(path, i, durations));
		}
		const table = make("table", { id: "steps" }, make("thead", {}, make("tr", {},
			...heads.map(([name, number]) => make("th", number ? { class: "number" } : {}, name)))), body);
		const whole = make("div", { class: "scroll" }, table);
		if (count < steps.length)
			whole.append(button("show all " + steps.length + " steps", () => whole.replaceWith(drawSteps(path, steps.length))));
		return whole;
	}

	function drawLineage(path) {
		const links = (title, ids) => ids.length ? [make("span", { class: "quiet" }, " " + title + " "),
			...ids.map((id) => byId.has(id) ? button("#" + id, () => choose(id)) : make("span", {}, "#" + id))] : [];
		const made = path.relation ? path.relation + (path.number ? " " + path.number : "") + (path.maker ? ", made by " + path.maker
			: path.relation === "retransmission" ? ", by sequence number" : "")
			+ (path.caller ? " for " + path.caller : "") : "";
		const later = packets.filter((packet) => packet.path.relation === "retransmission" && packet.path.parent === path.id);
		const all = [...(path.conversation ? [make("span", {}, "conversation " + path.conversation + " ")] : []),
			...(made ? [make("span", {}, made)] : []), ...links("of", path.parent ? [path.parent] : []),
			...links("came of it:", path.branches || []), ...links("sent once more:", later.map((packet) => packet.path.id)), ...links("merged into it:", path.members || []),
			...links("merged into", path.end.into ? [path.end.into] : [])];
		return all.length ? [make("div", { id: "lineage" }, ...all)] : [];
	}

	function drawPacket(packet) {
		const path = packet.path;
		const scale = button(state.scale === "time" ? "even steps (t)" : "true to time (t)", toggleScale);
		const end = make("div", {}, make("div", { class: quality(path) }, outcome(path)));
		if (path.end.explanation)
			end.append(make("div", {}, path.end.explanation));
		if (path.end.comm)
			end.append(make("div", {}, "through " + path.end.where));
		if (!path.complete)
			end.append(make("div", { class: "bad" }, "it may have a hole: " + (path.lost ? path.lost + " events were lost" : "not all of it was seen")));
		end.append(make("div", { class: "quiet" }, number(path.steps.length, "step") + ", " + span(duration(path)) + ", "
			+ number(lanesOf(path).length, "place")));
		return [make("div", {}, make("h2", {}, "#" + path.id + " " + packet.line), button("overview (Esc)", () => choose(0)), " ", scale),
			end, ...drawLineage(path), ...(path.steps.length ? [drawLanes(path), drawSteps(path, ROWS_OF_A_TABLE)] : [])];
	}

	// ---- all packets

	function stagesOf() {
		const stages = new Map();
		for (const { path } of packets) {
			path.steps.forEach((step, i) => {
				if (!stages.has(step.stage))
					stages.set(step.stage, []);
				if (i + 1 < path.steps.length)
					stages.get(step.stage).push(path.steps[i + 1].t - step.t);
			});
		}
		return Array.from(stages, ([name, times]) => {
			times.sort((a, b) => a - b);
			const at = (part) => times.length ? times[Math.min(times.length - 1, Math.floor(times.length * part))] : 0;
			return { name, times, count: times.length, median: at(0.5), p99: at(0.99), sum: times.reduce((a, b) => a + b, 0) };
		}).filter((stage) => stage.count).sort((a, b) => b.sum - a.sum);
	}

	// A bar for each power of two, from 64 ns to a second.
	function drawHistogram({ name, times, count }) {
		const bars = Array.from({ length: 25 }, () => 0);
		for (const time of times)
			bars[Math.max(0, Math.min(bars.length - 1, Math.floor(Math.log2(time || 1)) - 6))]++;
		const most = Math.max(...bars);
		return make("div", { class: "histogram" }, ...bars.map((bar, i) => make("div", {
			style: "height:" + (bar ? Math.max(8, 100 * bar / most) : 0) + "%;background:" + (colours[name] || colours.other),
			title: bar + " of " + count + ": " + span(i ? 2 ** (i + 6) : 0) + " to " + span(2 ** (i + 7)),
		})));
	}

	function drawStages() {
		const stages = stagesOf(), most = Math.max(1, ...stages.map((stage) => stage.sum));
		const heads = [["stage", ""], ["steps", "number"], ["median", "number"], ["p99", "number"], ["together", "number"], ["64 ns ... 1 s", ""], ["", "wide"]];
		return make("div", {}, make("h2", {}, "Where the time goes: until the next step"), make("table", { id: "stages" },
			make("thead", {}, make("tr", {}, ...heads.map(([name, kind]) => make("th", { class: kind }, name)))),
			make("tbody", {}, ...stages.map((stage) => make("tr", {}, make("td", {}, spot(stage.name), stage.name),
				make("td", { class: "number" }, stage.count), make("td", { class: "number" }, span(stage.median)),
				make("td", { class: "number" }, span(stage.p99)), make("td", { class: "number" }, span(stage.sum)),
				make("td", {}, drawHistogram(stage)),
				make("td", { class: "wide" }, make("div", {
					class: "bar",
					style: "width:" + 100 * stage.sum / most + "%;background:" + (colours[stage.name] || colours.other),
				})))))));
	}

	function drawDrops() {
		const drops = new Map();
		for (const { path } of packets) {
			if (path.end.kind !== "dropped")
				continue;
			const last = path.steps[path.steps.length - 1], key = outcome(path) + (last ? "\n" + place(last) : "");
			if (!drops.has(key))
				drops.set(key, { count: 0, path, where: last ? place(last) : "" });
			drops.get(key).count++;
		}
		if (!drops.size)
			return make("div", { class: "good" }, "No packet was dropped.");
		const rows = Array.from(drops.values()).sort((a, b) => b.count - a.count).map(({ count, path, where }) => {
			const line = make("tr", { class: "link", tabindex: 0 }, make("td", { class: "number bad" }, count),
				make("td", {}, path.end.reason || "no reason given"), make("td", { class: "name" }, path.end.where || ""),
				make("td", {}, where), make("td", { style: "white-space:normal" }, path.end.explanation || ""));
			const open = () => find(outcome(path).split(/\s+/).concat(where.split(/\s+/)).join(" "), "dropped");
			line.addEventListener("click", open);
			line.addEventListener("keydown", (event) => event.key === "Enter" && open());
			return line;
		});
		return make("div", {}, make("h2", {}, "Drops"), make("div", { class: "scroll" }, make("table", { id: "drops" },
			make("thead", {}, make("tr", {}, ...["packets", "reason", "function", "place", "what it means"].map((name) => make("th", {}, name)))),
			make("tbody", {}, ...rows))));
	}

	let overview = null;
	function drawOverview() {
		overview = overview || [drawDrops(), drawStages(), make("div", { class: "quiet" }, "Keys: ", make("kbd", {}, "/"), " search, ",
			make("kbd", {}, "↑"), " ", make("kbd", {}, "↓"), " or ", make("kbd", {}, "k"), " ", make("kbd", {}, "j"),
			" packet by packet, ", make("kbd", {}, "t"), " time or steps, ", make("kbd", {}, "Esc"), " back to this page.")];
		return overview;
	}

	// ---- what the user does; the address says what is seen

	function draw() {
		const packet = byId.get(state.packet), detail = get("detail"), inside = detail.contains(document.activeElement);
		detail.replaceChildren(...(packet ? drawPacket(packet) : drawOverview()));
		if (inside)
			detail.focus({ preventScroll: true }); // what had it is gone
		drawList();
		const address = new URLSearchParams(Object.entries(state).filter(([, value]) => value && value !== "even"));
		history.replaceState(null, "", "#" + address);
	}

	function choose(id) {
		const list = get("list");
		state.packet = id;
		const index = shown.findIndex((packet) => packet.path.id === id);
		if (index >= 0 && (index * ROW < list.scrollTop || (index + 1) * ROW > list.scrollTop + list.clientHeight))
			list.scrollTop = index * ROW - list.clientHeight / 2;
		get("detail").scrollTop = 0;
		draw();
	}

	function step(by) {
		const index = shown.findIndex((packet) => packet.path.id === state.packet);
		const next = shown[index < 0 ? 0 : Math.max(0, Math.min(shown.length - 1, index + by))];
		if (next)
			choose(next.path.id);
	}

	function find(text, end) {
		state.find = get("find").value = text;
		state.end = end;
		for (const one of get("ends").children)
			one.setAttribute("aria-pressed", one.value === end);
		filter();
		draw();
	}

	function toggleScale() {
		state.scale = state.scale === "time" ? "even" : "time";
		draw();
	}

	function drawEnds() {
		const counts = new Map([["", packets.length]]);
		for (const { path } of packets)
			counts.set(path.end.kind, (counts.get(path.end.kind) || 0) + 1);
		for (const [end, count] of counts) {
			const one = button((end || "all") + " " + count, () => find(state.find, end));
			one.value = end;
			get("ends").append(one);
		}
	}

	const keys = {
		"/": () => get("find").focus(), Escape: () => choose(0), t: toggleScale,
		ArrowDown: () => step(1), ArrowUp: () => step(-1), j: () => step(1), k: () => step(-1),
	};
	document.addEventListener("keydown", (event) => {
		const typing = document.activeElement === get("find"), arrow = event.key.startsWith("Arrow");
		const reading = get("detail").contains(document.activeElement); // arrows scroll there
		if (event.ctrlKey || event.altKey || event.metaKey || !Object.hasOwn(keys, event.key)
			|| (typing && !arrow && event.key !== "Escape") || (reading && arrow))
			return;
		event.preventDefault();
		if (typing && event.key === "Escape")
			get("find").blur();
		else
			keys[event.key]();
	});
	get("find").addEventListener("input", () => find(get("find").value, state.end));
	get("list").addEventListener("scroll", drawList);
	window.addEventListener("resize", draw);

	const total = packets.reduce((sum, { path }) => sum + path.steps.length, 0);
	const drops = packets.filter(({ path }) => path.end.kind === "dropped").length;
	get("summary").append(number(packets.length, "packet") + ", " + number(total, "step") + ", ",
		make("span", { class: drops ? "bad" : "good" }, drops + " dropped"));
	drawEnds();
	function go() {
		const address = new URLSearchParams(location.hash.slice(1));
		state.scale = address.get("scale") === "time" ? "time" : "even";
		state.packet = Number(address.get("packet")) || 0;
		find(address.get("find") || "", address.get("end") || "");
		choose(state.packet);
	}
	window.addEventListener("hashchange", go);
	go();
})();
