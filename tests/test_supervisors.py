"""What OTP promises of processes and their supervisors, case by case."""

import asyncio
import dataclasses
import functools
import gc
import inspect
import sys
import threading
import time
import weakref

import pytest
from conftest import PATIENCE, until

import playground
from playground import Continue, Down, DynamicSupervisor, GenServer, Registry, Stop, Supervisor, child_spec

history: list[str] = []


class Worker(GenServer):
    """Notes its life, keeps a state, ends in every way."""

    def init(self, label="worker", fails=()):
        if fails and fails.pop():
            history.append(f"{label} fails")
            raise OSError(f"{label} cannot start")
        self.label, self.state = label, "new"
        history.append(f"{label} starts")

    def handle_call(self, request, sender):
        match request:
            case "state":
                return self.state
            case ("set", value):
                self.state = value
            case "crash":
                raise ValueError(f"{self.label} crashes")
            case "stop":
                sender.reply("stopping")
                return Stop("normal")
        return None

    async def handle_cast(self, request):
        match request:
            case "hang":
                history.append(f"{self.label} hangs")
                await asyncio.sleep(60)

    def terminate(self, reason):
        shown = reason if isinstance(reason, str) else type(reason).__name__
        history.append(f"{self.label} ends: {shown}")


def on_a_loop(test):
    """Run an async test, and make sure that it leaves no process behind."""

    @functools.wraps(test)
    def run(*args, **kwargs):
        async def whole():
            history.clear()
            try:
                await asyncio.wait_for(test(*args, **kwargs), PATIENCE)
            finally:
                for server in [server for servers in playground._running.values() for server in servers]:
                    if server._process.alive:
                        await playground.stop(server, timeout=0)
            assert not any(playground._running.values())
            assert not playground._names.keys()

        asyncio.run(whole())

    assert inspect.iscoroutinefunction(test)
    return run


def workers(*labels, **options):
    return [child_spec(Worker, id=label, name=label, label=label, **options) for label in labels]


async def end(name, how):
    """Have a process end, and wait until its supervisor has dealt with that."""
    server = playground.whereis(name)
    if how == "crash":
        with pytest.raises(ValueError, match="crashes"):
            await playground.call(name, "crash")
    elif how == "stop":
        assert await playground.call(name, "stop") == "stopping"
    else:
        playground.kill(name)
    await until(lambda: not server._process.alive)
    for _ in range(20):
        await asyncio.sleep(0)


async def states(*names):
    return {name: await playground.call(name, "state") for name in names}


# ---------------------------------------------------------------------------------------------------------------------
# Strategies
# ---------------------------------------------------------------------------------------------------------------------

LABELS = "abcd"
RESTARTED = {
    ("one_for_one", "a"): "a", ("one_for_one", "b"): "b", ("one_for_one", "c"): "c", ("one_for_one", "d"): "d",
    ("one_for_all", "a"): "abcd", ("one_for_all", "b"): "abcd", ("one_for_all", "c"): "abcd",
    ("one_for_all", "d"): "abcd",
    ("rest_for_one", "a"): "abcd", ("rest_for_one", "b"): "bcd", ("rest_for_one", "c"): "cd",
    ("rest_for_one", "d"): "d",
}  # fmt: skip


@pytest.mark.parametrize("how", ["crash", "kill", "stop"])
@pytest.mark.parametrize(("strategy", "victim"), RESTARTED)
@on_a_loop
async def test_who_starts_again_in_which_order(strategy, victim, how):
    await Supervisor.start(children=workers(*LABELS), strategy=strategy)
    assert history == [f"{label} starts" for label in LABELS]
    for label in LABELS:
        await playground.call(label, ("set", "old"))
    history.clear()
    await end(victim, how)
    restarted = RESTARTED[strategy, victim]
    assert await states(*LABELS) == {label: "new" if label in restarted else "old" for label in LABELS}
    reason = {"crash": [f"{victim} ends: ValueError"], "stop": [f"{victim} ends: normal"], "kill": []}[how]
    stopped = [f"{label} ends: shutdown" for label in reversed(restarted) if label != victim]
    assert history == reason + stopped + [f"{label} starts" for label in restarted]


@on_a_loop
async def test_children_start_in_order_and_stop_in_reverse():
    supervisor = await Supervisor.start(children=workers(*LABELS))
    await playground.stop(supervisor)
    starts = [f"{label} starts" for label in LABELS]
    assert history == starts + [f"{label} ends: shutdown" for label in reversed(LABELS)]


RUNS_AGAIN = {
    ("permanent", "crash"): True, ("permanent", "kill"): True, ("permanent", "stop"): True,
    ("transient", "crash"): True, ("transient", "kill"): True, ("transient", "stop"): False,
    ("temporary", "crash"): False, ("temporary", "kill"): False, ("temporary", "stop"): False,
}  # fmt: skip


@pytest.mark.parametrize(("restart", "how"), RUNS_AGAIN)
@on_a_loop
async def test_kinds_of_restart(restart, how):
    supervisor = await Supervisor.start(children=workers("a", "b", restart=restart))
    await end("a", how)
    assert (playground.whereis("a") is not None) == RUNS_AGAIN[restart, how]
    assert supervisor.count_children() == (2 if RUNS_AGAIN[restart, how] else 1)


# ---------------------------------------------------------------------------------------------------------------------
# Too many restarts
# ---------------------------------------------------------------------------------------------------------------------


@on_a_loop
async def test_as_many_restarts_as_allowed():
    supervisor = await Supervisor.start(children=workers("a"), max_restarts=3, max_seconds=60)
    for _ in range(3):
        await end("a", "kill")
    assert supervisor.count_children() == 1


@on_a_loop
async def test_more_restarts_than_allowed(caplog):
    supervisor = await Supervisor.start(children=workers("a", "b"), max_restarts=2, max_seconds=60)
    for _ in range(3):
        await end("b", "crash")
    assert supervisor._process.reason == "shutdown"
    assert playground.whereis("a") is None
    text = caplog.text
    assert "gave up: its children ended 3 times within 60 s and it restarts them 2 times" in text
    assert "The last one was b: ValueError('b crashes')" in text


@pytest.mark.parametrize("how", ["crash", "kill"])
@pytest.mark.parametrize("strategy", ["one_for_one", "one_for_all", "rest_for_one", "dynamic"])
@on_a_loop
async def test_more_restarts_than_allowed_end_everything(strategy, how, caplog):
    if strategy == "dynamic":
        supervisor = await DynamicSupervisor.start(max_restarts=2, max_seconds=60)
        for spec in workers(*LABELS):
            await supervisor.start_child(spec)
    else:
        supervisor = await Supervisor.start(
            children=workers(*LABELS), strategy=strategy, max_restarts=2, max_seconds=60
        )
    for number in range(3):
        assert supervisor._process.alive, f"ended after {number} restarts"
        await end("b", how)
    await until(lambda: not supervisor._process.alive)
    assert supervisor._process.reason == "shutdown"
    assert [playground.whereis(label) for label in LABELS] == [None] * 4
    assert [line for line in history if "ends" in line][-3:] == [f"{label} ends: shutdown" for label in "dca"]
    last = {"crash": "ValueError('b crashes')", "kill": "'killed'"}[how]
    assert f"restarts them 2 times. The last one was b: {last}" in caplog.text


