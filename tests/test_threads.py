"""One analyzer, many threads, forks in between: the same answers as alone."""

from __future__ import annotations

import multiprocessing
import random
import string
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from ruminate.analyzer import Analyzer
from ruminate.text import tokens
from ruminate.text.tokens import tokenize

THREADS = 32
PIECES = [
    "I keep going over what I said.", "It's all my fault.", "Maybe she was tired.", "Next time I'll ask first.", "He said I'm useless.",
    "Bought bread.", "Why am I like this?", "I noticed I was anxious when the door shut.", "I can't stop thinking about it.",
]  # fmt: skip


def writing(seed: int) -> str:
    """A text nobody has seen before: known sentences around words that are new to the tokenizer."""
    chance = random.Random(seed)
    new = " ".join("".join(chance.choices(string.ascii_lowercase, k=chance.randint(3, 9))) for _ in range(12))
    return f"{chance.choice(PIECES)} {new}. {chance.choice(PIECES)} {chance.choice(PIECES)}"


@pytest.fixture
def restless() -> Iterator[None]:
    """Threads change places as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("restless")
def test_one_analyzer_for_32_threads(analyzer: Analyzer) -> None:
    texts = [writing(seed) for seed in range(THREADS * 12)]
    with ThreadPoolExecutor(THREADS) as pool:
        together = list(pool.map(analyzer.assess, texts))
    assert together == [analyzer.assess(text) for text in texts]


@pytest.mark.usefixtures("restless")
def test_the_table_of_words_begins_anew_under_load(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the table of known chunks is full, threads that still learn for the old one don't disturb the new one."""
    monkeypatch.setattr(tokens, "_MOST_CHUNKS", 300)
    wrong: list[int] = []

    def work(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(60):
            words = ["x" + "".join(chance.choices("bcfghjkpqvwz", k=7)) for _ in range(30)]
            found = tokenize([" ".join(words)])
            if len(found.words) != len(words) or (found.stop - found.start != 8).any():
                wrong.append(seed)

    crowd = [threading.Thread(target=work, args=(seed,)) for seed in range(16)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    assert wrong == []


def _answer(send: Callable[[object], None], texts: list[str]) -> None:
    send([found.to_dict() for found in Analyzer().assess_many(texts)])


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="this system doesn't fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_forks_while_threads_work(analyzer: Analyzer) -> None:
    """A server that forks while others of its threads are reading: the child answers, and answers the same."""
    stop = threading.Event()

    def load(seed: int) -> None:
        while not stop.is_set():
            analyzer.assess(writing(seed := seed + 100_000))

    crowd = [threading.Thread(target=load, args=(number,), daemon=True) for number in range(8)]
    for thread in crowd:
        thread.start()
    texts = [writing(-seed) for seed in range(1, 9)]
    fork = multiprocessing.get_context("fork")
    try:
        for _ in range(6):
            receive, send = fork.Pipe(duplex=False)
            child = fork.Process(target=_answer, args=(send.send, texts))
            child.start()
            assert receive.poll(60), "the child hangs"
            answer = receive.recv()
            child.join(60)
            assert answer == [analyzer.assess(text).to_dict() for text in texts]
    finally:
        stop.set()
        for thread in crowd:
            thread.join(30)
