# /// script
# requires-python = ">=3.11"
# dependencies = ["nicegui-playground"]
#
# [tool.uv.sources]
# nicegui-playground = { path = ".." }
# ///
"""Slow work beside a page: skeletons while it loads, a failure as a value, retry, and a job that can be given up.

Where its state lives: all of it on the page, as `AsyncResult`s, because nobody else waits for it. The page answers
meanwhile, and what comes too late, or for a page that is gone, is dropped.
"""

import asyncio
import random
import time

from nicegui import ui

import playground


async def fetch_orders():
    """A service that answers after a while: a coroutine, so it runs on the loop."""
    await asyncio.sleep(1.5)
    goods = ["Lamp", "Desk", "Chair", "Shelf", "Rug"]
    return [{"order": 1000 + number, "item": item, "pieces": random.randint(1, 9)} for number, item in enumerate(goods)]


def compute_revenue():
    """A computation that blocks: a plain function, so it runs in a thread."""
    time.sleep(2.5)
    return [random.randint(20, 60) for _ in range(12)]


class FlakyService:
    """Fails every other time."""

    calls = 0

    async def fetch_stock(self):
        self.calls += 1
        await asyncio.sleep(1)
        if self.calls % 2:
            raise ConnectionError("the warehouse does not answer")
        return random.randint(100, 999)


class Dashboard(playground.LiveView):
    page_title = "Dashboard"

    def mount(self):
        self.warehouse = FlakyService()
        self.clicks = 0
        self.report = "no report yet"
        self.reporting = False
        self.load()

    def load(self):
        self.assign_async("orders", fetch_orders)
        self.assign_async("revenue", compute_revenue)
        self.assign_async("stock", self.warehouse.fetch_stock)

    def render(self):
        ui.query("body").classes("bg-slate-100 dark:bg-neutral-950")
        with ui.column().classes("mx-auto w-full max-w-4xl gap-6 sm:mt-6"):
            with ui.row().classes("w-full items-center"):
                ui.label("Dashboard").classes("text-3xl font-light grow")
                ui.button(f"Clicks: {self.clicks}", on_click=self.event("click")).props("flat no-caps")
                ui.button("Load again", icon="refresh", on_click=self.event("load")).props("unelevated rounded no-caps")
            with ui.row().classes("w-full items-stretch gap-6"):
                self.tile("Pieces in stock", self.stock, self.show_stock)
                self.tile("Best month", self.revenue, self.show_best)
                self.report_tile()
            with ui.row().classes("w-full items-stretch gap-6"):
                self.tile("Orders", self.orders, self.show_orders)
                self.tile("Revenue", self.revenue, self.show_revenue)

    def tile(self, title, work, show):
        """A card that shows a result, also while a newer one loads; else a skeleton or what went wrong."""
        with ui.card().classes("grow basis-64 rounded-2xl shadow-md p-6"), playground.key(title):
            with ui.row().classes("w-full items-center justify-between"):
                ui.label(title).classes("text-lg opacity-80")
                ui.spinner(size="sm").set_visibility(work.loading)
            if work.failed:
                ui.label(str(work.failed)).classes("text-lg text-red-700 dark:text-red-400")
                ui.button("Try again", icon="replay", on_click=self.event("retry")).props("outline rounded no-caps")
            elif work.ok:
                show(work.result)
            else:
                for width in ("w-full", "w-2/3", "w-1/2"):
                    ui.skeleton().classes(f"h-6 {width}")

    def show_stock(self, pieces):
        ui.label(f"{pieces}").classes("text-5xl font-light")

    def show_orders(self, orders):
        table = ui.table(rows=orders, row_key="order").props("flat dense")
        table.classes("w-full [&_td]:text-lg [&_th]:text-base")

    def show_best(self, revenue):
        ui.label(f"{max(revenue)} k€").classes("text-5xl font-light")

    def show_revenue(self, revenue):
        bars = {"type": "bar", "data": revenue, "itemStyle": {"color": "#5898d4", "borderRadius": 4}}
        label = {"axisLabel": {"color": "currentColor", "fontSize": 15}}  # SVG takes the colour of the text
        months = {**label, "type": "category", "data": list("JFMAMJJASOND")}
        values = {**label, "type": "value", "splitLine": {"lineStyle": {"color": "#8884"}}}
        grid = {"left": 35, "right": 10, "top": 15, "bottom": 30}
        options = {"grid": grid, "xAxis": months, "yAxis": values, "series": [bars]}
        ui.echart(options, renderer="svg").classes("h-52")

    def report_tile(self):
        with ui.card().classes("grow basis-64 rounded-2xl shadow-md p-6"):
            ui.label("Report").classes("text-lg opacity-80")
            ui.label(self.report).classes("text-lg")
            if self.reporting:
                ui.button("Give up", icon="close", on_click=self.event("give up")).props("outline rounded no-caps")
            else:
                ui.button("Write it", icon="description", on_click=self.event("write")).props("outline rounded no-caps")

    def handle_event(self, event, params):
        match event:
            case "click":
                self.clicks += 1
            case "load":
                self.load()
            case "retry":
                self.assign_async("stock", self.warehouse.fetch_stock)
            case "write":
                self.reporting = True
                self.start_async("report", self.write_report)
            case "give up":
                self.cancel_async("report")

    async def write_report(self):
        for page in range(1, 11):
            self.report = f"writing page {page} of 10 ..."
            await asyncio.sleep(0.5)
        return "10 pages"

    def handle_async(self, name, result):
        self.reporting = False
        self.report = f"done: {result.result}" if result.ok else "given up"


if __name__ == "__main__":
    playground.start(live=Dashboard)