WRONG_OPTIONS = {
    "max_restarts as text": ({"max_restarts": "3"}, "max_restarts is a number of times, 0 or more, not '3'"),
    "max_restarts below 0": ({"max_restarts": -1}, "max_restarts is a number of times, 0 or more, not -1"),
    "max_seconds as text": ({"max_seconds": "a"}, "max_seconds is in seconds, 0.001 or more, not 'a'"),
    "max_seconds 0": ({"max_seconds": 0}, "max_seconds is in seconds, 0.001 or more, not 0"),
    "strategy": ({"strategy": "all"}, 'strategy is "one_for_one", "one_for_all" or "rest_for_one", not \'all\''),
    "one child": ({"children": Worker}, "children is a list of GenServer classes and the like, not <class"),
    "text": ({"children": "Worker"}, "children is a list of GenServer classes and the like, not 'Worker'"),
    "backoff": ({"backoff": -1}, "backoff is in seconds, 0 or more, not -1"),
    "auto_shutdown": ({"auto_shutdown": True}, 'auto_shutdown is "never", "any_significant" or "all_significant", not'),
    "unknown": ({"restarts": 3}, "Supervisor has no option 'restarts'"),
    "a method": ({"start_child": 3}, "Supervisor has no option 'start_child'"),
}


@pytest.mark.parametrize(("options", "message"), WRONG_OPTIONS.values(), ids=WRONG_OPTIONS)
@on_a_loop
async def test_options_that_cannot_be(options, message):
    with pytest.raises((TypeError, ValueError)) as caught:
        await Supervisor.start(**{"children": workers("a"), **options})
    assert message in str(caught.value)
    assert history == []


@on_a_loop
async def test_restarts_are_forgotten_after_a_while():
    supervisor = await Supervisor.start(children=workers("a"), max_restarts=1, max_seconds=0.05)
    for _ in range(4):
        await end("a", "kill")
        await asyncio.sleep(0.06)
    assert supervisor.count_children() == 1


@on_a_loop
async def test_a_supervisor_below_another_one_starts_again():
    inner = child_spec(Supervisor, id="inner", children=workers("a", "b"), max_restarts=0)
    outer = await Supervisor.start(children=[inner, *workers("c")])
    await playground.call("b", ("set", "old"))
    await playground.call("c", ("set", "old"))
    await end("a", "kill")
    await until(lambda: playground.whereis("a") is not None)
    assert await states("b", "c") == {"b": "new", "c": "old"}
    assert outer._process.alive


# ---------------------------------------------------------------------------------------------------------------------
# Starts that fail, ends that last
# ---------------------------------------------------------------------------------------------------------------------


@on_a_loop
async def test_a_first_start_that_fails_stops_what_has_started():
    failing = child_spec(Worker, id="c", label="c", fails=[True])
    with pytest.raises(OSError, match="c cannot start"):
        await Supervisor.start(children=[*workers("a", "b"), failing, *workers("d")])
    assert history == ["a starts", "b starts", "c fails", "b ends: shutdown", "a ends: shutdown"]


@on_a_loop
async def test_a_restart_that_fails_is_tried_again():
    spec = child_spec(Worker, id="a", name="a", label="a", fails=[False, True, True, False])
    await Supervisor.start(children=[spec])
    await end("a", "kill")
    await until(lambda: playground.whereis("a") is not None)
    assert history == ["a starts", "a fails", "a fails", "a starts"]


@on_a_loop
async def test_what_does_not_end_in_time_is_killed(caplog):
    supervisor = await Supervisor.start(children=workers("a", shutdown=0.05))
    playground.cast("a", "hang")
    await until(lambda: "a hangs" in history)
    await playground.stop(supervisor)
    assert "Worker 'a' did not end within 0.05 s and was killed" in caplog.text
    assert history == ["a starts", "a hangs"]


class Careful(Worker):
    """Takes its time to end."""

    async def terminate(self, reason):
        await asyncio.sleep(0.1)
        super().terminate(reason)


@on_a_loop
async def test_what_ends_in_time_is_waited_for(caplog):
    specs = [child_spec(Careful, id=label, label=label, shutdown=10) for label in "ab"]
    supervisor = await Supervisor.start(children=specs)
    await playground.stop(supervisor)
    assert history == ["a starts", "b starts", "b ends: shutdown", "a ends: shutdown"]
    assert not caplog.text


class Hanging(GenServer):
    """Does not come to an end with starting, at least the second time."""

    async def init(self, starts=0):
        history.append("hangs" if history.count("starts") == starts else "starts")
        if history[-1] == "hangs":
            await asyncio.sleep(60)


@pytest.mark.parametrize("is_below", [False, True])
@on_a_loop
async def test_a_supervisor_can_be_stopped_while_it_is_starting(is_below):
    children = [*workers("a"), Hanging]
    if is_below:
        children = [*workers("b"), child_spec(Supervisor, id="below", children=children)]
    supervisor = Supervisor.start(children=children)
    await until(lambda: "hangs" in history)
    await playground.stop(supervisor)
    before, after = (["b starts"], ["b ends: shutdown"]) if is_below else ([], [])
    assert history == [*before, "a starts", "hangs", "a ends: shutdown", *after]
    with pytest.raises(playground.ProcessDownError):
        await supervisor


@pytest.mark.parametrize("how", ["start_child", "restart"])
@on_a_loop
async def test_a_supervisor_can_be_stopped_while_it_starts_a_child(how):
    children = [child_spec(Hanging, starts=1)] if how == "restart" else []
    supervisor = await Supervisor.start(children=[*workers("a"), *children])
    if how == "restart":
        playground.kill(Hanging)
    else:
        asking = asyncio.create_task(supervisor.start_child(Hanging))
    await until(lambda: "hangs" in history)
    await playground.stop(supervisor)
    assert history[-2:] == ["hangs", "a ends: shutdown"]
    if how == "start_child":
        with pytest.raises(playground.ProcessDownError, match="Hanging has ended: 'killed'"):
            await asking


@on_a_loop
async def test_no_time_to_end_in():
    supervisor = await Supervisor.start(children=workers("a", shutdown=0))
    await playground.stop(supervisor)
    assert history == ["a starts"]


