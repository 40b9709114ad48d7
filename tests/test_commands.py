"""Commands stream into every page, survive pages, and leave nothing behind."""

import asyncio
import contextlib
import io
import json
import multiprocessing
import os
import pathlib
import re
import signal
import stat
import subprocess
import sys
import time

import psutil
import pytest
from conftest import PATIENCE, ROOT, SERVER_GONE, settle_until, until, wait_until
from nicegui import ui
from playwright.sync_api import expect

import playground
from playground import Command, CommandChanged, CommandOutput, GenServer


@pytest.fixture(autouse=True)
def _state(tmp_path, monkeypatch):
    monkeypatch.setenv("PLAYGROUND_STATE", str(tmp_path / "state"))


def run(coroutine):
    async def bounded():
        try:
            await asyncio.wait_for(coroutine, 3 * PATIENCE)
        finally:
            for server in [server for servers in playground._running.values() for server in servers]:
                with contextlib.suppress(playground.ProcessError):
                    playground.kill(server)

    asyncio.run(bounded())


async def ended(command):
    await until(
        lambda: not command._process.alive, lambda: f"{command!r} has ended; it printed {command.output[-2000:]!r}"
    )
    return command


async def output_of(command, **options):
    return (await ended(Command.start(command, **options))).output


def python(code):
    return [sys.executable, "-c", code]


def is_alive(number):
    try:
        return psutil.Process(number).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_output_status_and_times():
    async def test():
        began = time.monotonic()
        command = Command.start("sh -c 'echo one; sleep 0.2; echo two; exit 3'")
        assert (command.status, command.exit_status, command.ended) == ("running", None, None)
        await until(lambda: command.output.startswith("one\r\n"))
        await ended(command)
        assert command.output == "one\r\ntwo\r\n"
        assert (command.status, command.exit_status) == ("exited", 3)
        assert 0.2 < command.duration <= time.monotonic() - began
        assert command.log.read_bytes() == b"one\r\ntwo\r\n"

    run(test())


def test_a_string_is_split_and_reaches_no_shell(tmp_path):
    async def test():
        assert await output_of("echo 'a  b' $HOME ; rm -rf *") == "a  b $HOME ; rm -rf *\r\n"
        assert await output_of(["echo", "$(id)"]) == "$(id)\r\n"
        assert await output_of("echo $((1 + 1)) | tr 2 3", shell=True) == "3\r\n"
        for wrong, error in (("echo 'a", "No closing quotation"), ("", "a program and its arguments"), ([], "program")):
            with pytest.raises(ValueError, match=error):
                Command.start(wrong)
        with pytest.raises(TypeError, match="With shell=True the command is a string"):
            Command.start(["echo"], shell=True)

    run(test())


def test_what_cannot_be_started_says_why(tmp_path):
    (tmp_path / "text.txt").write_text("text")
    (tmp_path / "garbage").write_bytes(b"\x00\x01garbage")
    (tmp_path / "script").write_text("#!/no/such/interpreter\n")
    for name in ("garbage", "script"):
        (tmp_path / name).chmod(0o755)
    cases = [
        ("no-such-program -x", {}, "no-such-program cannot be started: [Errno 2] No such file or directory"),
        ("echo", {"cwd": tmp_path / "absent"}, f"No such file or directory: '{tmp_path / 'absent'}'"),
        ("echo", {"cwd": tmp_path / "text.txt"}, f"Not a directory: '{tmp_path / 'text.txt'}'"),
        ([str(tmp_path / "script")], {}, "script cannot be started: [Errno 2] No such file or directory"),
        ([str(tmp_path / "text.txt")], {}, "Permission denied"),
        ([str(tmp_path)], {}, "Permission denied"),
        ([str(tmp_path / "garbage")], {}, "Exec format error"),
    ]

    async def test():
        handles = len(os.listdir("/proc/self/fd"))
        for command, options, error in cases:
            for pty in (True, False):
                started = await ended(Command.start(command, pty=pty, **options))
                assert (started.status, started.exit_status) == ("failed", None)
                assert error in started.error
                assert error in started.output
        assert len(os.listdir("/proc/self/fd")) <= handles + 1  # the guard's

    run(test())


def test_directory_environment_and_terminal():
    async def test():
        assert await output_of("pwd", cwd="/usr") == "/usr\r\n"
        assert await output_of("printenv GREETING TERM", env={"GREETING": "hello"}) == "hello\r\nxterm-256color\r\n"
        assert await output_of("stty size", columns=123, rows=45) == "45 123\r\n"
        assert await output_of("sh -c 'tty >/dev/null && : </dev/tty && echo yes'") == "yes\r\n"
        assert await output_of(python("print('x')"), pty=False) == "x\n"

    run(test())


def test_input_and_its_end():
    async def test():
        command = Command.start("sh -c 'printf \"name? \"; read name; echo hello $name'")
        await until(lambda: command.output == "name? ")
        command.write("Ada\n")
        assert (await ended(command)).output == "name? Ada\r\nhello Ada\r\n"
        counter = Command.start("wc -c", pty=False)
        counter.write("x" * 1_000_000)
        counter.end_input()
        assert (await ended(counter)).output.strip() == "1000000"
        lines = Command.start("wc -l")
        for _ in range(100):
            lines.write(("y" * 99 + "\n") * 100)
        lines.end_input()
        assert (await ended(lines)).output.endswith("10000\r\n")  # right after what the terminal has echoed
        counter.write("it has ended")

    run(test())


@pytest.mark.parametrize(
    ("pieces", "count"), [(["abc"], 3), (["abc\n"], 4), (["abc\n", "de"], 6), (["ab", "c"], 3), ([], 0)]
)
def test_the_end_of_the_input_at_a_terminal(pieces, count):
    async def test():
        counter = Command.start("wc -c", timeout=10)
        for piece in pieces:
            counter.write(piece)
        counter.end_input()
        await ended(counter)
        assert (counter.status, counter.exit_status) == ("exited", 0)
        assert re.search(r"(\d)\r\n$", counter.output)[1] == str(count)

    run(test())


def test_resize_is_seen():
    async def test():
        command = Command.start("sh -c 'read x; stty size; read y; stty size'", columns=90, rows=30)
        command.write("\n")
        await until(lambda: "30 90" in command.output)
        command.resize(100, 40)
        command.write("\n")
        assert "40 100" in (await ended(command)).output

    run(test())


