"""The counter of apps.py in other frameworks: `python others.py streamlit|pyview PORT`, with a Python that has them.

Every row is a text with a button; `/?rows=300` says how many. Only the count changes.
"""

import os
import sys


def page_of_streamlit() -> None:
    import streamlit as st

    def increase() -> None:
        st.session_state.count += 1

    st.session_state.setdefault("count", 0)
    st.text(f"Count: {st.session_state.count}")
    st.button("+", on_click=increase)
    for i in range(int(st.query_params.get("rows", 0))):
        st.text(f"Row {i}")
        st.button("Delete", key=i)


def serve_streamlit(port: int) -> None:
    options = ["--server.headless=true", "--browser.gatherUsageStats=false", "--server.address=127.0.0.1"]
    options += [f"--server.port={port}", "--server.fileWatcherType=none"]
    os.execv(sys.executable, [sys.executable, "-m", "streamlit", "run", __file__, *options, "--", "page"])


def serve_pyview(port: int) -> None:
    import uvicorn
    from pyview import LiveView
    from pyview.playground import playground
    from pyview.template.live_template import LiveRender, LiveTemplate
    from pyview.vendor.ibis import Template

    template = LiveTemplate(
        Template(
            '<div><p>Count: {{count}}</p><button phx-click="increase">+</button>'
            '{% for row in rows %}<div><p>Row {{row}}</p><button phx-click="delete">Delete</button></div>{% endfor %}'
            "</div>"
        )
    )

    class Counter(LiveView):
        async def mount(self, socket, session):
            socket.context = {"count": 0, "rows": []}

        async def handle_params(self, url, params, socket):
            rows = params.get("rows", "0")
            socket.context["rows"] = list(range(int(rows[0] if isinstance(rows, list) else rows)))

        async def handle_event(self, event, payload, socket):
            socket.context["count"] += 1

        async def render(self, assigns, meta):
            return LiveRender(template, assigns, meta)

    app = playground().with_live_view(Counter).no_devtools().build()
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    if sys.argv[1] == "page":
        page_of_streamlit()
    else:
        {"streamlit": serve_streamlit, "pyview": serve_pyview}[sys.argv[1]](int(sys.argv[2]))
