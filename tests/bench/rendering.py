"""What a render costs the server, measured in one process without browser and network; prints JSON.

It is processor time: nothing waits here, so what else the machine does meanwhile must not count.

`python rendering.py [profile]`: with `profile`, cProfile's view of renders with one changed row instead.
"""

import contextlib
import cProfile
import gc
import json
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from apps import MODULE_PATH  # also puts it on the path
from nicegui import ui
from nicegui.client import Client
from nicegui.page import page as nicegui_page

import playground


class Stub:
    """Stands for an element that costs nothing: what remains is the cost of the code of `render()` itself."""

    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: Any) -> None:
        pass


class StubUi:
    label = button = row = Stub


def in_rows(ui: Any, count: int, number: int) -> None:
    for i in range(count):
        with ui.row():
            ui.label(f"Row {number if i == 500 else i}")
            ui.button("Delete", on_click=lambda i=i: print("delete", i))


def flat(ui: Any, count: int, number: int) -> None:
    for i in range(count):
        ui.label(f"Row {number if i == 500 else i}")
        ui.button("Delete", on_click=lambda i=i: print("delete", i))


class View(playground.LiveView):
    build: Callable[[Any, int, int], None]
    count = 1000
    number = 500

    def render(self) -> None:
        self.build(ui, self.count, self.number)


@contextlib.contextmanager
def opened(build: Any, count: int) -> Iterator[tuple[Any, Callable[[int], float]]]:
    """An open page, and a function that renders it with that text in row 500 and tells how many seconds it took."""
    with playground.visit(type("Page", (View,), {"build": staticmethod(build), "count": count})) as page:

        def render(number: int) -> float:
            vars(page.live)["number"] = number  # past __setattr__, which would schedule another render

            async def timed() -> float:
                began = time.thread_time()
                page._page.render()
                return time.thread_time() - began

            seconds: float = page._harness.run(timed())
            page.settle()
            return seconds

        yield page, render


def build_from_scratch(page: Any, build: Any, count: int) -> float:
    """Seconds that NiceGUI takes to make the same page."""

    async def timed() -> float:
        with Client(nicegui_page("/"), request=page.client.request) as client:
            began = time.thread_time()
            build(ui, count, 500)
            seconds = time.thread_time() - began
        client.delete()
        return seconds

    seconds: float = page._harness.run(timed())
    gc.collect()
    return seconds


def stubbed(build: Any, count: int) -> float:
    began = time.thread_time()
    build(StubUi, count, 500)
    return time.thread_time() - began


def per_node(build: Any, nodes: int, rounds: int) -> dict[str, Any]:
    """Microseconds a node: to render 1,000 rows with one changed, to build them from scratch, to run the bare loop."""
    with opened(build, 1000) as (page, render):
        assert page.has("Row 500")
        for number in range(3):
            render(number)
        page.patches  # noqa: B018  # empties it
        rendered, scratch, bare = [], [], []
        for number in range(rounds):
            rendered.append(render(1000 + number) * 1e6 / nodes)
            bare.append(stubbed(build, 1000) * 1e6 / nodes)
            if number % 8 == 0:
                scratch.append(build_from_scratch(page, build, 1000) * 1e6 / nodes)
        assert len(page.patches) == rounds, "one element was changed, so one message goes to the browser"
        return {"playground": rendered, "best": [min(rendered)], "scratch": scratch, "bare loop": bare}


def unchanged(rounds: int) -> dict[str, Any]:
    """Milliseconds: to render 300 rows without a change, to build that page from scratch."""
    with opened(in_rows, 300) as (page, render):
        for _ in range(3):
            render(500)
        page.patches  # noqa: B018
        rendered, scratch = [], []
        for _ in range(rounds):
            rendered += [render(500) * 1000 for _ in range(4)]
            scratch.append(build_from_scratch(page, in_rows, 300) * 1000)
        assert not page.patches, "nothing was changed, so nothing goes to the browser"
        return {"playground": rendered, "best": [min(rendered)], "scratch": scratch}


if __name__ == "__main__":
    if "profile" in sys.argv:
        with opened(in_rows, 1000) as (_, render):
            render(0)
            profile = cProfile.Profile()
            profile.enable()
            for number in range(20):
                render(number)
            profile.disable()
            print(MODULE_PATH)
            profile.print_stats("tottime")
    else:
        rows, flat_rows = per_node(in_rows, 3000, 40), per_node(flat, 2000, 40)
        print(json.dumps({"rows": rows, "flat": flat_rows, "page": unchanged(12)}))
