# /// script
# requires-python = ">=3.11"
# dependencies = ["nicegui-playground"]
#
# [tool.uv.sources]
# nicegui-playground = { path = ".." }
# ///
"""A chat whose answers stream in, and who is there: open it in two tabs. The model is a fake that needs no network.

Where its state lives:
- page: the draft and the name of who writes it, because they are nobody else's business;
- process: what was said and who is there, in `Room`, because all pages share it. It asks the model, too, so an answer
  goes on when the page of whoever asked is closed;
- PubSub: each message when it is new or has grown, and the names when somebody comes or goes.
"""

import asyncio
from dataclasses import dataclass, replace
from itertools import chain, count

from nicegui import ui

import playground

MODEL = "Model"
NAMES = ["Ada", "Barbara", "Claude", "Dennis", "Edsger", "Frances", "Grace", "Hedy", "Ida", "Joan", "Ken", "Leslie"]
COLORS = ["bg-indigo-600", "bg-teal-700", "bg-pink-700", "bg-orange-700", "bg-purple-700"]
QUESTIONS = ["Show me some code", "What can you do?", "Tell me a story"]
WELCOME = "Hello! I am a **model that knows three answers**. Ask me one of these, or open a second tab and talk there."
ANSWERS = {
    "code": """Of course. This is a page that counts:

```python
class Counter(playground.LiveView):
    def mount(self):
        self.count = 0

    def render(self):
        ui.button(self.count, on_click=self.click)

    def click(self):
        self.count += 1
```

Each word of this answer was a message to all open pages.""",
    "what": """I can

1. answer **word by word**, in all tabs at once,
2. be stopped in the middle of a sentence,
3. go on while you edit and save `demo_chat.py`.

I can not think. Put a real model into `ask_model()`.""",
    "story": """Once upon a time a page was reloaded at every save. Each time it forgot where it had been, what had been
typed, and who it was talking to.

One day somebody saved, and *nothing was lost*. They saved once more, to be sure. The end.""",
}
new_id = count(1).__next__


async def ask_model(question):
    """Give the answer word by word; put the call of a real model here."""
    await asyncio.sleep(0.5)
    known = [answer for word, answer in ANSWERS.items() if word in question.lower()]
    answer = known[0] if known else f"You said “{question}”. I would have to think about that, and cannot."
    for word in answer.split(" "):
        yield word + " "
        await asyncio.sleep(0.04)


@dataclass(frozen=True)
class Message:
    id: int
    author: str
    text: str
    is_growing: bool = False  # while an answer streams in


class Room(playground.GenServer):
    """Knows what was said and who is there, and has the model answer."""

    def init(self):
        self.messages = {}
        self.people = {}  # page: the name of who looks at it
        self.put(Message(new_id(), MODEL, WELCOME))
        self.tell_who_is_there()

    def put(self, message):
        """Add a message, or put it in the place of the one with its id, and tell the pages."""
        self.messages[message.id] = message
        playground.broadcast("messages", message)

    def handle_call(self, request):
        _, page = request
        if page not in self.people:
            playground.monitor(page)
            names = chain(NAMES, (f"Guest {number}" for number in count(1)))
            self.people[page] = next(name for name in names if name not in self.people.values())
            self.tell_who_is_there()
        return self.people[page], list(self.messages.values())

    def handle_cast(self, request):
        match request:
            case ("say", author, text):
                self.put(Message(new_id(), author, text))
                answer = Message(new_id(), MODEL, "", is_growing=True)
                self.put(answer)
                self.start_async(answer.id, lambda: self.answer(answer, text))
            case ("stop", answer_id):
                self.cancel_async(answer_id)

    async def answer(self, answer, question):
        async for words in ask_model(question):
            answer = replace(answer, text=answer.text + words)
            self.put(answer)

    def handle_async(self, answer_id, result):
        """The answer is complete, was stopped, or the model has failed."""
        answer = self.messages[answer_id]
        self.put(replace(answer, text=answer.text if result.ok else f"{answer.text} …", is_growing=False))

    def handle_info(self, message):
        match message:
            case playground.Down(server=page):
                del self.people[page]
                self.tell_who_is_there()

    def tell_who_is_there(self):
        playground.broadcast("people", list(self.people.values()))


