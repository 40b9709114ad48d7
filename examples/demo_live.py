# /// script
# requires-python = ">=3.11"
# dependencies = ["nicegui-playground"]
# ///
"""The counter: state, render, events."""

from nicegui import ui

import playground


class Counter(playground.LiveView):
    def mount(self):
        self.count = 0

    def render(self):
        ui.label(f"Count: {self.count}")
        ui.button("+", on_click=self.event("inc"))

    def handle_event(self, event):
        self.count += 1


playground.start(live=Counter)
