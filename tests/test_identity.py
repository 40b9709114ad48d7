"""An element that is on the page stays the same object whatever changes, and so does what users and handlers did to it."""

import asyncio
import dataclasses
import logging
import threading
import typing

import pytest
from model import assert_tree_is_sound
from nicegui import Event, binding, core, ui
from nicegui.element import Element
from test_programs import shape

import playground


def view_of(render, **state):
    """A page class with this `render` and these attributes."""

    class Page(playground.LiveView):
        def mount(self):
            for name, value in state.items():
                setattr(self, name, list(value) if isinstance(value, list) else value)

        def render(self):
            render(self)

    return Page


def flip(page, **state):
    for name, value in state.items():
        setattr(page.live, name, value)
    page.settle()


# -- what handlers do to elements


def test_a_button_that_its_handler_disables_is_enabled_again():
    class Page(playground.LiveView):
        def mount(self):
            self.is_busy, self.runs = False, 0

        def render(self):
            ui.button("Run", on_click=self.run).props("loading" if self.is_busy else "")

        async def run(self, event):
            event.sender.disable()
            self.is_busy = True
            self.was_enabled = [event.sender.enabled]
            await asyncio.sleep(0)
            self.was_enabled.append(event.sender.enabled)
            self.runs, self.is_busy = self.runs + 1, False
            event.sender.enable()

    with playground.visit(Page) as page:
        button = page.find(ui.button).element
        page.click("Run")
        assert page.live.was_enabled == [False, False]
        page.click("Run")
        assert page.live.runs == 2
        assert page.find(ui.button).element is button


def test_a_handler_uses_the_client_that_render_has_kept():
    class Page(playground.LiveView):
        def render(self):
            client = ui.context.client
            ui.button("Add", on_click=lambda: self.add(client))

        def add(self, client):
            with client:
                ui.label("added")
            client.run_javascript("document.title")
            self.is_the_page_s = client.content is self.client.content

    with playground.visit(Page) as page:
        page.click("Add")
        assert [patch.data["code"] for patch in page.patches if patch.kind == "run_javascript"] == ["document.title"]
        page.click("Add")
        assert [label.text for label in page.find_all(ui.label)] == ["added", "added"]
        assert page.live.is_the_page_s


def test_what_a_thread_changes_while_render_is_built_reaches_the_browser():
    class Slow(ui.label):
        def __init__(self, work):
            super().__init__("slow")
            thread = threading.Thread(target=work)
            thread.start()
            thread.join()

    class Page(playground.LiveView):
        def mount(self):
            self.is_slow = False

        def render(self):
            label = ui.label("working")
            ui.button("Go", on_click=lambda: setattr(self, "is_slow", True))
            if self.is_slow:
                Slow(lambda: label.set_text("done"))

    with playground.visit(Page) as page:
        label = page.find("working").element
        page.click("Go")
        assert page.patches.updates[label.id]["text"] == "done"


