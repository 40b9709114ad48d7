from nicegui import ui

import playground


class EggTimer(playground.LiveView):
    def mount(self):
        self.seconds = 10
        self.send_interval(1, "tick")

    def render(self):
        if self.seconds:
            ui.label(f"{self.seconds} seconds")
        else:
            ui.label("Time is up!")
        ui.button("Again", on_click=self.event("again"))

    def handle_info(self, message):
        self.seconds = max(self.seconds - 1, 0)

    def handle_event(self, event):
        self.seconds = 10


playground.start(live=EggTimer)
