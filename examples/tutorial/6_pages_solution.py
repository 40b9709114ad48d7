from nicegui import ui

import playground


def menu():
    with ui.row():
        playground.navigate_link("Home", "/")
        playground.navigate_link("Kitchen", "/rooms/kitchen")
        playground.navigate_link("Library", "/rooms/library")
        playground.navigate_link("About", "/about")
    ui.input("A note that stays")


class Home(playground.LiveView):
    def render(self):
        menu()
        ui.label("Welcome home.")


class Room(playground.LiveView):
    def mount(self, params):
        self.name = params["name"]

    def render(self):
        menu()
        ui.label(f"You are in the {self.name}.")


class About(playground.LiveView):
    def render(self):
        menu()
        ui.label("Made by me.")


playground.start(live={"/": Home, "/rooms/{name}": Room, "/about": About})
