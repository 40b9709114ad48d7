"""Any `ui.*` element in `render()` gives the tree of plain NiceGUI, and rendering again without a change sends nothing."""

import asyncio
import copy
import difflib
import functools
import gc
import json
import re
import tempfile
import types
import uuid
import weakref
from pathlib import Path

import pytest
from fastapi import Request
from nicegui import ElementFilter, app, binding, core, ui
from nicegui import json as nicegui_json
from nicegui.client import Client
from nicegui.element import Element
from nicegui.elements.leaflet.leaflet_layer import Layer
from nicegui.elements.query import Query
from nicegui.elements.scene.scene_object3d import Object3D
from nicegui.page import page as nicegui_page
from nicegui.slot import Slot
from PIL import Image

import playground

# ---------------------------------------------------------------------------------------------------------------------
# Harness
# ---------------------------------------------------------------------------------------------------------------------

STATE = {
    "count": 0,
    "name": "Ada",
    "flag": True,
    "number": 3,
    "items": ["ant", "bee", "cow"],
    "data": {"name": "Grace", "deep": {"flag": True}},
    "unrelated": 0,
    "heard_text": "",
}


def view_of(body, **state):
    """A page class with `body` as its render()."""

    class Page(playground.LiveView):
        def mount(self):
            for name, value in copy.deepcopy({**STATE, **state}).items():
                setattr(self, name, value)

        def render(self):
            body(self)

        def handle_event(self, event, params):
            self.heard = (event, params)

    return Page


def scope_of(path="/"):
    return {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "root_path": "", "query_string": b"",
        "headers": [(b"host", b"testserver")], "scheme": "http", "server": ("testserver", 80), "client": ("127.0.0.1", 1),
        "session": {}, "app": core.app,
    }  # fmt: skip


def answer(client, data):
    if "request_id" in data:
        result = "__IS_DRAWER_OPEN__" in data["code"] or None
        asyncio.get_running_loop().call_soon(
            client.handle_javascript_response, {"request_id": data["request_id"], "result": result}
        )


class PlainPage:
    """The page that plain NiceGUI gives for `body`, connected as a visited page is."""

    def __init__(self, body, **state):
        self.harness = playground._Harness.get()
        self.sent = []
        self.view = types.SimpleNamespace(
            **copy.deepcopy({**STATE, **state}), event=lambda name, **params: lambda: (name, params)
        )
        self.harness.run(self._open(body))

    async def _open(self, body):
        request = Request(scope_of())
        with Client(nicegui_page("/"), request=request) as client:
            self.client = client
            client.outbox._emit = self._emit
            body(self.view)
        client.build_response(request)
        tab = str(uuid.uuid4())
        client._pinned_tab_id = tab
        await client.handle_handshake(f"plain-{tab}", tab, None, str(uuid.uuid4()), None)
        await self._settle()

    async def _settle(self):
        quiet = 0
        while quiet < 5:
            quiet = 0 if self.client.outbox.updates or self.client.outbox.messages else quiet + 1
            await asyncio.sleep(0)

    def settle(self):
        self.harness.run(self._settle())

    async def _emit(self, message):
        _, kind, data = message
        self.sent.append((kind, data))
        answer(self.client, data)

    def close(self):
        self.harness.run(self._close())

    async def _close(self):
        self.client.delete()
        await asyncio.sleep(0)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class LivePage(playground.VisitedPage):
    """A visited page that keeps everything that was ever sent."""

    def __init__(self, body, **state):
        self.ever_sent = []
        super().__init__(view_of(body, **state), "/", None, (), (), 5.0)

    async def _emit(self, message):
        self.ever_sent.append((message[1], message[2]))
        await super()._emit(message)

    def refresh(self):
        self.live.refresh()
        self.settle()

    def element(self, target):
        return self.find(target).element


UUID = re.compile(
    r"\b[0-9a-f]{32}\b|(?<=IPY_MODEL_)[0-9a-f]{32}|\btmp\w{8}\b|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
)
ELEMENT_ID = re.compile(r'(?<=\bc)\d+\b|(?<=\$refs\.r)\d+\b|(?<=getElement\(")\d+|(?<=/upload/)\d+|(?<=runMethod\()\d+')
NUMBER_OF_ELEMENT = {"host-id", "element-id", "scene-id"}
SVG_ID = re.compile(r'\bid="([^"]+)"')
STRUCTURE = {
    "_client", "id", "tag", "slots", "default_slot", "_parent_slot", "_props", "_classes", "_style", "_event_listeners",
    "_text", "_markers", "_update_method",
    "_client_value",  # what the browser has, which is no property of the element
}  # fmt: skip


