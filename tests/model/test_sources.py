"""Pictures and sounds in place of texts: what is taken, how it is read, and that it comes back."""

from __future__ import annotations

import io
import wave
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import soundfile
import torch
from PIL import Image

import headlight
from headlight.model.network.front_shapes import PatchesShape, from_dict, to_dict
from headlight.model.network.fronts import Patches
from headlight.model.network.source import Source
from headlight.model.network.transformer import Transformer
from headlight.model.run.log_mel import LogMel, log_mel, mel_edges
from headlight.model.run.pictures import fit, read_picture, strip_of
from headlight.model.run.runner import Model
from headlight.model.run.sounds import at_rate, read_sound, speech, spoken
from headlight.model.tasks.digits import DigitsTask
from headlight.model.tasks.hear_digits import HearDigits
from headlight.model.tasks.read_digits import ReadDigits

READ, HEAR = ReadDigits(), HearDigits()


def untrained(task: DigitsTask) -> Model:
    torch.manual_seed(0)
    tokenizer = task.tokenizer()
    return Model(task.slug, Transformer(task.config(len(tokenizer))), tokenizer, task)


@pytest.fixture(scope="module", params=[READ, HEAR], ids=lambda one: one.slug)
def model(request: pytest.FixtureRequest) -> Model:
    return untrained(request.param)


def sources(model: Model, n: int) -> list[headlight.AnySource]:
    assert model.task is not None
    return [example.source for example in model.task.examples[:n]]


