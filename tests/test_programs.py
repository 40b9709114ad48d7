"""Random programs: however a page came to be what it is, the browser has what it would have of a page just opened."""

import contextlib
import itertools
import json
import operator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from model import Browser, assert_tree_is_sound
from nicegui import ui

import playground

# A program is a list of nodes: (kind, key, text, look, children). What `render()` says is all of it, so one function
# draws every program, and nodes that differ come from different lines only if their kinds do.

TEXTS = st.sampled_from(["", "a", "b", "<b>", "ä" * 40])
LOOKS = st.sampled_from(["", "text-red", "w-full p-2"])
KEYS = st.one_of(st.none(), st.integers(0, 5))
LEAVES = st.tuples(
    st.sampled_from(
        ["label", "button", "input", "icon", "html", "markdown", "select", "checkbox", "slider", "link", "number", "image"]
    ),
    KEYS, TEXTS, LOOKS, st.just(()),
)  # fmt: skip


def boxes(children):
    kinds = st.sampled_from(
        ["row", "column", "card", "expansion", "menu", "dialog", "tabs", "slots", "grid", "tooltip"]
    )
    return st.tuples(kinds, KEYS, TEXTS, LOOKS, st.lists(children, max_size=4))


NODES = st.recursive(LEAVES, boxes, max_leaves=8)
PROGRAMS = st.lists(NODES, max_size=5)

# An edit changes one node, which `path` leads to; the render after it may fail.
EDITS = st.tuples(
    st.lists(st.integers(0, 7), min_size=1, max_size=4),
    st.sampled_from(["insert", "remove", "twice", "key", "text", "look", "first"]),
    NODES,
    st.sampled_from(["", "", "", "render", "build"]),
)


def edited(nodes, path, edit, new):
    """The program with one node changed, into something of `new` if need be."""
    if not nodes:
        return [new]
    index = path[0] % len(nodes)
    before, node, after = nodes[:index], nodes[index], nodes[index + 1 :]
    kind, key, text, look, children = node
    if path[1:] and children:
        return [*before, (kind, key, text, look, edited(list(children), path[1:], edit, new)), *after]
    changed = {
        "insert": [new, node],
        "remove": [],
        "twice": [node, node],
        "key": [(kind, new[1], text, look, children)],
        "text": [(kind, key, new[2], look, children)],
        "look": [(kind, key, text, new[3], children)],
    }
    return [node, *before, *after] if edit == "first" else [*before, *changed[edit], *after]


def draw(nodes, on_click):
    seen = set()
    for kind, key, text, look, children in nodes:
        if key is None or key in seen:
            draw_node(kind, text, look, children, on_click)
        else:
            seen.add(key)
            with playground.key(key):
                draw_node(kind, text, look, children, on_click)


def draw_node(kind, text, look, children, on_click):
    match kind:
        case "label":
            ui.label(text).classes(look)
        case "button":
            ui.button(text, on_click=lambda: on_click(text)).classes(look)
        case "input":
            ui.input(text or "input", value=look).on("keydown.enter", lambda: on_click(text))
        case "icon":
            ui.icon("home").classes(look).style(f"width: {len(text)}px")
        case "html":
            ui.html(f"<i>{len(text)}</i>", sanitize=False).classes(look)
        case "markdown":
            ui.markdown(f"*{text}*").classes(look)
        case "select":
            ui.select([text, "x", "y"], value="x", on_change=lambda: on_click(text)).classes(look)
        case "checkbox":
            ui.checkbox(text, value=bool(look))
        case "slider":
            ui.slider(min=0, max=10, value=len(look)).props(f"data-text={len(text)}")
        case "link":
            ui.link(text, "/" + look)
        case "number":
            ui.number(text, value=len(look)).classes(look)
        case "image":
            ui.image(f"/{len(text)}.png").classes(look)
        case "row":
            with ui.row().classes(look):
                draw(children, on_click)
        case "column":
            with ui.column().props(f'data-text="{len(text)}"'):
                draw(children, on_click)
        case "card":
            with ui.card().classes(look).tight() if text else ui.card().classes(look):
                draw(children, on_click)
        case "expansion":
            with ui.expansion(text, value=bool(look)):
                draw(children, on_click)
        case "menu":
            with ui.button(text), ui.menu():
                draw(children, on_click)
        case "dialog":
            with ui.dialog(value=bool(look)), ui.card():
                draw(children, on_click)
        case "tabs":
            with ui.tabs().classes(look) as tabs:
                one = ui.tab(f"one {text}")
                ui.tab("two")
            with ui.tab_panels(tabs, value=one), ui.tab_panel(one):
                draw(children, on_click)
        case "slots":
            with ui.input(text) as field, field.add_slot("append"):
                draw(children, on_click)
        case "grid":
            with ui.grid(columns=len(text) + 1):
                draw(children, on_click)
        case "tooltip":
            with ui.label("tip"), ui.tooltip(text):
                draw(children, on_click)


