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
from pathlib import Path

import pytest
from fastapi import Request
from nicegui import ElementFilter, app, binding, core, ui
from nicegui import json as nicegui_json
from nicegui.client import Client
from nicegui.element import Element
from nicegui.elements.leaflet.leaflet_layer import Layer
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
        super().__init__(view_of(body, **state), "/", None, 5.0)

    async def _emit(self, message):
        self.ever_sent.append((message[1], message[2]))
        await super()._emit(message)

    def refresh(self):
        self.live.refresh()
        self.settle()

    def element(self, target):
        return self.find(target).element


UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
ELEMENT_ID = re.compile(r'(?<=\bc)\d+\b|(?<=\$refs\.r)\d+\b|(?<=getElement\(")\d+|(?<=/upload/)\d+|(?<=runMethod\()\d+')
NUMBER_OF_ELEMENT = {"host-id", "element-id", "scene-id"}
SVG_ID = re.compile(r'\bid="([^"]+)"')
STRUCTURE = {
    "_client", "id", "tag", "slots", "default_slot", "_parent_slot", "_props", "_classes", "_style", "_event_listeners",
    "_text", "_markers", "_update_method",
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
            "text": self.text(element._text) if element._text is not None else None,
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
            if kind != "update"
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
        pytest.fail("\n".join(difflib.unified_diff(expected, found, "expected", "found", n=6, lineterm="")), pytrace=True)


def leftover_elements(client):
    """The elements that the client keeps although they are not on the page."""
    reachable = {element.id for element in client.layout.descendants(include_self=True)}
    return [element for id_, element in client.elements.items() if id_ not in reachable]


def forget_arguments(page):
    """Let everything on the page look changed, so that the next render builds it anew."""

    def visit(node):
        if not node.is_adopted:
            node.signature = ((None,) * 99, {})
        for place in (node.places or {}).values():
            for child in place.children:
                visit(child)

    for node in page._page.rendering.adopted.values():
        visit(node)


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
    slider = ui.slider(min=0, max=9, value=4)
    ui.label(str(slider.min + slider.value))
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
    ui.label(type(column.parent_slot.parent).__name__)


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


@body
def bind_by_function(view):
    field = ui.input("field")
    binding.bind_from(field, "value", view, "name")
    binding.bind(ui.timer(3600, nothing, active=False), "active", view, "flag")


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


@body
def image_of_pillow(view):
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
    ui.toggle({1: "one", 2: "two"}).bind_value(view, "count", backward=lambda count: 1 + count)
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
def slider_min_max(view):
    slider = ui.slider(min=0, max=10, value=1)
    slider.max = 20
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
    chart = ui.highchart(
        {"series": [{"name": "a", "data": [1, 2]}]}, extras=["solid-gauge"], on_point_click=nothing
    )
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


@body(needs=["anywidget"])
def anywidget(view):
    import anywidget
    import traitlets

    class Widget(anywidget.AnyWidget):
        _esm = "export default { render() {} };"
        _css = "p { color: red }"
        value = traitlets.Int(0).tag(sync=True)

    ui.anywidget(Widget(value=3), throttle=0.1)


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
    map_ = ui.leaflet(center=(51.5, -0.1), zoom=5, options={"zoomControl": False}, draw_control={"draw": {"marker": True}})
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
    ui.label(type(ui.context.client).__name__.strip("_").replace("PageClient", "Client").replace("ClientRecorder", "Client"))
    with ui.context.client.content:
        ui.label("in the content")
    with ui.row() as row:
        with ui.context.slot.parent:
            ui.label("in the row")
        ui.label(str(ui.context.slot.parent == row))
    ui.context.client.on_disconnect(nothing)
    ui.context.client.on_connect(nothing)


@body
def element_filter(view):
    with ui.card().mark("box"):
        ui.label("a").mark("x")
        ui.button("b").mark("x")
    for found in ElementFilter(kind=ui.label, marker="x"):
        found.classes("found")
    ElementFilter(kind=ui.button).within(marker="box").props("flat")
    ui.label(str(len(list(ElementFilter(marker="x")))))


@body
def element_tree_methods(view):
    with ui.row() as row:
        first = ui.label("first")
        ui.label("second")
        third = ui.label("third")
    with ui.column() as column:
        ui.label("own")
    first.move(column)
    third.move(target_index=0)
    ui.label(" > ".join(type(element).__name__ for element in first.ancestors()))
    row.props("x")


@body
def element_deleted_in_body(view):
    with ui.row() as row:
        ui.label("a")
        gone = ui.label("b")
        ui.label("c")
    gone.delete()
    row.remove(0)
    with ui.column() as column:
        ui.label("x")
    column.clear()
    with column:
        ui.label("y")


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


@body
def defaults(view):
    ui.label.default_classes("from-default")
    try:
        ui.label("x")
    finally:
        ui.label.default_classes(remove="from-default")


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
def test_built_anew_gives_the_same_tree(build):
    with LivePage(build) as page:
        before = snapshot(page)
        ids = [element.id for element in page.client.layout.descendants() if not remounts(element)]
        for _ in range(2):
            forget_arguments(page)
            page.refresh()
            assert_same(snapshot(page), before)
            assert [element.id for element in page.client.layout.descendants() if element.id in ids] == ids
            assert leftover_elements(page.client) == []
        page.patches  # noqa: B018
        page.refresh()
        assert page.patches == []


def remounts(element):
    """Whether the element, or what it stands in, cannot be patched in place and gets a new id."""
    return any(hasattr(ancestor, "_initialized_event") for ancestor in element.ancestors(include_self=True))


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

    with LivePage(render, wide=True) as page, PlainPage(render, wide=False) as plain:
        before = snapshot(page)
        page.live.wide = False
        assert_same(snapshot(page), snapshot(plain))
        assert leftover_elements(page.client) == []
        page.live.wide = True
        assert_same(snapshot(page), before)
        assert leftover_elements(page.client) == []


@every_body
def test_disappearing_leaves_nothing(build):
    def render(view):
        ui.label("above")
        if view.shown:
            build(view)
        ui.label("below")

    def registered():
        gc.collect()
        return len(binding.bindings), len(binding.active_links), len(binding.bindable_properties), len(app.routes)

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
            assert registered()[:2] == counts[:2]
            assert registered()[3] == counts[3]
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
def test_failing_build_changes_nothing(build):
    def render(view):
        build(view)
        if view.broken:
            ui.element("no tag")

    with LivePage(render, broken=False) as page:
        before, ids, elements = snapshot(page), list(page.client.elements), dict(page.client.elements)
        forget_arguments(page)
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
