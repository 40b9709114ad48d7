"""What playground costs beside plain NiceGUI: `python tests/bench/run.py [bytes click render memory start]`.

Both sides of every comparison run in turns (A B A B ...), because the machine is never quiet: the figures are medians,
and the ratio is the median of the ratios of the turns. `BENCH_PATH=directory` measures another playground.py.
"""

import asyncio
import contextlib
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-background-timer-throttling"
).split()
SERVERS = ("plain", "playground", "refreshable")


# -- table


def show(name: str, unit: str, measured: dict[str, float], reference: str, ratio: float | None, goal: str, met: bool) -> None:
    """Print one row; `measured` holds "playground" and what it is compared with."""
    columns = [f"{side} {value:,.{_digits(value)}f}" for side, value in measured.items() if side != "playground"]
    own = measured["playground"]
    compared = f"{ratio:.2f} x {reference}" if ratio is not None else ""
    verdict = ("met" if met else "MISSED") if goal else ""
    print(f"{name:<34} {own:>11,.{_digits(own)}f} {unit:<6} {compared:<18} {goal:<19} {verdict:<7} {', '.join(columns)}", flush=True)


def _digits(value: float) -> int:
    return 0 if value >= 1000 or value == int(value) else 1 if value >= 100 else 2


def heading() -> None:
    print(f"{'row':<34} {'playground':>11} {'':<6} {'ratio':<18} {'goal':<19} {'':<7} the others", flush=True)


def ratio_of(ones: list[float], others: list[float]) -> float:
    return statistics.median(one / other for one, other in zip(ones, others, strict=True))


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


