"""In Chromium, every `ui.*` element is drawn in scopes as it is drawn without them."""

import difflib
import json
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
        for name, value in copy.deepcopy(STATE).items():
            setattr(self, name, value)
        self.bodies, self.above, self.around = params["names"].split(","), "", False

    def render(self):
        if self.above:
            ui.label(self.above)
        if self.around:
            with ui.element("section"), ui.row():
                ui.label("around")
                self.render_bodies()
        else:
            self.render_bodies()

    def render_bodies(self):
        for name in self.bodies:
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

# Of each element: what the browser has for it, and whether it can be called
LOOK = """() => {
  const clean = (text) => text
    .replace(/<!--.*?-->/g, "")
    .replace(/f_[0-9a-f-]{36}|[0-9a-f-]{36}|[0-9a-f]{32}/g, "uuid")
  const ids = Object.keys(mounted_app.elements).map(Number);
  const refs = ids.map((id) => {
    const component = getElement(id);
    return [id, component === undefined ? null : component?.$ ? component.$.type.name ?? "component" : component?.tagName,
            Boolean(getHtmlElement(id))];
  });
  const body = document.body.cloneNode(true);
  for (const other of body.querySelectorAll("script, style, .q-loading-bar, .nicegui-error-popup")) other.remove();
  return { html: clean(body.innerHTML.replace(/></g, ">\\n<")), refs };
}"""

STEPS = [
    {},
    {"name": "Grace", "count": 1},
    {"above": "above"},
    {"items": ["cow", "ant", "dog"], "flag": False, "number": 4},
    {"around": True},
    {"around": False, "above": ""},
    {"bodies": []},
]
ALONE = ()


def plain(route):
    """The page as NiceGUI draws it."""
    response = route.fetch()
    text = response.text()
    assert "draw?.length === 3" in text
    route.fulfill(response=response, body=text.replace("draw?.length === 3", "false"))


def test_every_element_is_drawn_as_without_scopes(serve, open_page, wait_for):
    server = serve(SERVED, env={"PYTHONPATH": f"{Path(__file__).parent}:{Path(__file__).parent.parent}"})
    names = re.search(r"^bodies (.*)", server.log, re.MULTILINE)[1].split()
    for name in names:
        tab = open_page(f"{server.url}?names={name}")
        other = open_page("about:blank", connected=False)
        other.route(re.compile(r"\?names="), plain)
        other.goto(f"{server.url}?names={name}")
        other.wait_for_function("() => window.socket?.connected && window.did_handshake")
        for step in STEPS:
            for each in (tab, other):
                each.evaluate(f"window.playground.push('state', {json.dumps(step)})")
            import time
            until = time.time() + 3
            while True:
                a, b = tab.evaluate(LOOK), other.evaluate(LOOK)
                if a == b or time.time() > until: break
                time.sleep(0.05)
            if a != b:
                print(name, step)
                print([x for x in a["refs"] if x not in b["refs"]], [x for x in b["refs"] if x not in a["refs"]])
                print("\n".join(list(difflib.unified_diff(b["html"].split("\n"), a["html"].split("\n"), "plain", "scoped", n=0, lineterm=""))[:30]))
        tab.close(); other.close()
