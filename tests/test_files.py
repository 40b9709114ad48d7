"""Watchers tell of every change on disk, however it is made; a FileState is its file, whatever happens to either."""

import asyncio
import contextlib
import json
import logging
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import textwrap
import threading
from collections import Counter
from pathlib import Path

import pytest
from conftest import PATIENCE, settle_until, until, wait_until
from nicegui import ui
from playwright.sync_api import expect

import playground
from playground import FileChanged, FileState, FileStateError, GenServer, Watcher


class Listener(GenServer):
    """Keeps what a watcher tells."""

    def init(self, **options):
        self.messages = []
        if options:
            Watcher.start_link(to=self, **options)

    def handle_info(self, message):
        self.messages.append(message)

    def told(self, path):
        """The kinds of all messages about a path."""
        return [set(message.kinds) for message in self.messages if message.path == Path(path)]


def run(coroutine):
    async def bounded():
        try:
            await asyncio.wait_for(coroutine, 3 * PATIENCE)
        finally:
            for server in [server for servers in playground._running.values() for server in servers]:
                with contextlib.suppress(playground.ProcessError):
                    await playground.stop(server)

    asyncio.run(bounded())
    assert not playground._directory_watcher.snapshots


async def listening(path, probe=None, **options):
    """A listener whose watcher surely watches."""
    listener = Listener.start(paths=path, **options)
    probe = probe or Path(path) / "probe.txt"
    probe.write_text("probe")
    await until(lambda: listener.told(probe))
    await asyncio.sleep(0.25)
    listener.messages.clear()
    return listener


def in_place(path):
    path.write_text(path.read_text() + "more")


def renamed_over(path):
    beside = path.with_name("beside~")
    beside.write_text(path.read_text() + "more")
    beside.rename(path)


def with_backup(path):
    text = path.read_text()
    path.rename(path.with_name(path.name + "~"))
    path.write_text(text + "more")


def deleted_and_created(path):
    text = path.read_text()
    path.unlink()
    path.write_text(text + "more")


@pytest.mark.parametrize("save", [in_place, renamed_over, with_backup, deleted_and_created])
@pytest.mark.parametrize("watched", ["file", "directory"])
def test_every_way_of_saving(tmp_path, save, watched):
    async def test():
        path = tmp_path / "notes.txt"
        path.write_text("notes")
        os.utime(path, (1, 1))
        listener = await listening(path if watched == "file" else tmp_path, probe=path)
        for number in range(3):
            save(path)
            await until(lambda number=number: len(listener.told(path)) > number, what=lambda: listener.messages)
            await asyncio.sleep(0.1)
            # what was deleted first may have been told of by itself
            await until(lambda: listener.told(path)[-1] in ({"modified"}, {"created"}), lambda: listener.messages)
            listener.messages[:] = [FileChanged(path, frozenset())] * (number + 1)

    run(test())


def test_same_size_within_a_tick_of_the_clock(tmp_path):
    async def test():
        path = tmp_path / "a.txt"
        path.write_text("0")
        listener = await listening(tmp_path, probe=path)
        for number in range(20):
            count = len(listener.messages)
            path.write_text(str(number % 10))
            os.utime(path, (5, 5))
            await until(lambda count=count: len(listener.messages) > count, what=lambda number=number: number)

    run(test())


def test_what_a_page_is_told(tmp_path):
    async def test():
        (tmp_path / "a.txt").write_text("a")
        listener = await listening(tmp_path)
        (tmp_path / "new.txt").write_text("new")
        await until(lambda: listener.told(tmp_path / "new.txt") == [{"created"}], lambda: listener.messages)
        (tmp_path / "a.txt").rename(tmp_path / "b.txt")
        await until(lambda: listener.told(tmp_path / "b.txt") == [{"moved"}], lambda: listener.messages)
        assert listener.told(tmp_path / "a.txt") == [{"deleted"}]
        (tmp_path / "new.txt").unlink()
        await until(lambda: listener.told(tmp_path / "new.txt") == [{"created"}, {"deleted"}])

    run(test())


def test_patterns_and_ignored_files(tmp_path):
    async def test():
        (tmp_path / "posts" / "old").mkdir(parents=True)
        (tmp_path / "drafts").mkdir()
        (tmp_path / "node_modules").mkdir()
        listener = await listening(
            tmp_path, tmp_path / "probe.md", patterns=["*.md", "posts/*.txt"], ignore=["drafts", "*.bak.md"]
        )
        for name in ("a.txt", "drafts/b.md", "c.bak.md", "node_modules/d.md", ".#e.md", "posts/f.txt", "g.md"):
            (tmp_path / name).write_text("x")
        await until(lambda: listener.told(tmp_path / "g.md") and listener.told(tmp_path / "posts/f.txt"))
        assert {message.path.name for message in listener.messages} == {"f.txt", "g.md"}

    run(test())


def test_not_recursive(tmp_path):
    async def test():
        (tmp_path / "inner").mkdir()
        listener = await listening(tmp_path, recursive=False)
        (tmp_path / "inner" / "a.txt").write_text("x")
        (tmp_path / "b.txt").write_text("x")
        await until(lambda: listener.told(tmp_path / "b.txt"))
        assert {message.path.name for message in listener.messages} == {"b.txt"}

    run(test())


@pytest.mark.slow
def test_a_burst_of_5000_files_and_none_is_missed(tmp_path):
    async def test():
        listener = await listening(tmp_path)
        names = {f"d{number % 10}/{number}.txt" for number in range(5000)}
        for number in range(10):
            (tmp_path / f"d{number}").mkdir()

        def burst():
            for name in names:
                (tmp_path / name).write_text("x")

        await asyncio.to_thread(burst)
        await until(lambda: {str(each.path.relative_to(tmp_path)) for each in listener.messages} == names)
        kinds = Counter(kind for message in listener.messages for kind in message.kinds)
        assert kinds["created"] == 5000

    run(test())


def test_a_tree_that_is_removed_and_made_again(tmp_path):
    async def test():
        root = tmp_path / "above" / "root"
        (root / "inner").mkdir(parents=True)
        (root / "inner" / "a.txt").write_text("x")
        listener = await listening(root)
        for _ in range(2):
            (tmp_path / "above").rename(tmp_path / "away")
            await until(lambda: {"deleted"} in listener.told(root / "inner/a.txt"), lambda: listener.messages)
            (root / "inner").mkdir(parents=True)
            (root / "inner" / "a.txt").write_text("y")
            await until(lambda: {"created"} in listener.told(root / "inner/a.txt"), lambda: listener.messages)
            listener.messages.clear()
            (root / "inner" / "a.txt").write_text("z")
            await until(lambda: {"modified"} in listener.told(root / "inner/a.txt"), lambda: listener.messages)
            listener.messages.clear()
            shutil.rmtree(tmp_path / "away")

    run(test())


