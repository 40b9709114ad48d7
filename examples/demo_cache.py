# /// script
# requires-python = ">=3.11"
# dependencies = ["nicegui-playground"]
#
# [tool.uv.sources]
# nicegui-playground = { path = ".." }
# ///
"""A global cache and a rate limiter: what many pages ask for is fetched once, and nobody may ask too often.

Where its state lives:
- page: the answers that it got, because they are its own log;
- process: the entries in `Cache` and the tokens in `RateLimiter`, because they are shared and only one at a time may
  change them;
- PubSub: the news that they have changed.
"""

import asyncio
import random
import time

from nicegui import ui

import playground

CITIES = ["Berlin", "Lisbon", "Nairobi", "Oslo", "Quito", "Tokyo"]
KEPT_FOR = 15  # seconds
TOKENS = 5  # and a new one every second


def measure():
    return f"{random.randint(-5, 35)} °C"


async def fetch_weather(city):
    """Ask a slow service, and tell the cache."""
    await asyncio.sleep(1)
    playground.cast(Cache, ("fetched", city, measure()))


class Cache(playground.GenServer):
    """Answers at once what it knows; what it does not know is fetched once, however many wait for it."""

    def init(self):
        self.entries = {}  # city: (weather, when it gets too old)
        self.waiting = {}  # city: who wants to know
        self.fetches = {}  # monitor: city
        for city in CITIES[:3]:  # somebody has asked for these already
            self.keep(city, measure())

    async def handle_call(self, request, sender):
        match request:
            case "entries":
                return dict(self.entries)
            case ("get", city) if city in self.entries:
                return self.entries[city][0]
            case ("get", city):
                if city not in self.waiting:
                    task = playground.child_spec(fetch_weather, restart="temporary", city=city)
                    self.fetches[playground.monitor(await playground.whereis(Fetches).start_child(task))] = city
                self.waiting.setdefault(city, []).append(sender)
                return playground.NO_REPLY  # until it is there

    def handle_cast(self, request):
        _, city, weather = request
        self.keep(city, weather)
        self.answer(city, weather)

    def keep(self, city, weather):
        self.entries[city] = weather, time.time() + KEPT_FOR
        self.send_after(KEPT_FOR, ("too old", city))

    def handle_info(self, message):
        match message:
            case ("too old", city):
                del self.entries[city]
            case playground.Down(monitor=fetch):
                self.answer(self.fetches.pop(fetch), "unknown: the service failed")  # nobody waits if it has not
        playground.broadcast("cache", "changed")

    def answer(self, city, weather):
        for sender in self.waiting.pop(city, []):
            sender.reply(weather)


class Fetches(playground.DynamicSupervisor):
    """The fetches that go on, a process each."""


class RateLimiter(playground.GenServer):
    """A bucket of tokens: a lookup takes one, and one comes back every second."""

    def init(self):
        self.tokens = TOKENS
        self.send_interval(1, "token")

    def handle_call(self, request):
        if request == "take" and self.tokens > 0:
            self.change(-1)
            return True
        return self.tokens if request == "tokens" else False

    def handle_info(self, _):
        if self.tokens < TOKENS:
            self.change(+1)

    def change(self, by):
        self.tokens += by
        playground.broadcast("tokens", self.tokens)


class Page(playground.LiveView):
    page_title = "Cache"

    async def mount(self):
        self.subscribe("cache")
        self.subscribe("tokens")
        self.entries = await playground.call(Cache, "entries")
        self.tokens = await playground.call(RateLimiter, "tokens")
        self.answers = []
        self.asked = 0
        self.send_interval(1, "show the age")

    def render(self):
        ui.query("body").classes("bg-slate-100 dark:bg-neutral-950")
        with ui.column().classes("mx-auto w-full max-w-3xl gap-6 sm:mt-8"):
            with ui.row().classes("w-full items-center justify-between"):
                ui.label("Weather").classes("text-3xl font-light")
                with ui.row().classes("items-center gap-1"):
                    for number in range(TOKENS):
                        ui.icon("circle", size="sm", color="primary" if number < self.tokens else "grey-6")
                    ui.label(f"{self.tokens} of {TOKENS} lookups left").classes("pl-2 text-lg")
            with ui.row().classes("w-full gap-2"):
                for city in CITIES:
                    ui.button(city, on_click=self.event("look up", city=city)).props("unelevated rounded no-caps")
            with ui.row().classes("w-full items-start gap-6"):
                with ui.card().classes("grow basis-64 rounded-2xl shadow-md"):
                    ui.label("In the cache, for all pages").classes("text-lg opacity-80")
                    self.cache()
                with ui.card().classes("grow basis-64 rounded-2xl shadow-md"):
                    ui.label("Answers of this page").classes("text-lg opacity-80")
                    self.log()

    def cache(self):
        for city, (weather, until) in self.entries.items():
            with playground.key(city), ui.row().classes("w-full items-center no-wrap"):
                ui.label(city).classes("w-20 shrink-0 text-lg")
                ui.label(weather).classes("w-20 shrink-0 text-lg text-right")
                left = max(until - time.time(), 0)
                ui.linear_progress(value=round(left / KEPT_FOR, 2), show_value=False).classes("grow").props("rounded")
        if not self.entries:
            ui.label(f"Empty: after {KEPT_FOR} seconds, what it knew is too old.").classes("text-lg")

    def log(self):
        for number, city, answer, seconds in reversed(self.answers[-8:]):
            with playground.key(number), ui.row().classes("w-full items-baseline justify-between no-wrap"):
                ui.label(f"{city}: {answer}").classes("text-lg")
                if seconds is not None:
                    quick = "text-green-700 dark:text-green-400" if seconds < 0.1 else ""
                    ui.label(f"{seconds * 1000:,.1f} ms").classes(f"text-lg {quick}")
        if not self.answers:
            ui.label("Click a city: what is in the cache comes at once, the others take a second.").classes("text-lg")

    async def handle_event(self, event, params):
        if await playground.call(RateLimiter, "take"):
            self.start_async(f"look up {self.asked}", lambda asked=self.asked: self.look_up(asked, params["city"]))
        else:
            self.answers.append((self.asked, params["city"], "too many lookups, wait a little", None))
        self.asked += 1

    async def look_up(self, number, city):
        started = time.perf_counter()
        weather = await playground.call(Cache, ("get", city))
        return number, city, weather, time.perf_counter() - started

    def handle_async(self, name, outcome):
        if outcome.ok:
            self.answers.append(outcome.result)

    async def handle_info(self, message):
        match message:
            case "changed":
                self.entries = await playground.call(Cache, "entries")
            case int(tokens):
                self.tokens = tokens


if __name__ == "__main__":
    playground.start(live=Page, children=[RateLimiter, Fetches, Cache])
