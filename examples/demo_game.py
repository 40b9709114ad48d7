# /// script
# requires-python = ">=3.11"
# dependencies = ["nicegui-playground"]
#
# [tool.uv.sources]
# nicegui-playground = { path = ".." }
# ///
"""Four in a row: a lobby, and one process per game. Open the same game in two tabs and play.

Where its state lives:
- page: which game it shows and which colour it plays, because that is gone with the tab;
- process: the board and the seats, one `Game` per game under the DynamicSupervisor `Games` and found by its code in a
  Registry, because two players share it, and a crashed game must not take the others along;
- PubSub: the moves, and the news that games begin and end.
"""

import random

from nicegui import ui

import playground

COLUMNS, ROWS = 7, 6
DIRECTIONS = [(1, 0), (0, 1), (1, 1), (1, -1)]
DISCS = {"red": "bg-red-500", "yellow": "bg-yellow-400", None: "bg-slate-100 dark:bg-neutral-950"}

PLAYED = [
    "red",
    "yellow red",
    "yellow yellow red",
    "red yellow yellow red",
    "yellow red",
    "red",
    "",
]  # column by column

games = playground.Registry()


def winner_of(board):
    """The four places in a row of one colour, or none."""
    for x in range(COLUMNS):
        for y in range(ROWS):
            for dx, dy in DIRECTIONS:
                places = [(x + step * dx, y + step * dy) for step in range(4)]
                if board.get(places[0]) and len({board.get(place) for place in places}) == 1:
                    return places
    return []


def show_board(board, drop=None):
    """The discs, and what four of them have won; `drop(x)` is what a click on a column does."""
    four = winner_of(board)
    with ui.row().classes("bg-blue-700 rounded-2xl p-2 sm:p-3 gap-1 sm:gap-2 no-wrap shadow-lg"):
        for x in range(COLUMNS):
            with ui.column().classes("gap-1 sm:gap-2 rounded-full") as column:
                if drop:
                    column.on("click", drop(x)).mark(f"column-{x}").classes("cursor-pointer hover:bg-blue-500")
                for y in reversed(range(ROWS)):
                    disc = ui.element().classes("w-10 h-10 sm:w-16 sm:h-16 rounded-full transition-colors")
                    disc.classes(DISCS[board.get((x, y))])
                    if (x, y) in four:
                        disc.classes("ring-4 ring-white")


class Game(playground.GenServer):
    """A game; it ends when nobody sits at it for a while."""

    def init(self, code):
        self.code = code
        games.register(code)
        self.seats = {}  # colour: the monitor of the page that plays it
        self.begin("red")
        self.send_after(60, "is anybody there?")

    def begin(self, color):
        self.board, self.turn, self.four = {}, color, []
        self.tell()

    def handle_call(self, request):
        match request:
            case ("sit", player):
                free = [color for color in ("red", "yellow") if color not in self.seats]
                if free:
                    self.seats[free[0]] = playground.monitor(player)
                    self.tell()
                return (free[0] if free else None), self.seen()
            case ("drop", color, x):
                self.drop(color, x)
            case "again" if self.is_over:
                self.begin(self.turn)
        return None

    def drop(self, color, x):
        y = sum((x, row) in self.board for row in range(ROWS))
        if color == self.turn and y < ROWS and not self.four:
            self.board[x, y] = color
            self.four = winner_of(self.board)
            self.turn = "red" if color == "yellow" else "yellow"
            self.tell()

    def handle_info(self, message):
        match message:
            case playground.Down(monitor=left):
                self.seats = {color: seat for color, seat in self.seats.items() if seat is not left}
                self.tell()
                self.send_after(30, "is anybody there?")
            case "is anybody there?" if not self.seats:
                return playground.Stop("normal")
        return None

    def terminate(self, _):
        games.unregister(self.code)
        playground.broadcast("games", "changed")

    @property
    def is_over(self):
        return bool(self.four) or len(self.board) == COLUMNS * ROWS

    def seen(self):
        return {
            "board": dict(self.board),
            "turn": self.turn,
            "four": self.four,
            "over": self.is_over,
            "players": list(self.seats),
        }

    def tell(self):
        games.register(self.code, len(self.seats))
        playground.broadcast(f"game {self.code}", self.seen())
        playground.broadcast("games", "changed")


