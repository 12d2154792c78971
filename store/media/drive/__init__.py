"""Google Drive as a store (`MEDIA_STORE=drive://FOLDER_ID`).

credentials ── client (pace, retries) ── chunks (uploads that go on) ── answers (what a refusal means)
catalogue (ids reserved in the database before anything is made) ── tree (folders) ── store
"""
