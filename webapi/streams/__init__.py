"""Connections that stay open while a job goes on: WebSockets and server-sent events, none of which holds a thread.

    request ── guard ── route ── handover: the socket leaves the server ── loop: one thread per process
                                                          hub: asks the database for all watched jobs at once

A server that answers by threads would keep one for each open connection, and soon have none left for plain requests.
"""
