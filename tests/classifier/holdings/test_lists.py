"""Lists of paths from Unix and Windows; papers given in their place are refused and not one of their words is told."""

import os
from pathlib import Path

import pytest

from classifier.core.errors import BadSettings
from classifier.holdings.lists import check_list, find_paths, read_list

NAMES = ("通知.txt", "请示.txt")


@pytest.fixture
def papers(tmp_path: Path) -> tuple[Path, ...]:
    made = tuple(tmp_path / name for name in NAMES)
    for path in made:
        path.touch()
    return made


@pytest.mark.parametrize(
    "encode",
    [
        lambda words: words.encode(),
        lambda words: words.replace("\n", "\r\n").encode("utf-8-sig"),
        lambda words: words.replace("\n", "\r\n").encode("gb18030"),
    ],
    ids=["unix", "utf-8 with a mark", "gbk"],
)
def test_lists_of_any_origin_lead_to_the_files(papers: tuple[Path, ...], tmp_path: Path, encode) -> None:
    """Byte order mark, line ends and encoding of Windows make no difference."""
    (tmp_path / "list").write_bytes(encode("".join(f"{path}\n" for path in papers)))
    assert list(read_list(str(tmp_path / "list"))) == [os.fsencode(path) for path in papers]


def test_relative_paths_count_from_the_working_directory(
    papers: tuple[Path, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As everywhere on a command line."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "list").write_text("\n".join(NAMES))
    assert list(read_list("list")) == [os.fsencode(path) for path in papers]


def test_a_name_in_gbk_on_the_disk_is_found(tmp_path: Path) -> None:
    """`find` writes names as they are; old archives hold them in GBK."""
    odd = os.fsencode(tmp_path) + "/公文.txt".encode("gbk")
    with open(odd, "wb"):  # noqa: PTH123 - bytes
        pass
    (tmp_path / "list").write_bytes(odd + b"\n")
    assert list(read_list(str(tmp_path / "list"))) == [odd]


def test_a_paper_is_no_list_and_none_of_its_words_are_told(tmp_path: Path) -> None:
    """Six lines of text, none of which is a path."""
    (tmp_path / "x.txt").write_text("机密★10年\n关于某事的请示\n一\n二\n三\n四\n")
    with pytest.raises(BadSettings) as told:
        check_list(str(tmp_path / "x.txt"))
    assert told.value.message == "这个文件不像路径清单（6 行里没有一行是存在的路径）。要处理单个文件，请给它所在的文件夹。"
    assert told.value.exit_code == 2


@pytest.mark.parametrize(("lost", "refused"), [(2, False), (3, True)])
def test_half_of_the_lines_must_lead_somewhere(papers: tuple[Path, ...], tmp_path: Path, lost: int, refused: bool) -> None:
    """Files go; a list of yesterday is still a list."""
    (tmp_path / "list").write_text("".join(f"{path}\n" for path in papers) + "/gone/x.doc\n" * lost)
    if refused:
        with pytest.raises(BadSettings, match="5 行里只有 2 行"):
            check_list(str(tmp_path / "list"))
    else:
        check_list(str(tmp_path / "list"))


@pytest.mark.parametrize("content", ["/a/通知.txt\r\n".encode("utf-16"), b"/a/\xff\xff\x81\n"])
def test_an_unknown_encoding_is_told_with_the_way_out(content: bytes, tmp_path: Path) -> None:
    """What Windows calls Unicode, and plain garbage."""
    (tmp_path / "list").write_bytes(content)
    with pytest.raises(BadSettings, match="清单不是 UTF-8 或 GBK 编码，请另存为 UTF-8。"):
        check_list(str(tmp_path / "list"))


@pytest.mark.parametrize("line", ["本件机密，不得外传", "同意/不同意", "见 附件.txt", "字" * 2000 + ".txt"])
def test_a_line_that_is_no_path_goes_by_its_number(line: str) -> None:
    """It may be a sentence of somebody's paper."""
    assert list(find_paths([b"\n", f"{line}\n".encode()], b"/list.txt")) == ["/list.txt（第 2 行）".encode()]


@pytest.mark.parametrize("line", ["/gone/没有 了", "../x", "gone.docx", "某处/附 件.pdf", "D:/档案/1.doc"])
def test_a_path_that_leads_nowhere_keeps_its_name(line: str) -> None:
    """The archivist has to find out which one it was."""
    [found] = find_paths([line.encode()], b"/list.txt")
    assert os.path.abspath(found) == os.path.abspath(line).encode()  # noqa: PTH100 - bytes


def test_a_pipe_is_no_list(tmp_path: Path) -> None:
    """And is not opened: it may never answer."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(BadSettings, match="从管道读清单请用 -"):
        check_list(str(tmp_path / "pipe"))


def test_a_file_without_line_ends_is_read_in_pieces(tmp_path: Path) -> None:
    """Megabytes of one line."""
    (tmp_path / "x.txt").write_bytes(b"a" * 5_000_000)
    with pytest.raises(BadSettings, match="不像路径清单"):
        check_list(str(tmp_path / "x.txt"))
