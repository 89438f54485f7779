"""Memory: the database and the files. Functions here never commit; whoever opened the session does.

In: flow values and plain strings. Out: rows and flow values. Touches the data folder and the incoming folder, nothing else.
"""
