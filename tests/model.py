"""What must hold of every visited page, whatever it shows."""

import json


def assert_tree_is_sound(page):
    """Every element of the client is where its parent says, and none is left that is nowhere."""
    reachable = {page.client.layout.id, *(element.id for element in page.client.layout.descendants())}
    assert set(page.client.elements) == reachable
    for element in page.client.elements.values():
        assert not element.is_deleted
        for slot in element.slots.values():
            assert slot.parent is element
            for child in slot.children:
                assert child.parent_slot is slot


def difference(found, expected, path=""):
    """Where two trees differ first."""
    if isinstance(found, dict) and isinstance(expected, dict):
        for name in {**expected, **found}:
            if found.get(name) != expected.get(name):
                return difference(found.get(name), expected.get(name), f"{path}.{name}")
    if isinstance(found, list) and isinstance(expected, list) and len(found) == len(expected):
        for index, (one, other) in enumerate(zip(found, expected, strict=True)):
            if one != other:
                return difference(one, other, f"{path}[{index}]")
    return f"{path[-100:]}: {found!r:.200} instead of {expected!r:.200}"


class Browser:
    """What a browser has of a visited page, which it only knows from what is sent."""

    def __init__(self, page):
        self.page = page
        self.elements = {id_: self.told(element) for id_, element in page.client.elements.items()}
        page.patches.clear()

    def told(self, element):
        return json.loads(json.dumps(element._to_dict(), default=str))

    def check(self):
        """The elements that it shows are those of the server."""
        for patch in self.page.patches:
            for id_, told in patch.data.items() if patch.kind == "update" else ():
                self.take(int(id_), told)
        waiting, shown = [self.page.client.layout.id], set()
        while waiting:
            id_ = waiting.pop()
            shown.add(id_)
            has, ought = dict(self.elements[id_]), self.told(self.page.client.elements[id_])
            for told in (has, ought):
                told["props"] = {name: value for name, value in told.get("props", {}).items() if name != "value"}
                for name in ("update_method", "answer", "preserved_props"):
                    told.pop(name, None)
            assert has == ought
            waiting += has.get("children", [])
            waiting += [child for slot in has.get("slots", {}).values() for child in slot["ids"]]
        assert shown == set(self.page.client.elements)

    def take(self, id_, told):
        if told is None:
            self.elements.pop(id_, None)
            return
        answer = told.get("answer")
        if answer and answer["keep"]:  # its own value, whatever the server says
            told["props"][answer["prop"]] = self.elements[id_]["props"].get(answer["prop"])
        self.elements[id_] = told