def test_utf8_split_at_every_boundary():
    text = "aä€😀é"
    content = text.encode()

    async def test():
        for first in range(len(content) + 1):
            for second in range(first, len(content) + 1):
                read, write = os.pipe()
                output = playground._Output(io.FileIO(read), "utf-8", lambda: None)
                taken = []
                for piece in (content[:first], content[first:second], content[second:]):
                    os.write(write, piece)
                    output._read()
                    taken.append(output.take())
                os.close(write)
                assert "".join([*taken, output.take(is_last=True)]) == text, (first, second)

    run(test())


def test_utf8_split_anywhere_and_random_bytes():
    text = "aä€😀" * 3
    code = f"""
import os, time
for byte in {text.encode()!r}:
    os.write(1, bytes([byte])); time.sleep(0.002)
"""

    async def test():
        assert await output_of(python(code), pty=False) == text
        noise = "import random, os; random.seed(1); os.write(1, random.randbytes(300_000))"
        command = await ended(Command.start(python(noise), pty=False))
        assert len(command.output) > 100_000
        command.output.encode()
        assert await output_of(python("import os; os.write(1, b'x\\xe2\\x82')"), pty=False) == "x�"
        assert (
            await output_of(python("import os; os.write(1, b'10%\\r20%\\r\\x1b[32mdone\\x1b[0m')"))
            == "10%\r20%\r\x1b[32mdone\x1b[0m"
        )

    run(test())


@pytest.mark.slow
def test_a_line_of_50_megabytes():
    async def test():
        code = "import sys\nfor _ in range(50): sys.stdout.write('x' * 1_000_000)\nprint('end')"
        command = await ended(Command.start(python(code)))
        assert command.output.endswith("xend\r\n")
        assert re.match(r"… [\d,]+ characters skipped\n", command.output)
        assert len(command.output) < 1_100_000

    run(test())


def test_the_scrollback_is_bounded_and_says_what_it_skipped():
    async def test():
        command = await ended(Command.start("seq 1 200000", scrollback=10_000))
        first, *lines = command.output.split("\n")
        skipped = int(re.fullmatch(r"… ([\d,]+) lines skipped", first)[1].replace(",", ""))
        assert [int(line) for line in lines[:-1]] == list(range(skipped + 1, 200_001))
        assert len(command.output) < 10_100

    run(test())


def resident():
    return psutil.Process().memory_info().rss


@pytest.mark.slow
def test_a_flood_grows_no_memory_and_holds_up_nobody():
    async def test():
        warm = Command.start("yes", timeout=1)
        await ended(warm)
        before, latest, worst = resident(), time.perf_counter(), 0.0
        command = Command.start("yes", timeout=5)
        while command._process.alive:
            await asyncio.sleep(0.005)
            worst, latest = max(worst, time.perf_counter() - latest), time.perf_counter()
        grown = (resident() - before) / 1e6
        assert command.status == "timed out"
        assert re.match(r"… [\d,]{7,} lines skipped\n", command.output)
        print(f"grown {grown:.1f} MB, longest pause {worst * 1000:.0f} ms, {command.output[:40]!r}")
        assert grown < 20
        assert command.log.stat().st_size <= playground._CommandLog.LIMIT + 4_000_000

    run(test())


def test_stopping_is_asked_for_then_enforced():
    ignores = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.signal(signal.SIGHUP, signal.SIG_IGN); print('up', flush=True); time.sleep(100)"
    polite = "import signal, time, sys; signal.signal(signal.SIGTERM, lambda *_: (print('bye', flush=True), sys.exit(0)))\nprint('up', flush=True); time.sleep(100)"

    async def test():
        command = Command.start(python(polite), pty=False)
        await until(lambda: "up\n" in command.output)
        command.stop()
        await ended(command)
        assert (command.status, command.exit_status, command.output) == ("stopped", 0, "up\nbye\n")
        stubborn = Command.start(python(ignores), grace=0.3)
        await until(lambda: "up" in stubborn.output)
        began = time.monotonic()
        await playground.stop(stubborn)
        assert time.monotonic() - began >= 0.3
        assert (stubborn.status, stubborn.exit_status) == ("stopped", -9)
        late = await ended(Command.start("sleep 100", timeout=0.2))
        assert late.status == "timed out"
        killed = Command.start("sleep 100")
        number = killed.pid
        playground.kill(killed)
        await until(lambda: not is_alive(number))
        assert killed.status == "killed"

    run(test())


def test_killed_while_it_is_stopping_the_program_goes_with_it():
    script = "trap '' TERM HUP; echo up; sleep 10000"

    async def test():
        spec = playground.child_spec(Command, command=script, shell=True, grace=1000.0, shutdown=0.3)
        supervisor = await playground.Supervisor.start(children=[spec])
        (command,) = supervisor.which_children()
        await until(lambda: "up" in command.output)
        await playground.stop(supervisor)
        await until(lambda: not group_of(command.pid))
        assert (command.status, command.ended is None) == ("stopped", False)

    run(test())


@pytest.mark.slow
def test_whatever_stops_a_command_gives_it_its_grace():
    saves = (
        "import signal, sys, time\n"
        "def save(*_): time.sleep(5.5); print('saved', flush=True); sys.exit()\n"  # longer than anything else is given
        "signal.signal(signal.SIGTERM, save); print('up', flush=True)\n"
        "while True: time.sleep(0.01)"
    )

    async def test():
        options = {"command": python(saves), "pty": False, "grace": PATIENCE}
        supervisor = await playground.Supervisor.start(children=[(Command, options)])
        commands = [*supervisor.which_children(), Command.start(**options)]
        for command in commands:
            await until(lambda command=command: "up" in command.output)
        await asyncio.gather(playground.stop(supervisor), playground.stop(commands[1]))
        with_server = Command.start(**options)
        await until(lambda: "up" in with_server.output)
        await Command.stop_all()
        assert [command.output for command in (*commands, with_server)] == ["up\nsaved\n"] * 3

    run(test())


def test_wrong_arguments_leave_nothing_open():
    async def test():
        handles = len(os.listdir("/proc/self/fd"))
        with pytest.raises(ValueError, match="a program and its arguments"):
            Command.start("echo a\0b")
        with pytest.raises(TypeError):
            Command.start("echo", env={"NUMBER": 1})
        with pytest.raises(TypeError, match="unexpected keyword argument"):
            Command.start("echo", colums=80)
        for wrong in ("5", -1, float("nan")):
            for name in ("grace", "timeout"):
                with pytest.raises(ValueError, match=re.escape(f"{name} is in seconds, 0 or more, not {wrong!r}")):
                    Command.start("echo", **{name: wrong})
        for wrong in ("no-such-encoding", "hex", None):
            with pytest.raises((LookupError, TypeError), match=re.escape(str(wrong))):
                Command.start("echo", encoding=wrong)
        for wrong in ({"columns": 100_000}, {"rows": 0}, {"columns": "80"}, {"rows": None}):
            with pytest.raises((TypeError, ValueError), match="A terminal has 1 to 999 columns and rows, not"):
                Command.start("echo", **wrong)
        assert len(os.listdir("/proc/self/fd")) <= handles + 1
        assert not playground._running.get(Command)

    run(test())