class Chat(playground.LiveView):
    page_title = "Chat"

    async def mount(self):
        self.draft = ""
        self.people = []
        self.subscribe("messages")
        self.subscribe("people")
        await self.join()

    async def join(self):
        self.name, messages = await playground.call(Room, ("join", self))
        self.messages = playground.Stream(messages, key=lambda message: message.id, limit=200)

    def render(self):
        ui.query("body").classes("bg-slate-100 dark:bg-neutral-950")
        ui.query(".nicegui-content").classes("p-0")
        with ui.column().classes("mx-auto w-full max-w-3xl h-[100dvh] p-4 gap-4 no-wrap"):
            self.header()
            window = ui.element().classes("w-full grow min-h-0 flex flex-col-reverse overflow-y-auto")
            with window, ui.column().classes("w-full gap-4"):  # reverse, so that the end stays in view
                self.messages.render(self.message)
            self.questions()
            self.editor()

    def header(self):
        with ui.row().classes("w-full items-center justify-between no-wrap"):
            ui.label("Chat").classes("text-3xl font-light")
            with ui.row().classes("items-center gap-1 justify-end"):
                for name in self.people[-6:]:
                    with playground.key(name):
                        self.portrait(name)
                ui.label(f"{len(self.people)} here").classes("pl-2")

    def portrait(self, name):
        look = "bg-slate-700" if name == MODEL else COLORS[ord(name[0]) % len(COLORS)]
        with ui.element().classes(f"size-9 shrink-0 rounded-full flex items-center justify-center text-white {look}"):
            ui.icon("smart_toy", size="sm") if name == MODEL else ui.label(name[0]).classes("text-lg")
            ui.tooltip("You" if name == self.name else name)

    def message(self, message):
        is_mine = message.author == self.name
        with ui.row().classes(f"w-full gap-2 no-wrap items-end {'flex-row-reverse' if is_mine else ''}"):
            self.portrait(message.author)
            look = "bg-indigo-600 text-white" if is_mine else ""
            with ui.card().classes(f"min-w-0 max-w-[85%] gap-1 px-4 py-2 rounded-2xl text-lg shadow-sm {look}"):
                if message.author == MODEL:
                    self.answer(message)
                else:
                    ui.label(message.text).classes("break-words max-w-full")

    def answer(self, message):
        ui.markdown(message.text).classes("max-w-full overflow-x-auto [&_p]:my-1")
        if message.is_growing:
            with ui.row().classes("items-center gap-2"):
                ui.spinner("dots", size="md")
                stop = ui.button("Stop", icon="stop", on_click=self.event("stop", id=message.id))
                stop.props("flat dense rounded no-caps")

    def questions(self):
        with ui.row().classes("w-full gap-2"):
            for question in QUESTIONS:
                button = ui.button(question, on_click=self.event("say", text=question))
                button.props("outline rounded no-caps").classes("text-base")

    def editor(self):
        with (
            ui.card().classes("w-full rounded-2xl shadow-md px-4 py-2"),
            ui.row().classes("w-full items-center no-wrap"),
        ):
            draft = ui.input(placeholder=f"Write, {self.name}").bind_value(self, "draft")
            draft.classes("grow text-lg").props("borderless autofocus").on("keydown.enter", self.event("write"))
            send = ui.button(icon="send", on_click=self.event("write")).props("round unelevated aria-label=Send")
            send.set_enabled(bool(self.draft.strip()))

    def handle_event(self, event, params):
        match event:
            case "write" if self.draft.strip():
                playground.cast(Room, ("say", self.name, self.draft.strip()))
                self.draft = ""
            case "say":
                playground.cast(Room, ("say", self.name, params["text"]))
            case "stop":
                playground.cast(Room, ("stop", params["id"]))

    async def handle_info(self, news):
        match news:
            case Message():
                self.messages.append(news)  # in the place of the one with its id
            case list():
                self.people = news
                if self.name not in news:  # the room has crashed, and another one is there
                    await self.join()


if __name__ == "__main__":
    playground.start(live=Chat, children=[Room])
