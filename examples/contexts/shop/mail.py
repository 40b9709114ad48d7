"""Mail to customers. Here a table takes the place of the mail service, which is as slow, and as forgiving."""

import os
import time
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from shop.database import Base, transaction


class MailRow(Base):
    __tablename__ = "mails"

    message_id: Mapped[str] = mapped_column(primary_key=True)
    recipient: Mapped[str]
    text: Mapped[str]


@dataclass(frozen=True, slots=True)
class Mail:
    """What was sent to somebody."""

    message_id: str
    recipient: str
    text: str


def send(message_id: str, recipient: str, text: str) -> None:
    """Send a mail; one that is sent twice arrives once, since it has the same `message_id`."""
    time.sleep(float(os.environ.get("SHOP_MAIL_SECONDS", "1.5")))
    with transaction() as session:
        session.merge(MailRow(message_id=message_id, recipient=recipient, text=text))


def list_sent() -> list[Mail]:
    """All that was sent."""
    with transaction() as session:
        rows = session.scalars(select(MailRow).order_by(MailRow.message_id))
        return [Mail(row.message_id, row.recipient, row.text) for row in rows]
