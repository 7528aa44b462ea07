"""Vocabularies of the hub: ids against sentencepiece's and those of `transformers`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import sentencepiece
import tokenizers
import transformers
from tokenizers import decoders, models, pre_tokenizers, processors, trainers

from headlight.model import CheckpointError
from headlight.model.checkpoints.hub.languages import choices
from headlight.model.checkpoints.hub.open_vocabulary import open_vocabulary
from headlight.model.checkpoints.hub.sentencepiece import build, read
from headlight.model.checkpoints.hub.vocabulary import _BYTES, Vocabulary
from headlight.model.decoding.rules import Rules
from headlight.model.network.config import ModelConfig
from headlight.model.paths import ASSETS

hf: Any = transformers
SENTENCES = (ASSETS / "sentences" / "english.txt").read_text("utf-8").splitlines()
ODD = [
    "Ça va, œuvre?  two  spaces ",
    "مرحبا بالعالم",
    "日本語のテキスト。",
    "ﬁne ½ Å",
    "😀 ok",
    'e\u0301te\u0301 "quotes"',
]
N_PIECES = 400


def train(folder: Path, name: str, **options: Any) -> Path:
    """A small SentencePiece model of the shipped sentences."""
    text = folder / "text.txt"
    text.write_text("\n".join(SENTENCES), "utf-8")
    sentencepiece.SentencePieceTrainer.train(
        input=str(text),
        model_prefix=str(folder / "trained"),
        vocab_size=N_PIECES,
        minloglevel=2,
        hard_vocab_limit=False,
        **options,
    )
    (folder / "trained.model").rename(folder / name)
    return folder / name


@pytest.mark.parametrize("kind", ["unigram", "bpe"])
@pytest.mark.parametrize("byte_fallback", [True, False])
def test_ids_are_those_of_sentencepiece(tmp_path: Path, kind: str, byte_fallback: bool) -> None:
    file = train(tmp_path, "any.model", model_type=kind, byte_fallback=byte_fallback)
    theirs = sentencepiece.SentencePieceProcessor(model_file=str(file))
    ours = build(read(file))
    for text in [*SENTENCES, *ODD]:
        assert ours.encode(text, add_special_tokens=False).ids == theirs.encode(text), text


def test_damaged_pieces_are_refused(tmp_path: Path) -> None:
    file = train(tmp_path, "any.model")
    data = file.read_bytes()
    for damaged in (b"", data[: len(data) // 2] + b"\xff", b"\xff" * 40, b"\x07\x00"):
        file.write_bytes(damaged)
        with pytest.raises(CheckpointError, match=r"any\.model is not a SentencePiece model"):
            read(file)


def config(**values: Any) -> ModelConfig:
    return ModelConfig(**{"d_vocab": 1_000, "pad_id": 1, "bos_id": 2, "eos_id": 2, **values})


def opened(folder: Path, kind: str, shape: ModelConfig, **chosen: str) -> Vocabulary:
    """A folder's vocabulary, with languages chosen."""
    values = {"model_type": kind}
    vocabulary = open_vocabulary(folder, values, shape)
    offered = choices(folder, values, vocabulary, Rules(), shape)
    if offered.apply is not None:
        found, _ = offered.apply(offered.complete(chosen))
        assert isinstance(found, Vocabulary)
        return found
    return vocabulary


def same_ids(ours: Vocabulary, theirs: Any) -> None:
    for text in [*SENTENCES[:80], *ODD[:4]]:
        assert list(ours.encode(text, eos=True, source=True).ids) == theirs(text).input_ids, text


def test_marian(tmp_path: Path) -> None:
    for name in ("source.spm", "target.spm"):
        train(tmp_path, name)
    model = sentencepiece.SentencePieceProcessor(model_file=str(tmp_path / "source.spm"))
    pieces = [model.id_to_piece(i) for i in range(len(model)) if i > 2]
    ids = {piece: i for i, piece in enumerate(["</s>", "<unk>", *pieces, ">>fra<<", ">>deu<<"])}
    ids["<pad>"] = len(ids)
    (tmp_path / "vocab.json").write_text(json.dumps(ids))
    theirs = hf.MarianTokenizer(
        vocab=str(tmp_path / "vocab.json"),
        source_spm=str(tmp_path / "source.spm"),
        target_spm=str(tmp_path / "target.spm"),
    )
    shape = config(eos_id=0, pad_id=ids["<pad>"], bos_id=ids["<pad>"])
    vocabulary = opened(tmp_path, "marian", shape, target_language=">>deu<<")
    for text in [*SENTENCES[:80], *ODD[:4]]:
        found = vocabulary.encode(text, eos=True, source=True)
        assert list(found.ids) == theirs(f">>deu<< {text}").input_ids, text
        assert found.pieces[0] == ">>deu<<"
        assert found.special[0]
        assert found.spans[0] == (0, 0)
    with pytest.raises(ValueError, match=r"no target language “>>xx<<”.*>>fra<<, >>deu<<"):
        opened(tmp_path, "marian", shape, target_language=">>xx<<")


