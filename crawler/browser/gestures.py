"""What is done on a page in one go, in the page's own language: looking, scrolling, unfolding."""

from __future__ import annotations

import json

from crawler.browser.words import MODAL_CROSS, REFRESH_WORD, SOFT_ERROR

LOOK = f"""() => {{
  const isRefresh = (button) => button.textContent.trim() === {json.dumps(REFRESH_WORD)};
  const refresh = [...document.querySelectorAll('button')].find(isRefresh);
  const error = refresh?.parentElement.innerText.includes({json.dumps(SOFT_ERROR)});
  return {{error: !!error, modal: !!document.querySelector({json.dumps(MODAL_CROSS)})}};
}}"""
"""Tells whether the page apologises, and whether it asks to log in."""

SCROLL = """([item, container, again]) => {
  const items = document.querySelectorAll(item);
  const boxes = [document.scrollingElement, container && document.querySelector(container)];
  for (let box = items[items.length - 1]; box; box = box.parentElement) boxes.push(box);
  for (const box of boxes) {
    if (!box || box.scrollHeight <= box.clientHeight) continue;
    if (again) box.scrollTop -= box.clientHeight;
    box.scrollTop = box.scrollHeight;
  }
}"""
"""Scrolls whatever holds the list to its end; a page that is there already notices only a way up and down again."""

UNFOLD = """([unfolder, most]) => {
  const isNew = (one) => one.dataset.unfolded !== one.textContent;
  const folded = [...document.querySelectorAll(unfolder)].filter(isNew).slice(0, most ?? undefined);
  for (const one of folded) { one.dataset.unfolded = one.textContent; one.click(); }
  return folded.length;
}"""
"""Clicks what unfolds more, again once it says how much is left, and tells how many there were."""