class Snapshot:
    """The element tree of a client in a form that does not depend on ids."""

    def __init__(self, client):
        self.client = client
        self.order = {}
        self.names = {client.id: "client"}
        self._number(client.layout)
        self.tree = self._element(client.layout)

    def _number(self, element):
        self.order[element.id] = len(self.order)
        for child in element:
            self._number(child)

    def _element(self, element):
        return {
            "class": type(element).__name__,
            "tag": element.tag,
            "text": self._value(element._text),
            "classes": list(element._classes),
            "style": dict(element._style),
            "props": self._props(element),
            "markers": list(element._markers),
            "listeners": [self._listener(listener) for listener in element._event_listeners.values()],
            "update_method": element._update_method,
            "attributes": {
                name: self._value(value) for name, value in sorted(vars(element).items()) if name not in STRUCTURE
            },
            "slots": {
                name: {"template": slot.template, "children": [self._element(child) for child in slot.children]}
                for name, slot in element.slots.items()
            },
        }

    def _listener(self, listener):
        told = {**listener.to_dict(), "listener_id": None, "handled": listener.handler is not None}
        told["js_handler"] = self.text(listener.js_handler or "")
        return told

    def _props(self, element):
        props = json.loads(nicegui_json.dumps(dict(element._props)))
        return {name: self._prop(name, value) for name, value in props.items()}

    def _prop(self, name, value):
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, int) and name in NUMBER_OF_ELEMENT:
            return f"element {self.order.get(value)}"
        if isinstance(value, dict):
            return {self.text(key): self._prop(key, item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._prop(name, item) for item in value]
        return value

    def text(self, text):
        if "<svg" in text:
            text = re.sub(r"<dc:date>.*?</dc:date>", "", text)
            for number, name in enumerate(dict.fromkeys(SVG_ID.findall(text))):
                text = re.sub(rf'(?<=[#"]){re.escape(name)}(?=[")])', f"svg{number}", text)
        text = UUID.sub(lambda match: self.names.setdefault(match[0], f"uuid{len(self.names)}"), text)
        return ELEMENT_ID.sub(lambda match: f"<{self.order.get(int(match[0]))}>", text)

    def _value(self, value):
        if value is None or isinstance(value, (bool, int, float)):
            return value
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Element):
            return f"element {self.order.get(value.id)}"
        if isinstance(value, Slot):
            return f"slot {value.name} of element {self.order.get(value.parent.id)}"
        if isinstance(value, dict):
            return {self._value(key): self._value(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self._value(item) for item in value]
        if isinstance(value, Object3D):
            return [type(value).__name__, self._value(json.loads(nicegui_json.dumps(value.data)))]
        if isinstance(value, Layer):
            return [type(value).__name__, value.id and self.text(value.id), self._value(value.to_dict())]
        if callable(value):
            return "callable"
        return type(value).__name__

    def messages(self, sent):
        """What was sent besides updates of elements."""
        return [
            (kind, self._prop("", json.loads(nicegui_json.dumps({**data, "request_id": None}))))
            for kind, data in sent
            if kind != "update" and '"updateValue"' not in data.get("code", "")  # it has its value from the beginning
        ]


def snapshot(page):
    """The element tree of a page as lines of text."""
    page.settle()

    def lines(value, depth):
        indent = "  " * depth
        if not isinstance(value, (dict, list)) or not value:
            return [f"{indent}{value!r}"]
        items = value.items() if isinstance(value, dict) else enumerate(value)
        result = []
        for name, item in items:
            if isinstance(item, (dict, list)) and item:
                result += [f"{indent}{name}:", *lines(item, depth + 1)]
            else:
                result.append(f"{indent}{name}: {item!r}")
        return result

    return lines(Snapshot(page.client).tree, 0)


def assert_same(found, expected):
    if found != expected:
        pytest.fail(
            "\n".join(difflib.unified_diff(expected, found, "expected", "found", n=6, lineterm="")), pytrace=True
        )


def leftover_elements(client):
    """The elements that the client keeps although they are not on the page."""
    reachable = {element.id for element in client.layout.descendants(include_self=True)}
    return [element for id_, element in client.elements.items() if id_ not in reachable]


class Touch:
    """Lets everything that render() makes look changed when `round` changes: a call is recorded that has no effect."""

    def __init__(self):
        self.round = 0
        self.made = []

    def wrap(self, build):
        def render(view):
            self.made = []
            build(view)

        return render

    def add(self, element):
        element.props(remove=f"touched-{self.round}")
        self.made.append(element)

    def ids(self):
        """The ids of what render() made, without what can be changed only by mounting it again."""
        elements = [
            element for element in self.made if not isinstance(element, (Query, ui.scene, ui.scene_view, ui.leaflet))
        ]
        return [element.id for element in elements if not element.is_deleted]


@pytest.fixture
def touch(monkeypatch):
    touch = Touch()
    for cls in (Element, Query):

        def new(cls, *args, _original=cls.__new__, **kwargs):
            made = _original(cls, *args, **kwargs)
            if playground._current.recorder is not None:
                touch.add(made)
            return made

        monkeypatch.setattr(cls, "__new__", staticmethod(new))
    return touch


BODIES = {}
NEEDS = {}


def body(function=None, *, needs=()):
    """Add a function that builds UI to the table."""
    if function is None:
        return functools.partial(body, needs=needs)
    assert function.__name__ not in BODIES
    BODIES[function.__name__] = function
    NEEDS[function] = needs
    return function


@pytest.fixture
def build(request):
    """A body whose libraries are installed."""
    for name in NEEDS[request.param]:
        pytest.importorskip(name)
    return request.param


# ---------------------------------------------------------------------------------------------------------------------
# Bodies
# ---------------------------------------------------------------------------------------------------------------------

DIRECTORY = tempfile.TemporaryDirectory()
COMPONENT = Path(DIRECTORY.name) / "tally.js"
COMPONENT.write_text("export default { template: '<p>{{ start }}</p>', props: { start: Number } };")
SOUND = Path(DIRECTORY.name) / "sound.wav"
SOUND.write_bytes(b"RIFF")
PICTURE = Path(DIRECTORY.name) / "picture.png"
Image.new("RGB", (2, 2), "teal").save(PICTURE)
PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="


def nothing():
    pass


class Tally(ui.element, component=COMPONENT):
    """An element with a Vue component of its own."""

    def __init__(self, start=0):
        super().__init__()
        self.props["start"] = start
        self.on("tally", self.add)

    def add(self):
        self.props["start"] += 1


class Counter(ui.card):
    """An element with children, state and a method that serves as a handler."""

    def __init__(self, start=0):
        super().__init__()
        self.amount = start
        with self:
            self.shown = ui.label(f"amount {self.amount}")
            ui.button("more", on_click=self.increment)

    def increment(self):
        self.amount += 1
        self.shown.text = f"amount {self.amount}"


class Volume(ui.slider):
    """A value element with arguments of its own and a bindable label below."""

    def __init__(self, value=5):
        super().__init__(min=0, max=11, value=value)
        ui.label().bind_text_from(self, "value", lambda value: f"at {value}")


# -- element


@body
def element(view):
    ui.element()
    ui.element("section").classes("wide tall").style("color: red; margin: 2px").props('role=main title="a b" hidden')


@body
def element_nested(view):
    with ui.element("ul"):
        for item in view.items:
            with ui.element("li"), ui.element("b"):
                ui.label(item)


@body
def element_slots(view):
    field = ui.element("q-field").props('label="Field"')
    with field.add_slot("control"):
        ui.label("inside")
    with field.add_slot("prepend"), ui.row():
        ui.icon("home")
    field.add_slot("append", "<b>template</b>")
    with field:
        ui.label("default")


@body
def element_default_slot(view):
    box = ui.element("div")
    with box.default_slot:
        ui.label("by its slot")
    with box:
        ui.label("by itself")
    ui.label("after")


@body
def element_entered_twice(view):
    with ui.row() as row:
        ui.label("first")
    with ui.column():
        ui.label("elsewhere")
        with row:
            ui.label("second")


@body
def element_component(view):
    Tally()
    Tally(start=view.count).classes("tally").on("tally", nothing)


@body
def element_subclass(view):
    counter = Counter(2)
    ui.button("plus", on_click=counter.increment)
    with Counter():
        ui.label("more inside")
    Volume().props("label")


@body
def element_add_resource(view):
    ui.element("i").add_resource(DIRECTORY.name)


# -- forms of props, classes, style, marks


@body
def classes_all_forms(view):
    ui.label("a").classes("one two").classes(remove="one").classes(toggle="three")
    ui.card().classes(replace="alone")
    label = ui.label("b").classes(add="x")
    label.classes("y z")
    label.classes.append("last")
    ui.label("c" if "x" in label.classes else "never")


@body
def props_all_forms(view):
    ui.button("a").props("flat dense color=red").props(remove="dense")
    button = ui.button("b")
    button.props["icon"] = "home"
    button.props('label="a longer text" :disable="1 > 2"')
    button.props.update({"size": "lg", "round": True})
    del button.props["round"]
    ui.label(f"{button.props['size']} {button.props.get('nothing', 'none')} {'icon' in button.props}")


@body
def style_all_forms(view):
    ui.label("a").style("color: red; top: 1px").style(remove="top: 1px")
    label = ui.label("b").style(replace="left: 3px")
    label.style["right"] = "4px"
    label.style("background: blue")
    ui.label(label.style["right"])


@body
def marks(view):
    ui.label("a").mark("one")
    ui.label("b").mark("two three", "four").mark("five")


@body
def defaults_by_context(view):
    with ui.row().classes("gap-0"), ui.column().props("x=1").style("margin: 0"):
        ui.label(view.name)


@body
def handlers_of_events(view):
    field = ui.input("keys").on("keydown.enter", nothing).on("keydown.ctrl.s.prevent", nothing, ["key", "ctrlKey"])
    field.on("blur", nothing, throttle=0.5, leading_events=False)
    field.on("focus", js_handler="() => console.log('focus')")
    field.on("update:model-value", lambda e: None, [None], trailing_events=False)
    ui.label("both").on("click", lambda e: None, js_handler="(e) => emit(e.x)")
    ui.element("div").on("mouse-enter", nothing, args=["clientX"]).on("click.once", nothing, [["x"], None])


@body
def reading_values(view):
    field = ui.input(value=view.name)
    ui.label(f"{field.value} {field.value.upper()} {field.label}")
    box = ui.checkbox("on", value=True)
    if box.value:
        ui.label("ticked")
    both = ui.range(min=0, max=9, value={"min": 2, "max": 4})
    ui.label(str(both.max + both.value["max"]))
    ui.label(ui.label("deep").text * 2)


@body
def reading_ids(view):
    label = ui.label("target")
    ui.label().props(f'aria-describedby="{label.html_id}"')
    ui.link("to it", label)
    ui.html(f'<a href="#{label.html_id}">to it</a>', sanitize=False).props["for"] = label.html_id


@body
def reading_structure(view):
    with ui.column() as column:
        ui.label("a")
        ui.label("b")
    ui.label(f"{len(list(column))} {len(column.default_slot.children)} {isinstance(column, ui.column)}")
    ui.label(" ".join(child.text for child in column))
    ui.label(str(isinstance(column.parent_slot.parent, ui.element)))


@body
def visibility(view):
    ui.label("a").visible = False
    ui.label("b").set_visibility(False)
    ui.label("c").set_visibility(view.flag)
    label = ui.label("d")
    label.visible = view.count > 0
    ui.label(f"visible {label.visible}")


@body
def enabled(view):
    ui.button("a").disable()
    ui.input("b").set_enabled(False)
    button = ui.button("c")
    button.enabled = False
    button.enable()
    ui.button("d").bind_enabled_from(view, "flag")


# -- bindings


@body
def bind_between_elements(view):
    source = ui.input("source", value="start")
    ui.label().bind_text_from(source, "value")
    ui.label().bind_text_from(source, "value", backward=lambda value: value[::-1])
    ui.input("both").bind_value(source)
    ui.input("from").bind_value_from(source, "value", lambda value: f"<{value}>")
    target = ui.input("target")
    ui.input("to", value="given").bind_value_to(target, "value", lambda value: value * 2)


@body
def bind_visibility(view):
    box = ui.checkbox("show", value=False)
    ui.label("a").bind_visibility_from(box, "value")
    ui.label("b").bind_visibility_from(box, "value", value=False)
    ui.label("c").bind_visibility_from(box, "value", backward=lambda value: not value)
    ui.label("d").bind_visibility(view, "flag")
    ui.label("e").bind_visibility_to(box, "value")


@body
def bind_to_view(view):
    ui.input("name").bind_value(view, "name")
    ui.number("number").bind_value(view, "number")
    ui.switch("flag").bind_value(view, "flag")
    ui.label().bind_text_from(view, "name", lambda name: f"Dear {name}")
    ui.label("to").bind_text_to(view, "heard_text")
    ui.label("gone").bind_visibility_from(view, "count")


@body
def bind_to_dictionary(view):
    ui.input("name").bind_value(view.data, "name")
    ui.checkbox("deep").bind_value(view.data, ("deep", "flag"))
    ui.label().bind_text_from(view.data, "name")


@body
def bind_everything_else(view):
    box = ui.checkbox("box", value=True)
    ui.icon("home").bind_name_from(view, "name")
    ui.image(PIXEL).bind_source_from(view, "name")
    ui.html("x", sanitize=False).bind_content_from(view, "name")
    ui.markdown("x").bind_content(view, "name")
    ui.input("x").bind_enabled_from(box, "value")
    ui.input("x").bind_label_from(view, "name")
    ui.button("x").bind_text(view, "name").bind_icon_from(view, "name").bind_enabled(box, "value")
    ui.chip("x", selectable=True).bind_selected_from(box, "value")
    ui.table(rows=[]).bind_filter_from(view, "name")
    ui.expansion("x").bind_value_from(box, "value").bind_text_from(view, "name")
    ui.linear_progress().bind_value_from(view, "number", lambda number: number / 10)


# -- texts and media


@body
def label(view):
    ui.label()
    ui.label("text")
    ui.label(f"{view.name} {view.count}").classes("text-bold")
    ui.label("before").set_text("after")
    ui.label("x").text = "assigned"


@body
def html(view):
    ui.html("<b>bold</b>", sanitize=False)
    ui.html("<i>safe</i>", tag="em", sanitize=True)
    ui.html("<u>own</u>", sanitize=lambda text: text.replace("u", "s"))
    ui.html("x", sanitize=False).set_content("y")


@body
def markdown(view):
    ui.markdown("# Title\n\n- one\n- two")
    ui.markdown("""
        Indented **text**

            code
    """)
    ui.markdown("|a|b|\n|-|-|\n|1|2|", extras=["tables"])
    ui.markdown().content = "*late*"


@body
def restructured_text(view):
    ui.restructured_text("Title\n=====\n\n*emphasis*")


@body
def mermaid(view):
    ui.mermaid("graph LR; A --> B")
    ui.mermaid("graph TD; A --> B", config={"theme": "dark"}, on_node_click=nothing)


@body
def code(view):
    ui.code("print(1)")
    ui.code("ls -l", language="bash").classes("w-full")
    ui.code().set_content("x = 1")


@body
def link(view):
    ui.link("out", "https://example.org", new_tab=True)
    target = ui.link_target("here")
    ui.link("in", "#here")
    ui.link("element", target)
    with ui.link(target="/other"):
        ui.icon("home")


@body
def skip_link(view):
    main = ui.element("main")
    ui.skip_link(target=main)
    ui.skip_link("second", target=main)


@body
def icon(view):
    ui.icon("home")
    ui.icon("img:logo.png", size="2rem", color="primary")
    ui.icon("x").name = "star"


@body
def avatar(view):
    ui.avatar("person", color="red", text_color="white", size="lg", square=True)
    with ui.avatar():
        ui.image(PIXEL)


@body
def image(view):
    ui.image(PIXEL).classes("w-16")
    ui.image(PICTURE)
    with ui.image("https://example.org/x.png"):
        ui.label("caption").classes("absolute-bottom")
    ui.image().set_source("late.png")


PILLOW = Image.new("RGB", (2, 2), "red")


@body
def image_of_pillow(view):
    ui.image(PILLOW)
    ui.interactive_image(PILLOW)


@body
def image_of_pillow_made_in_body(view):
    ui.image(Image.new("RGB", (2, 2), "red"))


@body
def parallax(view):
    with ui.parallax(PIXEL, height=200, speed=0.5):
        ui.label("over it")


@body
def interactive_image(view):
    ui.interactive_image(PIXEL, on_mouse=nothing, events=["mousedown", "mouseup"], cross="red")
    with ui.interactive_image(PIXEL, content="<circle r='3' />", sanitize=False) as image:
        ui.button("over it")
    image.add_layer(content="<rect width='2' />")
    ui.interactive_image(size=(10, 20), content="<b/>").content += "<i/>"


@body
def audio(view):
    ui.audio("https://example.org/x.mp3", controls=False, autoplay=True, muted=True, loop=True)
    ui.audio(SOUND).on("ended", nothing)


@body
def video(view):
    ui.video("https://example.org/x.mp4").classes("w-32")
    ui.video(SOUND, loop=True)


@body
def chat_message(view):
    ui.chat_message("hello\nworld", name="Ada", stamp="now", avatar=PIXEL)
    ui.chat_message(["one", "two"], sent=True, label="today")
    ui.chat_message("<b>x</b>", text_html=True, sanitize=False)
    with ui.chat_message():
        ui.label("own")


@body
def badge(view):
    ui.badge("0", color="red", text_color="white", outline=True)
    with ui.button("mail"):
        ui.badge("3").props("floating")


@body
def separator_space_skeleton_spinner(view):
    ui.separator().props("vertical")
    ui.space()
    ui.skeleton("QAvatar", animation="fade", size="40px")
    ui.skeleton().classes("w-full")
    ui.spinner()
    ui.spinner("dots", size="lg", color="red", thickness=2)


@body
def progress(view):
    ui.linear_progress(0.3, show_value=False, size="10px")
    ui.circular_progress(value=3, min=1, max=9, color="orange")
    ui.linear_progress().set_value(0.5)


# -- layout


@body
def card(view):
    with ui.card(align_items="center").tight():
        with ui.card_section():
            ui.label("head")
        with ui.card_actions().props("align=right"):
            ui.button("ok")


@body
def row_column_grid(view):
    with ui.row(wrap=False, align_items="end"), ui.column(wrap=True):
        ui.label("a")
    with ui.grid(columns=2):
        for index in range(4):
            ui.label(str(index))
    with ui.grid(rows="1fr 2fr", columns="auto 80px"):
        ui.label("x")


@body
def list_and_items(view):
    with ui.list().props("bordered separator"):
        ui.item_label("Header").props("header")
        ui.separator()
        with ui.item(on_click=nothing):
            with ui.item_section().props("avatar"):
                ui.icon("person")
            with ui.item_section():
                ui.item_label(view.name)
                ui.item_label("caption").props("caption")
            ui.item_section("side").props("side")
        ui.item("plain")


@body
def slide_item(view):
    with ui.list():
        ui.slide_item("text", on_slide=nothing)
        with ui.slide_item() as slide:
            with ui.item():
                ui.label("own")
            with slide.left(color="green"):
                ui.icon("check")
            slide.right("delete", on_slide=nothing, color="red")
        slide.top("above")
        ui.slide_item("chained").action("bottom", "below")


@body
def scroll_area(view):
    with ui.scroll_area(on_scroll=nothing).classes("h-8") as area:
        ui.label("a")
    ui.button("down", on_click=lambda: area.scroll_to(percent=1))


@body
def splitter(view):
    with ui.splitter(value=30, limits=(10, 90)) as splitter:
        with splitter.before:
            ui.label("before")
        with splitter.after, ui.column():
            ui.label("after")
        with splitter.separator:
            ui.icon("drag")
    ui.splitter(horizontal=True, reverse=True, on_change=nothing)


@body
def expansion(view):
    with ui.expansion("title", icon="home", caption="more", group="g", value=True, on_value_change=nothing):
        ui.label("inside")
    with ui.expansion() as expansion:
        with expansion.add_slot("header"):
            ui.label("own header")
        ui.label("body")
    ui.expansion("opened").open()


@body
def carousel(view):
    with ui.carousel(animated=True, arrows=True, navigation=True).props("height=90px"):
        with ui.carousel_slide().classes("p-0"):
            ui.label("one")
        with ui.carousel_slide("second"):
            ui.label("two")
    with ui.carousel(value="b", on_value_change=nothing):
        ui.carousel_slide("a")
        ui.carousel_slide("b")


@body
def tabs_by_object(view):
    with ui.tabs() as tabs:
        one = ui.tab("One", icon="home")
        two = ui.tab("Two")
    with ui.tab_panels(tabs, value=two, animated=False):
        with ui.tab_panel(one):
            ui.label("first")
        with ui.tab_panel(two):
            ui.label("second")


@body
def tabs_by_name(view):
    with ui.tabs(on_change=nothing).props("vertical") as tabs:
        ui.tab("one", label="One")
        ui.tab("two", label="Two")
    with ui.tab_panels(tabs, value="one", on_change=nothing, keep_alive=False).classes("w-full"):
        with ui.tab_panel("one"):
            ui.label("first")
        with ui.tab_panel("two"):
            ui.label("second")


@body
def tabs_bound_to_view(view):
    with ui.tabs().bind_value(view, "name") as tabs:
        ui.tab("Ada")
        ui.tab("Bob")
    with ui.tab_panels().bind_value(tabs, "value"):
        ui.tab_panel("Ada")
        ui.tab_panel("Bob")
    with ui.tabs(value=None), ui.tab("custom"):
        ui.badge("!")


@body
def stepper(view):
    with ui.stepper().props("vertical") as stepper:
        with ui.step("One", icon="home"):
            ui.label("first")
            with ui.stepper_navigation():
                ui.button("next", on_click=stepper.next)
        with ui.step("two", title="Two"):
            with ui.stepper_navigation(wrap=False):
                ui.button("done", on_click=nothing)
                ui.button("back", on_click=stepper.previous).props("flat")
    with ui.stepper(value="b", on_value_change=nothing, keep_alive=False):
        ui.step("a")
        ui.step("b")


@body
def timeline(view):
    with ui.timeline(side="right", layout="comfortable", color="red"):
        ui.timeline_entry("body", title="title", subtitle="then", icon="rocket")
        with ui.timeline_entry(heading=True, tag="h4"):
            ui.label("own")


@body
def header_footer_drawers(view):
    with ui.header(elevated=True).classes("items-center") as header:
        ui.label("head")
        ui.button(on_click=lambda: left.toggle(), icon="menu")
    with ui.left_drawer(value=True, top_corner=True).style("color: red") as left:
        ui.label("left")
    with ui.right_drawer(value=False, fixed=False, bordered=True):
        ui.label("right")
    with ui.footer(wrap=False, value=False) as footer:
        ui.label("foot")
    ui.button("both", on_click=lambda: (header.hide(), footer.toggle()))


@body
def drawer_without_value(view):
    with ui.drawer("left"):
        ui.label("left")
    ui.label("content")


@body
def page_sticky(view):
    with ui.page_sticky("bottom-left", x_offset=10, y_offset=20):
        ui.button("sticky")
    with ui.page_sticky(expand=True, position="top"):
        ui.label("wide")


@body
def page_scroller(view):
    with ui.page_scroller(position="top-right", x_offset=4, y_offset=5, duration=1):
        ui.button("up")


@body
def teleport(view):
    box = ui.card()
    with ui.teleport(f"#{box.html_id} > .q-field"):
        ui.label("by selector")
    with ui.teleport(box):
        ui.label("by element")


@body
def keep_alive(view):
    with ui.row():
        with ui.keep_alive():
            ui.label("alive")
            ui.xterm()
    with ui.dialog(), ui.keep_alive() as alive:
        ui.input("kept")
    with alive:
        ui.label("later")


@body
def sortable(view):
    with ui.column() as column:
        ui.label("a")
        ui.label("b")
    column.make_sortable(on_end=nothing, group="g")


@body
def fullscreen(view):
    screen = ui.fullscreen(require_escape_hold=True, on_value_change=nothing)
    ui.button("toggle", on_click=screen.toggle)


# -- what opens


@body
def dialog(view):
    with ui.dialog() as dialog, ui.card():
        ui.label("sure?")
        ui.button("yes", on_click=lambda: dialog.submit("yes"))
        ui.button("close", on_click=dialog.close)
    ui.button("open", on_click=dialog.open)
    ui.label("after")


@body
def dialog_open_and_persistent(view):
    ui.label("before")
    with ui.row(), ui.dialog(value=True).props("persistent"):
        ui.label("open")
    with ui.dialog() as dialog:
        ui.label("opened in render")
    dialog.open()


@body
def menu(view):
    with ui.button(icon="menu"):
        with ui.menu() as menu:
            ui.menu_item("one", on_click=nothing)
            ui.menu_item("two", nothing, auto_close=False)
            ui.separator()
            with ui.menu_item():
                ui.icon("home")
            ui.menu_item("close", menu.close)
        ui.label("text")


@body
def context_menu(view):
    with ui.image(PIXEL), ui.context_menu():
        ui.menu_item("flip")
        ui.menu_item("turn", on_click=nothing)


@body
def popup(view):
    with ui.label("edit"):
        with ui.popup() as popup:
            ui.input("value", value=view.name).on("keydown.enter", popup.close)


@body
def tooltip(view):
    with ui.label("by with"):
        ui.tooltip("one").classes("bg-green")
    ui.button("by method").tooltip("two").classes("x")
    with ui.row().tooltip("of a row"):
        ui.label("a").tooltip("of a label")
        ui.label("b")
    ui.icon("info").tooltip("before").props("x").tooltip("and again")


@body
def tooltip_with_content(view):
    with ui.icon("info"), ui.tooltip():
        ui.html("<b>bold</b>", sanitize=False)


@body
def notification(view):
    ui.notification("hello", type="positive", timeout=None, close_button="OK", on_dismiss=nothing)
    note = ui.notification(timeout=None, color="red", icon="home", multi_line=True)
    note.message = "late"
    note.spinner = True


@body
def fab(view):
    with ui.fab("navigation", label="go", direction="up"):
        ui.fab_action("train", label="train", on_click=nothing)
        ui.fab_action("boat", auto_close=False)


# -- what is clicked


@body
def button(view):
    ui.button()
    ui.button("text", on_click=nothing, color=None)
    ui.button("icon", icon="home", color="red").props("flat")
    ui.button("late").on_click(nothing)
    with ui.button(on_click=lambda: None).classes("x"):
        ui.label("inside")
    ui.button("event", on_click=view.event("pressed", by=1))


@body
def button_group(view):
    with ui.button_group().props("rounded"):
        ui.button("a")
        with ui.dropdown_button("b"):
            ui.item("c")


@body
def dropdown_button(view):
    with ui.dropdown_button("open", icon="menu", auto_close=True, split=True, on_click=nothing):
        ui.item("one", on_click=nothing)
        ui.switch("two")
    ui.dropdown_button("bound", value=False, on_value_change=nothing).bind_value(view, "flag")


@body
def chip(view):
    ui.chip("click", icon="home", on_click=nothing)
    ui.chip("select", selectable=True, selected=True, on_selection_change=nothing, color="red")
    ui.chip("remove", removable=True, on_value_change=nothing)
    ui.chip("later").on_click(nothing)


@body
def toggle_and_radio(view):
    ui.toggle(["a", "b"], value="a", on_change=nothing, clearable=True)
    ui.toggle({1: "one", 2: "two"}).bind_value(
        view, "number", forward=lambda choice: choice + 2, backward=lambda number: number - 2
    )
    ui.radio([1, 2, 3], value=2).props("inline")
    ui.radio({"a": "A", "b": "B"}, on_change=nothing)


# -- fields


@body
def input_field(view):
    ui.input()
    ui.input("label", placeholder="type", value="x", on_change=nothing)
    ui.input(password=True, password_toggle_button=True)
    ui.input("checked", value="too long", validation={"Too long": lambda value: len(value) < 3})
    ui.input("own", validation=lambda value: "No" if not value else None).without_auto_validation()
    ui.input("complete", autocomplete=["one", "two"]).props("clearable")
    ui.input("fixes", prefix="a", suffix="b").classes("w-8")


@body
def input_with_slots(view):
    with ui.input("search") as field:
        with field.add_slot("prepend"):
            ui.icon("search")
        ui.button("clear", on_click=lambda: field.set_value(None)).bind_visibility_from(field, "value")
    with ui.input("after").add_slot("append"):
        ui.icon("event")


@body
def input_validated(view):
    field = ui.input("now", value="", validation={"Empty": bool})
    field.validate()
    ui.label(str(field.error))


@body
def textarea(view):
    ui.textarea("text", value="a\nb", on_change=nothing, validation={"Long": lambda value: len(value) < 9})
    ui.textarea(placeholder="p").props("autogrow")


@body
def number_field(view):
    ui.number("n", value=3.14159, min=0, max=9, step=0.1, precision=2, prefix="$", suffix="%", format="%.2f")
    ui.number(value=5, on_change=nothing)
    ui.number("empty", validation={"Small": lambda value: value is None or value > 3})


@body
def input_chips(view):
    ui.input_chips("tags", value=["a", "b"], new_value_mode="add-unique", clearable=True, on_change=nothing)
    ui.input_chips(value=view.items)


@body
def checkbox_and_switch(view):
    ui.checkbox("a", value=True, on_change=nothing)
    ui.checkbox("b").set_value(True)
    ui.switch("c", value=False, on_change=lambda e: None)
    ui.switch(value=view.flag)


@body
def slider_range_knob_rating(view):
    ui.slider(min=0, max=10, step=2, value=4, on_change=nothing).props("label-always")
    ui.range(min=0, max=100, value={"min": 20, "max": 80}, on_change=nothing)
    ui.knob(0.3, min=0, max=1, step=0.05, show_value=True, track_color="grey", on_change=nothing)
    with ui.knob(5, max=10, color="orange"):
        ui.icon("volume")
    ui.rating(value=3, max=4, icon="star", size="lg", color=["red", "green"], on_change=nothing)


@body
def minimum_and_maximum(view):
    number = ui.number(min=0, max=10, value=1)
    number.max = 20
    ui.range(min=1, max=5).min = 2


@body
def joystick(view):
    ui.joystick(color="blue", size=50, on_start=nothing, on_move=lambda e: None, on_end=nothing).classes("x")


@body
def select_list(view):
    ui.select(["a", "b"], value="a", on_change=nothing, label="pick")
    ui.select([1, 2, 3], multiple=True, value=[1, 3], clearable=True).props("use-chips")
    ui.select(view.items, with_input=True)
    ui.select(view.items, value="bee", validation={"Ant": lambda value: value != "ant"})


@body
def select_dictionary(view):
    ui.select({1: "one", 2: "two"}, value=2)
    ui.select({"a": "A", "b": "B"}, multiple=True, label="many")
    ui.select({1: "one"}, new_value_mode="add", key_generator=lambda text: len(text))
    ui.select(["a"], new_value_mode="add-unique")


@body
def select_options_changed(view):
    select = ui.select(["a"], value="a")
    select.options.append("b")
    select.update()
    ui.select(["x"]).set_options(["y", "z"], value="z")


@body
def pagination(view):
    ui.pagination(1, 5, direction_links=True, on_change=nothing)
    ui.pagination(0, 3, value=2).props("max-pages=2")


@body
def date_and_time(view):
    ui.date("2026-01-02", on_change=nothing)
    ui.date({"from": "2026-01-02", "to": "2026-01-05"}).props("range")
    ui.date(["2026-01-02", "2026-01-04"], mask="YYYY-MM-DD").props("multiple")
    ui.time("12:30", on_change=nothing, mask="HH:mm")


@body
def date_in_input(view):
    with ui.input("Date") as date:
        with ui.menu().props("no-parent-event") as menu, ui.date().bind_value(date):
            ui.button("Close", on_click=menu.close)
        with date.add_slot("append"):
            ui.icon("event").on("click", menu.open).classes("cursor-pointer")


@body
def date_time_input(view):
    ui.date_input("day", value="2026-01-02", on_change=nothing)
    ui.date_input("days", range_input=True, placeholder="p")
    ui.time_input("time", value="12:30", on_change=nothing)


@body
def color_input_and_picker(view):
    ui.color_input("color", value="#123456", on_change=nothing, preview=True)
    with ui.button(icon="colorize"):
        ui.color_picker(on_pick=nothing, value=True).q_color.props("default-view=palette")
    with ui.button("second"):
        picker = ui.color_picker()
    picker.set_color("#abcdef")


@body
def editor(view):
    ui.editor(value="<b>x</b>", placeholder="type", on_change=nothing)


@body
def codemirror(view):
    ui.codemirror("print(1)", language="Python", theme="vscodeDark", on_change=nothing, line_wrapping=True)
    editor = ui.codemirror("a\nb", keymap={"Mod-s": nothing}, line_anchors={"x": 2}, line_tooltips={1: "first"})
    ui.select(["basicLight", "vscodeDark"]).bind_value(editor, "theme")


@body
def codemirror_decorated(view):
    ui.codemirror(
        "abcdef",
        decorations=[{"kind": "mark", "from": 1, "to": 3, "class": "x"}],
        on_focus_change=nothing,
        on_viewport_change=nothing,
        on_geometry_change=nothing,
    )


@body
def json_editor(view):
    ui.json_editor({"content": {"json": {"a": [1, 2]}}}, on_select=nothing, on_change=nothing)
    ui.json_editor({"content": {"json": view.data}}, schema={"type": "object"})


@body
def upload(view):
    ui.upload(on_upload=nothing, on_rejected=nothing, max_file_size=1000, label="file", auto_upload=True)
    ui.upload(multiple=True, on_multi_upload=nothing, on_begin_upload=nothing, max_files=3).props("accept=.txt")
    with ui.upload().add_slot("list"):
        ui.label("own list")


# -- data


@body
def table(view):
    columns = [
        {"name": "name", "label": "Name", "field": "name", "align": "left", "sortable": True},
        {"name": "age", "label": "Age", "field": "age", ":format": "value => value + ' y'"},
    ]
    rows = [{"name": "Ada", "age": 36}, {"name": "Bob"}]
    ui.table(columns=columns, rows=rows, row_key="name", title="People", pagination=5)
    ui.table(rows=rows, column_defaults={"align": "right"}, selection="multiple", on_select=nothing, row_key="name")
    ui.table(rows=[], columns=columns, pagination={"rowsPerPage": 3, "sortBy": "age"}, on_pagination_change=nothing)


@body
def table_slots_by_template(view):
    table = ui.table(rows=[{"id": 1, "name": "Ada"}])
    table.add_slot("header-cell-name", '<q-th :props="props"><b>{{ props.col.label }}</b></q-th>')
    table.add_slot(
        "body-cell-name",
        """
        <q-td :props="props" @click="$parent.$emit('named', props.row)">{{ props.value }}</q-td>
        """,
    )
    table.on("named", lambda e: None)


@body
def table_slots_by_with(view):
    rows = [{"id": 1, "name": "Ada"}, {"id": 2, "name": "Bob"}]
    with ui.table(rows=rows, title="Slots").classes("w-64") as table:
        with table.add_slot("top-left"):
            ui.input("search").bind_value(table, "filter")
        with table.add_slot("bottom-row"), table.row():
            with table.cell():
                ui.button(icon="add", on_click=nothing)
            with table.cell("name"):
                new_name = ui.input("Name")
        with table.add_slot("header"), table.row():
            table.header("id")
            with table.header():
                ui.label("Head")
    ui.label().bind_text_from(new_name, "value")


@body
def table_selected(view):
    table = ui.table(rows=[{"id": 1}, {"id": 2}], selection="single")
    table.selected = [{"id": 2}]
    ui.label().bind_text_from(table, "selected", lambda rows: f"{len(rows)} selected")
    ui.button("remove").bind_visibility_from(table, "selected", backward=bool)


@body
def table_changed_in_body(view):
    table = ui.table(rows=[{"id": 1}])
    table.add_row({"id": 2})
    table.rows.append({"id": 3})
    table.columns[0]["label"] = "Number"
    table.columns[0].update(align="left")
    table.set_fullscreen(False)
    with table.add_slot("top"):
        ui.label(f"{len(table.rows)} rows")


@body(needs=["pandas"])
def table_from_pandas(view):
    import pandas

    frame = pandas.DataFrame({"id": [1, 2], "when": pandas.to_datetime(["2026-01-01", "2026-01-02"]), "x": [0.5, 1j]})
    ui.table.from_pandas(frame, title="frame", pagination=3)
    ui.table.from_pandas(frame[["id"]]).classes("max-h-40").update_from_pandas(frame[["id"]][:1])


@body(needs=["polars"])
def table_from_polars(view):
    import polars

    ui.table.from_polars(polars.DataFrame({"id": [1, 2], "name": ["a", "b"]}), row_key="name")


@body
def aggrid(view):
    options = {"columnDefs": [{"field": "name"}, {"field": "age"}], "rowData": [{"name": "Ada", "age": 36}]}
    ui.aggrid(options).classes("max-h-40").on("cellClicked", nothing)
    grid = ui.aggrid(
        {"columnDefs": [{"field": "html"}], "rowData": []}, html_columns=[0], theme="balham", auto_size_columns=False
    )
    grid.options["rowData"].append({"html": "<b>x</b>"})
    grid.options["rowSelection"] = {"mode": "multiRow"}


@body(needs=["pandas"])
def aggrid_from_pandas(view):
    import pandas

    ui.aggrid.from_pandas(pandas.DataFrame({"a": [1, 2]}), options={"rowHeight": 20})


@body(needs=["polars"])
def aggrid_from_polars(view):
    import polars

    ui.aggrid.from_polars(polars.DataFrame({"a": [1, 2]}))


@body
def tree(view):
    nodes = [{"id": "a", "children": [{"id": "a1"}, {"id": "a2"}]}, {"id": "b"}]
    ui.tree(nodes, label_key="id", on_select=nothing, on_expand=nothing, on_tick=nothing)
    ui.tree(nodes, label_key="id", tick_strategy="strict").expand(["a"]).tick(["a1"])
    tree = ui.tree(nodes, label_key="id", tick_strategy="leaf", on_select=lambda e: None).expand()
    tree.select("b")
    tree.add_slot("default-header", '<b :props="props">{{ props.node.id }}</b>')
    ui.input("filter").bind_value_to(tree, "filter")


@body
def log(view):
    log = ui.log(max_lines=2).classes("h-8")
    log.push("one")
    log.push("two\nthree", classes="text-red", style="top: 1px", props="x=1")
    ui.log()


@body
def xterm(view):
    terminal = ui.xterm({"cols": 30, "rows": 9}, on_data=nothing, on_bell=nothing, on_resize=nothing)
    terminal.writeln("hello")
    ui.xterm()


# -- charts


@body
def echart(view):
    chart = ui.echart(
        {"xAxis": {"type": "value"}, "series": [{"type": "line", "data": [1, 2, 3]}]}, on_point_click=nothing
    )
    chart.options["series"][0]["data"].append(4)
    chart.options["title"] = {"text": view.name}
    ui.echart({"series": []}, renderer="svg", theme="dark", on_click=nothing, enable_3d=True)
    ui.label(str(len(chart.options["series"])))


@body(needs=["nicegui_highcharts"])
def highchart(view):
    chart = ui.highchart({"series": [{"name": "a", "data": [1, 2]}]}, extras=["solid-gauge"], on_point_click=nothing)
    chart.options["series"][0]["data"].append(3)
    ui.highchart({"series": []}, type="stockChart")


@body(needs=["plotly"])
def plotly_dictionary(view):
    ui.plotly({"data": [{"type": "scatter", "y": [1, 2]}], "layout": {"margin": {"l": 1}}}).on("plotly_click", nothing)


@body(needs=["plotly"])
def plotly_figure(view):
    import plotly.graph_objects as go

    figure = go.Figure(go.Scatter(x=[1, 2], y=[3, 4]))
    figure.update_layout(margin={"l": 0})
    plot = ui.plotly(figure).classes("w-32")
    figure.add_trace(go.Scatter(x=[1], y=[2]))
    plot.update()


@body(needs=["altair", "pandas"])
def altair(view):
    import altair
    import pandas

    frame = pandas.DataFrame({"a": [1, 2], "b": [3, 4]})
    ui.altair(altair.Chart(frame).mark_bar().encode(x="a:Q", y="b:Q"))


@functools.cache
def widget_class():
    import anywidget
    import traitlets

    class Widget(anywidget.AnyWidget):
        _esm = "export default { render() {} };"
        _css = "p { color: red }"
        value = traitlets.Int(0).tag(sync=True)

    return Widget


@functools.cache
def kept_widget():
    return widget_class()(value=4)


@body(needs=["anywidget"])
def anywidget(view):
    ui.anywidget(kept_widget(), throttle=0.1)


@body(needs=["matplotlib"])
def pyplot(view):
    from matplotlib import pyplot

    with ui.pyplot(figsize=(2, 1)):
        pyplot.plot([1, 2], [3, 1])
        pyplot.title(view.name)
    ui.label("after")
    with ui.pyplot(close=False).classes("x") as plot:
        plot.fig.gca().bar([1], [2])


@body(needs=["matplotlib"])
def matplotlib(view):
    with ui.matplotlib(figsize=(2, 1)).figure as figure:
        axes = figure.gca()
        axes.plot([1, 2], [3, 1], "-")
    ui.matplotlib().classes("empty")


@body(needs=["matplotlib"])
def line_plot(view):
    plot = ui.line_plot(n=2, limit=5, figsize=(2, 1), update_every=1).with_legend(["a", "b"], loc="upper center")
    plot.push([1, 2], [[1, 2], [3, 4]])
    ui.line_plot(n=1, close=False)


@body
def scene(view):
    with ui.scene(width=100, height=50, grid=False, on_click=nothing, background_color="#222").classes("x") as scene:
        scene.axes_helper()
        scene.sphere(0.5).material("#4488ff").move(0, 1, 2)
        box = scene.box(1, 2, 3, wireframe=True).with_name("box").rotate(0.1, 0.2, 0.3).scale(2)
        with scene.group().move(z=2) as group:
            scene.cylinder(1, 0.5, 2, 20).draggable()
            with scene.group():
                scene.ring(0.5, 1).visible(False)
        scene.line([0, 0, 0], [1, 1, 1]).material("#ff0000")
        scene.curve([0, 0, 0], [0, 1, 0], [1, 0, 0], [1, 1, 1])
        scene.text("2D", "background: red").move(y=2)
        scene.text3d("3D").scale(0.1)
        scene.spot_light(distance=10, intensity=0.1)
        scene.extrusion([[0, 0], [1, 0], [1, 1]], 0.1)
        scene.point_cloud([[0, 0, 0]], [[1, 0, 0]], point_size=0.1)
        scene.texture(PIXEL, [[[0, 0, 0], [1, 0, 0]], [[0, 1, 0], [1, 1, 0]]])
        scene.gltf("model.glb")
        scene.stl("model.stl")
    box.attach(group)
    scene.move_camera(x=1, y=2, z=3, look_at_z=1, duration=0)


@body
def scene_without_with(view):
    scene = ui.scene(camera=ui.scene.orthographic_camera(size=2), click_events=["mousedown"], drag_constraints="z = 1")
    scene.box().move(1)
    sphere = scene.sphere()
    sphere.move(2).material("#00ff00")
    sphere.move(sphere.x + 1, 5)
    ui.label(f"{len(scene.objects)} objects, at {sphere.x}")
    scene.on_click(nothing).on_drag_start(nothing).on_drag_end(nothing)


@body
def scene_view(view):
    with ui.row():
        with ui.scene(200, 100) as scene:
            scene.box()
        with ui.scene_view(scene, on_click=nothing, fps=5) as scene_view:
            scene_view.move_camera(x=1, duration=0)


@body
def leaflet(view):
    map_ = ui.leaflet(
        center=(51.5, -0.1), zoom=5, options={"zoomControl": False}, draw_control={"draw": {"marker": True}}
    )
    map_.marker(latlng=(51.5, -0.09)).draggable().move(50, 1)
    map_.generic_layer(name="circle", args=[map_.center, {"color": "red", "radius": 300}])
    marker = map_.marker(latlng=map_.center)
    marker.run_method("bindPopup", "here")
    map_.image_overlay(url=PIXEL, bounds=[[1, 2], [3, 4]], options={"opacity": 0.8})
    map_.video_overlay(url="x.mp4", bounds=[[1, 2], [3, 4]])
    ui.label().bind_text_from(map_, "zoom", lambda zoom: f"zoom {zoom}")
    ui.label(f"{len(map_.layers)} layers")


@body
def leaflet_layers(view):
    map_ = ui.leaflet().classes("h-32")
    map_.clear_layers()
    map_.tile_layer(url_template="https://example.org/{z}/{x}/{y}.png", options={"maxZoom": 17})
    map_.wms_layer(url_template="https://example.org/wms?", options={"layers": "a"})
    map_.set_center((1.0, 2.0))
    map_.set_zoom(7)
    gone = map_.marker(latlng=(3, 4))
    map_.remove_layer(gone)
    map_.on("map-click", nothing)
    map_.run_map_method("fitBounds", [[1, 2], [3, 4]])
    ui.label("below").classes("x")


# -- of the page


@body
def timer(view):
    ui.timer(3600, nothing, immediate=False)
    ui.timer(3600, nothing, once=True)
    ui.timer(3600, nothing, active=False)
    late = ui.timer(3600, nothing, immediate=False)
    late.interval = 1800
    late.deactivate()
    ui.switch("run").bind_value_to(late, "active")


@body
def timer_cancelled(view):
    ui.timer(3600, nothing, immediate=False).cancel()
    ui.label("after")


@body
def keyboard(view):
    keyboard = ui.keyboard(on_key=nothing, repeating=False, ignore=["input"])
    ui.checkbox("track").bind_value_to(keyboard, "active")
    ui.keyboard(active=False).on_key(lambda e: None)


@body
def query(view):
    ui.query("body").classes("bg-blue").style("margin: 1px")
    ui.query(".nicegui-content").props("title=x").classes(remove="p-4")
    ui.query("#nothing")


@body
def colors_and_dark_mode(view):
    ui.colors(primary="#555555", brand="#00ff00")
    dark = ui.dark_mode(True, on_change=nothing)
    ui.switch("dark").bind_value(dark)
    ui.button("light", on_click=dark.disable)


@body
def dark_mode_called(view):
    dark = ui.dark_mode()
    dark.enable()
    ui.label(f"dark {dark.value}")


@body
def head_and_body(view):
    ui.add_head_html("<meta name='a' content='b'>")
    ui.add_body_html("<div id='portal'></div>")
    ui.add_css(".x { color: red }")
    ui.add_scss(".y { .z { color: red } }")
    ui.add_sass(".w\n  color: red")
    ui.label("styled").classes("x")


@body
def page_title(view):
    ui.page_title(f"Page of {view.name}")
    ui.label("titled")


@body
def page_events(view):
    ui.on("offline", nothing)
    ui.on("custom", lambda e: None, ["x"], throttle=0.1)
    ui.label("listening")


@body
def notify_and_javascript(view):
    ui.notify("hello", type="positive", close_button="OK", position="top")
    ui.notify("again")
    ui.run_javascript("console.log(1)")
    ui.label("told")


@body
def methods_of_components(view):
    ui.input("focus").run_method("focus")
    ui.stepper().next()
    ui.audio(SOUND).play()


@body
def context(view):
    ui.label(ui.context.client.page.path)
    with ui.context.client.content:
        ui.label("in the content")
    with ui.row() as row:
        with ui.context.slot.parent:
            ui.label("in the row")
        ui.label(str(ui.context.slot.parent == row))
    ui.context.client.on_disconnect(nothing)
    ui.context.client.on_connect(nothing)


@body
def element_tree_methods(view):
    with ui.row() as row:
        first = ui.label("first")
        ui.label("second")
        third = ui.label("third")
    with ui.column() as column:
        ui.label("own")
    ui.label(str(column in first.ancestors()))
    ui.label(str(row in third.ancestors()))
    row.props("x")


@body
def loops_and_functions(view):
    def line(item):
        with ui.row():
            ui.label(item)
            ui.button(icon="delete", on_click=lambda item=item: view.items.remove(item))

    for item in view.items:
        line(item)
    if not view.flag:
        ui.label("never")
    [ui.label(str(index)) for index in range(3)]


class Defaulted(ui.label, default_classes="x", default_style="top: 1px", default_props="y"):
    pass


@body
def defaults(view):
    Defaulted("x").classes("z")


@body
def update_called(view):
    label = ui.label("a")
    label.update()
    ui.update(label)
    ui.button("b").update()


@body
def partial_and_methods_as_handlers(view):
    ui.button("partial", on_click=functools.partial(nothing))
    ui.button("bound", on_click=view.items.clear)
    ui.button("async", on_click=sleepy)
    ui.button("class", on_click=Handler())
    ui.button("builtin", on_click=print)


async def sleepy():
    await asyncio.sleep(0)


class Handler:
    def __call__(self, event):
        pass


# ---------------------------------------------------------------------------------------------------------------------
# The bodies under all changes that leave them as they are
# ---------------------------------------------------------------------------------------------------------------------

NOT_ELEMENTS = {
    "clipboard", "context", "download", "navigate", "on_exception", "page", "refreshable", "refreshable_method", "run",
    "run_with", "state", "status_code", "sub_pages",
}  # fmt: skip


def test_every_element_has_a_body():
    source = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in ui.__all__ if name not in NOT_ELEMENTS and f"ui.{name}(" not in source] == []


