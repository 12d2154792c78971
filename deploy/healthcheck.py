"""Whether the HTTP server of this container answers; the container's health check.

An answer of 401 is a good one: the server is up and wants its password.
"""

import http.client
import sys
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 5


def main(url: str) -> int:
    """Return 0 when the URL is answered with anything but a server error."""
    address = urlsplit(url)
    connection = http.client.HTTPConnection(
        address.hostname or "127.0.0.1", address.port, timeout=TIMEOUT_SECONDS
    )
    try:
        connection.request("GET", address.path or "/")
        status = connection.getresponse().status
    except OSError as error:
        sys.stderr.write(f"{url}: {error}\n")
        return 1
    finally:
        connection.close()
    return int(status >= 500)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
