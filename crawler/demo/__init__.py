"""`bin/demo`: crawl the bundled stand-in, or TikTok itself, and show what came of it."""