CHANGES = {
    "class": lambda view, e: e.classes("other" if view.is_other else "one"),
    "prop": lambda view, e: e.props("dense" if view.is_other else "outlined"),
    "style": lambda view, e: e.style(f"width: {2 if view.is_other else 1}px"),
    "tooltip": lambda view, e: e.tooltip("other" if view.is_other else "one"),
    "visibility": lambda view, e: e.set_visibility(not view.is_other),
    "template": lambda view, e: e.add_slot("hint", "<b>other</b>" if view.is_other else "<b>one</b>"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_a_handler_has_added_stays(change):
    told = []

    def render(view):
        CHANGES[change](view, ui.input("field", value="a").mark("it"))

    with playground.visit(view_of(render, is_other=False)) as page:
        field = page.find("it").element

        async def add():
            field.on("focus", lambda: told.append("focus"))
            with field.add_slot("append"):
                ui.icon("home")
            field.classes("by-hand").style("color: red").props("clearable")
            field.set_value("by hand")

        page._harness.run(add())
        for is_other in (True, False, True, False):
            flip(page, is_other=is_other)
            assert page.find_all("it")[0].element is field
            assert field.value == "by hand"
            assert "by-hand" in field.classes
            assert field.style["color"] == "red"
            assert field.props["clearable"] is True
            assert [type(child) for child in field.slots["append"].children] == [ui.icon]
        page.trigger("it", "focus")
        assert told == ["focus"]


def test_a_method_of_an_element_is_a_handler():
    def render(view):
        log = ui.log()
        dialog = ui.dialog()
        ui.button("push", on_click=lambda: log.push("a line"))
        ui.button("clear", on_click=log.clear)
        ui.button("open", on_click=dialog.open)

    with playground.visit(view_of(render)) as page:
        page.click("push")
        assert page.has("a line")
        page.click("clear")
        assert not page.has("a line")
        page.click("open")
        assert page.find_all(ui.dialog)[0].element.value


def test_options_of_a_chart_that_a_handler_has_set_stay():
    def render(view):
        chart = ui.echart({"series": [{"type": "bar", "data": [1]}]}).classes(view.look)
        ui.button("title", on_click=lambda: chart.options.update(title={"text": "by hand"}))

    with playground.visit(view_of(render, look="one")) as page:
        page.click("title")
        flip(page, look="other")
        assert page.find(ui.echart).element.options["title"] == {"text": "by hand"}


def test_an_object_of_a_scene_that_is_attached_keeps_its_place():
    def render(view):
        with ui.scene() as scene:
            group = scene.group().move(1, 0, 0)
            box = scene.box()
        ui.button("attach", on_click=lambda: box.attach(group))
        ui.button("look", on_click=lambda: setattr(view, "x", box.x))

    with playground.visit(view_of(render, x=None)) as page:
        page.click("attach")
        page.click("look")
        assert page.live.x == -1


# -- what can only be added to


@pytest.mark.parametrize(
    ("draw", "cls", "count"),
    [
        (lambda view: markers(view), ui.leaflet, lambda it: len(it.layers) - 1),
        (lambda view: boxes(view), ui.scene, lambda it: len(it.objects)),
    ],
    ids=["markers of a map", "boxes of a scene"],
)
def test_a_map_and_a_scene_stay_when_something_is_added(draw, cls, count):
    with playground.visit(view_of(draw, count=1)) as page:
        element = page.find(cls).element
        for number in (2, 3):
            flip(page, count=number)
            assert page.find(cls).element is element
            assert count(element) == number
        flip(page, count=1)
        assert count(page.find(cls).element) == 1


def markers(view):
    shown = ui.leaflet(center=(51, 0))
    for index in range(view.count):
        shown.marker(latlng=(51, index))


def boxes(view):
    with ui.scene() as scene:
        for index in range(view.count):
            scene.box().move(index)


# -- what the user did


def test_files_on_their_way_into_an_upload_that_changes_arrive():
    received = []

    def render(view):
        ui.upload(label=view.label, on_upload=lambda event: received.append(event.file.name)).mark("it")

    with playground.visit(view_of(render, label="one")) as page:
        upload = page.find("it").element
        url = upload.props["url"]
        flip(page, label="other")
        assert page.find("it").element is upload
        assert upload.props["url"] == url
        assert [route.path for route in core.app.router.routes if getattr(route, "path", None) == url] == [url]
        page.upload("it", "a.txt", b"text")
        assert received == ["a.txt"]


def test_selected_rows_are_there_for_the_render_in_which_the_rows_change():
    rows = [{"id": number, "name": f"n{number}"} for number in range(4)]

    def render(view):
        table = ui.table(rows=view.rows, row_key="id", selection="multiple")
        ui.label(f"{len(table.selected)} selected")

    with playground.visit(view_of(render, rows=rows)) as page:
        page.trigger(ui.table, "selection", {"added": True, "rows": rows[1:3], "keys": [1, 2]})
        assert page.has("2 selected")
        flip(page, rows=[{**row, "name": row["name"].upper()} for row in rows])
        assert page.has("2 selected")
        assert len(page.find(ui.table).element.selected) == 2


def test_an_edited_cell_that_comes_back_as_a_row_is_not_sent():
    class Page(playground.LiveView):
        def mount(self):
            self.rows = [{"id": number, "name": f"n{number}"} for number in range(3)]

        def render(self):
            grid = ui.aggrid({"columnDefs": [{"field": "name", "editable": True}], "rowData": self.rows})
            grid.on("cellValueChanged", self.change)

        def change(self, event):
            self.rows[event.args["data"]["id"]] = event.args["data"]

    with playground.visit(Page) as page:
        page.patches.clear()
        edited = {"id": 1, "name": "edited"}
        page.trigger(ui.aggrid, "cellValueChanged", {"data": edited, "colId": "name", "rowId": "1"})
        assert page.live.rows[1] == page.find(ui.aggrid).element.options["rowData"][1] == edited
        assert page.patches == []


def test_an_element_that_a_handler_holds_is_not_said_to_be_deleted(caplog):
    def render(view):
        nodes = [{"id": "a", "children": [{"id": name} for name in view.names]}]
        tree = ui.tree(nodes, label_key="id", on_expand=lambda: None)
        ui.button("collapse", on_click=lambda: tree.collapse())

    with playground.visit(view_of(render, names=["x"])) as page, caplog.at_level(logging.WARNING):
        page.trigger(ui.tree, "update:expanded", ["a"])
        flip(page, names=["x", "y"])
        page.click("collapse")
        assert not caplog.records


# -- names that come from children


@pytest.mark.parametrize("stays", [True, False], ids=["another title", "another name"])
def test_a_step_and_a_slide_that_change_are_still_shown(stays):
    def render(view):
        with ui.stepper() as stepper:
            ui.step("one" if stays else view.title, title=view.title)
            ui.step("two")
        with ui.carousel() as carousel:
            ui.carousel_slide("first" if stays else view.title).classes(view.title)
        ui.label(f"{stepper.value} {carousel.value}").mark("values")

    with playground.visit(view_of(render, title="a")) as page:
        stepper = page.find(ui.stepper).element
        flip(page, title="b")
        assert page.find(ui.stepper).element is stepper
        assert stepper.value == ("one" if stays else "b")
        assert page.find(ui.carousel).element.value == ("first" if stays else "b")


def test_slides_without_a_name_keep_it():
    def render(view):
        with ui.carousel():
            ui.carousel_slide().classes(view.look)
            ui.carousel_slide()

    with playground.visit(view_of(render, look="a")) as page:
        flip(page, look="b")
        assert [slide.element.props["name"] for slide in page.find_all(ui.carousel_slide)] == ["slide_1", "slide_2"]


def test_a_drawer_that_goes_leaves_nothing_in_the_layout():
    def render(view):
        if view.side == "left":
            ui.left_drawer()
        elif view.side == "right":
            ui.right_drawer()

    with playground.visit(view_of(render, side="")) as page:
        view = page.client.layout.props["view"]
        seen = []
        for side in ("left", "right", ""):
            flip(page, side=side)
            seen.append(page.client.layout.props["view"])
        assert seen[2] == view
        assert seen[0] != view != seen[1]


# -- what goes beyond elements


def test_what_an_element_did_to_the_page_is_taken_back_when_it_goes():
    def render(view):
        if view.is_dark:
            ui.dark_mode(True)
            ui.colors(primary="#123456")

    with playground.visit(view_of(render, is_dark=True)) as page:
        page.patches.clear()
        flip(page, is_dark=False)
        sent = [patch.data["code"] for patch in page.patches if patch.kind == "run_javascript"]
        assert "setDark(null)" in sent  # as the browser prefers, which is what the page says
        assert any("--q-primary" in code and "#123456" not in code for code in sent)


def test_the_other_of_two_dark_modes_is_heeded_when_one_goes():
    def render(view):
        ui.dark_mode(True)
        if view.is_light:
            ui.dark_mode(False)

    with playground.visit(view_of(render, is_light=True)) as page:
        page.patches.clear()
        flip(page, is_light=False)
        assert [patch.data["code"] for patch in page.patches if patch.kind == "run_javascript"] == ["setDark(true)"]


def test_an_event_that_is_subscribed_to_in_render_is_heard_once_and_as_long_as_it_is():
    news = Event()

    def render(view):
        if view.listens:
            news.subscribe(lambda text: view.heard.append((view.count, text)))

    with playground.visit(view_of(render, listens=True, heard=[], count=0)) as page:
        for count in (1, 2):
            flip(page, count=count)
        page._harness.run(emit(news, "hello"))
        page.settle()
        assert page.live.heard == [(2, "hello")]
        flip(page, listens=False)
        assert not news.callbacks
        flip(page, listens=True)
        assert len(news.callbacks) == 1
    assert not news.callbacks


async def emit(event, *arguments):
    event.emit(*arguments)


# -- exceptions


def test_render_may_catch_what_a_method_of_an_element_raises():
    async def check_later(value):
        return None

    def render(view):
        field = ui.input("field", validation=check_later)
        try:
            ui.label(field.validate())
        except NotImplementedError:
            ui.label("is validated later")
        field.classes(f"number-{view.count}")

    with playground.visit(view_of(render, count=0)) as page:
        field = page.find(ui.input).element
        for count in (1, 2):
            flip(page, count=count)
            assert page.has("is validated later")
            assert page.find(ui.input).element is field
            assert f"number-{count}" in field.classes


@pytest.mark.parametrize("how", ["constructor", "call", "chained call"])
def test_render_may_catch_what_making_an_element_raises(how):
    def render(view):
        ui.label("above").classes(f"number-{view.count}")
        for index, value in enumerate(view.values):
            with playground.key(index):
                try:
                    match how:
                        case "constructor":
                            ui.select(["a", "b"], value=value)
                        case "call":
                            ui.button(value).set_text(*([value] if value != "c" else []))
                        case "chained call":
                            ui.input().style(value if value != "c" else 7).classes(value)
                except (ValueError, AttributeError, TypeError):
                    ui.label(f"{value} is wrong")
        ui.label("below")

    with playground.visit(view_of(render, values=["a", "c"], count=0)) as page:
        assert page.has("c is wrong")
        for count, values in enumerate((["c", "b"], ["c", "c", "a"], ["b"], ["c"], ["a", "b"], ["c", "a"]), 1):
            flip(page, values=values, count=count)
            assert len(page.find_all("c is wrong")) == values.count("c")
            assert [label.element.text for label in page.find_all(ui.label)][-1] == "below"
            with playground.visit(view_of(render, values=values, count=count)) as fresh:
                assert shape(page) == shape(fresh)
            assert_tree_is_sound(page)


class Outside:
    """What building could reach besides the page."""

    def __init__(self, page, model):
        self.page, self.model = page, model

    def look(self):
        client = self.page.client
        return (
            dict(vars(self.model)),
            len(core.app.router.routes),
            len(client.elements),
            [list(vars(client)[name]) for name in ("connect_handlers", "disconnect_handlers", "delete_handlers")],
            sum(len(entries) for entries in binding.bindings.values()),
            len(binding.active_links),
            client.layout.props["view"],
        )


class Model:
    def __init__(self):
        self.text, self.number, self.ticks = "model", 1, 0

    def tick(self):
        self.ticks += 1


def all_kinds(view, model):
    ui.input("bound", value="new").bind_value(model, "text")
    ui.number("to", value=7).bind_value_to(model, "number")
    ui.upload(on_upload=print)
    ui.timer(10 if view.is_there else 0.001, model.tick)  # a new one has not begun
    with ui.tabs() as tabs:
        one = ui.tab("one")
    with ui.tab_panels(tabs, value=one), ui.tab_panel(one):
        ui.label("inside").tooltip("tip")
    with ui.dialog():
        ui.keyboard(on_key=print)


FAILURES = {
    "render": lambda: 1 / 0,
    "constructor": lambda: ui.element("no tag"),
    "call": lambda: ui.label("x").set_visibility(visible=True, other=1),
}


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("is_there", [True, False], ids=["changed", "new"])
def test_an_exception_leaves_everything_as_it_was(failure, is_there):
    model = Model()

    async def wait_for_ticks():
        await asyncio.sleep(0.01)

    def render(view):
        if view.is_there or view.fails:
            ui.left_drawer(top_corner=view.fails)
            with ui.column().classes("other" if view.fails else "one"):
                all_kinds(view, model)
        if view.fails:
            FAILURES[failure]()

    with playground.visit(view_of(render, is_there=is_there, fails=False)) as page:
        outside = Outside(page, model)
        before, elements = outside.look(), dict(page.client.elements)
        page.patches.clear()
        for _ in range(2):
            page.live.fails = True
            with pytest.raises((ZeroDivisionError, ValueError, TypeError)):
                page.settle()
            page._harness.run(wait_for_ticks())
            assert outside.look() == before
            assert page.client.elements == elements
            assert page.patches == []
        page.live.fails = False
        page.settle()
        assert outside.look() == before


def test_elements_of_ones_own_class_stay():
    made = []

    class Panel(ui.card):
        def __init__(self, title):
            super().__init__()
            made.append(self)
            self.opened, self.memory = 0, Model()
            with self:
                self.title = ui.label(title)
                ui.button("open", on_click=self.open)

        def open(self):
            self.opened += 1
            self.title.text = f"opened {self.opened}"

    def render(view):
        Panel("panel").classes(view.look)

    with playground.visit(view_of(render, look="one")) as page:
        panel = page.find(Panel).element
        page.click("open")
        flip(page, look="other")
        assert page.find(Panel).element is panel
        assert page.has("opened 1")
        page.click("open")
        assert page.has("opened 2")
        assert all(isinstance(each, Element) for each in made)


# -- bindings


def test_rows_bound_to_models_keep_to_them_when_one_goes():
    class Page(playground.LiveView):
        def mount(self):
            self.rows = [{"text": text} for text in "abc"]

        def render(self):
            for row in self.rows:
                ui.input().bind_value(row, "text")

    with playground.visit(Page) as page:
        page.live.rows = page.live.rows[1:]
        page.settle()
        assert page.live.rows == [{"text": "b"}, {"text": "c"}]
        assert [field.element.value for field in page.find_all(ui.input)] == ["b", "c"]


@pytest.mark.parametrize("look", ["same", "other"])
def test_a_field_that_is_bound_to_another_model_leaves_the_one_before_alone(look):
    models = [{"text": "one"}, {"text": "two"}, {"text": "three"}]

    def render(view):
        field = ui.input().classes(f"look-{view.index}" if look == "other" else "")
        if view.is_bound:
            field.bind_value(models[view.index], "text")

    with playground.visit(view_of(render, index=0, is_bound=True)) as page:
        field = page.find(ui.input).element
        for index in (1, 2, 0, 2):
            flip(page, index=index)
            assert field.value == models[index]["text"]
        flip(page, is_bound=False)
        page.type(ui.input, "free")
        flip(page, is_bound=True, index=1)
        page.type(ui.input, "typed")
        assert models == [{"text": "one"}, {"text": "typed"}, {"text": "three"}]
        assert page.find(ui.input).element is field


def test_a_bound_element_that_changes_is_bound_once():
    model = {"number": 1}

    def render(view):
        ui.number().bind_value(model, "number").classes(view.look)
        ui.label().bind_text_from(model, "number", lambda number, look=view.look: f"{number} {look}")

    with playground.visit(view_of(render, look="a")) as page:
        count = len(binding.active_links)
        for look in "bcdef":
            flip(page, look=look)
            assert page.has(f"1 {look}")
        assert len(binding.active_links) == count


def test_a_model_wins_over_an_argument_that_changes():
    model = {"text": "model"}

    def render(view):
        ui.input(value=f"n{view.number}").bind_value(model, "text")
        ui.label(f"n{view.number}").bind_text_from(model, "text")

    with playground.visit(view_of(render, number=1)) as page:
        flip(page, number=2)
        assert model == {"text": "model"}
        assert page.find(ui.input).element.value == page.find(ui.label).element.text == "model"


# -- classes of one's own


def test_a_handler_made_in_a_constructor_sees_what_that_got():
    class Todo(ui.row):
        def __init__(self, text, on_delete):
            super().__init__()
            with self:
                ui.label(text)
                ui.button(f"delete {text}", on_click=lambda: on_delete(text))

    def render(view):
        for text in view.todos:
            Todo(text, lambda text: (view.todos.remove(text), view.refresh()))

    with playground.visit(view_of(render, todos=["a", "b", "c"])) as page:
        page.click("delete a")
        page.click("delete b")
        assert page.live.todos == ["c"]


def test_a_named_tuple_and_what_leads_back_to_itself_can_be_given():
    class Child:
        pass

    @dataclasses.dataclass
    class Parent:
        name: str
        children: list = dataclasses.field(default_factory=list)

    class Point(typing.NamedTuple):
        x: int

    class Card(ui.card):
        def __init__(self, point, parent):
            super().__init__()
            self.parent_of = parent
            with self:
                ui.label(f"{point.x} {parent.name}")

    def render(view):
        parent = Parent("family")
        parent.children.append(parent)
        Card(Point(view.x), parent)

    with playground.visit(view_of(render, x=1)) as page:
        flip(page, x=2)
        assert page.has("2 family")


def test_what_a_handler_changes_in_data_stays_when_it_has_changed_before():
    def render(view):
        chart = ui.echart({"series": [{"data": list(view.data)}]}).classes(view.look)
        ui.button("title", on_click=lambda: chart.options.update(title={"text": "by hand"}))

    with playground.visit(view_of(render, data=[1], look="one")) as page:
        flip(page, data=[1, 2])
        page.click("title")
        flip(page, look="other")
        assert page.find(ui.echart).element.options["title"] == {"text": "by hand"}


def test_a_tab_that_the_user_has_chosen_is_shown_under_its_new_name():
    def render(view):
        with ui.tabs() as tabs:
            one = ui.tab(f"Inbox ({view.count})")
            two = ui.tab(f"Sent ({view.count})")
        with ui.tab_panels(tabs, value=one):
            with ui.tab_panel(one):
                ui.label("received")
            with ui.tab_panel(two):
                ui.label("sent")

    with playground.visit(view_of(render, count=1)) as page:
        page.trigger(ui.tabs, "update:model-value", "Sent (1)")
        assert page.has("sent")
        flip(page, count=2)
        assert page.find(ui.tab_panels).element.props["model-value"] == "Sent (2)"
        assert page.has("sent")


def test_what_a_chosen_tab_is_bound_to_has_its_new_name():
    chosen = {"tab": None}

    def render(view):
        with ui.tabs().bind_value(chosen, "tab"):
            ui.tab(f"Inbox ({view.count})")
            ui.tab(f"Sent ({view.count})")

    with playground.visit(view_of(render, count=1)) as page:
        page.trigger(ui.tabs, "update:model-value", "Sent (1)")
        assert chosen["tab"] == "Sent (1)"
        flip(page, count=2)
        assert chosen["tab"] == page.find(ui.tabs).element.value == "Sent (2)"


def test_the_items_of_a_menu_that_is_replaced_close_the_new_one():
    def render(view):
        menu = ui.menu()
        if view.is_heard:
            menu.on("show", lambda: None)
        with menu:
            ui.menu_item("One")

    with playground.visit(view_of(render, is_heard=False)) as page:
        flip(page, is_heard=True)
        menu = page.find(ui.menu).element
        menu.open()
        page.click("One")
        assert not menu.value


def test_an_element_that_subscribes_in_its_constructor_does_so_once():
    news = Event()
    heard = []

    class Headline(ui.label):
        def __init__(self, text):
            super().__init__(text)
            news.subscribe(heard.append)

    def render(view):
        Headline("news").classes(view.look)

    with playground.visit(view_of(render, look="a")) as page:
        for look in "bcd":
            flip(page, look=look)
        page._harness.run(emit(news, "hello"))
        assert heard == ["hello"]
        harness = page._harness
    harness.run(emit(news, "the page is closed"))
    assert heard == ["hello"]


def test_objects_that_an_element_gives_out_are_those_of_the_element_on_the_page():
    class Pin:
        def __init__(self, text):
            self.text = text

    class Board(ui.element):
        def __init__(self):
            super().__init__("div")
            self.pins = []

        def pin(self, text):
            self.pins.append(Pin(text))
            return self.pins[-1]

    def render(view):
        pin = Board().pin(view.text)
        ui.button("Rename", on_click=lambda: setattr(pin, "text", "renamed"))

    with playground.visit(view_of(render, text="one")) as page:
        flip(page, text="two")
        assert [pin.text for pin in page.find(Board).element.pins] == ["two"]
        page.click("Rename")
        assert [pin.text for pin in page.find(Board).element.pins] == ["renamed"]


# -- parts


def test_a_component_that_changes_what_is_around_another_one_does_so_every_time():
    class Inner(playground.LiveComponent):
        def render(self):
            with self.view.side:
                ui.label("from inside")

    class Outer(playground.LiveComponent):
        def render(self):
            playground.live_component(Inner, id=1)

    def render(view):
        view.side = ui.column()
        playground.live_component(Outer, id=1)
        ui.label(f"count {view.count}")

    with playground.visit(view_of(render, count=0, side=None)) as page:
        for count in (1, 2):
            flip(page, count=count)
            assert page.has("from inside")
            assert page.has(f"count {count}")


def test_a_page_that_fills_what_a_component_has_made_does_so_every_time():
    class Box(playground.LiveComponent):
        def render(self):
            self.box = ui.column()

    def render(view):
        box = playground.live_component(Box, id=1).box
        with box:
            ui.label(f"count {view.count}")

    with playground.visit(view_of(render, count=0)) as page:
        for count in (1, 2):
            flip(page, count=count)
            assert page.has(f"count {count}")


def test_positional_arguments_of_any_number_are_compared():
    class Tags(ui.label):
        def __init__(self, *tags):
            super().__init__(" ".join(tags))

    def render(view):
        Tags(*view.tags)

    with playground.visit(view_of(render, tags=["a", "b"])) as page:
        flip(page, tags=["a", "c"])
        assert page.has("a c")


def test_what_handlers_did_to_an_element_that_was_given_an_object_stays_after_its_first_change():
    class Thing:
        def __init__(self, name):
            self.name = name

    class Card(ui.card):
        def __init__(self, thing):
            super().__init__()
            with self:
                self.name = ui.label(thing.name)

    def render(view):
        Card(view.thing)

    with playground.visit(view_of(render, thing=Thing("a"))) as page:
        flip(page, thing=Thing("b"))
        card = page.find(Card).element

        async def hide():
            card.classes("by-hand").set_visibility(False)

        page._harness.run(hide())
        flip(page, thing=Thing("c"))
        assert page.find_all(Card)[0].element is card
        assert card.name.text == "c"
        assert "by-hand" in card.classes
        assert not card.visible


def test_an_object_made_of_an_argument_that_changes_is_made_anew():
    class Named(ui.card):
        def __init__(self, name):
            super().__init__()
            self.model = Model()
            self.model.text = name
            with self:
                ui.label(name)

    def render(view):
        Named(view.name).mark("it")

    with playground.visit(view_of(render, name="a")) as page:
        flip(page, name="b")
        assert page.find("it").element.model.text == "b"


def test_a_new_element_is_bound_to_one_that_changes_at_the_same_time():
    def render(view):
        field = ui.input().classes(view.look)
        if view.look == "other":
            ui.label().bind_text_from(field, "value")

    with playground.visit(view_of(render, look="one")) as page:
        flip(page, look="other")
        page.type(ui.input, "typed")
        assert page.find(ui.label).element.text == "typed"


# -- objects that are arguments, and classes of one's own


@dataclasses.dataclass
class Draft:
    text: str = ""


class Form(ui.card):
    def __init__(self, draft, saved=None):
        super().__init__()
        with self:
            ui.label(f"was: {draft['text'] if isinstance(draft, dict) else draft.text}")
            ui.input("text").bind_value(draft, "text")
            ui.input("note")
            ui.button("save", on_click=lambda: saved.append(draft))


@pytest.mark.parametrize("draft", [Draft("a"), {"text": "a"}], ids=["object", "dictionary"])
def test_an_element_of_ones_own_works_on_the_very_objects_that_it_is_given(draft):
    saved = []
    with playground.visit(view_of(lambda view: Form(draft, saved), count=1)) as page:
        page.type("text", "typed")
        flip(page, count=2)
        page.type("text", "more")
        page.click("save")
        assert saved == [draft]
        assert saved[0] is draft
        assert (draft["text"] if isinstance(draft, dict) else draft.text) == "more"


def test_another_object_is_another_argument_though_it_is_equal():
    with playground.visit(view_of(lambda view: Form(view.draft, view.saved), draft=Draft(), saved=[])) as page:
        new = Draft()
        flip(page, draft=new)
        page.type("text", "typed")
        page.click("save")
        assert new.text == "typed"
        assert page.live.saved[0] is new


@pytest.mark.parametrize("change", [lambda view: setattr(view.draft, "text", "b"), lambda view: view.saved.append(1)])
def test_what_the_user_did_stays_when_an_argument_changes_inside(change):
    with playground.visit(view_of(lambda view: Form(view.draft, view.saved), draft=Draft("a"), saved=[])) as page:
        page.type("note", "typed")
        change(page.live)
        page.live.refresh()
        page.settle()
        assert page.find("note").element.value == "typed"
        assert page.has(f"was: {page.live.draft.text}")


def test_what_handlers_did_stays_at_the_first_change_of_an_object_that_is_shown():
    numpy = pytest.importorskip("numpy")

    def render(view):
        ui.table(rows=[{"id": numpy.int64(number)} for number in range(view.count)], row_key="id", selection="single")

    with playground.visit(view_of(render, count=2)) as page:
        table = page.find(ui.table).element
        table.selected = table.rows[:1]
        table.classes("by-hand")
        flip(page, count=3)
        assert page.find(ui.table).element is table
        assert (len(table.rows), table.selected, "by-hand" in table.classes) == (3, [{"id": 0}], True)


def test_a_function_with_another_default_is_another_one():
    class Row(ui.row):
        def __init__(self, name, remove):
            super().__init__()
            with self:
                ui.button(f"delete {name}", on_click=remove)

    def render(view):
        ui.input("f", validation=lambda text, least=view.least: None if len(text) >= least else f"{least} letters")
        for name in view.names:
            Row(name, lambda name=name: (view.gone.append(name), view.names.remove(name)))

    with playground.visit(view_of(render, names=["a", "b", "c"], gone=[], least=1)) as page:
        page.click("delete a")
        page.click("delete b")
        assert page.live.gone == ["a", "b"]
        flip(page, least=5)
        page.type("f", "abc")
        assert page.find("f").element.error == "5 letters"


# -- elements that know one that is replaced


def test_what_is_bound_to_an_element_that_gets_a_listener_stays_bound():
    def render(view):
        field = ui.input("f")
        if view.is_heard:
            field.on("blur", lambda: None)
        ui.label().bind_text_from(field, "value")
        ui.input("g").bind_value(field, "value")

    with playground.visit(view_of(render, is_heard=False)) as page:
        for is_heard, text in ((True, "one"), (False, "two")):
            flip(page, is_heard=is_heard)
            page.type("f", text)
            assert page.find(ui.label).element.text == page.find("g").element.value == text


def test_what_comes_with_an_element_that_is_replaced_knows_the_new_one():
    def render(view):
        with ui.tabs() as tabs:
            one, two = ui.tab("one"), ui.tab("two")
        button = ui.button("save")
        if view.is_more:
            button.on("click", lambda: None)
            button.tooltip("tip")
            tabs.on("focus", lambda: None)
            ui.label().bind_text_from(tabs, "value", str).mark("chosen")
            with ui.tab_panels(tabs, value=one):
                with ui.tab_panel(one):
                    ui.label("first")
                with ui.tab_panel(two):
                    ui.label("second")

    with playground.visit(view_of(render, is_more=False)) as page:
        flip(page, is_more=True)
        assert page.find(ui.tooltip).element.props["target"] == f"#{page.find('save').element.html_id}"
        page.click("two")
        assert page.has("second")
        assert page.find(ui.tabs).element.value == page.find("chosen").element.text == "two"


def test_what_comes_with_an_element_that_changes_holds_the_one_on_the_page():
    class Clear(ui.button):
        def __init__(self, field):
            super().__init__("clear", on_click=lambda: field.set_value(""))

    def render(view):
        field = ui.input("f").classes("other" if view.is_more else "")
        if view.is_more:
            Clear(field)

    with playground.visit(view_of(render, is_more=False)) as page:
        page.type("f", "typed")
        flip(page, is_more=True)
        page.click("clear")
        assert page.find("f").element.value == ""


def test_a_stepper_that_gets_a_listener_stays_at_its_step():
    def render(view):
        with ui.stepper() as stepper:
            for name in ("one", "two"):
                with ui.step(name):
                    ui.label(f"this is {name}")
        if view.is_heard:
            stepper.on("transition", lambda: None)

    with playground.visit(view_of(render, is_heard=False)) as page:
        page.trigger(ui.stepper, "update:model-value", "two")
        flip(page, is_heard=True)
        assert page.find(ui.stepper).element.value == "two"


# -- what is read, kept, and left behind


def test_a_list_that_is_read_from_an_element_is_a_list():
    class Shown(playground.LiveComponent):
        def render(self):
            ui.label(f"component: {', '.join(self.chosen)}")

    def render(view):
        several = ui.select(["a", "b"], value=["a"], multiple=True)
        ui.select(several.value).mark("main")
        ui.echart({"series": [{"data": several.value + ["z"]}]})  # noqa: RUF005
        playground.live_component(Shown, id=1, chosen=several.value)

    with playground.visit(view_of(render)) as page:
        page.select(page.find_all(ui.select)[0].element, ["a", "b"])
        assert page.find("main").element.options == ["a", "b"]
        assert page.find(ui.echart).element.options["series"] == [{"data": ["a", "b", "z"]}]
        assert page.has("component: a, b")


def test_a_handler_binds_what_it_makes_to_an_element_of_render():
    class Page(playground.LiveView):
        def render(self):
            self.box, self.field = ui.column(), ui.input("f")
            ui.button("add", on_click=self.add)

        def add(self):
            with self.box:
                ui.label().bind_text_from(self.field, "value")

    with playground.visit(Page) as page:
        page.click("add")
        page.type("f", "typed")
        assert page.has("typed")


def test_what_queries_did_is_taken_back_before_their_elements_go():
    def render(view):
        if view.is_alarm:
            ui.query("body").classes("bg-red")
        if view.is_nested:
            with ui.row():
                ui.query("body").style("color: white")

    with playground.visit(view_of(render, is_alarm=True, is_nested=True)) as page:
        for name, method in (("is_alarm", "remove_classes"), ("is_nested", "remove_style")):
            page.patches.clear()
            flip(page, **{name: False})
            first, *_ = page.patches
            assert first.kind == "run_javascript"
            assert method in first.data["code"]


def test_what_is_made_in_an_element_of_mount_is_refused():
    class Page(playground.LiveView):
        def mount(self):
            self.box = ui.card()

        def render(self):
            with self.box:
                ui.label("in the box")

    with pytest.raises(RuntimeError, match=r"Label is made in a Card that is not made in render\(\)"):
        with playground.visit(Page):
            pass


def test_style_is_in_the_order_of_a_fresh_page_and_a_class_that_a_handler_took_away_stays_away():
    def render(view):
        button = ui.button("plain", on_click=lambda event: event.sender.classes(remove="mine"))
        button.classes("mine other" if view.is_other else "mine")
        button.style("padding: 4px; padding-left: 0" if view.is_other else "padding-left: 0")

    with playground.visit(view_of(render, is_other=False)) as page:
        page.click("plain")
        page.live.is_other = True
        page.settle()
        button = page.find("plain").element
        assert list(button._style) == ["padding", "padding-left"], "what is wider comes first, or it would win"
        assert "other" in button._classes
        assert "mine" not in button._classes
