#!/usr/bin/env python3
"""browser.py CHROMIUM PAGES PICTURES: what a browser makes of the pages in a directory.

It is driven by its own protocol, over a pipe (--remote-debugging-pipe): real keys, both
colour schemes, and everything that the pages complain of or would like to load.
Pictures of what is looked at are left in the directory PICTURES.
"""
import base64
import ctypes
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

SIZE = {"width": 1400, "height": 900, "deviceScaleFactor": 1, "mobile": False}
KEYS = {"Tab": 9, "Enter": 13, "Escape": 27, "ArrowUp": 38, "ArrowDown": 40}
PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h: whose parent has ended is our child
CONTRAST = 4.5  # WCAG 2.1, success criterion 1.4.3

# Each piece of text that can be seen, with the colours that it has and that are behind it.
CONTRAST_SCRIPT = """(() => {
	const rgba = (text) => (text.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
	const over = ([r, g, b, a = 1], back) => [r, g, b].map((c, i) => c * a + back[i] * (1 - a));
	const light = (c) => c.map((v) => v / 255).map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
		.reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
	function behind(element) {
		const all = [];
		for (let at = element; at; at = at.parentElement)
			all.unshift(rgba(getComputedStyle(at).backgroundColor));
		return all.reduce((back, colour) => over(colour, back), [255, 255, 255]);
	}
	// Text in a drawing may lie on any rectangle of it, or beside them.
	function backs(element) {
		const drawing = element.closest("svg");
		if (!drawing)
			return [behind(element)];
		return [behind(drawing), ...Array.from(drawing.querySelectorAll("rect"), (rect) =>
			over(rgba(getComputedStyle(rect).fill), behind(drawing)))];
	}
	const bad = [];
	let count = 0;
	for (const element of document.querySelectorAll("body *")) {
		const own = Array.from(element.childNodes).some((node) => node.nodeType === 3 && node.textContent.trim());
		const style = getComputedStyle(element), box = element.getBoundingClientRect();
		if (!own || ["SCRIPT", "STYLE", "title"].includes(element.tagName) || !box.width || style.visibility !== "visible")
			continue;
		const colour = rgba(element.closest("svg") ? style.fill : style.color);
		for (const back of backs(element)) {
			const pair = [light(over(colour, back)), light(back)].sort((a, b) => b - a);
			const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
			count++;
			if (ratio < LEAST)
				bad.push(ratio.toFixed(2) + " <" + element.tagName + " class='" + element.getAttribute("class") + "'> "
					+ element.textContent.slice(0, 40));
		}
	}
	return { bad, count };
})()""".replace("LEAST", str(CONTRAST))

FOCUS_SCRIPT = """(() => {
	const at = document.activeElement, style = getComputedStyle(at);
	return { what: at.id || at.tagName + ":" + at.textContent.slice(0, 30),
		seen: style.outlineStyle !== "none" && style.outlineWidth !== "0px" };
})()"""


