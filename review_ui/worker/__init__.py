"""The worker process: the only part of review_ui that lets a file be opened, and only in a killable child.

In: queued jobs. Out: assessments attached, blocked uploads destroyed, packages built and re-scanned. Commits each job by itself.
"""
