"""Plain HTTP as a browser's TLS speaks it (`TLS_PROFILE`), through curl_cffi, which is installed only where wanted.

Only the handshake and HTTP/2 are the profile's; headers, cookies and proxy are the identity's, as on every way.
"""

from __future__ import annotations

import re
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Headers, Response
from scrapy.utils._download_handlers import make_response

from crawler.handlers.http import HttpHandler

if TYPE_CHECKING:
    from curl_cffi.requests import Response as CurlResponse
    from curl_cffi.requests.exceptions import RequestException

NO_TUNNEL = re.compile(r"CONNECT tunnel failed, response (\d{3})")
"""How curl tells what an HTTP proxy says instead of opening a tunnel."""
NO_CREDENTIALS = re.compile(r"rejected by the SOCKS5 server|no acceptable authentication method")
REFUSED = 407


def problem_with(profile: str) -> str | None:
    """Say in one line why a profile can't be used."""
    if not find_spec("curl_cffi"):
        return (
            "needs curl_cffi; run .venv/bin/python -m pip install -r requirements-tls.txt, or leave it empty"
        )
    from curl_cffi.requests.impersonate import (  # noqa: PLC0415  # slow, and not always there
        REAL_TARGET_MAP,
        BrowserTypeLiteral,
    )

    known = {*REAL_TARGET_MAP, *BrowserTypeLiteral.__args__}
    if profile in known:
        return None
    return f"{profile!r} is no profile of curl_cffi; write chrome, or one of {', '.join(sorted(known))}"


class ProfileHandler:
    """Sends all that `HttpHandler` does but files, whose hosts don't look at the handshake."""

    def __init__(self, crawler: Crawler, http: HttpHandler) -> None:
        from curl_cffi import CurlOpt  # noqa: PLC0415  # not always there
        from curl_cffi.requests import AsyncSession  # noqa: PLC0415  # not always there

        settings = crawler.settings
        self.http = http
        self._timeout = settings.getfloat("DOWNLOAD_TIMEOUT")
        self._session = AsyncSession(
            impersonate=settings["TLS_PROFILE"],
            default_headers=False,
            discard_cookies=True,
            trust_env=False,
            allow_redirects=False,
            verify=settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES"),
            max_clients=settings.getint("CONCURRENT_REQUESTS"),
            curl_options={CurlOpt.MAXFILESIZE_LARGE: settings.getint("DOWNLOAD_MAXSIZE")},
        )

    @classmethod
    def from_crawler(cls, crawler: Crawler, http: HttpHandler) -> Self:
        return cls(crawler, http)

    async def download_request(self, request: Request) -> Response:
        """Send the request; what a proxy says instead of carrying it is an answer, too."""
        from curl_cffi.requests.exceptions import RequestException  # noqa: PLC0415  # not always there

        try:
            answer = await self._session.request(
                request.method,
                request.url,
                headers=_headers_of(request),
                data=request.body or None,
                # Names are looked up by the proxy, as on every way.
                proxy=self.http.proxy_of(request).replace("socks5://", "socks5h://", 1) or None,
                timeout=request.meta.get("download_timeout", self._timeout),
                accept_encoding=None,  # decompressing is a middleware's
                quote=False,
            )
        except RequestException as error:
            if status := _said_by_proxy(str(error)):
                return Response(request.url, status=status, request=request)
            raise _explained(error) from error
        return _response(request, answer)

    async def close(self) -> None:
        await self._session.close()


def _headers_of(request: Request) -> list[tuple[str, str]]:
    return [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in request.headers.items()
        for value in values
        if name.lower() != b"proxy-authorization"  # it is in the proxy's address
    ]


def _said_by_proxy(problem: str) -> int | None:
    if found := NO_TUNNEL.search(problem):
        return int(found[1])
    return REFUSED if NO_CREDENTIALS.search(problem) else None


def _explained(error: RequestException) -> Exception:
    """Tell a failure in Scrapy's words, which the verdicts are made of."""
    from curl_cffi import CurlECode  # noqa: PLC0415  # not always there

    words: dict[Any, type[Exception]] = {
        CurlECode.OPERATION_TIMEDOUT: DownloadTimeoutError,
        CurlECode.COULDNT_RESOLVE_HOST: CannotResolveHostError,
        CurlECode.COULDNT_CONNECT: DownloadConnectionRefusedError,
        CurlECode.PARTIAL_FILE: ResponseDataLossError,
        CurlECode.FILESIZE_EXCEEDED: DownloadCancelledError,
    }
    return words.get(error.code, DownloadFailedError)(str(error))


def _response(request: Request, answer: CurlResponse) -> Response:
    headers = Headers()
    for name, value in answer.headers.multi_items():
        headers.appendlist(name, value)
    response = make_response(url=request.url, status=answer.status_code, headers=headers, body=answer.content)
    response.request = request
    return response
