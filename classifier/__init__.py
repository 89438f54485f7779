"""A pure library: a file goes in, an Assessment comes out. It knows no web, no database and no network.

Nothing is imported here, so that `mishen --help` and the web process start light; begin reading at `classifier.pipeline`.
"""