def test_a_directory_that_is_removed_and_made_again_at_once(tmp_path):
    """Its successor may get the number of the one before: then nothing but the report tells that it is another."""

    async def test():
        directory = tmp_path / "notes"
        directory.mkdir()
        listener = await listening(directory)
        for number in range(5):
            path = directory / f"{number}.txt"
            shutil.rmtree(directory)
            directory.mkdir()
            await asyncio.sleep(0.3)
            path.write_text("x")
            await until(lambda path=path: listener.told(path), lambda: listener.messages)

    run(test())


@pytest.mark.parametrize("kind", ["file", "directory"])
def test_a_path_that_comes_later(tmp_path, kind):
    async def test():
        wanted = tmp_path / "later" / "wanted"
        path = wanted if kind == "file" else wanted / "a.txt"
        listener = Listener.start(paths=wanted)
        path.parent.mkdir(parents=True)
        path.write_text("x")
        await until(lambda: listener.told(path), lambda: listener.messages)
        listener.messages.clear()
        path.write_text("y")
        await until(lambda: {"modified"} in listener.told(path), lambda: listener.messages)

    run(test())


def test_links(tmp_path):
    async def test():
        (tmp_path / "real").mkdir()
        real, link, other = tmp_path / "real" / "a.txt", tmp_path / "link.txt", tmp_path / "other.txt"
        real.write_text("x")
        other.write_text("y")
        link.symlink_to(real)
        (tmp_path / "loop").mkdir()
        (tmp_path / "loop" / "self").symlink_to(tmp_path / "loop")
        (tmp_path / "linked").symlink_to(tmp_path / "real")
        listener = await listening(link, probe=link)
        real.write_text("more")
        await until(lambda: listener.told(link), lambda: listener.messages)
        listener.messages.clear()
        link.unlink()
        link.symlink_to(other)
        await until(lambda: listener.told(link), lambda: listener.messages)
        loop = await listening(tmp_path / "loop")
        (tmp_path / "loop" / "b.txt").write_text("x")
        await until(lambda: loop.told(tmp_path / "loop" / "b.txt"))
        linked = await listening(tmp_path / "linked")
        real.write_text("again")
        await until(lambda: linked.told(tmp_path / "linked" / "a.txt"), lambda: linked.messages)

    run(test())


ALIASES = {"2024-01-01": "latest", "7": "current", "b": "a", "x2": "x1", "2026-11-27": "today", "site": "www"}


def test_links_to_directories_and_their_parents_hide_nothing(tmp_path):
    """Which name the system would use depends on the order in which it lists them."""

    async def test():
        root = tmp_path / "root"
        for target, link in ALIASES.items():
            (root / target).mkdir(parents=True)
            (root / link).symlink_to(target)
            (root / target / "up").symlink_to(root)
            (root / target / "top").symlink_to("/")
        listener = await listening(root)
        for number in range(2):
            for target in ALIASES:
                (root / target / f"{number}.txt").write_text("x")
            for target in ALIASES:
                await until(lambda path=root / target / f"{number}.txt": listener.told(path) == [{"created"}])
            assert {message.path.parent.name for message in listener.messages} <= ALIASES.keys()
            for target, link in ALIASES.items():  # to where another link led before
                (root / link).unlink()
                (root / link).symlink_to("site" if target != "site" else "b")
            await until(lambda: all(listener.told(root / link) for link in ALIASES.values()))
            listener.messages.clear()

    run(test())


def test_a_file_behind_links_that_are_set_anew(tmp_path):
    """As programs are released (`current -> releases/2`), and as Kubernetes does it with what is mounted."""

    async def test():
        (tmp_path / "app").mkdir()
        for number in "123":
            (tmp_path / "releases" / number).mkdir(parents=True)
            (tmp_path / "releases" / number / "app.json").write_text(number)
        (tmp_path / "app" / "..data").symlink_to(tmp_path / "releases" / "1")
        (tmp_path / "app" / "app.json").symlink_to(Path("..data", "app.json"))
        paths = [tmp_path / "app" / "app.json", tmp_path / "app" / "..data" / "app.json", tmp_path / "app"]
        listeners = [Listener.start(paths=path) for path in paths]
        seen = [paths[0], paths[1], paths[0]]
        await asyncio.sleep(0.5)
        for number in "123":
            if number != "1":
                (tmp_path / "new").symlink_to(tmp_path / "releases" / number)
                (tmp_path / "new").rename(tmp_path / "app" / "..data")
                for listener, path in zip(listeners, seen, strict=True):
                    await until(lambda listener=listener, path=path: {"modified"} in listener.told(path))
                    listener.messages.clear()
                await asyncio.sleep(0.25)
            in_place(tmp_path / "releases" / number / "app.json")
            for listener, path in zip(listeners, seen, strict=True):
                await until(lambda listener=listener, path=path: {"modified"} in listener.told(path))
                await asyncio.sleep(0.05)
                listener.messages.clear()

    run(test())


@pytest.mark.parametrize("watched", ["the path", "what is above"])
def test_a_file_becomes_a_directory_and_back(tmp_path, watched):
    async def test():
        path = tmp_path / "notes"
        path.write_text("a file")
        listener = await listening(path if watched == "the path" else tmp_path, probe=path)
        for _ in range(2):
            path.unlink()
            path.mkdir()
            await until(lambda: listener.told(path) == [{"deleted"}], lambda: listener.messages)
            (path / "inside.txt").write_text("x")
            await until(lambda: listener.told(path / "inside.txt"), lambda: listener.messages)
            listener.messages.clear()
            shutil.rmtree(path)
            await until(lambda: listener.told(path / "inside.txt") == [{"deleted"}], lambda: listener.messages)
            path.write_text("a file")
            await until(lambda: {"created"} in listener.told(path), lambda: listener.messages)
            await asyncio.sleep(0.05)
            listener.messages.clear()
            in_place(path)
            await until(lambda: {"modified"} in listener.told(path), lambda: listener.messages)
            listener.messages.clear()

    run(test())


def test_a_new_file_with_the_number_of_one_that_has_gone_has_not_moved(tmp_path):
    """File systems give the numbers of files again."""

    async def test():
        listener = await listening(tmp_path)
        numbers = []
        for turn in range(20):
            old, new = tmp_path / f"old{turn}.txt", tmp_path / f"new{turn}.txt"
            old.write_text("old")
            await until(lambda old=old: listener.told(old))
            numbers.append(old.stat().st_ino)
            old.unlink()
            new.write_text("new")
            await until(lambda new=new: listener.told(new))
            assert listener.told(new)[0] == {"created"}

    run(test())