def tone(hertz: float, seconds: float, rate: int) -> np.ndarray:
    return np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate).astype(np.float32)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: headlight.Picture(np.zeros((28, 28))), r"uint8 pixels \[height, width\].*float64"),
        (lambda: headlight.Picture(np.zeros((28, 28, 3), np.uint8)), r"shape \[28, 28, 3\]"),
        (lambda: headlight.Sound(np.zeros((2, 9), np.int16), 8_000), "one channel"),
        (lambda: headlight.Sound(np.zeros(9, np.int32), 8_000), "int16 or float"),
        (lambda: headlight.Sound(np.zeros(9, np.int16), 0), "from 1,000 to 400,000"),
        (lambda: headlight.Sound(np.full(9, np.nan), 8_000), "not finite"),
        (lambda: headlight.Sound(np.zeros(8_000 * 121, np.int16), 8_000), "121 seconds"),
    ],
)
def test_what_is_no_picture_or_sound_is_refused(make: Any, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        make()


def test_sources_are_values() -> None:
    pixels = np.arange(56, dtype=np.uint8).reshape(28, 2)
    one, two = headlight.Picture(pixels), headlight.Picture(pixels.copy())
    assert one == two
    assert hash(one) == hash(two)
    assert one != headlight.Picture(pixels[::-1])
    pixels[0, 0] = 99
    assert one.pixels[0, 0] == 0
    assert headlight.Sound(pixels[0].astype(np.int16), 8_000) != one


def test_a_source_is_the_same_alone_and_among_others(model: Model) -> None:
    given = sources(model, 4)
    alone, among = model.run(given[0]), model.run_many(given)[0]
    assert alone.output_text == among.output_text
    for kind in headlight.KINDS:
        for one, two in zip(alone.attention[kind], among.attention[kind], strict=True):
            assert np.allclose(one.pattern, two.pattern, atol=2e-6)
    assert np.allclose(alone.logits, among.logits, atol=2e-5)


def test_a_trace_keeps_its_source(model: Model) -> None:
    (given,) = sources(model, 1)
    trace = model.teacher_force(given, "three one")
    file = io.BytesIO()
    trace.save(file)
    file.seek(0)
    back = headlight.Trace.load(file)
    assert back.source == given
    assert back.src == trace.src
    assert np.array_equal(back.memory, trace.memory)
    assert trace.output_text == "three one"


def test_places_are_columns_and_seconds() -> None:
    strip = READ.examples[0].given
    assert isinstance(strip, headlight.Picture)
    n = strip.pixels.shape[1]
    read = untrained(READ).read(strip)
    assert read.places[:2] == ((0.0, 4.0), (4.0, 8.0))
    assert read.pieces[1] == "4–7"
    assert read.places[-1][1] == n
    assert len(read) == -(-n // 4)

    sound = headlight.Sound(tone(440, 1.0, 8_000), 8_000)
    heard = untrained(HEAR).read(sound)
    assert heard.pieces[:2] == ("0.00 s", "0.06 s")
    assert heard.places[-1][1] == 1.0
    assert len(heard) == 17  # 101 frames, six a position
    on_the_end = untrained(HEAR).read(headlight.Sound(tone(440, 0.6, 8_000), 8_000))
    assert on_the_end.places[-1] == pytest.approx((0.6, 0.61))  # its only frame


@pytest.mark.parametrize("times", [0.5, 3, 10])
def test_places_lie_on_a_picture_of_any_height(times: float) -> None:
    strip = READ.examples[0].given
    assert isinstance(strip, headlight.Picture)
    assert strip.marks is not None
    size = round(strip.pixels.shape[1] * times), round(28 * times)
    step = size[0] / strip.pixels.shape[1]
    large = np.asarray(Image.fromarray(strip.pixels).resize(size, Image.Resampling.BOX))
    given = headlight.Picture(large, [(a * step, b * step, name) for a, b, name in strip.marks])
    found = strip_of(large)
    assert found.on_strip(found.on_picture(31)) == pytest.approx(31)
    for start, end, _ in given.marks or ():  # each digit is where the picture has it
        first, last = round(found.on_strip(start)), round(found.on_strip(end))
        theirs = strip.pixels[:, round(start / step) : round(end / step)]
        ours = found.pixels[:, max(first, 0) : last]
        assert (ours > 99).mean() == pytest.approx((theirs > 99).mean(), abs=0.15)
    model = headlight.load("read-digits")
    trace = model.run(given)
    assert trace.output_text == READ.answer(given)
    assert trace.source == given
    links = READ.align_trace(trace)
    assert links is not None
    for i, (start, end, _) in enumerate(given.marks or ()):
        middles = [sum(trace.src.places[at]) / 2 for row, at in links if row == i]
        assert len(middles) >= 2
        assert all(start < middle < end for middle in middles)
    inked = np.flatnonzero((large > large.max() // 4).any(0))
    tight = model.read(headlight.Picture(large[:, inked[0] : inked[-1] + 1]))
    assert tight.pieces[0] == "margin", "that was added"
    named = [int(one.split("–")[-1]) for one in tight.pieces if one != "margin"]
    assert 0 < max(named) == inked[-1] - inked[0], "the last of its columns"
    back = io.BytesIO()
    trace.save(back)
    back.seek(0)
    assert headlight.Trace.load(back).src == trace.src


def test_a_model_says_what_it_reads() -> None:
    with pytest.raises(ValueError, match=r"reads a picture, not a text.*headlight\.Picture"):
        untrained(READ).run("three")
    with pytest.raises(ValueError, match="reads a sound, not a picture"):
        untrained(HEAR).run(sources(untrained(READ), 1)[0])
    with pytest.raises(ValueError, match="reads a text, not a sound"):
        headlight.load("reverse").run(headlight.Sound(tone(440, 0.2, 8_000), 8_000))


def test_nothing_to_see_or_hear_is_said() -> None:
    with pytest.raises(ValueError, match="nothing on the picture"):
        untrained(READ).run(headlight.Picture(np.zeros((28, 60), np.uint8)))
    with pytest.raises(ValueError, match="columns wide"):
        untrained(READ).run(headlight.Picture(np.full((28, 2_000), 9, np.uint8)))
    with pytest.raises(ValueError, match="silent"):
        untrained(HEAR).run(headlight.Sound(np.zeros(4_000, np.int16), 8_000))
    with pytest.raises(ValueError, match=r"lasts 9\.0 seconds"):
        untrained(HEAR).run(headlight.Sound(tone(440, 9.0, 8_000), 8_000))


def test_a_front_describes_itself() -> None:
    shape = READ.config(14).front
    assert isinstance(shape, PatchesShape)
    assert (shape.columns, shape.rows, shape.reach) == (4, 4, 15)
    assert shape.window(0) == (0, 13)  # twelve columns beside the first on the right
    assert shape.window(5) == (8, 33)  # column 20, twelve on each side, from a multiple of 4 on
    twice = replace(shape, residual=True)
    assert (twice.reach, twice.window(7)) == (29, (0, 55))  # column 28, 26 on each side
    assert from_dict(to_dict(twice)) == twice
    assert Patches(shape, READ.config(14)).project.weight.numel() == 160 * 4 * 128
    with pytest.raises(ValueError, match="kernels odd"):
        PatchesShape(28, (8,), (4,), ((2, 2),), source="picture")


@pytest.mark.parametrize("residual", [False, True])
def test_the_last_position_sees_no_further_than_its_reach(residual: bool) -> None:
    shape = READ.config(14).front
    assert isinstance(shape, PatchesShape)
    shape = replace(shape, residual=residual)
    front = Patches(shape, READ.config(14))
    for one in front.residual.parameters():
        torch.nn.init.normal_(one, std=0.05)
    values = torch.rand(1, 28, 80)
    changed = values.clone()
    changed[:, :, 8 + shape.reach :] = 0  # the last column that position 1 may see is 7 + reach
    with torch.no_grad():
        one, two = (front(Source(each))[0] for each in (values, changed))
    assert torch.equal(one[:, :2], two[:, :2])
    assert not torch.equal(one[:, 3:], two[:, 3:])


def test_any_picture_becomes_a_strip() -> None:
    strip = READ.examples[0].given
    assert isinstance(strip, headlight.Picture)
    assert fit(strip.pixels) is strip.pixels
    large = Image.fromarray(255 - strip.pixels).resize((strip.pixels.shape[1] * 9, 28 * 9))
    light = np.linspace(0.55, 0.95, large.width)[None] * np.asarray(large)  # uneven light
    file = io.BytesIO()
    Image.fromarray(light.astype(np.uint8)).save(file, "JPEG")
    read = read_picture(file.getvalue()).pixels
    rows = np.flatnonzero((read > 60).any(1))
    assert read.shape[0] == 28
    assert 18 <= rows[-1] - rows[0] + 1 <= 22
    assert read[:, :2].max() == 0
    with pytest.raises(ValueError, match="cannot be read as a picture"):
        read_picture(b"GIF89a, or so it says")
    blank = io.BytesIO()
    Image.new("RGB", (300, 200), "white").save(blank, "PNG")
    with pytest.raises(ValueError, match="nothing on the picture"):
        read_picture(blank.getvalue())
    patches = np.random.default_rng(0).integers(0, 255, (40, 60, 3), dtype=np.uint8)
    landscape = io.BytesIO()
    Image.fromarray(patches).resize((1200, 800)).save(landscape, "JPEG")
    with pytest.raises(ValueError, match=r"of the picture would be ink, so it is no writing"):
        read_picture(landscape.getvalue())
    one = io.BytesIO()
    Image.fromarray(np.pad(np.zeros((80, 14), np.uint8), 30, constant_values=255)).save(one, "PNG")
    assert read_picture(one.getvalue()).pixels.any()


@pytest.mark.parametrize("dark", [0, 20, 20_000])
def test_grey_of_sixteen_bits_is_read_as_that_of_eight(dark: int) -> None:
    strip = READ.examples[0].given
    assert isinstance(strip, headlight.Picture)
    share = np.asarray(Image.fromarray(strip.pixels).resize((strip.pixels.shape[1] * 8, 224))) / 255
    deep = (65_535 - share * (65_535 - dark)).astype(np.uint16)
    read = []
    for pixels in (deep, (deep >> 8).astype(np.uint8)):
        file = io.BytesIO()
        Image.fromarray(pixels).save(file, "PNG")
        read.append(read_picture(file.getvalue()).pixels)
    np.testing.assert_array_equal(read[0], read[1])


def test_sounds_are_read_and_resampled() -> None:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(96_000)
        stereo = np.stack([tone(1_000, 0.5, 96_000), np.zeros(48_000, np.float32)], axis=1)
        out.writeframes((stereo * 32_000).astype("<i2").tobytes())
    sound = read_sound(file.getvalue())
    assert (sound.rate, len(sound.samples)) == (96_000, 48_000)
    low = at_rate(sound, 8_000)
    assert len(low) == 4_000
    assert np.allclose(low[500:3_500], tone(1_000, 0.5, 8_000)[500:3_500] * 0.488, atol=5e-3)
    loudest = log_mel(torch.from_numpy(low), LogMel()).mean(1).argmax()
    assert loudest == np.abs(mel_edges(LogMel())[1:-1] - 1_000).argmin()
    with pytest.raises(ValueError, match="cannot be read as a sound"):
        read_sound(b"RIFF, or so it says")


def test_only_the_loud_part_of_a_recording_is_kept() -> None:
    quiet = np.zeros(8_000, np.float32)
    loud = tone(300, 0.5, 8_000) * 0.3
    kept = speech(headlight.Sound(np.concatenate([quiet, loud, quiet]), 8_000))
    assert kept.seconds == pytest.approx(0.9, abs=0.1)
    with pytest.raises(ValueError, match="too quiet"):
        speech(headlight.Sound(quiet + 1e-5, 8_000))


def test_a_fainter_word_is_kept_and_a_click_is_not() -> None:
    gap = np.zeros(4_000, np.float32)
    loud, faint = tone(300, 0.5, 8_000) * 0.3, tone(300, 0.3, 8_000) * 0.3 * 0.04
    for words in ([loud, gap, faint], [faint, gap, loud]):
        whole = headlight.Sound(np.concatenate([gap, *words, gap]), 8_000)
        assert speech(whole).seconds == pytest.approx(0.2 + 1.3 + 0.2, abs=0.1)
        start, end = spoken(whole)
        assert start / 8_000 == pytest.approx(0.3, abs=0.06)
        assert end / 8_000 == pytest.approx(2.0, abs=0.06)
    for at in (0, 40, 120):  # across two fiftieths of a second
        click = 5 * faint[:160]
        shifted = np.concatenate([gap, loud, gap, np.zeros(at, np.float32), click, gap])
        assert speech(headlight.Sound(shifted, 8_000)).seconds == pytest.approx(0.9, abs=0.1)


def test_channels_that_cancel_each_other_out_are_heard() -> None:
    one = tone(300, 0.5, 8_000) * 0.3
    for other, expected in ((-one, one), (0 * one, one / 2), (one, one)):
        file = io.BytesIO()
        soundfile.write(file, np.stack([one, other], 1), 8_000, "FLOAT", format="WAV")
        np.testing.assert_array_equal(read_sound(file.getvalue()).samples, expected)
    file = io.BytesIO()  # packed so that it cannot be gone through backwards
    soundfile.write(file, one, 8_000, "GSM610", format="WAV")
    assert read_sound(file.getvalue()).seconds == pytest.approx(0.5, abs=0.1)


def test_silence_follows_a_recording_that_ends_with_its_word() -> None:
    loud = tone(300, 0.5, 8_000) * 0.3
    kept = speech(headlight.Sound(loud, 8_000))
    assert kept.seconds == pytest.approx(0.7, abs=0.03)
    assert not kept.samples[-1_200:].any()
    assert np.array_equal(kept.samples[: len(loud)], loud)
