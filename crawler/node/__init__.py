"""A crawl node: Scrapyd, with its state under `DATA_DIR`, a password, and the weak places of its own mended.

    service    what `python -m scrapyd` runs: directories, port, who may enter
    schedule   refuses at the door what could never be started
    queue      a queue whose file may be locked for a while
    poller     asks the queue for work, whatever goes wrong
    launcher   starts crawls, keeps count of them over restarts, tells how they ended
    exits      tells the database how they ended
    children   the processes it starts, and those that an earlier run of the node left behind

`scrapyd.conf` names these parts.
"""

from crawler.node.service import application

__all__ = ["application"]
