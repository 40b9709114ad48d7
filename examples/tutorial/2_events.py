from nicegui import ui

import playground


class Match(playground.LiveView):
    def mount(self):
        self.goals = {"red": 0, "blue": 0}

    def render(self):
        ui.label(f"Red {self.goals['red']} : {self.goals['blue']} Blue")
        ui.button("Red scores", on_click=self.event("goal", team="red"))
        ui.button("Blue scores", on_click=self.event("goal", team="blue"))

    def handle_event(self, event, params):
        match event:
            case "goal":
                self.goals[params["team"]] += 1


playground.start(live=Match)
