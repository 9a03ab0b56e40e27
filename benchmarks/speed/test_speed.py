"""The speed contract for pytest-benchmark: `make bench`."""

import pytest

from benchmarks.speed.systems import systems
from benchmarks.speed.texts import documents, news

TEXTS = news(300, 3000)
SYSTEMS = systems(documents()[:300])


@pytest.mark.parametrize("name", SYSTEMS)
def test_throughput_on_300_words(benchmark, name):
    benchmark.group = "300-word news, 3,000 texts"
    benchmark(SYSTEMS[name], TEXTS)