class Program(playground.LiveView):
    def mount(self, params, session):
        self.nodes, self.clicked, self.fails = session["nodes"], [], ""

    def render(self):
        draw(self.nodes, self.clicked.append)
        if self.fails == "render":
            raise ZeroDivisionError
        if self.fails == "build":
            ui.element("no tag")


def children_of(element, slot):
    """The children of a slot; those of the layout by what they are, since their order means nothing to the browser."""
    is_layout = element is element.client.layout
    return sorted(slot.children, key=operator.attrgetter("tag")) if is_layout else slot.children


def shape(page):
    """What the browser is told of the page, with elements numbered as they come and listeners by their events."""
    numbers = {}

    def told(element):
        numbers[element.id] = len(numbers)
        data = json.loads(json.dumps(element._to_dict(), default=str))
        data["events"] = [event["type"] for event in data.get("events", [])]
        data.pop("children", None)
        slots = data.pop("slots", {})
        data["slots"] = {
            name: [slots.get(name, {}).get("template"), [told(child) for child in children_of(element, slot)]]
            for name, slot in element.slots.items()
        }
        for name in ("update_method", "answer", "preserved_props"):
            data.pop(name, None)
        for name, value in data.get("props", {}).items():
            if name in ("for", "target", "element-id"):  # an id of an element
                digits = "".join(filter(str.isdigit, str(value)))
                data["props"][name] = numbers.get(int(digits), value) if digits else value
        return data

    page.settle()
    return told(page.client.layout)


@pytest.mark.slow
@given(programs=st.lists(PROGRAMS, min_size=1, max_size=5))
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_a_page_was_before_it_is_as_if_just_opened(programs):
    first, *others = programs
    with playground.visit(Program, session={"nodes": first}) as page:
        browser = Browser(page)
        for program in others:
            page.live.nodes = program
            page.settle()
            browser.check()
            assert_tree_is_sound(page)
        with playground.visit(Program, session={"nodes": programs[-1]}) as fresh:
            assert shape(page) == shape(fresh)
        page.patches.clear()
        page.live.refresh()
        page.settle()
        assert page.patches == []


def assert_a_failure_changes_nothing(page, browser):
    with pytest.raises((ZeroDivisionError, ValueError)):
        page.settle()
    browser.check()
    assert_tree_is_sound(page)
    page.live.fails = ""


@pytest.mark.slow
@example(  # the values of fields that are bound to what is built
    program=[("tabs", None, "", "", []), ("tabs", None, "a", "", [])],
    edits=[([0], "remove", ("label", None, "", "", ()), "build")],
)
@example(  # the order of what places itself elsewhere
    program=[("dialog", 0, "", "", [])],
    edits=[([0], "insert", ("dialog", None, "", "", [("label", None, "", "", ())]), "")],
)
@example(  # the same, when it is not made anew
    program=[("row", None, "", "", [("dialog", None, "", "", [])]), ("dialog", None, "", "", [])],
    edits=[([1], "first", ("label", None, "", "", ()), "")],
)
@given(program=PROGRAMS, edits=st.lists(EDITS, min_size=1, max_size=6))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_edits_and_failures_leave_what_a_fresh_page_has(program, edits):
    with playground.visit(Program, session={"nodes": program}) as page:
        browser = Browser(page)
        for path, edit, new, fails in edits:
            program = edited(program, path, edit, new)
            page.live.nodes, page.live.fails = program, fails
            if fails:
                assert_a_failure_changes_nothing(page, browser)
                if edit == "remove":  # the next edit comes on top of this one, which was never shown
                    continue
            page.settle()
            browser.check()
            assert_tree_is_sound(page)
            with playground.visit(Program, session={"nodes": program}) as fresh:
                assert shape(page) == shape(fresh)
            assert_buttons_are_those_of(page)


ROWS = st.lists(
    st.tuples(st.integers(0, 12), st.sampled_from(["", "head", "tail"])), unique_by=lambda row: row[0], max_size=12
)


class Rows(playground.LiveView):
    def mount(self, params, session):
        self.rows = session["rows"]

    def render(self):
        ui.label("above")
        for key, more in self.rows:
            with playground.key(key):
                if more == "head":
                    ui.label(f"head of {key}")
                ui.label(f"row {key}")
                if more == "tail":
                    ui.label(f"tail of {key}")
        ui.label("below")


def labels(page):
    return {element.text: element for element in page.client.content.default_slot.children}


