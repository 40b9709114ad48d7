# /// script
# requires-python = ">=3.11"
# dependencies = ["nicegui-playground"]
#
# [tool.uv.sources]
# nicegui-playground = { path = ".." }
# ///
"""Follow a log that grows, with a filter: `python demo_tail.py [file]`; without a file it writes one itself.

Where its state lives: the log is a file; `tail` is a process that all pages share, started before the first of them;
what it prints comes as a message every 100 ms, and each page keeps its own filter and the lines that pass it.
"""

import asyncio
import random
import re
import sys
import tempfile
import time
from collections import deque
from itertools import count
from pathlib import Path

from nicegui import ui

import playground

GIVEN = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
own = tempfile.TemporaryDirectory(prefix="demo_tail_")  # gone when the program ends
LOG = Path(GIVEN[0]) if GIVEN else Path(own.name, "shop.log")
COLOURS = {"ERROR": "text-red-700 dark:text-red-400", "WARNING": "text-amber-700 dark:text-amber-400"}
ACTIONS = ["opened /orders", "paid an invoice", "uploaded a picture", "searched for lamps", "logged out"]
LINES = 300


def write(seconds_ago=0):
    """Add a line to the log, as a shop with many customers does."""
    at = time.strftime("%H:%M:%S", time.localtime(time.time() - seconds_ago))
    level = random.choices(["INFO", "WARNING", "ERROR"], [8, 2, 1])[0]
    with LOG.open("a") as file:
        file.write(f"{at} {level:<8}user {random.randint(1, 40)} {random.choice(ACTIONS)}\n")


async def go_on():
    while True:
        await asyncio.sleep(random.expovariate(4))
        write()


class Page(playground.LiveView):
    page_title = "Tail"

    def mount(self):
        self.numbers = count()
        self.lines = deque(maxlen=5000)
        self.rest = ""
        self.wanted = ""
        tail = playground.whereis("tail")
        self.take(tail.output)
        self.subscribe(tail.topic)

    def handle_info(self, message):
        match message:
            case playground.CommandOutput(text=text):
                self.take(text)

    def take(self, text):
        *lines, self.rest = (self.rest + text).splitlines(keepends=True) or [""]
        if self.rest.endswith("\n"):
            lines, self.rest = [*lines, self.rest], ""
        self.lines.extend((next(self.numbers), line.rstrip()) for line in lines)

    def passing(self):
        """The last lines that match the filter, the newest first."""
        try:
            matches = re.compile(self.wanted, re.IGNORECASE).search
        except re.error:
            matches = re.compile(re.escape(self.wanted), re.IGNORECASE).search
        return [line for line in reversed(self.lines) if matches(line[1])][:LINES]

    def render(self):
        ui.query("body").classes("bg-slate-100 dark:bg-neutral-950")
        passing = self.passing()
        with ui.column().classes("mx-auto w-full max-w-4xl gap-4 sm:mt-4"):
            with ui.row().classes("w-full items-center"):
                ui.label(LOG.name).classes("text-3xl font-light grow")
                ui.label(f"{len(passing)} of {len(self.lines)} lines").classes("text-lg")
            ui.input("Filter, e.g. error|user 7").bind_value(self, "wanted").classes("w-full").props(
                "clearable outlined"
            )
            with ui.card().classes(
                "w-full rounded-2xl shadow-md p-4 gap-0 font-mono text-base h-[70vh] overflow-y-auto"
            ):
                for number, line in passing:
                    with playground.key(number):
                        level = next((level for level in COLOURS if level in line), "")
                        ui.label(line).classes(f"w-full whitespace-pre-wrap {COLOURS.get(level, '')}")


follow = playground.child_spec(
    playground.Command, id="tail", name="tail", command=["tail", "-n", "1000", "-F", str(LOG)], pty=False
)

if __name__ == "__main__":
    LOG.touch()
    if not GIVEN:
        for second in range(30, 0, -1):
            write(second)
    playground.start(live=Page, children=[follow] if GIVEN else [go_on, follow])
