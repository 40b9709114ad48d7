# /// script
# requires-python = ">=3.11"
# dependencies = ["nicegui-playground", "fastapi", "httpx", "pydantic"]
#
# [tool.uv.sources]
# nicegui-playground = { path = ".." }
# ///
"""Other applications beside live pages: a FastAPI application below /api, and an ASGI function for all other paths.

What comes in by the API shows in the page at once.
"""

import time

import httpx
from fastapi import FastAPI
from nicegui import ui
from pydantic import BaseModel, Field

import playground

api = FastAPI(title="Messages", docs_url=None)  # its page of documentation needs the internet


class Message(BaseModel):
    text: str = Field(min_length=1, max_length=200)
    sender: str = Field("somebody", max_length=30)


messages = [Message(text="What is posted to me shows on all open pages.", sender="The API")]


@api.get("/messages")
async def read() -> list[Message]:
    return messages


@api.post("/messages", status_code=201)
async def write(message: Message) -> Message:
    messages.append(message)
    playground.broadcast("messages", message)
    return message


async def hello(scope, receive, send):
    """An application as the ASGI standard has it, without any framework: it answers where nothing else does."""
    if scope["type"] == "http":
        text = f"Hello! Nothing else is at {scope['path']}."
        headers = [(b"content-type", b"text/plain; charset=utf-8")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": text.encode()})


class Page(playground.LiveView):
    page_title = "Messages"

    def mount(self):
        self.subscribe("messages")
        self.url = str(self.client.request.base_url)
        self.messages = [(time.strftime("%H:%M:%S"), message) for message in messages]
        self.draft = ""

    def render(self):
        ui.query("body").classes("bg-slate-100 dark:bg-neutral-950")
        with ui.card().classes("mx-auto mt-6 w-full max-w-2xl rounded-2xl shadow-md p-8 gap-4"):
            ui.label("What the API gets").classes("text-3xl font-light")
            with ui.row().classes("w-full items-center gap-6"):
                ui.link("All messages", "/api/messages").classes("text-lg")
                ui.link("OpenAPI", "/api/openapi.json").classes("text-lg")
                ui.link("Somewhere else", "/somewhere/else").classes("text-lg")
            with ui.row().classes("w-full items-center no-wrap"):
                draft = ui.input("A message").bind_value(self, "draft").classes("grow text-lg")
                draft.on("keydown.enter", self.post)
                ui.button("Post", icon="send", on_click=self.post).props("unelevated rounded no-caps").classes(
                    "shrink-0"
                )
            ui.label("Or in a terminal:").classes("text-lg")
            command = f'curl {self.url}api/messages --json \'{{"text": "Hi"}}\''
            ui.code(command, language="bash").classes("w-full text-base")
            for received_at, message in reversed(self.messages):
                with ui.row().classes("w-full items-baseline no-wrap gap-3"):
                    ui.label(received_at).classes("font-mono text-base opacity-80 max-sm:hidden")
                    ui.label(message.sender).classes("text-lg font-bold")
                    ui.label(message.text).classes("text-lg break-words min-w-0")

    async def post(self):
        """As any client of the API does, over HTTP."""
        async with httpx.AsyncClient() as client:
            answer = await client.post(f"{self.url}api/messages", json={"text": self.draft, "sender": "This page"})
        if answer.is_success:
            self.draft = ""
        else:
            ui.notify(answer.json()["detail"][0]["msg"])

    def handle_info(self, message):
        self.messages.append((time.strftime("%H:%M:%S"), message))


if __name__ == "__main__":
    playground.start(live=Page, plug={"/api": api, "/": hello})