@pytest.mark.skipif(sys.platform != "linux", reason="its file systems take any bytes for a name")
def test_names_that_are_not_utf8(tmp_path, caplog):
    async def test():
        listener = await listening(tmp_path)
        strange, below = (Path(os.fsdecode(os.fsencode(tmp_path) + name)) for name in (b"/caf\xe9.txt", b"/d\xe9"))
        for number in range(3):
            strange.write_text("x" * number)
            await until(lambda: listener.told(strange), lambda: listener.messages)
            (tmp_path / f"{number}.txt").write_text("x")
            await until(lambda number=number: listener.told(tmp_path / f"{number}.txt"), lambda: listener.messages)
            listener.messages.clear()
        below.mkdir()
        (below / "inside.txt").write_text("x")
        await until(lambda: listener.told(below / "inside.txt"), lambda: listener.messages)
        inside = await listening(below)
        (below / "inside.txt").unlink()
        await until(lambda: inside.told(below / "inside.txt") == [{"deleted"}], lambda: inside.messages)
        assert not [record for record in caplog.records if record.name == "playground"]

    run(test())


@pytest.mark.skipif(sys.platform != "linux", reason="its file systems take any bytes for a name")
def test_names_that_are_not_utf8_and_were_there_before(tmp_path, monkeypatch):
    """They are opened to be looked at, and whoever opens them is reported by a name that cannot be told."""
    calls, watch = [], playground.watchfiles.watch
    monkeypatch.setattr(
        playground.watchfiles, "watch", lambda *paths, **options: calls.append(paths) or watch(*paths, **options)
    )

    async def test():
        strange = Path(os.fsdecode(os.fsencode(tmp_path) + b"/d\xe9"))
        (strange / "inner").mkdir(parents=True)
        (tmp_path / "other").mkdir()
        (tmp_path / "link.txt").symlink_to(strange / "inside.txt")
        listeners = [await listening(tmp_path), await listening(tmp_path / "single.txt", probe=tmp_path / "single.txt")]
        for number in range(5):
            for path in (
                "top.txt",
                "other/a.txt",
                "d\udce9/inner/a.txt",
                "d\udce9/inside.txt",
                "link.txt",
                "single.txt",
            ):
                if path != "link.txt":
                    (tmp_path / path).write_text(str(number))
                await until(lambda path=path: listeners[path == "single.txt"].told(tmp_path / path))
            for listener in listeners:
                listener.messages.clear()
        assert len(calls) < 30

    run(test())


GLOBBED = ["top.md", "docs/in.md", "docs/.hidden.md", "docs/deep/low.md", "docs/deep/low.txt", "other/docs/x.md"]


@pytest.mark.parametrize(
    "pattern",
    [
        "**/*.md",
        "docs/*.md",
        "docs/**/*.md",
        "docs/**",
        "docs/*",
        "*/*.md",
        "**/deep/*",
        "docs/[id]*.md",
        "./docs/?n.md",
    ],
)
def test_patterns_are_globs(tmp_path, pattern):
    async def test():
        (tmp_path / "docs" / "deep").mkdir(parents=True)
        (tmp_path / "other" / "docs").mkdir(parents=True)
        last = tmp_path / "last.py"
        listener = await listening(tmp_path, last, patterns=[pattern, "*.py"])
        ignoring = await listening(tmp_path, last, ignore=pattern)
        for name in [*GLOBBED, last.name]:
            (tmp_path / name).write_text("new")
        for each in (listener, ignoring):
            await until(lambda each=each: each.told(last))
        found = {path for path in tmp_path.glob(pattern + "/*" * pattern.endswith("**")) if path.is_file()}
        wanted = {tmp_path / name for name in GLOBBED} & found
        assert {message.path for message in listener.messages} == {*wanted, last}
        assert not {message.path for message in ignoring.messages} & wanted

    run(test())


@pytest.mark.parametrize("pattern", ["docs", "docs/"])
def test_a_pattern_that_is_a_directory_is_all_that_is_in_it(tmp_path, pattern):
    async def test():
        (tmp_path / "docs" / "deep").mkdir(parents=True)
        (tmp_path / "other" / "docs").mkdir(parents=True)
        listener = await listening(tmp_path, tmp_path / "docs" / "in.md", patterns=pattern)
        ignoring = await listening(tmp_path, tmp_path / "top.md", ignore=pattern)
        for name in [*GLOBBED, "last.md"]:
            (tmp_path / name).write_text("new")
        await until(lambda: ignoring.told(tmp_path / "last.md"))
        await until(lambda: len(listener.messages) >= 5)
        inside = {tmp_path / name for name in GLOBBED} - {tmp_path / "top.md"}
        assert {message.path for message in listener.messages} == inside
        assert {message.path.name for message in ignoring.messages} == {"top.md", "last.md"}

    run(test())


def _read(path):
    with contextlib.suppress(OSError):
        return Path(path).read_text()
    return ""


@pytest.mark.skipif(sys.platform != "linux", reason="counts what Linux watches")
def test_ignored_directories_are_not_even_looked_at(tmp_path):
    async def test():
        for number in range(200):
            (tmp_path / "data" / str(number)).mkdir(parents=True)
            (tmp_path / "node_modules" / str(number)).mkdir(parents=True)
        await listening(tmp_path, ignore="data")
        described = "".join(_read(f"/proc/self/fdinfo/{number}") for number in os.listdir("/proc/self/fd"))
        assert described.count("inotify wd:") < 100

    run(test())


def change_at_random(draw, root):
    """Do one of what may be done to a tree: most of it is possible."""
    directories = [root, *(path for path in root.rglob("*") if path.is_dir() and not path.is_symlink())]
    names = ["a", "b", "c", os.fsdecode(b"d\xe9")]
    path, other = (draw.choice(directories) / draw.choice(names) for _ in range(2))
    text = str(draw.random())
    with contextlib.suppress(OSError):
        match draw.choice(["write", "write", "make", "remove", "rename", "rename", "link", "replace", "save"]):
            case "write":
                path.write_text(text)
            case "make":
                path.mkdir()
            case "remove":
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
            case "rename":
                path.rename(other)
            case "link":
                path.symlink_to(draw.choice([other, root, Path("..")]))
            case "replace":
                path.rmdir()
                path.mkdir()
                (path / "a").write_text(text)
            case "save":
                (root / "beside~").write_text(text)
                (root / "beside~").rename(path)