def test_t5(tmp_path: Path) -> None:
    file = train(tmp_path, "spiece.model", pad_id=0, eos_id=1, unk_id=2, bos_id=-1)
    theirs = sentencepiece.SentencePieceProcessor(model_file=str(file))
    ours = opened(tmp_path, "t5", config(pad_id=0, eos_id=1, bos_id=0))
    for text in SENTENCES[:80]:
        assert list(ours.encode(text, eos=True, source=True).ids) == [*theirs.encode(text), 1]
        if 2 not in theirs.encode(text):
            assert ours.decode(theirs.encode(text)).text == text
    assert ours.piece(len(theirs)) == "<extra_id_99>"


def test_m2m100_and_mbart_languages(tmp_path: Path) -> None:
    file = train(tmp_path, "sentencepiece.bpe.model")
    theirs = sentencepiece.SentencePieceProcessor(model_file=str(file))
    codes = ["__en__", "__fr__", "__de__"]
    names = ["<s>", "<pad>", "</s>", "<unk>"]
    names += [theirs.id_to_piece(i) for i in range(3, len(theirs))]
    ids = {piece: i for i, piece in enumerate(names)}
    (tmp_path / "vocab.json").write_text(json.dumps(ids))
    told = {"additional_special_tokens": codes, "src_lang": "en", "tgt_lang": "fr"}
    (tmp_path / "tokenizer_config.json").write_text(json.dumps(told))
    values = {"model_type": "m2m_100"}
    vocabulary = open_vocabulary(tmp_path, values, config())
    offered = choices(tmp_path, values, vocabulary, Rules(), config())
    assert [(one.name, one.default) for one in offered.all] == [
        ("source_language", "__en__"),
        ("target_language", "__fr__"),
    ]
    assert offered.apply is not None
    chosen, rules = offered.apply(offered.complete({"target_language": "__de__"}))
    text = SENTENCES[0]
    pieces = theirs.encode(text, out_type=str)
    expected = [len(names), *(ids.get(piece, 3) for piece in pieces), 2]
    assert list(chosen.encode(text, eos=True, source=True).ids) == expected
    assert rules.begins_with == ((len(names) + 2,),)

    told = {"additional_special_tokens": ["en_XX", "fr_XX"], "tokenizer_class": "MBart50Tokenizer"}
    (tmp_path / "tokenizer_config.json").write_text(json.dumps(told))
    mbart = opened(tmp_path, "mbart", config())
    found = mbart.encode(text, eos=True, source=True)
    expected = [len(theirs) + 1, *(i + 1 if i else 3 for i in theirs.encode(text)), 2]
    assert list(found.ids) == expected
    assert found.pieces[0] == "en_XX"
    told["tokenizer_class"] = "MBartTokenizer"  # the first mBART: the language comes last
    (tmp_path / "tokenizer_config.json").write_text(json.dumps(told))
    found = opened(tmp_path, "mbart", config()).encode(text, eos=True, source=True)
    assert list(found.ids) == [*expected[1:], expected[0]]


