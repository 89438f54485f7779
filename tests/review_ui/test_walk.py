"""The whole office in a real browser: activate, upload, override, sign at every desk, publish, check the package.

Real server, real worker, real classifier. Screenshots of every page go to MISHEN_SHOTS, or to pytest's folder.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from review_ui.store import files
from review_ui.store.place import prepare

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PASSWORD = "Shen-cha-2026-qiu"
ROOT = Path(__file__).resolve().parents[2]
PHONE = "13857801234"
LETTER = f"""云溪市住房和城乡建设局
关于滨河路夜间施工噪音问题的答复

王建业同志：
　　您反映的滨河路夜间施工噪音问题收悉。经核查，施工单位已调整作业时间。
　　联系电话：{PHONE}。

云溪市住房和城乡建设局
2026年3月9日
"""
MARKED = "机密★1年\n\n关于某部署的方案\n\n各科室：\n方案如下。\n"
WIDTHS = ((1366, 768), (390, 844), (320, 640))

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="NO BROWSER WALK: Debian's chromium is not installed"),
]


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[tuple[str, dict[str, str]]]:
    """A running installation: its address, and the one-time codes it printed."""
    data, log = tmp_path_factory.mktemp("office") / "data", tmp_path_factory.mktemp("log") / "serve.log"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = f"from pathlib import Path; from review_ui.cli import serve; serve('127.0.0.1', {port}, Path({str(data)!r}), True)"
    script = log.with_name("run.py")
    script.write_text(f"if __name__ == '__main__':\n    {program}\n")
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, str(script)], cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        )  # fmt: skip
    for _ in range(150):
        if "已启动" in log.read_text() or process.poll() is not None:
            break
        time.sleep(0.2)
    codes = dict(re.findall(r"^  (\w+)\s+([0-9A-Z-]{19})", log.read_text(), re.M))
    yield f"http://127.0.0.1:{port}", codes
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    place = prepare(data)
    assert files.uploads(place) == []
    left = b"".join(path.read_bytes() for path in data.rglob("*") if path.is_file())
    assert "云溪市".encode() in left
    assert not any(words.encode() in left for words in ("机密★1年", "关于某部署的方案", "方案.txt"))
    shutil.rmtree(place.incoming)
    said = log.read_text()
    assert PHONE not in said
    assert "来信答复" not in said


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield chromium
        chromium.close()


class Desk:
    """One person's browser."""

    def __init__(self, browser, base: str, shots: Path, login: str | None) -> None:
        self.base, self.shots = base, shots
        self.context = browser.new_context(viewport={"width": 1366, "height": 768}, accept_downloads=True)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda m: self.complaints.append(m.text) if m.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda e: self.complaints.append(str(e)))
        if login:
            self.open("/login")
            self.page.fill("#login", login)
            self.page.fill("#password", PASSWORD)
            self.page.click("button.main")
            self.page.wait_for_url(lambda address: "/login" not in address)

    def sees(self, words: str) -> None:
        """Waits until the words stand on the page (a click may still be loading it)."""
        self.page.get_by_text(words).first.wait_for()

    def open(self, path: str) -> None:
        self.page.goto(self.base + path)

    def shot(self, name: str) -> None:
        """Screenshots at every width; nothing may scroll sideways."""
        for width, height in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": height})
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{name} scrolls sideways at {width}: {wide}"
            self.page.screenshot(path=str(self.shots / f"{name}-{width}.png"), full_page=width < 1366)
        self.page.set_viewport_size({"width": 1366, "height": 768})

    def read_all(self) -> None:
        """Look at every finding, by key."""
        for _ in range(self.page.locator("#findings li").count()):
            self.page.keyboard.press("j")

    def close(self) -> None:
        self.context.close()
        assert self.complaints == []


@pytest.fixture(scope="module")
def desk(browser, served, tmp_path_factory):
    """Sit down at a desk, by login; everybody has set their password through the page before."""
    shots = Path(os.environ.get("MISHEN_SHOTS") or tmp_path_factory.mktemp("shots"))
    shots.mkdir(parents=True, exist_ok=True)

    @contextlib.contextmanager
    def sit(login: str | None = None):
        person = Desk(browser, served[0], shots, login)
        yield person
        person.close()

    activate(sit, served[1])
    return sit


def activate(sit, codes: dict[str, str]) -> None:
    with sit() as door:
        door.open("/login")
        door.shot("login")
        for login, code in codes.items():
            door.open("/activate")
            door.page.fill("#login", login)
            door.page.fill("#code", code)
            door.page.fill("#password", PASSWORD)
            door.page.fill("#again", PASSWORD)
            if login == "sysadmin":
                door.shot("activate")
            door.page.click("button.main")
            door.sees("口令已设置")