def contents(root):
    """What there is in a tree by path: the text of a file, None for a link to a directory."""
    paths = [path for path in root.rglob("*") if path.is_symlink() or path.is_file()]
    return {path: path.read_text() if path.is_file() else None for path in paths if path.name != "beside~"}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="its file systems take any bytes for a name")
@pytest.mark.parametrize("seed", range(3))
def test_who_follows_what_is_told_knows_what_there_is(tmp_path, seed):
    class Follower(Listener):
        def init(self, **options):
            super().init(**options)
            self.known = {}

        def handle_info(self, message):
            if "deleted" in message.kinds:
                self.known.pop(message.path, None)
            else:
                with contextlib.suppress(OSError):
                    self.known[message.path] = message.path.read_text() if message.path.is_file() else None

    async def test():
        draw = random.Random(seed)
        follower = Follower.start(paths=tmp_path)
        for _ in range(20):
            for _ in range(draw.randrange(1, 40)):
                change_at_random(draw, tmp_path)
                await asyncio.sleep(draw.choice([0, 0, 0, 0.002, 0.02]))
            await until(lambda: follower.known == contents(tmp_path), lambda: (follower.known, contents(tmp_path)))

    run(test())


def test_settled_changes_are_told_once(tmp_path):
    async def test():
        (tmp_path / "old.txt").write_text("x")
        (tmp_path / "gone.txt").write_text("x")
        listener = await listening(tmp_path, settle=0.3)
        for number in range(20):
            (tmp_path / "old.txt").write_text(str(number))
            (tmp_path / "new.txt").write_text(str(number))
            (tmp_path / "brief.txt").write_text(str(number))
            await asyncio.sleep(0.01)
        (tmp_path / "brief.txt").unlink()
        (tmp_path / "gone.txt").unlink()
        await until(lambda: listener.messages)
        told = {message.path.name: message.kinds for message in listener.messages}
        assert told == {"old.txt": {"modified"}, "new.txt": {"created"}, "gone.txt": {"deleted"}}
        assert len(listener.messages) == 3
        (tmp_path / "new.txt").unlink()
        (tmp_path / "new.txt").write_text("again")
        await until(lambda: len(listener.messages) > 3)
        assert listener.told(tmp_path / "new.txt") == [{"created"}, {"modified"}]

    run(test())


UNREPORTED = """
import asyncio, json, logging, os, sys
from pathlib import Path
root = Path(sys.argv[1])
options = json.loads(sys.argv[2])
import playground
logging.basicConfig()
if options.pop("silent", False):
    playground._SILENT = {"overlay"}


class Listener(playground.GenServer):
    def init(self):
        playground.watch(root / "mount", **options)

    def handle_info(self, message):
        if message.path.name != "probe.txt":
            print(message.path.name, *message.kinds, flush=True)
        told.set()


async def main():
    global told
    told = asyncio.Event()
    Listener.start()
    (root / "mount/probe.txt").write_text("probe")
    await told.wait()
    for kind in ("created", "deleted"):
        told.clear()
        (root / "lower/new.txt").write_text("new") if kind == "created" else (root / "lower/new.txt").unlink()
        await asyncio.wait_for(told.wait(), float(sys.argv[3]))

asyncio.run(main())
"""
OVERLAY = (
    'cd "$1" && mount -t overlay overlay -o lowerdir=lower,upperdir=upper,workdir=work mount && shift && exec "$@"'
)


@pytest.mark.parametrize("how", ["option", "variable", "file system", "not wanted"])
def test_polling_where_the_system_reports_nothing(tmp_path, how):
    """What is changed below an overlay is not reported, as what another machine changes."""
    for name in ("lower", "upper", "work", "mount"):
        (tmp_path / name).mkdir()
    alone = ["unshare", "-Urm", "sh", "-c", OVERLAY, "sh", str(tmp_path)]
    if shutil.which("unshare") is None or subprocess.run([*alone, "true"], capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount anything")
    options = json.dumps(
        {"option": {"poll": True}, "file system": {"silent": True}, "not wanted": {"silent": True}}.get(how, {})
    )
    wish = {"variable": "true", "not wanted": "disabled"}.get(how, "")
    command = [*alone, sys.executable, "-c", UNREPORTED, str(tmp_path), options, "3" if how == "not wanted" else "60"]
    environment = {**os.environ, "WATCHFILES_FORCE_POLLING": wish}
    result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE)
    told = "" if how == "not wanted" else "new.txt created\nnew.txt deleted\n"
    assert result.stdout == told, result.stderr
    assert result.stderr.count("overlay does not report what others change") == (how == "file system")


MOUNTED_TWICE = """
import asyncio, sys, playground
from pathlib import Path
root = Path(sys.argv[1])
seen = set()


class Listener(playground.GenServer):
    def init(self):
        playground.watch(root)

    def handle_info(self, message):
        seen.add((message.path, *message.kinds))


async def main():
    Listener.start()
    (root / "probe.txt").write_text("probe")
    async with asyncio.timeout(60):
        while not seen:
            await asyncio.sleep(0.01)
        for name, kind in (("one", "created"), ("two", "modified")):
            (root / name / "a.txt").write_text(name)
            while not {(root / "one/a.txt", kind), (root / "two/a.txt", kind)} <= seen:
                await asyncio.sleep(0.01)
    print("told of both", flush=True)

asyncio.run(main())
"""


def test_a_directory_that_is_mounted_twice(tmp_path):
    """For the system it is one, with the name under which it was asked for last."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    mount = 'mount --bind "$1/one" "$1/two" && shift && exec "$@"'
    alone = ["unshare", "-Urm", "sh", "-c", mount, "sh", str(tmp_path)]
    if shutil.which("unshare") is None or subprocess.run([*alone, "true"], capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount anything")
    command = [*alone, sys.executable, "-c", MOUNTED_TWICE, str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=2 * PATIENCE)
    assert result.stdout == "told of both\n", result.stderr


LOGGED = """
import asyncio, logging, sys, playground
from pathlib import Path
root = Path(sys.argv[1])
told = []
logging.basicConfig(level=logging.INFO, filename=root / "app.log")


class Listener(playground.GenServer):
    def init(self):
        playground.watch(root)

    def handle_info(self, message):
        told.append(message.path.name)


async def main():
    Listener.start()
    for name in ["probe", "app.log", *map(str, range(20))]:
        logging.info("a line") if name == "app.log" else (root / name).write_text("x")
        while name not in told:
            await asyncio.sleep(0.01)
    print(told.count("app.log"))