every_body = pytest.mark.parametrize("build", BODIES.values(), ids=BODIES, indirect=True)


@every_body
def test_gives_the_tree_of_plain_nicegui(build):
    with PlainPage(build) as plain, LivePage(build) as page:
        assert_same(snapshot(page), snapshot(plain))
        assert [type(element) for element in leftover_elements(page.client)] == [
            type(element) for element in leftover_elements(plain.client)
        ]
        assert Snapshot(page.client).messages(page.ever_sent) == Snapshot(plain.client).messages(plain.sent)
        with LivePage(lambda view: None) as empty:
            assert page.client._head_html == empty.client._head_html + plain.client._head_html
            assert page.client._body_html == empty.client._body_html + plain.client._body_html
        assert page.title == plain.client.resolve_title()


@every_body
def test_rendering_again_sends_nothing(build):
    with LivePage(build) as page:
        before, ids = snapshot(page), set(page.client.elements)
        page.refresh()
        assert page.patches == []
        page.live.unrelated += 1
        assert page.patches == []
        assert_same(snapshot(page), before)
        assert set(page.client.elements) == ids


@every_body
def test_built_anew_gives_the_same_tree(build, touch):
    with LivePage(touch.wrap(build)) as page:
        before, ids = snapshot(page), touch.ids()
        for _ in range(2):
            before_building = set(page.client.elements)
            touch.round += 1
            page.refresh()
            assert_same(snapshot(page), before)
            assert touch.ids() == ids
            assert leftover_elements(page.client) == []
            if before_building == set(page.client.elements) and build.__name__ not in SENT_WHEN_BUILT_ANEW:
                assert page.patches == []  # nothing mounted again, no constructor made others
        page.patches  # noqa: B018
        page.refresh()
        assert page.patches == []


