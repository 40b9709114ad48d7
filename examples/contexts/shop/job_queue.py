"""The queue of what is to be done later: tables of DBOS in the shop's own database.

Which guarantee comes from where:

- A job is put into the queue by the transaction of whoever wants it (`DBOSClient.enqueue_in_transaction`): there is no
  order without its job, nor a job without its order. That is the database's guarantee, on SQLite and on PostgreSQL.
- A job that was put there is done at least once. DBOS takes it off the list when it has returned; one that was under
  way when the server was killed is put back when a server of the same executor id starts.
- At least once is not once: what a job does may be done twice, and has to be harmless then. That is up to the job.
"""

from dbos import DBOS, DBOSClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

NAME = "jobs"
_client: DBOSClient | None = None


def connect(engine: Engine) -> None:
    """Use the queue in this database; make its tables if they are missing."""
    global _client
    DBOS.migrate(url_of(engine))
    _client = DBOSClient(system_database_engine=engine, lazy=True)


def put(session: Session, job: str, number: int) -> None:
    """Have `job(number)` done once this transaction is committed, and never if it is not."""
    assert _client is not None, "the shop is not open"
    workflow_id = f"{job} {number}"  # nor twice, if it is put there twice
    _client.enqueue_in_transaction(
        session, {"workflow_name": job, "queue_name": NAME, "workflow_id": workflow_id}, number
    )


def url_of(engine: Engine) -> str:
    """The address of the database, as DBOS wants it."""
    return engine.url.render_as_string(hide_password=False)