def launch(kind: str) -> tuple[Server, float]:
    """A new server of `apps.py`, and the seconds until it answered a request with 200."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("NICEGUI", "PYTEST"))}
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, str(HERE / "apps.py"), kind, str(port)],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
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
                raise RuntimeError(f"the {kind} server does not start: python {HERE / 'apps.py'} {kind} {port}") from None
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

CLICKS = """async clicks => {
  const content = document.querySelector('.nicegui-content');
  const text = () => {  // of the first label, whatever lies around it
    const walker = document.createTreeWalker(content, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) if (walker.currentNode.data.trim()) return walker.currentNode.data;
  };
  const times = [];
  for (let i = 0; i < clicks; i++) {
    const before = text();
    times.push(await new Promise(resolve => {
      const observer = new MutationObserver(() => {
        if (!text()?.startsWith('Count: ') || text() === before) return;
        const seconds = (performance.now() - began) / 1000;
        observer.disconnect();
        resolve(seconds);
      });
      observer.observe(content, {subtree: true, childList: true, characterData: true});
      const button = document.querySelector('.nicegui-content button');
      const began = performance.now();
      button.click();
    }));
    await new Promise(resolve => setTimeout(resolve, 15));  // the server comes to rest
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
        self.page.wait_for_function("window.did_handshake === true && document.querySelector('.nicegui-content button')")
        self.page.wait_for_timeout(300)

    def _received(self, payload: str | bytes) -> None:
        data = payload.encode() if isinstance(payload, str) else payload
        if data[:2] == b"42":  # a message, not a sign of life
            self.frames.append(len(data))

    def click(self, times: int) -> list[float]:
        seconds: list[float] = self.page.evaluate(CLICKS, times)
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
            sent: dict[str, list[float]] = {kind: [] for kind in SERVERS}
            for _ in range(5):
                for kind, tab in tabs.items():
                    sent[kind].append(tab.bytes_of_click())
            for tab in tabs.values():
                tab.page.close()
            ratio = ratio_of(sent["playground"], sent["plain"])
            medians = {kind: statistics.median(values) for kind, values in sent.items()}
            show(f"bytes per click, {rows} rows", "bytes", medians, "plain", ratio, "<= 1.00 x plain", ratio <= 1)


def measure_click() -> None:
    with browsing() as (browser, servers):
        for rows, clicks, seconds in ((0, 300, 18.0), (100, 200, 14.0), (300, 200, 16.0), (1000, 100, 24.0)):
            tabs = {kind: Tab(browser, f"{servers[kind].url}/?rows={rows}") for kind in SERVERS}
            for tab in tabs.values():
                tab.click(3)
            taken: dict[str, list[float]] = {kind: [] for kind in SERVERS}
            turns: dict[str, list[float]] = {kind: [] for kind in SERVERS}
            batch = 10 if rows < 1000 else 4
            began = time.perf_counter()
            while len(taken["plain"]) < clicks and time.perf_counter() - began < seconds:
                for kind in SERVERS if len(turns["plain"]) % 2 == 0 else reversed(SERVERS):
                    times = tabs[kind].click(batch if kind != "refreshable" else 1 if rows >= 300 else 4)
                    taken[kind] += times
                    turns[kind].append(statistics.median(times))
            for tab in tabs.values():
                tab.page.close()
            ratio = ratio_of(turns["playground"], turns["plain"])
            medians = {kind: statistics.median(times) * 1000 for kind, times in taken.items()}
            name = f"click to DOM, {rows} rows ({len(taken['plain'])} clicks)"
            show(name, "ms", medians, "plain", ratio, "<= 1.10 x plain" if rows == 0 else "", ratio <= 1.1)


# -- in the server


def measure_render() -> None:
    run = subprocess.run([sys.executable, str(HERE / "rendering.py")], capture_output=True, text=True)
    if run.returncode != 0:
        raise RuntimeError(f"rendering.py failed\n{run.stderr}")
    measured: dict[str, dict[str, list[float]]] = json.loads(run.stdout)
    for name, label in (("rows", "1,000 x row(label, button)"), ("flat", "1,000 x label, button")):
        medians = {side: statistics.median(times) * 1e6 for side, times in measured[name].items()}
        medians["best"] = min(measured[name]["playground"]) * 1e6
        ratio = medians["playground"] / medians["nicegui"]
        show(label, "us/node", medians, "nicegui", ratio, "<= 4 us/node", medians["playground"] <= 4)
    page = measured["page"]
    medians = {side: statistics.median(times) * 1000 for side, times in page.items()}
    ratio = ratio_of(page["playground"], page["nicegui"])
    show("300 rows unchanged, 900 elements", "ms", medians, "nicegui", ratio, "<= 0.05 x nicegui", ratio <= 0.05)


# -- memory


async def open_page(http: Any, server: Server, path: str) -> Any:
    """Open a page as a browser does; returns its connected socket."""
    import socketio

    async with http.get(server.url + path) as response:
        html = await response.text()
    query = {
        **dict(re.findall(r"'(client_id|next_message_id)': '?([\w-]+)", html)),
        **{name: str(uuid.uuid4()) for name in ("document_id", "tab_id", "old_tab_id")},
        "implicit_handshake": "true",
    }
    connection = socketio.AsyncClient(reconnection=False)
    address = f"{server.url}/?{'&'.join(f'{name}={value}' for name, value in query.items())}"
    await connection.connect(address, transports=["websocket"], socketio_path="/_nicegui_ws/socket.io")
    return connection


async def open_pages(servers: dict[str, Server], path: str, count: int) -> list[Any]:
    """Open pages of all servers in turns."""
    import aiohttp

    sockets: list[Any] = []
    async with aiohttp.ClientSession() as http:
        for _ in range(count):
            sockets += await asyncio.gather(*(open_page(http, server, path) for server in servers.values()))
    await asyncio.sleep(0.5)
    return sockets


async def memory_per_page(path: str, count: int) -> dict[str, float]:
    with serving("plain", "playground") as servers:
        sockets = await open_pages(servers, path, 10)  # what is imported and cached with the first pages does not count
        before = {kind: server.memory(10) for kind, server in servers.items()}
        sockets += await open_pages(servers, path, count)
        after = {kind: server.memory(10 + count) for kind, server in servers.items()}
        await asyncio.gather(*(connection.disconnect() for connection in sockets))
        return {kind: (after[kind] - before[kind]) / count / 1024 for kind in servers}


def measure_memory() -> None:
    for rows, pages in ((0, 100), (300, 40)):
        sizes = asyncio.run(memory_per_page(f"/?rows={rows}", pages))
        ratio = sizes["playground"] / sizes["plain"]
        show(f"memory a page, {rows} rows ({pages} pages)", "KiB", sizes, "plain", ratio, "<= 1.50 x plain", ratio <= 1.5)


# -- start


def measure_start() -> None:
    waited: dict[str, list[float]] = {"plain": [], "playground": []}
    worked: dict[str, list[float]] = {"plain": [], "playground": []}
    for number in range(14):
        for kind in waited if number % 2 == 0 else reversed(waited):
            server, seconds = launch(kind)
            processor_time = stop(server)
            if number:  # the first one warms the disk cache
                waited[kind].append(seconds)
                worked[kind].append(processor_time)
    for name, taken, goal in (("start to first page", waited, "<= 1.10 x plain"), ("start, processor time", worked, "")):
        ratio = ratio_of(taken["playground"], taken["plain"])
        medians = {kind: statistics.median(times) * 1000 for kind, times in taken.items()}
        show(name, "ms", medians, "plain", ratio, goal, ratio <= 1.1)


ROWS: dict[str, Callable[[], None]] = {
    "bytes": measure_bytes,
    "click": measure_click,
    "render": measure_render,
    "memory": measure_memory,
    "start": measure_start,
}


if __name__ == "__main__":
    names = sys.argv[1:] or list(ROWS)
    if unknown := set(names) - set(ROWS):
        sys.exit(f"There is no {', '.join(unknown)}; there are: {', '.join(ROWS)}")
    heading()
    started = time.perf_counter()
    for selected in names:
        ROWS[selected]()
    print(f"{time.perf_counter() - started:.0f} s; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