asyncio.run(main())
"""


def test_a_log_in_what_is_watched_is_not_written_because_it_is_written(tmp_path):
    """It is told of 22 times meanwhile, and would have a line for each."""
    command = [sys.executable, "-c", LOGGED, str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    assert 1 <= int(result.stdout) < 6, result.stdout + result.stderr


@pytest.fixture
def open_directory():
    """A directory that everybody can enter, which those below pytest's are not while another pytest begins."""
    with tempfile.TemporaryDirectory() as path:
        os.chmod(path, 0o755)
        yield Path(path)
        for directory, _, _ in os.walk(path):
            os.chmod(directory, 0o700)


def test_a_directory_that_cannot_be_read(open_directory):
    """As root everything can be read: the test does without its rights."""
    script = """
    import asyncio, os, sys, playground
    from pathlib import Path
    root = Path(sys.argv[1])
    if os.getuid() == 0:
        os.chown(root, 65534, 65534)
        os.setuid(65534)
    (root / "secret").mkdir()
    (root / "secret").chmod(0)
    told = []

    class Listener(playground.GenServer):
        def init(self):
            playground.watch(root)

        def handle_info(self, message):
            told.append(message.path.name)
            print(message.path.name, flush=True)

    async def main():
        Listener.start()
        async with asyncio.timeout(60):
            for name in ("probe.txt", "a.txt"):
                (root / name).write_text("x")
                while name not in told:
                    await asyncio.sleep(0.01)

    asyncio.run(main())
    """
    storage = str(open_directory / "storage")
    environment = {**os.environ, "HOME": str(open_directory), "NICEGUI_STORAGE_PATH": storage}
    root = open_directory / "root"
    root.mkdir()
    result = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), str(root)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert "a.txt" in result.stdout, result.stderr
    assert "secret" not in result.stderr


def test_a_file_in_a_directory_that_cannot_be_listed(open_directory):
    script = """
    import asyncio, os, sys, playground
    from pathlib import Path
    path = Path(sys.argv[1]) / "drop" / "notes.txt"
    path.parent.mkdir()
    path.write_text("x")
    path.parent.chmod(0o311)
    if os.getuid() == 0:
        os.chown(path, 65534, 65534)
        os.setuid(65534)
    told = []

    class Listener(playground.GenServer):
        def init(self):
            playground.watch(path, path.parent)

        def handle_info(self, message):
            told.append((message.path, *message.kinds))

    async def main():
        Listener.start()
        async with asyncio.timeout(60):
            for text in ("probe", "more"):
                told.clear()
                path.write_text(text)
                while (path, "modified") not in told:
                    await asyncio.sleep(0.01)
        print("told", flush=True)

    asyncio.run(main())
    """
    command = [sys.executable, "-c", textwrap.dedent(script), str(open_directory)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    assert (result.stdout, result.stderr) == ("told\n", "")


def test_polling_where_the_system_has_no_watches_left(tmp_path, caplog):
    async def test():
        limits = resource.getrlimit(resource.RLIMIT_NOFILE)
        used = max(int(name) for name in os.listdir("/proc/self/fd")) + 1
        resource.setrlimit(resource.RLIMIT_NOFILE, (used, limits[1]))
        handles = []
        try:
            with contextlib.suppress(OSError):
                while True:
                    handles.append(os.dup(0))
            listener = Listener.start(paths=tmp_path)
            await until(lambda: "is looked at every 0.3 s" in caplog.text)
        finally:
            for handle in handles:
                os.close(handle)
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)
        (tmp_path / "a.txt").write_text("x")
        await until(lambda: listener.told(tmp_path / "a.txt"), lambda: listener.messages)
        listener.messages.clear()
        (tmp_path / "a.txt").unlink()
        await until(lambda: listener.told(tmp_path / "a.txt") == [{"deleted"}], lambda: listener.messages)
        assert caplog.text.count("is looked at every 0.3 s") == 1

    run(test())


FEW_WATCHES = """
import asyncio, os, sys, playground
from pathlib import Path
root = Path(sys.argv[1])
Path("/proc/sys/user/max_inotify_watches").write_text("10")
seen = set()


class Listener(playground.GenServer):
    def init(self):
        playground.watch(root)

    def handle_info(self, message):
        seen.add(message.path.name)


async def main():
    Listener.start()
    await asyncio.sleep(0.3)
    for number in range(20):
        (root / str(number)).mkdir()
    await asyncio.sleep(0.3)
    for number in range(20):
        (root / str(number) / f"{number}.txt").write_text("x")
    async with asyncio.timeout(60):
        while len(seen) < 20:
            await asyncio.sleep(0.01)
    (root / "19" / "late.txt").write_text("x")
    async with asyncio.timeout(60):
        while "late.txt" not in seen:
            await asyncio.sleep(0.01)
    print("all seen")

asyncio.run(main())
"""


