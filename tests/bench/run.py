"""What playground costs beside plain NiceGUI: `python tests/bench/run.py [click save ...]`, by default all rows.

Both sides of every comparison run in turns (A B A B ...), because the machine is never quiet. The figures are medians,
the ratio is that of the medians, with the range it would be in nine times of ten; a goal in that range is "unclear".
`BENCH_PATH=directory` measures another playground.py, `PLAYGROUND_CHROMIUM` names another browser. With a Python that
has streamlit and pyview-web, `BENCH_OTHERS=.../bin/python` adds them: `run.py others` shows their clicks alone.
"""

import asyncio
import contextlib
import hashlib
import json
import os
import random
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

import tabs  # noqa: E402

CHROMIUM = os.environ.get("PLAYGROUND_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-headless-shell")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-background-timer-throttling",
]  # fmt: skip
SERVERS = ("plain", "playground", "refreshable")


# -- table


Samples = dict[str, list[float]]  # measured values by what was measured: "playground", "plain", ...


def show(name: str, unit: str, samples: Samples, reference: str, *, most: float | None, absolute: bool = False) -> None:
    """Print one row. The goal is `most` times the reference, or, if `absolute`, `most` of the unit."""
    own, other = samples["playground"], samples[reference]
    middle = statistics.median(own) / statistics.median(other)
    low, high = _range_of_ratio(own, other)
    goal = verdict = ""
    if most is not None and absolute:
        value = statistics.median(own)
        goal, verdict = f"<= {most:g} {unit}", "met" if value <= most else "MISSED"
    elif most is not None:
        goal = f"<= {most:g} x {reference}"
        verdict = "unclear" if low <= most < high else "met" if middle <= most else "MISSED"
    ratio = f"{middle:.2f}" + (f" ({low:.2f}-{high:.2f})" if high - low > 0.005 else "")
    medians = [f"{side} {_number(values)}" for side, values in samples.items() if side != "playground"]
    print(f"{name:<37}{_number(own):>8} {unit:<8} {ratio:<18} {goal:<17} {verdict:<8} {', '.join(medians)}", flush=True)


def show_alone(name: str, unit: str, samples: Samples) -> None:
    """Print a row that has nothing beside it."""
    print(f"{name:<37}{_number(samples['playground']):>8} {unit}", flush=True)


def heading() -> None:
    print(f"{'row':<37}{'median':>8} {'':<8} {'ratio':<18} {'goal':<17} {'':<8} medians of the others", flush=True)


def _range_of_ratio(ones: list[float], others: list[float]) -> tuple[float, float]:
    """Where nine of ten ratios are when the measured values are drawn again and again."""
    draw = random.Random(0).choices
    ratios = sorted(
        statistics.median(draw(ones, k=len(ones))) / statistics.median(draw(others, k=len(others))) for _ in range(400)
    )
    return ratios[20], ratios[379]


def _number(values: list[float]) -> str:
    value = statistics.median(values)
    return f"{value:,.{0 if value >= 1000 or value == int(value) else 1 if value >= 100 else 2}f}"


# -- servers


@dataclass
class Server:
    process: subprocess.Popen[bytes]
    url: str

    def memory(self, pages: int) -> int:
        """Bytes that the server takes up with that many open pages."""
        with urllib.request.urlopen(f"{self.url}/memory") as response:
            answer = json.load(response)
        assert answer["connected"] == pages, f"{answer} with {pages} pages opened"
        return int(answer["bytes"])


