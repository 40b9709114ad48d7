# /// script
# requires-python = ">=3.11"
# dependencies = ["nicegui-playground"]
#
# [tool.uv.sources]
# nicegui-playground = { path = ".." }
# ///
"""JavaScript of one's own: a hook for an element, events from it to the page, and from the page to all of them.

A whiteboard: the hook draws on a canvas, the page passes on what was drawn, and whoever comes later gets all of it.
"""

from itertools import pairwise
from math import cos, radians, sin

from nicegui import ui

import playground

COLORS = {"blue": "#3b82f6", "red": "#ef4444", "green": "#22c55e", "orange": "#f59e0b"}

HOOK = """
<script>
window.playground.hooks.Whiteboard = {
  mounted() {
    const context = this.el.getContext("2d");
    context.lineWidth = 4;
    context.lineCap = "round";
    const draw = ({ line: [x0, y0, x1, y1], color }) => {
      context.strokeStyle = color;
      context.beginPath();
      context.moveTo(x0, y0);
      context.lineTo(x1, y1);
      context.stroke();
    };
    let last = null;
    const at = ({ offsetX, offsetY }) => [offsetX, offsetY].map((n) => Math.round(n * 1000 / this.el.clientWidth));
    this.el.onpointerdown = (event) => (last = at(event));
    this.el.onpointerup = this.el.onpointerleave = () => (last = null);
    this.el.onpointermove = (event) => {
      if (!last) return;
      const line = { line: [...last, ...at(event)], color: this.color };
      last = at(event);
      draw(line);
      this.push("drawn", line); // calls handle_event("drawn", line)
    };
    this.off = [
      this.on("lines", (lines) => lines.forEach(draw)), // what push_event("lines", lines) sends
      this.on("clear", () => context.clearRect(0, 0, 1000, 600)),
    ];
    this.updated();
    this.push("ready");
  },
  updated() {
    this.color = this.el.dataset.color; // the page has changed it
  },
  destroyed() {
    this.off.forEach((stop) => stop());
  },
};
</script>
"""


def arc(x, y, radius, start, end, color="orange"):
    """A part of a circle, in degrees, as lines like those that are drawn by hand."""
    points = [
        (round(x + radius * cos(radians(at))), round(y + radius * sin(radians(at)))) for at in range(start, end, 10)
    ]
    return [{"line": [*one, *other], "color": COLORS[color]} for one, other in pairwise(points)]


lines = [
    *arc(500, 300, 160, 0, 370),
    *arc(440, 250, 20, 0, 370),
    *arc(560, 250, 20, 0, 370),
    *arc(500, 310, 90, 20, 170),
]


class Whiteboard(playground.LiveView):
    page_title = "Whiteboard"
    browser_events = ("ready", "drawn")  # no others are taken from the browser

    def mount(self):
        self.color = "blue"
        self.subscribe("whiteboard")

    def render(self):
        ui.add_body_html(HOOK)
        ui.query("body").classes("bg-slate-100 dark:bg-neutral-950")
        with ui.column().classes("mx-auto w-full max-w-3xl gap-4 sm:mt-4"):
            with ui.row().classes("w-full items-center gap-1"):
                ui.label("Whiteboard").classes("text-3xl font-light max-sm:w-full sm:grow")
                for name, color in COLORS.items():
                    pen = ui.button(icon="edit", on_click=self.event("pick", color=name))
                    pen.props(f"round {'unelevated' if name == self.color else 'flat'} aria-label={name}")
                    pen.style(f"background: {color} !important" if name == self.color else f"color: {color} !important")
                ui.button(icon="delete", on_click=self.event("clear")).props("flat round aria-label=clear")
            board = ui.element("canvas").props("width=1000 height=600 data-hook=Whiteboard")
            board.props["data-color"] = COLORS[self.color]
            board.classes("w-full rounded-2xl shadow-md bg-slate-50 dark:bg-neutral-900 touch-none cursor-crosshair")
            ui.label("Draw. Everybody who has this page open draws on the same board.").classes("text-lg")

    def handle_event(self, event, params):
        match event:
            case "ready":
                self.push_event("lines", lines)
            case "drawn" if is_line(params):
                lines.append(params)
                del lines[:-5000]
                playground.broadcast_from(self, "whiteboard", params)
            case "pick":
                self.color = params["color"]
            case "clear":
                lines.clear()
                playground.broadcast("whiteboard", None)

    def handle_info(self, line):
        if line is None:
            self.push_event("clear")
        else:
            self.push_event("lines", [line])


def is_line(params):
    """Whether that is a line: a browser may send anything."""
    match params:
        case {"line": [int(), int(), int(), int()], "color": color, **rest}:
            return color in COLORS.values() and not rest
    return False


if __name__ == "__main__":
    playground.start(live=Whiteboard)
