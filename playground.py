"""Live pages for Python: write a stateful page class, start it with one call, code it live.

.. code-block:: python

    from nicegui import ui
    import playground

    class Counter(playground.LiveView):
        def mount(self):
            self.count = 0

        def render(self):
            ui.label(f"Count: {self.count}")
            ui.button("+", on_click=self.event("inc"))

        def handle_event(self, event):
            self.count += 1

    playground.start(live=Counter)

The module reads from top to bottom, and a section uses only what stands above it: processes (a mailbox, who empties
it, who starts it again), PubSub (topics, also over Redis), files (who wants to know of changes gets to), commands
(programs that run for long), NiceGUI (every private part of it that we rely on), rendering (record, match, build,
patch), terminals (a command in a page), errors (what there is to say of them, and where), views (the page class),
reload (a saved file becomes the running program), server (`start`), testing (`visit`), command line.
"""

from __future__ import annotations
import __future__

import abc
import argparse
import ast
import asyncio
import atexit
import builtins
import codecs
import concurrent.futures
import contextlib
import contextvars
import copy
import dataclasses
import datetime
import decimal
import difflib
import dis
import enum
import errno
import fnmatch
import functools
import gc
import getpass
import hashlib
import importlib.metadata
import importlib.util
import inspect
import io
import ipaddress
import itertools
import json
import linecache
import logging
import math
import mimetypes
import multiprocessing
import operator
import os
import pathlib
import pickle
import re
import runpy
import secrets
import shlex
import shutil
import signal
import socket
import stat
import subprocess
import sys
import textwrap
import threading
import time
import types
import typing
import uuid
import weakref
import webbrowser
from collections import Counter, defaultdict, deque
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Container,
    Coroutine,
    Generator,
    Hashable,
    Iterable,
    Iterator,
    Mapping,
    MappingView,
    Sequence,
)
from html import escape
from itertools import islice
from traceback import FrameSummary, TracebackException, walk_stack, walk_tb
from typing import IO, Any, ClassVar, Self, TypeVar
from urllib.parse import parse_qsl, quote, unquote, urljoin, urlsplit
from urllib.request import url2pathname

import watchfiles
from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse
from nicegui import background_tasks, binding, core, storage, ui
from nicegui import json as nicegui_json
from nicegui import run as nicegui_run
from nicegui.awaitable_response import AwaitableResponse, NullResponse
from nicegui.client import Client
from nicegui.dependencies import JsComponent
from nicegui.element import Element
from nicegui.element_filter import ElementFilter
from nicegui.elements.choice_element import ChoiceElement
from nicegui.elements.drawer import Drawer
from nicegui.elements.link import Link
from nicegui.elements.mixins.validation_element import ValidationElement
from nicegui.elements.mixins.value_element import ValueElement
from nicegui.elements.query import Query, QueryElement
from nicegui.elements.tooltip import Tooltip
from nicegui.elements.upload_files import FileUpload, SmallFileUpload
from nicegui.elements.xterm import Xterm
from nicegui.event import Event
from nicegui.events import (
    EventArguments,
    GenericEventArguments,
    UiEventArguments,
    UploadEventArguments,
    ValueChangeEventArguments,
    handle_event,
)
from nicegui.functions.refreshable import RefreshableContainer
from nicegui.helpers import NoImplicitAwait, event_type_to_camel_case, expects_arguments, should_await
from nicegui.observables import ObservableCollection, ObservableDict, ObservableList, ObservableSet
from nicegui.outbox import Deleted, Message, Outbox
from nicegui.page import page as nicegui_page
from nicegui.persistence.pseudo_persistent_dict import PseudoPersistentDict
from nicegui.server import Server
from nicegui.slot import Slot
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.routing import Match, Mount, Route, Router, compile_path
from uvicorn import Config as UvicornConfig
from uvicorn import Server as UvicornServer

if sys.platform != "win32":
    import fcntl
    import termios

__all__ = [
    "NO_REPLY", "App", "AsyncResult", "CallTimeoutError", "ChildSpec", "Command", "CommandChanged",
    "CommandError", "CommandOutput", "Continue", "Down", "DynamicSupervisor", "FileChanged", "FileState",
    "FileStateError", "FormEventArguments", "GenServer", "Handled", "LiveComponent", "LiveView", "Monitor",
    "NameTakenError", "NoProcessError", "PageError", "Patch", "Patches", "ProcessDownError",
    "ProcessEndedError", "ProcessError", "ProcessInfo", "Registry", "RestartsExceededError", "Saved",
    "SelfCallError", "Sender", "Snapshot", "Stop", "Stream", "Supervisor", "VisitedPage", "Watcher",
    "broadcast", "broadcast_from", "call", "call_sync", "cast", "child_spec", "form", "info", "key", "kill",
    "live_component", "monitor", "mount", "navigate_link", "patch_link", "send", "sources", "start", "stop",
    "subscribe", "terminal", "tree", "unsubscribe", "upload", "visit", "watch", "whereis",
]  # fmt: skip
__version__ = "0.1.0"


def __dir__() -> list[str]:
    return __all__


log = logging.getLogger("playground")

T = TypeVar("T")
S = TypeVar("S", bound="GenServer")
E = TypeVar("E", bound=BaseException)


_ABSENT: Any = object()


class _Interrupted(KeyboardInterrupt):
    """Ctrl-C has interrupted code that blocked the server."""


_Interrupted.__qualname__ = _Interrupted.__name__ = "KeyboardInterrupt"  # what users know it by
_Interrupted.__module__ = "builtins"
_FAILURES = (Exception, SystemExit, _Interrupted)  # what code of a user may raise without taking anybody else along


def _positional_limit(function: Callable[..., Any]) -> int | None:
    """How many positional arguments `function` takes; None for any number."""
    if type(function) is types.FunctionType and "__wrapped__" not in function.__dict__:
        code = function.__code__
        return None if code.co_flags & inspect.CO_VARARGS else code.co_argcount
    parameters = inspect.signature(function).parameters.values()
    if any(parameter.kind is parameter.VAR_POSITIONAL for parameter in parameters):
        return None
    return sum(
        parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD) for parameter in parameters
    )


def _call_with_fewer(method: Callable[..., T], *arguments: Any) -> T:
    """Call a bound `method` with as many of the `arguments` as it has parameters for."""
    function = getattr(method, "__func__", method)
    limit = _positional_limit(function)
    try:
        return method(*arguments if limit is None else arguments[: limit - (function is not method)])
    except TypeError as error:
        _point_to_callee(function, error)
        raise


def _point_to_callee(function: Any, error: TypeError) -> None:
    """Have `error` show `function` if it was never entered, because it wants other arguments."""
    if error.__traceback__ is not None and error.__traceback__.tb_next is None:
        _point_to(function, error)


def _point_to(function: Any, error: E) -> E:
    """Add a note with the file and line of `function` to `error`: there it is to be mended."""
    code = getattr(getattr(function, "__func__", function), "__code__", None)
    return error if code is None else _note_line(error, code, code.co_firstlineno)


def _note_line(error: E, code: types.CodeType, line: int) -> E:
    """Add a note with a line of `code` to `error`, as a traceback shows it."""
    error.add_note(f'  File "{code.co_filename}", line {line}, in {code.co_name}')
    return error


def _wants_full_tracebacks() -> bool:
    return os.environ.get("PLAYGROUND_TRACEBACK") == "full"


def _from_its_own_code(error: E) -> E:
    """Have the traceback of `error` begin where this module has called something."""
    trace = error.__traceback__ if not _wants_full_tracebacks() else None
    while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    return error if trace is None else error.with_traceback(trace)


def _nearly_named(cls: type, name: str) -> Callable[..., Any] | None:
    """A method of `cls` that is called nearly `name`."""
    bases = [base for base in cls.__mro__ if base.__module__ not in (__name__, "builtins")]
    own = {other: value for base in bases for other, value in vars(base).items() if callable(value)}
    near = difflib.get_close_matches(name, own, 1, 0.8)
    return own[near[0]] if near else None


def _near_miss(cls: type, name: str) -> str:
    """A question about a method of `cls` that is called nearly `name`; empty if there is none."""
    near = _nearly_named(cls, name)
    return f" Did you mean it by {near.__name__!r}?" if near else ""


def _check_choice(name: str, value: Any, *choices: str) -> None:
    """Make sure that a parameter called `name` is one of the `choices`."""
    if value not in choices:
        *others, last = (f'"{choice}"' for choice in choices)
        raise ValueError(f"{name} is {', '.join(others)} or {last}, not {value!r:.80}")


def _check_seconds(name: str, seconds: Any, least: float = 0) -> None:
    """Make sure that a parameter called `name` is a number of seconds, or None, or was not given."""
    if seconds is not None and seconds is not _ABSENT and not (isinstance(seconds, (int, float)) and seconds >= least):
        raise ValueError(f"{name} is in seconds, {least:g} or more, not {seconds!r:.80}")


def _do_nothing(*_: Any) -> None:
    """What there is to do for a timer that was cancelled, and for a listener that is no longer registered."""


def _callback(function: Callable[..., Any]) -> Callable[..., Any]:
    """Tell type checkers that it may be overridden with fewer parameters, and as `async`: that is how it is called."""
    return function


def _loop_here() -> asyncio.AbstractEventLoop | None:
    """The event loop that runs in this thread, if one does."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _task_here() -> asyncio.Task[Any] | None:
    """The task that runs in this thread, if one does."""
    return None if _loop_here() is None else asyncio.current_task()


def _is_async(function: Any) -> bool:
    while isinstance(function, functools.partial):
        function = function.func
    return inspect.iscoroutinefunction(function)


async def _in_thread(function: Callable[[], T]) -> T:
    """Call a function in a thread of its own: it takes nobody's turn, and the program does not wait for its end."""
    future: concurrent.futures.Future[T] = concurrent.futures.Future()
    future.set_running_or_notify_cancel()  # nothing that runs in a thread can be cancelled

    def work() -> None:
        try:
            future.set_result(function())
        except BaseException as error:
            future.set_exception(RuntimeError(repr(error)) if isinstance(error, StopIteration) else error)

    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(work,), name="playground async", daemon=True).start()
    return await asyncio.wrap_future(future)


def _wait_for(coroutine: Coroutine[Any, Any, T], loop: asyncio.AbstractEventLoop) -> T:
    """Wait in a thread for what a loop does, no longer than there is the loop."""
    ended = ProcessDownError("The program ends: the event loop that was to answer has been closed.")
    try:
        future = asyncio.run_coroutine_threadsafe(coroutine, loop)
    except RuntimeError:
        coroutine.close()
        raise ended from None
    while not concurrent.futures.wait([future], 0.1).done:
        if loop.is_closed():
            coroutine.close()
            raise ended
    try:
        return future.result()
    except concurrent.futures.CancelledError:
        raise ended from None


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


_LONGEST_REPR = 120
_MOST_ITEMS = 20  # variables, causes, items of a container: more than anyone reads
_BRACKETS = {"list": ("[", "]"), "tuple": ("(", ")"), "dict": ("{", "}"), "set": ("{", "}")}


def _short_repr(value: Any, depth: int = 3) -> str:
    """`repr` in few characters; of what is big only the beginning is rendered."""
    try:
        if isinstance(value, (str, bytes)):
            text = repr(value[:_LONGEST_REPR])
        elif isinstance(value, (list, tuple, dict, set, frozenset, deque, MappingView)) and value:
            text = _short_container(value, depth - 1) if depth else "…"
        elif type(value).__repr__ is typing.cast(Any, object.__repr__):
            text = f"<{type(value).__name__}>"
        else:
            text = repr(value)
    except Exception as error:
        return f"<repr failed: {type(error).__name__}>"
    return _cut(text, _LONGEST_REPR)


def _short_container(value: Any, depth: int) -> str:
    name = type(value).__name__
    opening, closing = _BRACKETS.get(name, (f"{name}(", ")"))
    if isinstance(value, dict):
        pairs = islice(value.items(), _MOST_ITEMS)
        items = [f"{_short_repr(key, depth)}: {_short_repr(item, depth)}" for key, item in pairs]
    else:
        items = [_short_repr(item, depth) for item in islice(value, _MOST_ITEMS)]
    if len(value) > _MOST_ITEMS:
        return f"{len(value):,} items: {opening}{', '.join(items)}, …{closing}"
    comma = "," if name == "tuple" and len(value) == 1 else ""
    return f"{opening}{', '.join(items)}{comma}{closing}"


def _common_ends(one: Sequence[Any], other: Sequence[Any]) -> tuple[int, int]:
    """How many items two sequences have in common at the beginning, and how many of the others at the end."""
    shorter = min(len(one), len(other))
    start = _first_true(map(operator.ne, one, other), shorter)
    end = _first_true(map(operator.ne, reversed(one), reversed(other)), shorter)
    return start, min(end, shorter - start)


def _first_true(flags: Iterable[bool], default: int) -> int:
    """The index of the first one that is true, without a step of Python for each."""
    return next(itertools.compress(itertools.count(), flags), default)


# ---------------------------------------------------------------------------------------------------------------------
# Processes: a mailbox, one message at a time; who starts, names, watches and ends them. Knows nothing of pages.
# Owns what runs (`_running`), the names, the supervisors with their children, and the work beside a process.
#
# A `GenServer` is what its author sees: state and callbacks. Its `_Process` is what makes it go: a mailbox, and a task
# that empties it. The words are those of Erlang's OTP, and so is what they promise.
#
# The life of a message. `cast`, `send`, `call`, `broadcast` and timers make a `_Message`: what to call, with what, and
# who wants to know what became of it. `_Process.post`, from any thread, puts it into the mailbox and has a task made,
# unless there is one. The task (`_work`) takes one message after the other: `handle` calls the callback, awaits what it
# returns, and `finish` does what that asks for (`Continue`, `Stop`), tells who waits, or reports an exception, which
# ends the process. When the mailbox is empty the task ends, so a process that waits costs nothing but its memory.
#
# The life of a process. `start` makes the server, enters its name and calls `init`; messages wait until that is done.
# It ends when a callback returns `Stop` or raises, when it is stopped (by a message behind those that wait), in each
# case after `terminate`; or at once, when it is killed. `end` is the only way out. It drops what is in the mailbox and
# calls what is in `endings`: names, subscriptions, monitors, links, supervisors and callers have each put in there what
# the end of this process means to them. What two processes have to do with each other is tied and untied at both ends
# (`_tie`), so that nothing stays behind of either.
#
# The life of a supervisor. It is a process, too: that a child has ended is a message to it. It stops whom its strategy
# names and starts them again, at once or after a pause; a start that fails is another message, so that it can be asked,
# and stopped, all the time.
#
# What always holds:
#
# - A process handles one message at a time, to its end; everything happens on the thread of its loop. (A page begins
#   the next one while a handler awaits something, see Views: so `handling` may hold several.)
# - Who waits for a process hears of its end: a call that is in the mailbox, being handled, or to be answered later.
# - What a callback raises, be it SystemExit, ends this process and no other; what it cancels in itself, likewise.
# - Nothing here waits for long: there is no preemption, "killed" means cancelled, and what blocks, blocks all.
# ---------------------------------------------------------------------------------------------------------------------


class ProcessError(RuntimeError):
    """A process could not be started or reached, or did not answer; the base of the errors below."""


class NoProcessError(ProcessError):
    """There is no such process, or it has ended. (Erlang's `noproc`)"""


class ProcessEndedError(NoProcessError):
    """The process has ended already."""


class ProcessDownError(ProcessError):
    """The process ended before it answered, or while it was starting."""


class SelfCallError(ProcessError):
    """A process called itself, and would have waited for itself forever. (Erlang's `calling_self`)"""


class CallTimeoutError(ProcessError, TimeoutError):
    """The process did not answer in time; it may still do what it was asked to."""


class NameTakenError(ProcessError):
    """A process with this name, or this key of a registry, exists already. (Erlang's `already_started`)"""


class RestartsExceededError(ProcessError):
    """The children of a supervisor ended too often in too short a time."""


class _CannotTryError(ProcessError):
    """A `mount` or `init` cannot be tried out after a save, since it does something that cannot be taken back."""


_NORMAL_REASONS = ("normal", "shutdown", "ignore")

_at_work: contextvars.ContextVar[GenServer | None] = contextvars.ContextVar("_at_work", default=None)


def _process_at_work(what: str) -> GenServer:
    server = _at_work.get()
    if server is None:
        raise RuntimeError(f"{what} is for code that a process runs: a callback of a page or of a GenServer.")
    return server


def _caller() -> _Process:
    """The process whose code calls; one that does nothing else if there is none."""
    server = _at_work.get()
    return _OUTSIDE if server is None else server._process


def _is_on_trial() -> bool:
    """Whether what runs here is only tried out, after a save: it reaches no other process."""
    return _caller().on_trial


# -- what is in a mailbox


@dataclasses.dataclass(slots=True, eq=False)
class _Message:
    """Something a process has to do: call `function`, or its callback of that name, with a `request` and who made it;
    `done` hears what became of it."""

    function: str | Callable[..., Any]
    request: Any = None
    sender: Sender | None = None
    name: str = ""
    done: Callable[[Any, BaseException | None], object] | None = None
    origin: Any = None  # a page knows what its messages come from

    def run(self, server: GenServer) -> Any:
        """Call what is to be called, as it is now."""
        function = getattr(server, self.function) if isinstance(self.function, str) else self.function
        if self.sender is not None:
            return _call_with_fewer(function, self.request, self.sender)
        if type(getattr(function, "__func__", None)) is types.FunctionType and function.__code__.co_argcount == 2:
            return function(self.request)  # nothing is to be left out: the short way
        return _call_with_fewer(function, self.request)

    @property
    def label(self) -> str:
        """What to call it in a log."""
        return self.name or f"{self.function}({_short_repr(self.request)})"

    def drop(self, error: Exception) -> None:
        """Tell who waits that it will not be handled."""
        if self.done is not None:
            self.done(None, error)


class _News:
    """A message that nobody has to handle: a page is rendered again in any case."""

    __slots__ = ()


class Sender:
    """Who made a call: return the answer from `handle_call`, or keep the sender and `reply` later. (`from` of OTP)"""

    __slots__ = ("_answer", "_process")

    def __init__(self, process: _Process, answer: asyncio.Future[Any]) -> None:
        self._process, self._answer = process, answer
        process.endings[self] = lambda _: self._fail(process.down())

    def reply(self, value: Any) -> None:
        """Answer the call, from any thread; what nobody waits for any more is dropped."""
        self._settle(self._answer.set_result, value)

    def _fail(self, error: BaseException) -> None:
        self._settle(self._answer.set_exception, _as_exception(self._process.server, error))

    def _handled(self, result: Any, error: BaseException | None) -> None:
        if error is not None:
            self._fail(error)
        elif result is not NO_REPLY and type(result) is not Continue and type(result) is not Stop:
            self.reply(result)

    def _settle(self, setter: Callable[[Any], None], outcome: Any) -> None:
        def settle() -> None:
            if not self._answer.done():
                setter(outcome)

        self._process.endings.pop(self, None)
        loop = self._answer.get_loop()
        if _loop_here() is loop:
            settle()
        else:
            with contextlib.suppress(RuntimeError):  # the loop has been closed: nobody waits any more
                loop.call_soon_threadsafe(settle)


NO_REPLY: Any = enum.Enum("NoReply", "NO_REPLY").NO_REPLY  # type: ignore[attr-defined]
"""What `handle_call` returns if `sender.reply(value)` comes later."""


@dataclasses.dataclass(frozen=True, slots=True)
class Continue:
    """Return it from a callback to have `handle_continue(argument)` called before anything else is handled."""

    argument: Any = None


@dataclasses.dataclass(frozen=True, slots=True)
class Stop:
    """Return it from a callback to end the process. Any reason but "normal" and "shutdown" counts as a crash.

    `Stop("ignore")` from `init` says that there is nothing to do: no process, and nothing for a supervisor to start
    again. (`:ignore`)
    """

    reason: Any = "normal"


class _Timer:
    """A message that comes later, once or again and again; what `send_after` and `send_interval` return."""

    def __init__(self, server: GenServer, seconds: float, message: Any, *, repeat: bool) -> None:
        self._process, self._seconds, self._repeat = server._process, seconds, repeat
        self._message = _Message("handle_info", message, done=self._handled)
        self._is_waiting = False  # whether the message is in the mailbox, or handled
        self._due = time.monotonic()
        self._handle: asyncio.TimerHandle | None = None
        if self._process.alive:
            self._process.timers.add(self)
        self._process.on_loop(self.schedule)

    def cancel(self) -> None:
        """Stop the timer; nothing of it arrives from now on."""
        self._process.timers.discard(self)
        self._message.function = _do_nothing  # it may be in the mailbox
        if self._handle is not None:
            self._process.on_loop(self._handle.cancel)

    def schedule(self) -> None:
        """Have the loop call when it is due."""
        if self in self._process.timers:
            self._due = max(self._due + self._seconds, time.monotonic())
            self._handle = self._process.loop.call_later(self._due - time.monotonic(), self._fire)

    def _fire(self) -> None:
        if not self._is_waiting:  # a slow handler gets the next tick late, not a heap of them
            self._is_waiting = True
            self._process.post(self._message)
        if self._repeat:
            self.schedule()
        else:
            self._process.timers.discard(self)

    def _handled(self, _: Any, __: BaseException | None) -> None:
        self._is_waiting = False


# -- who empties it


@dataclasses.dataclass(slots=True, eq=False)
class _Work:
    """Something that goes on since `mount` or `init`: a timer, a subscription, work beside the process."""

    start: Callable[..., Any]  # called with a process and the arguments
    arguments: tuple[Any, ...]
    result: Any
    end: Callable[[], object]
    form: Any = None  # of the arguments, as they were then: what Reload compares


class _Process:
    """The mailbox of one server and the task that empties it; the task exists only while there is something to do."""

    on_trial: ClassVar[bool] = False  # Reload has a subclass that is: what it runs after a save is only tried out

    def __init__(self, server: GenServer) -> None:
        self.server = server
        self.name: Hashable | None = None
        self.arguments: Mapping[str, Any] = {}  # of `init`
        self.mailbox: deque[_Message] = deque()
        self.timers: set[_Timer] = set()
        self.jobs: dict[Hashable, asyncio.Task[AsyncResult]] = {}  # what goes on beside it
        self.endings: dict[Any, Callable[[Any], object]] = {}  # to be called with the reason when it has ended
        self.loop: asyncio.AbstractEventLoop = None  # type: ignore[assignment]  # set when attached
        self.thread = 0
        self.since: float | None = None  # in seconds since 1970
        self.worker: asyncio.Task[None] | None = None
        self.starting: asyncio.Task[Exception | None] | None = None  # an async `init`
        self.is_awaited = False  # whether somebody gets to know how an async `init` ends
        self.handling: dict[asyncio.Task[None], _Message] = {}  # what is being handled, by the task that does so
        self.held = self.alive = True
        self.leaving: Stop | None = None  # it ends as soon as it is done with the current message
        self.reason: Any = None  # why it has ended
        self.restarts = self.handled = 0
        self.work: list[_Work] = []  # what `mount` or `init` has started

    when_begun: ClassVar[Callable[[Any], object]] = staticmethod(_do_nothing)  # Reload wants to know
    observe: ClassVar[Callable[..., object]] = staticmethod(_do_nothing)  # what tells tools of a message

    def note_work(self, start: Callable[..., Any], *arguments: Any, result: Any, end: Callable[[], object]) -> None:
        """Note what `mount` or `init` starts, and how: after a save it may have to end, or to start elsewhere."""
        if self.held:
            self.work.append(_Work(start, arguments, result, end))

    # what a page does in its own way

    def when_idle(self) -> None:
        """Called when the mailbox is empty."""

    def report(self, error: BaseException, label: str) -> None:
        """What nobody caught ends the process."""
        log.error("%s crashed in %s", _called(self.server), label, exc_info=_from_its_own_code(error))
        self.leaving = Stop(error)

    # what its code does to other processes; one on trial does nothing of it

    def spawn(self, cls: type[S], arguments: Mapping[str, Any], name: Hashable | None) -> S:
        """Start a process on the running loop."""
        server = cls()
        server._process.arguments, server._process.name = arguments, name
        if name is not None:
            _names._add(name, server, None)
        server._process.begin()
        return server

    async def ask(self, server: GenServer, callback: str, timeout: float | None, request: Any) -> Any:
        """Have another process handle a request, and wait for its answer."""
        its = server._process
        its.check()
        if its.current is not None:
            raise SelfCallError(f"{_called(server)} calls itself with {request!r:.80}. Call the method directly.")
        answer = asyncio.get_running_loop().create_future()
        sender = Sender(its, answer)
        its.post(_Message(callback, request, sender, done=sender._handled))
        try:
            async with asyncio.timeout(timeout):
                return await answer
        except TimeoutError:
            if not answer.cancelled():  # `handle_call` has raised it
                raise
            raise CallTimeoutError(f"{_called(server)} did not answer {request!r:.80} within {timeout:g} s") from None
        finally:
            its.endings.pop(sender, None)

    # life

    def attach(self) -> None:
        """Belong to the running event loop and its thread."""
        self.loop = asyncio.get_running_loop()
        self.thread, self.since = threading.get_ident(), time.time()
        for timer in self.timers:  # of a constructor
            timer.schedule()
        _by_class._add(typing.cast(Hashable, type(self.server)), self.server, None)

    def begin(self) -> None:
        """Call `init`; messages wait until it is done. An exception is the caller's, unless `init` is async."""
        self.attach()
        token = _at_work.set(self.server)
        try:
            result = self.server.init(**self.arguments)
            if should_await(result):
                self.starting = self.loop.create_task(self._begin_later(result), name="playground init")
            else:
                self._begun(result)
        except (*_FAILURES, asyncio.CancelledError) as error:
            self.end(error)
            raise _as_exception(self.server, error)  # noqa: B904 - it is that, or has it as its cause
        finally:
            _at_work.reset(token)

    async def _begin_later(self, result: Awaitable[Any]) -> Exception | None:
        try:
            self._begun(await result)
        except (*_FAILURES, asyncio.CancelledError) as error:
            is_killed = isinstance(error, asyncio.CancelledError)
            if not self.is_awaited and not is_killed:
                log.error("%s could not start", _called(self.server), exc_info=error)
            self.end("killed" if is_killed else error)
            return _as_exception(self.server, self.reason)
        return None

    def _begun(self, result: Any) -> None:
        if type(result) is Stop and result.reason == "ignore":
            self.end("ignore")
        self._obey(result)
        _Process.when_begun(self.server)
        self.release()

    def release(self) -> None:
        """Begin to handle messages; until then they wait."""
        self.held = False
        self.wake()

    def request_stop(self, reason: Any) -> None:
        """End after what is in the mailbox now; a supervisor does not wait for a child that it is starting."""
        self.post(_Message(lambda: Stop(reason), name="stop"))
        if self.server._patience is None:
            self.server._break_off()

    async def shut_down(self, reason: Any, seconds: float | None = _ABSENT) -> None:
        """End with `reason`, or by force after some seconds, by default those that the server has by itself; None
        waits as long as it takes."""
        seconds = self.server._patience if seconds is _ABSENT else seconds
        if self.alive and seconds == 0:
            self.kill("killed")
        if not self.alive:
            return
        ended = self.loop.create_future()
        self.endings[ended] = ended.set_result
        self.request_stop(reason)
        await asyncio.wait([ended], timeout=seconds)
        self.endings.pop(ended, None)
        if self.alive:
            log.warning("%s did not end within %g s and was killed", _called(self.server), seconds)
            self.kill("killed")

    def kill(self, reason: Any) -> None:
        """End at once: drop what waits, cancel what runs."""
        self.end(reason)
        for task in dict.fromkeys([self.starting, *self.handling, self.worker]):
            if task is not None and not (self.current is not None and task is _task_here()):
                task.cancel()

    def end(self, reason: Any) -> None:
        """Have ended: nothing is handled any more, and whoever waits or watches gets to know."""
        if not self.alive:
            return
        self.alive, self.reason = False, reason
        for timer in list(self.timers):
            timer.cancel()
        for job in self.jobs.values():
            job.cancel()
        while self.mailbox:
            self.mailbox.popleft().drop(self.down())
        for ending in list(self.endings.values()):
            ending(reason)
        self.endings.clear()

    def check(self) -> None:
        """Make sure that it can be asked."""
        if not self.alive:
            raise ProcessEndedError(f"{_called(self.server)} has ended: {self.reason!r}")
        if self.since is None:
            cls = type(self.server).__name__
            raise NoProcessError(f"{cls} was made, but not started. Use {cls}.start().")

    def down(self) -> ProcessDownError:
        """What somebody gets who waits for an answer that will not come."""
        return ProcessDownError(f"{_called(self.server)} has ended: {self.reason!r}")

    # messages

    def on_loop(self, function: Callable[..., object], *arguments: Any) -> None:
        """Call `function` on the process's loop: now when this is its thread, else as soon as it comes round."""
        if threading.get_ident() == self.thread:
            function(*arguments)
        elif self.loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has been closed: there is nobody left to tell
                self.loop.call_soon_threadsafe(function, *arguments)

    def post(self, message: _Message) -> None:
        """Put a message into the mailbox, from any thread."""
        if not self.alive:
            message.drop(self.down())
        elif not _caller().on_trial:
            self.mailbox.append(message)
            if self.worker is None:
                self.on_loop(self.wake)

    def post_info(self, message: Any) -> None:
        """Put something for `handle_info` into the mailbox, from any thread."""
        self.post(_Message("handle_info", message))

    def wake(self) -> None:
        """Make sure that the mailbox is emptied and `when_idle` called."""
        if self.worker is None and not self.held and self.alive:
            self.worker = self.loop.create_task(self._work(), name="playground process")

    @property
    def current(self) -> _Message | None:
        """The message whose handler is the caller."""
        return self.handling.get(typing.cast("asyncio.Task[None]", _task_here()))

    @property
    def has_next(self) -> bool:
        """Whether there is a message to handle now."""
        return bool(self.mailbox)

    async def _work(self) -> None:
        _at_work.set(self.server)
        me = typing.cast("asyncio.Task[None]", self.worker)
        try:
            while self.alive and self.worker is me:
                if self.leaving is not None:
                    await self._leave(self.leaving.reason)
                elif self.has_next:
                    self.handling[me] = message = self.mailbox.popleft()
                    if _MESSAGES in _topics._entries:
                        self.observe(self, message)
                    if (waiting := self.handle(message)) is not None:
                        await waiting
                    del self.handling[me]
                    self.handled += 1
                    if self.handled % 64 == 0:  # a flood of messages must not starve the others
                        await asyncio.sleep(0)
                else:
                    self.when_idle()
                    if not self.has_next:
                        return
        except BaseException as error:  # its task was cancelled: the loop ends, or it has done so to itself
            if self.worker is me:
                self.end(error if isinstance(error, Exception) else "killed")
            raise
        finally:
            self.handling.pop(me, None)
            is_replaced = self.worker is not me  # while it awaited something, another task took over
            if not is_replaced:
                self.worker = None
            if is_replaced or self.has_next:
                self.wake()

    def handle(self, message: _Message) -> Awaitable[None] | None:
        """Handle a message; returns what there is to await."""
        try:
            result = message.run(self.server)
            if result is not None and should_await(result):
                return self._handle_rest(message, result)
        except (*_FAILURES, asyncio.CancelledError) as error:
            self.finish(message, None, error)  # in here: NiceGUI logs what is being handled
        else:
            self.finish(message, result)
        return None

    async def _handle_rest(self, message: _Message, awaitable: Awaitable[Any]) -> None:
        try:
            result = await awaitable
        except (*_FAILURES, asyncio.CancelledError) as error:
            task = typing.cast("asyncio.Task[Any]", asyncio.current_task())
            if isinstance(error, asyncio.CancelledError) and (not self.alive or task.cancelling()):
                message.drop(self.down())
                raise
            self.finish(message, None, error)
        else:
            self.finish(message, result)

    def finish(self, message: _Message, result: Any, error: BaseException | None = None) -> None:
        """Do what a callback has asked for by what it returned, report what it raised, and tell who waits."""
        if isinstance(error, asyncio.CancelledError):
            cancelled = RuntimeError("something that was awaited has been cancelled")
            cancelled.__cause__, error = error, cancelled
        if error is not None:
            self.report(error, message.label)
        elif result is not None:
            self._obey(result)
        if message.done is not None:
            message.done(result, error)

    def _obey(self, result: Any) -> None:
        if type(result) is Continue:
            self.mailbox.appendleft(_Message("handle_continue", result.argument))
        elif type(result) is Stop:
            self.leaving = result

    async def _leave(self, reason: Any) -> None:
        for task in self.handling:
            task.cancel()
        try:
            ending = _call_with_fewer(self.server.terminate, reason)
            if should_await(ending):
                await ending
        except _FAILURES as error:
            log.error("%s failed in terminate", _called(self.server), exc_info=error)
        self.end(reason)


def _as_exception(server: GenServer, reason: Any) -> Exception:
    """Why a process ends, as what can be raised elsewhere: SystemExit would end the program, StopIteration a loop."""
    if isinstance(reason, Exception) and not isinstance(reason, StopIteration):
        return reason
    error = ProcessDownError(f"{_called(server)} has ended: {reason!r}")
    error.__cause__ = reason if isinstance(reason, BaseException) else None
    return error


_OUTSIDE = _Process(typing.cast("GenServer", None))  # of code that no process runs


def _tie(
    one: _Process, when_one_ends: Callable[[Any], object], other: _Process, when_other_ends: Callable[[Any], object]
) -> Callable[[], None]:
    """Have functions called with the reason when one of two processes has ended; what is returned unties them."""

    def untie() -> None:
        one.endings.pop(untie, None)
        other.endings.pop(untie, None)

    def ending(function: Callable[[Any], object], reason: Any) -> None:
        untie()
        function(reason)

    one.endings[untie] = functools.partial(ending, when_one_ends)
    other.endings[untie] = functools.partial(ending, when_other_ends)
    return untie


# -- work beside a process


@dataclasses.dataclass(frozen=True, slots=True)
class AsyncResult:
    """What is known of work that goes on beside a page or a process. (Phoenix's `AsyncResult`)

    :ivar loading: whether it goes on
    :ivar ok: whether there is a result, be it that of an earlier time
    :ivar result: what it returned
    :ivar failed: the exception that ended it, an `asyncio.CancelledError` if it was cancelled; otherwise None
    """

    loading: bool = False
    ok: bool = False
    result: Any = None
    failed: BaseException | None = None


async def _outcome(function: Any, name: str) -> AsyncResult:
    """Do some work: on the loop if it is async, else in a thread."""
    try:
        if not inspect.isawaitable(function):
            function = function() if _is_async(function) else await _in_thread(function)
        return AsyncResult(ok=True, result=await function if inspect.isawaitable(function) else function)
    except asyncio.CancelledError as error:
        return AsyncResult(failed=error)
    except _FAILURES as error:
        log.warning("%s failed", name, exc_info=error)
        return AsyncResult(failed=error)


def _run_job(process: _Process, name: Hashable, function: Any, deliver: Callable[..., Any], origin: Any) -> None:
    """Have `deliver` called, in its turn, with what becomes of `function`, unless `name` is started again."""
    jobs, label = process.jobs, _called_job(name)
    if name in jobs:
        jobs.pop(name).cancel()
    job = jobs[name] = process.loop.create_task(_outcome(function, label), name=f"playground {label}")

    def finish() -> Any:
        if jobs.get(name) is not job:
            return None
        del jobs[name]
        return deliver(AsyncResult(failed=asyncio.CancelledError()) if job.cancelled() else job.result())

    job.add_done_callback(lambda _: process.post(_Message(finish, name=f"the result of {label}", origin=origin)))


def _called_job(name: Hashable) -> str:
    parts = name if isinstance(name, tuple) else (name,)
    return ", ".join(part.__name__ if isinstance(part, type) else str(part) for part in parts)


def _check_job(name: Any, function: Any) -> None:
    if not callable(function) and not inspect.isawaitable(function):
        raise TypeError(f"{_called_job(name)}: give a function, async or not, not {function!r:.80}")


# -- what is written with them


class _WithJobs:
    """What can have work done beside it: a process, a page, or a component of a page."""

    _process: _Process

    @_callback
    def handle_async(self, name: Any, result: AsyncResult) -> Any:
        """Handle what has become of `start_async(name, ...)`; override it, may be `async`."""
        raise NotImplementedError(f"{type(self).__name__} started {name!r} but has no handle_async(name, result).")

    def assign_async(self, name: str, function: Any, *, reset: bool = False) -> None:
        """Do some work beside it and keep what is known of it in an attribute, as an `AsyncResult`.
        (`assign_async`)

        .. code-block:: python

            def mount(self):
                self.assign_async("orders", fetch_orders)

            def render(self):
                if self.orders.loading:
                    ui.spinner()
                elif self.orders.ok:
                    ui.label(f"{len(self.orders.result)} orders")
                else:
                    ui.label(f"No orders: {self.orders.failed}")

        A new start of the same name replaces the one before, whose result is dropped.

        :param name: the attribute
        :param function: an async function, which runs on the loop, or a plain one, which runs in a thread
        :param reset: whether to forget the result of an earlier time while loading
        """
        self._refuse_in_render("assign_async()")
        _check_job(name, function)
        before = getattr(self, name, None)
        known = before if isinstance(before, AsyncResult) and not reset else AsyncResult()
        setattr(self, name, dataclasses.replace(known, loading=True, failed=None))

        def deliver(outcome: AsyncResult) -> None:
            if outcome.ok:
                setattr(self, name, outcome)
            elif hasattr(self, name):  # a save may have taken it away, which ends the work
                setattr(self, name, dataclasses.replace(getattr(self, name), loading=False, failed=outcome.failed))

        self._start_job(_WithJobs.assign_async, name, function, deliver)

    def start_async(self, name: Hashable, function: Any) -> None:
        """Do some work beside it; `handle_async(name, result)` gets an `AsyncResult` of it.
        (`start_async`)

        A new start of the same name replaces the one before, whose result is dropped.

        :param name: a text, or anything that can be a key of a dictionary
        :param function: an async function, which runs on the loop, or a plain one, which runs in a thread
        """
        self._refuse_in_render("start_async()")
        _check_job(name, function)
        deliver = functools.partial(_call_with_fewer, self.handle_async, name)
        self._start_job(_WithJobs.start_async, name, function, deliver)

    def _start_job(self, start: Callable[..., Any], name: Any, function: Any, deliver: Callable[..., Any]) -> None:
        job, origin = self._job(name)
        self._process.on_loop(_run_job, self._process, job, function, deliver, origin)
        if self._process.server is self:  # a component has that of its page
            self._process.note_work(start, name, function, result=None, end=lambda: self.cancel_async(name))

    def cancel_async(self, name: Hashable) -> None:
        """Give up what `assign_async` or `start_async` has started; its result says so. A thread runs on unheard."""

        def cancel() -> None:
            if job := self._process.jobs.get(self._job(name)[0]):
                job.cancel()

        self._process.on_loop(cancel)

    def _job(self, name: Any) -> tuple[Hashable, Any]:
        """What its process is to call a job, and the origin of the message that its result becomes."""
        return tuple(name) if isinstance(name, list) else name, None

    def _refuse_in_render(self, what: str) -> None:
        """Refuse what would come again with every `render`, where there is one."""


class GenServer(_WithJobs):
    """A process: state of its own, one mailbox, one message at a time. (OTP's `gen_server`)

    .. code-block:: python

        class Stack(playground.GenServer):
            def init(self, items=()):
                self.items = list(items)

            def handle_call(self, request):
                match request:
                    case "pop":
                        return self.items.pop()

            def handle_cast(self, request):
                match request:
                    case ("push", item):
                        self.items.append(item)

        playground.start(live=Page, children=[(Stack, {"items": [1]})])

        await playground.call(Stack, "pop")  # in an async callback of a page

    Callbacks run strictly one after the other, also when they are `async`, and may take fewer arguments than listed
    here. An exception in one of them ends the process; its supervisor starts another one, with a new state. There is no
    preemption: what blocks (`time.sleep`, a long computation) blocks all processes and pages and belongs into a thread.
    """

    _process: _Process
    _make_process: ClassVar[type[_Process]] = _Process
    _can_be_started: ClassVar[bool] = True
    _role: ClassVar[str] = "process"
    _crash_is_told: ClassVar[bool] = True  # to the process that it is linked to
    _patience: float | None = 5.0  # seconds to end in before it is killed; None for as long as it takes

    def __new__(cls, *_: Any, **__: Any) -> Self:
        if typing.cast(Any, cls).__hash__ is None:
            raise TypeError(f"{cls.__name__} defines __eq__ without __hash__; a dataclass is @dataclass(eq=False).")
        server = super().__new__(cls)
        object.__setattr__(server, "_process", cls._make_process(server))
        return server

    @classmethod
    def start(cls, *, name: Hashable | None = None, **arguments: Any) -> Self:
        """Start a process that nobody supervises; `await` what is returned if its `init` is async. (`GenServer.start`)

        :param name: a name to reach it by, with `call`, `cast`, `send` and `whereis`
        :param arguments: for `init`
        :returns: the process; awaiting it waits for an async `init` and raises what that raises
        :raises NameTakenError: if a process has the name already
        :raises ProcessDownError: if it ends while it is starting
        """
        return _start(_at_work.get(), cls, arguments, name)

    @classmethod
    def start_link(cls, *, name: Hashable | None = None, **arguments: Any) -> Self:
        """Start a process that ends with the one that starts it, and takes it along if it crashes; a page shows the
        error instead and goes on. (`GenServer.start_link`)

        :raises RuntimeError: if no process calls it
        """
        parent = _process_at_work("start_link()")
        parent._refuse_in_render("start_link()")
        return _start(parent, cls, arguments, name, linked=True)

    def __await__(self) -> Generator[Any, None, Self]:
        starting, self._process.is_awaited = self._process.starting, True
        if starting is not None:
            yield from asyncio.wait([starting]).__await__()
            if error := self._process.down() if starting.cancelled() else starting.result():
                raise error
        return self

    @_callback
    def init(self) -> Any:
        """Set up the state, from the arguments of `start` or of the child specification; may be `async`."""

    @_callback
    def handle_call(self, request: Any, sender: Sender) -> Any:
        """Answer a `call`: return the answer, or NO_REPLY and `sender.reply(...)` later; override it."""
        raise NotImplementedError(f"{type(self).__name__} got the call {request!r:.80} but has no handle_call.")

    @_callback
    def handle_cast(self, request: Any) -> Any:
        """Handle a `cast`; override it."""
        raise NotImplementedError(f"{type(self).__name__} got the cast {request!r:.80} but has no handle_cast.")

    @_callback
    def handle_info(self, message: Any) -> Any:
        """Handle what was sent with `send` or `broadcast`, and what a monitor tells; override it."""
        if not isinstance(message, _News):
            log.warning("%s got %r but has no handle_info", type(self).__name__, message)

    @_callback
    def handle_continue(self, argument: Any) -> Any:
        """Go on after a callback that has returned `Continue(argument)`; override it."""
        raise NotImplementedError(f"{type(self).__name__} got Continue({argument!r:.80}) but has no handle_continue.")

    @_callback
    def terminate(self, reason: Any) -> Any:
        """Clean up; called once when the process ends, unless it is killed.

        :param reason: "normal", "shutdown" (it was stopped), "closed" (a page was left), or the exception of a crash
        """

    def send(self, message: Any) -> None:
        """Put `message` into this process's own mailbox, from any thread; `handle_info` gets it. (Erlang's `send`)"""
        self._refuse_in_render("send()")
        self._process.post_info(message)

    def send_after(self, seconds: float, message: Any) -> _Timer:
        """Send `message` to this process after `seconds`; `.cancel()` on the result takes it back."""
        return self._send_later(seconds, message, repeat=False)

    def send_interval(self, seconds: float, message: Any) -> _Timer:
        """Send `message` to this process every `seconds` until `.cancel()`; a tick that finds the last one unhandled
        is left out."""
        return self._send_later(seconds, message, repeat=True)

    def subscribe(self, topic: str) -> None:
        """Have `handle_info` called with every message that is broadcast on `topic`, until this process ends.

        :raises TypeError: if the topic is no string
        """
        _topics._add(_checked_topic(topic), self, None)
        self._process.note_work(GenServer.subscribe, topic, result=None, end=lambda: self.unsubscribe(topic))

    def unsubscribe(self, topic: str) -> None:
        """Get nothing more of `topic`."""
        _topics._remove(topic, self)

    def _send_later(self, seconds: float, message: Any, *, repeat: bool) -> _Timer:
        start = GenServer.send_interval if repeat else GenServer.send_after
        self._refuse_in_render(f"{start.__name__}()")
        if not isinstance(seconds, (int, float)) or not seconds >= (1e-3 if repeat else 0):
            raise ValueError(f"{start.__name__}(seconds, message) takes a number of seconds first, got {seconds!r}")
        timer = _Timer(self, seconds, message, repeat=repeat)
        self._process.note_work(start, seconds, message, result=timer, end=timer.cancel)
        return timer

    def _break_off(self) -> None:
        """Do not go on with starting."""
        self._process.kill("killed")

    def _kind(self) -> str:
        return type(self).__name__

    def _linked_ended(self, end: tuple[GenServer, Any]) -> Stop | None:
        return Stop(_as_exception(*end))


def _called(server: GenServer) -> str:
    """What to call a process in a log: its class, and its name if it has one."""
    name = server._process.name
    return server._kind() if name is None else f"{server._kind()} {name!r}"


def _link(parent: GenServer, server: S) -> S:
    """Have `server` end with its parent, and tell the parent if it crashes."""
    mine, its = parent._process, server._process

    def crashed(reason: Any) -> None:
        if reason not in _NORMAL_REASONS and server._crash_is_told:
            mine.post(_Message("_linked_ended", (server, reason)))

    _tie(mine, lambda _: its.request_stop("shutdown"), its, crashed)
    if not mine.alive:
        its.request_stop("shutdown")
    return server


def _start(
    starter: GenServer | None, cls: type[S], arguments: Mapping[str, Any], name: Hashable | None, linked: bool = False
) -> S:
    """Start a process, which is noted if `mount` or `init` of the starter does so."""
    server = _spawn(cls, arguments, name)
    if starter is not None:
        end = lambda: server._process.request_stop("shutdown")  # noqa: E731
        starter._process.note_work(_start, cls, arguments, name, linked, result=server, end=end)
        if linked:
            _link(starter, server)
    return server


def _spawn(cls: type[S], arguments: Mapping[str, Any], name: Hashable | None) -> S:
    """Start a process on the running loop; from another thread on the loop of the server."""
    if (starter := _at_work.get()) is not None:
        starter._refuse_in_render(f"{cls.__name__}.start()")
    if _loop_here() is not None or _is_on_trial():
        return _caller().spawn(cls, arguments, name)
    if core.loop is None or not core.loop.is_running():
        text = f"Give it to start(children=[{cls.__name__}]), or call it in a callback."
        raise RuntimeError(f"{cls.__name__}.start() needs a running event loop. {text}")

    async def spawn() -> S:
        return await _spawn(cls, arguments, name)

    return _wait_for(spawn(), core.loop)


# -- reaching a process


class Registry:
    """Processes by keys, which vanish with their process. (Elixir's `Registry`)

    .. code-block:: python

        games = playground.Registry()

        class Game(playground.GenServer):
            def init(self, code):
                games.register(code)

        games.whereis("ABCD")  # the process, or None

    :param keys: "unique" (a key has one process) or "duplicate" (any number)
    """

    def __init__(self, keys: str = "unique") -> None:
        _check_choice("keys", keys, "unique", "duplicate")
        self._is_unique = keys == "unique"
        self._entries: dict[Hashable, dict[GenServer, Any]] = {}

    def register(self, key: Hashable, value: Any = None) -> None:
        """Register the calling process under `key`, with a value of its choice.

        :raises NameTakenError: if the keys are unique and another process has this one
        :raises RuntimeError: if no process calls it
        """
        self._add(key, _process_at_work("register()"), value)

    def _add(self, key: Hashable, server: GenServer, value: Any) -> None:
        process = server._process
        if not process.alive:
            return
        owners = self._entries.get(key, {})
        if self._is_unique and owners and server not in owners:
            raise NameTakenError(f"{key!r} is {_called(next(iter(owners)))} already")
        self._entries.setdefault(key, owners)[server] = value
        process.endings[self, key] = lambda _: self._remove(key, server)

    def unregister(self, key: Hashable) -> None:
        """Take the calling process's entry under `key` back."""
        self._remove(key, _process_at_work("unregister()"))

    def _remove(self, key: Hashable, server: GenServer) -> None:
        owners = self._entries.get(key, {})
        owners.pop(server, None)
        if not owners:
            self._entries.pop(key, None)
        server._process.endings.pop((self, key), None)

    def lookup(self, key: Hashable) -> list[tuple[GenServer, Any]]:
        """The processes under `key` and their values."""
        return list(self._entries.get(key, {}).items())

    def whereis(self, key: Hashable) -> GenServer | None:
        """The process under `key`, the first one if there are several; None if there is none."""
        return next(iter(self._entries.get(key, ())), None)

    def keys(self, server: GenServer | None = None) -> list[Hashable]:
        """All keys, or those of one process."""
        return [key for key, owners in self._entries.items() if server is None or server in owners]

    def dispatch(self, key: Hashable, function: Callable[[GenServer, Any], object]) -> None:
        """Call `function(process, value)` for every process under `key`."""
        for server, value in self.lookup(key):
            function(server, value)


_names = Registry()
_topics = Registry("duplicate")  # who gets what is broadcast
_MESSAGES, _SAVES, _TOOLS = "playground:messages", "playground:saves", "playground:tools"  # what tools subscribe to
_STAGE = "playground_stage"  # the module of our own tools
_by_class = Registry("duplicate")
_running = typing.cast("dict[type[GenServer], dict[GenServer, Any]]", _by_class._entries)


def _checked_topic(topic: Any) -> str:
    if not isinstance(topic, str):
        raise TypeError(f"A topic is a string, not {topic!r:.80}")
    return topic


def whereis(name: Hashable) -> GenServer | None:
    """The process that was started with this name, or the only one of this class. (Erlang's `whereis`)

    :raises ValueError: if it is a class of which several processes run
    """
    named = _names.whereis(name)
    if named is not None or not isinstance(name, type):
        return named
    servers = _running.get(name, {})
    if len(servers) > 1:
        raise ValueError(f"{len(servers)} processes of {name.__name__} run. Start it with a name, or use a Registry.")
    return next(iter(servers), None)


def _find(server: Any) -> GenServer:
    found = server if isinstance(server, GenServer) else whereis(server)
    if found is None:
        shown = server.__name__ if isinstance(server, type) else repr(server)
        known = ", ".join(map(repr, _names.keys())) or "none"
        raise NoProcessError(f"There is no process {shown}. Names of processes: {known}")
    return found


async def call(server: Any, request: Any, timeout: float | None = 5.0) -> Any:
    """Ask a process and wait for its answer; its `handle_call` gets the request. (`GenServer.call`)

    .. code-block:: python

        async def handle_event(self, event):
            self.items = await playground.call(Stack, "items")

    :param server: a process, its name, or its class if only one process of it runs
    :param timeout: how long to wait, in seconds; None for as long as it takes
    :returns: what its `handle_call` returned or gave to `sender.reply`
    :raises NoProcessError: if there is no such process; a ProcessEndedError if it has ended
    :raises SelfCallError: if the process calls itself
    :raises CallTimeoutError: if there is no answer in time
    :raises ProcessDownError: if the process ends before it answers; what its `handle_call` raises comes here as it is
    """
    _check_seconds("timeout", timeout)
    return await _caller().ask(_find(server), "handle_call", timeout, request)


def call_sync(server: Any, request: Any, timeout: float | None = 5.0) -> Any:
    """`call` for code in a thread, and for a prompt.

    :raises RuntimeError: on the thread of the event loop, which would wait for itself
    """
    if _loop_here() is not None:
        raise RuntimeError("call_sync() would stop the program here. Make it `async def` and use `await call(...)`.")
    process = _find(server)._process
    process.check()
    return _wait_for(call(server, request, timeout), process.loop)


def cast(server: Any, request: Any) -> None:
    """Tell a process something, from any thread; its `handle_cast` gets it. (`GenServer.cast`)

    :raises NoProcessError: if no process has this name; nothing happens if it has ended
    """
    _find(server)._process.post(_Message("handle_cast", request))


def send(server: Any, message: Any) -> None:
    """Put a message into the mailbox of a process, from any thread; its `handle_info` gets it. (Erlang's `send`)

    :raises NoProcessError: if no process has this name; nothing happens if it has ended
    """
    _find(server).send(message)


async def stop(server: Any, reason: Any = "normal", timeout: float | None = _ABSENT) -> None:
    """End a process after what is in its mailbox, with `terminate`; kill it if that takes too long. (`GenServer.stop`)

    :param timeout: in seconds, by default 5; a `Command` has its `grace` by default, a `Supervisor` all the time that
        its children may take; None waits as long as it takes
    :raises NoProcessError: if no process has this name; nothing happens if it has ended
    :raises SelfCallError: if a process wants to stop itself: it returns `Stop(reason)` from a callback
    """
    found = _find(server)
    _check_seconds("timeout", timeout)
    if found._process.current is not None:
        raise SelfCallError(f"{_called(found)} waits for its own end. Return Stop({reason!r}) from the callback.")
    await found._process.shut_down(reason, timeout)


def kill(server: Any) -> None:
    """End a process at once, without `terminate`: what it awaits is cancelled. (Erlang's `exit(pid, kill)`)

    :raises NoProcessError: if no process has this name; nothing happens if it has ended
    """
    process = _find(server)._process
    process.on_loop(process.kill, "killed")


@dataclasses.dataclass(eq=False)
class Monitor:
    """What `monitor` returns; the `Down` message names it."""

    owner: GenServer
    server: GenServer | None
    _untie: Callable[[], None] = dataclasses.field(default=_do_nothing, init=False, repr=False)

    def cancel(self) -> None:
        """Watch no longer. (Erlang's `demonitor`)"""
        self._untie()


@dataclasses.dataclass(frozen=True, slots=True)
class Down:
    """A process that was watched has ended."""

    monitor: Monitor
    server: GenServer | None
    reason: Any


def monitor(server: Any) -> Monitor:
    """Have `handle_info` called with `Down(monitor, server, reason)` when another process ends. (Erlang's `monitor`)

    If there is no such process, or it has ended, the message comes at once, with the reason "noproc".

    :raises RuntimeError: if no process calls it
    """
    owner = _process_at_work("monitor()")
    owner._refuse_in_render("monitor()")
    return _monitor(owner, server)


def _monitor(owner: GenServer, server: Any) -> Monitor:
    found = server if isinstance(server, GenServer) else whereis(server)
    watching = Monitor(owner, found)
    if found is None or not found._process.alive:
        owner.send(Down(watching, found, "noproc"))
    elif not owner._process.on_trial:
        tell = lambda reason: owner.send(Down(watching, found, reason))  # noqa: E731
        watching._untie = _tie(found._process, tell, owner._process, _do_nothing)
    owner._process.note_work(_monitor, server, result=watching, end=watching.cancel)
    return watching


@dataclasses.dataclass(frozen=True, slots=True)
class ProcessInfo:
    """What `info` tells of a process.

    :ivar alive: whether it runs
    :ivar reason: why it has ended; None if it has not
    :ivar since: when it was started, in seconds since 1970; None if it was not
    :ivar restarts: how often its supervisor has started it again
    :ivar mailbox: how many messages wait
    :ivar handled: how many it has handled so far
    """

    alive: bool
    reason: Any
    since: float | None
    restarts: int
    mailbox: int
    handled: int


def info(server: Any) -> ProcessInfo:
    """Tell whether a process lives, since when, and why it has ended. (`Process.info`)

    .. code-block:: python

        job = await playground.whereis(Jobs).start_child((resize, {"photo": photo}))
        playground.info(job).reason  # None, "normal", or the exception that ended it

    :param server: a process, its name, or its class if only one process of it runs
    :raises NoProcessError: if no process has this name
    """
    process = _find(server)._process
    alive = process.alive and process.since is not None
    return ProcessInfo(alive, process.reason, process.since, process.restarts, len(process.mailbox), process.handled)


# -- supervisors


@dataclasses.dataclass(frozen=True, slots=True)
class ChildSpec:
    """How to start, restart and stop a child; made by `child_spec`."""

    target: Any
    id: Hashable
    name: Hashable | None
    restart: str
    shutdown: float | None
    significant: bool
    arguments: Mapping[str, Any]


def child_spec(
    target: Any,
    *,
    id: Hashable | None = None,  # noqa: A002
    name: Hashable | None = None,
    restart: str | None = None,
    shutdown: float | None = _ABSENT,
    significant: bool = False,
    **arguments: Any,
) -> ChildSpec:
    """Say how a supervisor starts, restarts and stops a child. (`Supervisor.child_spec`)

    .. code-block:: python

        playground.start(live=Page, children=[playground.child_spec(Cache, name="prices", seconds=60)])

    :param target: a GenServer class, or an async function, which runs as a task
    :param id: tells it from the other children; by default its name or that of the target
    :param name: a name to reach it by: `call("prices", ...)`
    :param restart: "permanent" (always), "transient" (only after a crash; the default for a function) or "temporary"
        (never)
    :param shutdown: seconds to end in before it is killed, by default 5; 0 kills at once; None waits as long as it
        takes and is the default for a supervisor; a `Command` has its `grace` by default
    :param significant: whether its end can be that of the supervisor, see there; not of a permanent child
    :param arguments: for `init`, or for the function
    :raises TypeError: if the target is neither, or does not take the arguments
    :raises ValueError: if `restart`, `shutdown` or `significant` cannot be
    """
    is_class = isinstance(target, type) and issubclass(target, GenServer)
    if not is_class and not inspect.iscoroutinefunction(target):
        raise TypeError(f"A child is a GenServer class or an async function, not {target!r:.80}")
    if is_class and not target._can_be_started:
        raise TypeError(f"{target.__name__} is a page: give it to `live`, browsers start it.")
    restart = restart or ("permanent" if is_class else "transient")
    _check_choice("restart", restart, "permanent", "transient", "temporary")
    if significant and restart == "permanent":
        raise ValueError('A significant child has restart="transient" or "temporary": a permanent one does not end.')
    _check_seconds("shutdown", shutdown)
    function = functools.partial(target.init, None) if is_class else target
    try:
        inspect.signature(function).bind(**arguments)
    except TypeError as error:
        own = "id, name, restart, shutdown and significant are of child_spec() itself"
        raise TypeError(f"{target.__name__}: {error} ({own})") from None
    id_ = id if id is not None else name if name is not None else target.__name__
    return ChildSpec(target, id_, name, restart, shutdown, significant, arguments)


def _as_spec(child: Any) -> ChildSpec:
    match child:
        case ChildSpec():
            return child
        case (target, dict(arguments)):
            return child_spec(target, **arguments)
        case _:
            return child_spec(child)


class _Task(GenServer):
    """A process that has an async function run beside it, and ends with it."""

    _role = "task"

    def init(self, function: Callable[..., Any], arguments: Mapping[str, Any]) -> None:
        """Start the function."""
        self.function = function
        self.start_async(self._kind(), functools.partial(function, **arguments))

    def handle_async(self, _: Any, result: AsyncResult) -> Stop:
        """End as the function has ended."""
        return Stop("normal" if result.ok else result.failed)

    async def terminate(self, _: Any) -> None:
        """Interrupt the function, and let it clean up."""
        for job in self._process.jobs.values():
            job.cancel()
            await asyncio.wait([job])

    def _kind(self) -> str:
        return f"{self.function.__name__}()"


@dataclasses.dataclass(eq=False)
class _Child:
    """A child of a supervisor."""

    spec: ChildSpec
    is_extra: bool = False  # came with `start_child`
    server: GenServer | None = None
    restarts: int = 0
    lives_since: float = math.inf  # when it was started, unless that has failed
    pause: float = 0.0  # before it is started again


class Supervisor(GenServer):
    """A process that starts others, and starts them again when they end. (OTP's `Supervisor`)

    .. code-block:: python

        class Workers(playground.Supervisor):
            strategy = "one_for_all"
            children = [Fetcher, (Parser, {"strict": True})]

        playground.start(live=Page, children=[Workers])

    Children start in order and stop in reverse order. Restarts of more than `max_restarts` in `max_seconds` end the
    supervisor with all its children. Everything can also be given as arguments.

    :ivar children: GenServer classes, async functions, `(target, {arguments})` or `child_spec(...)`
    :ivar strategy: who is started again when one ends: "one_for_one" (it), "one_for_all" (all of them) or
        "rest_for_one" (it and those that started after it)
    :ivar backoff: seconds to wait before a child that has just been restarted is started once more; each time twice as
        long, a minute at most. By default only a start that fails is followed by a pause, of 0.1 s at most
    :ivar auto_shutdown: whether the supervisor ends when significant children have ended and are not started again:
        "never", "any_significant" (one of them) or "all_significant" (all)
    """

    _role = "supervisor"
    _patience = None
    _keeps_ended: ClassVar[bool] = True

    children: Sequence[Any] = ()
    strategy: str = "one_for_one"
    max_restarts: int = 3
    max_seconds: float = 5.0
    backoff: float = 0.0
    auto_shutdown: str = "never"
    _children: list[_Child] = []  # noqa: RUF012  # until it is started
    _starting: GenServer | None = None

    async def init(self, **options: Any) -> None:
        """Start the children."""
        for name, value in options.items():
            if name.startswith("_") or callable(getattr(self, name, _do_nothing)):  # or a method
                raise TypeError(f"{type(self).__name__} has no option {name!r}")
            setattr(self, name, value)
        self._check_options()
        self._restarts: list[float] = []
        self._children = [_Child(spec) for spec in self._specs(self.children)]
        try:
            for child in self._children:
                await self._start(child)
        except BaseException:
            await self._stop(self._children)
            raise

    def _check_options(self) -> None:
        _check_choice("strategy", self.strategy, "one_for_one", "one_for_all", "rest_for_one")
        _check_choice("auto_shutdown", self.auto_shutdown, "never", "any_significant", "all_significant")
        if not (isinstance(self.max_restarts, int) and self.max_restarts >= 0):
            raise ValueError(f"max_restarts is a number of times, 0 or more, not {self.max_restarts!r}")
        _check_seconds("max_seconds", self.max_seconds, least=1e-3)
        _check_seconds("backoff", self.backoff)

    @staticmethod
    def _specs(children: Iterable[Any]) -> list[ChildSpec]:
        if not isinstance(children, Iterable) or isinstance(children, (str, Mapping)):
            raise TypeError(f"children is a list of GenServer classes and the like, not {children!r:.80}")
        specs = [_as_spec(child) for child in children]
        for id_, count in Counter(spec.id for spec in specs).items():
            if count > 1:
                raise ValueError(f"{count} children have the id {id_!r}. Give each its own: child_spec(..., id=...)")
        return specs

    # -- what others ask for

    async def start_child(self, child: Any) -> GenServer:
        """Start one more child, after the others.

        :param child: a GenServer class, an async function, `(target, {arguments})` or `child_spec(...)`
        :raises ValueError: if a child has this id already
        :raises ProcessError: if there are `max_children`; what `init` of the child raises comes here, too
        """
        return typing.cast(GenServer, await self._change(self._start_child, _as_spec(child)))

    async def terminate_child(self, child: Any) -> None:
        """Stop a child, given as process or by its id. One that came with `start_child` is forgotten; those of
        `children` can be started again with `restart_child`.

        :raises ValueError: if it is no child of this supervisor
        """
        await self._change(self._terminate_child, child)

    async def restart_child(self, child: Any) -> GenServer:
        """Start a child again that has ended or was terminated; one that runs is stopped first.
        (`Supervisor.restart_child`)

        :param child: a process, or the id of the child
        :raises ValueError: if it is no child of this supervisor; what its `init` raises comes here, too
        """
        return typing.cast(GenServer, await self._change(self._restart_child, child))

    def which_children(self) -> list[GenServer]:
        """The processes of the children that run, in the order in which they were started."""
        return [child.server for child in self._children if child.server is not None]

    def count_children(self) -> int:
        """How many children run."""
        return len(self.which_children())

    async def _change(self, change: Callable[[Any], Awaitable[Any]], what: Any) -> Any:
        """Have the supervisor do something in its turn; what goes wrong is told to the caller, and ends nothing."""
        outcome = await _caller().ask(self, "_attempt", None, functools.partial(change, what))
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def _attempt(self, change: Callable[[], Awaitable[Any]]) -> Any:
        try:
            return await change()
        except Exception as error:
            return error

    async def _start_child(self, spec: ChildSpec) -> GenServer:
        child = _Child(spec, is_extra=True)
        self._check_room(spec)
        server = await self._start(child)
        if child.server is not None or (self._keeps_ended and spec.restart != "temporary"):
            self._children.append(child)
        return server

    async def _terminate_child(self, wanted: Any) -> None:
        child = self._child(wanted)
        await self._stop([child])
        place = self._children.index(child)  # a restart that waits does not find it there
        self._children[place : place + 1] = [] if child.is_extra else [_Child(child.spec)]

    async def _restart_child(self, wanted: Any) -> GenServer:
        child = self._child(wanted)
        await self._stop([child])
        child.restarts += 1
        return await self._start(child)

    def _child(self, wanted: Any) -> _Child:
        child = next((child for child in self._children if wanted is child.server or wanted == child.spec.id), None)
        if child is None:
            raise ValueError(f"{wanted!r} is no child of {_called(self)}")
        return child

    def _check_room(self, spec: ChildSpec) -> None:
        if any(child.spec.id == spec.id for child in self._children):
            raise ValueError(f"A child has the id {spec.id!r} already. Give it its own: child_spec(..., id=...)")

    async def _follow(self) -> None:
        """Have the children that `children` names by now: stop what is gone, start what is new, leave the rest."""
        await self._change(self._change_children, self._specs(self.children))

    async def _change_children(self, specs: list[ChildSpec]) -> None:
        old = {child.spec.id: child for child in self._children}
        named = [old[spec.id] if spec.id in old and old[spec.id].spec == spec else _Child(spec) for spec in specs]
        kept = named + [child for child in self._children if child.is_extra and child not in named]
        await self._stop([child for child in self._children if child not in kept])
        self._children = kept
        for child in named:
            if child.server is None and (old.get(child.spec.id) is not child or child.spec.restart == "permanent"):
                await self._start(child)

    # -- starting, stopping, starting again

    def _break_off(self) -> None:
        if self._starting is not None:
            self._starting._break_off()

    async def _start(self, child: _Child) -> GenServer:
        spec = child.spec
        task = {"function": spec.target, "arguments": spec.arguments}
        kind, arguments = (spec.target, spec.arguments) if isinstance(spec.target, type) else (_Task, task)
        server: GenServer = _spawn(kind, arguments, spec.name)
        mine, its = self._process, server._process
        its.restarts = child.restarts
        if not its.alive:  # its `init` has said so
            return server
        _tie(
            its, lambda reason: mine.post(_Message("_child_ended", (child, server, reason))),
            mine, lambda _: its.kill("killed"),  # only if the supervisor itself was killed
        )  # fmt: skip
        self._starting = server
        try:
            await server
        except BaseException:
            its.kill("killed")
            raise
        finally:
            self._starting = None
        child.server, child.lives_since = server, time.monotonic()
        return server

    async def _stop(self, children: Iterable[_Child]) -> None:
        """Stop children in reverse order."""
        for child in reversed(list(children)):
            await self._stop_child(child)

    async def _stop_child(self, child: _Child) -> None:
        server, child.server = child.server, None
        if server is not None:
            await server._process.shut_down("shutdown", child.spec.shutdown)

    async def _child_ended(self, end: tuple[_Child, GenServer, Any]) -> Stop | None:
        child, server, reason = end
        if child.server is not server:  # it was stopped
            return None
        child.server = None
        is_crash = reason not in _NORMAL_REASONS
        restart = child.spec.restart
        if reason != "ignore" and (restart == "permanent" or (restart == "transient" and is_crash)):
            return await self._restart(child, reason)
        if restart == "temporary" or not self._keeps_ended:
            self._children.remove(child)
        others = (each.server for each in self._children if each.spec.significant)
        is_last = self.auto_shutdown == "any_significant" or not any(others)
        return Stop("shutdown") if child.spec.significant and self.auto_shutdown != "never" and is_last else None

    async def _restart(self, child: _Child, reason: Any) -> Stop | None:
        """Stop those that the strategy says with a child that has ended, and have them started again."""
        now = time.monotonic()
        self._restarts = [at for at in self._restarts if now - at <= self.max_seconds]
        if len(self._restarts) >= self.max_restarts:
            return self._give_up(child, reason)
        self._restarts.append(now)
        await self._stop(self._affected(child))
        pause = 0.0 if now - child.lives_since > self.max_seconds else child.pause  # it had recovered
        longest = 60.0 if self.backoff else 0.1
        child.pause, child.lives_since = min(max(self.backoff, 2 * pause), longest), math.inf
        if pause == 0:
            return await self._start_again(child)
        self._process.loop.call_later(pause, self._process.post, _Message("_start_again", child))
        return None

    async def _start_again(self, child: _Child) -> Stop | None:
        if child.server is not None or child not in self._children:  # somebody was faster
            return None
        try:
            for each in self._affected(child):
                if each is not child and each.spec.restart == "temporary":
                    self._children.remove(each)
                elif each.server is None:
                    child = each
                    each.restarts += 1
                    await self._start(each)
        except _FAILURES as error:
            log.error("%s could not be started again", child.spec.id, exc_info=error)
            child.pause = max(child.pause, 0.001)  # others have to get on meanwhile
            return await self._restart(child, error)
        return None

    def _affected(self, child: _Child) -> list[_Child]:
        """Those that are started again when a child is."""
        if self.strategy == "one_for_one":
            return [child]
        return self._children[0 if self.strategy == "one_for_all" else self._children.index(child) :]

    def _give_up(self, child: _Child, reason: Any) -> Stop:
        error = RestartsExceededError(
            f"{_called(self)} gave up: its children ended {len(self._restarts) + 1} times within {self.max_seconds:g}"
            f" s and it restarts them {self.max_restarts} times. The last one was {child.spec.id}: {reason!r}"
        )
        error.__cause__ = reason if isinstance(reason, BaseException) else None
        log.error("%s", error)
        self._gave_up(error)
        return Stop("shutdown")

    def _gave_up(self, error: RestartsExceededError) -> None:
        """For the one at the top, that has nobody to tell."""

    async def terminate(self, _: Any) -> None:
        """Stop the children."""
        await self._stop(self._children)


class DynamicSupervisor(Supervisor):
    """A supervisor whose children come and go: `start_child`, `terminate_child`. (OTP's `DynamicSupervisor`)

    .. code-block:: python

        class Games(playground.DynamicSupervisor):
            max_children = 100

        playground.start(live=Lobby, children=[Games])

        game = await playground.whereis(Games).start_child((Game, {"code": "ABCD"}))

    A child that has ended and is not started again is forgotten. All stop at the same time.

    :ivar max_children: how many may run at the same time; None for any number
    """

    max_children: int | None = None
    _keeps_ended = False

    async def _stop(self, children: Iterable[_Child]) -> None:
        """Stop children side by side."""
        await asyncio.gather(*map(self._stop_child, reversed(list(children))))

    def _check_room(self, spec: ChildSpec) -> None:
        if self.max_children is not None and self.count_children() >= self.max_children:
            raise ProcessError(
                f"{_called(self)} has {self.max_children} children, which is all that max_children allows."
            )


def tree() -> list[dict[str, Any]]:
    """The processes that run, as data: supervisors with their children, then those on their own. (OTP's `observer`)

    Each is a dictionary of `name`, `kind` ("supervisor", "process", "task", "command" or "page"), `status` ("running",
    "starting", "stopped"), `restarts`, `mailbox` (messages that wait), `handled` (messages so far), `process` and
    `children`.
    """
    supervisors = [server for servers in _running.values() for server in servers if isinstance(server, Supervisor)]
    owned = {id(server) for supervisor in supervisors for server in supervisor.which_children()}
    everybody = [server for servers in list(_running.values()) for server in servers if id(server) not in owned]
    everybody.sort(key=lambda server: not isinstance(server, Supervisor))
    return [_branch(server, _called(server), 0) for server in everybody]


def _branch(server: GenServer | None, name: str, restarts: int) -> dict[str, Any]:
    branch: dict[str, Any] = {"name": name, "kind": "process", "status": "stopped", "restarts": restarts}
    branch |= {"mailbox": 0, "handled": 0, "process": server, "children": []}
    if server is not None:
        process = server._process
        branch |= {"kind": server._role, "status": "starting" if process.held else "running"}
        branch |= {"mailbox": len(process.mailbox), "handled": process.handled}
    if isinstance(server, Supervisor):
        branch["children"] = [_branch(each.server, _name_of_child(each), each.restarts) for each in server._children]
    return branch


def _name_of_child(child: _Child) -> str:
    kind = getattr(child.spec.target, "__name__", "")
    return kind if child.spec.id == kind else f"{kind} {child.spec.id!r}"


# ---------------------------------------------------------------------------------------------------------------------
# PubSub: messages on topics, to all processes of this program and, over Redis, of its other servers.
# Owns the way of a broadcast; who gets it is in `_topics`, a registry whose keys are the topics.
#
# `broadcast` puts its message into the mailbox of every subscriber, at once. With Redis, the same text goes out to one
# channel, on which every server hears what all have said, and delivers what is not its own. A connection that is cut is
# made again by redis-py. If Redis is away, reading and writing begin anew until it is back; meanwhile the log has said
# so once, and broadcasts stay here. A connection that says nothing is asked whether it is still there, since the
# network may have forgotten it.
# ---------------------------------------------------------------------------------------------------------------------


def subscribe(topic: str) -> None:
    """Have `handle_info` of the calling process called with every message on `topic`. (`Phoenix.PubSub.subscribe`)

    The subscription ends with the process. In a page or a GenServer, `self.subscribe(topic)` does the same.

    :raises TypeError: if the topic is no string
    :raises RuntimeError: if no process calls it
    """
    _process_at_work("subscribe()").subscribe(topic)


def unsubscribe(topic: str) -> None:
    """Have the calling process get nothing more of `topic`. (`Phoenix.PubSub.unsubscribe`)"""
    _process_at_work("unsubscribe()").unsubscribe(topic)


def broadcast(topic: str, message: Any) -> None:
    """Send a message to all subscribers of `topic`, from any thread. (`Phoenix.PubSub.broadcast`)

    .. code-block:: python

        playground.broadcast("posts", ("added", post))  # arrives in handle_info of all that did subscribe("posts")

    Messages of one sender arrive in their order. With `start(pubsub="redis://...")` it reaches the subscribers of all
    servers; the message has to be JSON then, and arrives as JSON makes it: a tuple as a list.

    :raises TypeError: if the topic is no string, or if other servers are to get the message and it is not JSON
    """
    broadcast_from(None, topic, message)


def broadcast_from(sender: GenServer | None, topic: str, message: Any) -> None:
    """`broadcast` to all subscribers but `sender`. (`Phoenix.PubSub.broadcast_from`)"""
    _checked_topic(topic)
    if _is_on_trial():
        return
    if _redis is not None:
        try:
            text = json.dumps([_redis.node, topic, message])
        except (TypeError, ValueError) as error:
            raise TypeError(f"{message!r:.80} cannot go to other servers, as it is no JSON: {error}") from error
        _redis.publish(text)
        _, topic, message = json.loads(text)  # alike in all servers
    _deliver(topic, message, sender)


def _deliver(topic: str, message: Any, sender: GenServer | None = None) -> None:
    """Put a message into the mailboxes of all subscribers here but the sender."""
    for server, _ in _topics.lookup(topic):
        if server is not sender:
            server.send(message)


class _RedisBridge:
    """Carries broadcasts to the other servers, and theirs to here; what is broadcast while Redis is away stays here."""

    _PAUSE = 0.5  # seconds before the next try to reach Redis
    _SILENCE = 5.0  # seconds after which a connection is asked whether it is there, and in which it has to answer

    def __init__(self, url: str) -> None:
        try:
            import redis.asyncio.retry
        except ImportError:
            raise ImportError('pubsub= needs redis-py: pip install "playground[redis]"') from None
        self._errors = (redis.RedisError, OSError)
        self.node = uuid.uuid4().hex
        self._address = re.sub(r"^\w+://(.*@)?", "", url)  # without the password
        patience: dict[str, Any] = {"socket_connect_timeout": self._SILENCE, "socket_timeout": self._SILENCE}
        try:
            with redis.Redis.from_url(url, **patience) as probe:
                probe.ping()
        except self._errors as error:
            raise ConnectionError(f"Cannot reach Redis at {self._address}. Is it running? {error}") from error
        once = redis.asyncio.retry.Retry(redis.backoff.NoBackoff(), 1)
        self._client = redis.asyncio.Redis.from_url(url, retry=once, socket_keepalive=True, **patience)
        self._channel = f"playground:{self._client.connection_pool.connection_kwargs.get('db', 0)}"
        self._outgoing: deque[str] = deque(maxlen=100_000)
        self._has_outgoing = asyncio.Event()
        self._is_away = False

    def publish(self, text: str) -> None:
        """Send something to the other servers, from any thread."""
        if not self._is_away:
            self._outgoing.append(text)
            if core.loop is not None and core.loop.is_running():
                core.loop.call_soon_threadsafe(self._has_outgoing.set)

    async def run(self) -> None:
        """Read and write until cancelled, and begin anew when a connection was lost."""
        async with self._client:
            while True:
                try:
                    async with self._client.pubsub() as channel, asyncio.TaskGroup() as group:
                        group.create_task(self._write())
                        await self._read(channel)
                except* self._errors as errors:
                    self._note(errors.exceptions[0])
                    self._outgoing.clear()  # it would come late
                    await asyncio.sleep(self._PAUSE)

    def _note(self, error: BaseException | None) -> None:
        """Tell the log when Redis is away, and when it is back."""
        if error is not None and not self._is_away:
            log.warning("Redis at %s is away, broadcasts stay in this server: %s", self._address, error)
        elif error is None and self._is_away:
            log.warning("Redis at %s is back, broadcasts reach all servers", self._address)
        self._is_away = error is not None

    async def _read(self, channel: Any) -> None:
        await channel.subscribe(self._channel)
        while True:
            message = await channel.get_message(timeout=self._SILENCE)
            if message is None:
                await channel.ping()
                message = await channel.get_message(timeout=self._SILENCE)
            match message:
                case None:
                    raise ConnectionError(f"it has not answered for {self._SILENCE:g} s")
                case {"type": "subscribe"}:
                    self._note(None)
                case {"type": "message", "data": data}:
                    self._receive(data)

    def _receive(self, data: bytes) -> None:
        try:
            node, topic, message = json.loads(data)
            if node != self.node:
                _deliver(_checked_topic(topic), message)
        except (ValueError, TypeError):
            log.warning("Something else than a broadcast came from Redis: %.80r", data)

    async def _write(self) -> None:
        while True:
            async with self._client.pipeline(transaction=False) as pipeline:
                while self._outgoing:
                    pipeline.publish(self._channel, self._outgoing.popleft())
                await pipeline.execute()
            await self._has_outgoing.wait()
            self._has_outgoing.clear()


_redis: _RedisBridge | None = None


def _connect_to_redis(url: str | None) -> None:
    global _redis
    _redis = None if url is None else _RedisBridge(url)


# ---------------------------------------------------------------------------------------------------------------------
# Files: who wants to know gets to know what changes on disk, and a JSON file that is the state.
# Owns the thread that looks, and what it saw last. Knows nothing of pages, nor of who is told.
#
# What the system reports is taken for a hint where to look, never for what has happened. It names a place by one of its
# names, while a directory may have several: by links, or because it is mounted twice. It cannot say names that are not
# UTF-8, loses reports in a burst, and on some file systems says nothing at all. What has changed is found by comparing
# what is there with what was there.
#
# The life of a change. `_DirectoryWatcher` is one thread for all that is watched in the program. It has watchfiles
# report changes in every directory concerned, each by its real name and without those below it: recursion is ours, as
# that of watchfiles follows links and walks what is ignored. After a report, each `_Snapshot` of the directory walks
# through all that it is of, and compares the `_Stamp` of each file with the one before; if that takes long, it does so
# less often. `take_changes` says what became of files, at once or when it has settled, and the listeners are told, in
# the thread. A `Watcher` is one of them: its process gets what they are told as a message, and sends a `FileChanged`
# for each file. The reloader is another.
#
# What always holds:
#
# - When other directories are to be watched, watchfiles is called anew, and then everything is compared: what happens
#   between two calls is found, too.
# - Who watches the same shares a snapshot; a listener is told of what changes after it has come.
# - A path that is watched may be a file, a directory, a link, or nothing, and may become any other of them.
# - A snapshot of which the system does not report everything is polled.
# - No function that is not ours, of a `FileState` or a listener, is called while a lock is held.
# ---------------------------------------------------------------------------------------------------------------------

# -- what changes


@dataclasses.dataclass(frozen=True, slots=True)
class FileChanged(_News):
    """A file has changed since the last such message about it.

    :ivar path: the file, absolute, below the path that was watched
    :ivar kinds: of "created", "modified", "deleted" and "moved" (it was elsewhere in what is watched before)
    """

    path: pathlib.Path
    kinds: frozenset[str]


_CLOCK = 10_000_000  # nanoseconds: the clock of a file system may be that much behind


class _Stamp(typing.NamedTuple):
    """What tells one state of a file or directory from another."""

    kind: str = ""  # "file", "directory", "link" to a file or to nothing; "" if there is nothing
    modified: int = 0  # nanoseconds
    size: int = 0
    identity: tuple[int, int] = (0, 0)  # device and number: the same under all names


def _stamp_of(path: str) -> _Stamp:
    """The stamp of what is at a path; of a link to a file, that of the file."""
    kind = "file"
    try:
        status = os.lstat(path)
        if stat.S_ISLNK(status.st_mode):
            kind = "link"
            with contextlib.suppress(OSError):  # it leads nowhere
                target = os.stat(path)
                kind, status = ("file", status) if stat.S_ISDIR(target.st_mode) else ("link", target)
    except OSError:
        return _Stamp()
    identity = (status.st_dev, status.st_ino)
    if stat.S_ISDIR(status.st_mode):  # when it may be listed, it has other contents than before
        return _Stamp("directory", size=os.access(path, os.R_OK), identity=identity)
    return _Stamp(kind, status.st_mtime_ns, status.st_size, identity)


def _is_utf8(path: str) -> bool:
    return path.isascii() or not any("\udc80" <= character <= "\udcff" for character in path)


def _glob(pattern: str) -> list[str]:
    """The parts of a pattern: "*.md" is a name at any depth, "docs/*.md" begins at the top, "docs" is all in it."""
    parts = [part for part in pattern.replace(os.sep, "/").split("/") if part not in ("", ".")]
    if "/" not in pattern.rstrip("/"):
        parts.insert(0, "**")
    return parts if set(parts[-1]) & set("*?[") else [*parts, "**"]


def _matches(names: Sequence[str], glob: list[str]) -> bool:
    """Whether a path, of these names from the top, is one of a pattern."""
    if not glob:
        return not names
    if glob[0] == "**":
        return any(_matches(names[start:], glob[1:]) for start in range(len(names) + 1))
    return bool(names) and fnmatch.fnmatch(names[0], glob[0]) and _matches(names[1:], glob[1:])


def _matches_any(names: Sequence[str], globs: list[list[str]]) -> bool:
    return any(_matches(names, glob) for glob in globs)


_Tell = Callable[[dict[str, str]], object]  # by path: "created", "modified", "deleted" or "moved"


class _Watched(typing.NamedTuple):
    """What somebody wants to be told of, in the words of `Watcher`."""

    path: str
    recursive: bool
    patterns: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    settle: float = 0.0
    polls: bool = False


class _Snapshot:
    """What there was at a path and below it when it was looked at last, and what has changed since that was told."""

    def __init__(self, watched: _Watched) -> None:
        self.path, self._recursive, self._settle = watched.path, watched.recursive, watched.settle
        self.polls = watched.polls or _polling_by_environment() is True
        self.listeners: list[_Tell] = []
        self.stamps: dict[str, _Stamp] = {}
        self.is_reported = False  # whether the system says that something has changed
        self.is_rearranged = True  # whether other directories may be to be watched
        self._patterns = [_glob(pattern) for pattern in watched.patterns]
        self._ignored = [_glob(pattern) for pattern in watched.ignore]
        self._default_filter = watchfiles.DefaultFilter()
        self._changes: dict[str, tuple[_Stamp, _Stamp]] = {}  # by path: what it was and what it is
        self._since: int | None = time.time_ns() - _CLOCK  # None when it has been looked at
        self._settled_at, self._due = 0.0, 0.0

    def begin(self) -> None:
        """Look for the first time: changed is what was written after somebody has begun to listen."""
        if (since := self._since) is not None:
            self._look()
            self._changes = {path: (stamp, stamp) for path, stamp in self.stamps.items() if stamp.modified > since}
            self._since = None

    def glance(self) -> None:
        """Look if there is a reason to, and not all the time at what is large."""
        began = time.monotonic()
        is_other = _stamp_of(os.path.realpath(self.path)) != self.stamps.get(self.path, _Stamp())
        if is_other or ((self.is_reported or self.polls) and began >= self._due):
            self.is_reported = False
            self._look()
            self._due = began + max(_POLL if self.polls else 0.0, 3 * (time.monotonic() - began))

    def _look(self) -> None:
        """Compare what is at the path and below it with what was there."""
        before, self.stamps = self.stamps, dict(self._walk(self.path))
        for path in before.keys() | self.stamps.keys():
            old, new = before.get(path, _Stamp()), self.stamps.get(path, _Stamp())
            if old != new:
                self._changes[path] = (self._changes.get(path, (old,))[0], new)
                self._settled_at = time.monotonic() + self._settle
                if path == self.path or {old.kind, new.kind} & {"directory", "link"}:
                    self.is_rearranged = True
                if not _is_utf8(path):  # watchfiles fails when that is opened, were it by us
                    self.is_rearranged = self.polls = True

    def _walk(self, path: str, *names: str) -> Iterator[tuple[str, _Stamp]]:
        """What is there of a path, that has these names below the one that is watched, and below it."""
        stamp = _stamp_of(path if names else os.path.realpath(path))
        is_known = not names or stamp.kind == self.stamps.get(path, _Stamp()).kind
        if stamp.kind and (is_known or self._is_wanted(names, stamp)):
            yield path, stamp
            if stamp.kind == "directory" and (self._recursive or not names):
                with contextlib.suppress(OSError):  # it may not be listed, or has gone
                    for name in os.listdir(path):
                        yield from self._walk(os.path.join(path, name), *names, name)

    def _is_wanted(self, names: Sequence[str], stamp: _Stamp) -> bool:
        """Whether something of these names is not ignored, and if it is a file, matches."""
        is_hidden = not self._default_filter(watchfiles.Change.modified, os.sep.join(names))
        if is_hidden or _matches_any(names, self._ignored):
            return False
        return stamp.kind == "directory" or not self._patterns or _matches_any(names, self._patterns)

    def take_changes(self) -> dict[str, str]:
        """What became of files since this was asked last, when it has settled."""
        if time.monotonic() < self._settled_at:
            return {}
        changes, self._changes = self._changes, {}
        gone = {old for old, new in changes.values() if old != new}
        told: dict[str, str] = {}
        for path, (old, new) in changes.items():
            was_file, is_file = (stamp.kind in ("file", "link") for stamp in (old, new))
            if is_file:
                told[path] = "modified" if was_file else "moved" if new in gone else "created"
            elif was_file:
                told[path] = "deleted"
        return told

    def places(self) -> Iterator[str]:
        """Directories of which reports are wanted, by their real names."""
        real = os.path.realpath(self.path)
        if self.path not in self.stamps:
            yield os.path.dirname(real)
        for path, stamp in self.stamps.items():
            if stamp.kind == "directory" and (self._recursive or path == self.path):
                yield real + path.removeprefix(self.path)
            elif stamp.kind == "link" or path == self.path:
                yield os.path.dirname(os.path.realpath(path))


_THREAD = "playground watches files"
_POLL = 0.3  # seconds between two looks at what is polled
_SILENT = frozenset({"9p", "nfs", "nfs4", "cifs", "smb3", "fuse", "vboxsf", "virtiofs"})


def _silent_devices() -> dict[int, str]:
    """The types of file systems that do not report what others change, by device."""
    silent: dict[int, str] = {}
    with contextlib.suppress(OSError), open("/proc/self/mountinfo", errors="surrogateescape") as file:
        for line in file:
            place, _, source = line.partition(" - ")
            kind, (major, minor) = source.split()[0], map(int, place.split()[2].split(":"))
            if kind.partition(".")[0] in _SILENT:  # "fuse.sshfs"
                silent[os.makedev(major, minor)] = kind
    return silent


def _polling_by_environment() -> bool | None:
    """What the variable says that watchfiles has for this."""
    wish = os.environ.get("WATCHFILES_FORCE_POLLING", "").lower()
    return wish not in ("false", "disable", "disabled") if wish else None


class _DirectoryWatcher:
    """The thread that looks at all that is watched in this program, where the system reports something."""

    _GLANCE = 0.1  # seconds until it looks at what is not reported
    _MOST_FAILURES = 3  # a directory has gone before it was watched, a name is not UTF-8

    def __init__(self) -> None:
        self.snapshots: dict[_Watched, _Snapshot] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._places: dict[str, list[_Snapshot]] = {}  # by the real names of directories
        self._anew = threading.Event()  # set when something else is to be watched
        self._failures = 0  # in a row

    def listen(self, watched: _Watched, listener: _Tell) -> Callable[[], None]:
        """Have `listener` called, in some thread, with what changes from now on; returns what ends that."""
        with self._lock:
            if watched not in self.snapshots:
                self.snapshots[watched] = _Snapshot(watched)
                self._anew.set()
            self.snapshots[watched].listeners.append(listener)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=_THREAD, daemon=True)
                self._thread.start()
        return functools.partial(self._leave, watched, listener)

    def _leave(self, watched: _Watched, listener: _Tell) -> None:
        with self._lock:
            self.snapshots[watched].listeners.remove(listener)
            if not self.snapshots[watched].listeners:
                del self.snapshots[watched]
                self._anew.set()

    def _run(self) -> None:
        while True:
            self._anew.clear()
            try:
                self._watch()
            except Exception as error:
                self._failures += 1
                if self._failures > self._MOST_FAILURES:  # there are only so many watches
                    log.warning("What is watched is looked at every %g s from now on: %s", _POLL, error)
                    for snapshot in self._all():
                        snapshot.polls = True

    def _all(self) -> list[_Snapshot]:
        with self._lock:
            snapshots = list(self.snapshots.values())
        for snapshot in snapshots:
            snapshot.begin()
        return snapshots

    def _watch(self) -> None:
        """Look where the system reports something, until other directories are to be watched."""
        self._find_places()
        watched = self._places.keys()
        for reported in self._reports():
            self._look_at(reported)
            self._failures = 0
            if any(snapshot.is_rearranged for snapshot in self._all()):
                self._find_places()
            if self._places.keys() != watched:
                return

    def _find_places(self) -> None:
        """Find the directories in which changes are to be reported, and have polled what is where nothing is."""
        self._places = {}
        silent = {} if _polling_by_environment() is False else _silent_devices()
        names: dict[tuple[int, int], str] = {}  # of directories, one for each
        for snapshot in self._all():
            snapshot.is_rearranged, snapshot.is_reported = False, True  # what was before it is watched is found, too
            kinds = {silent[stamp.identity[0]] for stamp in snapshot.stamps.values() if stamp.identity[0] in silent}
            if kinds and not snapshot.polls:
                snapshot.polls = True
                log.warning("%s is polled: %s does not report what others change", snapshot.path, kinds.pop())
            for place in () if snapshot.polls else snapshot.places():
                stamp = _stamp_of(place)
                if stamp.kind == "directory" and stamp.size:
                    self._places.setdefault(names.setdefault(stamp.identity, place), []).append(snapshot)

    def _reports(self) -> Iterator[set[tuple[watchfiles.Change, str]]]:
        """What the system reports, in sets; empty ones when nothing happens."""
        while not self._places and not self._anew.wait(self._GLANCE):
            yield set()
        if self._places:
            yield from watchfiles.watch(
                *self._places, watch_filter=None, debounce=50, step=5, stop_event=self._anew, yield_on_timeout=True,
                rust_timeout=int(self._GLANCE * 1000), force_polling=False, recursive=False,
            )  # fmt: skip

    def _look_at(self, reported: set[tuple[watchfiles.Change, str]]) -> None:
        """Look where something is reported, and at what never is, and tell what has changed."""
        for change, path in reported:
            for snapshot in self._places.get(os.path.dirname(path), ()):
                snapshot.is_reported = True
                if change == watchfiles.Change.modified and path in snapshot.stamps:  # whatever it looks like
                    snapshot.stamps[path] = snapshot.stamps[path]._replace(modified=0)
            if change != watchfiles.Change.modified and path in self._places:
                self._anew.set()  # it is another directory now, of which nothing is reported yet
        for snapshot in self._all():
            snapshot.glance()
            changes = snapshot.take_changes()
            with self._lock:
                listeners = list(snapshot.listeners) if changes else []
            for listener in listeners:
                listener(changes)


_directory_watcher = _DirectoryWatcher()
# it tells of every change, also of that which a log is by itself
logging.getLogger("watchfiles.main").addFilter(lambda _: threading.current_thread().name != _THREAD)


class Watcher(GenServer):
    """Watches files and directories, and tells of every change with a `FileChanged`. (Elixir's `file_system`)

    .. code-block:: python

        playground.start(live=Page, children=[(playground.Watcher, {"paths": "notes", "patterns": "*.md"})])

        self.subscribe("files")  # in `mount`: handle_info gets FileChanged(path, kinds)

    A page that watches for itself alone calls `self.watch(...)`. Paths may come later and be deleted and made again;
    files may be saved in any way. A file that comes and goes at once is not mentioned; changes of one file that follow
    each other within some milliseconds are one. Directories of links inside of a directory are not entered.

    After a change all that is watched is looked through, which takes some 10 ms for each 1,000 files. Where the system
    reports nothing, as on network drives and in the containers of some systems, that is done every 0.3 s; so it is
    everywhere if the environment variable `WATCHFILES_FORCE_POLLING` is set, and nowhere if that is "false".

    :param paths: a file or a directory, or several
    :param patterns: glob patterns of which one has to match the file's path below the directory, as "posts/*.md" and
        "posts/**/*.md", or if there is no slash in it, a name in that path, as "*.json"; by default all files
    :param recursive: whether directories are watched with all that is below them
    :param ignore: glob patterns of files and directories to ignore, besides `.git`, `__pycache__`, `node_modules` and
        the like, and what editors leave beside a file
    :param topic: the topic on which it tells, to this server's subscribers only
    :param to: a process to send the messages to instead
    :param settle: seconds without any change after which it tells, once for each file that has changed; by default it
        tells at once
    :param poll: whether it looks every 0.3 s, whatever the system reports
    """

    def init(
        self,
        paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
        *,
        patterns: str | Iterable[str] = (),
        recursive: bool = True,
        ignore: str | Iterable[str] = (),
        topic: str = "files",
        to: GenServer | None = None,
        settle: float = 0.0,
        poll: bool = False,
    ) -> None:
        """Begin to watch."""
        given = [paths] if isinstance(paths, (str, os.PathLike)) else paths
        _check_seconds("settle", settle)
        wanted, unwanted = ((globs,) if isinstance(globs, str) else tuple(globs) for globs in (patterns, ignore))
        watched = [_Watched(os.path.abspath(path), recursive, wanted, unwanted, settle, poll) for path in given]
        self._tell = functools.partial(_deliver, topic) if to is None else to.send
        if not self._process.on_trial:
            leaving = [_directory_watcher.listen(each, self._process.post_info) for each in watched]
            self._process.endings[self] = lambda _: [leave() for leave in leaving]

    def handle_info(self, changes: dict[str, str]) -> None:
        """Tell of what became of files."""
        for path, kind in changes.items():
            self._tell(FileChanged(pathlib.Path(path), frozenset({kind})))


def watch(*paths: str | os.PathLike[str], **options: Any) -> Watcher:
    """Have `handle_info` of the calling process called with a `FileChanged` for every change, until it ends.

    In a page, `self.watch(...)` does the same.

    :param paths: files, directories, and `FileState`s
    :param options: `patterns`, `recursive`, `ignore`, `settle` and `poll` of `Watcher`
    :returns: the watcher; `await playground.stop(watcher)` ends it
    :raises RuntimeError: if no process calls it
    """
    return _watch(_process_at_work("watch()"), paths, options)


def _watch(server: GenServer, paths: tuple[str | os.PathLike[str], ...], options: dict[str, Any]) -> Watcher:
    server._refuse_in_render("watch()")
    watcher = _link(server, _spawn(Watcher, {"paths": paths, "to": server, **options}, None))
    end = lambda: watcher._process.request_stop("shutdown")  # noqa: E731
    server._process.note_work(_watch, paths, options, result=watcher, end=end)
    return watcher


# -- a file that is the state


class FileStateError(RuntimeError):
    """A `FileState` cannot be saved: the file is broken, may not be written, or somebody else has changed it."""


class _ChangedMeanwhileError(FileStateError):
    """The file was changed after it had been read."""


class FileState:
    """A JSON file that is the state: read where it is used, changed here or in an editor, saved in one piece.

    .. code-block:: python

        todos = playground.FileState("todos.json", [])

        class Page(playground.LiveView):
            def mount(self):
                self.watch(todos)  # shows whatever changes the file

            def render(self):
                for todo in todos.value:
                    ui.label(todo)
                ui.button("Add", on_click=lambda: todos.update(lambda items: items.append("something")))

    It can be used from any thread; who reads waits for nobody. A reader, and a program that is killed at any moment,
    finds the old file or the new one; only a file that cannot be replaced, because it is mounted by itself or its
    directory may not be changed, is written in place. A file that is no JSON, or gone, keeps the last good value;
    `error` says why. The file, and its directory, is made when something is saved.

    :param path: the file; a link is followed, owner and permissions are kept
    :param default: the value as long as there is no file
    """

    _MOST_TRIES = 10

    def __init__(self, path: str | os.PathLike[str], default: Any = None) -> None:
        self.path = pathlib.Path(os.path.abspath(path))
        self._lock = threading.RLock()  # of what is known of the file
        self._saving = threading.Lock()
        self._text = _as_json(default, self.path)
        self._value: Any = json.loads(self._text)
        self._stamp = _Stamp()
        self._is_settled = True  # whether a change since the last look would have another stamp
        self._error: str | None = None
        self._logged: str | None = None
        self._look()

    @property
    def value(self) -> Any:
        """What is in the file now. Do not change it in place: nobody would know. Assigning saves it.

        :raises FileStateError: on assigning, if the file was changed by others since it was read, is no JSON, or cannot
            be written
        :raises TypeError: on assigning what JSON cannot say
        """
        self._look()
        return self._value

    @value.setter
    def value(self, value: Any) -> None:
        self._save(_as_json(value, self.path), self._text)

    @property
    def error(self) -> str | None:
        """Why the file is not what `value` is; None if it is."""
        self._look()
        return self._error

    def update(self, function: Callable[[Any], Any]) -> Any:
        """Save what `function` makes of a copy of the value: what it returns, or the copy if it returns None.

        Nobody waits while it runs. If somebody else has saved meanwhile it is called again, with what is there now: it
        should do nothing that may not be done twice.

        :returns: the new value
        :raises FileStateError: if the file is no JSON, cannot be written, or is changed again and again meanwhile
        :raises TypeError: if JSON cannot say the new value; nothing is saved, as if `function` raises
        """
        tries = 0
        while tries < self._MOST_TRIES:
            before = self._read_good()
            copied = json.loads(before)
            result = function(copied)
            text = _as_json(copied if result is None else result, self.path)
            tries += self._read() != before
            with contextlib.suppress(_ChangedMeanwhileError):
                return self._save(text, before)
        text = f"{self.path.name} was changed every time while {_short_repr(function)} ran, {tries} times."
        raise FileStateError(f"{text} It must not save the file itself, but change its copy, and ought to be quick.")

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Have all who save in the same directory wait; nothing that is not ours may be called meanwhile."""
        with self._saving, contextlib.ExitStack() as stack:
            if sys.platform != "win32":
                with contextlib.suppress(OSError):  # not there yet, may not be read, or cannot be locked (NFS)
                    directory = os.open(os.path.dirname(os.path.realpath(self.path)), os.O_RDONLY)
                    stack.callback(os.close, directory)
                    fcntl.flock(directory, fcntl.LOCK_EX)
            yield

    def _look(self) -> None:
        """Read the file if it has changed, and log what is wrong with it."""
        self._read()
        logged, self._logged = self._logged, self._error
        if self._logged not in (None, logged):
            log.warning("%s: %s. The last good value goes on.", self.path, self._logged)

    def _read(self) -> str:
        """The text of the last good value, after a look at the file."""
        with self._lock:
            stamp = _stamp_of(str(self.path))
            if stamp == self._stamp and self._is_settled:
                return self._text
            try:
                text = self.path.read_bytes().decode().removeprefix("\ufeff")  # which some editors put before the text
                if text != self._text or self._error is not None:
                    value = json.loads(text)
                    _as_json(value, self.path, indent=None)
                    self._value, self._text, self._error = value, text, None
            except FileNotFoundError:
                if self._stamp.kind:
                    self._error = "the file has been deleted"
            except OSError as error:
                self._error = error.strerror or repr(error)
            except (ValueError, RecursionError, TypeError) as error:  # also what others take for JSON, such as NaN
                self._error = f"it is not JSON: {error.__cause__ or error}"
            self._stamp = stamp
            self._is_settled = not stamp.kind or time.time_ns() - stamp.modified > 2 * _CLOCK
            return self._text

    def _read_good(self) -> str:
        """The text of the value, unless the file has another one, which is not to be lost."""
        text = self._read()
        if self._error is not None and os.path.exists(self.path):
            raise FileStateError(f"{self.path.name} cannot be saved over what is there: {self._error}")
        return text

    def _save(self, text: str, before: str) -> Any:
        """Save `text` if what is in the file is still `before`: an editor does not wait for anybody."""

        def check() -> None:
            if self._read_good() != before:
                raise _ChangedMeanwhileError(f"{self.path.name} was changed by somebody else. Use update(function).")

        path = os.path.realpath(self.path)
        with self._alone():
            try:
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with contextlib.suppress(FileNotFoundError):
                    os.close(os.open(path, os.O_WRONLY))  # to replace a file needs no right to write it
                try:
                    _write_atomically(path, text, check)
                except OSError as error:
                    if error.errno not in _IRREPLACEABLE or not os.path.exists(path):
                        raise
                    with self._lock, open(path, "r+b", buffering=0) as file:  # nobody here reads half of it
                        check()
                        file.write(text.encode())
                        file.truncate()
                        os.fsync(file.fileno())
            except OSError as error:
                raise FileStateError(f"{self.path.name} cannot be saved: {error}") from error
            self._read()
        return json.loads(text)

    def __fspath__(self) -> str:
        return str(self.path)


def _as_json(value: Any, path: pathlib.Path, indent: int | None = 2) -> str:
    try:
        text = json.dumps(value, indent=indent, ensure_ascii=False, allow_nan=False) + "\n"
        text.encode()
        return text
    except (TypeError, ValueError, RecursionError) as error:
        raise TypeError(f"{path.name} holds JSON, which cannot say {_short_repr(value)}: {error}") from error


_IRREPLACEABLE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY, errno.EXDEV}
# a directory that may not be written, somebody else's file, and one that is mounted by itself


def _write_atomically(path: str, text: str, check: Callable[[], None]) -> None:
    """Write a file so that at every moment, also of a crash, there is the old one or the new one, whole.

    :param check: called at the last moment before the new one is there; an exception keeps the old one
    """
    directory, name = os.path.split(path)
    beside = os.path.join(directory, f".{name}.playground~")  # one name: what a kill leaves is written over
    try:
        with open(beside, "w", encoding="utf-8", newline="\n") as file:
            with contextlib.suppress(FileNotFoundError):
                status = os.stat(path)
                os.chown(beside, status.st_uid, status.st_gid)
                os.chmod(beside, stat.S_IMODE(status.st_mode))
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        check()
        os.replace(beside, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.remove(beside)
        raise


# ---------------------------------------------------------------------------------------------------------------------
# Commands: programs that run for long, what they print, and what is left of both when the server ends.
# Owns the program that runs (`_Program`: descriptors, process group, signals), what it has printed (`_Output` takes it
# in, `_Scrollback` keeps its end in memory, `_CommandLog` on disk), and the process that looks after them (`Command`).
#
# The life of a command. `Command.init` starts a `_Program` in a process group of its own, and `_live`, one coroutine:
# it waits until the program has exited, its time is up or somebody stops it, and ends what is left of the group. Then
# `_finish` takes the rest of the output, records how it ended, and ends the process; it does so as well if the process
# was killed.
#
# The life of a line. The loop has `_Output` read what the program prints, in pieces as they come: never in lines, which
# may be longer than the memory. Every 100 ms `Command._flush` makes a text of the pieces and has it kept, written to
# the log, broadcast, and sent to the pages that show it.
#
# What always holds:
#
# - A flood holds up nobody: of more than `_Output.LIMIT` bytes in 100 ms the rest waits in the program's pipe.
# - To stop is one signal to the group, then SIGKILL after `grace` seconds. Nobody who stops a command is in more of a
#   hurry: not its supervisor, not the server, not the `_Guard` that is left when the server was killed.
# - Nobody of the group is left when `ended` is set. Who has left the group lives on, and may hold pipes open: so nobody
#   waits for the end of the output.
# - A program begins like one that was started from a terminal: it inherits the environment, and nothing else.
# - Only files that are ours are cut, replaced or have others beside them; those that we make are for us alone.
# ---------------------------------------------------------------------------------------------------------------------


class _Pace:
    """Calls a function soon after it was touched, but not more often than every so many seconds."""

    def __init__(self, seconds: float, function: Callable[[], object]) -> None:
        self._seconds, self._function = seconds, function
        self._handle: asyncio.TimerHandle | None = None
        self._last = 0.0

    def touch(self) -> None:
        """Have the function called: at once if the last time is long ago."""
        if self._handle is None:
            self._handle = asyncio.get_running_loop().call_at(self._last + self._seconds, self._call)

    def _call(self) -> None:
        self._handle, self._last = None, asyncio.get_running_loop().time()
        self._function()


# -- what a program has printed


class _Scrollback:
    """The last part of a text that grows, and how much came before it.

    :ivar end: how many characters there have been
    :ivar answered: up to which character a page that takes keys has shown it, which answers what the program asks there
    """

    _LINE = 4096  # characters: where a line may be cut that is longer

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._text = ""
        self.end = self.answered = self._skipped = self._lines_skipped = 0

    def append(self, text: str) -> None:
        """Add a text, and drop what is too much of what came before."""
        self._text += text
        self.end += len(text)
        excess = len(self._text) - self._limit
        if excess > 0:
            line_end = self._text.find("\n", excess, excess + self._LINE)
            excess = excess if line_end < 0 else line_end + 1
            self._skipped += excess
            self._lines_skipped += self._text.count("\n", 0, excess)
            self._text = self._text[excess:]

    def read(self, position: int = 0, size: int | None = None) -> tuple[str, int]:
        """The text behind a position, at most so many characters, and the position behind that.

        A mark stands for what is not kept any more, and says how much that is from the very beginning.
        """
        begin, lines = max(position, self._skipped), self._lines_skipped
        mark = f"… {f'{lines:,} lines' if lines else f'{begin:,} characters'} skipped\n" if begin > position else ""
        text = self._text[begin - self._skipped :][:size]
        return mark + text, begin + len(text)


class _Output:
    """What comes from a program through one pipe: bytes as they come, a text when it is asked for."""

    LIMIT = 3_200_000  # bytes between two texts: a program that prints more has to wait

    def __init__(self, pipe: io.FileIO, encoding: str, when_some: Callable[[], object]) -> None:
        self._pipe, self._when_some = pipe, when_some
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._content, self._is_ended = bytearray(), False
        os.set_blocking(pipe.fileno(), False)
        asyncio.get_running_loop().add_reader(pipe, self._read)

    def _read(self) -> bool:
        """Take some of what has come; returns whether there was any."""
        try:
            content = self._pipe.read(65536)
        except OSError:  # nobody has the other end of the terminal any more
            content = b""
        self._is_ended = content == b""
        self._content += content or b""
        if self._is_ended or len(self._content) >= self.LIMIT:
            asyncio.get_running_loop().remove_reader(self._pipe)
        self._when_some()
        return bool(content)

    def take(self, *, is_last: bool = False) -> str:
        """The text that has come since the last time; the last one is what is there, whether or not more may come."""
        while is_last and len(self._content) < 10 * self.LIMIT and self._read():
            pass
        text = self._decoder.decode(self._content, is_last)
        self._content.clear()
        if is_last:
            self._is_ended = True
            asyncio.get_running_loop().remove_reader(self._pipe)
        elif not self._is_ended:
            asyncio.get_running_loop().add_reader(self._pipe, self._read)
        return text


# -- the program


_owned: weakref.WeakSet[Any] = weakref.WeakSet()


def _own(file: Any) -> Any:
    """Have forks of this program close a file: theirs would keep open what we have closed."""
    _owned.add(file)
    return file


class _Guard:
    """A shell that ends what the commands have started, should this program be killed before it can do so.

    It reads which process groups there are, each with the signal that stops it and its grace in tenths of a second, and
    goes to work when nobody can write to it any more.
    """

    _CODE = """
exec >/dev/null 2>&1
while read -r line; do groups=$line; done
end() {
    kill -"$2" -"$1"; kill -CONT -"$1"
    ticks=$3; while [ "$ticks" -gt 0 ] && kill -0 -"$1"; do sleep 0.1; ticks=$((ticks - 1)); done
    kill -KILL -"$1"
}
for group in $groups; do end $(echo "$group" | tr : ' ') & done
"""
    groups: ClassVar[dict[int, str]] = {}
    _shell: ClassVar[subprocess.Popen[str] | None] = None

    @classmethod
    def tell(cls) -> None:
        """Say which groups there are."""
        with contextlib.suppress(OSError):
            if cls._shell is None or cls._shell.poll() is not None:
                command, pipe = ["/bin/sh", "-c", cls._CODE], subprocess.PIPE
                cls._shell = subprocess.Popen(command, stdin=pipe, text=True, start_new_session=True, cwd=os.sep)
                _own(cls._shell.stdin)
            print(*cls.groups.values(), file=cls._shell.stdin, flush=True)


def _let_go_in_fork() -> None:
    _Guard.groups.clear()
    for file in list(_owned):
        file.close()


if sys.platform != "win32":
    os.register_at_fork(after_in_child=_let_go_in_fork)


def _begin_program(has_terminal: bool) -> None:
    """Leave behind what a program inherits besides its environment; called in the child, before it becomes it."""
    for number in signal.valid_signals():
        if signal.getsignal(number) is signal.SIG_IGN:  # as in what a shell starts with `&`, or nohup
            signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    if has_terminal:
        fcntl.ioctl(1, termios.TIOCSCTTY, 0)


class _Program:
    """A program: its descriptors, and the process group of what it starts.

    Its pipes are read and written by `add_reader` and `add_writer`, not by transports: that of uvloop for writing reads
    a terminal empty, and any of them closes a terminal whose program has closed it, which would hang up on the program.

    :ivar pid: its number, and that of its group; None before it is started
    :ivar exit_status: how it has exited; negative, the number of a signal; None if it has not
    :ivar over: set when it has exited, or is to end
    :ivar outputs: what it prints
    """

    _LINE = 4095 if sys.platform == "linux" else 1023  # bytes that a terminal takes before the end of a line

    def __init__(self) -> None:
        self.pid: Any = None
        self.exit_status: int | None = None
        self.over = asyncio.Event()
        self.outputs: list[io.FileIO] = []
        self._terminal: io.FileIO | None = None
        self._input: io.FileIO | None = None
        self._unwritten, self._is_input_ended = bytearray(), False
        self._typed = 0  # bytes since the last end of a line

    def start(
        self, arguments: list[str], *, size: tuple[int, int] | None, stdin: Any, is_split: bool, **options: Any
    ) -> None:
        """Start it.

        :param size: rows and columns of its terminal; None for pipes
        :param stdin: bytes or a file to read; None for what is written
        :param is_split: whether stderr has a pipe of its own
        :param options: of `subprocess.Popen`
        """
        its: Any = subprocess.PIPE
        if size is not None:
            ours, its = os.openpty()
            self._terminal = _own(io.FileIO(ours, "r+"))
            termios.tcsetwinsize(its, size)
        streams = {"stdout": its, "stderr": its if is_split else subprocess.STDOUT}
        streams["stdin"] = its if stdin is None else subprocess.PIPE if isinstance(stdin, bytes) else stdin
        options |= {"preexec_fn": functools.partial(_begin_program, size is not None), "start_new_session": True}
        try:
            popen = self._popen = subprocess.Popen(arguments, bufsize=0, **streams, **options)
        finally:
            if size is not None:
                os.close(its)
        self.pid = popen.pid
        self.outputs = [_own(pipe) for pipe in (self._terminal or popen.stdout, popen.stderr) if pipe]
        self._input = _own(popen.stdin) if popen.stdin else self._terminal
        threading.Thread(target=self._wait, args=[asyncio.get_running_loop()], daemon=True).start()
        if self._input is not None:
            os.set_blocking(self._input.fileno(), False)
        if isinstance(stdin, bytes):
            self.write(stdin)
            self.end_input()

    def _wait(self, loop: asyncio.AbstractEventLoop) -> None:
        self.exit_status = self._popen.wait()
        with contextlib.suppress(RuntimeError):  # the loop has been closed
            loop.call_soon_threadsafe(self.over.set)

    # -- what it reads

    def write(self, content: bytes = b"") -> None:
        """Have it read some bytes, as soon as it does."""
        if self._input is None:
            return
        self._unwritten += content
        try:
            while self._unwritten and (count := self._input.write(self._unwritten[:65536])):
                del self._unwritten[:count]
        except OSError:  # it does not read any more
            self._unwritten.clear()
        if self._unwritten:
            asyncio.get_running_loop().add_writer(self._input, self.write)
            return
        asyncio.get_running_loop().remove_writer(self._input)
        if self._is_input_ended:
            self._input.close()
            self._input, self._is_input_ended = self._terminal, False

    def end_input(self) -> None:
        """Say that nothing more comes."""
        if self._input is self._terminal:  # the first ^D only sends what has been typed of a line
            self.write(b"\x04\x04" if self._typed else b"\x04")
        else:
            self._is_input_ended = True
            self.write()

    def check_lines(self, content: bytes) -> None:
        """Refuse a line that is too long for a terminal, which would drop what is too much."""
        if self._terminal is None or self._input is not self._terminal:
            return
        lengths = [len(line) for line in re.split(rb"[\n\r\x04]", b"." * self._typed + content)]
        takes_lines = termios.tcgetattr(self._terminal)[3] & termios.ICANON  # a program may edit lines itself
        if takes_lines and max(lengths) > self._LINE:
            found = f"A line of {max(lengths):,} bytes: a terminal drops what is beyond {self._LINE:,}."
            raise ValueError(f"{found} Start the command with pty=False, or with stdin=.")
        self._typed = lengths[-1] if takes_lines else 0

    def resize(self, columns: int, rows: int) -> None:
        """Set the size of its terminal."""
        if self._terminal is not None and 0 < columns < 1000 and 0 < rows < 1000:
            termios.tcsetwinsize(self._terminal, (rows, columns))

    def close(self) -> None:
        """Close all descriptors."""
        if self._unwritten and self._input is not None:
            asyncio.get_running_loop().remove_writer(self._input)
        for file in (*self.outputs, self._terminal, self._input):
            if file is not None:
                file.close()
        self._input = self._terminal = None

    # -- signals

    def signal(self, number: int) -> None:
        """Send it a signal; what it has started gets none."""
        if self.pid is not None:
            self._popen.send_signal(number)

    def signal_group(self, number: int) -> bool:
        """Send a signal to the group; returns whether there was somebody to get it."""
        with contextlib.suppress(ChildProcessError):  # process 1 inherits what it leaves behind, and has to collect it
            while self.exit_status is not None and os.waitpid(-self.pid, os.WNOHANG)[0]:
                pass
        try:
            os.killpg(self.pid, number)
        except OSError:  # nobody is there, or only who must not be signalled
            return False
        return True

    async def end(self, stop_signal: int, grace: float) -> None:
        """Have the whole group end: asked first, killed after the grace."""
        for number, seconds in ((stop_signal, grace), (signal.SIGKILL, 1.0)):  # the system may hold one up for ever
            self.signal_group(number)
            self.signal_group(signal.SIGCONT)  # what is suspended cannot hear
            deadline = time.monotonic() + seconds
            while (self.exit_status is None or self.signal_group(0)) and time.monotonic() < deadline:  # noqa: ASYNC110
                await asyncio.sleep(0.01)


# -- the process that looks after it


class CommandError(ProcessError):
    """A command that is supervised has ended with another exit status than 0."""


@dataclasses.dataclass(frozen=True, slots=True)
class CommandOutput(_News):
    """What a command has printed in the last 100 ms, on its `topic`."""

    command: Command
    text: str


@dataclasses.dataclass(frozen=True, slots=True)
class CommandChanged(_News):
    """A command was started or has ended, on the topic "commands"."""

    command: Command
    status: str


_CommandLine = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]
# what the environment says of the terminal that the server was started in, and NiceGUI of the server
_OF_ANOTHER = {"COLUMNS", "LINES", "STY", "TERMCAP", "TMUX", "TMUX_PANE", "WINDOW", "WINDOWID"}
_OF_ANOTHER |= {"NICEGUI_HOST", "NICEGUI_PORT", "NICEGUI_PROTOCOL"}


class Command(GenServer):
    """A program that runs, what it prints and how it ended; it outlives every page. (an Erlang port, with a terminal)

    .. code-block:: python

        build = playground.Command.start("make -j4", cwd="project")

        playground.terminal(build)  # in `render`: shows it, in any number of pages
        build.status, build.exit_status, build.output

        tests = await playground.Command.run("pytest -q", timeout=30)  # in an async callback
        tests.exit_status, tests.output

    Started with `start` it runs until it ends or `stop()` is called, at the latest until the server ends; with
    `start_link` at the latest until its page is left; as a child of a supervisor it is started again as its `restart`
    says: an exit status other than 0, and a time that is up, count as a crash.

    It gets a pseudo-terminal and a process group of its own. To stop it is to send `stop_signal` to the group, and
    SIGKILL after `grace` seconds, whoever stops it; what it has started in its group ends with it. A program that
    leaves the group (`setsid`, daemons) is on its own; if the server is process 1 of a container, an `init` has to
    collect those (`docker run --init`). Should the server itself be killed, a small second program ends the groups.

    What it prints is kept in memory up to `scrollback` characters and written to `log`; unless that is a file of your
    own, the next run of the server finds it there: `Command.history()`.

    On the topic "commands" comes `CommandChanged(command, status)`, on its own `topic` every 100 ms
    `CommandOutput(command, text)`, both for this server's subscribers.

    :param command: the program and its arguments, as a list of texts and paths, or as a string that is split as a shell
        would; no shell runs it
    :param shell: whether to give a string to `/bin/sh` instead. Never with what a visitor typed.
    :param cwd: the directory to run in
    :param env: variables to set, besides those of the server
    :param pty: whether to give it a pseudo-terminal; most programs print colours, and every line at once, to one only
    :param columns: the width of the terminal, in characters
    :param rows: its height
    :param stdin: what it reads instead of what is written: a text, bytes, an open file, or `subprocess.DEVNULL`
    :param stderr_to_stdout: whether `output` has what it prints to stderr, too; without a pseudo-terminal it may be
        kept apart, in `stderr`. (`System.cmd`)
    :param encoding: of what it prints and reads
    :param timeout: when to stop it, in seconds; None for never
    :param stop_signal: asks it to end. Interactive shells ignore SIGTERM, and end with `signal.SIGHUP`.
    :param grace: how long it may take to end, in seconds
    :param scrollback: how much output to keep in memory, in characters
    :param log: the file to write the output to, None for none; by default one of the 100 latest in
        `Command.log_directory()`, which only the user of the server can read. When it has 16 MB, and is a regular file
        of this user, its older half is dropped.
    :ivar status: "not started", "running", "exited", "failed" (it could not be started: see `error`), "stopped",
        "timed out", "killed" or "ended when the server stopped" (which was killed)
    :ivar exit_status: the exit status; negative, the number of the signal that ended it; None if there is none
    :ivar error: why it could not be started
    :ivar pid: the number of the process, and of its group; None if this server has not started it
    :ivar topic: the topic of its output
    :ivar started: when, in seconds since 1970
    :ivar ended: when; None if it runs
    """

    _LOGS = 100
    _known: ClassVar[weakref.WeakValueDictionary[str, Command]] = weakref.WeakValueDictionary()
    _ids: ClassVar[Iterator[int]] = itertools.count(1)
    _role = "command"
    _crash_is_told = False

    command: str = ""
    status: str = "not started"
    exit_status: int | None = None
    error: str = ""
    ended: float | None = None
    pid: int | None = None

    def __init__(self) -> None:
        self.topic = f"command {next(self._ids)}"
        self.started, self._began = time.time(), time.monotonic()  # whatever becomes of the clock
        self._scrollback, self._stderr = _Scrollback(1_000_000), _Scrollback(1_000_000)
        self._log, self._program = _CommandLog(), _Program()
        self._viewers: weakref.WeakSet[terminal] = weakref.WeakSet()
        self._news = asyncio.Event()  # set, and another one made, when there are any

    @classmethod
    def start(cls, command: _CommandLine, *, name: Hashable | None = None, **arguments: Any) -> Self:  # type: ignore[override]
        """Start a command that ends by itself, or with the server. (`GenServer.start`)

        :param name: a name to reach it by
        :param arguments: see the class
        """
        return _spawn(cls, {"command": command, **arguments}, name)

    @classmethod
    def start_link(cls, command: _CommandLine, *, name: Hashable | None = None, **arguments: Any) -> Self:  # type: ignore[override]
        """Start a command that ends with the page or the process that starts it. (`GenServer.start_link`)"""
        return super().start_link(name=name, command=command, **arguments)

    @classmethod
    async def run(cls, command: _CommandLine, **arguments: Any) -> Self:
        """Start a command and wait until it has ended; who is cancelled meanwhile stops it. (`System.cmd`)

        .. code-block:: python

            listing = await playground.Command.run("git ls-files", pty=False)
            files = listing.output.splitlines() if listing.exit_status == 0 else []

        :param arguments: see the class
        :returns: the command, with its `output`, `exit_status` and `status`
        """
        started = cls.start(command, **arguments)
        try:
            await started.wait()
        finally:
            started.stop()
        return started

    def init(
        self,
        command: _CommandLine,
        *,
        shell: bool = False,
        cwd: str | os.PathLike[str] | None = None,
        env: Mapping[str, str] | None = None,
        pty: bool = True,
        columns: int = 80,
        rows: int = 24,
        stdin: str | bytes | IO[Any] | int | None = None,
        stderr_to_stdout: bool = True,
        encoding: str = "utf-8",
        timeout: float | None = None,
        stop_signal: int = signal.SIGTERM,
        grace: float = 5.0,
        scrollback: int = 1_000_000,
        log: str | os.PathLike[str] | None = _ABSENT,
    ) -> Stop | None:
        """Start the program."""
        if sys.platform == "win32":
            raise NotImplementedError("Command needs Linux or macOS: it ends programs by their process group.")
        if self._process.on_trial:
            raise _CannotTryError("it starts a program")
        arguments = _arguments_of(command, shell=shell)
        _refuse_options((columns, rows), pty, stderr_to_stdout, encoding, timeout, grace)
        self.command = command if isinstance(command, str) else shlex.join(arguments)
        self._pty, self._encoding, self._grace, self._stop_signal = pty, encoding, grace, signal.Signals(stop_signal)
        self._patience = grace + 5.0  # what comes after the grace takes no time, but on a busy machine
        self._scrollback, self._stderr = _Scrollback(scrollback), _Scrollback(scrollback)
        path = self._default_log() if log is _ABSENT else os.path.abspath(os.fsdecode(log)) if log is not None else ""
        options: dict[str, Any] = {"cwd": os.fspath(cwd or "."), "env": _environment(env, pty=pty)}
        options |= {"size": (rows, columns) if pty else None, "is_split": not stderr_to_stdout}
        try:
            self._program.start(arguments, stdin=stdin.encode(encoding) if isinstance(stdin, str) else stdin, **options)
        except OSError as error:
            self.error = f"{arguments[0]} cannot be started: {error}"
        self._log = _CommandLog(path)
        self._known[path or self.topic] = self  # without a log nobody looks it up
        return self._begin(timeout)

    def _begin(self, timeout: float | None) -> Stop | None:
        if self.error:
            self.status = "failed"
            self._print(f"\x1b[91m{self.error}\x1b[0m\r\n")
            self._end()
            return Stop(CommandError(self.error))
        self.status, self.pid = "running", self._program.pid
        pace = _Pace(0.1, self._flush)
        self._outputs = [_Output(pipe, self._encoding, pace.touch) for pipe in self._program.outputs]
        _Guard.groups[self._program.pid] = f"{self.pid}:{self._stop_signal:d}:{round(min(self._grace, 1e6) * 10)}"
        _Guard.tell()
        life = self._process.loop.create_task(self._live(timeout), name="playground command")
        life.add_done_callback(self._finish)
        self._process.endings[self] = lambda _: life.cancel()  # it is over, unless the process was killed
        self._changed()
        return None

    async def _live(self, timeout: float | None) -> None:
        """Look after the program until nothing is left of it."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._program.over.wait(), timeout)
        if not self._program.over.is_set():
            self.status = "timed out"
        await self._program.end(self._stop_signal, self._grace)

    def _finish(self, life: asyncio.Task[None]) -> None:
        """Say how it ended, take what is left of its output, and end the process."""
        if life.cancelled() and self._process.alive:  # the loop ends, and nobody can wait: the guard does
            return
        self._program.signal_group(signal.SIGKILL)  # nobody is there, unless the process was killed
        if self.status == "running":
            self.status = "killed" if life.cancelled() else "exited"
        self.exit_status = self._program.exit_status
        self._flush(is_last=True)
        del _Guard.groups[self._program.pid]
        _Guard.tell()
        self._end()
        reason: Any = "timed out" if self.status == "timed out" else "normal"
        if self.status == "exited" and self.exit_status:
            reason = CommandError(f"{self.command!r:.80} has ended with the exit status {self.exit_status}")
        self._process.request_stop(reason)

    def _end(self) -> None:
        self._program.close()
        self.ended = self.started + self.duration
        self._changed()
        self._log.close()

    async def terminate(self, reason: Any) -> None:
        """Stop the program, if it runs."""
        if self.status == "running":
            self.status = "stopped"
        self._program.over.set()
        await self.wait()

    def _kind(self) -> str:
        return f"Command {self.command!r:.60}"

    # -- what others may ask

    @property
    def output(self) -> str:
        """What it has printed, as far as it is kept, with the codes for colours and the like."""
        return self._scrollback.read()[0]

    @property
    def stderr(self) -> str:
        """What it has printed to stderr, if that is kept apart."""
        return self._stderr.read()[0]

    @property
    def duration(self) -> float:
        """How long it has been running, or did, in seconds."""
        return time.monotonic() - self._began if self.ended is None else self.ended - self.started

    async def wait(self) -> int | None:
        """Wait until it has ended, and nothing is left of it.

        :returns: its exit status
        """
        if self._process.on_trial:
            raise _CannotTryError("it waits for a program")
        while self.ended is None:
            await self._news.wait()
        return self.exit_status

    async def lines(self) -> AsyncIterator[str]:
        """The lines of its output without their ends: those that are kept, and the others as they come, to the last.

        .. code-block:: python

            async for line in command.lines():
                self.lines = [*self.lines, line][-100:]
        """
        position, rest = 0, ""
        while True:
            news, is_last = self._news, self.ended is not None
            text, position = self._scrollback.read(position)
            *lines, rest = (rest + text).split("\n")
            for line in [*lines, rest] if is_last and rest else lines:
                yield line.removesuffix("\r")
            if is_last:
                return
            await news.wait()

    # -- what it prints

    def _flush(self, *, is_last: bool = False) -> None:
        text, *errors = [output.take(is_last=is_last) for output in self._outputs]
        for error in errors:
            self._stderr.append(error)
            self._log.write(error)
        self._print(text)

    def _print(self, text: str) -> None:
        if text:
            self._scrollback.append(text)
            self._log.write(text)
            self._tell(self.topic, CommandOutput(self, text))

    def _changed(self) -> None:
        """It was started, or has ended."""
        self._log.save_record({name: getattr(self, name) for name in _CommandLog.RECORDED})
        self._tell("commands", CommandChanged(self, self.status))

    def _tell(self, topic: str, news: CommandOutput | CommandChanged) -> None:
        """Have those know who listen, show it, or wait."""
        _deliver(topic, news)
        for viewer in list(self._viewers):
            viewer.hear(news)
        self._news.set()
        self._news = asyncio.Event()

    # -- what it reads, and signals

    def write(self, text: str) -> None:
        """Have the program read a text, from any thread; Return is a line feed, ^C is "\\x03".

        :raises ValueError: if a line is longer than a terminal takes, which is 4,095 bytes (1,023 on macOS), and the
            program has the terminal edit its lines
        """
        content = text.encode(self._encoding)
        self._program.check_lines(content)
        self._process.on_loop(self._program.write, content)

    def end_input(self) -> None:
        """Tell the program that nothing more will come: ^D in a terminal."""
        self._process.on_loop(self._program.end_input)

    def resize(self, columns: int, rows: int) -> None:
        """Tell the program that its terminal has another size now."""
        self._process.on_loop(self._program.resize, columns, rows)

    def signal(self, number: int) -> None:
        """Send the program a signal, from any thread: `signal.SIGUSR1`. What it has started gets none."""
        self._process.on_loop(self._program.signal, signal.Signals(number))

    def stop(self) -> None:
        """End the program, from any thread, without waiting until it has."""
        self._process.on_loop(self._process.request_stop, "shutdown")

    @classmethod
    async def stop_all(cls) -> None:
        """End all commands: the server ends."""
        running = [server for kind, servers in _running.items() if issubclass(kind, Command) for server in servers]
        await asyncio.gather(*(server._process.shut_down("shutdown") for server in running))

    def _type(self, keys: str) -> None:
        """Write what was typed in a page."""
        if self.ended is None:
            if not self._pty:  # nobody else shows it, and makes a line of it
                keys = keys.replace("\r", "\n")
                self._print(keys)
            try:
                self.write(keys)
            except ValueError as error:
                self._print(f"\x1b[91m{error}\x1b[0m\r\n")

    # -- what is kept on disk

    @property
    def log(self) -> pathlib.Path | None:
        """The file with its output."""
        return pathlib.Path(self._log.path) if self._log.path else None

    @classmethod
    def log_directory(cls) -> pathlib.Path:
        """Where the logs of this script's commands are; PLAYGROUND_STATE names another directory."""
        script = os.path.realpath(getattr(sys.modules["__main__"], "__file__", None) or os.getcwd())
        state = os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state")
        base = os.environ.get("PLAYGROUND_STATE") or os.path.join(state, "playground")
        place = hashlib.blake2b(script.encode(), digest_size=4).hexdigest()
        return pathlib.Path(base, f"{pathlib.Path(script).stem}-{place}")

    @classmethod
    def history(cls) -> list[Command]:
        """The commands of this and of earlier runs of the server that have no `log` of their own, the newest first.

        Those of earlier runs are not processes; their output, status and times are there.
        """
        logs = map(str, cls.log_directory().glob("*.log"))
        commands = [cls._known.get(path) or cls._recovered(path) for path in logs]
        return sorted((command for command in commands if command), key=lambda each: each.started, reverse=True)

    @classmethod
    def _recovered(cls, path: str) -> Command | None:
        try:
            record = json.loads(pathlib.Path(f"{path}.json").read_text("utf-8"))
        except (OSError, ValueError):
            return None
        command = cls()
        command._process.alive, command._process.reason = False, "it is of an earlier run"
        command._log.path = path
        vars(command).update(record)
        if command.status == "running":  # and nobody has said how it ended
            command.status, command.ended = "ended when the server stopped", os.path.getmtime(path)
        command._scrollback.append(command._log.tail(1_000_000))
        cls._known[path] = command
        return command

    @classmethod
    def _default_log(cls) -> str:
        directory = cls.log_directory()
        for old in sorted(directory.glob("*.log"))[: -cls._LOGS]:  # their names begin with the time
            for path in (old, f"{old}.json"):
                with contextlib.suppress(OSError):
                    os.remove(path)
        return str(directory / f"{time.strftime('%Y-%m-%d %H.%M.%S')} {uuid.uuid4().hex[:6]}.log")


def _refuse_options(size: Any, pty: bool, stderr_to_stdout: bool, encoding: str, timeout: Any, grace: Any) -> None:
    if pty and not stderr_to_stdout:
        raise ValueError("stderr_to_stdout=False needs pty=False: a terminal has one output for both.")
    if not all(isinstance(length, int) and 0 < length < 1000 for length in size):
        raise ValueError(f"A terminal has 1 to 999 columns and rows, not {size[0]!r} and {size[1]!r}")
    _check_seconds("grace", grace)
    _check_seconds("timeout", timeout)
    "".encode(encoding)  # raises a LookupError that names it


def _arguments_of(command: Any, *, shell: bool) -> list[str]:
    """The program and its arguments."""
    if shell and not isinstance(command, str):
        raise TypeError("With shell=True the command is a string; a list needs no shell.")
    try:
        if isinstance(command, str):
            arguments = ["/bin/sh", "-c", command] if shell else shlex.split(command)
        else:
            arguments = [os.fspath(each) for each in ([command] if isinstance(command, os.PathLike) else command)]
        if not arguments or "\0" in "".join(arguments):
            raise ValueError("there is nothing to start, or it has a zero in it")
    except (TypeError, ValueError) as error:
        text = f"A command is a program and its arguments, as strings or paths, not {command!r}"
        raise ValueError(f"{text}: {error}") from None
    return arguments


def _environment(given: Mapping[str, str] | None, *, pty: bool) -> dict[str, str]:
    variables = {name: value for name, value in os.environ.items() if name not in _OF_ANOTHER}
    return {**variables, "PYTHONUNBUFFERED": "1", **({"TERM": "xterm-256color"} if pty else {}), **(given or {})}


class _CommandLog:
    """The end of the output of a command on disk, and beside it, in our directory, what there is to say of the command.

    A log may be anything: a device, a pipe, a link, a file of somebody else. Only a regular file that is ours is cut
    when it is long.
    """

    LIMIT = 16_000_000  # bytes: a longer log keeps its newer half
    RECORDED = ("command", "status", "exit_status", "error", "started", "ended")

    def __init__(self, path: str = "") -> None:
        self.path = path  # no path, no log
        self._file: io.FileIO | None = None
        if path:
            with self._writing():
                os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
                flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK  # a pipe that nobody reads is an error
                self._file = _own(io.FileIO(os.open(path, flags, 0o600), "w"))

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        """Give up if the disk is full, or the like."""
        try:
            yield
        except OSError as error:
            log.warning("%s: what the command prints is not kept on disk any more: %s", self.path, error)
            self.close()

    def write(self, text: str) -> None:
        """Append a text."""
        if self._file is None:
            return
        with self._writing():
            self._file.write(text.encode(errors="replace"))
            status = os.fstat(self._file.fileno())
            is_ours = stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid()
            if is_ours and status.st_size > self.LIMIT:
                kept = self.tail(self.LIMIT // 2).partition("\n")[2]
                self._file.truncate(0)
                self._file.write(kept.encode())

    def tail(self, size: int) -> str:
        """The end of the output."""
        with open(self.path, "rb") as file:
            file.seek(max(os.path.getsize(self.path) - size, 0))
            return file.read(size).decode(errors="replace")

    def save_record(self, record: dict[str, Any]) -> None:
        """Write what there is to say of the command."""
        if self._file is not None and os.path.dirname(self.path) == str(Command.log_directory()):
            for_us = functools.partial(os.open, mode=0o600)
            with self._writing(), open(f"{self.path}.json", "w", opener=for_us) as file:
                json.dump(record, file)

    def close(self) -> None:
        """Nothing more is written."""
        if self._file is not None:
            self._file.close()
            self._file = None


# ---------------------------------------------------------------------------------------------------------------------
# NiceGUI: everything of it that is private and that we rely on. `tests/test_nicegui.py` fails first when it changes.
# Owns what is put in the place of parts of it, the client of a page, its outbox, and the code in the browser.
#
# Five functions are replaced. Four, so that `render()` can be recorded and its elements be built beside the page:
# `Element.__new__` (and that of the few classes that are no elements or have no use in `render()`), `_bind_one_way` of
# bindings, `background_tasks.create` and `Event.subscribe`. Each asks `_current` whether a recorder or a scratch is at
# work in this thread, and does what NiceGUI does if there is none. The fifth is `json.dumps`, since NiceGUI's fails at
# names of files that are not UTF-8.
#
# The client of a page is NiceGUI's, made a `_PageClient`, with a `_PageOutbox` and `_TypedText`. The outbox sends
# nothing of what is said while a scratch is at work: messages wait there, and updates are those of twins.
#
# In the browser every element whose parent is a plain tag is drawn in a scope of its own, so that a change redraws one
# element and not the page; without that the page works as well, only slower. The rest of the browser code is what users
# see of this module: fields that keep what is typed, rows that move with their focus, navigation, hooks, and forms.
# ---------------------------------------------------------------------------------------------------------------------


class _Current(threading.local):
    """What is at work in this thread."""

    recorder: Any = None  # that records what `render()` makes
    scratch: Any = None  # in which elements are built
    event_ended: Callable[[Any], None] | None = None  # to be called when what an event has started has ended


_current = _Current()


def _new_element(cls: type[Any], *args: Any, **kwargs: Any) -> Any:
    """`Element.__new__`: while `render()` is being recorded, a stand-in; an element otherwise."""
    recorder = _current.recorder
    return object.__new__(cls) if recorder is None else recorder.record(cls, args, kwargs, sys._getframe(1))


_REFUSED = {
    "RefreshableContainer": "ui.refreshable is not needed here: call the function without the decorator.",
    "ElementFilter": "ElementFilter does not work inside render(), only in handlers. Keep what ui.button(...) returns.",
    "SubPages": "ui.sub_pages does not work inside render(). Give start() a dictionary of paths to page classes.",
}


def _new_refused(cls: type[Any], *_: Any, **__: Any) -> Any:
    """`__new__` of what has no use while `render()` is being recorded."""
    if _current.recorder is not None:
        raise RuntimeError(_REFUSED[cls.__name__])
    return object.__new__(cls)


_bind, _create_task, _subscribe = binding._bind_one_way, background_tasks.create, Event.subscribe


def _bind_or_note(*link: Any) -> None:
    """`binding._bind_one_way`: in a scratch, a binding waits until its element is on the page."""
    scratch = _current.scratch
    # what stands for an element, in `render()` and for whoever keeps it, has `_real`; bindings are known by their `id`
    ends = (end._real() if hasattr(type(end), "_real") else end for end in link)
    (_bind if scratch is None else scratch.bind)(*ends)


def _create_or_note(awaitable: Any = None, **options: Any) -> Any:
    """`background_tasks.create`: in a scratch, a task waits likewise."""
    if _current.scratch is not None:
        return _current.scratch.note_task(awaitable, options)
    task = _create_task(awaitable, **options)
    if _current.event_ended is not None:
        task.add_done_callback(_current.event_ended)
    return task


def _subscribe_or_record(event: Event[Any], callback: Callable[..., Any], **options: Any) -> None:
    """`Event.subscribe`: in `render()`, a subscription is made once, and ends when `render()` no longer makes it; in a
    scratch it waits until its element is on the page."""
    recorder, scratch = _current.recorder, _current.scratch
    if recorder is not None:
        recorder.subscribe(event, callback, **options)
    elif scratch is not None:
        scratch.note(functools.partial(_subscribe, event, callback, **options))
    else:
        _subscribe(event, callback, **options)


_dumps = nicegui_json.dumps


def _dumps_any_text(value: Any, *args: Any, **options: Any) -> str:
    """NiceGUI's JSON, with U+FFFD for what is no character, as in names of files that are not UTF-8."""
    try:
        return _dumps(value, *args, **options)
    except TypeError as error:
        if "surrogates" not in str(error):
            raise
        text = json.dumps(value, ensure_ascii=False, default=lambda other: json.loads(_dumps(other)))
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


nicegui_json.dumps = _dumps_any_text  # type: ignore[assignment]
Element.__new__ = _new_element  # type: ignore[method-assign]
Query.__new__ = _new_element  # type: ignore[method-assign]
for _refused in (ElementFilter, ui.sub_pages, RefreshableContainer):
    _refused.__new__ = _new_refused  # type: ignore[method-assign]
binding._bind_one_way = _bind_or_note  # type: ignore[assignment]
background_tasks.create = _create_or_note
Event.subscribe = _subscribe_or_record  # type: ignore[assignment, method-assign]


@contextlib.contextmanager
def _recorder_set(recorder: Any) -> Iterator[None]:
    """Have another recorder at work, or none."""
    before, _current.recorder = _current.recorder, recorder
    try:
        yield
    finally:
        _current.recorder = before


class _PageClient(Client):
    """A client that can give the next elements chosen ids, and answers to what is typed while more is being typed."""

    on_page: dict[int, Element]  # its elements; `elements` are others while a scratch is at work
    reserved: deque[int]  # a twin takes the ids of the element on the page, so that what is made of them is the same
    typed: _TypedText
    field_changed: Callable[[ValueElement[Any]], None]  # called with a named field that the user has changed
    shown: Any  # the page that it shows now
    successions: int  # how many pages have taken the place of another in it
    form_errors: dict[int, str]  # what forms show beside their fields
    received: int  # the number of the latest message of the browser, which sends again what a cut may have lost

    @property
    def next_element_id(self) -> int:
        return self.reserved[0] if self.reserved else typing.cast(int, self.__dict__["next_element_id"])

    @next_element_id.setter
    def next_element_id(self, value: int) -> None:
        if self.reserved:
            self.reserved.popleft()
        else:
            self.__dict__["next_element_id"] = value

    def handle_event(self, msg: dict[str, Any]) -> None:
        field = self.elements.get(msg["id"])
        before = field.value if isinstance(field, ValueElement) else None
        if isinstance(field, (ui.aggrid, ui.json_editor)) and msg["listener_id"] in field._event_listeners:
            _note_edit(field, field._event_listeners[msg["listener_id"]].type, *map(nicegui_json.loads, msg["args"]))
        self.shown.has_rendered = False
        _current.event_ended = lambda _: self.shown.note_event(msg["id"])
        try:
            super().handle_event(msg)
        finally:
            _current.event_ended = None
        if isinstance(field, ValueElement) and "name" in field._props and field.value != before:
            self.field_changed(field)
        if not self.shown.has_rendered:
            self.shown.note_event(msg["id"])

    def is_new(self, number: int) -> bool:
        """Whether a message of the browser is to be handled; if not, it has been, or comes again."""
        is_new = self.has_socket_connection and number > self.received
        if is_new:
            self.received = number
        return is_new

    async def end_soon(self) -> None:
        """Its tab says that it is closed: do not wait for it as for one that is cut off, unless it is there again."""
        await asyncio.sleep(2.0)
        if self.has_socket_connection or self.is_deleted:
            return
        for document_id in list(self._delete_tasks):
            self._cancel_delete_task(document_id)
        self.delete()
        if all(client._pinned_tab_id != self._pinned_tab_id for client in Client.instances.values()):
            await core.app.storage.close_tab(self._pinned_tab_id)

    def run_javascript(self, code: str, *, timeout: float = 1.0) -> AwaitableResponse:
        if self.typed.is_quiet and '"updateValue"' in code:
            return NullResponse()
        return super().run_javascript(code, timeout=timeout)


class _TypedText:
    """The values of the fields of a page while a user types in them.

    A field that has the focus must not be overwritten with what the user has not caused, and what is typed while the
    server still answers to the letters before must not be lost. So with each new value of a text field goes what had
    been typed when it was found: the browser takes it if just that is in the field. Else it asks for the value when the
    field is left, unless more is typed, which becomes the value of the server. Fields whose changes wait in the mailbox
    get a value when those have been handled.
    """

    def __init__(self, client: _PageClient) -> None:
        self.client = client
        self.pending: Counter[int] = Counter()  # fields with changes that are not handled yet, and how many
        self.is_quiet = False  # whether fields are not told to fetch their value; the update does so, where it fits
        self._answers: dict[int, Any] = {}  # what was typed in fields that get another value; None: nobody asked
        self._kept: dict[int, Any] = {}  # the values that the browser has, or had before more was typed
        self._owed: dict[int, Any] = {}  # the values that fields with pending changes get when those are handled

    @contextlib.contextmanager
    def quiet(self) -> Iterator[None]:
        """Fields get their new values inside with the update, not with a call of its own that may come too late."""
        before, self.is_quiet = self.is_quiet, True
        try:
            yield
        finally:
            self.is_quiet = before

    def note(self, field: ValueElement[Any], typed: Any, *, asked: bool) -> None:
        """Have the browser told what the new value of a text field answers to; others take any value at any time."""
        self._kept.pop(field.id, None)
        if field.LOOPBACK is not True:
            self._answers[field.id] = ("" if typed is None else typed) if asked else None

    @contextlib.contextmanager
    def noted(self, targets: list[Any], *, asked: bool) -> Iterator[None]:
        """Be quiet, and note which of the elements have got another value inside."""
        before = [(target, target.value) for target in targets if isinstance(target, ValueElement)]
        with self.quiet():
            yield
        for field, typed in before:
            if field.value != typed:
                self.note(field, typed, asked=asked)

    def answer(self, field: ValueElement[Any], value: Any, *, asked: bool) -> None:
        """Give a field the value that `render()` says, unless the user is ahead of what `render()` knows.

        :param asked: whether something that the user did is the reason
        """
        if self.pending[field.id] > 0:
            self._owed[field.id] = value
            return
        self._owed.pop(field.id, None)
        if field.value != value:
            self.note(field, field.value, asked=asked)
        with self.quiet():
            _set_quietly(field, "value", value)

    def seen(self, field: Element) -> Any:
        """What the browser has of a field, before that is changed; None if an update is on its way already."""
        if not isinstance(field, ValueElement) or field.id in self.client.outbox.updates:
            return None
        return field.value, field._props.get(field.VALUE_PROP)

    def keep(self, field: Any, seen: Any) -> None:
        """Have the browser keep the value of a field that is sent again, if it is still the one that it has."""
        if seen is None or field.id in self._answers or field.id not in self.client.outbox.updates:
            return
        if field.value is seen[0] and field._props.get(field.VALUE_PROP) == seen[1]:  # a tab may have got another name
            self._kept[field.id] = field.value

    def pay(self) -> None:
        """Give fields whose changes have been handled meanwhile the values that they were to get."""
        for id_ in [id_ for id_ in self._owed if self.pending[id_] <= 0]:
            value, field = self._owed.pop(id_), self.client.elements.get(id_)
            if isinstance(field, ValueElement):
                self.answer(field, value, asked=True)

    def complete(self, update: dict[int, Any]) -> None:
        """Add to an update that is about to be sent what the browser has to know of the values in it."""
        for id_ in (self._answers.keys() | self._kept.keys()) & update.keys():
            field, asked = self.client.elements.get(id_), id_ in self._answers
            typed, kept = self._answers.pop(id_, None), self._kept.pop(id_, _ABSENT)
            if not isinstance(field, ValueElement) or update[id_] is None:
                continue
            # a slider that has been moved since needs the answer of the server, a text does not
            keep = kept is not _ABSENT and (field.LOOPBACK is not True or bool(field.value == kept))
            if keep or asked:
                told = {"prop": field.VALUE_PROP, "keep": keep, "typed": typed, "received": self.client.received}
                update[id_]["answer"] = told


_BROWSER_CODE = """
<style>
  [data-busy] { pointer-events: none; opacity: 0.7; }
  [data-busy] > * { display: none !important; }
  [data-busy]::after {
    content: attr(data-disable-with); max-width: 100%; margin: auto; overflow: hidden; white-space: nowrap;
    text-overflow: ellipsis;
  }
  @layer components {
    .playground-form {
      display: flex; flex-direction: column; align-items: flex-start; gap: 0.75rem; min-width: min(20rem, 100%);
    }
    .playground-form > :is(.q-field, .q-slider) { align-self: stretch; }
  }
  .nicegui-upload[data-error], .q-uploader[data-error] { outline: 2px solid #c10015; }
  [data-error]::after {
    content: attr(data-error); display: block; padding: 0.25rem 0.75rem; color: #c10015; font-size: max(0.85rem, 0.8em);
  }
  .body--dark [data-error]::after { color: #ff8a80; }
  .q-checkbox[data-error], .q-toggle[data-error] { flex-wrap: wrap; }
  .playground-waiting::before {
    content: ""; position: fixed; z-index: 9999; inset: 0 0 auto; height: 3px; background: var(--q-primary, #1976d2);
    transform: translateX(-100%); animation: playground-waiting 1.5s 0.3s infinite;
  }
  @keyframes playground-waiting { from { transform: translateX(-100%); } to { transform: translateX(100%); } }
</style>
<script>
(() => {
  window.playground = {
    act: (action, more, ...ack) => socket.emit("playground", { client_id: window.clientId, action, ...more }, ...ack),
    // what a page and its own JavaScript tell each other
    push: (name, params = {}) => new Promise((resolve, reject) => {
      window.playground.act("push", { name, params }, (error, reply) => error ? reject(Error(error)) : resolve(reply));
    }),
    dispatch: (name, detail) => window.dispatchEvent(new CustomEvent("playground:" + name, { detail })),
    on(name, handler, options) {
      const listener = (event) => handler(event.detail);
      window.addEventListener("playground:" + name, listener, options);
      return () => window.removeEventListener("playground:" + name, listener);
    },
  };
  const documentOf = (component) => component?.editor?.state?.doc.toString();
  window.playground.textIn = (html, component) => {
    const field = [html, ...html.querySelectorAll("*")].find((e) => e.matches("input, textarea, [contenteditable]"));
    return documentOf(component) ?? field?.value ?? field?.innerHTML;
  };
  // A field that has the focus keeps what is typed in it, unless the new value answers to just that. It asks for what
  // it has not taken when it is left, unless more that was typed is sent, which then counts.
  const held = new Set();
  const changes = new Map(); // the latest messages that tell what was typed, by fields
  function keepsTyping(id, component, typed) {
    const html = getHtmlElement(id);
    if (!html?.contains(document.activeElement)) return false;
    const text = window.playground.textIn(html, component);
    return typed === null || (!held.has(id) && text !== undefined && text !== String(typed));
  }
  function propsToPreserve(id, element, { prop, keep, typed, received }) {
    const component = getElement(id);
    const text = documentOf(component);
    const isAhead = changes.get(id)?.sending > received;
    if (!keep && !keepsTyping(id, component, typed)) {
      held.delete(id);
      if (component?.updateValue) element.update_method = "updateValue";
      return [];
    }
    if (!keep && !isAhead) held.add(id);
    if (text === undefined) return [prop];
    if (!keep && isAhead) component.$emit("update:value", replacing(text));
    element.props[prop] = text;
    return [];
  }
  // An editor tells what changes in the text that it has, which may not be that of the server: this is all of it.
  const replacing = (text) => ({ sections: [1e9, text.length], inserted: [text.split("\\n")] });
  window.playground.noteChange = (message) => {
    const id = String(message.id);
    const text = documentOf(getElement(id));
    if (held.delete(id) && text !== undefined) message.args = [JSON.stringify(replacing(text))];
    changes.set(id, message);
  };
  document.addEventListener("DOMContentLoaded", () => {
    const { socket } = window;
    const note = () => {
      const was = document.body.classList.contains("playground-disconnected");
      const is = document.body.classList.toggle("playground-disconnected", !socket.connected);
      if (was !== is) mounted.forEach((hook) => hook[is ? "disconnected" : "reconnected"]?.());
    };
    socket.on("connect", note).on("disconnect", note);
    const [carryOut] = socket.listeners("update");
    socket.off("update", carryOut).on("update", (message) => {
      for (const [id, element] of Object.entries(message)) {
        // asked for when the update is carried out: it may have to wait, and more may be typed meanwhile
        const get = () => propsToPreserve(id, element, element.answer);
        if (element?.answer) Object.defineProperty(element, "preserved_props", { get, configurable: true });
      }
      return carryOut(message);
    });
  });
  document.addEventListener("focusout", () => {
    for (const id of held) window.playground.act("left", { id: Number(id) });
    held.clear();
  });
  // An entry of the history says which page it is of, and where one was in it.
  const newToken = () => Math.random().toString(36).slice(2);
  let scrolling, shown = newToken();
  let seen = 0; // pages that have come in the place of another
  function write(how, place, ...address) {
    clearTimeout(scrolling);
    history[how]({ ...(how === "replaceState" && history.state), playground: shown, place }, "", ...address);
  }
  history.scrollRestoration = "manual"; // the browser would scroll before there is what is to be scrolled to
  write("replaceState", history.state?.place);
  window.addEventListener("scroll", () => {
    clearTimeout(scrolling); // it is where one stays that counts, not what a click has scrolled to
    scrolling = setTimeout(() => write("replaceState", [scrollX, scrollY]), 200);
  });
  window.playground.go = (how, uri, isNew) => {
    if (isNew) seen += 1;
    if (isNew && how) shown = newToken();
    if (how) write(how, isNew || uri.includes("#") ? undefined : [scrollX, scrollY], window.path_prefix + uri);
  };
  window.playground.arrive = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && !history.state.place) target.scrollIntoView();
    else window.scrollTo(...(history.state.place ?? [0, 0]));
  };
  window.addEventListener("load", window.playground.arrive);
  function follow({ pathname, search, hash }, link) {
    const uri = (pathname.slice(window.path_prefix.length) || "/") + search + hash; // as the server knows it
    window.playground.act("follow", { uri, link, seen });
  }
  window.addEventListener("popstate", ({ state }) => {
    clearTimeout(scrolling);
    if (!state && location.hash) return write("replaceState"); // a link within the page
    const isSame = state?.playground === shown; // or else another page, if perhaps at a path of the same route
    shown = state?.playground;
    follow(location, isSame ? "" : "history");
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-playground-link]");
    if (!link || event.defaultPrevented || event.button || link.matches("[download]")) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if ((link.target || "_self") !== "_self" || !link.href.startsWith(location.origin + window.path_prefix)) return;
    if (link.hash && link.href.split("#")[0] === location.href.split("#")[0]) return;
    event.preventDefault();
    follow(link, link.dataset.playgroundLink);
  });
  // Hooks follow the elements that name them.
  const mounted = new Map();
  const observer = new MutationObserver(look);
  window.playground.hooks = new Proxy({}, {
    set(hooks, name, hook) {
      hooks[name] = hook;
      observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
      queueMicrotask(look);
      return true;
    },
  });
  function look(records = []) {
    for (const [el, hook] of mounted) {
      if (!el.isConnected || el.dataset.hook !== hook.hookName) {
        mounted.delete(el);
        hook.ending.abort();
        hook.destroyed?.();
      } else if (records.some(({ target }) => el.contains(target))) hook.updated?.();
    }
    for (const el of document.querySelectorAll("[data-hook]")) {
      const { hooks: { [el.dataset.hook]: kind }, push, on } = window.playground;
      if (mounted.has(el) || !kind) continue;
      const ending = new AbortController();
      const own = { el, push, on: (name, handler) => on(name, handler, ending), hookName: el.dataset.hook, ending };
      mounted.set(el, Object.assign(Object.create(kind), own));
      mounted.get(el).mounted?.();
    }
    observer.takeRecords(); // what the hooks themselves have done is no update
  }
  // What is pressed in a menu or dialog is pressed in what that was opened from, too.
  let pressed = [];
  const openers = new WeakMap();
  function press({ target }) {
    const popup = target.closest?.("[id^=q-portal]");
    if (popup && !openers.has(popup)) openers.set(popup, pressed);
    pressed = [target, ...(openers.get(popup) ?? [])];
  }
  for (const type of ["pointerdown", "keydown"]) document.addEventListener(type, press, true);
  document.addEventListener("click", () => {
    for (const [id, { events }] of Object.entries(Vue.toRaw(mounted_app.elements))) {
      const html = events?.some(({ type }) => type === "clickAway") && getHtmlElement(id);
      const isAway = html?.isConnected && !pressed.some((node) => html.contains(node));
      if (isAway) html.dispatchEvent(new CustomEvent("click-away"));
    }
  });
  const hears = (element, name) =>
    mounted_app.elements[element?.id.slice(1)]?.events?.some(({ type, js_handler }) => type === name && !js_handler);
  function stop(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
  // While a handler runs, an element with data-disable-with cannot be clicked again: it is busy with that of an id.
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button, [data-disable-with]");
    const form = button?.type === "submit" && button.form;
    const field = document.activeElement;
    // Who submits with Enter goes on in the field; Quasar's buttons take the focus with the click that Enter is.
    if (form && !event.detail && field !== event.target && form.contains(field)) setTimeout(() => field.focus());
    if (button?.dataset.busy) stop(event);
    else if (hears(button, "click") && !(form && hears(form, "submit"))) beBusy(button, button.id);
  }, true);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!hears(form, "submit")) return;
    if (form.waits || form.querySelector("[data-busy]")) return stop(event);
    beBusy(event.submitter, form.id);
    waitForFiles(event, form);
  }, true);
  function beBusy(button, id) {
    if (button?.dataset.disableWith && window.did_handshake) button.dataset.busy = id;
  }
  window.playground.ready = (id) =>
    document.querySelectorAll(`[data-busy=c${id}]`).forEach((busy) => busy.removeAttribute("data-busy"));
  // A form is submitted when the files have arrived that are on their way.
  function waitForFiles(event, form) {
    const uploaders = [...form.querySelectorAll(".q-uploader")].map(({ id }) => getElement(id.slice(1)).$refs.qRef);
    const areComing = () => uploaders.some((uploader) => uploader.isUploading);
    if (!(form.waits = areComing())) return;
    stop(event);
    const unwatch = Vue.watch(areComing, () => {
      unwatch();
      form.waits = false;
      window.playground.ready(form.id.slice(1));
      const hasFailed = uploaders.some(({ files }) => files.some((file) => file.__status === "failed"));
      if (!hasFailed) form.requestSubmit(event.submitter);
    });
  }
  window.playground.wait = (on) => (document.body.ariaBusy = document.body.classList.toggle("playground-waiting", on));
  // A row that moves takes the focus with it.
  const insertBefore = Node.prototype.insertBefore;
  if (Element.prototype.moveBefore) {
    Element.prototype.insertBefore = function (node, next) {
      if (node.parentNode !== this || !this.isConnected) return insertBefore.call(this, node, next);
      this.moveBefore(node, next);
      return node;
    };
  }
})();
</script>
<script type="module">
  // An element whose parent is a plain tag is drawn in a scope of its own: a change redraws it, not the whole page.
  const draw = window.renderRecursively;
  let isInPlainTag = false;
  let elements;
  // The buttons of a carousel know which slide is shown, and a log goes to its end, when they are drawn once more.
  function drawWhole(id, propsContext) {
    const before = isInPlainTag;
    isInPlainTag = !elements[id]?.tag.includes("-"); // components draw their children later, and may look at them
    try {
      const node = draw(elements, id, propsContext);
      if (node?.ref) node.ref.i = node.ref.i.root; // where `getElement` looks for it
      if (node && /^q-carousel$|^nicegui-log/.test(elements[id].tag)) {
        node.props = { ...node.props, onVnodeMounted: ({ component }) => component.proxy.$forceUpdate() };
      }
      return node;
    } finally {
      isInPlainTag = before;
    }
  }
  // What stands for a child that is still there is handed to Vue once more, which then does not look at it at all.
  let shown = null;
  const Scope = {
    props: ["id"],
    render({ id, $: scope }) {
      const around = shown;
      shown = { before: scope.shown };
      try {
        return drawWhole(id);
      } finally {
        scope.shown = shown.now;
        shown = around;
      }
    },
  };
  function inScope(id) {
    const node = shown?.before?.get(id) ?? Object.assign(Vue.h(Scope, { id, key: id }), { memo: [] });
    if (shown) (shown.now ??= new Map()).set(id, node);
    return node;
  }
  if (draw?.length === 3) {
    window.renderRecursively = (all, id, propsContext) => {
      elements = all;
      return isInPlainTag && !propsContext ? inScope(id) : drawWhole(id, propsContext);
    };
  }
</script>
"""


def _refuse_malformed_messages() -> None:
    """Have what a browser sends that is not what NiceGUI's own code sends be dropped."""
    core.sio.eio.on("message", _dropping_malformed("frame", core.sio.eio.handlers["message"]))
    handlers = core.sio.handlers["/"]
    for name in ("handshake", "event", "javascript_response", "ack", "log", "playground"):
        handlers[name] = _dropping_malformed(name, handlers[name])


def _dropping_malformed(name: str, handler: Callable[..., Any]) -> Callable[..., Any]:
    async def handle(*arguments: Any) -> Any:
        try:
            match arguments[-1]:
                case {"sending": int(number), "client_id": str(id_)}:
                    client = Client.instances.get(id_)
                    if isinstance(client, _PageClient) and not client.is_new(number):
                        return False
            result = handler(*arguments)
            return await result if should_await(result) else result
        except Exception as error:
            log.debug("A browser sent a malformed %r, which is dropped: %s", name, _cut(repr(error), 200))
            return False

    return handle


_OUTSIDE_OF_PAGES = (
    "was added outside of all pages: move it into the render() of a page class. "
    "(What all pages are to have, ui.add_css(..., shared=True) and the like give them.)"
)


def _refuse_elements_of_no_page() -> None:
    """Elements that the program has made outside of all pages: NiceGUI would take them for a page of its own."""
    client = core.script_client
    if core.script_mode and client is not None:
        made = [child for slot in client.content.slots.values() for child in slot.children]
        known = {value: f"ui.{name}" for name, value in vars(ui).items() if isinstance(value, type)}
        names = ", ".join(dict.fromkeys(known.get(type(element), type(element).__name__) for element in made))
        raise RuntimeError(f"{names or 'HTML or CSS'} {_OUTSIDE_OF_PAGES}")


def _look_for_browsers() -> None:
    """Have both sides notice within 15 s that the other is silent, and a browser that is busy for 10 s not be cut off.

    NiceGUI would make it longer, the longer a page waits for its browser.
    """
    core.sio.eio.ping_interval, core.sio.eio.ping_timeout = 5, 10


def _prepare_client(client: Client, body_html: str) -> _PageClient:
    """Make `client` one that pages can be rendered on; `body_html` is what the page needs in the browser."""
    client.__class__ = _PageClient
    page_client = typing.cast(_PageClient, client)
    page_client.reserved, page_client.typed = deque(), _TypedText(page_client)
    page_client.on_page, page_client.form_errors = client.elements, {}
    page_client.successions = page_client.received = 0
    client._body_html += body_html
    client.outbox.stop()
    client.outbox = _PageOutbox(client)
    return page_client


class _SentFirst(dict[str, Any]):
    """A message that is sent before an update of the same turn, not after it."""


class _PageOutbox(Outbox):
    """The outbox of a page. It sleeps until there is something to send; NiceGUI's looks every second, for each page."""

    handled: list[Any] = []  # noqa: RUF012  # what tools are told of when what it changed is sent; never changed itself
    when_sent: ClassVar[Callable[..., object]] = staticmethod(_do_nothing)  # what tells them

    async def loop(self) -> None:
        """Send what there is to send until the client is deleted."""
        is_filled = self._enqueue_event = asyncio.Event()
        is_filled.set()
        while not self._should_stop:
            if not self.client.has_socket_connection:
                await asyncio.sleep(0.1)
                continue
            is_filled.clear()
            try:
                handled, self.handled = self.handled, []
                await self._send(self.client, messages := self._take_all())
                self.when_sent(handled, messages)
            except Exception as error:
                core.app.handle_exception(error)
            await is_filled.wait()

    def tell_when_sent(self, handled: list[Any]) -> None:
        """Have tools told of what was handled when what it changed is sent."""
        self.handled = [*self.handled, *handled]
        self._set_enqueue_event()

    async def _send(self, client: Client, messages: list[Message]) -> None:
        """Send `messages`, for which `client` is kept, also when it is deleted meanwhile."""
        for message in messages:
            try:
                await self._emit(message)
            except Exception as error:
                core.app.handle_exception(error)
        while _unread_packets(client) > _MOST_UNREAD:  # noqa: ASYNC110  # nothing tells when they are read
            await asyncio.sleep(0.05)  # what changes meanwhile becomes one update

    def enqueue_update(self, element: Element) -> None:
        """Enqueue an update, unless the element is not on the page: a twin, on which `render()` may draw."""
        on_page = typing.cast(_PageClient, self.client).on_page
        if _current.scratch is None and on_page.get(element.id) is element:
            super().enqueue_update(element)

    def enqueue_delete(self, element: Element) -> None:
        """Enqueue a deletion, unless it is in a scratch."""
        if _current.scratch is None:
            super().enqueue_delete(element)

    def enqueue_message(self, message_type: str, data: Any, target_id: str) -> None:
        """Enqueue a message; in a scratch, it waits until its element is on the page.

        `data` stays as it is, for whoever sends it again: `_emit` writes a number into it.
        """
        if _current.scratch is not None:
            _current.scratch.note(functools.partial(self.enqueue_message, message_type, data, target_id))
        else:
            super().enqueue_message(message_type, copy.copy(data), target_id)

    def _take_all(self) -> list[Message]:
        """What is to be sent again, what an update relies on, the update, and the rest."""
        messages = [*self._take_update(), *self.messages]
        self.messages.clear()
        return sorted(messages, key=self._turn_of)

    @staticmethod
    def _turn_of(message: Message) -> int:
        has_been_sent = "_id" in message[2]
        return 0 if has_been_sent else 1 if isinstance(message[2], _SentFirst) else 2

    def _take_update(self) -> list[Message]:
        elements = dict(self.updates)
        if not elements:
            return []
        client = typing.cast(_PageClient, self.client)
        told = {id_: None if isinstance(element, Deleted) else element._to_dict() for id_, element in elements.items()}
        client.typed.complete(told)
        self.updates.clear()
        components = [element.component for element in elements.values() if not isinstance(element, Deleted)]
        known = {component.name: component for component in components if isinstance(component, JsComponent)}
        new = {name: component for name, component in known.items() if name not in self._loaded_components}
        self._loaded_components |= new.keys()
        loaded = {"components": [{"key": component.key, "tag": component.tag} for component in new.values()]}
        messages: list[Message] = [(client.id, "load_js_components", loaded)] if new else []
        return [*messages, (client.id, "update", told)]


_MOST_UNREAD = 20


def _unread_packets(client: Client) -> int:
    """How many packets wait for a browser that does not read them as fast as they are sent.

    A connection that has been replaced, which the server does not know yet, reads nothing and does not count.
    """
    connections = core.sio.manager.rooms.get("/", {}).get(client.id, {}).values()
    sockets = (core.sio.eio.sockets.get(connection) for connection in connections)
    return min((socket.queue.qsize() for socket in sockets if socket is not None), default=0)


def _set_quietly(element: Any, name: str, value: Any) -> None:
    """Set an attribute as `render()` does: an exception of a validation has no say in what is shown."""
    is_choice = name == "value" and isinstance(element, ChoiceElement)
    if not is_choice or isinstance(value, list) or value is None or value in element._values:
        _carefully(setattr, element, name, value)


def _carefully(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call something that may call the user's code; its exceptions are handled as those of handlers are."""
    try:
        return function(*arguments)
    except Exception as error:
        core.app.handle_exception(error)
        return None


def _note_edit(element: Any, event: str, arguments: Any, *_: Any) -> None:
    """Note what the browser shows already when the user has edited in it: if that comes back as an argument, a grid is
    not to be built anew under the next cell."""
    match event, arguments:
        case "cellValueChanged", {"data": dict(edited), "colId": str(column)} if column in edited:
            options = element.options
            rows = [
                edited if isinstance(row, dict) and {**row, column: edited[column]} == edited else row
                for row in options.get("rowData", ())
            ]
            _set_silently(element, "options", {**options, "rowData": rows})
        case "content_change", {"content": content}:
            _set_silently(element, "properties", {**element.properties, "content": content})


def _set_silently(element: Element, name: str, value: Any) -> None:
    """Set a prop without an update."""
    dict.__setitem__(element._props, name, value)


def _value_of_event(field: ValueElement[Any], told: Any) -> Any:
    """The value of a field by what its event says when the user has changed it to that."""
    event = GenericEventArguments(sender=field, client=field.client, args=told)
    return field._event_args_to_value(event)


def _bound_elements(obj: object, name: str) -> list[Any]:
    """What shows attribute `name` of `obj` by a binding."""
    return [binding_[1] for binding_ in binding.bindings.get((id(obj), (name,)), ())]


def _transformed_values(obj: object) -> Iterator[tuple[Any, Any, Any]]:
    """What bindings with a function give for attributes of `obj`: whose attribute, its name, the value."""
    for key in [key for key in binding._binding_keys_by_object.get(id(obj), ()) if key[0] == id(obj)]:
        for _, target, target_name, transform in binding.bindings.get(key, ()):
            if transform is not None:
                yield target, target_name, _carefully(transform, binding._get_attribute(obj, key[1]))


@contextlib.contextmanager
def _slots_entered(*slots: Any) -> Iterator[None]:
    """Stand in `slots` while building; restores NiceGUI's stack of slots whatever happens inside."""
    stack = Slot.get_stack()
    depth = len(stack)
    stack.extend(slots)
    try:
        yield
    finally:
        del stack[depth:]
        if not stack:
            Slot.prune_stack()


def _entered_slot(element: Element, name: str) -> Slot:
    """The slot that children of `element` go to: `keep_alive` and the like have their own idea of "default"."""
    cls: Any = type(element)
    if name != "default" or cls.__enter__ is Element.__enter__ or _is_drawn(cls, "Pyplot"):
        return element.slots[name]
    with _slots_entered(element.default_slot):
        element.__enter__()
        slot = Slot.get_stack()[-1]
        element.__exit__(None, None, None)
    return slot


def _page_slots(client: Client) -> tuple[Slot, Slot]:
    """The slots that elements of a page are in, those that place themselves included."""
    return client.layout.default_slot, client.content.default_slot


def _parent(element: Element) -> Slot | None:
    reference = element._parent_slot
    return reference() if reference is not None else None


def _adopt(slot: Slot, elements: Iterable[Element]) -> None:
    """Have elements, which are in `slot`, know it."""
    for element in elements:
        element.parent_slot = slot


def _has_handshake(element: Element) -> bool:
    """Whether its part in the browser is set up once, by a handshake, so that it cannot be patched."""
    return hasattr(element, "_initialized_event")


def _events_of(element: Element) -> list[dict[str, Any]]:
    """What the listeners of an element are like, apart from their ids."""
    listeners = element._event_listeners.values()
    return [{**listener.to_dict(), "listener_id": None, "handler": listener.handler} for listener in listeners]


def _remove_listeners(element: Element, handlers: Sequence[Any]) -> None:
    """Take listeners off an element that stays."""
    listeners = element._event_listeners
    for id_ in [id_ for id_, listener in listeners.items() if listener.handler in handlers]:
        del listeners[id_]
        element.update()


_SVG_DATE = re.compile(r"<dc:date>.*?</dc:date>")


def _picture(element: Element) -> dict[str, Any]:
    """What the browser is told of an element, without what differs between two equal drawings."""
    told = {name: copy.copy(value) for name, value in element._to_dict().items()}
    told.pop("preserved_props", None)
    html = element._props.get("innerHTML")
    if isinstance(html, str) and "<dc:date>" in html:
        told["props"] = {**element._props, "innerHTML": _SVG_DATE.sub("", html)}
    return told


@functools.cache
def _is_drawn(cls: Any, *names: str) -> bool:
    """Whether `with` draws on such an element, with code of a plotting library."""
    return any(base.__module__ == "nicegui.elements.pyplot" and base.__name__ in names for base in cls.__mro__)


def _renew_workers() -> None:
    """Have `run.cpu_bound` start workers anew, as those that it has know what was before; they end their work."""
    if (pool := nicegui_run.process_pool) is not None:
        nicegui_run.setup()
        pool.shutdown(wait=False)


def _make_svg_reproducible() -> None:
    """Let the same drawing give the same text, so that it need not be sent again."""
    import matplotlib

    matplotlib.rcParams["svg.hashsalt"] = matplotlib.rcParams["svg.hashsalt"] or "playground"


def _perform_effect(client: Client, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    with client:
        match name:
            case "_head_html" | "_body_html":
                if client._response_built and args[0] not in getattr(client, name):
                    add = "head.append" if name == "_head_html" else "querySelector('#app').before"
                    html = f"document.createRange().createContextualFragment({json.dumps(args[0])})"  # executes scripts
                    client.run_javascript(f"document.{add}({html})")
                setattr(client, name, getattr(client, name) + args[0])
            case "title":
                ui.page_title(*args)
            case "message":
                client.outbox.enqueue_message(*args, **kwargs)
            case _ if callable(getattr(client, name)):
                getattr(client, name)(*args, **kwargs)
            case _:
                setattr(client, name, *args)


def _take_back(client: Client, element: Element) -> None:
    """Have the browser take back what an element that goes did to the page outside of itself, before it goes."""
    code, props = "", element._props
    match element:
        case QueryElement():
            done = {"remove_classes": props["classes"], "remove_style": props["style"], "remove_props": props["props"]}
            calls = {method: list(names) for method, names in done.items() if names}
            code = "".join(f"runMethod({element.id}, '{method}', [{json.dumps(calls[method])}]);" for method in calls)
        case ui.dark_mode():
            others = [other for other in client.elements.values() if isinstance(other, ui.dark_mode)]
            code = f"setDark({json.dumps(others[-1].value if others else client.page.resolve_dark())})"
        case ui.colors():
            brand = core.app.config.quasar_config.get("brand", {})
            colors = {f"--q-{name}": brand.get(name, "") for name in props if name != "custom-colors"}
            each = f"const color of Object.entries({json.dumps(colors)})"
            code = f"for ({each}) document.body.style.setProperty(...color)"
    if code:
        client.outbox.enqueue_message("run_javascript", _SentFirst(code=code), client.id)


# ---------------------------------------------------------------------------------------------------------------------
# Rendering: the page becomes what `render()` says, and what has not changed is neither built nor sent.
# Owns nodes, what stands for elements while they are recorded, and the elements that belong to them.
#
# `render()` is called again after every event, so it must cost little. Making an element of NiceGUI takes 50 to 260 µs,
# noting that it is to be made takes 3. So `render()` makes no elements: what it does is recorded, compared with what
# was recorded last time, and only what differs is built. There are four phases; none changes what the one before it
# has left.
#
# 1. Record (`_Recorder`). While `render()` runs, `Element.__new__` gives a `_Ref` and notes a `_Node`: class,
#    arguments, the calls that follow, slot, key, and line of code. When the render is over, a node stays as it is until
#    it has a successor.
# 2. Match (`_match`, `_Changes`). Each node finds its predecessor: of the same parent, slot, key, class and line, and
#    the same ordinal among those. It shares its `_Mount`, a position on the page that outlives renders. Nodes without
#    a predecessor are fresh, those without a successor are gone, others are as before or differ.
# 3. Build (`_Builder`). What is new is built beside the page, in a `_Scratch`. For an element that differs two twins
#    are built: of the old node, and of the new one. A twin is what a page that is just opened would have. What the one
#    has and the other has not is the change. If an element cannot be built, `render()` is called once more, with that
#    element built where it is recorded, so that `render()` may catch the exception.
# 4. Patch (`_Patch`). New elements are put on the page, those that differ get the change, those that are gone go.
#
# An element that is on the page stays the same object, with its id and its listeners. What the user typed, or a handler
# did to it, is in neither twin, and so stays without being looked after. What cannot stay is replaced, under a new id
# (`_must_replace`): an element that gets a listener or loses one, that has other elements in it, or has given out
# objects; and a query, whose effect on the page is taken back. Of a map that gets one more marker, the new call is made
# on the map itself (`_is_continued`).
#
# The life of a click. `_PageClient.handle_event` has NiceGUI call the listener of the element: a `_Listener`, which
# asks the node for the function that the last render gave. `_PageProcess.post_call` makes it a message of
# the page. Its process runs it; an attribute that it sets has `_Page.attribute_set` mark the page. When the mailbox is
# empty, `_Page.render` makes an `_Update`: `prepare` records, matches and builds, `commit` patches. What is changed
# then waits in the `_PageOutbox`, which sends it.
#
# What always holds:
#
# - Until the last phase nothing has changed that anybody else can reach: not the page, the objects that it is bound to,
#   the routes, or the tasks. So an exception needs no undoing: what was recorded and built is dropped. (But a stepper
#   without a value has that of its first step from when that is built.)
# - `mount.node` describes `mount.now`, which is on the page; `mount.base`, if it is there, was built from that node. If
#   that was given objects that may change inside, it could not be built later, and is a copy (`_as_it_is`).
# - A twin is never on the page: it is bound to nothing, starts no task, and what it says is not sent.
# - What a node is matched with depends only on what was recorded before it, so it can be asked for at any time.
# - A part (a component, a row of a `Stream`) that is as before is not recorded: both trees share its nodes.
# ---------------------------------------------------------------------------------------------------------------------

# -- arguments: kept in a form that stays as it is now, can be compared, and can be made the argument again

_PLAIN = frozenset({str, int, type(None), bytes})
_IMMUTABLE = (
    bool, float, complex, enum.Enum, datetime.date, datetime.time, datetime.timedelta, datetime.tzinfo,
    decimal.Decimal, uuid.UUID, pathlib.PurePath, range, re.Pattern, type, types.ModuleType,
)  # fmt: skip
_LIVE = (Element, Slot, binding.BindableProperty, GenServer, ObservableCollection, Event, asyncio.Future, asyncio.Event)
_HANDLER: Any = object()  # stands for any event handler: it is made anew in each render, so all of a role are equal


class _Held:
    """Stands for an argument that is no plain value: compared by `seen`, what it was like when it was recorded; if that
    is None, by what it is, which for a function is its code and what that sees."""

    __slots__ = ("seen", "value")

    def __init__(self, value: Any, seen: Any = None) -> None:
        self.value, self.seen = value, seen

    def __eq__(self, other: object) -> bool:
        return type(other) is _Held and self.comparable() == other.comparable()

    __hash__ = None  # type: ignore[assignment]

    def comparable(self) -> Any:
        """What is compared."""
        return _seen_by(self.value) if self.seen is None else self.seen


def _is_constant(value: Any) -> bool:
    return type(value) in _PLAIN or isinstance(value, _IMMUTABLE)


def _freeze(value: Any, node: _Node, role: Any = None, *, is_bound: bool = False) -> Any:
    """A form of an argument that can be compared; notes the handlers and the nodes that are in it.

    :param role: what it is given to, if event handlers are given to that; they are told apart by it
    :param is_bound: whether it is an argument of `bind_...`
    :returns: a plain value as it is, a `_Held`, or a pair: the class of an immutable value, or of a container, and what
        it is, or has in it; or `_HANDLER` and its role
    """
    kind = type(value)
    if kind in _PLAIN:
        return value
    if isinstance(value, _Ref) and not (role is not None and kind is _Ref):
        node.known = (*node.known, value._node)
        if not is_bound:
            node.holds = (*node.holds, value._node)
        return _Held(value, (kind, _mount_of(value._node), value._call, value._path))
    if role is not None and callable(value) and not isinstance(value, (type, Element)):
        node.handlers = (*node.handlers, (role, value))
        return _HANDLER, role
    if isinstance(value, _IMMUTABLE):
        return kind, value
    if isinstance(value, _LIVE) or callable(value) or is_bound:
        return _Held(value)
    is_own = not node.cls.__module__.startswith("nicegui.") and role is None  # its classes copy what is in containers
    if kind in (list, tuple, set, frozenset, dict):
        if kind is dict:
            content = kind, tuple([(name, _freeze(item, node, role)) for name, item in value.items()])
        else:
            content = kind, tuple([_freeze(item, node, role) for item in value])
        if not is_own or kind in (tuple, frozenset):
            return content
        node.is_opaque = True
        return _Held(value, content)
    if isinstance(value, types.CoroutineType):
        raise _refused_coroutine(value, node, role)
    node.is_opaque = True
    return _Held(value, (is_own and id(value), _fingerprint(value, node)))


def _refused_coroutine(value: types.CoroutineType[Any, Any, Any], node: _Node, role: Any) -> TypeError:
    """An error: what is to be shown, or to be called later, has been called, but not awaited."""
    value.close()
    if role is not None:
        return TypeError(f"{role[-1]} got what {value.__name__}() returns: name the function, without parentheses")
    text = f"{node.cls.__name__} got a coroutine: {value.__name__}() is async, so it has to be awaited. Await it in "
    return TypeError(text + "mount or in an event handler, keep the result on self, and give the element that.")


def _fingerprint(value: Any, node: _Node) -> Any:
    """What an object is like now; as far as that cannot be told, something that is equal to nothing else."""
    if isinstance(value, Stream):
        return id(value), value._version
    try:
        return type(value), hashlib.blake2b(pickle.dumps(value)).digest()
    except Exception:  # whatever its own code raises; also that it leads back to itself
        return object()


def _freeze_all(
    args: tuple[Any, ...], kwargs: dict[str, Any], node: _Node, names: Sequence[str], *method: str
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The arguments for parameters of these names.

    :param method: of a call, the name of the method and its first argument, if that is a text
    """
    takes_handlers = bool(method) and _is_handler(method[0])
    is_bound = bool(method) and method[0].startswith("bind_")

    def frozen(name: str, value: Any) -> Any:
        role = (*method, name) if takes_handlers or _is_handler(name) else None
        return _freeze(value, node, role, is_bound=is_bound)

    names = (*names, *itertools.repeat("", max(len(args) - len(names), 0)))
    return tuple(map(frozen, names, args)), {name: frozen(name, value) for name, value in kwargs.items()}


def _seen_by(function: Any) -> Any:
    """What a function is compared by: its code, and what that sees."""
    match function:
        case types.MethodType():
            return "method", function.__func__, id(function.__self__)
        case functools.partial():
            keywords = {name: _as_seen(value) for name, value in function.keywords.items()}
            return "partial", _seen_by(function.func), list(map(_as_seen, function.args)), keywords
        case types.FunctionType():
            return "function", function.__code__, list(map(_as_seen, _seen_in(function)))
    return function.comparable() if hasattr(function, "comparable") else id(function)


def _seen_in(function: types.FunctionType) -> list[Any]:
    """What a function sees from where it was defined: its defaults, and the variables around it."""
    seen = [*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]
    for cell in function.__closure__ or ():
        with contextlib.suppress(ValueError):  # not assigned yet
            seen.append(cell.cell_contents)
    return seen


def _as_seen(value: Any) -> Any:
    return (type(value), value) if _is_constant(value) else id(value)


def _state_of(value: Any) -> tuple[Any, bool]:
    """A form of `value` that can be compared, and whether there are elements of this render in it."""
    node = _Node(Element, (), {}, None, _state_of.__code__, 0, typing.cast(_Place, None))
    return _freeze(value, node), bool(node.known)


# -- the tree: what one render has recorded


class _Operation(typing.NamedTuple):
    """Something that `render()` did with an element: a call, an assignment, `with`."""

    verb: Callable[..., Any]  # what is called with the thing that it was done to, and the arguments
    call: int | None  # the number of the operation with whose result it was done; None: with the element itself
    path: tuple[Any, ...]  # leads from there to a part: a name for an attribute, a tuple of one for an item
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


def _aim(tooltip: Tooltip, element: Element) -> None:
    tooltip.props["target"] = f"#{element.html_id}"


def _hear(_: Element, event: Event[Any], listener: _Listener, **options: Any) -> None:
    _subscribe(event, listener, **{**options, "expect_args": True})


@dataclasses.dataclass(slots=True, eq=False)
class _Node:
    """One recorded element: its class, arguments and operations, and where in `render()` it was made."""

    cls: Any
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    key: Any
    code: types.CodeType
    instruction: int
    place: _Place
    handlers: tuple[tuple[Any, Callable[..., Any]], ...] = ()  # among arguments and operations, with their roles
    known: tuple[_Node, ...] = ()  # other nodes among them
    holds: tuple[_Node, ...] = ()  # those of them that are not just bound
    operations: Sequence[_Operation] = ()
    places: dict[str, _Place] | None = None
    mount: Any = None  # a `_Mount`, once it is matched
    part: _Part | None = None
    is_opaque: bool = False  # whether objects that may change inside are among arguments and operations

    @property
    def is_root(self) -> bool:
        """Whether the page has it from the beginning."""
        return not self.place.name

    @property
    def owner(self) -> LiveComponent | None:
        """The component that it is in; None if it is in none."""
        return next((node.part.owner for node in _ancestors(self) if node.part and node.part.owner), None)

    def is_made_as(self, other: _Node) -> bool:
        """Whether class and arguments are those of `other`, its predecessor."""
        return bool(self.args == other.args and self.kwargs == other.kwargs)

    def is_as(self, other: _Node) -> bool:
        """Whether `render()` has done the same with it as with `other`, its predecessor."""
        is_made_as = self.args == other.args and self.kwargs == other.kwargs  # not called: it is asked of every node
        return bool(is_made_as and self.operations == other.operations)

    def touch(self) -> None:
        """Have the parts recorded next time that it is in, or is."""
        for node in (self, *_ancestors(self)):
            if node.part is not None:
                node.part.is_stale = True

    @property
    def line(self) -> int:
        """The line that recorded it."""
        positions = enumerate(self.code.co_positions())
        lines = (line for index, (line, *_) in positions if index * 2 >= self.instruction and line is not None)
        return next(lines, self.code.co_firstlineno)

    @property
    def where(self) -> str:
        """File and line that recorded it, as a traceback says it."""
        return f'File "{self.code.co_filename}", line {self.line}, in {self.code.co_name}'


@dataclasses.dataclass(slots=True, eq=False)
class _Place:
    """A slot of a node and the nodes recorded in it."""

    node: _Node
    name: str
    turn: _Turn
    part: _Part | None = None  # that it is in
    children: list[_Node] = dataclasses.field(default_factory=list)
    keys: set[Any] | None = None  # those in use
    before: Sequence[_Node] | None = None  # what the page shows in it; None until it is matched
    matched: int = 0  # how many of the children have a mount
    unmatched: dict[Any, deque[_Node]] | None = None  # of `before`, once the children came in another order


@dataclasses.dataclass(slots=True, eq=False)
class _Turn:
    """One call of `render()`."""

    moves: _Moves


@dataclasses.dataclass(slots=True, eq=False)
class _Mount:
    """A position on the page, which outlives renders."""

    now: Any = None  # the `_Built` that is on the page; None until the first render is done
    node: Any = None  # the `_Node` that describes it; None likewise
    base: _Built | None = None  # the twin of that node, once it was needed


@dataclasses.dataclass(slots=True, eq=False)
class _Part:
    """A part of a page, such as a component, that need not be recorded while it has the same state."""

    identity: Any
    subject: Any
    state: Any
    node: _Node
    owner: LiveComponent | None = None  # the component whose handlers are in it
    is_stale: bool = False  # whether it may show something else by now
    inner: list[_Part] = dataclasses.field(default_factory=list)  # parts in it
    effects: Sequence[Any] = ()
    linked: Sequence[_Node] = ()


def _place_in(node: _Node, name: str) -> _Place:
    """The place `name` of a node that is being recorded."""
    if node.places is None:
        node.places = {}
    if name not in node.places:
        node.places[name] = _Place(node, name, node.place.turn, node.part or node.place.part)
    return node.places[name]


def _ancestors(node: _Node) -> Iterator[_Node]:
    while not node.is_root:
        node = node.place.node
        yield node


def _descendants(node: _Node) -> Iterator[_Node]:
    for place in (node.places or {}).values():
        for child in place.children:
            yield child
            yield from _descendants(child)


# -- refs: what `render()` gets in place of elements


class _Ref:
    """Stands for something of an element, or of what a call returned: a method, a prop, an object of a scene.

    While `render()` runs, what is done with it is recorded; later it is done with the real thing.
    """

    __slots__ = ("_call", "_node", "_path")

    _call: int | None
    _node: _Node
    _path: tuple[Any, ...]

    def _real(self) -> Any:
        return _value_of(self)

    @property  # type: ignore[misc]
    def __class__(self) -> type:  # what isinstance() is told, if it is there already
        with contextlib.suppress(LookupError, AttributeError):
            return type(_value_of(self, built)) if (built := _built_of(self._node)) else _Ref
        return _Ref

    def __getattr__(self, name: str) -> Any:
        recorder = _recorder_of(self)
        return getattr(_value_of(self), name) if recorder is None else recorder.get(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        _do(self, setattr, name, value)

    def __getitem__(self, name: Any) -> Any:
        recorder = _recorder_of(self)
        return _value_of(self)[name] if recorder is None else recorder.get(self, (name,))

    def __setitem__(self, name: Any, value: Any) -> None:
        _do(self, operator.setitem, name, value)

    def __delitem__(self, name: Any) -> None:
        _do(self, operator.delitem, name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        recorder = _recorder_of(self)
        return _value_of(self)(*args, **kwargs) if recorder is None else recorder.call(self, args, kwargs)

    def __enter__(self) -> Any:
        recorder = _recorder_of(self)
        if recorder is None:
            return _value_of(self).__enter__()
        recorder.enter_ref(self)
        return self

    def __exit__(self, *error: Any) -> None:
        recorder = _recorder_of(self)
        if recorder is None:
            _value_of(self).__exit__(*error)
        else:
            recorder.leave_ref(self, *error)

    def __iter__(self) -> Iterator[Any]:
        return iter(_read_ref(self))

    def __len__(self) -> int:
        return len(_read_ref(self))

    def __bool__(self) -> bool:
        return bool(_read_ref(self))

    def __eq__(self, other: object) -> bool:
        return bool(_read_ref(self) == (_read_ref(other) if type(other) is _Ref else other))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(_read_ref(self))


class _ElementRef(_Ref):
    """Stands for an element."""

    __slots__ = ()

    _call = None
    _path = ()

    @property  # type: ignore[misc]
    def __class__(self) -> type:  # what isinstance() is told
        return typing.cast(type, self._node.cls)

    def __getattr__(self, name: str) -> Any:
        recorder = _recorder_of(self)
        if recorder is not None:
            return recorder.get(self, name)
        # a method of an element of the last render may become a handler in this one
        path = _path_of_method(self._node.cls, name) if _current.recorder is not None else None
        return _ref_to(self._node, _Ref, path) if path else getattr(_value_of(self), name)

    def __await__(self) -> Generator[Any, Any, Any]:
        return typing.cast(Generator[Any, Any, Any], _value_of(self).__await__())

    def __bool__(self) -> bool:
        return True

    def __eq__(self, other: object) -> bool:
        if type(other) is _ElementRef:
            return _mount_of(other._node) is _mount_of(self._node)
        there = (_built_of(self._node), self._node.mount.now)
        return any(built is not None and built.product is other for built in there)

    def __hash__(self) -> int:  # type: ignore[override]
        return id(_mount_of(self._node))

    def __repr__(self) -> str:
        return f"<{self._node.cls.__name__} of {self._node.where}>"


class _SlotRef(_Ref):
    """Stands for a slot of an element; its path is the name."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        return _ref_to(self._node, _ElementRef) if name == "parent" else getattr(_read_ref(self), name)


# past `__setattr__`, which records
_set_call, _set_node, _set_path = (vars(_Ref)[name].__set__ for name in ("_call", "_node", "_path"))


def _ref_to(node: _Node, cls: type[_Ref], path: tuple[Any, ...] = (), call: int | None = None) -> Any:
    """A ref to a part of a node; with `call`, of the result of that operation."""
    ref = cls()
    _set_node(ref, node)
    if cls is not _ElementRef:
        _set_call(ref, call)
        _set_path(ref, path)
    return ref


def _do(ref: _Ref, verb: Callable[..., Any], *args: Any) -> None:
    """Record what `render()` does with a ref; later, do it with what it stands for."""
    if recorder := _recorder_of(ref):
        recorder.record_operation(ref, verb, args)
    else:
        verb(_value_of(ref), *args)


def _recorder_of(ref: _Ref) -> _Recorder | None:
    """The recorder that is recording the element of `ref`; None if its render is over."""
    recorder: _Recorder | None = _current.recorder
    return recorder if recorder is not None and ref._node.place.turn is recorder.turn else None


def _built_of(node: _Node) -> _Built | None:
    """What a node has become: on the page, or beside it while `render()` runs; None if neither."""
    mount, recorder = _mount_of(node), _current.recorder
    built = recorder.builder.built.get(node) if recorder is not None else None
    return typing.cast("_Built | None", built or mount.now)


def _value_of(ref: _Ref, built: _Built | None = None) -> Any:
    """What a ref stands for; by default on the page."""
    node = ref._node
    built = built or (node.mount and node.mount.now)
    if built is None:
        raise RuntimeError(f"{node.cls.__name__} was never built, because render() failed.\n  {node.where}")
    if type(ref) is _SlotRef:
        return built.element.slots[ref._path[0]]
    target = built.product if ref._call is None else built.results[ref._call]
    return _follow(target, ref._path)


def _follow(target: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        target = target[step[0]] if type(step) is tuple else getattr(target, step)
    return target


def _wrap(ref: _Ref, value: Any, built: _Built) -> Any:
    """What `render()` gets for `value`, which `ref` stands for: plain values as they are, all else to be recorded."""
    if _is_constant(value) or isinstance(value, tuple):
        return value
    if value is built.element:
        return _ref_to(ref._node, _ElementRef)
    if isinstance(value, Slot) and value.parent is built.element:
        return _ref_to(ref._node, _SlotRef, (value.name,))
    return ref


def _read_ref(ref: _Ref) -> Any:
    """What a ref stands for, also for `render()`, which wants to know something of it now."""
    recorder = _recorder_of(ref)
    return _value_of(ref) if recorder is None else recorder.builder.read(ref)


class _ClientRecorder:
    """`ui.context.client` for `render()`: what `ui.notify`, `ui.add_css`, `ui.run_javascript` and the like do to the
    client happens when the render is done, and once only as long as `render()` asks for the same."""

    _EFFECTS = ("run_javascript", "open", "download", "on_connect", "on_disconnect", "on_delete", "on_exception")

    def __init__(self, recorder: _Recorder) -> None:
        vars(self)["recorder"] = recorder

    def __getattr__(self, name: str) -> Any:
        recorder = self.recorder
        if _current.recorder is not recorder:  # `render()` kept it for a handler
            return getattr(recorder.client, name)
        if name in self._EFFECTS:
            return functools.partial(recorder.effect, name)
        match name:
            case "_head_html" | "_body_html":
                return ""
            case "_response_built":
                return False
            case "outbox":
                return types.SimpleNamespace(enqueue_message=functools.partial(recorder.effect, "message"))
            case "layout" | "content" | "page_container":
                return _ref_to(recorder.root(name), _ElementRef)
        return getattr(recorder.client, name)

    def __setattr__(self, name: str, value: Any) -> None:
        self.recorder.effect(name, value)

    def __enter__(self) -> _ClientRecorder:
        self.content.__enter__()
        return self

    def __exit__(self, *exception: Any) -> None:
        self.content.__exit__(*exception)


class _RecordingSlot:
    """Lies on NiceGUI's stack of slots while `render()` is recorded, so that `ui.context` leads to the recorder."""

    def __init__(self, recorder: _Recorder) -> None:
        self.client = _ClientRecorder(recorder)
        self._recorder = recorder

    @property
    def parent(self) -> Any:
        """The element that is being filled."""
        return _ref_to(self._recorder.place.node, _ElementRef)

    def __getattr__(self, name: str) -> Any:
        place = self._recorder.place
        return getattr(_ref_to(place.node, _SlotRef, (place.name,)), name)


# -- what is known of the classes of elements


@functools.cache
def _parameters(function: Callable[..., Any]) -> tuple[str, ...]:
    """The names of the parameters of a method, without `self`."""
    try:
        return tuple(inspect.signature(function).parameters)[1:]
    except (TypeError, ValueError):
        return ()


@functools.cache
def _is_handler(name: str) -> bool:
    """Whether an event handler is given by a parameter, or to a method, of this name."""
    return name.startswith("on_") or name in ("on", "callback", "handler")


@functools.cache
def _returns(cls: type, name: str) -> str:
    """What a method gives back, by its annotation: "self", "none", "iterator", or "result", when it does not say."""
    if name in ("classes", "props", "style"):
        return "self"
    annotation = getattr(getattr(cls, name, None), "__annotations__", {}).get("return", "result")
    text = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", str(annotation))
    if text.rpartition(".")[2] == "Self":
        return "self"
    if text.startswith(("Iterator", "Generator")):
        return "iterator"
    return "none" if text in ("None", "NoneType") else "result"


@functools.cache
def _path_of_method(cls: type, name: str) -> tuple[str] | None:
    """The path to a method, which can be recorded without having the element; None if it is something else."""
    if name in ("classes", "props", "style"):
        return (name,)
    static = inspect.getattr_static(cls, name, None)
    if name in ("tooltip", "add_slot") or _is_element_class(static):
        return None
    return (name,) if isinstance(static, (types.FunctionType, classmethod, staticmethod, type)) else None


def _is_element_class(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, Element)


@functools.cache
def _is_text_or_value(cls: type, name: str) -> bool:
    """Whether a changed argument can simply be set: nothing of it can fail, and nothing else depends on it."""
    is_simple = name == "text" or (name == "value" and not issubclass(cls, ChoiceElement))
    return is_simple and isinstance(inspect.getattr_static(cls, name, None), binding.BindableProperty)


# -- record: `render()` becomes a tree of nodes. Nothing is compared, but to answer what `render()` reads

_REFUSED_CALLS = ("move", "clear", "delete", "remove")
_DIRECT: Mapping[Any, str] = {ui.tab_panel: "ui.tab_panels", ui.step: "ui.stepper", ui.carousel_slide: "ui.carousel"}
_NO_KWARGS: dict[str, Any] = {}


class _PartElement(Element):
    """Holds a part of a page; for the layout it is not there."""

    def __init__(self) -> None:
        super().__init__("div")
        self._style["display"] = "contents"


class _Rendering:
    """What a page keeps from one render to the next."""

    def __init__(self, post: Callable[..., Any]) -> None:
        self.post = post  # what a call of an event handler becomes
        self.roots: dict[str, _Node] = {}  # the elements that the page has from the beginning
        self.components: dict[Any, _Part] = {}  # and streams, by their identities
        self.effects: Counter[Any] = Counter()  # that have been performed
        self.eager: set[tuple[types.CodeType, int]] = set()  # where elements are made that are built at once

    def nodes(self) -> Iterator[_Node]:
        """All nodes that are on the page, from the top."""
        for root in self.roots.values():
            yield root
            yield from _descendants(root)

    def node_of(self, element_id: int) -> _Node | None:
        """The node whose element, or an element that came with it, has this id."""
        for node in self.nodes():
            if not node.is_root and any(element.id == element_id for element in node.mount.now.elements):
                return node
        return None

    def touch(self, identity: Any) -> None:
        """Have a component recorded next time."""
        if identity in self.components:
            self.components[identity].node.touch()

    def cut(self) -> None:
        """Let go of the page: elements that somebody still holds (FastAPI caches routes of uploads) call nothing."""
        self.post = _do_nothing
        for node in list(self.nodes()):
            node.mount.node = None
        self.roots, self.components = {}, {}


class _Recorder:
    """Records one call of `render()`, as far as it has come."""

    sets_up = False  # whether a component is being mounted or updated meanwhile

    def __init__(self, update: _Update) -> None:
        self.client, self.rendering, self.view = update.client, update.rendering, update.view
        self.turn = _Turn(update.moves)
        self.linked: list[_Node] = []  # nodes with others among their arguments
        self.effects: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []
        self.parts = _Parts(self, keeps=update.keeps_parts and not update.moves.lines)
        self.roots: dict[str, _Node] = {}
        self.just_set: str | None = None  # an attribute of the view that was set after the last element
        self.set_before: dict[_Node, str] = {}  # such attributes, by the element that came next
        self.outer: list[tuple[_Place, Any]] = []
        self.key: Any = None
        self.place = _place_in(self.root("content"), "default")
        self.slot = _RecordingSlot(self)
        self.slots: list[Any] = []  # NiceGUI's stack of slots
        self.builder = _Builder(self.client, self.rendering)

    def run(self, render: Callable[[], Any]) -> None:
        """Record the elements that `render` makes."""
        with _recorder_set(self), _slots_entered(self.slot):
            self.slots = Slot.get_stack()
            render()

    def root(self, name: str) -> _Node:
        """The node of an element that the page has from the beginning: its layout or content."""
        if name not in self.roots:
            element = getattr(self.client, name)
            place = _Place(None, "", self.turn)  # type: ignore[arg-type]
            node = place.node = _Node(type(element), (), {}, None, self.root.__code__, 0, place)
            node.mount = self.rendering.roots[name].mount if name in self.rendering.roots else _Mount()
            node.mount.now = node.mount.now or _Built(node.mount, element, element)
            self.roots[name] = node
        return self.roots[name]

    def record(self, cls: Any, args: tuple[Any, ...], kwargs: dict[str, Any], frame: types.FrameType) -> Any:
        """Record that an element of `cls` was made; called by the hook in `Element.__new__`."""
        if frame.f_globals.get("__name__", "")[:8] == "nicegui.":
            frame = _frame_outside_of("nicegui", frame)
        if self.slots[-1] is not self.slot:
            where = f"{cls.__name__} is made in a {type(self.slots[-1].parent).__name__} that is not made in render()"
            raise RuntimeError(f"{where}: make that in render(), too, or fill it in a handler.")
        place = self.place
        node = _Node(cls, args, kwargs, self.key, frame.f_code, frame.f_lasti, place)
        self.parts.note_outside(place)
        if place.node.cls is _PartElement and cls in _DIRECT:
            raise RuntimeError(f"{cls.__name__} has to be directly in {_DIRECT[cls]}: put the component inside of it.")
        for value in args:
            if type(value) not in _PLAIN:
                node.args, _ = _freeze_all(args, {}, node, _parameters(cls.__init__))
                break
        for name, value in kwargs.items():  # they were made for this call
            if type(value) not in _PLAIN:
                kwargs[name] = _freeze(value, node, (name,) if _is_handler(name) else None)
        if self.just_set is not None:
            self.set_before[node], self.just_set = self.just_set, None
        if node.known:
            self.linked.append(node)
        place.children.append(node)
        if self.rendering.eager and (node.code, node.instruction) in self.rendering.eager:
            self._build_now(node)
        ref = _ElementRef()
        _set_node(ref, node)
        return ref

    def record_operation(
        self, ref: _Ref, verb: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any] = _NO_KWARGS
    ) -> None:
        """Record something that `render()` does with a recorded element."""
        node, call, path = ref._node, ref._call, ref._path
        self.parts.note_outside(node.place)
        had_refs = bool(node.known)
        for value in (*args, *kwargs.values()) if kwargs else args:
            if type(value) not in _PLAIN:
                name = path[-1] if path and type(path[-1]) is str else "on" if verb is _hear else ""
                is_own = call is None and len(path) == 1 and hasattr(node.cls, name)
                names = _parameters(getattr(node.cls, name)) if is_own else ()
                first = args[0] if args and type(args[0]) is str else ""
                args, kwargs = _freeze_all(args, kwargs, node, names, name, first)
                break
        if node.known and not had_refs:
            self.linked.append(node)
        if not node.operations:
            node.operations = []
        typing.cast("list[_Operation]", node.operations).append(_Operation(verb, call, path, args, kwargs))
        if (node.code, node.instruction) in self.rendering.eager:
            self._build_now(node)

    def _build_now(self, node: _Node) -> _Built:
        """Build what has just been recorded; what raises an exception, which `render()` may catch, is not recorded."""
        try:
            return self.builder.as_recorded(node)
        except Exception:
            if node.operations:
                typing.cast("list[_Operation]", node.operations).pop()
            else:
                node.place.children.pop()
                self.linked[:] = [linked for linked in self.linked if linked is not node]
                _unmatch(node)
            raise

    def call(self, ref: _Ref, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Record a call of a method of an element, or of something that it gave out; returns what it gives back."""
        node, call, path = ref._node, ref._call, ref._path
        is_own = call is None and len(path) == 1
        if is_own and path[0] in _REFUSED_CALLS and not issubclass(node.cls, Query):
            raise RuntimeError(f"{path[0]}() does not work inside render(): make only what is to be there.")
        returns = _returns(node.cls, path[0]) if is_own else "result"
        if returns == "iterator":
            return self.builder.read(ref)(*args, **kwargs)
        self.record_operation(ref, operator.call, args, kwargs)
        if returns == "self":
            return _ref_to(node, _ElementRef)
        if returns == "none":
            return None
        number = len(node.operations) - 1
        built = self._build_now(node)
        return _wrap(_ref_to(node, _Ref, (), number), built.results[number], built)

    def effect(self, name: str, *args: Any, **kwargs: Any) -> NullResponse:
        """Record something to do to the client after the render."""
        self.effects.append((name, args, kwargs))
        return NullResponse()

    # -- places

    def enter(self, place: _Place) -> None:
        """Record what follows into `place`."""
        self.outer.append((self.place, self.key))
        self.place, self.key = place, None

    def leave(self) -> None:
        self.place, self.key = self.outer.pop()

    def enter_ref(self, ref: _Ref) -> None:
        """The beginning of `with` on what was recorded; what is drawn on is made now."""
        if type(ref) is _Ref:
            self.record_operation(_ref_to(ref._node, _Ref, (*ref._path, "__enter__"), ref._call), operator.call, ())
        elif _is_drawn(ref._node.cls, "Pyplot"):
            self.enter(self.place)
            self.builder.draw(ref._node, lambda figure: figure.__enter__())
        else:
            self.enter(_place_in(ref._node, ref._path[0] if ref._path else "default"))

    def leave_ref(self, ref: _Ref, *error: Any) -> None:
        """The end of `with` on what was recorded."""
        if type(ref) is _Ref:
            self.record_operation(_ref_to(ref._node, _Ref, (*ref._path, "__exit__"), ref._call), operator.call, error)
            return
        self.leave()
        if _is_drawn(ref._node.cls, "Pyplot") and error[0] is None:
            self.builder.draw(ref._node, lambda figure: figure.__exit__(*error))

    def enter_key(self, value: Any) -> Any:
        """Begin the elements of key `value`; returns the key that applied until now."""
        outer, self.key = self.key, (self.key, value)
        place = self.place
        if place.keys is None:
            place.keys = set()
        if self.key in place.keys:
            at = "".join(f"\n  first used at {child.where}" for child in place.children if child.key == self.key)
            self.key = outer
            raise ValueError(f"key({value!r}) is used twice under the same parent; keys of siblings must differ{at}")
        place.keys.add(self.key)
        return outer

    # -- what `render()` reads

    def get(self, ref: _Ref, step: Any) -> Any:
        """A part of what `ref` stands for: `step` is the name of an attribute, or a tuple of a key."""
        node, static = ref._node, None
        if type(ref) is _ElementRef:
            if path := _path_of_method(node.cls, step):
                return _ref_to(node, _Ref, path)
            static = inspect.getattr_static(node.cls, step, None)
            if _is_element_class(static):
                return static
            match step:
                case "tooltip":
                    return functools.partial(self._tooltip, node)
                case "add_slot":
                    return functools.partial(self._add_slot, node)
                case "client":
                    return _ClientRecorder(self)
                case "figure" if _is_drawn(node.cls, "Matplotlib"):
                    return self.builder.draw(node, lambda element: element.figure)
        part = _ref_to(node, _Ref, (*ref._path, step), ref._call)
        built = self.builder.as_recorded(node)
        value = _value_of(part, built)
        if _is_constant(value) or (isinstance(static, binding.BindableProperty) and _is_data(value, ())):
            return _copied(self.builder.read(part))
        return _wrap(part, value, built)

    def _tooltip(self, node: _Node, text: str) -> Any:
        """`element.tooltip()` makes an element of its own beside the element, which it names by its final id."""
        tip = self.record(Tooltip, (text,), {}, _frame_outside_of(__name__, sys._getframe()))
        self.record_operation(tip, _aim, (_ref_to(node, _ElementRef),))
        return _ref_to(node, _ElementRef)

    def _add_slot(self, node: _Node, name: str, template: str | None = None) -> Any:
        self.record_operation(_ref_to(node, _Ref, ("add_slot",)), operator.call, (name, template))
        return _ref_to(node, _SlotRef, (name,))

    def subscribe(self, event: Event[Any], callback: Callable[..., Any], **options: Any) -> None:
        """Record a subscription to one of NiceGUI's events, which ends when `render()` no longer makes it."""
        content = _ref_to(self.root("content"), _ElementRef)
        self.record_operation(content, _hear, (event, callback), options)


def _parts_around(part: _Part | None) -> Iterator[_Part]:
    """A part and those that it is in."""
    while part is not None:
        yield part
        part = part.node.place.part


class _Parts:
    """The parts of the page in one render: components, streams, and the rows of those.

    A part that is as it was in the last render is kept: both trees share its nodes, which are not looked at.
    """

    def __init__(self, recorder: _Recorder, *, keeps: bool) -> None:
        self.recorder, self.keeps = recorder, keeps
        self.before = recorder.rendering.components
        self.components: dict[Any, _Part] = {}  # and streams, by their identities
        self.kept: list[tuple[_Node, _Place]] = []  # nodes of parts that are as before, and where they are now
        self.current: _Part | None = None  # that is being recorded

    def record(
        self, identity: Any, subject: Any, state: Any, fill: Callable[[], object], owner: LiveComponent | None = None
    ) -> None:
        """Record a part of the page with `fill`, or keep it if its state is that of the last render.

        :param identity: its class and id
        :param owner: the component whose handlers are in it
        """
        node = self._new_node((self.recorder.key, identity))
        before = self.before.get(identity)
        if before is not None and before.subject is subject and before.state == state and self._is_there(before, node):
            self._keep(before)
        else:
            node.part = _Part(identity, subject, state, node, owner)
            self._register(node.part)
            self._fill(node.part, fill)

    def record_rows(self, rows: Sequence[_Row[Any]], show: Callable[[Any], object]) -> None:
        """Record each row of the stream that is the current part; those that were not put since are kept."""
        stream = typing.cast(_Part, self.current)
        before, old = self.before.get(stream.identity), _mount_of(stream.node).node
        is_there = before is not None and old is before.node and self.keeps
        known = {id(child.part.subject): child.part for child in old.places["default"].children} if is_there else {}
        for row in rows:
            part = known.get(id(row))
            if part is not None and part.state == row.version and not part.is_stale:
                self._keep(part)
            else:
                identity = (stream.identity, row.key)
                node = self._new_node((None, identity))
                node.part = _Part(identity, row, row.version, node)
                self._fill(node.part, functools.partial(show, row.item))

    def note_outside(self, place: _Place) -> None:
        """Note that something changes in `place`: parts that change what is not in them are recorded every time, and so
        are those that are changed from outside."""
        if place.part is not self.current:
            around, within = list(_parts_around(self.current)), list(_parts_around(place.part))
            for part in (*around, *within):
                part.is_stale = part.is_stale or part not in around or part not in within

    def _new_node(self, key: Any) -> _Node:
        frame = _frame_outside_of(__name__, sys._getframe())
        return _Node(_PartElement, (), {}, key, frame.f_code, frame.f_lasti, self.recorder.place)

    def _fill(self, part: _Part, fill: Callable[[], object]) -> None:
        """Record what is in a part."""
        recorder = self.recorder
        first_effect, first_linked = len(recorder.effects), len(recorder.linked)
        self._add(part)
        outer, self.current = self.current, part
        recorder.enter(_place_in(part.node, "default"))
        try:
            fill()
        except BaseException:
            for around in _parts_around(part):
                around.is_stale = True  # which may catch it, and are to do so again
            raise
        finally:
            recorder.leave()
            self.current = outer
        part.effects, part.linked = recorder.effects[first_effect:], recorder.linked[first_linked:]

    def _is_there(self, part: _Part, node: _Node) -> bool:
        """Whether a part of the last render, in which nothing has changed, is where `node` is now."""
        if part.is_stale or not self.keeps or part.node.mount.node is not part.node:
            return False
        was, place = part.node.place, node.place
        is_same_place = was.name == place.name and was.node.mount is _mount_of(place.node)
        return is_same_place and _NO_MOVES.identity_of(part.node, is_old=True) == _NO_MOVES.identity_of(
            node, is_old=False
        )

    def _keep(self, part: _Part) -> None:
        """Have a part of the last render be in this one as it is."""
        self._add(part)
        self.kept.append((part.node, self.recorder.place))
        self.recorder.effects += part.effects
        self.recorder.linked += part.linked
        self._register(part)

    def _add(self, part: _Part) -> None:
        self.recorder.place.children.append(part.node)
        if self.current is not None:
            self.note_outside(self.recorder.place)
            self.current.inner.append(part)

    def _register(self, part: _Part) -> None:
        """Note that a part is on the page, and those that are in it already; rows are known by their stream."""
        if type(part.subject) is not _Row:
            if part.identity in self.components:
                kind, id_ = part.identity
                name = "The same Stream" if kind is Stream else f"{kind.__name__} {id_!r}"
                raise ValueError(f"{name} is used twice in one page; each needs an id of its own.")
            self.components[part.identity] = part
        for inner in part.inner:
            self._register(inner)


# -- match: each node finds its predecessor, the node of the last render that describes the same element


class _Moves:
    """Where the lines of edited files have gone since the last render, to find the predecessors of nodes."""

    def __init__(self) -> None:
        self.lines: dict[str, dict[int, int]] = {}  # by files: new lines by old
        self._sites: dict[Any, tuple[types.CodeType, tuple[str, int] | None]] = {}  # code that is kept keeps its id

    def followed_by(self, later: Mapping[str, Mapping[int, int]]) -> _Moves:
        """These moves and then those of a `later` edit."""
        both = _Moves()
        both.lines = {name: dict(lines) for name, lines in {**later, **self.lines}.items()}
        for name in self.lines.keys() & later.keys():
            lines, further = self.lines[name], later[name]
            both.lines[name] = {old: further[new] for old, new in lines.items() if new in further}
        return both

    def identity_of(self, node: _Node, *, is_old: bool) -> Any:
        """What a node of the last render has in common with its successor, besides its parent and slot.

        Of an edited file it is the line, where that is now; of a line that is gone it is None, as of one that is new.
        So the element of an edited line stays.
        """
        site = self._site(node, is_old=is_old) if self.lines else (node.code, node.instruction)
        return node.cls, node.key, site

    def _site(self, node: _Node, *, is_old: bool) -> tuple[str, int] | None:
        """Where a node is made, found once for each place in the code: that takes 30 µs, and a list has many rows."""
        place = id(node.code), node.instruction, is_old
        if place not in self._sites:
            name, line = node.code.co_filename, node.line
            lines = self.lines.get(name, {line: line})
            now = lines.get(line) if is_old else line if line in lines.values() else None
            self._sites[place] = node.code, (name, now) if now else None
        return self._sites[place][1]


_NO_MOVES = _Moves()


def _mount_of(node: _Node) -> _Mount:
    if node.mount is None:
        _match(node.place)
    return typing.cast(_Mount, node.mount)


def _match(place: _Place) -> None:
    """Give the children recorded so far the mounts of their predecessors, or new ones.

    The k-th child of an identity succeeds the k-th one of before. What follows makes no difference, so it can be asked
    for in the middle of a render.
    """
    of_old, of_new = (functools.partial(place.turn.moves.identity_of, is_old=is_old) for is_old in (True, False))
    if place.before is None:
        old = _mount_of(place.node).node
        place.before = old.places[place.name].children if old and old.places and place.name in old.places else ()
    children, index = place.children, place.matched
    shared: set[_Node] = set()  # nodes of parts, which are their own predecessors
    if place.unmatched is None:
        for new, old in zip(islice(children, index, None), islice(place.before, index, None), strict=False):
            if (
                old.instruction != new.instruction
                or old.cls is not new.cls
                or old.code is not new.code
                or old.key != new.key
            ) and not (place.turn.moves.lines and of_old(old) == of_new(new)):
                break
            new.mount = old.mount
            index += 1
        place.matched = index
        if index == len(children):
            return
        place.unmatched = {}
        shared = {new for new in islice(children, index, None) if new.mount is not None}
        for old in islice(place.before, index, None):
            if old not in shared:
                place.unmatched.setdefault(of_old(old), deque()).append(old)
    for new in islice(children, index, None):
        if new not in shared:
            remaining = place.unmatched.get(of_new(new))
            new.mount = remaining.popleft().mount if remaining else _Mount()
    place.matched = len(children)


def _unmatch(node: _Node) -> None:
    """Take back that the last child of a place has found its predecessor: it is not there after all."""
    place, old = node.place, node.mount.node if node.mount else None
    place.matched = min(place.matched, len(place.children))
    if old is not None and place.unmatched is not None:
        place.unmatched[place.turn.moves.identity_of(old, is_old=True)].appendleft(old)


def _leftovers(place: _Place) -> Sequence[_Node]:
    """The nodes of before without a successor."""
    if place.unmatched is None:
        return typing.cast(Sequence[_Node], place.before)[place.matched :]
    return [node for nodes in place.unmatched.values() for node in nodes]


class _Changes:
    """What differs between the tree that the page shows and the one that has just been recorded."""

    def __init__(self, recorder: _Recorder) -> None:
        self.drawn, self.linked = recorder.builder.drawn, recorder.linked
        self.fresh: list[_Node] = []  # nodes without a predecessor
        self.set: list[tuple[_Node, dict[str, Any]]] = []  # nodes of which only texts and values differ, and those
        self.patched: list[_Node] = []  # other nodes that differ
        self.continued: list[_Node] = []  # those of them of which there are but more calls
        self.replaced: list[_Node] = []  # those of them whose element cannot become what they say
        self.gone: list[_Node] = []  # nodes of before without a successor
        self.places: list[_Place] = []
        self.dirty: list[_Place] = []  # those whose children are others, or in another order
        for name in recorder.rendering.roots:
            recorder.root(name)  # `render()` may have done something to it before, and not now
        for root in recorder.roots.values():
            self._compare_places(root, root.mount.node)
        touched = {node.mount for node in self.patched}
        while more := [node for node in self.linked if self._is_concerned(node, node.known, touched)]:
            self.patched += more
            touched.update(node.mount for node in more)

    def _compare(self, place: _Place) -> None:
        """Sort the nodes of a place, and those below them."""
        _match(place)
        self.places.append(place)
        if place.unmatched is not None or len(place.before or ()) != place.matched:
            self.dirty.append(place)
            self.gone += _leftovers(place)
        for node in place.children:
            old = node.mount.node
            if old is node:  # in a part that both trees share
                continue
            if old is None:
                self.fresh.append(node)
            elif node in self.drawn or not node.is_as(old):
                is_set = node not in self.drawn and not node.mount.now.element.is_deleted
                if is_set and (sets := _texts_and_values(node, old)) is not None:
                    self.set.append((node, sets))
                else:
                    self.patched.append(node)
            if node.places is not None or (old is not None and old.places is not None):
                self._compare_places(node, old)

    def _compare_places(self, node: _Node, old: _Node | None) -> None:
        places, before = node.places or {}, (old.places if old is not None else None) or {}
        for place in places.values():
            self._compare(place)
        for name in before.keys() - places.keys():
            self.gone += before[name].children

    def _is_concerned(self, node: _Node, others: Sequence[_Node], mounts: set[_Mount]) -> bool:
        """Whether `node` is on the page, and not in `mounts`, while one of `others` is."""
        is_there = node.mount.node is not None and node.mount not in mounts
        return is_there and any(other.mount in mounts for other in others)

    def that_know(self, replaced: list[_Node]) -> list[_Node]:
        """The nodes that have to be replaced too, since their elements hold one that is replaced."""
        mounts = {node.mount for node in replaced}
        more = [node for node in self.linked if self._is_concerned(node, node.holds, mounts)]
        for node in replaced:
            inner = [child for child in _descendants(node) if child.mount.node is not None]
            more += [child for child in inner if _holds(child.mount.now.element, node.mount.now.element)]
        return [node for node in dict.fromkeys(more) if node.mount not in mounts]


def _holds(element: Element, other: Element) -> bool:
    return any(value is other for value in vars(element).values())


def _texts_and_values(node: _Node, old: _Node) -> dict[str, Any] | None:
    """The arguments that differ, if they are nothing but texts and values, which can be set; else None."""
    if old.operations != node.operations or len(old.args) != len(node.args) or old.kwargs.keys() != node.kwargs.keys():
        return None
    sets, names = {}, _parameters(node.cls.__init__)
    is_bound = any(str(operation.path[-1:]).startswith("('bind_") for operation in node.operations)
    if is_bound or len(node.args) > len(names):
        return None
    named = ((name, value, old.kwargs[name]) for name, value in node.kwargs.items())
    for name, new, was in (*zip(names, node.args, old.args, strict=False), *named):
        if new != was:
            if new is None or was is None or type(new) is _Held or not _is_text_or_value(node.cls, name):
                return None
            sets[name] = new
    return sets


# -- listeners


_ONE_ARGUMENT = inspect.Signature([inspect.Parameter("event", inspect.Parameter.POSITIONAL_ONLY)])


class _Listener:
    """What NiceGUI gets in place of an event handler.

    It stays the same while each render gives another function. A call of it becomes a message of the page, which calls
    the function that the last render gave.
    """

    __slots__ = ("__weakref__", "mount", "nth", "number", "rendering", "role")
    __signature__ = _ONE_ARGUMENT  # it is told what happened, also for a function that does not take it

    def __init__(self, rendering: _Rendering, mount: _Mount, role: Any, nth: int) -> None:
        self.rendering, self.mount = rendering, mount
        self.role, self.nth = role, nth  # what it is given to, and which of several: by this the node has its function
        self.number: int | None = None  # of the operation that it belongs to, of the page's own elements

    @property
    def function(self) -> Callable[..., Any]:
        """The newest function; one that does nothing if `render()` does not give it any more."""
        handlers = self.mount.node.handlers if self.mount.node is not None else ()
        functions = [function for role, function in handlers if role == self.role]
        function = functions[self.nth] if self.nth < len(functions) else _do_nothing
        return typing.cast(Callable[..., Any], _value_of(function)) if isinstance(function, _Ref) else function

    @property
    def is_awaited(self) -> bool:
        """Whether it is that of a timer, which waits for what its callback does before the next tick."""
        return self.mount.node is not None and issubclass(self.mount.node.cls, ui.timer)

    @property
    def owner(self) -> LiveComponent | None:
        """The component whose `render` made the element."""
        return typing.cast("LiveComponent | None", self.mount.node.owner)

    def __call__(self, *arguments: Any) -> Any:
        return None if _current.scratch is not None else self.rendering.post(self, arguments)

    def __repr__(self) -> str:
        function = self.function
        return function.__qualname__ if hasattr(function, "__qualname__") else repr(function)


# -- the scratch: where elements are built. Nothing that anybody else can reach changes


@dataclasses.dataclass(slots=True, eq=False)
class _Built:
    """What building a node gave: the element, and what came with it and waits until that is put on the page."""

    mount: _Mount
    element: Any = None
    product: Any = None  # the element, or the Query that has it
    is_twin: bool = False
    ids: Sequence[int] = ()  # to be used again: of the element on the page, and of those that came with it
    done: int = 0  # how many operations have been performed, or are being
    results: Sequence[Any] = ()  # of the operations
    created: Sequence[Element] = ()  # what it made, the element among it
    beside: Sequence[Element] = ()  # those of them that are directly in the slot in which it stands
    listeners: Sequence[_Listener] = ()
    view: Mapping[int, str] | None = None  # the letters that it wrote into the `view` of the page layout
    given: tuple[Any, ...] = ()  # objects that are arguments of it
    bindings: Sequence[_Binding] = ()  # of the element and what came with it
    later: Sequence[tuple[int, Callable[[], Any]]] = ()  # what it sets off, by operations; -1: being made

    @property
    def elements(self) -> list[Element]:
        """The element and those that came with it."""
        return [self.element, *(element for element in self.created if element is not self.element)]

    def forget_deleted(self) -> None:
        """Forget what was made and taken away again."""
        self.created = [element for element in self.created if not element.is_deleted or element is self.element]

    @property
    def events(self) -> list[list[dict[str, Any]]]:
        """What the listeners of each element are like."""
        return [_events_of(element) for element in self.elements]


def _twin_of(mount: _Mount) -> _Built:
    """What is to become a twin, with the same ids."""
    return _Built(mount, is_twin=True, ids=[element.id for element in mount.now.elements])


def _as_it_is(built: _Built) -> _Built:
    """A copy of what is built, with which its elements can be compared later."""
    copies = [copy.copy(element) for element in built.elements]
    for element in copies:
        vars(element).update({name: _copied(value) for name, value in vars(element).items()})
    return _Built(built.mount, element=copies[0], created=copies)


class _Binding(typing.NamedTuple):
    """A binding that waits until its element is on the page."""

    source: Any
    source_name: tuple[str, ...]
    target: Any
    target_name: tuple[str, ...]
    transform: Callable[[Any], Any] | None

    def end(self) -> None:
        """Have NiceGUI forget it."""
        known = binding.bindings.get((id(self.source), self.source_name), [])
        known[:] = [link for link in known if not all(map(operator.is_, link[1:], self[2:]))]
        links = binding.active_links
        links[:] = [link for link in links if not all(map(operator.is_, link, self))]


class _Scratch:
    """The page's own client, with everything swapped out that building could reach and change: elements,
    handlers, the slot and the `view` of the layout, and beyond it routes, tasks, messages and bindings."""

    VIEW = "hhh lpr fff"  # where headers, drawers and footers are, by NiceGUI's default
    HANDLERS = ("connect_handlers", "disconnect_handlers", "delete_handlers", "_exception_handlers")

    def __init__(self, client: _PageClient) -> None:
        self.client = client
        self.built: _Built = None  # type: ignore[assignment]  # that is being built
        self.made: list[Element] = []  # all elements
        self.twins: dict[int, Element] = {}  # the elements on the page, by the ids of their twins
        self.outside: dict[tuple[int, str], Slot] = {}  # what stands for slots on the page
        self.waiting: dict[Any, Any] = {}  # functions that start tasks, and what these are to run
        self.children = list(client.layout.default_slot.children)  # of the layout, with those that are new

    @contextlib.contextmanager
    def step(self, built: _Built, slot: Slot) -> Iterator[None]:
        """Run one construction or call in `slot`, and collect in `built` what it sets off."""
        layout, client, routes = self.client.layout, vars(self.client), core.app.router.routes
        away = {name: client[name] for name in ("elements", "reserved", *self.HANDLERS)}
        outer = self.built, _current.scratch, layout.default_slot.children
        view, known, count = layout._props["view"], len(routes), len(slot.children)
        self.built, _current.scratch, layout.default_slot.children = built, self, self.children
        client.update({name: [] for name in self.HANDLERS}, elements={}, reserved=deque(built.ids))
        _set_silently(layout, "view", self.VIEW)  # what is written into it is the part of this element
        try:
            with _recorder_set(None), _slots_entered(slot):
                yield
            self._collect(built, slot.children[count:], routes[known:])
        finally:
            self.made += client["elements"].values()
            built.ids = tuple(client["reserved"])
            client.update(away)
            del routes[known:]
            _set_silently(layout, "view", view)
            self.built, _current.scratch, layout.default_slot.children = outer

    def _collect(self, built: _Built, beside: list[Element], routes: list[Any]) -> None:
        """Keep what a step has set off with what it has built."""
        client = self.client
        built.created, built.beside = (*built.created, *client.elements.values()), (*built.beside, *beside)
        if (view := client.layout._props["view"]) != self.VIEW:
            letters = enumerate(zip(view, self.VIEW, strict=True))
            built.view = {**(built.view or {}), **{index: now for index, (now, was) in letters if now != was}}
        if routes:
            self.note(functools.partial(core.app.router.routes.extend, routes))
        for name in self.HANDLERS:
            if handlers := vars(client)[name]:
                self.note(lambda name=name, handlers=handlers: vars(client)[name].extend(handlers))  # type: ignore[misc]

    def note_successors(self, built: _Built, live: _Built) -> None:
        """Note which elements on the page stand for those that were built and are not on it."""
        pairs = zip(built.elements, live.elements, strict=False)
        self.twins.update((id(twin), element) for twin, element in pairs)

    def slot_of(self, element: Element, name: str) -> Slot:
        """What stands for a slot of an element on the page, which knows nothing of what is built in it."""
        if (id(element), name) not in self.outside:
            self.outside[id(element), name] = Slot(element, name)
        return self.outside[id(element), name]

    def close(self) -> None:
        """Let go of all that has not been put on the page."""
        for awaitable in self.waiting.values():
            if inspect.iscoroutine(awaitable):  # or else it has begun already
                awaitable.close()
        dropped = [element for element in self.made if self.client.elements.get(element.id) is not element]
        for element in dropped:
            element._deleted = True
        binding.remove(dropped)
        self.waiting, self.made = {}, []

    def note(self, act: Callable[[], Any]) -> None:
        """Have something wait until what is built is on the page."""
        self.built.later = (*self.built.later, (self.built.done - 1, act))

    def note_task(self, awaitable: Any, options: dict[str, Any]) -> Any:
        """Have a task wait until what is built is on the page."""
        start = functools.partial(_create_task, awaitable, **options)
        self.waiting[start] = awaitable
        self.note(start)
        return types.SimpleNamespace(add_done_callback=lambda _: None)

    def bind(self, *link: Any) -> None:
        """Note a binding, made when its ends are on the page; a target that is built here gets the value now."""
        self.built.bindings = (*self.built.bindings, _Binding(*link))
        source, source_name, target, target_name, transform = link
        own = (*self.built.created, *self.client.elements.values())
        is_there = not isinstance(target, Element) or self.client.on_page.get(target.id) is target
        if (is_there or id(target) in self.twins) and not any(target is element for element in own):
            return
        if not any(source is element for element in own):
            source = self.real(source)  # a twin follows what the page has, not other twins
        value = binding._get_attribute(source, source_name)
        if value is not binding._MISSING:
            value = transform(value) if transform else value
            if binding._get_attribute(target, target_name) != value:
                binding._set_attribute(target, target_name, value)

    def real(self, thing: Any) -> Any:
        """The element on the page, for its twin."""
        return self.twins.get(id(thing), thing)

    def on_page(self, link: _Binding) -> _Binding:
        """The same binding of the elements on the page, if it is one of their twins."""
        return link._replace(source=self.real(link.source), target=self.real(link.target))


def _choose_silently(parent: Any, value: Any, prop: Any) -> None:
    vars(parent)["___value"] = value
    _set_silently(parent, parent.VALUE_PROP, prop)


# -- build: what is new, and a twin of what differs: the element that a fresh page would have


class _Builder:
    """Builds nodes in a scratch. An exception leaves the page as it was."""

    def __init__(self, client: _PageClient, rendering: _Rendering) -> None:
        self.client, self.rendering = client, rendering
        self.scratch = _Scratch(client)
        self.built: dict[_Node, _Built] = {}
        self.fresh: set[_Node] = set()  # those whose elements go to the page; of others they are twins
        self.drawn: set[_Node] = set()  # those on which `render()` itself draws
        self.failed: _Node | None = None  # that could not be built

    # what `render()` wants to know

    def as_recorded(self, node: _Node) -> _Built:
        """What a node is like as far as it has been recorded: that of the page, if nothing differs."""
        old = _mount_of(node).node
        if node.is_root:
            return typing.cast(_Built, node.mount.now)
        if old is not None and node not in self.built and node.is_as(old):
            return typing.cast(_Built, node.mount.now)
        if old is None:  # those in it can be read, too
            self.build_all(list(_descendants(node)))
        return self.build(node)

    def read(self, ref: _Ref) -> Any:
        """What a ref stands for: as `render()` has made it so far, unless somebody else has changed it since."""
        node = ref._node
        mount = _mount_of(node)
        if type(ref) in (_ElementRef, _SlotRef) and mount.node is not None:
            return _value_of(ref)  # its children are those that the page has
        built = self.as_recorded(node)
        value = _value_of(ref, built)
        if mount.node is not None and built is not mount.now and node not in self.drawn:
            with contextlib.suppress(Exception):  # it may not be there otherwise
                if _is_same(value, _value_of(ref, self.base(node))):
                    return _value_of(ref, mount.now)
        return value

    def draw(self, node: _Node, draw: Callable[[Any], Any]) -> Any:
        """Call `draw` with an element on which `render()` draws: always a new one, which is compared in the end."""
        self.drawn.add(node)
        _mount_of(node)
        built = self.build(node)
        with self._standing(node, built):
            return draw(built.product)

    # the differences

    def build_changes(self, changes: _Changes) -> None:
        """Build all that is needed; what cannot become what its node says is replaced."""
        if not changes.fresh and not changes.patched:
            return
        for node in changes.patched:
            if not self.compares_with_page(node):
                self.base(node)
            self.build(node).forget_deleted()
        continued = [node for node in changes.patched if self._is_continued(node)]
        replaced = [node for node in changes.patched if node not in continued and self._must_replace(node)]
        while more := changes.that_know(replaced):
            replaced += more
        twins = {node: self.built.pop(node, None) for node in replaced}
        self.fresh.update(replaced)
        self.build_all([*changes.fresh, *replaced])  # last, since what is new may hold one that is replaced
        for node, twin in twins.items():
            self.scratch.note_successors(twin or node.mount.now, self.built[node])
        changes.replaced, others = replaced, {*continued, *replaced}
        changes.continued = [node for node in continued if node not in replaced]
        changes.patched = [node for node in changes.patched if node not in others]
        changes.dirty += [node.place for node in replaced]

    def compares_with_page(self, node: _Node) -> bool:
        """Whether its twin is compared with the element on the page: what it was given may have changed inside."""
        is_opaque = node.is_opaque or node.mount.node.is_opaque
        return node in self.drawn or (is_opaque and node.mount.base is None)

    def base(self, node: _Node) -> _Built:
        """The twin of the old node; it is built when first needed, and kept in the mount."""
        mount = node.mount
        if mount.base is None:
            old = mount.node
            try:
                built = self.construct(old, _twin_of(mount))
                self._perform(old, built)
                built.forget_deleted()
                mount.base = built
            except Exception:  # the world is another one by now
                mount.base = mount.now
        return typing.cast(_Built, mount.base)

    def _is_continued(self, node: _Node) -> bool:
        """Whether there is nothing but more calls of an element that cannot be patched, such as one more marker of a
        map, so that they can be made on the element itself."""
        old, twin, base = node.mount.node, self.built[node], node.mount.base
        is_longer = node.is_made_as(old) and [*old.operations] == [*node.operations[: len(old.operations)]]
        is_whole = not any(element.is_deleted for element in (*node.mount.now.elements, twin.element))
        if not is_longer or not is_whole or base is None or not _is_same(base.events, twin.events, twin.given):
            return False
        return _has_handshake(twin.element) or any(_is_object(result, twin) for result in twin.results)

    def _must_replace(self, node: _Node) -> bool:
        """Whether the element cannot become what the node says."""
        here, base, twin = node.mount.now, node.mount.base, self.built[node]
        old = node.mount.node
        is_gone = any(element.is_deleted for element in (*here.elements, twin.element))
        if is_gone or _has_handshake(here.element) or issubclass(node.cls, Query):  # whose effect is to be taken back
            return True
        if [(type(e), e.tag) for e in here.elements] != [(type(e), e.tag) for e in twin.elements]:
            return True  # it has other elements in it
        gave_objects = any(_is_object(result, twin) for result in twin.results)
        if gave_objects and not node.is_as(old) and node not in self.drawn:
            return True  # `render()` may hold what it gave out, such as an object of a scene
        if base is None or base is here:
            return not _is_same(here.events, twin.events, twin.given)
        is_own = not node.is_made_as(old) and not node.cls.__module__.startswith("nicegui.")
        pairs = zip(base.elements, twin.elements, strict=False)
        return not _is_same(base.events, twin.events, twin.given) or any(
            _cannot_become(*pair, twin.given, is_own=is_own) for pair in pairs
        )

    # one node

    def build_all(self, nodes: Sequence[_Node]) -> None:
        """Build nodes: first what is in an element, then what `render()` has done with it."""
        for node in nodes:
            self._made(node)
        for node in nodes:
            self.build(node)

    def build(self, node: _Node) -> _Built:
        """Build a node as far as it is recorded."""
        self._perform(node, self._made(node))
        return self.built[node]

    def _made(self, node: _Node) -> _Built:
        """What is built of a node so far, at least its element."""
        if node not in self.built:
            if _mount_of(node).node is None:
                self.fresh.add(node)
            self.built[node] = self.construct(node, _Built(node.mount) if node in self.fresh else _twin_of(node.mount))
        return self.built[node]

    @contextlib.contextmanager
    def _standing(self, node: _Node, built: _Built) -> Iterator[None]:
        """Stand where `node` was recorded; an exception tells the line."""
        try:
            with self.scratch.step(built, self._slot_for(node.place, node.cls)):
                yield
        except Exception as error:
            self.failed = self.failed or node
            built.done = len(built.results)  # it may be caught: the next operation takes its number
            error.add_note(f"  {node.where}")
            raise

    def construct(self, node: _Node, built: _Built) -> _Built:
        """Make the element of a node, or a twin."""
        if _is_drawn(node.cls, "Pyplot", "Matplotlib"):
            _make_svg_reproducible()
        args, kwargs = self.thaw_all(node.args, node.kwargs, built)
        with self._standing(node, built):
            built.product = built.element = node.cls(*args, **kwargs)
            if issubclass(node.cls, Query):
                built.element = built.product.element
        if built.is_twin:
            self.scratch.note_successors(built, built.mount.now)
        return built

    def _perform(self, node: _Node, built: _Built) -> None:
        """Do with an element what `render()` has done with it and has not been done yet."""
        while built.done < len(node.operations):
            operation = node.operations[built.done]
            built.done += 1
            args, kwargs = self.thaw_all(operation.args, operation.kwargs, built)  # which may build other nodes
            with self._standing(node, built):
                target = built.product if operation.call is None else built.results[operation.call]
                result = operation.verb(_follow(target, operation.path), *args, **kwargs)
            built.results = [*built.results, result]

    def _slot_for(self, place: _Place, cls: type) -> Slot:
        """The slot of something that is built: that of its parent if that is new, else one that stands for it."""
        while issubclass(cls, (ui.header, ui.footer, Drawer)) and place.node.cls is _PartElement:
            place = place.node.place  # for the layout, parts are not there
        node, name = place.node, place.name
        if _mount_of(node).now is None or node in self.fresh:
            element = self._made(node).element
            return _entered_slot(element if name in element.slots else self.build(node).element, name)
        element = node.mount.now.element
        if name in element.slots:
            slot = _entered_slot(element, name)
            element, name = slot.parent, slot.name
        return self.scratch.slot_of(element, name)

    # arguments

    def thaw_all(
        self, args: tuple[Any, ...], kwargs: dict[str, Any], built: _Built
    ) -> tuple[list[Any], dict[str, Any]]:
        """Make arguments of what they were recorded as."""
        thawed = [self.thaw(value, built) for value in args]
        return thawed, {name: self.thaw(value, built) for name, value in kwargs.items()}

    def thaw(self, value: Any, built: _Built) -> Any:
        """Make an argument of what it was recorded as."""
        kind = type(value)
        if kind in _PLAIN:
            return value
        if kind is tuple:
            kind, content = value
            if kind is _HANDLER:
                nth = sum(listener.role == content for listener in built.listeners)
                listener = _Listener(self.rendering, built.mount, content, nth)
                built.listeners = (*built.listeners, listener)
                return listener
            if kind is dict:
                return {name: self.thaw(item, built) for name, item in content}
            if kind in (list, tuple, set, frozenset):
                return kind([self.thaw(item, built) for item in content])
            return content
        if isinstance(value.value, _Ref):
            node = value.value._node
            if _mount_of(node).now is None or (node in self.fresh and node not in self.built):
                self.build(node)
            is_on_page = node not in self.fresh and not built.is_twin and value.value._call is None
            return _value_of(value.value, None if is_on_page else self.built.get(node))
        built.given = (*built.given, value.value)
        return value.value


# -- patch: the page becomes what was recorded and built. Nothing here fails

_STRUCTURE = frozenset({
    "_client", "id", "_parent_slot", "slots", "default_slot", "_event_listeners", "_deleted", "_props", "_classes",
    "_style", "_client_value", "_send_update_on_value_change",
    "_codepoints",  # of codemirror, which follow the value
})  # fmt: skip
_OBSERVED: Mapping[type, type] = {ObservableDict: dict, ObservableList: list, ObservableSet: set}
_BINDABLE = "___"  # NiceGUI keeps the value of a BindableProperty `x` in the attribute `___x`


@dataclasses.dataclass(slots=True, eq=False)
class _ElementPatch:
    """Gives an element what a twin of its new node has, and a twin of its old one has not or has otherwise.

    What the user or a handler did to it is in neither twin, and so stays by itself.
    """

    live: Element
    base: Element
    twin: Element
    given: Iterable[Any] = ()  # objects that are arguments, which can be handed over
    set_attribute: Callable[[Any, str, Any], None] = _set_quietly
    is_carry: bool = False  # whether only that is changed which is as in `base` still

    def run(self) -> None:
        """Do it, and send an update if anything differs for the browser."""
        live, outbox = self.live, self.live.client.outbox
        is_waiting, before = live.id in outbox.updates, _picture(live)
        with live._props.suspend_updates(), live._classes.suspend_updates(), live._style.suspend_updates():
            self._patch_attributes()
            self._patch_props()
            self._patch_look()
            if not self.is_carry:
                self._patch_slots()
        if isinstance(live, ChoiceElement):
            live.update()
        if not _is_same(before, _picture(live)):
            outbox.enqueue_update(live)
        elif not is_waiting:
            outbox.updates.pop(live.id, None)

    def _differences(
        self, mine: Mapping[str, Any], was: Mapping[str, Any], wanted: Mapping[str, Any], but: Container[str] = ()
    ) -> Iterator[tuple[str, Any]]:
        """What `wanted` has otherwise than `was`: names and values, `_ABSENT` for what it does not have any more."""
        for name in {**was, **wanted}:
            old, new = was.get(name, _ABSENT), wanted.get(name, _ABSENT)
            is_free = not self.is_carry or _is_same(mine.get(name, _ABSENT), old)
            if name not in but and is_free and not _is_same(old, new, self.given):
                yield name, new

    def _patch_dict(
        self, mine: Any, was: Mapping[str, Any], wanted: Mapping[str, Any], but: Container[str] = ()
    ) -> None:
        for name, value in self._differences(mine, was, wanted, but):
            if value is _ABSENT:
                mine.pop(name, None)
            else:
                mine[name] = _copied(value)

    def _patch_attributes(self) -> None:
        live = vars(self.live)
        differences = [*self._differences(live, vars(self.base), vars(self.twin), _STRUCTURE)]
        for name, value in sorted(differences, key=lambda difference: difference[0].startswith(_BINDABLE)):
            if value is _ABSENT:
                live.pop(name, None)
            elif name.startswith(_BINDABLE):  # last, since what follows from a value may depend on the others
                value = self.live.client.elements.get(value.id) if isinstance(value, Element) else value
                if self.base is self.live:  # an ui.anywidget would hand it on to the widget that it comes from
                    live[name] = value
                else:
                    self.set_attribute(self.live, name.removeprefix(_BINDABLE), value)
            elif _is_data(value, self.given):
                live[name] = _copied(value)

    def _patch_props(self) -> None:
        live = self.live
        own: set[str] = set()  # what follows from the value
        if isinstance(live, ValueElement):
            own = {live.VALUE_PROP, *(["options"] if isinstance(live, ChoiceElement) else [])}
        self._patch_dict(live._props, self.base._props, self.twin._props, own)
        if isinstance(live, ValueElement) and not isinstance(live, ChoiceElement):
            live._props[live.VALUE_PROP] = live._value_to_model_value(live.value)

    def _patch_look(self) -> None:
        """Style and classes, in the order of the twin."""
        live, base, twin = self.live, self.base, self.twin
        style, classes = dict(live._style), dict.fromkeys(live._classes)
        self._patch_dict(style, base._style, twin._style)
        self._patch_dict(classes, dict.fromkeys(base._classes), dict.fromkeys(twin._classes))
        live._style.clear()
        live._style.update({name: style[name] for name in (*twin._style, *style) if name in style})
        live._classes[:] = [name for name in dict.fromkeys((*twin._classes, *classes)) if name in classes]

    def _patch_slots(self) -> None:
        live, twin = self.live.slots, self.twin.slots
        before, wanted = ({n: slot.template for n, slot in slots.items()} for slots in (self.base.slots, twin))
        for name, template in self._differences({}, before, wanted):
            if template is _ABSENT:
                live.pop(name, None)
            else:
                live.setdefault(name, Slot(self.live, name)).template = template
        if list(before) != list(wanted):
            self.live.slots = {name: live[name] for name in (*twin, *live) if name in live}


def _is_same(one: Any, other: Any, given: Iterable[Any] = ()) -> bool:
    """Whether what two twins have is the same, or stands for the same.

    :param given: objects that are arguments of the second one: only the same objects are the same as these
    """
    if one is other:
        return True
    if _OBSERVED.get(type(one), type(one)) is not _OBSERVED.get(type(other), type(other)):
        return False
    if any(other is thing for thing in given) and not callable(other):
        return False
    match one:
        case Element():
            return bool(one.id == other.id)
        case dict():
            return one.keys() == other.keys() and all(_is_same(one[name], other[name], given) for name in one)
        case list() | tuple():
            return len(one) == len(other) and all(_is_same(*pair, given) for pair in zip(one, other, strict=True))
        case _Listener():
            return bool((one.role, one.nth) == (other.role, other.nth))
        case types.MethodType():
            return one.__func__ is other.__func__ and _is_same(one.__self__, other.__self__, given)
        case types.FunctionType():
            with contextlib.suppress(RecursionError):  # it may see itself
                return one.__code__ is other.__code__ and _is_same(_seen_in(one), _seen_in(other), given)
            return False
    if dataclasses.is_dataclass(one) and (items := _items_of(one)) is not None:
        return _is_same(items, _items_of(other), given)
    try:
        return bool(one == other)
    except Exception:  # whatever its own code raises
        return False


def _is_data(value: Any, given: Iterable[Any]) -> bool:
    """Whether an attribute of a twin can be that of another element: it is nothing of its own."""
    if any(value is thing for thing in given) or type(value) in _PLAIN or isinstance(value, (*_IMMUTABLE, _Listener)):
        return True
    items = _items_of(value)
    return items is not None and all(_is_data(item, given) for item in items)


def _copied(value: Any) -> Any:
    """Data of a twin, for another element: what a handler does to that must not reach the twin."""
    if isinstance(value, (dict, ObservableDict)):
        return {name: _copied(item) for name, item in value.items()}
    for container in (list, set, tuple):
        if type(value) is container or (isinstance(value, container) and isinstance(value, ObservableCollection)):
            return container(map(_copied, value))
    return value


def _items_of(value: Any) -> Iterable[Any] | None:
    """What is in a container; None if it is none."""
    if isinstance(value, dict):
        return value.values()
    if dataclasses.is_dataclass(value) and type(value).__module__.startswith("nicegui."):  # others may hold themselves
        return [getattr(value, field.name, None) for field in dataclasses.fields(value)]
    return value if isinstance(value, (list, tuple, set)) else None


def _is_object(value: Any, built: _Built) -> bool:
    """Whether a call has given out something with a life of its own, which `render()` may hold on to."""
    if type(value) in _PLAIN or isinstance(value, (*_IMMUTABLE, tuple, Slot, AwaitableResponse)):
        return False
    return not any(value is element for element in built.elements)


def _cannot_become(base: Element, twin: Element, given: Iterable[Any], *, is_own: bool) -> bool:
    """Whether an attribute of a twin differs that cannot be handed over: a handler; if `is_own`, also an object."""
    for name, wanted in vars(twin).items():
        was, is_left = vars(base).get(name, _ABSENT), name in _STRUCTURE or name.startswith(_BINDABLE)
        if is_left or isinstance(wanted, Element) or _is_data(wanted, given) or _is_same(was, wanted, given):
            continue
        if is_own or _has_listener(was) or _has_listener(wanted):
            return True
    return False


def _has_listener(value: Any) -> bool:
    return isinstance(value, _Listener) or any(map(_has_listener, _items_of(value) or ()))


class _Patch:
    """Brings the page to what was recorded and built."""

    def __init__(self, recorder: _Recorder, changes: _Changes, *, asked: bool) -> None:
        self.recorder, self.changes, self.asked = recorder, changes, asked
        self.client, self.builder, self.scratch = recorder.client, recorder.builder, recorder.builder.scratch
        self.created = [*changes.fresh, *changes.replaced]
        self.replaced = {node.mount: node.mount.now for node in changes.replaced}
        self.seen: list[tuple[Element, Any]] = []  # elements that are patched, and what the browser had of them
        self.renamed: dict[Any, str] = {}  # tabs, steps and slides: new names by old ones

    def run(self) -> None:
        """Do it, in an order in which all that is needed is there."""
        self._move_in()
        for node in self.changes.patched:
            self._patch(node)
        self._follow_names()
        for field, seen in self.seen:
            self.client.typed.keep(field, seen)
        for node, sets in self.changes.set:
            for name, value in sets.items():
                self._set(node.mount.now.element, name, self.builder.thaw(value, node.mount.now))
            node.mount.base = None
        for node in (*self.recorder.roots.values(), *self.changes.continued):
            self._continue(node)
        self._arrange_all()
        self._remove_all()
        for node in self.created:
            built = node.mount.now
            if node.is_opaque and self._has_base(node):
                node.mount.base = _as_it_is(built)
            self._start(built, range(-1, len(node.operations)))
            built.bindings = [self.scratch.on_page(link) for link in built.bindings]
            for link in built.bindings:
                _carefully(_bind, *link)
        self._settle()

    def _move_in(self) -> None:
        """Put new elements on the page; those that replace another get what users have made of that."""
        for node in self.created:
            built = node.mount.now = self.builder.built[node]
            built.forget_deleted()
            for element in built.elements:
                if not element.is_deleted:
                    self.client.elements[element.id] = element
                    self.client.outbox.enqueue_update(element)
        for mount, old in self.replaced.items():
            base, mount.base = mount.base, None
            if base is not None and base is not old:
                for new, was, live in zip(mount.now.elements, base.elements, old.elements, strict=False):
                    if isinstance(was, (ui.stepper, ui.carousel)) and was.value is None:  # its first child chooses it
                        _choose_silently(was, new.value, new._props[new.VALUE_PROP])
                    if type(new) is type(live):
                        _ElementPatch(new, was, live, is_carry=True).run()

    def _patch(self, node: _Node) -> None:
        """Give the element what its new twin has and its old one has not."""
        here, twin, mount = node.mount.now, self.builder.built[node], node.mount
        base = here if self.builder.compares_with_page(node) else typing.cast(_Built, mount.base)
        if issubclass(node.cls, (ui.tab, ui.tab_panel, ui.step, ui.carousel_slide)):
            self.renamed[here.element._props["name"]] = twin.element._props["name"]
        for link in here.bindings:
            link.end()  # or else values that it gets now would reach what it was bound to
        for live, was, wanted in zip(here.elements, base.elements, twin.elements, strict=False):
            self.seen.append((live, self.client.typed.seen(live)))
            _ElementPatch(live, was, wanted, twin.given, self._set).run()
        here.bindings = [self.scratch.on_page(link) for link in twin.bindings]
        for link in here.bindings:
            _carefully(_bind, *link)
        here.listeners = twin.listeners
        old = mount.node.operations
        new = {number for number, operation in enumerate(node.operations) if operation not in old}
        self._start(twin, new)
        own: dict[int, Any] = {id(mine): live for mine, live in zip(twin.elements, here.elements, strict=False)}
        own.update({id(slot): here.element.slots.get(name) for name, slot in twin.element.slots.items()})
        here.results, here.view = [own.get(id(result), result) for result in twin.results], twin.view
        mount.base = twin if self._has_base(node) else None

    def _has_base(self, node: _Node) -> bool:
        """Whether a twin stays as it was built: an `ui.anywidget` watches an object that is not NiceGUI's."""
        return node not in self.builder.drawn and not isinstance(node.mount.now.element, ui.anywidget)

    def _set(self, element: Any, name: str, value: Any) -> None:
        """Set an attribute as `render()` does: a value unless the user is ahead of what `render()` knows."""
        if name == "value" and isinstance(element, ValueElement):
            self.client.typed.answer(element, value, asked=self.asked)
        else:
            _set_quietly(element, name, value)

    def _follow_names(self) -> None:
        """Tabs, steps and slides may have got other names: tell those whose value they are."""
        if not self.renamed:
            return
        for field in list(self.client.elements.values()):
            if isinstance(field, (ui.tabs, ui.tab_panels, ui.stepper, ui.carousel)):
                value, is_tab = field.value, isinstance(field.value, Element)
                name = field._value_to_model_value(value) if is_tab else self.renamed.get(value, value)
                if not is_tab and any(child._props.get("name") == value for child in field.descendants()):
                    continue  # it has one of the old name
                if field._props[field.VALUE_PROP] != name:
                    _choose_silently(field, value if is_tab else name, name)
                    _carefully(binding._propagate, field, ("value",))
                    self.client.outbox.enqueue_update(field)

    def _continue(self, node: _Node) -> None:
        """Make the calls that are new on an element that stays, such as the page's own content; listeners of those that
        are no longer made go."""
        here, old = node.mount.now, list(node.mount.node.operations if node.mount.node else ())
        pairs = enumerate(zip(old, node.operations, strict=False))
        kept = next((number for number, (was, now) in pairs if was != now), min(len(old), len(node.operations)))
        gone = [listener for listener in here.listeners if listener.number is not None and listener.number >= kept]
        _remove_listeners(here.element, gone)
        for operation in old[kept:]:
            if operation.verb is _hear:
                for listener in gone:
                    operation.args[0].value.unsubscribe(listener)
        here.listeners = tuple(listener for listener in here.listeners if listener not in gone)
        here.results, node.mount.base = here.results[:kept], None
        for number, operation in enumerate(node.operations[kept:], kept):
            first = len(here.listeners)
            args, kwargs = self.builder.thaw_all(operation.args, operation.kwargs, here)
            for listener in here.listeners[first:]:
                listener.number = number
            target = here.product if operation.call is None else here.results[operation.call]
            act = functools.partial(operation.verb, _follow(target, operation.path), *args, **kwargs)
            here.results = [*here.results, _carefully(act)]

    def _start(self, built: _Built, wanted: Container[int]) -> None:
        """Have what was built set off its tasks, messages, routes and handlers of the client.

        :param wanted: of which operations; -1: of the constructor
        """
        for number, act in built.later:
            if number in wanted:
                self.scratch.waiting.pop(act, None)
                act()

    # order

    def _arrange_all(self) -> None:
        self._arrange_layout()
        of_new = (place for node in self.created for place in (node.places or {}).values())
        for place in (*self.changes.dirty, *of_new):
            self._arrange(place)
        for mount, old in self.replaced.items():
            self._move_others(old, mount.now)

    def _arrange(self, place: _Place) -> None:
        """Bring the children of a slot into the recorded order; what was added by hand stays in front or behind."""
        slot = _entered_slot(place.node.mount.now.element, place.name)
        wanted = [element for child in place.children for element in child.mount.now.beside if not element.is_deleted]
        ours = set(map(id, wanted))
        gone = [node.mount.now for node in _leftovers(place)]
        for old in (*gone, *(self.replaced[node.mount] for node in self.changes.replaced if node.place is place)):
            ours.update(map(id, old.beside))
        others = [element for element in slot.children if id(element) not in ours]
        lead = next((i for i, element in enumerate(slot.children) if id(element) in ours), len(slot.children))
        children = [*others[:lead], *wanted, *others[lead:]]
        if children != slot.children:
            slot.children[:] = children
            self.client.outbox.enqueue_update(slot.parent)
        _adopt(slot, wanted)

    def _move_others(self, old: _Built, new: _Built) -> None:
        """What was added by hand to an element that is replaced, such as the lines of a log, goes on."""
        for name, slot in old.element.slots.items():
            if name in new.element.slots:
                others = [e for e in slot.children if _parent(e) is slot and e not in old.created]
                new.element.slots[name].children += others
                _adopt(new.element.slots[name], others)
                slot.children.clear()

    def _arrange_layout(self) -> None:
        """Dialogs, headers and the like are where they put themselves in the scratch, and in the recorded order."""
        client, layout, scratch = self.client, self.client.layout, self.scratch
        children = [child for child in scratch.children if client.elements.get(child.id) is child]
        if len(children) == len(layout.default_slot.children) == 1:
            return
        nodes = [node for root in self.recorder.roots.values() for node in _descendants(root)]
        rank = {
            id(element): index for index, element in enumerate(e for node in nodes for e in node.mount.now.elements)
        }
        for cls in {type(child) for child in children if id(child) in rank}:
            alike = [child for child in children if type(child) is cls and id(child) in rank]
            is_in_front = children.index(alike[0]) < children.index(client.page_container)
            ordered = sorted(alike, key=lambda e: rank[id(e)], reverse=is_in_front and cls is not ui.skip_link)
            moved = iter(ordered)
            children = [next(moved) if child in alike else child for child in children]
        view = list(scratch.VIEW)
        for node in nodes:
            for index, letter in (node.mount.now.view or {}).items():
                view[index] = letter
        was = [child.id for child in layout.default_slot.children], layout._props["view"]
        layout.default_slot.children[:] = children
        _set_silently(layout, "view", "".join(view))
        if was != ([child.id for child in children], layout._props["view"]):
            client.outbox.enqueue_update(layout)

    # the end of what is not there any more

    def _remove_all(self) -> None:
        gone = [node.mount.now for top in self.changes.gone for node in (top, *_descendants(top))]
        gone += self.replaced.values()
        for built in gone:
            self.remove_elements(built.elements)  # wherever they are
        for built in gone:
            _take_back(self.client, built.element)

    def remove_elements(self, elements: Sequence[Element]) -> None:
        """Take elements off the page."""
        for element in elements:
            if element.is_deleted:
                continue
            slot = _parent(element)
            if slot is not None and element in slot.children:
                slot.children.remove(element)
                self.client.outbox.enqueue_update(slot.parent)
            self.client.remove_elements(element.descendants(include_self=True))

    def _settle(self) -> None:
        """Have what was recorded be what the page shows; the old tree goes without the garbage collector."""
        recorder, rendering = self.recorder, self.recorder.rendering
        for place in self.changes.places:
            for node in place.children:
                _succeed(node)
            if place.before:
                typing.cast("list[_Node]", place.before).clear()
            place.before, place.unmatched, place.keys = (), None, None
        for root in recorder.roots.values():
            _succeed(root)
        for node, place in recorder.parts.kept:
            node.place = place
        for node in self.changes.gone:
            node.places = None
        rendering.roots, rendering.components = {**rendering.roots, **recorder.roots}, recorder.parts.components


def _succeed(node: _Node) -> None:
    """Have a node describe what the page shows; the one of before is taken apart, so that it goes at once."""
    old, node.mount.node = node.mount.node, node
    if old is not None and old is not node:
        old.places = None


@dataclasses.dataclass(slots=True, eq=False)
class _Update:
    """One render of a page: recorded, and built beside the page until it is put on it or dropped."""

    client: _PageClient
    rendering: _Rendering
    moves: _Moves
    view: LiveView
    asked: bool  # whether something that the user did is the reason
    keeps_parts: bool = True  # whether parts that are as before need not be recorded
    recorder: _Recorder = None  # type: ignore[assignment]
    patch: _Patch = None  # type: ignore[assignment]

    def prepare(self, render: Callable[[], Any]) -> None:
        """Record what `render` makes, and build what differs; on an exception the page is as if nothing had been.

        An element that cannot be built, and its calls, are from then on built where they are recorded: `render` is
        called once more, and may catch what they raise.
        """
        recorder = self.recorder = _Recorder(self)
        try:
            recorder.run(render)
            changes = _Changes(recorder)
            for node in changes.fresh:
                _check_handlers(node, recorder.set_before.get(node))
            recorder.builder.build_changes(changes)
            self.patch = _Patch(recorder, changes, asked=self.asked)
            return
        except BaseException as error:
            self.drop()
            failed, eager = recorder.builder.failed, self.rendering.eager
            if not isinstance(error, Exception) or failed is None or (failed.code, failed.instruction) in eager:
                raise
            eager.add((failed.code, failed.instruction))
        self.prepare(render)

    def commit(self) -> None:
        """Bring the page to it, and do what it asks of the client."""
        try:
            with self.client, self.client.typed.quiet():
                self.patch.run()
                self.client.typed.pay()
        finally:
            self.drop()
        self._perform_effects()

    def drop(self) -> None:
        """Let go of what has not been put on the page."""
        self.recorder.builder.scratch.close()

    def _perform_effects(self) -> None:
        """Do what `render()` asked of the client and did not ask last time."""
        seen, self.rendering.effects = self.rendering.effects, Counter()
        for name, args, kwargs in self.recorder.effects:
            effect = (name, repr([*map(_name_of, args), *((key, _name_of(value)) for key, value in kwargs.items())]))
            self.rendering.effects[effect] += 1
            if self.rendering.effects[effect] > seen[effect]:
                _perform_effect(self.client, name, args, kwargs)


def _name_of(value: Any) -> Any:
    """What an argument is compared by: functions are made anew in each render."""
    value = value.func if isinstance(value, functools.partial) else value
    return getattr(value, "__qualname__", value)


def _values_as_rendered(client: _PageClient, rendering: _Rendering, fields: Iterable[Element]) -> dict[int, Any]:
    """The values that `render()` has given fields, by their ids."""
    builder = _Builder(client, rendering)
    wanted, values = {field.id for field in fields}, {}
    try:
        for node in rendering.nodes():
            if node.mount.now.element.id in wanted and isinstance(node.mount.now.element, ValueElement):
                built = builder.construct(node, _twin_of(node.mount))  # without what it is bound to
                values[node.mount.now.element.id] = built.element.value
    finally:
        builder.scratch.close()
    return values


def _check_handlers(node: _Node, set_before: str | None) -> None:
    """Refuse the result of a call, or the name of an event, as an event handler.

    :param set_before: the attribute of the view that was set right before
    """
    problem = ""
    for name, value in (*zip(_parameters(node.cls.__init__), node.args, strict=False), *node.kwargs.items()):
        if _is_handler(name) and isinstance(value, str) and node.cls.__module__.startswith("nicegui."):
            problem = f"{name} got {value!r}: an event is written {name}=self.event({value!r})"
        if _is_handler(name) and value is None and set_before is not None:
            advice = "if a method is to be called later, name it without parentheses"
            log.warning("%s: %s is None, and self.%s was just set: %s", node.where, name, set_before, advice)
    for _, function in node.handlers:
        given: Any = function if isinstance(function, types.MethodType) else None
        if given is not None and given.__name__ == "event" and hasattr(given.__self__, "_page"):
            problem = 'A handler is self.event("name"), with the name of the event; the call is missing.'
    if problem:
        error = TypeError(problem)
        error.add_note(f"  {node.where}")
        raise error


# -- key, Stream: what `render()` says of lists


def _frame_outside_of(module: str, frame: types.FrameType) -> types.FrameType:
    """The innermost frame that is not of a module, or of one in it."""
    while f"{frame.f_globals.get('__name__')}.".startswith(f"{module}.") and frame.f_back is not None:
        frame = frame.f_back
    return frame


class key:
    """Say which item of a list the elements inside belong to, so that they travel with it. (React's and LiveView's key)

    .. code-block:: python

        for todo in self.todos:
            with playground.key(todo.id), ui.row():
                ui.input(value=todo.text)

    :param value: anything hashable that is unique among the siblings
    :raises ValueError: if a sibling has the same key already
    """

    def __init__(self, value: Any) -> None:
        hash(value)  # or else there is an error
        self._value = value

    def __enter__(self) -> None:
        recorder = _current.recorder
        if recorder is None:
            raise RuntimeError("key() says what elements belong to while render() makes them; it has no use elsewhere")
        self._outer = recorder.enter_key(self._value)

    def __exit__(self, *_: Any) -> None:
        if _current.recorder is not None:
            _current.recorder.key = self._outer


class _Row(typing.Generic[T]):
    """A row of a stream."""

    __slots__ = ("item", "key", "version")

    def __init__(self, key: Hashable, item: T, version: int) -> None:
        self.key, self.item, self.version = key, item, version


class Stream(typing.Generic[T]):
    """A long list in a page, of which only what has changed is looked at. (Phoenix's `stream`)

    .. code-block:: python

        class Chat(playground.LiveView):
            def mount(self):
                self.posts = playground.Stream(load_posts(), key=lambda post: post.id, limit=1000)
                self.subscribe("posts")

            def render(self):
                self.posts.render(self.render_post)

            def render_post(self, post):
                ui.label(post.text)

            def handle_info(self, post):
                self.posts.append(post)

    A row is rendered when its item is added or put anew; what else it shows must not change, or needs a `LiveComponent`
    in it. A stream belongs to one page.

    :param items: what is in it at first
    :param key: what tells an item from others; by default they are numbered, and cannot be put or removed
    :param limit: how many rows page and server keep; when one more is added, one at the other end goes
    """

    _lock: ClassVar[threading.RLock] = threading.RLock()  # for threads; of all streams, since a lock cannot be copied

    def __init__(
        self, items: Iterable[T] = (), *, key: Callable[[T], Hashable] | None = None, limit: int | None = None
    ) -> None:
        if limit is not None and limit < 1:
            raise ValueError(f"limit is the number of rows to keep, or None, not {limit!r}")
        self._key_of, self._limit = key, limit
        self._numbers = itertools.count()
        self._version = 0
        self._rows: list[_Row[T]] = []
        self._by_key: dict[Hashable, _Row[T]] = {}
        self.extend(items)

    def append(self, item: T) -> None:
        """Add an item at the end; one with the same key is replaced where it is."""
        self.insert(len(self._rows), item)

    def prepend(self, item: T) -> None:
        """Add an item at the beginning; one with the same key is replaced where it is."""
        self.insert(0, item)

    def extend(self, items: Iterable[T]) -> None:
        """Add items at the end."""
        for item in items:
            self.append(item)

    def insert(self, index: int, item: T) -> None:
        """Add an item before the one at `index`; one with the same key is replaced where it is."""
        key = next(self._numbers) if self._key_of is None else self._key_of(item)
        with self._lock:
            self._version += 1
            if key in self._by_key:
                row = self._by_key[key]
                row.item, row.version = item, self._version
                return
            is_in_front = index == 0
            row = self._by_key[key] = _Row(key, item, self._version)
            self._rows.insert(index, row)
            if self._limit is not None and len(self._rows) > self._limit:
                del self._by_key[self._rows.pop(-1 if is_in_front else 0).key]

    def remove(self, key: Hashable) -> None:
        """Take the item with this key out.

        :raises KeyError: if there is none
        """
        with self._lock:
            self._rows.remove(self._by_key.pop(key))
            self._version += 1

    def clear(self) -> None:
        """Take all items out."""
        with self._lock:
            self._rows.clear()
            self._by_key.clear()
            self._version += 1

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[T]:
        return iter([row.item for row in self._rows])

    def __contains__(self, key: Hashable) -> bool:
        return key in self._by_key

    def __getitem__(self, key: Hashable) -> T:
        return self._by_key[key].item

    def render(self, show: Callable[[T], object]) -> None:
        """Show the rows, in `render` of the page: `show` makes the elements of an item.

        :raises RuntimeError: outside of `render`
        """
        recorder: _Recorder | None = _current.recorder
        if recorder is None:
            raise RuntimeError("Stream.render() is for render() of a page")
        with self._lock:
            rows, version = list(self._rows), self._version
        recorder.parts.record((Stream, id(self)), self, version, lambda: recorder.parts.record_rows(rows, show))


# ---------------------------------------------------------------------------------------------------------------------
# Terminals: a command in a page. What the browser has is what it says it has; the rest is sent, a piece at a time.
# Owns the element `terminal` and its code in the browser.
#
# The life of a piece. The browser finds a terminal that is new, or shows another command, and says that it has shown
# nothing. `_send` sends what comes next, in pieces; the next one when the browser has shown the last, so a page that
# cannot follow skips what the scrollback has dropped meanwhile. What is typed, and the size, come back.
#
# What always holds:
#
# - What a program asks its terminal is answered once: by the first page that takes keys and shows the question. A page
#   that is opened later gets the text without it, since its answer would be typed into the program, too.
# - Keys reach a command only from a terminal that takes them, whatever the browser says.
# ---------------------------------------------------------------------------------------------------------------------

_TERMINAL_HTML = r"""
<style>@layer components {
  .playground-terminal { width: 100%; min-width: min(100%, 20rem); height: 21.5rem;
    padding: 0.75rem; background: #16181d; border-radius: 0.5rem; overflow: hidden; }
}</style>
<script>
  window.playground.attachTerminal = (html) => {
    const id = Number(html.id.slice(1)), token = Number(html.dataset.terminal);
    const component = getElement(id), terminal = component?.terminal;
    if (!terminal || terminal.playground?.token === token) return;
    const tell = (details) => window.playground.act("terminal", { id, token, ...details });
    terminal.playground = { token, tell, shown: 0 };
    terminal.reset();
    terminal.onData((data) => tell({ data }));
    new ResizeObserver(() => {
      if (html.clientWidth) component.fit();
      tell({ columns: terminal.cols, rows: terminal.rows });
    }).observe(html);
    tell({ shown: 0 });
  };
  window.playground.feedTerminal = (id, token, begin, end, text) => {
    const terminal = getElement(id)?.terminal, state = terminal?.playground;
    if (state?.token !== token || state.shown !== begin) return;
    state.shown = end;
    terminal.write(text, () => state.tell({ shown: end }));
  };
  setInterval(() => {
    if (window.did_handshake) document.querySelectorAll("[data-terminal]").forEach(window.playground.attachTerminal);
  }, 50);
</script>
"""


# what xterm.js answers: who and how it is, where the cursor is, modes, colours
_QUESTIONS = re.compile(r"\x1b(\[[?>=]?[\d;]*(\$p|[cnt])|\[(\?u|>q)|\][\d;?]*\?(\x07|\x1b\\)|P[$+]q[^\x1b]*\x1b\\)")


class terminal(Xterm):
    """Shows a command in a page: what it has printed, and what it prints. An element like any other in `render`.

    .. code-block:: python

        playground.terminal(self.build, keys=True).classes("h-96")

    It fits its container, and tells the command the size. A page that is opened later gets what is kept of the output;
    a page that cannot follow skips some of it, with a mark. A command without a pseudo-terminal (`pty=False`) gets each
    key at once: there is nobody to rub out or to interrupt.

    :param command: the command
    :param keys: whether what is typed into it goes to the command
    :param options: of xterm.js, besides those set here
    """

    _PIECE = 262_144  # characters in one message; the next one is sent when the browser has shown it

    def __init__(self, command: Command, *, keys: bool = False, options: dict[str, Any] | None = None) -> None:
        if not isinstance(command, Command):
            raise TypeError(f'terminal() shows a Command, not {command!r:.80}. Start one: Command.start("ls -l")')
        look = {"fontFamily": "ui-monospace, Menlo, Consolas, monospace", "theme": {"background": "#16181d"}}
        super().__init__({"convertEol": True, "scrollback": 10_000, "cursorBlink": keys, **look, **(options or {})})
        self.classes("playground-terminal")
        self.command, self._takes_keys = command, keys
        self.props["data-terminal"] = self._token = id(command)  # when it is another one, the browser begins anew
        self._shown: int | None = None  # the position behind what the browser has, if it has a terminal
        self._message: dict[str, Any] = {}  # the latest piece; empty when the browser has shown it
        self._pace = _Pace(0.1, self._send)
        command._viewers.add(self)

    def told(self, message: Mapping[str, Any]) -> None:
        """The browser says something about its terminal."""
        match message:
            case {"token": self._token, "shown": int(shown)}:
                self.command._viewers.add(self)  # it may have got another one
                self._shown = shown
                self._message["code"] = ""  # NiceGUI keeps what it has sent, in case the connection breaks
                self._pace.touch()
            case {"token": self._token, "columns": int(columns), "rows": int(rows)}:
                self.command.resize(columns, rows)
            case {"token": self._token, "data": str(data)} if self._takes_keys:
                self.command._type(data)

    def hear(self, news: CommandOutput | CommandChanged) -> None:
        """The command has printed something, or was started, or has ended."""
        self._pace.touch() if isinstance(news, CommandOutput) else typing.cast(_PageClient, self.client).shown.change()

    def _send(self) -> None:
        scrollback = self.command._scrollback
        if self._shown in (None, scrollback.end) or self._message.get("code") or self.is_deleted:
            return
        text, end = scrollback.read(self._shown, self._PIECE)
        known = text[: max(len(text) + scrollback.answered - end, 0)]
        text = _QUESTIONS.sub("", known) + text[len(known) :]
        if self._takes_keys:
            scrollback.answered = max(scrollback.answered, end)
        arguments = json.dumps([self.id, self._token, self._shown, end, text])
        self._message = {"code": f"playground.feedTerminal(...{arguments})"}
        self.client.outbox.enqueue_message("run_javascript", self._message, self.client.id)


# ---------------------------------------------------------------------------------------------------------------------
# Errors: what there is to say of an exception, in the terminal and in the overlay of a page. Knows nothing of pages.
# Owns what is said of errors in this module's log and in NiceGUI's, and the overlay with its code in the browser.
#
# The life of an error. Whoever catches it notes on it where it came up ("in event('inc') of Counter"), and perhaps a
# line of the user that asked for it. `_report_of` makes text of all there is to see: the frames, the user's own first,
# with an excerpt of the source and the variables of the first. `_report_html` is what the overlay shows of that,
# `_report_text` what the log says. `_ErrorLog` puts that in the place of tracebacks, and counts what comes again.
# ---------------------------------------------------------------------------------------------------------------------


class _Report(typing.NamedTuple):
    """What there is to say of an error; the source is quoted as it is when that is asked for."""

    title: str
    message: str
    notes: tuple[str, ...]
    label: str  # what failed
    frames: list[FrameSummary]  # the one to look at comes first, then the others from the inside out
    own: list[FrameSummary]  # those of the user
    variables: tuple[tuple[str, str], ...]  # of the first frame
    related: tuple[
        tuple[str, str, str, FrameSummary | None], ...
    ]  # members of a group and causes: relation, title, message


_IsOwn = Callable[[str], bool]  # whether a file is the user's
_LINES_AROUND = 3
_LONGEST_MESSAGE = 2000
_LABEL = "  in "
_FRAME_NOTE = re.compile(r'  File "(.+)", line (\d+), in (.+)')
_NOT_SHOWN = (type, types.ModuleType, types.FunctionType, types.BuiltinFunctionType, types.MethodType)


def _report_of(error: BaseException, *, is_own: _IsOwn) -> _Report:
    """Describe `error`; the values are asked for their `repr` now and never again."""
    summary = TracebackException.from_exception(error, lookup_lines=False, compact=True)
    title, message = _headline(summary)
    notes = [str(note) for note in getattr(error, "__notes__", ())]
    labels = [note.removeprefix(_LABEL) for note in notes if note.startswith(_LABEL)]
    asked = filter(None, map(_FRAME_NOTE.fullmatch, notes))  # for what failed later, as the building of a page notes it
    noted = [FrameSummary(match[1], int(match[2]), match[3], lookup_line=False) for match in asked]
    places = [*noted, *summary.stack, *_syntax_error_place(error)]
    frames = _frames_at(places, is_own)
    return _Report(
        title=title,
        message=message,
        notes=tuple(_cut(note, _LONGEST_MESSAGE) for note in notes if not note.startswith((_LABEL, "  File "))),
        label=labels[-1] if labels else "",
        frames=frames,
        own=[frame for frame in frames if is_own(frame.filename)],
        variables=_variables_at(frames[0], error.__traceback__) if frames else (),
        related=tuple(islice(_related_to(summary, is_own), _MOST_ITEMS)),
    )


def _headline(summary: TracebackException) -> tuple[str, str]:
    """Class and message, with Python's "Did you mean ...?"; a syntax error has lines with its place before that."""
    headline = next(text for text in summary.format_exception_only() if not text.startswith("  "))
    title, _, message = headline.strip().partition(": ")
    return title.rpartition(".")[2], _cut(message, _LONGEST_MESSAGE)


def _syntax_error_place(error: BaseException) -> Iterator[FrameSummary]:
    """Where code cannot be compiled: it has no frame."""
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        text, column = linecache.getline(error.filename, error.lineno), (error.offset or 1) - 1
        is_there = (error.text or text).strip() == text.strip()  # Python 3.11 counts within f-strings
        start = len(text[:column].encode()) if is_there else None
        yield FrameSummary(error.filename, error.lineno, "", lookup_line=False, end_lineno=error.lineno, colno=start)


def _frames_at(places: Sequence[FrameSummary], is_own: _IsOwn) -> list[FrameSummary]:
    """The frames at `places`, which go from the outside in; what a recursion repeats comes once."""
    distinct = {(place.filename, place.lineno, place.name): place for place in reversed(places)}
    return sorted(distinct.values(), key=lambda frame: not is_own(frame.filename))


def _related_to(summary: TracebackException, is_own: _IsOwn) -> Iterator[tuple[str, str, str, FrameSummary | None]]:
    """The members of a group of errors, the causes of an error, and so on: relation, class, message, and place."""
    cause = summary.__cause__ or summary.__context__
    for relation, other in (*(("with", member) for member in summary.exceptions or ()), ("caused by", cause)):
        if other is not None:
            yield relation, *_headline(other), next(iter(_frames_at(other.stack, is_own)), None)
            yield from _related_to(other, is_own)


def _variables_at(frame: FrameSummary, trace: types.TracebackType | None) -> tuple[tuple[str, str], ...]:
    """The variables at `frame`, those of the failing line first; of a module only those."""
    place = frame.filename, frame.lineno, frame.name
    running = [each for each, line in walk_tb(trace) if (each.f_code.co_filename, line, each.f_code.co_name) == place]
    values = dict(running[-1].f_locals) if running else {}
    with contextlib.suppress(Exception):  # there is no `self`, or it has slots
        attributes = vars(values["self"])
        values |= {f"self.{name}": value for name, value in attributes.items() if not name.startswith("_")}
        del values["self"]
    failing = set(re.findall(r"\w+", frame.line or ""))
    names = [name for name, value in values.items() if name[:2] != "__" and not issubclass(type(value), _NOT_SHOWN)]
    if frame.name == "<module>":
        names = [name for name in names if name in failing]
    names.sort(key=lambda name: name.removeprefix("self.") not in failing)
    return tuple((name, _short_repr(values[name])) for name in names[:_MOST_ITEMS])


def _report_text(report: _Report) -> str:
    """The user's own frames, the innermost last, as Python shows them, and what else belongs to the error."""
    lines = []
    for frame in reversed(report.own):
        lines += [_place_text(frame), *([f"    {frame.line}"] if frame.line else ())]
    for relation, title, message, place in report.related:
        lines += [f"  {relation} {title}: {message}", *([_place_text(place)] if place else ())]
    return "\n".join([*lines, *(f"  {note}" for note in report.notes)])


def _place_text(frame: FrameSummary) -> str:
    return f'  File "{frame.filename}", line {frame.lineno}' + (f", in {frame.name}" if frame.name else "")


class _ErrorLog(logging.Filter):
    """Has a logger say errors in short: in one line, with the user's own frames. What comes again is counted.

    `PLAYGROUND_TRACEBACK=full` leaves tracebacks as they are.
    """

    def __init__(self) -> None:
        super().__init__()
        self._repeats: dict[tuple[str, str], int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record is to be shown."""
        error = record.exc_info[1] if record.exc_info else None
        if error is None or _wants_full_tracebacks():
            return True
        report = _development.report_of(error)
        label = f"{_LABEL[1:]}{report.label}" if report.label else ""
        what = "" if record.msg is error else f"{record.getMessage()}: "  # NiceGUI logs the error alone
        record.msg, record.args = f"{what}{report.title}: {report.message}{label}", ()
        if report.own:  # else all that there is to see
            record.exc_text = _report_text(report)
        known = (record.msg, record.exc_text or "")
        if known in self._repeats:
            self._repeats[known] += 1
            return False
        self._look(record.name, known, 1.0)
        return True

    def _look(self, name: str, known: tuple[str, str], seconds: float) -> None:
        """Say how often an error has come again since the last look, and look again later; forget it if it has not."""
        count = self._repeats.pop(known, None)
        if count:
            times = f"{count:,} times" if count > 1 else "once"
            logging.getLogger(name).error("%s: the same again, %s", known[0], times)
        if count != 0:  # or it is new
            self._repeats[known] = 0
            timer = threading.Timer(seconds, self._look, (name, known, 2 * seconds))
            timer.daemon = True
            timer.start()


def _report_html(report: _Report, *, running: str, can_remount: bool) -> str:
    """The inside of the overlay."""
    remount = _button("remount", "Remount", "Start this page anew, with the new code") if can_remount else ""
    label = f"in <b>{escape(report.label)}</b> · " if report.label else ""
    notes = [f'<p class="note">{escape(note)}</p>' for note in report.notes]
    for relation, title, message, place in report.related:
        what = f"{relation} <b>{escape(title)}</b> {escape(message)}"
        notes.append(f'<p class="note">{what} {_place_html(place) if place else ""}</p>')
    html = (
        f"<nav>{remount}{_button('dismiss', '✕', 'Dismiss (Esc)')}</nav>"
        f'<h1>{escape(report.title)}</h1><p class="message">{escape(report.message)}</p>'
        f'<div class="about">{label}{escape(running)}</div>'
        f"{''.join(notes)}{_frames_html(report)}"
    )
    return html.encode(errors="replace").decode()  # half a surrogate pair cannot be sent


def _fixed_html(label: str) -> str:
    """What offers to do again what failed."""
    return "<strong>Fixed.</strong>" + _button("replay", f"Replay {label}", "") + _button("dismiss", "✕", "Dismiss")


def _saved_html(text: str) -> str:
    """What tells of a save, and leads to what can be done then."""
    tools = '<a href="/_playground/" target="_blank">Tools</a>' if _development.has_stage else ""
    return f"<span>{escape(text)}</span>{_button('remount', 'Remount this page', 'It begins anew')}{tools}"


def _button(action: str, text: str, title: str) -> str:
    return f'<button data-playground="{action}" title="{escape(title)}">{escape(text)}</button>'


def _frames_html(report: _Report) -> str:
    """The frame to look at with its variables, the other frames folded up."""
    if not report.frames:
        return ""
    main, *others = report.frames
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in report.variables)
    variables = f"<dl>{rows}</dl>" if rows else ""
    html = f'<p class="place">{_place_html(main)}</p><div class="main">{_excerpt_html(main)}{variables}</div>'
    for frame in (frame for frame in others if frame in report.own):
        summary = f"<summary>{_place_html(frame)} <code>{escape(frame.line or '')}</code></summary>"
        html += f"<details>{summary}{_excerpt_html(frame)}</details>"
    return html


def _place_html(frame: FrameSummary) -> str:
    file, line = escape(frame.filename), frame.lineno
    name = os.path.basename(file)
    link = f'<a href="#" data-playground="edit" data-file="{file}" data-line="{line}" title="{file}">{name}:{line}</a>'
    return f"{link} in {escape(frame.name)}" if frame.name else link


def _excerpt_html(frame: FrameSummary) -> str:
    """The lines around a place, without the indentation that all of them have, and what failed marked."""
    failing = frame.lineno or 1
    first = max(failing - _LINES_AROUND, 1)
    texts = [line.rstrip() for line in linecache.getlines(frame.filename)[first - 1 : failing + _LINES_AROUND]]
    rows = []
    for number, line in enumerate(textwrap.dedent("\n".join(texts)).split("\n") if texts else (), first):
        html = escape(line)
        if number == failing:
            text = texts[number - first]
            start = _column(text, frame.colno, len(text) - len(text.lstrip()))
            end = max(_column(text, frame.end_colno if frame.end_lineno == failing else None, len(text)), start + 1)
            margin = len(text) - len(line)
            text = text.ljust(end)  # what is missing may be missing at the end of the line
            html = f"{escape(text[margin:start])}<mark>{escape(text[start:end])}</mark>{escape(text[end:])}"
        rows.append(f'<i>{number}</i><code class="{"failing" if number == failing else ""}">{html}</code>')
    return f"<pre>{''.join(rows)}</pre>" if rows else ""


def _column(text: str, offset: int | None, default: int) -> int:
    """The column in characters that Python tells in bytes."""
    return default if offset is None else len(text.encode(errors="replace")[:offset].decode(errors="replace"))


def _error_page(html: str, generation: int, prefix: str) -> str:
    """A page that shows nothing but the inside of the overlay, until the program is another one."""
    return f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Error</title>
<playground-overlay class="full">
<template shadowrootmode="open"><style>{_OVERLAY_CSS}</style><section class="error">{html}</section></template>
</playground-overlay>
<script>{_OVERLAY_JS}</script>{_reload_script(generation, prefix)}
</html>
"""


def _reload_script(generation: int, prefix: str) -> str:
    """Has the browser load the page again when the program is another one."""
    return f"""<script>
  (async function wait() {{
    const url = "{prefix}/_playground/generation?known={generation}";
    const now = await fetch(url).then((answer) => answer.ok && answer.text()).catch(() => false);
    if (now && now !== "{generation}") window.location.reload();
    else setTimeout(wait, now ? 100 : 1000);
  }})();
</script>"""


_OVERLAY_CSS = """
:host { all: initial !important; position: fixed !important; inset: auto 0 0 !important; z-index: 99999999 !important; }
:host(.full) { inset: 0 !important; }
section {
  --sheet: light-dark(#f4f4f6, #22242a); --dim: light-dark(#5f6270, #a2a6b4);
  --red: light-dark(#c2132b, #ff8079); --row: light-dark(#fdeaea, #3a2125); --mark: light-dark(#ffc9c6, #7d2630);
  background: Canvas; color: CanvasText; font: clamp(14px, 1.25vw, 20px)/1.45 system-ui, sans-serif;
  color-scheme: light dark; box-sizing: border-box; overflow: auto; overflow-wrap: anywhere;
}
.error { max-height: 60vh; padding: 1em 1.75em 1.25em; border-top: 0.3em solid var(--red); box-shadow: 0 0 2em #0004; }
.fixed, .crash {
  width: fit-content; margin: 0 1em 1em; padding: 0.5em 1.25em; border: 2px solid var(--dim); border-radius: 2em;
  display: flex; gap: 0.5em; align-items: center;
}
:host(playground-saved) { inset: auto 0.75em 0.75em auto !important; max-width: calc(100vw - 1.5em); }
@media (max-width: 60em) { :host(playground-saved) { bottom: 4.5em !important; } } /* beside another note */
.saved { font-size: 1.15em; padding: 0.4em 0.9em; border: 1px solid var(--dim); border-radius: 2em; }
.saved :is(button, a) { font-size: 0.9em; padding: 0.2em 0.6em; margin-left: 0.75em; }
nav { position: sticky; top: 0; float: right; display: flex; gap: 0.5em; margin-left: 1em; }
:host(.full) [data-playground="dismiss"] { display: none; }
button {
  font: inherit; font-weight: 600; color: CanvasText; background: var(--sheet); cursor: pointer;
  padding: 0.3em 0.8em; border: 1px solid var(--dim); border-radius: 0.5em;
}
h1 { font-size: 1.75em; line-height: 1.2; margin: 0; color: var(--red); }
p { margin: 0.25em 0; white-space: pre-wrap; }
.message { font-size: 1.5em; line-height: 1.3; }
.about, .note, .place, details { font-size: 1.1em; color: var(--dim); margin-top: 0.25em; }
a { color: light-dark(#0b57d0, #8ab4ff); font-weight: 600; text-decoration: none; }
pre, dl, code { font-family: ui-monospace, "Cascadia Code", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.main { display: flex; flex-wrap: wrap; gap: 0.75em; font-size: 1.25em; }
pre, dl { display: grid; margin: 0; padding: 0.4em 0; background: var(--sheet); align-content: start; }
pre { grid-template-columns: auto 1fr; flex: 1 1 30em; tab-size: 4; overflow: hidden; }
pre i { padding: 0 0.8em; text-align: right; font-style: normal; color: var(--dim); user-select: none; }
pre code { padding: 0 0.5em 0 4ch; text-indent: -4ch; white-space: pre-wrap; }
pre i:has(+ .failing), pre .failing { background: var(--row); }
mark { color: inherit; background: var(--mark); text-decoration: underline 0.15em var(--red); }
dl { flex: 0 1 21em; font-size: 0.9em; }
dt { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; padding: 0 0.8em; color: var(--dim); }
dd { margin: 0; padding: 0 0.8em 0 2em; }
@media (max-height: 36em) { /* a phone on its side, a window that is zoomed: the failing line is seen all the same */
  .error { max-height: 80vh; padding: 0.5em 1em; font-size: 13px; line-height: 1.3; }
  h1, .message { display: inline; font-size: 1.2em; margin-right: 0.5em; }
  .about, .note, .place, details, .main, button { font-size: 1em; }
}
:host(.full) .error { max-height: none; height: 100%; }
"""

_OVERLAY_JS = """
(() => {
  // In a shadow root, the page's styles do not reach the overlay nor its styles the page.
  const host = document.querySelector("playground-overlay") ?? document.createElement("playground-overlay");
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const style = `<style>OVERLAY_CSS</style>`;
  if (!root.firstChild) root.innerHTML = `${style}<section role="alert"></section>`;
  const section = root.querySelector("section");
  const act = (action, details = {}) => window.playground.act?.(action, details);
  let content, timer;

  // A note of a save stays for two seconds, longer while somebody is at it, and comes back with Alt+Shift+P.
  const saved = document.createElement("playground-saved");
  saved.attachShadow({ mode: "open" }).innerHTML = `${style}<section role="status"></section>`;
  let fading;
  function showSaved(html, ids = []) {
    clearTimeout(fading);
    const note = saved.shadowRoot.lastChild;
    note.className = "saved";
    note.style.colorScheme = scheme();
    if (html) note.innerHTML = html;
    if (!saved.isConnected) document.body.append(saved);
    fading = setTimeout(() => (saved.matches(":hover, :focus-within") ? showSaved() : saved.remove()), 2000);
    requestAnimationFrame(() => flash(ids));
  }
  // Of what has changed, the innermost is outlined; that moves nothing.
  function flash(ids) {
    const changed = ids.map(getHtmlElement).filter((element) => element?.isConnected);
    const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const look = { outline: ["0.2rem solid #f08c00", "0.2rem solid #f08c0000"], outlineOffset: ["0.1rem", "0.1rem"] };
    for (const element of changed.filter((one) => !changed.some((other) => other !== one && one.contains(other)))) {
      element.animate(look, { duration: 1200, easing: isStill ? "step-end" : "ease-in" });
    }
  }
  const scheme = () => ["dark", "light"].find((name) => document.body.classList.contains(`body--${name}`)) ?? "";

  const scroll = () => section.querySelector("mark")?.scrollIntoView({ block: "nearest" });
  scroll();

  function show(kind, html, seconds) {
    clearTimeout(timer);
    if (seconds) timer = setTimeout(hide, 1000 * seconds, kind);
    section.style.colorScheme = scheme();
    section.className = kind;
    if (!host.isConnected) document.body.append(host);
    if (content === html) return; // an error of every tick leaves open what is open
    section.innerHTML = content = html;
    scroll();
  }
  function hide(kind) {
    if (section.className === kind) host.remove();
  }

  const either = (name, hear) => [root, saved.shadowRoot].forEach((each) => each.addEventListener(name, hear));
  either("mousedown", (event) => {
    if (event.target.closest("a, button, summary")) event.preventDefault(); // the focus stays in the page
  });
  either("click", (event) => {
    const target = event.target.closest("[data-playground]");
    if (!target) return;
    event.preventDefault();
    const { playground: action, file, line } = target.dataset;
    if (action === "dismiss" || action === "replay") hide(section.className);
    act(action, { file, line: line && Number(line) });
  });

  let held = "";
  const isTyping = () => document.activeElement?.matches("input, textarea, select, [contenteditable]");
  const isShown = () => host.isConnected && section.className === "error" && host.className !== "full";
  function press(event) {
    held = isTyping() ? "" : event.key;
    if (event.altKey && event.shiftKey && event.code === "KeyP" && saved.shadowRoot.querySelector("button")) {
      event.preventDefault();
      showSaved();
      saved.shadowRoot.querySelector("button").focus();
    }
    if (event.key !== "Escape" || event.isComposing || !isShown()) return;
    event.stopImmediatePropagation(); // a dialog below stays open
    hide("error");
    act("dismiss");
  }
  function click(event) {
    if (held !== "c") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const ids = event.composedPath().map((element) => /^c(\\d+)$/.exec(element.id ?? "")?.[1]);
    act("locate", { ids: ids.filter(Boolean).map(Number) });
  }
  window.addEventListener("keydown", press, true);
  window.addEventListener("click", click, true);
  for (const end of ["keyup", "blur"]) window.addEventListener(end, () => (held = ""));
  document.addEventListener("DOMContentLoaded", () => {
    const show = (changed) => held === "f" && requestAnimationFrame(() => flash(Object.keys(changed)));
    window.socket?.on("update", show);
  });

  window.playground = Object.assign(window.playground ?? {}, {
    showError: (html) => show("error", html),
    hideError: () => hide("error"),
    showFixed: (html, seconds) => show("fixed", html, seconds),
    hideFixed: () => hide("fixed"),
    showSaved,
    showCrash: (html) => isShown() || show("crash", html, 10),
  });
})();
""".replace("OVERLAY_CSS", _OVERLAY_CSS)


_PAGE_HTML = f"{_BROWSER_CODE}{_TERMINAL_HTML}<script>{_OVERLAY_JS}</script>"


_CELL = re.compile(r"<(stdin|python-input|ipython-input)|.*[/\\]ipykernel_\d+[/\\]")  # code of a prompt or notebook


class _Development:
    """What helps whoever writes the pages, and what of it is on."""

    def __init__(self) -> None:
        self.is_serving = False  # a visited page has nobody who looks at it
        self.note_imports: Callable[[], None] = lambda: None  # called when something may have been imported
        self.shows_errors = False
        self.is_presenter: Callable[[HTTPConnection], bool] = lambda request: True
        self.told_files: set[str] = set()  # that reports lead to
        self.style = "stage"  # how pages look
        self.has_stage = False  # whether there are the tools of `start(stage=True)`
        self.shows_code = False  # whether all may read the program
        self.is_live = False  # whether what is saved shows in the pages
        self.saved_at = datetime.datetime.now()  # what runs
        self.generation = time.time_ns()  # another number for each version, also of the next program
        self.is_own: Callable[[str], bool] = lambda filename: True

    def note_change(self) -> None:
        """Another version runs."""
        self.generation += 1
        self.saved_at = datetime.datetime.now()

    def report_of(self, error: BaseException) -> _Report:
        """What there is to say of an error."""
        report = _report_of(
            error, is_own=lambda name: name != __file__ and (self.is_own(name) or bool(_CELL.match(name)))
        )
        self.told_files.update(frame.filename for frame in report.frames)
        return report

    def text_of(self, error: BaseException) -> str:
        """What a terminal says of an error."""
        if _wants_full_tracebacks():
            return "".join(TracebackException.from_exception(error).format())
        report = self.report_of(error)
        return f"{report.title}: {report.message}\n{_report_text(report)}"

    def note_of(self, what: str, error: BaseException) -> str:
        """A note that something beside the page has failed, with the place."""
        place = "".join(map(_place_html, self.report_of(error).own[:1]))
        return f"<span>{escape(_cut(what, 300))} {place}</span>{_button('dismiss', '✕', 'Dismiss')}"

    def shows_to(self, request: HTTPConnection) -> bool:
        """Whether who has sent a request may see source, variables and tools."""
        return self.shows_errors and self.is_presenter(request)

    def html_of(self, error: BaseException, request: HTTPConnection | None = None, *, can_remount: bool = False) -> str:
        """The inside of the overlay for an error, for who has sent `request`, or for the presenter."""
        if not (self.shows_errors if request is None else self.shows_to(request)):
            return '<h1>Something went wrong</h1><p class="message">The page could not do this.</p>'
        running = f"Running the version saved at {self.saved_at:%H:%M:%S}"
        return _report_html(self.report_of(error), running=running, can_remount=can_remount)


def _is_tool(path: str) -> bool:
    """Whether the page at a path helps to develop, and so is the presenter's alone."""
    code = "/_playground/code" if _development.shows_code else ""
    return path.startswith("/_playground/") and path not in ("/_playground/qr", code)


_development = _Development()
_error_log = _ErrorLog()


# ---------------------------------------------------------------------------------------------------------------------
# Views: a page class, its process, and when it is rendered.
# Owns what is open (`_open_pages`); of each page the process, the address, and what its browser is told.
#
# A `LiveView` is what its author sees. Its `_Page` is the inside: what it has rendered and whether it is to render
# again. Its `_PageProcess` handles messages, its `_Navigation` knows the address, its `_Debouncer` holds events back,
# and `_BrowserLink` is what page and browser tell each other besides.
#
# The life of an event. The `_Listener` of an element gives it to `_Page.post_handler`, which may hold it back, and
# `_PageProcess.post_call` makes it a message with an `_Origin`: what caused it, and what its handler asks for. The
# process stands in the page (`_stand_for`) and calls the handler. If that awaits something, `_hand_over` has another
# task go on with the mailbox and show what is set so far; the handler ends in its own task. Handlers begin in the order
# of their messages and are never interrupted but where they await. With strict turns the other task shows what is set,
# and leaves the messages alone. When there is no message to handle, the page is rendered if it is dirty.
#
# What always holds:
#
# - A message is handled, an attribute set, a page rendered on the thread of the loop, one step at a time.
# - What a handler raises, before or after it has waited, is shown in the page, which goes on.
# - A page that is closed or left has no handler, timer, job or message left; `terminate` has been called.
# ---------------------------------------------------------------------------------------------------------------------


class _Event:
    """What `LiveView.event` returns: an event handler that calls `handle_event` with name and parameters."""

    def __init__(
        self,
        owner: LiveView | LiveComponent,
        name: str,
        params: dict[str, Any],
        debounce: float | None = None,
        throttle: float | None = None,
    ) -> None:
        for seconds in (debounce, throttle):
            if seconds is not None and not seconds > 0:
                raise ValueError(f"event({name!r}): debounce and throttle are seconds, more than 0, not {seconds!r}")
        self.owner, self.name, self.params = owner, name, params
        self.debounce, self.throttle = debounce, throttle
        made_in = sys._getframe(2)  # who calls `self.event(...)`
        self._code, self._line = made_in.f_code, made_in.f_lineno
        handler = getattr(type(owner).handle_event, "__code__", None)
        if handler is not None and name not in handler.co_consts:
            _warn_of_unknown_event(handler, name, type(owner).__name__, self._code.co_filename, self._line)

    __signature__ = _ONE_ARGUMENT

    def comparable(self) -> Any:
        """What tells whether it does the same as another one."""
        params = {name: _as_seen(value) for name, value in self.params.items()}
        return ("event", id(self.owner), self.name, params, self.debounce, self.throttle)

    def __call__(self, arguments: Any) -> Any:
        try:
            return _call_with_fewer(self.owner.handle_event, self.name, {**_data_of(arguments), **self.params})
        except NotImplementedError as error:  # there is no handle_event: what there is to see is who needs it
            raise _note_line(error, self._code, self._line) from error.__cause__

    def __repr__(self) -> str:
        params = "".join(f", {name}={value!r:.80}" for name, value in self.params.items())
        return f"event({self.name!r}{params})"


def _component_of(listener: _Listener) -> LiveComponent | None:
    """The component whose handler it is: it may be called by an element that is elsewhere."""
    function: Any = listener.function
    while isinstance(function, functools.partial):
        function = function.func
    owner = function.owner if isinstance(function, _Event) else getattr(function, "__self__", None)
    return owner if isinstance(owner, LiveComponent) else listener.owner


def _changed_field(arguments: tuple[Any, ...]) -> int | None:
    """The id of the field whose change an event tells."""
    match arguments:
        case [ValueChangeEventArguments(sender=field)]:
            return field.id
        case [FormEventArguments(field=ValueElement() as field)]:
            return field.id
    return None


def _data_of(arguments: Any) -> dict[str, Any]:
    """What an event says besides who sent it."""
    if isinstance(arguments, FormEventArguments):
        field = arguments.field
        changed = {} if field is None else {"_target": _key_of(field.props["name"]), "_touched": arguments.touched}
        if arguments.is_recovery:
            changed = {"_target": "_recover", "_touched": arguments.touched}
        return {**arguments.values, **changed}
    if isinstance(arguments, ValueChangeEventArguments):
        return {"value": arguments.value}
    if isinstance(arguments, GenericEventArguments):
        return dict(arguments.args) if isinstance(arguments.args, dict) else {"args": arguments.args}
    if isinstance(arguments, EventArguments):
        names = (field.name for field in dataclasses.fields(arguments))
        return {name: getattr(arguments, name) for name in names if name not in ("sender", "client")}
    return {}


class _collector_paused:
    """A render makes thousands of objects that all live on: looking for garbage among them would take longer."""

    __slots__ = ("_was_enabled",)

    def __enter__(self) -> None:
        self._was_enabled = gc.isenabled()
        gc.disable()

    def __exit__(self, *_: Any) -> None:
        if self._was_enabled:
            gc.enable()


class _Debouncer:
    """Calls of event handlers that come later, since more of the same may come: see `LiveView.event`."""

    def __init__(self, post: Callable[[_Listener, tuple[Any, ...]], Any]) -> None:
        self._post = post
        self._waiting: dict[_Listener, tuple[asyncio.TimerHandle, tuple[Any, ...]]] = {}
        self._free: weakref.WeakKeyDictionary[_Listener, float] = weakref.WeakKeyDictionary()  # when it may come next

    def put(self, listener: _Listener, arguments: tuple[Any, ...], event: _Event) -> None:
        """Post a call now or later; one that waits already is replaced by it."""
        loop = asyncio.get_running_loop()
        if listener in self._waiting:
            self._waiting.pop(listener)[0].cancel()
        due = loop.time() + event.debounce if event.debounce is not None else self._free.get(listener, 0.0)
        if event.throttle is not None and due <= loop.time():
            self._free[listener] = loop.time() + event.throttle
            self._post(listener, arguments)
        else:
            self._waiting[listener] = (loop.call_at(due, self._come, listener), arguments)

    def _come(self, listener: _Listener) -> None:
        _, arguments = self._waiting.pop(listener)
        if isinstance(listener.function, _Event) and listener.function.throttle is not None:
            self._free[listener] = asyncio.get_running_loop().time() + listener.function.throttle
        self._post(listener, arguments)

    def flush(self, *, throttled: bool = True, but: _Listener | None = None) -> None:
        """Post what waits, since something else comes that has to come after it."""
        for listener, (handle, _) in list(self._waiting.items()):
            if listener is not but and (throttled or not getattr(listener.function, "throttle", None)):
                handle.cancel()
                self._come(listener)

    def cancel(self) -> None:
        """Forget what waits."""
        for handle, _ in self._waiting.values():
            handle.cancel()
        self._waiting.clear()


class _Redirected(Exception):
    """The browser is to go elsewhere instead of showing the page."""

    def __init__(self, url: str, flash: Mapping[str, str]) -> None:
        super().__init__(f"the page redirects to {url}")
        self.url, self.flash = url, flash


class _NeedsRequestError(RuntimeError):
    """Something can be done only while the browser requests a page."""


class _Session(dict[str, Any]):
    """What the server keeps for a browser; it is in a cookie, so it can be changed only while a page is requested."""

    def close(self) -> None:
        """Refuse changes from now on."""
        self.__class__ = _ClosedSession


class _ClosedSession(_Session):
    """What has been sent to the browser."""

    def _refuse(self, *_: Any, **__: Any) -> Any:
        raise _NeedsRequestError(
            "The session is kept in a cookie, which is set when a page is requested: change it in mount, "
            "or with self.redirect(url, session={...})."
        )

    __setitem__ = __delitem__ = __ior__ = update = pop = popitem = clear = setdefault = _refuse


class _Deposits:
    """What the browser fetches with its next request, once and soon, by a word that nobody can guess."""

    _SECONDS = 60.0

    def __init__(self) -> None:
        self._waiting: dict[str, tuple[float, Any]] = {}

    def put(self, content: Any) -> str:
        """Keep something; returns the word for it."""
        now = time.monotonic()
        self._waiting = {token: deposit for token, deposit in self._waiting.items() if deposit[0] > now}
        token = secrets.token_urlsafe(32)
        self._waiting[token] = (now + self._SECONDS, content)
        return token

    def take(self, token: str) -> Any:
        """What was kept under a word; None if that is nothing."""
        until, content = self._waiting.pop(token, (0.0, None))
        return content if until > time.monotonic() else None


_SESSION_PATH = "/_playground/session"
_FLASH_COOKIE = "playground_flash"
_sessions = _Deposits()  # with the id of the session that each is for, and where to go on: only an answer sets a cookie
_flashes = _Deposits()  # that are shown by the page to which the browser goes


class _Hooks:
    """What runs before `mount` of all pages."""

    for_all: Sequence[Callable[..., Any]] = ()

    @classmethod
    def of(cls, view: type[LiveView], for_all: Sequence[Callable[..., Any]] | None = None) -> list[Callable[..., Any]]:
        """The hooks of a page class: those for all pages, then those of its bases, then its own."""
        own = [hook for base in reversed(view.__mro__) for hook in vars(base).get("on_mount", ())]
        return [*(cls.for_all if for_all is None else for_all), *own]


_MOST_HOPS = 10


@dataclasses.dataclass(slots=True)
class _Origin:
    """Where a message of a page comes from, and what its handler has asked for so far."""

    slot: Slot | None = None  # where its sender stood
    asked: bool = False  # whether a user did something that this is the answer to
    field: int | None = None  # the field whose change it is
    component: LiveComponent | None = None  # whose handler it is
    cause: tuple[Element | None, tuple[Any, ...]] = (None, ())  # the element whose event it is, and what that tells
    flash: dict[str, str] = dataclasses.field(default_factory=dict)  # for the page that comes next
    going_to: tuple[str, str] | None = None  # where `push_navigate` said to go when the handler has ended


class _Navigation:
    """Where a page is and where it goes: its routes and address, links, and the history of its browser.

    The life of a link. The browser tells of a click on one that leads to this server, and of back and forward: `follow`
    has the page at another address (`patch`) or opens the page that is there in its place (`navigate`, `succeed`). A
    new address is shown before what is at it, and when that is shown as well, the browser scrolls to where it is to be
    (`arrive`): the fragment, or where one was. A fragment, such as "#item-42", is between browser and page.
    """

    def __init__(self, page: _Page) -> None:
        self.page = page
        self.routes: Mapping[str, _LiveRoute] = {}
        self.route = self.uri = self.fragment = ""
        self.params: dict[str, str] = {}
        self.can_patch = False  # not before `handle_params`
        self.is_patched = False  # by `handle_params` of a page that is being opened
        self.is_arriving = False  # the next thing that is shown is what is at a new address
        self.leaving: asyncio.Task[Any] | None = None  # opens the page that comes next

    @property
    def action(self) -> str | None:
        """What the route says that the page is there for."""
        return self.routes[self.route].action if self.route in self.routes else None

    def resolve(self, path: str) -> str:
        """The address that a link in the page would lead to; "?" takes the query away."""
        return urljoin(self.uri.partition("?")[0] if path.startswith("?") else self.uri, path)

    def find(self, address: str) -> _RouteAndParams | None:
        """The route and the params of an address; None if it is not one of this page class."""
        view, found = _find_route(self.routes, address) or (None, None)
        return found if view is type(self.page.view) else None

    def be_at(self, address: str, found: _RouteAndParams) -> None:
        """Note the address, its route and its params."""
        self.uri, mark, fragment = address.partition("#")
        self.fragment, (self.route, self.params) = mark + fragment, found

    def first_callbacks(self) -> Iterator[tuple[Callable[..., Any], tuple[Any, ...]]]:
        """What is called for the first address of a page, and for those that it patches that to."""
        self.can_patch, view = True, self.page.view
        for _ in range(_MOST_HOPS):
            uri = self.uri
            yield view.handle_params, (self.params, uri)
            if self.uri == uri:
                return
        text = f"handle_params of {type(view).__name__} calls push_patch again and again, now for {self.uri!r}"
        raise _point_to(view.handle_params, RuntimeError(text))

    def push_patch(self, path: str, how: str) -> None:
        """Go to an address of this page class."""
        address, page = self.resolve(path), self.page
        if page.opening is not None and not self.can_patch:
            raise RuntimeError(f"push_patch() is for handlers. In mount, use self.redirect({path!r}).")
        found = self.find(address)
        if found is None:
            cls = type(page.view)
            own = [repr(route) for route, (view, _) in self.routes.items() if view is cls]
            raise ValueError(
                f"{path!r} is no address of {cls.__name__}, which is at {', '.join(own)}. "
                f"Go to another page with push_navigate({path!r})."
            )
        if page.opening is not None:
            self.is_patched = True
            self.be_at(address, found)
        elif not page.process.on_trial:
            page.process.on_loop(self.patch, address, found, how)

    def patch(self, address: str, found: _RouteAndParams, how: str) -> None:
        """Have the page at another address, which `how` says to the browser's history."""
        self.be_at(address, found)
        self.page.flash = dict(self.page.origin.flash)
        self.write_history(how)
        call = functools.partial(_call_with_fewer, self.page.view.handle_params, self.params, self.uri)
        name = f"handle_params({_short_repr(self.params)})"
        message = _Message(call, name=name, origin=_Origin(asked=True))
        if self.fragment or not how:
            message.done = lambda *_: setattr(self, "is_arriving", True)
        self.page.process.post(message)

    def write_history(self, how: str, *, is_new: bool = False) -> None:
        """Show the address in the browser, before what is at it; if `how` is empty, it does already."""
        how, self.is_patched = how or ("replaceState" if self.is_patched else ""), False
        if how or is_new:
            arguments = ", ".join(map(json.dumps, (how, self.uri + self.fragment, is_new)))
            data, client = _SentFirst(code=f"window.playground.go({arguments})"), self.page.client
            client.outbox.enqueue_message("run_javascript", data, client.id)

    def arrive(self) -> None:
        """Have the browser scroll to where it is to be at a new address, if that is shown now."""
        if self.is_arriving:
            self.is_arriving = False
            self.page.call_browser("arrive")

    def follow(self, address: str, link: str, *, replace: bool = False) -> None:
        """The browser goes to an address: by a link, or through its history, to one of this page if `link` is empty."""
        self.page.origin.flash = {}
        self.stay()
        self.page.delays.flush()
        found = self.find(address) if link in ("", "patch") else None
        how = _HOW[replace] if link in ("patch", "navigate") else ""
        if found is None:
            self.navigate(address, how)
        elif address.partition("#")[0] != self.uri:
            self.patch(address, found, how)
        else:
            self.page.call_browser("arrive")

    def stay(self) -> None:
        """Do not go on opening the page that was to come next."""
        if self.leaving is not None:
            self.leaving.cancel()

    def navigate(self, address: str, how: str, *, hops: int = 0) -> None:
        """Have the browser show another page in the place of this one; load it if it is none of ours.

        :param hops: how many pages have redirected to it; a browser knows when it has been sent in circles
        """
        found = _find_route(self.routes, address) if hops < _MOST_HOPS else None
        self.stay()
        # tools are for the presenter
        if found is None or (_is_tool(found[1][0]) and not _development.shows_to(self.page.client.request)):
            self.load(address)
            return
        page = found[0]()._page
        page.navigation.be_at(address, found[1])
        page.flash = dict(self.page.origin.flash)
        succession = page.navigation.succeed(self.page, how, hops)
        self.leaving = self.page.process.loop.create_task(succession, name="playground navigates")
        self.leaving.add_done_callback(self._end_waiting)
        self.page.call_browser("wait", True)

    def _end_waiting(self, leaving: asyncio.Task[Any]) -> None:
        if self.leaving is leaving:  # or else it was told to open another one
            self.page.call_browser("wait", False)

    def load(self, url: str, session: Mapping[str, Any] | None = None) -> None:
        """Have the browser load an address, by way of one whose answer sets the cookies that there are to set."""
        page = self.page
        if page.origin.flash or session is not None:
            url = f"{_SESSION_PATH}/{_sessions.put((page.session.get('id'), session, dict(page.origin.flash), url))}"
        page.client.open(url)

    async def succeed(self, old: _Page, how: str, hops: int) -> None:
        """Take the place of another page in its browser, without loading anything; what both show stays."""
        page, self.routes = self.page, old.navigation.routes
        page.client, page.hooks = old.client, old.hooks
        page.session = _ClosedSession(old.session)
        storage.request_contextvar.set(page.client._request)
        try:
            await page.mount()
            made_by_hand = old.elements_made_by_hand()
            page.rendering = old.rendering
            update = page.begin(keeps_parts=False)  # their handlers are those of the other page
        except _FAILURES as error:
            page.process.kill("closed")
            if isinstance(error, _Redirected):
                old.origin.flash = {**page.flash, **error.flash}
                old.navigation.navigate(error.url, how or _HOW[True], hops=hops + 1)
            else:  # the request shows the error, or sets the session
                old.navigation.load(self.uri + self.fragment)
            return
        except BaseException:
            page.process.kill("closed")
            raise
        page.opening = None
        self._take_over(old, update, how)
        update.patch.remove_elements(made_by_hand)

    def _take_over(self, old: _Page, update: _Update, how: str) -> None:
        page, client = self.page, self.page.client
        old.close("closed", is_replaced=True)
        client.shown = page
        client.successions += 1
        client.typed = _TypedText(client)
        _open_pages[page] = None
        page.rendering.post = page.post_handler
        page.title, page.dark = old.title, old.dark
        page.finish(update)
        self.write_history(how, is_new=True)
        page.call_browser("arrive")
        if old.shows_error:
            page.call_browser("hideError")
        page.process.release()


_HOW = ("pushState", "replaceState")  # a new address comes behind the one that is in the history, or replaces it


class _BrowserLink:
    """What a page tells its browser besides what it shows, and hears from the JavaScript there."""

    def __init__(self, view: LiveView) -> None:
        self.view = view
        self.process = view._process
        self.client: _PageClient = None  # type: ignore[assignment]  # set when the page is opened
        self.delays = _Debouncer(self.process.post_call)
        self.failed: _Message | None = None  # what a handler was doing when it failed, to be done again if it is mended
        self.shows_error = False
        self.shown_error: Exception | None = None

    def show_error(self, error: Exception) -> None:
        """Show what went wrong in the page, which goes on."""
        if not _development.is_serving or error is self.shown_error:
            return
        self.shown_error = error
        self.show_html(_development.html_of(error, self.client.request))

    def show_html(self, html: str) -> None:
        """Show the overlay."""
        self.shows_error = True
        self.call_browser("showError", html)

    def clear_error(self) -> None:
        """What was wrong is mended; offer to do again what failed."""
        if self.shows_error:
            self.shows_error = False
            if self.failed is None:
                self.call_browser("hideError")
            else:
                self.call_browser("showFixed", _fixed_html(self.failed.label))
                self.process.loop.call_later(10.0, self.forget_failed, self.failed)

    def forget_failed(self, failed: _Message | None) -> None:
        """Do not offer any more to do again what failed."""
        if failed is not None and failed is self.failed:
            self.failed = None
            self.call_browser("hideFixed")

    def succeeded(self, message: _Message) -> None:
        """A message was handled: if it is one of a user, or like the one that failed, the page has gone on since."""
        failed = self.failed
        is_gone_on = (message.origin is not None and message.origin.asked) or (
            failed is not None and message.label == failed.label
        )
        if is_gone_on and failed is not message:
            self.forget_failed(failed)

    def replay(self) -> None:
        """Do again what failed."""
        failed, self.failed = self.failed, None
        if failed is not None:
            self.process.post(failed)

    def call_browser(self, function: str, *arguments: Any) -> None:
        """Call a function of `window.playground` in the page."""
        self.client.run_javascript(f"window.playground.{function}({', '.join(map(json.dumps, arguments))})")

    def tell_console(self, level: str, text: str) -> None:
        """Say something in the console of the presenter's browser."""
        if _development.shows_to(self.client.request) and self.client.has_socket_connection:
            self.client.run_javascript(f"console.{level}({json.dumps(f'[server] {text}')})")

    def pushed(self, name: str, params: dict[str, Any]) -> Awaitable[tuple[str | None, Any]] | None:
        """The JavaScript of the page tells something; the answer is an error, or what `handle_event` returns."""
        cls = type(self.view)
        if name not in cls.browser_events:
            log.warning("The browser pushed %r, which is not in %s.browser_events: it is ignored.", name, cls.__name__)
            return None
        self.delays.flush()
        call = functools.partial(_call_with_fewer, self.view.handle_event, name, params)
        message = _Message(call, name=f"handle_event({name!r:.80})", origin=_Origin(asked=True))
        return self._answer(name, self.process.post_handled(message))

    async def _answer(self, name: str, handled: asyncio.Future[_Outcome]) -> tuple[str | None, Any]:
        result, error = await handled
        if error is not None:
            return f"handle_event({name!r}) failed", None
        try:
            nicegui_json.dumps(result)
        except TypeError:
            return f"handle_event({name!r}) returned {result!r:.80}, which JSON cannot say", None
        return None, result


class _Page(_BrowserLink):
    """The inside of one open page: its client, its last rendering, and whether it has to be rendered again."""

    def __init__(self, view: LiveView) -> None:
        super().__init__(view)
        self.navigation = _Navigation(self)
        self.hooks: Sequence[Callable[..., Any]] | None = None  # for all pages, if not those of the server
        self.session = _Session()
        self.flash: dict[str, str] = {}
        self.outside = _Origin()  # of what no handler of this page does
        self.rendering = _Rendering(self.post_handler)
        self.moves = _NO_MOVES
        self.dirty = False
        self.asked = False  # whether something that a user did is among the reasons for the next render
        self.has_rendered = False  # since the browser has begun to tell something
        self.is_building = False
        self.title: str | None = None  # what the browser shows
        self.dark: bool | None = None
        self.style = ""
        self.opening: asyncio.Task[Any] | None = None
        self._transformed: dict[Any, Any] = {}  # what bindings with a function gave, by their targets
        self.submitted: set[int] = set()  # forms whose handler has ended since the last render
        self.handled: list[Handled] = []  # what tools are to be told of

    @property
    def has_presenter(self) -> bool:
        """Whether it is of the program, which tools are not, and the presenter looks at it."""
        return _development.shows_to(self.client.request) and not self.navigation.uri.startswith("/_playground/")

    async def open(
        self, client: Client, routes: Mapping[str, _LiveRoute], params: dict[str, str], session: dict[str, Any]
    ) -> None:
        """Mount the view and render it for the first time; an exception of either is the caller's."""
        self.style = _development.style
        html = _html_of_pages(_stage_media(), _development.is_live)
        self.client = page_client = _prepare_client(client, html)
        page_client.shown, page_client.field_changed = self, _tell_form
        client.on_connect(lambda: page_client.shown.change())
        client.on_exception(lambda error: page_client.shown.show_error(error))
        client.on_delete(lambda: page_client.shown.close("closed"))
        url = client.request.url
        path = url.path.removeprefix(client.request.scope.get("root_path", "")) or "/"
        self.dark = client.page.resolve_dark()
        self.navigation.routes, self.session = routes, _Session(session)
        self.navigation.be_at(path + (f"?{url.query}" if url.query else ""), (client.page.path, params))
        _open_pages[self] = None
        try:
            await self.mount()
            self.navigation.write_history("")
            self.render()
        except BaseException as error:
            _open_pages.pop(self, None)
            self.process.kill("closed")
            if isinstance(error, (SystemExit, _Interrupted)):
                raise _as_exception(self.view, error) from error
            raise
        finally:
            self.opening = None
            self.session.close()
        self.process.release()

    async def mount(self) -> None:
        """Call what comes before the first render."""
        self.process.attach()
        self.opening = asyncio.current_task()
        _at_work.set(self.view)
        with _slots_entered():
            for callback, arguments in self.callbacks_of_opening():
                result = _call_with_fewer(callback, *arguments)
                if should_await(result):
                    await result
        _Process.when_begun(self.view)

    def callbacks_of_opening(self) -> Iterator[tuple[Callable[..., Any], tuple[Any, ...]]]:
        """What is called before the first render, with its arguments."""
        at = self.navigation
        for hook in _Hooks.of(type(self.view), self.hooks):
            yield hook, (self.view, at.params, self.session, at.uri)
        yield self.view.mount, (at.params, self.session)
        yield from at.first_callbacks()

    @property
    def subjects(self) -> list[LiveView | LiveComponent]:
        """The view, and the components that it shows."""
        parts = (part.subject for part in self.rendering.components.values())
        return [self.view, *(part for part in parts if isinstance(part, LiveComponent))]

    def elements_made_by_hand(self) -> list[Element]:
        """What handlers have added to the page beside what `render()` has made."""
        made = {self.client.page_container.id}
        for node in self.rendering.nodes():
            made.update(element.id for element in node.mount.now.elements)
        return [child for slot in _page_slots(self.client) for child in slot.children if child.id not in made]

    def close(self, reason: str, *, is_replaced: bool = False) -> asyncio.Task[Any] | None:
        """End the page: timers, messages and handlers first, then `terminate`; returns what it still has to await."""
        if self not in _open_pages:
            return None
        _open_pages.pop(self, None)
        self.process.kill(reason)
        if self.opening is not None:
            self.opening.cancel()
        self.delays.cancel()
        if not is_replaced:
            self.navigation.stay()
            self.rendering.cut()
        try:
            ending = _call_with_fewer(self.view.terminate, reason)
            if should_await(ending):
                return background_tasks.create(self._terminated(ending), name=f"terminate {type(self.view).__name__}")
        except _FAILURES as error:
            core.app.handle_exception(typing.cast(Exception, error))
        return None

    async def _terminated(self, ending: Awaitable[Any]) -> None:
        try:
            await ending
        except (SystemExit, _Interrupted) as error:
            raise _as_exception(self.view, error) from error

    # -- messages

    def post_handler(self, listener: _Listener, arguments: tuple[Any, ...]) -> Any:
        """Put a call of an event handler into the mailbox, after those that wait for more of the same."""
        event = listener.function
        if not listener.is_awaited and not self.is_building:
            self.delays.flush(but=listener)
        if isinstance(event, _Event) and (event.debounce or event.throttle) and not self.is_building:
            self.delays.put(listener, arguments, event)
            return None
        return self.process.post_call(listener, arguments)

    # -- rendering

    def change(self) -> None:
        """Have the page rendered as soon as its mailbox is empty."""
        self.dirty = True
        self.asked = self.asked or self.origin.asked
        self.process.wake()

    @property
    def origin(self) -> _Origin:
        """The origin of the message whose handler is the caller."""
        message = self.process.current
        return self.outside if message is None else message.origin

    def note_event(self, element_id: int) -> None:
        """The browser has told something that no handler took notice of: a value that was bound may have changed."""
        self.asked = True
        node = self.rendering.node_of(element_id) if self.rendering.components else None
        if node is not None:  # its component is rendered as well
            node.touch()
        self.change()

    def attribute_set(self, owner: _Rendered, name: str) -> None:
        """An attribute of the view, or of a component, was set, by whomever."""
        process = self.process
        if process.loop is None or not process.alive:
            return
        if threading.get_ident() != process.thread:
            process.on_loop(self.attribute_set, owner, name)
            return
        binding_key = (id(owner), (name,))
        if binding_key not in binding.bindable_properties:  # NiceGUI need not watch it: we tell of its changes
            binding.bindable_properties[binding_key] = owner
        recorder = _current.recorder
        if recorder is not None and recorder.client is self.client:
            recorder.just_set = name
            return
        if isinstance(owner, LiveComponent):
            self.rendering.touch(owner._identity)
        if binding_key in binding.bindings:
            with self.client.typed.noted(_bound_elements(owner, name), asked=self.origin.asked):
                binding._propagate(owner, (name,))
        if not self.is_building:
            self.change()

    def _follow_transforms(self, *, asked: bool) -> None:
        """Have what is bound with a function show what that gives now: it may look at other attributes as well."""
        before, self._transformed = self._transformed, {}
        for owner in self.subjects:
            for target, name, value in _transformed_values(owner):
                self._transformed[id(target), name] = value
                if before.get((id(target), name), value) != value:
                    with self.client.typed.noted([target], asked=asked):
                        _carefully(binding._set_attribute, target, name, value)

    def render_if_dirty(self) -> None:
        """Render if anything may have changed."""
        if not self.dirty or self.client.is_deleted or self.is_building or not self.process.alive:
            return
        try:
            storage.request_contextvar.set(self.client._request)  # as code that NiceGUI calls for the page
            with _slots_entered(self.client.content.default_slot):
                self.render()
        except _FAILURES as error:
            self.process.report(error, "render()")

    def render(self) -> None:
        """Call `render()` of the view and bring the page to what it says."""
        with _collector_paused():  # until the nodes of the previous render are gone: then nothing is left to look for
            self.finish(self.begin())

    def begin(self, *, keeps_parts: bool = True) -> _Update:
        """Call `render()` and build what differs, beside the page; an exception leaves everything as it was."""
        asked, self.dirty, self.asked = self.asked, False, False
        self.is_building = self.has_rendered = True
        try:
            with _collector_paused():
                update = _Update(self.client, self.rendering, self.moves, self.view, asked, keeps_parts)
                update.prepare(self._call_render)
                return update
        finally:
            self.is_building = False

    def finish(self, update: _Update) -> None:
        """Put on the page what `begin` has built."""
        self.is_building = True
        try:
            update.commit()
            self._follow_forms()
            self._follow_transforms(asked=update.asked)
            self._cancel_jobs_of_components()
        finally:
            self.is_building = False
        self.navigation.arrive()
        self.moves = _NO_MOVES
        _development.note_imports()
        self._update_title()
        self._update_look()

    def _cancel_jobs_of_components(self) -> None:
        """Nobody is to hear of work beside components that are gone."""
        for job in [job for job in self.process.jobs if isinstance(job, _ComponentJob)]:
            if (job.cls, job.id) not in self.rendering.components:
                self.process.jobs.pop(job).cancel()

    def _follow_forms(self) -> None:
        """Show what is wrong with fields; give those of forms that have been submitted what `render` says."""
        for element in list(form.instances.get(self.client, ())):
            element.show_errors()
            if element.id in self.submitted:
                element.give_back()
        self.submitted.clear()

    def _call_render(self) -> None:
        result = _call_now(self.view.render)
        if isinstance(result, (str, Generator)):
            text = f"render() of {type(self.view).__name__} returned {result!r:.40}. It has to make the elements, such "
            raise _point_to(type(self.view).render, TypeError(text + "as ui.label(...), and returns nothing."))
        if self.flash:
            _render_flash(self.view)

    def _update_title(self) -> None:
        own, usual = getattr(self.view, "page_title", None), self.client.page.resolve_title()
        shown, self.title = self.title or usual, usual if own is None else str(own)
        if self.title != shown:
            with self.client:
                ui.page_title(self.title)

    def _update_look(self) -> None:
        """Have the page look as `start` says by now, and be dark or not, unless it says so itself."""
        if self.style != _development.style:
            self.style = _development.style
            self.client.run_javascript(f"document.getElementById('playground-stage').media = '{_stage_media()}'")
        dark = self.client.page.resolve_dark()
        if dark != self.dark:
            self.dark = dark
            if not any(isinstance(element, ui.dark_mode) for element in self.client.elements.values()):
                self.client.run_javascript(f"setDark({json.dumps(dark)})")


def _stage_media() -> str:
    """Where the sheet of the style "stage" is for."""
    return "all" if _development.style == "stage" else "not all"


def _render_flash(view: LiveView) -> None:
    with ui.element("div").classes(_FLASHES).style("width: min(26rem, calc(100vw - 2rem))"):
        for kind, text in view.flash.items():
            color = {"error": "red", "info": "green"}.get(kind, "blue-grey")
            with key(kind), ui.element("div").classes(f"{kind} bg-{color}-9 {_FLASH}") as message:
                message.props(f"role={'alert' if kind == 'error' else 'status'}")
                message.on("click", functools.partial(view.clear_flash, kind), args=[])
                ui.label(text).classes("col").style("overflow-wrap: anywhere")
                ui.button(icon="close", color=None).props("flat round dense aria-label=Close")


_open_pages: dict[_Page, None] = {}  # the oldest first


_RouteAndParams: typing.TypeAlias = tuple[str, dict[str, str]]


class _LiveRoute(typing.NamedTuple):
    """What is at a path."""

    view: type[LiveView]
    action: str | None = None


def _find_route(routes: Mapping[str, _LiveRoute], uri: str) -> tuple[type[LiveView], _RouteAndParams] | None:
    """The page class that is at an address, with route and params; None if it is no address of ours."""
    parts = urlsplit(uri)
    for route, (view, _) in routes.items() if not parts.netloc else ():
        match = compile_path(route)[0].match(unquote(parts.path))
        if match:
            return view, (route, {**dict(parse_qsl(parts.query, keep_blank_values=True)), **match.groupdict()})
    return None


def _show_in_page_at_work(error: Exception) -> None:
    """Show an exception of a background task in the page that started it."""
    view = _at_work.get()
    if _development.shows_errors and isinstance(view, LiveView) and view._page in _open_pages:
        view._page.show_error(error)


def _async_render(callback: Callable[..., Any], owner: type) -> TypeError:
    text = f"{callback.__name__}() of {owner.__name__} is async, but it has to describe the page at once. "
    text += f"Await in mount or in an event handler, keep the result, and use it in a plain `def {callback.__name__}`."
    return _point_to(callback, TypeError(text))


def _no_render(cls: type) -> TypeError:
    text = f"{cls.__name__} has no render method. Add `def render(self):` that makes the page's elements."
    return _point_to(_nearly_named(cls, "render"), TypeError(text + _near_miss(cls, "render")))


# How pages look, unless `start` is told otherwise: to be read from the last row. It is in the layer of NiceGUI's own
# sheet, so every class of Tailwind, `style` and sheet of a page beats it, and what has one of Quasar's classes for text
# keeps it. A page that is laid out over the whole width is not narrowed.
_STAGE_CSS = """
@layer nicegui {
  body { font-size: 1.25rem; line-height: 1.5; }
  :is(.q-btn, .q-chip, .q-field):not([class*="text-h"], [class*="text-body"], [class*="text-sub"], [class*="text-cap"]),
  .q-field__label, .q-tab__label, .q-table tbody td, .q-stepper__title, .q-notification, .q-uploader__title {
    font-size: 1.125rem;
  }
  .q-field__bottom, .q-table th, .q-table__bottom, .q-tooltip, .q-uploader__subtitle { font-size: 1rem; }
  :is(.q-btn, .q-tab) { text-transform: none; }
  .q-select { min-width: 12rem; }
  .nicegui-content { --nicegui-default-gap: 1.25rem; padding: 2rem clamp(1rem, 4vw, 2.5rem); }
  .nicegui-content:not(:has(> :is(.w-screen, .h-screen, .nicegui-splitter)),
    :has(> .w-full:is(.nicegui-row, .nicegui-column, .nicegui-grid, .q-tab-panels))) {
    box-sizing: border-box; width: 100%; max-width: 56rem; margin-inline: auto;
  }
  .nicegui-link { color: #1d5fd1; }
  .body--dark .nicegui-link { color: #8ab4ff; }
  .body--dark :is(.text-primary, .q-field--focused:not(.q-field--error) .q-field__label) {
    color: color-mix(in srgb, var(--q-primary), white 50%) !important;
  }
  .body--dark :is(.text-negative, .q-field--error .q-field__bottom) {
    color: color-mix(in srgb, var(--q-negative), white 55%) !important;
  }
}
"""
# NiceGUI's colours, and those that white can be read on
_STAGE_COLORS = {"#5898d4": "#2f6fb7", "#26a69a": "#00796b", "#21ba45": "#1a7f37", "#31ccec": "#0e7490"}
_FLASHES = "playground-flash fixed-top-right z-max q-ma-md column q-gutter-y-sm"
_FLASH = "row no-wrap items-center q-pl-md q-pr-sm q-py-sm rounded-borders text-body1 text-white cursor-pointer"


# -- what tools see of messages; nothing of it is made while nobody has subscribed to "playground:messages"


@dataclasses.dataclass(frozen=True, slots=True)
class Patch:
    """A message to the browser: its kind ("update", "run_javascript", "notify", ...), data, and size on the wire."""

    kind: str
    data: dict[str, Any]
    bytes: int

    @classmethod
    def of(cls, message: Message) -> Patch:
        """What a browser gets, as Socket.IO and Engine.IO write it."""
        _, kind, data = message
        encoded = core.sio.packet_class(data=[kind, data], namespace="/").encode()
        text, *attachments = encoded if isinstance(encoded, list) else [encoded]
        size = len(text.encode()) + 1 + sum(map(len, attachments))  # Engine.IO puts one character before it
        return cls(kind, json.loads(text[text.index("[") :])[1], size)


class Patches(list[Patch]):
    """The messages to the browser since they were last asked for."""

    @property
    def bytes(self) -> int:
        """Their size on the wire."""
        return sum(patch.bytes for patch in self)

    @property
    def updates(self) -> dict[int, dict[str, Any] | None]:
        """The elements that were sent by their ids, the newest state of each; None for one that was deleted."""
        updates = [patch.data for patch in self if patch.kind == "update"]
        return {int(id_): element for update in updates for id_, element in update.items() if id_ != "_id"}


@dataclasses.dataclass(eq=False)
class Handled:
    """A page or a process has handled a message; all that subscribe to "playground:messages" get it.

    .. code-block:: python

        class Meter(playground.GenServer):
            def init(self):
                playground.subscribe("playground:messages")

            def handle_info(self, handled):
                print(handled.label, handled.changes, handled.sent.bytes)

    :ivar process: the page object or the process
    :ivar label: what it was, as errors name it
    :ivar sender: the element whose event it was, or the process that called; None for all others
    :ivar arguments: what the element has told of the event
    :ivar error: what went wrong
    :ivar time: when it began, in seconds since 1970
    :ivar seconds: until it was handled and, of a page, what it changed was sent
    :ivar before: the attributes before
    :ivar after: the attributes after
    :ivar sent: what the browser of a page was sent then
    """

    process: GenServer
    label: str
    sender: Element | GenServer | None
    arguments: tuple[Any, ...]
    before: Snapshot
    after: Snapshot
    time: float = dataclasses.field(default_factory=time.time)
    seconds: float = 0.0
    error: BaseException | None = None
    sent: Patches = dataclasses.field(default_factory=Patches)

    @property
    def changes(self) -> dict[str, tuple[Any, Any]]:
        """The attributes that have changed: what they were, and what they are; `...` if they are not there."""
        before, after = self.before.attributes(), self.after.attributes()
        names = {name: None for name in (*before, *after) if self.before.each.get(name) != self.after.each.get(name)}
        return {name: (before.get(name, ...), after.get(name, ...)) for name in names}


def _observe(process: _Process, message: _Message) -> None:
    """Tell tools of a message when it is handled."""
    is_users = not isinstance(process.server, Supervisor) and type(process.server).__module__ != _STAGE
    if isinstance(message.request, (Handled, Saved)) or not is_users:
        return  # it would tell of the telling
    sender, arguments = (None, ()) if message.origin is None else message.origin.cause
    if message.sender is not None:
        sender, arguments = message.sender._process.server, (message.request,)
    before, done = Snapshot.of(process.server), message.done
    handled = Handled(process.server, message.label, sender, arguments, before, before)

    def note(result: Any, error: BaseException | None) -> None:
        message.done = done
        if done is not None:
            done(result, error)
        handled.error, handled.after = error, Snapshot.of(process.server)
        if isinstance(process, _PageProcess):
            process.page.handled.append(handled)
        else:
            _tell_tools([handled], [])

    message.done = note


def _tell_tools(handled: Sequence[Handled], messages: list[Message]) -> None:
    """Tell what was handled, and what was sent then."""
    sent = Patches(map(Patch.of, messages if handled else ()))
    for each in handled:
        each.seconds, each.sent = time.time() - each.time, sent
        _deliver(_MESSAGES, each)


_PageOutbox.when_sent = staticmethod(_tell_tools)
_Process.observe = staticmethod(_observe)


_Outcome: typing.TypeAlias = tuple[Any, BaseException | None]  # what a handler has returned or raised


class _Reply(NoImplicitAwait):
    """What a call of an event handler gives: an element of the user's own class may await what the handler returns."""

    def __init__(self, process: _PageProcess, handled: asyncio.Future[_Outcome]) -> None:
        self._process, self._handled = process, handled

    def __await__(self) -> Generator[Any, None, Any]:
        result, error = yield from self._handled.__await__()
        if error is not None:
            raise error if self._process.alive else asyncio.CancelledError
        return result


class _PageProcess(_Process):
    """The process of a page: it stands in the page while it handles a message, goes on with others while a handler
    awaits something, survives what goes wrong, and renders."""

    page: _Page

    @property
    def has_next(self) -> bool:
        """Whether there is a message to handle now; with strict turns not while one is being handled."""
        return bool(self.mailbox) and not (self.handling and type(self.page.view).turns == "strict")

    async def handle(self, message: _Message) -> None:
        """Handle a message, standing in the page."""
        message.origin = origin = message.origin or _Origin()
        try:
            with self._stand_for(message, origin):
                if (rest := super().handle(message)) is not None:
                    self.loop.call_soon(self._hand_over, message)
                    await rest
            if origin.going_to is not None:
                self.page.navigation.navigate(*origin.going_to)
            self.page.succeeded(message)
        except _FAILURES as error:  # of what comes before or after the handler, such as going elsewhere
            self.report(error, message.label)

    def _hand_over(self, message: _Message) -> None:
        """A handler awaits something: another task shows what it has set so far, and handles what comes meanwhile."""
        if self.worker is not None and self.handling.get(self.worker) is message:
            self.worker = None
            self.wake()

    @contextlib.contextmanager
    def _stand_for(self, message: _Message, origin: _Origin) -> Iterator[None]:
        """Stand where the sender of the message stands, so that `ui.notify` and the like find their page."""
        page = self.page
        if page.dirty and origin.asked != page.asked:
            page.render_if_dirty()  # what a user asked for is not mixed with what came by itself
        self._note_work(origin)
        origin.flash, page.outside.flash, origin.going_to = {}, {}, None
        slot = origin.slot
        if slot is None or slot._parent() is None or slot.parent.is_deleted:
            slot = page.client.content.default_slot
        storage.request_contextvar.set(page.client._request)
        _at_work.set(page.view)
        try:
            with _slots_entered(slot):
                yield
        finally:
            self._note_work(origin)
            self.end_typing(origin)

    def _note_work(self, origin: _Origin) -> None:
        """A message may change what the page shows: before it awaits something, and until it is done."""
        self.page.dirty, self.page.asked = True, origin.asked
        if origin.component is not None:
            self.page.rendering.touch(origin.component._identity)

    def end_typing(self, origin: _Origin) -> None:
        """What a field was changed to is known to the page."""
        if origin.field is not None:
            self.page.client.typed.pending[origin.field] -= 1
            origin.field = None

    def post_call(self, listener: _Listener, arguments: tuple[Any, ...]) -> Any:
        """Put a call of an event handler into the mailbox; what the page's own code causes is called at once."""
        page = self.page

        def call() -> Any:
            function = listener.function
            try:
                if isinstance(function, _Event):
                    return function(*arguments or [None])
                return function(*arguments) if expects_arguments(function) else function()
            except TypeError as error:
                _point_to_callee(function, error)
                raise

        run: Callable[[], Any] = call
        if page.is_building and not listener.is_awaited:
            return None  # building is nothing that a user did
        if self.current is not None and _current.recorder is None and not page.is_building:
            result = run()
            if component := _component_of(listener):
                page.rendering.touch(component._identity)
            if not should_await(result):
                return result
            run = lambda: result  # noqa: E731
        stack, field = Slot.get_stack(), _changed_field(arguments)
        cause = listener.mount.now.element if listener.mount.now else None, arguments
        origin = _Origin(stack[-1] if stack else None, not listener.is_awaited, field, _component_of(listener), cause)
        if field is not None:
            page.client.typed.pending[field] += 1
        message = _Message(run, name=repr(listener), origin=origin)
        if listener.is_awaited:
            return self.post_handled(message)
        return _Reply(self, self.post_handled(message, self._what_follows(listener)))

    def post_handled(
        self, message: _Message, follow: Callable[[BaseException | None], object] = _do_nothing
    ) -> asyncio.Future[_Outcome]:
        """Put a message into the mailbox; returns what its handler will have returned or raised."""
        handled: asyncio.Future[_Outcome] = self.loop.create_future()

        def done(result: Any, error: BaseException | None) -> None:
            follow(error)
            if not handled.done():  # it may be done again, after an error
                handled.set_result((result, error))

        message.done = done
        self.post(message)
        return handled

    def _what_follows(self, listener: _Listener) -> Callable[[BaseException | None], object]:
        """What there is to do when a handler has ended: have the browser enable what it disabled, reset a form."""
        element = listener.mount.now.element
        is_submit = isinstance(element, form) and element.is_submitting
        if not is_submit and "data-disable-with" not in element.props:
            return _do_nothing

        def follow(error: BaseException | None) -> None:
            if isinstance(element, form) and error is None:
                self.page.submitted.add(element.id)
            self.page.call_browser("ready", element.id)

        return follow

    def when_idle(self) -> None:
        """Called when there is no message to handle."""
        self.page.render_if_dirty()
        if self.page.handled:
            typing.cast(_PageOutbox, self.page.client.outbox).tell_when_sent(self.page.handled)
            self.page.handled.clear()

    def report(self, error: BaseException, label: str) -> None:
        """A crash in a handler keeps the page, which shows it."""
        page = self.page
        page.origin.going_to = None
        name = type(page.view).__name__
        error.add_note(_LABEL + (label if label.startswith(f"{name}.") else f"{label} of {name}"))
        page.failed = self.current
        with _slots_entered(page.client.content.default_slot):
            core.app.handle_exception(typing.cast(Exception, _from_its_own_code(error)))


@functools.lru_cache(1024)  # so that it is said once
def _warn_of_unknown_event(handler: types.CodeType, name: str, owner: str, file: str, line: int) -> None:
    """Say that no case of a `handle_event` fits a name, if it knows names only by the cases of a `match`."""
    known = _events_matched_in(handler)
    if known:
        near = difflib.get_close_matches(name, known, 1)
        hint = f" Did you mean {near[0]!r}?" if near else f" There are: {', '.join(sorted(known))}."
        log.warning("%s:%d: no case in handle_event of %s fits the event %r.%s", file, line, owner, name, hint)


def _events_matched_in(handler: types.CodeType) -> set[str]:
    """The names in the cases of a `match` that decides what a `handle_event` does; empty if others are handled, too."""
    try:
        (function,) = typing.cast(Any, ast.parse(textwrap.dedent(inspect.getsource(handler)))).body
        *before, match = function.body
        subject = match.subject
        patterns = [getattr(case.pattern, "pattern", case.pattern) for case in match.cases]  # without "as name"
        if isinstance(subject, ast.Tuple):
            subject, patterns = subject.elts[0], [pattern.patterns[0] for pattern in patterns]
        names = {value.value.value for pattern in patterns for value in getattr(pattern, "patterns", [pattern])}
        event = handler.co_varnames[1]
    except (OSError, SyntaxError, ValueError, AttributeError, IndexError):  # there is more to it than names
        return set()
    deciding = [statement for statement in before if not ast.unparse(statement).startswith("print(")]
    used = {node.id for statement in deciding for node in ast.walk(statement) if isinstance(node, ast.Name)}
    is_all = isinstance(subject, ast.Name) and subject.id == event and event not in used
    return names if is_all and all(isinstance(name, str) for name in names) else set()


class _Rendered(_WithJobs):
    """What a page and a component have in common: events, and attributes whose change shows."""

    _page: _Page
    _own_names: ClassVar[frozenset[str]] = frozenset()

    @_callback
    def handle_event(self, event: str, params: dict[str, Any]) -> Any:
        """Handle an event made with `self.event(name, ...)`; override it, may be `async`."""
        text = f"{type(self).__name__} got the event {event!r} but has no handle_event. "
        text += "Add `def handle_event(self, event, params):` to it." + _near_miss(type(self), "handle_event")
        raise _point_to(_nearly_named(type(self), "handle_event") or type(self).render, NotImplementedError(text))

    def event(
        self, name: str, /, *, debounce: float | None = None, throttle: float | None = None, **params: Any
    ) -> Any:
        """An event handler for an element: has `handle_event(name, params)` called.

        `params` are those given here, and what the event itself says: `value` for a change of a value, the arguments
        that NiceGUI's event has otherwise. Those given here win.

        .. code-block:: python

            ui.button("Delete", on_click=self.event("delete", id=todo.id))
            ui.input("Search", on_change=self.event("search", debounce=0.3))

        :param debounce: seconds of quiet to wait for, or until something else is done: only the last event counts
        :param throttle: seconds within which it is called once at most, with the first event and then the latest
        """
        return _Event(typing.cast(Any, self), name, params, debounce, throttle)

    def render(self) -> None:
        """Describe it with NiceGUI's elements; override it. It must not be `async`."""
        raise _no_render(type(self))

    def _refuse_in_render(self, what: str) -> None:
        recorder = _current.recorder
        if recorder is not None and recorder.client is self._page.client and not recorder.sets_up:
            raise RuntimeError(f"{what} in render() would come again with every render. Call it in mount or a handler.")

    def __setattr__(self, name: str, value: Any) -> None:
        if name in self._own_names:
            base = next(cls.__name__ for cls in type(self).__mro__ if "_own_names" in vars(cls))
            text = f"{type(self).__name__}.{name} cannot be set: {base} uses the name {name!r} itself. Choose another."
            raise AttributeError(text)
        object.__setattr__(self, name, value)
        self._page.attribute_set(self, name)

    def __delattr__(self, name: str) -> None:
        object.__delattr__(self, name)
        self._page.attribute_set(self, name)


class LiveView(_Rendered, GenServer):
    """A page: state on `self`, `render()` to show it, events to change it. (Phoenix's `LiveView`)

    Every open page has an instance of its own. `mount` runs once, when the page is requested; `render` runs then and
    after every event, message and change of an attribute, and builds nothing that has not changed. Events, messages and
    handlers of elements run in the order in which they come. While one that is `async` awaits something, the page shows
    what it has set so far and goes on with the next ones. Callbacks may take fewer arguments.

    .. code-block:: python

        class Counter(playground.LiveView):
            def mount(self):
                self.count = 0

            def render(self):
                ui.label(f"Count: {self.count}")
                ui.button("+", on_click=self.event("inc", by=1))

            def handle_event(self, event, params):
                match event:
                    case "inc":
                        self.count += params["by"]

    Set `page_title` to change the title of the browser's tab. What has to be done before `mount` in several pages, such
    as to find out who is there, belongs into functions in `on_mount`: each gets the page, params, session and address,
    may be `async`, and may `redirect`. Those of base classes come first. (`on_mount`)

    :cvar on_mount: functions to call before `mount`
    :cvar browser_events: names of events that the page's own JavaScript may push to `handle_event`
    :cvar turns: "interleaved": while a handler awaits something, others are called; "strict": one after the other
    """

    page_title: str
    on_mount: ClassVar[Sequence[Callable[..., Any]]] = ()
    browser_events: ClassVar[Container[str]] = ()
    turns: ClassVar[str] = "interleaved"
    _make_process: ClassVar[type[_Process]] = _PageProcess
    _process: _PageProcess
    _can_be_started = False
    _role = "page"

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        view = super().__new__(cls, *args, **kwargs)
        object.__setattr__(view, "_page", _Page(view))
        view._process.page = view._page
        return view

    @_callback
    def mount(self, params: dict[str, str], session: dict[str, Any]) -> Any:
        """Set up the state; may be `async`.

        :param params: what the address says: its query, and the `{names}` of its path
        :param session: what the server keeps for this browser, as it was when the page was requested
        """
        if near := _near_miss(type(self), "mount"):
            log.warning("%s has no mount.%s", type(self).__name__, near)

    @_callback
    def handle_params(self, params: dict[str, str], uri: str) -> Any:
        """Handle the address: called after `mount`, and when `push_patch`, a `patch_link`, or the browser's back and
        forward change it; override it, may be `async`. (`handle_params`)

        :param params: the query, and the `{names}` of the path
        :param uri: the path with its query
        """

    def push_patch(self, path: str, *, replace: bool = False) -> None:
        """Change the address of this page, which goes on; `handle_params` gets the new one. (`push_patch`)

        .. code-block:: python

            ui.button("Next", on_click=lambda: self.push_patch(f"?page={self.number + 1}"))

        In `handle_params` it completes the address, also of a page that is just opened.

        :param path: the address, or what differs, as in a link; of this page class, at whichever of its routes
        :param replace: whether the browser's "back" leaves out the address that is there now
        :raises ValueError: if it is the address of another page
        :raises RuntimeError: in `mount`
        """
        self._page.navigation.push_patch(path, _HOW[replace])

    def push_navigate(self, path: str, *, replace: bool = False) -> None:
        """Go to another page of this server, in its place. (`push_navigate`)

        The browser loads nothing: elements that both pages make by the same line of code, such as a header in a
        function that both call, stay as they are. A page whose `mount` changes the session is loaded after all.

        :param path: the address, or what differs, as in a link
        :param replace: whether the browser's "back" leaves out the address that is there now
        """
        page = self._page
        address = page.navigation.resolve(path)
        if page.process.on_trial:
            raise _CannotTryError(f"it goes to {address}")
        if page.opening is not None:
            raise _Redirected(address, page.flash)
        if page.process.current is not None:
            page.origin.going_to = address, _HOW[replace]
        else:
            page.process.on_loop(page.navigation.navigate, address, _HOW[replace])

    def redirect(self, url: str, *, session: Mapping[str, Any] | None = None) -> None:
        """Send the browser elsewhere. In `mount` and its hooks nothing after it is executed. (`redirect`)

        .. code-block:: python

            self.redirect("/", session={"user": user.id})  # logged in
            self.redirect("/", session={})  # logged out

        :param url: the address
        :param session: what the session is from now on
        """
        page = self._page
        if page.process.on_trial:
            raise _CannotTryError(f"it redirects to {url}")
        if page.opening is not None:
            if session is not None:
                kept = {"id": page.session["id"]} if "id" in page.session else {}
                page.session.clear()
                page.session.update({**kept, **session})
            raise _Redirected(url, page.flash)
        page.process.on_loop(page.navigation.load, url, None if session is None else dict(session))

    def put_flash(self, kind: str, text: str) -> None:
        """Show a message above the page, until it is clicked or the address changes. (`put_flash`)

        One that is put right before `push_patch`, `push_navigate` or `redirect` is shown by the page that comes.

        .. code-block:: python

            self.put_flash("info", "Saved")
            self.push_navigate("/orders")

        :param kind: "info", "error", or any other name, which becomes a class of the element
        :param text: the message; it replaces one of the same kind
        """
        self._refuse_in_render("put_flash()")
        page = self._page
        page.flash[kind] = page.origin.flash[kind] = text
        self.refresh()

    def clear_flash(self, kind: str | None = None) -> None:
        """Take the message of a kind away, or all of them. (`clear_flash`)"""
        for flash in (self._page.flash, self._page.origin.flash):
            for name in [name for name in flash if kind in (None, name)]:
                del flash[name]
        self.refresh()

    @property
    def flash(self) -> Mapping[str, str]:
        """The messages that are shown, by their kind."""
        return types.MappingProxyType(self._page.flash)

    def push_event(self, name: str, payload: Any = None) -> None:
        """Tell the JavaScript of the page something. (`push_event`)

        .. code-block:: python

            self.push_event("zoom", {"level": 3})

        .. code-block:: javascript

            window.playground.on("zoom", ({ level }) => map.setZoom(level));

        The other way, `window.playground.push("moved", {x: 3})` has `handle_event("moved", {"x": 3})` called, if the
        page lists that name in `browser_events`. What a browser sends is whatever its user wants: check it.

        :param payload: what JSON can say
        """
        self._refuse_in_render("push_event()")
        text = json.dumps(payload)  # here, so that the error comes to whoever gave it
        self._page.process.on_loop(self._page.call_browser, "dispatch", name, json.loads(text))

    def send_update(self, cls: type[LiveComponent], /, *, id: Hashable, **assigns: Any) -> None:  # noqa: A002
        """Have `update` of a component called, from any thread; nothing happens if it is not on the page by then.

        .. code-block:: python

            self.send_update(Row, id=3, is_open=True)
        """
        self._refuse_in_render("send_update()")

        def update() -> None:
            part = self._page.rendering.components.get((cls, id))
            if part is not None:
                _call_now(part.subject.update, **assigns)
                self._page.rendering.touch(part.identity)

        self._process.post(_Message(update, name=f"send_update({cls.__name__}, id={id!r:.80})"))

    def watch(
        self,
        *paths: str | os.PathLike[str] | FileState,
        patterns: str | Iterable[str] = (),
        recursive: bool = True,
        ignore: str | Iterable[str] = (),
        settle: float = 0.0,
        poll: bool = False,
    ) -> Watcher:
        """Be rendered again after every change of files, and have `handle_info` called with a `FileChanged`.

        .. code-block:: python

            def mount(self):
                self.watch("notes", patterns="*.md")

        :param paths: files, directories, and `FileState`s; the other parameters are those of `Watcher`
        :returns: the watcher; it ends with the page, or with `await playground.stop(watcher)`
        """
        options = {"patterns": patterns, "recursive": recursive, "ignore": ignore, "settle": settle, "poll": poll}
        return _watch(self, paths, options)

    def refresh(self) -> None:
        """Have the page rendered again, from any thread, after something was changed in place outside of an event."""
        self._process.on_loop(self._page.change)

    @property
    def live_action(self) -> str | None:
        """What the route says that the page is there for; None if it says nothing. (`@live_action`)

        .. code-block:: python

            playground.start(live={"/posts": Posts, "/posts/new": (Posts, "new")})
        """
        return self._page.navigation.action

    @property
    def connected(self) -> bool:
        """Whether a browser is connected to the page; not yet so in `mount` and the first `render`."""
        client = self._page.client
        return client is not None and client.has_socket_connection

    @property
    def is_presenter(self) -> bool:
        """Whether who looks at the page may see source, variables and tools; nobody may with `debug_errors=False`."""
        return _development.shows_to(self._page.client.request)

    @property
    def session(self) -> dict[str, Any]:
        """What the server keeps for this browser, as it was when the page was requested; `mount` may change it."""
        return self._page.session

    @property
    def client(self) -> Client:
        """NiceGUI's client of this page."""
        return self._page.client

    def _linked_ended(self, end: tuple[GenServer, Any]) -> None:
        server, reason = end
        self._process.report(_as_exception(server, reason), f"{_called(server)}, which it started,")


class _ComponentJob(typing.NamedTuple):
    """The name of work beside a component."""

    cls: type[LiveComponent]
    id: Hashable
    name: Hashable


class LiveComponent(_Rendered):
    """A part of a page with state of its own, which is rendered again only if it has changed. (`LiveComponent`)

    .. code-block:: python

        class Row(playground.LiveComponent):
            def mount(self):
                self.is_open = False

            def render(self):
                ui.label(self.todo.text).on("click", self.event("toggle"))
                if self.is_open:
                    ui.textarea("Notes")

            def handle_event(self, event):
                self.is_open = not self.is_open

        playground.live_component(Row, id=todo.id, todo=todo)  # in `render` of the page

    It lives as long as every render of its page asks for it, by its class and `id`. `render` is called again when what
    the page gives it differs from last time, when an attribute of it was set, and after its own handlers; nothing else
    that it shows is looked at. Handlers run as those of the page do. Work that `assign_async` and `start_async` have
    started ends with it. What has no state of its own needs no component: a plain function that makes elements does.

    :ivar id: its id
    :ivar view: the page that it is on
    """

    id: Hashable
    view: Any
    _is_mounted = False

    def __new__(cls, view: LiveView, id: Hashable) -> Self:  # noqa: A002
        component = super().__new__(cls)
        vars(component).update(id=id, view=view, _page=view._page, _process=view._process)
        return component

    def __init__(self, view: LiveView, id: Hashable) -> None:  # noqa: A002
        """Made by `live_component`; what sets up the state is `mount`."""

    def mount(self) -> None:
        """Set up the state, once; what the page gives comes with `update` right after."""

    def update(self, **assigns: Any) -> None:
        """Take what the page gives, when that has changed, and what comes with `send_update`.

        By default, each becomes an attribute. Whoever overrides it may call `super().update(**assigns)`.
        """
        for name, value in assigns.items():
            setattr(self, name, value)

    def refresh(self) -> None:
        """Have it rendered again, from any thread, after something was changed in place outside of its events."""
        self._page.process.on_loop(self._changed)

    def _job(self, names: Any) -> tuple[Hashable, Any]:
        return _ComponentJob(type(self), self.id, super()._job(names)[0]), _Origin(component=self)

    def _changed(self) -> None:
        self._page.rendering.touch(self._identity)
        self._page.change()

    @property
    def _identity(self) -> Any:
        return (type(self), self.id)


C = TypeVar("C", bound=LiveComponent)


def live_component(cls: type[C], /, *, id: Hashable, **assigns: Any) -> C:  # noqa: A002
    """Show a component, in `render` of a page or of another component. (`<.live_component>`)

    .. code-block:: python

        for todo in self.todos:
            playground.live_component(Row, id=todo.id, todo=todo, on_delete=lambda todo=todo: self.delete(todo))

    :param cls: a `LiveComponent` class
    :param id: tells it from others of its class in the page
    :param assigns: for its `update`
    :returns: the component
    :raises ValueError: if a component of this class and id is on the page already
    :raises RuntimeError: outside of `render`
    """
    recorder: _Recorder | None = _current.recorder
    if recorder is None:
        raise RuntimeError("live_component() says what a page consists of while render() runs; it has no use elsewhere")
    if not (isinstance(cls, type) and issubclass(cls, LiveComponent)):
        raise TypeError(f"{cls!r:.80} is no component class. Write `class Row(playground.LiveComponent):`")
    identity = (cls, id)
    try:
        hash(id)
    except TypeError:
        raise TypeError(f"{cls.__name__}, id={id!r:.80}: an id must be hashable, such as a number or a name") from None
    state, has_elements = _state_of(assigns)
    before = recorder.rendering.components.get(identity)
    is_new = before is None or before.subject.view is not recorder.view or not before.subject._is_mounted
    component: C = cls(recorder.view, id) if before is None or is_new else before.subject

    def set_up() -> None:
        if is_new:
            _call_now(component.mount)
            vars(component)["_is_mounted"] = True
            _Process.when_begun(component)
        if before is None or is_new or has_elements or before.state != state:
            if before is not None:
                before.state = None  # should this render fail, it gets what comes next in any case
            _call_now(component.update, **assigns)

    def fill() -> None:
        recorder.sets_up = True
        try:
            set_up()
        finally:
            recorder.sets_up = False
        _call_now(component.render)

    recorder.parts.record(identity, component, state, fill, owner=component)
    return component


def _call_now(callback: Callable[..., Any], /, **assigns: Any) -> Any:
    """Call what must not be async."""
    result = callback(**assigns)
    if inspect.iscoroutine(result):
        result.close()
        raise _async_render(callback, type(typing.cast(Any, callback).__self__))
    return result


class patch_link(Link):
    """A link that changes the address of the page, which goes on: as `push_patch`. (`<.link patch>`)

    .. code-block:: python

        playground.patch_link("Newest first", "?sort=newest")

    :param text: what it says
    :param path: the address, or what differs
    :param replace: whether the browser's "back" leaves out the address that is there now
    """

    _kind = "patch"

    def __init__(self, text: str, path: str, *, replace: bool = False) -> None:
        super().__init__(text, path)
        self.props["data-playground-link"] = self._kind + (" replace" if replace else "")


class navigate_link(patch_link):
    """A link to another page of this server, which takes the place of this one: as `push_navigate`.
    (`<.link navigate>`)

    :param text: what it says
    :param path: the address, or what differs
    :param replace: whether the browser's "back" leaves out the address that is there now
    """

    _kind = "navigate"


@dataclasses.dataclass(kw_only=True, slots=True)
class FormEventArguments(UiEventArguments):
    """What a handler of a `form` gets; one made with `event` gets the values as its params.

    :ivar values: the values of the fields, by their names
    :ivar field: the field that was changed; None if the form was submitted
    :ivar touched: the names of the fields that the user has changed; of all, once the form was submitted
    :ivar is_recovery: whether the page began anew, and what the user had changed before was brought back
    """

    values: dict[str, Any]
    field: Element | None = None
    touched: list[str] = dataclasses.field(default_factory=list)
    is_recovery: bool = False


class form(Element):
    """Fields that belong together, by their names. (`<.form phx-change phx-submit>`)

    .. code-block:: python

        with playground.form(on_submit=self.event("save"), errors=self.errors):
            ui.input("E-mail").props("name=email")
            playground.upload(label="Photo", max_file_size=1_000_000).props("name=photo")
            ui.button("Save").props("type=submit data-disable-with='Saving…'")

    A handler that is an `event` gets the values of all fields with a `name` as its params, others a
    `FormEventArguments`. Enter in a field submits, as in any form. Fields keep what was typed, and the focus.

    Fields of one name, or of one that ends in "[]", give a list: of checkboxes those that are ticked, each by its prop
    `val` or else its text; of what gives a list itself, what is in it.

    .. code-block:: python

        for day in ("mon", "tue", "wed"):
            ui.checkbox(day).props('name="days[]"')  # {"days": ["mon", "wed"]}

    :param on_change: called when the user has changed a field; its name is in the params as "_target", and those of all
        that were changed so far as "_touched": of others nobody wants to hear yet that they are empty. (`used_input?`)
        After a restart of the server it is called once when what the user had changed was brought back; "_target" is
        "_recover" then.
    :param on_submit: called when the form is submitted
    :param reset: whether to give fields what `render` says again when `on_submit` has ended and there are no `errors`
    :param errors: what to show beside fields, by their names
    """

    instances: ClassVar[weakref.WeakKeyDictionary[Client, weakref.WeakSet[form]]] = weakref.WeakKeyDictionary()

    def __init__(
        self,
        *,
        on_change: Callable[..., Any] | None = None,
        on_submit: Callable[..., Any] | None = None,
        reset: bool = False,
        errors: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__("form")
        self.classes("playground-form")
        self._on_change, self._on_submit, self._reset = on_change, on_submit, reset
        self._errors = dict(errors or {})
        self.is_submitting, self.touched = False, list[str]()
        if on_submit is None:
            self.on("submit.prevent", js_handler="() => {}")
        else:
            self.on("submit.prevent", self._submit, args=[])
        self.instances.setdefault(self.client, weakref.WeakSet()).add(self)

    @property
    def fields(self) -> dict[str, list[Element]]:
        """The fields by their names, which several may share."""
        fields: dict[str, list[Element]] = {}
        for element in self.descendants():
            if (name := element.props.get("name")) and isinstance(element, (ValueElement, upload)):
                fields.setdefault(name, []).append(element)
        return fields

    @property
    def values(self) -> dict[str, Any]:
        """The values of the fields by their names; of an `upload`, its files."""
        return {_key_of(name): _combined(name, fields) for name, fields in self.fields.items()}

    def changed(self, field: Element) -> None:
        """The user has changed a field."""
        self.touched = list(dict.fromkeys([*self.touched, _key_of(field.props["name"])]))
        handle_event(self._on_change, self._arguments(field))

    def recovered(self, names: Iterable[str]) -> None:
        """Fields have got back what the user had changed before the page began anew."""
        self.touched = list(map(_key_of, names))
        handle_event(self._on_change, dataclasses.replace(self._arguments(None), is_recovery=True))

    def _submit(self) -> None:
        self.is_submitting, self.touched = True, list(map(_key_of, self.fields))
        try:
            handle_event(self._on_submit, self._arguments(None))
        finally:
            self.is_submitting = False

    def _arguments(self, field: Element | None) -> FormEventArguments:
        values, touched = self.values, self.touched
        return FormEventArguments(sender=self, client=self.client, values=values, field=field, touched=touched)

    def give_back(self) -> None:
        """Give the fields what `render` says, if they are to be reset and nothing is wrong with them."""
        if not self._reset or self._errors:
            return
        self.touched = []
        client = typing.cast(_PageClient, self.client)
        fields = list(itertools.chain(*self.fields.values()))
        values = _values_as_rendered(client, client.shown.rendering, fields)
        for field in fields:
            if isinstance(field, upload):
                field.reset()
            elif isinstance(field, ValueElement) and field.id in values:
                client.typed.answer(field, values[field.id], asked=True)

    def show_errors(self) -> None:
        """Show beside the fields what is wrong, and no longer what is not."""
        shown = typing.cast(_PageClient, self.client).form_errors
        for name, fields in self.fields.items():
            for field in fields:
                error = self._errors.get(_key_of(name)) if field is fields[-1] else None
                if error is not None or shown.pop(field.id, None) is not None:
                    _show_error(field, error)
                if error is not None:
                    shown[field.id] = error


def _key_of(name: str) -> str:
    return name.removesuffix("[]")


def _combined(name: str, fields: list[Element]) -> Any:
    """What the fields of a name say together."""
    is_list, together = len(fields) > 1 or name.endswith("[]"), []
    for field in fields:
        value: Any = list(field.files) if isinstance(field, upload) else typing.cast(Any, field).value
        if is_list and isinstance(field, (ui.checkbox, ui.switch)):
            value = [field.props.get("val", field.text)] if value else []
        together += value if is_list and isinstance(value, list) else [value]
    return together if is_list else together[0]


def _show_error(field: Element, error: str | None) -> None:
    """Show what is wrong with a field: where it has a place for that, or below."""
    if isinstance(field, ValidationElement):
        field.error = error
        if error is None and field._auto_validation:
            field.validate(return_result=False)
    elif field.tag == "q-input":  # a date or a time, which NiceGUI does not validate
        if field._props.get("error-message") != error:
            field._props.update({"error": error is not None, "error-message": error})
    elif field._props.get("data-error") != error:
        if error is None:
            del field._props["data-error"]
        else:
            field._props["data-error"] = error


def _tell_form(field: Element) -> None:
    """Tell the form that a named field is in that the user has changed it."""
    for ancestor in field.ancestors():
        if isinstance(ancestor, form):
            ancestor.changed(field)
            return


class upload(ui.upload):
    """A field for files: shows the progress, refuses what is beyond its limits and says why. (`<.live_file_input>`)

    .. code-block:: python

        playground.upload(label="Photo", max_files=1, max_file_size=1_000_000).props("name=photo accept='image/*'")

    In a `form` its value is the list of files, each with `name`, `content_type`, `size()`, and `await read()`.
    `on_upload` and the other parameters are those of `ui.upload`; files are uploaded when they are chosen.

    :ivar files: the files that have arrived
    :ivar error: why some were refused
    """

    _REASONS: ClassVar[Mapping[str, str]] = {
        "max-file-size": "is too large",
        "max-total-size": "is too large, with the others",
        "max-files": "is one too many",
        "accept": "is no file of the right type",
        "duplicate": "is there already",
    }

    def __init__(self, *, multiple: bool = False, auto_upload: bool = True, **options: Any) -> None:
        super().__init__(multiple=multiple, auto_upload=auto_upload, **options)
        self.files: list[FileUpload] = []
        self.on_upload(self._arrived)
        told = "files.map(({ file, failedPropValidation }) => [file.name, failedPropValidation])"
        # of files that are chosen together some may be refused, which is told first; the next choice is another task
        noted = "window.hasRefused = setTimeout(() => (window.hasRefused = 0))"
        self.on("rejected", self._refused, js_handler=f"(files) => {{ {noted}; emit({told}); }}")
        chosen = "() => window.hasRefused || emit()"
        self.on("added", functools.partial(_show_error, self, None), js_handler=chosen, args=[])
        self.on("failed", functools.partial(_show_error, self, "The upload has failed."), args=[])
        self.on("removed", self._removed, js_handler="(files) => emit(files.map((file) => file.name))")

    @property
    def error(self) -> str | None:
        """What is shown to be wrong."""
        return typing.cast("str | None", self._props.get("data-error"))

    def _arrived(self, event: UploadEventArguments) -> None:
        self.files = [*self.files, event.file] if self._props.get("multiple") else [event.file]
        self._changed()

    def _changed(self) -> None:
        if self._props.get("name"):
            _tell_form(self)

    def _refused(self, event: GenericEventArguments) -> None:
        told = event.args if isinstance(event.args, list) else []
        pairs = [entry for entry in told if isinstance(entry, list) and len(entry) == 2]
        reasons = [f"{name} {self._REASONS.get(str(reason), 'is refused')}" for name, reason in pairs]
        _show_error(self, ", ".join(reasons) or None)

    def _removed(self, event: GenericEventArguments) -> None:
        names = event.args if isinstance(event.args, list) else []
        self.files = [file for file in self.files if file.name not in names]
        self._changed()

    def reset(self) -> Self:
        """Forget the files."""
        self.files = []
        _show_error(self, None)
        return super().reset()


# What becomes of a page whose connection is cut. It waits for its browser, which tries to come back, sends again what
# may have been lost, and says so at once. A tab that is closed tells so, and its page ends.
#
# If the page is gone when its browser is back, the browser loads it anew. What was in the fields that the user had
# changed is kept in the tab meanwhile, for five minutes. The browser looks for these fields by their name or label, and
# has the server give them what the user had caused in them before.


def _bring_back(page: _Page, told: list[Any], done: list[Any]) -> list[int]:
    """Give fields what a browser tells that was in them; tell forms of those that are done. Returns which took it."""
    client, taken = page.client, []
    with client:
        for id_, value in told:
            field = client.elements.get(id_)
            if isinstance(field, ValueElement) and not field.is_ignoring_events:
                with contextlib.suppress(TypeError, ValueError, LookupError):
                    client.typed.answer(field, _value_of_event(field, value), asked=True)
                    taken.append(field.id)
        for element in list(form.instances.get(client, ())):
            if names := [name for name, fields in element.fields.items() if any(field.id in done for field in fields)]:
                element.recovered(names)
    return taken


@functools.cache  # pages share the text, which is half of what NiceGUI keeps of an empty one
def _html_of_pages(stage_media: str, is_live: bool) -> str:
    """What every page needs in the browser."""
    style = f'<style id="playground-stage" media="{stage_media}">{_STAGE_CSS}</style>'
    return _PAGE_HTML + _CONNECTION_HTML.replace("IS_LIVE", json.dumps(is_live)) + style


_CONNECTION_HTML = """
<style>
  #popup[aria-hidden="false"] { transition: 0.2s 0.2s; }
  #popup span:last-child { max-width: 20rem; }
  @media (max-width: 600px) { .playground-flash { top: auto; bottom: 0; } } /* the head of the page stays visible */
  .playground-anew { margin-bottom: 5.5rem; } /* above an offer to bring back what the page knew */
</style>
<script>
  document.addEventListener("DOMContentLoaded", () => {
    const { socket } = window;
    const popup = document.getElementById("popup");
    const note = "What you do until then is kept, and carried out afterwards.";
    popup.append(Object.assign(document.createElement("span"), { textContent: note }));
    let wasConnected = false; // when it was left: Firefox cuts the connection then
    window.addEventListener("beforeunload", () => (wasConnected = popup.ariaHidden === "true"));
    window.addEventListener("pagehide", ({ persisted }) => {
      const url = `${window.path_prefix}/_playground/closed?client_id=${window.clientId}`;
      if (!persisted) navigator.sendBeacon(url); // else it may come back
      if (!wasConnected && popup.ariaHidden === "false") remember();
    });
    // What is sent is numbered, and kept until the server has it: after a cut it is sent again, and carried out once.
    let kept = [];
    let count = 0;
    let isBehind = false;
    let isAsking = false;
    function sendAgain() {
      if (isBehind) {
        isBehind = false;
        for (const message of kept) socket.emit(...message);
      }
      if (!isAsking && kept.length) setTimeout(ask, 250);
      isAsking = kept.length > 0;
    }
    function ask() {
      const question = { client_id: window.clientId, action: "received" };
      socket.timeout(1500).emit("playground", question, (error, number) => {
        isAsking = false;
        popup.ariaHidden = !error;
        if (!error) kept = kept.filter(([, message]) => message.sending > number);
        if (socket.connected) sendAgain();
      });
    }
    socket.onAnyOutgoing((name, message) => {
      if (!["event", "playground", "javascript_response"].includes(name)) return;
      if (!message?.client_id || message.sending || message.action === "received") return;
      const { id } = message;
      if (isChange([name, message])) {
        changed.set(id, changed.get(id) || isSecret(elements()[id].props));
        window.playground.noteChange(message);
      }
      if (isBehind) sendAgain(); // what is older comes first
      message.sending = count += 1;
      kept.push([name, message]);
      sendAgain();
    });
    socket.on("connect", sendAgain);
    socket.on("disconnect", () => (isBehind = true));
    // NiceGUI loads a page anew when an attempt to connect takes too long, which there may be nothing for.
    const [reload] = socket.listeners("connect_error");
    socket.off("connect_error", reload).on("connect_error", (error) => {
      if (!window.did_handshake || error.message !== "timeout") reload(error);
    });
    if (IS_LIVE) socket.io.reconnectionDelay(200).reconnectionDelayMax(1000).randomizationFactor(0);
    // What the user has changed comes back when the page has to be loaded anew.
    const changed = new Map(); // the ids of fields, and whether what was typed is secret: a password may be shown now
    const isSecret = ({ type, autocomplete }) => /password|one-time|\\bcc-/.test(`${type} ${autocomplete}`);
    const elements = () => Vue.toRaw(mounted_app.elements);
    function typeOf([name, { id, listener_id }]) {
      const event = name === "event" && elements()[id]?.events.find((event) => event.listener_id === listener_id);
      return event ? event.type : "";
    }
    const isChange = (message) => typeOf(message).startsWith("update:");
    const isClick = (message) => /click|submit/i.test(typeOf(message)) || message[1].action === "follow";
    function* fieldsOf(id, counts = new Map()) {
      const { props, tag, text, slots } = elements()[id] ?? {};
      if (!props) return;
      if ("loopback" in props) {
        const labels = [props.name, props.label, props["aria-label"], text].filter((label) => label?.trim);
        const [label] = labels;
        const number = counts.get(label) ?? 0;
        counts.set(label, number + 1);
        const title = props.label ?? labels.at(-1) ?? props.placeholder ?? "a field without a name";
        const choices = JSON.stringify(props.options) ?? null; // what a choice stands for
        yield { id, props, tag, label, number, title, choices, html: getHtmlElement(id) };
      }
      for (const { ids } of Object.values(slots)) for (const child of ids ?? []) yield* fieldsOf(child, counts);
    }
    function valueIn({ id, props, html }, unheard) {
      const told = unheard.has(id) ? unheard.get(id) : props["model-value"] ?? props.value;
      const text = html && window.playground.textIn(html, getElement(id));
      return props.loopback === true ? told : text ?? [told].flat()[0];
    }
    function remember() {
      const sent = [...kept, ...socket.sendBuffer.map(({ data }) => data)];
      const unheard = new Map(sent.filter(isChange).map(([, { id, args }]) => [id, JSON.parse(args[0])]));
      const told = { href: location.href, at: Date.now(), fields: [], lost: [], x: scrollX, y: scrollY };
      const { activeElement } = document;
      for (const field of fieldsOf(0)) {
        const { id, props, tag, label, number, title, choices, html } = field;
        if (html?.contains(activeElement)) {
          told.focus = [label, number, activeElement.selectionStart, activeElement.selectionEnd];
        }
        if (!changed.has(id) && !unheard.has(id)) continue;
        const isPart = /tab|dialog|drawer|menu|step|carousel|splitter|expansion/.test(tag);
        const isTold = label && !isSecret(props) && !changed.get(id);
        if (isTold) told.fields.push([label, number, valueIn(field, unheard), title, choices]);
        else if (label || !isPart) told.lost.push(title);
      }
      const uploads = document.querySelectorAll(".q-uploader:has(.q-uploader__file) .q-uploader__title");
      told.lost.push(...[...uploads].map(({ textContent }) => textContent));
      if (sent.some(isClick)) told.lost.push("what was clicked last");
      sessionStorage.setItem("playground", JSON.stringify(told));
    }
    async function bringBack({ fields: told, lost, focus, x, y }) {
      const find = ([label, number]) => [...fieldsOf(0)].find((at) => at.label === label && at.number === number);
      const recover = (fields, done) =>
        new Promise((resolve) => window.playground.act("recover", { fields, done }, resolve));
      const done = [];
      let waiting = told;
      // A field may come only with what another one brings, or with what `mount` has begun to fetch.
      for (let tries = 0; tries < 5 && (waiting.length || !tries); tries += 1) {
        if (tries) await new Promise((resolve) => setTimeout(resolve, 200));
        const there = waiting.filter((entry) => find(entry)?.choices === (entry[4] ?? null));
        const taken = await recover(there.map((entry) => [find(entry).id, entry[2]]), []);
        done.push(...taken);
        taken.forEach((id) => changed.set(id, false));
        waiting = waiting.filter((entry) => !taken.includes(find(entry)?.id));
        window.scrollTo(x, y);
      }
      recover([], done);
      const html = focus && find(focus)?.html;
      if (html && document.activeElement === document.body) {
        const field = [html, ...html.querySelectorAll("*")].find(({ tabIndex }) => tabIndex >= 0);
        field?.focus({ preventScroll: true });
        if (Number.isInteger(focus[2])) field?.setSelectionRange?.(focus[2], focus[3]);
      }
      const list = (what, titles) => (titles.length ? `${what}: ${titles.join(", ")}. ` : "");
      const back = told.filter((entry) => !waiting.includes(entry)).map((entry) => entry[3]);
      const gone = [...waiting.map((entry) => entry[3]), ...lost];
      Quasar.Notify.create({
        message: "This page has begun anew: the server was restarted, or the connection was away for too long.",
        caption: list("Brought back", back) + list("Not brought back", gone),
        position: "bottom-left", classes: "playground-anew", timeout: gone.length ? 0 : 8000,
        actions: [{ icon: "close", color: "white", round: true, "aria-label": "Close" }],
        attrs: { role: "log" }, // which is read out, and no alert
      });
    }
    const remembered = sessionStorage.getItem("playground");
    sessionStorage.removeItem("playground");
    const told = JSON.parse(remembered);
    if (told?.href === location.href && Date.now() - told.at < 300000) bringBack(told);
  });
</script>
"""


def _names_of(cls: type) -> set[str]:
    return {name for base in cls.__mro__[:-1] for name in [*vars(base), *base.__annotations__] if name[:2] != "__"}


_CALLBACKS = {"mount", "render", "terminate", *(name for name in _names_of(LiveView) if name.startswith("handle_"))}
_FREE_NAMES = {"start", "start_link", "init"}  # which mean something to other processes only
_SET_BY_CLASSES = {"on_mount", "browser_events", "turns", "page_title"}
LiveView._own_names = frozenset(_names_of(LiveView) - _FREE_NAMES - _SET_BY_CLASSES)
LiveComponent._own_names = frozenset(_names_of(LiveComponent) - _CALLBACKS - {"update"})


def _check_view(view: Any) -> type[LiveView]:
    """Make sure that `view` is a page class that can be served; say what to write instead otherwise."""
    if isinstance(view, LiveView):
        name = type(view).__name__
        raise TypeError(
            f"{name}(...) is one page; give the class: live={name}. Every open page gets an instance of its own."
        )
    if not (isinstance(view, type) and issubclass(view, LiveView)):
        raise TypeError(
            f"{view!r} is no page class. Write `class MyPage(playground.LiveView):` and give live=MyPage. A "
            f"function of the request goes to controller=, an application to plug=."
        )
    if view.render is LiveView.render:
        raise _no_render(view)
    if inspect.iscoroutinefunction(view.render):
        raise _async_render(view.render, view)
    _check_choice(f"{view.__name__}.turns", view.turns, "interleaved", "strict")
    for base in view.__mro__[: view.__mro__.index(LiveView)]:
        for name in vars(base):
            if name in LiveView._own_names - _CALLBACKS:
                raise TypeError(f"{base.__name__}.{name}: LiveView uses the name {name!r} itself. Choose another.")
    return view


_Live: typing.TypeAlias = "type[LiveView] | Mapping[str, type[LiveView] | tuple[type[LiveView], str]]"


def _check_live(live: Any) -> dict[str, _LiveRoute]:
    """The paths to serve and what is there."""
    if live is None:
        raise TypeError("There is nothing to serve. Give a page class: playground.start(live=MyPage)")
    if not isinstance(live, Mapping):
        return {"/": _LiveRoute(_check_view(live))}
    if not live:
        raise TypeError('There is nothing to serve. Give at least one page: playground.start(live={"/": MyPage})')
    for path in live:
        _check_path(path)
    return {path: _check_route(target) for path, target in live.items()}


def _check_route(target: Any) -> _LiveRoute:
    match target:
        case (view, str(action)):
            return _LiveRoute(_check_view(view), action)
        case tuple():
            raise TypeError(f'{target!r:.80} has to be a page class and its live_action there, such as (MyPage, "new")')
    return _LiveRoute(_check_view(target))


def _check_path(path: Any) -> None:
    if not isinstance(path, str) or not path.startswith("/"):
        raise ValueError(f'The path {path!r} has to start with a slash: "/{str(path).lstrip("/")}"')
    names = re.findall(r"{([^{}]*)}", path)
    rest = re.sub(r"{[^{}]*}", "", path)
    if re.search(r"[{}?#\s]", rest) or not all(re.fullmatch(r"[A-Za-z_]\w*(:\w+)?", name) for name in names):
        raise ValueError(
            f'{path!r} is no path: it may have parts like "{{name}}", but no blanks and no query; what comes after "?" '
            f"is in params anyway."
        )


# ---------------------------------------------------------------------------------------------------------------------
# Reload: a saved file becomes the running program, all of it or nothing. Owns which statements run again, how functions
# and classes change in place, and that every open page agrees.
#
# The life of a save. `_DirectoryWatcher` tells the `_Reloader` that a file has changed. It opens an `_UndoLog` and has
# an `_Evaluation` for each module that is concerned, each after those that it imports: it finds out which statements
# differ, and what depends on those (`_is_affected`), and executes them in their order. A function or class of which
# only the inside differs is not executed: its code is exchanged, and a class gets the methods that differ
# (`_edit_methods`). What was executed all the same becomes what was there before (`_update`), wherever it is held
# (`_settle_definitions`). Then new children are tried out, and pages, components and processes whose `mount` or `init`
# differs follow (`_Migration`). Every page is rendered, beside itself. If all that works, it shows; else the log takes
# everything back, and the pages say why.
#
# What always holds:
# - What a save executes is what a fresh start would execute otherwise, in the same order; the rest is left alone.
# - A function or class is the same object before and after, and is in a list or dictionary once.
# - What is tried out reaches nobody but what is tried out with it.
# ---------------------------------------------------------------------------------------------------------------------

# -- statements: what stands at the top of a module, and what each has to do with the names there

_CONSTRUCTORS = frozenset({"__init__", "__new__", "__post_init__", "__init_subclass__"})
_AT_ONCE = ("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>", "<generic")  # is called where it stands
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class _Names:
    """What code has to do with names while it is executed; a part of another module counts as "module.part"."""

    def __init__(self, code: types.CodeType) -> None:
        self.binds: set[str] = set()
        self.reads: set[str] = set()  # of what it has not bound before
        self.called: set[str] = set()  # what may be called
        self._read(code, self.binds)

    def _read(self, code: types.CodeType, binds: set[str]) -> None:
        """Take in code that is executed at once: of the statement, of a class body with names of its own."""
        classes = 0
        for each, path in _reads_in(code):
            if path and path.split(".")[0] not in binds:
                self.reads.add(path)
            if each.opname in ("STORE_NAME", "STORE_GLOBAL", "DELETE_NAME"):
                binds.add(each.argval)
            elif each.opname == "LOAD_BUILD_CLASS":
                classes += 1
            elif each.opname.startswith("CALL") and not each.opname.startswith("CALL_INTRINSIC"):
                classes -= 1
                if classes < 0:  # a call that makes a class is none
                    self.called = self.reads
        for inner in _codes_directly_in(code):
            if not inner.co_flags & inspect.CO_OPTIMIZED or inner.co_name.startswith(_AT_ONCE):
                self._read(inner, set())


def _codes_directly_in(code: types.CodeType) -> Iterator[types.CodeType]:
    return (constant for constant in code.co_consts if isinstance(constant, types.CodeType))


def _codes_in(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for inner in _codes_directly_in(code):
        yield from _codes_in(inner)


def _reads_in(code: types.CodeType) -> Iterator[tuple[dis.Instruction, str]]:
    """The instructions, with the names of outside that they read, and parts of those: `config`, `config.TITLE`."""
    path = ""
    for each in dis.get_instructions(code):
        if each.opname in ("LOAD_NAME", "LOAD_GLOBAL"):
            path = each.argval
        else:
            path = f"{path}.{each.argval}" if path and each.opname in ("LOAD_ATTR", "LOAD_METHOD") else ""
        yield each, path


@functools.lru_cache(maxsize=10_000)
def _paths_in(code: types.CodeType) -> frozenset[str]:
    """The names of outside that a function uses, with their parts."""
    return frozenset(path for inner in _codes_in(code) for _, path in _reads_in(inner) if path)


class _Statement:
    """A statement at the top of a module."""

    def __init__(self, node: ast.stmt, lines: list[str], filename: str, flags: int) -> None:
        self.node, self._filename, self._flags = node, filename, flags
        self.is_definition = isinstance(node, _DEFINITIONS)  # of a function or a class
        decorators = getattr(node, "decorator_list", None)
        self.first_line = decorators[0].lineno if decorators else node.lineno
        self.last_line = node.end_lineno or node.lineno
        self.text = "\n".join(lines[self.first_line - 1 : node.end_lineno])

    @functools.cached_property
    def meaning(self) -> str:
        """The same for statements that differ in comments and spaces only."""
        return ast.dump(self.node)

    @functools.cached_property
    def code(self) -> types.CodeType:
        """What it is when compiled."""
        return self.compile([self.node])

    def compile(self, nodes: list[ast.stmt]) -> types.CodeType:
        """Compile it, or what was made of it."""
        code = compile(ast.Module(nodes, []), self._filename, "exec", self._flags, dont_inherit=True)
        return typing.cast(types.CodeType, code)

    @functools.cached_property
    def names(self) -> _Names:
        """What it has to do with names."""
        names = _Names(self.code)
        if isinstance(self.node, ast.Expr):  # what a function is only given, as a handler, is not called now
            calls = (part for part in ast.walk(self.node) if isinstance(part, ast.Call))
            names.called = {ast.unparse(call.func) for call in calls}
        return names

    @property
    def binds(self) -> set[str]:
        """The names that it gives a value."""
        return {self.node.name} if isinstance(self.node, _DEFINITIONS) else self.names.binds

    @functools.cached_property
    def changes(self) -> set[str]:
        """The names whose values it changes: `total += 1`, `tabs.append(...)`, or that it calls for what they do:
        `add("tab")`; for a definition, when it is called."""
        found = set() if self.is_definition else self.names.binds & self.names.reads
        for part in ast.walk(self.node):
            target: Any = None
            if isinstance(part, (ast.Attribute, ast.Subscript)) and not isinstance(part.ctx, ast.Load):
                target = part
            elif isinstance(part, ast.Expr) and isinstance(part.value, ast.Call):
                target = part.value.func
            while isinstance(target, (ast.Attribute, ast.Subscript)):
                target = target.value
            if isinstance(target, ast.Name):
                found.add(target.id)
        return found & _paths_in(self.code) if self.is_definition else found

    def imports(self, package: str) -> Iterator[tuple[str, str]]:
        """What it imports: the module, and the name in it ("" for itself)."""
        for node in ast.walk(self.node):
            if isinstance(node, ast.Import):
                yield from ((alias.name, "") for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                with contextlib.suppress(ImportError):
                    module = importlib.util.resolve_name("." * node.level + (node.module or ""), package)
                    for alias in node.names:
                        yield from ((module, alias.name), (f"{module}.{alias.name}", ""))


class _Source:
    """The text of a module, taken apart into its statements."""

    def __init__(self, content: bytes, filename: str) -> None:
        tree = typing.cast(ast.Module, compile(content, filename, "exec", ast.PyCF_ONLY_AST, dont_inherit=True))
        self.content = content
        self.lines = importlib.util.decode_source(content).splitlines()
        futures = (node.names for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__")
        flags = sum(getattr(__future__, alias.name).compiler_flag for names in futures for alias in names)
        self.statements = [_Statement(node, self.lines, filename, flags) for node in tree.body]

    def predecessors(self, old: _Source) -> dict[_Statement, _Statement]:
        """The statements that say the same in `old`, by those of this source."""
        found: dict[_Statement, _Statement] = {}
        for sameness in ("text", "meaning"):
            pool: dict[str, deque[_Statement]] = {}
            taken = set(found.values())
            for statement in [each for each in old.statements if each not in taken]:
                pool.setdefault(getattr(statement, sameness), deque()).append(statement)
            for statement in [each for each in self.statements if each not in found]:
                if same := pool.get(getattr(statement, sameness)):
                    found[statement] = same.popleft()
        for statement, before in found.items():  # it has told already what it does
            known = {name: value for name, value in vars(before).items() if name in ("names", "changes")}
            vars(statement).update(known)
        return found


def _line_map(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Where the lines of `old` are in `new`, counted from 1; lines that were edited in place are there, too."""
    start, end = _common_ends(old, new)
    lines = {line: line for line in range(1, start + 1)}
    lines |= {len(old) - i: len(new) - i for i in range(end)}
    matcher = difflib.SequenceMatcher(None, old[start : len(old) - end], new[start : len(new) - end], autojunk=False)
    for _, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if old_end - old_start == new_end - new_start:
            shift = start + 1
            lines |= {old_start + i + shift: new_start + i + shift for i in range(old_end - old_start)}
    return lines


def _edited_lines(old: Sequence[str], new: Sequence[str]) -> list[int]:
    """The numbers of the lines in `new` that are not in `old`."""
    kept = {after for before, after in _line_map(old, new).items() if old[before - 1] == new[after - 1]}
    return [number for number in range(1, len(new) + 1) if number not in kept]


# -- undo


class _UndoLog:
    """What a save has changed so far, to take it back, and what is to be done once it is sure."""

    def __init__(self) -> None:
        self._undo: list[Callable[[], Any]] = []
        self._later: list[Callable[[], Any]] = []
        self.moves: dict[str, dict[int, int]] = {}  # where lines of files have gone
        self.codes: dict[Any, types.CodeType] = {}  # new code by the place of the old one
        self.edited: set[Any] = set()  # places of new code that does something else than what was there
        self.successors: dict[int, tuple[Any, Any]] = {}  # by ids of what is new: itself, and what is used for it
        self.other_classes: list[Any] = []  # pages that another class was given to
        self.rebound: set[tuple[Any, str]] = set()  # names that have another value: of which module or class, and which
        self.evaluations: dict[str, _Evaluation] = {}  # by names of modules
        self.executed: list[tuple[str, int]] = []  # files and first lines of statements

    def on_undo(self, undo: Callable[[], Any]) -> None:
        """Have `undo` called if things are taken back."""
        self._undo.append(undo)

    def on_commit(self, function: Callable[[], Any]) -> None:
        """Have `function` called when everything has worked."""
        self._later.append(function)

    def keep(self, container: Any) -> Any:
        """Remember what is in a dictionary, list, set or deque that is about to change; returns it."""
        self._undo.append(functools.partial(_fill, container, container.copy()))
        return container

    def set(self, obj: Any, name: str, value: Any) -> None:
        """Set an attribute, whatever the class of `obj` has to say about it; `_ABSENT` deletes it."""
        setter, deleter = (type.__setattr__, type.__delattr__) if isinstance(obj, type) else (setattr, delattr)
        before = vars(obj).get(name, _ABSENT) if isinstance(obj, type) else getattr(obj, name, _ABSENT)
        if value is _ABSENT:
            deleter(obj, name)
        else:
            setter(obj, name, value)
        self._undo.append(lambda: deleter(obj, name) if before is _ABSENT else setter(obj, name, before))

    def used_for(self, value: Any) -> Any:
        """What is used for something that a save has made: itself, or what it was before."""
        return self.successors.get(id(value), (value, value))[1]

    def roll_back(self) -> None:
        """Take everything back."""
        while self._undo:
            self._undo.pop()()

    def commit(self) -> None:
        """Do what has waited."""
        for function in self._later:
            function()


# -- update: functions and classes change in place


def _is_same_code(old: types.CodeType, new: types.CodeType) -> bool:
    """Whether two codes do the same at the same lines."""
    return old == new and old.co_linetable == new.co_linetable and _place_of(old) == _place_of(new)


def _place_of(code: types.CodeType) -> tuple[Any, ...]:
    """What tells a code from all others; equal source may give other code, as imports around it count."""
    return (code.co_filename, code.co_qualname, code.co_firstlineno, *deque(code.co_positions(), maxlen=1))


def _does(code: types.CodeType) -> Any:
    """What code does, wherever it stands."""
    constants = [item for item in code.co_consts if not isinstance(item, types.CodeType)]
    return code.co_code, code.co_names, constants


def _pair_codes(old: types.CodeType, new: types.CodeType, undo: _UndoLog) -> None:
    """Note that `new` takes the place of `old`, and what is nested in it of what was nested there."""
    if _is_same_code(old, new):
        return
    undo.codes[_place_of(old)] = new
    if _does(old) != _does(new):
        undo.edited.add(_place_of(new))
    nested: dict[str, deque[types.CodeType]] = {}
    for inner in _codes_directly_in(new):
        nested.setdefault(inner.co_qualname, deque()).append(inner)
    for inner in _codes_directly_in(old):
        if nested.get(inner.co_qualname):
            _pair_codes(inner, nested[inner.co_qualname].popleft(), undo)


def _update(old: Any, new: Any, undo: _UndoLog) -> Any:
    """Make `old` what `new` is, if both are functions or classes that allow it; returns the one that is to be used."""
    if id(new) not in undo.successors:
        undo.successors[id(new)] = (new, new)  # a decorated function may lead back to itself
        used, names = new, ("__module__", "__qualname__")
        is_same = type(old) is type(new) and all(getattr(old, name, 0) == getattr(new, name, 1) for name in names)
        if is_same and isinstance(new, type):
            used = _update_class(old, new, undo)
        elif is_same and type(new) is types.FunctionType:
            used = _update_function(old, new, undo)
        undo.successors[id(new)] = (new, used)
    return undo.successors[id(new)][1]


def _update_function(old: types.FunctionType, new: types.FunctionType, undo: _UndoLog) -> types.FunctionType:
    if old is new or old.__code__.co_freevars != new.__code__.co_freevars:
        return new
    attributes = {name: _update(vars(old).get(name), value, undo) for name, value in vars(new).items()}
    for name, mine, its in zip(old.__code__.co_freevars, old.__closure__ or (), new.__closure__ or (), strict=True):
        before, content = _content(mine), _content(its)
        if name != "__class__" and before is not _ABSENT and content is not _ABSENT:
            undo.set(mine, "cell_contents", _update(before, content, undo))
    if not _is_same_code(old.__code__, new.__code__):
        if _place_of(old.__code__) not in undo.codes:  # else its statement was paired, whole
            _pair_codes(old.__code__, new.__code__, undo)
        undo.set(old, "__code__", new.__code__)
    for name in ("__kwdefaults__", "__doc__", "__annotations__"):
        undo.set(old, name, getattr(new, name))
    undo.set(old, "__defaults__", new.__defaults__ and tuple(map(undo.used_for, new.__defaults__)))
    _fill(undo.keep(vars(old)), attributes)
    return old


def _content(cell: types.CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # not assigned yet
        return _ABSENT


_OF_THE_CLASS_ITSELF = {"__dict__", "__weakref__", "__module__", "__qualname__", "_abc_impl", "__firstlineno__"}
_OF_THE_CLASS_ITSELF |= {"__static_attributes__"}


def _update_class(old: type, new: type, undo: _UndoLog) -> type:
    bases = tuple(map(undo.used_for, new.__bases__))
    is_other_kind = issubclass(old, Supervisor) != issubclass(new, Supervisor)  # its process has or lacks children
    if old is new or is_other_kind or vars(old).get("__slots__") != vars(new).get("__slots__"):
        return new
    if old.__bases__ != bases:
        undo.rebound.add((old, "__bases__"))
        try:
            undo.set(old, "__bases__", bases)
        except TypeError:  # another layout of instances
            return new
    enum_names: set[str] = set()
    if isinstance(old, enum.EnumMeta):
        enum_names = _update_members(old, typing.cast(enum.EnumMeta, new), undo)
    for function in _functions_in(vars(new).values()):
        for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
            if name == "__class__":  # what `super()` looks at
                cell.cell_contents = old
    kept = _OF_THE_CLASS_ITSELF | enum_names
    for name in [name for name in vars(old) if name not in vars(new) and name not in kept]:
        _set_attribute(old, name, _ABSENT, undo)
    for name, value in list(vars(new).items()):
        if name not in kept and type(value) is not types.MemberDescriptorType:
            _set_attribute(old, name, value, undo)
    return old


def _set_attribute(cls: type, name: str, value: Any, undo: _UndoLog) -> None:
    """Give a class an attribute; a function or class that it has there already becomes what the new one is."""
    current = vars(cls).get(name, _ABSENT)
    used = _update(current, value, undo) if value is not current else current
    if used is not current:
        undo.set(cls, name, used)
        if not _is_constant(used) or used != current:
            undo.rebound.add((cls, name))


def _update_members(old: enum.EnumMeta, new: enum.EnumMeta, undo: _UndoLog) -> set[str]:
    """Give an enumeration the members of its successor; those of the same name stay the same objects."""
    members: dict[str, Any] = {}
    successors: Mapping[str, Any] = new.__members__
    for name, member in successors.items():
        mine: Any = old.__members__.get(name)
        if mine is None or (mine.value != member.value and vars(new)["_member_type_"] is not object):
            member.__class__, mine = old, member
        undo.set(mine, "_value_", member.value)
        members[name] = mine
        undo.successors[id(member)] = (member, mine)
    names = [name for name, member in members.items() if member.name == name]
    maps = {"_member_map_": members, "_member_names_": names}
    maps |= {"_value2member_map_": {members[name].value: members[name] for name in names}}
    for name, value in {**maps, **members}.items():
        if vars(old).get(name) is not value:
            undo.set(old, name, value)
    return {*members, *maps}


_CACHED: Any = type(functools.lru_cache(_do_nothing))
_AROUND_FUNCTIONS = (staticmethod, classmethod, types.MethodType, property, functools.partial, _CACHED)
_CONTAINERS = (list, tuple, set, deque, dict, defaultdict)
_own_modules = {"__main__"}  # those that are reloaded


def _reachable(roots: Iterable[Any]) -> list[Any]:
    """The functions, caches, lists, dictionaries, sets and objects that lead from `roots`; of an object of a class that
    is not the user's, only what it has itself in lists and the like, where it may keep handlers."""
    found: dict[int, Any] = {}
    waiting = [(value, True) for value in roots]
    while waiting:
        value, may_be_foreign = waiting.pop()
        kind = type(value)
        if id(value) in found or kind.__module__ == __name__:
            continue
        if kind is types.FunctionType:
            parts = [*map(_content, value.__closure__ or ()), *vars(value).values()]
        elif issubclass(kind, type):
            parts = list(vars(value).values())
        elif kind in _AROUND_FUNCTIONS or (kind in _CONTAINERS and len(value) <= 1000):
            parts = gc.get_referents(value)
        elif kind.__module__ in _own_modules or (may_be_foreign and kind.__module__ != "builtins"):
            may_be_foreign = kind.__module__ in _own_modules
            parts = list(_vars_of(value).values())
        else:
            continue
        found[id(value)] = value
        waiting += [(part, may_be_foreign) for part in parts]
    return list(found.values())


def _functions_in(roots: Iterable[Any]) -> list[types.FunctionType]:
    return [each for each in _reachable(roots) if type(each) is types.FunctionType]


def _vars_of(value: Any) -> dict[str, Any]:
    """The attributes of an object that has some, without asking it."""
    try:
        return typing.cast("dict[str, Any]", object.__getattribute__(value, "__dict__"))
    except AttributeError:
        return {}


def _settle_definitions(roots: Iterable[Any], undo: _UndoLog) -> None:
    """Bring to all that leads to functions and classes what has become of them, once all modules are evaluated."""
    found: list[Any] = _reachable(roots)
    functions = [each for each in found if type(each) is types.FunctionType]
    made = {id(code) for evaluation in undo.evaluations.values() for code in evaluation.executed}
    again = {each.__code__: each for each in functions if id(each.__code__) in made and not each.__closure__}
    for function in functions if again else ():  # one that was defined again is that of before, which somebody holds
        successor = again.get(undo.codes.get(_place_of(function.__code__), function.__code__), function)
        if successor is not function:
            _update(function, successor, undo)
    _relocate(functions, undo)
    successors = {id_: used for id_, (new, used) in undo.successors.items() if new is not used}
    for each in found if successors else ():
        if isinstance(each, (list, dict, set, deque)):
            _replace(each, successors, undo)
    attributes = [(cls, name) for cls, name in undo.rebound if isinstance(cls, type)]
    hidden = [(cls, name) for cls, name in attributes if type(vars(cls).get(name)) is types.FunctionType]
    widened = [cls for cls, name in attributes if name == "__dataclass_fields__"]
    for each in found if hidden or widened else ():
        for cls, name in hidden:  # a method that the class has got now could not be seen behind an attribute
            if issubclass(type(each), cls) and name in _vars_of(each):
                del undo.keep(_vars_of(each))[name]
        for field in dataclasses.fields(each) if issubclass(type(each), tuple(widened)) else ():
            if field.name not in _vars_of(each) and field.default_factory is not dataclasses.MISSING:
                undo.keep(_vars_of(each))[field.name] = field.default_factory()
    for each in found:
        if type(each) is _CACHED and each.__module__ in _own_modules:
            _clear_if_affected(each, undo)


def _clear_if_affected(cached: Any, undo: _UndoLog) -> None:
    """Have a function with a cache forget what it computed with other code, its own or that of its class."""
    function = inspect.unwrap(cached)
    owner = getattr(function, "__globals__", {}).get(cached.__qualname__.split(".")[0])
    if _is_affected([function, owner], undo, with_methods=True):
        cached.cache_clear()
        undo.on_undo(cached.cache_clear)


def _replace(container: Any, successors: Mapping[int, Any], undo: _UndoLog) -> None:
    """Have in a list or dictionary what is used for something new, once: at the place that this had."""
    items = list(container.items() if isinstance(container, dict) else container)
    result: dict[Any, Any] = {}
    is_mended = False
    for number, item in enumerate(items):
        parts = item if type(item) is tuple else (item,)
        mended = tuple([successors.get(id(part), part) for part in parts])
        subject = tuple([id(part) for part in mended if isinstance(part, (type, types.FunctionType))])
        is_new = any(map(operator.is_not, parts, mended))
        is_mended = is_mended or is_new
        place = subject if subject and (is_new or subject not in result) else number
        result[place] = mended if type(item) is tuple else mended[0]
    if is_mended:
        _fill(undo.keep(container), list(result.values()))


def _fill(container: Any, items: Any) -> None:
    container.clear()
    if isinstance(container, (dict, set)):
        container.update(items)
    else:
        container.extend(items)


def _relocate(functions: Iterable[types.FunctionType], undo: _UndoLog) -> None:
    """Give functions that were not executed again their new code or lines: closures, and what has moved in the file."""
    there = {id(code) for code in undo.codes.values()}
    for function in functions if undo.codes else ():
        code = function.__code__
        new = undo.codes.get(_place_of(code)) if id(code) not in there else None
        if new is not None and new.co_freevars == code.co_freevars:
            undo.set(function, "__code__", new)


# -- evaluation: what runs again


class _Module:
    """A module that is reloaded, and the source of what runs of it."""

    def __init__(self, namespace: dict[str, Any], path: str, filename: str, *, started_at: int | None = None) -> None:
        self.namespace = namespace
        self.name: str = namespace["__name__"]
        self.package: str = namespace.get("__package__") or ""
        self.path = path  # where the file really is
        self.filename = filename  # what tracebacks call it
        self.source = _Source(pathlib.Path(path).read_bytes(), filename)
        self.redefined: set[str] = set()  # what a prompt has defined otherwise
        self.start: _Statement | None = None  # the one that serves pages; what comes after it has not been executed
        if started_at is not None:
            lines = (statement for statement in self.source.statements if statement.last_line >= started_at)
            self.start = next(lines, None)

    def imports(self, source: _Source | None = None) -> set[str]:
        """The modules that are imported, by what runs or by another source."""
        statements, package = (source or self.source).statements, self.package
        return {imported for statement in statements for imported, _ in statement.imports(package)}


class _Started(BaseException):
    """Raised by `start` when it is called once more while a module is evaluated: what comes after it waits."""


_CHANGED: Any = object()  # stands for what is not what it was before a save


def _look_up(path: str, namespace: Mapping[str, Any], undo: _UndoLog) -> Any:
    """What a name of a module stands for, or a part of a module or class; `_CHANGED` if it was another value before."""
    value: Any = None
    for name in path.split("."):
        if (value if isinstance(value, type) else namespace.get("__name__"), name) in undo.rebound:
            return _CHANGED
        value = namespace.get(name)
        if not isinstance(value, (types.ModuleType, type)):
            break
        namespace = vars(value)
    return value


def _is_affected(values: Iterable[Any], undo: _UndoLog, *, with_methods: bool = False) -> bool:
    """Whether functions, or what they use, are not what they were; of classes what is called to make an instance."""
    waiting, seen = list(values), set[int]()
    while waiting:
        value = waiting.pop()
        if value is _CHANGED:
            return True
        if id(value) in seen:
            continue
        seen.add(id(value))
        if type(value) in _AROUND_FUNCTIONS:
            waiting += gc.get_referents(value)
        elif isinstance(value, type):
            own = [vars(base).items() for base in value.__mro__ if base.__module__ in _own_modules]
            waiting += [each for items in own for name, each in items if with_methods or name in _CONSTRUCTORS]
        elif type(value) is types.FunctionType:
            waiting += map(_content, value.__closure__ or ())
            if value.__globals__.get("__name__") in _own_modules:
                if undo.edited and any(_place_of(code) in undo.edited for code in _codes_in(value.__code__)):
                    return True
                waiting += [_look_up(path, value.__globals__, undo) for path in _paths_in(value.__code__)]
    return False


class _Evaluation:
    """Brings one module from the source that runs to another one."""

    def __init__(self, module: _Module, source: _Source, undo: _UndoLog) -> None:
        self.module, self.source, self.undo = module, source, undo
        self.namespace = module.namespace
        self.before = dict(self.namespace)
        self.start: _Statement | None = None
        self.executed: list[types.CodeType] = []  # of functions that were defined again
        self._bound: set[str] = set()  # by what was executed
        self._same = source.predecessors(module.source)
        self._definitions = {
            name: statement for statement in source.statements if statement.is_definition for name in statement.binds
        }

    def run(self) -> None:
        """Execute the statements that changed, and those that depend on them."""
        self.undo.keep(self.namespace)
        self._remove_names()
        statements = self.source.statements
        forced = self._with_those_that_fill(each for each in statements if each not in self._same)
        done: set[_Statement] = set()
        number = 0
        while number < len(statements):
            statement = statements[number]
            if self.module.start is not None and self._same.get(statement) is self.module.start:
                self.start = statement
            if statement in done:
                pass
            elif statement in self._same and statement not in forced and not self._depends(statement):
                self._leave(statement)
            else:
                forced |= self._with_those_that_fill([statement])
                first = next(place for place, each in enumerate(statements) if each in {statement, *forced} - done)
                if first < number:  # what fills a name is executed from its first value on
                    number = first
                    continue
                done.add(statement)
                self._follow(statement)
            if self.start is statement:
                break
            number += 1

    def _remove_names(self) -> None:
        """Remove what is bound no longer."""
        removed = set(self.module.source.statements) - set(self._same.values())
        bound = {name for statement in self.source.statements for name in statement.binds}
        for name in {name for statement in removed for name in statement.binds} - bound:
            if self.namespace.pop(name, _ABSENT) is not _ABSENT:
                self.undo.rebound.add((self.module.name, name))

    # -- what depends on what

    def _depends(self, statement: _Statement) -> bool:
        """Whether the statement reads something that is not what it was, itself or in a function that it calls."""
        rebound = self.undo.rebound
        if not rebound and not self.undo.edited:
            return False
        imports = () if statement.is_definition else statement.imports(self.module.package)
        with_star = {*rebound, *((module, "*") for module, _ in rebound)}
        return any(each in with_star for each in imports) or self.has_changed(statement.names)

    def has_changed(self, names: _Names) -> bool:
        """Whether names that are read do not stand for what they stood for, or for functions that do something else."""
        values = {path: _look_up(path, self.namespace, self.undo) for path in names.reads}
        called = [value for path, value in values.items() if path in names.called]
        return any(value is _CHANGED for value in values.values()) or _is_affected(called, self.undo)

    def _with_those_that_fill(self, statements: Iterable[_Statement]) -> set[_Statement]:
        """Those of `statements` that change a name, with all others that give it its value: it is made anew by all."""
        members: set[_Statement] = set()
        waiting = [statement for statement in statements if not statement.is_definition]
        while waiting:
            statement = waiting.pop()
            for name in self._changes(statement) | statement.binds:
                binders = [each for each in self.source.statements if name in each.binds]
                others = [each for each in self.source.statements if name in self._changes(each)]
                is_imported = any(isinstance(each.node, (ast.Import, ast.ImportFrom)) for each in binders)
                is_value = not all(each.is_definition for each in binders) and not is_imported
                if others and is_value:
                    waiting += [each for each in (*binders, *others) if each not in members]
                    members.update(binders, others)
        return members

    def _changes(self, statement: _Statement) -> set[str]:
        """The names that a statement changes, also in functions of this module that it calls for that."""
        if statement.is_definition:
            return set()
        called = (self._definitions.get(name) for name in statement.changes)
        return statement.changes.union(*(each.changes for each in called if each))

    # -- what becomes of a statement

    def _leave(self, statement: _Statement) -> None:
        """Have a statement that is not executed where it stands now, and its names as they were."""
        old = self._same[statement]
        if old is not statement and (old.first_line != statement.first_line or old.text != statement.text):
            _pair_codes(old.code, statement.code, self.undo)
        for name in statement.binds & self._bound if self._bound else ():
            self.namespace[name] = self.before[name]

    def _follow(self, statement: _Statement) -> None:
        """Have an edit take effect: a function or class that differs inside only is not executed."""
        old, is_edited = self._before_edit(statement), statement not in self._same
        value = self.namespace.get(next(iter(statement.binds), ""))
        if old is not None and isinstance(statement.node, ast.ClassDef) and isinstance(value, type):
            if is_edited and _edit_methods(value, old, statement, self):
                return
        elif old is not None and is_edited and _signature(old.node) == _signature(statement.node):
            _pair_codes(old.code, statement.code, self.undo)
            _relocate(_functions_in([value]), self.undo)  # what is executed next may call it
            return
        self._execute(statement)

    def _before_edit(self, statement: _Statement) -> _Statement | None:
        """The definition that this one was, if there is one of its name."""
        if not statement.is_definition or statement.binds - (self.before.keys() - self.module.redefined):
            return None
        old = [each for each in self.module.source.statements if statement.binds & each.binds]
        new = [each for each in self.source.statements if statement.binds & each.binds]
        is_one = len(old) == len(new) == 1 and type(old[0].node) is type(statement.node)
        return old[0] if is_one else None

    def _execute(self, statement: _Statement) -> None:
        node = statement.node
        if isinstance(node, _DEFINITIONS[:2]):
            vars(statement).pop("code", None)  # so that what it makes can be told from what it made before
            self.executed += [code for code in _codes_directly_in(statement.code) if code.co_name == node.name]
            if (old := self._before_edit(statement) or self._same.get(statement)) is not None:
                _pair_codes(old.code, statement.code, self.undo)
        earlier = dict(self.namespace)
        self.undo.executed.append((self.module.path, statement.first_line))
        try:
            exec(statement.code, self.namespace)
        except _Started:
            self.start = statement
        except RuntimeError as error:
            if "slot stack" not in str(error):
                raise
            raise RuntimeError(f"An element {_OUTSIDE_OF_PAGES}").with_traceback(error.__traceback__) from None
        except Exception as error:
            if isinstance(node, ast.ClassDef) and node.name in self.before:
                error.add_note(f"  as more of {node.name} than methods was edited, it was made once more")
            raise
        for name in [name for name, value in self.namespace.items() if earlier.get(name, _ABSENT) is not value]:
            self._bound.add(name)
            self._settle(name, statement)

    def _settle(self, name: str, statement: _Statement) -> None:
        """Have what `name` stands for keep its identity if it can, and note what others have to know."""
        old, new = self.before.get(name, _ABSENT), self.namespace[name]
        if old is new:
            return
        if statement.is_definition and old is not _ABSENT:
            self.namespace[name] = new = _update(old, new, self.undo)
        is_equal = type(new) in _PLAIN and (type(old), old) == (type(new), new)
        if new is old and type(new) is types.FunctionType:
            self.undo.edited.add(_place_of(new.__code__))
        elif isinstance(new, enum.EnumMeta) or (new is not old and not is_equal):  # of classes each attribute is known
            self.undo.rebound.add((self.module.name, name))


def _heading(node: Any) -> list[str]:
    """What a definition says before its body."""
    parts = (*node.decorator_list, *getattr(node, "bases", ()), *getattr(node, "keywords", ()))
    return [ast.dump(part) for part in (*parts, *getattr(node, "type_params", ()))]


def _signature(node: Any) -> list[Any]:
    """What of a function is there before it is called."""
    returns = ast.dump(node.returns) if node.returns else ""
    return [type(node), *_heading(node), ast.dump(node.args), returns, ast.get_docstring(node, clean=False)]


def _data_in(node: Any) -> list[str]:
    silent = (*_DEFINITIONS[:2], ast.Expr, ast.Pass)
    return [ast.dump(part) for part in node.body if not isinstance(part, silent)]


_PLAIN_DECORATORS = frozenset({"property", "staticmethod", "classmethod", "cached_property", "setter", "deleter"})
_IMPLICIT = frozenset({"__new__", "__init_subclass__", "__class_getitem__"})  # which a class statement decorates


def _edit_methods(cls: type, old: _Statement, new: _Statement, evaluation: _Evaluation) -> bool:
    """Give a class the methods that differ, if nothing else does; it is not made again, so nothing that it has
    registered itself with gets to know. Returns whether that was enough."""
    before, after = typing.cast(ast.ClassDef, old.node), typing.cast(ast.ClassDef, new.node)
    said, says = _methods_in(before), _methods_in(after)
    gone = said.keys() - says.keys()
    other = [name for name in says if list(map(_signature, said.get(name, []))) != list(map(_signature, says[name]))]
    parts: list[Any] = [part for name in other for part in says[name]]  # the code of the others is exchanged
    earlier = [part for name in (*gone, *other) for part in said.get(name, ())]
    is_same = (cls.__module__, cls.__qualname__) == (evaluation.module.name, after.name)
    is_same = is_same and (_heading(before), _data_in(before)) == (_heading(after), _data_in(after))
    is_same = is_same and all(_is_plain(part, after) for part in (*parts, *earlier))
    if not is_same or evaluation.has_changed(new.names):
        return False
    _pair_codes(old.code, new.code, evaluation.undo)
    bare = {**vars(after), "bases": [], "keywords": [], "decorator_list": [], "body": parts or [ast.Pass()]}
    (body, *_) = _codes_directly_in(new.compile([ast.fix_missing_locations(ast.ClassDef(**bare))]))
    scope = {name: value for name, value in vars(cls).items() if name not in gone}
    exec(body, evaluation.namespace, scope)
    if cell := scope.pop("__classcell__", None):
        cell.cell_contents = cls
    for name in {*scope, *gone} - _OF_THE_CLASS_ITSELF:
        value = scope.get(name, _ABSENT)
        if vars(cls).get(name, _ABSENT) is not value:
            if hasattr(value, "__set_name__"):
                value.__set_name__(cls, name)
            _set_attribute(cls, name, value, evaluation.undo)
    if "__abstractmethods__" in vars(cls):
        abc.update_abstractmethods(cls)
    _relocate(_functions_in([cls]), evaluation.undo)  # what is executed next may call them
    return True


def _methods_in(node: ast.ClassDef) -> dict[str, list[Any]]:
    """The methods in a class by their names; a property has several parts."""
    methods: dict[str, list[Any]] = {}
    for part in node.body:
        if isinstance(part, _DEFINITIONS[:2]):
            methods.setdefault(part.name, []).append(part)
    return methods


def _is_plain(node: Any, cls: ast.ClassDef) -> bool:
    """Whether a method is nothing but an attribute of its class."""
    names = {getattr(each, "attr", getattr(each, "id", "")) for each in node.decorator_list}
    is_seen = cls.decorator_list and node.name.startswith("__")  # by `dataclass` and the like
    is_generic = vars(cls).get("type_params")
    return names <= _PLAIN_DECORATORS and not is_seen and not is_generic and node.name not in _IMPLICIT


class _Modules:
    """The modules of the program that are reloaded: the script, and what it imports from below its directory."""

    def __init__(self, script: _Module | None) -> None:
        self.script = script
        self.by_name: dict[str, _Module] = {script.name: script} if script is not None else {}
        files = () if script is None else (script.path, os.path.abspath(script.filename))  # which may be a link
        self._above = {*map(os.path.dirname, files)} or {os.getcwd()}
        self._count = 0
        self.find()

    def __iter__(self) -> Iterator[_Module]:
        return iter(list(self.by_name.values()))

    def has(self, path: str) -> bool:
        """Whether a file is that of one of them."""
        return any(module.path == path for module in self)

    def find(self) -> bool:
        """Take up what has been imported since the last look; returns whether there may be something."""
        if len(sys.modules) == self._count:
            return False
        self._count = len(sys.modules)
        for path, module in self._new():
            with contextlib.suppress(OSError, SyntaxError):
                self.by_name[module.__name__] = _Module(vars(module), path, typing.cast(str, module.__file__))
        _own_modules.update(self.by_name)
        self.quote({})
        return True

    def forget_new(self) -> None:
        """Have modules that a failed attempt imported imported anew by the next one."""
        for _, module in self._new():
            sys.modules.pop(module.__name__, None)

    def _new(self) -> Iterator[tuple[str, types.ModuleType]]:
        for module in list(sys.modules.values()):
            filename = getattr(module, "__file__", None) or ""
            is_known = not filename or module.__name__ in {*self.by_name, "__main__"}
            if not is_known and self.is_own(filename) and filename.endswith(".py"):
                yield os.path.realpath(filename), module

    def is_own(self, filename: str) -> bool:
        """Whether a file is below the directory of the script, and not in a virtual environment there."""
        above = next((path for path in self._above if filename.startswith(path + os.sep)), "")
        is_toolkit = filename in (__file__, str(_EXAMPLES / "stage.py"))
        return bool(above) and not is_toolkit and "site-packages" not in filename[len(above) :].split(os.sep)

    def directories(self) -> set[str]:
        """The directories to watch; a watched file would be lost with the first save by rename."""
        return {*self._above, *(os.path.dirname(module.path) for module in self)}

    def in_order(self, sources: Mapping[str, _Source]) -> list[_Module]:
        """The modules, each after those that it imports by what was saved, also through modules yet to come."""
        ordered: list[_Module] = []
        met: set[str] = set()

        def add(name: str) -> None:
            if name in self.by_name and name not in met:
                met.add(name)
                for imported in self.by_name[name].imports(sources.get(name)):
                    add(imported)
                ordered.append(self.by_name[name])

        for module in self:
            add(module.name)
        return ordered

    def quote(self, saved: Mapping[str, bytes]) -> None:
        """Have tracebacks quote what was `saved`, and what runs of all other modules, whatever is on disk."""
        for module in self:
            content = saved.get(module.path)
            text = "\n".join(module.source.lines) if content is None else content.decode(errors="replace")
            lines = [f"{line}\n" for line in text.splitlines()]
            linecache.cache[module.filename] = (len(text), None, lines, module.filename)


# -- all or nothing


class _Reloader:
    """Watches the user's modules and brings the program and all its pages to what was saved, or leaves all as it is."""

    def __init__(self, script: _Module | None) -> None:
        self.modules = _Modules(script)
        self.failed: dict[str, bytes] = {}  # what was saved when the last attempt failed
        self.failure: tuple[str, Mapping[_Page, str]] | None = None  # what pages show, and those that are in the way
        self.undo: _UndoLog | None = None  # while the program is being changed
        self.when_changed: Callable[[], object] = lambda: None
        self.let_go: weakref.WeakSet[_Page] = weakref.WeakSet()  # pages that hold back nothing any more
        self._waiting: asyncio.TimerHandle | None = None
        self._leaving: dict[str, Callable[[], None]] = {}  # what ends the watching of a directory
        self._in_cells = _definitions_of_cells()
        _development.is_own = self.modules.is_own

    # -- saves

    def note_imports(self) -> None:
        """Take up what was imported late, in a function; called often."""
        if self.modules.find():
            self._listen()

    def watch(self) -> None:
        """Look for saved files until the program ends."""
        self._listen()
        _development.note_imports = self.note_imports
        _Process.when_begun = staticmethod(_remember)
        self.look()  # what was saved before

    def stop(self) -> None:
        """Watch no longer."""
        _development.note_imports = lambda: None
        _Process.when_begun = staticmethod(_do_nothing)
        for leave in self._leaving.values():
            leave()
        self._leaving.clear()

    def _listen(self) -> None:
        """Have the directories watched that have come with new modules."""
        loop = asyncio.get_running_loop()

        def notice(changes: Mapping[str, str]) -> None:
            with contextlib.suppress(RuntimeError):  # the loop has been closed
                loop.call_soon_threadsafe(self._notice, changes)

        for directory in self.modules.directories() - self._leaving.keys():
            self._leaving[directory] = _directory_watcher.listen(_Watched(directory, recursive=False), notice)

    def _notice(self, changes: Mapping[str, str]) -> None:
        if not self._leaving:  # it has been stopped meanwhile
            return
        if not all(self.modules.has(os.path.realpath(path)) for path in changes if path.endswith(".py")):
            self.failed = {}  # it may be what an import did not find
        self.look()
        self._listen()

    def remount(self, pages: Sequence[_Page]) -> None:
        """Begin pages anew, and do without those if their state is in the way of what was saved."""
        self.let_go.update(pages)
        self.failed = {}
        self.look()
        for page in pages:
            page.client.run_javascript("window.location.reload()")

    def look(self, *, is_second_look: bool = False) -> None:
        """Compare the files with what runs, and reload what differs; what is gone runs on."""
        running = {module.path: module.source.content for module in self.modules}
        contents = {**running, **self.failed}
        for path in running:
            with contextlib.suppress(OSError):
                contents[path] = pathlib.Path(path).read_bytes()
        saved = {path: content for path, content in contents.items() if content != running.get(path)}
        if saved == self.failed:
            return
        self._wait(None)
        if not is_second_look and not all(content.strip() for content in saved.values()):
            self._wait(lambda: self.look(is_second_look=True))  # it may be half a save
        elif saved:
            self._attempt(saved)
        else:
            print(f"playground: {_file_names(self.failed)} is again what runs", flush=True)
            before = {module.path: module.source.lines for module in self.modules}
            self._tell_of_save({path: contents[path] for path in self.failed}, before, _Notes(), "", 0.0)
            self.failed = {}
            self._clear_errors()

    def _wait(self, function: Callable[[], None] | None) -> None:
        """Call `function` in a moment if nothing is saved before; forget what was to be called."""
        if self._waiting is not None:
            self._waiting.cancel()
        self._waiting = asyncio.get_running_loop().call_later(0.1, function) if function is not None else None

    def _attempt(self, saved: dict[str, bytes]) -> None:
        began, before = time.perf_counter(), {module.path: module.source.lines for module in self.modules}
        try:
            notes = self.change(lambda undo: self._evaluate(saved, undo))
        except _FAILURES as error:  # nobody wants to leave the stage by a save
            self.failed = saved
            self.modules.forget_new()
            self._fail(error, saved, before, time.perf_counter() - began)
            return
        self.failed = {}
        self.modules.find()
        _development.note_change()
        self.modules.quote({})
        self._clear_errors()
        notes.show()
        seconds = time.perf_counter() - began
        print(f"playground: reloaded {_file_names(saved)} in {1000 * seconds:.0f} ms{notes}", flush=True)
        notes.show_saved(f"{_file_names(saved)} · {1000 * seconds:.0f} ms")
        self._tell_of_save(saved, before, notes, "", seconds)

    def _tell_of_save(
        self, saved: dict[str, bytes], before: Mapping[str, list[str]], notes: _Notes, error: str, seconds: float
    ) -> None:
        """Tell tools of a save, if there are any."""
        if _SAVES in _topics._entries:
            files = {path: content.decode(errors="replace") for path, content in saved.items()}
            lines = {path: _edited_lines(before[path], text.splitlines()) for path, text in files.items()}
            _deliver(_SAVES, Saved(files, lines, notes.executed, list(notes.texts), error, seconds))

    def adopt(self, undo: _UndoLog) -> None:
        """Have what a cell of a notebook, or a prompt, has defined once more be what it was before."""
        namespace = vars(sys.modules["__main__"])
        undo.keep(namespace)
        for name, new in _definitions_of_cells().items():
            if self.modules.script is not None and self._in_cells.get(name) is not new:
                self.modules.script.redefined.add(name)
            namespace[name] = _update(self._in_cells.get(name), new, undo)
        _settle_definitions([*namespace.values(), *self._mounted()], undo)
        undo.moves |= {name: {} for place, code in undo.codes.items() for name in (place[0], code.co_filename)}

    def follow_cells(self, change: Callable[[Callable[[_UndoLog], object]], object]) -> None:
        """Have pages follow every cell that IPython runs; `change` does so on the loop."""

        def follow(_: Any) -> None:
            if _definitions_of_cells() != self._in_cells:
                change(self.adopt)

        if (shell := getattr(builtins, "get_ipython", lambda: None)()) is not None:
            shell.events.register("post_run_cell", follow)

    # -- one save

    def change(self, evaluate: Callable[[_UndoLog], object]) -> _Notes:
        """Let `evaluate` change the program, and have all pages follow; on an exception everything is as it was.
        Returns what there is to say about the state of pages."""
        undo, notes = _UndoLog(), _Notes()
        importlib.invalidate_caches()
        writes_bytecode, sys.dont_write_bytecode = not sys.dont_write_bytecode, True  # it would hide the next edit
        ready: list[tuple[_Page, _Update]] = []
        routers = _server.routers()
        try:
            self.undo = undo
            for routes, _ in routers:
                undo.keep(routes)
            evaluate(undo)
            for routes, kept in routers:
                _renew_routes(routes, kept)
            with _children_on_trial():
                self._migrate_all(undo, notes)
                ready += self._try_pages(undo, notes)
        except BaseException:
            for _, update in ready:
                update.drop()
            undo.roll_back()
            raise
        finally:
            self.undo = None
            sys.dont_write_bytecode = not writes_bytecode
        for page, update in ready:
            page.finish(update)
        self._in_cells = _definitions_of_cells()
        self.when_changed()
        undo.commit()
        notes.add_threads(undo)
        notes.executed = undo.executed
        if undo.codes:
            _renew_workers()
        return notes

    def _migrate_all(self, undo: _UndoLog, notes: _Notes) -> None:
        """Have processes, pages and components follow whose `init` or `mount` differs."""
        kinds = [cls for cls in _running if not issubclass(cls, (LiveView, Supervisor))]
        processes = [server for cls in kinds for server in list(_running[cls]) if not server._process.held]
        owners = [*processes, *self._mounted()]
        differing = {cls for cls in {*map(type, owners)} if _begins_otherwise(cls, undo)}
        for owner in owners:
            if type(owner) in differing or owner in undo.other_classes:
                _Migration(owner, undo, notes).run()

    def _mounted(self) -> list[LiveView | LiveComponent]:
        pages = [page for page in _open_pages if page.opening is None]
        return [subject for page in pages for subject in page.subjects]

    def _try_pages(self, undo: _UndoLog, notes: _Notes) -> Iterator[tuple[_Page, _Update]]:
        """Render the open pages on trial. One that nobody looks at, or that is the audience's, holds nothing back."""
        in_the_way: dict[_Page, BaseException] = {}
        for page in [page for page in _open_pages if page.opening is None]:
            undo.set(page, "moves", page.moves.followed_by(undo.moves))
            try:
                yield page, page.begin()
            except _FAILURES as error:
                page.dirty = True
                if page.client.has_socket_connection and page not in self.let_go:
                    if _development.is_presenter(page.client.request):
                        in_the_way[page] = error
                    else:
                        notes.left_behind.append(page)
        if in_the_way:
            raise _CannotFollowError(in_the_way)

    def _evaluate(self, saved: dict[str, bytes], undo: _UndoLog) -> None:
        """Execute what has changed in all modules."""
        sources = {
            module.name: _Source(saved[module.path], module.filename) for module in self.modules if module.path in saved
        }
        for module in self.modules.in_order(sources):
            source = sources.get(module.name, module.source)
            if module.name not in sources and undo.evaluations.keys().isdisjoint(module.imports()):
                continue
            evaluation = undo.evaluations[module.name] = _Evaluation(module, source, undo)
            evaluation.run()
            if module.start is not None and evaluation.start is None:
                what = "calls playground.start(...) no longer" if source.statements else "is empty"
                raise RuntimeError(f"{os.path.basename(module.path)} {what}: there is nothing to serve.")
            undo.moves[module.filename] = _line_map(module.source.lines, source.lines)
            undo.set(module, "source", source)
            undo.set(module, "start", evaluation.start)
        roots = [value for module in self.modules for value in module.namespace.values()]
        _settle_definitions([*roots, *self._mounted()], undo)

    # -- errors

    def _fail(
        self, error: BaseException, saved: dict[str, bytes], before: Mapping[str, list[str]], seconds: float
    ) -> None:
        """Show in every page why what was saved is not what runs. No page sees variables of another one."""
        self.modules.quote(saved)
        errors: Mapping[_Page, BaseException] = error.args[0] if isinstance(error, _CannotFollowError) else {}
        text = _development.text_of(next(iter(errors.values()), error)).rstrip()
        of_pages = {page: _development.html_of(each, can_remount=True) for page, each in errors.items()}
        html = _in_the_way_html(errors) if errors else _development.html_of(error)
        self.modules.quote({})
        self._tell_of_save(saved, before, _Notes(), text, seconds)

        def show() -> None:
            log.error("What was saved cannot run, the last good version goes on.\n%s", text)
            self.failure = html, of_pages
            for page in list(_open_pages):
                self.show_failure_in(page)

        self._wait(show)  # the other half of two saves may be on its way

    def show_failure_in(self, page: _Page) -> None:
        """Show a page of the presenter's why what was saved is not what runs, if that is so."""
        if self.failure is not None and page.has_presenter:
            html, of_pages = self.failure
            page.show_html(of_pages.get(page, html))

    def _clear_errors(self) -> None:
        self.failure = None
        for page in list(_open_pages):
            page.clear_error()


class _CannotFollowError(Exception):
    """Open pages of the presenter cannot be rendered by what was saved: which, and why not."""


def _in_the_way_html(pages: Iterable[_Page]) -> str:
    """What pages show while others hold a save back."""
    remount = _button("remount in the way", "Remount the pages in the way", "They begin anew, and this one follows")
    text = ""
    for page in pages:
        opened = datetime.datetime.fromtimestamp(page.process.since or 0)
        which = f"another open page, {escape(page.navigation.uri)}, opened {opened:%H:%M}."
        text += f'<p class="message">What was saved does not suit {which}</p>'
    return f"<nav>{remount}{_button('dismiss', '✕', 'Dismiss (Esc)')}</nav><h1>Another page is in the way</h1>{text}"


def _file_names(paths: Iterable[str]) -> str:
    return ", ".join(sorted(map(os.path.basename, paths)))


def _definitions_of_cells() -> dict[str, Any]:
    """The functions and classes that the main module has by the names that they were defined with."""
    namespace = vars(sys.modules["__main__"])
    kinds = (type, types.FunctionType)
    own = {name: value for name, value in list(namespace.items()) if isinstance(value, kinds)}
    return {name: value for name, value in own.items() if (value.__module__, value.__qualname__) == ("__main__", name)}


@dataclasses.dataclass(frozen=True, eq=False)
class Saved:
    """Files of the program were saved; all that subscribe to "playground:saves" get it.

    :ivar files: what the files say now, by their paths
    :ivar lines: the numbers of the lines in them that are new or edited, by the same paths
    :ivar executed: the first lines of the statements that were executed, as (path, number)
    :ivar notes: what has become of the state of pages and processes, as the terminal says it
    :ivar error: why what was saved does not run; empty if it does
    :ivar time: when it was done, in seconds since 1970
    :ivar seconds: what it took
    """

    files: dict[str, str]
    lines: dict[str, list[int]]
    executed: list[tuple[str, int]]
    notes: list[str]
    error: str
    seconds: float
    time: float = dataclasses.field(default_factory=time.time)


def sources() -> dict[str, str]:
    """The files that are reloaded when they are saved, the script first, and what of them runs.

    :raises RuntimeError: if nothing is served
    """
    if not _development.is_serving:
        raise RuntimeError("Nothing is served: there are no files that are reloaded.")
    return {module.path: module.source.content.decode(errors="replace") for module in _server.reloader.modules}


class _Notes:
    """What there is to say after a save, once for all pages."""

    def __init__(self) -> None:
        self.texts: dict[str, None] = {}
        self.executed: list[tuple[str, int]] = []
        self._to_remount: dict[_Page, dict[str, None]] = {}
        self.left_behind: list[_Page] = []  # of the audience, which keep what they show, and begin anew a little later

    def add(self, text: str) -> None:
        """Say something in the terminal."""
        self.texts[text] = None

    def offer_remount(self, owner: Any, text: str) -> None:
        """Say something that a page makes up for if it is started anew."""
        if not isinstance(owner, _Rendered):
            self.add(text)
        else:
            self.add(f"{text} (Remount starts it anew)")
            self._to_remount.setdefault(owner._page, {})[text] = None

    def add_threads(self, undo: _UndoLog) -> None:
        """Say which threads are in functions that were edited: they go on in what these were."""
        for frame in sys._current_frames().values() if undo.edited else ():
            for around, _ in walk_stack(frame):
                new = undo.codes.get(_place_of(around.f_code))
                if new is not None and _place_of(new) in undo.edited:
                    self.add(f"a thread goes on in {new.co_qualname}() as it was")

    def show(self) -> None:
        """Offer pages what they can do."""
        if self.left_behind:
            asyncio.get_running_loop().call_later(2.0, _server.reloader.remount, self.left_behind)
            presenters = [page for page in _open_pages if _development.is_presenter(page.client.request)]
            count = f"{len(self.left_behind)} of {len(_open_pages) - len(presenters)} audience pages"
            self.add(f"{count} could not follow, and begin anew")
            for page in presenters:
                text = f"<strong>{count} could not follow</strong>" + _button("dismiss", "✕", "Dismiss")
                page.call_browser("showFixed", text, 10)
        for page, texts in self._to_remount.items():
            text = f"<strong>{escape('; '.join(texts))}</strong>"
            buttons = _button("remount", "Remount", "") + _button("dismiss", "✕", "Dismiss")
            page.call_browser("showFixed", text + buttons, 10)

    def show_saved(self, what: str) -> None:
        """Show in the pages of the presenter what a save did, and what of a page has changed by it."""
        for page in list(_open_pages):
            if page.has_presenter:
                changed = [id_ for id_, element in page.client.outbox.updates.items() if isinstance(element, Element)]
                text = " · ".join([what, *self.texts, *(() if changed else ("no change here",))])
                page.call_browser("showSaved", _saved_html(text), changed)

    def __str__(self) -> str:
        return "".join(f"; {text}" for text in self.texts)


# -- migrate: what becomes of the state of a page, component or process when its `mount` or `init` differs


class _StatePickler(pickle.Pickler):
    """Turns state into bytes that can be compared: functions by what they do, processes by what they were made of."""

    def persistent_id(self, value: Any) -> Any:
        if isinstance(value, type):
            return value.__module__, value.__qualname__
        if isinstance(value, GenServer):
            return type(value), value._process.name, dict(value._process.arguments)
        if type(value) is types.FunctionType:
            seen = [content for content in map(_content, value.__closure__ or ()) if type(content) in _PLAIN]
            return _does(value.__code__), seen
        return None


class _StateBytes(io.BytesIO):
    def __init__(self, most: float = 1_000_000) -> None:
        super().__init__()
        self._most = most

    def write(self, content: Any) -> int:
        if self.tell() + len(content) > self._most:
            raise ValueError("it would take too long, for each page that is opened")
        return super().write(content)


def _snapshot(value: Any) -> Any:
    """A form of a value that can be compared with that of another; what cannot be looked into is equal to nothing."""
    content = _StateBytes()
    try:
        _StatePickler(content).dump(value)
    except Exception:  # whatever its own code raises
        return object()
    return hashlib.blake2b(content.getvalue()).digest()


_remembered: weakref.WeakKeyDictionary[Any, dict[str, Any]] = weakref.WeakKeyDictionary()  # what `mount` or `init` gave


def _remember(owner: Any) -> None:
    """Note the state of a page, component or process that has just begun, to tell later what was changed since."""
    _remembered[owner] = {name: _snapshot(value) for name, value in _state_in(owner).items()}
    for work in owner._process.work if isinstance(owner, GenServer) else ():
        work.form = work.start, _snapshot(work.arguments)


def _state_in(owner: Any) -> dict[str, Any]:
    internal = {"_page", "_process", *(() if isinstance(owner, GenServer) else ("id", "view", "_is_mounted"))}
    return {name: value for name, value in vars(owner).items() if name not in internal}


@dataclasses.dataclass(frozen=True)
class Snapshot:
    """The attributes that a page, or a process, has at a time.

    .. code-block:: python

        before = playground.Snapshot.of(page)
        before.restore(page)

    :ivar view: the name of its class
    :ivar time: when it was taken, in seconds since 1970
    :ivar lost: attributes that are not in it, since they cannot be pickled or are large, and their classes
    """

    view: str
    time: float
    together: bytes  # the attributes, pickled, so that what they share stays shared
    each: dict[str, bytes]  # the same one by one, for when a class is gone
    lost: dict[str, str]

    @classmethod
    def of(cls, owner: GenServer, most: float = 1_000_000) -> Snapshot:
        """Take one; what is still being loaded is not in it.

        :param most: the size of an attribute, in bytes, above which it is not in it
        """
        each: dict[str, bytes] = {}
        state = {name: value for name, value in _state_in(owner).items() if getattr(value, "loading", None) is not True}
        for name, value in state.items():
            with contextlib.suppress(Exception):  # whatever its own code raises
                pickle.dump(value, content := _StateBytes(most))
                each[name] = content.getvalue()
        lost = {name: type(value).__qualname__ for name, value in state.items() if name not in each}
        together = pickle.dumps({name: state[name] for name in each})
        return cls(type(owner).__qualname__, time.time(), together, each, lost)

    def attributes(self) -> dict[str, Any]:
        """Copies of the attributes, by their names; without those that cannot be made any more."""
        with contextlib.suppress(Exception):
            return typing.cast("dict[str, Any]", pickle.loads(self.together))
        attributes = {}
        for name, pickled in self.each.items():
            with contextlib.suppress(Exception):  # a class is gone, or is another one
                attributes[name] = pickle.loads(pickled)
        return attributes

    def differing(self, owner: GenServer) -> dict[str, Any]:
        """The attributes in it that `owner` has otherwise, or has not."""
        now = vars(owner)
        return {
            name: value for name, value in self.attributes().items() if _snapshot(now.get(name)) != _snapshot(value)
        }

    def restore(self, owner: GenServer) -> None:
        """Give `owner` its attributes back, as a message to it. What was not there yet goes, unless `mount` or `init`
        sets it, as it may do since a save."""

        def restore() -> None:
            begun = _remembered.get(owner, {})
            for name in _state_in(owner).keys() - self.each.keys() - self.lost.keys() - begun.keys():
                delattr(owner, name)
            for name, value in self.differing(owner).items():
                setattr(owner, name, value)

        owner._process.post(_Message(restore, name="bring back"))


def _beginning_of(cls: type) -> tuple[str, ...]:
    """The callbacks that set up the state."""
    if issubclass(cls, LiveView):
        return "mount", "handle_params"
    return ("mount",) if issubclass(cls, LiveComponent) else ("init",)


def _begins_otherwise(cls: type, undo: _UndoLog) -> bool:
    """Whether `mount` or `init`, or what of the program these use, is not what it was before a save."""
    names, functions = ["__bases__", *_beginning_of(cls)], []
    for name in names:  # those that the methods of these names use come behind them
        for base in (base for base in cls.__mro__ if base.__module__ != __name__):
            function = inspect.unwrap(vars(base).get(name, _do_nothing))
            if type(function) is types.FunctionType and function is not _do_nothing:
                functions.append(function)
                names += {used for code in _codes_in(function.__code__) for used in code.co_names} - {*names}
    return _is_affected(functions, undo) or any((base, name) in undo.rebound for base in cls.__mro__ for name in names)


class _Migration:
    """Brings the state of a page, component or process to what its `mount` or `init` would set up now, but for what was
    changed since: that keeps its value. What it starts no longer ends, and what it starts now begins."""

    def __init__(self, owner: Any, undo: _UndoLog, notes: _Notes) -> None:
        self.owner, self.undo, self.notes = owner, undo, notes
        self.name = type(owner).__name__
        self.work: list[_Work] = owner._process.work if isinstance(owner, GenServer) else []
        self.results: dict[int, Any] = {}  # of what was started on trial, that of the same that runs; by ids
        self.started: set[int] = set()  # ids of what was started on trial, and does not run

    def run(self) -> None:
        """Do it, as far as nothing speaks against that."""
        try:
            trial = _begun_on_trial(self.owner)
        except Exception as error:
            if isinstance(self.owner, _Rendered) and not isinstance(error, _CannotTryError):
                raise
            text = error if isinstance(error, _CannotTryError) else f"{error!r:.200}"
            callback = _beginning_of(type(self.owner))[0]
            self.notes.offer_remount(self.owner, f"{callback} of {self.name} was not tried out: {text}")
            return
        if isinstance(self.owner, GenServer):
            self._follow_work(self.owner._process, trial)
        self._follow_state(trial)

    def _follow_state(self, trial: Any) -> None:
        given, mine, remembered = _state_in(trial), _state_in(self.owner), _remembered.get(self.owner, {})
        snapshots = {name: _snapshot(value) for name, value in given.items()}
        known = given.keys() & mine.keys()
        differing = {name for name in known & remembered.keys() if remembered[name] != snapshots[name]}
        if differing:
            again = _state_in(_begun_on_trial(self.owner))  # a time or a random number is another each time
            differing = {name for name in differing if _snapshot(again.get(name, _ABSENT)) == snapshots[name]}
        differing |= {name for name in known if id(given[name]) in self.started}
        as_begun = {name for name in remembered if name in mine and self._is_as_begun(mine[name], remembered[name])}
        added, taken = given.keys() - mine.keys(), differing & as_begun
        gone = (mine.keys() - given.keys()) & {*as_begun, "page_title"}  # which shows by itself
        values = {name: _of_other(given[name], trial, self.owner) for name in (*added, *taken)}

        def give(*, is_committed: bool = True) -> None:
            for name, value in values.items():
                vars(self.owner)[name] = self.results.get(id(value), value)
                if isinstance(self.owner, _Rendered) and is_committed:
                    self.owner._page.attribute_set(self.owner, name)

        self.undo.keep(vars(self.owner))
        give(is_committed=False)
        for name in gone:
            del vars(self.owner)[name]
        self.undo.on_commit(give)  # what was started on trial is started then
        self.undo.on_commit(lambda: _remembered.__setitem__(self.owner, remembered | snapshots))
        for what, names in (("has got", added), ("has anew", taken), ("has no longer", gone)):
            if names:
                self.notes.add(f"{self.name} {what} {', '.join(sorted(names))}")
        for name in sorted(differing - taken):
            self.notes.offer_remount(self.owner, f"{self.name}.{name} keeps its value")

    def _is_as_begun(self, value: Any, remembered: Any) -> bool:
        """Whether an attribute still has the value that it was given."""
        is_result = type(value) is AsyncResult or any(value is work.result for work in self.work)
        return is_result or remembered == _snapshot(value)

    def _follow_work(self, process: _Process, trial: Any) -> None:
        """End what is started no longer, and start what is new, as soon as all has worked."""
        ending, kept, new = list(self.work), list[_Work](), list[_Work]()
        for work in trial._process.work:
            work.form = work.start, _snapshot(work.arguments)
            same = next((each for each in ending if each.form == work.form), None)
            if same is None:
                new.append(work)
            else:
                ending.remove(same)
                kept.append(same)
                self.results[id(work.result)] = same.result
        self.started = {id(work.result) for work in new if work.result is not None}

        def follow() -> None:
            for work in ending:
                work.end()
            process.work, process.held = kept, True  # what it starts now counts as started by `mount`
            try:
                for work in new:
                    arguments = [_of_other(each, trial, process.server) for each in work.arguments]
                    self.results[id(work.result)] = work.start(process.server, *arguments)
                    process.work[-1].form = work.form
            finally:
                process.release()

        if ending or new:
            self.undo.on_commit(follow)
            self.notes.add(f"{self.name}: {len(new)} started, {len(ending)} ended")


def _of_other(value: Any, one: Any, other: Any) -> Any:
    """The same method of another object."""
    return types.MethodType(value.__func__, other) if getattr(value, "__self__", None) is one else value


# -- what is tried out


def _begun_on_trial(owner: Any) -> Any:
    """A page, component or process like one that runs, as it would begin now; nothing reaches it, and it reaches
    nothing."""
    if isinstance(owner, LiveComponent):
        view = _TrialProcess.of(type(owner.view)())
        vars(view).update(_state_in(owner.view))
        component = type(owner)(view, owner.id)
        _run_on_trial(view, _call_now, component.mount)
        return component
    trial = _TrialProcess.of(type(owner)())
    if isinstance(owner, LiveView):
        page, its = owner._page, trial._page
        its.client, its.session = page.client, _Session(page.session)
        at, its.navigation.routes = page.navigation, page.navigation.routes
        its.navigation.be_at(at.uri, (at.route, dict(at.params)))
        for callback, arguments in its.callbacks_of_opening():
            _run_on_trial(trial, _call_with_fewer, callback, *arguments)
    else:
        trial._process.arguments = owner._process.arguments
        trial._process.prepare()
    return trial


@contextlib.contextmanager
def _children_on_trial() -> Iterator[None]:
    """Have the children that are new be there for those that are tried out; those that run are begun afterwards."""
    specs = list(_specs_below(_server.settings.children)) if _server.root is not None else []
    new = [spec for spec in specs if spec.target not in _running and spec.name not in _names._entries]
    try:
        for spec in new:
            server = _TrialProcess.spawn(spec.target, spec.arguments, spec.name)
            with contextlib.suppress(_CannotTryError):
                server._process.prepare()
                _by_class._entries.setdefault(spec.target, {})[server] = None
                if spec.name is not None:
                    _names._entries[spec.name] = {server: None}
        yield
    finally:
        for spec in new:
            _by_class._entries.pop(spec.target, None)
            _names._entries.pop(spec.name, None)


def _specs_below(children: Iterable[Any]) -> Iterator[Any]:
    """The processes that supervisors start, and those that these start."""
    for spec in Supervisor._specs(children):
        if isinstance(spec.target, type) and issubclass(spec.target, Supervisor):
            yield from _specs_below(spec.arguments.get("children", spec.target.children))
        elif isinstance(spec.target, type):
            yield spec


class _TrialProcess(_Process):
    """The process of a server whose `mount` or `init` is only tried out: nobody reaches it, and it reaches nobody."""

    on_trial = True

    def __init__(self, server: GenServer) -> None:
        super().__init__(server)
        self.alive, self.reason = False, "it was only tried out"
        self._is_prepared = False

    @classmethod
    def of(cls, server: S) -> S:
        """Put a server on trial that was just made."""
        process: Any = cls(server)
        object.__setattr__(server, "_process", process)
        if isinstance(server, LiveView):
            server._page.process = process
        return server

    def prepare(self) -> None:
        """Call `init`."""
        self._is_prepared = True
        _run_on_trial(self.server, self.server.init, **self.arguments)

    @classmethod
    def spawn(cls, kind: type[S], arguments: Mapping[str, Any], name: Hashable | None) -> S:
        """Make a process that does not run until somebody keeps it."""
        server = cls.of(kind())
        server._process.arguments, server._process.name = arguments, name
        return server

    async def ask(self, server: GenServer, callback: str, timeout: float | None, request: Any) -> Any:
        """Have a process answer here and now: its loop stands still until the trial is over."""
        its = server._process
        if callback != "handle_call":
            raise _CannotTryError(f"it changes the children of {_called(server)}")
        if not isinstance(its, _TrialProcess):
            its.check()
        elif not its._is_prepared:
            its.prepare()
        answer = asyncio.get_running_loop().create_future()
        token = _at_work.set(server)
        try:
            result = _call_with_fewer(server.handle_call, request, Sender(self, answer))
            if should_await(result):
                result = await result
            return await answer if result is NO_REPLY else result
        finally:
            _at_work.reset(token)


def _run_on_trial(server: GenServer, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> None:
    """Call a `mount` or `init`. What is async is awaited in a thread with a loop of its own: nothing of the page may
    happen between the old code and the new."""

    async def wait(result: Any) -> Any:
        return await asyncio.wait_for(result, timeout=5.0)

    def begin() -> None:
        _at_work.set(server)
        result = function(*arguments, **named)
        if should_await(result):
            with concurrent.futures.ThreadPoolExecutor(1) as executor:
                executor.submit(contextvars.copy_context().run, asyncio.run, wait(result)).result()

    contextvars.copy_context().run(begin)


# ---------------------------------------------------------------------------------------------------------------------
# Server: addresses, start and end.
# Owns what `start` and `mount` were given, the routes in NiceGUI's application, and what runs before the first page.
#
# The life of a server. `start` puts what it was given into `_Settings`, which checks it and knows what to serve. The
# `_Server` listens, so that nobody else gets its port, and has NiceGUI serve: here, or in a thread. When the loop runs,
# it starts the applications of `plug` and the processes of `children`; who asks for a page meanwhile waits. A further
# call of `start` changes all of it, by the rules of a save. In the end pages are closed while their browsers are still
# connected, then processes end, the last first; NiceGUI's application is what it was, and `start` may be called again.
#
# The life of a request. The `_HostGuard` refuses it if it comes from where a page of somebody else sent it. A page
# class is a route of NiceGUI's application. Functions of `controller` and applications of `plug` are routes of a router
# of their own, which that of NiceGUI's application asks where nothing else answers.
# ---------------------------------------------------------------------------------------------------------------------

_DEFAULT_PORT = 4000
_given_on_command_line: dict[str, Any] = {}
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class _PlugRoute(Mount):
    """An application of `plug`: at its path and below."""

    def matches(self, scope: Any) -> tuple[Match, Any]:
        """Whether it answers, and what it adds to the request."""
        is_at_its_path = scope["path"].removeprefix(scope.get("root_path", "")) == self.path
        return super().matches({**scope, "path": scope["path"] + "/"} if is_at_its_path else scope)

    async def handle(self, scope: Any, receive: Any, send: Any) -> None:
        """Have the application answer, with what its lifespan gives to all of its requests."""
        await _server.await_processes()
        state = _server.applications.states.get(id(self.app))
        await self.app({**scope, "state": dict(state or {})}, receive, send)


class _Routes:
    """What is served where: pages as routes of NiceGUI's application, controllers and other applications otherwise."""

    def __init__(self) -> None:
        self.views: dict[str, _LiveRoute] = {}
        self.paths: list[str] = []  # of all that the program serves

    def change(self, settings: _Settings, undo: _UndoLog) -> None:
        """Serve what the settings say and nothing else, as after a fresh start; open pages get their new class."""
        before, routes = dict(self.views), core.app.router.routes
        undo.keep(self.views)
        undo.on_undo(functools.partial(routes.__setitem__, slice(None), list(routes)))
        undo.set(self, "paths", sorted({*settings.views, *settings.controllers, *settings.plugs}))
        for path in before:
            core.app.remove_route(path)
        self.views.clear()
        for path, route in {**settings.views, **settings.tools}.items():
            self.views[path] = self._successor(path, before[path].view, route, undo) if path in before else route
            nicegui_page(path, response_timeout=60.0)(_page_function(self, path))
        controllers = [
            Route(path, functools.partial(_answer_with, function), methods=_METHODS)
            for path, function in settings.controllers.items()
        ]
        plugs = sorted(settings.plugs.items(), key=lambda plug: -len(plug[0]))  # the nearest path wins
        otherwise = [*controllers, *(_PlugRoute(path.rstrip("/"), plug) for path, plug in plugs)]
        undo.set(core.app.router, "default", Router(otherwise))

    def _successor(self, path: str, old: type[LiveView], route: _LiveRoute, undo: _UndoLog) -> _LiveRoute:
        """Have the class that was at a path become the one that is there now, in open pages and in the program, too."""
        view = route.view
        new = _update(old, view, undo) if view is not old else old
        namespace = vars(sys.modules["__main__"])
        names = [name for name, value in namespace.items() if value is view is not new]
        if names:
            undo.keep(namespace)
            namespace.update(dict.fromkeys(names, new))
        for page in _open_pages:
            if type(page.view) is old is not new and page.navigation.route == path:
                undo.other_classes.append(page.view)
                object.__setattr__(page.view, "__class__", new)
                undo.on_undo(functools.partial(object.__setattr__, page.view, "__class__", old))
        return route._replace(view=new)


def _page_function(routes: _Routes, path: str) -> Callable[..., Any]:
    """What NiceGUI calls to build a page of `path`."""

    async def build(request: Request, client: Client) -> Response | None:
        params = {**request.query_params, **{name: str(value) for name, value in request.path_params.items()}}
        await _server.await_processes()
        view = routes.views[path].view()
        if _is_tool(path) and not _development.shows_to(request):
            client.delete()
            return await _nicegui_404(request, HTTPException(404))
        try:
            try:
                view._page.flash = _flashes.take(request.cookies.get(_FLASH_COOKIE, "")) or {}
                await view._page.open(client, routes.views, params, dict(request.session))
            finally:
                _save_session(request, view._page.session)
            _server.reloader.show_failure_in(view._page)
            if _server.failure is not None:
                view._page.show_error(_server.failure)
            return None
        except BaseException as error:
            if not client.is_deleted:
                client.delete()
            if isinstance(error, _Redirected):
                return _redirection(error, request)
            if isinstance(error, asyncio.CancelledError):
                return Response("The page was closed before it was ready.", status_code=503)
            if not isinstance(error, Exception):
                raise
            log.error("%s could not be opened", path, exc_info=error)
            return _error_response(_development.html_of(error, request), request)

    build.__annotations__ = {"request": Request, "client": Client}
    return build


def _error_response(html: str, request: Request, status: int = 500) -> Response:
    return HTMLResponse(_error_page(html, _development.generation, _prefix_of(request)), status_code=status)


def _save_session(request: Request, session: dict[str, Any]) -> None:
    """Have the answer to a request set the session."""
    if dict(request.session) != session:
        request.session.clear()
        request.session.update(session)


def _redirection(redirected: _Redirected, request: Request) -> Response:
    response = RedirectResponse(_below(request, redirected.url), status_code=303)
    if redirected.flash:
        response.set_cookie(_FLASH_COOKIE, _flashes.put(dict(redirected.flash)), max_age=60, samesite="lax")
    return response


async def _set_session(request: Request) -> Response:
    """Set the session that a page has given, and go on to where it says."""
    nothing: tuple[Any, Any, Any, str] = (_ABSENT, {}, {}, "")
    owner, session, flash, url = _sessions.take(request.path_params["token"]) or nothing
    if session is not None and owner != request.session.get("id"):
        return Response("This link is of no use any more.", status_code=410, media_type="text/plain")
    if session is not None:
        kept = {"id": request.session["id"]} if "id" in request.session else {}
        _save_session(request, {**kept, **session})
    return _redirection(_Redirected(url, flash), request)


async def _note_closed(request: Request) -> Response:
    """A tab says that it is closed."""
    client = Client.instances.get(request.query_params.get("client_id", ""))
    if isinstance(client, _PageClient):
        background_tasks.create(client.end_soon(), name="playground ends a page")
    return Response(status_code=204)


def _below(request: Request, url: str) -> str:
    """An address of this server where an application of somebody else has it; NiceGUI does so for a proxy."""
    is_own = url.startswith("/") and not url.startswith("//")
    return str(request.scope.get("root_path", "")) + url if is_own else url


def _prefix_of(request: Request) -> str:
    """What a browser has to put before the addresses of this server."""
    return quote(request.headers.get("X-Forwarded-Prefix", "") + request.scope.get("root_path", ""))


class _Presenter:
    """Tells the presenter from the audience, who see no source, variables and tools, and hold back no save.

    The presenter is who uses this machine itself, unless something in front makes everybody look so; and who has come
    with the token in the address once, which a cookie keeps.
    """

    NAME = "presenter"  # of the parameter

    def __init__(self, settings: _Settings, *, trusts_this_machine: bool) -> None:
        self._settings, self.trusts_this_machine = settings, trusts_this_machine

    @functools.cached_property
    def token(self) -> str:
        """What makes a browser the presenter's; the same after a restart."""
        secret = self._settings.secret_key or _kept_secret()
        return hashlib.blake2b(secret.encode(), person=b"presenter", digest_size=12).hexdigest()

    def is_presenter(self, request: HTTPConnection) -> bool:
        """Whether the presenter has sent a request."""
        forwarded = any(name == "forwarded" or name.startswith("x-forwarded-") for name in request.headers)
        address = _address_of(request.client.host) if request.client is not None else None
        if self.trusts_this_machine and not forwarded and address is not None and address.is_loopback:
            return True
        return self._is_token(request.cookies.get("playground_presenter"))

    def _is_token(self, given: str | None) -> bool:
        return given is not None and secrets.compare_digest(given.encode(), self.token.encode())

    def take_token(self, request: Request) -> Response | None:
        """Keep the token of an address in a cookie, and lead to the address without it; None if there is none."""
        if not self._is_token(request.query_params.get(self.NAME)):
            return None
        url = request.url.remove_query_params(self.NAME)  # a proxy may know it by another scheme and name
        place = "/" + url.path.lstrip("/") + (f"?{url.query}" if url.query else "")
        response = RedirectResponse(place, status_code=303)
        response.set_cookie("playground_presenter", self.token, httponly=True, samesite="lax", max_age=30 * 86400)
        return response


def _kept_secret() -> str:
    """A random text that this script keeps for itself, so that what is signed with it lasts over a restart."""
    path = Command.log_directory() / "secret"
    with contextlib.suppress(OSError), open(path, opener=_open_own) as file:
        return file.read()
    secret = secrets.token_hex()
    with contextlib.suppress(OSError):  # then it lasts as long as the program
        _write_own(path, secret.encode())
    return secret


def _open_own(path: str, flags: int) -> int:
    """Open a file that nobody but this user can have written."""
    descriptor = os.open(path, flags | getattr(os, "O_NOFOLLOW", 0))
    status = os.fstat(descriptor)
    if os.name == "posix" and (
        not stat.S_ISREG(status.st_mode) or status.st_mode & 0o077 or status.st_uid != os.getuid()
    ):
        os.close(descriptor)
        raise PermissionError(f"{path} is not a file that this user alone can read and write")
    return descriptor


def _write_own(path: pathlib.Path, content: bytes) -> None:
    """Write a file that nobody but this user can read."""
    path.parent.mkdir(0o700, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)


class _HostGuard:
    """Refuses what a page of somebody else has a browser send: requests under a name that was made to lead here (DNS
    rebinding), and WebSockets from other origins, which browsers allow.

    :param settings: what the server listens on, and names besides addresses and those of this machine; without these
        any will do, since something in front looks at them
    :param presenter: takes the token of an address
    """

    def __init__(self, app: Any, settings: _Settings, presenter: _Presenter) -> None:
        self._app, self._presenter = app, presenter
        self._takes_any = settings.allowed_hosts is None
        self._given = {host.lower() for host in settings.allowed_hosts or ()}
        name = socket.gethostname().lower()
        self._own = {"localhost", name, f"{name}.local", settings.host.lower()}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        refusal = self._refusal(scope) if scope["type"] in ("http", "websocket") else None
        if refusal is None:
            answer = self._presenter.take_token(Request(scope)) if scope["type"] == "http" else None
            await (answer or self._app)(scope, receive, send)
        elif scope["type"] == "http":
            await PlainTextResponse(refusal, status_code=421)(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})

    def _refusal(self, scope: Any) -> str | None:
        headers = Headers(scope=scope)
        host, origin = headers.get("host", ""), headers.get("origin")
        if not self._takes_any and not self._is_ours(_host_name(host)):
            return f"This server is not {host!r:.80}. If it is, give start(allowed_hosts=[...]) this name."
        if origin is not None and "/_nicegui_ws/" in scope["path"]:
            source = origin.partition("://")[2]
            if source != host and _host_name(source) not in self._given:
                return f"Pages of {origin!r:.80} must not connect to this server."
        return None

    def _is_ours(self, name: str) -> bool:
        is_known = name in self._own | self._given or name.endswith(".localhost")
        return is_known or _address_of(name) is not None


def _host_name(host: str) -> str:
    """The name or address in front of a port."""
    with contextlib.suppress(ValueError):
        return urlsplit(f"//{host}").hostname or ""
    return ""


def _address_of(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that is meant; None if it is the name of a host or of a socket."""
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(name)
    return None


def _listen(host: str, port: int | None) -> socket.socket:
    """A socket that listens there from now on, so that nobody else can; by default at the first port that is free."""
    if port is not None and not (isinstance(port, int) and 0 < port < 65536):
        raise ValueError(f"A port is a number from 1 to 65535, not {port!r}")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in range(_DEFAULT_PORT, _DEFAULT_PORT + 100) if port is None else (port,):
        try:
            listening = socket.create_server((host, candidate), family=family, dualstack_ipv6=host == "::")
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise OSError(f"Cannot listen on {host}, port {candidate}: {error.strerror or error}") from error
        else:
            if port is None and candidate != _DEFAULT_PORT:
                print(f"playground: port {_DEFAULT_PORT} is taken, using {candidate}", flush=True)
            return listening
    advice = "Stop the other program, give another port, or leave `port` away to have a free one chosen."
    raise OSError(f"Port {port or f'{_DEFAULT_PORT} to {candidate}'} of {host} is taken. {advice}")


def _paths_of(given: Any, what: str) -> dict[str, Any]:
    """A dictionary of paths, also of what is given alone."""
    targets = given if isinstance(given, Mapping) else {"/": given} if given is not None else {}
    for path, target in targets.items():
        _check_path(path)
        if not callable(target) or isinstance(target, type):
            raise TypeError(f"{what} at {path!r} has to be a function or an application, not {target!r:.80}")
    return dict(targets)


class _Applications:
    """The applications of `plug` while they run."""

    def __init__(self) -> None:
        self.states: dict[int, Any] = {}  # what they give to all of their requests
        self._plugs: Mapping[str, Any] = {}
        self._running: asyncio.Task[None] | None = None

    async def follow(self, plugs: Mapping[str, Any]) -> None:
        """Have these run, and no others."""
        if plugs == self._plugs:
            return
        if self._running is not None:
            self._running.cancel()
            await asyncio.wait([self._running], timeout=5.0)
        self._plugs, started = {}, asyncio.get_running_loop().create_future()
        self._running = asyncio.create_task(self._run(plugs, started), name="playground plug")
        await asyncio.wait([self._running, started], return_when=asyncio.FIRST_COMPLETED)
        if not started.done():
            self._running.result()
        self._plugs = plugs

    async def _run(self, plugs: Mapping[str, Any], started: asyncio.Future[None]) -> None:
        """Run what they want to have run around them, until cancelled."""
        async with contextlib.AsyncExitStack() as stack:
            for plug in plugs.values():
                if isinstance(router := getattr(plug, "router", None), Router):
                    self.states[id(plug)] = await stack.enter_async_context(router.lifespan_context(plug))
            started.set_result(None)
            with contextlib.suppress(asyncio.CancelledError):  # they end as with a server of their own
                await asyncio.Event().wait() if plugs else None


def _renew_routes(routes: list[Any], before: list[Any]) -> None:
    """Have the routes that a save has added take the place of those that the same functions had."""
    known = {id(route) for route in before}
    added = {_handler_of(route): route for route in routes if id(route) not in known}
    routes[:] = [*(added.pop(_handler_of(route), route) for route in before), *added.values()]


def _handler_of(route: Any) -> Any:
    """What a function and where it answers are known by, whatever object it is after a save."""
    function: Any = getattr(route, "endpoint", None)
    if not isinstance(function, types.FunctionType):
        return id(route)
    return function.__module__, function.__qualname__, route.path, str(getattr(route, "methods", None))


_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


async def _answer_with(controller: Callable[..., Any], request: Request) -> Response:
    """Have a controller answer: on the loop if it is async, else in a thread."""
    await _server.await_processes()
    try:
        call = functools.partial(_call_with_fewer, controller, request)
        answer = call() if inspect.iscoroutinefunction(controller) else await asyncio.to_thread(call)
        return _as_response(await answer if inspect.isawaitable(answer) else answer, request)
    except HTTPException:
        raise
    except _FAILURES as error:
        error.add_note(_LABEL + getattr(controller, "__name__", "the controller"))
        log.error("The controller of %s failed", request.url.path, exc_info=error)
        return _error_response(_development.html_of(error, request), request)


def _as_response(answer: Any, request: Request) -> Response:
    """What a controller has returned, as a response."""
    if isinstance(answer, Response):
        return answer
    if not isinstance(answer, str):
        return JSONResponse(answer)
    if not answer.lstrip().startswith("<"):
        return PlainTextResponse(answer)
    reloads = _reload_script(_development.generation, _prefix_of(request)) if _server.settings.live_reload else ""
    return HTMLResponse(answer + reloads)


# Seconds that a page waits for a browser that is cut off, and how many messages can be sent again to one that was
# silent for 15 s: more than that, and it loads the page anew.
_PATIENCE: dict[str, Any] = {"reconnect_timeout": 60.0, "message_history_length": 10_000}
_QUIETLY = {"show": False, "reload": False, "show_welcome_message": False, "timeout_graceful_shutdown": 1}


class _Root(Supervisor):
    """The supervisor of what `start(children=...)` names."""

    def _kind(self) -> str:
        return "start(children=...)"

    def _gave_up(self, error: RestartsExceededError) -> None:
        _server.fail(error)


@dataclasses.dataclass(kw_only=True)
class _Settings:
    """What `start` or `mount` was given: see there. It is checked, and knows what is served where."""

    live: Any = None
    controller: Any = None
    plug: Any = None
    children: Sequence[Any] = ()
    on_mount: Sequence[Callable[..., Any]] = ()
    host: str = ""
    port: int | None = None
    open_browser: bool = False
    live_reload: bool = True
    resume: bool = True
    debug_errors: bool = True
    title: str = "Playground"
    style: str = "stage"
    dark: bool | None = None
    pubsub: str | None = None
    secret_key: str | None = None
    share: bool = False
    stage: bool = False
    show_code: bool | None = None
    allowed_hosts: Sequence[str] | None = None
    block: bool | None = None
    options: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def __post_init__(self) -> None:
        self.plugs = _paths_of(self.plug, "plug")
        has_pages = self.live is not None or not (self.controller or self.plugs)
        self.views = _check_live(self.live) if has_pages else {}
        self.stage = self.stage and self.debug_errors
        pages, children = _stage()["setup"](self) if self.stage or self.share or self.show_code else ({}, [])
        self.tools = {path: _LiveRoute(view) for path, view in pages.items()}
        self.children = [*(child for child in self.children if child not in children), *children]
        Supervisor._specs(self.children)
        self.controllers = _paths_of(self.controller, "The controller")
        _check_choice("style", self.style, "stage", "plain")
        for path in self.controllers.keys() & self.views.keys():
            raise ValueError(f"{path!r} has a page and a controller. Give one another: controller={{'/path': ...}}")

    def allow_others(self) -> None:
        """Have other machines reach the server, if it is to be shared; nobody can guess what signs their sessions."""
        if self.share:
            self.host = "0.0.0.0" if self.host == "127.0.0.1" else self.host
            self.secret_key = self.secret_key or _kept_secret()
        elif self.host not in _LOOPBACK and not self.secret_key:
            text = "Others can reach %s, and could guess what signs the session cookie: give start() a secret_key."
            log.warning(text, self.host)

    @property
    def protocol(self) -> str:
        return "https" if self.options.get("ssl_certfile") and self.options.get("ssl_keyfile") else "http"

    @property
    def url(self) -> str:
        """The address of the first page."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)
        return f"{self.protocol}://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def shared_url(self) -> str:
        """The address for others."""
        return f"{self.protocol}://{_address_for_others()}:{self.port}"

    @property
    def storage_secret(self) -> str:
        """The key for the session cookie: by default one that stays the same for this machine, user and script."""
        if self.secret_key:
            return self.secret_key
        known = f"{uuid.getnode()} {getpass.getuser()} {os.path.abspath(sys.argv[0])}"
        return hashlib.sha256(known.encode()).hexdigest()


# what further calls of `start` change
_CHANGING = ("live", "controller", "plug", "children", "on_mount", "title", "style", "dark")


class _Server:
    """The server of this program: there is one, however often `start` is called, until it is stopped."""

    def __init__(self, settings: _Settings, script: _Module | None, mounted_in: FastAPI | None = None) -> None:
        self.settings = settings
        self.reloader = _Reloader(script)
        self.mounted_in = mounted_in  # the application of somebody else
        self.routes = _Routes()
        self.applications = _Applications()
        self.listening: socket.socket | None = None  # from the start on
        self.root: _Root | None = None
        self.following: asyncio.Task[None] | None = None  # brings the processes to what `children` says
        self.failure: Exception | None = None  # why they do not run
        self.app: App | None = None
        self.hang_watch: _HangWatch | None = None
        self.restart = _Restart()

    def prepare(self) -> None:
        """Have everything ready that is needed to serve."""
        global _server
        _server = self
        _refuse_elements_of_no_page()
        _development.is_serving, _development.shows_errors = True, self.settings.debug_errors
        _development.is_live, _development.has_stage = self.settings.live_reload, self.settings.stage
        _development.shows_code = self.settings.share or bool(self.settings.show_code)
        _set_style(self.settings.style, _UndoLog())
        application = core.app
        trusts = self.mounted_in is None and not self.settings.allowed_hosts
        self.presenter = _Presenter(self.settings, trusts_this_machine=trusts)
        _development.is_presenter = self.presenter.is_presenter
        application.add_middleware(_HostGuard, settings=self.settings, presenter=self.presenter)
        _Hooks.for_all = self.settings.on_mount
        self.routes.change(self.settings, _UndoLog())
        application.add_route("/_playground/generation", _tell_generation)
        application.add_route(_SESSION_PATH + "/{token}", _set_session)
        application.add_exception_handler(404, _answer_404)
        application.add_route("/_playground/closed", _note_closed, methods=["POST"])
        _hear_of_the_application()

    def run(self) -> App | None:
        """Serve until Ctrl-C."""
        settings = self.settings
        router, middleware = core.app.router, list(core.app.user_middleware)
        routes, otherwise = list(router.routes), router.default
        try:
            self.prepare()
            Server.startup = _startup  # type: ignore[method-assign,assignment]
            Server.shutdown = _shutdown  # type: ignore[method-assign,assignment]
            Server.handle_exit = _handle_exit  # type: ignore[method-assign,assignment]
            with contextlib.suppress(KeyboardInterrupt):
                given = ("host", "port", "title", "dark", "storage_secret")
                options = {name: getattr(settings, name) for name in given}
                options["ws_per_message_deflate"] = settings.host not in _LOOPBACK  # there it costs more than it saves
                ui.run(**{**options, **_QUIETLY, **_PATIENCE, **settings.options})
        finally:  # another server may be started
            _development.is_serving = False
            router.routes[:], router.default = routes, otherwise
            core.app.user_middleware[:], core.app.middleware_stack = middleware, None
            nicegui_run.reset()
        if self.failure is not None and not settings.live_reload:
            sys.exit(1)  # what supervises the program can act
        return None

    def run_in_thread(self) -> App:
        """Serve while the caller goes on."""
        thread = threading.Thread(target=self.run, name="playground", daemon=True)
        self.app = App(self, thread)
        thread.start()
        while not core.app.is_started:
            time.sleep(0.01)
            if not thread.is_alive():
                raise RuntimeError("The server could not be started; the log says why.")
        asyncio.run_coroutine_threadsafe(self.await_processes(), typing.cast(Any, core.loop)).result()
        self.reloader.follow_cells(self._change_on_loop)
        return self.app

    def change(self, settings: _Settings) -> App | None:
        """Be what a further call of `start` says."""
        for name in ("host", "port", "secret_key", "pubsub") if not settings.share else ():
            value, now = getattr(settings, name), getattr(self.settings, name)
            if value is not None and value != now:
                print(f"playground: {name} stays {now!r} until the program is started anew", flush=True)
        reloader = self.reloader
        if reloader.undo is not None:
            self.change_to(settings, reloader.undo)
            if self.app is None and self.mounted_in is None:
                raise _Started
        elif self.app is None or self.app.thread is threading.current_thread():
            raise RuntimeError("start() serves already; it can be called once in a program.")
        else:

            def evaluate(undo: _UndoLog) -> None:
                reloader.adopt(undo)
                routes = [*self.settings.views.values(), *settings.views.values()]
                undo.moves |= {route.view.render.__code__.co_filename: {} for route in routes}
                self.change_to(settings, undo)

            self._change_on_loop(evaluate)
        return self.app

    def _change_on_loop(self, evaluate: Callable[[_UndoLog], object]) -> None:
        async def change() -> None:
            try:
                self.reloader.change(evaluate)
            except _CannotFollowError as error:  # whoever is at the prompt sees what the page cannot do
                raise next(iter(error.args[0].values())) from None

        asyncio.run_coroutine_threadsafe(change(), typing.cast(Any, core.loop)).result()

    def change_to(self, settings: _Settings, undo: _UndoLog) -> None:
        """Serve something else, in the same place."""
        undo.set(core.app.config, "title", settings.title)
        undo.set(core.app.config, "dark", settings.dark)
        _set_style(settings.style, undo)
        changed = dataclasses.replace(self.settings, **{name: getattr(settings, name) for name in _CHANGING})
        undo.set(self, "settings", changed)
        undo.set(_Hooks, "for_all", changed.on_mount)
        self.routes.change(changed, undo)

    def routers(self) -> list[tuple[list[Any], list[Any]]]:
        """The lists of routes of the applications that are served, and what is in them now."""
        routers = [getattr(plug, "router", None) for plug in (*self.settings.plugs.values(), self.mounted_in)]
        return [(router.routes, list(router.routes)) for router in routers if isinstance(router, Router)]

    # -- what runs

    def begin(self) -> None:
        """The loop runs."""
        _look_for_browsers()
        log.addFilter(_error_log)
        logging.getLogger("nicegui").addFilter(_error_log)
        if self.settings.debug_errors:
            _BrowserLog.install()
        if _redis is not None:
            background_tasks.create(_redis.run(), name="playground redis")
        self.hang_watch = _HangWatch()
        self.reloader.when_changed = self._follow
        self._follow()
        if self.settings.live_reload:
            self.reloader.watch()
            if self.settings.resume:
                self.restart.begin(self.settings.port)
        if self.mounted_in is None:
            print(f"playground: {self.settings.url}", flush=True)
            has_display = not sys.platform.startswith("linux") or os.environ.keys() & {"DISPLAY", "WAYLAND_DISPLAY"}
            if self.settings.open_browser and has_display:
                first = next((path for path in self.settings.views if "{" not in path), "/")
                background_tasks.create(self.restart.open_browser(f"{self.settings.url}{first}"))
        if self.settings.share:
            url = self.settings.shared_url
            print(f"{_qr_text(url)}\nplayground: {url} for others", flush=True)
        if self.settings.debug_errors and (self.settings.share or not self.presenter.trusts_this_machine):
            where = f"{self.settings.shared_url}/" if self.settings.share else "with an address that ends in "
            print(f"playground: {where}?presenter={self.presenter.token} shows you errors and tools", flush=True)

    def _follow(self) -> None:
        self.following = background_tasks.create(self._bring_processes(self.following), name="playground children")

    async def _bring_processes(self, before: asyncio.Task[None] | None) -> None:
        """Have the processes run that `children` names, and those that changed supervisors name."""
        if before is not None:
            await asyncio.wait([before])
        self.failure = None
        try:
            await self.applications.follow(self.settings.plugs)
            if self.root is None or not self.root._process.alive:
                self.root = _Root.start(children=self.settings.children)
                await self.root
            self.root.children = self.settings.children
            for supervisor in [server for servers in _running.values() for server in servers]:
                if isinstance(supervisor, Supervisor) and supervisor._process.alive:
                    await supervisor._follow()
        except Exception as error:
            log.error("The processes could not be started.", exc_info=error)
            self.fail(error)

    def fail(self, error: Exception) -> None:
        """Show in all pages why processes do not run; without reload nothing starts them again, so end the program."""
        self.failure = error
        for page in list(_open_pages):
            page.show_error(error)
        if self.settings.live_reload or self.app is not None:
            return
        log.critical("The processes do not run any more, so the program ends.")
        if self.mounted_in is None:
            core.app.shutdown()
        else:
            os.kill(os.getpid(), signal.SIGTERM)  # whatever serves, it ends, and can be started again

    async def await_processes(self) -> None:
        """Wait until what `children` names has started, or failed to."""
        if self.following is not None:
            await asyncio.wait([self.following])

    async def end(self) -> None:
        """End the pages, and then what `children` names, the last first."""
        self.restart.save()
        self.reloader.stop()
        ending = [task for page in list(_open_pages) if (task := page.close("shutdown"))]
        if ending:
            await asyncio.wait(ending, timeout=0.5)
        if self.following is not None:
            self.following.cancel()
        if self.root is not None:
            await self.root._process.shut_down("shutdown", None)
            self.root = None
        await Command.stop_all()
        await self.applications.follow({})


def _set_style(style: str, undo: _UndoLog) -> None:
    """Have pages look as `style` says; colours that the program has set itself stay."""
    undo.set(_development, "style", style)
    colors: dict[str, str] = core.app.config.quasar_config["brand"]
    undo.keep(colors)
    others = _STAGE_COLORS if style == "stage" else {after: before for before, after in _STAGE_COLORS.items()}
    colors.update({name: others.get(color, color) for name, color in colors.items()})


_HOME = pathlib.Path(__file__).resolve().parent
_EXAMPLES = _HOME / "examples"


@functools.cache
def _stage() -> dict[str, Any]:
    """The program with the tools of the stage, which is written with what is public here."""
    return runpy.run_path(str(_EXAMPLES / "stage.py"), run_name=_STAGE)


_server: _Server  # set by `start` and `mount`


@functools.cache
def _hear_of_the_application() -> None:
    """Have NiceGUI's application tell of its start, its end, and what pages say; it does so as long as it lives."""
    core.app.on_startup(lambda: _server.begin() if _development.is_serving else None)  # not for `visit`
    core.app.on_shutdown(_end_server)
    core.app.on_exception(_show_in_page_at_work)
    core.app.on_connect(lambda client: _server.restart.offer(client) if _development.is_serving else None)
    core.sio.on("playground")(_act)
    _refuse_malformed_messages()


_nicegui_404 = typing.cast(Callable[..., Awaitable[Response]], core.app.exception_handlers[404])


async def _answer_404(request: Request, error: Exception) -> Response:
    """Say which pages there are."""
    path, prefix = request.url.path, _prefix_of(request)
    if not _development.shows_to(request) or path.startswith("/_"):
        return await _nicegui_404(request, error)
    links = "".join(
        f"<p>{escape(route)}</p>" if "{" in route else f'<p><a href="{escape(prefix + route)}">{escape(route)}</a></p>'
        for route in _server.routes.paths
    )
    links += f'<p><a href="{escape(prefix)}/_playground/">Tools</a></p>' if _development.has_stage else ""
    told = str(getattr(error, "detail", "Not Found"))
    title = f"There is no page at {unquote(path)}" if told == "Not Found" else told  # by a controller
    html = f'<h1>{escape(title)}</h1><p class="message">There are:</p>{links}'
    return _error_response(html, request, 404)


async def _tell_generation(request: Request) -> Response:
    """Answer when the program has changed: a page that could not be opened waits for that."""
    known = request.query_params.get("known")
    for _ in range(500):
        is_ending = core.app.is_stopping or getattr(getattr(Server, "instance", None), "should_exit", False)
        if str(_development.generation) != known or is_ending:
            break
        await asyncio.sleep(0.05)
    return Response(str(_development.generation), media_type="text/plain")


def _act(_: str, message: Any) -> Any:
    """Do what the JavaScript of a page asks for; returns what to answer."""
    client = Client.instances.get(str(message.get("client_id"))) if isinstance(message, dict) else None
    page = next((page for page in _open_pages if page.client is client), None)
    if page is None:
        return None
    match message:
        case {"action": "received"}:
            return page.client.received
        case {"action": "recover", "fields": list(fields), "done": list(done)}:
            return _bring_back(page, fields, done)
        case {"action": "terminal", "id": int(id_)} if isinstance(page.client.elements.get(id_), terminal):
            typing.cast(terminal, page.client.elements[id_]).told(message)
        case {"action": "follow", "uri": str(uri), "link": str(link)} if re.match("/(?!/)", uri):
            has_seen_page = message.get("seen") == page.client.successions
            kind, _, replace = link.partition(" ")
            page.navigation.follow(uri, kind if has_seen_page else "navigate", replace=bool(replace))
        case {"action": "left", "id": int(id_)} if isinstance(page.client.elements.get(id_), ValueElement):
            field = typing.cast("ValueElement[Any]", page.client.elements[id_])
            page.client.typed.note(field, None, asked=False)
            field.update()
        case {"action": "push", "name": str(name), "params": dict(params)}:
            return page.pushed(name, params)
        case _ if _development.shows_to(page.client.request):
            _act_for_presenter(page, message)
    return None


def _act_for_presenter(page: _Page, message: dict[str, Any]) -> None:
    """Do what was clicked in the overlay, in a tool, or in the page with `c` held down."""
    match message:
        case {"action": "tool", "name": str(name)}:
            _deliver(_TOOLS, (page.view, name))
        case {"action": "dismiss"}:
            page.forget_failed(page.failed)
        case {"action": "replay"}:
            page.replay()
        case {"action": "remount"}:
            _server.reloader.remount([page])
        case {"action": "remount in the way"} if _server.reloader.failure is not None:
            _server.reloader.remount(list(_server.reloader.failure[1]))
        case {"action": "resume"}:
            _server.restart.bring_back(page.view)
        case {"action": "edit", "file": str(file), "line": int(line)} if _may_be_edited(file):
            _open_in_editor(page, file, line)
        case {"action": "locate", "ids": list(ids)}:
            nodes = (page.rendering.node_of(id_) for id_ in ids if isinstance(id_, int))
            if node := next(filter(None, nodes), None):
                _open_in_editor(page, node.code.co_filename, node.line)


class App:
    """A server that runs while the prompt, the notebook or the script that started it goes on.

    .. code-block:: python

        app = playground.start(live=Counter, block=False)
        app.views[0].count = 7  # shows at once
    """

    def __init__(self, server: _Server, thread: threading.Thread) -> None:
        self._server, self.thread = server, thread

    @property
    def url(self) -> str:
        """The address of the first page."""
        return self._server.settings.url

    @property
    def views(self) -> list[LiveView]:
        """The page objects of all pages that are open now, the oldest first."""
        return [page.view for page in list(_open_pages) if page.client.has_socket_connection]

    def stop(self) -> None:
        """End the pages and the server; `start` may be called again."""
        if _server is self._server and self.thread.is_alive():
            core.app.shutdown()
        if self.thread is not threading.current_thread():
            self.thread.join(10)

    def __repr__(self) -> str:
        return f"<playground at {self.url}, {len(self.views)} open>"

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        return f'<iframe src="{self.url}" style="width: 100%; height: 400px; border: 1px solid #8884"></iframe>'


# -- a restart: what the pages knew when the program ended is offered to the tabs that come back


class _Restart:
    """Keeps what the open pages know in a file when the program ends, for the tabs that come back to the next one.

    Pickles can do anything, so they are read only from a file that nobody but this user can have written. A tab names
    its page by the random id that NiceGUI gives each tab.
    """

    LIFETIME = 3600.0  # seconds
    PATIENCE = 1.5  # seconds: how long a tab that was open may take to come back before another one is opened

    def __init__(self) -> None:
        self.path: pathlib.Path | None = None  # the file; None if nothing is to be kept
        self.pages: dict[str, Snapshot] = {}  # of the earlier program, by their tab
        self.offered: weakref.WeakKeyDictionary[LiveView, Snapshot] = weakref.WeakKeyDictionary()
        self.has_come_back = asyncio.Event()

    def begin(self, port: int | None) -> None:
        """Take what the program before has left."""
        self.path = Command.log_directory() / f"pages-{port}"
        try:
            with open(self.path, "rb", opener=_open_own) as file:
                self.pages = pickle.load(file)
        except FileNotFoundError:
            pass
        except Exception as error:
            log.warning("What the pages knew before is not used: %s", error)
        with contextlib.suppress(OSError):
            self.path.unlink()
        atexit.register(self.save)  # for a program that ends while its server runs in a thread

    def save(self) -> None:
        """Keep what the open pages know."""
        tabs = {str(page.client.tab_id): page.view for page in list(_open_pages) if page.client.tab_id}
        if self.path is None or not tabs:
            return
        path, self.path = self.path, None
        try:
            _write_own(path, pickle.dumps({tab: Snapshot.of(view, math.inf) for tab, view in tabs.items()}))
        except Exception as error:
            log.warning("What the pages know cannot be kept for the next start: %s", error)

    def offer(self, client: Client) -> None:
        """Offer a page of the presenter what the one before knew in its tab, if it has come back."""
        self.has_come_back.set()
        saved = self.pages.pop(str(client.tab_id), None)
        view = next((page.view for page in _open_pages if page.client is client), None)
        if view is None or saved is None or saved.view != type(view).__qualname__:
            return
        if time.time() - saved.time > self.LIFETIME or not _development.shows_to(client.request):
            return
        now, known, values = vars(view), saved.attributes(), saved.differing(view)
        lost = [name for name, cls in saved.lost.items() if name not in now or type(now[name]).__qualname__ != cls]
        lost += [name for name in saved.each if name not in known]
        if values or lost:
            self.offered[view] = saved
            text = f"The program was started anew. Bring back: {', '.join(values)}" if values else "Not kept"
            text += f" (not: {', '.join(lost)})" if lost else ""
            buttons = (_button("resume", "Bring back", "") if values else "") + _button("dismiss", "✕", "Dismiss")
            view._page.call_browser("showFixed", f"<strong>{escape(text)}</strong>{buttons}")

    def bring_back(self, view: LiveView) -> None:
        """Give a page what it was offered."""
        if (saved := self.offered.pop(view, None)) is not None:
            saved.restore(view)

    async def open_browser(self, url: str) -> None:
        """Open a page, unless a tab that was open comes back."""
        if self.pages:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.has_come_back.wait(), self.PATIENCE)
        if not self.has_come_back.is_set():
            await asyncio.to_thread(webbrowser.open, url)


# -- a program that hangs: a thread says where, and Ctrl-C interrupts it there


class _HangWatch:
    """Says which line of the user's blocks the event loop, in the terminal, and in the pages when it is over.

    Ctrl-C ends the server as soon as the loop comes round. If that is blocked, the second one interrupts what blocks
    it, and the third ends the program at once.
    """

    PATIENCE = 2.0  # seconds

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.thread = threading.get_ident()
        self.turn = threading.Event()  # set by the loop when it comes round
        self.presses = 0  # of Ctrl-C since then
        self.has_interrupted = False  # since then
        threading.Thread(target=self._watch, name="playground hang watch", daemon=True).start()

    def _watch(self) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has been closed
            while not self.loop.is_closed():
                self.turn.clear()
                self.loop.call_soon_threadsafe(self.turn.set)
                self._wait(time.monotonic())
                time.sleep(0.5)

    def _wait(self, began: float) -> None:
        patience, told = self.PATIENCE, ""
        while not self.turn.wait(patience) and not self.turn.wait(0.1):  # the program itself may have been stopped
            if self.loop.is_closed():
                return
            place, patience = self._place(), 2 * patience
            if place:
                told = f"{place} has blocked the server for %.0f s; await it, or use asyncio.to_thread"
                print(f"playground: {told % (time.monotonic() - began)} (Ctrl-C twice interrupts it)", flush=True)
        if told:
            self.loop.call_soon_threadsafe(self._tell_pages, told % (time.monotonic() - began))

    def _place(self) -> str:
        """The line of the user's that the loop runs now; empty if there is none, or if a debugger waits there."""
        frame, place = sys._current_frames().get(self.thread), ""
        while frame is not None and frame.f_globals.get("__name__") not in ("asyncio.base_events", "asyncio.runners"):
            if frame.f_globals.get("__name__") in ("bdb", "pdb"):
                return ""
            file = os.path.realpath(frame.f_code.co_filename)
            if not place and _server.reloader.modules.has(file):
                place = f"{os.path.basename(file)}:{frame.f_lineno} in {frame.f_code.co_name}"
            frame = frame.f_back
        return place

    def _tell_pages(self, text: str) -> None:
        html = f"<span>{escape(text)}</span>{_button('dismiss', '✕', 'Dismiss')}"
        for page in list(_open_pages):
            if _development.shows_to(page.client.request):
                page.call_browser("showCrash", html)

    def press(self, server: UvicornServer) -> None:
        """Do what Ctrl-C does; called by the signal, between two instructions of whatever runs."""
        self.presses += 1
        if self.presses == 1:
            self.loop.call_soon_threadsafe(self._come_round, server)
            if place := self._place():
                with contextlib.suppress(RuntimeError):  # it was in the middle of a print
                    print(f"playground: Ctrl-C once more interrupts {place}", flush=True)
        elif self.presses > 2:
            os._exit(128 + signal.SIGINT)
        elif self._place():
            self.has_interrupted = True
            raise _Interrupted("Ctrl-C has interrupted what blocked the server")

    def _come_round(self, server: UvicornServer) -> None:
        if not self.has_interrupted:
            UvicornServer.handle_exit(server, signal.SIGINT, None)
        self.presses, self.has_interrupted = 0, False


class _BrowserLog(logging.Handler):
    """Shows what the server logs in the console of every open page."""

    @classmethod
    @functools.cache
    def install(cls) -> None:
        """Add it to the root logger, which then no longer prints what nobody else handles: that is added, too."""
        root = logging.getLogger()
        if not root.handlers and logging.lastResort is not None:
            root.addHandler(logging.lastResort)
        root.addHandler(cls(logging.INFO))

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.startswith(("engineio", "socketio")):  # which would tell of the telling
            return
        level = "error" if record.levelno > logging.WARNING else "warn" if record.levelno > logging.INFO else "info"
        error = record.exc_info[1] if record.exc_info and record.name == log.name else None  # not of a page
        note = "" if error is None else _development.note_of(record.getMessage(), error)
        with contextlib.suppress(RuntimeError):  # the loop has been closed
            core.loop.call_soon_threadsafe(self._tell, level, self.format(record), note)  # type: ignore[union-attr]

    def _tell(self, level: str, text: str, note: str) -> None:
        for page in list(_open_pages):
            page.tell_console(level, text)
            if note and page.client.has_socket_connection and _development.shows_to(page.client.request):
                page.call_browser("showCrash", note)


def _may_be_edited(file: str) -> bool:
    """Whether it is a file of the program, or one that a report leads to: others are nobody's business."""
    return file in _development.told_files or _server.reloader.modules.has(os.path.realpath(file))


def _open_in_editor(page: _Page, file: str, line: int) -> None:
    """Open a line in the editor that PLAYGROUND_EDITOR names, or in that which the browser knows."""
    if not os.path.isfile(file):
        return
    if command := os.environ.get("PLAYGROUND_EDITOR"):
        arguments = [part.replace("{file}", file).replace("{line}", str(line)) for part in shlex.split(command)]
        try:
            subprocess.Popen(arguments, stdin=subprocess.DEVNULL, start_new_session=True)
        except OSError as error:
            log.error("PLAYGROUND_EDITOR=%s: %s", command, error)
    else:
        url = f"vscode://file/{os.path.abspath(file).lstrip('/')}:{line}"
        page.client.run_javascript(f"Object.assign(document.createElement('a'), {{href: {json.dumps(url)}}}).click()")


def start(
    live: _Live | None = None,
    *,
    controller: Callable[..., Any] | Mapping[str, Callable[..., Any]] | None = None,
    plug: Any = None,
    children: Sequence[Any] = (),
    on_mount: Sequence[Callable[..., Any]] = (),
    host: str = "127.0.0.1",
    port: int | None = None,
    open_browser: bool = True,
    live_reload: bool = True,
    resume: bool = True,
    debug_errors: bool = True,
    title: str = "Playground",
    style: str = "stage",
    dark: bool | None = None,
    pubsub: str | None = None,
    secret_key: str | None = None,
    share: bool = False,
    stage: bool = False,
    show_code: bool | None = None,
    allowed_hosts: Sequence[str] = (),
    block: bool | None = None,
    **options: Any,
) -> App | None:
    """Serve pages until Ctrl-C, and bring what is saved into all of them. (`PhoenixPlayground.start`)

    .. code-block:: python

        playground.start(live=Counter)
        playground.start(live={"/": Home, "/rooms/{name}": Room}, port=8000)
        playground.start(live={"/chat": Chat}, controller={"/": index}, plug={"/api": FastAPI()})

    A further call, from a saved file, a prompt or a cell of a notebook, changes all that is served, `children`,
    `title`, `style` and `dark`.

    :param live: a page class, or a dictionary of paths to page classes, or to one with its `live_action` there, such as
        `(Posts, "new")`; `{names}` in a path become `params` of `mount`
    :param controller: a function of the request, or a dictionary of paths to such: what it returns is the answer, a
        text (HTML if it begins with "<"), a response of FastAPI, or what becomes JSON. Plain ones run in a thread.
    :param plug: an ASGI application (FastAPI, Starlette) that answers where nothing else does, or a dictionary of the
        paths below which such are
    :param children: what runs under supervision from before the first page to after the last: GenServer classes, async
        functions, `(target, {arguments})` or `child_spec(...)`
    :param on_mount: functions that are called before `mount` of every page, as in `LiveView.on_mount`
    :param host: the address to listen on; the default is reachable from this machine only
    :param port: the port to listen on; by default 4000, or the next one that is free
    :param open_browser: whether to open the first page in a browser, if there is one
    :param live_reload: whether saved changes of the script, and of modules below its directory, show in the open pages
    :param resume: whether a page that comes back after a restart is offered what it knew before; in development only
    :param debug_errors: whether pages show errors with source and variables, or only that there was one
    :param title: title of pages that set no `page_title`
    :param style: how pages look: "stage" can be read from the last row, "plain" is as NiceGUI has it
    :param dark: dark mode; None follows the browser
    :param pubsub: the address of a Redis server, "redis://host:6379/0": broadcasts reach all servers that give
        the same; needs the extra `redis`
    :param secret_key: signs the session cookie; by default derived from machine, user and script
    :param share: whether to listen to other machines, with their address as a QR code here and at `/_playground/qr`;
        needs the extra `share`
    :param stage: whether there are the tools of the presenter: at `/_playground/`, what pages and messages do, and by
        Ctrl+Shift+Z on a page, the state before its last message; not with `debug_errors=False`
    :param show_code: whether all can read the program at `/_playground/code`; by default they can if `share` is set
    :param allowed_hosts: names under which a proxy makes the server known; others than these, `localhost`, addresses
        and the name of this machine are refused, since a page of somebody else could make them lead here
    :param block: whether to return only when the server has ended; by default not at a prompt (`python -i`, IPython)
        nor in a notebook, where the server runs in a thread
    :param options: further ones of `ui.run` and of uvicorn, such as `favicon`, `ssl_keyfile`, or `reconnect_timeout`,
        the seconds that a page waits for a browser that is cut off, by default 60
    :returns: with `block=False`, what has the `url`, the open `views`, and `stop()`
    :raises TypeError: if there is nothing to serve or something that is no page class
    :raises ValueError: if a path does not start with a slash
    :raises OSError: if the given port is taken, or the host is not one of this machine, or Redis does not answer
    :raises ImportError: if `pubsub` is given and redis-py is not installed
    :raises RuntimeError: if it is called a second time by a running program
    """
    given = locals() | {"stage": stage or _given_on_command_line.get("stage", False)}
    try:
        settings = _Settings(**given)
        _check_options(options)
    except (TypeError, ValueError) as error:
        raise (error if _wants_full_tracebacks() else error.with_traceback(None)) from error.__cause__
    if multiprocessing.current_process().name != "MainProcess":
        return None
    if core.app.is_started and not _development.is_serving:
        raise RuntimeError("start() cannot serve in a program that visits pages, or in which NiceGUI serves already.")
    is_reloaded = _development.is_serving and _server.reloader.undo is not None
    return _server.change(settings) if core.app.is_started or is_reloaded else _start_server(settings)


def _start_server(settings: _Settings) -> App | None:
    """Serve: here, or in a thread while the caller goes on."""
    blocks = not _is_interactive() if settings.block is None else settings.block
    if blocks and asyncio._get_running_loop() is not None:
        raise RuntimeError("start() runs an event loop of its own: call it from plain code, or with block=False.")
    settings.allow_others()
    settings.open_browser = bool(_given_on_command_line.get("open_browser", settings.open_browser))
    _connect_to_redis(settings.pubsub)
    server = _Server(settings, _find_module(_is_script, is_started=blocks))  # reads files before anybody can connect
    server.listening = _listen(settings.host, _given_on_command_line.get("port", settings.port))
    settings.port = server.listening.getsockname()[1]
    return server.run() if blocks else server.run_in_thread()


def mount(
    app: FastAPI,
    live: _Live,
    *,
    path: str = "/",
    children: Sequence[Any] = (),
    on_mount: Sequence[Callable[..., Any]] = (),
    live_reload: bool = True,
    resume: bool = True,
    debug_errors: bool = True,
    title: str = "Playground",
    style: str = "stage",
    dark: bool | None = None,
    pubsub: str | None = None,
    secret_key: str | None = None,
    **options: Any,
) -> None:
    """Have an application that something else runs serve pages, too: `uvicorn my_app:app`. (a Phoenix endpoint)

    .. code-block:: python

        app = FastAPI()
        playground.mount(app, live={"/": Dashboard}, path="/admin")

    :param app: the application
    :param path: where in it the pages are; their own paths are below
    :param options: further ones of `ui.run_with`; the other parameters are those of `start`
    :raises RuntimeError: if pages are served already
    """
    settings = _Settings(**{name: value for name, value in locals().items() if name not in ("app", "path")})
    _check_path(path)
    if _development.is_serving and _server.reloader.undo is not None:
        _server.change(settings)
        return
    if _development.is_serving:
        raise RuntimeError("Pages are served already; mount() can be called once in a program, and not beside start().")
    _connect_to_redis(pubsub)
    caller = _find_module(lambda frame: frame.f_globals is not globals(), is_started=False)
    _Server(settings, caller, app).prepare()
    options = {**_PATIENCE, "storage_secret": settings.storage_secret, **options}
    ui.run_with(app, mount_path=path, title=title, dark=dark, **options)


_OTHER_NAMES = {"reload": "live_reload", "show": "open_browser", "storage_secret": "secret_key", "root": "live"}


def _check_options(options: Mapping[str, Any]) -> None:
    """Make sure that options are those of NiceGUI or uvicorn; say what is meant otherwise."""
    known = {*inspect.signature(ui.run).parameters, *inspect.signature(UvicornConfig).parameters}
    known -= {"kwargs", "app", *_OTHER_NAMES}
    for name in options.keys() - known:
        near = difflib.get_close_matches(name, {*inspect.signature(start).parameters, *known}, 1)
        right = _OTHER_NAMES.get(name) or "".join(near)
        raise TypeError(f"start() has no option {name!r}." + (f" Did you mean {right!r}?" if right else ""))


def _address_for_others() -> str:
    """The address under which others in the network reach this machine."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("10.255.255.255", 1))  # nothing is sent
        return str(probe.getsockname()[0])
    return "127.0.0.1"


def _qr_text(text: str) -> str:
    """A QR code for a terminal: dark on light, whatever the terminal's colours are."""
    try:
        import qrcode
    except ImportError:
        return "playground: a QR code needs qrcode: pip install qrcode"
    code, drawn = qrcode.QRCode(border=2), io.StringIO()
    code.add_data(text)
    code.print_ascii(drawn, invert=True)
    return "\n".join(f"\x1b[97;40m{line}\x1b[0m" for line in drawn.getvalue().splitlines())


def _find_module(is_wanted: Callable[[types.FrameType], bool], *, is_started: bool) -> _Module | None:
    """The module whose frame leads here and is wanted; None if it is no file."""
    frame: types.FrameType | None = sys._getframe(1)
    while frame is not None and not is_wanted(frame):
        frame = frame.f_back
    if frame is None or not os.path.isfile(filename := frame.f_code.co_filename):
        return None
    line = frame.f_lineno if is_started else None
    return _Module(frame.f_globals, os.path.realpath(filename), filename, started_at=line)


def _is_script(frame: types.FrameType) -> bool:
    """Whether it is that of the script that was started, not of a function."""
    return frame.f_code.co_name == "<module>" and frame.f_globals is vars(sys.modules["__main__"])


def _is_interactive() -> bool:
    """Whether somebody waits for a prompt: in a notebook, IPython or `python -i`."""
    return hasattr(sys, "ps1") or bool(sys.flags.interactive) or hasattr(builtins, "__IPYTHON__")


async def _startup(server: Any, sockets: Any = None) -> None:
    """Serve those who come to where `start` listens already."""
    if _server.app is None:  # not in a notebook, whose data come and go
        gc.freeze()  # what was imported stays: looking for garbage in it stops everything for a tenth of a second
    await UvicornServer.startup(server, [typing.cast(socket.socket, _server.listening)])


async def _shutdown(server: Any, sockets: Any = None) -> None:
    """End the pages while their browsers are still connected, and only then the server."""
    await _server.end()
    await UvicornServer.shutdown(server, [typing.cast(socket.socket, _server.listening)])


def _handle_exit(server: Any, number: int, frame: types.FrameType | None) -> None:
    """End the server."""
    if number == signal.SIGINT and _server.hang_watch is not None:
        _server.hang_watch.press(server)
    else:
        UvicornServer.handle_exit(server, number, frame)


async def _end_server() -> None:
    """End what still runs, and forget all browsers: they belong to a loop that ends."""
    await _server.end()
    for client in list(Client.instances.values()):
        client.delete()


# ---------------------------------------------------------------------------------------------------------------------
# Testing: `visit` opens a page without browser and server, in a plain script.
# `_Tab` stands for the tab of a browser: it requests pages, takes the place of their socket, and has a history. What a
# user sees is found by a `Locator`. `VisitedPage` acts: an act finds its element, makes sure that a person could do it,
# and sends what a browser would send, in the order of the DOM: from the element outwards, unless `.on("click.stop")`
# ends it. What each class of elements tells of a new value is in one table, `_INPUTS`; what it does by itself when it
# is clicked is in `_on_click`; anything else is told with `trigger`. `tests/test_visit.py` does the same in Chromium
# and compares.
# ---------------------------------------------------------------------------------------------------------------------


class _Harness:
    """The event loop that visited pages live on; it runs only while a test waits for something."""

    def __init__(self) -> None:
        self.loop = core.loop = asyncio.new_event_loop()
        self.thread = concurrent.futures.ThreadPoolExecutor(1, thread_name_prefix="visit")
        if not hasattr(core.app.config, "title"):
            known, usual = core.app.config.add_run_config, inspect.signature(ui.run_with).parameters
            options = {name: usual[name].default for name in inspect.signature(known).parameters if name in usual}
            known(**{**options, "title": "Playground", "dark": None, "reload": False})
        self.call(core.app.start)

    @staticmethod
    @functools.cache
    def get() -> _Harness:
        """The harness of this process."""
        if core.app.is_started:
            raise RuntimeError("visit() cannot be used in a program that is serving pages")
        return _Harness()

    def run(self, coroutine: Any) -> Any:
        """Run the loop until `coroutine` is done; in a thread beside another loop, as a notebook's or Playwright's."""
        if asyncio._get_running_loop() is None:
            return self.loop.run_until_complete(coroutine)
        return self.thread.submit(self.loop.run_until_complete, coroutine).result()

    def call(self, function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """Call a function on the loop, and wait for what it promises."""

        async def called() -> Any:
            result = function(*arguments, **options)
            return await result if inspect.isawaitable(result) else result

        return self.run(called())


def _awaits_event(task: Any) -> bool:
    """Whether a task goes on only if something else happens, such as a click that answers a dialog: the page's own
    code, or NiceGUI's, waits for a future that is no thread's."""
    future, step, waiting = task._fut_waiter, task.get_coro(), ""
    while step is not None:
        frame = getattr(step, "cr_frame", None) or getattr(step, "gi_frame", None)
        if frame is not None and frame.f_globals["__name__"] not in ("asyncio.locks", "asyncio.queues"):
            waiting = frame.f_code.co_filename
        step = getattr(step, "cr_await", None) or getattr(step, "gi_yieldfrom", None)
    if type(future) is not asyncio.Future or future.done():  # another is a task, or that of asyncio.gather
        return False
    if any("_chain_future" in callback.__qualname__ for callback, _ in future._callbacks or ()):  # a thread's
        return False
    is_own = waiting != __file__ and not waiting.startswith(os.path.dirname(os.__file__))
    return is_own and ("site-packages" not in waiting or f"{os.sep}nicegui{os.sep}" in waiting)


class PageError(AssertionError):
    """What a test asked for is not on the page, or cannot be done; the text shows the page.

    :ivar redirected_to: where the page has sent the browser instead of opening
    """

    redirected_to: str | None = None


# -- what a page shows


def _own_texts(element: Element) -> list[str]:
    """What a person reads on the element itself, the value of a field included."""
    props, shown = element._props, [element._text]
    with contextlib.suppress(LookupError):  # NiceGUI's, of a tree that calls its labels otherwise
        shown = element._displayed_contents(only_visible=True)
    shown += [element._text, props.get("title"), props.get("data-error")]
    for row in props["rows"] if isinstance(props.get("rows"), list) else []:
        shown += row.values()
    return list(dict.fromkeys(str(text) for text in shown if text not in (None, "")))


def _as_nicegui_shows(element: Element) -> str:
    try:
        return str(element)
    except LookupError:
        return type(element).__name__


def _texts_of(element: Element) -> Iterator[str]:
    if element.visible:
        yield from _own_texts(element)
        for child in element if not _is_closed(element) else ():
            yield from _texts_of(child)


def _is_shown(element: Element) -> bool:
    return element.visible and not any(not ancestor.visible or _is_closed(ancestor) for ancestor in element.ancestors())


def _is_closed(element: Element) -> bool:
    """Whether what is inside of an element is not shown."""
    if isinstance(element, (ui.dialog, ui.expansion)):  # what a menu holds is found without opening it
        return not element.value
    if isinstance(element, (ui.tab_panel, ui.step, ui.carousel_slide)):
        around = typing.cast(Slot, _parent(element)).parent
        return bool(around._props.get("model-value", ...) != element._props["name"])
    return False


def _is_disabled(element: Element) -> bool:
    """Whether an element is disabled: by NiceGUI, or by its props alone."""
    return not getattr(element, "enabled", True) or any(map(element._props.get, ("disable", "disabled")))


class Locator:
    """Finds the elements of a visited page that a target names. (Playwright's `Locator`)

    :param page: the page
    :param target: a text that the element shows, its label, a marker (`.mark("name")`), an element class such as
        `ui.button`, an element, or another locator
    """

    def __init__(self, page: VisitedPage, target: Any) -> None:
        self._page, self.target = page, target

    @property
    def elements(self) -> list[Element]:
        """All elements that the target names, also those that are hidden, in the order of the page."""
        self._page.settle()
        target = self.target
        if isinstance(target, Locator):
            return target.elements
        if isinstance(target, Element):
            return [self.target._node.mount.now.element if type(self.target) is _ElementRef else target]
        on_page = list(self._page.client.layout.descendants())
        if isinstance(target, type):
            return [element for element in on_page if isinstance(element, target)]
        shown = [(element, _own_texts(element)) for element in on_page]
        return (
            [element for element in on_page if target in element._markers]
            or [element for element, texts in shown if target in texts]
            or [element for element, texts in shown if any(target in text for text in texts)]
        )

    def one(self, able: Callable[[Element], bool] = _is_shown) -> Element:
        """The element that is meant; of several that are shown, the one that is `able` to do what it is wanted for.

        :raises PageError: if there is none, or more than one
        """
        found = self.elements
        shown = list(filter(_is_shown, found))
        shown = list(filter(able, shown)) or shown
        if len(shown) == 1:
            return shown[0]
        if shown:
            listed = "".join(f"\n  {_as_nicegui_shows(element).splitlines()[0]}" for element in shown)
            raise self._page._error(f"{self.target!r} is ambiguous, {len(shown)} elements match:{listed}")
        raise self._page._error(f"{self.target!r} is hidden" if found else f"there is no {self.target!r} on the page")

    @property
    def element(self) -> Element:
        """The element."""
        return self.target if isinstance(self.target, Element) else self.one()

    @property
    def text(self) -> str:
        """The text that the element and what is inside show."""
        return " ".join(_texts_of(self.element))

    @property
    def value(self) -> Any:
        """Its value: what was typed, ticked or chosen."""
        return typing.cast(Any, self.element).value

    def click(self) -> None:
        """Click it."""
        self._page.click(self)

    def __repr__(self) -> str:
        return _as_nicegui_shows(self.element).splitlines()[0]


# -- what a browser tells of a new value

_Told = tuple[Element, str, Any]  # an event of an element, with its arguments


def _value_told(element: Any, value: Any) -> _Told:
    """The event that tells of a value of an element."""
    return element, f"update:{element.VALUE_PROP}", value


def _on_scale(element: Any, value: Any) -> float:
    """A number that can be chosen with a slider and the like, as JavaScript tells it."""
    number, low, high = float(value), element._props.get("min", 0), element._props.get("max", 100)
    if not low <= number <= high:
        raise ValueError(f"a number from {low:g} to {high:g} is taken")
    return int(number) if number == int(number) else number


def _typed_number(_: Any, value: Any) -> str:
    """What is in a number field: a text."""
    return "" if value in (None, "") or not math.isfinite(float(value)) else str(value)


def _choice_told(element: Any, choice: Any) -> Any:
    """What is told of an option, which is named by its value or its label, or of what has been typed."""
    values, labels = element._values, element._labels
    if isinstance(choice, list) and element._props.get("multiple"):
        return [_choice_told(element, each) for each in choice]
    if choice in values or choice in labels:
        place = (values if choice in values else labels).index(choice)
        return {"value": place, "label": labels[place]} if isinstance(element, ui.select) else place
    raise ValueError(f"the options are {values}")


def _as_given(_: Any, value: Any) -> Any:
    return value


_Input = tuple[str, Callable[[Any, Any], Any]]
_INPUTS: dict[type[Element], _Input] = {  # the act that gives a value, and what the browser tells then
    ValueElement: ("type", _as_given),  # fields of text, and the user's own
    ui.number: ("type", _typed_number),
    **dict.fromkeys((ui.slider, ui.knob, ui.rating, ui.pagination, ui.splitter), ("type", _on_scale)),
    ui.input_chips: ("type", lambda chips, text: [*chips.value, text]),
    **dict.fromkeys((ui.checkbox, ui.switch), ("check", _as_given)),
    **dict.fromkeys((ui.select, ui.toggle, ui.radio), ("select", _choice_told)),
    **dict.fromkeys((ui.tabs, ui.stepper, ui.carousel), ("select", _as_given)),
    ui.upload: ("upload", _as_given),  # see `VisitedPage.upload`
    **dict.fromkeys((ui.linear_progress, ui.circular_progress, ui.tab_panels, ui.codemirror), ("", _as_given)),
}


def _input_of(element: Element) -> _Input:
    """How an element gets its value."""
    return next((_INPUTS[cls] for cls in type(element).__mro__ if cls in _INPUTS), ("", _as_given))


# -- what a browser does with an event of the DOM


def _on_click(element: Any) -> Iterator[_Told]:
    """What an element tells of itself when it, or what is in it, is clicked; `click` comes after that."""
    match element:
        case ui.checkbox() | ui.switch() | ui.expansion():
            yield _value_told(element, not element.value)
        case ui.tab() if element.tabs is not None:
            yield _value_told(element.tabs, element._props["name"])


def _way_out(element: Element) -> Iterator[Element]:
    """An element and those around it, as far as its events get in the browser."""
    yield element
    ends = (ui.checkbox, ui.switch, ui.radio, ui.dialog, ui.menu)
    while (slot := _parent(element)) is not None and not isinstance(element, ends):
        element = slot.parent
        if not (isinstance(element, ui.expansion) and slot is element.default_slot):  # which hears its header only
            yield element


_WORDS = {"Escape": "esc", " ": "space", "Backspace": "delete"}  # of keys in `.on`, where they are no names
_NOT_HEARD = {"ctrl", "shift", "alt", "meta", "middle", "right"}  # no key is held, and the left button pressed


def _hears(listener: dict[str, Any], key: str) -> bool:
    """Whether the modifiers of `.on` let a listener have an event of the DOM."""
    names = {key.lower(), _WORDS.get(key, key.lower().removeprefix("arrow"))}
    return not _NOT_HEARD & {*listener["modifiers"]} and (not listener["keys"] or bool(names & {*listener["keys"]}))


def _listens(element: Element, event: str) -> list[Any]:
    """The listeners of `element` to `event`."""
    name = event_type_to_camel_case(event)
    types_ = {name, name.split(".")[0]}
    listeners = element._event_listeners.values()
    return [each for each in listeners if each.type in types_ or each.type.split(".")[0] == name]


def _form_around(element: Element) -> Element | None:
    return next((around for around in element.ancestors(include_self=True) if around.tag == "form"), None)


def _submits(element: Element) -> bool:
    """Whether an element is a button that submits the form that it is in."""
    kinds = {"q-btn": ("submit",), "button": (None, "submit"), "input": ("submit", "image")}
    return element._props.get("type") in kinds.get(element.tag, ()) and _form_around(element) is not None


def _reacts(element: Element) -> bool:
    """Whether something happens if just this is clicked."""
    told = [*_on_click(element), *_listens(element, "click")]
    return bool(told or "href" in element._props or isinstance(element, (ui.button, ui.radio)) or _submits(element))


class _Tab:
    """A tab of a browser, without a browser: requests pages, takes the place of their socket, and has a history."""

    def __init__(self, live: Any, path: str, session: Any, children: Any, hooks: Any, timeout: float) -> None:
        self._harness, self._timeout = _Harness.get(), timeout
        self._routes, self._hooks = _check_live(live), hooks
        self._id, self._session, self._flash_token = str(uuid.uuid4()), dict(session or {}), ""
        self._sent: list[Patch] = []
        self._pushed: list[tuple[str, Any]] = []
        self._errors: list[Exception] = []
        self._history: list[tuple[str, int]] = []  # addresses, and the number of the page that was there
        self._place, self._pages = -1, 0
        self.client: Client = None  # type: ignore[assignment]  # set when a page is requested
        self._supervisor = self._harness.call(Supervisor.start, children=children) if children else None
        try:
            self._load(path)
        except BaseException:
            self.close()
            raise

    def _load(self, path: str, how: str = "pushState") -> None:
        """Request a page as a browser does."""
        self.redirected_to: str | None = None
        parts = urlsplit(path)
        found = _find_route(self._routes, path)
        if found is None:
            raise ValueError(f"no page is at {parts.path!r}; there are pages at {', '.join(self._routes)}")
        scope = {
            "type": "http", "method": "GET", "path": parts.path, "query_string": parts.query.encode(), "app": core.app,
            "headers": [(b"host", b"testserver")], "session": {"id": self._id, **self._session},
        }  # fmt: skip
        self._opened_at = parts.path + (f"?{parts.query}" if parts.query else "")
        self._go(how, path, is_new=True)
        self._harness.call(self._open, Request(scope), found[0], *found[1])
        self.settle()
        self._sent.clear()

    def _go(self, how: str, uri: str, is_new: bool) -> None:
        """Have the history as `window.playground.go` leaves it."""
        self._pages += bool(is_new and how)
        if how == "pushState":
            self._place += 1
            del self._history[self._place :]
        if how:
            self._history[self._place : self._place + 1] = [(uri, self._pages)]

    @property
    def _page(self) -> _Page:
        return typing.cast(_Page, typing.cast(_PageClient, self.client).shown)

    @property
    def _settled(self) -> _Page:
        """What is shown when everything has been handled."""
        self.settle()
        return self._page

    async def _open(self, request: Request, view_class: type[LiveView], route: str, params: dict[str, str]) -> None:
        page = view_class()._page
        page.flash, page.hooks = _flashes.take(self._flash_token) or {}, self._hooks
        storage.request_contextvar.set(request)
        core.app.storage._users.setdefault(self._id, PseudoPersistentDict())
        with Client(nicegui_page(route), request=request) as client:
            self.client = client
            try:
                async with asyncio.timeout(self._timeout):
                    await page.open(client, self._routes, params, self._session)
            except _Redirected as redirected:
                self._session, self._flash_token = dict(page.session), _flashes.put(redirected.flash)
                error = PageError(f"The page redirects to {redirected.url}")
                error.redirected_to = redirected.url
                raise error from None
        client.outbox._emit = self._emit  # type: ignore[method-assign]
        client.build_response(request)
        client.on_exception(self._errors.append)
        client._pinned_tab_id = tab = str(uuid.uuid4())
        await client.handle_handshake(f"test-{tab}", tab, None, str(uuid.uuid4()), None)
        self._session = dict(page.session)

    async def _emit(self, message: tuple[str, str, Any]) -> None:
        """Take the place of the socket: note what a browser would get, and do what it would do."""
        self._sent.append(patch := Patch.of(message))
        kind, told = patch.kind, patch.data
        if kind == "open":
            self.redirected_to = told["path"]
            if deposit := _sessions.take(told["path"].removeprefix(f"{_SESSION_PATH}/")):
                _, session, flash, self.redirected_to = deposit
                self._session, self._flash_token = self._session if session is None else session, _flashes.put(flash)
        code = told["code"] if kind == "run_javascript" else ""
        ours = re.fullmatch(r"window\.playground\.(dispatch|go)\((.*)\)", code)
        if ours is not None and ours[1] == "go":
            self._go(*json.loads(f"[{ours[2]}]"))
        elif ours is not None:
            self._pushed.append(tuple(json.loads(f"[{ours[2]}]")))
        if "request_id" in told:
            result = {"request_id": told["request_id"], "result": "__IS_DRAWER_OPEN__" in told["code"] or None}
            self._harness.loop.call_soon(self.client.handle_javascript_response, result)

    def _send(self, listeners: Iterable[Any], args: Any) -> None:
        """Send an event to its listeners."""
        for listener in listeners:
            names = listener.args[0] if listener.args and isinstance(args, dict) else None
            told = args if names is None else {name: value for name, value in args.items() if name in names}
            sent = {"listener_id": listener.id, "args": [json.dumps(told)] if listener.args != [] else []}
            self.client.handle_event({"client_id": self.client.id, "id": listener.element_id, **sent})

    def _leave(self) -> None:
        """Leave the page; its `terminate` is called."""
        if self.client is not None and not self.client.is_deleted:
            self._harness.call(self.client.delete)
        self._harness.call(asyncio.sleep, 0)

    def close(self) -> None:
        """Leave the page, and end what was started with it; its `terminate` is called."""
        self._leave()
        if self._supervisor is not None:
            self._harness.call(stop, self._supervisor, timeout=None)
            self._supervisor = None

    def settle(self, timeout: float | None = None, *, with_jobs: bool = False) -> None:
        """Wait until the page has handled everything and sent what there is to send.

        A handler that waits for another event, as with `await dialog`, is left waiting.

        :param timeout: seconds to wait at most; by default the one given to `visit`
        :param with_jobs: also for what `assign_async` and `start_async` have started
        :raises TimeoutError: if a handler is still busy then
        :raises Exception: what a handler, or `render`, raised meanwhile
        """
        if not self.client.is_deleted:
            self._harness.call(self._settle, self._timeout if timeout is None else timeout, with_jobs)
            errors, self._errors[:] = list(self._errors), []
            if errors:
                raise errors[0]

    def wait_async(self, timeout: float | None = None) -> None:
        """Wait until all that `assign_async` and `start_async` have started has come to its end.

        :param timeout: seconds to wait at most; by default the one given to `visit`
        :raises TimeoutError: if something still goes on then
        """
        self.settle(timeout, with_jobs=True)

    async def _settle(self, timeout: float, with_jobs: bool) -> None:
        began = time.monotonic()
        quiet = 0  # rounds of the loop; in a few of them comes what a browser answers
        while quiet < 10:
            outbox, process, leaving = self.client.outbox, self._page.process, self._page.navigation.leaving
            self._page.delays.flush(throttled=False)
            at_work = [message.label for task, message in process.handling.items() if not _awaits_event(task)]
            at_work += [_called_job(name) for name in process.jobs if with_jobs]
            waited = time.monotonic() - began
            is_early = waited < 0.5 and any(each._process.mailbox for servers in _running.values() for each in servers)
            busy: Any = process.worker or process.mailbox or outbox.updates or outbox.messages or at_work
            busy = busy or is_early or (leaving is not None and not leaving.done())  # others may have messages for it
            quiet = 0 if busy else quiet + 1
            if waited > timeout:
                what = "; ".join(at_work or [message.label for message in process.handling.values()])
                raise TimeoutError(f"the page is still busy with {what} after {timeout:g} s")
            await asyncio.sleep(0.001 if at_work else 0)


class VisitedPage(_Tab):
    """A page opened with `visit`: act on it like a person, and look at what it shows.

    A target is a text that the element shows, its label, a marker (`.mark("name")`), an element class such as
    `ui.button`, or something that `find` returned.
    """

    # -- looking

    @property
    def live(self) -> Any:
        """The page object; after `push_navigate` to another page, that one."""
        return self._page.view

    @property
    def flash(self) -> dict[str, str]:
        """The messages of `put_flash` that are shown, by their kind."""
        return dict(self._settled.flash)

    @property
    def pushed_events(self) -> list[tuple[str, Any]]:
        """What `push_event` told the browser since this was last asked for: names and payloads."""
        self.settle()
        pushed, self._pushed = self._pushed, []
        return pushed

    @property
    def text(self) -> str:
        """Everything that the page shows, as one text."""
        return " ".join(_texts_of(self._settled.client.layout))

    @property
    def patched_to(self) -> str | None:
        """The address that `push_patch` has given the page; None if it is at the one where it was opened."""
        uri = self._settled.navigation.uri
        return uri if uri != self._opened_at else None

    @property
    def title(self) -> str:
        """The title of the browser's tab."""
        return self._settled.client.resolve_title()

    @property
    def tree(self) -> str:
        """The elements of the page, one a line."""
        return _as_nicegui_shows(self._settled.client.layout)

    @property
    def patches(self) -> Patches:
        """What was sent to the browser since this was last asked for."""
        self.settle()
        sent, self._sent = Patches(self._sent), []
        return sent

    def has(self, target: Any) -> bool:
        """Whether an element is shown that has the text, label or marker `target`, or is of that class."""
        return any(map(_is_shown, Locator(self, target).elements))

    def find(self, target: Any) -> Locator:
        """The one element that `target` names.

        :raises PageError: if there is none, or more than one
        """
        return Locator(self, Locator(self, target).one())

    def find_all(self, target: Any) -> list[Locator]:
        """All elements that `target` names, in the order in which they are shown."""
        return [Locator(self, element) for element in Locator(self, target).elements]

    def component(self, cls: type[C], id: Hashable) -> C:  # noqa: A002
        """The component of a class with this id.

        :raises PageError: if there is none
        """
        part = self._settled.rendering.components.get((cls, id))
        if part is None:
            raise self._error(f"there is no {cls.__name__} {id!r} on the page")
        return typing.cast(C, part.subject)

    # -- going to other pages

    def goto(self, path: str) -> None:
        """Load another address, or the same one again, as the browser's address bar does; `terminate` is called.

        After a `redirect`, `page.goto(page.redirected_to)` goes on, with the session and the flash that it gave.
        """
        self._leave()
        self._load(path, "replaceState" if path == self._history[self._place][0] else "pushState")

    def back(self) -> None:
        """Go back in the history, as the browser's button does.

        :raises PageError: if this is the first page
        """
        self._travel(-1)

    def forward(self) -> None:
        """Go forward in the history, as the browser's button does.

        :raises PageError: if this is the last page
        """
        self._travel(1)

    def _travel(self, steps: int) -> None:
        """Go to an entry of the history: of this page, or of one that is opened again in its place."""
        (_, before), place = self._history[self._place], self._place + steps
        if not 0 <= place < len(self._history):
            raise self._error(f"there is nothing to go to: the history is {[uri for uri, _ in self._history]}")
        self._place, (uri, page) = place, self._history[place]
        self.redirected_to = None
        self._harness.call(self._page.navigation.follow, uri, "" if page == before else "history")
        self.settle()

    # -- acting

    def click(self, target: Any) -> None:
        """Click an element; what lies around it gets the click too, as in a browser.

        Links are followed, submit buttons submit, and the text of an option of a radio or toggle chooses it.
        """
        element: Any = self._find_able(target, _reacts)
        if isinstance(element, (ui.radio, ui.toggle)) and target in element._labels:
            self.select(element, target)
            return
        way = list(_way_out(element))
        if not any(map(_reacts, way)):
            raise self._error(f"{target!r} does nothing when it is clicked")
        modifiers = self._dispatch(element, "click")
        acting = next((around for around in way if "href" in around._props or _submits(around)), None)
        if acting is not None and "prevent" not in modifiers:
            self.submit(acting) if _submits(acting) else self._follow_link(acting._props)
        self.settle()

    def press(self, key: str, target: Any) -> None:
        """Press a key in a field, as in `page.press("Enter", "name")`.

        Enter submits the form of the field; other keys do what listeners to `keydown` and `keyup` do.

        :param key: its name in the browser ("Enter", "ArrowUp", "a")
        """
        field = self._find_able(target, lambda element: bool(_input_of(element)[0]))
        self._dispatch(field, "keydown", key)
        self._dispatch(field, "keyup", key)
        if key == "Enter" and not isinstance(field, ui.textarea) and (around := _form_around(field)) is not None:
            button = next(filter(_submits, around.descendants()), None)
            if button is None or not _is_disabled(button):
                self.submit(field) if button is None else self.click(button)
        self.settle()

    def type(self, target: Any, text: Any) -> None:
        """Type `text` into a field in place of what is in it; sliders and the like take numbers, and as texts, too.

        A field for chips gets one more. What is typed is sanitized, as in a browser, when the field is left.
        """
        self._give("type", target, text)

    def check(self, target: Any, value: bool = True) -> None:
        """Tick a checkbox or switch, or clear it with `value=False`."""
        element = self._find_input("check", target)
        if bool(element.value) is not value:
            self.click(element)

    def select(self, target: Any, choice: Any) -> None:
        """Choose an option of a select, radio or toggle by its value or label; give a list for a multiple select.

        Also a tab, step or slide by its name.
        """
        self._give("select", target, choice)

    def _give(self, act: str, target: Any, value: Any) -> None:
        """Give an element a value, if that can be done."""
        element = self._find_input(act, target)
        if element._props.get("readonly"):
            raise self._error(f"{target!r} is read-only")
        try:
            told = _input_of(element)[1](element, value)
        except (TypeError, ValueError) as error:
            raise self._error(f"{target!r} does not take {value!r}: {error}") from None
        focus, blur = ((element, event, {"type": event}) for event in ("focus", "blur"))
        self._tell([focus, _value_told(element, told), blur])
        self.settle()

    def submit(self, target: Any = form) -> None:
        """Submit a form, by default the only one, or the one that the target is in."""
        element = self._find_able(target, lambda element: _form_around(element) is not None, "is not in a form")
        self._dispatch(typing.cast(Element, _form_around(element)), "submit")
        self.settle()

    def upload(self, target: Any, name: str | Mapping[str, bytes], content: bytes = b"") -> None:
        """Upload a file, whatever the limits of the element are.

        :param name: its name; a dictionary of names to contents for several that are chosen together
        """
        element, files = self._find_input("upload", target), []
        for each, data in (name if isinstance(name, Mapping) else {name: content}).items():
            files.append(SmallFileUpload(each, mimetypes.guess_type(each)[0] or "application/octet-stream", data))
        self._harness.call(element.handle_uploads, files)
        self._page.note_event(element.id)
        self.settle()

    def trigger(self, target: Any, event: str, args: Any = _ABSENT) -> None:
        """Fire an event of an element as the browser does, e.g. `page.trigger("name", "keydown.enter")`."""
        element = self._find_able(target, lambda element: bool(_listens(element, event)), f"does not hear {event!r}")
        self._harness.call(self._send, _listens(element, event), {} if args is _ABSENT else args)
        self.settle()

    def push(self, name: str, params: dict[str, Any] | None = None) -> None:
        """Tell the page what its own JavaScript tells with `playground.push`; `handle_event` gets it."""
        self._harness.call(self._page.pushed, name, json.loads(json.dumps(params or {})))
        self.settle()

    def send(self, message: Any) -> None:
        """Send a message to the page's process; `handle_info` gets it."""
        self.live.send(message)
        self.settle()

    # -- what a browser does by itself

    def _error(self, text: str) -> PageError:
        """An error that shows the page."""
        return PageError(f"{text}\n\nThe page:\n{self.client.layout}")

    def _find_able(self, target: Any, able: Callable[[Element], bool], reason: str = "") -> Element:
        """The element that a target names, preferably one that is `able`; it must be if there is a `reason` to say, and
        must not be disabled."""
        element = Locator(self, target).one(able)
        if reason and not able(element):
            raise self._error(f"{target!r} {reason}")
        if any(map(_is_disabled, _way_out(element))):
            raise self._error(f"{target!r} is disabled")
        return element

    def _find_input(self, act: str, target: Any) -> Any:
        """The element that a target names, if an act gives it its value."""
        return self._find_able(target, lambda element: _input_of(element)[0] == act, f"is not for page.{act}()")

    def _dispatch(self, target: Element, name: str, key: str = "") -> set[str]:
        """Send an event of the DOM to those who listen, from its target outwards; returns the modifiers of `.on` that
        have taken effect."""
        details: dict[str, Any] = dict.fromkeys(("ctrlKey", "shiftKey", "altKey", "metaKey"), False)
        details |= {"type": name, "key": key, "button": 0}
        took_effect: set[str] = set()
        for around in list(_way_out(target)):
            self._tell(_on_click(around) if name == "click" else [])
            heard = [each for each in _listens(around, name) if _hears(each.to_dict(), key)]
            took_effect.update(word for listener in heard for word in listener.to_dict()["modifiers"])
            self._harness.call(self._send, heard, details)
            if "stop" in took_effect:
                break
        return took_effect

    def _tell(self, told: Iterable[_Told]) -> None:
        """Send events of elements; browsers tell nothing of a value that is there already."""
        for element, event, args in list(told):
            if not event.startswith("update:") or element._props.get(event.removeprefix("update:")) != args:
                self._harness.call(self._send, _listens(element, event), args)

    def _follow_link(self, props: Mapping[str, Any]) -> None:
        """Go where a link leads, if that is not another tab or another place of the same page."""
        navigation, kind = self._page.navigation, props.get("data-playground-link", "")
        address = navigation.resolve(props["href"])
        if address.partition("#")[0] == navigation.uri != address or props.get("target", "_self") != "_self":
            return
        if kind:
            self._harness.call(navigation.follow, address, kind.split()[0], replace=kind.endswith(" replace"))
        else:
            self.redirected_to = address

    def __enter__(self) -> VisitedPage:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()


def visit(
    live: _Live,
    path: str = "/",
    session: dict[str, Any] | None = None,
    *,
    children: Sequence[Any] = (),
    on_mount: Sequence[Callable[..., Any]] = (),
    timeout: float = 5.0,
) -> VisitedPage:
    """Open a page to test it, without browser, server or plugin. (`Phoenix.LiveViewTest.live`)

    .. code-block:: python

        with playground.visit(Counter) as page:
            page.click("+")
            assert page.has("Count: 1")

    :param live: a page class, or a dictionary of paths to page classes as in `start`
    :param path: the address to open, with its query
    :param session: what `mount` gets as its session
    :param children: the processes that run while the page is open, as in `start`; a second visit at the same time finds
        those of the first
    :param on_mount: hooks for all pages, as in `start`
    :param timeout: seconds after which waiting for the page fails
    """
    return VisitedPage(live, path, session, children, on_mount, timeout)


# ---------------------------------------------------------------------------------------------------------------------
# Command line: `playground my_demo.py`, and what comes with the toolkit: `new`, `learn`, `examples`, `llms`.
# Examples and README are beside this module, in a checkout as where it is installed.
#
# A script that fails before it serves a page, or is not there yet, is waited for: a server of no pages tells why, until
# something is saved; then the program begins anew, and the tab that is open shows the page.
# ---------------------------------------------------------------------------------------------------------------------

_began = time.time()
_TEMPLATES = ("live", "todo", "chat", "dashboard", "form", "game", "command")  # the examples `demo_...`
_CALL_OF_START = re.compile(r"\bplayground\.start\(|\bimport .*\bstart\b")
_SOURCE_LINES = re.compile(r"#\n# \[tool\.uv\.sources\]\n# nicegui-playground = .*\n")  # of a script's header
_FOR_ASSISTANTS = ("A tour", "What ", "Wrong and right", "Names")  # how chapters of the README begin


def main(arguments: Sequence[str] | None = None) -> None:
    """Do what the command `playground` is told.

    :param arguments: by default those of the command line
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    match given[:1]:
        case ["new"]:
            _write_new(given[1:])
        case ["llms"]:
            print(_text_for_assistants())
        case _:
            _serve_script(given)


def _serve_script(given: list[str]) -> None:
    """Run a script, which serves its pages."""
    parser = argparse.ArgumentParser(
        prog="playground",
        usage="%(prog)s [--port PORT] [--no-browser] [--stage] [--record DIRECTORY] SCRIPT [ARGUMENT ...]\n"
        f"       %(prog)s new [--from {'|'.join(_TEMPLATES)}] NAME\n"
        "       %(prog)s [--port PORT] [--no-browser] learn | examples | replay DIRECTORY\n"
        "       %(prog)s llms",
        description="Serve the pages of a script; write one to start from; teach the toolkit, or show its examples; "
        "print what an assistant should read.",
    )
    parser.add_argument("script", metavar="SCRIPT", help="a Python file that calls playground.start(...)")
    parser.add_argument("arguments", metavar="ARGUMENT", nargs="*", default=[], help="what it finds in sys.argv")
    parser.add_argument("--version", action="version", version=f"playground {__version__}")
    parser.add_argument("--port", type=int, help="the port to listen on")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")
    parser.add_argument("--stage", action="store_true", help="have the tools of the presenter at /_playground/")
    parser.add_argument("--record", metavar="DIRECTORY", help="write there what is saved and done, for `replay`")
    options = parser.parse_args(given)
    if options.record:
        os.environ["PLAYGROUND_RECORD"], options.stage = os.path.abspath(options.record), True
    told = {"script": options.script, "port": options.port, "open_browser": False if options.no_browser else None}
    told |= {"stage": options.stage or None}
    _given_on_command_line.update({name: value for name, value in told.items() if value is not None})
    own = {"learn": "learn.py", "examples": "learn.py", "replay": "stage.py"}.get(options.script)
    sys.argv = [*([str(_EXAMPLES / own)] if own else []), options.script, *options.arguments]
    script = pathlib.Path(sys.argv[0])
    _refuse_own_name(script)
    sys.path.insert(0, str(script.resolve().parent))
    if not script.is_file():
        raise FileNotFoundError(f"There is no file {script} yet: save it, or `playground new {script}` writes one.")
    runpy.run_path(str(script), run_name="__main__")
    if "_server" not in globals():
        raise RuntimeError(f"{script} has no page yet: it ended without a call of playground.start(live=...).")


def _hear_of_failure(
    report: Callable[..., Any], kind: type[BaseException], error: BaseException, trace: types.TracebackType | None
) -> None:
    """Say in short, instead of by `report`, why a script serves no pages, and wait for its next version.

    A script that is run by Python itself is waited for if somebody sees that: at a terminal. One of a deployment ends,
    so that what supervises it knows, and so does one that lacks something of the system, such as a port.
    """
    script = pathlib.Path(sys.argv[0])
    text = script.read_text(encoding="utf-8", errors="replace") if script.is_file() else ""
    is_given = "script" in _given_on_command_line
    is_of_pages = is_given or _CALL_OF_START.search(text)
    if not is_of_pages or not isinstance(error, Exception) or "_server" in globals():
        report(kind, error, trace)
        return
    is_of_system = isinstance(error, OSError) and any(frame.f_code is start.__code__ for frame, _ in walk_tb(trace))
    while trace is not None and trace.tb_frame.f_code.co_filename != str(script):
        trace = trace.tb_next
    error = error.with_traceback(trace)
    print(_development.text_of(error).rstrip(), file=sys.stderr)
    if (is_given or sys.stderr.isatty()) and not is_of_system and "live_reload=False" not in text:
        _wait_for_page(script, error)


sys.excepthook = functools.partial(_hear_of_failure, sys.excepthook)


def _wait_for_page(script: pathlib.Path, error: Exception) -> None:
    """Serve nothing but `error` until something is saved beside `script` or below; then begin the program anew."""

    def tell(request: Request) -> Response:
        waiting = f"Waiting for {script.name} to be saved"
        return _error_response(_report_html(_development.report_of(error), running=waiting, can_remount=False), request)

    print(f"playground: waiting for {script.name} to be saved", file=sys.stderr)
    changes = watchfiles.watch(
        script.resolve().parent, watch_filter=watchfiles.PythonFilter(), rust_timeout=100, yield_on_timeout=True
    )
    with contextlib.suppress(KeyboardInterrupt):
        start(controller={"/": tell, "/{path:path}": tell}, block=False, live_reload=False)
        while not next(changes) and not (script.is_file() and script.stat().st_mtime > _began):  # it was saved early
            pass
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


def _refuse_own_name(path: pathlib.Path) -> None:
    if path.name == "playground.py":
        sys.exit("playground: `import playground` would import a script of this name, not playground; rename it")


def _write_new(given: list[str]) -> None:
    """Write a script to start from: one of the examples, with a header by which `uv run` finds this module."""
    parser = argparse.ArgumentParser(prog="playground new", description="Write a page to start from.")
    parser.add_argument("name", type=pathlib.Path, metavar="NAME", help="the file; .py is added")
    parser.add_argument("--from", choices=_TEMPLATES, default="live", dest="template", help="what it is like")
    options = parser.parse_args(given)
    path: pathlib.Path = options.name if options.name.suffix == ".py" else pathlib.Path(f"{options.name}.py")
    _refuse_own_name(path)
    text = (_EXAMPLES / f"demo_{options.template}.py").read_text(encoding="utf-8")
    source = _package_source()
    lines = f"#\n# [tool.uv.sources]\n# nicegui-playground = {source}\n" if source else ""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(_SOURCE_LINES.sub(lambda _: lines, text, count=1))
    except FileExistsError:
        sys.exit(f"playground: {path} exists already; choose another name")
    except OSError as error:
        sys.exit(f"playground: cannot write {path}: {error.strerror}")
    command = "playground" if shutil.which("playground") else f"{shlex.quote(sys.executable)} -m playground"
    print(f"playground: wrote {path}; start it with: {command} {shlex.quote(str(path))}")


def _package_source() -> str:
    """Where uv finds this package, from where it was installed (PEP 610); empty if from the index."""
    if (_HOME / "pyproject.toml").is_file():  # a checkout
        return f"{{ path = {json.dumps(str(_HOME))} }}"
    told = json.loads(importlib.metadata.distribution("nicegui-playground").read_text("direct_url.json") or "{}")
    url = told.get("url", "")
    if "vcs_info" in told:
        return f"{{ git = {json.dumps(url)}, rev = {json.dumps(told['vcs_info']['commit_id'])} }}"
    if url.startswith("file:"):
        return f"{{ path = {json.dumps(url2pathname(urlsplit(url).path))} }}"
    return f"{{ url = {json.dumps(url)} }}" if url else ""


def _text_for_assistants() -> str:
    """The chapters of the README that an assistant should know, which is otherwise led by what it knows of NiceGUI."""
    first, *chapters = (_HOME / "README.md").read_text(encoding="utf-8").split("\n## ")
    return "\n## ".join([first.partition("![")[0], *(each for each in chapters if each.startswith(_FOR_ASSISTANTS))])


if __name__ == "__main__":
    import playground  # the module that scripts import, which this one is not

    playground.main()