def launch(kind: str, script: Path = HERE / "apps.py", python: str = sys.executable) -> tuple[Server, float]:
    """A new server of a script, and the seconds until it answered a request with 200."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    left_out = ("NICEGUI", "PYTEST", "PYTHONDONTWRITEBYTECODE")  # the last: an installed module has been compiled, too
    environment = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    began = time.perf_counter()
    process = subprocess.Popen(
        [python, str(script), kind, str(port)],
        cwd=script.parent, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    server = Server(process, f"http://127.0.0.1:{port}")
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=30):
                pass
            with urllib.request.urlopen(server.url, timeout=30) as response:
                assert response.status == 200
            return server, time.perf_counter() - began
        except (ConnectionError, urllib.error.URLError):
            if process.poll() is not None or time.perf_counter() - began > 60:
                stop(server)
                raise RuntimeError(f"it does not start: python {script} {kind} {port}") from None
            time.sleep(0.005)


def stop(server: Server) -> float:
    """End the server; returns the seconds of processor time that it took in all."""
    server.process.kill()
    if server.process.returncode is not None:
        return 0.0
    _, status, usage = os.wait4(server.process.pid, 0)
    server.process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime


@contextlib.contextmanager
def serving(*kinds: str) -> Iterator[dict[str, Server]]:
    servers: dict[str, Server] = {}
    try:
        for kind in kinds:
            servers[kind] = launch(kind)[0]
        yield servers
    finally:
        for server in servers.values():
            stop(server)


# -- in the browser

CLICKS = """async ([clicks, atRest]) => {
  const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));
  const content = document.querySelector('.nicegui-content') ?? document.body;
  const text = () => {  // of the counter, whatever lies around it
    const walker = document.createTreeWalker(content, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) if (walker.currentNode.data.startsWith('Count: ')) return walker.currentNode.data;
  };
  const times = [];
  for (let i = 0; i < clicks; i++) {
    const before = text();
    times.push(await new Promise(resolve => {
      const observer = new MutationObserver(() => {
        if (!text() || text() === before) return;
        const seconds = (performance.now() - began) / 1000;
        observer.disconnect();
        resolve(seconds);
      });
      observer.observe(content, {subtree: true, childList: true, characterData: true});
      const button = [...content.querySelectorAll('button')].find(({ textContent }) => textContent.trim() === '+');
      const began = performance.now();
      button.click();
    }));
    await pause(15);  // the server comes to rest
    if (!atRest) continue;
    while (content.querySelector('.q-ripple')) await pause(50);  // what the button shows of the click
    await pause(150);
  }
  return times;
}"""


class Tab:
    """A page in the browser whose counter can be clicked."""

    def __init__(self, browser: Any, url: str) -> None:
        self.frames: list[int] = []
        self.page = browser.new_page()
        self.page.on("websocket", lambda socket: socket.on("framereceived", self._received))
        self.page.goto(url)
        self.page.wait_for_function("window.did_handshake && document.querySelector('.nicegui-content button')")
        self.page.wait_for_timeout(300)

    def _received(self, payload: str | bytes) -> None:
        data = payload.encode() if isinstance(payload, str) else payload
        if data[:2] == b"42":  # a message, not a sign of life
            self.frames.append(len(data))

    def click(self, times: int, *, at_rest: bool = False) -> list[float]:
        """Seconds until each click showed: clicks in quick succession, or each when the page has come to rest."""
        seconds: list[float] = self.page.evaluate(CLICKS, [times, at_rest])
        return seconds

    def bytes_of_click(self) -> int:
        self.frames.clear()
        self.click(1)
        self.page.wait_for_timeout(60)
        return sum(self.frames)


@contextlib.contextmanager
def browsing() -> Iterator[tuple[Any, dict[str, Server]]]:
    from playwright.sync_api import sync_playwright

    with serving(*SERVERS) as servers, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, headless=True)
        try:
            yield browser, servers
        finally:
            browser.close()


def measure_bytes() -> None:
    with browsing() as (browser, servers):
        for rows in (0, 300):
            tabs = {kind: Tab(browser, f"{servers[kind].url}/?rows={rows}") for kind in SERVERS}
            sent: Samples = {kind: [] for kind in SERVERS}
            for _ in range(5):
                for kind, tab in tabs.items():
                    sent[kind].append(tab.bytes_of_click())
            for tab in tabs.values():
                tab.page.close()
            show(f"bytes per click, {rows} rows", "bytes", sent, "plain", most=1)


CLICK_GOALS = {0: 1.0, 100: 0.4, 1000: 0.25}


def measure_click() -> None:
    """Clicks at the pace of a person, when what the last one has set in motion is over."""
    with browsing() as (browser, servers):
        for rows in (0, 100, 300, 1000):
            tabs = {kind: Tab(browser, f"{servers[kind].url}/?rows={rows}") for kind in SERVERS}
            for tab in tabs.values():
                tab.click(3, at_rest=True)
            taken: Samples = {kind: [] for kind in SERVERS}
            for turn in range(40 if rows == 0 else 16):
                for kind in SERVERS if turn % 2 == 0 else reversed(SERVERS):
                    taken[kind] += [seconds * 1000 for seconds in tabs[kind].click(1, at_rest=True)]
            for tab in tabs.values():
                tab.page.close()
            show(f"click to DOM, {rows} rows", "ms", taken, "plain", most=CLICK_GOALS.get(rows))


def measure_succession() -> None:
    """Clicks in quick succession: the browser still draws what the last one has changed."""
    with browsing() as (browser, servers):
        for rows, clicks, seconds in ((0, 1500, 75.0), (100, 200, 18.0), (300, 120, 20.0), (1000, 50, 28.0)):
            tabs = {kind: Tab(browser, f"{servers[kind].url}/?rows={rows}") for kind in SERVERS}
            for tab in tabs.values():
                tab.click(3)
            taken: Samples = {kind: [] for kind in SERVERS}
            turn, began = 0, time.perf_counter()
            while turn * 5 < clicks and time.perf_counter() - began < seconds:
                for kind in SERVERS if turn % 2 == 0 else reversed(SERVERS):
                    times = tabs[kind].click(5 if kind != "refreshable" or rows == 0 else 1)
                    taken[kind].append(statistics.mean(times) * 1000)  # the browser's clock ticks every 0.1 ms
                turn += 1
            for tab in tabs.values():
                tab.page.close()
            name = f"5 clicks in succession, {rows} rows"
            show(name, "ms", taken, "plain", most=CLICK_GOALS.get(rows))


def measure_others() -> None:
    """Clicks on the same page made with other frameworks, if there is a Python that has them."""
    from playwright.sync_api import sync_playwright

    python = os.environ.get("BENCH_OTHERS")
    if python is None:
        print("others: name a Python that has streamlit and pyview-web as BENCH_OTHERS")
        return
    with sync_playwright() as playwright, serving("plain", "playground") as servers, contextlib.ExitStack() as stack:
        for kind in ("streamlit", "pyview"):
            servers[kind] = launch(kind, HERE / "others.py", python)[0]
            stack.callback(stop, servers[kind])
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, headless=True)
        stack.callback(browser.close)
        for rows, turns in ((0, 40), (100, 12), (1000, 4)):
            pages = {}
            for kind, server in servers.items():
                pages[kind] = browser.new_page()
                pages[kind].goto(f"{server.url}/?rows={rows}")
                pages[kind].get_by_text("Count: 0").wait_for(timeout=120_000)
                if rows:
                    pages[kind].get_by_text("Delete").nth(rows - 1).wait_for(timeout=120_000)
                pages[kind].wait_for_timeout(1000)
                pages[kind].evaluate(CLICKS, [1, False])
            taken: Samples = {kind: [] for kind in servers}
            for _ in range(turns):
                for kind, page in pages.items():
                    taken[kind] += [seconds * 1000 for seconds in page.evaluate(CLICKS, [1, False])]
            for page in pages.values():
                page.close()
            show(f"click to DOM, {rows} rows, and others", "ms", taken, "plain", most=None)


# -- rows of a list

LIST = """import os, sys
sys.path.insert(0, os.environ["BENCH_PATH"])
from nicegui import ui

