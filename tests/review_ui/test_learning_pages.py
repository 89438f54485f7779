"""决定复看 and the order 最有用的先看 in a real browser: readable at every width, nothing scrolls sideways, no complaint of the browser.

Screenshots go to MISHEN_SHOTS, or to pytest's folder.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from classifier.core.assessment import Attribute
from classifier.learn.suspects import Suspect
from review_ui.flow import Role
from review_ui.store import lessons, logins
from review_ui.store.tables import User
from review_ui.web.access import cookie_name

from . import decided
from .test_walk import CHROMIUM, FLAGS, WIDTHS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="NO BROWSER: Debian's chromium is not installed"),
]


@pytest.fixture
def stocked(bureau, tmp_path):
    """Three doubted decisions, and four papers on the clerk's desk, in a running server."""
    doubted = []
    for number, (given, suggested) in enumerate(
        [
            (Attribute.ACTIVE, Attribute.WITHHELD),
            (Attribute.WITHHELD, Attribute.ON_REQUEST),
            (Attribute.ON_REQUEST, Attribute.ACTIVE),
        ]
    ):
        no = decided.finish(bureau, decided.words(suggested, number), given, folder=tmp_path)
        doubted.append((no, Suspect(0, given, suggested, 0.08, 0.81, 0.9, 0.7)))
    with bureau.database.writing() as session:
        lessons.keep_suspects(session, doubted, bureau.clock())
        session.commit()
    for title in ("关于绿化工作的通知", "关于做好汛期值守工作的通知", "关于滨河路夜间施工噪音问题的答复"):
        no = bureau.assessed(f"{title}\n全文。\n")
        bureau.visit(Role.DRAFTER).act(no, choice="active", declared="on")
    server = make_server("127.0.0.1", 0, bureau.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield bureau, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def shoot(page, shots: Path, name: str) -> None:
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{name} scrolls sideways at {width}: {wide}"
        page.screenshot(path=str(shots / f"{name}-{width}.png"), full_page=width < 1366)
    page.set_viewport_size({"width": 1366, "height": 768})


def test_the_pages_of_learning_are_readable(stocked, tmp_path) -> None:
    """The list for reviewers and for the auditor, the case behind a link, and the other order of the pile."""
    from playwright.sync_api import sync_playwright

    bureau, base = stocked
    shots = Path(os.environ.get("MISHEN_SHOTS") or tmp_path / "shots")
    shots.mkdir(parents=True, exist_ok=True)
    complaints: list[str] = []

    def sit(browser, role: Role):
        with bureau.database.writing() as session:
            token = logins.start(session, session.get_one(User, bureau.users[role].id), bureau.clock())
            session.commit()
        with bureau.app.app_context():
            cookie = {"name": cookie_name(), "value": token, "url": base}
        context = browser.new_context(viewport={"width": 1366, "height": 768})
        context.add_cookies([cookie])
        page = context.new_page()
        page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda e: complaints.append(str(e)))
        return page

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        clerk = sit(browser, Role.OFFICE_CLERK)
        clerk.goto(f"{base}/queue?tab=todo")
        clerk.select_option("select[name=order]", "useful")
        clerk.click("text=筛选")
        clerk.get_by_text("有时限的文件请先办").wait_for()
        shoot(clerk, shots, "queue-useful")
        clerk.click("text=决定复看")
        clerk.get_by_text("请先复看").wait_for()
        shoot(clerk, shots, "doubtful")
        clerk.click("td.lead a >> nth=0")
        clerk.wait_for_url("**/case/**")
        auditor = sit(browser, Role.AUDIT_ADMIN)
        auditor.goto(f"{base}/doubtful")
        auditor.get_by_text("审计员只看编号").wait_for()
        assert auditor.locator("main a").count() == 0
        shoot(auditor, shots, "doubtful-auditor")
        browser.close()
    assert complaints == []
