"use strict";
// Frames are drawn as parts (data-x, data-w) of a width; a click makes one of them the whole.
(() => {
	const left = 10, width = 1180, letter = 7.3;
	const frames = Array.from(document.querySelectorAll(".frame"));
	const details = document.getElementById("details");
	const reset = document.getElementById("reset");
	const search = document.getElementById("search");
	const quiet = details.textContent;
	const number = (frame, name) => Number(frame.getAttribute("data-" + name));

	function place(frame, x, w) {
		const text = frame.querySelector("text"), name = frame.getAttribute("data-name");
		const rect = frame.querySelector("rect"), room = Math.floor((w - 6) / letter);
		rect.setAttribute("x", x);
		rect.setAttribute("width", Math.max(w, 0.3));
		text.setAttribute("x", x + 3);
		text.textContent = room < 2 ? "" : name.length <= room ? name : name.slice(0, room - 1) + "…";
	}

	function zoom(to) {
		const x = number(to, "x"), w = number(to, "w"), depth = number(to, "depth");
		for (const frame of frames) {
			const at = number(frame, "x"), own = number(frame, "w"), tiny = 1e-9;
			const above = number(frame, "depth") < depth && at <= x + tiny && at + own >= x + w - tiny;
			const inside = at >= x - tiny && at + own <= x + w + tiny && number(frame, "depth") >= depth;
			frame.classList.toggle("hidden", !above && !inside);
			frame.classList.toggle("above", above);
			if (above)
				place(frame, left, width);
			else if (inside)
				place(frame, left + (at - x) / w * width, own / w * width);
		}
		reset.classList.toggle("hidden", to === frames[0]);
	}

	// Frames that are inside of one that was found count once.
	function find() {
		const text = prompt("Search for (a regular expression):", "");
		let pattern = null, total = 0, end = -1;
		try {
			pattern = text ? new RegExp(text) : null;
		} catch (error) {
			details.textContent = "no regular expression: " + text;
			return;
		}
		for (const frame of frames) {
			const is = pattern !== null && pattern.test(frame.getAttribute("data-name"));
			frame.classList.toggle("found", is);
			if (is && number(frame, "x") >= end - 1e-9) {
				total += number(frame, "w");
				end = number(frame, "x") + number(frame, "w");
			}
		}
		details.textContent = pattern ? "found: " + (100 * total).toFixed(1) + " %" : quiet;
	}

	for (const frame of frames) {
		const tell = () => { details.textContent = frame.querySelector("title").textContent; };
		frame.addEventListener("click", () => zoom(frame));
		frame.addEventListener("mouseover", tell);
		frame.addEventListener("focus", tell);
		frame.addEventListener("keydown", (event) => {
			if (event.key === "Enter" || event.key === " ")
				zoom(frame);
		});
	}
	reset.addEventListener("click", () => zoom(frames[0]));
	search.addEventListener("click", find);
	window.addEventListener("keydown", (event) => {
		if (event.key === "Escape")
			zoom(frames[0]);
		if (event.key === "/" || (event.ctrlKey && event.key === "f")) {
			event.preventDefault();
			find();
		}
	});
})();
