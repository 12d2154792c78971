"""What is known about media files: which to fetch, from where, what they must look like, how to name them."""
