"""Random programs in which everything of an element can change: arguments, calls, handlers, bindings, slots, and what
places itself elsewhere. However a page came to be what it is, it is as one that has just been opened.

A program is a list of (kind, key, a, b, c, children); a, b and c are small numbers that each kind makes something of.
All programs are drawn by the same lines, so they differ in what is said there, not only in which are run."""

import contextlib
import itertools
import types

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from model import Browser, assert_tree_is_sound, difference
from nicegui import ui
from test_programs import shape

import playground

T = ["", "a", "bb"]


def validation(a):
    return {f"short {a}": lambda value: len(value) > a}


def with_slot_template(table, text):
    if text:
        table.add_slot("body-cell-n", f"<q-td>{text}</q-td>")
    return table


def log_of(count, lines):
    log = ui.log(max_lines=count)
    for line in range(lines):
        log.push(f"line {line}")
    return log


def visible(a, c):
    label = ui.label("v")
    if a:
        label.set_visibility(bool(c))
    else:
        label.visible = bool(c)
    return label


def enabled(a, c):
    button = ui.button("d")
    if a:
        button.set_enabled(bool(c))
    if a == 2:
        button.disable()
    return button


def read(a, c):
    field = ui.input(T[a], value=T[c])
    ui.label(f"read {field.value}")
    return field


def scene(a, c):
    with ui.scene(width=100 + a) as made:
        for index in range(c):
            made.box().move(index)
    return made


def leaflet(a, c):
    made = ui.leaflet(center=(51.5, a), zoom=9)
    for index in range(c):
        made.marker(latlng=(51.5, index))
    return made


# kind: what is made of the view, a, b, c and a handler
LEAVES = {
    "aggrid": lambda v, a, b, c, hit: ui.aggrid({"columnDefs": [{"field": "n"}], "rowData": [{"n": i} for i in range(c)]}),
    "badge": lambda v, a, b, c, hit: ui.badge(T[a], color="red" if c else None),
    "bound": lambda v, a, b, c, hit: ui.label(T[a]).bind_text_from(v.model, "text", lambda t: f"{t}{a}") if c else ui.label(T[a]),
    "bound both ways": lambda v, a, b, c, hit: ui.input(T[a], value=T[c]).bind_value(v.model, "text") if b else ui.input(T[a]),
    "button": lambda v, a, b, c, hit: ui.button(T[a], on_click=hit if c else None, icon="home" if c == 2 else None),
    "chat": lambda v, a, b, c, hit: ui.chat_message([T[a], T[c]] if b else T[a], name=T[c]),
    "checkbox": lambda v, a, b, c, hit: ui.checkbox(T[a], value=bool(c), on_change=hit if b else None),
    "chip": lambda v, a, b, c, hit: ui.chip(T[a], selectable=bool(c), removable=b == 1),
    "codemirror": lambda v, a, b, c, hit: ui.codemirror(T[a], language="Python" if c else "HTML"),
    "color": lambda v, a, b, c, hit: ui.color_input(T[c], value=f"#00000{a}"),
    "date": lambda v, a, b, c, hit: ui.date(f"2024-01-0{1 + a}"),
    "echart": lambda v, a, b, c, hit: ui.echart({"series": [{"type": "bar", "data": list(range(c))}]}),
    "element": lambda v, a, b, c, hit: ui.element("div" if a else "span").props(f'data-x="{T[c]}"'),
    "enabled": lambda v, a, b, c, hit: enabled(a, c),
    "html": lambda v, a, b, c, hit: ui.html(f"<b>{a}</b>", sanitize=False),
    "icon": lambda v, a, b, c, hit: ui.icon("home" if a else "star", size=f"{c}em" if c else None, color="red" if a == 2 else None),
    "image": lambda v, a, b, c, hit: ui.image(f"/{a}.png"),
    "input": lambda v, a, b, c, hit: ui.input(T[a], value=T[c], on_change=hit if b == 1 else None, placeholder="p" if c == 2 else None),
    "keyboard": lambda v, a, b, c, hit: ui.keyboard(on_key=hit, active=bool(a), repeating=bool(c)) and None,
    "label": lambda v, a, b, c, hit: ui.label(T[a]).on("click", hit) if c == 1 else ui.label(T[a]),
    "leaflet": lambda v, a, b, c, hit: leaflet(a, c),
    "link": lambda v, a, b, c, hit: ui.link(T[a], f"/{c}", new_tab=bool(c)),
    "log": lambda v, a, b, c, hit: log_of(5 + a, c),
    "markdown": lambda v, a, b, c, hit: ui.markdown(f"*{T[a]}*"),
    "multi": lambda v, a, b, c, hit: ui.select({1: "one", 2: "two" + T[a], 3: "three"}, value=[1, 2][:c], multiple=True),
    "number": lambda v, a, b, c, hit: ui.number(T[a], value=c, min=0, max=10 if b else 5, format="%.1f" if b == 2 else None),
    "password": lambda v, a, b, c, hit: ui.input(T[a], password=True, password_toggle_button=bool(c)),
    "plotly": lambda v, a, b, c, hit: ui.plotly({"data": [{"y": list(range(a))}], "layout": {"title": T[c]}}),
    "progress": lambda v, a, b, c, hit: ui.linear_progress(value=a / 4, show_value=bool(c)),
    "query": lambda v, a, b, c, hit: ui.query(f".q{a}").classes(T[b]).style(f"width: {c}px" if c else "") and None,
    "radio": lambda v, a, b, c, hit: ui.radio(["x", "y" + T[a]], value="x").props("inline" if c else ""),
    "read": lambda v, a, b, c, hit: read(a, c),
    "scene": lambda v, a, b, c, hit: scene(a, c) and None,
    "select": lambda v, a, b, c, hit: ui.select(["x", "y", T[a] + "z"][: 2 + a], value="x", label=T[c] or None, with_input=b == 2, on_change=hit),
    "slider": lambda v, a, b, c, hit: ui.slider(min=0, max=10 + a, value=c, step=1 if b else 0.5),
    "switch": lambda v, a, b, c, hit: ui.switch(T[a], value=bool(c)),
    "table": lambda v, a, b, c, hit: with_slot_template(ui.table(
        columns=[{"name": "n", "label": "N" + T[a], "field": "n"}], rows=[{"n": i} for i in range(c)], row_key="n",
        pagination=b or None, selection="multiple" if b == 2 else None), T[a]),
    "textarea": lambda v, a, b, c, hit: ui.textarea(T[a], value=T[c]),
    "timer": lambda v, a, b, c, hit: ui.timer(1 + a, hit, active=bool(c), once=b == 1) and None,
    "toggle": lambda v, a, b, c, hit: ui.toggle({1: "x", 2: T[a]}, value=1 + (c > 1)),
    "tooltip": lambda v, a, b, c, hit: ui.label("tip").tooltip(T[a]) if c else ui.label("tip"),
    "tree": lambda v, a, b, c, hit: ui.tree([{"id": "x", "children": [{"id": str(i)} for i in range(c)]}], label_key="id", on_select=hit if a else None),
    "upload": lambda v, a, b, c, hit: ui.upload(label=T[a], on_upload=hit if c else None, multiple=b == 1, max_files=3 if b == 2 else None),
    "validated": lambda v, a, b, c, hit: ui.input(T[a], value=T[c], validation=validation(a) if b else None),
    "visible": lambda v, a, b, c, hit: visible(a, c),
}  # fmt: skip