def test_no_grandchild_survives():
    async def test():
        script = "sleep 1000 & echo $!; (trap '' TERM HUP; sleep 1000) & echo $!; echo ready; "
        for end in ("exit 0", "sleep 1000"):
            command = Command.start(script + end, shell=True, grace=0.3)
            await until(lambda command=command: "ready" in command.output)
            numbers = [int(line) for line in command.output.split() if line.isdigit()]
            assert len(numbers) == 2
            if "exit" not in end:
                command.stop()
            await ended(command)
            await until(lambda numbers=numbers: not any(map(is_alive, numbers)))

    run(test())


def test_one_that_left_the_group_does_not_hold_up_the_end():
    async def test():
        command = Command.start("setsid sleep 1000 & echo $!; read x", shell=True, pty=False)
        await until(lambda: command.output.endswith("\n"))
        number = int(command.output)
        try:
            await until(lambda: os.getsid(number) == number)
            command.write("\n")
            await ended(command)
            assert command.status == "exited"
            assert is_alive(number)
        finally:
            os.kill(number, signal.SIGKILL)

    run(test())


def test_what_is_read_last_is_all_of_it_though_others_hold_the_pipe(caplog, tmp_path):
    async def test():
        held = f"setsid sh -c 'sleep 1; (echo late); touch {tmp_path}/done' &"
        script = f"{held} sleep 0.3; seq 1 200000"
        assert (await output_of(["sh", "-c", script], pty=False)).endswith("\n200000\n")
        await until((tmp_path / "done").exists)
        assert caplog.text == ""

    run(test())


def test_one_that_closes_its_output_lives_on(tmp_path):
    async def test():
        lives = f"while not os.path.exists({str(tmp_path / 'enough')!r}): time.sleep(0.01)"
        command = Command.start(python(f"import os, time\nprint('out', flush=True)\nos.closerange(0, 3)\n{lives}"))
        await until(lambda: command.output == "out\r\n")
        await asyncio.sleep(0.3)
        assert command.status == "running"
        (tmp_path / "enough").touch()
        assert (await ended(command)).status == "exited"
        assert command.duration > 0.3

    run(test())


def test_fifty_at_once():
    async def test():
        handles, threads = len(os.listdir("/proc/self/fd")), len(psutil.Process().threads())
        commands = [Command.start(f"sh -c 'echo {number}; sleep 0.5; echo end'") for number in range(50)]
        for number, command in enumerate(commands):
            assert (await ended(command)).output == f"{number}\r\nend\r\n"
        assert len(os.listdir("/proc/self/fd")) <= handles + 1
        await until(lambda: len(psutil.Process().threads()) <= threads)

    run(test())


SAVES = """
import signal, sys, time
def end(*_):
    time.sleep({seconds}); print("saved", flush=True); sys.exit(0)
signal.signal(signal.SIGTERM, end)
print("up", flush=True)
while True: time.sleep(0.1)
"""


@pytest.mark.parametrize("pty", [True, False])
def test_who_cleans_up_when_asked_to_end_is_left_to_it(pty):
    async def test():
        command = Command.start(python(SAVES.format(seconds=0.3)), pty=pty, grace=PATIENCE)
        await until(lambda: "\n" in command.output)
        command.stop()
        assert await command.wait() == 0
        assert "saved" in command.output

    run(test())


@pytest.mark.slow
def test_whoever_stops_a_command_gives_it_its_grace():
    async def supervised(**arguments):
        supervisor = await playground.Supervisor.start(children=[(Command, arguments)])
        (command,) = supervisor.which_children()
        return command, lambda: playground.stop(supervisor)

    async def alone(**arguments):
        command = Command.start(**arguments)
        return command, lambda: playground.stop(command)

    async def of_the_server(**arguments):
        return Command.start(**arguments), Command.stop_all

    async def test():
        options = {"command": python(SAVES.format(seconds=5.5)), "grace": 2 * PATIENCE}
        started = [await start(**options) for start in (supervised, alone, of_the_server)]
        for command, _ in started:
            await until(lambda command=command: "\n" in command.output)
        await asyncio.gather(*(stop() for _, stop in started))
        for command, _ in started:
            assert (command.exit_status, command.output) == (0, "up\r\nsaved\r\n")

    run(test())


def test_the_signal_that_stops_a_command_is_chosen():
    async def test():
        command = Command.start("trap '' TERM; trap 'echo hung up; exit 4' HUP; echo up; while sleep 0.01; do :; done",
                                shell=True, stop_signal=signal.SIGHUP, grace=PATIENCE)  # fmt: skip
        await until(lambda: "up" in command.output)
        command.stop()
        assert await command.wait() == 4
        assert command.output.endswith("hung up\r\n")
        with pytest.raises(ValueError, match="SIGINT"):
            Command.start("true", stop_signal="SIGINT")

    run(test())


def test_a_command_killed_before_it_has_begun_leaves_nothing():
    async def test():
        command = Command.start("sleep 1000")
        number = command.pid
        playground.kill(command)
        await until(lambda: command.ended is not None and not is_alive(number))
        assert command.status == "killed"
        started = Command.start("sleep 1000")
        started.stop()
        await ended(started)
        assert (started.status, started.exit_status) == ("stopped", -signal.SIGTERM)

    run(test())


# -- what a program inherits


def test_no_signal_is_ignored_or_blocked_because_the_server_does(monkeypatch):
    async def test():
        for pty in (True, False):
            status = await output_of("cat /proc/self/status", pty=pty)
            found = dict(re.findall(r"(Sig\w+):\s*([0-9a-f]+)", status))
            masks = int(found["SigIgn"], 16) | int(found["SigBlk"], 16)
            assert [number for number in signal.valid_signals() if masks >> (number - 1) & 1] == []

    before = {
        number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT)
    }
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    try:
        run(test())
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        for number, handler in before.items():
            signal.signal(number, handler)