SENT_WHEN_BUILT_ANEW = {
    "altair",  # it names its model anew
    "image_of_pillow", "image_of_pillow_made_in_body",  # a new temporary file has a new address
    "log",  # its lines come anew
    "query",  # what it did to the elements that it selects is taken back and done again
}  # fmt: skip


class Inserted(ui.element):
    """Of a class of its own, so that it shifts no sibling."""


@every_body
def test_inserting_above_sends_only_what_is_inserted(build):
    def render(view):
        if view.above:
            Inserted()
        build(view)

    with LivePage(render, above=False) as page, PlainPage(render, above=True) as plain:
        before, kept = snapshot(page), set(page.client.elements)
        page.live.above = True
        sent = page.patches
        assert_same(snapshot(page), snapshot(plain))
        (new,) = set(page.client.elements) - kept
        assert [patch.kind for patch in sent] == ["update"]
        assert set(sent.updates) == {page.client.content.id, new}
        page.live.above = False
        sent = page.patches
        assert_same(snapshot(page), before)
        assert set(page.client.elements) == kept
        assert sent.updates == {page.client.content.id: sent.updates[page.client.content.id], new: None}


@every_body
def test_wrapping_and_unwrapping(build):
    def render(view):
        with ui.row() if view.wide else ui.column():
            build(view)

    try:
        plain = PlainPage(render, wide=False)
    except RuntimeError as error:  # a header cannot stand in a row
        with pytest.raises(RuntimeError, match=re.escape(str(error))):
            LivePage(render, wide=False)
        return
    with plain, LivePage(render, wide=True) as page:
        before = snapshot(page)
        page.live.wide = False
        assert_same(snapshot(page), snapshot(plain))
        assert leftover_elements(page.client) == []
        page.live.wide = True
        assert_same(snapshot(page), before)
        assert leftover_elements(page.client) == []