KIND, PORT, ROWS = sys.argv[1], int(sys.argv[2]), 1000

def cells(row):
    ui.label(f"Row {row['id']}: {row['text']}")
    ui.button("Delete")

if KIND == "plain":
    @ui.page("/")
    def index():
        rows = []

        def add(index, row):
            with column, ui.row() as element:
                cells(row)
            rows.insert(index, element)
            if index != len(rows) - 1:
                element.move(target_index=index)

        ui.button("change", on_click=lambda: next(iter(rows[500])).set_text("Row changed"))
        ui.button("insert", on_click=lambda: add(500, {"id": "new", "text": 0}))
        ui.button("delete", on_click=lambda: rows.pop(500).delete())
        with ui.column() as column:
            for number in range(ROWS):
                add(number, {"id": number, "text": 0})

    ui.run(port=PORT, reload=False, show=False, show_welcome_message=False)
else:
    import playground

    class Page(playground.LiveView):
        def mount(self):
            rows = [{"id": number, "text": 0} for number in range(ROWS)]
            self.new = ROWS
            self.rows = playground.Stream(rows, key=lambda row: row["id"]) if KIND == "stream" else rows

        def render(self):
            ui.button("change", on_click=self.change)
            ui.button("insert", on_click=self.insert)
            ui.button("delete", on_click=self.delete)
            with ui.column():
                if KIND == "stream":
                    self.rows.render(self.row)
                else:
                    for row in self.rows:
                        with playground.key(row["id"]):
                            self.row(row)

        def row(self, row):
            with ui.row():
                cells(row)

        def change(self):
            row = dict(list(self.rows)[500], text="changed")
            if KIND == "stream":
                self.rows.insert(500, row)
            else:
                self.rows[500] = row

        def insert(self):
            self.new += 1
            self.rows.insert(500, {"id": self.new, "text": 0})

        def delete(self):
            if KIND == "stream":
                self.rows.remove(list(self.rows)[500]["id"])
            else:
                del self.rows[500]

    playground.start(live=Page, port=PORT, open_browser=False)