@on_a_loop
async def test_children_of_a_killed_supervisor_do_not_outlive_it():
    supervisor = await Supervisor.start(children=workers("a"))
    playground.kill(supervisor)
    assert playground.whereis("a") is None


@on_a_loop
async def test_async_functions_as_children():
    ended = asyncio.Event()

    async def forever(label):
        history.append(f"{label} runs")
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()

    async def fails_once():
        history.append("again" if "fails" in history else "fails")
        if history[-1] == "fails":
            raise OSError

    supervisor = await Supervisor.start(children=[(forever, {"label": "x"}), fails_once])
    await until(lambda: "again" in history)
    await until(lambda: supervisor.count_children() == 1)
    await playground.stop(supervisor)
    assert ended.is_set()


@pytest.mark.parametrize(
    ("children", "message"),
    [
        ([Worker, Worker], "2 children have the id 'Worker'"),
        ([int], "A child is a GenServer class or an async function, not <class 'int'>"),
        ([(Worker, {"restart": "always"})], 'restart is "permanent", "transient" or "temporary", not \'always\''),
        ([(Worker, {"shutdown": -1})], "shutdown is in seconds"),
        ([playground.LiveView], "LiveView is a page: give it to `live`"),
    ],
)
@on_a_loop
async def test_children_that_cannot_be(children, message):
    with pytest.raises((TypeError, ValueError)) as caught:
        await Supervisor.start(children=children)
    assert message in str(caught.value)


@on_a_loop
async def test_children_that_come_and_go():
    class Games(DynamicSupervisor):
        max_children = 2

    games = await Games.start()
    a = await games.start_child((Worker, {"label": "a"}))
    await games.start_child((Worker, {"label": "b"}))
    with pytest.raises(playground.ProcessError, match="has 2 children, which is all"):
        await games.start_child(Worker)
    await games.terminate_child(a)
    with pytest.raises(OSError, match="c cannot start"):
        await games.start_child((Worker, {"label": "c", "fails": [True]}))
    with pytest.raises(ValueError, match="is no child of Games"):
        await games.terminate_child(a)
    assert [server.label for server in games.which_children()] == ["b"]
    assert history == ["a starts", "b starts", "a ends: shutdown", "c fails"]


# ---------------------------------------------------------------------------------------------------------------------
# Messages and calls
# ---------------------------------------------------------------------------------------------------------------------


class Echo(GenServer):
    def init(self):
        self.seen, self.waiting = [], []

    def handle_call(self, request, sender):
        match request:
            case "later":
                self.waiting.append(sender)
                return playground.NO_REPLY
            case "seen":
                return self.seen
            case ("call", other):
                return self._ask(other)
        return request

    async def _ask(self, other):
        return await playground.call(other, "seen")

    async def handle_cast(self, request):
        self.seen.append(f"{request} begins")
        await asyncio.sleep(0.001)
        self.seen.append(f"{request} ends")

    def handle_info(self, message):
        match message:
            case ("go on", argument):
                return Continue(argument)
            case "watch":
                self.monitor = playground.monitor("other")
            case "link":
                self.child = Worker.start_link(label="linked")
            case _:
                self.seen.append(message)
        return None

    def handle_continue(self, argument):
        self.seen.append(f"goes on with {argument}")


@on_a_loop
async def test_one_message_at_a_time():
    echo = Echo.start()
    playground.cast(echo, "one")
    playground.cast(echo, "two")
    echo.send("three")
    assert await playground.call(echo, "seen") == ["one begins", "one ends", "two begins", "two ends", "three"]


@on_a_loop
async def test_going_on_comes_first():
    echo = Echo.start()
    echo.send(("go on", 7))
    echo.send("next")
    assert await playground.call(echo, "seen") == ["goes on with 7", "next"]


@on_a_loop
async def test_replies_that_come_later():
    echo = Echo.start()
    calls = [asyncio.create_task(playground.call(echo, "later")) for _ in range(2)]
    await until(lambda: len(echo.waiting) == 2)
    echo.waiting[1].reply("second")
    thread = threading.Thread(target=lambda: echo.waiting[0].reply("first"))
    thread.start()
    assert await asyncio.gather(*calls) == ["first", "second"]
    thread.join()


@on_a_loop
async def test_calls_that_cannot_be_answered():
    echo = Echo.start(name="echo")
    with pytest.raises(
        playground.CallTimeoutError, match=r"Echo 'echo' did not answer 'later' within 0\.01 s"
    ) as caught:
        await playground.call("echo", "later", timeout=0.01)
    assert isinstance(caught.value, TimeoutError)
    await until(lambda: echo.waiting)
    echo.waiting[0].reply("too late")
    with pytest.raises(playground.NoProcessError, match=r"There is no process 'ecko'\. Names of processes: 'echo'"):
        await playground.call("ecko", "hello")
    pending = asyncio.create_task(playground.call("echo", "later", timeout=None))
    await until(lambda: len(echo.waiting) == 2)
    with pytest.raises(playground.SelfCallError, match="Echo 'echo' calls itself"):
        await playground.call("echo", ("call", "echo"))
    with pytest.raises(playground.ProcessEndedError, match="Echo 'echo' has ended: SelfCallError"):
        await playground.call(echo, "hello")
    assert issubclass(playground.ProcessEndedError, playground.NoProcessError)
    with pytest.raises(playground.NoProcessError, match="There is no process 'echo'") as caught:
        await playground.call("echo", "hello")
    assert not isinstance(caught.value, playground.ProcessEndedError)  # nobody knows that it was there
    pending.cancel()
    with pytest.raises(RuntimeError, match=r"use `await call\(...\)`"):
        playground.call_sync(echo, "hello")


@on_a_loop
async def test_a_process_that_waits_for_itself_in_a_roundabout_way():
    class Roundabout(GenServer):
        async def handle_call(self, request):
            return await asyncio.gather(playground.call(self, "again", timeout=0.02))

    server = Roundabout.start()
    with pytest.raises(playground.CallTimeoutError, match=r"within 0\.02 s"):
        await playground.call(server, "once")
    with pytest.raises(playground.CallTimeoutError, match=r"within 0\.01 s$"):
        await playground.call(Echo.start(), "later", timeout=0.01)


@on_a_loop
async def test_an_async_init_that_fails_is_heard_of(caplog):
    class Failing(GenServer):
        async def init(self):
            await asyncio.sleep(0)
            raise OSError("no network")

    with pytest.raises(OSError, match="no network"):
        await Failing.start()
    assert not caplog.text
    nameless = Failing.start()
    await until(lambda: not nameless._process.alive)
    assert caplog.text.count("Failing could not start") == 1
    server = Failing.start(name="unheard")
    await until(lambda: not server._process.alive)
    assert caplog.text.count("Failing 'unheard' could not start") == 1
    assert "OSError: no network" in caplog.text


