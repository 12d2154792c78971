from __future__ import annotations

from scrapy.crawler import Crawler

from pipelines.companions import Companions
from pipelines.validate import ValidatePipeline
from store.rejects import Reject
from tests.pipelines.samples import hashtag, listing, outcome, user, video


def test_a_sound_item_passes_untouched(crawler: Crawler) -> None:
    station = ValidatePipeline.from_crawler(crawler)
    post = video()

    assert station.process_item(post) is post
    assert post == video()


def test_an_unsound_item_becomes_a_reject_that_keeps_all_of_it(crawler: Crawler) -> None:
    station = ValidatePipeline.from_crawler(crawler)

    reject = station.process_item(video(id="abc", description="all of it"))

    assert isinstance(reject, Reject)
    assert (reject.item_type, reject.key) == ("video", "abc")
    assert reject.reason.startswith("id: ")
    assert reject.payload["description"] == "all of it"
    assert crawler.stats.get_value("validate/rejected/video") == 1


def test_an_unsound_companion_does_not_take_the_others_with_it(crawler: Crawler) -> None:
    station = ValidatePipeline.from_crawler(crawler)

    parcel = station.process_item(Companions([user(), hashtag(""), hashtag("kept")]))

    assert parcel.items == [user(), hashtag("kept")]
    assert [(reject.item_type, reject.key) for reject in parcel.rejects] == [("hashtag", "")]
    assert crawler.stats.get_value("validate/rejected/hashtag") == 1


def test_records_pass_untouched(crawler: Crawler) -> None:
    station = ValidatePipeline.from_crawler(crawler)

    for record in (listing(), outcome()):
        assert station.process_item(record) is record
