"""Many pages for a long time: `python tests/soak.py --minutes 10 --pages 100`.

People open pages, click, write, leave and come back, lose their connection; messages are broadcast, commands run, the
script is saved all the time. Nothing may be lost, and in the end nothing may be left. Prints what it saw as it goes.
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from tabs import Tab

SCRIPT = """
import gc
import os
import sys
import threading

import playground
from nicegui import app, background_tasks, ui
from nicegui.client import Client
from nicegui.element import Element

VERSION = 0


class Row(playground.LiveComponent):
    def mount(self):
        self.clicks = 0

    def render(self):
        ui.label(f"row {self.id}: {self.clicks}")
        ui.button("+", on_click=self.event("more"))


class Page(playground.LiveView):
    browser_events = ["inc", "row", "say", "run", "slow"]

    def mount(self):
        self.count, self.next_row, self.rows, self.said, self.ticks = 0, 0, [], [], 0
        self.lines = playground.Stream((), limit=20)
        self.command = None
        self.subscribe("said")
        self.send_interval(0.5, "tick")

    def render(self):
        ui.label(f"version {VERSION}")
        ui.label(f"count: {self.count}")
        ui.label(f"ticks: {self.ticks}")
        ui.input("Text", on_change=lambda: None)
        ui.timer(0.3, lambda: None)
        for row in self.rows:
            playground.live_component(Row, id=row)
        with ui.column():
            self.lines.render(lambda line: ui.label(line))
        for text in self.said:
            ui.label(text)
        if self.command:
            playground.terminal(self.command)

    async def handle_event(self, event, params):
        match event:
            case "inc":
                self.count += 1
            case "row":
                self.next_row += 1
                self.rows = [*self.rows[-6:], self.next_row]
                self.lines.append(f"line {self.next_row}")
            case "say":
                playground.broadcast("said", params["text"])
            case "run":
                self.command = playground.Command.start(["echo", "hello"])
            case "slow":
                self.assign_async("result", lambda: sum(range(10_000)))

    def handle_info(self, message):
        if message == "tick":
            self.ticks += 1
        elif isinstance(message, str):
            self.said = [*self.said[-2:], message]


@app.get("/left")
async def left():
    for _ in range(3):
        gc.collect()
    everything = gc.get_objects()
    return {
        "clients": len(Client.instances),
        "tasks": len(background_tasks.running_tasks),
        "elements": sum(isinstance(thing, Element) for thing in everything),
        "views": sum(isinstance(thing, playground.LiveView) for thing in everything),
        "nodes": sum(isinstance(thing, playground._Node) for thing in everything),
        "processes": len(playground.tree()),
    }


