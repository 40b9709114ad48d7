# /// script
# requires-python = ">=3.11"
# dependencies = ["nicegui-playground"]
#
# [tool.uv.sources]
# nicegui-playground = { path = ".." }
# ///
"""Components: parts of a page with state of their own, each rendered only if it has changed; and a long log.

Every tile says how often it was rendered. A click on one of them, or a new price, renders that one and no other.
"""

import random
import time
from collections import Counter, deque
from dataclasses import dataclass

from nicegui import ui

import playground

NAMES = ["Apples", "Bread", "Cheese", "Dates", "Eggs", "Figs", "Grapes", "Honey"]
NAMES += ["Kiwis", "Leeks", "Mangos", "Nuts", "Olives", "Pears", "Quinces", "Rice"]


@dataclass
class Deal:
    number: int
    at: str
    name: str
    price: float
    change: float


class Tile(playground.LiveComponent):
    """One good: the page tells it its price, whether it is open is its own affair."""

    def mount(self):
        self.is_open = False
        self.prices = deque(maxlen=30)
        self.rendered = Counter()  # counted in place: setting an attribute would have it rendered again

    def update(self, price):
        self.prices.append(price)

    def render(self):
        self.rendered[self.id] += 1
        rises = len(self.prices) < 2 or self.prices[-1] >= self.prices[-2]
        card = ui.card().classes("w-full rounded-xl shadow-sm p-3 gap-1 cursor-pointer").on("click", self.event("open"))
        with card:
            with ui.row().classes("w-full no-wrap items-baseline"):
                ui.label(self.id).classes("grow text-lg")
                ui.label(f"{self.prices[-1]:.2f}").classes(f"text-lg {GREEN if rises else RED}")
            if self.is_open:
                self.chart()
            times = self.rendered[self.id]
            ui.label("rendered once" if times == 1 else f"rendered {times} times").classes("text-base opacity-80")

    def chart(self):
        prices = [self.prices[0], *self.prices]  # a line needs two
        low, high = min(prices), max(prices)
        step = 120 / (len(prices) - 1)
        heights = [38 - 36 * (price - low) / (high - low or 1) for price in prices]
        points = " ".join(f"{x * step:.1f},{y:.1f}" for x, y in enumerate(heights))
        ui.html(
            f'<svg viewBox="0 0 120 40" class="w-full h-16 text-blue-500"><polyline points="{points}" '
            f'fill="none" stroke="currentColor" stroke-width="1.5"/></svg>',
            sanitize=False,
        ).classes("w-full")

    def handle_event(self, event):
        self.is_open = not self.is_open


GREEN, RED = "text-green-700 dark:text-green-400", "text-red-700 dark:text-red-400"


class Market(playground.LiveView):
    page_title = "Market"

    def mount(self):
        self.prices = {name: round(random.uniform(1, 9), 2) for name in NAMES}
        self.deals = playground.Stream(key=lambda deal: deal.number, limit=200)
        self.total = 0
        for _ in range(20):
            self.deal()
        self.send_interval(0.5, "deal")

    def render(self):
        ui.query("body").classes("bg-slate-100 dark:bg-neutral-950")
        with ui.row().classes("mx-auto w-full max-w-6xl gap-6 items-start lg:flex-nowrap"):
            with ui.column().classes("w-full gap-4"):
                with ui.row().classes("w-full items-center gap-4"):
                    ui.label("Market").classes("text-3xl font-light grow")
                    ui.button("100 deals", on_click=self.event("deals")).props("unelevated rounded no-caps")
                ui.label("Click a tile: it is rendered, and no other.").classes("text-lg")
                with ui.element().classes("w-full grid grid-cols-2 sm:grid-cols-4 gap-3 items-start"):
                    for name, price in self.prices.items():
                        playground.live_component(Tile, id=name, price=price)
            with ui.column().classes("w-full lg:w-80 shrink-0 gap-4"):
                ui.label(f"{self.total} deals").classes("text-3xl font-light")
                with ui.card().classes("w-full h-[32rem] rounded-xl shadow-sm p-3 gap-0 flex-nowrap overflow-y-auto"):
                    self.deals.render(self.line)

    def line(self, deal):
        with ui.row().classes("w-full no-wrap gap-3 text-base"):
            ui.label(deal.at).classes("font-mono opacity-80")
            ui.label(deal.name).classes("grow")
            ui.label(f"{deal.price:.2f}").classes(GREEN if deal.change >= 0 else RED)

    def handle_event(self, event):
        for _ in range(100):
            self.deal()

    def handle_info(self, message):
        self.deal()

    def deal(self):
        name = random.choice(NAMES)
        change = round(random.uniform(-0.5, 0.5), 2)
        self.prices[name] = round(max(0.1, self.prices[name] + change), 2)
        self.total += 1
        self.deals.prepend(Deal(self.total, time.strftime("%H:%M:%S"), name, self.prices[name], change))


if __name__ == "__main__":
    playground.start(live=Market)