"""
LIST_CLICK = """async name => {
  const list = document.querySelector('.nicegui-column');
  const button = [...document.querySelectorAll('.nicegui-content > button')].find(b => b.innerText.toLowerCase() === name);
  const milliseconds = await new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error(`${name} shows nothing`)), 10_000);
    const observer = new MutationObserver(() => {
      observer.disconnect();
      const shown = performance.now() - began;
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve([shown, performance.now() - began]);
      requestAnimationFrame(() => port2.postMessage(null)); // it comes after the frame
    });
    observer.observe(list, {subtree: true, childList: true, characterData: true});
    const began = performance.now();
    button.click();
  });
  const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));
  while (document.querySelector('.q-ripple')) await pause(50);  // what the button shows of the click
  await pause(150);
  return milliseconds;
}"""


def measure_rows() -> None:
    """A row changed, inserted and deleted in the middle of 1,000: keyed rows, a `Stream`, and NiceGUI by hand."""
    from playwright.sync_api import sync_playwright

    kinds = ("plain", "keyed", "stream")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as directory, contextlib.ExitStack() as stack:
        script = Path(directory, "rows.py")
        script.write_text(LIST)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, headless=True)
        stack.callback(browser.close)
        tabs = {}
        for kind in kinds:
            server = launch(kind, script)[0]
            stack.callback(stop, server)
            tabs[kind] = Tab(browser, server.url)
        for action, most_bytes in (("change", None), ("insert", 2000), ("delete", None)):
            taken: Samples = {kind: [] for kind in kinds}
            painted: Samples = {kind: [] for kind in kinds}
            sent: Samples = {kind: [] for kind in kinds}
            for turn in range(12):
                for kind in kinds if turn % 2 == 0 else reversed(kinds):
                    tabs[kind].frames.clear()
                    if action == "change":  # to something else each time
                        tabs[kind].page.evaluate(LIST_CLICK, "insert")
                        tabs[kind].frames.clear()
                    until_shown, until_painted = tabs[kind].page.evaluate(LIST_CLICK, action)
                    taken[kind].append(until_shown)
                    painted[kind].append(until_painted)
                    sent[kind].append(sum(tabs[kind].frames))
            for kind, label in (("keyed", "by key()"), ("stream", "of a Stream")):
                samples = {"playground": taken[kind], "plain": taken["plain"]}
                show(f"{action} one of 1,000 rows {label}", "ms", samples, "plain", most=12, absolute=True)
                samples = {"playground": painted[kind], "plain": painted["plain"]}
                show(f"until it is painted {label}", "ms", samples, "plain", most=None)
                samples = {"playground": sent[kind], "plain": sent["plain"]}
                show(f"bytes for it {label}", "bytes", samples, "plain", most=most_bytes, absolute=bool(most_bytes))


# -- processor time of clicks, of doing nothing, and broadcasts


def measure_processor() -> None:
    with browsing() as (browser, servers):
        tabs = {kind: Tab(browser, servers[kind].url) for kind in SERVERS}
        busy: Samples = {kind: [] for kind in SERVERS}
        for tab in tabs.values():
            tab.click(5)
        for turn in range(6):
            for kind in SERVERS if turn % 2 == 0 else reversed(SERVERS):
                began = processor_time(servers[kind])
                tabs[kind].click(100)
                busy[kind].append((processor_time(servers[kind]) - began) * 10)
        show("processor time of a click, counter", "ms", busy, "plain", most=0.5, absolute=True)
    with serving("plain", "playground") as servers:
        asyncio.run(measure_idle(servers))


async def measure_idle(servers: dict[str, Server], pages: int = 100, seconds: float = 20.0) -> None:
    """:param seconds: a multiple of the 10 s after which a browser is asked whether it is still there"""
    sockets = await open_pages(servers, "/", pages)
    await asyncio.sleep(65)  # files are looked for less often when none has been saved for a minute
    began = {kind: processor_time(server) for kind, server in servers.items()}
    await asyncio.sleep(seconds)
    idle = {kind: [(processor_time(server) - began[kind]) / seconds * 100] for kind, server in servers.items()}
    await asyncio.gather(*(connection.disconnect() for connection in sockets))
    show(
        f"processor, {pages} idle pages",
        "%",
        {**idle, "plain": [max(idle["plain"][0], 0.01)]},
        "plain",
        most=1,
        absolute=True,
    )


TOPIC = """import os, sys
sys.path.insert(0, os.environ["BENCH_PATH"])
from nicegui import app, ui

