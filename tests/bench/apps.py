"""A counter with rows below it, three times: `python apps.py plain|refreshable|playground PORT` serves it.

Every row is a `ui.row` with a label and a button; `/?rows=300` says how many. Only the first label changes.
"""

import contextlib
import ctypes
import gc
import os
import sys
from pathlib import Path

MODULE_PATH = os.environ.get("BENCH_PATH") or str(Path(__file__).resolve().parents[2])  # where playground.py is
sys.path.insert(0, MODULE_PATH)

from nicegui import app, core, ui  # noqa: E402
from nicegui.client import Client  # noqa: E402


def make_rows(count: int) -> None:
    for i in range(count):
        with ui.row():
            ui.label(f"Row {i}")
            ui.button("Delete", on_click=lambda i=i: print("delete", i))


def serve_plain(port: int) -> None:
    @ui.page("/")
    def index(rows: int = 0) -> None:
        count = 0

        def increase() -> None:
            nonlocal count
            count += 1
            label.set_text(f"Count: {count}")

        label = ui.label("Count: 0")
        ui.button("+", on_click=increase)
        make_rows(rows)

    ui.run(port=port, reload=False, show=False, show_welcome_message=False)


def serve_refreshable(port: int) -> None:
    @ui.page("/")
    def index(rows: int = 0) -> None:
        count = 0

        def increase() -> None:
            nonlocal count
            count += 1
            content.refresh()

        @ui.refreshable
        def content() -> None:
            ui.label(f"Count: {count}")
            ui.button("+", on_click=increase)
            make_rows(rows)

        content()

    ui.run(port=port, reload=False, show=False, show_welcome_message=False)


def serve_playground(port: int) -> None:
    import playground

    class Counter(playground.LiveView):
        def mount(self, params):
            self.rows = int(params.get("rows", 0))
            self.count = 0

        def render(self):
            ui.label(f"Count: {self.count}")
            ui.button("+", on_click=self.event("inc"))
            make_rows(self.rows)

        def handle_event(self, event):
            self.count += 1

    playground.start(live=Counter, port=port, open_browser=False)


@app.on_startup
def be_patient() -> None:
    """Keep pages whose client is too busy to answer in time: how many are open must not depend on the machine."""
    app.config.reconnect_timeout = 600.0
    core.sio.eio.ping_interval = core.sio.eio.ping_timeout = 600.0


@app.get("/memory")
def memory() -> dict[str, int]:
    """Bytes of memory that the process really uses, and for how many pages."""
    for _ in range(3):
        gc.collect()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)
    clients = Client.instances.values()
    return {
        "bytes": int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE"),
        "pages": len(clients),
        "connected": sum(client.has_socket_connection for client in clients),
    }


if __name__ == "__main__":
    serve = {"plain": serve_plain, "refreshable": serve_refreshable, "playground": serve_playground}[sys.argv[1]]
    serve(int(sys.argv[2]))
