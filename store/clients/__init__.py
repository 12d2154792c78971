"""Who may use the API: clients, their secrets and keys, and the sessions that begin with these."""
