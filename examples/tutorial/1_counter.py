from nicegui import ui

import playground


class Counter(playground.LiveView):
    def mount(self):
        self.count = 0

    def render(self):
        ui.label(f"Count: {self.count}")
        ui.button("+", on_click=self.add)

    def add(self):
        self.count += 1


playground.start(live=Counter)
