"""The spaCy component, in blank and trained pipelines."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import spacy
from spacy import displacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.training import Example

import ruminate
from ruminate.component import RuminateComponent, displacy_options
from ruminate.errors import InputError

TEACHERS = Path(__file__).parents[1] / "examples" / "teacher_signs"
TEXTS = [
    "I keep going over what I said to Anna. My boss said I'm a failure, but it's all my fault.\n\nMaybe she was tired. Next time I'll ask her.",
    "Bought bread and milk.", "", " ", "I can’t stop thinking  about it 😭… I ruin everything!!", "Ich war heute im Garten und habe lange gelesen.",
    "I want to kill myself.", "İ\x00 it's all my fault", "I wonder what made it hard, I noticed I was anxious when she went quiet.",
]  # fmt: skip


@pytest.fixture(scope="module")
def nlp() -> Language:
    made = spacy.blank("en")
    made.add_pipe("ruminate")
    return made


@pytest.fixture(scope="module")
def trained() -> Iterator[Language]:
    """Entities, sentences, spans, and a tagger that has learned from two sentences: what stands in other people's pipelines."""
    made = spacy.blank("en")
    made.add_pipe("sentencizer")
    people, things = made.add_pipe("entity_ruler"), made.add_pipe("span_ruler", config={"spans_key": "theirs"})
    tagger = made.add_pipe("tagger")
    examples = [Example.from_dict(made.make_doc(text), {"tags": tags}) for text, tags in (("I failed .", ["P", "V", "X"]), ("She slept .", ["P", "V", "X"]))]
    made.initialize(lambda: examples)
    made.update(examples)
    people.add_patterns([{"label": "PERSON", "pattern": "Anna"}])
    things.add_patterns([{"label": "BREAD", "pattern": "bread"}])
    assert tagger.labels
    return made


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_equals_assess(nlp: Language, text: str) -> None:
    doc = nlp(text)
    found = ruminate.assess(text)
    assert doc._.ruminate == found
    counting = [item for item in found.evidence if item.cancelled_by is None]
    assert [span.label_ for span in doc.spans["ruminate"]] == [item.sign for item in counting]
    for span, item in zip(doc.spans["ruminate"], counting, strict=True):
        assert span.start_char <= item.start
        assert item.end <= span.end_char
        assert item.quote in span.text
        assert item in span._.ruminate
        assert {other.sign for other in span._.ruminate} == {item.sign}


def test_pipe_equals_call(nlp: Language) -> None:
    docs = list(nlp.pipe(TEXTS * 40, batch_size=50))
    assert [doc._.ruminate for doc in docs] == [ruminate.assess(text) for text in TEXTS] * 40
    alone = nlp(TEXTS[0])
    assert [(span.start, span.end, span.label_) for span in docs[0].spans["ruminate"]] == [
        (span.start, span.end, span.label_) for span in alone.spans["ruminate"]
    ]


def test_pipe_keeps_contexts_and_streams(nlp: Language) -> None:
    taken = 0

    def endless() -> Iterator[tuple[str, int]]:
        nonlocal taken
        while True:
            taken += 1
            yield TEXTS[0], taken

    stream = nlp.pipe(endless(), as_tuples=True, batch_size=8)
    assert [context for _, context in (next(stream), next(stream))] == [1, 2]
    assert taken < 100, "a stream is read as it is taken"


def annotations(doc: Doc) -> tuple[object, ...]:
    spans = [(span.start, span.end, span.label_) for span in doc.spans.get("theirs", [])]
    return doc.to_array(["ENT_TYPE", "ENT_IOB", "SENT_START", "TAG", "LEMMA", "DEP", "HEAD"]).tolist(), spans, doc.cats, doc.text, [t.text for t in doc]


@pytest.mark.parametrize("place", ["first", "last"])
def test_others_annotations_stay(trained: Language, place: str) -> None:
    before = [annotations(doc) for doc in trained.pipe(TEXTS)]
    trained.add_pipe("ruminate", **{place: True})  # type: ignore[arg-type]
    try:
        docs = list(trained.pipe(TEXTS))
    finally:
        trained.remove_pipe("ruminate")
    assert [annotations(doc) for doc in docs] == before
    assert [doc._.ruminate for doc in docs] == [ruminate.assess(text) for text in TEXTS]
    assert docs[0].ents[0]._.ruminate == (), "evidence can be asked for any span, such as an entity"
    sentence = next(docs[0].sents)
    assert sentence._.ruminate == tuple(item for item in ruminate.assess(TEXTS[0]).evidence if item.end <= sentence.end_char)


