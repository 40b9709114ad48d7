from nicegui import ui

import playground


class EggTimer(playground.LiveView):
    def mount(self):
        self.seconds = 10
        self.send_interval(1, "tick")

    def render(self):
        ui.label(f"{self.seconds} seconds")
        ui.button("Again", on_click=self.event("again"))

    def handle_info(self, message):
        self.seconds -= 1

    def handle_event(self, event):
        self.seconds = 10


playground.start(live=EggTimer)
