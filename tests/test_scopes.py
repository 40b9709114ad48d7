"""In Chromium, every `ui.*` element is drawn in scopes as it is drawn without them."""

import difflib
import re
from pathlib import Path

import pytest

SERVED = """
import importlib
from nicegui import ui
import playground
from test_elements import BODIES, NEEDS, STATE
import copy


def is_there(name):
    try:
        importlib.import_module(name)
    except ImportError:
        return False
    return True


BODIES = {name: body for name, body in BODIES.items() if all(map(is_there, NEEDS[body]))}


class Page(playground.LiveView):
    browser_events = ["state"]

    def mount(self, params):
        if "whole" in params:  # have it drawn as NiceGUI does it
            before = self.client._body_html
            self.client._body_html = before.replace("draw?.length === 3", "false")
            assert self.client._body_html != before
        for name, value in copy.deepcopy(STATE).items():
            setattr(self, name, value)
        self.bodies, self.above, self.around, self.reverse = params["names"].split(","), "", False, False
        self.step = ""

    def render(self):
        ui.query("body").props(f"data-step={self.step}")
        if self.above:
            ui.label(self.above)
        if self.around and "header_footer_drawers" not in self.bodies:  # which have to be outside of everything
            with ui.element("section"), ui.row():
                ui.label("around")
                self.render_bodies()
        else:
            self.render_bodies()

    def render_bodies(self):
        for name in reversed(self.bodies) if self.reverse else self.bodies:
            with playground.key(name):
                ui.label(f"== {name}")
                BODIES[name](self)

    def handle_event(self, event, params):
        if event == "state":
            for name, value in params.items():
                setattr(self, name, value)


if __name__ == "__main__":
    print("bodies", *BODIES)
    playground.start(live=Page, port=PORT, open_browser=False)
"""

# What the browser shows, and what it has for each element.
LOOK = """() => {
  const clean = (text) => text.replace(/f_[0-9a-f-]{36}|[0-9a-f-]{36}|[0-9a-f]{32}|tmp\\w{8}/g, "uuid");
  const drawing = ".q-img, .xterm, [_echarts_instance_], [data-highcharts-chart], .js-plotly-plot, .leaflet-container, svg";
  const lines = [];
  const look = (node, depth) => {
    if (node.nodeType === Node.TEXT_NODE && node.data.trim()) lines.push(" ".repeat(depth) + clean(node.data));
    if (node.nodeType !== Node.ELEMENT_NODE || node.matches("script, style, .q-loading-bar, .q-scrollarea__thumb")) return;
    const attributes = [...node.attributes].filter(({ name }) => name !== "_echarts_instance_")
      .map(({ name, value }) => `${name}="${clean(value)}"`).sort();
    lines.push(" ".repeat(depth) + [node.localName, ...attributes].join(" "));
    if (node.matches(drawing)) return; // what libraries draw has names by chance
    for (const child of node.childNodes) look(child, depth + 1);
  };
  look(document.body, 0);
  for (const id of Object.keys(mounted_app.elements)) {
    const ref = getElement(Number(id));
    const methods = ref?.$ ? Object.keys(ref.$.type.methods ?? {}) : [];
    lines.push(`${id}: ${ref?.$ ? "component" : ref?.localName} ${Boolean(getHtmlElement(id))} ${methods.join(" ")}`);
  }
  return lines;
}"""
CHANGES = [
    {},
    {"name": "Grace", "count": 1},
    {"above": "above"},
    {"items": ["cow", "bee", "ant", "dog"], "flag": False, "number": 4},
    {"around": True},
    {"around": False, "above": ""},
    {"reverse": True},
    {"bodies": []},
]


def complaints_of(tab):
    """What the console says of this tab from now on, without what could not be loaded from afar."""
    said = set()

    def note(text):
        if not re.search(r"Failed to load|WebSocket connection|play\(\)|supported sources", text):
            said.add(re.sub(r"[0-9a-f-]{32,}", "uuid", text))

    tab.on("console", lambda message: note(message.text) if message.type == "error" else None)
    tab.on("pageerror", lambda error: note(str(error)))
    return said


def assert_same_look(scoped, whole, wait_for):
    def difference():
        return "\n".join(
            difflib.unified_diff(whole.evaluate(LOOK), scoped.evaluate(LOOK), "whole", "scoped", lineterm="")
        )

    wait_for(lambda: not difference(), what=difference)


@pytest.mark.slow
@pytest.mark.console_allows(".*")
def test_every_element_is_drawn_in_scopes_as_without(serve, open_page, wait_for):
    server = serve(SERVED, env={"PYTHONPATH": f"{Path(__file__).parent}:{Path(__file__).parent.parent}"})
    names = re.search(r"^bodies (.*)", server.log, re.MULTILINE)[1].split()
    names.remove("teleport")  # NiceGUI's own page breaks when something is inserted above it
    for group in [names[start : start + 10] for start in range(0, len(names), 10)]:
        scoped = open_page("about:blank", connected=False)
        whole = open_page("about:blank", connected=False, person="other")  # in another window: both are drawn at once
        in_scoped, in_whole = complaints_of(scoped), complaints_of(whole)
        for tab, how in ((scoped, ""), (whole, "&whole=yes")):
            tab.goto(f"{server.url}?names={','.join(group)}{how}")
            tab.wait_for_function("() => window.socket?.connected && window.did_handshake")
        for step, change in enumerate(CHANGES):
            for tab in (scoped, whole):
                tab.evaluate("change => window.playground.push('state', change)", {**change, "step": step})
                tab.wait_for_selector(f"body[data-step='{step}']", state="attached")
            assert_same_look(scoped, whole, wait_for)
        assert in_scoped <= in_whole
        scoped.close()
        whole.close()


ROWS = """
from nicegui import ui
import playground


class Page(playground.LiveView):
    browser_events = ["state"]

    def mount(self):
        self.tag, self.rows, self.count = "div", "abc", 0

    def render(self):
        with ui.element(self.tag).classes("list"):
            for row in self.rows:
                with playground.key(row), ui.row():
                    ui.label(f"{row}{self.count}")

    def handle_event(self, event, params):
        for name, value in params.items():
            setattr(self, name, value)


playground.start(live=Page, port=PORT, open_browser=False)
"""
STATES = [
    {"rows": "ac"},
    {"rows": "cba", "count": 1},
    {"rows": ""},
    {"rows": "abcde"},
    {"tag": "section"},
    {"count": 2},
    {"tag": "q-card", "rows": "bade"},
    {"rows": "edab", "count": 3},
    {"tag": "div"},
    {"rows": "ade", "count": 4},
    {"count": 5},
]


def test_rows_that_stay_are_drawn_on_whatever_happens_around_them(serve, open_page):
    tab = open_page(serve(ROWS).url)
    state = {"rows": "abc", "count": 0}
    for change in STATES:
        state |= change
        tab.evaluate("change => window.playground.push('state', change)", change)
        expected = [f"{row}{state['count']}" for row in state["rows"]]
        tab.wait_for_function(
            """([tag, texts]) => {
                const list = document.querySelector(tag === "q-card" ? ".q-card.list" : `${tag}.list:not(.q-card)`);
                return list && String([...list.children].map((row) => row.innerText)) === String(texts);
            }""",
            arg=[state.get("tag", "div"), expected],
        )
