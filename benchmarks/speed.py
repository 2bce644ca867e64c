"""How fast, how steady, how large: this library against spaCy's blank tokenizer, VADER, Empath and TextDescriptives.

    python benchmarks/speed.py                      a short run on our own texts of about 160 words
    python benchmarks/speed.py --texts FILE --full  the whole of it on your texts (JSON lines with "text"); some minutes

Every figure is a ratio of two things measured in turn in one run, with its spread: times of one machine say little about
another, and a busy machine slows both. What happens inside one process is measured in processor time, the rest by the clock.
Peers are measured where they are installed. `measure` gives all figures; each function beside it gives its own.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ruminate.analyzer import Analyzer, default_analyzer
from speed_peers import installed_peers

AUTHORED = Path(__file__).parents[1] / "data" / "authored" / "texts.jsonl"
Figures = dict[str, float]
SENTENCES = ("I keep going over what I said.", "It's all my fault.", "Maybe she was tired.", "Next time I'll ask first.", "He said I'm useless.", "Why am I like this?")


def of_160_words(path: Path = AUTHORED, count: int = 60) -> list[str]:
    """Texts of about 160 words; for timing only."""
    texts = (json.loads(line)["text"] for line in path.read_text("utf-8").splitlines())
    return [text for text in texts if 145 <= len(text.split()) <= 175][:count]


def fresh_texts(count: int, words: int = 12, seed: int = 0) -> Iterator[str]:
    """Texts whose words nobody has met before, between sentences that have something to find."""
    chance = random.Random(seed)
    for _ in range(count):
        new = " ".join("".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randint(4, 9))) for _ in range(words))
        yield f"{chance.choice(SENTENCES)} {new}, 10:{chance.randint(0, 10**9)}x. {chance.choice(SENTENCES)}"


def spent(call: Callable[[], Any]) -> float:
    """Processor seconds of a call."""
    begin = time.process_time()
    call()
    return time.process_time() - begin


def in_turn(ours: Callable[[], Any], theirs: Callable[[], Any], rounds: int) -> list[float]:
    """Ratios of the two, measured one after the other, from the smallest to the largest."""
    return sorted(spent(ours) / spent(theirs) for _ in range(rounds))


def spread(name: str, ratios: list[float]) -> Figures:
    """Median of some ratios, and the quarters of them that lie lowest and highest."""
    size = len(ratios)
    return {name: statistics.median(ratios), f"{name}, lower quarter": ratios[size // 4], f"{name}, upper quarter": ratios[(3 * size) // 4]}


def tokenizer() -> Any:
    import spacy

    return spacy.blank("en").tokenizer


def throughput(texts: list[str], analyzer: Analyzer | None = None, *, what: str = "own texts", rounds: int = 9) -> Figures:
    """Cost of `assess_many` (evidence, sentences, probabilities, guidance) as a multiple of spaCy's blank tokenizer alone."""
    ours, split, many = analyzer or default_analyzer(), tokenizer(), texts * max(1, 240 // len(texts))

    def assessed() -> None:
        for _ in ours.assess_many(many):
            pass

    assessed(), [split(text) for text in many]
    seconds = min(spent(assessed) for _ in range(3))
    return spread(f"assess_many / tokenizer, {what}", in_turn(assessed, lambda: [split(text) for text in many], rounds)) | {
        f"texts a second of processor time, {what}": len(many) / seconds
    }


def latency(texts: list[str], analyzer: Analyzer | None = None, *, what: str = "own texts", rounds: int = 7) -> Figures:
    """Cost of one warm `assess` as a multiple of the tokenizer on the same text."""
    ours, split = analyzer or default_analyzer(), tokenizer()
    ratios, seconds = [], []
    for text in texts:
        ours.assess(text), split(text)
        own = min(spent(lambda text=text: ours.assess(text)) for _ in range(rounds))
        ratios.append(own / min(spent(lambda text=text: split(text)) for _ in range(rounds)))
        seconds.append(own)
    return {
        f"assess / tokenizer, median, {what}": statistics.median(ratios),
        f"assess / tokenizer, 90th percentile, {what}": sorted(ratios)[int(0.9 * len(ratios))],
        f"milliseconds of one assess, median, {what}": 1000 * statistics.median(seconds),
    }


def of_process(*arguments: str, environment: dict[str, str] | None = None) -> float:
    """Processor seconds of a new process; by the clock where the system doesn't tell."""
    begin, before = time.perf_counter(), os.times()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, env={**os.environ, **(environment or {})})
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return used or time.perf_counter() - begin


def cold(rounds: int = 5) -> Figures:
    """A first answer in a new process against importing spaCy and making its blank pipeline, in turn."""
    spacy, text = ("-c", "import spacy; spacy.blank('en')"), "I keep going over it, and I don't know why. Next time I'll ask."
    call, command = ("-c", f"import ruminate; ruminate.assess({text!r})"), ("-m", "ruminate", "assess", text)
    of_process(*spacy), of_process(*command)  # compiled files and kept tables are there, for both
    figures: Figures = {}
    for name, ours in {"cold first answer": call, "cold `ruminate assess`": command}.items():
        figures |= spread(f"{name} / cold spaCy", sorted(of_process(*ours) / of_process(*spacy) for _ in range(rounds)))
    unusual = f"import ruminate; ruminate.assess({text + ' At 10:30am-ish, w/ him.'!r})"
    figures["cold answer to a text that spaCy has to cut / cold spaCy"] = of_process("-c", unusual) / of_process(*spacy)
    with tempfile.TemporaryDirectory() as empty:
        figures["very first answer, nothing kept yet / cold spaCy"] = of_process(*call, environment={"RUMINATE_CACHE": empty}) / of_process(*spacy)
    return figures