@on_a_loop
async def test_a_crash_while_others_wait():
    await Supervisor.start(children=workers("a"))
    calls = [asyncio.create_task(playground.call("a", request)) for request in ("crash", "state")]
    crashed, queued = await asyncio.gather(*calls, return_exceptions=True)
    assert isinstance(crashed, ValueError)
    assert isinstance(queued, playground.ProcessDownError)
    assert await playground.call("a", "state") == "new"


@on_a_loop
async def test_calls_from_a_thread():
    echo = Echo.start(name="echo")
    assert await asyncio.to_thread(playground.call_sync, "echo", "hello") == "hello"
    await asyncio.to_thread(playground.send, "echo", "hi")
    await until(lambda: echo.seen == ["hi"])


@on_a_loop
async def test_monitors():
    echo = Echo.start()
    other = Echo.start(name="other")
    echo.send("watch")
    await playground.call(echo, "seen")
    await playground.stop(other, "shutdown")
    echo.send("watch")
    seen = await playground.call(echo, "seen")
    await until(lambda: len(seen) == 2)
    assert [(type(down), down.server, down.reason) for down in seen] == [
        (Down, other, "shutdown"),
        (Down, None, "noproc"),
    ]


@on_a_loop
async def test_monitors_tell_of_crash_and_kill():
    echo = Echo.start()
    for how in ("crash", "kill"):
        other = Worker.start(name="other")
        echo.send("watch")
        await playground.call(echo, "seen")
        if how == "kill":
            playground.kill(other)
        else:
            with pytest.raises(ValueError, match="crashes"):
                await playground.call(other, "crash")
        await until(lambda: not other._process.alive)  # noqa: B023
    other = Worker.start(name="other")
    echo.send("watch")
    await playground.call(echo, "seen")
    echo.monitor.cancel()
    await playground.stop(other)
    crash, kill = await playground.call(echo, "seen")
    assert (type(crash.reason), str(crash.reason), kill.reason) == (ValueError, "worker crashes", "killed")


@on_a_loop
async def test_links():
    echo = Echo.start()
    echo.send("link")
    await playground.call(echo, "seen")
    await playground.stop(echo)
    await until(lambda: "linked ends: shutdown" in history)
    echo = Echo.start()
    echo.send("link")
    await playground.call(echo, "seen")
    with pytest.raises(ValueError, match="crashes"):
        await playground.call(echo.child, "crash")
    await until(lambda: isinstance(echo._process.reason, ValueError))


@on_a_loop
async def test_names_and_registries():
    first = Echo.start(name="one")
    with pytest.raises(playground.NameTakenError, match="'one' is Echo 'one' already"):
        Echo.start(name="one")
    assert playground.whereis(Echo) is first
    second = Echo.start()
    with pytest.raises(ValueError, match="2 processes of Echo run"):
        playground.whereis(Echo)
    await playground.stop(first)
    assert playground.whereis("one") is None
    assert playground.whereis(Echo) is second

    rooms, tags = Registry(), Registry("duplicate")

    class Room(GenServer):
        def init(self, code):
            rooms.register(code, "value")
            tags.register("room", code)

    a = Room.start(code="a")
    Room.start(code="b")
    with pytest.raises(playground.NameTakenError):
        Room.start(code="a")
    assert rooms.lookup("a") == [(a, "value")]
    assert [value for _, value in tags.lookup("room")] == ["a", "b"]
    await playground.stop(a)
    assert rooms.whereis("a") is None
    assert tags.keys() == ["room"]
    told = []
    tags.dispatch("room", lambda server, value: told.append(value))
    assert told == ["b"]


@on_a_loop
async def test_topics():
    class Listener(Echo):
        def init(self, topic):
            super().init()
            self.subscribe(topic)

    ones = [Listener.start(topic="one") for _ in range(3)]
    other = Listener.start(topic="other")
    for number in range(100):
        playground.broadcast("one", number)
    playground.broadcast_from(ones[0], "one", "last")
    seen = [await playground.call(one, "seen") for one in ones]
    assert seen == [[*range(100)], [*range(100), "last"], [*range(100), "last"]]
    assert await playground.call(other, "seen") == []
    for server in (*ones, other):
        await playground.stop(server)
    assert not playground._topics.keys()


@on_a_loop
async def test_a_slow_subscriber_delays_nobody():
    class Slow(GenServer):
        def init(self):
            self.gate, self.seen = asyncio.Event(), []
            self.subscribe("one")

        async def handle_info(self, message):
            await self.gate.wait()
            self.seen.append(message)

    slow, quick = Slow.start(), Echo.start()
    quick.subscribe("one")
    for number in range(100):
        playground.broadcast("one", number)
    assert await playground.call(quick, "seen") == [*range(100)]
    assert slow.seen == []
    slow.gate.set()
    await until(lambda: slow.seen == [*range(100)])


@on_a_loop
async def test_who_unsubscribes_gets_nothing_more():
    echo, other = Echo.start(), Echo.start()
    for server in (echo, other):
        server.subscribe("one")
        server.subscribe("two")
        server.subscribe("one")  # once is enough
    playground.broadcast("one", 1)
    echo.unsubscribe("one")
    echo.unsubscribe("never")
    playground.broadcast("one", 2)
    playground.broadcast("two", 3)
    assert await playground.call(echo, "seen") == [1, 3]
    assert await playground.call(other, "seen") == [1, 2, 3]

    class Leaving(Echo):
        def init(self):
            super().init()
            playground.subscribe("one")

        def handle_info(self, message):
            super().handle_info(message)
            playground.unsubscribe("one")

    leaving = Leaving.start()
    playground.broadcast("one", 4)
    await playground.call(leaving, "seen")
    playground.broadcast("one", 5)
    assert await playground.call(leaving, "seen") == [4]


@on_a_loop
async def test_who_unregisters_is_not_found_and_can_come_back():
    rooms = Registry()

    class Room(GenServer):
        def handle_call(self, request):
            rooms.register("a", request) if request else rooms.unregister("a")

    one, two = Room.start(), Room.start()
    await playground.call(one, "first")
    await playground.call(two, None)  # has no such key
    assert rooms.whereis("a") is one
    await playground.call(one, None)
    assert (rooms.whereis("a"), rooms.lookup("a"), rooms.keys()) == (None, [], [])
    await playground.call(two, "second")
    assert rooms.lookup("a") == [(two, "second")]
    await playground.stop(one)
    assert rooms.whereis("a") is two