class Browser:
    """One page at a time of a browser of its own."""

    def __init__(self, program, home):
        to_browser, self.write_fd = os.pipe()
        self.read_fd, from_browser = os.pipe()
        script = f'exec 3<&{to_browser} 4>&{from_browser}; exec "$@"'
        self.process = subprocess.Popen(
            ["bash", "-c", script, "-", program, "--headless", "--no-sandbox", "--disable-gpu",
             "--no-first-run", "--hide-scrollbars", "--remote-debugging-pipe",
             f"--user-data-dir={home}/profile"],
            pass_fds=(to_browser, from_browser), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "HOME": home},
            start_new_session=True)
        os.close(to_browser)
        os.close(from_browser)
        self.last, self.buffer, self.complaints, self.loaded = 0, b"", [], False
        self.session = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")
        self.call("Emulation.setDeviceMetricsOverride", **SIZE)

    def message(self):
        while b"\0" not in self.buffer:
            data = os.read(self.read_fd, 1 << 20)
            if not data:
                sys.exit("the browser has ended")
            self.buffer += data
        text, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(text)

    def notice(self, message):
        method, params = message.get("method"), message.get("params", {})
        if method in ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded"):
            self.complaints.append(json.dumps(params)[:500])
        elif method == "Network.requestWillBeSent":
            if not params["request"]["url"].startswith("file:"):
                self.complaints.append("it loads " + params["request"]["url"][:200])
        elif method == "Page.loadEventFired":
            self.loaded = True

    def call(self, method, **params):
        self.last += 1
        request = {"id": self.last, "method": method, "params": params}
        if self.session:
            request["sessionId"] = self.session
        os.write(self.write_fd, json.dumps(request).encode() + b"\0")
        while True:
            message = self.message()
            if message.get("id") != self.last:
                self.notice(message)
            elif "error" in message:
                sys.exit(f"{method}: {message['error']}")
            else:
                return message["result"]

    def open(self, page, state=""):
        self.loaded = False
        self.call("Page.navigate", url="about:blank")
        while not self.loaded:
            self.notice(self.message())
        self.loaded = False
        self.call("Page.navigate", url=page.as_uri() + state)
        while not self.loaded:
            self.notice(self.message())

    def ask(self, expression):
        """A value of the page, or what it promises."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            sys.exit(f"{expression[:80]}: {json.dumps(result['exceptionDetails'])[:500]}")
        return result["result"].get("value")

    def press(self, *keys):
        for key in keys:
            what = {"key": key, "windowsVirtualKeyCode": KEYS[key]} if key in KEYS else {"key": key, "text": key}
            if key == "Enter":
                what["text"] = "\r"
            self.call("Input.dispatchKeyEvent", type="keyDown", **what)
            self.call("Input.dispatchKeyEvent", type="keyUp", **what)

    def scheme(self, name):
        self.call("Emulation.setEmulatedMedia",
                  features=[{"name": "prefers-color-scheme", "value": name}])

    def picture(self, path):
        data = self.call("Page.captureScreenshot", format="png")["data"]
        path.write_bytes(base64.b64decode(data))

    def close(self):
        """Until all its processes have ended: they write to its home as long as they run."""
        os.close(self.write_fd)
        os.killpg(self.process.pid, signal.SIGKILL)
        while True:
            try:
                os.wait()
            except ChildProcessError:
                break


def expect(what, is_so):
    if not is_so:
        sys.exit(f"not so: {what}")


def expect_equal(what, is_so, should):
    if is_so != should:
        sys.exit(f"{what}: {is_so!r}, not {should!r}")


COUNT = "document.getElementById('count').textContent"
CHOSEN = "(document.querySelector('.packet.chosen') || {}).id || ''"
END = "document.querySelector('#lanes').getAttribute('data-end')"
FINAL = "document.querySelector('#lanes .final').textContent"


def check_drops(browser, pages):
    """The search finds, and the drawing of a path shows its end."""
    browser.open(pages / "drop.html", "#find=otherhost&packet=1")
    expect_equal("found", browser.ask(COUNT), "1 of 3 packets")
    expect_equal("the end", browser.ask(END), "dropped")
    browser.ask("""new Promise((done) => {
        window.addEventListener("hashchange", () => done());
        location.hash = "#packet=2";
    })""")
    expect_equal("chosen by its address", browser.ask(CHOSEN), "packet-2")
    browser.open(pages / "drop.html", "#find=otherhost&packet=1")
    expect_equal("its words", browser.ask(FINAL), "dropped in ip_rcv_core: OTHERHOST")


def check_names(browser, pages):
    """Names are text, whatever they would like to be."""
    browser.open(pages / "escape.html", "#packet=1")
    text = browser.ask("document.body.innerText")
    for name in ("<img src=x onerror=alert(1)>", '</script><i>&"', "\\u001b]0;pwned\\u0007"):
        expect(f"the page shows {name}", name in text)
    expect_equal("elements made of names", browser.ask("document.querySelectorAll('img, i').length"), 0)


def check_many(browser, pages, pictures):
    """50,000 steps: it opens, is searched in, and a path is drawn."""
    began = time.monotonic()
    browser.open(pages / "many.html")
    expect_equal("all", browser.ask(COUNT), "500 of 500 packets")
    expect("the summary names the steps", "50000 steps" in browser.ask(
        "document.getElementById('summary').textContent"))
    opened = time.monotonic()
    browser.press("/", *"#77")
    expect_equal("found", browser.ask(COUNT), "1 of 500 packets")
    found = time.monotonic()
    browser.press("ArrowDown")
    expect_equal("chosen", browser.ask(CHOSEN), "packet-77")
    expect_equal("the end", browser.ask(END), "consumed")
    expect_equal("steps drawn", browser.ask("document.querySelectorAll('#lanes .dot').length"), 100)
    expect_equal("steps listed", browser.ask("document.querySelectorAll('#steps td.name').length"), 100)
    drawn = time.monotonic()
    browser.picture(pictures / "browser-many.png")
    print(f"50,000 steps: open in {opened - began:.2f} s, three letters searched in {found - opened:.2f} s, "
          f"a path drawn in {drawn - found:.2f} s")


def check_keys(browser, pages):
    """Everything can be reached by keys alone, and one sees where one is."""
    browser.open(pages / "lineage.html")
    seen = []
    for _ in range(40):
        browser.press("Tab")
        focus = browser.ask(FOCUS_SCRIPT)
        if focus["what"].startswith("BODY") or focus["what"] in seen:
            break
        expect(f"the focus is seen on {focus['what']}", focus["seen"])
        seen.append(focus["what"])
    for part in ("find", "list", "detail"):
        expect(f"{part} is reached by Tab: {seen}", part in seen)
    expect(f"ends are buttons: {seen}", any(one.startswith("BUTTON:dropped") for one in seen))
    expect(f"drops are links: {seen}", any(one.startswith("TR:") for one in seen))
    browser.open(pages / "lineage.html")
    while not browser.ask(FOCUS_SCRIPT)["what"].startswith("BUTTON:dropped"):
        browser.press("Tab")
    browser.press("Enter")
    expect_equal("filtered by Enter", browser.ask(COUNT), "1 of 4 packets")
    browser.open(pages / "lineage.html")
    browser.press("ArrowDown")
    expect_equal("the first", browser.ask(CHOSEN), "packet-1")
    browser.press("ArrowDown", "ArrowDown", "ArrowUp")
    expect_equal("down and up", browser.ask(CHOSEN), "packet-2")
    while not browser.ask(FOCUS_SCRIPT)["what"].startswith("BUTTON:true to time"):
        browser.press("Tab")
    browser.press("Enter")
    expect_equal("the focus stays", browser.ask("document.getElementById('detail').contains(document.activeElement)"),
                 True)
    expect("true to time", "scale=time" in browser.ask("location.hash"))
    browser.press("Escape")
    expect_equal("back", browser.ask(CHOSEN), "")
    browser.open(pages / "lineage.html")
    while not browser.ask(FOCUS_SCRIPT)["what"].startswith("TR:"):
        browser.press("Tab")
    browser.press("Enter")
    expect_equal("the packets of a drop", browser.ask(COUNT), "1 of 4 packets")


def check_colours(browser, pages, pictures):
    """Text can be read, in light and dark."""
    for scheme in ("light", "dark"):
        browser.scheme(scheme)
        for page, state in (("drop", ""), ("drop", "#packet=1"), ("drop", "#packet=2"), ("nat", "#packet=1"),
                            ("lineage", "#packet=1"), ("graph", "#packet=1"), ("many", "")):
            browser.open(pages / (page + ".html"), state)
            expect_equal("the scheme", browser.ask("matchMedia('(prefers-color-scheme: dark)').matches"),
                         scheme == "dark")
            contrast = browser.ask(CONTRAST_SCRIPT)
            expect(f"text is looked at: {contrast['count']}", contrast["count"] > 20)
            expect_equal(f"{page}{state}, {scheme}, contrast below {CONTRAST}", contrast["bad"], [])
            name = page + "-" + (state.strip("#").replace("=", "") or "all")
            browser.picture(pictures / f"browser-{name}-{scheme}.png")


def main():
    program, pages, pictures = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    with tempfile.TemporaryDirectory() as home:
        browser = Browser(program, home)
        try:
            check_drops(browser, pages)
            check_names(browser, pages)
            check_many(browser, pages, pictures)
            check_keys(browser, pages)
            check_colours(browser, pages, pictures)
            expect_equal("what the pages complain of", browser.complaints, [])
        finally:
            browser.close()


main()
