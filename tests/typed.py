"""Pages and processes of somebody who checks types strictly; `.ci/run` does so. Callbacks take what they need."""

from typing import Any

from nicegui import ui

import playground


class Counter(playground.LiveView):
    def mount(self) -> None:
        self.count = 0

    def render(self) -> None:
        ui.label(f"{self.count}")
        ui.button("+", on_click=self.event("inc"))

    def handle_event(self, event: str) -> None:
        self.count += 1

    async def handle_info(self, message: Any) -> None:
        pass

    def terminate(self) -> None: ...


class Server(playground.GenServer):
    def init(self, start: int) -> None:
        self.count = start

    def handle_call(self, request: Any) -> int:
        return self.count

    async def handle_cast(self, request: Any) -> None: ...


class Part(playground.LiveComponent):
    def handle_event(self, event: str) -> None: ...