@on_a_loop
async def test_messages_that_come_later():
    echo = Echo.start()
    began = asyncio.get_running_loop().time()
    echo.send_after(0.05, "later")
    echo.send_after(0.01, "taken back").cancel()
    ticks = echo.send_interval(0.01, "tick")
    await until(lambda: "later" in echo.seen)
    assert asyncio.get_running_loop().time() - began >= 0.049
    assert set(echo.seen) == {"later", "tick"}
    ticks.cancel()
    count = len(echo.seen)
    echo.send_after(0.05, "end")
    await until(lambda: "end" in echo.seen)
    assert echo.seen[count:] == ["end"]
    echo.send_after(0.01, "too late")
    await playground.stop(echo)
    assert not echo._process.timers


@on_a_loop
async def test_ten_thousand_processes():
    servers = [Echo.start() for _ in range(10_000)]
    assert [await playground.call(server, number) for number, server in enumerate(servers)] == [*range(10_000)]
    for server in servers:
        await playground.stop(server)


@on_a_loop
async def test_a_hundred_thousand_messages():
    echo = Echo.start()
    for number in range(100_000):
        playground.send(echo, number)
    assert await playground.call(echo, "seen", timeout=None) == [*range(100_000)]


@on_a_loop
async def test_the_tree():
    inner = child_spec(Supervisor, id="inner", children=workers("a"))
    await Supervisor.start(children=[inner, *workers("b")])
    await end("a", "kill")
    Echo.start(name="alone")
    supervisor, alone = playground.tree()
    assert (supervisor["kind"], alone["name"], alone["status"]) == ("supervisor", "Echo 'alone'", "running")
    below, b = supervisor["children"]
    assert (below["name"], b["name"], b["kind"]) == ("Supervisor 'inner'", "Worker 'b'", "process")
    assert [(each["name"], each["restarts"]) for each in below["children"]] == [("Worker 'a'", 1)]


@on_a_loop
async def test_what_the_tree_says_of_a_process():
    def look(name):
        branches = playground.tree()
        branches += [child for branch in branches for child in branch["children"]]
        (branch,) = [branch for branch in branches if branch["name"] == name]
        return [branch[key] for key in ("status", "mailbox", "handled", "restarts")]

    class Starting(GenServer):
        async def init(self):
            self.gate = asyncio.Event()
            await self.gate.wait()

        def handle_cast(self, request):
            pass

    await Supervisor.start(children=workers("done", restart="transient"))
    assert look("Worker 'done'") == ["running", 0, 0, 0]
    assert await playground.call("done", "stop") == "stopping"
    await until(lambda: look("Worker 'done'") == ["stopped", 0, 0, 0])
    server = Starting.start(name="slow")
    await until(lambda: "gate" in vars(server))
    playground.cast(server, "one")
    playground.cast(server, "two")
    assert look("Starting 'slow'") == ["starting", 2, 0, 0]
    server.gate.set()
    await until(lambda: look("Starting 'slow'") == ["running", 0, 2, 0])
    worker = Worker.start(name="busy")
    playground.cast(worker, "hang")
    await until(lambda: "worker hangs" in history)
    playground.send(worker, "waits")
    assert look("Worker 'busy'") == ["running", 1, 0, 0]


# ---------------------------------------------------------------------------------------------------------------------
# Callbacks that do not behave
# ---------------------------------------------------------------------------------------------------------------------


def fail(how):
    match how:
        case "raises":
            raise ValueError(how)
        case "cancels":
            raise asyncio.CancelledError
        case "exits":
            sys.exit(2)
        case "ends an iteration":
            next(iter(()))


class Faulty(GenServer):
    """One callback of it raises, hangs, exits, or is cancelled from within."""

    async def init(self, where, how):
        self.where, self.how = where, how
        await self.misbehave("init")

    async def misbehave(self, callback):
        if callback == self.where:
            history.append(callback)
            if self.how == "hangs":
                await asyncio.sleep(60)
            fail(self.how)

    async def handle_call(self, request):
        await self.misbehave("handle_call")

    async def handle_cast(self, request):
        await self.misbehave("handle_cast")
        return Continue()

    async def handle_info(self, message):
        await self.misbehave("handle_info")

    async def handle_continue(self, argument):
        await self.misbehave("handle_continue")

    async def terminate(self, reason):
        await self.misbehave("terminate")


CALLBACKS = ["init", "handle_call", "handle_cast", "handle_info", "handle_continue", "terminate"]


async def provoke(server, where):
    """Have a callback called, without waiting for it."""
    match where:
        case "handle_call":
            asking = asyncio.create_task(playground.call(server, "anything", timeout=None))
            asking.add_done_callback(lambda asking: asking.cancelled() or asking.exception())
        case "handle_cast" | "handle_continue":
            playground.cast(server, "anything")
        case "handle_info":
            playground.send(server, "anything")
        case "terminate":
            stopping = asyncio.create_task(playground.stop(server, timeout=0.1))
            stopping.add_done_callback(lambda stopping: stopping.cancelled() or stopping.exception())


class FaultyAtOnce(Faulty):
    """The same, by callbacks that are not async."""

    def init(self, where, how):
        self.where, self.how = where, how
        self.misbehave("init")

    def misbehave(self, callback):
        if callback == self.where:
            history.append(callback)
            fail(self.how)

    def handle_call(self, request):
        self.misbehave("handle_call")

    def handle_cast(self, request):
        self.misbehave("handle_cast")
        return Continue()

    def handle_info(self, message):
        self.misbehave("handle_info")

    def handle_continue(self, argument):
        self.misbehave("handle_continue")

    def terminate(self, reason):
        self.misbehave("terminate")


@pytest.mark.parametrize("cls", [Faulty, FaultyAtOnce])
@pytest.mark.parametrize("how", ["raises", "cancels", "exits", "ends an iteration"])
@pytest.mark.parametrize("where", CALLBACKS)
@on_a_loop
async def test_a_callback_that_fails_ends_its_process_only(where, how, cls):
    supervisor = await Supervisor.start(children=workers("sibling"), max_restarts=100)
    faulty = child_spec(cls, restart="temporary", where=where, how=how)
    if where == "init":
        with pytest.raises((ValueError, RuntimeError)):
            await supervisor.start_child(faulty)
    else:
        server = await supervisor.start_child(faulty)
        await provoke(server, where)
        await until(lambda: not server._process.alive)
    await until(lambda: supervisor.count_children() == 1)
    assert history == ["sibling starts", where]
    assert await playground.call("sibling", "state") == "new"


