"""The interactive page, in a real browser: every view, on real recordings and on a hostile one.

With LANCEHEAD_PICTURES=FOLDER the pictures that docs/images has are made anew there.
"""

import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time

import pytest
from harness import run_command
from playwright.sync_api import expect, sync_playwright

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
MAKE_RECORDING = ROOT / "build/asan/bin/make_recording"
VIEWS = ["overview", "flame", "sunburst", "sandwich", "source", "table"]
PICTURES = os.environ.get("LANCEHEAD_PICTURES")
IN_THE_MANUAL = {path.stem for path in (ROOT / "docs/images").glob("*.png")}


@pytest.fixture(scope="module")
def browser():
    chromium = shutil.which("chromium")
    if chromium is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is missing; tools/setup test installs it.", pytrace=False)
        pytest.skip("Chromium is not here")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


class Viewed:
    """A page in the browser, which must not complain and must ask nobody for anything."""

    def __init__(self, tab, address):
        self.complaints, self.requests = [], []
        self.address = address
        tab.on("console", lambda message: self.complaints.append(message.text))
        tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        tab.on("request", lambda request: self.requests.append(request.url))
        self.tab = tab
        tab.goto(address)
        expect(self.get("view-overview")).to_be_visible()

    def get(self, name):
        return self.tab.get_by_test_id(name)

    def show(self, view):
        self.get(f"tab-{view}").click()
        expect(self.get(f"view-{view}")).to_be_visible()

    def picture(self, name):
        if PICTURES and name in IN_THE_MANUAL:
            self.tab.screenshot(path=f"{PICTURES}/{name}.png")

    def check(self):
        assert self.complaints == []
        outside = [url for url in self.requests if not url.startswith(self.address)]
        assert [url for url in outside if not url.startswith(("data:", "blob:"))] == []


@pytest.fixture
def look(browser):
    """Opens an address, and at the end sees to it that the page behaved."""
    with contextlib.ExitStack() as stack:

        def open_page(address, **options):
            options = {"viewport": {"width": 1280, "height": 800}, **options}
            context = stack.enter_context(
                contextlib.closing(browser.new_context(accept_downloads=True, **options))
            )
            viewed = Viewed(context.new_page(), address)
            stack.callback(viewed.check)
            return viewed

        yield open_page


BINARY = pathlib.Path(os.environ.get("LANCEHEAD_BINARY", ROOT / "build/release/bin/lancehead"))


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """Makes a recording and its page once: {name: (recording, page)}."""
    folder = tmp_path_factory.mktemp("pages")
    hostile = folder / "hostile"
    hostile.mkdir()
    # In pictures stand the paths of programs: those of nobody's home.
    place = pathlib.Path("/tmp/app") if PICTURES else folder / "app"
    shutil.copytree(EXAMPLES, place / "examples", dirs_exist_ok=True)
    python = "/usr/bin/python3" if PICTURES else sys.executable
    programs = {
        "julia": (["--counts"], ["examples/julia.py", "700"]),
        "threads": ([], ["examples/threads.py"]),
        "hostile": (["-r", "3000"], [ROOT / "tests/e2e/hostile_names.py", hostile]),
    }
    made = {}

    def make(name):
        if name not in made:
            recording, page = folder / f"{name}.lancehead", folder / f"{name}.html"
            options, program = programs[name]
            run_command(
                [BINARY, "run", "-q", *options, "-o", recording, "--"]
                + [python, *map(str, program)],
                cwd=place,
            ).check()
            run_command([BINARY, "report", recording, "--html", page]).check()
            made[name] = recording, page
        return made[name]

    return make


def report_of(recording, *options):
    return json.loads(run_command([BINARY, "report", "--json", *options, recording]).check().stdout)


