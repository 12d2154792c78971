"""The content delivery network: who is given a file, and which one a link means."""
