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

SIZE = 20  # places from side to side; who leaves at one comes in at the other
PACE = 0.14  # seconds from move to move
COLORS = {"green": "bg-green-500", "amber": "bg-amber-400", "sky": "bg-sky-400", "pink": "bg-pink-400"}
UP, LEFT, DOWN, RIGHT = (0, -1), (-1, 0), (0, 1), (1, 0)
KEYS = {"ArrowUp": UP, "ArrowLeft": LEFT, "ArrowDown": DOWN, "ArrowRight": RIGHT}


@dataclass(frozen=True)
class Snake:
    body: tuple  # its places, the head first
    heading: tuple = RIGHT
    turns: tuple = ()  # keys that were pressed since it moved
    is_moving: bool = False
    score: int = 0
    best: int = 0

    def turned(self, direction):
        """The snake that will go there; it cannot turn back."""
        ahead = (self.turns or (self.heading,))[-1]
        is_turn = direction not in (ahead, (-ahead[0], -ahead[1]))
        return replace(self, turns=(*self.turns, direction) if is_turn else self.turns, is_moving=True)

    def moved(self, food):
        """The snake one step further, and one place longer if the food was there."""
        heading = (self.turns or (self.heading,))[0]
        head = (self.body[0][0] + heading[0]) % SIZE, (self.body[0][1] + heading[1]) % SIZE
        moved = replace(self, body=(head, *self.body[:-1]), heading=heading, turns=self.turns[1:])
        if head == food:
            score = self.score + 1
            return replace(moved, body=(head, *self.body), score=score, best=max(score, self.best))
        return moved


class Game(playground.GenServer):
    """Moves all snakes, and lets a page have one as long as there are colours."""

    def init(self):
        self.snakes = {}  # colour: Snake
        self.players = {}  # the monitor of a page: the colour of its snake
        self.food = (SIZE // 2, SIZE // 2)
        self.send_interval(PACE, "move")

    def handle_call(self, request):
        _, page = request
        color = next((color for color in COLORS if color not in self.snakes), None)
        if color:
            self.players[playground.monitor(page)] = color
            self.lay(color)
            self.tell()
        return color, dict(self.snakes), self.food

    def handle_cast(self, request):
        _, color, direction = request
        self.snakes[color] = self.snakes[color].turned(direction)

    def handle_info(self, message):
        match message:
            case "move" if any(snake.is_moving for snake in self.snakes.values()):
                self.move()
                self.tell()
            case playground.Down(monitor=left):
                del self.snakes[self.players.pop(left)]
                self.tell()

    def lay(self, color, best=0):
        """A new snake in the row of its colour, where it waits for a key."""
        y = 3 + 4 * list(COLORS).index(color)
        self.snakes[color] = Snake(((4, y), (3, y), (2, y)), best=best)

    def move(self):
        snakes = self.snakes.items()
        self.snakes = {color: snake.moved(self.food) if snake.is_moving else snake for color, snake in snakes}
        taken = [place for snake in self.snakes.values() for place in snake.body]
        if self.food in taken:
            self.food = random.choice([place for place in product(range(SIZE), repeat=2) if place not in taken])
        for color, snake in list(self.snakes.items()):
            if snake.is_moving and taken.count(snake.body[0]) > 1:  # it has run into one, or into itself
                self.lay(color, snake.best)

    def tell(self):
        playground.broadcast("snakes", (dict(self.snakes), self.food))


class Page(playground.LiveView):
    page_title = "Snake"

    async def mount(self):
        self.subscribe("snakes")
        self.color, self.snakes, self.food = await playground.call(Game, ("join", self))

    def render(self):
        ui.query("body").classes("bg-slate-100 dark:bg-neutral-950")
        ui.keyboard(on_key=self.on_key, repeating=False)
        with ui.column().classes("mx-auto w-full max-w-[70vh] gap-3"):
            with ui.row().classes("w-full items-center justify-between gap-x-6"):
                ui.label("Snake").classes("text-3xl font-light")
                for color, snake in self.snakes.items():
                    with playground.key(color):
                        self.score(color, snake)
            ui.label(self.hint()).classes("text-lg")
            self.board()
            self.arrows()

    def hint(self):
        if self.color is None:
            return "All colours are taken: you watch."
        if self.snakes[self.color].is_moving:
            return "Eat the red dots, and run into nobody."
        return f"You are {self.color}. Press an arrow key."

    def score(self, color, snake):
        with ui.row().classes("items-center gap-2 text-lg"):
            ui.element().classes(f"size-5 rounded-full {COLORS[color]} {'ring-4' if color == self.color else ''}")
            ui.label(f"{snake.score}, best {snake.best}")

    def board(self):
        board = ui.element().classes("w-full aspect-square grid rounded-2xl shadow-lg bg-slate-800 overflow-hidden")
        with board.style(f"grid-template: repeat({SIZE}, minmax(0, 1fr)) / repeat({SIZE}, minmax(0, 1fr))"):
            self.dot("food", self.food, "bg-red-500 rounded-full")
            for color, snake in self.snakes.items():
                for place in snake.body:
                    head = "rounded-lg" if place == snake.body[0] else "rounded opacity-80"
                    self.dot((color, place), place, f"{COLORS[color]} {head}")

    def dot(self, key, place, classes):
        with playground.key(key):
            ui.element().classes(f"m-px {classes}").style(f"grid-area: {place[1] + 1} / {place[0] + 1}")

    def arrows(self):
        """The keys of those who have none."""
        with ui.grid(columns=3).classes("mx-auto gap-2 sm:hidden"):
            for key, icon in {"Up": "north", "Left": "west", "Down": "south", "Right": "east"}.items():
                button = ui.button(icon=icon, on_click=lambda key=key: self.turn(KEYS[f"Arrow{key}"]))
                button.props(f"unelevated size=lg aria-label={key}").classes("col-start-2" if key == "Up" else "")
                if key == "Up":
                    ui.element()

    def on_key(self, event):
        if event.action.keydown and event.key.name in KEYS:
            self.turn(KEYS[event.key.name])

    def turn(self, direction):
        if self.color:
            playground.cast(Game, ("turn", self.color, direction))

    def handle_info(self, news):
        self.snakes, self.food = news


if __name__ == "__main__":
    playground.start(live=Page, children=[Game])
