"""`/api/jobs`: what a client wants crawled, and how far that is."""

from __future__ import annotations

from typing import Any

from store.queries.jobs import find_job, list_jobs
from webapi import current
from webapi.extensions.blueprints import FamilyBlueprint
from webapi.extensions.schemas import IdempotencySchema
from webapi.limits.groups import BY_ADDRESS
from webapi.scraper.documents import STATUSES, job_document
from webapi.scraper.examples import CREATED_JOB, JOB, NEW_JOB, page_of
from webapi.scraper.paging import page_document, window_of
from webapi.scraper.schemas import (
    CreatedJobSchema,
    JobsArgsSchema,
    JobSchema,
    JobsSchema,
    NewJobSchema,
)
from webapi.services.crawl_requests import request_crawl

JOBS = FamilyBlueprint(
    "jobs", __name__, url_prefix="/api/jobs", limits=BY_ADDRESS, description="What is to be crawled"
)


@JOBS.route("")
@JOBS.arguments(JobsArgsSchema, location="query")
@JOBS.sends(JobsSchema, page_of("jobs", JOB))
@JOBS.errors(401, 500)
def list_all(given: dict[str, Any]) -> dict[str, Any]:
    """List jobs

    Your own, the newest first.
    """
    states = STATUSES[given["status"]] if "status" in given else []
    page = list_jobs(current.engine(), current.client().id, states, window_of(given))
    return page_document("jobs", list(map(job_document, page.rows)), page, given)


@JOBS.route("", methods=["POST"])
@JOBS.arguments(NewJobSchema, example=NEW_JOB)
@JOBS.arguments(IdempotencySchema, location="headers")
@JOBS.response(201, CreatedJobSchema, example=CREATED_JOB)
@JOBS.errors(401, 409, 413, 500)
def create(given: dict[str, Any], header: dict[str, str]) -> dict[str, Any]:
    """Create a job

    It begins within seconds. `include_comments` crawls the comments of every post that is found, too.
    """
    job = request_crawl(
        current.engine(),
        current.now(),
        site=current.config().tiktok_base_url,
        client_id=current.client().id,
        url=given["url"],
        type_=given.get("type"),
        options=given["options"],
        key=header.get("key"),
    )
    return {"job_id": job.id, "status": "pending", "message": "Scraping job created successfully"}


@JOBS.route("/<int:job_id>", parameters=[{"name": "job_id", "in": "path", "example": 123}])
@JOBS.sends(JobSchema, JOB)
@JOBS.errors(401, 404, 500)
def show(job_id: int) -> dict[str, Any]:
    """Get a job"""
    return job_document(find_job(current.engine(), current.client().id, job_id))
