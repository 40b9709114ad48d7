"""A new game begins at 0 : 0."""


def test_there_is_a_button(visit):
    """There is a button “New game”."""
    with visit() as page:
        page.find("New game")


def test_new_game_sets_both_to_zero(visit):
    """After some goals a click on “New game” shows 0 : 0."""
    with visit() as page:
        for team in ("Red scores", "Blue scores", "Blue scores"):
            page.click(team)
        page.click("New game")
        assert page.has("0 : 0")


def test_goals_count_again(visit):
    """In the new game goals count as before."""
    with visit() as page:
        page.click("New game")
        page.click("Blue scores")
        assert page.has("0 : 1")
