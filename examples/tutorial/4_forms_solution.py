from nicegui import ui

import playground


class SignUp(playground.LiveView):
    def mount(self):
        self.guests = []
        self.errors = {}

    def render(self):
        save = self.event("save")
        with playground.form(on_submit=save, errors=self.errors, reset=True):
            ui.input("Name").props("name=name")
            ui.input("E-mail").props("name=email")
            ui.button("Sign up").props("type=submit")
        for guest in self.guests:
            ui.label(f"{guest} comes.")

    def handle_event(self, event, params):
        self.errors = {}
        if not params["name"]:
            self.errors["name"] = "What is your name?"
        if "@" not in params["email"]:
            self.errors["email"] = "There is no @ in it."
        if not self.errors:
            self.guests.append(params["name"])


playground.start(live=SignUp)
