# /// script
# requires-python = ">=3.11"
# dependencies = ["nicegui-playground"]
#
# [tool.uv.sources]
# nicegui-playground = { path = ".." }
# ///
"""Snake by the arrow keys: open it in a second tab, and play against each other.

Where its state lives:
- page: the colour of its snake, because that is gone with the tab;
- process: the snakes and the food, in `Game`, because all players share them and all snakes move at the same time;
- PubSub: every move, to all pages.
"""

import random
from dataclasses import dataclass, replace
from itertools import product

from nicegui import ui

import playground

SIZE = 20  # places from side to side; who leaves at one side comes in at the other
PACE = 0.15  # seconds from move to move
COLORS = {"green": "bg-green-500", "amber": "bg-amber-400", "sky": "bg-sky-400", "pink": "bg-pink-400"}
KEYS = {"ArrowUp": (0, -1), "ArrowLeft": (-1, 0), "ArrowDown": (0, 1), "ArrowRight": (1, 0)}


@dataclass(frozen=True)
class Snake:
    body: tuple  # its places, the head first
    heading: tuple = (1, 0)
    turns: tuple = ()  # keys that were pressed since it moved

    def turned(self, x, y):
        """The snake that will go there; it cannot turn back."""
        ahead = (self.turns or (self.heading,))[-1]
        return self if (x, y) in (ahead, (-ahead[0], -ahead[1])) else replace(self, turns=(*self.turns, (x, y)))

    def moved(self, food):
        """The snake one step further, and one place longer if the food is there."""
        heading, *turns = self.turns or (self.heading,)
        head = (self.body[0][0] + heading[0]) % SIZE, (self.body[0][1] + heading[1]) % SIZE
        rest = self.body if head == food else self.body[:-1]
        return Snake((head, *rest), heading, tuple(turns))


class Game(playground.GenServer):
    """Moves all snakes, and gives one to each page as long as there are colours."""

    def init(self):
        self.snakes = {}  # colour: Snake
        self.players = {}  # page: the colour of its snake, or None
        self.food = (SIZE // 2, SIZE // 2)
        self.send_interval(PACE, "move")

    def handle_call(self, request):
        _, page = request
        if page not in self.players:
            playground.monitor(page)
            color = next((color for color in COLORS if color not in self.snakes), None)
            self.players[page] = color
            if color:
                self.lay(color)
        return self.players[page], dict(self.snakes), self.food

    def handle_cast(self, request):
        _, color, direction = request
        if color in self.snakes:
            self.snakes[color] = self.snakes[color].turned(*direction)

    def handle_info(self, message):
        match message:
            case "move":
                self.move()
            case playground.Down(server=page):
                self.snakes.pop(self.players.pop(page), None)
        playground.broadcast("snakes", (dict(self.snakes), self.food))

    def lay(self, color):
        """A new snake at the left of the row of its colour."""
        y = SIZE // 5 * (1 + list(COLORS).index(color))
        self.snakes[color] = Snake(((4, y), (3, y), (2, y)))

    def move(self):
        self.snakes = {color: snake.moved(self.food) for color, snake in self.snakes.items()}
        taken = [place for snake in self.snakes.values() for place in snake.body]
        if self.food in taken:
            self.food = random.choice([place for place in product(range(SIZE), repeat=2) if place not in taken])
        for color, snake in self.snakes.items():
            if taken.count(snake.body[0]) > 1:  # it has run into one, or into itself
                self.lay(color)


class Page(playground.LiveView):
    page_title = "Snake"

    async def mount(self):
        self.subscribe("snakes")
        await self.join()

    async def join(self):
        self.color, self.snakes, self.food = await playground.call(Game, ("join", self))

    def render(self):
        ui.query("body").classes("bg-slate-100 dark:bg-neutral-950")
        ui.keyboard(on_key=self.on_key, repeating=False)
        with ui.column().classes("mx-auto w-full max-w-[75vh] gap-3"):
            with ui.row().classes("w-full items-center gap-4 text-2xl"):
                ui.label(f"You are {self.color}" if self.color else "You watch").classes("grow font-light")
                for color, snake in self.snakes.items():
                    with playground.key(color), ui.row().classes("items-center gap-2"):
                        ui.element().classes(f"size-5 rounded-full {COLORS[color]}")
                        ui.label(len(snake.body) - 3)
            self.board()
            ui.label("The arrow keys turn it. Eat the red dots, and run into nobody.").classes("text-lg max-sm:hidden")
            self.arrows()

    def board(self):
        board = ui.element().classes("w-full aspect-square grid rounded-2xl shadow-lg bg-slate-800")
        with board.style(f"grid-template: repeat({SIZE}, minmax(0, 1fr)) / repeat({SIZE}, minmax(0, 1fr))"):
            self.dot("food", self.food, "bg-red-500 rounded-full")
            for color, snake in self.snakes.items():
                for place in snake.body:
                    shape = "rounded-lg" if place == snake.body[0] else "rounded opacity-80"
                    self.dot((color, place), place, f"{COLORS[color]} {shape}")

    def dot(self, key, place, classes):
        with playground.key(key):
            ui.element().classes(f"m-px {classes}").style(f"grid-area: {place[1] + 1} / {place[0] + 1}")

    def arrows(self):
        """The keys of those who have none."""
        with ui.grid(columns=3).classes("mx-auto gap-2 sm:hidden"):
            for key, icon in {"Up": "north", "Left": "west", "Down": "south", "Right": "east"}.items():
                button = ui.button(icon=icon, on_click=lambda key=key: self.turn(f"Arrow{key}"))
                button.props(f"unelevated size=lg aria-label={key}")
                button.classes("col-start-2" if key == "Up" else "col-start-1" if key == "Left" else "")

    def on_key(self, event):
        if event.action.keydown:
            self.turn(event.key.name)

    def turn(self, key):
        if key in KEYS and self.color:
            playground.cast(Game, ("turn", self.color, KEYS[key]))

    async def handle_info(self, news):
        self.snakes, self.food = news
        if self.color and self.color not in self.snakes:  # the game has crashed, and another one has begun
            await self.join()


if __name__ == "__main__":
    playground.start(live=Page, children=[Game])