@pytest.mark.parametrize("end", ["kill", "stop", "supervisor"])
@pytest.mark.parametrize("where", CALLBACKS)
@on_a_loop
async def test_a_callback_that_hangs_can_be_ended(where, end):
    supervisor = await Supervisor.start(children=workers("sibling"))
    faulty = child_spec(Faulty, restart="temporary", shutdown=0.1, where=where, how="hangs")
    starting = asyncio.create_task(supervisor.start_child(faulty))
    starting.add_done_callback(lambda starting: starting.cancelled() or starting.exception())
    await until(lambda: Faulty in playground._running and playground._running[Faulty])
    (server,) = playground._running[Faulty]
    if where != "init":
        await starting
        await provoke(server, where)
    await until(lambda: where in history)
    match end:
        case "kill":
            playground.kill(server)
        case "stop":
            await playground.stop(server, timeout=0.1)
        case "supervisor":
            await playground.stop(supervisor, timeout=1)
            assert not supervisor._process.alive
    await until(lambda: not server._process.alive)
    if end != "supervisor":
        assert await playground.call("sibling", "state") == "new"


@on_a_loop
async def test_a_link_that_ends_normally_takes_nobody_along():
    echo = Echo.start()
    echo.send("link")
    await playground.call(echo, "seen")
    await playground.stop(echo.child)
    assert await playground.call(echo, "seen") is not None
    assert echo._process.alive


@on_a_loop
async def test_a_child_needs_an_id_of_its_own():
    supervisor = await Supervisor.start(children=workers("a"))
    with pytest.raises(ValueError, match="A child has the id 'a' already"):
        await supervisor.start_child(child_spec(Worker, id="a"))
    assert history == ["a starts"]


@on_a_loop
async def test_a_temporary_child_is_not_started_again_with_the_others():
    specs = [*workers("a"), *workers("b", restart="temporary"), *workers("c")]
    supervisor = await Supervisor.start(children=specs, strategy="one_for_all")
    await end("a", "crash")
    await until(lambda: history[-1] == "c starts" and len(history) > 4)
    assert [server.label for server in supervisor.which_children()] == ["a", "c"]
    assert history.count("b starts") == 1


@on_a_loop
async def test_a_reply_from_another_thread():
    asyncio.get_running_loop().set_debug(True)  # refuses what is not done the way of threads
    echo = Echo.start()
    asking = asyncio.create_task(playground.call(echo, "later", timeout=None))
    await until(lambda: echo.waiting)
    threading.Timer(0.05, echo.waiting[0].reply, ["from a thread"]).start()
    assert await asyncio.wait_for(asking, PATIENCE) == "from a thread"


# ---------------------------------------------------------------------------------------------------------------------
# Who waits, and the life of what he waits for
# ---------------------------------------------------------------------------------------------------------------------


class Keeper(GenServer):
    """Answers never, in several ways."""

    def init(self):
        self.senders = []

    async def handle_call(self, request, sender):
        self.senders.append(sender)
        if request == "hold":
            await asyncio.sleep(60)
        return playground.NO_REPLY

    def handle_cast(self, request):
        match request:
            case "stop":
                return Stop("normal")
            case "crash":
                raise ValueError("crash")
        return None


@pytest.mark.parametrize("end", ["kill", "stop", "crash"])
@pytest.mark.parametrize("request_", ["hold", "keep"])
@on_a_loop
async def test_a_caller_hears_of_the_end_of_whom_he_waits_for(request_, end):
    """Be it that the call is being handled, or that the answer was to come later; the second waits in the mailbox."""
    keeper = Keeper.start()
    calls = [asyncio.create_task(playground.call(keeper, request_, timeout=None)) for _ in range(2)]
    await until(lambda: keeper.senders)
    if end == "kill":
        playground.kill(keeper)
    elif request_ == "hold":
        await playground.stop(keeper, timeout=0.01)
    else:
        playground.cast(keeper, end)
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [playground.ProcessDownError] * 2
    assert all("Keeper has ended: " in str(outcome) for outcome in outcomes)
    keeper.senders[0].reply("too late")


@on_a_loop
async def test_a_caller_that_is_a_process_survives_the_end_of_whom_it_asks():
    class Caller(GenServer):
        async def handle_call(self, other):
            try:
                return await playground.call(other, "hold")
            except playground.ProcessError as error:
                return f"caught {type(error).__name__}"

    keeper, caller = Keeper.start(), Caller.start()
    asking = asyncio.create_task(playground.call(caller, keeper))
    await until(lambda: keeper.senders)
    playground.kill(keeper)
    assert await asking == "caught ProcessDownError"
    assert playground.info(caller).alive


@on_a_loop
async def test_what_cannot_be_raised_elsewhere_is_told(caplog):
    class Exhausted(GenServer):
        def handle_call(self, request):
            return next(iter(())) if request == "next" else sys.exit("no such option")

    await Supervisor.start(children=[Exhausted])
    for request, reason in (("next", "StopIteration()"), ("exit", "SystemExit('no such option')")):
        server = playground.whereis(Exhausted)
        with pytest.raises(playground.ProcessDownError, match="Exhausted has ended") as caught:
            await playground.call(server, request)
        assert reason in str(caught.value)
        await until(lambda: playground.whereis(Exhausted) not in (None, server))  # noqa: B023


@pytest.mark.filterwarnings("ignore:coroutine .*init' was never awaited")
@on_a_loop
async def test_a_start_that_failed_is_told_to_whoever_awaits_it():
    class Failing(GenServer):
        async def init(self, how):
            await asyncio.sleep(0)
            raise OSError("no network") if how == "raises" else SystemExit(2)

    late = Failing.start(how="raises")
    await until(lambda: not playground.info(late).alive)
    with pytest.raises(OSError, match="no network"):
        await late
    outcomes = await asyncio.gather(
        Failing.start(how="raises"), Failing.start(how="exits"), Echo.start(), return_exceptions=True
    )
    assert [type(outcome) for outcome in outcomes] == [OSError, playground.ProcessDownError, Echo]
    for turns in range(2):  # before and after it has begun
        killed = Failing.start(how="raises")
        for _ in range(turns):
            await asyncio.sleep(0)
        playground.kill(killed)
        with pytest.raises(playground.ProcessDownError, match="Failing has ended: 'killed'"):
            await killed
    gc.collect()  # warns here of the `init` that had not begun


@pytest.mark.parametrize("timeout", [None, 60.0])
def test_a_thread_that_calls_does_not_outlive_the_loop(timeout):
    outcomes = []

    def work():
        for request in ("keep", "again"):
            try:
                playground.call_sync(keeper, request, timeout)
            except BaseException as error:
                outcomes.append(error)

    async def main():
        global keeper
        keeper = Keeper.start()
        thread = threading.Thread(target=work)
        thread.start()
        await until(lambda: keeper.senders)
        return thread

    thread = asyncio.run(main())
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert [type(outcome) for outcome in outcomes] == [playground.ProcessDownError] * 2


@on_a_loop
async def test_what_handle_call_raises_comes_as_it_is():
    class Impatient(GenServer):
        def handle_call(self, request):
            raise TimeoutError("of the database")

    with pytest.raises(TimeoutError, match="of the database") as caught:
        await playground.call(Impatient.start(), "anything")
    assert type(caught.value) is TimeoutError


