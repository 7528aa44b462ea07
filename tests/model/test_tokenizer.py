from __future__ import annotations

import json
import string
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
import tokenizers

import headlight
from headlight.model.run.tokenizer import CONTROL, EOS, Tokenizer
from headlight.model.run.vocabularies import characters, learn_subwords, whole_words
from headlight.model.tasks.translate import DEFAULT_DATA, FOLDER, read_pairs

CORPUS = [
    "I don't know what it's about.",
    "Je ne sais pas de quoi il s'agit.",
    "Où est-ce que tu habites ?",
    "The cat isn't here! Is it there?",
    "L'homme a 42 ans, dit-il.",
    "« Bonjour », dit le chat : il part.",
    "unbelievable believable unlikely likely",
    "In 1999, 20 cats lived here; 7 left.",
]


@pytest.fixture(scope="module")
def subwords() -> Tokenizer:
    return learn_subwords(CORPUS * 5, 200)


@pytest.fixture(scope="module")
def letters() -> Tokenizer:
    return whole_words(string.ascii_lowercase)


@pytest.fixture(scope="module")
def signs() -> Tokenizer:
    return characters("abcdefghijklmnopqrstuvwxyz0123456789 ,.-/")


def surfaces(tokenizer: Tokenizer, text: str) -> list[str]:
    """What each token stands for in the text."""
    tokens = tokenizer.encode(text)
    return [tokens.surface(i) for i in range(len(tokens))]


@pytest.mark.parametrize("text", CORPUS)
def test_known_text_comes_back(subwords: Tokenizer, text: str) -> None:
    ids = subwords.encode(text).ids
    assert 3 not in ids
    assert subwords.decode(ids).text == text
    assert subwords.decode(ids).text == subwords.backend.decode(list(ids))


def test_french_spacing_comes_back(subwords: Tokenizer) -> None:
    for text in ("Où est-il ?", "Est-il là?", "il dit : « ne pars pas » !", "l'ans, 7."):
        tokens = subwords.encode(text)
        assert subwords.decode(tokens.ids, subwords.unknown(tokens)).text == text


def test_closed_vocabularies_decode_as_the_library_does(
    letters: Tokenizer, signs: Tokenizer
) -> None:
    for tokenizer, text in ((letters, "c a b"), (signs, "3 mar, 2021")):
        ids = tokenizer.encode(text).ids
        assert tokenizer.decode(ids).text == text == tokenizer.backend.decode(list(ids))


def test_spans_and_words_of_letters(letters: Tokenizer) -> None:
    tokens = letters.encode("c  ab"[:4] + " b", eos=True)
    assert tokens.text == "c  a b"
    assert tokens.pieces == ("c", "a", "b", EOS)
    assert tokens.spans == ((0, 1), (3, 4), (5, 6), (6, 6))
    assert tokens.words == (0, 1, 2, -1)
    assert tokens.special == (False, False, False, True)
    assert tokens.ids == (6, 4, 5, 2)
    assert tokens.surface(1) == "a"
    assert tokens.surface(3) == EOS


def test_spans_and_words_of_characters(signs: Tokenizer) -> None:
    tokens = signs.encode("Mar 3, 21")
    assert tokens.pieces == tuple("mar 3, 21")
    assert tokens.spans == tuple((i, i + 1) for i in range(9))
    #                       M  a  r     3  ,     2  1: a space joins the word before it
    assert tokens.words == (0, 0, 0, 0, 1, 2, 2, 3, 3)
    assert [tokens.surface(i) for i in range(4)] == ["M", "a", "r", " "]