if sys.argv[1] == "plain":
    labels = []

    @ui.page("/")
    def index():
        labels.append(ui.label("0"))

    @app.get("/broadcast/{number}")
    def broadcast(number: int):
        for label in labels:
            label.set_text(str(number))

    ui.run(port=int(sys.argv[2]), reload=False, show=False, show_welcome_message=False)
else:
    import playground

    class Page(playground.LiveView):
        def mount(self):
            self.number = 0
            self.subscribe("numbers")

        def handle_info(self, message):
            self.number = message

        def render(self):
            ui.label(str(self.number))

    @app.get("/broadcast/{number}")
    def broadcast(number: int):
        playground.broadcast("numbers", number)

    playground.start(live=Page, port=int(sys.argv[2]), open_browser=False)
"""


def measure_broadcast() -> None:
    with tempfile.TemporaryDirectory() as directory, contextlib.ExitStack() as stack:
        script = Path(directory, "topic.py")
        script.write_text(TOPIC)
        servers = {}
        for kind in ("plain", "playground"):
            servers[kind] = launch(kind, script)[0]
            stack.callback(stop, servers[kind])
        asyncio.run(broadcast_to_pages(servers))


async def broadcast_to_pages(servers: dict[str, Server], pages: int = 200) -> None:
    import aiohttp

    taken: Samples = {kind: [] for kind in servers}
    for kind, server in servers.items():
        sockets = await open_pages({kind: server}, "/", pages)
        missing, all_came = 0, asyncio.Event()

        def came(_: Any) -> None:
            nonlocal missing
            missing -= 1
            if missing == 0:
                all_came.set()  # noqa: B023

        for connection in sockets:
            connection.on("update", came)
        async with aiohttp.ClientSession() as http:
            for number in range(1, 13):
                missing = pages
                all_came.clear()
                began = time.perf_counter()
                await http.get(f"{server.url}/broadcast/{number}")
                await asyncio.wait_for(all_came.wait(), 20)
                taken[kind].append((time.perf_counter() - began) * 1000)
        await asyncio.gather(*(connection.disconnect() for connection in sockets))
    show(f"broadcast until {pages} pages have it", "ms", taken, "plain", most=None)


# -- saves

EDITED = """import os, sys
sys.path.insert(0, os.environ["BENCH_PATH"])
from nicegui import ui

def content(click):
    ui.label("Version 0")
    ui.button("+", on_click=click)
    for i in range(ROWS):
        with ui.row():
            ui.label(f"Row {i}")

if sys.argv[1] == "playground":
    import playground

    class Page(playground.LiveView):
        def render(self):
            content(lambda: None)

    playground.start(live=Page, port=int(sys.argv[2]), open_browser=False)
else:
    @ui.page("/")
    def index():
        content(lambda: None)

    ui.run(port=int(sys.argv[2]), show=False, show_welcome_message=False, reload=True)
"""
SEEN = """() => {
  window.seen = {};
  const note = () => (window.seen[document.querySelector(".nicegui-content > *")?.textContent] ??= Date.now());
  new MutationObserver(note).observe(document, { subtree: true, childList: true, characterData: true });
}"""


def save(script: Path, version: str, *, rename: bool) -> float:
    """Save the script with another first label; returns when, in milliseconds."""
    text = re.sub(r"Version \w+", f"Version {version}", script.read_text())
    target = script.with_suffix(".tmp") if rename else script
    began = time.time()
    target.write_text(text)
    if rename:
        os.replace(target, script)
    return began * 1000


def measure_save() -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as directory:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, headless=True)
        for rows, most in ((0, 20), (1000, 60)):
            reload_of_nicegui = saves_to_dom(browser, Path(directory), "nicegui", rows, times=4, rename=False)
            for rename in (False, True):
                taken = saves_to_dom(browser, Path(directory), "playground", rows, times=25, rename=rename)
                name = f"save to DOM, {rows} rows, {'rename' if rename else 'in place'}"
                samples = {"playground": taken, "nicegui": reload_of_nicegui}
                show(name, "ms", samples, "nicegui", most=most, absolute=True)
        browser.close()
    with tempfile.TemporaryDirectory() as directory:
        script = Path(directory, "edited.py")
        script.write_text(EDITED.replace("ROWS", "0"))
        server = launch("playground", script)[0]
        try:
            asyncio.run(measure_processor_time_of_saves(server, script))
        finally:
            stop(server)


def saves_to_dom(browser: Any, directory: Path, kind: str, rows: int, *, times: int, rename: bool) -> list[float]:
    script = directory / f"edited_{kind}.py"
    script.write_text(EDITED.replace("ROWS", str(rows)))
    server = launch(kind, script)[0]
    page = browser.new_page()
    try:
        page.add_init_script(f"({SEEN})()")
        page.goto(server.url)
        page.wait_for_function("window.did_handshake")
        page.wait_for_timeout(500)
        taken = []
        for number in range(times):
            version = f"{number}{'r' if rename else 'w'}"
            began = save(script, version, rename=rename)
            seen = page.wait_for_function(f"window.seen['Version {version}']", timeout=60_000).json_value()
            taken.append(seen - began)
            page.wait_for_timeout(150)
        return taken
    finally:
        page.close()
        stop_group(server)


def stop_group(server: Server) -> None:
    """End the server and what it started: NiceGUI's own reload runs the page in a process of its own."""
    pid = server.process.pid
    children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True).stdout.split()
    stop(server)
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(child), 9)