def byte_level(folder: Path) -> tokenizers.Tokenizer:
    """As BART's: byte-level BPE, `<s>` and `</s>` around a text."""
    backend = tokenizers.Tokenizer(models.BPE())
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    control = ["<s>", "<pad>", "</s>", "<unk>"]
    trainer = trainers.BpeTrainer(
        vocab_size=N_PIECES,
        special_tokens=control,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    backend.train_from_iterator(SENTENCES, trainer)
    backend.post_processor = processors.RobertaProcessing(
        ("</s>", 2), ("<s>", 0), add_prefix_space=False
    )
    backend.save(str(folder / "tokenizer.json"))
    return backend


def test_byte_level_pieces_are_shown_as_text(tmp_path: Path) -> None:
    theirs = byte_level(tmp_path)
    ours = opened(tmp_path, "bart", config(bos_id=2))
    for text in [*SENTENCES[:40], *ODD]:
        found = ours.encode(text, eos=True, source=True)
        assert list(found.ids) == theirs.encode(text).ids
        assert found.special == (True, *[False] * (len(found) - 2), True)
        assert found.spans[-1] == (len(text), len(text))
        written = ours.decode(found.ids[1:])
        assert written.text == text
    one = ours.encode("a cat 😀", eos=True, source=True)
    assert one.pieces[0] == "<s>"
    assert "".join(one.pieces[1:]).startswith("a▁cat")
    assert any(piece.startswith("⟨") for piece in one.pieces), "parts of an emoji are bytes"
    assert not any(c in "".join(one.pieces) for c in "Ġðŀ")


def test_the_alphabet_of_bytes_is_gpt_2s() -> None:
    assert set(_BYTES) == set(pre_tokenizers.ByteLevel.alphabet())
    assert sorted(_BYTES.values()) == list(range(256))
    assert (_BYTES["Ġ"], _BYTES["A"], _BYTES["Ċ"]) == (32, 65, 10)
    assert bytes(_BYTES[c] for c in "Ã©").decode() == "é"


def test_a_typed_control_token_is_text(tmp_path: Path) -> None:
    byte_level(tmp_path)
    ours = opened(tmp_path, "bart", config(bos_id=2))
    found = ours.encode("a </s> b", eos=True, source=True)
    assert list(found.ids).count(2) == 1
    with pytest.raises(ValueError, match="no text to read"):
        ours.encode("", eos=True, source=True)


def test_unknown_characters_are_shown_and_carried(tmp_path: Path) -> None:
    train(tmp_path, "spiece.model", pad_id=0, eos_id=1, unk_id=2, bos_id=-1)
    ours = opened(tmp_path, "t5", config(pad_id=0, eos_id=1, bos_id=0))
    found = ours.encode("one 日本 two", eos=True, source=True)
    assert ours.unknown(found) == ["日本"]
    assert "⟨日本⟩" in found.pieces
    assert ours.decode([2], ["日本"]).text == "日本"


def test_tasks_of_t5(tmp_path: Path) -> None:
    train(tmp_path, "spiece.model", pad_id=0, eos_id=1, unk_id=2, bos_id=-1)
    shape = config(pad_id=0, eos_id=1, bos_id=0)
    values = {
        "model_type": "t5",
        "task_specific_params": {"summarization": {"prefix": "summarize: ", "num_beams": 4}},
    }
    vocabulary = open_vocabulary(tmp_path, values, shape)
    offered = choices(tmp_path, values, vocabulary, Rules(), shape)
    assert offered.all[0].values == ("none", "summarize")
    assert offered.apply is not None
    chosen, _ = offered.apply({"task": "summarize"})
    assert chosen.encode("a cat", eos=True, source=True).text == "summarize: a cat"
    plain, _ = offered.apply({"task": "none"})
    assert plain.encode("a cat", eos=True, source=True).text == "a cat"


def test_pegasus_pieces_stand_behind_its_reserved_ids(tmp_path: Path) -> None:
    file = train(tmp_path, "spiece.model", pad_id=0, eos_id=1, unk_id=2, bos_id=-1)
    theirs = sentencepiece.SentencePieceProcessor(model_file=str(file))
    ours = opened(tmp_path, "pegasus", config(pad_id=0, eos_id=1, bos_id=0))
    for text in [*SENTENCES[:80], *ODD[:4]]:
        expected = [i + 103 for i in theirs.encode(text)]
        assert list(ours.encode(text, eos=True, source=True).ids) == [*expected, 1], text
        if 2 not in theirs.encode(text):
            assert ours.decode(expected).text == theirs.decode(theirs.encode(text))
    assert (ours.piece(0), ours.piece(1), ours.piece(2)) == ("<pad>", "</s>", "<mask_1>")


def test_vocab_and_merges_alone_give_the_ids_of_the_tokenizer(tmp_path: Path) -> None:
    theirs = byte_level(tmp_path)
    (tmp_path / "tokenizer.json").unlink()
    theirs.model.save(str(tmp_path))
    ids = json.loads((tmp_path / "vocab.json").read_text("utf-8"))
    assert (ids["<s>"], ids["</s>"]) == (0, 2)
    shape = config(bos_id=2)
    ours = open_vocabulary(tmp_path, {"model_type": "bart", "bos_token_id": 0}, shape)
    for text in [*SENTENCES[:40], *ODD]:
        found = ours.encode(text, eos=True, source=True)
        assert list(found.ids) == theirs.encode(text).ids, text
        assert ours.decode(found.ids[1:]).text == text
    (tmp_path / "merges.txt").write_text("#version: 0.2\nzz qq\n")
    with pytest.raises(CheckpointError, match=r"vocab\.json and merges\.txt in .* do not fit"):
        open_vocabulary(tmp_path, {"model_type": "bart"}, shape)