class Games(playground.DynamicSupervisor):
    max_children = 100


class Lobby(playground.LiveView):
    page_title = "Four in a row"

    def mount(self):
        self.subscribe("games")

    def render(self):
        ui.query("body").classes("bg-slate-100 dark:bg-neutral-950")
        with ui.column().classes("mx-auto w-full max-w-xl gap-4 sm:mt-8"):
            with ui.row().classes("w-full items-center justify-between"):
                ui.label("Four in a row").classes("text-4xl font-light")
                ui.button("New game", icon="add", on_click=self.event("new")).props("unelevated rounded no-caps")
            for code in sorted(games.keys()):
                with playground.key(code):
                    self.game(code, games.lookup(code)[0][1])
            if not games.keys():
                ui.label("Begin a game, and open it in a second tab.").classes("text-xl")
                show_board({(x, y): color for x, discs in enumerate(PLAYED) for y, color in enumerate(discs.split())})

    def game(self, code, players):
        with ui.card().classes("w-full rounded-2xl shadow-md"), ui.row().classes("w-full items-center"):
            ui.icon("grid_on", size="md", color="primary")
            ui.label(code).classes("text-2xl font-mono")
            ui.label(f"{players} of 2 players").classes("grow text-lg")
            ui.button("Watch" if players == 2 else "Play", on_click=lambda: ui.navigate.to(f"/games/{code}")).props(
                "flat rounded no-caps"
            )

    async def handle_event(self, event, params):
        code = "".join(random.choices("ABCDEFGHJKLMNPQRSTUVWXYZ", k=4))
        new_game = playground.child_spec(Game, restart="transient", code=code)
        await playground.whereis(Games).start_child(new_game)
        ui.navigate.to(f"/games/{code}")

    def handle_info(self, _):
        """Render again."""


class Table(playground.LiveView):
    async def mount(self, params):
        self.code = params["code"]
        self.page_title = f"Four in a row: {self.code}"
        self.game = self.color = None
        self.subscribe(f"game {self.code}")
        self.subscribe("games")
        await self.sit()

    async def sit(self):
        """Sit down, if there is a game; also at one that has been started again after a crash."""
        process = games.whereis(self.code)
        if process is None:
            self.game = None
        elif self.game is None or self.process is not process:
            self.process = process
            self.color, self.game = await playground.call(process, ("sit", self))

    def render(self):
        ui.query("body").classes("bg-slate-100 dark:bg-neutral-950")
        with ui.column().classes("mx-auto items-center gap-4 sm:mt-8"):
            with ui.row().classes("w-full items-center justify-between no-wrap"):
                ui.button("Lobby", icon="arrow_back", on_click=lambda: ui.navigate.to("/")).props("flat no-caps")
                ui.label(self.code).classes("text-2xl font-mono")
            if self.game is None:
                ui.label("This game has ended.").classes("text-2xl font-light mt-12")
                return
            ui.label(self.status()).classes("text-2xl font-light")
            show_board(self.game["board"], lambda x: self.event("drop", x=x))
            if self.game["over"]:
                ui.button("Play again", on_click=self.event("again")).props("unelevated rounded no-caps")

    def status(self):
        game = self.game
        if game["four"]:
            winner = game["board"][game["four"][0]]
            return "You win!" if winner == self.color else f"{winner.capitalize()} wins."
        if game["over"]:
            return "A draw."
        if len(game["players"]) < 2:
            return "Waiting for another player: open this address in a second tab."
        return f"Your turn, {self.color}." if game["turn"] == self.color else f"{game['turn'].capitalize()}'s turn."

    async def handle_event(self, event, params):
        match event:
            case "drop":
                await playground.call(self.process, ("drop", self.color, params["x"]))
            case "again":
                await playground.call(self.process, "again")

    async def handle_info(self, message):
        match message:
            case "changed":
                await self.sit()
            case game:
                self.game = game


if __name__ == "__main__":
    playground.start(live={"/": Lobby, "/games/{code}": Table}, children=[Games])
