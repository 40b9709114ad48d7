"""What playground relies on inside NiceGUI; when NiceGUI changes, these tests say what, before all others fail."""

import asyncio
import functools
import gc
import inspect
import weakref

import engineio
import pytest
from conftest import PATIENCE
from nicegui import binding, core, storage, ui
from nicegui.client import Client
from nicegui.element import Element
from nicegui.elements.mixins.value_element import ValueElement
from nicegui.elements.query import Query, QueryElement
from nicegui.helpers import expects_arguments
from nicegui.outbox import Outbox
from nicegui.page import page as nicegui_page
from nicegui.slot import Slot

import playground


@pytest.fixture
def client():
    harness = playground._Harness.get()

    async def make():
        return Client(nicegui_page("/"))

    client = harness.run(make())
    with client:
        yield client
    client.delete()


def test_no_class_between_element_and_object_has_a_constructor_hook_of_its_own():
    for name in ui.__all__:
        cls = getattr(ui, name)
        if isinstance(cls, type) and issubclass(cls, Element):
            assert cls.__new__ in (Element.__new__, object.__new__, playground._new_refused), name


def test_an_element_takes_its_id_from_the_client_and_then_counts_up(client):
    given = client.next_element_id
    assert ui.label("x").id == given
    assert client.next_element_id == given + 1


def test_what_an_element_is_made_of(client):
    element = ui.input("x", on_change=print).classes("c").style("color: red")
    for name in ("_props", "_classes", "_style", "_markers", "_event_listeners", "_parent_slot", "_deleted", "_text"):
        assert hasattr(element, name), name
    with element._props.suspend_updates(), element._classes.suspend_updates(), element._style.suspend_updates():
        pass
    assert element._parent_slot().children[-1] is element
    assert client.elements[element.id] is element
    assert {"tag", "props", "class", "style", "events"} <= element._to_dict().keys()
    assert [listener.id for listener in element._event_listeners.values()] == list(element._event_listeners)


def test_what_a_field_is_made_of(client):
    field = ui.input(value="a", on_change=print)
    assert isinstance(field, ValueElement)
    assert isinstance(inspect.getattr_static(ValueElement, "value"), binding.BindableProperty)
    assert vars(field)["___value"] == "a"
    assert field._change_handlers == [print]
    for name in ("VALUE_PROP", "LOOPBACK", "_send_update_on_value_change", "_client_value"):
        assert hasattr(field, name), name


def test_a_field_that_gets_a_value_asks_the_browser_to_fetch_it_by_run_javascript(client, monkeypatch):
    codes = []
    monkeypatch.setattr(client, "run_javascript", lambda code, timeout=1.0: codes.append(code))
    monkeypatch.setattr(core, "is_loop_running", lambda: True)
    ui.input(value="a").set_value("b")
    assert len(codes) == 1
    assert '"updateValue"' in codes[0]


def test_what_a_client_and_its_outbox_are_made_of(client):
    for name in (
        "layout",
        "content",
        "page_container",
        "connect_handlers",
        "_request",
        "_response_built",
        "_body_html",
        "_delete_tasks",
        "_cancel_delete_task",
        "_pinned_tab_id",
    ):
        assert hasattr(client, name), name
    assert inspect.iscoroutinefunction(core.app.storage.close_tab)
    assert isinstance(client.outbox, Outbox)
    assert inspect.iscoroutinefunction(client.outbox._emit)
    assert inspect.iscoroutinefunction(client.outbox.loop)
    for name in ("_enqueue_event", "_should_stop", "_loaded_components", "_set_enqueue_event"):
        assert hasattr(client.outbox, name), name
    element = ui.label("x")
    assert client.outbox.updates[element.id] is element
    assert len(client.outbox.messages) == 0
    assert inspect.iscoroutinefunction(client.handle_handshake)
    assert list(inspect.signature(client.handle_event).parameters) == ["msg"]


def test_an_outbox_ends_in_silence_when_its_client_is_deleted_and_gone(caplog):
    async def delete():
        page = playground._prepare_client(Client(nicegui_page("/")), "")
        page.tab_id = "connected"
        outbox = page.outbox
        await asyncio.sleep(0)  # the outbox has begun
        assert not outbox._enqueue_event.is_set(), "it waits for something to send"
        loops = [task for task in asyncio.all_tasks() if task.get_name() == f"outbox loop {page.id}"]
        page.delete()
        gone = weakref.ref(page)
        del page
        gc.collect()
        assert gone() is None
        await asyncio.wait(loops, timeout=PATIENCE)
        assert [task.done() for task in loops] == [True]

    playground._Harness.get().run(delete())
    assert not caplog.records


def test_slots_are_a_stack_of_the_task(client):
    with ui.row() as row:
        assert Slot.get_stack()[-1] is row.default_slot
    assert row.default_slot._parent() is row


