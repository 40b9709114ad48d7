"""Open pages without a browser: for many at once, and for clients that do what no browser does."""

import asyncio
import re
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Mapping
from typing import Any


class Tab:
    """A page as a browser has it, after it was loaded and before it is gone; its socket may come and go."""

    def __init__(self, url: str, html: str) -> None:
        self.url = url
        found = re.search(r"""['"]client_id['"]: ['"]([\w-]+)""", html)
        assert found, "the page tells no client id"
        self.client_id = found[1]
        self.tab_id, self.document_id = str(uuid.uuid4()), str(uuid.uuid4())

    @classmethod
    async def open(cls, url: str, **headers: str) -> "Tab":
        request = urllib.request.Request(url, headers=headers)
        html = await asyncio.to_thread(lambda: urllib.request.urlopen(request, timeout=60).read().decode())
        return cls(url, html)

    async def say_closed(self) -> None:
        """Tell the server that the tab is closed, as browsers do."""
        url = f"{urllib.parse.urljoin(self.url, '/')}_playground/closed?client_id={self.client_id}"
        request = urllib.request.Request(url, method="POST")
        await asyncio.to_thread(lambda: urllib.request.urlopen(request, timeout=60).close())

    async def connect(self, handlers: Mapping[str, Callable[..., Any]], *, message: int = 0) -> Any:
        """Its socket, connected; it lacks the messages from this number on."""
        import socketio

        connection = socketio.AsyncClient(reconnection=False, request_timeout=60)
        for name, handler in handlers.items():
            connection.on(name, handler)
        query = (
            f"client_id={self.client_id}&document_id={self.document_id}&tab_id={self.tab_id}&old_tab_id="
            f"&next_message_id={message}&implicit_handshake=true"
        )
        path = "/_nicegui_ws/socket.io"
        address = f"{urllib.parse.urljoin(self.url, '/')}?{query}"
        await connection.connect(address, socketio_path=path, transports=["websocket"], wait_timeout=60)
        return connection
