"""What has happened, for those who want to know: the shop tells, and does not ask who listens."""

import logging
from collections.abc import Callable

Listener = Callable[[object], None]

log = logging.getLogger("shop")
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Have `listener(event)` called after every change, in the thread that made it."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell(event: object) -> None:
    """Call the listeners; only once the change is committed, for they look into the database."""
    for listener in _listeners:
        try:
            listener(event)
        except Exception:  # the change is made, whoever could not take the news
            log.exception("a listener failed with %r", event)