def test_whatever_tokens_there_are() -> None:
    """Evidence is found in the text, so odd tokens only widen the spans."""
    nlp = spacy.blank("xx")
    component = nlp.add_pipe("ruminate")
    words = ["It's all", " my fau", "lt, I think"]
    doc = component(Doc(nlp.vocab, words=words, spaces=[False, False, False]))
    assert doc._.ruminate == ruminate.assess("".join(words))
    assert [span.text for span in doc.spans["ruminate"]] == ["It's all my fault, I think"]


def test_config_is_the_analyzers() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("ruminate", config={"model": None, "min_words": 50, "signs": [str(TEACHERS)], "spans_key": "thinking"})
    doc = nlp("Nobody listened, which proves I can't teach.")
    assert doc._.ruminate.abstained == "too_short"
    assert "lesson_as_verdict" in [span.label_ for span in doc.spans["thinking"]]
    assert nlp.config["components"]["ruminate"]["min_words"] == 50


def test_a_wrong_config_is_named() -> None:
    with pytest.raises(ValueError, match="min_words"):
        spacy.blank("en").add_pipe("ruminate", config={"min_words": "many"})


def test_saved_and_loaded(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("ruminate", config={"model": None, "min_words": 5, "signs": [str(TEACHERS)]})
    text = "Nobody listened, which proves I can't teach. It's all my fault."
    expected = nlp(text)._.ruminate
    nlp.to_disk(tmp_path / "pipeline")
    assert spacy.load(tmp_path / "pipeline")(text)._.ruminate == expected

    bare = spacy.blank("en")
    bare.add_pipe("ruminate")  # without the folder of signs: they travel in the bytes
    assert bare.from_bytes(nlp.to_bytes())(text)._.ruminate == expected


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"spans_key": "x", "signs": [{"id": "x"}]}'])
def test_bytes_of_others_are_refused(nlp: Language, data: bytes) -> None:
    component = nlp.get_pipe("ruminate")
    assert isinstance(component, RuminateComponent)
    with pytest.raises(InputError, match="not those of a ruminate component"):
        component.from_bytes(data)
    assert component.spans_key == "ruminate"


def test_documents_are_stored_and_read_anywhere(nlp: Language, tmp_path: Path) -> None:
    docs = list(nlp.pipe(TEXTS))
    path = tmp_path / "docs.spacy"
    DocBin(docs=docs, store_user_data=True).to_disk(path)
    read = list(DocBin().from_disk(path).get_docs(spacy.blank("en").vocab))
    assert [doc._.ruminate for doc in read] == [doc._.ruminate for doc in docs]
    assert Doc(nlp.vocab).from_bytes(docs[0].to_bytes())._.ruminate == docs[0]._.ruminate
    code = (
        "import sys, spacy, ruminate.component; from spacy.tokens import DocBin;"
        "print([doc._.ruminate.label for doc in DocBin().from_disk(sys.argv[1]).get_docs(spacy.blank('en').vocab)])"
    )
    out = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True).stdout
    assert out.strip() == str([ruminate.assess(text).label for text in TEXTS])


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_other_processes(nlp: Language) -> None:
    assert [doc._.ruminate for doc in nlp.pipe(TEXTS, n_process=2)] == [ruminate.assess(text) for text in TEXTS]


def test_inside_a_memory_zone(nlp: Language) -> None:
    with nlp.memory_zone():
        labels = [[span.label_ for span in doc.spans["ruminate"]] for doc in nlp.pipe(TEXTS)]
    assert labels[0] == [item.sign for item in ruminate.assess(TEXTS[0]).evidence if item.cancelled_by is None]


def test_displacy_shows_marks_and_escapes(nlp: Language) -> None:
    doc = nlp("It's all my fault <script>alert(1)</script>")
    page = displacy.render(doc, style="span", options=displacy_options(), page=True)
    assert "<script>" not in page
    assert "#f2c48d" in page
    assert "self_blame" in page
    assert page == displacy.render(doc, style="span", options={"spans_key": "ruminate"}, page=True), "the colours are found by entry point"


def test_spacy_alone_stays_light() -> None:
    """spaCy imports every installed factory whenever a pipeline is made: ours then brings nothing but its own few lines."""
    code = "import sys, spacy; spacy.blank('en')('a').to_bytes(); print(sorted(name for name in sys.modules if name.startswith('ruminate')))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    assert loaded == "['ruminate', 'ruminate.component', 'ruminate.errors', 'ruminate.results']"


def test_only_what_is_stated_is_written(nlp: Language) -> None:
    assert nlp.analyze_pipes()["summary"]["ruminate"]["assigns"] == ["doc._.ruminate", "doc.spans", "span._.ruminate"]
    plain = spacy.blank("en")(TEXTS[0])
    doc = nlp(TEXTS[0])
    assert set(doc.user_data) - set(plain.user_data) == {("._.", "ruminate", None, None)}
    assert set(doc.spans) == {"ruminate"}