@every_body
def test_disappearing_leaves_nothing(build):
    if build.__name__ == "drawer_without_value":
        pytest.skip("NiceGUI asks for its value when a browser connects, which it did before")

    def render(view):
        ui.label("above")
        if view.shown:
            build(view)
        ui.label("below")

    def registered():
        return len(binding.bindings), len(binding.active_links), len(app.routes)

    with LivePage(render, shown=False) as page, PlainPage(render, shown=True) as plain:
        empty, ids, counts = without_page_settings(page), set(page.client.elements), registered()
        for _ in range(2):
            page.live.shown = True
            page.settle()
            assert_same(snapshot(page), snapshot(plain))
            page.live.shown = False
            page.settle()
            assert_same(without_page_settings(page), empty)
            assert set(page.client.elements) == ids
            assert all(now <= before for now, before in zip(registered(), counts, strict=True))
        page.patches  # noqa: B018
        page.refresh()
        assert page.patches == []


def without_page_settings(page):
    """The tree without what a header, a drawer or ui.on says of the layout, which stays in plain NiceGUI too."""
    layout = page.client.layout
    listeners, view = dict(layout._event_listeners), layout._props.pop("view")
    layout._event_listeners.clear()
    try:
        return snapshot(page)
    finally:
        layout._event_listeners.update(listeners)
        dict.__setitem__(layout._props, "view", view)


@every_body
def test_failing_render_changes_nothing(build):
    def render(view):
        build(view)
        if view.broken:
            raise ZeroDivisionError

    with LivePage(render, broken=False) as page:
        before, ids = snapshot(page), set(page.client.elements)
        page.live.broken = True
        with pytest.raises(ZeroDivisionError):
            page.settle()
        assert page.patches == []
        assert_same(snapshot(page), before)
        assert set(page.client.elements) == ids
        page.live.broken = False
        assert page.patches == []
        assert_same(snapshot(page), before)


@every_body
def test_failing_build_changes_nothing(build, touch):
    @touch.wrap
    def render(view):
        build(view)
        if view.broken:
            ui.label("before it")
            ui.element("no tag")

    with LivePage(render, broken=False) as page:
        before, ids, elements = snapshot(page), list(page.client.elements), dict(page.client.elements)
        touch.round += 1
        page.live.broken = True
        with pytest.raises(ValueError, match="no tag") as failure:
            page.settle()
        assert any("test_elements.py" in note for note in failure.value.__notes__)
        assert page.patches == []
        assert_same(snapshot(page), before)
        assert set(page.client.elements) == set(ids)
        assert all(page.client.elements[id_] is element for id_, element in elements.items())
        page.live.broken = False
        page.settle()
        assert_same(snapshot(page), before)


def test_handlers_are_told_apart_whatever_the_order_in_which_they_are_given():
    def body(view):
        handlers = {"on_click": view.click, "on_value_change": view.change}
        names = reversed(handlers) if view.reverse else handlers
        ui.chip("chip", **{name: handlers[name] for name in names}).classes(view.look)
        ui.label(", ".join(view.heard))

    state = {
        "click": lambda: page.live.heard.append("click"),
        "change": lambda: page.live.heard.append("change"),
    }
    with playground.visit(view_of(body, reverse=False, look="", heard=[], **state)) as page:
        for reverse, look in ((False, ""), (True, ""), (True, "more"), (False, "more"), (False, "")):
            page.live.reverse, page.live.look = reverse, look
            page.settle()
            page.click("chip")
            assert page.live.heard == ["click"], (reverse, look)
            page.live.heard.clear()


def test_closures_of_earlier_renders_are_let_go():
    class Seen:
        pass

    alive = weakref.WeakSet()

    def body(view):
        seen = Seen()
        alive.add(seen)
        for item in reversed("abc") if view.reverse else "abc":
            with playground.key(item):
                ui.button(item, on_click=lambda seen=seen: None)
        ui.button("partial", on_click=functools.partial(print, seen))

    with playground.visit(view_of(body, reverse=False)) as page:
        for reverse in (True, False, False, True, True):
            page.live.reverse = reverse
            page.live.refresh()
            page.settle()
        gc.collect()
        assert len(alive) == 1


def test_a_listener_of_the_content_goes_when_it_is_no_longer_registered():
    def body(view):
        content = ui.context.client.content
        if view.hears_clicks:
            content.on("click", lambda: view.heard.append("click"))
        content.on("keydown", lambda: view.heard.append("keydown"))
        ui.label(str(len(view.heard)))

    with playground.visit(view_of(body, hears_clicks=True, heard=[])) as page:
        for hears_clicks in (True, False, True):
            page.live.hears_clicks = hears_clicks
            page.settle()
            events = [event for event in ("click", "keydown") if hears_clicks or event == "keydown"]
            types = [listener.type for listener in page.client.content._event_listeners.values()]
            assert sorted(types) == events
            for event in events:
                page.trigger(page.client.content, event)
            assert page.live.heard == events
            page.live.heard.clear()


def style(view, element):
    element.classes("more").style("color: red")


def fill(view, element):
    with element:
        ui.label("within")


def fill_a_slot(view, element):
    with element.add_slot("more"):
        ui.label("within")


def listen(view, element):
    element.on("keydown", lambda: view.heard.append("key"))


def assign(view, element):
    element.icon = "home"


def tell(view, element):
    element.tooltip("more")


@pytest.mark.parametrize("more", [style, fill, fill_a_slot, listen, assign, tell])
@pytest.mark.parametrize("fails", [lambda: 1 / 0, lambda: ui.element("no tag")], ids=["render", "build"])
def test_what_a_failed_render_does_to_an_element_is_forgotten(more, fails):
    def render(view):
        for number in range(3):
            ui.label(f"Row {number}")
            button = ui.button(f"Button {number}", on_click=lambda number=number: view.heard.append(number))
            if number in view.chosen:
                more(view, button)
        if view.broken:
            fails()

    with LivePage(render, heard=[], chosen=(), broken=False) as page:
        plainly = snapshot(page)
        for _ in range(2):  # the second time, the elements have been more than plain before
            page.patches  # noqa: B018
            for chosen in ((), (0, 2)):
                page.live.chosen, page.live.broken = (0, 2), True
                with pytest.raises((ZeroDivisionError, ValueError)):
                    page.settle()
                assert_same(snapshot(page), plainly)
                page.live.chosen, page.live.broken = chosen, False
                page.refresh()
                page.refresh()
                assert bool(page.patches) == bool(chosen)
            for chosen in ((0, 2), (1,), ()):
                page.live.chosen = chosen
                page.settle()
                with PlainPage(render, heard=[], chosen=chosen, broken=False) as plain:
                    assert_same(snapshot(page), snapshot(plain))
                page.refresh()
                for number in range(3):
                    page.find(f"Button {number}").click()
        assert page.live.heard == [0, 1, 2] * 6


def test_what_was_set_by_hand_is_read_after_a_text_had_changed():
    def render(view):
        object.__setattr__(view, "label", ui.label(f"{view.count}"))
        ui.label(f"It says {view.label.text}")

    with LivePage(render) as page:
        page.live.count = 1
        assert page.find("It says 1")
        page.live.label.text = "by hand"
        page.live.refresh()
        assert page.find("It says by hand")


# ---------------------------------------------------------------------------------------------------------------------
# Handlers: the element is kept, the function called is that of the last render
# ---------------------------------------------------------------------------------------------------------------------

KEY = {
    "action": "keydown", "repeat": False, "altKey": False, "ctrlKey": False, "metaKey": False, "shiftKey": False,
    "key": "a", "code": "KeyA", "location": 0,
}  # fmt: skip
SCROLL = dict.fromkeys(
    (f"{axis}{name}" for axis in ("vertical", "horizontal")
     for name in ("Position", "Percentage", "Size", "ContainerSize")), 0.5,
)  # fmt: skip
HIT = {
    "click_type": "click", "button": 0, "alt_key": False, "ctrl_key": False, "meta_key": False, "shift_key": False,
    "hits": [],
}  # fmt: skip
DRAG = {"object_id": "x", "object_name": "y", "x": 0, "y": 0, "z": 0}
POINT = {
    "componentType": "series", "seriesType": "bar", "seriesIndex": 0, "seriesName": "s", "name": "n", "dataIndex": 1,
    "data": 2, "value": 2,
}  # fmt: skip
ROWS = [{"id": 1, "name": "Ada"}, {"id": 2, "name": "Bob"}, {"id": 3, "name": "Cyd"}]
NODES = [{"id": "a", "children": [{"id": "a1"}, {"id": "a2"}]}, {"id": "b"}]
EDIT = {"sections": [0, 1, 1, -1], "inserted": [["x"]]}


def color_picker_of(call):
    with ui.button():
        return ui.color_picker(on_pick=call).q_color


def joystick_started(page):
    page.trigger("it", "start")
    page.trigger("it", "move", {"data": {"vector": {"x": 1, "y": 2}}})


def timer_ticks(page):
    page._harness.run(page.element("it")._invoke_callback())


def uploaded(page):
    upload = page.element("it")
    page._harness.run(upload.handle_uploads([ui.upload.SmallFileUpload("a.txt", "text/plain", b"x")]))


HANDLERS = {
    "aggrid": (lambda call: ui.aggrid({"rowData": []}).on("cellClicked", call), "cellClicked", {}),
    "button": (lambda call: ui.button("x", on_click=call), "click", {}),
    "button.on_click": (lambda call: ui.button("x").on_click(call), "click", {}),
    "carousel": (lambda call: ui.carousel(value="a", on_value_change=call), "update:model-value", "b"),
    "checkbox": (lambda call: ui.checkbox("x", on_change=call), "update:model-value", True),
    "chip.on_click": (lambda call: ui.chip("x", on_click=call), "click", {}),
    "chip.selected": (lambda call: ui.chip("x", selectable=True, on_selection_change=call), "update:selected", True),
    "chip.removed": (lambda call: ui.chip("x", removable=True, on_value_change=call), "update:model-value", False),
    "codemirror": (lambda call: ui.codemirror("a", on_change=call), "update:value", EDIT),
    "codemirror.keymap": (lambda call: ui.codemirror(keymap={"Mod-s": call}), "keybinding", {"key": "Mod-s"}),
    "codemirror.focus": (lambda call: ui.codemirror(on_focus_change=call), "focus-change", {"focused": True}),
    "color_input": (lambda call: ui.color_input(on_change=call), "update:model-value", "#111111"),
    "color_picker": (color_picker_of, "change", "#111111"),
    "date": (lambda call: ui.date(on_change=call), "update:model-value", "2026-01-01"),
    "date_input": (lambda call: ui.date_input(on_change=call), "update:model-value", "2026-01-01"),
    "dark_mode": (lambda call: ui.dark_mode(on_change=call), "update:value", True),
    "dropdown_button.on_click": (lambda call: ui.dropdown_button("x", on_click=call), "click", {}),
    "dropdown_button.opened": (lambda call: ui.dropdown_button("x", on_value_change=call), "update:model-value", True),
    "echart.on_point_click": (lambda call: ui.echart({}, on_point_click=call), "componentClick", POINT),
    "echart.on_click": (lambda call: ui.echart({}, on_click=call), "componentClick", {"componentType": "x"}),
    "editor": (lambda call: ui.editor(on_change=call), "update:value", "<b>x</b>"),
    "element.on": (lambda call: ui.element("div").on("click", call), "click", {}),
    "element.on_modified": (lambda call: ui.input().on("keydown.enter", call), "keydown.enter", {}),
    "expansion": (lambda call: ui.expansion("x", on_value_change=call), "update:model-value", True),
    "fab_action": (lambda call: ui.fab_action("x", on_click=call), "click", {}),
    "fullscreen": (lambda call: ui.fullscreen(on_value_change=call), "update:model-value", True),
    "input": (lambda call: ui.input(on_change=call), "update:value", "x"),
    "input.on_value_change": (lambda call: ui.input().on_value_change(call), "update:value", "x"),
    "input_chips": (lambda call: ui.input_chips(on_change=call), "update:model-value", ["x"]),
    "interactive_image": (lambda call: ui.interactive_image(PIXEL, on_mouse=call), "mouse", {"mouse_event_type": "click"}),
    "item": (lambda call: ui.item("x", on_click=call), "click", {}),
    "joystick": (lambda call: ui.joystick(on_move=call), joystick_started, None),
    "json_editor": (lambda call: ui.json_editor({}, on_change=call), "content_change", {"content": {}, "errors": {}}),
    "json_editor.select": (lambda call: ui.json_editor({}, on_select=call), "content_select", {"selection": {}}),
    "keyboard": (lambda call: ui.keyboard(on_key=call), "key", KEY),
    "knob": (lambda call: ui.knob(on_change=call), "update:model-value", 0.5),
    "leaflet": (lambda call: ui.leaflet().on("map-click", call), "map-click", {}),
    "menu_item": (lambda call: ui.menu_item("x", on_click=call), "click", {}),
    "mermaid": (lambda call: ui.mermaid("graph LR; A", on_node_click=call), "node_click", "flowchart-A-0"),
    "number": (lambda call: ui.number(on_change=call), "update:model-value", 3),
    "pagination": (lambda call: ui.pagination(1, 5, on_change=call), "update:model-value", 2),
    "radio": (lambda call: ui.radio(["a", "b"], on_change=call), "update:model-value", 1),
    "range": (lambda call: ui.range(min=0, max=9, on_change=call), "update:model-value", {"min": 1, "max": 2}),
    "rating": (lambda call: ui.rating(on_change=call), "update:model-value", 2),
    "scene.click": (lambda call: ui.scene(on_click=call), "click3d", HIT),
    "scene.drag": (lambda call: ui.scene(on_drag_start=call), "dragstart", {"type": "dragstart", **DRAG}),
    "scene_view": (lambda call: ui.scene_view(ui.scene(), on_click=call), "click3d", HIT),
    "scroll_area": (lambda call: ui.scroll_area(on_scroll=call), "scroll", SCROLL),
    "select": (lambda call: ui.select(["a", "b"], on_change=call), "update:model-value", {"value": 1, "label": "b"}),
    "slide_item": (lambda call: ui.slide_item("x", on_slide=call), "action", {"side": "left"}),
    "slider": (lambda call: ui.slider(min=0, max=9, on_change=call), "update:model-value", 5),
    "splitter": (lambda call: ui.splitter(on_change=call), "update:model-value", 20),
    "stepper": (lambda call: ui.stepper(on_value_change=call), "update:model-value", "b"),
    "switch": (lambda call: ui.switch(on_change=call), "update:model-value", True),
    "table.select": (
        lambda call: ui.table(rows=ROWS, selection="single", on_select=call),
        "selection", {"added": True, "rows": [ROWS[0]], "keys": [1]},
    ),
    "table.pagination": (
        lambda call: ui.table(rows=ROWS, pagination=2, on_pagination_change=call), "update:pagination", {"page": 2},
    ),
    "tabs": (lambda call: ui.tabs(on_change=call), "update:model-value", "b"),
    "tab_panels": (lambda call: ui.tab_panels(on_change=call), "update:model-value", "b"),
    "textarea": (lambda call: ui.textarea(on_change=call), "update:value", "x"),
    "time": (lambda call: ui.time(on_change=call), "update:model-value", "12:00"),
    "time_input": (lambda call: ui.time_input(on_change=call), "update:model-value", "12:00"),
    "timer": (lambda call: ui.timer(3600, call, immediate=False), timer_ticks, None),
    "toggle": (lambda call: ui.toggle(["a", "b"], on_change=call), "update:model-value", 1),
    "tree.select": (lambda call: ui.tree(NODES, on_select=call), "update:selected", "a"),
    "tree.expand": (lambda call: ui.tree(NODES, on_expand=call), "update:expanded", ["a"]),
    "tree.tick": (lambda call: ui.tree(NODES, on_tick=call), "update:ticked", ["a1"]),
    "upload": (lambda call: ui.upload(on_upload=call), uploaded, None),
    "upload.multi": (lambda call: ui.upload(on_multi_upload=call), uploaded, None),
    "upload.rejected": (lambda call: ui.upload(on_rejected=call), "rejected", {}),
    "video": (lambda call: ui.video("x.mp4").on("ended", call), "ended", {}),
    "xterm.data": (lambda call: ui.xterm(on_data=call), "data", "x"),
    "xterm.bell": (lambda call: ui.xterm(on_bell=call), "bell", {}),
    "xterm.resize": (lambda call: ui.xterm(on_resize=call), "resize", {"cols": 1, "rows": 2}),
}  # fmt: skip


