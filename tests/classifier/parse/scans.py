"""Chinese test pages drawn at test time with Debian's fonts: a red-headed paper, columns, a table, vertical text, and what scanners do.

In: a resolution. Out: a `Sheet`: the picture and the lines that stand on it, in reading order. Everything is invented. The same
seed gives the same pixels.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

_FONTS = (
    ("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc", 2),
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", 0),
    ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", 0),
)
"""Debian's fonts-noto-cjk and fonts-wqy-*: the path, and the face in it with mainland forms."""
FONT = next(((path, face) for path, face in _FONTS if Path(path).exists()), None)
NO_FONT = "NO CJK FONT: install Debian's fonts-noto-cjk or fonts-wqy-zenhei, or OCR stays untested"
KEYS = ("机密★10年", "〔2026〕", "510321197906182239", "13908132266", "126.5", "3,850", "2026年12月31日")
"""What must come out character for character."""

_BODY = (
    "各区县水务局，市级有关单位：",
    "为进一步做好沿江老旧供水管网的改造工作，确保群众用水安全，根据省",
    "水利厅有关部署，经市政府同意，现将有关事项通知如下，请认真抓好落实。",
    "一、明确改造范围。本次改造涉及城东、城北两个片区，管线总长126.5公",
    "里，涉及居民3,850户，计划于2026年12月31日前全部完成。各单位要对照",
    "任务清单逐项核查，建立台账，按月报送进展情况，不得瞒报漏报。",
    "二、落实工作责任。各区县成立工作专班，由分管负责同志任组长，统筹规",
    "划、财政、住建等部门力量，形成合力。对推进不力的，予以通报批评。",
    "三、严格资金管理。补助资金实行专户储存、专款专用，任何单位和个人不",
    "得截留、挪用。受补助人欧阳晓峰，身份证号510321197906182239，联系",
    "电话13908132266，补助金额由财政部门审核后直接拨付到本人账户。",
    "四、加强安全监管。施工单位应当编制专项方案，做好围挡和警示标识，夜",
    "间施工须报主管部门批准。涉及停水的，应当提前二十四小时告知用户。",
    "五、及时报送信息。请于每月5日前将上月进展报市水务局规划科，邮箱为",
    "ghk@example.gov.cn，逾期未报的将在全市范围内通报。",
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A picture of a page and what it says."""

    image: Image.Image
    lines: tuple[str, ...]

    @property
    def truth(self) -> str:
        """All characters, without white space."""
        return "".join("".join(self.lines).split())


def font(size: float) -> ImageFont.FreeTypeFont:
    """The test font at a size in pixels."""
    assert FONT is not None
    return ImageFont.truetype(FONT[0], round(size), index=FONT[1])


def _blank(dpi: int) -> tuple[Image.Image, ImageDraw.ImageDraw, float]:
    image = Image.new("RGB", (round(8.27 * dpi), round(11.69 * dpi)), "white")
    return image, ImageDraw.Draw(image), dpi / 72


def _centre(draw: ImageDraw.ImageDraw, width: int, y: float, text: str, size: float, fill: str = "black") -> None:
    draw.text((width / 2, y), text, font=font(size), fill=fill, anchor="ma")


def paper(dpi: int = 150) -> Sheet:
    """An official paper by GB/T 9704: secrecy mark, red head, number, title, body, issuer, date."""
    image, draw, pt = _blank(dpi)
    w = image.width
    head = ("机密★10年", "特急", "临江市水务局文件", "临水发〔2026〕37号", "关于做好老旧供水管网改造工作的通知")
    draw.text((80 * pt, 80 * pt), head[0], font=font(16 * pt), fill="black")
    draw.text((80 * pt, 108 * pt), head[1], font=font(16 * pt), fill="black")
    _centre(draw, w, 140 * pt, head[2], 36 * pt, "#d00000")
    _centre(draw, w, 205 * pt, head[3], 16 * pt)
    draw.line((80 * pt, 236 * pt, w - 70 * pt, 236 * pt), fill="#d00000", width=round(2 * pt))
    _centre(draw, w, 252 * pt, head[4], 22 * pt)
    for row, line in enumerate(_BODY):
        draw.text((80 * pt, (296 + 27 * row) * pt), line, font=font(13.4 * pt), fill="black")
    tail = ("临江市水务局", "2026年3月9日", "（此件不公开）")
    draw.text((w - 200 * pt, 716 * pt), tail[0], font=font(13.4 * pt), fill="black")
    draw.text((w - 200 * pt, 741 * pt), tail[1], font=font(13.4 * pt), fill="black")
    draw.text((80 * pt, 768 * pt), tail[2], font=font(13.4 * pt), fill="black")
    return Sheet(image, (*head, *_BODY, *tail))


def columns(dpi: int = 150) -> Sheet:
    """A title over two columns: the left one is read to its end before the right one."""
    image, draw, pt = _blank(dpi)
    title = "老旧供水管网改造工作简报"
    _centre(draw, image.width, 70 * pt, title, 22 * pt)
    text = "".join(_BODY)
    lines = [text[start : start + 17] for start in range(0, len(text), 17)]
    half = (len(lines) + 1) // 2
    for row, line in enumerate(lines):
        x, y = (60, row) if row < half else (312, row - half)
        draw.text((x * pt, (130 + 24 * y) * pt), line, font=font(13 * pt), fill="black")
    return Sheet(image, (title, *lines))


def table(dpi: int = 150) -> Sheet:
    """A ruled table of people, read row by row."""
    image, draw, pt = _blank(dpi)
    title = "补助资金发放名册"
    _centre(draw, image.width, 70 * pt, title, 20 * pt)
    rows = [("序号", "姓名", "身份证号", "电话", "金额")]
    names = ("欧阳晓峰", "刘建国", "赵小梅", "陈志强", "孙丽华", "马永福", "郑春燕", "何文斌")
    rows += [
        (str(n), name, f"51032119{70 + n}061822{30 + n}", f"1390813{2260 + n}", f"{n},850元") for n, name in enumerate(names, 1)
    ]
    edges = (60, 105, 190, 350, 460, 535)
    for r, row in enumerate(rows):
        y = 120 + 32 * r
        for c, cell in enumerate(row):
            draw.rectangle(
                (edges[c] * pt, y * pt, edges[c + 1] * pt, (y + 32) * pt), outline="black", width=max(1, round(0.75 * pt))
            )
            draw.text(((edges[c] + edges[c + 1]) / 2 * pt, (y + 16) * pt), cell, font=font(12 * pt), fill="black", anchor="mm")
    return Sheet(image, (title, *(cell for row in rows for cell in row)))


def vertical(dpi: int = 150) -> Sheet:
    """Columns of characters from right to left, as in old papers and on seals of honour."""
    image, draw, pt = _blank(dpi)
    text = "".join(character for line in _BODY[1:9] for character in line if character not in "，。、：；0123456789.,")
    columns_ = [text[start : start + 24] for start in range(0, len(text), 24)]
    for c, column in enumerate(columns_):
        for r, character in enumerate(column):
            draw.text(((500 - 40 * c) * pt, (90 + 26 * r) * pt), character, font=font(20 * pt), fill="black", anchor="ma")
    return Sheet(image, tuple(columns_))


def with_seal(sheet: Sheet) -> Sheet:
    """A round red seal over the issuer and the date."""
    image = sheet.image.copy()
    pt = image.width / 8.27 / 72
    size = round(120 * pt)
    seal = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    draw = ImageDraw.Draw(seal)
    red = (208, 24, 24, 190)
    draw.ellipse((2, 2, size - 3, size - 3), outline=red, width=round(3.4 * pt))
    draw.text((size / 2, size / 2), "★", font=font(30 * pt), fill=red, anchor="mm")
    for n, character in enumerate("临江市水务局"):
        turned = Image.new("RGBA", (size, size), (0, 0, 0, 0))
        ImageDraw.Draw(turned).text((size / 2, 10 * pt), character, font=font(14 * pt), fill=red, anchor="ma")
        seal.alpha_composite(turned.rotate(75 - 30 * n, Image.Resampling.BICUBIC))
    image.paste(seal, (round(image.width - 210 * pt), round(690 * pt)), seal)
    return replace(sheet, image=image)


def scanned(sheet: Sheet, *, skew: float = 0.6, blur: float = 0.6, noise: float = 8, jpeg: int = 60, seed: int = 1) -> Sheet:
    """What a copier makes of a page: a little skew, blur, grain, grey paper, JPEG."""
    image = sheet.image.rotate(skew, Image.Resampling.BICUBIC, fillcolor="white").filter(ImageFilter.GaussianBlur(blur))
    pixels = np.asarray(image, dtype=np.float32) * 0.92 + 8
    grain = np.random.default_rng(seed).normal(0, noise, pixels.shape[:2])[..., None]
    image = Image.fromarray(np.clip(pixels + grain, 0, 255).astype(np.uint8))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=jpeg)
    with Image.open(out) as opened:
        return replace(sheet, image=opened.convert("RGB"))


def faxed(sheet: Sheet, seed: int = 1) -> Sheet:
    """Black and white at the resolution of a fax, with specks."""
    small = sheet.image.convert("L").filter(ImageFilter.GaussianBlur(0.7))
    pixels = np.asarray(small).copy()
    specks = np.random.default_rng(seed).random(pixels.shape)
    pixels[specks < 0.002] = 0
    pixels[specks > 0.998] = 255
    return replace(sheet, image=Image.fromarray(np.where(pixels > 150, 255, 0).astype(np.uint8)).convert("RGB"))


def turned(sheet: Sheet, quarters: int) -> Sheet:
    """The page put into the scanner the wrong way round: quarter turns against the clock."""
    return replace(sheet, image=sheet.image.rotate(90 * quarters, expand=True))


def encoded(image: Image.Image, form: str = "PNG", **options: object) -> bytes:
    """The picture as a file."""
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def errors(truth: str, read: str) -> float:
    """The character error rate: edit distance over length, white space aside."""
    read = "".join(read.split())
    row = np.arange(len(read) + 1)
    letters = np.array(list(read)) if read else np.array([], dtype="<U1")
    for character in truth:
        best = np.minimum(row[1:] + 1, row[:-1] + (letters != character))
        new = np.empty_like(row)
        new[0] = row[0] + 1
        new[1:] = best
        # a run of insertions: the least of best[k] + (i - k)
        steps = np.arange(len(new))
        row = np.minimum.accumulate(new - steps) + steps
    return float(row[-1]) / max(1, len(truth))