playground.start(live=Page, port=int(sys.argv[1]), open_browser=False)
"""


class Lost(AssertionError):
    """Something did not arrive."""


class Person:
    """Who has a page open, by what a browser sends and gets."""

    def __init__(self, url: str, chance: random.Random) -> None:
        self.url, self.chance = url, chance
        self.sent = self.seen = self.next_id = 0
        self.connection = None

    async def live(self, seconds: float) -> None:
        """Open the page, use it for a while, see that every click counted, and leave."""
        self.tab = await Tab.open(self.url)
        await self.connect()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            await asyncio.sleep(self.chance.uniform(0.01, 0.5))
            if self.chance.random() < 0.05:
                if not await self.gets_the_connection_back():
                    return
            else:
                await self.act()
        await self.see_every_click()
        await self.tab.say_closed()
        await self.connection.disconnect()

    async def see_every_click(self) -> None:
        deadline = time.monotonic() + 60
        while self.seen != self.sent:
            if time.monotonic() > deadline:
                raise Lost(f"{self.sent} clicks were made, the page shows {self.seen}")
            await asyncio.sleep(0.05)

    async def connect(self) -> None:
        self.connection = await self.tab.connect({"*": self.take}, message=self.next_id)

    async def take(self, event: str, data: object = None) -> None:
        if isinstance(data, dict) and "_id" in data:
            self.next_id = max(self.next_id, data["_id"] + 1)
        if event == "update":
            for count in re.findall(r"count: (\d+)", json.dumps(data)):
                self.seen = int(count)

    async def gets_the_connection_back(self) -> bool:
        """Lose it: what the server sends meanwhile comes later; a click that is under way just then may be lost by this
        browser. The page is there for a minute, and may be gone for who is later, on a machine that is too busy."""
        import socketio

        await self.see_every_click()
        began = time.monotonic()
        await self.connection.disconnect()
        await asyncio.sleep(self.chance.uniform(0, 1.5))
        try:
            await self.connect()
        except socketio.exceptions.ConnectionError as error:
            if time.monotonic() - began < 60:
                raise Lost("the page was gone before its time") from error
            return False
        return True

    async def act(self) -> None:
        name = self.chance.choices(["inc", "row", "say", "run", "slow"], [60, 20, 5, 1, 5])[0]
        params = {"text": str(self.chance.random())} if name == "say" else {}
        message = {"client_id": self.tab.client_id, "action": "push", "name": name, "params": params}
        self.sent += name == "inc"
        await self.connection.emit("playground", message)


class Watched:
    """The server, and what it takes up."""

    def __init__(self, directory: Path, port: int) -> None:
        self.script, self.log = directory / "soaked.py", directory / "log"
        self.script.write_text(SCRIPT)
        root = Path(__file__).resolve().parents[1]
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "NICEGUI"))}
        environment |= {"PYTHONPATH": str(root), "PLAYGROUND_STATE": str(directory / "state")}
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(self.script), str(port)],
                env=environment,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )
        self.url = f"http://127.0.0.1:{port}"
        while "playground: " not in self.log.read_text():
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.05)

    @property
    def megabytes(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/statm").read_text().split()
        return int(fields[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6

    def left(self) -> dict[str, int]:
        """How much there is of what pages, processes and commands are made of."""
        counted = json.load(urllib.request.urlopen(f"{self.url}/left", timeout=60))
        pid = self.process.pid
        children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True).stdout
        return {**counted, "files": len(os.listdir(f"/proc/{pid}/fd")), "children": len(children.split())}

    def save(self, version: int) -> None:
        self.script.write_text(SCRIPT.replace("VERSION = 0", f"VERSION = {version}"))

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(20)


async def soak(server: Watched, seconds: float, pages: int, seed: int = 0) -> list[float]:
    """Have so many people use it at any time; returns the megabytes that it took up, every second."""
    until = time.monotonic() + seconds

    async def come_and_go(number: int) -> None:
        chance = random.Random(seed * 1000 + number)
        await asyncio.sleep(chance.uniform(0, min(5.0, seconds / 4)))
        while time.monotonic() < until:
            left = until - time.monotonic()
            await Person(server.url, chance).live(min(left, chance.uniform(2, max(3, seconds / 5))))

    async def save() -> None:
        version = 0
        while time.monotonic() < until:
            await asyncio.sleep(3)
            version += 1
            server.save(version)

    async def weigh() -> None:
        while True:
            weights.append(server.megabytes)
            if len(weights) % 15 == 0:
                print(f"{len(weights):5d} s: {weights[-1]:.0f} MB", flush=True)
            await asyncio.sleep(1)

    weights: list[float] = []
    weighing = asyncio.create_task(weigh())
    try:
        await asyncio.gather(save(), *(come_and_go(number) for number in range(pages)))
    finally:
        weighing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await weighing
    return weights


def check(seconds: float, pages: int, port: int, directory: Path, warm_up: float = 120) -> None:
    """Soak a new server; raises an AssertionError if something was lost, grew or was left."""
    server = Watched(directory, port)
    try:
        asyncio.run(soak(server, 3, 3, seed=1))  # what comes with the first pages does not count
        baseline = settled(server, {})
        weights = asyncio.run(soak(server, seconds, pages))
        after = settled(server, baseline)
        log = server.log.read_text()
    finally:
        server.end()
    print(f"before: {baseline}\nafter:  {after}")
    grown = {name: (baseline[name], count) for name, count in after.items() if count > baseline[name]}
    assert not grown, f"left over (before, after): {grown}"
    assert "Traceback" not in log, log[-8000:]
    late = weights[int(warm_up) :]
    if len(late) > 60:
        first, last = statistics.median(late[:30]), statistics.median(late[-30:])
        print(f"memory: {first:.0f} MB after {warm_up:.0f} s, {last:.0f} MB at the end")
        assert last < first * 1.1, f"memory grew from {first:.0f} to {last:.0f} MB"


def settled(server: Watched, wanted: dict[str, int], seconds: float = 60) -> dict[str, int]:
    """What is left when nobody is there any more, as soon as it is not more than `wanted`, at last after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        left = server.left()
        is_enough = left["clients"] == 0 and all(left[name] <= count for name, count in wanted.items())
        if is_enough or time.monotonic() > deadline:
            return left
        time.sleep(0.5)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--pages", type=int, default=100)
    parser.add_argument("--port", type=int, default=4900)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="playground-soak-") as place:
        check(options.minutes * 60, options.pages, options.port, Path(place))
    print("nothing lost, nothing left")
