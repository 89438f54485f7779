"""The counter: forms in, pages out. Parses a form, calls one flow function, saves, commits, redirects.

Never opens an uploaded file: it writes the bytes to the incoming folder and lets the worker look. Default deny: `access.RIGHTS`.
"""