# Boxes of one line: what is entered.
PLAIN_BOXES = {
    "card": lambda a, b, c, hit: ui.card(),
    "carousel": lambda a, b, c, hit: ui.carousel(arrows=bool(a), animated=bool(c)),
    "column": lambda a, b, c, hit: ui.column(align_items="center" if a else None),
    "dialog": lambda a, b, c, hit: ui.dialog(value=bool(c)),
    "drawer": lambda a, b, c, hit: ui.left_drawer(value=True, top_corner=bool(a), bottom_corner=bool(c)),
    "dropdown": lambda a, b, c, hit: ui.dropdown_button(T[a], split=bool(c), auto_close=bool(b)),
    "expansion": lambda a, b, c, hit: ui.expansion(T[a], value=bool(c), icon="home" if b else None),
    "fab": lambda a, b, c, hit: ui.fab("home", label=T[a]),
    "footer": lambda a, b, c, hit: ui.footer(value=bool(a), fixed=bool(c)),
    "grid": lambda a, b, c, hit: ui.grid(columns=a + 1),
    "header": lambda a, b, c, hit: ui.header(elevated=bool(a), fixed=bool(c)),
    "keep alive": lambda a, b, c, hit: ui.keep_alive(),
    "row": lambda a, b, c, hit: ui.row(wrap=bool(a)),
    "scroll": lambda a, b, c, hit: ui.scroll_area(on_scroll=hit if c else None),
    "sticky": lambda a, b, c, hit: ui.page_sticky(x_offset=a, y_offset=c),
    "tight": lambda a, b, c, hit: ui.card().tight() if a else ui.card(),
}  # fmt: skip
ONCE_AT_THE_TOP = {"header", "footer", "drawer"}
BOXES = [*PLAIN_BOXES, "clickable", "menu", "part", "part", "slot", "splitter", "stepper", "tabs", "tip box"]


class Part(playground.LiveComponent):
    def update(self, page, children, path):
        self.page, self.children, self.path = page, children, path

    def render(self):
        self.page.draw(self.children, self.path)


