# /// script
# requires-python = ">=3.11"
# dependencies = ["nicegui-playground"]
#
# [tool.uv.sources]
# nicegui-playground = { path = ".." }
# ///
"""A live page and its test in one file: `python demo_live_test.py` serves it, `pytest demo_live_test.py` tests it.

The test needs no server and no browser: `visit` opens a page, clicks as a person does, and sees what is shown.
"""

from nicegui import ui

import playground


class Counter(playground.LiveView):
    def mount(self, params):
        self.count = int(params.get("count", 0))

    def render(self):
        with ui.column().classes("w-full items-center gap-8 pt-24"):
            ui.label(f"Count: {self.count}").classes("text-7xl font-light")
            with ui.row().classes("gap-6"):
                ui.button("-", on_click=self.event("dec")).props("round size=xl")
                ui.button("+", on_click=self.event("inc")).props("round size=xl")

    def handle_event(self, event):
        match event:
            case "inc":
                self.count += 1
            case "dec":
                self.count -= 1


def test_it_counts():
    with playground.visit(Counter) as page:
        assert page.has("Count: 0")
        page.click("+")
        page.click("+")
        assert page.has("Count: 2")
        page.click("-")
        assert page.has("Count: 1")


def test_it_starts_where_the_address_says():
    with playground.visit(Counter, "/?count=41") as page:
        page.click("+")
        assert page.live.count == 42


def test_a_click_sends_the_number_and_nothing_else():
    with playground.visit(Counter) as page:
        page.click("+")
        assert len(page.patches.updates) == 1


if __name__ == "__main__":
    playground.start(live=Counter)