def test_the_registry_of_bindings(client):
    class Model:
        name = "a"

    model = Model()
    field = ui.input().bind_value(model, "name")
    source, target, target_name, _ = binding.bindings[id(model), ("name",)][0]
    assert (source, target, target_name) == (model, field, ("value",))
    binding.remove([field])
    assert (id(model), ("name",)) not in binding.bindings


def test_a_query_has_an_element_of_its_own(client):
    query = Query("body")
    assert type(query.element) is QueryElement
    assert {"classes", "style", "props"} <= query.element.props.keys()


def test_what_building_can_reach_is_where_it_is_swapped_out(client):
    for name in (*playground._Scratch.HANDLERS, "elements", "outbox"):
        assert name in vars(client), name
    assert client.layout._props["view"] == playground._Scratch.VIEW
    assert client.layout.slots["default"] is client.layout.default_slot
    parameters = list(inspect.signature(playground._bind).parameters)
    assert parameters == ["source_obj", "source_name", "target_obj", "target_name", "transform"]
    for name in ("bindings", "active_links", "_binding_keys_by_object", "_active_links_added", "_MISSING"):
        assert hasattr(binding, name), name
    assert "awaitable" in inspect.signature(playground._create_task).parameters
    assert "expect_args" in inspect.signature(playground._subscribe).parameters
    assert all(cls.__new__ is playground._new_element for cls in (Element, Query))


def test_what_cannot_be_patched_is_known_by_its_handshake(client):
    assert playground._has_handshake(ui.leaflet())
    assert playground._has_handshake(ui.scene())
    assert not playground._has_handshake(ui.label())


def test_the_browser_can_be_told_of_dark_mode():
    source = (playground.pathlib.Path(inspect.getfile(ui)).parent / "static" / "nicegui.js").read_text(encoding="utf-8")
    assert "function setDark(dark)" in source


def test_what_waits_for_a_browser_can_be_counted(client):
    assert core.sio.manager.rooms == {} or "/" in core.sio.manager.rooms
    core.sio.eio.sockets["connection"] = socket = engineio.async_socket.AsyncSocket(core.sio.eio, "connection")
    core.sio.manager.rooms.setdefault("/", {})[client.id] = {"sid": "connection"}
    try:
        for count in range(3):
            assert playground._unread_packets(client) == count
            socket.queue.put_nowait(None)
    finally:
        del core.sio.eio.sockets["connection"], core.sio.manager.rooms["/"][client.id]
    assert playground._unread_packets(client) == 0


def test_the_request_of_a_page_is_in_a_context_variable():
    assert storage.request_contextvar.get() is None or hasattr(storage.request_contextvar.get(), "session")


def test_the_browser_code_finds_what_it_wraps():
    source = (playground.pathlib.Path(inspect.getfile(ui)).parent / "static" / "nicegui.js").read_text(encoding="utf-8")
    for name in (
        "window.socket = io(",
        "update: async (msg)",
        "element.preserved_props",
        "element?.update_method",
        "connect_error: (err)",
        'document.getElementById("popup").ariaHidden',
        'window.socket?.emit("event", {',
    ):
        assert name in source, name


def test_whether_a_handler_gets_the_event_is_answered_as_by_nicegui():
    class Receiver:
        def none(self): ...
        def one(self, event): ...
        def default(self, event=None): ...
        def keyword(self, *, event): ...
        @staticmethod
        def static(event): ...
        @classmethod
        def of_class(cls, event): ...
        def __call__(self, event): ...

    async def asynchronous(event): ...

    @functools.wraps(asynchronous)
    def wrapped(): ...

    receiver = Receiver()
    handlers = [
        lambda: None, lambda event: None, lambda event, /: None, lambda event=1: None, lambda i=1: None,
        lambda *args: None, lambda **kwargs: None, lambda *, event: None, lambda *, event=1: None,
        receiver.none, receiver.one, receiver.default, receiver.keyword, receiver.static, receiver.of_class, receiver,
        asynchronous, wrapped, print, functools.partial(receiver.one, 1), functools.partial(receiver.one), Receiver,
    ]  # fmt: skip

    def told(handler, got):
        """The same handler, which notes what it is called with."""

        def note(*arguments):
            got.append(len(arguments))

        note.__signature__ = inspect.signature(handler)
        return note

    got = []

    class Page(playground.LiveView):
        def render(self):
            for index, handler in enumerate(handlers):
                ui.button(str(index), on_click=told(handler, got))

    with playground.visit(Page) as page:
        for index, handler in enumerate(handlers):
            got.clear()
            page.click(str(index))
            assert got == [int(expects_arguments(handler))], handler


def test_elements_outside_of_pages(client):
    assert core.script_mode is False
    assert core.script_client is None

    async def outside():
        return ui.label("x")

    with pytest.raises(RuntimeError, match="slot stack"):
        playground._Harness.get().run(outside())


def test_the_patience_with_browsers_can_be_set():
    assert core.sio.eio.ping_interval > 0
    assert core.sio.eio.ping_timeout > 0
