"""Every page of the built book at a desk: light to fetch, and without a fault for axe, by day and by night."""

import gzip
import json
from functools import cache

from browsing import faults_of, visit

WEIGHT = 1_000_000  # bytes over the wire before the reader touches anything


@cache
def weight(file):
    return len(gzip.compress(file.read_bytes())) if file.is_file() else 0


def test_every_page_is_light_and_faultless_in_both_themes(opener, pages, book):
    weights, faults = {}, {}
    for address in pages:
        context = opener.context(reduced_motion="reduce")  # a new one each time: nothing is cached
        page = context.new_page()
        asked = set()
        page.on("request", lambda request, asked=asked: asked.add(request.url))
        visit(page, opener.origin + address)
        files = [
            book / url.removeprefix(opener.origin).split("?")[0] for url in asked if url.startswith("http")
        ]
        assert not [file for file in files if "pyodide" in file.parts]
        weights[address] = sum(map(weight, files))
        assert page.evaluate("document.documentElement.dataset.theme") == "light"
        found = faults_of(page)
        page.evaluate("document.documentElement.dataset.theme = 'dark'")
        found += faults_of(page, contrast_only=True)
        if found:
            faults[address] = found
        context.close()
    assert min(weights.values()) > 50_000
    assert {address: weight for address, weight in weights.items() if weight >= WEIGHT} == {}
    assert faults == {}, json.dumps(faults, indent=1)
