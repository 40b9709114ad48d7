"""Runs scripts as `python script.py` does, in forks of a process that has imported NiceGUI already, which takes longest.

The process gets three files and a socket for each script. The script is told by the socket, as a line of JSON; back
come its process id and, when it has ended, its return code.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import types
from collections.abc import Sequence
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Any

# ---------------------------------------------------------------------------------------------------------------------
# In the tests
# ---------------------------------------------------------------------------------------------------------------------


class WarmPython:
    """Runs scripts in forks of a process that has imported NiceGUI already. That process ends when pytest does."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._channel, theirs = socket.socketpair()
        command = [sys.executable, __file__, str(theirs.fileno())]
        self._process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()])
        theirs.close()

    def start(self, argv: Sequence[str], cwd: Path, env: dict[str, str], stdin: int) -> Forked:
        """Run a script with its arguments."""
        answers, theirs = socket.socketpair()
        (out, its_out), (err, its_err) = os.pipe(), os.pipe()
        assert stdin in (subprocess.PIPE, subprocess.DEVNULL)
        its_in, in_ = os.pipe() if stdin == subprocess.PIPE else (os.open(os.devnull, os.O_RDONLY), None)
        socket.send_fds(self._channel, [b"*"], [its_in, its_out, its_err, theirs.fileno()])
        for file in (its_in, its_out, its_err):
            os.close(file)
        theirs.close()
        request = {"argv": argv, "directory": str(cwd), "environment": env}
        answers.sendall(f"{json.dumps(request)}\n".encode())
        return Forked(answers, in_, out, err)


class Forked:
    """A script that runs in a fork, as much like `subprocess.Popen` as the tests need."""

    def __init__(self, answers: socket.socket, stdin: int | None, stdout: int, stderr: int) -> None:
        self._answers = answers.makefile("rb", buffering=0)
        answers.close()  # its file keeps it
        answer = self._answers.readline()
        if not answer:
            raise RuntimeError("the Python that forks scripts has ended; it said why before")
        self.pid = int(answer)
        self.returncode: int | None = None
        self.stdin = None if stdin is None else os.fdopen(stdin, "w", encoding="utf-8")
        self.stdout, self.stderr = (os.fdopen(file, encoding="utf-8", errors="replace") for file in (stdout, stderr))

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended and return its return code."""
        if self.returncode is None:
            if not select.select([self._answers], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
            self.returncode = int(self._answers.readline())
            self._answers.close()
        return self.returncode

    def poll(self) -> int | None:
        """The return code, or None as long as it runs."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send it a signal if it still runs."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):  # it has ended just now
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


# ---------------------------------------------------------------------------------------------------------------------
# In the process that forks
# ---------------------------------------------------------------------------------------------------------------------

IMPORTED = ("nicegui", "uvicorn.loops.auto", "uvicorn.protocols.http.auto", "uvicorn.lifespan.on", "watchfiles")
ALL_FILES = 4  # of a request: standard input, output and error, and the socket


def fork_for_scripts(channel: socket.socket) -> dict[str, Any]:
    """Wait for scripts to run; only the fork that is to run one returns, with the request."""
    while True:
        byte, files, _, _ = socket.recv_fds(channel, 1, ALL_FILES)
        if not byte:
            os._exit(0)
        if os.fork() == 0:
            channel.close()
            return fork_script(files)
        for file in files:
            os.close(file)


def fork_script(files: list[int]) -> dict[str, Any]:
    """Fork once more: one process waits and tells how the script ended, the other returns to run it."""
    *standard, answers = files
    with socket.socket(fileno=answers) as answer:
        with answer.makefile(encoding="utf-8") as lines:
            request: dict[str, Any] = json.loads(lines.readline())
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        script = os.fork()
        if script:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            for file in (0, 1, 2, *standard):
                os.close(file)
            answer.sendall(f"{script}\n".encode())
            _, status = os.waitpid(script, 0)
            answer.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
            os._exit(0)
    for number, file in enumerate(standard):
        os.dup2(file, number)
        os.close(file)
    return request


def run(request: dict[str, Any], paths: list[str]) -> None:
    """Run the script in this process as if Python had just been started with it."""
    import nicegui

    (script, *_), environment = request["argv"], request["environment"]
    os.chdir(request["directory"])
    os.environ.clear()
    os.environ.update(environment)
    nicegui.app.storage.path = type(nicegui.app.storage.path)(
        environment.get("NICEGUI_STORAGE_PATH", ".nicegui")
    ).resolve()
    more = filter(None, environment.get("PYTHONPATH", "").split(os.pathsep))
    sys.path[:] = [os.path.dirname(os.path.realpath(script)), *more, *paths]
    sys.argv[:] = request["argv"]
    main = types.ModuleType("__main__")
    main.__dict__.update(__file__=script, __builtins__=__builtins__, __cached__=None)
    main.__loader__ = SourceFileLoader("__main__", script)
    sys.modules["__main__"] = main
    with open(script, "rb") as file:
        source = file.read()
    try:
        exec(compile(source, script, "exec", dont_inherit=True), vars(main))
    except Exception as error:
        mine = error.__traceback__
        sys.excepthook(type(error), error, mine and mine.tb_next)
        sys.exit(1)


if __name__ == "__main__":
    for name in IMPORTED:
        importlib.import_module(name)
    outside = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    paths = [path for path in sys.path[1:] if path not in outside]
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for those who ask for scripts
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the processes that wait for scripts
    request = fork_for_scripts(socket.socket(fileno=int(sys.argv[1])))
    run(request, paths)
