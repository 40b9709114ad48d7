# /// script
# requires-python = ">=3.11"
# dependencies = ["nicegui-playground", "pydantic"]
#
# [tool.uv.sources]
# nicegui-playground = { path = ".." }
# ///
"""A form that pydantic checks: messages beside the fields, at each change for what was touched, at submit for all.

Fields are found by their names. Enter submits; what was typed and the focus stay, whatever the page says meanwhile.
"""

import asyncio
from datetime import date

from nicegui import ui
from pydantic import BaseModel, Field, ValidationError, field_validator

import playground


class Registration(BaseModel):
    name: str = Field(min_length=2, max_length=50)
    email: str = Field(pattern=r"^[^@\s]+@[^@\s]+\.[a-z]{2,}$")
    arrival: date
    nights: int = Field(ge=1, le=14)
    accepted: bool
    photo: list = []

    @field_validator("arrival")
    @classmethod
    def must_be_to_come(cls, arrival):
        if arrival <= date.today():
            raise ValueError("That is over already.")
        return arrival

    @field_validator("accepted")
    @classmethod
    def must_be_accepted(cls, accepted):
        if not accepted:
            raise ValueError("Please accept the rules.")
        return accepted


MESSAGES = {
    "string_too_short": "Please write more.",
    "string_pattern_mismatch": "That is no e-mail address.",
    "date_from_datetime_parsing": "Please give a date.",
    "date_type": "Please give a date.",
    "int_type": "Please give a number.",
    "bool_type": "Please accept the rules.",
}


def errors_of(values):
    """What is wrong, by the names of the fields."""
    try:
        Registration(**values)
    except ValidationError as failed:
        found = {}
        for error in failed.errors():
            text = MESSAGES.get(error["type"]) or str(error.get("ctx", {}).get("error") or error["msg"])
            found.setdefault(error["loc"][0], text)
        return found
    return {}


class Page(playground.LiveView):
    page_title = "Registration"

    def mount(self):
        self.errors = {}
        self.touched = set()
        self.guests = []

    def render(self):
        ui.query("body").classes("bg-slate-100 dark:bg-neutral-950")
        with ui.card().classes("mx-auto mt-4 w-full max-w-xl rounded-2xl shadow-md p-8 gap-4"):
            ui.label("Stay with us").classes("text-3xl font-light")
            with playground.form(
                on_change=self.event("change"), on_submit=self.event("submit"), errors=self.errors, reset=True
            ).classes("w-full"):
                ui.input("Name").props("name=name autocomplete=name")
                ui.input("E-mail").props("name=email autocomplete=email")
                with ui.row().classes("w-full no-wrap"):
                    arrival = ui.input("Arrival").props("name=arrival type=date stack-label").classes("grow")
                    arrival.style("color-scheme: light dark")  # of the browser's own calendar
                    ui.number("Nights", value=1, format="%d").props("name=nights").classes("w-24")
                photo = playground.upload(label="Photo (up to 1 MB)", max_files=1, max_file_size=1_000_000)
                photo.props('name=photo accept="image/*" flat bordered color=blue-9').classes("w-full")
                ui.checkbox("I have read the house rules").props("name=accepted")
                button = ui.button("Register").props("type=submit unelevated rounded no-caps size=lg")
                button.props('data-disable-with="One moment …"').classes("mt-2")
            for guest in self.guests:
                ui.label(guest).classes("text-lg")

    async def handle_event(self, event, params):
        if event == "change":
            self.touched.add(params.pop("_target"))
            self.errors = {name: text for name, text in errors_of(params).items() if name in self.touched}
            return
        self.errors = errors_of(params)
        if self.errors:
            self.touched |= self.errors.keys()
            return
        await asyncio.sleep(0.5)  # booking takes a while
        guest = Registration(**params)
        picture = f", {guest.photo[0].name} ({guest.photo[0].size() // 1000} kB)" if guest.photo else ""
        self.guests.append(f"{guest.name}, {guest.arrival:%d %B %Y}, nights: {guest.nights}{picture}")
        self.touched.clear()
        self.put_flash("info", f"Welcome, {guest.name}!")


if __name__ == "__main__":
    playground.start(live=Page)