# ---------------------------------------------------------------------------------------------------------------------
# What is left of processes that are no more
# ---------------------------------------------------------------------------------------------------------------------


class Cargo:
    """Something large that a process has."""


async def gone(references):
    """Wait until nothing holds what the references are to."""
    await until(lambda: gc.collect() >= 0 and not any(reference() for reference in references))


@on_a_loop
async def test_nothing_is_left_of_jobs_that_have_ended():
    async def work(cargo):
        pass

    jobs = await DynamicSupervisor.start(max_children=10)
    cargos = []
    for number in range(100):
        cargo = Cargo()
        cargos.append(weakref.ref(cargo))
        restart = "temporary" if number % 2 else "transient"
        spec = child_spec(work, restart=restart, cargo=cargo)
        await jobs.start_child(spec)
        await until(lambda: not jobs.count_children())
    del cargo, spec
    await gone(cargos)
    (branch,) = playground.tree()
    assert branch["children"] == []


@pytest.mark.parametrize("who", ["watched", "watching"])
@on_a_loop
async def test_nothing_is_left_of_monitors_links_and_calls(who):
    class Watching(GenServer):
        def init(self, other=None):
            self.cargo = Cargo()
            if other is not None:
                playground.monitor(other)

        def handle_call(self, other):
            playground.monitor(other)
            playground.monitor(other).cancel()
            self.linked = Watching.start_link()
            return self.linked

        def handle_info(self, message):
            pass

    stays = Watching.start()
    cargos = []
    for _ in range(20):
        comes = Watching.start(other=stays if who == "watching" else None)
        linked = await playground.call(stays, comes) if who == "watched" else comes
        cargos += [weakref.ref(comes.cargo), weakref.ref(linked.cargo)]
        for server in (linked, comes):
            await playground.stop(server)
        stays.linked = None
    del comes, linked, server
    await gone(cargos)


# ---------------------------------------------------------------------------------------------------------------------
# Ends and restarts that take their time
# ---------------------------------------------------------------------------------------------------------------------


@on_a_loop
async def test_children_of_a_dynamic_supervisor_stop_side_by_side():
    class Leaving(GenServer):
        async def terminate(self, reason):
            leaving.append(self)
            await until(lambda: len(leaving) == 3)  # each waits for the others

    leaving = []
    sessions = await DynamicSupervisor.start()
    for _ in range(3):
        await sessions.start_child(child_spec(Leaving, shutdown=PATIENCE))
    await playground.stop(sessions)
    assert len(leaving) == 3


class Fragile(GenServer):
    """Cannot start while something is away."""

    away: asyncio.Event
    tries: list[float]

    def init(self):
        self.tries.append(time.monotonic())
        if self.away.is_set():
            raise ConnectionError("the database is away")

    def handle_cast(self, request):
        self.away.set()
        raise ConnectionError("lost")


@on_a_loop
async def start_fragile(check, **options):
    Fragile.away, Fragile.tries = asyncio.Event(), []
    supervisor = await Supervisor.start(children=[Fragile], max_restarts=10**9, **options)
    playground.cast(Fragile, "lose")
    await until(lambda: len(Fragile.tries) > 2)
    await check(supervisor)


async def as_long_as_another_tries():
    """Wait until another child that cannot start has been tried so often that the pause is at its longest."""

    class Other(Fragile):
        away, tries = asyncio.Event(), []

    other = await Supervisor.start(children=[Other], max_restarts=10**9)
    playground.cast(Other, "lose")
    await until(lambda: len(Other.tries) > 10)
    playground.kill(other)


def test_a_supervisor_can_be_asked_while_a_child_cannot_start():
    async def check(supervisor):
        await supervisor.start_child(workers("a")[0])
        assert await states("a") == {"a": "new"}
        Fragile.away.clear()
        await until(lambda: playground.whereis(Fragile))

    start_fragile(check)


def test_a_supervisor_can_be_stopped_while_a_child_cannot_start():
    async def check(supervisor):
        await playground.stop(supervisor)
        tries = len(Fragile.tries)
        await as_long_as_another_tries()
        assert len(Fragile.tries) == tries

    start_fragile(check)


def test_a_child_that_is_taken_away_is_not_started_again():
    async def check(supervisor):
        await supervisor.start_child(workers("a")[0])
        await supervisor.terminate_child("Fragile")
        tries = len(Fragile.tries)
        await as_long_as_another_tries()
        assert len(Fragile.tries) == tries
        assert supervisor.count_children() == 1

    start_fragile(check, backoff=0.01)


def test_a_start_that_fails_is_not_tried_again_and_again_without_a_pause():
    async def check(supervisor):
        await until(lambda: len(Fragile.tries) > 10)
        assert Fragile.tries[10] - Fragile.tries[1] > 0.3

    start_fragile(check)


def test_restarts_wait_longer_and_longer():
    async def check(supervisor):
        await until(lambda: len(Fragile.tries) > 4)
        pauses = [later - sooner for sooner, later in zip(Fragile.tries[1:], Fragile.tries[2:], strict=False)]
        for pause, least in zip(pauses, (0.02, 0.04, 0.08), strict=False):  # the first restart does not wait
            assert pause > least * 0.9
        Fragile.away.clear()
        await until(lambda: playground.whereis(Fragile))
        assert supervisor.count_children() == 1

    start_fragile(check, backoff=0.02)


# ---------------------------------------------------------------------------------------------------------------------
# Children that end by themselves, or never begin
# ---------------------------------------------------------------------------------------------------------------------


class Idle(GenServer):
    """Finds nothing to do, for a while."""

    busy = False

    async def init(self, awaits=True):
        if awaits:
            await asyncio.sleep(0)
        return None if Idle.busy else Stop("ignore")

    def terminate(self, reason):
        history.append(f"ends: {reason}")


class IdleAtOnce(Idle):
    def init(self):
        return Stop("ignore")


@pytest.mark.parametrize("cls", [Idle, IdleAtOnce])
@on_a_loop
async def test_a_child_may_find_that_it_has_nothing_to_do(cls):
    alone = await cls.start()
    assert (playground.info(alone).alive, playground.info(alone).reason, history) == (False, "ignore", [])
    supervisor = await Supervisor.start(children=[cls, *workers("a")])
    dynamic = await DynamicSupervisor.start()
    assert not playground.info(await dynamic.start_child(cls)).alive
    assert [server.label for server in supervisor.which_children()] == ["a"]
    assert (dynamic.count_children(), playground.whereis(cls)) == (0, None)
    if cls is Idle:
        Idle.busy = True
        child = await supervisor.restart_child("Idle")
        Idle.busy = False
        assert supervisor.which_children()[0] is child


