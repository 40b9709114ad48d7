"""pip-audit of pinned requirements: `uv run --no-project --with pip-audit python .ci/audit.py REQUIREMENTS`.

A mirror of PyPI may have a package's page, but none for each version: what is known of the newest is on that page, too.
"""

import re
import sys
from typing import Any

import requests
from pip_audit._cli import audit

PAGE_OF_A_VERSION = re.compile(r"(https://pypi\.org/pypi/[^/]+)/([^/]+)/json")
answers = 0
get = requests.Session.get


def get_of_version_or_newest(session: requests.Session, url: str, **options: Any) -> requests.Response:
    global answers
    response, page = get(session, url, **options), PAGE_OF_A_VERSION.fullmatch(url)
    if response.status_code == 404 and page:
        newest = get(session, f"{page[1]}/json", **options)
        if newest.ok and newest.json()["info"]["version"] == page[2]:
            response = newest
    answers += response.ok
    return response


requests.Session.get = get_of_version_or_newest
sys.argv[1:] = ["--requirement", *sys.argv[1:], "--no-deps", "--disable-pip", "--progress-spinner=off"]
try:
    audit()  # ends the program if it finds something
finally:
    print(f"answers from PyPI: {answers}", file=sys.stderr)
if not answers:
    sys.exit("nothing was audited")
