"""There is a page about it all."""


def test_the_page_is_there(visit):
    """The address /about shows “Made by me”."""
    with visit("/about") as page:
        assert page.has("Made by me")


def test_the_link_leads_there(visit):
    """A click on “About” in the menu of the first page leads there."""
    with visit() as page:
        page.click("About")
        assert page.has("Made by me")


def test_it_has_the_menu(visit):
    """From there a click on “Kitchen” leads on."""
    with visit("/about") as page:
        page.click("Kitchen")
        assert page.has("You are in the kitchen")
