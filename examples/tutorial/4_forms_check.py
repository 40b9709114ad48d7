"""An e-mail has an @ in it."""

from nicegui import ui


def sign_up(page, name, email):
    page.type("Name", name)
    page.type("E-mail", email)
    page.submit()


def guests_of(page):
    return " ".join(label.text for label in page.find_all(ui.label))


def test_a_wrong_email_is_told(visit):
    """With “nobody” as the e-mail the form says “There is no @ in it.”"""
    with visit() as page:
        sign_up(page, "Ada", "nobody")
        assert page.has("There is no @ in it")


def test_and_takes_nobody_in(visit):
    """With “nobody” as the e-mail there is no new guest."""
    with visit() as page:
        sign_up(page, "Ada", "nobody")
        assert "Ada" not in guests_of(page)


def test_a_right_one_is_taken(visit):
    """With “ada@example.org” Ada is a guest, and no error is shown."""
    with visit() as page:
        sign_up(page, "Ada", "nobody")
        sign_up(page, "Ada", "ada@example.org")
        assert "Ada" in guests_of(page)
        assert not page.has("There is no @")