def test_the_environment_does_not_speak_of_another_terminal_or_server(monkeypatch):
    monkeypatch.setenv("COLUMNS", "10")
    monkeypatch.setenv("LINES", "5")
    monkeypatch.setenv("NICEGUI_PORT", "4000")
    ask = python("import os, shutil; print(os.environ.get('LINES'), *shutil.get_terminal_size())")
    ask_port = python("import os; print(os.environ.get('NICEGUI_PORT'))")

    async def test():
        assert await output_of(ask, columns=90, rows=30) == "None 90 30\r\n"
        assert await output_of(ask, env={"COLUMNS": "7"}, rows=30) == "None 7 30\r\n"
        assert await output_of(ask, pty=False) == "None 80 24\n"
        assert await output_of(ask_port, pty=False) == "None\n"
        assert await output_of(ask_port) == "None\r\n"

    run(test())


PROCESS_1 = """
import asyncio, ctypes, os
from playground import Command

ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER: what is left behind comes to this process


async def main():
    command = Command.start("sleep 1000 & echo hi", shell=True, grace=1000)
    await command.wait()
    with os.popen(f"ps -o stat= --ppid {os.getpid()}") as listing:
        print(command.status, command.output.strip(), [line for line in listing if line.startswith("Z")])


asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="says of itself that it is process 1")
def test_a_server_that_is_process_1_collects_what_commands_leave_behind():
    done = subprocess.run(python(PROCESS_1), capture_output=True, text=True, timeout=PATIENCE, cwd=ROOT)
    assert (done.stdout, done.stderr) == ("exited hi []\n", "")


def test_a_fork_of_the_server_keeps_no_pipe_of_a_command_open():
    async def test():
        reader = Command.start("cat", pty=False)
        sleeper = multiprocessing.get_context("fork").Process(target=time.sleep, args=(1000,))
        sleeper.start()
        try:
            reader.write("text")
            reader.end_input()
            await ended(reader)
        finally:
            sleeper.kill()
            sleeper.join()
        assert (reader.status, reader.output) == ("exited", "text")

    run(test())


KILLED = """
import asyncio, os, signal
from playground import Command


async def main():
    command = Command.start("exec 2>/dev/null; trap 'sleep 1; echo > saved; exit' TERM; echo up; while sleep 0.01; do :; done",
                            shell=True, grace=1000, pty=False)
    async for line in command.lines():
        END


asyncio.run(main())
"""


FORKED = """
import asyncio, multiprocessing, sys
from playground import Command


async def child():
    print((await Command.run("echo in the child")).output.strip(), flush=True)


async def main():
    command = Command.start("while sleep 0.01; do echo tick; done", shell=True)
    fork = multiprocessing.get_context("fork").Process(target=lambda: asyncio.run(child()))
    await asyncio.to_thread(lambda: (fork.start(), fork.join()))
    many = command.output.count("tick") + 50
    while command.ended is None and command.output.count("tick") < many:
        await asyncio.sleep(0.01)
    print(command.status)