def test_spans_of_subwords_leave_their_spaces_out(subwords: Tokenizer) -> None:
    text = "  The cat, unlikely."
    tokens = subwords.encode(text)
    joined = "".join(text[a:b] for a, b in tokens.spans)
    assert joined == "Thecat,unlikely."
    words: dict[int, str] = {}
    for i, word in enumerate(tokens.words):
        words[word] = words.get(word, "") + tokens.surface(i)
    assert words == {0: "The", 1: "cat", 2: ",", 3: "unlikely", 4: "."}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cat?", ["cat", "?"]),
        ("cat ?", ["cat", "?"]),
        ("l'homme", ["l", "'", "homme"]),
        ("dit-il.", ["dit", "-", "il", "."]),
        ("42 ans", ["4", "2", "ans"]),
        ("!!", ["!", "!"]),
    ],
)
def test_punctuation_and_digits_stand_apart(
    subwords: Tokenizer, text: str, expected: list[str]
) -> None:
    assert [word[0] for word in subwords.backend.pre_tokenizer.pre_tokenize_str(text)] == [
        piece if i and text[text.index(piece) - 1] != " " else f"▁{piece}"
        for i, piece in enumerate(expected)
    ]
    tokens = subwords.encode(text)
    for i in range(len(tokens)):
        assert tokens.surface(i) in "".join(expected)
        assert not (len(tokens.surface(i)) > 1 and not tokens.surface(i).isalpha())


def test_punctuation_with_and_without_space_are_two_pieces(subwords: Tokenizer) -> None:
    apart, glued = (subwords.encode(text).pieces[-1] for text in ("là ?", "là?"))
    assert (apart, glued) == ("▁?", "?")


def test_the_typed_apostrophe_is_the_plain_one(subwords: Tokenizer) -> None:
    typed, plain = subwords.encode("I don’t know"), subwords.encode("I don't know")
    assert typed.ids == plain.ids
    assert typed.spans == plain.spans
    assert "’t" in [typed.surface(i) for i in range(len(typed))]
    assert subwords.decode(typed.ids).text == "I don't know"


def test_compatibility_forms_keep_their_places(subwords: Tokenizer) -> None:
    text = "ﬁsh … ４２"  # a ligature, an ellipsis, wide digits
    tokens = subwords.encode(text)
    assert tokens.ids == subwords.encode("fish ... 42").ids
    assert all(0 <= a <= b <= len(text) for a, b in tokens.spans)
    assert tokens.surface(len(tokens) - 1) == "２"


def test_unknown_characters_are_carried(subwords: Tokenizer) -> None:
    tokens = subwords.encode("The 🍕 cat 漢字 here", eos=True)
    unknown = [i for i, token_id in enumerate(tokens.ids) if token_id == 3]
    assert subwords.unknown(tokens) == [tokens.surface(i) for i in unknown]
    assert "".join(subwords.unknown(tokens)) == "🍕漢字"
    assert all(tokens.pieces[i] == f"⟨{tokens.surface(i)}⟩" for i in unknown)
    back = subwords.decode(tokens.ids, subwords.unknown(tokens))
    assert back.text.replace(" ", "") == "The🍕cat漢字here"
    assert back.pieces == tokens.pieces
    assert subwords.decode([3, 3], ["🍕"]).text == "🍕�"


@pytest.mark.parametrize("control", CONTROL)
def test_typed_control_tokens_are_text(subwords: Tokenizer, control: str) -> None:
    tokens = subwords.encode(f"The cat {control}", eos=True)
    assert set(tokens.ids[:-1]).isdisjoint({0, 1, 2})
    assert tokens.special == (*[False] * (len(tokens) - 1), True)
    assert tokens.ids.count(2) == 1


@pytest.mark.parametrize("text", ["a <eos>", "a <unk> b", "a B", "a 🍕 1", "a; b"])
def test_closed_vocabularies_say_what_they_lack(letters: Tokenizer, text: str) -> None:
    wrong = [part for part in text.split() if part not in "abc"]
    with pytest.raises(ValueError, match="This model's vocabulary does not have") as said:
        letters.encode(text)
    assert all(f"“{part}”" in str(said.value) for part in wrong)


def test_characters_of_any_case_but_not_any_character(signs: Tokenizer) -> None:
    assert signs.encode("MARCH").ids == signs.encode("march").ids
    with pytest.raises(ValueError, match="vocabulary does not have “é”"):
        signs.encode("é")


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_nothing_to_read(subwords: Tokenizer, letters: Tokenizer, text: str) -> None:
    for tokenizer in (subwords, letters):
        with pytest.raises(ValueError, match="There is no text to read"):
            tokenizer.encode(text)


