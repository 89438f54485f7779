"""Experience. In: a Document with its Findings. Out: Scores (calibrated probabilities of the three attributes).

Scoring touches models/ once per process and needs numpy only; training (`learn.train`) is the only place that
imports scikit-learn, and nothing at run time imports `learn.train`.
"""

from classifier.learn.registry import load_active
from classifier.learn.scorer import Scorer

__all__ = ["Scorer", "load_active"]