# The page's policy forbids a browser to evaluate what it is asked again and again: so we ask.
def wait_until(condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


# Its own pixels are not read: a browser complains of whoever does that often.
IS_DRAWN = """region => [...region.querySelectorAll('canvas')].some(canvas => {
  const copy = new OffscreenCanvas(100, 100);
  const context = copy.getContext('2d', { willReadFrequently: true });
  context.drawImage(canvas, 0, 0, copy.width, copy.height);
  const data = context.getImageData(0, 0, copy.width, copy.height).data;
  const pixels = new Uint32Array(data.buffer);
  return pixels.some(pixel => pixel !== pixels[0]);
})"""


def wait_for_drawing(region):
    """Until something stands on a canvas of the region: not all pixels of it are one."""
    wait_until(lambda: region.evaluate(IS_DRAWN))


def wait_for_address(viewed, part):
    wait_until(lambda: part in viewed.tab.evaluate("location.hash"))


@pytest.mark.parametrize("name", ["julia", "threads", "hostile"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_view_shows_the_recording(recorded, look, name, scheme):
    _, page = recorded(name)
    viewed = look(page.as_uri(), color_scheme=scheme)
    wait_for_drawing(viewed.get("timeline"))
    for view in VIEWS:
        viewed.show(view)
        if view in ("flame", "sunburst", "sandwich"):
            wait_for_drawing(viewed.get(f"view-{view}"))
        assert viewed.get(f"view-{view}").inner_text().strip() != ""
        viewed.picture(f"{name}-{view}" + ("-dark" if scheme == "dark" else ""))
    assert viewed.tab.evaluate("window.pwned") is None


def test_the_hot_expression_is_found(recorded, look):
    recording, page = recorded("julia")
    viewed = look(page.as_uri())
    hottest = report_of(recording)["lines"][0]
    expect(viewed.get("hot-lines")).to_contain_text(hottest["source"].strip())
    viewed.get("hot-lines").get_by_text(hottest["source"].strip()).first.click()
    expect(viewed.get("view-source")).to_be_visible()
    line = viewed.get("source-line").filter(has_text=hottest["source"].strip()).first
    expect(line).to_be_visible()
    hits = next(
        row["hits"]
        for counted in report_of(recording, "--by", "hits")["counted"]
        for row in counted["lines"]
        if row["line"] == hottest["line"] and counted["function"]["name"] == "calculate_z"
    )
    expect(line).to_contain_text(re.compile(f"{hits:,}".replace(",", ".?")))


def test_shares_are_those_of_the_report(recorded, look):
    for name in ("julia", "threads"):
        recording, page = recorded(name)
        viewed = look(page.as_uri())
        viewed.show("table")
        rows = viewed.get("table-row")
        for row in report_of(recording)["functions"][:3]:
            cells = rows.filter(has_text=row["function"]["name"]).first
            expect(cells).to_contain_text(f"{100 * row['self']['share']:.1f} %")


def test_search_says_how_much_it_found(recorded, look):
    recording, page = recorded("julia")
    viewed = look(page.as_uri())
    viewed.show("flame")
    viewed.get("search").fill("calculate_z")
    expect(viewed.get("search-total")).to_contain_text("%")
    total = next(
        row["total"]["share"]
        for row in report_of(recording)["functions"]
        if row["function"]["name"] == "calculate_z"
    )
    expect(viewed.get("search-total")).to_contain_text(f"{100 * total:.1f} %")
    viewed.get("search").fill("no such function")
    expect(viewed.get("search-total")).not_to_contain_text(f"{100 * total:.1f} %")


def test_the_table_is_filtered_sorted_copied_and_saved(recorded, look, tmp_path):
    _, page = recorded("julia")
    viewed = look(page.as_uri())
    viewed.show("table")
    all_rows = viewed.get("row-count").inner_text()
    viewed.get("row-filter").fill("calculate")
    expect(viewed.get("row-count")).not_to_have_text(all_rows)
    assert all("calculate" in row.inner_text() for row in viewed.get("table-row").all())
    with viewed.tab.expect_download() as download:
        viewed.get("csv").click()
    download.value.save_as(tmp_path / "rows.csv")
    assert "calculate_z" in (tmp_path / "rows.csv").read_text(encoding="utf-8")


def test_a_range_of_time_holds_for_every_view(recorded, look):
    _, page = recorded("threads")
    viewed = look(page.as_uri())
    canvas = viewed.get("timeline-canvas")
    box = canvas.bounding_box()
    viewed.show("table")
    before = viewed.get("row-count").inner_text()
    viewed.show("overview")
    viewed.tab.mouse.move(box["x"] + 0.4 * box["width"], box["y"] + box["height"] / 2)
    viewed.tab.mouse.down()
    viewed.tab.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + box["height"] / 2, steps=5)
    viewed.tab.mouse.up()
    expect(viewed.get("range")).to_be_visible()
    wait_for_address(viewed, "range=")
    for view in VIEWS:
        viewed.show(view)
        expect(viewed.get("range")).to_be_visible()
    expect(viewed.get("row-count")).not_to_have_text(before)
    viewed.tab.keyboard.press("Escape")
    expect(viewed.get("range")).not_to_be_visible()
    expect(viewed.get("row-count")).to_have_text(before)


def test_an_address_leads_to_the_same_view(recorded, look):
    _, page = recorded("julia")
    viewed = look(page.as_uri())
    viewed.show("flame")
    viewed.get("search").fill("calculate")
    expect(viewed.get("search-total")).to_contain_text("%")
    canvas = viewed.get("view-flame").locator("canvas").first
    canvas.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "Enter"):
        viewed.tab.keyboard.press(key)
    expect(viewed.get("zoom-reset")).to_be_enabled()
    wait_for_address(viewed, "zoom=")
    address = viewed.tab.evaluate("location.href")
    found = viewed.get("search-total").inner_text()
    again = look(page.as_uri())
    again.tab.goto("about:blank")
    again.tab.goto(address)
    expect(again.get("view-flame")).to_be_visible()
    expect(again.get("search-total")).to_have_text(found)
    expect(again.get("zoom-reset")).to_be_enabled()
    again.tab.keyboard.press("Escape")


def test_the_help_names_the_keys(recorded, look):
    _, page = recorded("julia")
    viewed = look(page.as_uri())
    viewed.tab.keyboard.press("?")
    expect(viewed.get("help-dialog")).to_be_visible()
    viewed.picture("help")
    viewed.tab.keyboard.press("Escape")
    expect(viewed.get("help-dialog")).not_to_be_visible()


def test_hostile_names_stay_text(recorded, look):
    _, page = recorded("hostile")
    viewed = look(page.as_uri())
    viewed.show("table")
    expect(viewed.get("view-table")).to_contain_text("<img src=x onerror=window.pwned=1>")
    expect(viewed.get("view-table")).to_contain_text("\\u202e")
    assert "\u202e" not in viewed.get("view-table").inner_text()
    assert viewed.tab.locator("img").count() == 0
    assert viewed.tab.evaluate("window.pwned") is None
    assert viewed.tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_page_has_a_strict_policy(recorded):
    _, page = recorded("julia")
    policy = re.search(r'Content-Security-Policy"\s+content="([^"]+)"', page.read_text("utf-8"))[1]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert re.search(r"script-src 'sha256-[^']+'", policy)


def test_a_million_samples_fit_into_five_megabytes(look, tmp_path):
    recording, page = tmp_path / "big.lancehead", tmp_path / "big.html"
    run_command([MAKE_RECORDING, recording, "1000000", EXAMPLES / "julia.py"]).check()
    run_command([BINARY, "report", recording, "--html", page], timeout=120).check()
    assert page.stat().st_size <= 5_000_000
    viewed = look(page.as_uri())
    expect(viewed.get("summary")).to_contain_text(re.compile("1.?000.?000"))
    wait_for_drawing(viewed.get("timeline"))
    for view in VIEWS:
        viewed.show(view)


class Server:
    """`lancehead view`, until it is told to end."""

    def __init__(self, recording):
        self.process = subprocess.Popen(
            [BINARY, "view", "--no-browser", recording],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.address = self.process.stdout.readline().strip()

    def end(self):
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=10)


def test_it_is_served_to_this_machine(recorded, look):
    recording, _ = recorded("julia")
    server = Server(recording)
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/[0-9a-f]{32}/", server.address)
    viewed = look(server.address)
    expect(viewed.get("hot-functions")).to_contain_text("calculate_z")
    assert {url.removeprefix(server.address) for url in viewed.requests} <= {"", "data", "state"}
    assert server.end() == 0


GROWING = """
import sys
def first(): return sum(range(20000))
def second(): return sum(range(20001))
def until(word, work):
    import select
    while not select.select([sys.stdin], [], [], 0)[0]: work()
    assert sys.stdin.readline().strip() == word
until("more", first)
until("end", second)
"""


def test_a_recording_that_grows_is_followed(look, tmp_path):
    program, recording = tmp_path / "growing.py", tmp_path / "growing.lancehead"
    program.write_text(GROWING, encoding="utf-8")
    run = subprocess.Popen(
        [BINARY, "run", "-q", "-o", recording, "--", sys.executable, program],
        stdin=subprocess.PIPE,
        text=True,
    )
    server = None
    try:
        wait_until(lambda: recording.exists() and b"first" in run_report(recording))
        server = Server(recording)
        viewed = look(server.address)
        expect(viewed.get("growing")).to_be_visible()
        viewed.show("table")
        expect(viewed.get("view-table")).to_contain_text("first", timeout=20_000)
        run.stdin.write("more\n")
        run.stdin.flush()
        expect(viewed.get("view-table")).to_contain_text("second", timeout=20_000)
        run.communicate("end\n", timeout=30)
        expect(viewed.get("growing")).not_to_be_visible(timeout=20_000)
    finally:
        run.kill()
        run.wait()
        if server:
            assert server.end() == 0


def run_report(recording):
    """What the report says of it so far."""
    return subprocess.run([BINARY, "report", recording], capture_output=True, check=False).stdout


def test_what_cannot_be_shown_is_said(tmp_path):
    missing = run_command([BINARY, "view", "--no-browser", tmp_path / "no.lancehead"])
    assert missing.code != 0 and "no.lancehead" in missing.stderr
    taken = tmp_path / "page.html"
    taken.write_text("mine")
    recording = tmp_path / "a.lancehead"
    run_command([BINARY, "run", "-q", "-o", recording, "-c", "pass"])
    answer = run_command([BINARY, "report", recording, "--html", taken])
    assert "exists already" in answer.stderr
    assert taken.read_text() == "mine"
