"""The last gate before publication, the masked text, and the package.

In: a Case, its Assessment and text, who judged what. Out: what is missing, or the bytes of a package. Touches nothing: the
worker writes what comes out. Runs outside the web process, except for `gate` and `masking`, which only handle strings.
"""
