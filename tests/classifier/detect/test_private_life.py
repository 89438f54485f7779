"""Private life told in words: a clause that speaks of somebody is found, the same words in a policy are not."""

import time

import pytest

from classifier.core.finding import Severity
from classifier.detect import detect
from classifier.detect.private_life import detect as detect_private_life
from classifier.detect.spans import _book, document_of
from classifier.detect.view import look

SAID = [
    ("health", "我有冠心病，放了两个支架，医生讲不能熬夜。", "我有冠心病，放了两个支架"),
    ("health", "问：家里还有谁？\n答：老伴是脑血栓，半边身子不得劲。", "老伴是脑血栓，半边身子不得劲"),
    ("health", "健康状况：尘肺病叁期，长期吸氧 ", "尘肺病叁期，长期吸氧"),
    ("health", "出院诊断：右股骨颈骨折、2型糖尿病\n医嘱：三月内避免盘腿", "右股骨颈骨折、2型糖尿病"),
    ("health", "受害人佘某静，左侧面部感染，住院9天，已经和解。", "左侧面部感染，住院9天"),
    ("health", "长女 骆春燕 女 34岁 智力残疾二级 无劳动能力", "长女 骆春燕 女 34岁 智力残疾二级 无劳动能力"),
    ("health", "我局离休干部闵淑华同志今年3月因脑梗塞住院。", "我局离休干部闵淑华同志今年3月因脑梗塞住院"),
    ("health", "残疾类别：□视力 □听力 ☑肢体 □智力", "肢体"),
    ("health", "一、女生贾某，因失眠、厌食就诊。", "因失眠、厌食就诊"),
    ("family", "我妈妈第二年改嫁到外省，再没有联系。", "我妈妈第二年改嫁到外省，再没有联系"),
    ("family", "家庭成员：妻某氏，务农；长子在广东务工", "妻某氏，务农；长子在广东务工"),
    ("family", "婚姻状况：丧偶", "丧偶"),
    ("property", "他还欠债八万元没有还。", "他还欠债八万元没有还"),
    ("religion", "其母信佛，长年吃素。", "其母信佛"),
    ("religion", "宗教信仰：伊斯兰教", "伊斯兰教"),
    ("criminal_record", "他因盗窃被判处有期徒刑二年。", "他因盗窃被判处有期徒刑二年"),
    ("political", "政治面貌：中共党员", "中共党员"),
    ("whereabouts", "他于3月2日乘坐G1234次列车返回。", "他于3月2日乘坐G1234次列车返回"),
    ("biometric", "他的血样已入库。", "他的血样已入库"),
]
NOT_SAID = [
    "加强高血压、糖尿病等慢性病防治，提高知晓率。",
    "全县共救治尘肺病患者120人，同比下降3%。",
    "将透析纳入门诊慢特病保障范围，报销比例提高到70%。",
    "第一条 患者应当遵守规定。\n第二条 精神病人的监护人应当履行职责。\n第三条 残疾人凭证免费乘车。\n第四条 他人不得侵害其权利。",
    "市人民医院设心脏病专科门诊，乙肝疫苗接种在三楼。",
    "阿司匹林集中采购中选价格为每片0.1元。",
    "系统瘫痪两小时，属于中风险事件。",
    "健康状况：\n家庭成员：\n婚姻状况：□未婚 □已婚",
    "父母应当依法履行抚养义务，离婚后仍应负担子女抚养费。",
    "问：我退休后在外地儿子家常住，怎么备案？\n答：可以在网上备案。",
    "全市住户存款余额增长8.2%，居民年收入稳步增长。",
    "保障公民宗教信仰自由，群众做礼拜须在登记场所进行。",
    "有前述行为的，处十日以上十五日以下行政拘留。",
    "本法所称的其他人员，是指前款规定以外的人员。",
]


@pytest.mark.parametrize(("kind", "text", "clause"), SAID)
def test_what_is_said_of_somebody_is_found(kind, text, clause):
    """The finding is the clause."""
    found = [text[f.span.start : f.span.end] for f in detect_private_life(look(document_of(text)), _book()) if f.type == kind]
    assert clause in found


@pytest.mark.parametrize("text", NOT_SAID)
def test_what_is_said_of_everybody_is_not(text):
    """Policies, campaigns, statistics, tariffs, departments and blank forms speak of nobody."""
    assert [text[f.span.start : f.span.end] for f in detect_private_life(look(document_of(text)), _book())] == []


def test_a_clause_keeps_the_number_inside_it():
    """A clause does not swallow a value: both are findings, so that either can be ruled on."""
    text = "他有糖尿病电话13812345678在家休养。"
    kinds = {f.type for f in detect(document_of(text), _book()) if f.severity is Severity.REDACT}
    assert {"health", "mobile"} <= kinds


def test_a_veiled_name_asks_only_for_a_look():
    """赵某 is nobody's name any more: the clause is looked at, not masked by itself."""
    text = "赵某因心肌梗塞倒地。"
    assert [f.severity for f in detect_private_life(look(document_of(text)), _book())] == [Severity.REVIEW]


@pytest.mark.parametrize(
    "piece", ["高血压", "他有病，", "家庭成员：", "健康状况：  ", "子女 ", "诊断 ", "，高血压，肝癌", "他", "\n", "家里有病 "]
)
def test_long_input_is_read_in_linear_time(piece):
    """Fifty thousand characters of the worst words take a fraction of a second."""
    view = look(document_of(piece * (50_000 // len(piece))))
    list(detect_private_life(look(document_of(piece)), _book()))
    began = time.process_time()
    list(detect_private_life(view, _book()))
    assert time.process_time() - began < 0.8
