"""An office of its own for each test: data folder, clock, one person per role, and a worker with a made-up classifier."""

from __future__ import annotations

import base64
import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest

from classifier.core.assessment import Assessment, Attribute, Provenance, Reason, Route, Scores
from classifier.core.document import Elements, Problem, SecretMarking, Snippet, Span, Where
from classifier.core.finding import Category, Finding, Grade, Severity
from review_ui.app import create_app
from review_ui.flow.case import Role
from review_ui.store import accounts, cases, files, jobs, logins
from review_ui.store.migrate import migrate
from review_ui.store.tables import Job, ReviewCase, User
from review_ui.web import passwords
from review_ui.web.access import cookie_name
from review_ui.web.office import KEY, Office, WebSettings
from review_ui.worker.look import Sight, blocked_sight, seen
from review_ui.worker.loop import Worker

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "Correct-horse-2026"
HASHED = passwords.hash_password(PASSWORD)
LOGINS = {role: f"u-{role.value}".replace("_", "-") for role in Role}
SECRET = "机密★1年"
PHONE = "13857801234"
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAAAAABX3VL4AAAADklEQVQIHWNk+M/4nxEABgoCAp0+gVUAAAAASUVORK5CYII=")
"""Two by two grey pixels."""


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    now: dt.datetime = dt.datetime(2026, 11, 24, 2, 5, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += dt.timedelta(**by)


def assess(path: Path) -> tuple[Assessment, str]:
    """A made-up classifier: a secrecy mark blocks, phone numbers are masked, 不予公开 and 未读 do what they say."""
    text = path.read_text(encoding="utf-8") if path.suffix == ".txt" else docx_text(path)
    found = [
        Finding(Category.PERSONAL_INFO, "mobile", "personal.mobile@1", Span(*m.span()), Grade.CONFIRMED, Severity.REDACT,
                ("条例:15",), "手机号码属于个人信息。", mask="138****1234")
        for m in re.finditer(r"1\d{10}", text)
    ]  # fmt: skip
    found += [
        Finding(Category.PERSONAL_INFO, "person_name", "personal.name@1", Span(*m.span()), Grade.SUSPECTED, Severity.REVIEW,
                ("条例:15",), "姓名可能属于个人信息。", mask="李某")
        for m in re.finditer("李建国", text)
    ]  # fmt: skip
    marked = SECRET in text or SECRET in path.name
    if marked:
        found = [Finding(Category.STATE_SECRET, "marking", "marking.level@1", Span(0, 1), Grade.CONFIRMED, Severity.BLOCK,
                         ("保密法:22",), "有国家秘密标志。", where=Where.BODY if SECRET in text else Where.NAME)]  # fmt: skip
    attribute = Attribute.WITHHELD if "不予公开" in text else Attribute.ACTIVE
    return Assessment(
        source=path.name,
        sha256="ab" * 32,
        format="txt",
        attribute=None if marked else attribute,
        in_scope=True,
        confidence=0.8,
        route=Route.BLOCKED if marked else Route.REVIEW,
        reasons=() if marked else (Reason(attribute, ("条例:20.1",), "规范性文件一般应当主动公开。", (), "S6"),),
        findings=tuple(found),
        provenance=Provenance("1", "r1", "m1"),
        elements=Elements(
            title=None if marked else text.split("\n")[0],
            secret_marking=SecretMarking("secret", "1年", Where.BODY) if marked else None,
        ),
        scores=Scores(0.8, 0.1, 0.1),
        problems=(Problem("image", "page 2"),) if "未读" in text else (),
        snippets=(Snippet(PNG, 2), Snippet(PNG, 3, 1)) if "未读" in text else (),
        redactions=tuple(f.span for f in found if f.severity is Severity.REDACT),
        publishable_after_redaction=bool(found),
        chars=len(text),
        text=text,
    ), text  # fmt: skip


def docx_text(path: Path) -> str:
    import docx

    return "\n".join(p.text for p in docx.Document(str(path)).paragraphs)


def fake_look(path: Path) -> Sight:
    assessment, text = assess(path)
    return blocked_sight(assessment) if assessment.route is Route.BLOCKED else seen(assessment, text, [])


def fake_engine(paths: Iterable[Path]) -> Iterator[SimpleNamespace]:
    """In this process; a file named 崩溃 crashes its child."""
    for path in paths:
        crashed = "崩溃" in path.name
        yield SimpleNamespace(value=None if crashed else fake_look(path), error="crashed" if crashed else None)


@dataclass
class Bureau:
    """The opened office and everybody in it."""

    app: object
    office: Office
    clock: Clock
    users: dict[Role, User] = field(default_factory=dict)

    @property
    def place(self):
        return self.office.place

    @property
    def database(self):
        return self.office.database

    def work(self, engine=fake_engine) -> None:
        """Run the worker until the queue is empty."""
        with self.database.reading() as session:
            left = session.query(Job).filter(Job.state.in_(jobs.OPEN_STATES)).count()
        turns = iter([True] * left)
        Worker(self.place, self.database, engine, self.clock, lambda: next(turns, False)).run()

    def upload(self, text: str, name: str = "通知.txt", uploader: Role = Role.DRAFTER) -> str:
        """Receive a file as the web would; returns the case number."""
        import io

        token = files.receive(self.place, io.BytesIO(text.encode()), name)
        with self.database.writing() as session:
            row = cases.create(session, session.get_one(User, self.users[uploader].id), self.clock())
            jobs.enqueue(session, row.no, "assess", self.clock(), incoming=token)
            session.commit()
        return row.no

    def assessed(self, text: str = "关于绿化的通知\n全文。\n", name: str = "通知.txt") -> str:
        no = self.upload(text, name)
        self.work()
        return no

    def row(self, no: str) -> ReviewCase:
        with self.database.reading() as session:
            return session.get_one(ReviewCase, no)

    def visit(self, role: Role | None) -> Visitor:
        """A browser, logged in as the person with this role (None: a stranger)."""
        client = self.app.test_client()
        if role is not None:
            with self.database.writing() as session:
                token = logins.start(session, session.get_one(User, self.users[role].id), self.clock())
                session.commit()
            with self.app.app_context():
                client.set_cookie(cookie_name(), token)
        return Visitor(client)


@dataclass
class Visitor:
    """A test client that sends the form token along."""

    client: object

    def get(self, path: str, **kw):
        return self.client.get(path, **kw)

    def token(self) -> str:
        page = self.client.get("/login").get_data(as_text=True)
        return re.search(r'name="csrf" content="([^"]+)"', page)[1]

    def post(self, path: str, data: dict | None = None, **kw):
        return self.client.post(path, data={"csrf_token": self.token(), **(data or {})}, **kw)

    def act(self, no: str, do: str = "decide", **fields):
        """Fill the form that is on the screen and hand it in."""
        page = self.client.get(f"/case/{no}").get_data(as_text=True)
        hidden = {k: re.search(rf'name="{k}" value="([^"]*)"', page)[1] for k in ("version", "content") if f'name="{k}"' in page}
        return self.post(f"/case/{no}/act", {**hidden, "do": do, **fields})


def open_bureau(tmp_path: Path) -> Bureau:
    clock = Clock()
    memory = tmp_path / "memory"
    memory.mkdir()
    settings = WebSettings(data=tmp_path / "data", law=ROOT / "corpus" / "law", memory=memory, clock=clock)
    app = create_app(settings)
    office: Office = app.extensions[KEY]
    migrate(office.place, office.database)
    bureau = Bureau(app, office, clock)
    with office.database.writing() as session:
        for role, login in LOGINS.items():
            user = accounts.create(session, login, f"{role.label}某", clock())
            user.password = HASHED
            accounts.grant(session, user, [role], clock())
            bureau.users[role] = user
        session.commit()
    return bureau


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    bureau = open_bureau(tmp_path)
    yield bureau
    bureau.database.engine.dispose()