class Program(playground.LiveView):
    def mount(self, params, session):
        self.nodes, self.fails = session["nodes"], ""
        self.model = session.get("model") or types.SimpleNamespace(text="model")

    def render(self):
        self.seen = set()
        self.draw(self.nodes, ())
        if self.fails == "render":
            raise ZeroDivisionError
        if self.fails == "build":
            ui.element("no tag")

    def draw(self, nodes, path):
        keys = set()
        for index, (kind, key, *rest) in enumerate(nodes):
            if key is None or key in keys:
                self.draw_node(kind, *rest, (*path, index))
            else:
                keys.add(key)
                with playground.key(key):
                    self.draw_node(kind, *rest, (*path, index))

    def draw_node(self, kind, a, b, c, children, path):
        def hit(*_):
            self.hit = (kind, a, b, c)

        def look(element):
            if element is not None and b == 1:
                element.classes("text-red p-2")
            elif element is not None and b == 2:
                element.classes("p-4", remove="p-2").style(f"width: {c}px").props(f"data-c={c} dense")
            return element

        if kind in LEAVES:
            look(LEAVES[kind](self, a, b, c, hit))
        elif kind in PLAIN_BOXES:
            if kind in ONCE_AT_THE_TOP and (path[1:] or kind in self.seen):
                return
            self.seen.add(kind)
            with look(PLAIN_BOXES[kind](a, b, c, hit)):
                self.draw_inside(kind, a, c, children, path, hit)
        else:
            self.draw_other(kind, a, b, c, children, path, look, hit)

    def draw_inside(self, kind, a, c, children, path, hit):
        if kind == "fab":
            ui.fab_action("star", label=T[c], on_click=hit)
        else:
            with ui.carousel_slide(f"x{a}") if kind == "carousel" else contextlib.nullcontext():
                self.draw(children, path)

    def draw_other(self, kind, a, b, c, children, path, look, hit):
        match kind:
            case "part":
                playground.live_component(Part, id=path, page=self, children=children, path=path)
            case "clickable":
                with look(ui.card()) as box:
                    self.draw(children, path)
                if a:
                    box.on("click", hit, throttle=c / 10)
            case "menu":
                with look(ui.button(T[a])), ui.menu(value=bool(c)):
                    ui.menu_item(T[a], on_click=hit if b else None, auto_close=bool(c))
                    self.draw(children, path)
            case "tabs":
                with look(ui.tabs(on_change=hit if c == 2 else None)) as tabs:
                    one = ui.tab(f"one{a}", label=T[c])
                    ui.tab("two")
                with ui.tab_panels(tabs, value=one), ui.tab_panel(one):
                    self.draw(children, path)
            case "splitter":
                with look(ui.splitter(value=10 + a, horizontal=bool(c))) as splitter:
                    with splitter.before:
                        self.draw(children[:1], path)
                    with splitter.after:
                        self.draw(children[1:], path)
            case "stepper":
                with look(ui.stepper()):
                    with ui.step(f"s{a}", title=T[a] or None):
                        self.draw(children, path)
                    ui.step("last")
            case "slot":
                field = look(ui.input(T[a]))
                if c:
                    with field.add_slot("append"):
                        self.draw(children, path)
                if c == 2:
                    with field.add_slot("prepend"):
                        ui.icon("home")
            case "tip box":
                with look(ui.label("tip")), ui.tooltip(T[a]):
                    self.draw(children, path)


SMALL = st.integers(0, 2)
KEYS = st.one_of(st.none(), st.integers(0, 4))
LEAF = st.tuples(st.sampled_from(list(LEAVES)), KEYS, SMALL, SMALL, SMALL, st.just(()))
NODE = st.recursive(
    LEAF,
    lambda nodes: st.tuples(st.sampled_from(BOXES), KEYS, SMALL, SMALL, SMALL, st.lists(nodes, max_size=3)),
    max_leaves=8,
)
PROGRAMS = st.lists(NODE, max_size=4)
EDITS = st.tuples(
    st.lists(st.integers(0, 5), min_size=1, max_size=3),
    st.sampled_from(["a", "b", "c", "a", "b", "c", "remove", "first"]),
    SMALL,
    st.sampled_from(["", "", "", "render", "build"]),
)


def edited(nodes, path, edit, value):
    """The program with one number or one child changed, so that nodes are patched, not exchanged."""
    if not nodes:
        return [("label", None, value, 0, 0, ())]
    index = path[0] % len(nodes)
    node = list(nodes[index])
    if path[1:] and node[5]:
        node[5] = edited(list(node[5]), path[1:], edit, value)
    elif edit == "remove":
        return [*nodes[:index], *nodes[index + 1 :]]
    elif edit == "first":
        return [nodes[index], *nodes[:index], *nodes[index + 1 :]]
    else:
        node["abc".index(edit) + 2] = value
    return [*nodes[:index], tuple(node), *nodes[index + 1 :]]


