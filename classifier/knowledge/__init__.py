"""The law and the rules. In: corpus/law/*.toml, corpus/rules/*.toml, corpus/terms/*, and a bureau's packs. Out: frozen Law and RuleBook.

Touches only those, once per process. Bad data is refused at load, never at the first document.
"""

from classifier.knowledge.law import Article, Law, load_law
from classifier.knowledge.packs import Knowledge, careful, load_knowledge
from classifier.knowledge.rules import Rule, RuleBook, RuleState, load_rules

__all__ = ["Article", "Knowledge", "Law", "Rule", "RuleBook", "RuleState", "careful", "load_knowledge", "load_law", "load_rules"]