@on_a_loop
async def test_children_that_are_started_again_on_demand():
    specs = [*workers("a"), *workers("b", restart="transient"), *workers("c")]
    supervisor = await Supervisor.start(children=specs)
    old = playground.whereis("a")
    await end("b", "stop")
    await supervisor.terminate_child("c")
    assert [server.label for server in supervisor.which_children()] == ["a"]
    for label in "abc":
        child = await supervisor.restart_child(label)
        assert playground.whereis(label) is child
    assert (playground.info("a").restarts, playground.info(old).reason) == (1, "shutdown")
    assert [server.label for server in supervisor.which_children()] == ["a", "b", "c"]
    extra = await supervisor.start_child(workers("d")[0])
    await supervisor.terminate_child(extra)
    with pytest.raises(ValueError, match="'d' is no child of Supervisor"):
        await supervisor.restart_child("d")


AUTO_SHUTDOWN = {
    ("never", "xy"): True, ("never", "x"): True,
    ("any_significant", "x"): False, ("any_significant", "a"): True,
    ("all_significant", "x"): True, ("all_significant", "xy"): False, ("all_significant", "a"): True,
}  # fmt: skip


@pytest.mark.parametrize(("auto_shutdown", "who"), AUTO_SHUTDOWN)
@on_a_loop
async def test_a_supervisor_may_end_with_its_significant_children(auto_shutdown, who):
    specs = [*workers("a", restart="transient"), *workers("x", "y", restart="transient", significant=True)]
    supervisor = await Supervisor.start(children=specs, auto_shutdown=auto_shutdown)
    await end("x", "crash")  # is started again
    for label in who:
        await end(label, "stop")
    stays = AUTO_SHUTDOWN[auto_shutdown, who]
    await until(lambda: supervisor.count_children() == 3 - len(who) if stays else not supervisor.count_children())
    assert playground.info(supervisor).alive == stays
    if not stays:
        assert playground.info(supervisor).reason == "shutdown"


@on_a_loop
async def test_what_is_known_of_a_process():
    before = time.time()
    await Supervisor.start(children=workers("a"))
    worker = playground.whereis("a")
    known = playground.info("a")
    assert (known.alive, known.reason, known.restarts, known.mailbox) == (True, None, 0, 0)
    assert before <= known.since <= time.time()
    playground.cast("a", "hang")
    playground.send("a", "waits")
    await until(lambda: "a hangs" in history)
    assert playground.info("a").mailbox == 1
    playground.kill("a")
    assert (playground.info(worker).alive, playground.info(worker).reason) == (False, "killed")
    await until(lambda: playground.whereis("a"))
    assert playground.info("a").restarts == 1
    with pytest.raises(playground.NoProcessError, match="There is no process 'b'"):
        playground.info("b")
    assert playground.info(Worker()).since is None


# ---------------------------------------------------------------------------------------------------------------------
# Work beside a process
# ---------------------------------------------------------------------------------------------------------------------


class Importer(GenServer):
    def init(self):
        self.assign_async("rates", lambda: {"EUR": 1})
        self.start_async(("load", 3), self.load)
        self.results = []

    async def load(self):
        return "loaded"

    def handle_async(self, name, result):
        self.results.append((name, result.result, type(result.failed)))
        return Stop("normal") if result.result == "stop" else None


@on_a_loop
async def test_work_beside_a_process():
    importer = Importer.start()
    await until(lambda: importer.rates.ok and importer.results)
    assert importer.rates.result == {"EUR": 1}
    importer.start_async(("load", 4), lambda: asyncio.sleep(60))
    importer.cancel_async(("load", 4))
    importer.start_async("exits", lambda: sys.exit(2))
    await until(lambda: len(importer.results) == 3)
    assert importer.results == [
        (("load", 3), "loaded", type(None)), (("load", 4), None, asyncio.CancelledError), ("exits", None, SystemExit)
    ]  # fmt: skip
    importer.start_async("last", lambda: "stop")
    await until(lambda: playground.info(importer).reason == "normal")


@on_a_loop
async def test_work_ends_with_its_process():
    importer, ended = Importer.start(), asyncio.Event()

    async def work():
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()

    importer.start_async("work", work)
    await asyncio.sleep(0)
    await playground.stop(importer)
    await ended.wait()


# ---------------------------------------------------------------------------------------------------------------------
# What is said of mistakes
# ---------------------------------------------------------------------------------------------------------------------


@dataclasses.dataclass
class Equal(GenServer):
    number: int = 0


def topic_of_no_text(server):
    for function in (playground.broadcast, functools.partial(playground.broadcast_from, server)):
        with pytest.raises(TypeError, match=r"A topic is a string, not \('room', 5\)"):
            function(("room", 5), "hello")
    server.subscribe(("room", 5))


MISTAKES = {
    "topic": (topic_of_no_text, r"A topic is a string, not \('room', 5\)"),
    "timeout": (lambda server: playground.call(server, "hello", "5"), "timeout is in seconds, 0 or more, not '5'"),
    "timeout in a thread": (
        lambda server: asyncio.to_thread(playground.call_sync, server, "hello", "5"), "timeout is in seconds",
    ),
    "stop": (lambda server: playground.stop(server, timeout=-1), "timeout is in seconds, 0 or more, not -1"),
    "unhashable": (lambda server: Equal.start(), r"Equal defines __eq__ .* a dataclass is @dataclass\(eq=False\)"),
    "not started": (lambda server: playground.call(Echo(), "hello"), r"Echo was made, but not started. Use Echo.start"),
    "name": (lambda server: Worker.start(name="echo"), "'echo' is Echo 'echo' already"),
    "option": (
        lambda server: child_spec(Worker, restarts="never"),
        r"Worker: got an unexpected keyword argument 'restarts' \(id, name, .* are of child_spec\(\) itself\)",
    ),
    "option of no init": (lambda server: child_spec(Keeper, shutdow=1), "Keeper: .* argument 'shutdow'"),
    "option of a function": (lambda server: child_spec(answer, valu=1), "answer: .* argument"),
    "a parameter that is called name": (lambda server: child_spec(Named, name="a"), "Named: .* 'name' .*id, name, "),
    "significant": (lambda server: child_spec(Worker, significant=True), "A significant child has restart="),
}  # fmt: skip


async def answer(value):
    return value


class Named(GenServer):
    def init(self, name):
        pass


@pytest.mark.parametrize(("mistake", "text"), MISTAKES.values(), ids=MISTAKES)
@on_a_loop
async def test_mistakes_are_named(mistake, text):
    server = Echo.start(name="echo")

    async def make():
        if inspect.isawaitable(result := mistake(server)):
            await result

    with pytest.raises((TypeError, ValueError, playground.ProcessError), match=text):
        await make()
    assert playground.info(server).alive
