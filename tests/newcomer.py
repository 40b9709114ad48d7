"""Do what a newcomer does, and say how long each takes: `python tests/newcomer.py`.

A new HOME, a fresh clone and no packages but Python's own; what is installed comes from the index, as for anybody. It ends
with status 1 if one of the steps did not come to a page that answers. With `uv` in PATH, `uv run` is tried as well.
"""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KEPT = ("PATH", "LANG", "SSL_CERT_FILE", "PIP_INDEX_URL", "PIP_CONFIG_FILE", "UV_INDEX_URL", "UV_DEFAULT_INDEX")
PATIENCE = 600  # seconds for a step; the first one loads packages
ADDRESS = re.compile(r"^playground: (http://127\.0\.0\.1:\d+)$")


class Newcomer:
    """A person with an empty home directory and a checkout."""

    def __init__(self, home: Path) -> None:
        self.home, self.checkout = home, home / "playground"
        self.environment = {name: os.environ[name] for name in KEPT if name in os.environ} | {"HOME": str(home)}
        self.failed: list[str] = []

    @contextlib.contextmanager
    def step(self, what: str) -> Iterator[None]:
        """Say how long something took, or why it failed."""
        began = time.monotonic()
        try:
            yield
        except Exception as error:
            self.failed.append(what)
            print(f"FAILED  {what}: {error}", flush=True)
        else:
            print(f"{time.monotonic() - began:6.1f} s  {what}", flush=True)

    def run(self, command: str, directory: Path) -> str:
        """What a command prints that ends."""
        result = subprocess.run(
            command, shell=True, cwd=directory, env=self.environment, capture_output=True, text=True, timeout=PATIENCE
        )
        if result.returncode:
            raise RuntimeError(f"it ended with {result.returncode}:\n{result.stdout}{result.stderr}")
        return result.stdout

    def serve(self, command: str, directory: Path, shown: str) -> None:
        """Run a command until its page answers and has a text, and end it."""
        process = subprocess.Popen(
            f"exec {command}", shell=True, cwd=directory, env=self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            assert process.stdout is not None
            printed = []
            for line in process.stdout:
                printed.append(line)
                if found := ADDRESS.match(line.rstrip()):
                    with urllib.request.urlopen(found[1], timeout=PATIENCE) as response:
                        page = response.read().decode()
                    if shown not in page:
                        raise RuntimeError(f"its page does not show {shown!r}")
                    return
            raise RuntimeError("".join(printed))
        finally:
            process.terminate()
            process.communicate(timeout=PATIENCE)

    def try_all(self) -> None:
        """What the README says, from its top."""
        here, python = self.checkout, f"{self.checkout}/.venv/bin/python"
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        first = re.search(r"```bash\n(.*?)\n```", readme)
        assert first
        install, _, start = first[1].rpartition(" && ")
        with self.step("a clone"):
            self.run(f"git clone -q {ROOT} {here}", self.home)
        with self.step(f"the first command: {install}"):
            self.run(install, here)
        with self.step(f"the counter: {start}"):
            self.serve(start, here, "Count: 0")
        own = self.home / "talk"
        own.mkdir()
        with self.step("a page of one's own: playground new my_demo"):
            self.run(f"{here}/.venv/bin/playground new my_demo", own)
            self.serve(f"{python} my_demo.py", own, "Count: 0")
        with self.step("a page that does not work: playground broken.py"):
            (own / "broken.py").write_text("import playground\n\n1 / 0\n")
            with contextlib.suppress(urllib.error.HTTPError):  # the page says what is wrong, as an error
                self.serve(f"{here}/.venv/bin/playground --no-browser broken.py", own, "ZeroDivisionError")
        with self.step("playground learn"):
            self.serve(f"{here}/.venv/bin/playground --no-browser learn", own, "Tutorial")
        with self.step("playground llms"):
            assert "self.event" in self.run(f"{here}/.venv/bin/playground llms", own)
        if shutil.which("uv"):
            with self.step("uv run examples/demo_todo.py"):
                self.serve("uv run -q examples/demo_todo.py", here, "playground")
            with self.step("uv run my_demo.py"):
                self.serve("uv run -q my_demo.py", own, "Count: 0")


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        newcomer = Newcomer(Path(home))
        newcomer.try_all()
    sys.exit(bool(newcomer.failed))


if __name__ == "__main__":
    main()
