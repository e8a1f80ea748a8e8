"""The picture is moved and enlarged by mouse, wheel, fingers, keys and map; the splitter gives it room."""

from __future__ import annotations

import pytest

from autograd import Value, player
from autograd.lectures import EXAMPLES
from autograd.playing.player import Player
from tests.browser import Keys, Open, Page, lecture, network
from tests.graphs import named

STILL = """const done = arguments[0];
let before = "", unchanged = 0;
const wait = () => {
  const now = document.querySelector("#picture svg").getAttribute("viewBox");
  unchanged = now === before ? unchanged + 1 : 0;
  before = now;
  return unchanged < 5 ? requestAnimationFrame(wait) : done();
};
wait();"""
"""Calls back when five frames have shown the same, however long a busy machine takes over one."""


def chain() -> Player:
    x = Value(0.5, "x")
    for _ in range(60):
        x = x.sin()
    return player(named(x, "L"))


def sight(page: Page) -> list[float]:
    """What is in sight: x, y, width, height in the drawing's points, once the camera stands still."""
    page.browser.execute_async_script(STILL)
    return list(page.run("return [camera.at.x, camera.at.y, camera.at.width, camera.at.height]"))


COVERED = """
const inside = (box, sight) => box.left >= sight.left - 1 && box.right <= sight.right + 1
  && box.top >= sight.top - 1 && box.bottom <= sight.bottom + 1;
const apart = (box, cover) => !cover.width || box.right <= cover.left + 1 || box.left >= cover.right - 1
  || box.bottom <= cover.top + 1 || box.top >= cover.bottom - 1;
const rect = (id) => document.getElementById(id).getBoundingClientRect();
matchMedia = () => ({ matches: true }); // as with reduced motion: no waiting
return [...page.frames.keys()].filter((i) => {
  go(i);
  const sight = rect("picture"), covers = ["zoom", "map"].map(rect);
  return !page.frames[i].active.map((id) => parts.values.get(id)?.group.getBoundingClientRect())
    .filter(Boolean).every((box) => inside(box, sight) && covers.every((cover) => apart(box, cover)));
})"""
"""The steps at which a box at work is out of sight, or under the map or the buttons."""


def whole_is_seen(page: Page) -> bool:
    x, y, width, height = sight(page)
    left, top, across, down = page.run("return sides(camera.whole)")
    gaps = (left - x, top - y, x + width - left - across, y + height - top - down)
    return min(gaps) >= -1.0


@pytest.mark.both_browsers
@pytest.mark.parametrize("name", ["logistic", "two-layer"])
def test_it_begins_with_the_whole_and_then_comes_near(name: str, open_page: Open) -> None:
    page = open_page(lecture(name))
    assert whole_is_seen(page)
    before = sight(page)[2]
    page.press(Keys.ARROW_RIGHT)
    assert sight(page)[2] < 0.75 * before
    page.press(Keys.END)
    sight(page)
    page.run(  # a busy page: its first picture was due before the motion began
        """const wait = requestAnimationFrame;
           requestAnimationFrame = (draw) => { requestAnimationFrame = wait; return wait(() => draw(0)); }"""
    )
    page.press(Keys.HOME)
    assert sight(page)[2] == pytest.approx(before)
    assert page.problems() == []


def test_a_picture_that_fits_but_for_little_is_shown_whole(open_page: Open) -> None:
    page = open_page(network(4), "#backward/2")
    assert whole_is_seen(page)


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("logistic", (1366, 768)),
        ("logistic", (390, 844)),
        ("two-layer", (960, 540)),
        *(
            pytest.param(name, size, marks=pytest.mark.thorough)
            for name in EXAMPLES
            for size in ((1366, 768), (960, 540), (390, 844))
        ),
    ],
)
def test_the_gate_at_work_is_in_sight_and_never_covered(
    name: str, size: tuple[int, int], open_page: Open
) -> None:
    assert open_page(lecture(name), "", size).run(COVERED) == []


def test_the_wheel_zooms_where_the_mouse_is_keys_and_buttons_in_the_middle(open_page: Open) -> None:
    page = open_page(lecture(), "#forward/3")
    x0, _, w0, _ = sight(page)
    mouse = page.spot("#picture", across=0.4)
    page.wheel(mouse, -240)
    x1, _, w1, _ = sight(page)
    assert w1 == pytest.approx(w0 / 1.433, rel=1e-3)  # e^(240 · 0.0015)
    assert x1 + 0.4 * w1 == pytest.approx(x0 + 0.4 * w0, abs=0.5)  # the point under the mouse stays
    page.wheel(mouse, 240)
    assert sight(page)[2] == pytest.approx(w0, rel=1e-3)
    page.press("+")
    assert sight(page)[2] == pytest.approx(w0 / 1.25, rel=1e-3)
    page.press("-")
    page.click("#larger")
    assert sight(page)[2] == pytest.approx(w0 / 1.25, rel=1e-3)


def test_dragging_the_ground_moves_the_picture_and_changes_no_number(open_page: Open) -> None:
    page = open_page(chain(), "#forward/20")
    before = sight(page)
    x, y = page.spot("#picture", down=0.95)
    page.drag((x, y), (x + 30, y), (x + 100, y))
    after = sight(page)
    scale = page.run("return document.getElementById('picture').clientWidth") / before[2]
    assert before[0] - after[0] == pytest.approx(100 / scale, abs=0.5)
    assert page.run("return [page.past.length, page.at]") == [0, 20]


def test_two_fingers_zoom(open_page: Open) -> None:
    page = open_page(lecture(), "#forward/3", (390, 844))
    before = sight(page)
    x, y = page.spot("#picture")
    page.fingers([(x - 30, y + 60), (x + 30, y + 60)], [(x - 60, y + 60), (x + 60, y + 60)])
    assert sight(page)[2] == pytest.approx(before[2] / 2, rel=0.02)


def test_the_map_leads_to_what_is_out_of_sight(open_page: Open) -> None:
    page = open_page(chain(), "#forward/1")
    assert page.is_visible("map")
    page.click("#map")
    x, y, width, height = sight(page)
    left, top, across, down = page.run("return sides(camera.whole)")
    assert [x + width / 2, y + height / 2] == pytest.approx([left + across / 2, top + down / 2], rel=0.05)
    page.press("0")
    sight(page)
    assert not page.is_visible("map")  # all is in sight
    page.press("0")
    sight(page)
    assert page.is_visible("map")


@pytest.mark.both_browsers
def test_the_splitter_is_dragged_and_moved_by_keys(open_page: Open) -> None:
    page = open_page(lecture())
    page.run("localStorage.clear()")
    height = "return document.getElementById('stage').getBoundingClientRect().height"
    before = page.run(height)
    x, y = page.spot("#splitter")
    page.drag((x, y), (x, y + 40), (x, y + 80))
    dragged = page.run(height)
    assert dragged == pytest.approx(before + 68, abs=20)  # the border goes to where the mouse is
    page.run("document.getElementById('splitter').focus()")
    page.press(Keys.ARROW_UP, Keys.ARROW_UP)
    assert page.run(height) == pytest.approx(dragged - 0.08 * 768, abs=2)
    value = page.run("return Number(document.getElementById('splitter').getAttribute('aria-valuenow'))")
    assert value == pytest.approx(100 * page.run(height) / 768, abs=1)
    page.run("localStorage.clear()")
