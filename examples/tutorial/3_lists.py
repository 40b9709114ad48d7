from nicegui import ui

import playground


class Queue(playground.LiveView):
    def mount(self):
        self.names = ["Ada", "Grace", "Edsger"]

    def render(self):
        for name in self.names:
            with ui.row().classes("items-center"):
                ui.label(name)
                ui.input("Note")
                ui.button("Up", on_click=self.event("up", name=name))

    def handle_event(self, event, params):
        name = params["name"]
        at = self.names.index(name)
        self.names.remove(name)
        self.names.insert(max(at - 1, 0), name)


playground.start(live=Queue)
