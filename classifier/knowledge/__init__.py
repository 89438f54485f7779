"""The law and the rules. In: corpus/law/*.toml, corpus/rules/*.toml, corpus/terms/*.txt. Out: frozen Law and RuleBook.

Touches only corpus/, once per process. Bad data is refused at load, never at the first document.
"""

from classifier.knowledge.law import Article, Law, load_law
from classifier.knowledge.rules import Rule, RuleBook, load_rules

__all__ = ["Article", "Law", "Rule", "RuleBook", "load_law", "load_rules"]