def test_more_new_directories_than_the_system_watches(tmp_path):
    """In a user namespace of its own the limit can be set for this test alone."""
    alone = ["unshare", "-Ur"]
    settable = ["sh", "-c", "echo 10 > /proc/sys/user/max_inotify_watches"]
    if shutil.which("unshare") is None or subprocess.run([*alone, *settable], capture_output=True).returncode:
        pytest.skip("this machine lets nobody set a limit of watches")
    command = [*alone, sys.executable, "-c", FEW_WATCHES, str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    assert "all seen" in result.stdout, result.stderr
    assert result.stderr.count("is looked at every 0.3 s") == 1


def test_every_one_of_many_changes_is_told_of(tmp_path):
    async def test():
        path = tmp_path / "a.txt"
        path.write_text("x")
        listener = await listening(tmp_path)
        for number in range(100):
            count = len(listener.messages)
            path.write_text(str(number))
            await until(lambda count=count: len(listener.messages) > count)
            await asyncio.sleep(0.02)

    run(test())


def test_a_supervised_watcher_broadcasts(tmp_path):
    async def test():
        class Subscriber(Listener):
            def init(self):
                super().init()
                self.subscribe("notes")

        subscriber = Subscriber.start()
        Watcher.start(paths=[tmp_path, tmp_path / "absent"], topic="notes")
        (tmp_path / "a.txt").write_text("x")
        await until(lambda: subscriber.told(tmp_path / "a.txt"))
        await playground.stop(playground.whereis(Watcher))
        assert not playground._directory_watcher.snapshots

    run(test())


def test_many_watchers_of_one_directory_share_a_thread(tmp_path):
    async def test():
        listeners = [await listening(tmp_path) for _ in range(1)] + [Listener.start(paths=tmp_path) for _ in range(50)]
        assert len(playground._directory_watcher.snapshots) == 1
        (tmp_path / "a.txt").write_text("x")
        await until(lambda: all(listener.told(tmp_path / "a.txt") for listener in listeners))

    run(test())


def test_a_watcher_that_cannot_be(tmp_path):
    async def test():
        with pytest.raises(ValueError, match="settle is in seconds, 0 or more, not 'soon'"):
            Watcher.start(paths=tmp_path, settle="soon")

    run(test())


# -- FileState


def test_the_file_is_the_state(tmp_path):
    state = FileState(tmp_path / "todo.json", ["first"])
    assert state.value == ["first"]
    assert not state.path.exists()
    state.value = ["second"]
    assert json.loads(state.path.read_text()) == ["second"]
    assert state.update(lambda items: items.append("third")) == ["second", "third"]
    assert state.update(lambda items: items[1:]) == ["third"]
    assert FileState(tmp_path / "todo.json", []).value == ["third"]
    assert sorted(os.listdir(tmp_path)) == ["todo.json"]


def test_a_change_from_outside_is_there_at_once(tmp_path):
    state = FileState(tmp_path / "todo.json", 0)
    for number in range(200):
        state.path.write_text(str(number % 10))
        assert state.value == number % 10


def test_a_broken_file_keeps_the_last_good_value(tmp_path, caplog):
    state = FileState(tmp_path / "todo.json", [])
    state.value = [1]
    state.path.write_text('[1, 2\n, "')
    assert state.value == [1]
    assert "line 2 column 3" in state.error
    assert caplog.text.count("todo.json: it is not JSON") == 1
    with pytest.raises(FileStateError, match="cannot be saved over what is there: it is not JSON"):
        state.update(lambda items: [*items, 3])
    with pytest.raises(FileStateError, match="not JSON"):
        state.value = [4]
    assert state.path.read_text() == '[1, 2\n, "'
    state.path.write_text("[1, 2]")
    assert (state.value, state.error) == ([1, 2], None)
    state.path.write_bytes(b"[\xff]")
    assert state.value == [1, 2]
    assert "can't decode byte 0xff in position 1" in state.error
    state.path.write_bytes(b"\xef\xbb\xbf[5]")
    assert (state.value, state.error) == ([5], None)


def test_a_deleted_file_keeps_its_value_and_comes_back(tmp_path):
    state = FileState(tmp_path / "todo.json", [])
    state.value = [1]
    state.path.unlink()
    assert state.value == [1]
    assert "deleted" in state.error
    state.update(lambda items: [*items, 2])
    assert json.loads(state.path.read_text()) == [1, 2]
    assert state.error is None


def test_what_json_cannot_say_is_not_saved(tmp_path):
    state = FileState(tmp_path / "todo.json", [])
    state.value = [1]
    for value in ({1, 2}, float("nan"), [object()]):
        with pytest.raises(TypeError, match=r"todo.json holds JSON, which cannot say"):
            state.value = value
    with pytest.raises(ZeroDivisionError):
        state.update(lambda items: items.append(1 / 0))
    assert (state.value, json.loads(state.path.read_text())) == ([1], [1])
    with pytest.raises(TypeError, match="cannot say"):
        FileState(tmp_path / "other.json", {1, 2})


def test_an_assignment_does_not_overwrite_what_others_have_saved(tmp_path):
    state = FileState(tmp_path / "todo.json", [])
    state.value = [1]
    mine = state.value
    state.path.write_text("[1, 2]")
    with pytest.raises(FileStateError, match="changed by somebody else"):
        state.value = [*mine, 3]
    assert state.value == [1, 2]
    state.value = [*state.value, 3]
    assert json.loads(state.path.read_text()) == [1, 2, 3]


@pytest.fixture
def an_editor_saves(monkeypatch):
    """Have somebody who waits for nobody write a file when the next one is saved: after it was read."""

    def when_saving(path, *texts):
        waiting, fsync = list(texts), os.fsync

        def save(handle):
            fsync(handle)
            if waiting:
                path.write_text(waiting.pop(0))

        monkeypatch.setattr(os, "fsync", save)

    return when_saving


def test_what_an_editor_saves_at_the_last_moment_is_not_overwritten(tmp_path, an_editor_saves):
    state = FileState(tmp_path / "todo.json", [])
    state.value = ["mine"]
    an_editor_saves(state.path, '["theirs"]', '["theirs", "again"]')
    given = []

    def add(items):
        given.append(list(items))
        items.append("mine")

    assert state.update(add) == ["theirs", "again", "mine"]
    assert given == [["mine"], ["theirs"], ["theirs", "again"]]
    assert json.loads(state.path.read_text()) == ["theirs", "again", "mine"]
    an_editor_saves(state.path, '["theirs"]')
    with pytest.raises(FileStateError, match="changed by somebody else"):
        state.value = ["mine"]
    assert json.loads(state.path.read_text()) == state.value == ["theirs"]
    an_editor_saves(state.path, '["half')
    with pytest.raises(FileStateError, match="cannot be saved over what is there: it is not JSON"):
        state.update(add)
    assert state.path.read_text() == '["half'
    assert sorted(os.listdir(tmp_path)) == ["todo.json"]


def test_what_an_editor_saves_right_behind_is_seen(tmp_path, monkeypatch):
    state, replace = FileState(tmp_path / "todo.json", []), os.replace

    def replace_twice(*paths):
        replace(*paths)
        state.path.write_text('["theirs"]')

    monkeypatch.setattr(os, "replace", replace_twice)
    state.value = ["mine"]
    assert state.value == ["theirs"]


@pytest.mark.parametrize("content", ["9" * 5000, "[" * 200_000, '{"a":' * 100_000], ids=["digits", "lists", "objects"])
def test_what_is_too_much_to_read_is_an_error_of_the_file(tmp_path, content):
    state = FileState(tmp_path / "todo.json", [])
    state.value = [1]
    state.path.write_text(content)
    assert state.value == [1]
    assert "it is not JSON" in state.error
    with pytest.raises(FileStateError, match="cannot be saved over"):
        state.value = [2]
    assert FileState(state.path, "default").value == "default"
    state.path.write_text("[3]")
    assert (state.value, state.error) == ([3], None)


def test_what_no_file_can_hold_is_not_saved(tmp_path):
    state = FileState(tmp_path / "todo.json", [])
    state.value = [1]
    deep = []
    for _ in range(200_000):
        deep = [deep]
    for value in ("\ud800", {"\udfff": 1}, deep):
        with pytest.raises(TypeError, match=r"todo.json holds JSON, which cannot say"):
            state.value = value
    assert (state.value, json.loads(state.path.read_text()), os.listdir(tmp_path)) == ([1], [1], ["todo.json"])
    while deep:
        deep = deep[0]  # freed from the outside in, which is deep as well


def test_links_and_permissions_stay(tmp_path):
    (tmp_path / "real").mkdir()
    real = tmp_path / "real" / "todo.json"
    real.write_text("[]")
    real.chmod(0o640)
    (tmp_path / "todo.json").symlink_to(real)
    state = FileState(tmp_path / "todo.json", [])
    state.value = [1]
    assert (tmp_path / "todo.json").is_symlink()
    assert json.loads(real.read_text()) == [1]
    assert real.stat().st_mode & 0o777 == 0o640


def test_threads_wait_for_each_other(tmp_path):
    state = FileState(tmp_path / "count.json", 0)

    async def test():
        def add():
            for _ in range(25):
                state.update(lambda number: number + 1)

        await asyncio.gather(*(asyncio.to_thread(add) for _ in range(8)))
        assert state.value == 200

    run(test())


def in_a_thread(function):
    """What a function returns that is called in a thread, where it must not stand still."""
    outcome = []
    thread = threading.Thread(target=lambda: outcome.append(function()), daemon=True)
    thread.start()
    thread.join(PATIENCE)
    assert outcome, "it stands still, or failed"
    return outcome[0]


def test_who_reads_does_not_wait_for_an_update(tmp_path):
    state = FileState(tmp_path / "todo.json", ["first"])
    begun, go_on = threading.Event(), threading.Event()

    def slow(items):
        begun.set()
        assert go_on.wait(PATIENCE)
        return [*items, "slow"]

    thread = threading.Thread(target=state.update, args=(slow,))
    thread.start()
    assert begun.wait(PATIENCE)
    assert in_a_thread(lambda: (state.value, state.error)) == (["first"], None)
    assert in_a_thread(lambda: state.update(lambda items: [*items, "quick"])) == ["first", "quick"]
    go_on.set()
    thread.join(PATIENCE)
    assert state.value == ["first", "quick", "slow"]  # its function was called again


def test_an_update_that_asks_a_process_that_reads_and_saves(tmp_path):
    state, other = FileState(tmp_path / "todo.json", []), FileState(tmp_path / "other.json", 0)

    class Reader(GenServer):
        def handle_call(self, request):
            other.value = len(state.value) + 1
            return other.value

    async def test():
        reader = await Reader.start()
        await asyncio.to_thread(state.update, lambda items: [*items, playground.call_sync(reader, "how many")])
        assert (state.value, other.value) == ([1], 1)

    run(test())


def test_an_update_inside_of_an_update(tmp_path):
    orders, lines = FileState(tmp_path / "orders.json", []), FileState(tmp_path / "log.json", [])

    def order(items):
        items.append("lamp")
        lines.update(lambda texts: [*texts, "ordered a lamp"])

    assert in_a_thread(lambda: orders.update(order)) == ["lamp"]
    assert lines.value == ["ordered a lamp"]

    def assign(items):
        orders.value = [*items, "chair"]

    for inner in (assign, lambda items: orders.update(lambda again: [*again, "chair"])):
        with pytest.raises(
            FileStateError, match=r"orders.json was changed every time .* must not save the file itself"
        ):
            orders.update(inner)
    assert orders.update(lambda items: ["table"]) == ["table"]


def test_an_update_whose_file_changes_whenever_it_runs_gives_up(tmp_path):
    state, same = FileState(tmp_path / "todo.json", []), FileState(tmp_path / "todo.json", [])

    def add_twice(items):
        same.update(lambda others: [*others, "theirs"])
        return [*items, "mine"]

    with pytest.raises(FileStateError, match=r"todo.json was changed every time while .*add_twice.* ran, 10 times"):
        state.update(add_twice)
    assert state.value == ["theirs"] * 10


def test_what_logs_an_error_of_the_file_may_read_it(tmp_path, caplog):
    class Handler(logging.Handler):
        def emit(self, record):
            seen.append(in_a_thread(lambda: state.value))

    seen, handler = [], Handler()
    state = FileState(tmp_path / "todo.json", [1])
    state.value = [2]
    state.path.write_text("[")
    playground.log.addHandler(handler)
    try:
        assert state.value == [2]
    finally:
        playground.log.removeHandler(handler)
    assert seen[-1] == [2]


@pytest.mark.parametrize("content", ['{"a": NaN}', '{"a": 1e999}', '{"a": "\\ud83d"}'], ids=["NaN", "huge", "half"])
def test_what_could_not_be_saved_again_is_not_read(tmp_path, content):
    path = tmp_path / "todo.json"
    path.write_text(content)
    state = FileState(path, {})
    assert state.value == {}
    assert "it is not JSON" in state.error
    called = []
    with pytest.raises(FileStateError, match="cannot be saved over what is there: it is not JSON"):
        state.update(called.append)
    assert (called, path.read_text()) == ([], content)


def test_the_directory_of_the_file_is_made(tmp_path):
    state = FileState(tmp_path / "data" / "lists" / "todo.json", [])
    assert state.update(lambda items: [*items, 1]) == [1]
    assert json.loads((tmp_path / "data" / "lists" / "todo.json").read_text()) == [1]
    (tmp_path / "file").write_text("")
    with pytest.raises(FileStateError, match=r"todo.json cannot be saved: .*file"):
        FileState(tmp_path / "file" / "todo.json").value = 1


def test_a_file_that_is_mounted_by_itself(tmp_path):
    """As by `docker run -v ./todo.json:/app/todo.json`: it can be written, and cannot be replaced."""
    theirs, path = tmp_path / "theirs.json", tmp_path / "todo.json"
    theirs.write_text("[1, 2, 3]")
    path.touch()
    alone = ["unshare", "-Urm", "sh", "-c", 'mount --bind "$1" "$2" && shift 2 && exec "$@"', "sh", theirs, path]
    if shutil.which("unshare") is None or subprocess.run([*alone, "true"], capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount anything")
    script = """
    import sys, playground
    state = playground.FileState(sys.argv[1], [])
    assert state.value == [1, 2, 3]
    state.value = [4]
    print(state.update(lambda items: [*items, 5]))
    """
    command = [*alone, sys.executable, "-c", textwrap.dedent(script), path]
    result = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    assert result.stdout == "[4, 5]\n", result.stderr
    assert json.loads(theirs.read_text()) == [4, 5]
    assert sorted(os.listdir(tmp_path)) == ["theirs.json", "todo.json"]


AS_NOBODY = """
import os, sys, playground
from pathlib import Path
place = Path(sys.argv[1])
if os.getuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
state = playground.FileState(place / "state.json", [])
try:
    print("saved", state.update(lambda items: [*items, "more"]))
except playground.FileStateError as error:
    print(error)
"""


@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="only root can give files away")
@pytest.mark.parametrize("owner", [0, 65534], ids=["theirs", "ours"])
@pytest.mark.parametrize("mode", [0o666, 0o444], ids=["writable", "read-only"])
@pytest.mark.parametrize("directory", [0o777, 0o1777, 0o555, 0o333], ids=["open", "sticky", "closed", "unlistable"])
def test_files_and_directories_of_others(open_directory, owner, mode, directory):
    """A file that may be written is saved and stays whose it is, whatever its directory; another one is not."""
    path = open_directory / "state.json"
    path.write_text('["first", "a long text that is overwritten"]')
    path.chmod(mode)
    os.chown(path, owner, owner)
    open_directory.chmod(directory)
    command = [sys.executable, "-c", AS_NOBODY, str(open_directory)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    saved = mode == 0o666
    assert result.stdout.startswith("saved" if saved else "state.json cannot be saved: "), result.stderr
    assert len(json.loads(path.read_text())) == (3 if saved else 2)
    assert (path.stat().st_uid, path.stat().st_mode & 0o777, os.listdir(open_directory)) == (owner, mode, [path.name])


@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="only root can give files away")
def test_root_saves_a_file_of_somebody_else(tmp_path):
    path = tmp_path / "state.json"
    path.write_text("[]")
    os.chown(path, 65534, 65534)
    FileState(path).value = [1]
    assert (path.stat().st_uid, path.stat().st_gid, path.read_text()) == (65534, 65534, "[\n  1\n]\n")


ADD = """
import sys, playground
state = playground.FileState(sys.argv[1], [])
for number in range(150):
    state.update(lambda items: items.append(f"{sys.argv[2]} {number}"))
"""


def test_two_programs_write_in_turn(tmp_path):
    path = str(tmp_path / "items.json")
    programs = [subprocess.Popen([sys.executable, "-c", ADD, path, name]) for name in ("a", "b")]
    assert [program.wait(60) for program in programs] == [0, 0]
    items = json.loads(Path(path).read_text())
    for name in ("a", "b"):
        assert [item for item in items if item.startswith(name)] == [f"{name} {number}" for number in range(150)]


@pytest.mark.slow
def test_killed_at_any_moment_the_file_is_whole(tmp_path):
    """200 writers, one after the other, each killed at some moment."""
    path = tmp_path / "state.json"
    fork = f"""
    import json, os, random, signal, time
    import playground
    path = {str(path)!r}
    for turn in range(200):
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            state = playground.FileState(path, {{"number": 0, "filling": ""}})
            while True:
                new = state.update(lambda value: {{"number": value["number"] + 1, "filling": "x" * 200_000}})
                os.write(writer, b"%d\\n" % new["number"])
        os.close(writer)
        told = os.read(reader, 1)  # it has begun to write
        time.sleep(random.uniform(0.003, 0.03))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        while chunk := os.read(reader, 65536):
            told += chunk
        os.close(reader)
        if os.path.exists(path):
            value = json.load(open(path))
            last = int((told.split() or [b"0"])[-1])
            assert value["number"] >= last, (value["number"], last)
            assert len(value["filling"]) == 200_000
    print("done", value["number"])
    """
    result = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(fork)], capture_output=True, text=True, timeout=PATIENCE
    )
    assert result.returncode == 0, result.stderr
    assert int(result.stdout.split()[-1]) >= 200
    FileState(path).update(lambda value: value)
    assert os.listdir(tmp_path) == ["state.json"]


