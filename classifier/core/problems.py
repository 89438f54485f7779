"""Everything that can go unread, each with a Chinese sentence that says what to do next; and the reading receipt in words."""

from __future__ import annotations

from classifier.core.document import Receipt

PROBLEMS: dict[str, str] = {
    "empty": "文件是空的，没有可读的内容。请检查是否选错文件后重新提交。",
    "not_found": "找不到这个文件。请检查路径后重试。",
    "no_permission": "没有读取这个文件的权限。请联系系统管理员或换一个位置。",
    "unsupported": "暂不支持这种格式。请另存为 docx 或 PDF 后重新提交，或转人工审查。",
    "mismatch": "文件内容与扩展名不符，已按实际内容读取。请人工核对。",
    "encrypted": "文件有密码，系统没有读到内容。请解除密码后重新提交，或转人工审查。",
    "damaged": "文件已损坏，内容没有全部读到。请用原软件修复、另存后重新提交，或转人工审查。",
    "too_large": "文件超过大小上限，系统没有读取。请拆分后提交，或转人工审查。",
    "too_long": "文字超过上限，只读取了前面部分。请拆分后提交，其余部分须人工审查。",
    "too_many_pages": "页数超过上限，只读取了前面的页。请拆分后提交，其余部分须人工审查。",
    "too_deep": "文件一层套一层超过上限，里层没有读取。请解开后逐个提交，里层须人工审查。",
    "too_many_members": "内含的文件太多，只读取了前面部分。请拆分后提交，其余须人工审查。",
    "unsafe_name": "内含文件的名称或链接指向文件之外，该成员没有读取。请人工核对来源。",
    "ocr_low": "图片文字识别把握不足，系统没有读清。请对照图片人工核对。",
    "ocr_off": "图片文字识别组件没有安装，图片没有读取。请安装后重试，或人工核对图片。",
    "external": "文件引用了外部内容（模板、链接的图片或数据），系统没有取用。请人工核对。",
    "signature": "文件带有电子签名或印章，系统没有验证。请人工核对。",
    "limits": "读取超出内存或时间限制，已停止。请拆分后提交，或转人工审查。",
    "bomb": "压缩内容异常膨胀，系统已停止读取。请确认文件来源，转人工审查。",
    "no_text": "没有读到任何文字（可能是扫描件或图片），系统未能判断。请提供有文字的版本，或转人工审查。",
    "page_no_text": "有的页面没有文字层（可能是扫描页），系统没有读到。请人工核对这些页。",
    "garbled": "有的文字无法正确解码，系统没有读懂。请提供重新生成的文件，或转人工审查。",
    "encoding": "无法确定文本编码，部分文字可能读错。请另存为 UTF-8 后重新提交。",
    "embedded": "文件里嵌有其他文件，系统没有读取。请单独提交嵌入的文件。",
    "image": "文件里有图片，图片中的文字没有读取。请人工核对图片内容。",
    "part_unread": "文件的一个部分没有读到。请人工核对，或另存后重新提交。",
    "attachment": "文件带有附件，系统没有读取。请单独提交附件。",
    "form": "文件带有表单或批注，可能没有全部读到。请人工核对。",
    "macro": "文件带有宏，系统没有运行也没有检查宏。请人工核对。",
    "crashed": "读取这个文件时程序异常退出，其他文件不受影响。请转人工审查并告知管理员。",
    "timeout": "读取这个文件超时，已停止。请拆分后提交，或转人工审查。",
    "internal": "处理这个文件时出现内部错误，其他文件不受影响。请转人工审查并告知管理员。",
}


BESIDE_THE_TEXT = frozenset({"image", "mismatch", "macro", "form"})
"""Problems beside the text: a person looks, but the text itself was read in full."""


def describe(code: str) -> str:
    """The Chinese sentence for a problem code.

    Raises:
        KeyError: for a code that is not listed (a bug: every problem has its sentence).
    """
    return PROBLEMS[code]


COUNTS: dict[str, str] = {
    "parts": "部件",
    "pages": "页",
    "sheets": "工作表",
    "slides": "幻灯片",
    "members": "内含文件",
    "images": "图片",
    "attachments": "附件",
    "paragraphs": "段落",
    "rows": "行",
    "cells": "单元格",
    "streams": "数据流",
    "revisions": "旧版本",
    "messages": "邮件",
    "annotations": "批注",
}
"""Names of what a reading receipt counts."""


def tell_receipt(receipt: Receipt) -> str:
    """The reading receipt in one line: `部件 12/12，页 3/3，图片 0/1`; a dash when nothing was counted."""
    return "，".join(f"{COUNTS.get(t.kind, t.kind)} {t.read}/{t.found}" for t in receipt.tallies) or "—"