asyncio.run(main())
"""


def test_a_fork_has_commands_of_its_own():
    done = subprocess.run(python(FORKED), capture_output=True, text=True, timeout=PATIENCE, cwd=ROOT)
    assert done.stdout == "in the child\nrunning\n", done.stderr


@pytest.mark.parametrize("end", ["os.kill(os.getpid(), signal.SIGKILL)", "return"])
def test_the_grace_outlives_a_server_that_is_killed_or_forgets_its_commands(tmp_path, end):
    code = KILLED.replace("END", end)
    subprocess.run(python(code), timeout=PATIENCE, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)})
    wait_until((tmp_path / "saved").exists)


# -- what is asked of a command


def test_run_gives_output_and_exit_status_in_one_call():
    async def test():
        done = await Command.run("sh -c 'echo out; exit 3'")
        assert (done.output, done.exit_status, done.status) == ("out\r\n", 3, "exited")
        late = await Command.run("sleep 1000", timeout=0.1)
        assert (late.status, late.exit_status) == ("timed out", -signal.SIGTERM)
        assert (await Command.run("no-such-program")).status == "failed"
        waiting = asyncio.create_task(Command.run("sleep 1000", name="sleeper"))
        await until(lambda: playground.whereis("sleeper"))
        command = playground.whereis("sleeper")
        waiting.cancel()
        await ended(command)
        assert command.status == "stopped"
        assert await command.wait() == -signal.SIGTERM
        assert await Command.history()[0].wait() == -signal.SIGTERM

    run(test())


def test_lines_come_one_by_one():
    async def test():
        command = Command.start("sh -c 'echo one; read x; printf \"two\\n\\nlast\"'")
        seen = []
        async for line in command.lines():
            seen.append(line)
            if line == "one":
                command.write("\n")
        assert seen == ["one", "", "two", "", "last"]
        assert [line async for line in command.lines()] == seen
        flood = await Command.run("seq 1 10000", scrollback=1000)
        first, *others = [line async for line in flood.lines()]
        assert re.fullmatch(r"… [\d,]+ lines skipped", first)
        assert others == [str(number) for number in range(10_001 - len(others), 10_001)]

    run(test())


def test_the_number_of_a_program_and_signals_to_it():
    async def test():
        script = "trap 'echo got one' USR1; (trap 'echo child' USR1; while sleep 0.01; do :; done) & echo $$; while :; do wait; done"
        command = Command.start(script, shell=True)
        await until(lambda: command.output.endswith("\n"))
        assert command.output == f"{command.pid}\r\n"
        command.signal(signal.SIGUSR1)
        await until(lambda: "got one" in command.output)
        command.stop()
        await command.wait()
        assert "child" not in command.output
        command.signal(signal.SIGUSR1)
        with pytest.raises(ValueError, match="999"):
            command.signal(999)

    run(test())


def test_what_a_program_reads_is_given_at_the_start(tmp_path):
    (tmp_path / "numbers").write_text("3\n1\n2\n")

    async def test():
        for pty, end in ((True, "\r\n"), (False, "\n")):
            assert (await Command.run("sort", stdin="b\na\n", pty=pty)).output == f"a{end}b{end}"
            assert (await Command.run("wc -c", stdin=b"x" * 1_000_000, pty=pty)).output.strip() == "1000000"
            assert (await Command.run("cat", stdin=subprocess.DEVNULL, pty=pty)).output == ""
            with (tmp_path / "numbers").open() as file:
                assert (await Command.run("sort", stdin=file, pty=pty)).output == f"1{end}2{end}3{end}"

    run(test())


def test_an_interrupt_comes_from_the_terminal_whatever_is_read():
    async def test():
        command = Command.start("sleep 1000", stdin="text")
        command.write("\x03")
        assert await command.wait() == -signal.SIGINT

    run(test())


def test_another_encoding_and_stderr_apart():
    async def test():
        echo = await Command.run(["cat"], stdin="grün", encoding="latin-1", pty=False)
        assert echo.output == "grün"
        assert len(echo.output) == 4
        assert (await Command.run(["printf", "\\374"], encoding="latin-1")).output == "ü"
        script = "echo out; echo oops >&2; echo more"
        both = await Command.run(script, shell=True, pty=False)
        assert (both.output, both.stderr) == ("out\noops\nmore\n", "")
        apart = await Command.run(script, shell=True, pty=False, stderr_to_stdout=False)
        assert (apart.output, apart.stderr) == ("out\nmore\n", "oops\n")
        assert sorted(apart.log.read_text().split()) == ["more", "oops", "out"]
        with pytest.raises(ValueError, match="needs pty=False"):
            Command.start("true", stderr_to_stdout=False)

    run(test())


def test_paths_may_be_part_of_a_command(tmp_path):
    script = tmp_path / "my script"
    script.write_text("#!/bin/sh\necho $1\n")
    script.chmod(0o755)

    async def test():
        assert await output_of([script, tmp_path]) == f"{tmp_path}\r\n"
        assert await output_of(script) == "\r\n"
        assert Command.history()[0].command == f"'{script}'"
        for wrong in (None, 5, [1], [b"echo"], [script, None]):
            with pytest.raises(ValueError, match="a program and its arguments, as strings or paths"):
                Command.start(wrong)

    run(test())


# -- lines that are too long for a terminal


def test_a_line_that_a_terminal_would_cut_is_an_error():
    async def test():
        counter = Command.start("wc -c", timeout=PATIENCE)
        counter.write("x" * 4095 + "\n")
        counter.write("y" * 3000)
        for wrong in ("y" * 1096, "y\n" + "z" * 5000 + "\n"):
            with pytest.raises(ValueError, match=r"drops what is beyond 4,095.*pty=False"):
                counter.write(wrong)
        counter.write("y" * 1095 + "\n")
        counter.end_input()
        assert (await ended(counter)).output.split()[-1] == "8192"
        raw = Command.start(
            python(
                "import sys, tty; tty.setraw(0); print('up', end='', flush=True); print(len(sys.stdin.read(10_000)))"
            )
        )
        await until(lambda: raw.output == "up")
        raw.write("x" * 10_000)
        assert (await ended(raw)).output == "up10000\n"
        pipe = Command.start("wc -c", pty=False)
        pipe.write("x" * 10_000)
        pipe.end_input()
        assert (await ended(pipe)).output.strip() == "10000"

    run(test())


# -- files of others


def test_a_long_log_keeps_its_end(monkeypatch, tmp_path):
    monkeypatch.setattr(playground._CommandLog, "LIMIT", 100_000)

    async def test():
        command = await Command.run("seq 1 100000", log=tmp_path / "long.log", pty=False)
        lines = command.log.read_text().split("\n")
        assert len(lines) > 2000
        assert lines == [*map(str, range(100_002 - len(lines), 100_001)), ""]
        assert [path.name for path in tmp_path.glob("long*")] == ["long.log"]

    run(test())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes devices, and files of others")
def test_devices_and_files_of_others_are_written_to_and_nothing_else(monkeypatch, tmp_path):
    monkeypatch.setattr(playground._CommandLog, "LIMIT", 1000)
    null, other = tmp_path / "null", tmp_path / "other"
    os.mknod(null, stat.S_IFCHR | 0o666, os.makedev(1, 3))
    other.write_text("")
    os.chown(other, 65534, 65534)

    async def test():
        for log in (null, other):
            await Command.run("seq 1 1000", log=log, pty=False)
        assert stat.S_ISCHR(null.stat().st_mode)
        assert other.read_text().startswith("1\n2\n")
        assert other.stat().st_uid == 65534
        assert sorted(path.name for path in tmp_path.iterdir() if path.name != "state") == ["null", "other"]

    run(test())


def test_a_log_may_be_a_pipe_and_what_is_beside_it_is_not_touched(tmp_path, caplog):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "data.json").write_text("[1, 2]")
    (tmp_path / "link").symlink_to(tmp_path / "target")

    async def test():
        assert (await Command.run("echo out", log=tmp_path / "pipe")).output == "out\r\n"
        assert "pipe: what the command prints is not kept on disk any more" in caplog.text
        await Command.run("echo out", log=tmp_path / "data", pty=False)
        assert (tmp_path / "data").read_text() == "out\n"
        assert (tmp_path / "data.json").read_text() == "[1, 2]"
        await Command.run("echo out", log=tmp_path / "link", pty=False)
        assert (tmp_path / "target").read_text() == "out\n"
        assert not (tmp_path / "pipe.json").exists()
        assert not (tmp_path / "link.json").exists()

    run(test())


def test_no_log_is_nothing_on_disk(tmp_path):
    async def test():
        command = await Command.run("echo out", log=None)
        assert (command.output, command.log) == ("out\r\n", None)
        assert list(tmp_path.iterdir()) == []
        assert Command.history() == []

    run(test())


def test_nobody_else_reads_what_a_command_prints(tmp_path):
    before = os.umask(0o022)
    try:

        async def test():
            command = await Command.run("echo --password=secret")
            paths = [command.log, pathlib.Path(f"{command.log}.json"), command.log.parent]
            assert [stat.filemode(path.stat().st_mode) for path in paths] == ["-rw-------", "-rw-------", "drwx------"]
            elsewhere = await Command.run("echo", log=tmp_path / "new" / "echo.log")
            assert stat.filemode(elsewhere.log.parent.stat().st_mode) == "drwx------"

        run(test())
    finally:
        os.umask(before)


def test_supervised_commands_start_again_as_they_should(tmp_path):
    async def test():
        counter = tmp_path / "count"
        script = f"echo run; echo x >> {counter}; test $(wc -l < {counter}) -ge 3"
        spec = playground.child_spec(Command, command=script, shell=True, restart="transient", log=tmp_path / "log")
        supervisor = await playground.Supervisor.start(children=[spec])
        await until(lambda: supervisor.count_children() == 0)
        assert counter.read_text() == "x\n" * 3
        assert (tmp_path / "log").read_text() == "run\n" * 3

    run(test())


def test_messages_about_commands():
    class Listener(GenServer):
        def init(self):
            self.messages = []
            self.subscribe("commands")

        def handle_info(self, message):
            self.messages.append(message)

    async def test():
        listener = Listener.start()
        command = Command.start("sh -c 'sleep 0.2; echo out'")
        listener.subscribe(command.topic)
        await ended(command)
        await until(lambda: len(listener.messages) == 3)
        assert listener.messages == [
            CommandChanged(command, "running"), CommandOutput(command, "out\r\n"), CommandChanged(command, "exited"),
        ]  # fmt: skip

    run(test())


def test_history_of_this_run_and_a_full_disk(caplog):
    async def test():
        first = await ended(Command.start("echo one"))
        second = Command.start("sleep 100")
        assert [each.command for each in Command.history()] == ["sleep 100", "echo one"]
        assert Command.history()[0] is second
        assert Command.history()[1] is first
        full = await ended(Command.start("echo three", log="/dev/full"))
        assert full.output.endswith("three\r\n")
        assert caplog.text.count("is not kept on disk any more") == 1

    run(test())


def test_no_place_for_logs(monkeypatch, caplog):
    monkeypatch.setenv("PLAYGROUND_STATE", "/proc/nowhere")

    async def test():
        assert await output_of("echo out") == "out\r\n"
        assert caplog.text.count("is not kept on disk any more") == 1
        assert Command.history() == []

    run(test())


def test_old_logs_are_removed(monkeypatch):
    monkeypatch.setattr(Command, "_LOGS", 3)

    async def test():
        for number in range(6):
            await ended(Command.start(f"echo {number}"))
        assert len(list(Command.log_directory().glob("*.log"))) == 4
        assert len(list(Command.log_directory().glob("*.json"))) == 4

    run(test())


def test_a_crash_of_a_linked_command_is_no_crash_of_the_page():
    class Page(playground.LiveView):
        def mount(self):
            self.command = Command.start_link("sh -c 'echo out; exit 5'")

        def render(self):
            ui.label(f"{self.command.status} {self.command.exit_status}")
            playground.terminal(self.command)

    with playground.visit(Page) as page:
        settle_until(page, lambda: page.has("exited 5"))


def test_a_terminal_shows_commands_only():
    class Page(playground.LiveView):
        def render(self):
            playground.terminal("ls")

    with pytest.raises(TypeError, match="terminal\\(\\) shows a Command"), playground.visit(Page):
        pass


# -- a server with commands


SERVER = """
from nicegui import ui
import playground