def upload(sit, letter: Path) -> str:
    """Upload, watch the state until it is assessed, override the machine, submit; returns the case address."""
    with sit("keshi") as drafter:
        page = drafter.page
        drafter.shot("queue-drafter")
        drafter.open("/upload")
        page.set_input_files("#files", str(letter))
        row = page.locator("#progress li").first
        row.locator(".pill.good").wait_for(timeout=60_000)
        drafter.shot("upload")
        row.locator("a").click()
        assert page.locator("input[name=choice]:checked").count() == 0
        for selector in ("#submit", "input[value=withheld] + span"):
            box = page.locator(selector).bounding_box()
            assert box["y"] + box["height"] <= 768
        assert page.locator("#submit").is_disabled() == (page.locator("li[data-high]").count() > 0)
        drafter.shot("review-first")
        drafter.read_all()
        page.keyboard.press("1")
        page.fill("#note", "答复内容涉及公众利益，遮蔽个人信息后主动公开。")
        page.check("input[name=declared]")
        drafter.shot("review-filled")
        address = page.url.removeprefix(drafter.base)
        page.keyboard.press("Control+Enter")
        page.wait_for_url(lambda url: address not in url)
        drafter.open(address)
        page.get_by_text("待办公室收集").first.wait_for()
    return address


def rule_on_open_findings(person: Desk) -> None:
    """Mask every finding that waits for a word, by key."""
    person.page.locator("#text").click(position={"x": 5, "y": 5})
    for index in range(person.page.locator("#findings li").count()):
        item = person.page.locator("#findings li").nth(index)
        if item.locator(".asks").count():
            item.locator(".go").click()
            person.page.keyboard.press("r")
            item.locator(".asks").wait_for(state="hidden")
            assert "发布时遮蔽" in item.inner_text()


def sign(sit, login: str, address: str) -> None:
    with sit(login) as person:
        person.open(address)
        person.read_all()
        person.page.keyboard.press("Digit1")
        person.page.fill("#note", "经审查，同意遮蔽后主动公开。")
        if person.page.locator("input[name=confirms]").count():
            person.page.check("input[name=confirms]")
        if login == "baomi":
            rule_on_open_findings(person)
            person.shot("review-secrecy")
            person.page.keyboard.press("Escape")
            person.page.locator("#text").click()
            person.page.keyboard.press("Shift+Slash")
            assert person.page.locator("#help").is_visible()
            person.shot("review-help")
            person.page.keyboard.press("Escape")
        with person.page.expect_navigation():
            person.page.click("#submit")
        person.open(address)
        assert "现在不在您的环节" in person.page.content() or "收回我的意见" in person.page.content()


def test_the_whole_office(desk, tmp_path) -> None:
    """From upload to a checked package, over every desk, deciding by keyboard."""
    letter = tmp_path / "来信答复.txt"
    letter.write_text(LETTER, encoding="utf-8")
    address = upload(desk, letter)
    for login in ("bangongshi", "baomi", "fenguan", "zhuyao"):
        sign(desk, login, address)
    with desk("fabu") as publisher:
        page = publisher.page
        publisher.shot("queue-publisher")
        publisher.open(address + "/release")
        publisher.shot("release-before")
        page.click("text=生成发布包")
        page.locator("text=下载发布包").wait_for(timeout=60_000)
        publisher.shot("release-ready")
        with page.expect_download() as download:
            page.click("text=下载发布包")
        package = tmp_path / "package.zip"
        download.value.save_as(package)
        page.fill("#note", "门户网站信息公开栏目")
        page.click("text=登记已发布")
        page.get_by_text("已发布").first.wait_for()
        publisher.open(address + "/history")
        publisher.shot("history")
        publisher.open(address + "/preview")
        publisher.shot("preview")
    check_package(package)


def check_package(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    for line in files["SHA256SUMS"].decode().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256(files[name]).hexdigest() == digest
    text = files["正文.txt"].decode()
    assert "〔已作区分处理〕" in text
    assert "滨河路夜间施工噪音问题" in text
    assert PHONE not in text
    assert "王建业" not in text
    record = json.loads(files["元数据.json"])
    assert record["attribute"] == "active"
    assert len({a["person"] for a in record["approvals"]}) == 5


def test_other_pages(desk) -> None:
    """Officers' pages, error pages, empty states, a stopped file: all readable at every width."""
    with desk("keshi") as drafter:
        drafter.open("/upload")
        drafter.page.set_input_files("#files", files=[{"name": "方案.txt", "mimeType": "text/plain", "buffer": MARKED.encode()}])
        drafter.page.locator("#progress li").first.locator(".pill.stop").wait_for(timeout=60_000)
        drafter.page.locator("#progress li").first.locator("a").click()
        drafter.shot("incident-uploader")
        address = drafter.page.url.removeprefix(drafter.base)
        drafter.open("/queue?tab=returned")
        drafter.shot("queue-empty")
        drafter.open("/account")
        drafter.shot("account")
        drafter.open("/queue?tab=mine")
        drafter.shot("queue-mine")
    with desk("baomi") as officer:
        officer.open(address)
        officer.shot("incident-officer")
    for login, name in (("sysadmin", "users"), ("secadmin", "roles")):
        with desk(login) as person:
            person.shot(name)
    with desk("auditor") as auditor:
        auditor.page.click("text=验证日志")
        auditor.sees("全部完好")
        auditor.shot("audit")
    with desk("sysadmin") as admin:
        admin.page.fill("input[name=login]", "zhaoliu")
        admin.page.fill("input[name=name]", "赵六")
        admin.page.click("text=新建 >> nth=-1")
        admin.shot("users-code")
        admin.open("/queue")
        admin.shot("error-404")
        admin.complaints.clear()  # the browser notes the 404 itself