def test_ids_outside_of_the_vocabulary(letters: Tokenizer) -> None:
    for wrong in (-1, 30, 10_000):
        with pytest.raises(ValueError, match=rf"id {wrong} is outside of .* \(0 to 29\)"):
            letters.decode([4, wrong])


def test_decoded_tokens_know_their_place(letters: Tokenizer, subwords: Tokenizer) -> None:
    tokens = letters.decode([1, 6, 4, 2])
    assert tokens.text == "c a"
    assert tokens.pieces == ("<bos>", "c", "a", "<eos>")
    assert tokens.spans == ((0, 0), (0, 1), (2, 3), (3, 3))
    assert tokens.words == (-1, 0, 1, -1)
    assert tokens.special == (True, False, False, True)
    ids = subwords.encode("The cat, unlikely.").ids
    assert subwords.decode(ids).spans == subwords.encode("The cat, unlikely.").spans
    assert subwords.decode(ids).words == subwords.encode("The cat, unlikely.").words


def test_a_batch_of_ids_is_each_text(subwords: Tokenizer) -> None:
    assert subwords.encode_ids(CORPUS) == [list(subwords.encode(text).ids) for text in CORPUS]


def test_a_saved_vocabulary_is_the_same(
    subwords: Tokenizer, letters: Tokenizer, signs: Tokenizer, tmp_path: Path
) -> None:
    for tokenizer, text in ((subwords, "The 🍕’s cat <eos>"), (letters, "c a"), (signs, "3 May")):
        tokenizer.save(tmp_path / "tokenizer.json")
        again = Tokenizer.from_file(tmp_path / "tokenizer.json")
        assert again.encode(text, eos=True) == tokenizer.encode(text, eos=True)
        assert len(again) == len(tokenizer)
        assert again.open_vocabulary == tokenizer.open_vocabulary


def test_the_same_corpus_gives_the_same_vocabulary() -> None:
    one, two = (learn_subwords(CORPUS, 120).backend.to_str() for _ in range(2))
    assert one == two


def test_foreign_vocabularies_are_refused_with_their_file(
    letters: Tokenizer, tmp_path: Path
) -> None:
    file = tmp_path / "tokenizer.json"
    state = json.loads(letters.backend.to_str())
    state["model"]["vocab"] |= {"<bos>": 0, "<pad>": 1}
    state["added_tokens"] = []
    without_decoder = {**json.loads(letters.backend.to_str()), "decoder": None}
    for content, said in (
        ("{", "is not a usable tokenizer"),
        ('{"a": 1}', "is not a usable tokenizer"),
        (json.dumps(state), "must have the ids 0 to 3"),
        (json.dumps(without_decoder), "decoder None is not one of"),
    ):
        file.write_text(content)
        with pytest.raises(ValueError, match=said) as error:
            Tokenizer.from_file(file)
        assert str(file) in str(error.value)
    backend = _renumbered(tokenizers.Tokenizer.from_str(letters.backend.to_str()))
    with pytest.raises(ValueError, match="must have the ids 0 to 3"):
        Tokenizer(backend)


def _renumbered(backend: tokenizers.Tokenizer) -> tokenizers.Tokenizer:
    """The same with its control tokens in another order."""
    state = json.loads(backend.to_str())
    vocabulary = state["model"]["vocab"]
    vocabulary["<pad>"], vocabulary["<unk>"] = vocabulary["<unk>"], vocabulary["<pad>"]
    state["added_tokens"] = []
    return tokenizers.Tokenizer.from_str(json.dumps(state))


