"""What is done after an order, beside the pages: the jobs, and the threads that do them."""

from dbos import DBOS

from shop import database, job_queue, mail, orders


@DBOS.step(retries_allowed=True, max_attempts=10, interval_seconds=1.0, backoff_rate=2.0)
def send_confirmation(order_id: int) -> None:
    """Tell the customer; a mail service that is away is asked again, for a quarter of an hour."""
    order = orders.find(order_id)
    mail.send(f"order {order_id} confirmed", order.customer, f"Thank you, we have your order {order_id}.")


@DBOS.step()
def mark_as_confirmed(order_id: int) -> None:
    orders.confirm(order_id)


@DBOS.workflow(name=orders.CONFIRM_ORDER)
def confirm_order(order_id: int) -> None:
    """Killed half way, it is done again from the step that was not finished."""
    send_confirmation(order_id)
    mark_as_confirmed(order_id)


def start() -> None:
    """Begin to do what is in the queue, and what an earlier run was killed over."""
    url = job_queue.url_of(database.engine())
    DBOS(
        config={
            "name": "shop",
            "system_database_url": url,
            "sys_db_pool_size": 5,
            "console_log_level": "WARNING",
            # by default a hash of the source, so that jobs from before an edit would wait for the old source forever
            "application_version": "1",
        }
    )
    DBOS.launch()
    DBOS.register_queue(job_queue.NAME, worker_concurrency=4, polling_interval_sec=0.25)


def stop() -> None:
    """Take nothing more off the queue. What is under way may end; if it takes too long, it is done again next time."""
    DBOS.destroy(workflow_completion_timeout_sec=3)