@pytest.mark.parametrize("change", ["kept", "rebuilt"])
@pytest.mark.parametrize(("make", "event", "args"), HANDLERS.values(), ids=HANDLERS)
def test_handler_is_that_of_the_last_render(make, event, args, change):
    heard = []

    def render(view):
        number = view.count

        def call(*_):
            heard.append(number)

        element = make(call).mark("it")
        if change == "rebuilt":
            element.classes(f"render-{number}")

    def fire(page):
        if callable(event):
            event(page)
            page.settle()
        else:
            fire_event(page, page.element("it"), event, args)

    with LivePage(render) as page:
        assert heard == [], "building calls no handler"
        before = changeable(page.element("it"))
        fire(page)
        assert heard == [0]
        for number in (1, 2):
            page._harness.run(change_back(page.element("it"), before))
            page.live.count = number
            page.settle()
            heard.clear()
            page.refresh()
            assert heard == [], "rendering calls no handler"
            fire(page)
            assert heard == [number]


def fire_event(page, element, event, args):
    """Fire an event as the browser does, also one of an element that is not seen."""
    listeners = playground._listens(element, event)
    assert listeners
    for listener in listeners:
        sent = [json.dumps(args)] if listener.args != [] else []
        message = {"client_id": page.client.id, "id": element.id, "listener_id": listener.id, "args": sent}
        page._harness.run(handled(page.client, message))
    page.settle()


async def handled(client, message):
    client.handle_event(message)


def changeable(element):
    """What has to be as before for the same event to be a change again."""
    return {name: getattr(element, name) for name in ("value", "selected") if hasattr(element, name)}


async def change_back(element, before):
    for name, value in before.items():
        setattr(element, name, value)


def test_handlers_of_all_kinds():
    class View(playground.LiveView):
        def mount(self):
            self.heard = []
            self.count = 0

        def method(self):
            self.heard.append(("method", self.count))

        async def slow(self, event):
            await asyncio.sleep(0)
            self.heard.append(("slow", event.sender.text, self.count))

        def handle_event(self, event, params):
            self.heard.append((event, params["at"]))

        def render(self):
            count = self.count
            ui.button("lambda", on_click=lambda: self.heard.append(("lambda", count)))
            ui.button("argument", on_click=lambda e: self.heard.append((e.sender.text, count)))
            ui.button("partial", on_click=functools.partial(self.heard.append, ("partial", count)))
            ui.button("method", on_click=self.method)
            ui.button("slow", on_click=self.slow)
            ui.button("event", on_click=self.event("event", at=count))
            ui.button("default", on_click=lambda count=count: self.heard.append(("default", count)))
            ui.button("js").on("click", lambda: self.heard.append(("js", count)), js_handler="e => emit()")

    with playground.visit(View) as page:
        for count in (0, 1):
            page.live.count = count
            page.settle()
            page.live.heard.clear()
            for text in ("lambda", "argument", "partial", "method", "slow", "event", "default", "js"):
                page.click(text)
            assert page.live.heard == [
                ("lambda", count), ("argument", count), ("partial", count), ("method", count), ("slow", "slow", count),
                ("event", count), ("default", count), ("js", count),
            ]  # fmt: skip


def test_handlers_that_come_and_go():
    heard = []

    def render(view):
        number = view.count
        button = ui.button("x")
        for index in range(number):
            button.on_click(lambda index=index: heard.append((number, index)))

    with LivePage(render, count=1) as page:
        page.click("x")
        assert heard == [(1, 0)]
        for count in (3, 2, 1):
            heard.clear()
            page.live.count = count
            page.click("x")
            assert heard == [(count, index) for index in range(count)]
        page.live.count = 0
        page.settle()
        assert playground._listens(page.element("x"), "click") == []


def test_methods_of_a_subclass_as_handlers():
    def render(view):
        counter = Counter(view.count)
        ui.button("plus", on_click=counter.increment)
        ui.label(f"unrelated {view.unrelated}")

    with LivePage(render) as page:
        page.click("more")
        page.click("plus")
        assert page.has("amount 2")
        page.live.unrelated = 1
        page.click("more")
        assert page.has("amount 3")
        assert page.has("unrelated 1")
        page.live.count = 10
        assert page.has("amount 10")
        page.click("plus")
        page.click("more")
        assert page.has("amount 12")


def test_own_component_listens():
    def render(view):
        Tally(view.count).mark("tally").classes(f"x{view.unrelated}")

    with LivePage(render) as page:
        page.trigger("tally", "tally")
        assert page.element("tally").props["start"] == 1
        page.live.unrelated = 1
        page.settle()
        assert page.element("tally").props["start"] == 1
        page.trigger("tally", "tally")
        assert page.element("tally").props["start"] == 2


# ---------------------------------------------------------------------------------------------------------------------
# Values: what the user changed stays until render() passes something else
# ---------------------------------------------------------------------------------------------------------------------

OPTIONS = {"a": "A", "b": "B", "c": "C"}

# name: (make(value), given at first, event of the user, what the browser sends, value then, given later)
VALUES = {
    "carousel": (lambda value: ui.carousel(value=value), "a", "update:model-value", "b", "b", "c"),
    "checkbox": (lambda value: ui.checkbox(value=value), False, "update:model-value", True, True, None),
    "circular_progress": (lambda value: ui.circular_progress(value), 0.1, None, 0.2, 0.2, 0.3),
    "codemirror": (lambda value: ui.codemirror(value), "a", "update:value", EDIT, "xa", "c"),
    "color_input": (lambda value: ui.color_input(value=value), "#111111", "update:model-value", "#222222", "#222222", "#333333"),
    "color_picker": (lambda value: ui.color_picker(value=value), False, "update:model-value", True, True, None),
    "dark_mode": (lambda value: ui.dark_mode(value), False, "update:value", True, True, None),
    "date": (lambda value: ui.date(value), "2026-01-01", "update:model-value", "2026-01-02", "2026-01-02", "2026-01-03"),
    "date.range": (lambda value: ui.date(value).props("range"), {"from": "1", "to": "2"}, "update:model-value", {"from": "3", "to": "4"}, {"from": "3", "to": "4"}, {"from": "5", "to": "6"}),
    "date_input": (lambda value: ui.date_input(value=value), "2026-01-01", "update:model-value", "2026-01-02", "2026-01-02", "2026-01-03"),
    "dialog": (lambda value: ui.dialog(value=value), False, "update:model-value", True, True, None),
    "dropdown_button": (lambda value: ui.dropdown_button("x", value=value), False, "update:model-value", True, True, None),
    "editor": (lambda value: ui.editor(value=value), "a", "update:value", "b", "b", "c"),
    "expansion": (lambda value: ui.expansion("x", value=value), False, "update:model-value", True, True, None),
    "fab": (lambda value: ui.fab("x", value=value), False, "update:model-value", True, True, None),
    "input": (lambda value: ui.input("x", value=value), "a", "update:value", "b", "b", "c"),
    "input.emptied": (lambda value: ui.input("x", value=value), "a", "update:value", "", "", "c"),
    "input_chips": (lambda value: ui.input_chips(value=value), ["a"], "update:model-value", ["a", "b"], ["a", "b"], ["c"]),
    "knob": (lambda value: ui.knob(value), 0.1, "update:model-value", 0.2, 0.2, 0.3),
    "left_drawer": (lambda value: ui.left_drawer(value=value), True, "update:model-value", False, False, None),
    "linear_progress": (lambda value: ui.linear_progress(value), 0.1, None, 0.2, 0.2, 0.3),
    "menu": (lambda value: ui.menu(value=value), False, "update:model-value", True, True, None),
    "number": (lambda value: ui.number(value=value), 1, "update:model-value", 2, 2.0, 3),
    "pagination": (lambda value: ui.pagination(1, 5, value=value), 1, "update:model-value", 2, 2, 3),
    "popup": (lambda value: ui.popup(value=value), False, "update:model-value", True, True, None),
    "radio": (lambda value: ui.radio(OPTIONS, value=value), "a", "update:model-value", 1, "b", "c"),
    "range": (lambda value: ui.range(min=0, max=9, value=value), {"min": 1, "max": 2}, "update:model-value", {"min": 3, "max": 4}, {"min": 3, "max": 4}, {"min": 5, "max": 6}),
    "rating": (lambda value: ui.rating(value), 1, "update:model-value", 2, 2, 3),
    "select": (lambda value: ui.select(OPTIONS, value=value), "a", "update:model-value", {"value": 1, "label": "B"}, "b", "c"),
    "select.cleared": (lambda value: ui.select(OPTIONS, value=value, clearable=True), "a", "update:model-value", None, None, "c"),
    "select.multiple": (lambda value: ui.select(OPTIONS, value=value, multiple=True), ["a"], "update:model-value", [{"value": 0, "label": "A"}, {"value": 1, "label": "B"}], ["a", "b"], ["c"]),
    "slider": (lambda value: ui.slider(min=0, max=9, value=value), 1, "update:model-value", 2, 2, 3),
    "splitter": (lambda value: ui.splitter(value=value), 10, "update:model-value", 20, 20, 30),
    "stepper": (lambda value: ui.stepper(value=value), "a", "update:model-value", "b", "b", "c"),
    "switch": (lambda value: ui.switch(value=value), False, "update:model-value", True, True, None),
    "tab_panels": (lambda value: ui.tab_panels(value=value), "a", "update:model-value", "b", "b", "c"),
    "tabs": (lambda value: ui.tabs(value=value), "a", "update:model-value", "b", "b", "c"),
    "textarea": (lambda value: ui.textarea("x", value=value), "a", "update:value", "b", "b", "c"),
    "time": (lambda value: ui.time(value), "10:00", "update:model-value", "11:00", "11:00", "12:00"),
    "time_input": (lambda value: ui.time_input(value=value), "10:00", "update:model-value", "11:00", "11:00", "12:00"),
    "toggle": (lambda value: ui.toggle(OPTIONS, value=value), "a", "update:model-value", 1, "b", "c"),
}  # fmt: skip


@pytest.mark.parametrize("change", ["kept", "rebuilt"])
@pytest.mark.parametrize(("make", "first", "event", "args", "changed", "later"), VALUES.values(), ids=VALUES)
def test_value_of_the_user_stays(make, first, event, args, changed, later, change):
    if later is None:  # of a flag: render() passes the other value, and then the first again
        later = changed

    def render(view):
        element = make(view.given).mark("it")
        if change == "rebuilt":
            element.classes(f"render-{view.count}").tooltip(f"tip {view.count}")
        ui.label(f"render {view.count}")

    def user_changes(page):
        element = page.element("it")
        if event is None:
            page._harness.run(set_value(element, changed))
            page.settle()
        else:
            fire_event(page, element, event, args)

    with LivePage(render, given=first) as page:
        assert page.find("it").value == first
        id_, sent_at_first = page.element("it").id, sent_value(page.element("it"))
        user_changes(page)
        assert page.find("it").value == changed
        sent_by_user = sent_value(page.element("it"))
        page.refresh()
        page.patches  # noqa: B018
        for count in (1, 2):
            page.live.count = count
            sent = page.patches
            element = page.element("it")
            assert element.id == id_
            assert element.value == changed
            assert sent_value(element) == sent_by_user
            if change == "kept":
                assert id_ not in sent.updates
            elif id_ in sent.updates:
                assert sent.updates[id_]["props"].get(element.VALUE_PROP) == sent_by_user
        page.live.given = later
        page.settle()
        assert page.find("it").value == later
        if later != changed:
            assert sent_value(page.element("it")) not in (sent_at_first, sent_by_user)
            if not isinstance(page.element("it"), ui.codemirror):  # its event tells a change of a certain text
                user_changes(page)
            page.live.count = 3
            page.settle()
            assert page.find("it").value == (later if isinstance(page.element("it"), ui.codemirror) else changed)
        page.live.given = first
        page.settle()
        assert page.find("it").value == first
        assert sent_value(page.element("it")) == sent_at_first