command = None


class Page(playground.LiveView):
    def mount(self):
        self.subscribe("commands")
        self.clicks = 0

    def render(self):
        ui.label(f"Clicks: {self.clicks}").classes("clicks")
        ui.button("click", on_click=self.click)
        ui.button("start", on_click=self.start_command)
        for each in playground.Command.history():
            ui.label(f"{each.command}: {each.status}").classes("command")
        if command:
            ui.label(f"{command.status} {command.exit_status}").classes("status")
            playground.terminal(command, keys=True).classes("shell")

    def click(self):
        self.clicks += 1

    def start_command(self):
        global command
        command = playground.Command.start(COMMAND, shell=True)
        print("started", command.pid, flush=True)

    def handle_info(self, message):
        pass


playground.start(live=Page, port=PORT, open_browser=False)
"""

TEXT = """() => {
    const terminal = getElement(Number(document.querySelector(".shell").id.slice(1))).terminal;
    const lines = [];
    for (let y = 0; y < terminal.buffer.active.length; y++) lines.push(terminal.buffer.active.getLine(y).translateToString(true));
    return lines.join("\\n").trimEnd();
}"""


def shown(page):
    """The text in the terminal of a page."""
    return page.evaluate(TEXT)


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def group_of(number):
    members = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, ProcessLookupError):
            if os.getpgid(process.pid) == number and process.status() != psutil.STATUS_ZOMBIE:
                members.append(process)
    return members


@pytest.mark.console_allows(SERVER_GONE)
def test_a_killed_server_leaves_no_child_and_its_output_is_recovered(serve, open_page, wait_for):
    source = SERVER.replace("COMMAND", repr("echo hello from before; sleep 1000 & sleep 1000"))
    server = serve(source)
    page = open_page(server.url)
    press(page, "start")
    wait_until(lambda: page.locator(".shell").count() and "hello from before" in shown(page))
    number = int(re.search(r"started (\d+)", server.log)[1])
    assert len(group_of(number)) >= 2
    page.wait_for_selector(".shell .xterm")  # or else its code is still on the way when the server ends
    os.kill(server.process.pid, signal.SIGKILL)
    wait_until(lambda: not group_of(number))
    page.close()
    again = serve(server.path)
    page = open_page(again.url)
    expect(page.locator(".command")).to_have_text(
        "echo hello from before; sleep 1000 & sleep 1000: ended when the server stopped"
    )
    logs = list(pathlib.Path(os.environ["PLAYGROUND_STATE"]).rglob("*.log"))
    assert [log.read_bytes() for log in logs] == [b"hello from before\r\n"]
    assert json.loads(pathlib.Path(f"{logs[0]}.json").read_text())["status"] == "running"


@pytest.mark.console_allows(SERVER_GONE)
def test_commands_end_with_the_server(serve, open_page):
    server = serve(SERVER.replace("COMMAND", repr("sleep 1000 & sleep 1000")))
    page = open_page(server.url)
    press(page, "start")
    wait_until(lambda: "started" in server.log)
    number = int(re.search(r"started (\d+)", server.log)[1])
    page.wait_for_selector(".shell .xterm")  # or else its code is still on the way when the server ends
    server.interrupt()
    assert server.wait() == 0
    assert not group_of(number)
    records = list(pathlib.Path(os.environ["PLAYGROUND_STATE"]).rglob("*.json"))
    assert json.loads(records[0].read_text())["status"] == "stopped"


@pytest.mark.quick
def test_the_terminal_shows_colours_takes_keys_and_survives(serve, open_page, wait_for):
    server = serve(
        SERVER.replace("COMMAND", repr("printf '\\033[31mred\\033[0m\\n'; read name; echo hello $name; cat"))
    )
    page = open_page(server.url)
    press(page, "start")
    wait_until(lambda: page.locator(".shell").count() and shown(page) == "red")
    colour = """() => getElement(Number(document.querySelector(".shell").id.slice(1))).terminal
        .buffer.active.getLine(0).getCell(0).getFgColor()"""
    assert page.evaluate(colour) == 1
    page.locator(".shell").click()
    page.keyboard.type("Ada\n")
    wait_until(lambda: shown(page) == "red\nAda\nhello Ada", lambda: shown(page))
    page.evaluate("document.querySelector('.shell').marked = true")
    press(page, "click")
    expect(page.locator(".clicks")).to_have_text("Clicks: 1")
    server.path.write_text(server.path.read_text().replace("Clicks:", "Count:"))
    expect(page.locator(".clicks")).to_have_text("Count: 1")
    assert shown(page) == "red\nAda\nhello Ada"
    assert page.evaluate("document.querySelector('.shell').marked")
    page.locator(".shell").click()
    page.keyboard.type("more\n")
    wait_until(lambda: shown(page) == "red\nAda\nhello Ada\nmore\nmore", lambda: shown(page))
    late = open_page(server.url)
    wait_until(lambda: shown(late) == shown(page), lambda: (shown(late), shown(page)))
    press(page, "start")
    wait_until(lambda: shown(page) == "red", lambda: shown(page))


ADDED = """
from nicegui import ui
import playground