def look_of(page):
    """What the browser is told, without what comes of its own accord."""

    def told(data):
        for name in ("error", "error-message"):  # a value that is set is validated, a first one is not
            data.get("props", {}).pop(name, None)
        for name in ("host-id", "anchor-selector", "href", "to", "url"):  # an id of an element, or of the client
            data.get("props", {}).pop(name, None)
        for _, children in data["slots"].values():
            for child in children:
                told(child)
        return data

    return told(shape(page))


def assert_is_as_just_opened(page, browser, nodes):
    page.live.nodes = nodes
    page.settle()
    browser.check()
    assert_tree_is_sound(page)
    with playground.visit(Program, session={"nodes": nodes, "model": page.live.model}) as fresh:
        found, expected = look_of(page), look_of(fresh)
        assert found == expected, difference(found, expected)
    page.live.refresh()
    page.settle()
    assert page.patches == []


def assert_a_failure_changes_nothing(page, browser, nodes, fails):
    page.live.nodes, page.live.fails = nodes, fails
    with pytest.raises((ZeroDivisionError, ValueError)):
        page.settle()
    assert page.patches == []
    browser.check()
    assert_tree_is_sound(page)
    page.live.fails = ""


@pytest.mark.slow
@given(versions=st.lists(PROGRAMS, min_size=2, max_size=4), fails=st.sampled_from(["", "render", "build"]))
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_it_was_before(versions, fails):
    with playground.visit(Program, session={"nodes": versions[0]}) as page:
        browser = Browser(page)
        for nodes in versions[1:]:
            if fails:
                assert_a_failure_changes_nothing(page, browser, nodes, fails)
            assert_is_as_just_opened(page, browser, nodes)


@pytest.mark.slow
@given(program=PROGRAMS, edits=st.lists(EDITS, min_size=1, max_size=6))
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_changes_in_it(program, edits):
    with playground.visit(Program, session={"nodes": program}) as page:
        browser = Browser(page)
        for path, edit, value, fails in edits:
            program = edited(program, path, edit, value)
            if fails:
                assert_a_failure_changes_nothing(page, browser, program, fails)
            assert_is_as_just_opened(page, browser, program)


FIELDS = ["checkbox", "codemirror", "color", "input", "number", "password", "radio", "slider", "switch", "textarea",
          "toggle", "validated"]  # fmt: skip
FIELD = st.tuples(st.sampled_from(FIELDS), KEYS, SMALL, SMALL, SMALL, st.just(()))
FORMS = st.lists(
    st.recursive(
        FIELD,
        lambda nodes: st.tuples(
            st.sampled_from(["row", "card", "expansion", "clickable", "dialog", "scroll", "grid"]),
            KEYS, SMALL, SMALL, SMALL, st.lists(nodes, max_size=3),
        ),
        max_leaves=8,
    ),
    min_size=1,
    max_size=4,
)  # fmt: skip


def fields_of(page):
    kinds = (ui.checkbox, ui.codemirror, ui.color_input, ui.dialog, ui.expansion, ui.input, ui.number, ui.radio, ui.slider,
             ui.switch, ui.textarea, ui.toggle)  # fmt: skip
    return [element for element in page.client.layout.descendants() if isinstance(element, kinds)]


def use(page):
    """Have the user change each field; returns the values."""

    def other_than(field, number):
        match field:
            case ui.checkbox() | ui.dialog() | ui.expansion() | ui.switch():
                return not field.value
            case ui.number() | ui.slider():
                return field.value + 1
            case ui.radio() | ui.toggle():
                return field._values[-1]
        return f"typed {number}"

    async def change():
        for number, field in enumerate(fields_of(page)):
            field.set_value(other_than(field, number))

    page._harness.run(change())
    page.settle()
    page.patches.clear()
    return [field.value for field in fields_of(page)]


def flipped(nodes, numbers):
    """The program with other numbers for what has nothing to do with a value."""
    return [
        (kind, key, next(numbers) if kind == "clickable" else a, next(numbers), c, flipped(children, numbers))
        for kind, key, a, b, c, children in nodes
    ]


@pytest.mark.slow
@given(program=FORMS, numbers=st.lists(SMALL, min_size=1, max_size=20))
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_the_user_did_stays(program, numbers):
    endless = itertools.cycle(numbers)
    with playground.visit(Program, session={"nodes": program}) as page:
        values = use(page)
        browser = Browser(page)
        for _ in range(3):
            page.live.nodes = program = flipped(program, endless)
            page.settle()
            browser.check()
            assert_tree_is_sound(page)
            assert [field.value for field in fields_of(page)] == values
