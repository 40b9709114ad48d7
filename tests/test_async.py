"""Work beside a page: `assign_async`, `start_async`, and what becomes of it."""

import asyncio
import threading

import pytest
from conftest import PATIENCE
from nicegui import ui

import playground


class Orders(playground.LiveView):
    def mount(self):
        self.gate, self.told = threading.Event(), []
        self.orders = None

    def render(self):
        ui.label(describe(self.orders)).mark("orders")
        ui.label(", ".join(self.told)).mark("told")
        ui.button("more", on_click=lambda: self.told.append("more"))

    def fetch(self):
        assert self.gate.wait(PATIENCE)
        self.gate.clear()
        return ["tea", "jam"]

    def handle_async(self, name, result):
        self.told.append(f"{name}: {describe(result)}")


def describe(result):
    if result is None:
        return "nothing"
    failed = result.failed and f"{type(result.failed).__name__}({result.failed})"
    return f"loading={result.loading} ok={result.ok} result={result.result} failed={failed}"


def shown(page, marker="orders"):
    return page.find(marker).text


async def answer(value, seconds=0.0):
    await asyncio.sleep(seconds)
    return value


def fail():
    raise OSError("no network")


def test_from_loading_to_the_result():
    with playground.visit(Orders) as page:
        page.live.assign_async("orders", page.live.fetch)
        assert shown(page) == "loading=True ok=False result=None failed=None"
        page.click("more")  # the page goes on meanwhile
        assert shown(page, "told") == "more"
        page.live.gate.set()
        page.wait_async()
        assert shown(page) == "loading=False ok=True result=['tea', 'jam'] failed=None"


@pytest.mark.parametrize(
    "make", [lambda: answer, lambda: lambda: answer("x"), lambda: answer("x"), lambda: lambda: "x"]
)
def test_everything_that_can_be_worked_on(make):
    function = make()
    if function is answer:

        async def function():
            return await answer("x")

    with playground.visit(Orders) as page:
        page.live.assign_async("orders", function)
        page.wait_async()
        assert page.live.orders.result == "x"


def test_a_failure_is_a_value(caplog):
    with playground.visit(Orders) as page:
        page.live.assign_async("orders", lambda: ["old"])
        page.wait_async()
        page.live.assign_async("orders", fail)
        page.wait_async()
        assert shown(page) == "loading=False ok=True result=['old'] failed=OSError(no network)"
        assert "orders failed" in caplog.text
        page.live.assign_async("orders", page.live.fetch)
        assert shown(page) == "loading=True ok=True result=['old'] failed=None"
        page.live.assign_async("orders", page.live.fetch, reset=True)
        assert shown(page) == "loading=True ok=False result=None failed=None"
        page.live.gate.set()


def test_several_names():
    with playground.visit(Orders) as page:
        page.live.assign_async(["orders", "total"], lambda: {"orders": 1})
        page.wait_async()
        assert page.live.orders.result == 1
        assert "has to return a dictionary with the key 'total'" in str(page.live.total.failed)


def test_a_newer_start_wins():
    with playground.visit(Orders) as page:
        page.live.assign_async("orders", page.live.fetch)
        page.settle()
        page.live.assign_async("orders", lambda: "new")
        page.wait_async()
        page.live.gate.set()
        page.settle()
        assert page.live.orders.result == "new"


def test_results_that_are_handled():
    with playground.visit(Orders) as page:
        page.live.start_async("one", lambda: answer(1))
        page.wait_async()
        page.live.start_async("two", fail)
        page.wait_async()
        assert page.live.told == [
            "one: loading=False ok=True result=1 failed=None",
            "two: loading=False ok=False result=None failed=OSError(no network)",
        ]


def test_work_that_is_given_up():
    with playground.visit(Orders) as page:
        page.live.assign_async("orders", lambda: answer(1, seconds=60))
        page.live.start_async("one", lambda: answer(1, seconds=60))
        with pytest.raises(TimeoutError, match=r"orders; one still goes on after 0\.05 s"):
            page.wait_async(timeout=0.05)
        page.live.cancel_async("orders")
        page.live.cancel_async("one")
        page.live.cancel_async("unknown")
        page.wait_async()
        assert isinstance(page.live.orders.failed, asyncio.CancelledError)
        assert page.live.told[0].startswith("one: loading=False ok=False result=None failed=CancelledError")


def test_a_page_that_is_gone_hears_nothing(caplog):
    with playground.visit(Orders) as page:
        page.live.assign_async("orders", page.live.fetch)
        page.settle()
    page.live.gate.set()
    assert page.live.orders.loading
    assert not caplog.text


def test_mistakes_are_named():
    with playground.visit(Orders) as page:
        with pytest.raises(TypeError, match="orders: give a function, async or not, not 7"):
            page.live.assign_async("orders", 7)

    class Deaf(playground.LiveView):
        def render(self):
            ui.label("deaf")

    with playground.visit(Deaf) as page:
        page.live.start_async("one", lambda: 1)
        with pytest.raises(NotImplementedError, match="Deaf started 'one' but has no handle_async"):
            page.wait_async()


def test_an_edited_mount_loads_for_open_pages_too(serve, open_page):
    pytest.importorskip("playwright")
    from playwright.sync_api import expect

    server = serve(
        """
from nicegui import ui
import playground


class Page(playground.LiveView):
    def mount(self):
        self.name = "page"

    def render(self):
        ui.label(self.name).classes("shown")

    def load(self):
        return "loaded"
"""
    )
    page = open_page(server.url)
    expect(page.locator(".shown")).to_have_text("page")
    text = server.path.read_text().replace('"page"\n', '"page"\n        self.assign_async("data", self.load)\n')
    server.path.write_text(text.replace("ui.label(self.name)", "ui.label(str(self.data.result))"))
    expect(page.locator(".shown")).to_have_text("loaded")