PAGE = """
from nicegui import ui
import playground

todos = playground.FileState("todos.json", ["first"])


class Page(playground.LiveView):
    def mount(self):
        self.watch(todos)
        self.clicks = 0

    def render(self):
        for todo in todos.value:
            ui.label(todo).classes("todo")
        if todos.error:
            ui.label(todos.error).classes("error")
        ui.button("add", on_click=self.add)

    def add(self):
        self.clicks += 1
        todos.update(lambda items: items.append(f"added {self.clicks}"))


playground.start(live=Page, port=PORT, open_browser=False)
"""


def test_every_open_page_shows_the_file(serve, open_page):
    server = serve(PAGE)
    one, two = open_page(server.url), open_page(server.url)
    one.get_by_role("button", name="add").click()
    for page in (one, two):
        expect(page.locator(".todo")).to_have_text(["first", "added 1"])
    path = server.path.parent / "todos.json"
    path.write_text('["from", "an editor"]')
    for page in (one, two):
        expect(page.locator(".todo")).to_have_text(["from", "an editor"])
    path.write_text('["from", ')
    for page in (one, two):
        expect(page.locator(".error")).to_contain_text("it is not JSON")
        expect(page.locator(".todo")).to_have_text(["from", "an editor"])
    path.write_text('["mended"]')
    for page in (one, two):
        expect(page.locator(".error")).to_have_count(0)
        expect(page.locator(".todo")).to_have_text(["mended"])


