"""馆藏批次: a folder or list of old files in, a ledger of verdicts out, that survives whatever dies on the way.

In: paths and an out folder. Out: `ledger.sqlite` (one row a file, one a paper), an encrypted `vault.sqlite` (texts and findings by
content hash, for difference runs), `results.jsonl`, and reports. Touches the out folder the caller names, the key file, and - through
the caged children of `batch` - the files. This is the only room of `classifier` with a memory; it knows no people and no network
(but for `cluster`, which speaks to Dask when asked to).
"""