class Page(playground.LiveView):
    def mount(self):
        self.count = 0

    def render(self):
        ui.label(f"Count: {self.count}").classes("clicks")


playground.start(live=Page, port=PORT, open_browser=False)
"""


def test_a_command_and_its_terminal_come_with_a_save(serve, open_page):
    server = serve(ADDED)
    one, two = open_page(server.url), open_page(server.url)
    text = server.path.read_text()
    text = text.replace(
        "self.count = 0",
        "self.count = 0\n        self.command = playground.Command.start_link('sh -c \"echo $$; sleep 100\"')",
    )
    text = text.replace(
        '"clicks")',
        '"clicks")\n        playground.terminal(self.command).classes("shell")\n        ui.label(self.command.status).classes("status")',
    )
    server.path.write_text(text)
    for page in (one, two):
        expect(page.locator(".status")).to_have_text("running")
        wait_until(lambda page=page: page.locator(".shell").count() and shown(page).isdigit(), lambda: server.log)
    numbers = [int(shown(page)) for page in (one, two)]
    assert numbers[0] != numbers[1]
    one.close()
    wait_until(lambda: not is_alive(numbers[0]))
    assert is_alive(numbers[1])


def test_reopened_during_output_the_text_is_the_same(serve, open_page):
    server = serve(
        SERVER.replace("COMMAND", repr("for i in $(seq 1 600); do echo line $i äöü; sleep 0.003; done; sleep 1000"))
    )
    one = open_page(server.url)
    press(one, "start")
    wait_until(lambda: one.locator(".shell").count() and "line 50 " in shown(one))
    two = open_page(server.url)
    wait_until(lambda: "line 100 " in shown(two))
    two.reload()
    wait_until(lambda: two.locator(".shell").count() and "line 600 " in shown(two))
    expected = "\n".join(f"line {number} äöü" for number in range(1, 601))
    wait_until(lambda: shown(one) == expected)
    assert shown(two) == expected


def test_a_cut_connection_misses_nothing(serve, open_page):
    server = serve(
        SERVER.replace("COMMAND", repr("for i in $(seq 1 400); do echo line $i; sleep 0.005; done; sleep 1000"))
    )
    page = open_page(server.url)
    press(page, "start")
    wait_until(lambda: page.locator(".shell").count() and "line 20" in shown(page))
    for _ in range(3):
        page.evaluate("""() => {
            window.isBack = false;
            window.socket.once("connect", () => (window.isBack = true));
            window.socket.io.engine.close();
        }""")
        page.wait_for_function("window.isBack")
    expected = "\n".join(f"line {number}" for number in range(1, 401))
    wait_until(lambda: shown(page) == expected, lambda: shown(page)[-300:])


def test_it_follows_and_keeps_its_place_when_scrolled_up(serve, open_page):
    server = serve(SERVER.replace("COMMAND", repr("seq 1 200; while read x; do seq 1 100; done")))
    page = open_page(server.url)
    press(page, "start")
    wait_until(lambda: page.locator(".shell").count() and shown(page).endswith("200"))
    view = """() => { const t = getElement(Number(document.querySelector(".shell").id.slice(1))).terminal;
        return [t.buffer.active.viewportY, t.buffer.active.baseY]; }"""
    place, end = page.evaluate(view)
    assert place == end > 0
    # xterm follows the scroll bar of its element, which may still be moving
    page.wait_for_function("""async () => {
        const { terminal } = getElement(Number(document.querySelector(".shell").id.slice(1)));
        terminal.focus();
        terminal.scrollToLine(5);
        for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
        return terminal.buffer.active.viewportY === 5;
    }""")
    # what is typed scrolls down, as in any terminal: the line comes from the server
    page.evaluate("""() => window.playground.act("terminal", {
        id: Number(document.querySelector(".shell").id.slice(1)),
        token: Number(document.querySelector(".shell").dataset.terminal), data: "\\n" })""")
    wait_until(lambda: shown(page).count("\n100") == 2)
    assert page.evaluate(view)[0] == 5


ASKS = """
import os, sys, tty

tty.setraw(0)
os.write(1, b"first\\x1b[c")
while data := os.read(0, 1000):
    for byte in data:
        open("answers", "ab").write(bytes([byte]))
        if byte == ord("a"):
            os.write(1, b" second\\x1b[6n")
        if byte == ord("z"):
            os.write(1, b" seen")