JOINED = [
    ("L'homme qu'Olivia a vu", ["▁L’", "▁homme", "▁qu’", "▁Olivia", "▁a", "▁vu"]),
    ("d’accord", ["▁d’", "▁accord"]),
    ("I don't know", ["▁I", "▁don", "’t", "▁know"]),
    ("It's Tom's, O'Brien!", ["▁It", "’s", "▁Tom", "’s", ",", "▁O’", "▁Brien", "!"]),
    ("the dogs' house", ["▁the", "▁dogs", "'", "▁house"]),
    ("rock'n'roll", ["▁rock", "’", "▁n’", "▁roll"]),
    ("est-il un 5-2 - non", ["▁est", "‐", "▁il", "▁un", "▁5", "-", "2", "▁-", "▁non"]),
    ('He said "go" "', ["▁He", "▁said", "▁“", "▁go", '"', '▁"']),
    ("'It is' 'no", ["▁‘", "▁It", "▁is", "'", "▁‘", "▁no"]),
    ("“go” ‘no’", ["▁“", "▁go", '"', "▁‘", "▁no", "'"]),
]
"""Texts and what they are split into before pieces are looked for."""


@pytest.mark.parametrize(("text", "parts"), JOINED, ids=[text for text, _ in JOINED])
def test_behind_a_joint_a_word_is_as_behind_a_space(text: str, parts: list[str]) -> None:
    words = learn_subwords([text] * 9 + [part.strip("▁") for part in parts] * 9, 300)
    tokens = words.encode(text)
    assert list(tokens.pieces) == parts
    plain = text.translate({ord("’"): "'", ord("‘"): "'", ord("“"): '"', ord("”"): '"'})
    assert words.decode(tokens.ids).text == plain
    assert words.backend.decode(list(tokens.ids)) == plain


def test_places_behind_a_joint_are_those_of_the_word(subwords: Tokenizer) -> None:
    text = "L'homme dit : « l'ans »"
    tokens = subwords.encode(text)
    spanned = "".join(text[a:b] for a, b in tokens.spans)
    assert spanned.replace(" ", "") == text.replace(" ", "")
    assert all(end <= start for (_, end), (start, _) in pairwise(tokens.spans))
    joint, word = tokens.pieces.index("▁L’"), 1
    assert (tokens.surface(joint), tokens.spans[word][0]) == ("L'", 2)
    assert tokens.words[:2] == (0, 2)
    back = subwords.decode(tokens.ids, subwords.unknown(tokens))
    assert (back.spans, back.words, back.text) == (tokens.spans, tokens.words, text)


def test_a_source_is_read_in_the_case_that_the_vocabulary_knows(subwords: Tokenizer) -> None:
    shouted = subwords.encode("THE CAT ISN'T HERE!", eos=True, source=True)
    assert shouted.ids == subwords.encode("The cat isn't here!", eos=True).ids
    assert shouted.text == "THE CAT ISN'T HERE!"
    assert shouted.surface(1) == "CAT"
    assert subwords.read_as("THE CAT ISN'T HERE!") == "The cat isn't here!"
    assert subwords.encode("THE CAT").ids != subwords.encode("THE CAT", source=True).ids
    assert subwords.encode_ids(["THE CAT"], source=True) == subwords.encode_ids(["The cat"])


def test_other_vocabularies_read_case_as_it_is(letters: Tokenizer) -> None:
    for tokenizer in (headlight.load("dates").tokenizer, letters):
        assert tokenizer.read_as("HELLO THERE") == "HELLO THERE"


@pytest.mark.skipif(not (DEFAULT_DATA / FOLDER).is_dir(), reason="the corpus is not here")
def test_sentences_of_the_corpus_come_back() -> None:
    """Every twentieth: all of them take a minute."""
    splits = ("train", "dev")
    texts = [text for split in splits for pair in read_pairs(None, split) for text in pair][::20]
    words = learn_subwords(texts[::3], 2_000)
    for text in texts:
        tokens = words.encode(text)
        assert words.decode(tokens.ids, words.unknown(tokens)).text == plain(text)
        if 3 not in tokens.ids:
            assert words.backend.decode(list(tokens.ids)) == plain(text)


def plain(text: str) -> str:
    """As `learn_subwords` says that texts are read."""
    text = unicodedata.normalize("NFKC", text).translate(
        {ord(sign): to for to, signs in (("'", "‘’"), ('"', "“”„"), ("-", "‐")) for sign in signs}
    )
    return " ".join(text.split())