def test_a_page_stops_watching_when_it_is_left(tmp_path):
    class Page(playground.LiveView):
        def mount(self):
            self.watch(tmp_path, patterns="*.txt")
            self.changes = []

        def render(self):
            ui.label(f"changes: {len(self.changes)}")

        def handle_info(self, message):
            self.changes.append(message.path.name)

    with playground.visit(Page) as page:
        (tmp_path / "a.txt").write_text("x")
        settle_until(page, lambda: page.has("changes: 1"))
        assert page.live.changes == ["a.txt"]
        assert playground._directory_watcher.snapshots
    wait_until(lambda: not playground._directory_watcher.snapshots)


NAMES = """
import os
from nicegui import ui
import playground


class Page(playground.LiveView):
    def mount(self):
        self.watch("names")
        self.clicked = None

    def render(self):
        for name in sorted(os.listdir("names")):
            ui.button(name, on_click=lambda name=name: self.click(name)).props("no-caps").classes("name")
        ui.label(f"clicked: {self.clicked}").classes("clicked")

    def click(self, name):
        self.clicked = ascii(name)


os.makedirs(b"names", exist_ok=True)
open(b"names/caf\\xe9.txt", "w").close()
playground.start(live=Page, port=PORT, open_browser=False)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="its file systems take any bytes for a name")
def test_a_page_shows_names_that_are_not_utf8(serve, open_page):
    server = serve(NAMES)
    page = open_page(server.url)
    expect(page.locator(".name")).to_have_text(["caf\ufffd.txt"])
    page.locator(".name").click()
    expect(page.locator(".clicked")).to_have_text("clicked: 'caf\\udce9.txt'")
    with open(os.fsencode(server.path.parent) + b"/names/th\xe9.txt", "w") as file:
        file.write("x")
    expect(page.locator(".name")).to_have_text(["caf\ufffd.txt", "th\ufffd.txt"])
