"""The peer stack of the benches: python-docx or pdfplumber + presidio-analyzer + jieba + a scikit-learn model of the same papers.

It lives in its own environment (.venv-bench), set up here from requirements-bench.lock. Imported by scripts/bench and scripts/bench_batch.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

PEER = r"""
import json, sys, time
files, samples, kind = json.load(open(sys.argv[1])), json.load(open(sys.argv[2])), sys.argv[3]
import jieba, spacy
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import SpacyNlpEngine
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
jieba.setLogLevel(60)
class Blank(SpacyNlpEngine):
    def __init__(self):
        super().__init__()
        self.nlp = {"zh": spacy.blank("zh")}
registry = RecognizerRegistry(supported_languages=["zh"])
from presidio_analyzer.predefined_recognizers import CreditCardRecognizer, PhoneRecognizer, IpRecognizer
for make in (CreditCardRecognizer, PhoneRecognizer, IpRecognizer):
    registry.add_recognizer(make(supported_language="zh"))
from presidio_analyzer import Pattern, PatternRecognizer
registry.add_recognizer(PatternRecognizer("CN_ID", patterns=[Pattern("id", r"(?<!\d)\d{17}[\dXx](?!\d)", 0.5)], supported_language="zh"))
engine = AnalyzerEngine(registry=registry, nlp_engine=Blank(), supported_languages=["zh"])
model = make_pipeline(TfidfVectorizer(tokenizer=jieba.lcut, token_pattern=None), LogisticRegression(max_iter=300))
model.fit([t for t, _ in samples], [a for _, a in samples])
def read(name):
    if kind == "docx":
        import docx
        return "\n".join(p.text for p in docx.Document(name).paragraphs)
    import pdfplumber
    with pdfplumber.open(name) as pdf:
        return "\n".join(page.extract_text() or "" for page in pdf.pages)
def assess(name):
    text = read(name)
    engine.analyze(text, language="zh")
    return model.predict_proba([text])
assess(files[0])
began = time.process_time()
for name in files:
    assess(name)
print(json.dumps([time.process_time() - began, len(files)]))
"""


def prepare() -> Path:
    """The python of .venv-bench, installed from its own hash-pinned lock."""
    home = ROOT / ".venv-bench"
    python = home / "bin" / "python"
    if not python.exists():
        print("installing the peer stack into .venv-bench ...", flush=True)
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        lock = ROOT / "requirements-bench.lock"
        subprocess.run([str(python), "-m", "pip", "install", "-q", "--require-hashes", "-r", str(lock)], check=True)
    return python


def run(python: Path, kind: str, files: Sequence[str], folder: Path) -> float:
    """Documents per CPU second of the peer stack, warm."""
    from classifier.learn.dataset import load_samples

    names, papers = folder / f"{kind}.json", folder / "papers.json"
    names.write_text(json.dumps(list(files)), encoding="utf-8")
    samples = load_samples(ROOT / "corpus" / "samples")
    papers.write_text(json.dumps([[s.text, s.attribute.value] for s in samples], ensure_ascii=False), encoding="utf-8")
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [str(python), "-c", PEER, str(names), str(papers), kind], capture_output=True, text=True, env=environment, check=False
    )
    if done.returncode:
        print(done.stderr[-1500:], file=sys.stderr)
        raise SystemExit("the peer stack did not run")
    spent, count = json.loads(done.stdout.splitlines()[-1])
    return float(count / spent)
