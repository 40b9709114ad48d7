"""What demo_tests.py runs: change it, save it, and look at the page."""


def add(one, other):
    return one + other


def test_small_numbers():
    assert add(2, 3) == 5


def test_strings():
    assert add("play", "ground") == "playground"


def test_negative_numbers():
    assert add(-2, 2) == 0
