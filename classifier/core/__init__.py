"""The words every room uses. Standard library only; touches nothing; everyone may import it.

In: nothing. Out: the frozen values that travel between rooms (Document, Finding, Assessment), the error tree and the Settings.
"""