def memory(count: int = 300_000) -> Figures:
    """How much a process grows over a stream of texts with words that are new in every one of them, after the first hundred."""
    code = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
import speed
speed.stream({count})
"""
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    sizes: list[float] = json.loads(done.stdout)
    return {
        f"memory growth over {count} texts, MB": max(sizes) - sizes[0],
        f"memory growth over the second half of {count} texts, MB": max(sizes[len(sizes) // 2 :]) - max(sizes[: len(sizes) // 2]),
    }


def stream(count: int) -> None:
    """Assess that many fresh texts and print the size of this process, in MB, along the way."""
    sizes = []
    for number, _ in enumerate(default_analyzer().assess_many(fresh_texts(count))):
        if number >= 100 and number % max(count // 200, 1) == 0:
            sizes.append(resident())
    print(json.dumps(sizes))


def resident() -> float:
    """Megabytes that this process holds in memory."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def parallel(texts: list[str], count: int = 50_000) -> Figures:
    """How many times faster two processes are than one, by the clock; and by processor time, were two cores free."""
    ours, many = default_analyzer(), (texts * (count // len(texts) + 1))[:count]

    def timed(n_jobs: int) -> tuple[float, float]:
        begin, before = time.perf_counter(), time.process_time()
        for _ in ours.assess_many(many, n_jobs=n_jobs):
            pass
        return time.perf_counter() - begin, time.process_time() - before

    (one, alone), (two, receiving) = timed(1), timed(2)
    return {f"one process / two, by the clock, {count} texts": one / two, "processor time of receiving / of assessing": receiving / alone}


def cost_by_length(analyzer: Analyzer | None = None) -> Figures:
    """Time a word of texts of many lengths, as a multiple of that at 160 words: it falls, then stays."""
    ours, passage = analyzer or default_analyzer(), " ".join(of_160_words(count=40)).split()
    lengths = (20, 160, 1_000, 5_000, len(passage))
    cost = {}
    for length in lengths:
        text = " ".join(passage[:length])
        ours.assess(text)
        cost[length] = min(spent(lambda text=text: ours.assess(text)) for _ in range(7)) / length
    return {f"time a word, text of {length} words / of 160": cost[length] / cost[160] for length in lengths if length != 160}


def cost_by_phrases() -> Figures:
    """Time of searching a batch for a half, a quarter and an eighth of our patterns, as a share of that for all."""
    from ruminate.analyzer import shared_extractor
    from ruminate.signs.bank import PatternBank
    from ruminate.text.document import read_batch

    entries = shared_extractor().bank.entries
    batch = read_batch((of_160_words() * 3)[:128])
    banks = {part: PatternBank(entries[::part]) for part in (1, 2, 4, 8)}
    cost = {}
    for part, bank in banks.items():
        bank.find(batch)
        cost[part] = min(spent(lambda bank=bank: bank.find(batch)) for _ in range(15))
    return {f"search for {banks[part].size} phrases / for {banks[1].size}": cost[part] / cost[1] for part in (2, 4, 8)}


def peers(texts: list[str], analyzer: Analyzer | None = None, rounds: int = 3) -> Figures:
    """Time of VADER, Empath and TextDescriptives as a multiple of ours on the same texts, where they are installed."""
    ours, many = analyzer or default_analyzer(), texts * 2
    figures: Figures = {}

    def assessed() -> None:
        for _ in ours.assess_many(many):
            pass

    for name, peer in installed_peers().items():
        peer(texts[0]), assessed()
        figures |= spread(f"{name} / assess_many", in_turn(lambda peer=peer: [peer(text) for text in many], assessed, rounds))
    return figures


def measure(texts: list[str] | None = None, analyzer: Analyzer | None = None, *, what: str = "own texts", full: bool = False) -> Figures:
    """All figures; `full` takes the numbers of texts that the targets name, and some minutes."""
    chosen = texts or of_160_words()
    return {
        **throughput(chosen, analyzer, what=what),
        **latency(chosen, analyzer, what=what),
        **cold(5 if full else 3),
        **memory(300_000 if full else 30_000),
        **parallel(chosen, 50_000 if full else 3_000),
        **cost_by_length(analyzer),
        **cost_by_phrases(),
        **peers(chosen, analyzer),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path, help="JSON lines with texts of your own")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--rules", action="store_true", help="measure the rules, not the trained model")
    parser.add_argument("--only", help="one of the functions: throughput, latency, cold, memory, parallel, cost_by_length, cost_by_phrases, peers")
    options = parser.parse_args()
    texts = of_160_words(options.texts) if options.texts else of_160_words()
    analyzer = Analyzer(None) if options.rules else None
    each: dict[str, Callable[[], Figures]] = {
        "throughput": lambda: throughput(texts, analyzer), "latency": lambda: latency(texts, analyzer), "cold": cold,
        "memory": lambda: memory(300_000 if options.full else 30_000), "parallel": lambda: parallel(texts, 50_000 if options.full else 3_000),
        "cost_by_length": lambda: cost_by_length(analyzer), "cost_by_phrases": cost_by_phrases, "peers": lambda: peers(texts, analyzer),
    }  # fmt: skip
    figures = each[options.only]() if options.only else measure(texts, analyzer, full=options.full)
    for name, value in figures.items():
        print(f"{name}: {value:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
