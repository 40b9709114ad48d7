"""Every parameter and every method of every element class: a page that gets it, and loses it again, is as one that has
just been opened, in the tree and in the attributes of the elements."""

import contextlib
import inspect
import re

import pytest
from model import difference
from nicegui import ui
from nicegui.element import Element
from test_elements import Snapshot

import playground

pytestmark = pytest.mark.slow


def hit(*_):
    """A handler."""


# Arguments without which a class makes no sense, or no difference.
GIVEN = {
    "aggrid": {"options": {"columnDefs": [{"field": "a"}], "rowData": []}},
    "audio": {"src": "/a.mp3"},
    "chat_message": {"text": "a"},
    "code": {"content": "a"},
    "drawer": {"side": "left"},
    "echart": {"options": {"series": []}},
    "fab": {"icon": "home"},
    "html": {"content": "<b>a</b>", "sanitize": False},
    "icon": {"name": "home"},
    "image": {"source": "/a.png"},
    "interactive_image": {"source": "/a.png"},
    "item": {"text": "a"},
    "json_editor": {"properties": {}},
    "knob": {},
    "link_target": {"name": "a"},
    "markdown": {"content": "a"},
    "menu_item": {"text": "a"},
    "mermaid": {"content": "graph LR; a-->b"},
    "notification": {"message": "a"},
    "pagination": {"min": 1, "max": 5},
    "parallax": {"source": "/a.png"},
    "plotly": {"figure": {"data": []}},
    "radio": {"options": ["a", "b"]},
    "range": {"min": 0, "max": 10},
    "restructured_text": {"content": "a"},
    "select": {"options": ["a", "b"]},
    "slider": {"min": 0, "max": 10},
    "step": {"name": "a"},
    "tab": {"name": "a"},
    "tab_panel": {"name": "a"},
    "table": {"rows": [{"id": 1}]},
    "teleport": {"to": "body"},
    "timer": {"interval": 10, "callback": hit},
    "toggle": {"options": ["a", "b"]},
    "tooltip": {"text": "a"},
    "tree": {"nodes": [{"id": "a"}]},
    "video": {"src": "/a.mp4"},
}  # fmt: skip
AROUND = {
    "carousel_slide": ui.carousel, "item": ui.list, "menu_item": ui.menu, "step": ui.stepper, "tab": ui.tabs,
    "tab_panel": ui.tab_panels, "timeline_entry": ui.timeline,
}  # fmt: skip
ELSEWHERE = {
    "altair", "anywidget", "element", "fab_action", "highchart", "keep_alive", "line_plot", "matplotlib", "pyplot",
    "scene_view", "skip_link", "sub_pages",
}  # fmt: skip  # need more around them, or are drawn on: bodies of test_elements
NAMES = sorted(
    name
    for name in dir(ui)
    if name not in ELSEWHERE and isinstance(cls := getattr(ui, name), type) and issubclass(cls, Element)
)

# What is different from a page just opened, and why.
ANSWERED = "whether it is open is what the browser has answered, and no argument"
DIFFERENT = {
    "timer.cancel()": "it goes with its next tick, as in NiceGUI, not before it has begun",
    **dict.fromkeys(
        f"{name}{change}"
        for name in ("drawer", "left_drawer", "right_drawer")
        for change in ("(value=True)", ".hide()", ".set_value(value)", ".show()")
    ),
}
DIFFERENT.update({label: ANSWERED for label, reason in DIFFERENT.items() if reason is None})
DIFFERENT.update(
    dict.fromkeys(
        ("drawer(side='right')", "drawer(side='left' -> 'right')"),
        "it stays before the page in the layout, which means nothing to the browser",
    )
)


# What makes another element of it, as the README says: a handler that comes or goes, and these.
HANDLER = re.compile(r"\(on_|\.on\(|\.on_|\.clicked\(")
REPLACED = re.compile(
    r"(leaflet|scene)[.(]|chat_message\(text=\['x'|chip\(selectable=|(circular_progress|linear_progress|knob)\(show_value="
    r"|input\(password_toggle_button=|joystick\(throttle=|menu_item\(auto_close=|slide_item\(text="
    r"|spinner\(type=.*'audio'|aggrid\.load_client_data|code\.show_checkmark|log\.push|timer\(once=|upload\.handle_uploads"
)


