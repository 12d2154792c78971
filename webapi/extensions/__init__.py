"""What all families share: JSON, request ids and logs, headers, errors, documentation."""