@pytest.mark.slow
@given(versions=st.lists(ROWS, min_size=2, max_size=6))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_rows_keep_their_elements_however_they_come_go_and_move(versions):
    with playground.visit(Rows, session={"rows": versions[0]}) as page:
        browser = Browser(page)
        for rows in versions[1:]:
            before = labels(page)
            page.live.rows = rows
            page.settle()
            browser.check()
            assert_tree_is_sound(page)
            shown = {"": "row {0}", "head": "head of {0}\nrow {0}", "tail": "row {0}\ntail of {0}"}
            texts = [text for key, more in rows for text in shown[more].format(key).split("\n")]
            after = labels(page)
            assert list(after) == ["above", *texts, "below"]
            assert all(after[text] is before[text] for text in before.keys() & after.keys())


class Tally(playground.LiveComponent):
    def mount(self):
        self.count = 0

    def render(self):
        ui.button(f"tally {self.id}: {self.count}", on_click=lambda: setattr(self, "count", self.count + 1))


class Streamed(playground.LiveView):
    def mount(self, params, session):
        self.rows = playground.Stream(map(new_row, range(session["rows"])), key=operator.itemgetter("key"))
        self.below, self.fails = [], ""

    def render(self):
        ui.button("add by hand", on_click=self.add)
        with ui.column() as self.box:
            with contextlib.suppress(ArithmeticError):
                self.rows.render(self.show)
            for key in self.below:
                with playground.key(key):
                    ui.label(f"below {key}")
        if self.fails == "render":
            raise ZeroDivisionError
        if self.fails == "build":
            ui.element("no tag")

    def show(self, row):
        key = row["key"]
        if row["text"] == "bad":
            raise ArithmeticError
        if key % 3 == 0:
            with ui.dialog():  # is elsewhere
                ui.label("in a dialog")
        if key % 4 == 1:
            playground.live_component(Tally, id=key)
        ui.checkbox(f"done {key}").bind_value(row, "done")
        ui.label(f"row {key} {row['text']} {row['done']}")

    def add(self):
        with self.box:
            ui.label("by hand")


def new_row(key):
    return {"key": key, "text": "new", "done": False}


STREAM_EDITS = st.tuples(
    st.sampled_from(
        ["insert", "insert", "remove", "put", "bad", "check", "check", "tally", "tally", "below", "by hand", "clear"]
    ),
    st.integers(0, 12),
    st.integers(0, 12),
    st.sampled_from(["", "", "", "render", "build"]),
)


def edit_stream(page, tallies, edit, key, index):
    rows, below = page.live.rows, page.live.below
    match edit:
        case "insert" if key not in rows:
            rows.insert(index, new_row(key))
        case "remove" if key in rows:
            rows.remove(key)
        case "put" if key in rows:
            rows.append({**rows[key], "text": f"put {index}"})
        case "bad" if key in rows:
            rows.append({**rows[key], "text": "bad"})
        case "check" if any(box.text == f"done {key}" for box in page.find_all(ui.checkbox)):
            page.check(f"done {key}", not rows[key]["done"])
        case "tally" if key in tallies:
            page.click(f"tally {key}: {tallies[key]}")
            tallies[key] += 1
        case "below" if key in below:
            below.remove(key)
        case "below":
            below.insert(index, key)
        case "by hand":
            page.click("add by hand")
        case "clear":
            rows.clear()


def assert_shows_stream(page, tallies):
    shown = list(itertools.takewhile(lambda row: row["text"] != "bad", page.live.rows))
    texts = [f"row {row['key']} {row['text']} {row['done']}" for row in shown]
    labels = [label.text for label in page.find_all(ui.label)]
    assert [text for text in labels if text.startswith("row")] == texts
    assert [text for text in labels if text.startswith("below")] == [f"below {key}" for key in page.live.below]
    counted = {row["key"]: tallies.get(row["key"], 0) for row in shown if row["key"] % 4 == 1}
    assert [button.text for button in page.find_all(ui.button) if button.text.startswith("tally")] == [
        f"tally {key}: {count}" for key, count in counted.items()
    ]
    tallies.clear()
    tallies.update(counted)


@pytest.mark.slow
@given(rows=st.integers(0, 8), edits=st.lists(STREAM_EDITS, min_size=1, max_size=8))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_rows_of_a_stream_show_what_they_are_whatever_is_done_to_them(rows, edits):
    with playground.visit(Streamed, session={"rows": rows}) as page:
        browser, tallies = Browser(page), {}
        assert_shows_stream(page, tallies)
        for edit, key, index, fails in edits:
            edit_stream(page, tallies, edit, key, index)
            page.live.fails = fails
            page.live.refresh()
            if fails:
                assert_a_failure_changes_nothing(page, browser)
                page.live.refresh()
            page.settle()
            browser.check()
            assert_tree_is_sound(page)
            assert_shows_stream(page, tallies)


def assert_buttons_are_those_of(page):
    """The handler of each button is that of the last render."""
    clicked = page.live.clicked
    for node in page._page.rendering.nodes():
        for listener in node.mount.now.listeners if node.cls is ui.button else ():
            clicked.clear()
            listener.function()
            assert clicked == [node.args[0]]
