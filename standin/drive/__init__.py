"""A pretend Google Drive: version 3 of its API, uploads that resume, tokens, and every answer that can go wrong.

`state.py` holds what exists, `query.py` and `fields.py` are Drive's two small languages, `sessions.py` its uploads;
`files.py`, `uploads.py`, `permissions.py`, `about.py`, `oauth.py` and `control.py` are its addresses; `doorway.py`
stands before all of them with the fault plan of `faults.py`.
"""
