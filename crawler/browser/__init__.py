"""The browser: finding it, keeping it alive, and what to do on a page. Nothing here is loaded until it is needed."""
