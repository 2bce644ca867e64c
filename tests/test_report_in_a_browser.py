"""The report in a real browser, at the width of a phone and of a desk: nothing is cut off, nothing stands out to the side."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from ruminate.frames import assess_frame
from ruminate.report import read_study, report_page

BROWSER = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)
TEXTS = ("I keep going over what I said. It's all my fault, as always.", "I noticed I was anxious. Maybe she was tired. Next time I'll ask.", "Bought bread.")
FRAME = """<!doctype html><title>-</title><iframe id=f width=%d height=900 style="border:0" srcdoc="%s"></iframe><pre id=out></pre><script>
document.getElementById('f').onload = () => {
  const page = document.getElementById('f').contentDocument, width = page.documentElement.clientWidth
  page.querySelectorAll('details').forEach(one => { one.open = true })
  const out = [...page.querySelectorAll('main *, header *')].filter(one => !one.closest('.scroll table') && !one.closest('svg') && one.getBoundingClientRect().right > width + 1)
  const size = [...page.querySelectorAll('figure > svg')].map(one => one.getBoundingClientRect()).map(box => [box.width, box.height])
  const letters = [...page.querySelectorAll('svg text')].map(one => one.getBoundingClientRect()).map(box => Math.max(box.width, box.height)).filter(x => x > 0)
  const cut = [...page.querySelectorAll('figure > svg')].flatMap(one => [...one.querySelectorAll('text')].filter(word => {
    const a = word.getBoundingClientRect(), b = one.getBoundingClientRect()
    return a.left < b.left - 2 || a.right > b.right + 2 || a.top < b.top - 2 || a.bottom > b.bottom + 2 })).map(word => word.textContent)
  document.getElementById('out').textContent = JSON.stringify({width, whole: page.documentElement.scrollWidth, out: out.map(one => one.outerHTML.slice(0, 80)), size, cut, smallest: Math.min(...letters)})
}</script>"""


def seen_in_a_browser(page: str, width: int, folder: Path) -> dict[str, Any]:
    assert BROWSER is not None
    frame = folder / f"frame-{width}.html"
    inner = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)  # it would forbid to measure, too
    frame.write_text(FRAME % (width, escape(inner, quote=True)), "utf-8")
    command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}", "--virtual-time-budget=8000", "--dump-dom", frame.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    found = re.search(r'<pre id="out">(\{.*?\})</pre>', done.stdout)
    assert found, done.stderr[-500:]
    answer: dict[str, Any] = json.loads(found[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
    return answer


@pytest.mark.slow
@pytest.mark.skipif(BROWSER is None, reason="Chromium is not installed (Debian: apt-get install chromium); the report was not looked at in a browser")
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_cut_off(tmp_path: Path, width: int) -> None:
    frame = pd.DataFrame({
        "text": [f"{TEXTS[at % 3]} That was day {at}." for at in range(200)],
        "group": [("a_group_with_a_name_that_is_rather_long", "b", "Third group")[at % 3] for at in range(200)],
        "date": [f"2024-{1 + at % 9:02d}-03" for at in range(200)],
        "coded": [("rumination", "reflection", "neither")[at % 3] for at in range(200)],
    })  # fmt: skip
    frame.loc[0, "text"] = "I keep going over it, it's all my fault: " + "x" * 200
    assess_frame(frame, features=True).to_csv(tmp_path / "out.csv", index=False)
    page = report_page(read_study(tmp_path / "out.csv", group="group", human="coded", time="date"))
    seen = seen_in_a_browser(page, width, tmp_path)
    assert seen["width"] <= width
    assert seen["whole"] <= seen["width"] + 1, "the page as a whole never scrolls to the side"
    assert seen["out"] == []
    assert seen["cut"] == [], "words that reach over the edge of their figure"
    assert len(seen["size"]) >= 6
    assert all(min(wide, width * 0.7) > 250 and high > 80 for wide, high in seen["size"])
    assert seen["smallest"] > 7, "letters of figures, in pixels"
