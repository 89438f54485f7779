"""Memory and people: an Assessment goes in, a signed Decision and a publication package come out.

Nothing is imported here; begin reading at `review_ui.app`.
"""
