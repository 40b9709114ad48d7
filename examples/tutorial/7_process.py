from nicegui import ui

import playground


class Poll(playground.GenServer):
    def init(self):
        self.votes = {"tea": 0, "coffee": 0}

    def handle_call(self, request):
        return dict(self.votes)

    def handle_cast(self, request):
        match request:
            case ("vote", drink):
                self.votes[drink] += 1
        playground.broadcast("votes", dict(self.votes))


class Page(playground.LiveView):
    async def mount(self):
        self.subscribe("votes")
        self.votes = await playground.call(Poll, "votes")

    def render(self):
        for drink, number in self.votes.items():
            ui.label(f"{drink}: {number}")
            vote = self.event("vote", drink=drink)
            ui.button(f"Vote for {drink}", on_click=vote)

    def handle_event(self, event, params):
        playground.cast(Poll, ("vote", params["drink"]))

    def handle_info(self, votes):
        self.votes = votes


playground.start(live=Page, children=[Poll])
