"""Who may enter: tokens, keys, the guard before every endpoint, and the commands that make clients."""
