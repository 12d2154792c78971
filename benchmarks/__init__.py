"""Speed, measured: each benchmark runs a baseline in the same run and prints the ratio as one JSON line."""
