# /// script
# requires-python = ">=3.11"
# dependencies = ["nicegui-playground"]
#
# [tool.uv.sources]
# nicegui-playground = { path = ".." }
# ///
"""The counter: state, render, events."""

from nicegui import ui

import playground


class Counter(playground.LiveView):
    def mount(self):
        self.count = 0

    def render(self):
        with ui.column().classes("w-full items-center gap-8 pt-24"):
            ui.label(f"Count: {self.count}").classes("text-7xl font-light")
            ui.button("+", on_click=self.event("inc")).props("round size=xl")

    def handle_event(self, event):
        self.count += 1


playground.start(live=Counter)