async def set_value(element, value):
    element.set_value(value)


def sent_value(element):
    return copy.deepcopy(element._props.get(element.VALUE_PROP))


def test_value_given_by_render_calls_no_handler():
    heard = []

    def render(view):
        ui.input("field", value=view.name, on_change=lambda e: heard.append(e.value)).classes(f"x{view.count}")
        ui.select(["Ada", "Bob"], value=view.name, on_change=lambda e: heard.append(e.value))

    with LivePage(render) as page:
        page.live.name = "Bob"
        page.settle()
        page.live.count = 1
        page.settle()
        assert page.find("field").value == "Bob"
        assert heard == []


# name: (make(view), event, args, what is looked at, as it is then)
STATES = {
    "table.selected": (
        lambda view: ui.table(rows=ROWS, selection="multiple", title=f"Title {view.count}"),
        "selection", {"added": True, "rows": [ROWS[1]], "keys": [2]}, lambda it: it.selected, [ROWS[1]],
    ),
    "table.pagination": (
        lambda view: ui.table(rows=ROWS, pagination=2, title=f"Title {view.count}"),
        "update:pagination", {"page": 2, "rowsPerPage": 2}, lambda it: it.pagination, {"page": 2, "rowsPerPage": 2},
    ),
    "table.fullscreen": (
        lambda view: ui.table(rows=ROWS, title=f"Title {view.count}"),
        "update:fullscreen", True, lambda it: it.is_fullscreen, True,
    ),
    "tree.selected": (
        lambda view: ui.tree(NODES, on_select=nothing).classes(f"x{view.count}"),
        "update:selected", "a1", lambda it: it.props["selected"], "a1",
    ),
    "tree.expanded": (
        lambda view: ui.tree(NODES, on_expand=nothing).classes(f"x{view.count}"),
        "update:expanded", ["a"], lambda it: it.props["expanded"], ["a"],
    ),
    "tree.ticked": (
        lambda view: ui.tree(NODES, tick_strategy="leaf").classes(f"x{view.count}"),
        "update:ticked", ["a1", "b"], lambda it: it.props["ticked"], ["a1", "b"],
    ),
    "chip.selected": (
        lambda view: ui.chip(f"Chip {view.count}", selectable=True).classes(f"x{view.count}"),
        "update:selected", True, lambda it: it.selected, True,
    ),
    "chip.removed": (
        lambda view: ui.chip(f"Chip {view.count}", removable=True).classes(f"x{view.count}"),
        "update:model-value", False, lambda it: it.value, False,
    ),
    "leaflet.view": (
        lambda view: ui.leaflet(center=(5, 5), zoom=9).classes(f"x{view.count}"),
        "map-moveend", {"center": [1.0, 2.0], "zoom": 3}, lambda it: (it.center, it.zoom), ([1.0, 2.0], 3),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("make", "event", "args", "look", "expected"), STATES.values(), ids=STATES)
def test_state_of_the_user_stays(make, event, args, look, expected):
    with LivePage(lambda view: make(view).mark("it")) as page:
        page.trigger("it", event, args)
        assert look(page.element("it")) == expected
        page.refresh()
        assert look(page.element("it")) == expected
        page.patches  # noqa: B018
        page.refresh()
        assert page.patches == []
        for count in (1, 2):
            page.live.count = count
            page.settle()
            assert look(page.element("it")) == expected


def test_rows_change_while_one_is_selected():
    def render(view):
        ui.table(rows=view.rows, selection="single").mark("it")

    with LivePage(render, rows=list(ROWS)) as page:
        page.trigger("it", "selection", {"added": True, "rows": [ROWS[1]], "keys": [2]})
        page.live.rows.append({"id": 4, "name": "Dan"})
        page.refresh()
        assert len(page.element("it").rows) == 4
        assert page.element("it").selected == [ROWS[1]]
        page.live.rows = [{"id": 9, "name": "Eve"}]
        page.settle()
        assert page.element("it").rows == [{"id": 9, "name": "Eve"}]


def test_bound_value_follows_both_ways():
    def render(view):
        ui.input("name").bind_value(view, "name").classes(f"x{view.count}")
        ui.input("deep").bind_value(view.data, "name")
        ui.label(f"Hello {view.name}")

    with LivePage(render) as page:
        page.type("name", "Bob")
        assert page.live.name == "Bob"
        assert page.has("Hello Bob")
        page.live.count = 1
        page.settle()
        assert page.find("name").value == "Bob"
        page.live.name = "Cyd"
        page.settle()
        assert page.find("name").value == "Cyd"
        page.type("name", "Dan")
        assert (page.live.name, page.has("Hello Dan")) == ("Dan", True)
        page.type("deep", "x")
        assert page.live.data["name"] == "x"


def test_tabs_and_panels_follow_each_other():
    def render(view):
        with ui.tabs().classes(f"x{view.count}") as tabs:
            one = ui.tab("One")
            two = ui.tab("Two")
        with ui.tab_panels(tabs, value=one) as panels:
            with ui.tab_panel(one):
                ui.label("first")
            with ui.tab_panel(two):
                ui.label("second")
        panels.mark("panels")

    with LivePage(render) as page:
        panels = page.element("panels")
        assert panels.props["model-value"] == "One"
        page.click("Two")
        for count in (0, 1, 2):
            page.live.count = count
            page.settle()
            assert page.element("panels").props["model-value"] == "Two"
            assert page.element(ui.tabs).props["model-value"] == "Two"
        page.click("One")
        assert page.element("panels").props["model-value"] == "One"


def test_children_know_their_parent_after_it_was_rebuilt():
    def render(view):
        with ui.button("open"), ui.menu().classes(f"x{view.count}") as menu, ui.row():
            ui.menu_item("item")
        ui.button("open it", on_click=menu.open)
        with ui.fab("add", color=None if view.count else "red").mark("fab") as fab:
            ui.fab_action("action", auto_close=False).mark("action")
        with ui.tabs().classes(f"x{view.count}"):
            ui.tab("tab")
        ui.button("close fab", on_click=fab.close)

    with LivePage(render) as page:
        for count in (0, 1, 2):
            page.live.count = count
            page.click("open it")
            assert page.element(ui.menu).value
            page.click("item")
            assert not page.element(ui.menu).value
            page.click("close fab")
            page.click("action")
            assert page.element("fab").value
            assert page.element("action").fab is page.element("fab")
            assert page.element(ui.tab).tabs is page.element(ui.tabs)


def test_dialog_stays_open_while_its_content_changes():
    def render(view):
        with ui.dialog() as dialog, ui.card():
            ui.label(f"count {view.count}")
            ui.button("more", on_click=lambda: setattr(view, "count", view.count + 1))
        ui.button("open", on_click=dialog.open)

    with LivePage(render) as page:
        page.click("open")
        assert page.element(ui.dialog).value
        page.click("more")
        page.click("more")
        assert page.has("count 2")
        assert page.element(ui.dialog).value
        assert leftover_elements(page.client) == []


def test_lines_pushed_to_a_log_by_a_handler_stay():
    def render(view):
        log = ui.log().classes(f"x{view.unrelated}")
        log.push("from render")
        ui.button("push", on_click=lambda: log.push(f"pushed {view.count}"))

    def lines(page):
        return [child.text for child in page.element(ui.log)]

    with LivePage(render) as page:
        page.click("push")
        page.refresh()
        assert lines(page) == ["from render", "pushed 0"]
        page.live.unrelated = 1
        page.settle()
        assert lines(page) == ["from render", "pushed 0"]
        page.click("push")
        assert lines(page) == ["from render", "pushed 0", "pushed 0"]


def test_sorted_by_hand_stays():
    def render(view):
        with ui.column().mark("list") as column:
            for item in view.items:
                ui.label(item)
        column.make_sortable()

    with LivePage(render) as page:
        column = page.element("list")
        first = next(iter(column))
        move = {"item_id": first.id, "from_id": column.id, "to_id": column.id, "old_index": 0, "new_index": 2}
        page.trigger("list", "sortend", move)
        assert [child.text for child in column] == ["bee", "cow", "ant"]
        page.patches  # noqa: B018
        page.refresh()
        assert [child.text for child in page.element("list")] == ["bee", "cow", "ant"]
        assert page.patches == []


def render_sortable(view):
    with ui.column().mark("list") as column:
        for item in view.items:
            with playground.key(item):
                ui.dialog() if item.startswith("dialog") else ui.label(item)
    column.make_sortable()


def sort(page, old_index, new_index):
    """Move a row of `render_sortable` as a user does."""
    column = page.element("list")
    item, place = list(column)[old_index], {"from_id": column.id, "to_id": column.id}
    page.trigger("list", "sortend", {"item_id": item.id, **place, "old_index": old_index, "new_index": new_index})


def texts_in_list(page):
    return [child.text for child in page.element("list") if isinstance(child, ui.label)]


def test_a_row_comes_after_its_neighbour_also_where_the_user_has_moved_that():
    with LivePage(render_sortable, items=["ant", "bee", "cow", "dog"]) as page:
        sort(page, 2, 0)
        assert texts_in_list(page) == ["cow", "ant", "bee", "dog"]
        page.live.items = ["ant", "bee", "new", "cow", "dog"]
        page.settle()
        assert texts_in_list(page) == ["ant", "bee", "new", "cow", "dog"]


def test_a_row_between_dialogs_comes_before_those_that_follow():
    with LivePage(render_sortable, items=["ant", "dialog 1", "dialog 2", "bee"]) as page:
        page.live.items = ["ant", "dialog 1", "cow", "dialog 2", "bee"]
        page.settle()
        assert texts_in_list(page) == ["ant", "cow", "bee"]


# ---------------------------------------------------------------------------------------------------------------------
# Changes of what render() makes
# ---------------------------------------------------------------------------------------------------------------------


def test_arguments_rebuilt_keep_id_and_children():
    def render(view):
        with ui.card(align_items="center" if view.count else None) as card:
            ui.input("field")
            with ui.expansion(f"Title {view.count}", icon="home"):
                ui.label("inside")
        card.mark("card")

    with LivePage(render) as page:
        page.type("field", "typed")
        ids = [element.id for element in page.client.layout.descendants()]
        field = page.element("field")
        page.live.count = 1
        sent = page.patches
        assert [element.id for element in page.client.layout.descendants()] == ids
        assert page.element("field") is field
        assert field.value == "typed"
        assert set(sent.updates) == {page.element("card").id, page.element(ui.expansion).id}
        assert leftover_elements(page.client) == []


def test_class_changed_by_condition():
    def render(view):
        ui.label("above")
        (ui.textarea if view.flag else ui.input)("field", value="x")
        ui.label("below")

    with LivePage(render) as page, PlainPage(render, flag=False) as plain:
        old = page.element("field")
        page.live.flag = False
        assert_same(snapshot(page), snapshot(plain))
        assert old.is_deleted
        assert old.id not in page.client.elements
        assert leftover_elements(page.client) == []


def test_inserted_in_between_keeps_the_others():
    def render(view):
        ui.input("first")
        if view.count:
            ui.checkbox("between")
        ui.input("last")
        ui.button("end")

    with LivePage(render) as page:
        page.type("first", "1")
        page.type("last", "2")
        first, last = page.element("first"), page.element("last")
        page.patches  # noqa: B018
        page.live.count = 1
        sent = page.patches
        assert (page.element("first"), page.element("last")) == (first, last)
        assert (first.value, last.value) == ("1", "2")
        assert set(sent.updates) == {page.client.content.id, page.element("between").id}
        page.live.count = 0
        page.settle()
        assert (page.element("first"), page.element("last")) == (first, last)
        assert (first.value, last.value) == ("1", "2")


def keyed(view):
    for item in view.items:
        with playground.key(item), ui.row():
            ui.label(item)
            ui.input(f"of {item}")
            ui.button(f"drop {item}", on_click=lambda item=item: view.items.remove(item))


CHANGES = {
    "reversed": lambda items: items.reverse(),
    "rotated": lambda items: items.append(items.pop(0)),
    "first removed": lambda items: items.pop(0),
    "middle removed": lambda items: items.pop(1),
    "inserted first": lambda items: items.insert(0, "new"),
    "inserted in the middle": lambda items: items.insert(1, "new"),
    "replaced": lambda items: items.__setitem__(1, "new"),
    "cleared": lambda items: items.clear(),
    "cleared and one": lambda items: items.__setitem__(slice(None), ["new", "bee"]),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_keyed_elements_travel(change):
    with LivePage(keyed) as page:
        for item in page.live.items:
            page.type(f"of {item}", item.upper())
        before = {item: page.element(f"of {item}") for item in page.live.items}
        change(page.live.items)
        page.refresh()
        assert [
            element.text for element in page.client.layout.descendants() if type(element) is ui.label
        ] == page.live.items
        for item in page.live.items:
            if item in before:
                assert page.element(f"of {item}") is before[item]
                assert before[item].value == item.upper()
            else:
                assert page.find(f"of {item}").value == ""
        assert leftover_elements(page.client) == []
        items = list(page.live.items)
        with PlainPage(lambda view: keyed_plainly(view, items)) as plain:
            shown = [line for line in snapshot(page) if "value" not in line]
            assert_same(shown, [line for line in snapshot(plain) if "value" not in line])
        for item in items:
            page.click(f"drop {item}")
        assert page.live.items == []
        assert leftover_elements(page.client) == []


def keyed_plainly(view, items):
    for item in items:
        with ui.row():
            ui.label(item)
            ui.input(f"of {item}")
            ui.button(f"drop {item}", on_click=nothing)


def test_keyed_move_sends_only_the_parent():
    with LivePage(keyed) as page:
        page.patches  # noqa: B018
        page.live.items.reverse()
        page.refresh()
        assert set(page.patches.updates) == {page.client.content.id}


def test_a_drawing_with_an_element_on_it_is_drawn_again():
    pyplot = pytest.importorskip("matplotlib.pyplot")

    def render(view):
        with ui.pyplot(close=False) as plot:
            pyplot.plot([1, 2, view.count])
        with plot.default_slot:
            ui.label("on top")

    with LivePage(render) as page:
        drawn = {page.element(ui.pyplot)._props["innerHTML"]}
        for count in (5, 7):
            page.live.count = count
            page.refresh()
            drawn.add(page.element(ui.pyplot)._props["innerHTML"])
        assert len(drawn) == 3


def test_slots_appear_change_and_vanish():
    def render(view):
        table = ui.table(rows=ROWS)
        if view.count:
            table.add_slot("body-cell-name", f"<q-td>{{{{ props.value }}}} {view.count}</q-td>")
        if view.flag:
            with table.add_slot("top"):
                ui.label("on top")
                ui.label(f"count {view.count}")

    states = [(0, True), (1, True), (2, True), (2, False), (0, False), (1, True)]
    with LivePage(render) as page:
        for count, flag in states:
            page.live.count, page.live.flag = count, flag
            with PlainPage(render, count=count, flag=flag) as plain:
                assert_same(snapshot(page), snapshot(plain))
            assert leftover_elements(page.client) == []
            page.patches  # noqa: B018
            page.refresh()
            assert page.patches == []


def layout_elements(view):
    if "header" in view.shown:
        with ui.header():
            ui.label(f"head {view.count}")
    if "drawer" in view.shown:
        with ui.left_drawer(value=True):
            ui.label("left")
    if "footer" in view.shown:
        with ui.footer():
            ui.label("foot")
    if "dialog" in view.shown:
        with ui.dialog(value=True):
            ui.label("dialog")
    if "sticky" in view.shown:
        with ui.page_sticky():
            ui.label("sticky")
    if "notification" in view.shown:
        ui.notification("note", timeout=None)
    ui.label("content")


LAYOUT = ["header", "drawer", "footer", "dialog", "sticky", "notification"]


@pytest.mark.parametrize("name", LAYOUT)
def test_layout_elements_appear_and_disappear(name):
    with LivePage(layout_elements, shown=[]) as page:
        ids = set(page.client.elements)
        for _ in range(2):
            page.live.shown = [name]
            with PlainPage(layout_elements, shown=[name]) as plain:
                assert_same(snapshot(page), snapshot(plain))
            page.live.count += 1
            page.settle()
            assert leftover_elements(page.client) == []
            page.live.count = 0
            page.live.shown = []
            page.settle()
            assert set(page.client.elements) == ids
        page.live.shown = LAYOUT
        page.settle()
        page.live.shown = [other for other in LAYOUT if other != name]
        page.settle()
        assert leftover_elements(page.client) == []
        page.patches  # noqa: B018
        page.refresh()
        assert page.patches == []


# name: (make(view), change in place, what is looked at)
IN_PLACE = {
    "table": (lambda view: ui.table(rows=view.rows), lambda view: view.rows.append({"id": 9}), lambda it: it.rows),
    "table cell": (lambda view: ui.table(rows=view.rows), lambda view: view.rows[0].update(id=7), lambda it: it.rows[0]["id"]),
    "aggrid": (lambda view: ui.aggrid({"rowData": view.rows}), lambda view: view.rows.pop(), lambda it: it.options["rowData"]),
    "select": (lambda view: ui.select(view.items), lambda view: view.items.append("dog"), lambda it: it.props["options"]),
    "radio": (lambda view: ui.radio(view.data), lambda view: view.data.update(new="New"), lambda it: it.props["options"]),
    "tree": (lambda view: ui.tree(view.rows), lambda view: view.rows[0].update(children=[{"id": 5}]), lambda it: it.props["nodes"]),
    "echart": (lambda view: ui.echart({"series": view.items}), lambda view: view.items.append("x"), lambda it: it.options),
    "json_editor": (lambda view: ui.json_editor({"json": view.data}), lambda view: view.data["deep"].update(x=1), lambda it: it.properties),
    "plotly": (lambda view: ui.plotly({"data": view.items}), lambda view: view.items.append("x"), lambda it: it.props["options"]),
    "input_chips": (lambda view: ui.input_chips(value=view.items), lambda view: view.items.append("x"), lambda it: it.value),
}  # fmt: skip


@pytest.mark.parametrize(("make", "change", "look"), IN_PLACE.values(), ids=IN_PLACE)
def test_arguments_changed_in_place_show(make, change, look):
    def render(view):
        make(view).mark("it")

    with LivePage(render, rows=copy.deepcopy(ROWS)) as page:
        id_, before = page.element("it").id, copy.deepcopy(look(page.element("it")))
        change(page.live)
        page.refresh()
        sent = page.patches
        after = look(page.element("it"))
        assert after != before
        assert page.element("it").id == id_
        assert id_ in sent.updates
        state = {name: copy.deepcopy(getattr(page.live, name)) for name in ("items", "data", "rows")}
        with PlainPage(render, **state) as plain:
            assert_same(snapshot(page), snapshot(plain))
        page.refresh()
        assert page.patches == []


def test_an_element_with_other_elements_in_it_is_another_one():
    with LivePage(lambda view: ui.chat_message(view.items).mark("it")) as page:
        id_ = page.element("it").id
        page.live.items.append("x")
        page.refresh()
        assert page.element("it").id != id_
        with PlainPage(lambda view: ui.chat_message(view.items).mark("it"), items=page.live.items) as plain:
            assert_same(snapshot(page), snapshot(plain))


def test_figure_changed_in_place_shows():
    go = pytest.importorskip("plotly.graph_objects")
    figure = go.Figure(go.Scatter(x=[1], y=[2]))
    with LivePage(lambda view: ui.plotly(figure).mark("it")) as page:
        page.refresh()
        assert page.patches == []
        figure.add_trace(go.Bar(x=[1], y=[2]))
        page.refresh()
        assert set(page.patches.updates) == {page.element("it").id}
        assert len(page.element("it").props["options"]["data"]) == 2


def test_drawing_changes_with_the_state():
    pyplot = pytest.importorskip("matplotlib.pyplot")

    def render(view):
        with ui.pyplot(figsize=(2, 1)):
            pyplot.plot([1, view.count])
        with ui.matplotlib(figsize=(2, 1)).figure as figure:
            figure.gca().plot([1, view.count])

    with LivePage(render) as page:
        ids = {page.element(ui.pyplot).id, page.element(ui.matplotlib).id}
        page.live.count = 5
        assert set(page.patches.updates) == ids
        with PlainPage(render, count=5) as plain:
            assert_same(snapshot(page), snapshot(plain))
        page.refresh()
        assert page.patches == []


def test_scene_and_map_change_with_the_state():
    def render(view):
        with ui.scene().mark("scene") as scene:
            for index in range(view.number):
                scene.box().move(index)
        map_ = ui.leaflet(zoom=view.number).mark("map")
        map_.marker(latlng=(view.number, 0))

    with LivePage(render) as page:
        for number in (5, 2):
            page.live.number = number
            with PlainPage(render, number=number) as plain:
                assert_same(snapshot(page), snapshot(plain))
            assert leftover_elements(page.client) == []
        page.patches  # noqa: B018
        page.refresh()
        assert page.patches == []


def test_running_elements_are_kept():
    def render(view):
        ui.label(f"count {view.count}")
        ui.timer(3600, nothing, immediate=False)
        ui.upload().mark("upload")
        ui.xterm().mark("xterm")
        ui.scene().mark("scene")
        ui.log().mark("log")

    with LivePage(render) as page:
        kept = list(page.client.elements.values())
        for count in range(1, 4):
            page.live.count = count
            page.settle()
        assert list(page.client.elements.values()) == kept


def test_effects_come_once_and_again_when_they_change():
    def render(view):
        ui.notify(f"hello {view.name}")
        if view.flag:
            ui.run_javascript("console.log(1)")

    with LivePage(render, flag=False) as page:
        page.live.unrelated = 1
        assert page.patches == []
        page.live.name = "Bob"
        assert [patch.data["message"] for patch in page.patches] == ["hello Bob"]
        page.live.flag = True
        assert [patch.data["code"] for patch in page.patches] == ["console.log(1)"]
        page.live.flag = False
        assert page.patches == []


def test_style_added_later_reaches_the_browser_as_in_plain_nicegui():
    def later(view):
        ui.add_css(".x { color: red }")
        ui.add_head_html("<meta name='x'>")
        ui.add_body_html("<b>x</b>")
        ui.page_title("Later")

    def render(view):
        if view.flag:
            later(view)

    with LivePage(render, flag=False) as page, PlainPage(render, flag=False) as plain:
        page.live.flag = True

        async def add():
            with plain.client:
                later(plain.view)

        plain.harness.run(add())
        plain.settle()
        style, head, body, title = [patch.data["code"] for patch in page.patches]
        expected = [data["code"] for kind, data in plain.sent if kind == "run_javascript"]
        assert title == expected[-1]
        made = "document.createRange().createContextualFragment"  # of which scripts run, too
        script = json.dumps(f"<script>{expected[0]}</script>\n")
        assert style == f"document.head.append({made}({script}))"
        meta = json.dumps("<meta name='x'>\n")
        assert head == f"document.head.append({made}({meta}))"
        assert body == f"document.querySelector('#app').before({made}({json.dumps('<b>x</b>' + chr(10))}))"
        page.refresh()
        assert page.patches == []


def test_page_events_are_those_of_the_last_render():
    heard = []

    def render(view):
        count = view.count
        ui.on("ping", lambda: heard.append(count))

    with LivePage(render) as page:
        for count in (0, 1):
            page.live.count = count
            page.settle()
            page.trigger(page.client.layout, "ping")
        assert heard == [0, 1]


def test_query_is_taken_back():
    def render(view):
        if view.flag:
            ui.query("body").classes("blue" if view.count == 0 else "red").style("margin: 1px")

    with LivePage(render) as page:
        page.live.count = 1
        code = " ".join(patch.data.get("code", "") for patch in page.patches)
        assert "blue" in code
        assert "red" in code
        page.live.flag = False
        code = " ".join(patch.data.get("code", "") for patch in page.patches)
        assert "red" in code
        assert "margin" in code


def test_queries_of_one_selector_leave_each_other_alone():
    def render(view):
        ui.query("body").classes("mine").props(f"data-count={view.count}")
        with ui.row() if view.number % 2 else ui.column():
            if view.flag:
                ui.query("body").classes("theirs")

    def told(page):
        page.settle()
        queries = [element.props for element in page.client.elements.values() if element.tag == "nicegui-query"]
        return sorted((*query["classes"], query["props"].get("data-count")) for query in queries)

    with LivePage(render, number=0, flag=True) as page:
        for count in range(1, 4):
            page.live.count, page.live.number = count, count
            assert told(page) == [("mine", str(count)), ("theirs", None)]
        page.live.flag = False
        assert told(page) == [("mine", "3")]
        page.live.flag, page.live.count = True, 4
        assert told(page) == [("mine", "4"), ("theirs", None)]


def test_uploads_can_be_sent_after_a_rebuild():
    def render(view):
        if view.flag:
            ui.upload(label=f"file {view.count}").mark("it")

    def routes(page):
        return [route.path for route in app.routes if f"{page.client.id}/upload" in getattr(route, "path", "")]

    with LivePage(render) as page:
        for count in (1, 2):
            page.live.count = count
            page.settle()
            assert routes(page) == [page.element("it").props["url"]]
        page.live.flag = False
        page.settle()
        assert routes(page) == []


# ---------------------------------------------------------------------------------------------------------------------
# What cannot work says so
# ---------------------------------------------------------------------------------------------------------------------


def test_refreshable_is_refused():
    @ui.refreshable
    def part():
        ui.label("x")

    with pytest.raises(RuntimeError, match=r"ui\.refreshable is not needed here"):
        LivePage(lambda view: part())


def test_refreshable_method_is_refused():
    class Part:
        @ui.refreshable_method
        def show(self):
            ui.label("x")

    with pytest.raises(RuntimeError, match=r"ui\.refreshable is not needed here"):
        LivePage(lambda view: Part().show())


def test_element_filter_is_refused():
    with pytest.raises(RuntimeError, match=r"ElementFilter does not work inside render\(\)"):
        LivePage(lambda view: ElementFilter(kind=ui.label))


def test_moving_and_clearing_is_refused():
    with pytest.raises(RuntimeError, match=r"move\(\) does not work inside render\(\)"):
        LivePage(lambda view: ui.label("x").move(target_index=0))
    with pytest.raises(RuntimeError, match=r"clear\(\) does not work inside render\(\)"):
        LivePage(lambda view: ui.row().clear())
    with pytest.raises(RuntimeError, match=r"delete\(\) does not work inside render\(\)"):
        LivePage(lambda view: ui.row().delete())
    with pytest.raises(RuntimeError, match=r"remove\(\) does not work inside render\(\)"):
        LivePage(lambda view: ui.row().remove(0))


def test_sub_pages_are_refused():
    with pytest.raises(RuntimeError, match=r"ui\.sub_pages does not work inside render\(\)"):
        LivePage(lambda view: ui.sub_pages({"/": nothing}))


def test_same_key_twice_names_the_line():
    def render(view):
        for _ in range(2):
            with playground.key("same"):
                ui.label("x")

    with pytest.raises(ValueError, match=r"key\('same'\) is used twice(.|\n)*test_elements\.py"):
        LivePage(render)


def test_error_while_building_names_the_line():
    def render(view):
        ui.select(["a"], value="not there")

    with pytest.raises(ValueError, match="Invalid value") as failure:
        LivePage(render)
    assert any("test_elements.py" in note and "in render" in note for note in failure.value.__notes__)


def test_awaiting_in_render_is_refused():
    class View(playground.LiveView):
        async def render(self):
            ui.label("x")

    with pytest.raises(TypeError, match="async"):
        playground.visit(View)
