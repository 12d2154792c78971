# One image for every process; compose.yaml says which container runs which.

FROM python:3.11-slim-bookworm AS build
COPY requirements.txt .
RUN python -m venv /opt/venv \
    && /opt/venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check -r requirements.txt

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --create-home crawler \
    && install -d -o crawler -g crawler /var/lib/tiktok-crawler
COPY --from=build /opt/venv /opt/venv
WORKDIR /app
COPY scrapy.cfg scrapyd.conf alembic.ini ./
COPY tiktok tiktok
COPY store store
COPY pipelines pipelines
COPY crawler crawler
COPY webapi webapi
COPY standin standin
COPY deploy deploy
RUN /opt/venv/bin/python -m compileall -q .

ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DATA_DIR=/var/lib/tiktok-crawler \
    SCRAPYD_BIND_ADDRESS=0.0.0.0 \
    SCRAPYD_PORT=6800
VOLUME /var/lib/tiktok-crawler
EXPOSE 6800
USER crawler
HEALTHCHECK --interval=10s --timeout=6s --start-period=20s --retries=3 \
    CMD python deploy/healthcheck.py "http://127.0.0.1:$SCRAPYD_PORT/daemonstatus.json"
CMD ["python", "-m", "scrapyd", "--pidfile="]