def values_of(name, parameter, cls):
    """Some values that a parameter might take."""
    text = str(parameter.annotation).replace("typing.", "")
    default = getattr(parameter.default, "default", parameter.default)
    literals = re.findall(r"'([^']*)'", text) if "Literal" in text else []
    is_choice = cls in (ui.select, ui.radio, ui.toggle)
    cases = [
        (name.startswith("on_") or name == "callback" or "Handler" in text, [hit]),
        (name == "validation", [{"bad": lambda value: True}, lambda value: None]),
        (is_choice and name == "options", [["a", "b", "c"], {"a": "A", "b": "B"}]),
        (is_choice and name == "value", ["a", "b"]),
        (cls is ui.interactive_image and name == "size", [(1, 2)]),
        (name == "columns", [[{"name": "n", "label": "N", "field": "n"}]]),
        (name in ("rows", "nodes", "row_data"), [[{"id": 1, "n": 1}], [{"id": 2, "n": 2}]]),
        (bool(literals), literals[:2]),
        ("bool" in text and "str" not in text, [not default if isinstance(default, bool) else True]),
        ("list[str]" in text or "Sequence[str]" in text, [["x"], ["x", "y"]]),
        ("tuple" in text, [(1, 2)]),
        ("dict" in text and "str |" not in text, [{"x": 1}]),
        ("int" in text or "float" in text, [1, 2]),
        ("str" in text, ["aa", "bb"]),
    ]
    return next((values for is_so, values in cases if is_so), ["aa", 1, True])


def changes_of(name):
    """Labels, and functions that make the element as it is in two states."""
    cls = getattr(ui, name)

    def make(**arguments):
        with AROUND.get(name, contextlib.nullcontext)():
            return cls(**{**GIVEN.get(name, {}), **arguments})

    yield name, lambda is_other: make()
    for parameter, described in inspect.signature(cls.__init__).parameters.items():
        variable = described.kind in (described.VAR_KEYWORD, described.VAR_POSITIONAL)
        if variable or parameter in ("self", "_client", "tag"):
            continue
        values = values_of(parameter, described, cls)
        for value in values:
            yield (
                f"{name}({parameter}={value!r:.30})",
                lambda is_other, given={parameter: value}: make(**(given if is_other else {})),
            )
        if len(values) > 1:
            one, other = ({parameter: value} for value in values[:2])
            label = f"{name}({parameter}={values[0]!r:.20} -> {values[1]!r:.20})"
            yield label, lambda is_other, one=one, other=other: make(**(other if is_other else one))
    for method, arguments in methods_of(cls):

        def called(is_other, method=method, arguments=arguments):
            element = make()
            if is_other:
                getattr(element, method)(**arguments)

        yield f"{name}.{method}({', '.join(arguments)})", called


def methods_of(cls):
    """The methods that give back the element itself, or nothing, with arguments for them."""
    refused = ("move", "clear", "delete", "remove", "update", "run_method", "add_slot", "tooltip")
    for method, function in inspect.getmembers(cls, inspect.isfunction):
        if method.startswith(("_", "bind_", "default_")) or method in refused:
            continue
        returned = str(function.__annotations__.get("return", ""))
        if returned == "None" or returned.endswith("Self"):
            parameters = list(inspect.signature(function).parameters.values())[1:]
            variable = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
            needed = [p for p in parameters if p.default is p.empty and p.kind not in variable]
            yield method, {p.name: values_of(p.name, p, cls)[0] for p in needed}


class Shown(playground.LiveView):
    def mount(self, params, session):
        self.make, self.is_other = session["make"], session["is_other"]

    def render(self):
        self.make(self.is_other)


def visit(make, is_other):
    return playground.visit(Shown, session={"make": make, "is_other": is_other})


def fresh(make, is_other):
    with visit(make, is_other) as page:
        return settled(page)


# What comes of its own accord: what a validation says of a value that is set, a tick, whoever has awaited a dialog.
BY_ITSELF = {"error", "error-message", "_error", "_current_invocation", "_submitted"}


def settled(page):
    """The elements of the page, without what comes of its own accord."""
    page.settle()

    def told(value):
        if isinstance(value, dict):
            return {name: told(item) for name, item in value.items() if name not in BY_ITSELF}
        return [told(item) for item in value] if isinstance(value, list) else value

    return told(Snapshot(page.client).tree)


def differs(label, make):
    """What is different from a page just opened, when it gets something and when it loses it again."""
    try:
        expected = {is_other: fresh(make, is_other) for is_other in (False, True)}
    except Exception:  # NiceGUI refuses it
        return None
    if fresh(make, True) != expected[True]:
        return None  # it is another one each time
    with visit(make, False) as page:
        ids = ids_of(page)
        for is_other in (True, False):
            page.live.is_other = is_other
            page.settle()
            if settled(page) != expected[is_other]:
                return f"{'with' if is_other else 'without again'}: {difference(settled(page), expected[is_other])}"
            if ids_of(page) != ids and not HANDLER.search(label) and not REPLACED.match(label):
                return "is another element"
    return None


def ids_of(page):
    """The ids of the elements at the top of the page."""
    return [child.id for child in page.client.content.default_slot.children]


@pytest.mark.parametrize("name", NAMES)
def test_a_page_that_changes_is_as_one_just_opened(name):
    labels = []
    different = {}
    for label, make in changes_of(name):
        labels.append(label)
        if found := differs(label, make):
            different[label] = found
    assert not (unexpected := {label: found for label, found in different.items() if label not in DIFFERENT}), (
        unexpected
    )
    known = [label for label in DIFFERENT if label.startswith((f"{name}.", f"{name}("))]
    assert different.keys() == set(known), "what is different as named is so no longer"
    assert len(labels) > 5