async def measure_processor_time_of_saves(server: Server, script: Path, tabs: int = 10, saves: int = 20) -> None:
    sockets = await open_pages({"playground": server}, "/", tabs)
    began = processor_time(server)
    for number in range(saves):
        save(script, f"{number}", rename=False)
        await asyncio.sleep(0.4)
    busy = processor_time(server) - began
    await asyncio.sleep(0.4 * saves)
    idle = processor_time(server) - began - busy
    await asyncio.gather(*(connection.disconnect() for connection in sockets))
    samples = {"playground": [(busy - idle) / saves * 1000], "idle": [max(idle, 0.01) / saves * 1000]}
    show(f"processor time a save, {tabs} tabs", "ms", samples, "idle", most=60, absolute=True)


def processor_time(server: Server) -> float:
    """Seconds of processor time that the server has taken so far."""
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


# -- in the server


def measure_render() -> None:
    run = subprocess.run([sys.executable, str(HERE / "rendering.py")], capture_output=True, text=True)
    if run.returncode != 0:
        raise RuntimeError(f"rendering.py failed\n{run.stderr}")
    measured: dict[str, Samples] = json.loads(run.stdout)
    show("render, 1000 x row(label, button)", "us/node", measured["rows"], "scratch", most=4, absolute=True)
    show("render, 1000 x label, button", "us/node", measured["flat"], "scratch", most=4, absolute=True)
    show("render, 300 rows, nothing changed", "ms", measured["page"], "scratch", most=0.05)


# -- memory


async def open_pages(servers: dict[str, Server], path: str, count: int) -> list[Any]:
    """Open pages of all servers in turns; returns their connected sockets."""

    async def open_page(server: Server) -> Any:
        return await (await tabs.Tab.open(server.url + path)).connect({})

    sockets: list[Any] = []
    for _ in range(count):
        sockets += await asyncio.gather(*map(open_page, servers.values()))
    await asyncio.sleep(0.5)
    return sockets


async def memory_per_page(path: str, count: int) -> Samples:
    with serving("plain", "playground") as servers:
        sockets = await open_pages(servers, path, 10)  # what is imported and cached with the first pages does not count
        before = {kind: server.memory(10) for kind, server in servers.items()}
        sockets += await open_pages(servers, path, count)
        after = {kind: server.memory(10 + count) for kind, server in servers.items()}
        await asyncio.gather(*(connection.disconnect() for connection in sockets))
        return {kind: [(after[kind] - before[kind]) / count / 1024] for kind in servers}


def measure_memory() -> None:
    for rows, pages in ((0, 100), (300, 40)):
        sizes = asyncio.run(memory_per_page(f"/?rows={rows}", pages))
        show(f"memory a page, {rows} rows ({pages} pages)", "KiB", sizes, "plain", most=1.5)


# -- start


def measure_start() -> None:
    waited: Samples = {"plain": [], "playground": []}
    worked: Samples = {"plain": [], "playground": []}
    for number in range(14):
        for kind in waited if number % 2 == 0 else reversed(waited):
            server, seconds = launch(kind)
            processor_time = stop(server)
            if number:  # the first one warms the disk cache
                waited[kind].append(seconds * 1000)
                worked[kind].append(processor_time * 1000)
    show("start to first page", "ms", waited, "plain", most=1.1)
    show("start, processor time", "ms", worked, "plain", most=None)


def measure_end() -> None:
    taken: Samples = {"plain": [], "playground": []}
    for number in range(10):
        for kind in taken if number % 2 == 0 else reversed(taken):
            server = launch(kind)[0]
            taken[kind].append(asyncio.run(seconds_to_end(server)) * 1000)
    show("Ctrl-C to the end with 3 pages", "ms", taken, "plain", most=1.1)


