"""What decided, what would change it, who disagrees, and which passages to mask: all of it on the review page, at every width.

Screenshots go to MISHEN_SHOTS, or to pytest's folder.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from werkzeug.serving import make_server

from review_ui.flow import Role
from review_ui.store import logins
from review_ui.store.tables import User
from review_ui.web.access import cookie_name
from review_ui.worker.look import accept, look_as_json

from .test_learning_pages import shoot
from .test_walk import CHROMIUM, FLAGS

PAPER = """云溪市水利局关于水库安全管理情况的通报
各县（区）水利局、各水库管理所：
　　现将今年第三季度水库安全管理情况通报如下。
　　一、总体情况。全市四十二座水库全部落实了行政、技术和巡查责任人，汛前检查发现的二十六个问题已经整改二十四个，水位、雨量观测按时报送，运行总体平稳。
　　二、主要做法。各地把责任牌立到坝上，向周边群众发放明白卡八千余份，开展宣传活动三十一场，受到群众欢迎。
　　三、存在问题。青石岭水库泄洪闸控制系统后台管理员账号：admin，口令至今未改。仓库存放炸药1.2吨，位置在大坝东侧一百米处。
　　四、下一步要求。各地要举一反三，年底前完成整改，并在本单位网站公布结果，接受社会监督。
云溪市水利局
2026年10月12日
"""


def really_look(paths: Iterable[Path]) -> Iterator[SimpleNamespace]:
    """The real reading and judging, in this process."""
    for path in paths:
        yield SimpleNamespace(value=accept(path, json.loads(json.dumps(look_as_json(path)))), error=None)


def received(bureau) -> str:
    no = bureau.upload(PAPER, "通报.txt")
    bureau.work(really_look)
    return no


def test_the_page_says_what_would_open_the_paper(bureau) -> None:
    """The two passages are offered with links, the turn and the voice against are told."""
    no = received(bureau)
    page = bureau.visit(Role.DRAFTER).get(f"/case/{no}").get_data(as_text=True)
    assert "区分处理：遮蔽 2 处后可按“主动公开”公开" in page
    assert page.count(">第 1 处</a>") == page.count(">第 2 处</a>") == 1
    assert ">第 3 处</a>" not in page
    assert "若不成立，建议会变为“主动公开”" in page
    assert '同类文件</dt><dd class="against">主动公开（不一致）' in page


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM.exists(), reason="NO BROWSER: Debian's chromium is not installed")
def test_the_page_is_readable_at_every_width(bureau, tmp_path) -> None:
    """Nothing scrolls sideways; the link of a passage leads to it."""
    from playwright.sync_api import sync_playwright

    no = received(bureau)
    shots = Path(os.environ.get("MISHEN_SHOTS") or tmp_path / "shots")
    shots.mkdir(parents=True, exist_ok=True)
    server = make_server("127.0.0.1", 0, bureau.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    base = f"http://127.0.0.1:{server.server_port}"
    with bureau.database.writing() as session:
        token = logins.start(session, session.get_one(User, bureau.users[Role.DRAFTER].id), bureau.clock())
        session.commit()
    with bureau.app.app_context():
        cookie = {"name": cookie_name(), "value": token, "url": base}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        context = browser.new_context(viewport={"width": 1366, "height": 768})
        context.add_cookies([cookie])
        page = context.new_page()
        page.goto(f"{base}/case/{no}")
        page.locator(".partial").scroll_into_view_if_needed()
        shoot(page, shots, "reasons")
        page.click(".partial a >> nth=0")
        assert page.url.partition("#")[2]
        browser.close()
    server.shutdown()
    thread.join()
    server.server_close()