"""


def test_a_program_that_asks_its_terminal_is_answered_once(serve, open_page, tmp_path):
    asks = tmp_path / "asks.py"
    asks.write_text(ASKS.replace('"answers"', repr(str(tmp_path / "answers"))))
    server = serve(SERVER.replace("COMMAND, shell=True", f"{[sys.executable, str(asks)]!r}"))
    one = open_page(server.url)
    press(one, "start")
    answers = tmp_path / "answers"
    wait_until(lambda: answers.exists() and answers.read_bytes().endswith(b"c"))
    first = answers.read_bytes()
    assert re.fullmatch(rb"\x1b\[[?>\d;]+c", first)
    pages = [one, open_page(server.url), open_page(server.url)]
    for page in pages:
        wait_until(
            lambda page=page: page.locator(".shell").count() and shown(page) == "first",
            lambda page=page: repr(shown(page)),
        )
    pages[1].locator(".shell").click()
    pages[1].keyboard.type("a")
    for page in pages:
        wait_until(lambda page=page: shown(page) == "first second")
    wait_until(lambda: answers.read_bytes().endswith(b"R"))
    pages[1].reload()
    wait_until(lambda: pages[1].locator(".shell").count() and shown(pages[1]) == "first second")
    pages[1].locator(".shell").click()
    pages[1].keyboard.press("Shift+F3")  # which looks like an answer
    pages[1].keyboard.type("z")  # after whatever the replays had to say
    wait_until(lambda: all(shown(page) == "first second seen" for page in pages))
    assert re.fullmatch(rb"a\x1b\[\d+;\d+R\x1b\[1;2Rz", answers.read_bytes().removeprefix(first)), answers.read_bytes()


PIPED = """
print("hello", input("Name? "))
"""


def test_without_a_terminal_of_its_own_a_line_can_be_typed(serve, open_page):
    server = serve(SERVER.replace("COMMAND, shell=True", f"{python(PIPED)!r}, pty=False"))
    page = open_page(server.url)
    press(page, "start")
    wait_until(lambda: page.locator(".shell").count() and shown(page) == "Name?")
    page.locator(".shell").click()
    page.keyboard.type("Ada")
    wait_until(lambda: shown(page) == "Name? Ada")
    page.keyboard.press("Enter")
    wait_until(lambda: shown(page) == "Name? Ada\nhello Ada", lambda: shown(page))


def test_a_line_that_is_pasted_and_too_long_is_told_of(serve, open_page):
    server = serve(SERVER.replace("COMMAND", repr("cat")))
    page = open_page(server.url)
    press(page, "start")
    page.wait_for_selector(".shell .xterm")
    expect(page.locator(".status")).to_have_text("running None")
    page.evaluate("""() => window.playground.act("terminal", {
        id: Number(document.querySelector(".shell").id.slice(1)),
        token: Number(document.querySelector(".shell").dataset.terminal), data: "x".repeat(5000) + "\\r" })""")
    wait_until(lambda: "A line of 5,000 bytes" in shown(page).replace("\n", ""), lambda: shown(page))
    page.locator(".shell").click()
    page.keyboard.type("short\n")
    wait_until(lambda: shown(page).endswith("short\nshort"), lambda: shown(page))


def test_a_terminal_takes_keys_as_soon_as_render_says_so(serve, open_page):
    source = SERVER.replace("keys=True", "keys=self.clicks % 2 == 1")
    server = serve(source.replace("COMMAND", repr("echo ready; cat")))
    page = open_page(server.url)
    press(page, "start")
    wait_until(lambda: page.locator(".shell").count() and shown(page) == "ready")
    for number, text in enumerate(("one", "two", "three")):
        page.locator(".shell").click()
        page.keyboard.type(f"{text}\n")
        if number == 1:
            wait_until(lambda: shown(page) == "ready\ntwo\ntwo", lambda: shown(page))
        press(page, "click")
        expect(page.locator(".clicks")).to_have_text(f"Clicks: {number + 1}")
    page.locator(".shell").click()
    page.keyboard.type("four\n")
    wait_until(lambda: shown(page) == "ready\ntwo\ntwo\nfour\nfour", lambda: shown(page))


SIZES = """
from nicegui import ui
import playground


class Page(playground.LiveView):
    def mount(self):
        self.command = playground.Command.start_link("while sleep 0.1; do stty size; done", shell=True)

    def render(self):
        with ui.element("div").classes("box").style("width: 600px; height: 300px"):
            playground.terminal(self.command).classes("shell").style("height: calc(100% - 1.5rem)")
"""

LAYOUT = """() => {
    const html = document.querySelector(".shell"), { terminal } = getElement(Number(html.id.slice(1)));
    const { width, height } = html.querySelector(".xterm-screen").getBoundingClientRect();
    const { width: outer, height: outerHeight } = document.querySelector(".box").getBoundingClientRect();
    return [`${terminal.rows} ${terminal.cols}`, outer - width, outerHeight - height];
}"""


def test_a_terminal_fits_its_container_and_passes_no_keys_unasked(serve, open_page):
    server = serve(SIZES)
    page = open_page(server.url)
    sizes = []
    for width, height in ((600, 300), (900, 500), (400, 200)):
        page.evaluate(
            "([width, height]) => Object.assign(document.querySelector('.box').style, { width, height })",
            [f"{width}px", f"{height}px"],
        )

        def fits():
            size, right, below = page.evaluate(LAYOUT)
            sizes[len(sizes) :] = [size] if size not in sizes else []
            return 0 <= right < 70 and 0 <= below < 60 and shown(page).endswith(size)

        wait_until(fits, lambda: (page.evaluate(LAYOUT), shown(page)[-50:]))
    assert len(sizes) >= 3
    page.locator(".shell").click()
    page.keyboard.type("typed\n")
    page.evaluate("""() => window.playground.act("terminal", {
        id: Number(document.querySelector(".shell").id.slice(1)),
        token: Number(document.querySelector(".shell").dataset.terminal), data: "forged\\n" })""")
    before = shown(page).count("\n")
    wait_until(lambda: shown(page).count("\n") > before + 3)
    assert "typed" not in shown(page)
    assert "forged" not in shown(page)


OTHER = """
class Other(Page):
    def render(self):
        ui.label(f"Clicks: {self.clicks}").classes("clicks")
        ui.button("click", on_click=self.click)


playground.start(live={"/": Page, "/other": Other}"""

SHOWN = "() => getElement(Number(document.querySelector('.shell').id.slice(1))).terminal.playground.shown"

CLICK = """() => new Promise((resolve) => {
    const label = document.querySelector(".clicks"), before = label.textContent;
    new MutationObserver(() => label.textContent !== before && resolve())
        .observe(label, {childList: true, characterData: true, subtree: true});
    [...document.querySelectorAll("button")].find((button) => button.textContent === "click").click();
})"""


@pytest.mark.slow
@pytest.mark.parametrize("pty", [True, False])
def test_a_flood_leaves_other_pages_alone(serve, open_page, pty):
    """The other page is in another browser context: two pages of one renderer would wait for each other there."""
    source = SERVER.replace("COMMAND, shell=True", f"'yes', pty={pty}")
    server = serve(source.replace("playground.start(live=Page", OTHER))
    one, two = open_page(server.url), open_page(f"{server.url}/other", person="another")
    press(one, "start")
    wait_until(lambda: one.locator(".shell").count() and "y" in shown(one))
    wait_until(lambda: one.evaluate(SHOWN) > 1_000_000)
    for _ in range(10):
        two.evaluate(CLICK)
    expect(two.locator(".clicks")).to_have_text("Clicks: 10")
    for _ in range(10):
        one.evaluate(CLICK)
    expect(one.locator(".clicks")).to_have_text("Clicks: 10")
    kinds = {re.sub(r"[\d,]+", "0", line) for line in shown(one).split("\n")}
    assert "y" in kinds
    assert kinds <= {"y", "… 0 lines skipped"}