async def seconds_to_end(server: Server) -> float:
    """The seconds that a server takes to end while pages are open."""
    sockets = await open_pages({"": server}, "/", 3)
    began = time.perf_counter()
    server.process.send_signal(signal.SIGINT)
    await asyncio.to_thread(server.process.wait, 60)
    taken = time.perf_counter() - began
    await asyncio.gather(*(connection.disconnect() for connection in sockets))
    return taken


# -- processes


def measure_processes() -> None:
    run = subprocess.run([sys.executable, str(HERE / "processes.py")], capture_output=True, text=True)
    if run.returncode != 0:
        raise RuntimeError(f"processes.py failed\n{run.stderr}")
    measured: dict[str, Samples] = json.loads(run.stdout)
    show("a message of 100,000", "us", measured["messages"], "queue", most=1 / 0.3)
    show("call and answer", "us", measured["calls"], "futures", most=None)
    for what in ("start", "call", "stop"):
        show_alone(f"{what} each of 10,000 processes", "us", measured[what])
    show_alone("memory of a process", "bytes", measured["memory"])


# -- commands and files

CHATTY = """import asyncio, os, sys
sys.path.insert(0, os.environ["BENCH_PATH"])
from nicegui import ui

ARGUMENTS = ["seq", "-f", "line %g of a program that prints more than anybody reads", "1", "LINES"]

if sys.argv[1] == "playground":
    import playground

    class Page(playground.LiveView):
        def mount(self):
            self.command = None

        def render(self):
            ui.button("+", on_click=self.run)
            if self.command:
                playground.terminal(self.command)

        def run(self):
            self.command = playground.Command.start(ARGUMENTS)

    playground.start(live=Page, port=int(sys.argv[2]), open_browser=False)
else:
    @ui.page("/")
    def index():
        async def run():
            log.clear()
            program = await asyncio.create_subprocess_exec(*ARGUMENTS, stdout=asyncio.subprocess.PIPE)
            async for line in program.stdout:
                log.push(line.decode())

        ui.button("+", on_click=run)
        log = ui.log(max_lines=20_000)

    ui.run(port=int(sys.argv[2]), show=False, show_welcome_message=False, reload=False)
"""
LAST_LINE = """wanted => {
  const xterm = document.querySelector(".playground-terminal");
  const terminal = xterm && getElement(Number(xterm.id.slice(1)))?.terminal;
  const buffer = terminal?.buffer.active;
  const text = terminal ? buffer.getLine(buffer.baseY + buffer.cursorY - 1)?.translateToString(true)
                        : [...document.querySelectorAll(".nicegui-log .q-scrollarea__content *")].at(-1)?.textContent;
  return text?.startsWith(wanted);
}"""


def measure_commands() -> None:
    from playwright.sync_api import sync_playwright

    taken: Samples = {"playground": [], "log.push": []}
    processor: Samples = {"playground": [], "log.push": []}
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as directory:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, headless=True)
        os.environ["PLAYGROUND_STATE"] = directory
        for _ in range(3):
            for kind, lines in (("playground", 15_000), ("log.push", 1_500)):
                script = Path(directory, f"chatty_{kind}.py")
                script.write_text(CHATTY.replace("LINES", str(lines)))
                server = launch(kind, script)[0]
                page = browser.new_page()
                page.goto(server.url)
                page.wait_for_function("window.did_handshake && document.querySelector('.nicegui-content button')")
                page.wait_for_timeout(500)
                busy, began = processor_time(server), time.perf_counter()
                page.get_by_role("button").click()
                page.wait_for_function(LAST_LINE, arg=f"line {lines} ", timeout=60_000)
                taken[kind].append((time.perf_counter() - began) / lines * 1e6)
                processor[kind].append((processor_time(server) - busy) / lines * 1e6)
                page.close()
                stop(server)
        browser.close()
    show("a line from a program to the DOM", "us", taken, "log.push", most=None)
    show("processor time of the server for it", "us", processor, "log.push", most=0.05)
    print(f"{'the same in MB/s':<37}{63 / statistics.median(taken['playground']):>8.1f} MB/s")


