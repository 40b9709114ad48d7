# /// script
# requires-python = ">=3.11"
# dependencies = ["nicegui-playground"]
#
# [tool.uv.sources]
# nicegui-playground = { path = ".." }
# ///
"""Live charts from a command and a file: what a program prints, and what is in demo_dashboard.json.

Put a program of yours into `PROGRAM`, and every line that it prints becomes a point. Edit the file in an editor, break
it, or move the slider, which writes it: all pages show it.

Where its state lives:
- process: the numbers, in `Meter`, which runs the program, because all pages share them;
- file: the limit and the sales, because a person and this program both change them;
- page: what it was told last.
"""

import sys
from collections import deque
from pathlib import Path

from nicegui import ui

import playground

# takes the place of vmstat, ping, a sensor: a minute at once, then two numbers a second
SERVICE = """
import math, random, time
for n in range(10**9):
    print(round(50 + 25 * math.sin(n / 12) + random.gauss(0, 4)), flush=True)
    time.sleep(0 if n < 120 else 0.5)
"""
PROGRAM = [sys.executable, "-c", SERVICE]
BLUE, RED = "#3b82f6", "#ef4444"
FIRST = {"limit": 70, "sales": {"North": 42, "East": 31, "South": 58, "West": 24}}

settings = playground.FileState(Path(__file__).with_name("demo_dashboard.json"), FIRST)
if not settings.path.exists():
    settings.value = FIRST


class Meter(playground.GenServer):
    """Runs the program, again if it ends, and tells the pages the numbers that it prints."""

    def init(self, program):
        self.program = program
        self.numbers = deque(maxlen=120)
        self.handle_info("run")

    def handle_info(self, message):
        self.start_async("run", self.read)

    async def read(self):
        command = playground.Command.start(self.program, pty=False, log=None)
        try:
            async for line in command.lines():
                self.numbers.append(float(line))
                playground.broadcast("numbers", list(self.numbers))
            return command
        finally:
            command.stop()

    def handle_async(self, name, result):
        if result.failed:
            raise result.failed
        if result.result.error:
            raise RuntimeError(result.result.error)
        self.send_after(1, "run")

    def handle_call(self, request):
        return list(self.numbers)


class Dashboard(playground.LiveView):
    page_title = "Dashboard"

    async def mount(self):
        self.watch(settings)
        self.subscribe("numbers")
        self.numbers = await playground.call(Meter, "numbers")

    def handle_info(self, message):
        match message:
            case list():
                self.numbers = message

    def render(self):
        limit, sales = settings.value["limit"], settings.value["sales"]
        now = self.numbers[-1] if self.numbers else 0
        ui.query("body").classes("bg-slate-100 dark:bg-neutral-950")
        with ui.column().classes("mx-auto w-full max-w-5xl gap-4"):
            ui.label("Dashboard").classes("text-3xl font-light")
            if settings.error:
                look = "w-full rounded-xl px-4 py-3 text-lg bg-red-100 dark:bg-red-950 text-red-800 dark:text-red-200"
                ui.label(f"{settings.path.name}: {settings.error}").classes(look)
            with ui.grid().classes("w-full grid-cols-2 lg:grid-cols-4 gap-4"):
                self.tile("Requests a second", f"{now:.0f}", "text-red-700 dark:text-red-400" if now > limit else "")
                self.tile("The most in a minute", f"{max(self.numbers, default=0):.0f}")
                self.tile("Limit", limit)
                self.tile("Sales", sum(sales.values()))
            with ui.grid().classes("w-full lg:grid-cols-3 gap-4"):
                with self.card("Requests a second").classes("lg:col-span-2"):
                    self.chart(self.line(limit))
                    slider = ui.slider(min=0, max=100, value=limit, on_change=self.event("limit", throttle=0.1))
                    slider.classes("px-4").props("aria-label=Limit")
                with self.card("Sales"):
                    self.chart(self.bars(sales))
                    ui.label(f"from {settings.path.name}").classes("opacity-80")

    def card(self, title):
        with ui.card().classes("w-full rounded-2xl shadow-md p-5 gap-2") as card:
            ui.label(title).classes("text-lg")
        return card

    def tile(self, title, number, look=""):
        with self.card(title):
            ui.label(number).classes(f"text-5xl font-light tabular-nums {look}")

    def line(self, limit):
        """The numbers as a curve, and the limit."""
        return {
            "xAxis": {"type": "category", "data": [(n - 119) / 2 for n in range(120)], "axisLabel": {"show": False}},
            "series": [{
                "type": "line", "smooth": True, "symbol": "none", "areaStyle": {"opacity": 0.2},
                "data": [None] * (120 - len(self.numbers)) + self.numbers,
                "markLine": {
                    "data": [{"yAxis": limit}], "symbol": "none", "label": {"show": False},
                    "lineStyle": {"color": RED, "width": 2},
                },
            }],
        }  # fmt: skip

    def bars(self, sales):
        bars = {"type": "bar", "data": list(sales.values()), "itemStyle": {"borderRadius": 6}}
        return {"xAxis": {"type": "category", "data": list(sales)}, "series": [bars]}

    def chart(self, options):
        """A chart in the colour of the text, which is dark or light; that takes SVG."""
        label = {"axisLabel": {"color": "currentColor", "fontSize": 15}}
        x_axis = {**label, **options["xAxis"]}
        y_axis = {**label, "type": "value", "splitLine": {"lineStyle": {"color": "#8884"}}}
        grid = {"left": 40, "right": 10, "top": 15, "bottom": 30}
        looks = {"color": [BLUE], "grid": grid, "animation": False, "xAxis": x_axis, "yAxis": y_axis}
        ui.echart({**options, **looks}, renderer="svg").classes("w-full h-64")

    def handle_event(self, event, params):
        settings.update(lambda state: state.update(limit=params["value"]))


if __name__ == "__main__":
    playground.start(live=Dashboard, children=[(Meter, {"program": PROGRAM})])