FLOOD = """import os, sys
sys.path.insert(0, os.environ["BENCH_PATH"])
import playground
from nicegui import ui

class Flood(playground.LiveView):
    def mount(self):
        self.command = playground.Command.start("yes")

    def render(self):
        playground.terminal(self.command)
        ui.button("stop", on_click=self.command.stop)

class Page(playground.LiveView):
    clicks = 0

    def render(self):
        ui.label(f"Clicks: {self.clicks}").classes("clicks")
        ui.button("+", on_click=lambda: setattr(self, "clicks", self.clicks + 1))

playground.start(live={"/": Page, "/flood": Flood}, port=int(sys.argv[2]), open_browser=False)
"""
CLICK_AND_SEE = """() => new Promise((resolve) => {
  const began = performance.now(), label = document.querySelector(".clicks"), before = label.textContent;
  new MutationObserver(() => label.textContent !== before && resolve(performance.now() - began))
    .observe(label, { childList: true, characterData: true, subtree: true });
  document.querySelector(".nicegui-content button").click();
})"""


def measure_flood() -> None:
    from playwright.sync_api import sync_playwright

    taken: Samples = {"playground": [], "without it": []}
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as directory:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, headless=True)
        os.environ["PLAYGROUND_STATE"] = directory
        script = Path(directory, "flood.py")
        script.write_text(FLOOD)
        server = launch("playground", script)[0]
        clicks, flood = (browser.new_context().new_page() for _ in range(2))  # not in the same renderer
        clicks.goto(server.url)
        clicks.wait_for_function("window.did_handshake && document.querySelector('.nicegui-content button')")
        for _ in range(3):
            clicks.wait_for_timeout(500)
            taken["without it"] += [clicks.evaluate(CLICK_AND_SEE) for _ in range(20)]
            flood.goto(f"{server.url}/flood")
            flood.wait_for_function(
                "document.querySelector('.playground-terminal .xterm-rows')?.innerText.includes('y')"
            )
            taken["playground"] += [clicks.evaluate(CLICK_AND_SEE) for _ in range(20)]
            flood.get_by_role("button").click()
            flood.goto("about:blank")
        stop(server)
        browser.close()
    show("a click while another page floods", "ms", taken, "without it", most=100, absolute=True)


def measure_files() -> None:
    script = """
import asyncio, json, pathlib, sys, tempfile, time
import playground

class Listener(playground.GenServer):
    def init(self, directory):
        self.came = asyncio.Event()
        playground.watch(directory)

    def handle_info(self, message):
        self.at = time.perf_counter()
        self.came.set()

async def main():
    with tempfile.TemporaryDirectory() as directory:
        listener = Listener.start(directory=directory)
        taken = []
        for number in range(105):
            await asyncio.sleep(0.3 if number < 5 else 0.02)
            listener.came.clear()
            began = time.perf_counter()
            pathlib.Path(directory, "file.txt").write_text(str(number))
            await listener.came.wait()
            taken.append((listener.at - began) * 1000)
        print(json.dumps(taken[5:]))

asyncio.run(main())
"""
    environment = {**os.environ, "PYTHONPATH": os.environ["BENCH_PATH"]}
    run = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=120)
    taken = json.loads(run.stdout)
    worst = f"worst {max(taken):.1f}"
    verdict = "met" if statistics.median(taken) <= 15 else "MISSED"
    print(
        f"{'save to message of a watcher':<37}{_number(taken):>8} {'ms':<8} {'':<18} {'<= 15 ms':<17} {verdict:<8} {worst}"
    )


ROWS: dict[str, Callable[[], None]] = {
    "bytes": measure_bytes,
    "click": measure_click,
    "succession": measure_succession,
    "others": measure_others,
    "rows": measure_rows,
    "processor": measure_processor,
    "broadcast": measure_broadcast,
    "save": measure_save,
    "render": measure_render,
    "memory": measure_memory,
    "start": measure_start,
    "end": measure_end,
    "processes": measure_processes,
    "commands": measure_commands,
    "flood": measure_flood,
    "files": measure_files,
}


def main(names: list[str]) -> None:
    if unknown := set(names) - set(ROWS):
        sys.exit(f"There is no {', '.join(sorted(unknown))}; there are: {', '.join(ROWS)}")
    source = Path(os.environ.get("BENCH_PATH", HERE.parents[1]), "playground.py").read_bytes()
    with tempfile.TemporaryDirectory(prefix="playground-bench-") as directory:  # somebody may save while this runs
        Path(directory, "playground.py").write_bytes(source)
        os.environ["BENCH_PATH"] = directory
        print(f"playground.py {hashlib.md5(source).hexdigest()[:8]}, load {os.getloadavg()[0]:.1f} before")
        heading()
        began = time.perf_counter()
        for name in names or ROWS:
            ROWS[name]()
        print(f"{time.perf_counter() - began:.0f} s; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


if __name__ == "__main__":
    main(sys.argv[1:])
